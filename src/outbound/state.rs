//! The states of a job and the one table of transitions between them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits to be leased, now or at its scheduled time.
    #[default]
    Queued,
    /// A worker holds it; nothing was dialed yet.
    Leased,
    /// Its call is under way.
    Running,
    /// Its call ended with an outcome. Final.
    Succeeded,
    /// Its call failed; passed through on the way to a retry or to the dead letters.
    Failed,
    /// Waits for its next attempt.
    WaitingRetry,
    /// All its attempts failed. An operator may requeue it.
    DeadLetter,
    /// Will not be called. Final.
    Canceled,
}

impl JobState {
    /// Every state, in the order in which a job usually passes them.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Leased,
        Self::Running,
        Self::WaitingRetry,
        Self::Succeeded,
        Self::Failed,
        Self::DeadLetter,
        Self::Canceled,
    ];

    /// The state's name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased => "leased",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::WaitingRetry => "waiting_retry",
            Self::DeadLetter => "dead_letter",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing more will happen to the job by itself.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Succeeded | Self::DeadLetter | Self::Canceled)
    }

    /// Whether a worker holds the job.
    pub const fn is_held(self) -> bool {
        matches!(self, Self::Leased | Self::Running)
    }

    /// The state after `transition`, or why there is none.
    pub fn after(self, transition: Transition) -> Result<Self, IllegalTransition> {
        TRANSITIONS
            .iter()
            .find(|(from, by, _)| *from == self && *by == transition)
            .map(|(_, _, to)| *to)
            .ok_or(IllegalTransition {
                from: self,
                transition,
            })
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no state. The message lists the ones there are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no job state; the states are {}", names())]
pub struct UnknownState {
    /// What was given.
    pub given: String,
}

fn names() -> String {
    JobState::ALL.map(JobState::as_str).join(", ")
}

impl FromStr for JobState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or_else(|| UnknownState {
                given: text.to_owned(),
            })
    }
}

/// What can happen to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transition {
    /// A worker takes it.
    Lease,
    /// Its call begins.
    Start,
    /// Its call ended with an outcome that settles the job.
    Succeed,
    /// Its call failed.
    Fail,
    /// A failed job will be tried again.
    Retry,
    /// A failed job has no attempt left.
    Exhaust,
    /// The gate forbids the call now and names a later time.
    Defer,
    /// Its waiting time is over, or an operator cut it short.
    Due,
    /// It will not be called.
    Cancel,
    /// Its lease ran out, or its holder handed it back.
    Expire,
    /// An operator gives a dead letter another round of attempts.
    Requeue,
}

impl Transition {
    /// Every transition.
    pub const ALL: [Self; 11] = [
        Self::Lease,
        Self::Start,
        Self::Succeed,
        Self::Fail,
        Self::Retry,
        Self::Exhaust,
        Self::Defer,
        Self::Due,
        Self::Cancel,
        Self::Expire,
        Self::Requeue,
    ];

    /// What is done, as a verb for a sentence.
    const fn verb(self) -> &'static str {
        match self {
            Self::Lease => "leased",
            Self::Start => "started",
            Self::Succeed => "marked as succeeded",
            Self::Fail | Self::Retry | Self::Exhaust => "marked as failed",
            Self::Defer => "deferred",
            Self::Due => "retried",
            Self::Cancel => "canceled",
            Self::Expire => "handed back",
            Self::Requeue => "requeued",
        }
    }
}

use JobState as S;
use Transition as T;

/// The lawful transitions; whatever is not here is refused.
pub const TRANSITIONS: [(JobState, Transition, JobState); 15] = [
    (S::Queued, T::Lease, S::Leased),
    (S::Leased, T::Start, S::Running),
    (S::Running, T::Succeed, S::Succeeded),
    (S::Running, T::Fail, S::Failed),
    (S::Failed, T::Retry, S::WaitingRetry),
    (S::Failed, T::Exhaust, S::DeadLetter),
    (S::Leased, T::Defer, S::WaitingRetry),
    (S::WaitingRetry, T::Due, S::Queued),
    (S::Queued, T::Cancel, S::Canceled),
    (S::Leased, T::Cancel, S::Canceled),
    (S::Running, T::Cancel, S::Canceled),
    (S::WaitingRetry, T::Cancel, S::Canceled),
    (S::Leased, T::Expire, S::Queued),
    (S::Running, T::Expire, S::Queued),
    (S::DeadLetter, T::Requeue, S::Queued),
];

/// Something was asked of a job that its state forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {from} cannot be {}", .transition.verb())]
pub struct IllegalTransition {
    /// Where the job stands.
    pub from: JobState,
    /// What was asked.
    pub transition: Transition,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_outside_the_table_is_refused() {
        for from in JobState::ALL {
            for by in Transition::ALL {
                let listed = TRANSITIONS.iter().find(|(f, t, _)| (*f, *t) == (from, by));
                let expected = listed
                    .map(|(_, _, to)| *to)
                    .ok_or(IllegalTransition { from, transition: by });
                assert_eq!(from.after(by), expected);
            }
        }
    }

    #[test]
    fn a_finished_job_moves_only_by_requeue() {
        let out: Vec<_> = TRANSITIONS
            .iter()
            .filter(|(from, _, _)| from.is_finished())
            .map(|(from, by, to)| (*from, *by, *to))
            .collect();
        assert_eq!(out, [(S::DeadLetter, T::Requeue, S::Queued)]);
    }

    #[test]
    fn a_name_reads_back_and_an_unknown_one_lists_all() {
        for state in JobState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!(
            "done".parse::<JobState>().map_err(|e| e.to_string()),
            Err("`done` is no job state; the states are queued, leased, running, waiting_retry, succeeded, failed, \
                 dead_letter, canceled"
                .to_owned())
        );
    }
}
