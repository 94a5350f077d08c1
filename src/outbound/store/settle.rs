//! What the holder of a lease writes: start, outcome, failure, deferral, heartbeat. Each write names the job and the
//! fencing number and is checked against the job's state, so a worker that lost its lease changes nothing.

use super::Store;
use super::error::{StoreError, Trouble};
use super::lease::record;
use super::operate::suppress;
use super::rows::{Stored, by_id, by_seq, micros};
use crate::outbound::call::Ended;
use crate::outbound::id::{CallId, Fence, JobId};
use crate::outbound::job::Job;
use crate::outbound::outcome::{Settles, outcome};
use crate::outbound::state::{JobState, Transition};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Transaction, params};

impl Store {
    /// The call of a leased job begins: from here on it counts as an attempt on the account. Call this before dialing.
    pub fn start(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        call_id: Option<&CallId>,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        self.write(|tx| start(tx, job_id, fence, call_id, now))
    }

    /// The call of a running job ended with an outcome that settles the job.
    pub fn succeed(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        outcome_code: &str,
        call_id: Option<&CallId>,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = held(tx, job_id, fence)?;
            succeed(tx, &stored, outcome_code, call_id, now)?;
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// The call of a running job failed: the job waits for its backoff, or becomes a dead letter after its last attempt.
    pub fn fail(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        error_code: &str,
        call_id: Option<&CallId>,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = held(tx, job_id, fence)?;
            fail(tx, &stored, Failure::Error(error_code), call_id, now)?;
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// Puts a leased job off until `until`; it was not dialed.
    pub fn defer(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        until: Timestamp,
        reason: &str,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = held(tx, job_id, fence)?;
            let state = after(&stored.job, stored.job.state, Transition::Defer)?;
            close_attempt(tx, &stored, None, Some(reason), None, now)?;
            wait(tx, stored.seq, state, until, Some(reason))?;
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// Hands a leased job back to the queue; it was not dialed. A job whose call may have been placed is failed instead.
    pub fn release(&mut self, job_id: &JobId, fence: Fence, now: Timestamp) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = held(tx, job_id, fence)?;
            if stored.job.state == JobState::Running {
                fail(tx, &stored, Failure::Error("released"), None, now)?;
            } else {
                let state = after(&stored.job, stored.job.state, Transition::Expire)?;
                close_attempt(tx, &stored, None, Some("released"), None, now)?;
                queue(tx, stored.seq, state, None, now)?;
            }
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// Extends the lease by `lease` from now, and says until when. A third of the lease is a good interval.
    pub fn heartbeat(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        self.write(|tx| {
            let stored = held(tx, job_id, fence)?;
            if !stored.job.state.is_held() {
                return Err(Trouble::Job(StoreError::NotHeld {
                    job_id: job_id.clone(),
                    state: stored.job.state,
                }));
            }
            let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
            tx.prepare_cached("UPDATE jobs SET lease_expires_at = ?2 WHERE seq = ?1")?
                .execute(params![stored.seq, micros(until)])?;
            Ok(until)
        })
    }
}

impl Store {
    /// Ends a running call and with it the attempt. An outcome settles the job as [`crate::outbound::outcome`] says, and
    /// bars the account in the same transaction; an error fails the attempt.
    pub fn end_call(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        ended: Ended<'_>,
        call_id: Option<&CallId>,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = held(tx, job_id, fence)?;
            match ended {
                Ended::Error(code) => fail(tx, &stored, Failure::Error(code), call_id, now)?,
                Ended::Outcome(code) => {
                    let (settles, bars) = outcome(code);
                    match settles {
                        Settles::Done => succeed(tx, &stored, code, call_id, now)?,
                        Settles::Again => fail(tx, &stored, Failure::Outcome(code), call_id, now)?,
                    }
                    if let Some(kind) = bars {
                        suppress(tx, &stored.job.payload.account_ref, kind, code, "call", now)?;
                    }
                }
            }
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }
}

/// The job, if `fence` is the number of its last lease.
pub(super) fn held(tx: &Transaction<'_>, job_id: &JobId, fence: Fence) -> Result<Stored, Trouble> {
    let stored = by_id(tx, job_id)?;
    if stored.job.fence == fence {
        return Ok(stored);
    }
    Err(Trouble::Job(StoreError::StaleFence {
        job_id: job_id.clone(),
        given: fence,
        current: stored.job.fence,
    }))
}

/// The state after a transition, or the error that names the job.
pub(super) fn after(job: &Job, from: JobState, by: Transition) -> Result<JobState, Trouble> {
    from.after(by).map_err(|source| {
        Trouble::Job(StoreError::Illegal {
            job_id: job.job_id.clone(),
            source,
        })
    })
}

/// Starts the call of a leased job.
pub(super) fn start(
    tx: &Transaction<'_>,
    job_id: &JobId,
    fence: Fence,
    call_id: Option<&CallId>,
    now: Timestamp,
) -> Result<Job, Trouble> {
    let stored = held(tx, job_id, fence)?;
    let state = after(&stored.job, stored.job.state, Transition::Start)?;
    if stored.job.lease_expires_at_utc.is_none_or(|t| t <= now) {
        return Err(Trouble::Job(StoreError::LeaseOver {
            job_id: job_id.clone(),
        }));
    }
    tx.prepare_cached("UPDATE jobs SET state = ?2 WHERE seq = ?1")?
        .execute(params![stored.seq, state.as_str()])?;
    tx.prepare_cached(
        "UPDATE attempts SET dialed = 1, started_at = ?3, call_id = ?4 WHERE job_seq = ?1 AND attempt_number = ?2",
    )?
    .execute(params![
        stored.seq,
        stored.attempts,
        micros(now),
        call_id.map(CallId::as_str)
    ])?;
    record(tx, &stored.job, call_id, "call_initialized", "", true, now)?;
    Ok(by_seq(tx, stored.seq)?.job)
}

/// Ends a running job for good.
pub(super) fn succeed(
    tx: &Transaction<'_>,
    stored: &Stored,
    outcome_code: &str,
    call_id: Option<&CallId>,
    now: Timestamp,
) -> Result<(), Trouble> {
    let state = after(&stored.job, stored.job.state, Transition::Succeed)?;
    close_attempt(tx, stored, Some(outcome_code), None, call_id, now)?;
    leave(tx, stored.seq, state, None)
}

/// What a failed attempt came to.
#[derive(Clone, Copy)]
pub(super) enum Failure<'a> {
    /// The call did not work.
    Error(&'a str),
    /// The call worked but reached nobody, or not at a good time.
    Outcome(&'a str),
}

/// Fails a running job: backoff, or dead letter after the last attempt of its round.
pub(super) fn fail(
    tx: &Transaction<'_>,
    stored: &Stored,
    failure: Failure<'_>,
    call_id: Option<&CallId>,
    now: Timestamp,
) -> Result<(), Trouble> {
    let job = &stored.job;
    let failed = after(job, job.state, Transition::Fail)?;
    let reason = match failure {
        Failure::Error(code) => {
            close_attempt(tx, stored, None, Some(code), call_id, now)?;
            code
        }
        Failure::Outcome(code) => {
            close_attempt(tx, stored, Some(code), None, call_id, now)?;
            code
        }
    };
    let n = stored.round_attempts();
    if n >= job.retry_policy.max_attempts {
        let state = after(job, failed, Transition::Exhaust)?;
        return leave(tx, stored.seq, state, Some(reason));
    }
    let state = after(job, failed, Transition::Retry)?;
    let again = now
        .checked_add(job.retry_policy.backoff(n))
        .unwrap_or(Timestamp::MAX);
    wait(tx, stored.seq, state, again, Some(reason))
}

/// Closes the attempt under way.
pub(super) fn close_attempt(
    tx: &Transaction<'_>,
    stored: &Stored,
    outcome: Option<&str>,
    error: Option<&str>,
    call_id: Option<&CallId>,
    now: Timestamp,
) -> Result<(), Trouble> {
    tx.prepare_cached(
        "UPDATE attempts SET ended_at = ?3, outcome_code = ?4, error_code = ?5, call_id = coalesce(?6, call_id) \
         WHERE job_seq = ?1 AND attempt_number = ?2 AND ended_at IS NULL",
    )?
    .execute(params![
        stored.seq,
        stored.attempts,
        micros(now),
        outcome,
        error,
        call_id.map(CallId::as_str)
    ])?;
    Ok(())
}

/// Writes a state that nothing leaves by itself; the lease is over.
pub(super) fn leave(
    tx: &Transaction<'_>,
    seq: i64,
    state: JobState,
    reason: Option<&str>,
) -> Result<(), Trouble> {
    tx.prepare_cached(
        "UPDATE jobs SET state = ?2, ready = 0, lease_owner = NULL, lease_expires_at = NULL, next_attempt_at = NULL, \
         failure_reason = ?3 WHERE seq = ?1",
    )?
    .execute(params![seq, state.as_str(), reason])?;
    Ok(())
}

/// Writes a state that waits until `until`; the lease is over.
pub(super) fn wait(
    tx: &Transaction<'_>,
    seq: i64,
    state: JobState,
    until: Timestamp,
    reason: Option<&str>,
) -> Result<(), Trouble> {
    tx.prepare_cached(
        "UPDATE jobs SET state = ?2, ready = 0, due_at = ?3, next_attempt_at = ?3, lease_owner = NULL, \
         lease_expires_at = NULL, failure_reason = ?4 WHERE seq = ?1",
    )?
    .execute(params![seq, state.as_str(), micros(until), reason])?;
    Ok(())
}

/// Puts a job into the queue, due at once; the lease is over.
pub(super) fn queue(
    tx: &Transaction<'_>,
    seq: i64,
    state: JobState,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), Trouble> {
    tx.prepare_cached(
        "UPDATE jobs SET state = ?2, ready = 1, due_at = ?3, next_attempt_at = NULL, lease_owner = NULL, \
         lease_expires_at = NULL, failure_reason = ?4 WHERE seq = ?1",
    )?
    .execute(params![seq, state.as_str(), micros(now), reason])?;
    Ok(())
}
