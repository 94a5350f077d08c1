//! The store against a small reference model: random operations, and after each the whole of both compared.

use super::{request, ts};
use ivr_tui::host::state_dir::StateDir;
use ivr_tui::outbound::outcome::Suppression;
use ivr_tui::outbound::store::{JobQuery, Opening};
use ivr_tui::outbound::{EnqueueRequest, Fence, JobId, JobState, Store, WorkerId};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of a model's clock since [`start`].
type Minute = i64;

fn start() -> Timestamp {
    ts("2026-02-24T15:00:00Z")
}

fn at(minute: Minute) -> Timestamp {
    start() + SignedDuration::from_mins(minute)
}

const LEASE: Minute = 5;
const GAP: Minute = 30;
const CAP: usize = 2;
const MAX_ATTEMPTS: usize = 3;
const BASE: Minute = 20;
const LONGEST: Minute = 30;
const ACCOUNTS: usize = 3;

/// One thing that is done to both. Jobs are named by their place; a place without a job is nobody.
#[derive(Clone, Debug)]
enum Op {
    Enqueue {
        account: usize,
        campaign: usize,
        priority: i64,
        scheduled: Option<Minute>,
    },
    Lease,
    Open(usize),
    Start(usize),
    Succeed(usize),
    Fail(usize),
    Release(usize),
    Defer(usize, Minute),
    Heartbeat(usize),
    Cancel(usize),
    RetryNow(usize),
    Requeue(usize),
    Suppress(usize),
    Wake,
    Reopen,
    Pass(Minute),
    /// A write with the number of the lease before the last one.
    Stale(usize),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let job = 0_usize..8;
    let op = prop_oneof![
        4 => (0..ACCOUNTS, 0_usize..2, 0_i64..3, prop::option::of(0_i64..200))
            .prop_map(|(account, campaign, priority, scheduled)| Op::Enqueue { account, campaign, priority, scheduled }),
        5 => Just(Op::Lease),
        3 => job.clone().prop_map(Op::Open),
        5 => job.clone().prop_map(Op::Start),
        2 => job.clone().prop_map(Op::Succeed),
        4 => job.clone().prop_map(Op::Fail),
        1 => job.clone().prop_map(Op::Release),
        1 => (job.clone(), 0_i64..100).prop_map(|(j, m)| Op::Defer(j, m)),
        1 => job.clone().prop_map(Op::Heartbeat),
        1 => job.clone().prop_map(Op::Cancel),
        1 => job.clone().prop_map(Op::RetryNow),
        2 => job.clone().prop_map(Op::Requeue),
        1 => (0..ACCOUNTS * 12).prop_map(Op::Suppress),
        1 => Just(Op::Wake),
        1 => Just(Op::Reopen),
        5 => (1_i64..45).prop_map(Op::Pass),
        3 => job.prop_map(Op::Stale),
    ];
    prop::collection::vec(op, 1..60)
}

/// A job as the model keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    account: usize,
    campaign: usize,
    priority: i64,
    scheduled: Option<Minute>,
    state: JobState,
    /// When it may be leased, while it is queued or waiting.
    due: Minute,
    fence: i64,
    expires: Minute,
    attempts: usize,
    earlier: usize,
    reason: Option<String>,
    /// Since when it holds a lease that has not dialed.
    reserved: Option<Minute>,
}

#[derive(Clone, Debug, Default)]
struct Model {
    now: Minute,
    jobs: Vec<Kept>,
    dialed: BTreeMap<usize, Vec<Minute>>,
    barred: BTreeSet<usize>,
}

impl Model {
    fn counted(&self, account: usize) -> Vec<Minute> {
        let dialed = self.dialed.get(&account).cloned().unwrap_or_default();
        let reserved = self
            .jobs
            .iter()
            .filter(|j| j.account == account)
            .filter_map(|j| j.reserved);
        dialed.into_iter().chain(reserved).collect()
    }

    /// Whether a job may be dialed at a minute: hours, cap and gap in UTC, read off a plain clock.
    fn lawful(&self, account: usize, minute: Minute) -> bool {
        // The model begins at 15:00 UTC.
        let clock = |m: Minute| m + 15 * 60;
        let of_day = clock(minute).rem_euclid(1440);
        let day = clock(minute).div_euclid(1440);
        let counted = self.counted(account);
        (8 * 60..21 * 60).contains(&of_day)
            && counted
                .iter()
                .filter(|m| clock(**m).div_euclid(1440) == day)
                .count()
                < CAP
            && counted.iter().all(|m| minute >= m + GAP)
    }

    fn expire(&mut self, i: usize) {
        let now = self.now;
        let job = &mut self.jobs[i];
        job.reason = Some("lease_expired".to_owned());
        job.reserved = None;
        if job.state == JobState::Leased {
            (job.state, job.due) = (JobState::Queued, now);
        } else if job.attempts - job.earlier >= MAX_ATTEMPTS {
            job.state = JobState::DeadLetter;
        } else {
            job.state = JobState::Queued;
            job.due = now + backoff(job.attempts - job.earlier);
        }
    }

    fn wake(&mut self) {
        for i in 0..self.jobs.len() {
            if self.jobs[i].state.is_held() && self.jobs[i].expires <= self.now {
                self.expire(i);
            }
            if self.jobs[i].state == JobState::WaitingRetry && self.jobs[i].due <= self.now {
                self.jobs[i].state = JobState::Queued;
            }
        }
    }

    /// Gates and leases; whether it was leased.
    fn open(&mut self, i: usize) -> bool {
        let (now, account) = (self.now, self.jobs[i].account);
        if self.barred.contains(&account) {
            self.jobs[i].state = JobState::Canceled;
            self.jobs[i].reason = Some("blocked_suppression_dnc".to_owned());
            return false;
        }
        if !self.lawful(account, now) {
            let next = (now..now + 4 * 1440).find(|m| self.lawful(account, *m)).unwrap();
            let of_day = (now + 15 * 60).rem_euclid(1440);
            let cap = (now + 15 * 60).div_euclid(1440);
            let used = self
                .counted(account)
                .iter()
                .filter(|m| (*m + 15 * 60).div_euclid(1440) == cap)
                .count();
            let code = if !(8 * 60..21 * 60).contains(&of_day) {
                "outside_call_window"
            } else if used >= CAP {
                "daily_attempt_cap"
            } else {
                "min_gap"
            };
            let job = &mut self.jobs[i];
            (job.state, job.due) = (JobState::WaitingRetry, next);
            job.reason = Some(format!("blocked_policy_{code}"));
            return false;
        }
        let job = &mut self.jobs[i];
        job.state = JobState::Leased;
        job.fence += 1;
        job.attempts += 1;
        job.expires = now + LEASE;
        job.reserved = Some(now);
        true
    }

    fn end(&mut self, i: usize, state: JobState, reason: Option<&str>) {
        let job = &mut self.jobs[i];
        (job.state, job.reserved) = (state, None);
        job.reason = reason.map(str::to_owned);
    }

    fn next(&self) -> Option<usize> {
        let ready = |j: &Kept| j.state == JobState::Queued && j.due <= self.now;
        let queued = self.jobs.iter().enumerate().filter(|(_, j)| ready(j));
        queued.min_by_key(|(i, j)| (j.priority, *i)).map(|(i, _)| i)
    }

    fn unfinished(&self, account: usize, campaign: usize) -> bool {
        let same = |j: &&Kept| (j.account, j.campaign) == (account, campaign);
        self.jobs.iter().filter(same).any(|j| !j.state.is_finished())
    }
}

fn backoff(n: usize) -> Minute {
    (BASE << (n - 1)).min(LONGEST)
}

/// Both sides, and how places name jobs.
struct Pair {
    model: Model,
    store: Store,
    ids: Vec<JobId>,
    state: StateDir,
    _dir: tempfile::TempDir,
}

impl Pair {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::open(dir.path()).unwrap();
        Self {
            model: Model::default(),
            store: Store::open(&state).unwrap(),
            ids: Vec::new(),
            state,
            _dir: dir,
        }
    }

    /// Does `op` to both; whether each accepted it.
    fn apply(&mut self, op: &Op) -> (bool, bool) {
        let now = at(self.model.now);
        let lease = SignedDuration::from_mins(LEASE);
        let worker = WorkerId::from("w");
        let named = match op {
            Op::Open(i)
            | Op::Start(i)
            | Op::Succeed(i)
            | Op::Fail(i)
            | Op::Release(i)
            | Op::Defer(i, _)
            | Op::Heartbeat(i)
            | Op::Cancel(i)
            | Op::RetryNow(i)
            | Op::Requeue(i)
            | Op::Stale(i) => Some(*i),
            _ => None,
        };
        let Some((i, id)) = named.map_or(Some((0, JobId::default())), |i| {
            Some((i, self.ids.get(i)?.clone()))
        }) else {
            return (false, false);
        };
        let fence = Fence(self.model.jobs.get(i).map_or(0, |j| j.fence));
        let (m, s) = (&mut self.model, &mut self.store);
        let is = |m: &Model, states: &[JobState]| m.jobs.get(i).is_some_and(|j| states.contains(&j.state));
        match op {
            Op::Enqueue {
                account,
                campaign,
                priority,
                scheduled,
            } => {
                let made = s
                    .enqueue(&asked(*account, *campaign, *priority, *scheduled), now)
                    .unwrap();
                let known = match scheduled {
                    None => m.unfinished(*account, *campaign),
                    some => m
                        .jobs
                        .iter()
                        .any(|j| (j.account, j.campaign, &j.scheduled) == (*account, *campaign, some)),
                };
                if !known {
                    self.ids.push(made.job.job_id);
                    m.jobs.push(Kept {
                        account: *account,
                        campaign: *campaign,
                        priority: *priority,
                        scheduled: *scheduled,
                        state: JobState::Queued,
                        due: scheduled.unwrap_or(m.now),
                        fence: 0,
                        expires: 0,
                        attempts: 0,
                        earlier: 0,
                        reason: None,
                        reserved: None,
                    });
                }
                (made.created, !known)
            }
            Op::Lease => {
                let leased = s.lease(&worker, lease, now).unwrap().map(|l| l.job.job_id);
                m.wake();
                let mut expected = None;
                while let Some(i) = m.next() {
                    if m.open(i) {
                        expected = Some(self.ids[i].clone());
                        break;
                    }
                }
                (leased == expected, true)
            }
            Op::Open(_) => {
                let opened = s.lease_job(&id, &worker, lease, now);
                if is(m, &[JobState::Leased, JobState::Running]) && m.jobs[i].expires <= m.now {
                    m.expire(i);
                }
                if !is(m, &[JobState::Queued, JobState::WaitingRetry]) {
                    return (opened.is_err(), true);
                }
                (matches!(opened.unwrap(), Opening::Leased(_)), m.open(i))
            }
            Op::Start(_) => {
                let done = s.start(&id, fence, None, now).is_ok();
                let may = is(m, &[JobState::Leased]) && m.jobs[i].expires > m.now;
                if may {
                    m.jobs[i].state = JobState::Running;
                    m.jobs[i].reserved = None;
                    m.dialed.entry(m.jobs[i].account).or_default().push(m.now);
                }
                (done, may)
            }
            Op::Succeed(_) => {
                let done = s.succeed(&id, fence, "ptp_set", None, now).is_ok();
                let may = is(m, &[JobState::Running]);
                if may {
                    m.end(i, JobState::Succeeded, None);
                }
                (done, may)
            }
            Op::Fail(_) => {
                let done = s.fail(&id, fence, "no_route", None, now).is_ok();
                let may = is(m, &[JobState::Running]);
                if may {
                    fail(m, i, "no_route");
                }
                (done, may)
            }
            Op::Release(_) => {
                let done = s.release(&id, fence, now).is_ok();
                let may = is(m, &[JobState::Leased, JobState::Running]);
                if is(m, &[JobState::Running]) {
                    fail(m, i, "released");
                } else if may {
                    m.end(i, JobState::Queued, None);
                    m.jobs[i].due = m.now;
                }
                (done, may)
            }
            Op::Defer(_, by) => {
                let until = m.now + by;
                let done = s.defer(&id, fence, at(until), "later", now).is_ok();
                let may = is(m, &[JobState::Leased]);
                if may {
                    m.end(i, JobState::WaitingRetry, Some("later"));
                    m.jobs[i].due = until;
                }
                (done, may)
            }
            Op::Heartbeat(_) => {
                let done = s.heartbeat(&id, fence, lease, now).is_ok();
                let may = is(m, &[JobState::Leased, JobState::Running]);
                if may {
                    m.jobs[i].expires = m.now + LEASE;
                }
                (done, may)
            }
            Op::Cancel(_) => {
                let done = s.cancel(&id, "operator", now).is_ok();
                let may = !m.jobs[i].state.is_finished();
                if may {
                    m.end(i, JobState::Canceled, Some("operator"));
                }
                (done, may)
            }
            Op::RetryNow(_) => {
                let done = s.retry_now(&id, now).is_ok();
                let may = is(m, &[JobState::WaitingRetry]);
                if may {
                    (m.jobs[i].state, m.jobs[i].due) = (JobState::Queued, m.now);
                }
                (done, may)
            }
            Op::Requeue(_) => {
                let done = s.requeue(&id, now).is_ok();
                let job = &m.jobs[i];
                let alone = job.scheduled.is_some() || !m.unfinished(job.account, job.campaign);
                let may = is(m, &[JobState::DeadLetter]) && alone;
                if may {
                    m.end(i, JobState::Queued, None);
                    m.jobs[i].due = m.now;
                    m.jobs[i].earlier = m.jobs[i].attempts;
                }
                (done, may)
            }
            Op::Suppress(account) => {
                // Most draws name an account that has no job, so that not every run ends barred.
                let reference = format!("acct_{account}");
                let canceled = s
                    .suppress(
                        &reference.as_str().into(),
                        Suppression::Dnc,
                        "letter",
                        "test",
                        now,
                    )
                    .unwrap();
                m.barred.insert(*account);
                let mut expected = 0;
                for i in 0..m.jobs.len() {
                    let cancelable = [JobState::Queued, JobState::Leased, JobState::WaitingRetry];
                    if m.jobs[i].account == *account && cancelable.contains(&m.jobs[i].state) {
                        m.end(i, JobState::Canceled, Some("blocked_suppression_dnc"));
                        expected += 1;
                    }
                }
                (canceled == expected, true)
            }
            Op::Wake => {
                m.wake();
                (s.wake(now).is_ok(), true)
            }
            Op::Reopen => {
                *s = Store::open(&self.state).unwrap();
                (true, true)
            }
            Op::Pass(minutes) => {
                m.now += minutes;
                (true, true)
            }
            Op::Stale(_) => (s.heartbeat(&id, Fence(fence.0 - 1), lease, now).is_err(), true),
        }
    }

    /// What the store shows of each job, and what the model does.
    fn compare(&self) -> (Vec<Kept>, Vec<Kept>) {
        let everything = JobQuery {
            limit: 1000,
            ..JobQuery::default()
        };
        let mut jobs: BTreeMap<JobId, _> = BTreeMap::new();
        for job in self.store.list(&everything).unwrap() {
            jobs.insert(job.job_id.clone(), job);
        }
        assert_eq!(
            jobs.len(),
            self.ids.len(),
            "a job is missing or twice in the list"
        );
        let minute = |t: Timestamp| (t.as_second() - start().as_second()) / 60;
        let seen = self.ids.iter().zip(&self.model.jobs).map(|(id, kept)| {
            let job = &jobs[id];
            assert_eq!(job.lease_owner.is_some(), job.state.is_held());
            assert_eq!(
                job.attempts.iter().filter(|a| a.ended_at_utc.is_none()).count(),
                usize::from(job.state.is_held())
            );
            Kept {
                state: job.state,
                due: if job.next_attempt_at_utc.is_some() {
                    minute(job.due_at())
                } else {
                    kept.due
                },
                fence: job.fence.0,
                expires: job.lease_expires_at_utc.map_or(kept.expires, minute),
                attempts: job.attempts.len(),
                reason: job.failure_reason.clone(),
                ..kept.clone()
            }
        });
        (seen.collect(), self.model.jobs.clone())
    }
}

fn fail(m: &mut Model, i: usize, reason: &str) {
    let n = m.jobs[i].attempts - m.jobs[i].earlier;
    let dead = n >= MAX_ATTEMPTS;
    m.end(
        i,
        if dead {
            JobState::DeadLetter
        } else {
            JobState::WaitingRetry
        },
        Some(reason),
    );
    if !dead {
        m.jobs[i].due = m.now + backoff(n);
    }
}

fn asked(account: usize, campaign: usize, priority: i64, scheduled: Option<Minute>) -> EnqueueRequest {
    EnqueueRequest {
        campaign_id: format!("campaign_{campaign}"),
        priority,
        scheduled_for_utc: scheduled.map(|m| at(m).to_string()),
        timezone: "UTC".to_owned(),
        allowed_local_time_ranges: Vec::new(),
        daily_attempt_cap: i64::try_from(CAP).unwrap(),
        min_gap_minutes: GAP,
        max_attempts: i64::try_from(MAX_ATTEMPTS).unwrap(),
        base_delay_seconds: BASE * 60,
        max_delay_seconds: LONGEST * 60,
        ..request(&format!("acct_{account}"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, ..ProptestConfig::default() })]
    #[test]
    fn the_store_does_what_the_model_does(ops in ops()) {
        let mut pair = Pair::new();
        for (n, op) in ops.iter().enumerate() {
            let (store, model) = pair.apply(op);
            prop_assert_eq!(store, model, "step {}: {:?}", n, op);
            let (seen, expected) = pair.compare();
            prop_assert_eq!(seen, expected, "after step {}: {:?}", n, op);
        }
        let counts = pair.store.counts().unwrap();
        for (state, n) in counts.iter() {
            let expected = pair.model.jobs.iter().filter(|j| j.state == state).count();
            prop_assert_eq!(n, expected as u64);
        }
    }
}
