//! The store under `kill -9` and under several processes at once.
//!
//! This binary starts itself again as its own children: a child hammers the store and says on its standard output what
//! it is about to do and what is done; the parent kills it at a drawn place in that stream, opens the database and
//! checks that everything that was reported as done is there. Nothing waits for a clock: the two sides only wait for
//! each other's lines. `IVR_SOAK=1` kills a thousand times instead of twenty.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect should stop there"
)]

use ivr_tui::outbound::store::{JobQuery, Options};
use ivr_tui::outbound::{EnqueueRequest, Fence, Job, JobId, JobState, PartyProfile, Store, WorkerId};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const ROLE: &str = "IVR_TEST_CHILD";
const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// The claims that this file makes, by name.
const CLAIMS: [(&str, fn()); 6] = [
    ("a_kill_at_any_point_loses_nothing_that_was_done", kill_one),
    (
        "a_kill_while_the_database_is_created_leaves_one_that_opens",
        kill_while_creating,
    ),
    (
        "a_kill_beside_a_second_process_loses_nothing_that_was_done",
        kill_beside_another,
    ),
    ("two_processes_never_lease_the_same_job", lease_together),
    (
        "no_account_is_dialed_twice_inside_its_gap_whatever_the_race",
        dial_together,
    ),
    (
        "processes_that_create_the_database_together_all_succeed",
        create_together,
    ),
];

fn main() {
    if let Ok(role) = env::var(ROLE) {
        return child(&role);
    }
    // The usual arguments of a test binary: a filter, and --list.
    let args: Vec<String> = env::args().skip(1).collect();
    let filter: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| filter.is_empty() || filter.iter().any(|f| name.contains(f.as_str()));
    for (name, claim) in CLAIMS.into_iter().filter(|(name, _)| wanted(name)) {
        if args.iter().any(|a| a == "--list") {
            println!("{name}: test");
        } else {
            claim();
            println!("test {name} ... ok");
        }
    }
}

// ---- what both sides know ----

fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-02-24T15:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(second)
}

fn request(campaign: &str, account: &str, gap: i64) -> EnqueueRequest {
    EnqueueRequest {
        timezone: "UTC".to_owned(),
        allowed_local_time_ranges: Vec::new(),
        daily_attempt_cap: 1000,
        min_gap_minutes: gap,
        base_delay_seconds: 30,
        ..EnqueueRequest::new(
            campaign,
            account,
            PartyProfile::new("Alex Morgan", "+1 (555) 010-2000"),
            "CASE_DEMO_001",
        )
    }
}

fn open(path: &Path) -> Store {
    let options = Options {
        busy_timeout: std::time::Duration::from_mins(1),
        ..Options::default()
    };
    Store::open_with(path, options).unwrap()
}

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

// ---- the child ----

/// `role` is `hammer|lease|dial|create`, the database, a seed and a second, separated by `|`.
fn child(role: &str) {
    let parts: Vec<&str> = role.split('|').collect();
    let (path, seed) = (PathBuf::from(parts[1]), parts[2].parse().unwrap());
    let now = at(parts[3].parse().unwrap());
    say("ready");
    let mut go = String::new();
    io::stdin().read_line(&mut go).unwrap();
    let mut store = open(&path);
    match parts[0] {
        "hammer" => hammer(&mut store, seed, now),
        "lease" => while lease(&mut store, seed, now).is_some() {},
        "dial" => {
            while let Some((id, fence)) = lease(&mut store, seed, now) {
                store.start(&id, fence, None, now).unwrap();
                store.succeed(&id, fence, "ptp_set", None, now).unwrap();
            }
        }
        "create" => {
            let made = store
                .enqueue(&request("c", &format!("acct_{seed}"), 0), now)
                .unwrap();
            report(&made.job);
        }
        other => panic!("no role {other}"),
    }
}

/// A parent that went away is the end of the child, too.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

fn report(job: &Job) {
    say(&format!("done {} {} {}", job.job_id, job.state, job.fence));
}

fn lease(store: &mut Store, seed: u64, now: Timestamp) -> Option<(JobId, Fence)> {
    let worker = WorkerId::from(format!("w{seed}"));
    let leased = store.lease(&worker, LEASE, now).unwrap()?;
    report(&leased.job);
    Some((leased.job.job_id, leased.fence))
}

/// Does one thing after another until it is killed. Each is announced before it begins and reported when it is done.
fn hammer(store: &mut Store, seed: u64, now: Timestamp) {
    let mut draw = Draw(seed);
    let mut leased: Vec<(JobId, Fence)> = Vec::new();
    let mut running: Vec<(JobId, Fence)> = Vec::new();
    for n in 0_u64.. {
        let pick = draw.below(10);
        say("begin");
        match pick {
            0..=2 => {
                let account = format!("acct_{seed}_{n}");
                report(&store.enqueue(&request("c", &account, 0), now).unwrap().job);
            }
            3..=5 => leased.extend(lease(store, seed, now)),
            6..=7 => {
                if let Some((id, fence)) = leased.pop() {
                    report(&store.start(&id, fence, None, now).unwrap());
                    running.push((id, fence));
                }
            }
            _ => {
                if let Some((id, fence)) = running.pop() {
                    let ended = match draw.below(4) {
                        0 => store.fail(&id, fence, "no_route", None, now),
                        1 => store.cancel(&id, "operator", now),
                        _ => store.succeed(&id, fence, "ptp_set", None, now),
                    };
                    report(&ended.unwrap());
                }
            }
        }
    }
}

// ---- the parent ----

struct Running {
    process: Child,
    lines: io::Lines<BufReader<ChildStdout>>,
    stdin: ChildStdin,
}

/// Starts a child and waits until it is up.
fn spawn(role: &str, path: &Path, seed: u64, second: i64) -> Running {
    let mut process = Command::new(env::current_exe().unwrap())
        .env(ROLE, format!("{role}|{}|{seed}|{second}", path.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let stdin = process.stdin.take().unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    Running {
        process,
        lines,
        stdin,
    }
}

impl Running {
    fn go(&mut self) {
        self.stdin.write_all(b"go\n").unwrap();
    }

    /// Reads to the end and waits for it; the jobs it reported, in order.
    fn finish(mut self) -> Vec<String> {
        let done = self.lines.by_ref().map(|l| l.unwrap());
        let jobs = done
            .filter_map(|l| Some(l.strip_prefix("done ")?.split(' ').next()?.to_owned()))
            .collect();
        assert!(self.process.wait().unwrap().success());
        jobs
    }

    /// Reads `lines` lines, kills, and reads what else had been said by then.
    fn kill_after(mut self, lines: u64, known: &mut Known) {
        for _ in 0..lines {
            known.note(
                &self
                    .lines
                    .next()
                    .expect("the child hammers until it is killed")
                    .unwrap(),
            );
        }
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        for line in self.lines.by_ref() {
            known.note(&line.unwrap());
        }
    }
}

/// What was reported as done: the last state and the highest fence of each job.
#[derive(Default)]
struct Known(BTreeMap<JobId, (JobState, Fence)>);

impl Known {
    /// A child writes a line with one call, so a line is whole or not there.
    fn note(&mut self, line: &str) {
        let parts: Vec<&str> = line.split(' ').collect();
        if let ["done", id, state, fence] = parts[..] {
            self.0.insert(
                JobId::from(id),
                (state.parse().unwrap(), Fence(fence.parse().unwrap())),
            );
        }
    }
}

fn number(conn: &rusqlite::Connection, sql: &str) -> i64 {
    conn.query_row(sql, [], |r| r.get(0)).unwrap()
}

/// Checks the database from inside.
fn check_inside(path: &Path) {
    let conn = rusqlite::Connection::open(path).unwrap();
    let health: String = conn
        .query_row("PRAGMA integrity_check", [], |r| r.get(0))
        .unwrap();
    assert_eq!(health, "ok");
    let nothing = [
        "SELECT count(*) FROM pragma_foreign_key_check",
        // Counts by state that are not those of the jobs.
        "SELECT count(*) FROM state_counts c WHERE jobs <> (SELECT count(*) FROM jobs j WHERE j.state = c.state)",
        // Attempts under way without a lease, and leases without one.
        "SELECT count(*) FROM attempts a JOIN jobs j ON j.seq = a.job_seq \
         WHERE (a.ended_at IS NULL) <> (j.state IN ('leased', 'running') AND a.attempt_number = j.attempts)",
        // A job whose last attempt is missing or that has more than it says.
        "SELECT count(*) FROM jobs j WHERE attempts <> (SELECT count(*) FROM attempts a WHERE a.job_seq = j.seq)",
        // A job that was dialed while its call was not on record, or started without being dialed.
        "SELECT count(*) FROM jobs j WHERE (SELECT count(*) FROM attempts a WHERE a.job_seq = j.seq AND dialed) <> \
         (SELECT count(*) FROM attempt_events e WHERE e.job_id = j.job_id AND counts)",
        "SELECT count(*) FROM jobs j JOIN attempts a ON a.job_seq = j.seq AND a.attempt_number = j.attempts \
         WHERE j.state IN ('running', 'succeeded') AND NOT dialed",
        // Something other than one successful end of a job that succeeded.
        "SELECT count(*) FROM jobs j WHERE (state = 'succeeded') <> \
         (SELECT count(*) FROM attempts a WHERE a.job_seq = j.seq AND outcome_code = 'ptp_set')",
    ];
    for sql in nothing {
        assert_eq!(number(&conn, sql), 0, "{sql}");
    }
}

/// Checks the database against what was reported as done. One more step may have been done than was reported.
fn check(path: &Path, known: &Known) {
    check_inside(path);
    let store = open(path);
    let everything = JobQuery {
        limit: u32::MAX,
        ..JobQuery::default()
    };
    let jobs: BTreeMap<JobId, Job> = store
        .list(&everything)
        .unwrap()
        .into_iter()
        .map(|j| (j.job_id.clone(), j))
        .collect();
    for (id, (state, fence)) in &known.0 {
        let job = jobs
            .get(id)
            .unwrap_or_else(|| panic!("{id} was reported as {state} and is lost"));
        assert!(
            job.fence >= *fence,
            "the fence of {id} went back from {fence} to {}",
            job.fence
        );
        if state.is_finished() {
            assert_eq!((job.state, job.fence), (*state, *fence), "{id} was finished");
        }
        if *state == JobState::Running && job.fence == *fence {
            assert_ne!(job.state, JobState::Leased, "{id} was running and stepped back");
        }
    }
}

/// After the leases of the dead ran out, nothing is held any more and the jobs are due again.
fn check_return(path: &Path, second: i64) {
    let mut store = open(path);
    store.wake(at(second)).unwrap();
    for state in [JobState::Leased, JobState::Running] {
        assert_eq!(store.counts().unwrap().of(state), 0, "{state}");
    }
    drop(store);
    check_inside(path);
}

fn kills() -> u64 {
    if env::var_os("IVR_SOAK").is_some_and(|v| v == "1") {
        1000
    } else {
        20
    }
}

fn database() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ivr.db");
    (dir, path)
}

fn kill_one() {
    let (_dir, path) = database();
    let mut known = Known::default();
    let mut draw = Draw(1);
    for round in 0..kills() {
        // Leases of this round have run out by the next; the backoff of what they were calling has not always.
        let second = i64::try_from(round).unwrap() * 100;
        let mut child = spawn("hammer", &path, round, second);
        child.go();
        child.kill_after(draw.below(120), &mut known);
        check(&path, &known);
        check_return(&path, second + 95);
    }
    assert!(
        known.0.len() > 50,
        "the children did something: {}",
        known.0.len()
    );
}

/// Kills a child that makes a new database as soon as there is a sign of how far it got.
fn kill_while_creating() {
    let signs: [fn(&Path) -> bool; 5] = [
        |_| true,
        Path::exists,
        |path| path.metadata().is_ok_and(|m| m.len() > 0),
        |path| path.with_file_name("ivr.db-wal").exists(),
        |path| {
            path.with_file_name("ivr.db-wal")
                .metadata()
                .is_ok_and(|m| m.len() > 0)
        },
    ];
    for sign in signs.into_iter().cycle().take(usize::try_from(kills()).unwrap()) {
        let (_dir, path) = database();
        let mut child = spawn("create", &path, 0, 0);
        child.go();
        // A child that is done before its sign was seen has nothing left to kill; that is a lawful round, too.
        while !sign(&path) && child.process.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        let mut known = Known::default();
        child.kill_after(0, &mut known);
        drop(open(&path));
        check(&path, &known);
        assert!(
            open(&path)
                .enqueue(&request("c", "acct_next", 0), at(0))
                .unwrap()
                .created
        );
    }
}

fn kill_beside_another() {
    let (_dir, path) = database();
    let mut draw = Draw(2);
    let mut known = Known::default();
    for round in 0..kills() / 5 {
        let second = i64::try_from(round).unwrap() * 100;
        let mut pair = [0, 1].map(|n| spawn("hammer", &path, 1_000_000 + round * 2 + n, second));
        for child in &mut pair {
            child.go();
        }
        let [first, second_child] = pair;
        first.kill_after(draw.below(60), &mut known);
        // Lines of the survivor that wait in its pipe are older than what it does now, so it is read after its end.
        second_child.kill_after(draw.below(120), &mut known);
        check_inside(&path);
        check_return(&path, second + 95);
    }
    assert!(!known.0.is_empty());
}

/// Starts children of one role at the same moment; what each reported.
fn together(role: &str, path: &Path, processes: u64) -> Vec<Vec<String>> {
    let mut children: Vec<Running> = (0..processes).map(|n| spawn(role, path, n, 0)).collect();
    for child in &mut children {
        child.go();
    }
    children.into_iter().map(Running::finish).collect()
}

fn lease_together() {
    let (_dir, path) = database();
    let requests: Vec<EnqueueRequest> = (0..120).map(|n| request("c", &format!("acct_{n}"), 0)).collect();
    open(&path).enqueue_all(&requests, at(0)).unwrap();
    let leased = together("lease", &path, 3);
    let all: Vec<&String> = leased.iter().flatten().collect();
    let different: BTreeSet<&String> = all.iter().copied().collect();
    assert_eq!((all.len(), different.len()), (120, 120), "each job exactly once");
    check_inside(&path);
}

fn dial_together() {
    let (_dir, path) = database();
    let requests: Vec<EnqueueRequest> = (0..120)
        .map(|n| request(&format!("campaign_{}", n / 40), &format!("acct_{}", n % 40), 60))
        .collect();
    open(&path).enqueue_all(&requests, at(0)).unwrap();
    let dialed: usize = together("dial", &path, 3).iter().map(Vec::len).sum();
    assert_eq!(dialed, 40, "one job of each account");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let twice = "SELECT count(*) FROM (SELECT 1 FROM attempt_events WHERE counts GROUP BY account_ref HAVING count(*) <> 1)";
    assert_eq!(number(&conn, twice), 0);
    assert_eq!(
        number(&conn, "SELECT count(*) FROM jobs WHERE state = 'waiting_retry'"),
        80
    );
}

fn create_together() {
    for _ in 0..3 {
        let (_dir, path) = database();
        let made: Vec<usize> = together("create", &path, 4).iter().map(Vec::len).collect();
        assert_eq!(made, [1, 1, 1, 1]);
        assert_eq!(open(&path).counts().unwrap().total(), 4);
    }
}
