//! Rows of the database as the types of this room, and back.

use super::error::{StoreError, Trouble};
use crate::outbound::id::{CallId, Fence, JobId, WorkerId};
use crate::outbound::job::{Attempt, Job};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::de::DeserializeOwned;

/// The columns of a job, in the order in which [`job`] reads them.
pub(super) const COLUMNS: &str = "seq, job_id, idempotency_key, trigger_source, campaign_id, priority, created_at, \
     scheduled_for, state, payload, policy, retry_policy, lease_owner, lease_expires_at, next_attempt_at, \
     failure_reason, fence, attempts, earlier_rounds";

/// A job with what only the store knows of it.
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) job: Job,
    /// The number of its latest attempt.
    pub(super) attempts: u32,
    /// How many attempts belong to rounds before the last requeue.
    pub(super) earlier_rounds: u32,
}

impl Stored {
    /// Attempts of this round, the one under way included.
    pub(super) const fn round_attempts(&self) -> u32 {
        self.attempts.saturating_sub(self.earlier_rounds)
    }
}

/// An instant as the store keeps it.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// An instant out of the store. Out of the calendar's range it is a damaged value.
pub(super) fn instant(micros: i64) -> Result<Timestamp, Trouble> {
    Timestamp::from_microsecond(micros).map_err(|_| Trouble::Value("an instant out of range".to_owned()))
}

fn maybe_instant(micros: Option<i64>) -> Result<Option<Timestamp>, Trouble> {
    micros.map(instant).transpose()
}

fn json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|_| Trouble::Value(format!("an unreadable {what}")))
}

/// Reads a row of [`COLUMNS`], its attempts apart.
fn job(row: &Row<'_>) -> Result<Stored, Trouble> {
    let text = |i: usize| row.get::<_, String>(i);
    let (source, state) = (text(3)?, text(8)?);
    let job = Job {
        job_id: JobId::from(text(1)?),
        idempotency_key: text(2)?,
        trigger_source: source
            .parse()
            .map_err(|()| Trouble::Value("an unknown trigger source".to_owned()))?,
        campaign_id: text(4)?.into(),
        priority: row.get(5)?,
        created_at_utc: instant(row.get(6)?)?,
        scheduled_for_utc: maybe_instant(row.get(7)?)?,
        state: state
            .parse()
            .map_err(|_| Trouble::Value("an unknown job state".to_owned()))?,
        payload: json(&text(9)?, "payload")?,
        policy: json(&text(10)?, "policy")?,
        retry_policy: json(&text(11)?, "retry policy")?,
        lease_owner: row.get::<_, Option<String>>(12)?.map(WorkerId::from),
        lease_expires_at_utc: maybe_instant(row.get(13)?)?,
        next_attempt_at_utc: maybe_instant(row.get(14)?)?,
        attempts: Vec::new(),
        failure_reason: row.get(15)?,
        fence: Fence(row.get(16)?),
    };
    Ok(Stored {
        seq: row.get(0)?,
        job,
        attempts: row.get(17)?,
        earlier_rounds: row.get(18)?,
    })
}

/// The attempts of a job, oldest first.
fn attempts(conn: &Connection, seq: i64) -> Result<Vec<Attempt>, Trouble> {
    let mut stmt = conn.prepare_cached(
        "SELECT attempt_number, started_at, ended_at, outcome_code, error_code, call_id FROM attempts \
         WHERE job_seq = ?1 ORDER BY attempt_number",
    )?;
    let mut rows = stmt.query([seq])?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        attempts.push(Attempt {
            attempt_number: row.get(0)?,
            started_at_utc: instant(row.get(1)?)?,
            ended_at_utc: maybe_instant(row.get(2)?)?,
            outcome_code: row.get(3)?,
            error_code: row.get(4)?,
            call_id: row.get::<_, Option<String>>(5)?.map(CallId::from),
        });
    }
    Ok(attempts)
}

/// The jobs a statement over [`COLUMNS`] finds, with their attempts.
pub(super) fn jobs(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Stored>, Trouble> {
    let mut found = Vec::new();
    {
        let mut stmt = conn.prepare_cached(sql)?;
        let mut rows = stmt.query(params)?;
        while let Some(row) = rows.next()? {
            found.push(job(row)?);
        }
    }
    for stored in &mut found {
        if stored.attempts > 0 {
            stored.job.attempts = attempts(conn, stored.seq)?;
        }
    }
    Ok(found)
}

/// The job of an identifier, or the error that there is none.
pub(super) fn by_id(conn: &Connection, job_id: &JobId) -> Result<Stored, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE job_id = ?1");
    jobs(conn, &sql, params![job_id.as_str()])?
        .pop()
        .ok_or_else(|| not_found(job_id))
}

/// The job of a row number.
pub(super) fn by_seq(conn: &Connection, seq: i64) -> Result<Stored, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE seq = ?1");
    jobs(conn, &sql, params![seq])?
        .pop()
        .ok_or_else(|| Trouble::Value("a job that vanished".to_owned()))
}

/// One number, when there is one.
pub(super) fn number(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Option<i64>, Trouble> {
    let found = conn
        .prepare_cached(sql)?
        .query_row(params, |r| r.get(0))
        .optional()?;
    Ok(found)
}

fn not_found(job_id: &JobId) -> Trouble {
    StoreError::NotFound {
        job_id: job_id.clone(),
    }
    .into()
}
