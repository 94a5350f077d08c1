//! The command line as people and programs meet it: the real binary, its text, its JSON, its exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

mod program;

use ivr_tui::call::Scenario;
use program::{Desk, repository};

#[test]
fn help_of_every_command() {
    let desk = Desk::new();
    for (name, args) in [
        ("sandbox", vec![]),
        ("replay", vec!["replay"]),
        ("chat", vec!["chat"]),
        ("pipe", vec!["pipe"]),
        ("new", vec!["new"]),
        ("schema", vec!["schema"]),
    ] {
        let run = desk.run(&[args.as_slice(), &["--help"]].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{name}");
        insta::assert_snapshot!(format!("help_{name}"), run.out);
    }
}

#[test]
fn the_version_is_the_packages() {
    let run = Desk::new().run(&["--version"]);
    assert_eq!(
        (run.code, run.out),
        (0, format!("ivr-tui {}\n", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn the_scenario_schema_in_the_repository_is_the_one_of_the_types() {
    let kept = std::fs::read_to_string(repository("assets/schema/scenario.schema.json")).unwrap();
    assert_eq!(kept, Scenario::schema(), "run `make schema`");
    assert_eq!(Desk::new().run(&["schema"]).out, kept);
}

mod replay {
    use super::*;

    #[test]
    fn folders_are_searched_and_files_played_in_the_order_of_their_names() {
        let desk = Desk::new();
        for name in ["s/b.json", "s/a/z.json", "s/c.JSON"] {
            desk.file(name, "[]");
        }
        desk.file("s/notes.txt", "not a scenario");
        let run = desk.run(&["replay", "--json", "s"]);
        let files: Vec<String> = run
            .json()
            .iter()
            .filter(|l| l["type"] == "summary")
            .map(|l| l["file"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(files, ["s/a/z.json", "s/b.json", "s/c.JSON"]);
    }

    #[test]
    fn exit_codes_say_the_worst_that_happened() {
        let desk = Desk::new();
        desk.file("good.json", "[]");
        desk.file(
            "failed.json",
            r#"{"events": [], "final": {"outcome": "ptp_set"}}"#,
        );
        desk.file("invalid.json", "[");
        for (args, code, total) in [
            (vec!["good.json"], 0, "1 scenario: 1 held, 0 failed, 0 invalid\n"),
            (
                vec!["good.json", "failed.json"],
                1,
                "2 scenarios: 1 held, 1 failed, 0 invalid\n",
            ),
            (
                vec!["invalid.json", "failed.json", "good.json"],
                2,
                "3 scenarios: 1 held, 1 failed, 1 invalid\n",
            ),
        ] {
            let run = desk.run(&[&["replay"], args.as_slice()].concat());
            assert_eq!(run.code, code, "{args:?}");
            assert!(run.out.ends_with(total), "{}", run.out);
        }
    }

    #[test]
    fn an_expected_failure_holds_and_an_unexpected_success_does_not() {
        let desk = Desk::new();
        let xfail = |outcome: &str| {
            format!(r#"{{"events": [], "xfail": "not yet", "final": {{"outcome": {outcome}}}}}"#)
        };
        desk.file("fails.json", xfail("\"ptp_set\""));
        desk.file("succeeds.json", xfail("null"));
        assert_eq!(desk.run(&["replay", "fails.json"]).code, 0);
        let run = desk.run(&["replay", "succeeds.json"]);
        assert_eq!(run.code, 1);
        assert!(
            run.out
                .contains("FAILED: everything held, but the file expects it to fail (xfail)"),
            "{}",
            run.out
        );
    }

    #[test]
    fn json_lines_end_with_a_total() {
        let desk = Desk::new();
        desk.file("a.json", "[]");
        desk.file("b.json", "{");
        let run = desk.run(&["replay", "--json", "a.json", "b.json"]);
        let lines = run.json();
        assert_eq!(lines[0]["type"], "turn");
        assert_eq!(lines[0]["event_type"], "system_start");
        assert_eq!(lines[1]["type"], "summary");
        assert_eq!(lines[2]["error"]["line"], 1);
        assert_eq!(
            lines[3],
            serde_json::json!({"type": "total", "version": 1, "files": 2, "held": 1, "failed": 0, "invalid": 1})
        );
    }

    #[test]
    fn a_reader_that_leaves_early_is_no_error() {
        let desk = Desk::new();
        for n in 0..50 {
            desk.file(&format!("s/{n}.json"), "[]");
        }
        let mut child = desk
            .command(&["replay", "--json", "s"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert!(output.status.success());
    }
}

mod watch {
    use super::*;
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Stdio};
    use std::sync::mpsc::{self, Receiver};
    use std::time::Duration;

    /// The program, watching, and the lines it prints.
    struct Watching {
        child: Child,
        lines: Receiver<String>,
    }

    impl Watching {
        fn start(desk: &Desk, args: &[&str]) -> Self {
            let mut child = desk
                .command(&[&["replay", "--watch"], args].concat())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let out = BufReader::new(child.stdout.take().unwrap());
            let (sender, lines) = mpsc::channel();
            std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|l| sender.send(l)));
            Self { child, lines }
        }

        /// Everything up to the line that says that the program waits.
        fn round(&self) -> String {
            let mut all = String::new();
            loop {
                let line = self
                    .lines
                    .recv_timeout(Duration::from_secs(60))
                    .unwrap_or_else(|e| panic!("{e} after:\n{all}"));
                if line.starts_with("waiting for changes") {
                    return all;
                }
                all.push_str(&line);
                all.push('\n');
            }
        }
    }

    impl Drop for Watching {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    #[test]
    fn a_change_plays_again_also_when_an_editor_saves_by_renaming() {
        let desk = Desk::new();
        let file = desk.file("s.json", "[]");
        let watching = Watching::start(&desk, &["s.json"]);
        assert!(watching.round().ends_with("1 held, 0 failed, 0 invalid\n"));
        desk.file("s.json", r#"{"events": [], "final": {"outcome": "ptp_set"}}"#);
        assert!(watching.round().ends_with("0 held, 1 failed, 0 invalid\n"));
        for _ in 0..2 {
            let new = desk.file("s.json~new", "[");
            std::fs::rename(new, &file).unwrap();
            assert!(watching.round().ends_with("0 held, 0 failed, 1 invalid\n"));
        }
    }

    #[test]
    fn a_new_file_in_a_watched_folder_is_played() {
        let desk = Desk::new();
        desk.file("s/a.json", "[]");
        let watching = Watching::start(&desk, &["s"]);
        assert!(watching.round().contains("1 scenario:"));
        desk.file("s/b.json", "[]");
        assert!(watching.round().contains("2 scenarios:"));
        assert!(watching.lines.try_recv().is_err(), "playing is no change");
    }
}
