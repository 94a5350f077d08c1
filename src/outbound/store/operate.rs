//! What an operator does to jobs and accounts: cancel, retry now, requeue a dead letter, suppress.

use super::Store;
use super::enqueue::unfinished;
use super::error::{StoreError, Trouble};
use super::rows::{Stored, by_id, by_seq, micros};
use super::settle::{after, close_attempt, leave, queue};
use crate::outbound::gate::Suppressions;
use crate::outbound::id::{AccountRef, JobId};
use crate::outbound::job::Job;
use crate::outbound::outcome::Suppression;
use crate::outbound::state::Transition;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

impl Store {
    /// Cancels a job that is queued, leased, running or waiting. Its holder, if any, finds out at its next write.
    pub fn cancel(&mut self, job_id: &JobId, reason: &str, now: Timestamp) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = by_id(tx, job_id)?;
            cancel(tx, &stored, reason, now)?;
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// Cuts the waiting time of a job short: it is due now. The gate still has the last word.
    pub fn retry_now(&mut self, job_id: &JobId, now: Timestamp) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = by_id(tx, job_id)?;
            let state = after(&stored.job, stored.job.state, Transition::Due)?;
            queue(tx, stored.seq, state, stored.job.failure_reason.as_deref(), now)?;
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// Gives a dead letter another round of attempts.
    pub fn requeue(&mut self, job_id: &JobId, now: Timestamp) -> Result<Job, StoreError> {
        self.write(|tx| {
            let stored = by_id(tx, job_id)?;
            let job = &stored.job;
            let state = after(job, job.state, Transition::Requeue)?;
            if job.scheduled_for_utc.is_none() {
                let (campaign, account) = (job.campaign_id.as_str(), job.payload.account_ref.as_str());
                if let Some(other) = unfinished(tx, campaign, account)? {
                    return Err(Trouble::Job(StoreError::Duplicate {
                        job_id: job_id.clone(),
                        other: by_seq(tx, other)?.job.job_id,
                    }));
                }
            }
            tx.prepare_cached("UPDATE jobs SET earlier_rounds = attempts WHERE seq = ?1")?
                .execute(params![stored.seq])?;
            queue(tx, stored.seq, state, None, now)?;
            Ok(by_seq(tx, stored.seq)?.job)
        })
    }

    /// Bars an account from being called, and cancels its jobs that are not on a call. Says how many.
    pub fn suppress(
        &mut self,
        account: &AccountRef,
        kind: Suppression,
        reason: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write(|tx| suppress(tx, account, kind, reason, source, now))
    }

    /// Lifts a bar from an account, such as a do-not-call entry made by mistake. Says whether there was one. Jobs that were
    /// canceled for it stay canceled.
    pub fn lift_suppression(&mut self, account: &AccountRef, kind: Suppression) -> Result<bool, StoreError> {
        self.write(|tx| {
            let lifted = tx
                .prepare_cached("DELETE FROM suppressions WHERE account_ref = ?1 AND kind = ?2")?
                .execute(params![account.as_str(), kind.as_str()])?;
            Ok(lifted > 0)
        })
    }

    /// The standing reasons not to call an account.
    pub fn suppressions(&self, account: &AccountRef) -> Result<Suppressions, StoreError> {
        self.read(|conn| suppressions(conn, account))
    }
}

fn cancel(tx: &Transaction<'_>, stored: &Stored, reason: &str, now: Timestamp) -> Result<(), Trouble> {
    let state = after(&stored.job, stored.job.state, Transition::Cancel)?;
    close_attempt(tx, stored, None, Some("canceled"), None, now)?;
    leave(tx, stored.seq, state, Some(reason))
}

/// Bars an account. The first entry of a kind stays: since when it holds matters more than who said it last.
pub(super) fn suppress(
    tx: &Transaction<'_>,
    account: &AccountRef,
    kind: Suppression,
    reason: &str,
    source: &str,
    now: Timestamp,
) -> Result<u32, Trouble> {
    tx.prepare_cached(
        "INSERT INTO suppressions (account_ref, kind, reason, source, created_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![account.as_str(), kind.as_str(), reason, source, micros(now)])?;
    let mut stmt = tx.prepare_cached(
        "SELECT seq FROM jobs WHERE account_ref = ?1 AND state IN ('queued', 'leased', 'waiting_retry')",
    )?;
    let jobs: Vec<i64> = stmt
        .query_map([account.as_str()], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    for seq in &jobs {
        cancel(tx, &by_seq(tx, *seq)?, kind.decision(), now)?;
    }
    Ok(u32::try_from(jobs.len()).unwrap_or(u32::MAX))
}

/// The standing reasons not to call an account.
pub(super) fn suppressions(
    conn: &rusqlite::Connection,
    account: &AccountRef,
) -> Result<Suppressions, Trouble> {
    let mut stmt = conn.prepare_cached("SELECT kind FROM suppressions WHERE account_ref = ?1")?;
    let mut rows = stmt.query([account.as_str()])?;
    let mut found = Suppressions::default();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        match Suppression::ALL.into_iter().find(|k| k.as_str() == kind) {
            Some(Suppression::Dnc) => found.dnc = true,
            Some(Suppression::CeaseContact) => found.cease_contact = true,
            Some(Suppression::WrongNumber) => found.wrong_number = true,
            Some(Suppression::Disputed) => found.disputed = true,
            // A kind this version does not know still bars the account.
            Some(Suppression::LegalHold) | None => found.legal_hold = true,
        }
    }
    Ok(found)
}
