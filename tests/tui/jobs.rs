//! The queue on the screen, over a real store: what the worker does is done here by hand, at a time that stands still.

use crate::desk::Desk;
use ivr_tui::host::lines::{Lines, Opened, Wanted};
use ivr_tui::line::catalog;
use ivr_tui::outbound::store::{Options, Store};
use ivr_tui::outbound::{Call, EnqueueRequest, JobState, Opened as OpenedCall, PresetParty, WorkerId};
use ivr_tui::tui::effect::{Effect, OpenedJob, QueueWish, Report};
use ivr_tui::tui::pane::Pane;
use ivr_tui::tui::pane::jobs::Page;
use jiff::Timestamp;
use tempfile::TempDir;

/// Noon in Chicago.
const NOON: &str = "2026-02-10T18:00:00Z";

struct Office {
    desk: Desk,
    store: Store,
    running: Option<Box<Call>>,
    now: Timestamp,
    _folder: TempDir,
}

impl Office {
    fn new(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_with(&folder.path().join("ivr.db"), Options::default()).unwrap();
        let mut office = Self {
            desk: Desk::bank(120, 36),
            store,
            running: None,
            now: now.parse().unwrap(),
            _folder: folder,
        };
        office.desk.model.opened_at = office
            .now
            .to_zoned(jiff::tz::TimeZone::get("America/Chicago").unwrap());
        office.serve();
        office
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        self.desk.keys(keys);
        self.serve();
        self
    }

    /// Grants every wish that is open, as the worker would.
    fn serve(&mut self) {
        while let Some(wish) = self.next_wish() {
            let report = self.grant(wish);
            if let Some(report) = report {
                self.desk.report(report);
            }
            let query = self.desk.model.queue.asked.clone().unwrap_or_default();
            let (jobs, total) = (
                self.store.list(&query).unwrap(),
                self.store.count(&query).unwrap(),
            );
            let counts = self.store.counts().unwrap();
            self.desk
                .report(Report::Jobs(Box::new(Page { query, jobs, total }), counts));
            self.desk.screen();
        }
    }

    fn next_wish(&mut self) -> Option<QueueWish> {
        let at = self
            .desk
            .effects
            .iter()
            .position(|e| matches!(e, Effect::Queue(_)))?;
        match self.desk.effects.remove(at) {
            Effect::Queue(wish) => Some(wish),
            _ => None,
        }
    }

    fn grant(&mut self, wish: QueueWish) -> Option<Report> {
        match wish {
            QueueWish::Enqueue(name) => {
                let preset = catalog::presets().into_iter().find(|p| p.name == name)?;
                let party = PresetParty {
                    target_name: &preset.target_name,
                    phone: &preset.phone,
                    account_ref: &preset.case_id,
                    case_id: &preset.case_id,
                    timezone: &preset.timezone,
                    language: "en-US",
                };
                self.store
                    .enqueue(&EnqueueRequest::from_preset("test", &party), self.now)
                    .unwrap();
                Some(Report::Done("in the queue".to_owned()))
            }
            QueueWish::Open(job) => {
                let opened = self
                    .store
                    .open_call(&job, &WorkerId::from("test"), self.now)
                    .unwrap();
                Some(match opened {
                    OpenedCall::Call(call) => {
                        let job = call.job.clone();
                        self.running = Some(call);
                        Report::JobOpened(Box::new(OpenedJob { job, opened: line() }))
                    }
                    OpenedCall::Blocked { job, decision } => Report::JobBlocked(job, decision),
                })
            }
            QueueWish::Cancel(job) => {
                self.store.cancel(&job, "canceled_by_operator", self.now).unwrap();
                None
            }
            QueueWish::Retry(job) => {
                self.store.retry_now(&job, self.now).unwrap();
                None
            }
            QueueWish::Skip(by) => {
                self.now = self.now.checked_add(by).unwrap();
                None
            }
            QueueWish::Finish { outcome } => {
                let call = self.running.take()?;
                match outcome {
                    Some(o) => {
                        self.store
                            .finish_call(&call.job.job_id, call.fence, &o, &call.call_id, self.now)
                    }
                    None => self.store.abandon_call(&call.job.job_id, call.fence, self.now),
                }
                .unwrap();
                None
            }
            QueueWish::Show(_) => None,
        }
    }

    fn count(&self, state: JobState) -> u64 {
        self.store.counts().unwrap().of(state)
    }
}

fn line() -> Opened {
    Lines::new(None).open(&Wanted::named("collections")).unwrap()
}

#[test]
fn an_empty_queue_says_which_key_fills_it() {
    let mut office = Office::new(NOON);
    office.keys("j");
    let screen = office.desk.screen();
    assert!(screen.contains("a enqueue"), "{screen}");
}

#[test]
fn a_job_is_enqueued_opened_and_ended_by_its_calls_outcome() {
    let mut office = Office::new(NOON);
    office.keys("ja<enter>");
    assert_eq!(office.count(JobState::Queued), 1);
    assert!(
        office.desk.screen().contains("CASE_DEMO_001"),
        "{}",
        office.desk.screen()
    );
    office.keys("<enter>");
    assert_eq!(office.count(JobState::Running), 1);
    assert_eq!(office.desk.model.focus, Pane::Input);
    assert!(office.desk.model.queue.running.is_some());
    office.keys("wrong number<enter>");
    for _ in 0..4 {
        if office.desk.model.call.ended() {
            break;
        }
        office.keys("no, wrong number<enter>");
    }
    assert!(office.desk.model.call.ended(), "{}", office.desk.screen());
    assert_eq!(
        (
            office.count(JobState::Running),
            office.desk.model.queue.running.is_some()
        ),
        (0, false)
    );
    let jobs = office
        .store
        .list(&ivr_tui::outbound::store::JobQuery::default())
        .unwrap();
    assert_eq!(jobs[0].outcome(), Some("wrong_party"));
    assert!(
        office.desk.screen().contains("Jobs ──"),
        "{}",
        office.desk.screen()
    );
    office.keys("bbtno<enter>");
    assert_eq!(
        office
            .desk
            .effects
            .iter()
            .filter(|e| matches!(e, Effect::Queue(_)))
            .count(),
        0,
        "ended once, and only once"
    );
}

#[test]
fn a_call_that_is_left_counts_as_an_attempt_and_waits() {
    let mut office = Office::new(NOON);
    office.keys("ja<enter>").keys("<enter>");
    assert_eq!(office.count(JobState::Running), 1);
    office.keys("<alt-n>");
    assert_eq!(
        (
            office.count(JobState::Running),
            office.count(JobState::WaitingRetry)
        ),
        (0, 1)
    );
}

#[test]
fn outside_the_call_window_the_gate_says_why_and_when() {
    let mut office = Office::new("2026-02-10T09:00:00Z");
    office.keys("ja<enter>").keys("<enter>");
    assert_eq!(
        (
            office.count(JobState::Running),
            office.count(JobState::WaitingRetry)
        ),
        (0, 1)
    );
    let screen = office.desk.screen();
    assert!(
        screen.contains("Not called") && screen.contains("08:00"),
        "{screen}"
    );
    assert_eq!(
        office.desk.model.call.opened.name, "bank",
        "the call on the screen stays"
    );
}

#[test]
fn cancel_retry_filter_and_sort() {
    let mut office = Office::new("2026-02-10T09:00:00Z");
    office
        .keys("ja<enter>")
        .keys("a<down><enter>")
        .keys("a<down><down><enter>");
    assert_eq!(office.count(JobState::Queued), 3);
    office.keys("c");
    assert_eq!(office.count(JobState::Canceled), 1);
    office.keys("<down><enter>");
    assert_eq!(office.count(JobState::WaitingRetry), 1);
    office.keys("r");
    assert_eq!(office.count(JobState::WaitingRetry), 0);
    office.keys("/003<enter>");
    assert!(
        office.desk.screen().contains("“003” 1 of 3"),
        "{}",
        office.desk.screen()
    );
    office.keys("/<ctrl-u><enter>s");
    assert_eq!(office.desk.model.panes.jobs.order().label(), "newest");
    insta::assert_snapshot!("jobs_120x36", office.desk.wait(6000).screen());
}

#[test]
fn what_cannot_be_chosen_says_what_to_do() {
    let mut office = Office::new(NOON);
    office.keys("jc");
    assert!(
        office.desk.screen().contains("a enqueues one"),
        "{}",
        office.desk.screen()
    );
}
