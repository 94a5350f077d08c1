//! What the store costs with 100,000 jobs beside 1,000: enqueuing, calling, and what the jobs pane reads. Times depend on
//! the machine's disk, so what counts are the ratios; readings have a limit of 5 ms.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]

use ivr_tui::outbound::store::{JobQuery, Options, Order};
use ivr_tui::outbound::{EnqueueRequest, JobState, PartyProfile, Store, WorkerId};
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};

const FEW: usize = 1_000;
const MANY: usize = 100_000;
const RUNS: usize = 100;
const LIMIT: Duration = Duration::from_millis(5);

fn main() {
    let now: Timestamp = "2026-02-24T16:00:00Z".parse().unwrap();
    let (_few, mut few) = filled(FEW, now);
    let (_many, mut many) = filled(MANY, now);
    println!("{:<34}{:>12}{:>12}{:>8}", "", "1,000 jobs", "100,000", "ratio");

    let worker = WorkerId::from("w");
    let mut n = 0_usize;
    row("enqueue", [&mut few, &mut many], None, |store| {
        n += 1;
        store.enqueue(&request(&format!("new_{n}")), now).unwrap();
    });
    row("lease, start, succeed", [&mut few, &mut many], None, |store| {
        let leased = store
            .lease(&worker, SignedDuration::from_secs(90), now)
            .unwrap()
            .unwrap();
        let id = leased.job.job_id;
        store.start(&id, leased.fence, None, now).unwrap();
        store.succeed(&id, leased.fence, "ptp_set", None, now).unwrap();
    });

    let page = JobQuery::default();
    for order in Order::ALL {
        let query = JobQuery {
            order,
            ..page.clone()
        };
        reading(
            &format!("page by {}", order.label()),
            [&mut few, &mut many],
            &query,
        );
    }
    let waiting = JobQuery {
        state: Some(JobState::Queued),
        ..page.clone()
    };
    reading("page of one state", [&mut few, &mut many], &waiting);
    let campaign = JobQuery {
        campaign: Some("campaign_3".into()),
        ..page.clone()
    };
    reading("page of one campaign", [&mut few, &mut many], &campaign);
    let found = JobQuery {
        text: "acct_99".to_owned(),
        ..page.clone()
    };
    reading("page of a text that is there", [&mut few, &mut many], &found);
    let missing = JobQuery {
        text: "nobody".to_owned(),
        ..page
    };
    reading("page of a text that is not", [&mut few, &mut many], &missing);
    row("last page", [&mut few, &mut many], Some(LIMIT), |store| {
        let offset = store.counts().unwrap().total() - 50;
        let last = JobQuery {
            offset,
            ..JobQuery::default()
        };
        assert_eq!(store.list(&last).unwrap().len(), 50);
    });
    row("counts by state", [&mut few, &mut many], Some(LIMIT), |store| {
        store.counts().unwrap();
    });
    row(
        "has anything changed",
        [&mut few, &mut many],
        Some(LIMIT),
        |store| {
            store.change_stamp().unwrap();
        },
    );
    row("wake, nothing due", [&mut few, &mut many], Some(LIMIT), |store| {
        store.wake(now).unwrap();
    });
}

fn request(account: &str) -> EnqueueRequest {
    EnqueueRequest::new(
        "campaign_1",
        account,
        PartyProfile::new("Alex Morgan", "+1 (555) 010-2000"),
        "CASE_DEMO_001",
    )
}

/// A store whose jobs are a third done, a third scheduled for later and a third due.
fn filled(jobs: usize, now: Timestamp) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ivr.db");
    let mut store = Store::open_with(&path, Options::default()).unwrap();
    let requests: Vec<EnqueueRequest> = (0..jobs)
        .map(|n| EnqueueRequest {
            campaign_id: format!("campaign_{}", n % 10),
            priority: i64::try_from(n % 7).unwrap(),
            scheduled_for_utc: (n % 3 == 1).then(|| "2026-03-01T16:00:00Z".to_owned()),
            ..request(&format!("acct_{n}"))
        })
        .collect();
    for batch in requests.chunks(5_000) {
        store.enqueue_all(batch, now).unwrap();
    }
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(
        "UPDATE jobs SET state = 'succeeded', ready = 0 WHERE seq % 3 = 0; PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .unwrap();
    (dir, store)
}

fn reading(name: &str, stores: [&mut Store; 2], query: &JobQuery) {
    row(name, stores, Some(LIMIT), |store| {
        store.list(query).unwrap();
    });
}

/// Times `work` on both stores in turns, so that a busy moment of the machine falls on both, and prints the medians.
fn row(name: &str, mut stores: [&mut Store; 2], limit: Option<Duration>, mut work: impl FnMut(&mut Store)) {
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..RUNS {
        for (store, times) in stores.iter_mut().zip(&mut times) {
            let begin = Instant::now();
            work(store);
            times.push(begin.elapsed());
        }
    }
    let [few, many] = times.map(|mut all: Vec<Duration>| {
        all.sort();
        all[all.len() / 2].as_secs_f64() * 1000.0
    });
    let verdict = match limit {
        Some(limit) if many > limit.as_secs_f64() * 1000.0 => "  OVER the limit of 5 ms",
        _ => "",
    };
    println!(
        "{name:<34}{few:>9.3} ms{many:>9.3} ms{:>8.2}{verdict}",
        many / few
    );
}
