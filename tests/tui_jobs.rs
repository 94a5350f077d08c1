//! The jobs pane: what a person reads of each job, and what is asked of the store.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use ivr_tui::outbound::id::JobId;
use ivr_tui::outbound::job::{Attempt, Job, PartyProfile};
use ivr_tui::outbound::request::EnqueueRequest;
use ivr_tui::outbound::state::JobState;
use ivr_tui::outbound::store::{Counts, JobQuery, Order};
use ivr_tui::tui::Command;
use ivr_tui::tui::pane::jobs::{Page, Props, State, render, title};
use ivr_tui::tui::pane::{Hits, Nav, Pane};
use ivr_tui::tui::theme::{Theme, ThemeName};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn now() -> Timestamp {
    "2026-02-10T20:00:00Z".parse().unwrap()
}

fn job(n: u32, account: &str, state: JobState) -> Job {
    let profile = PartyProfile::new("Alex Morgan", "+1 (555) 010-2000");
    let request = EnqueueRequest::new("spring", account, profile, "ctx");
    let mut job = request.to_job(now() - SignedDuration::from_mins(30)).unwrap();
    job.job_id = format!("job_{n:06}").into();
    job.state = state;
    job
}

fn attempt(number: u32, minutes_ago: i64, outcome: Option<&str>) -> Attempt {
    let started = now() - SignedDuration::from_mins(minutes_ago);
    Attempt {
        attempt_number: number,
        started_at_utc: started,
        ended_at_utc: outcome.map(|_| started + SignedDuration::from_mins(2)),
        outcome_code: outcome.map(str::to_owned),
        error_code: None,
        call_id: None,
    }
}

/// One job of each kind an operator meets.
fn zoo() -> Vec<Job> {
    let ready = job(1, "acct_7781", JobState::Queued);
    let mut later = job(2, "acct_7782", JobState::Queued);
    later.scheduled_for_utc = Some(now() + SignedDuration::from_hours(2));
    let mut window = job(3, "acct_1204", JobState::WaitingRetry);
    window.failure_reason = Some("blocked_policy_outside_call_window".to_owned());
    window.next_attempt_at_utc = Some("2026-02-11T14:00:00Z".parse().unwrap());
    window.attempts = vec![attempt(1, 60, Some("busy"))];
    let mut retry = job(4, "acct_1205", JobState::WaitingRetry);
    retry.failure_reason = Some("lease_expired".to_owned());
    retry.next_attempt_at_utc = Some(now() + SignedDuration::from_secs(90));
    retry.attempts = vec![attempt(1, 10, Some("busy")), attempt(2, 5, Some("busy"))];
    let mut running = job(5, "acct_2000", JobState::Running);
    running.attempts = vec![attempt(1, 3, None)];
    let mut leased = job(6, "acct_2001", JobState::Leased);
    leased.lease_expires_at_utc = Some(now() + SignedDuration::from_secs(80));
    let mut done = job(7, "acct_9317", JobState::Succeeded);
    done.attempts = vec![attempt(1, 120, Some("ptp_set"))];
    let mut dnc = job(8, "acct_0042", JobState::Canceled);
    dnc.failure_reason = Some("blocked_suppression_dnc".to_owned());
    let mut dead = job(9, "a rather long account reference", JobState::DeadLetter);
    dead.failure_reason = Some("no_contact".to_owned());
    dead.attempts = (1..4).map(|n| attempt(n, 900, Some("no_contact"))).collect();
    vec![ready, later, window, retry, running, leased, done, dnc, dead]
}

fn page(jobs: Vec<Job>) -> Page {
    Page {
        query: JobQuery::default(),
        total: jobs.len() as u64,
        jobs,
    }
}

struct Desk {
    page: Option<Page>,
    counts: Counts,
    problem: Option<&'static str>,
    state: State,
}

impl Desk {
    fn with(page: Page) -> Self {
        let mut counts = std::collections::BTreeMap::new();
        for job in &page.jobs {
            *counts.entry(job.state).or_insert(0) += 1;
        }
        Self {
            page: Some(page),
            counts: counts.into_iter().collect(),
            problem: None,
            state: State::default(),
        }
    }

    fn props<'a>(&'a self, zone: &'a TimeZone) -> Props<'a> {
        Props {
            page: self.page.as_ref(),
            counts: &self.counts,
            problem: self.problem,
            open: None,
            now: now(),
            zone,
            enqueue_key: "e",
            filter_key: "/",
            focused: true,
        }
    }

    fn draw(&mut self, width: u16, height: u16) -> (String, Hits) {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let mut state = self.state.clone();
        let hits = render(
            &mut buf,
            area,
            &Theme::new(ThemeName::Dark),
            &mut state,
            &self.props(&TimeZone::UTC),
        );
        self.state = state;
        let row = |y| {
            let row: String = (0..width).map(|x| buf[(x, y)].symbol()).collect();
            format!("{}\n", row.trim_end())
        };
        ((0..height).map(row).collect(), hits)
    }

    fn screen(&mut self, width: u16, height: u16) -> String {
        self.draw(width, height).0
    }
}

#[test]
fn each_job_says_where_it_stands_when_it_may_go_and_why() {
    insta::assert_snapshot!(Desk::with(page(zoo())).screen(100, 12));
}

#[test]
fn a_narrow_table_keeps_the_phrase_that_matters() {
    insta::assert_snapshot!(Desk::with(page(zoo())).screen(46, 12));
}

#[test]
fn a_usual_account_is_whole_on_80_columns() {
    let jobs = vec![
        job(1, "CASE_DEMO_001", JobState::Queued),
        job(2, "acct_7781", JobState::Queued),
    ];
    let screen = Desk::with(page(jobs)).screen(78, 14);
    let row = screen
        .lines()
        .find(|line| line.contains("CASE_DEMO_001"))
        .unwrap_or_default();
    assert!(row.starts_with("● ready    CASE_DEMO_001"), "{screen}");
    assert!(screen.contains("prio") && screen.contains("outcome"), "{screen}");
}

#[test]
fn a_pane_of_four_rows_is_all_jobs() {
    insta::assert_snapshot!(Desk::with(page(zoo())).screen(46, 4));
}

#[test]
fn the_title_counts_by_state_or_says_what_the_filter_lets_through() {
    let mut desk = Desk::with(page(zoo()));
    let of = |desk: &Desk, columns| title(&desk.state, &desk.props(&TimeZone::UTC), columns);
    assert_eq!(
        of(&desk, 80),
        "1 running · 1 leased · 2 ready · 2 waiting · 1 dead · 1 done · 1 canceled"
    );
    assert_eq!(of(&desk, 36), "1 running · 1 leased · 2 ready …");
    desk.state.set_filter("acct_12");
    desk.page = Some(Page {
        total: 2,
        ..page(zoo()[2..4].to_vec())
    });
    assert_eq!(of(&desk, 80), "“acct_12” 2 of 9");
}

#[test]
fn an_empty_queue_teaches_the_key_that_fills_it() {
    let mut desk = Desk::with(page(Vec::new()));
    assert_eq!(desk.screen(60, 1), "no jobs yet: e enqueues one from a preset\n");
    desk.state.set_filter("zzz");
    assert_eq!(desk.screen(60, 1), "no job matches “zzz”; / changes the filter\n");
    desk.page = None;
    assert_eq!(desk.screen(60, 1), "reading the jobs…\n");
    desk.problem = Some("runtime/ivr.db: another program holds it; close that one");
    assert_eq!(
        desk.screen(60, 1),
        "runtime/ivr.db: another program holds it; close that one\n"
    );
}

#[test]
fn the_selection_stays_with_its_job_when_rows_move() {
    let mut desk = Desk::with(page(zoo()));
    desk.state.navigate(Nav::Down);
    desk.screen(80, 12);
    desk.state.navigate(Nav::Down);
    desk.screen(80, 12);
    assert_eq!(desk.state.job().map(JobId::as_str), Some("job_000003"));
    let mut jobs = zoo();
    jobs.swap(2, 7);
    desk.page = Some(page(jobs));
    desk.screen(80, 12);
    assert_eq!(desk.state.job().map(JobId::as_str), Some("job_000003"));
    assert_eq!(desk.state.selected(), 7);
}

#[test]
fn a_click_selects_a_second_opens_and_a_heading_sorts() {
    let mut desk = Desk::with(page(zoo()));
    let (_, hits) = desk.draw(80, 12);
    assert!(matches!(hits.at(5, 3), Some(Command::SelectRow(Pane::Jobs, 2))));
    assert!(matches!(hits.at(5, 1), Some(Command::OpenRow(Pane::Jobs, 0))));
    let Some(Command::SortJobs(column)) = hits.at(13, 0) else {
        panic!("{:?}", hits.at(13, 0));
    };
    let column = *column;
    desk.state.sort(column);
    assert_eq!(desk.state.order(), Order::Account);
    assert!(desk.screen(80, 12).contains("account▾"));
}

#[test]
fn only_what_is_in_view_is_asked_for() {
    let mut desk = Desk::with(page(Vec::new()));
    let first = desk.state.wants(None).expect("nothing was read yet");
    assert!(first.limit < 300 && first.offset == 0, "{first:?}");
    desk.page = Some(Page {
        jobs: (0..first.limit)
            .map(|n| job(n, "acct", JobState::Queued))
            .collect(),
        query: first,
        total: 100_000,
    });
    desk.screen(80, 30);
    assert_eq!(desk.state.wants(desk.page.as_ref()), None);
    desk.state.navigate(Nav::Bottom);
    assert!(desk.screen(80, 30).contains("100000/100000"));
    let last = desk
        .state
        .wants(desk.page.as_ref())
        .expect("the end was not read yet");
    assert!(last.limit < 300 && last.offset > 99_000, "{last:?}");
    desk.state.next_sort();
    assert_eq!(
        desk.state.wants(desk.page.as_ref()).map(|q| q.order),
        Some(Order::Newest)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_drawn_outside_the_area(
        area in (0_u16..10, 0_u16..6, 0_u16..120, 0_u16..16), down in 0_usize..12, account in "\\PC{0,20}",
    ) {
        let mut jobs = zoo();
        let mut odd = job(10, "acct", JobState::Queued);
        odd.payload.account_ref = account.as_str().into();
        jobs.push(odd);
        let desk = Desk::with(page(jobs));
        let mut state = State::default();
        state.go_to(down);
        let area = Rect::new(area.0, area.1, area.2, area.3);
        let whole = Rect::new(0, 0, 140, 30);
        let mut buf = Buffer::filled(whole, ratatui::buffer::Cell::new("~"));
        render(&mut buf, area, &Theme::new(ThemeName::Mono), &mut state, &desk.props(&TimeZone::UTC));
        for position in whole.positions() {
            if !area.contains(position) {
                prop_assert_eq!(buf[position].symbol(), "~");
            }
        }
    }
}
