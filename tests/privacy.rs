//! What a caller said or keyed stays where the operator put it: planted secrets are looked for in everything that a run
//! leaves behind, mistakes in the input included.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

mod program;
#[path = "support/terminal.rs"]
mod terminal;

use program::{Desk, Run};
use std::fs;
use std::path::Path;
use terminal::Terminal;

const PIN: &str = "7391";
const ZIP: &str = "90417";
const PHONE: &str = "5550173344";
const PHRASE: &str = "purple walrus sonata";
const CLOCK: &str = "2026-02-10T10:00:00-06:00[America/Chicago]";

/// The secrets as they are, and as they would look with separators.
fn secrets() -> Vec<String> {
    let spaced = |digits: &str| digits.chars().map(String::from).collect::<Vec<_>>().join(" ");
    let mut all: Vec<String> = [PIN, ZIP, PHONE, PHRASE].map(str::to_owned).into();
    all.extend([PIN, ZIP, PHONE].map(spaced));
    all.push("(555) 017-3344".to_owned());
    all
}

#[track_caller]
fn clean(what: &str, text: &str) {
    for secret in secrets() {
        assert!(!text.contains(&secret), "{secret:?} in {what}:\n{text}");
    }
}

/// Every file below a folder, and its name.
fn clean_folder(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        clean("a file name", &path.display().to_string());
        if path.is_dir() {
            clean_folder(&path);
        } else {
            clean(
                &path.display().to_string(),
                &String::from_utf8_lossy(&fs::read(&path).unwrap()),
            );
        }
    }
}

/// Nothing on standard error, nothing in any file.
#[track_caller]
fn clean_run(desk: &Desk, run: &Run) {
    clean("standard error", &run.err);
    clean_folder(desk.path());
}

#[test]
fn a_conversation_leaves_nothing_and_shows_no_pin() {
    let desk = Desk::new();
    for line in ["bank", "collections"] {
        let input = format!(
            "/keys 10000001\n/keys {PIN}\n{PHRASE}\n/keys {PIN}z\n/keys\n/{PHRASE}\n{ZIP}\n/state\n\
             my number is {PHONE}\n/advance {PHONE}x\n/back {PIN}{PIN}\n/back\n/forward\n\n/hangup\n"
        );
        let run = desk.run_with(&["chat", "--line", line, "--clock", CLOCK], input.as_bytes());
        assert_eq!(run.code, 0, "{run:?}");
        clean_run(&desk, &run);
        if line == "bank" {
            assert!(run.out.contains("keys: ● ● ● ●"), "{}", run.out);
            assert!(!run.out.contains("7 3 9 1"), "{}", run.out);
        }
    }
}

#[test]
fn only_a_scenario_that_was_asked_for_holds_what_was_said() {
    let desk = Desk::new();
    let input = format!("yes, speaking\n{PHRASE}\n/save kept.json\n{ZIP}\n");
    let run = desk.run_with(
        &["chat", "--line", "collections", "--clock", CLOCK],
        input.as_bytes(),
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(desk.read("kept.json").contains(PHRASE));
    fs::remove_file(desk.path().join("kept.json")).unwrap();
    clean_run(&desk, &run);
}

#[test]
fn what_cannot_be_read_is_refused_without_being_quoted() {
    let desk = Desk::new();
    let bad = [
        format!("{{\"signal\":\"speech\",\"text\":\"{PHRASE}"),
        format!("{{\"signal\":\"{PHRASE}\"}}"),
        format!("{{\"signal\":\"key\",\"key\":\"{PIN}\"}}"),
        format!("{{\"signal\":\"key\",\"key\":{PIN}}}"),
        format!("{{\"signal\":\"timer\",\"timer\":\"{ZIP}\"}}"),
        format!("{{\"event_type\":\"{PHRASE}\"}}"),
        format!("{{\"event_type\":\"dtmf\",\"digits\":\"{PIN}x\"}}"),
        format!("{{\"event_type\":\"user_utterance\",\"{PHRASE}\":1}}"),
        format!("{{\"event_type\":\"system_event\",\"system\":\"{PHRASE}\"}}"),
        format!(
            "{{\"event_type\":\"user_utterance\",\"transcript\":\"{PHONE}\",\"expect\":{{\"text\":{{\"re\":\"{PHRASE}(\"}}}}}}"
        ),
        PHRASE.to_string(),
        format!("\"{ZIP}\""),
        format!("[{PIN}]"),
        PHONE.to_owned(),
    ];
    for line in ["bank", "collections"] {
        let input = bad.join("\n");
        let run = desk.run_with(&["pipe", "--line", line, "--clock", CLOCK], input.as_bytes());
        assert_eq!(run.code, 2, "{run:?}");
        assert_eq!(
            run.json().iter().filter(|l| l["error"].is_object()).count(),
            bad.len(),
            "{}",
            run.out
        );
        clean("standard output", &run.out);
        clean_run(&desk, &run);
    }
}

#[test]
fn mistakes_in_a_scenario_are_told_without_its_words() {
    let desk = Desk::new();
    for text in [
        format!("{{\"events\": [{{\"transcript\": \"{PHRASE}\", \"ms\": \"{PIN}\"}}]}}"),
        format!("{{\"events\": [{{\"transcript\": [\"{PHRASE}\"]}}]}}"),
        format!("{{\"events\": [{{\"event_type\": \"dtmf\", \"digits\": \"{PIN} {PHRASE}\"}}]}}"),
        format!("{{\"events\": [{{\"transcript\": \"{PHRASE}"),
        format!("{{\"events\": \"{ZIP}\", \"version\": 2}}"),
    ] {
        let path = desk.file("s.json", text);
        for args in [
            vec!["replay", "s.json"],
            vec!["replay", "--json", "s.json"],
            vec!["--scenario", "s.json"],
        ] {
            let run = desk.run(&args);
            assert_eq!(run.code, 2, "{run:?}");
            clean("standard output", &run.out);
            clean("standard error", &run.err);
        }
        fs::remove_file(path).unwrap();
    }
    clean_folder(desk.path());
}

#[test]
fn a_sandbox_that_was_left_leaves_nothing_of_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let mut sandbox = Terminal::open(folder.path(), &["--clock", CLOCK], 120, 36);
    sandbox.shows("customer ID");
    sandbox.send("10000001");
    sandbox.shows("node pin");
    sandbox.send(PIN);
    let screen = sandbox.shows("not right");
    assert!(!screen.contains("7 3 9 1"), "the PIN is masked\n{screen}");
    sandbox.send(&format!("t{PHRASE} {PHONE} {ZIP}\r"));
    clean("the screen", &sandbox.shows("I heard 0 digits"));
    sandbox.send("\x11");
    assert_eq!(sandbox.ends(), (0, true));
    clean_folder(folder.path());
}

#[test]
fn a_replay_for_programs_shows_no_pin() {
    let desk = Desk::new();
    let events = r#"[{"event_type": "dtmf", "digits": "10000001"}, {"event_type": "dtmf", "digits": "7391"},
        {"transcript": "seven three nine one"}]"#;
    desk.file("call.json", format!(r#"{{"line": "bank", "events": {events}}}"#));
    let run = desk.run(&["replay", "call.json", "--json"]);
    let keyed: String = run
        .out
        .lines()
        .filter_map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["digits"]
                .as_str()
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(keyed, "10000001●●●●");
    assert!(!run.out.contains("seven three"), "{}", run.out);
}
