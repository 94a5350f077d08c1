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
        ("flow", vec!["flow"]),
        ("flow_check", vec!["flow", "check"]),
        ("flow_graph", vec!["flow", "graph"]),
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
                    .recv_timeout(Duration::from_mins(1))
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

const CLOCK: &str = "2026-02-10T10:00:00-06:00[America/Chicago]";

mod chat {
    use super::*;

    fn talk(desk: &Desk, line: &str, input: &str) -> String {
        let run = desk.run_with(&["chat", "--line", line, "--clock", CLOCK], input.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        run.out
    }

    #[test]
    fn a_caller_logs_in_by_keys_and_hears_a_balance() {
        let said = talk(
            &Desk::new(),
            "bank",
            "/keys 10000001\n/keys 0000\n/keys 1\n/keys 1\nquit\n",
        );
        assert!(said.contains("keys: 1 0 0 0 0 0 0 1\n"), "{said}");
        assert!(said.contains("keys: ● ● ● ●\n"), "{said}");
        assert!(said.contains("Jordan Carter"), "{said}");
        assert!(said.contains("$4,821.37"), "{said}");
        let words = |line: &str| line.split(' ').next().is_some_and(|w| w.ends_with(':'));
        assert!(
            said.lines().skip(1).all(words),
            "every line begins with whose it is:\n{said}"
        );
        assert!(!said.contains('\u{1b}'), "no cursor is moved");
    }

    #[test]
    fn a_turn_is_taken_back_and_given_again() {
        let desk = Desk::new();
        let once = talk(&desk, "bank", "/keys 10000001\n/keys 0000\n/keys 1\n/state\n");
        let twice = talk(
            &desk,
            "bank",
            "/keys 10000001\n/keys 0000\n/keys 3\n/back\n/keys 1\n/state\n",
        );
        let state = |text: &str| text.split_once("state:").unwrap().1.to_owned();
        assert_eq!(state(&once), state(&twice));
        let back = talk(&desk, "bank", "/back\n/back many\n/forward\n");
        assert!(
            back.contains("note: this is the start of the call; turn 1 of 1\n"),
            "{back}"
        );
        assert!(back.contains("note: write how many turns as a number"), "{back}");
        assert!(
            back.contains("note: there is nothing ahead; turn 1 of 1\n"),
            "{back}"
        );
    }

    #[test]
    fn forward_brings_back_what_was_taken() {
        let desk = Desk::new();
        let said = talk(
            &desk,
            "bank",
            "/keys 10000001\n/keys 0000\n/state\n/back 3\n/forward 3\n/state\n",
        );
        let states: Vec<&str> = said.split("state:").skip(1).collect();
        let first = states[0]
            .lines()
            .take_while(|l| !l.starts_with("note:"))
            .collect::<Vec<_>>();
        assert_eq!(first, states[1].lines().collect::<Vec<_>>());
    }

    #[test]
    fn a_saved_call_replays_to_the_same_end() {
        for (line, input) in [
            (
                "bank",
                "/keys 10000001\n/keys 0000\n/keys 1\n/keys 12\n\n/advance 4000\nfour\n/back\n/keys 9\n/save a.json\n",
            ),
            ("collections", "yes\n78701\n\nI can pay half\n/save a.json\n"),
        ] {
            let desk = Desk::new();
            let said = talk(&desk, line, input);
            assert!(
                said.contains("to a.json; ivr-tui replay a.json plays them again"),
                "{said}"
            );
            let run = desk.run(&["replay", "a.json"]);
            assert_eq!(run.code, 0, "{}{}", run.out, run.err);
            // Saving again over one's own file is fine.
            let twice = talk(&Desk::new(), line, "/save b.json\n/save b.json\n");
            assert_eq!(twice.matches("note: saved 0 events").count(), 2, "{twice}");
        }
    }

    #[test]
    fn time_moves_when_it_is_told_to() {
        let said = talk(
            &Desk::new(),
            "bank",
            "/keys 12\n/advance 100\n/advance 3900\n/advance soon\n",
        );
        assert!(said.contains("note: 100 ms pass, nothing happens\n"), "{said}");
        assert!(said.contains("silence: time ran out\nline: "), "{said}");
        assert!(said.contains("note: write how long in milliseconds"), "{said}");
    }

    #[test]
    fn a_call_ends_visibly_and_a_new_one_starts_the_same_way() {
        let desk = Desk::new();
        let said = talk(&desk, "collections", "/hangup\n/new\n");
        assert!(said.contains("outcome: user_ended\n"), "{said}");
        assert!(
            said.contains("note: the call is over; /new starts another"),
            "{said}"
        );
        let greetings: Vec<&str> = said.lines().filter(|l| l.starts_with("line: ")).collect();
        assert_eq!(greetings.first(), greetings.last(), "{said}");
    }

    #[test]
    fn what_is_not_understood_is_explained() {
        let said = talk(
            &Desk::new(),
            "bank",
            "/bakc\n/xyzzy\n/keys\n/keys 12q\n/save\n/help\n",
        );
        assert!(said.contains("did you mean /back?"), "{said}");
        assert!(
            said.contains("note: there is no such command; /help lists them\n"),
            "{said}"
        );
        assert_eq!(said.matches("note: nothing was pressed").count(), 2, "{said}");
        assert!(
            said.contains("note: write where to, as in /save my-call.json\n"),
            "{said}"
        );
        for command in [
            "/keys 123#",
            "/back [N]",
            "/forward [N]",
            "/state",
            "/save FILE",
            "/new",
            "/advance MS",
            "quit",
        ] {
            assert!(said.contains(&format!("  {command} ")), "{command}: {said}");
        }
    }

    #[test]
    fn the_same_lines_always_make_the_same_call() {
        let input = "/keys 10000001\n/keys 0000\n\nrewards\n/advance 60000\n/state\n";
        assert_eq!(
            talk(&Desk::new(), "bank", input),
            talk(&Desk::new(), "bank", input)
        );
    }

    #[test]
    fn input_that_is_not_text_is_not_heard() {
        let desk = Desk::new();
        let run = desk.run_with(
            &["chat", "--line", "bank", "--clock", CLOCK],
            b"\xff\xfe\nquit\nnot heard",
        );
        assert_eq!(run.code, 0);
        assert!(
            run.out
                .contains("note: this line is not UTF-8; nothing was heard\n"),
            "{}",
            run.out
        );
    }
}

mod pipe {
    use super::*;
    use serde_json::{Value, json};

    fn answers(line: &str, more: &[&str], input: &[Value]) -> (i32, Vec<Value>) {
        let text = input.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        let args = [&["pipe", "--line", line, "--clock", CLOCK], more].concat();
        let run = Desk::new().run_with(&args, text.as_bytes());
        assert_eq!(run.err, "");
        (run.code, run.json())
    }

    #[test]
    fn the_first_line_answers_the_start_and_each_signal_has_a_turn() {
        let (code, turns) = answers(
            "bank",
            &[],
            &[
                json!({"event_type": "dtmf", "digits": "10000001"}),
                json!({"signal": "key", "key": "0"}),
                json!({"event_type": "dtmf", "digits": "000"}),
                json!({"signal": "speech", "text": "deposits"}),
                json!({"signal": "silence"}),
            ],
        );
        assert_eq!(code, 0);
        let inputs: Vec<u64> = turns.iter().map(|t| t["input"].as_u64().unwrap()).collect();
        assert_eq!(inputs, [0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 4, 5]);
        let numbers: Vec<u64> = turns.iter().map(|t| t["turn_index"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
        assert!(
            turns[12]["assistant_text"]
                .as_str()
                .unwrap()
                .contains("Jordan Carter"),
            "{}",
            turns[12]
        );
        assert!(turns.iter().all(|t| t["version"] == 1 && t["ended"] == false));
    }

    #[test]
    fn an_advance_gives_a_turn_for_each_deadline_and_one_where_none_passed() {
        let (_, turns) = answers(
            "bank",
            &[],
            &[
                json!({"event_type": "dtmf", "digits": "1"}),
                json!({"event_type": "advance", "ms": 3999}),
                json!({"event_type": "advance", "ms": 1}),
            ],
        );
        assert_eq!(turns.len(), 4, "{turns:?}");
        assert_eq!(
            (
                &turns[2]["assistant_text"],
                &turns[2]["turn_index"],
                &turns[2]["ms"]
            ),
            (&json!(""), &json!(2), &json!(3999))
        );
        assert_eq!(
            (&turns[3]["turn_index"], &turns[3]["ms"]),
            (&json!(3), &json!(4000))
        );
        assert_ne!(turns[3]["assistant_text"], "");
    }

    #[test]
    fn the_call_may_be_left_to_start_by_hand() {
        let (_, turns) = answers("collections", &["--no-start"], &[json!({"signal": "start"})]);
        let (_, started) = answers("collections", &[], &[]);
        assert_eq!((turns.len(), started.len()), (1, 1));
        assert_eq!(turns[0]["assistant_text"], started[0]["assistant_text"]);
        assert_eq!((&turns[0]["input"], &started[0]["input"]), (&json!(1), &json!(0)));
    }

    #[test]
    fn a_bad_line_is_told_and_the_call_goes_on() {
        let run = Desk::new().run_with(
            &["pipe", "--line", "collections", "--clock", CLOCK],
            b"{\"signal\":\"speech\",\"text\":\"yes\"}\nnonsense\n\n\xff\n{\"signal\":\"hangup\"}\n{\"signal\":\"silence\"}",
        );
        assert_eq!((run.code, run.err.as_str()), (2, ""));
        let lines = run.json();
        assert_eq!(lines[2]["error"]["line"], 2);
        assert_eq!(lines[3]["error"]["line"], 4);
        assert_eq!(
            (&lines[4]["input"], &lines[4]["ended"]),
            (&json!(5), &json!(true))
        );
        assert_eq!(lines[4]["actions"].as_array().unwrap().len(), 2, "{}", lines[4]);
        // The call is over: it answers, and nothing more comes of it.
        assert_eq!(
            (&lines[5]["input"], &lines[5]["actions"]),
            (&json!(6), &Value::Null)
        );
    }

    #[test]
    fn each_answer_comes_at_once() {
        use std::io::{BufRead as _, BufReader, Write as _};
        use std::process::Stdio;
        let desk = Desk::new();
        let mut child = desk
            .command(&["pipe", "--line", "bank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Each answer is read before the next signal is sent: were it held back, this would wait for ever.
        assert!(lines.next().unwrap().unwrap().contains("\"input\":0"));
        for number in 1..4 {
            writeln!(input, "{{\"signal\":\"key\",\"key\":\"1\"}}").unwrap();
            assert!(
                lines
                    .next()
                    .unwrap()
                    .unwrap()
                    .contains(&format!("\"input\":{number}"))
            );
        }
        drop(input);
        assert!(child.wait().unwrap().success());
    }
}

mod new {
    use super::*;

    #[test]
    fn a_new_flow_is_sound_and_a_new_scenario_replays_green() {
        let desk = Desk::new();
        let run = desk.run(&["new", "flow", "my line"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out.starts_with("wrote my line.toml\n"), "{}", run.out);
        assert!(
            desk.read("my line.toml")
                .lines()
                .filter(|l| l.trim_start().starts_with('#'))
                .count()
                > 10
        );
        let run = desk.run(&["flow", "check", "my line.toml"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        let run = desk.run_with(&["chat", "--line", "my line.toml"], b"/keys 1\n");
        assert_eq!(run.code, 0, "{}", run.err);

        let run = desk.run(&["new", "scenario", "my-call.json"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out.contains("What its fields mean:"), "{}", run.out);
        let run = desk.run(&["replay", "my-call.json"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    }
}

mod without_a_terminal {
    use super::*;

    #[test]
    fn the_demo_scenarios_of_both_lines_play_as_text() {
        let desk = Desk::new();
        let run = desk.run(&[]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        assert!(run.out.starts_with("There is no terminal here"), "{}", run.out);
        for name in [
            "happy_path_ptp_end_of_month",
            "dispute_escalation",
            "wrong_party",
            "silence_callback",
            "date_too_late_reconduct",
        ] {
            assert!(run.out.contains(name), "{name}");
        }
        assert!(run.out.contains("Jordan Carter"), "the bank plays too");
        assert!(run.out.contains(" 0 failed, 0 invalid\n"), "{}", run.out);
        assert!(!desk.path().join("runtime").exists(), "nothing is left behind");
    }

    #[test]
    fn a_scenario_that_was_named_is_played_alone() {
        let desk = Desk::new();
        desk.file(
            "mine.json",
            r#"{"line": "bank", "events": [{"event_type": "dtmf", "digits": "1"}]}"#,
        );
        let run = desk.run(&["--scenario", "mine.json"]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains("mine.json: mine\n"), "{}", run.out);
        assert!(
            run.out.ends_with("1 scenario: 1 held, 0 failed, 0 invalid\n"),
            "{}",
            run.out
        );
    }
}

#[test]
fn every_scenario_of_the_repository_ships_and_holds() {
    let root = repository("scenarios");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            files.push((
                name.to_str().unwrap().to_owned(),
                std::fs::read_to_string(&path).unwrap(),
            ));
        }
    }
    files.sort();
    let shipped: Vec<(String, String)> = ivr_tui::line::catalog::scenarios()
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    assert_eq!(shipped, files, "list the files in src/line/scenarios.rs");
    let run = Desk::new().run(&["replay", "--quiet", &root]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert_eq!(
        run.out,
        format!("{n} scenarios: {n} held, 0 failed, 0 invalid\n", n = files.len())
    );
}
