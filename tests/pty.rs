//! The real binary in a pseudo-terminal: what a stranger does in the first minutes, and what may go wrong meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

#[path = "support/terminal.rs"]
mod terminal;

use regex_lite::Regex;
use rustix::process::Signal;
use std::path::Path;
use terminal::Terminal;

/// A Tuesday morning in Texas, when calls are lawful.
const MORNING: &str = "2026-02-10T10:00:00-06:00[America/Chicago]";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn bank(folder: &Path, columns: u16, rows: u16) -> Terminal {
    let sandbox = Terminal::open(folder, &["--clock", MORNING], columns, rows);
    sandbox.shows("customer ID");
    sandbox
}

fn log_in(sandbox: &mut Terminal) {
    sandbox.send("10000001");
    sandbox.shows("node pin");
    sandbox.send("0000");
    sandbox.shows("Jordan Carter");
}

/// The screen without what depends on how fast the machine is: call times and countdowns.
fn still(screen: &str) -> String {
    let screen = Regex::new("▐([0-9*#])▌")
        .unwrap()
        .replace_all(screen, " $1 ")
        .into_owned();
    let times = Regex::new(r"\b\d\d:\d\d\b")
        .unwrap()
        .replace_all(&screen, "00:00")
        .into_owned();
    Regex::new(r"\d\.\d ?s")
        .unwrap()
        .replace_all(&times, "0.0 s")
        .into_owned()
}

#[test]
fn a_stranger_logs_in_by_keypad_walks_a_menu_and_says_an_option() {
    let folder = folder();
    let mut sandbox = bank(folder.path(), 120, 36);
    log_in(&mut sandbox);
    sandbox.send("1");
    // The store answers behind the first screen.
    sandbox.shows("no jobs yet");
    insta::assert_snapshot!("bank_menu_120x36", still(&sandbox.shows("node deposits")));
    sandbox.send("1");
    sandbox.shows("$4,821.37");
    sandbox.send("b");
    sandbox.shows("stepped back");
    sandbox.send("ttotal please\r");
    sandbox.shows("$23,071.78");
    let screen = sandbox.hides("stepped back");
    assert!(
        !screen.contains("$4,821.37"),
        "what lay ahead is on its own branch now\n{screen}"
    );
    sandbox.send("\x1b[Z");
    sandbox.send("\x11");
    assert_eq!(sandbox.ends(), (0, true));
}

#[test]
fn a_scenario_is_stepped_forward_and_back_and_played_to_its_end() {
    let folder = folder();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/collections");
    std::fs::copy(
        shipped.join("happy_path_ptp_end_of_month.json"),
        folder.path().join("promise.json"),
    )
    .unwrap();
    let mut sandbox = Terminal::open(folder.path(), &["--scenario", "promise.json"], 120, 36);
    sandbox.shows("▸ 0 / 4");
    sandbox.send(" ");
    sandbox.shows("▸ 1 / 4");
    sandbox.send("b");
    sandbox.shows("▸ 0 / 4");
    sandbox.send("  ");
    sandbox.shows("▸ 2 / 4");
    insta::assert_snapshot!(
        "collections_scenario_120x36",
        still(&sandbox.hides("reading the jobs"))
    );
    sandbox.send("p");
    sandbox.shows("ptp_set");
    sandbox.send("\x11");
    assert_eq!(sandbox.ends(), (0, true));
}

#[test]
fn a_job_is_enqueued_opened_talked_through_and_ended_by_its_calls_outcome() {
    let folder = folder();
    let mut sandbox = bank(folder.path(), 120, 36);
    sandbox.send("j");
    sandbox.shows("a enqueues one");
    sandbox.send("a");
    sandbox.shows("CASE_DEMO_002");
    sandbox.send("dallas\r");
    sandbox.shows("1 ready");
    sandbox.send("\r");
    sandbox.shows("Jamie Lee");
    sandbox.shows("1 running");
    sandbox.send("you have got the wrong number\r");
    sandbox.shows("1 done");
    insta::assert_snapshot!("job_ended_120x36", still(&sandbox.hides("╭ done")));
    sandbox.send("\x11");
    assert_eq!(sandbox.ends(), (0, true));
    let mut sandbox = bank(folder.path(), 120, 36);
    sandbox.send("j");
    sandbox.shows("1 done");
    sandbox.send("q");
    assert_eq!(sandbox.ends(), (0, true));
}

#[test]
fn a_job_outside_its_window_waits_and_the_clock_can_skip_to_it() {
    let folder = folder();
    let late = ["--clock", "2026-02-10T22:30:00-06:00[America/Chicago]"];
    let mut sandbox = Terminal::open(folder.path(), &late, 120, 36);
    sandbox.shows("customer ID");
    sandbox.send("ja");
    sandbox.shows("CASE_DEMO_001");
    sandbox.send("\r");
    sandbox.shows("1 ready");
    sandbox.send("\r");
    sandbox.shows("1 waiting");
    sandbox.shows("1006.6(b)(1)");
    sandbox.send("w");
    sandbox.shows("1 ready");
    sandbox.send("\r");
    sandbox.shows("1 running");
    sandbox.shows("Alex Morgan");
    sandbox.signal(Signal::KILL);
    sandbox.ends();
    // The lease of the killed sandbox still stands: its job is shown, and nobody else calls.
    let mut sandbox = Terminal::open(
        folder.path(),
        &["--clock", "2026-02-11T08:00:30-06:00[America/Chicago]"],
        120,
        36,
    );
    sandbox.shows("customer ID");
    sandbox.send("j");
    sandbox.shows("1 running");
    sandbox.send("q");
    assert_eq!(sandbox.ends(), (0, true));
}

/// Columns, rows, and what only the screen drawn for them has, or lacks.
type Size = (u16, u16, fn(&str) -> bool);

#[test]
fn a_sandbox_fits_every_size_and_survives_resizing_in_mid_call() {
    let folder = folder();
    let mut sandbox = bank(folder.path(), 120, 36);
    log_in(&mut sandbox);
    let sizes: [Size; 5] = [
        (80, 24, |s| s.contains("▶ Keypad") && !s.contains("Stat")),
        (60, 16, |s| s.contains("1 2 3 4 5 6 7 8 9 * 0 #")),
        (200, 60, |s| s.contains("┌ State graph") && s.contains("┌ Jobs")),
        (39, 9, |s| s.contains("this is 39×9")),
        (100, 30, |s| {
            s.contains("┌ Jobs") && s.lines().all(|line| line.chars().count() <= 100)
        }),
    ];
    for (columns, rows, own) in sizes {
        sandbox.resize(columns, rows);
        let screen = sandbox.until(&format!("{columns}×{rows}"), |s| {
            own(s) && s.lines().count() <= rows.into()
        });
        insta::assert_snapshot!(format!("after_a_resize_to_{columns}x{rows}"), still(&screen));
    }
    sandbox.send("1");
    sandbox.shows("node deposits");
    sandbox.send("q");
    assert_eq!(sandbox.ends(), (0, true));
}

#[test]
fn a_terminated_sandbox_gives_the_terminal_back() {
    let folder = folder();
    for signal in [Signal::TERM, Signal::HUP] {
        let sandbox = bank(folder.path(), 100, 30);
        sandbox.signal(signal);
        let (code, restored) = sandbox.ends();
        assert!(restored && code != 0, "{signal:?} ended with {code}");
    }
}

#[test]
fn a_killed_sandbox_offers_its_call_when_it_opens_again() {
    let folder = folder();
    let mut sandbox = bank(folder.path(), 100, 30);
    log_in(&mut sandbox);
    sandbox.signal(Signal::KILL);
    sandbox.ends();
    let mut sandbox = bank(folder.path(), 100, 30);
    sandbox.shows("take it up");
    sandbox.send("y");
    sandbox.shows("Jordan Carter");
    sandbox.send("1");
    sandbox.shows("node deposits");
    sandbox.send("q");
    assert_eq!(sandbox.ends(), (0, true));
    let sandbox = bank(folder.path(), 100, 30);
    let screen = sandbox.shows("customer ID");
    assert!(
        !screen.contains("take it up"),
        "nothing is offered after a clean end\n{screen}"
    );
}

#[test]
fn without_colour_the_focus_and_the_state_are_still_told_apart() {
    let folder = folder();
    let sandbox = Terminal::open_with(
        folder.path(),
        &["--clock", MORNING],
        100,
        30,
        &[("NO_COLOR", "1")],
    );
    let screen = sandbox.shows("customer ID");
    assert!(screen.contains("▶ Keypad") && screen.contains('▐'), "{screen}");
    assert!(!sandbox.draws_colour(), "no colour is sent");
}

#[test]
fn a_stopped_sandbox_gives_the_terminal_back_and_draws_itself_anew_when_it_goes_on() {
    let folder = folder();
    let mut sandbox = bank(folder.path(), 100, 30);
    sandbox.send("123");
    sandbox.shows("entry 123_");
    sandbox.send("\x1a");
    sandbox.hides("Transcript");
    sandbox.stops();
    sandbox.signal(Signal::CONT);
    sandbox.shows("entry 123_");
    sandbox.send("4");
    sandbox.shows("entry 1234_");
    // Drawing anew asks the terminal nothing, or the answer would be waited for in vain.
    sandbox.send("\x0cq");
    assert_eq!(sandbox.ends(), (0, true));
}
