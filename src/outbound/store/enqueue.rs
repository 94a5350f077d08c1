//! Adding jobs, each exactly once whatever the race.

use super::Store;
use super::error::{StoreError, Trouble};
use super::rows::{self, by_seq, micros, number};
use crate::outbound::job::Job;
use crate::outbound::request::{EnqueueRequest, InvalidField};
use crate::outbound::state::JobState;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

/// What an enqueue came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// Whether the job is new; otherwise it is the one that was there.
    pub created: bool,
    /// The job.
    pub job: Job,
}

/// Why a request made no job.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEnqueued {
    /// A field cannot be taken.
    #[error(transparent)]
    Invalid(#[from] InvalidField),
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds the job that is asked for. The same campaign, account and scheduled time is the same job; without a scheduled
    /// time, so is any request while an earlier job for the campaign and account is unfinished.
    pub fn enqueue(&mut self, request: &EnqueueRequest, now: Timestamp) -> Result<Enqueued, NotEnqueued> {
        let job = request.to_job(now)?;
        Ok(self.write(|tx| add(tx, &job, now))?)
    }

    /// Adds many jobs in one transaction: all of them, or none when a request cannot be taken. The error's field is
    /// prefixed with the request's place.
    pub fn enqueue_all(
        &mut self,
        requests: &[EnqueueRequest],
        now: Timestamp,
    ) -> Result<Vec<Enqueued>, NotEnqueued> {
        let mut jobs = Vec::with_capacity(requests.len());
        for (i, request) in requests.iter().enumerate() {
            jobs.push(request.to_job(now).map_err(|e| InvalidField {
                field: format!("[{i}].{}", e.field),
                problem: e.problem,
            })?);
        }
        Ok(self.write(|tx| jobs.iter().map(|job| add(tx, job, now)).collect())?)
    }
}

fn add(tx: &Transaction<'_>, job: &Job, now: Timestamp) -> Result<Enqueued, Trouble> {
    if let Some(seq) = earlier(tx, job)? {
        let job = by_seq(tx, seq)?.job;
        return Ok(Enqueued { created: false, job });
    }
    insert(tx, job, now)?;
    let job = rows::by_id(tx, &job.job_id)?.job;
    Ok(Enqueued { created: true, job })
}

/// The job that a request for `job` stands for, if there is one.
fn earlier(tx: &Transaction<'_>, job: &Job) -> Result<Option<i64>, Trouble> {
    let (campaign, account) = (job.campaign_id.as_str(), job.payload.account_ref.as_str());
    match job.scheduled_for_utc {
        Some(at) => number(
            tx,
            "SELECT seq FROM jobs WHERE campaign_id = ?1 AND account_ref = ?2 AND scheduled_for = ?3",
            params![campaign, account, micros(at)],
        ),
        None => unfinished(tx, campaign, account),
    }
}

/// The oldest unfinished job for a campaign and account.
pub(super) fn unfinished(
    tx: &Transaction<'_>,
    campaign: &str,
    account: &str,
) -> Result<Option<i64>, Trouble> {
    number(
        tx,
        "SELECT seq FROM jobs WHERE account_ref = ?2 AND +campaign_id = ?1 \
         AND state NOT IN ('succeeded', 'dead_letter', 'canceled') ORDER BY seq LIMIT 1",
        params![campaign, account],
    )
}

fn insert(tx: &Transaction<'_>, job: &Job, now: Timestamp) -> Result<(), Trouble> {
    let due = job.due_at();
    let json = |value: serde_json::Result<String>| {
        value.map_err(|_| Trouble::Value("a job that cannot be written".to_owned()))
    };
    tx.prepare_cached(
        "INSERT INTO jobs (job_id, idempotency_key, trigger_source, campaign_id, account_ref, priority, created_at, \
         scheduled_for, state, ready, due_at, search, payload, policy, retry_policy) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        job.job_id.as_str(),
        job.idempotency_key,
        job.trigger_source.as_str(),
        job.campaign_id.as_str(),
        job.payload.account_ref.as_str(),
        job.priority,
        micros(job.created_at_utc),
        job.scheduled_for_utc.map(micros),
        JobState::Queued.as_str(),
        due <= now,
        micros(due),
        search_text(job),
        json(serde_json::to_string(&job.payload))?,
        json(serde_json::to_string(&job.policy))?,
        json(serde_json::to_string(&job.retry_policy))?,
    ])?;
    Ok(())
}

/// What the text filter looks in: account, campaign, name and identifier, in lower case.
fn search_text(job: &Job) -> String {
    let name = job.payload.party_profile.target_name().unwrap_or_default();
    let (account, campaign) = (&job.payload.account_ref, &job.campaign_id);
    format!("{account} {campaign} {name} {}", job.job_id).to_lowercase()
}
