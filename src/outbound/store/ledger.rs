//! The ledger of attempts: append-only, with account, decision and whether it counts; no name, no number.

use super::Store;
use super::error::{StoreError, Trouble};
use super::rows::{instant, micros};
use crate::outbound::id::{AccountRef, CallId, JobId};
use jiff::Timestamp;
use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptEvent {
    /// The account.
    pub account_ref: AccountRef,
    /// When.
    pub recorded_at_utc: Timestamp,
    /// The job that was to be called.
    pub job_id: JobId,
    /// The call, once there is one.
    pub call_id: Option<CallId>,
    /// What the gate decided, `call_initialized`, or `worker_exception:` and what went wrong.
    pub decision_code: String,
    /// Whether the account was dialed.
    pub counts_toward_attempt: bool,
}

/// Appends to the ledger.
pub(super) fn append(tx: &Transaction<'_>, event: &AttemptEvent, rule_id: &str) -> Result<(), Trouble> {
    tx.prepare_cached(
        "INSERT INTO attempt_events (account_ref, recorded_at, job_id, call_id, decision_code, rule_id, counts) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        event.account_ref.as_str(),
        micros(event.recorded_at_utc),
        event.job_id.as_str(),
        event.call_id.as_ref().map(CallId::as_str),
        event.decision_code,
        rule_id,
        event.counts_toward_attempt,
    ])?;
    Ok(())
}

/// The instants since `since` that count against an account: calls on the ledger, and leases that are about to dial. The
/// latter reserve their attempt, so that a second job of the account cannot pass a cap before the first one dials.
pub(super) fn counted(
    tx: &Transaction<'_>,
    account: &AccountRef,
    since: Timestamp,
) -> Result<Vec<Timestamp>, Trouble> {
    let mut stmt = tx.prepare_cached(
        "SELECT recorded_at FROM attempt_events WHERE account_ref = ?1 AND counts = 1 AND recorded_at >= ?2 \
         UNION ALL \
         SELECT started_at FROM attempts WHERE account_ref = ?1 AND ended_at IS NULL AND dialed = 0",
    )?;
    let mut rows = stmt.query(params![account.as_str(), micros(since)])?;
    let mut counted = Vec::new();
    while let Some(row) = rows.next()? {
        counted.push(instant(row.get(0)?)?);
    }
    Ok(counted)
}

const COLUMNS: &str = "account_ref, recorded_at, job_id, call_id, decision_code, counts";

fn event(row: &Row<'_>) -> Result<AttemptEvent, Trouble> {
    Ok(AttemptEvent {
        account_ref: row.get::<_, String>(0)?.into(),
        recorded_at_utc: instant(row.get(1)?)?,
        job_id: row.get::<_, String>(2)?.into(),
        call_id: row.get::<_, Option<String>>(3)?.map(CallId::from),
        decision_code: row.get(4)?,
        counts_toward_attempt: row.get(5)?,
    })
}

impl Store {
    /// The latest lines of the ledger, newest first.
    pub fn attempt_events(&self, limit: u32) -> Result<Vec<AttemptEvent>, StoreError> {
        self.events(
            &format!("SELECT {COLUMNS} FROM attempt_events ORDER BY seq DESC LIMIT ?1"),
            params![limit],
        )
    }

    /// The ledger of an account, oldest first.
    pub fn account_events(&self, account: &AccountRef) -> Result<Vec<AttemptEvent>, StoreError> {
        self.events(
            &format!("SELECT {COLUMNS} FROM attempt_events WHERE account_ref = ?1 ORDER BY seq"),
            params![account.as_str()],
        )
    }

    fn events(&self, sql: &str, params: &[&dyn rusqlite::ToSql]) -> Result<Vec<AttemptEvent>, StoreError> {
        self.read(|conn| {
            let mut stmt = conn.prepare_cached(sql)?;
            let mut rows = stmt.query(params)?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                events.push(event(row)?);
            }
            Ok(events)
        })
    }
}
