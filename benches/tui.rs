//! From a key press to its frame: with a long call and a long queue beside a short call and a short queue. Times depend
//! on the machine; the ratio says whether the cost grows with what is not on the screen.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ivr_tui::call::Key;
use ivr_tui::host::lines::{Lines, Wanted};
use ivr_tui::outbound::job::PartyProfile;
use ivr_tui::outbound::store::JobQuery;
use ivr_tui::outbound::{EnqueueRequest, Job, JobState};
use ivr_tui::tui::config::Config;
use ivr_tui::tui::effect::{Effect, QueueWish, Report};
use ivr_tui::tui::pane::Pane;
use ivr_tui::tui::pane::jobs::Page;
use ivr_tui::tui::theme::ThemeName;
use ivr_tui::tui::{Command, Model, key_command, update, view};
use jiff::Zoned;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const SCREEN: (u16, u16) = (200, 60);
const LIMIT: Duration = Duration::from_millis(5);
const ROUNDS: usize = 30;
const PASSES: usize = 40;
const LONG: (usize, u64) = (10_000, 100_000);
const SHORT: (usize, u64) = (10, 10);

fn main() -> ExitCode {
    let mut long = Desk::new(LONG.0, LONG.1);
    let mut short = Desk::new(SHORT.0, SHORT.1);
    println!(
        "key press to frame on {}×{}, {} transcript rows and {} jobs:",
        SCREEN.0,
        SCREEN.1,
        long.model.call.transcript.rows().len(),
        LONG.1
    );
    let mut late = false;
    for script in SCRIPTS {
        long.prepare(script);
        short.prepare(script);
        // Other programs on the machine only ever add to a time: the quietest of several passes is the program's own.
        let passes = (0..PASSES).map(|_| pass(&mut long, &mut short, script));
        let (many50, many99, few50) = passes.min_by_key(|(_, p99, _)| *p99).unwrap_or_default();
        late |= many99 >= LIMIT;
        println!(
            "  {:28} p50 {:>7.3} ms   p99 {:>7.3} ms   {:>5.2} times that with {} rows and {} jobs",
            script.name,
            ms(many50),
            ms(many99),
            many50.as_secs_f64() / few50.as_secs_f64().max(1e-9),
            SHORT.0,
            SHORT.1,
        );
    }
    println!(
        "limit: p99 under {} ms: {}",
        LIMIT.as_millis(),
        if late { "BROKEN" } else { "held" }
    );
    ExitCode::from(u8::from(late))
}

/// The median and the 99th percentile with much, and the median with little, of one pass.
fn pass(long: &mut Desk, short: &mut Desk, script: &Script) -> (Duration, Duration, Duration) {
    // Taken in turns, so that a busy moment of the machine falls on both.
    let (mut many, mut few) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        long.play(script, &mut many);
        short.play(script, &mut few);
    }
    let ((many50, many99), (few50, _)) = (percentiles(many), percentiles(few));
    (many50, many99, few50)
}

/// Keys pressed in turn in one pane; together they lead back to where they began.
struct Script {
    name: &'static str,
    pane: Pane,
    keys: &'static [KeyCode],
}

const SCRIPTS: &[Script] = &[
    Script {
        name: "a digit, and back",
        pane: Pane::Keypad,
        keys: &[KeyCode::Char('1'), KeyCode::Char('b')],
    },
    Script {
        name: "through the transcript",
        pane: Pane::Transcript,
        keys: &[KeyCode::PageUp, KeyCode::Up, KeyCode::Home, KeyCode::End],
    },
    Script {
        name: "typing",
        pane: Pane::Input,
        keys: &[KeyCode::Char('a'), KeyCode::Backspace],
    },
    Script {
        name: "through the graph",
        pane: Pane::Graph,
        keys: &[KeyCode::Down, KeyCode::Left, KeyCode::Up, KeyCode::Right],
    },
    Script {
        name: "through the jobs",
        pane: Pane::Jobs,
        keys: &[KeyCode::Down, KeyCode::PageDown, KeyCode::End, KeyCode::Home],
    },
];

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The median and the 99th percentile.
fn percentiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get((times.len() * percent / 100).min(times.len() - 1))
            .copied()
    };
    (at(50).unwrap_or_default(), at(99).unwrap_or_default())
}

struct Desk {
    model: Model,
    terminal: Terminal<TestBackend>,
    jobs: u64,
    job: Job,
}

impl Desk {
    /// A bank call with so many rows of transcript, the inspector open, and so many jobs.
    fn new(rows: usize, jobs: u64) -> Self {
        let now: Zoned = "2026-02-10T10:00:00-06:00[America/Chicago]"
            .parse()
            .expect("a time");
        let opened = Lines::default().open(&Wanted::named("bank")).expect("it ships");
        let profile = PartyProfile::new("Alex Morgan", "+1 (555) 010-2000");
        let request = EnqueueRequest::new("february", "acct", profile, "austin");
        let mut desk = Self {
            model: Model::new(opened, Config::default(), ThemeName::Dark, now.clone()),
            terminal: Terminal::new(TestBackend::new(SCREEN.0, SCREEN.1)).expect("in memory"),
            jobs,
            job: request.to_job(now.timestamp()).expect("a sound request"),
        };
        desk.model.call.begin();
        desk.run(Command::ToggleInspector);
        for key in "1000000100001".chars().filter_map(Key::from_char) {
            desk.run(Command::Press(key));
        }
        while desk.model.call.transcript.rows().len() < rows {
            desk.run(Command::Press(Key::from_char('1').expect("a key")));
        }
        desk.frame();
        desk
    }

    fn run(&mut self, command: Command) {
        let effects = update(&mut self.model, command);
        for effect in effects {
            if let Effect::Queue(QueueWish::Show(query)) = effect {
                let report = self.show(&query);
                update(&mut self.model, Command::Report(Box::new(report)));
            }
        }
    }

    /// What the store would answer.
    fn show(&self, query: &JobQuery) -> Report {
        let rows = self.jobs.saturating_sub(query.offset).min(u64::from(query.limit));
        let job = |n: u64| Job {
            job_id: format!("job_{:06}", query.offset + n).into(),
            ..self.job.clone()
        };
        let page = Page {
            jobs: (0..rows).map(job).collect(),
            total: self.jobs,
            query: query.clone(),
        };
        let counts = std::iter::once((JobState::Queued, self.jobs)).collect();
        Report::Jobs(Box::new(page), counts)
    }

    fn frame(&mut self) {
        let model = &mut self.model;
        self.terminal.draw(|frame| view(model, frame)).expect("in memory");
    }

    fn prepare(&mut self, script: &Script) {
        self.run(Command::Focus(script.pane));
        self.frame();
    }

    fn play(&mut self, script: &Script, times: &mut Vec<Duration>) {
        for key in script.keys {
            let begun = Instant::now();
            let key = KeyEvent::new(*key, KeyModifiers::NONE);
            if let Some(command) = key_command(&self.model, &key) {
                self.run(command);
            }
            self.frame();
            times.push(begun.elapsed());
        }
    }
}
