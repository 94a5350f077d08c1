//! The pictures of the README, drawn by the program itself: its own model, its own view, its own lines, a job store in a
//! temporary folder, and a clock that stands still so that the same program always draws the same pictures.
//!
//! `cargo run --example screenshots` writes them to `docs/screens`; with `-- --check` it writes nothing and fails where
//! they are not what the program draws now (a test does the same).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the people who work on the program: it stops and says why"
)]

use ivr_tui::call::Key;
use ivr_tui::host::lines::{Lines, Wanted};
use ivr_tui::outbound::job::PartyProfile;
use ivr_tui::outbound::store::{JobQuery, Options, Store};
use ivr_tui::outbound::{Call, EnqueueRequest, Job, Opened, WorkerId};
use ivr_tui::tui::config::Config;
use ivr_tui::tui::effect::{Effect, Loaded, QueueWish, Report, ScenarioRef};
use ivr_tui::tui::pane::Pane;
use ivr_tui::tui::pane::jobs::Page;
use ivr_tui::tui::svg::{Palette, svg};
use ivr_tui::tui::theme::ThemeName;
use ivr_tui::tui::{Command, Model, update, view};
use jiff::{SignedDuration, Timestamp, Zoned};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[allow(dead_code, reason = "unused where a test includes this file as a module")]
fn main() -> ExitCode {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            eprintln!("{other}: only --check is known");
            return ExitCode::from(2);
        }
    };
    if check {
        let drifted = drifted();
        for name in &drifted {
            eprintln!("docs/screens/{name} is not what the program draws");
        }
        return if drifted.is_empty() {
            ExitCode::SUCCESS
        } else {
            eprintln!("`cargo run --example screenshots` draws them anew");
            ExitCode::FAILURE
        };
    }
    std::fs::create_dir_all(folder()).expect("docs/screens can be made");
    for (name, text) in pictures() {
        std::fs::write(folder().join(name), text).expect("a picture can be written");
        println!("docs/screens/{name}");
    }
    ExitCode::SUCCESS
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens")
}

/// The pictures whose files are not what the program draws now.
pub fn drifted() -> Vec<&'static str> {
    let differs = |(name, text): &(&'static str, String)| {
        std::fs::read_to_string(folder().join(name)).map_or(true, |old| old != *text)
    };
    pictures()
        .into_iter()
        .filter(differs)
        .map(|(name, _)| name)
        .collect()
}

/// Every picture: its file's name and its text.
pub fn pictures() -> Vec<(&'static str, String)> {
    vec![
        ("bank.svg", bank()),
        ("graph.svg", graph()),
        ("collections.svg", collections()),
        ("jobs.svg", jobs()),
        ("small.svg", small()),
    ]
}

/// Logged in to the bank by keypad, in a menu.
fn bank() -> String {
    let mut stage = Stage::open("bank", 120, 36);
    stage.keys("10000001");
    stage.keys("0000");
    stage.keys("11");
    stage.picture("Operating the bank's phone menus: keypad, transcript, state graph and jobs")
}

/// The same call's state graph on the whole screen.
fn graph() -> String {
    let mut stage = Stage::open("bank", 124, 38);
    for keys in ["10000001", "0000", "1", "1", "9", "2"] {
        stage.keys(keys);
    }
    stage.run(Command::Focus(Pane::Graph));
    stage.run(Command::Zoom);
    stage.picture(
        "The bank's state graph: where the call stands, where it has been, and the keys on the edges",
    )
}

/// A collections scenario, stepped into its middle, with the inspector open.
fn collections() -> String {
    let mut stage = Stage::open("collections", 132, 42);
    let file = "scenarios/collections/happy_path_ptp_end_of_month.json";
    stage.run(Command::LoadScenario(ScenarioRef::File(file.into())));
    stage.run(Command::ToggleInspector);
    for _ in 0..2 {
        stage.run(Command::Step);
    }
    stage.picture("A collections call stepped through from a scenario, with the agent's state beside it")
}

/// The queue with jobs in several states.
fn jobs() -> String {
    let mut stage = Stage::open("collections", 110, 24);
    stage.run(Command::Focus(Pane::Jobs));
    stage.run(Command::Zoom);
    stage.run(Command::Down);
    stage.picture("The queue: which calls are due, which wait and until when, which are done")
}

/// A terminal of the usual size.
fn small() -> String {
    let mut stage = Stage::open("bank", 80, 24);
    stage.keys("10000001");
    stage.keys("00");
    stage.picture("The same in 80 columns and 24 rows, in the middle of a PIN")
}

/// The program without a terminal: what the loop around the model does, done by hand.
struct Stage {
    model: Model,
    lines: Lines,
    queue: Queue,
    terminal: Terminal<TestBackend>,
}

/// A morning in the middle of a month, in the time zone of the demo's customers.
fn now() -> Zoned {
    "2026-02-10T10:00:00-06:00[America/Chicago]"
        .parse()
        .expect("a time")
}

impl Stage {
    fn open(line: &str, width: u16, height: u16) -> Self {
        let mut lines = Lines::default();
        let opened = lines.open(&Wanted::named(line)).expect("the line ships");
        let model = Model::new(opened, Config::default(), ThemeName::Dark, now());
        let mut stage = Self {
            model,
            lines,
            queue: Queue::filled(),
            terminal: Terminal::new(TestBackend::new(width, height)).expect("a backend in memory"),
        };
        stage.model.call.begin();
        stage.run(Command::Elapse(Duration::ZERO));
        // The first frame tells the panes how large they are, and they ask for what they show.
        stage.draw();
        stage.run(Command::Elapse(Duration::ZERO));
        stage
    }

    /// Presses keys at a caller's pace.
    fn keys(&mut self, keys: &str) {
        self.run(Command::Elapse(Duration::from_secs(4)));
        for key in keys.chars().filter_map(Key::from_char) {
            self.run(Command::Elapse(Duration::from_millis(600)));
            self.run(Command::Press(key));
        }
    }

    fn run(&mut self, command: Command) {
        let mut reports = Vec::new();
        for effect in update(&mut self.model, command) {
            reports.extend(self.perform(effect));
        }
        for report in reports {
            self.run(Command::Report(Box::new(report)));
        }
    }

    /// What the runtime would do. Nothing is written to disk but the store.
    fn perform(&mut self, effect: Effect) -> Option<Report> {
        match effect {
            Effect::LoadScenario(ScenarioRef::File(file)) => {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
                let (scenario, opened) = self.lines.scenario(&path, None).expect("a sound scenario");
                Some(Report::Loaded(Box::new(Loaded {
                    origin: ScenarioRef::File(file),
                    scenario: Arc::new(scenario),
                    opened,
                })))
            }
            Effect::Queue(QueueWish::Show(query)) => Some(self.queue.show(query)),
            _ => None,
        }
    }

    fn draw(&mut self) {
        let model = &mut self.model;
        self.terminal
            .draw(|frame| view(model, frame))
            .expect("a backend in memory");
    }

    fn picture(mut self, title: &str) -> String {
        // Messages and the flash of the last key are over by then.
        self.run(Command::Elapse(Duration::from_millis(900)));
        self.draw();
        self.run(Command::Elapse(Duration::ZERO));
        self.draw();
        svg(self.terminal.backend().buffer(), &Palette::DARK, title)
    }
}

/// A job store with a morning's work in it.
struct Queue {
    store: Store,
    /// Kept as long as the store is used.
    _folder: tempfile::TempDir,
}

impl Queue {
    fn filled() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open_with(&folder.path().join("ivr.db"), Options::default()).expect("a new store");
        let mut queue = Self {
            store,
            _folder: folder,
        };
        queue.fill();
        queue
    }

    fn fill(&mut self) {
        let minute = SignedDuration::from_mins(1);
        let start = now().timestamp() - minute * 55;
        let worker = WorkerId::from("sandbox");
        let ended = [
            ("acct_9317", "ptp_set"),
            ("acct_2210", "busy"),
            ("acct_4471", "wrong_party"),
            ("acct_6602", "escalated_dispute"),
        ];
        for (n, (account, outcome)) in (0_i32..).zip(ended) {
            let begun = start + minute * (5 * n);
            let job = self.enqueue(account, begun, |_| {});
            let call = self.call(&job, &worker, begun).expect("the gate lets it through");
            self.store
                .finish_call(
                    &job.job_id,
                    call.fence,
                    outcome,
                    &call.call_id,
                    begun + minute * 3,
                )
                .expect("the call ends");
        }
        let west = self.enqueue("acct_1204", start, |r| {
            r.timezone = String::from("Pacific/Honolulu");
        });
        self.call(&west, &worker, now().timestamp() - minute * 2);
        let barred = self.enqueue("acct_0042", start, |r| r.dnc = true);
        self.call(&barred, &worker, now().timestamp() - minute);
        self.enqueue("acct_7781", start + minute * 30, |r| r.priority = 10);
        self.enqueue("acct_7790", start + minute * 31, |_| {});
        let later = (now().timestamp() + minute * 150).to_string();
        self.enqueue("acct_5150", start + minute * 32, |r| {
            r.scheduled_for_utc = Some(later);
        });
        let running = self.enqueue("acct_3308", start + minute * 33, |_| {});
        self.call(&running, &worker, now().timestamp() - minute)
            .expect("the gate lets it through");
    }

    fn enqueue(&mut self, account: &str, at: Timestamp, change: impl FnOnce(&mut EnqueueRequest)) -> Job {
        let profile = PartyProfile::new("Alex Morgan", "+1 (555) 010-2000");
        let mut request = EnqueueRequest::new("february", account, profile, "austin");
        change(&mut request);
        let enqueued = self.store.enqueue(&request, at);
        enqueued.unwrap_or_else(|e| panic!("{account}: {e:?}")).job
    }

    /// Opens a job; `None` where the gate forbids the call.
    fn call(&mut self, job: &Job, worker: &WorkerId, at: Timestamp) -> Option<Call> {
        match self
            .store
            .open_call(&job.job_id, worker, at)
            .expect("the store works")
        {
            Opened::Call(call) => Some(*call),
            Opened::Blocked { .. } => None,
        }
    }

    fn show(&self, query: JobQuery) -> Report {
        let page = Page {
            jobs: self.store.list(&query).expect("the store works"),
            total: self.store.count(&query).expect("the store works"),
            query,
        };
        Report::Jobs(Box::new(page), self.store.counts().expect("the store works"))
    }
}
