//! Whatever is wrong with what a person names: one screen that says the file, the place and the remedy, and exit code 2.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod program;

use program::{Desk, Run};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;

/// Exit code 2; one screen on standard error, plain text, with every one of `says` in it.
#[track_caller]
fn refused(run: &Run, says: &[&str]) {
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.err.lines().count() <= 24,
        "more than one screen:\n{}",
        run.err
    );
    assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
    assert!(!run.err.contains("panicked"), "{}", run.err);
    for says in says {
        assert!(run.err.contains(says), "no {says:?} in:\n{}", run.err);
    }
}

/// Every way to name a file, and what kind of text it should hold.
const WAYS: [&[&str]; 7] = [
    &["replay"],
    &["--scenario"],
    &["--line"],
    &["chat", "--line"],
    &["flow", "check"],
    &["--bank-data"],
    &["pipe", "--line", "bank", "--bank-data"],
];

fn way(args: &[&str], file: &str) -> Vec<String> {
    args.iter()
        .map(|a| (*a).to_owned())
        .chain([file.to_owned()])
        .collect()
}

fn run(desk: &Desk, args: &[&str], file: &str) -> Run {
    let args = way(args, file);
    desk.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let desk = Desk::new();
    for args in WAYS {
        refused(
            &run(&desk, args, "./nowhere.toml"),
            &["nowhere.toml", "no such file", "help: check the path"],
        );
    }
}

#[test]
fn an_empty_file_is_called_empty() {
    let desk = Desk::new();
    desk.file("empty.toml", "");
    for args in WAYS {
        refused(&run(&desk, args, "./empty.toml"), &["empty.toml", "help: "]);
    }
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let desk = Desk::new();
    let path = desk.file("huge.toml", "");
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(100 << 20)
        .unwrap();
    for args in WAYS {
        refused(
            &run(&desk, args, "./huge.toml"),
            &["huge.toml", "100 MB is over the limit of 16 MB", "help: "],
        );
    }
}

#[test]
fn a_file_without_end_is_refused_too() {
    let desk = Desk::new();
    refused(
        &desk.run(&["replay", "/dev/zero"]),
        &["/dev/zero", "over the limit of 16 MB"],
    );
}

#[test]
fn a_binary_file_is_called_binary() {
    let desk = Desk::new();
    desk.file("picture.toml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    for args in WAYS {
        refused(
            &run(&desk, args, "./picture.toml"),
            &["picture.toml", "binary file", "help: "],
        );
    }
}

#[test]
fn a_wrong_encoding_is_named_with_the_line() {
    let desk = Desk::new();
    let utf16: Vec<u8> = "\u{feff}{\"events\": []}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    desk.file("wide.toml", utf16);
    desk.file("latin.toml", b"{\"events\": [],\n \"name\": \"caf\xe9\"}");
    for args in WAYS {
        refused(
            &run(&desk, args, "./wide.toml"),
            &["wide.toml", "UTF-16", "help: save it as UTF-8"],
        );
        refused(
            &run(&desk, args, "./latin.toml"),
            &["latin.toml:2", "not UTF-8", "help: save it as UTF-8"],
        );
    }
}

#[test]
fn a_folder_in_a_files_place_is_called_a_folder() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("folder.toml")).unwrap();
    for args in WAYS.iter().filter(|args| **args != ["replay"]) {
        refused(
            &run(&desk, args, "./folder.toml"),
            &["folder.toml", "this is a folder", "help: name a file in it"],
        );
    }
    refused(
        &run(&desk, &["replay"], "folder.toml"),
        &["folder.toml", "no scenario in this folder", "help: "],
    );
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let desk = Desk::new();
    let path = desk.file("secret.toml", "{}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&path).is_ok() {
        // Nothing is unreadable to root.
        return;
    }
    for args in WAYS {
        refused(
            &run(&desk, args, "./secret.toml"),
            &["secret.toml", "permission denied", "help: "],
        );
    }
}

#[test]
fn mistakes_in_a_scenario_have_line_column_path_and_advice() {
    let desk = Desk::new();
    for (text, says) in [
        (
            "{\n  \"evnts\": []\n}",
            vec!["s.json:2:", "did you mean `events`?"],
        ),
        (
            "{\"version\": 3, \"events\": []}",
            vec!["s.json:1:", "version 3 is not known", "help: "],
        ),
        (
            "{\"version\": \"2\"}",
            vec!["s.json:1:", "version", "found string, expected a whole number"],
        ),
        (
            "{\"events\": [{\"event_type\": \"dtmf\"}]}",
            vec!["s.json:1:13", "a dtmf event needs digits", "help: "],
        ),
        (
            "{\"events\": [{\"event_type\": \"utterance\"}]}",
            vec!["s.json:1:", "events[0].event_type"],
        ),
        (
            "{\"events\": []} tail",
            vec!["s.json:1:16", "trailing characters"],
        ),
        (
            "{\"line\": \"colections\", \"events\": []}",
            vec!["s.json:1:10", "line", "did you mean collections?"],
        ),
        (
            "{\"preset\": \"austn\", \"events\": []}",
            vec!["s.json:1:12", "preset", "did you mean"],
        ),
        (
            "{\"never\": [\"no such rule\"], \"events\": []}",
            vec!["s.json:1:12", "never[0]", "no such invariant"],
        ),
        (
            "{\"timezone\": \"Mars/Base\", \"events\": []}",
            vec!["s.json:1:14", "no such time zone", "help: "],
        ),
        (
            "{\"line\": \"./lost.toml\", \"events\": []}",
            vec!["lost.toml", "no such file", "line of s.json:1:10; check the path"],
        ),
        (
            "{\"line\": \"bank\", \"preset\": \"austin\", \"events\": []}",
            vec![
                "s.json:1:28",
                "preset",
                "the bank line has no preset",
                "leave the option away",
            ],
        ),
        (
            "{\"line\": \"pharmacy\", \"policy\": {\"x\": 1}, \"events\": []}",
            vec!["s.json:1:32", "the pharmacy line has no policy", "collections"],
        ),
        (
            "{\"events\": [null, 1]}",
            vec!["s.json:1:13", "events[0]", "found null, expected an object"],
        ),
    ] {
        desk.file("s.json", text);
        refused(&desk.run(&["replay", "s.json"]), &says);
        refused(&desk.run(&["--scenario", "s.json"]), &says);
    }
}

#[test]
fn deep_nesting_ends_in_a_message_not_in_a_crash() {
    let desk = Desk::new();
    for (open, close) in [
        ("[", "]"),
        ("{\"context\":", "}"),
        ("{\"context\":{\"a\":[", "]}}"),
    ] {
        desk.file(
            "deep.json",
            format!("{}0{}", open.repeat(100_000), close.repeat(100_000)),
        );
        refused(&desk.run(&["replay", "deep.json"]), &["deep.json:1:"]);
    }
    let deep = format!("{}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let run = desk.run_with(&["pipe", "--line", "collections"], deep.as_bytes());
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.out.contains("recursion limit exceeded"), "{}", run.out);
    desk.file(
        "deep.toml",
        format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
    );
    refused(&desk.run(&["flow", "check", "deep.toml"]), &["deep.toml"]);
}

#[test]
fn unknown_options_commands_lines_presets_and_themes_are_named_with_what_there_is() {
    let desk = Desk::new();
    for (args, says) in [
        (vec!["--lien", "bank"], vec!["--lien", "--line"]),
        (vec!["replya", "x.json"], vec!["replya", "replay"]),
        (vec!["replay"], vec!["<PATH>", "--help"]),
        (
            vec!["--line", "bnak"],
            vec!["bnak", "did you mean bank?", "collections"],
        ),
        (
            vec!["chat", "--line", "colections"],
            vec!["colections", "did you mean collections?"],
        ),
        (
            vec!["pipe", "--line", "what"],
            vec!["what", "bank", "collections"],
        ),
        (
            vec!["replay", "--line", "bnak", "s.json"],
            vec!["bnak", "did you mean bank?"],
        ),
        (
            vec!["--preset", "Austn"],
            vec!["Austn", "did you mean austin?", "dallas", "miami"],
        ),
        (
            vec!["chat", "--line", "collections", "--preset", "Paris"],
            vec!["Paris", "austin", "dallas", "miami"],
        ),
        (
            vec!["chat", "--line", "bank", "--preset", "austin"],
            vec!["the bank line has no preset \"austin\"", "leave the option away"],
        ),
        (vec!["--theme", "pink"], vec!["pink", "dark", "light", "mono"]),
        (vec!["--clock", "noon"], vec!["--clock", "2026-02-10T10:00:00"]),
        (
            vec!["chat", "--clock", "noon"],
            vec!["--clock", "2026-02-10T10:00:00"],
        ),
        (vec!["new", "flo", "x"], vec!["flo", "flow"]),
        (vec!["new", "flow"], vec!["<NAME>"]),
    ] {
        desk.file("s.json", "[]");
        refused(&desk.run(&args), &says);
    }
}

#[test]
fn a_name_that_would_drive_the_terminal_is_printed_harmlessly() {
    let desk = Desk::new();
    refused(
        &desk.run(&["replay", "\u{1b}[2Jx.json"]),
        &["x.json", "no such file"],
    );
    refused(&desk.run(&["chat", "--line", "\u{1b}[2Jx"]), &[]);
}

#[test]
fn one_invalid_file_does_not_stop_the_others() {
    let desk = Desk::new();
    desk.file("s/1.json", "{");
    desk.file("s/2.json", "[]");
    let run = desk.run(&["replay", "s"]);
    refused(&run, &["s/1.json:1:"]);
    assert!(run.out.contains("s/2.json"), "{}", run.out);
    assert!(
        run.out.ends_with("2 scenarios: 1 held, 0 failed, 1 invalid\n"),
        "{}",
        run.out
    );
}

#[test]
fn nothing_is_overwritten() {
    let desk = Desk::new();
    desk.file("mine.toml", "kept");
    desk.file("mine.json", "kept");
    for kind in ["flow", "scenario"] {
        refused(
            &desk.run(&["new", kind, "mine"]),
            &["mine.", "exists already", "help: choose another name"],
        );
        refused(
            &desk.run(&["new", kind, "nowhere/mine"]),
            &["no such folder", "help: make the folder first"],
        );
    }
    assert_eq!(
        (desk.read("mine.toml").as_str(), desk.read("mine.json").as_str()),
        ("kept", "kept")
    );
    let run = desk.run_with(&["chat", "--line", "collections"], b"/save mine.json\n");
    assert_eq!(run.code, 0);
    assert!(
        run.out.contains("mine.json exists already; nothing was saved"),
        "{}",
        run.out
    );
    assert_eq!(desk.read("mine.json"), "kept");
}

mod state_directory {
    use super::*;
    use rusqlite::Connection;

    /// Without a terminal the demo plays; the state directory that was named is checked all the same.
    fn open(desk: &Desk, folder: &str) -> Run {
        desk.run(&["--state-dir", folder])
    }

    #[test]
    fn a_file_in_its_place_is_named() {
        let desk = Desk::new();
        desk.file("taken", "mine");
        for folder in ["taken", "taken/below"] {
            refused(&open(&desk, folder), &["taken", "not a folder", "--state-dir"]);
        }
        assert_eq!(desk.read("taken"), "mine");
    }

    #[test]
    fn one_that_cannot_be_written_is_named() {
        let desk = Desk::new();
        // Nobody may make a folder here, root included.
        refused(
            &open(&desk, "/proc/ivr-tui"),
            &["/proc/ivr-tui", "help: ", "--state-dir"],
        );
        let folder = desk.path().join("readonly");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
        if fs::write(folder.join("probe"), "").is_err() {
            refused(
                &open(&desk, "readonly"),
                &["readonly", "cannot be written", "--state-dir"],
            );
        }
    }

    #[test]
    fn a_store_of_a_newer_version_is_left_as_it_is() {
        let desk = Desk::new();
        let path = desk.file("state/ivr.db", "");
        let db = Connection::open(&path).unwrap();
        db.execute_batch("CREATE TABLE future (x); PRAGMA user_version = 999999;")
            .unwrap();
        drop(db);
        // Whether told by its version or by its contents, the file is not this program's to change.
        let before = fs::read(&path).unwrap();
        refused(&open(&desk, "state"), &["state/ivr.db", "help: ", "--state-dir"]);
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_store_that_is_none_is_left_as_it_is() {
        let desk = Desk::new();
        desk.file(
            "state/ivr.db",
            "these are my notes, not a database, and there are enough of them to fill a page\n".repeat(100),
        );
        let before = desk.read("state/ivr.db");
        refused(&open(&desk, "state"), &["state/ivr.db", "help: "]);
        assert_eq!(desk.read("state/ivr.db"), before);
    }

    #[test]
    fn a_store_that_another_program_holds_is_named() {
        let desk = Desk::new();
        assert_eq!(open(&desk, "state").code, 0, "a sound folder is fine");
        let holder = Connection::open(desk.path().join("state/ivr.db")).unwrap();
        holder
            .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;")
            .unwrap();
        refused(&open(&desk, "state"), &["state/ivr.db", "help: "]);
    }

    #[test]
    fn settings_with_mistakes_are_named_by_line() {
        let desk = Desk::new();
        desk.file("c.toml", "theme = \"dark\"\nmuose = true\n");
        refused(
            &desk.run(&["--config", "c.toml"]),
            &["c.toml:2:", "did you mean `mouse`?"],
        );
        refused(
            &desk.run(&["--config", "lost.toml"]),
            &["lost.toml", "no such file"],
        );
        desk.file("home/config/ivr-tui/config.toml", "theme = 7\n");
        refused(&desk.run(&[]), &["ivr-tui/config.toml:1:"]);
    }
}
