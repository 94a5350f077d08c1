//! Opening a job as a call, and ending it: what the sandbox and a worker do around every call.

use super::gate::Decision;
use super::id::{CallId, Fence, JobId, WorkerId};
use super::job::Job;
use super::store::{Opening, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

/// How long a lease lasts when nobody says otherwise.
pub const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// A call that may be placed: its job is leased and running, and the attempt is counted and on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The job as it stands.
    pub job: Job,
    /// The call's identifier.
    pub call_id: CallId,
    /// The number that every later write names.
    pub fence: Fence,
    /// What the gate decided.
    pub decision: Decision,
    /// How long the lease lasts from each heartbeat.
    pub lease: SignedDuration,
}

impl Call {
    /// How often to call [`Store::keep_call`]: a third of the lease, so that one lost heartbeat does no harm.
    pub fn heartbeat_every(&self) -> SignedDuration {
        self.lease / 3
    }
}

/// What became of the wish to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// Place the call.
    Call(Box<Call>),
    /// The gate forbids it; the job waits for the next lawful instant or is canceled.
    Blocked {
        /// The job as it stands.
        job: Box<Job>,
        /// Why, and when the call would be lawful.
        decision: Decision,
    },
}

/// How a call was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<'a> {
    /// With an outcome, as its last turn set it.
    Outcome(&'a str),
    /// Without one: it broke off, or the operator left it.
    Error(&'a str),
}

/// The error code of a call that its operator left before it had an outcome.
pub const ABANDONED: &str = "abandoned";

impl Store {
    /// Opens a job as a call: gate, lease, start and counted attempt in one transaction.
    pub fn open_call(
        &mut self,
        job_id: &JobId,
        worker: &WorkerId,
        now: Timestamp,
    ) -> Result<Opened, StoreError> {
        let call_id = CallId::new(now);
        let opening = self.lease_and_start(job_id, worker, LEASE, &call_id, now)?;
        Ok(match opening {
            Opening::Leased(leased) => Opened::Call(Box::new(Call {
                job: leased.job,
                call_id,
                fence: leased.fence,
                decision: leased.decision,
                lease: LEASE,
            })),
            Opening::Blocked { job, decision } => Opened::Blocked { job, decision },
        })
    }

    /// Keeps a call's lease alive. An error means that the job is no longer ours: it was canceled, or its lease ran out.
    pub fn keep_call(&mut self, call: &Call, now: Timestamp) -> Result<Timestamp, StoreError> {
        self.heartbeat(&call.job.job_id, call.fence, call.lease, now)
    }

    /// Ends a call with the outcome its last turn set: the job is done or waits for its next attempt, and the account is
    /// barred where the outcome says so (see [`super::outcome`]).
    pub fn finish_call(
        &mut self,
        job_id: &JobId,
        fence: Fence,
        outcome_code: &str,
        call_id: &CallId,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        self.end_call(job_id, fence, Ended::Outcome(outcome_code), Some(call_id), now)
    }

    /// Ends a call that was left before it had an outcome: its attempt stays counted and the job waits for its backoff.
    pub fn abandon_call(&mut self, job_id: &JobId, fence: Fence, now: Timestamp) -> Result<Job, StoreError> {
        self.end_call(job_id, fence, Ended::Error(ABANDONED), None, now)
    }
}
