//! A job in words: where it stands, when it may go and why, each in a phrase that fits a column.

use crate::outbound::gate::RULES;
use crate::outbound::job::Job;
use crate::outbound::state::JobState;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

/// How a state is told apart from others without colour, and how it feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Can go on.
    Ready,
    /// Goes on by itself later.
    Waiting,
    /// A call is under way.
    Active,
    /// Ended well.
    Good,
    /// Ended otherwise.
    Bad,
}

/// The mark, the word and the tone of where a job stands.
pub fn stands(job: &Job, now: Timestamp) -> (char, &'static str, Tone) {
    match job.state {
        JobState::Queued if job.due_at() <= now => ('●', "ready", Tone::Ready),
        JobState::Queued => ('○', "queued", Tone::Waiting),
        JobState::Leased => ('◑', "leased", Tone::Active),
        JobState::Running => ('▶', "running", Tone::Active),
        JobState::WaitingRetry => ('◔', "waiting", Tone::Waiting),
        JobState::Succeeded => ('✓', "done", Tone::Good),
        JobState::Failed => ('✗', "failed", Tone::Bad),
        JobState::DeadLetter => ('✗', "dead", Tone::Bad),
        JobState::Canceled => ('✗', "canceled", Tone::Bad),
    }
}

/// The word for a state in a count.
pub const fn counted(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "ready",
        JobState::Leased => "leased",
        JobState::Running => "running",
        JobState::WaitingRetry => "waiting",
        JobState::Succeeded => "done",
        JobState::Failed => "failed",
        JobState::DeadLetter => "dead",
        JobState::Canceled => "canceled",
    }
}

/// A duration in its largest unit: `45s`, `12m`, `2h`, `3d`.
pub fn span(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// An instant on a wall clock: the time today, the day with it on other days.
pub fn clock(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now): (Zoned, Zoned) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    if at.date() == now.date() {
        at.strftime("%H:%M").to_string()
    } else if at.duration_since(&now).abs() < SignedDuration::from_hours(6 * 24) {
        at.strftime("%a %H:%M").to_string()
    } else {
        at.strftime("%Y-%m-%d").to_string()
    }
}

/// The zone of the person who is called; the given one where the job's is not known.
fn zone(job: &Job, otherwise: &TimeZone) -> TimeZone {
    TimeZone::get(&job.policy.timezone).unwrap_or_else(|_| otherwise.clone())
}

/// When it may go, or when it was over: `due now`, `in 2h`, `window opens 08:00`, `retry in 2m`, `ended 14:05`.
pub fn due(job: &Job, now: Timestamp, here: &TimeZone) -> String {
    let due = job.due_at();
    let wait = due.duration_since(now);
    match job.state {
        JobState::Queued | JobState::WaitingRetry if due <= now => "due now".to_owned(),
        JobState::Queued => format!("in {}", span(wait)),
        JobState::WaitingRetry => match job.failure_reason.as_deref() {
            Some("blocked_policy_outside_call_window") => {
                format!("window opens {}", clock(due, now, &zone(job, here)))
            }
            Some(code) if code.starts_with("blocked_") => {
                format!("may go {}", clock(due, now, &zone(job, here)))
            }
            _ => format!("retry in {}", span(wait)),
        },
        JobState::Leased => job.lease_expires_at_utc.map_or_else(String::new, |end| {
            format!("lease {}", span(end.duration_since(now)))
        }),
        JobState::Running => job.attempts.last().map_or_else(String::new, |a| {
            format!("for {}", span(now.duration_since(a.started_at_utc)))
        }),
        JobState::Succeeded | JobState::Failed | JobState::DeadLetter | JobState::Canceled => {
            let ended = job.attempts.iter().rev().find_map(|a| a.ended_at_utc);
            ended.map_or_else(String::new, |at| format!("ended {}", clock(at, now, here)))
        }
    }
}

/// What it came to, or why it does not go, in one phrase; empty where there is nothing to say.
pub fn outcome(job: &Job) -> String {
    match (job.state, job.failure_reason.as_deref()) {
        (JobState::Succeeded, _) | (_, None) => job.outcome().unwrap_or_default().to_owned(),
        (_, Some(reason)) => reason_in_words(reason),
    }
}

/// A reason code as a phrase: the gate's own where it comes from the gate.
fn reason_in_words(code: &str) -> String {
    if let Some(rule) = RULES.iter().find(|r| r.code.as_str() == code) {
        return rule.reason.to_owned();
    }
    match code {
        "lease_expired" => "the lease ran out".to_owned(),
        "abandoned" => "left by its operator".to_owned(),
        "canceled_by_operator" | "operator_canceled" => "canceled by the operator".to_owned(),
        other => other.replace('_', " "),
    }
}

/// Everything about one job in a line: what bars it and by which rule, and when it may go.
pub fn detail(job: &Job, now: Timestamp, here: &TimeZone) -> String {
    let mut parts = vec![format!("{} · {}", job.payload.account_ref, job.campaign_id)];
    let why = outcome(job);
    if !why.is_empty() {
        let rule = RULES
            .iter()
            .find(|r| job.failure_reason.as_deref() == Some(r.code.as_str()));
        let section = rule.map_or("", |r| r.section);
        parts.push(if section.is_empty() {
            why
        } else {
            format!("{why} ({section})")
        });
    }
    let due = due(job, now, here);
    if !due.is_empty() {
        let far = job.state == JobState::WaitingRetry || job.state == JobState::Queued;
        parts.push(if far && job.due_at() > now {
            format!("{due}, {}", job.policy.timezone)
        } else {
            due
        });
    }
    parts.join(" · ")
}
