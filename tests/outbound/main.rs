//! Jobs, the gate and the store, through the public interface.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect should stop there"
)]

mod gate;
mod jobs;
mod lifecycle;
mod model;
mod outcomes;
mod trouble;

use ivr_tui::host::state_dir::StateDir;
use ivr_tui::outbound::{
    Call, Decision, EnqueueRequest, IllegalTransition, Job, JobId, JobState, Opened, PartyProfile, Store,
    StoreError, Transition, WorkerId,
};
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;

/// Ten on a weekday morning in Chicago.
fn morning() -> Timestamp {
    ts("2026-02-24T10:00:00-06:00")
}

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn worker() -> WorkerId {
    WorkerId::from("w1")
}

const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// A request whose policy lets attempts follow each other at once.
fn request(account: &str) -> EnqueueRequest {
    EnqueueRequest {
        min_gap_minutes: 0,
        daily_attempt_cap: 100,
        ..EnqueueRequest::new(
            "spring",
            account,
            PartyProfile::new("Alex Morgan", "+1 (555) 010-2000"),
            "CASE_DEMO_001",
        )
    }
}

/// A store in a folder of its own, which goes when this goes.
struct Fixture {
    store: Store,
    dir: tempfile::TempDir,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(&dir.path().join("runtime")).unwrap();
    Fixture {
        store: Store::open(&state).unwrap(),
        dir,
    }
}

impl Fixture {
    fn path(&self) -> PathBuf {
        self.dir.path().join("runtime/ivr.db")
    }

    /// A second connection, as another process has one.
    fn again(&self) -> Store {
        Store::open(&StateDir::open(&self.dir.path().join("runtime")).unwrap()).unwrap()
    }

    fn add(&mut self, request: &EnqueueRequest) -> JobId {
        let enqueued = self.store.enqueue(request, morning()).unwrap();
        assert!(enqueued.created, "{enqueued:?}");
        enqueued.job.job_id
    }

    fn get(&self, id: &JobId) -> Job {
        self.store.get(id).unwrap()
    }

    fn open(&mut self, id: &JobId, now: Timestamp) -> Call {
        match self.store.open_call(id, &worker(), now).unwrap() {
            Opened::Call(call) => *call,
            Opened::Blocked { decision, .. } => panic!("blocked: {decision:?}"),
        }
    }

    fn blocked(&mut self, id: &JobId, now: Timestamp) -> (Job, Decision) {
        match self.store.open_call(id, &worker(), now).unwrap() {
            Opened::Call(call) => panic!("not blocked: {call:?}"),
            Opened::Blocked { job, decision } => (*job, decision),
        }
    }

    /// Writes to the database past the store.
    fn sql(&self, statements: &str) -> rusqlite::Result<()> {
        rusqlite::Connection::open(self.path())?.execute_batch(statements)
    }

    /// The decisions on an account's ledger, with whether each counts.
    fn ledger(&self, account: &str) -> Vec<(String, bool)> {
        let events = self.store.account_events(&account.into()).unwrap();
        let line = |e: ivr_tui::outbound::store::AttemptEvent| (e.decision_code, e.counts_toward_attempt);
        events.into_iter().map(line).collect()
    }
}

/// The refusal of a transition.
fn illegal<T>(id: &JobId, from: JobState, transition: Transition) -> Result<T, StoreError> {
    Err(StoreError::Illegal {
        job_id: id.clone(),
        source: IllegalTransition { from, transition },
    })
}
