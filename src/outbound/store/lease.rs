//! Waking jobs that are due, gating them and leasing them: one transaction, so that the decision still holds when the
//! lease begins.

use super::error::{StoreError, Trouble};
use super::ledger::{self, AttemptEvent};
use super::rows::{Stored, by_id, by_seq, micros, number};
use super::{Store, operate, settle};
use crate::outbound::gate::{self, Decision};
use crate::outbound::id::{CallId, Fence, JobId, WorkerId};
use crate::outbound::job::Job;
use crate::outbound::state::{JobState, Transition};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Transaction, params};

/// How many jobs one transaction wakes or looks at, so that other processes get their turn.
const BATCH: u32 = 256;

/// When a deferred job is looked at again if the gate sees no lawful instant ahead: its policy may have changed by then.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// A job and the right to work on it until its lease runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    /// The job.
    pub job: Job,
    /// Named by every later write.
    pub fence: Fence,
    /// What the gate decided: that the call may be placed.
    pub decision: Decision,
}

/// What became of the wish to work on one job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is leased.
    Leased(Box<Leased>),
    /// The gate forbids the call; the job waits for the next lawful instant, or is canceled.
    Blocked {
        /// The job as it is now.
        job: Box<Job>,
        /// Why.
        decision: Decision,
    },
}

/// How many jobs were woken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Woken {
    /// Jobs whose waiting or scheduled time came.
    pub due: u32,
    /// Jobs whose lease ran out.
    pub expired: u32,
}

impl Store {
    /// Returns jobs whose lease ran out and readies jobs that are due. [`Store::lease`] does this by itself; a screen
    /// calls it to show the queue as it stands.
    pub fn wake(&mut self, now: Timestamp) -> Result<Woken, StoreError> {
        let mut woken = Woken::default();
        while self.is_anything_due(now)? {
            let some = self.write(|tx| wake(tx, now))?;
            woken.due += some.due;
            woken.expired += some.expired;
        }
        Ok(woken)
    }

    /// Leases the next due job that the gate lets through, by priority then age. Jobs that the gate blocks on the way are
    /// deferred or canceled, and the ledger says why.
    pub fn lease(
        &mut self,
        worker: &WorkerId,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Option<Leased>, StoreError> {
        loop {
            let step = self.write(|tx| {
                let woken = wake(tx, now)?;
                if woken.due == BATCH || woken.expired == BATCH {
                    return Ok(Step::More);
                }
                for _ in 0..BATCH {
                    let next = "SELECT seq FROM jobs INDEXED BY jobs_ready WHERE ready = 1 ORDER BY priority, seq LIMIT 1";
                    let Some(seq) = number(tx, next, [])? else {
                        return Ok(Step::Empty);
                    };
                    if let Opening::Leased(leased) = open(tx, &by_seq(tx, seq)?, worker, lease, now)? {
                        return Ok(Step::Got(leased));
                    }
                }
                Ok(Step::More)
            })?;
            match step {
                Step::Got(leased) => return Ok(Some(*leased)),
                Step::Empty => return Ok(None),
                Step::More => {}
            }
        }
    }

    /// Leases this job, if it is queued or waits for a retry and the gate lets it through. The operator's choice goes
    /// before its schedule and backoff, never before the gate.
    pub fn lease_job(
        &mut self,
        job_id: &JobId,
        worker: &WorkerId,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Opening, StoreError> {
        self.write(|tx| lease_by_id(tx, job_id, worker, lease, now))
    }

    /// Leases this job and starts its call in the same transaction: when this returns, the attempt is on record, counted
    /// and on disk, and the call may be placed.
    pub fn lease_and_start(
        &mut self,
        job_id: &JobId,
        worker: &WorkerId,
        lease: SignedDuration,
        call_id: &CallId,
        now: Timestamp,
    ) -> Result<Opening, StoreError> {
        self.write(|tx| {
            let opening = lease_by_id(tx, job_id, worker, lease, now)?;
            if let Opening::Leased(mut leased) = opening {
                leased.job = settle::start(tx, job_id, leased.fence, Some(call_id), now)?;
                return Ok(Opening::Leased(leased));
            }
            Ok(opening)
        })
    }

    /// What the gate would decide about this job at `at`; nothing is changed or recorded.
    pub fn preview(&self, job_id: &JobId, at: Timestamp) -> Result<Decision, StoreError> {
        // A transaction only for one consistent view.
        let preview = || -> Result<Decision, Trouble> {
            let tx = self.conn.unchecked_transaction()?;
            decide(&tx, &by_id(&tx, job_id)?.job, at)
        };
        preview().map_err(|e| e.at(&self.path))
    }

    fn is_anything_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.read(|conn| {
            let due = "SELECT EXISTS (SELECT 1 FROM jobs INDEXED BY jobs_waiting WHERE ready = 0 \
                         AND state IN ('queued', 'waiting_retry') \
                         AND due_at <= ?1) \
                       OR EXISTS (SELECT 1 FROM jobs INDEXED BY jobs_held WHERE state IN ('leased', 'running') AND lease_expires_at <= ?1)";
            Ok(number(conn, due, [micros(now)])? == Some(1))
        })
    }
}

enum Step {
    Got(Box<Leased>),
    Empty,
    More,
}

fn lease_by_id(
    tx: &Transaction<'_>,
    job_id: &JobId,
    worker: &WorkerId,
    lease: SignedDuration,
    now: Timestamp,
) -> Result<Opening, Trouble> {
    let mut stored = by_id(tx, job_id)?;
    if stored.job.state.is_held() && stored.job.lease_expires_at_utc.is_some_and(|t| t <= now) {
        expire(tx, &stored, now)?;
        stored = by_id(tx, job_id)?;
    }
    open(tx, &stored, worker, lease, now)
}

/// Gates and leases a job that is queued or waiting.
fn open(
    tx: &Transaction<'_>,
    stored: &Stored,
    worker: &WorkerId,
    lease: SignedDuration,
    now: Timestamp,
) -> Result<Opening, Trouble> {
    let job = &stored.job;
    let queued = match job.state {
        JobState::WaitingRetry => settle::after(job, JobState::WaitingRetry, Transition::Due)?,
        state => state,
    };
    let leased = settle::after(job, queued, Transition::Lease)?;
    let decision = decide(tx, job, now)?;
    record(
        tx,
        job,
        None,
        decision.decision_code.as_str(),
        decision.rule_id,
        false,
        now,
    )?;
    if !decision.allows() {
        block(tx, stored, leased, &decision, now)?;
        return Ok(Opening::Blocked {
            job: Box::new(by_seq(tx, stored.seq)?.job),
            decision,
        });
    }
    let expires = now.checked_add(lease).unwrap_or(Timestamp::MAX);
    tx.prepare_cached(
        "UPDATE jobs SET state = ?2, ready = 0, fence = fence + 1, lease_owner = ?3, lease_expires_at = ?4, \
         next_attempt_at = NULL, attempts = attempts + 1 WHERE seq = ?1",
    )?
    .execute(params![
        stored.seq,
        leased.as_str(),
        worker.as_str(),
        micros(expires)
    ])?;
    tx.prepare_cached(
        "INSERT INTO attempts (job_seq, attempt_number, account_ref, started_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        stored.seq,
        stored.attempts + 1,
        job.payload.account_ref.as_str(),
        micros(now)
    ])?;
    let job = by_seq(tx, stored.seq)?.job;
    Ok(Opening::Leased(Box::new(Leased {
        fence: job.fence,
        job,
        decision,
    })))
}

/// Reads what the gate needs and asks it. Suppressions are those of this instant, not of the job's copy alone.
fn decide(tx: &Transaction<'_>, job: &Job, now: Timestamp) -> Result<Decision, Trouble> {
    let account = &job.payload.account_ref;
    let known = operate::suppressions(tx, account)?;
    let since = now.checked_sub(gate::looks_back(job)).unwrap_or(Timestamp::MIN);
    let counted = ledger::counted(tx, account, since)?;
    Ok(gate::decide(job, known, &counted, now))
}

/// Defers a blocked job to its next lawful instant, or cancels it where time will not help.
fn block(
    tx: &Transaction<'_>,
    stored: &Stored,
    leased: JobState,
    decision: &Decision,
    now: Timestamp,
) -> Result<(), Trouble> {
    let code = decision.decision_code.as_str();
    if decision.retryable {
        let state = settle::after(&stored.job, leased, Transition::Defer)?;
        let later = now.checked_add(LOOK_AGAIN).unwrap_or(Timestamp::MAX);
        settle::wait(
            tx,
            stored.seq,
            state,
            decision.next_lawful.unwrap_or(later),
            Some(code),
        )
    } else {
        let state = settle::after(&stored.job, leased, Transition::Cancel)?;
        settle::leave(tx, stored.seq, state, Some(code))
    }
}

/// Appends to the ledger what was decided about a job.
pub(super) fn record(
    tx: &Transaction<'_>,
    job: &Job,
    call_id: Option<&CallId>,
    code: &str,
    rule_id: &str,
    counts: bool,
    now: Timestamp,
) -> Result<(), Trouble> {
    let event = AttemptEvent {
        account_ref: job.payload.account_ref.clone(),
        recorded_at_utc: now,
        job_id: job.job_id.clone(),
        call_id: call_id.cloned(),
        decision_code: code.to_owned(),
        counts_toward_attempt: counts,
    };
    ledger::append(tx, &event, rule_id)
}

/// Wakes at most [`BATCH`] jobs of each kind.
fn wake(tx: &Transaction<'_>, now: Timestamp) -> Result<Woken, Trouble> {
    let mut held = tx.prepare_cached(
        "SELECT seq FROM jobs INDEXED BY jobs_held WHERE state IN ('leased', 'running') AND lease_expires_at <= ?1 \
         ORDER BY lease_expires_at LIMIT ?2",
    )?;
    let expired: Vec<i64> = held
        .query_map(params![micros(now), BATCH], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    for seq in &expired {
        expire(tx, &by_seq(tx, *seq)?, now)?;
    }
    let due = tx
        .prepare_cached(
            "UPDATE jobs SET state = 'queued', ready = 1, next_attempt_at = NULL WHERE seq IN \
             (SELECT seq FROM jobs INDEXED BY jobs_waiting WHERE ready = 0 AND state IN ('queued', 'waiting_retry') AND due_at <= ?1 \
              ORDER BY due_at LIMIT ?2)",
        )?
        .execute(params![micros(now), BATCH])?;
    Ok(Woken {
        due: u32::try_from(due).unwrap_or(BATCH),
        expired: u32::try_from(expired.len()).unwrap_or(BATCH),
    })
}

/// What a lease that ran out is called in attempts, failure reasons and the ledger.
const LEASE_EXPIRED: &str = "lease_expired";

/// Ends a lease that ran out. Before the call began the job goes back to the queue at once. Afterwards the call may have
/// been placed: its attempt stays counted, and the job comes back after its backoff or, without attempts left, not at all.
fn expire(tx: &Transaction<'_>, stored: &Stored, now: Timestamp) -> Result<(), Trouble> {
    let job = &stored.job;
    settle::close_attempt(tx, stored, None, Some(LEASE_EXPIRED), None, now)?;
    if job.state == JobState::Leased {
        let state = settle::after(job, job.state, Transition::Expire)?;
        return settle::queue(tx, stored.seq, state, Some(LEASE_EXPIRED), now);
    }
    let code = format!("worker_exception:{LEASE_EXPIRED}");
    record(tx, job, None, &code, "", false, now)?;
    let n = stored.round_attempts();
    if n >= job.retry_policy.max_attempts {
        let failed = settle::after(job, job.state, Transition::Fail)?;
        let state = settle::after(job, failed, Transition::Exhaust)?;
        return settle::leave(tx, stored.seq, state, Some(LEASE_EXPIRED));
    }
    let state = settle::after(job, job.state, Transition::Expire)?;
    let again = now
        .checked_add(job.retry_policy.backoff(n))
        .unwrap_or(Timestamp::MAX);
    settle::wait(tx, stored.seq, state, again, Some(LEASE_EXPIRED))
}
