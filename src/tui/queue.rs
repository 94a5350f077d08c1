//! The worker that talks to the job store. It has a thread of its own: the screen never waits for the database, and a
//! running call's lease is kept alive whatever the screen does.

use super::effect::{OpenedJob, QueueWish, Report};
use super::pane::jobs::Page;
use crate::host::clock;
use crate::host::lines::{self, DEFAULT_LINE};
use crate::host::state_dir::StateDir;
use crate::line::catalog::{self, Preset};
use crate::outbound::job::Job;
use crate::outbound::store::{ChangeStamp, Enqueued, JobQuery, NotEnqueued};
use crate::outbound::{
    Call, EnqueueRequest, JobId, JobState, Opened, PartyProfile, Store, StoreError, WorkerId,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Map;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often the store is looked at for what other programs wrote and what has become due.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The campaign of jobs that the operator enqueues.
const CAMPAIGN: &str = "sandbox";

/// The worker.
pub(super) struct Queue {
    store: Store,
    worker: WorkerId,
    /// The rows the screen shows, to send them again when they change.
    shown: Option<JobQuery>,
    stamp: Option<ChangeStamp>,
    /// The call on the screen, and when its lease is renewed next.
    running: Option<(Box<Call>, Instant)>,
    /// The wall clock when the sandbox opened, which may have been set, and the steady clock then.
    start: Timestamp,
    since: Instant,
}

impl Queue {
    /// Opens the store. `start` is the sandbox's wall clock, which need not be the machine's.
    pub(super) fn open(dir: &StateDir, start: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            store: Store::open(dir)?,
            worker: WorkerId::from(format!("sandbox-{}", std::process::id())),
            shown: None,
            stamp: None,
            running: None,
            start,
            since: clock::instant(),
        })
    }

    /// Does what is wished for until the wishes end. `tell` says whether anybody still listens.
    pub(super) fn run(mut self, wishes: &Receiver<QueueWish>, tell: impl Fn(Report) -> bool) {
        loop {
            let wait = self.running.as_ref().map_or(LOOK_EVERY, |(_, due)| {
                due.saturating_duration_since(clock::instant()).min(LOOK_EVERY)
            });
            let report = match wishes.recv_timeout(wait) {
                Ok(wish) => self.grant(wish),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let lost = self.renew();
            let changed = self.look();
            for report in [report, lost, changed].into_iter().flatten() {
                if !tell(report) {
                    return;
                }
            }
        }
    }

    fn now(&self) -> Timestamp {
        let since = clock::instant().duration_since(self.since);
        self.start.checked_add(since).unwrap_or(self.start)
    }

    fn grant(&mut self, wish: QueueWish) -> Option<Report> {
        let now = self.now();
        match wish {
            QueueWish::Show(query) => {
                self.shown = Some(query);
                self.stamp = None;
                None
            }
            QueueWish::Enqueue(preset) => Some(self.enqueue(&preset, now)),
            QueueWish::Open(job) => Some(self.open_job(&job, now).unwrap_or_else(|e| failed(&e))),
            QueueWish::Cancel(job) => Some(self.store.cancel(&job, "canceled_by_operator", now).map_or_else(
                |e| failed(&e),
                |job| Report::Done(format!("{} is canceled.", job.payload.account_ref)),
            )),
            QueueWish::Retry(job) => Some(self.retry(&job, now).unwrap_or_else(|e| failed(&e))),
            QueueWish::Skip(by) => {
                self.start = self.start.saturating_add(by).unwrap_or(self.start);
                self.stamp = None;
                None
            }
            QueueWish::Finish { outcome } => self.finish(outcome.as_deref(), now),
        }
    }

    fn enqueue(&mut self, preset: &str, now: Timestamp) -> Report {
        let Some(preset) = catalog::presets().into_iter().find(|p| p.name == preset) else {
            return Report::Failed(format!("There is no preset {preset}."));
        };
        match self.store.enqueue(&request(&preset), now) {
            Ok(Enqueued { created: true, job }) => {
                Report::Done(format!("{} is in the queue.", job.payload.account_ref))
            }
            Ok(Enqueued { job, .. }) => Report::Done(format!(
                "{} is in the queue already: it has one unfinished job at a time.",
                job.payload.account_ref
            )),
            Err(NotEnqueued::Invalid(e)) => Report::Failed(e.to_string()),
            Err(NotEnqueued::Store(e)) => failed(&e),
        }
    }

    /// Gate, lease and start; then the line the call is on. The line is opened first: what cannot be called should not
    /// cost an attempt.
    fn open_job(&mut self, job_id: &JobId, now: Timestamp) -> Result<Report, StoreError> {
        if self.running.is_some() {
            return Ok(Report::Failed(
                "A job's call is running already: end it first (x hangs up).".to_owned(),
            ));
        }
        let job = self.store.get(job_id)?;
        let opened = match line_of(&job) {
            Ok(opened) => opened,
            Err(e) => return Ok(Report::Failed(format!("{}: {e}", job.payload.account_ref))),
        };
        Ok(match self.store.open_call(job_id, &self.worker, now)? {
            Opened::Call(call) => {
                self.keep(call.clone());
                Report::JobOpened(Box::new(OpenedJob {
                    job: call.job,
                    opened,
                }))
            }
            Opened::Blocked { job, decision } => Report::JobBlocked(job, decision),
        })
    }

    fn keep(&mut self, call: Box<Call>) {
        let every = Duration::try_from(call.heartbeat_every()).unwrap_or(LOOK_EVERY);
        self.running = Some((call, clock::instant() + every));
    }

    /// Renews the running call's lease when its time has come.
    fn renew(&mut self) -> Option<Report> {
        let (call, _) = self.running.take_if(|(_, due)| *due <= clock::instant())?;
        match self.store.keep_call(&call, self.now()) {
            Ok(_) => {
                self.keep(call);
                None
            }
            Err(e) => Some(Report::JobLost(e.to_string())),
        }
    }

    fn retry(&mut self, job_id: &JobId, now: Timestamp) -> Result<Report, StoreError> {
        let job = self.store.get(job_id)?;
        let job = if job.state == JobState::DeadLetter {
            self.store.requeue(job_id, now)?
        } else {
            self.store.retry_now(job_id, now)?
        };
        Ok(Report::Done(format!("{} is due now.", job.payload.account_ref)))
    }

    fn finish(&mut self, outcome: Option<&str>, now: Timestamp) -> Option<Report> {
        let (call, _) = self.running.take()?;
        let job_id = &call.job.job_id;
        let ended = match outcome {
            Some(outcome) => self
                .store
                .finish_call(job_id, call.fence, outcome, &call.call_id, now),
            None => self.store.abandon_call(job_id, call.fence, now),
        };
        Some(match ended {
            Ok(job) => Report::Done(format!(
                "{}: {}.",
                job.payload.account_ref,
                outcome.map_or_else(
                    || "left before it had an outcome".to_owned(),
                    |o| format!("the call ended {o}")
                )
            )),
            Err(e) => failed(&e),
        })
    }

    /// Sends the rows again where anything was written or has become due.
    fn look(&mut self) -> Option<Report> {
        let query = self.shown.clone()?;
        let looked = self
            .store
            .wake(self.now())
            .and_then(|_| self.store.change_stamp());
        let stamp = match looked {
            Ok(stamp) => stamp,
            Err(e) => return Some(failed(&e)),
        };
        if self.stamp == Some(stamp) {
            return None;
        }
        self.stamp = Some(stamp);
        Some(self.page(query).unwrap_or_else(|e| failed(&e)))
    }

    fn page(&mut self, query: JobQuery) -> Result<Report, StoreError> {
        let (jobs, total, counts) = (
            self.store.list(&query)?,
            self.store.count(&query)?,
            self.store.counts()?,
        );
        Ok(Report::Jobs(Box::new(Page { query, jobs, total }), counts))
    }
}

fn failed(e: &StoreError) -> Report {
    Report::Failed(e.to_string())
}

/// The job of a demo customer.
fn request(preset: &Preset) -> EnqueueRequest {
    EnqueueRequest {
        timezone: preset.timezone.clone(),
        ..EnqueueRequest::new(
            CAMPAIGN,
            &preset.case_id,
            PartyProfile(preset.profile.clone()),
            &preset.case_id,
        )
    }
}

/// The line a job's call is on: the account its context points to, with the person the job names.
fn line_of(job: &Job) -> Result<lines::Opened, String> {
    let context = &job.payload.account_context_ref;
    let preset = catalog::presets().into_iter().find(|p| p.case_id == *context);
    let preset = preset.map(|p| p.name).unwrap_or_default();
    // What another program put into the profile and we do not know is no reason not to call.
    let line = catalog::collections_lenient(&preset, &job.payload.party_profile.0, &Map::new());
    Ok(lines::Opened {
        line: Arc::new(line.map_err(|e| e.to_string())?),
        name: DEFAULT_LINE.to_owned(),
        preset,
        zone: TimeZone::get(&job.policy.timezone).ok(),
        file: None,
    })
}
