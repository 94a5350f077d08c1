//! The examples of the README, run against the real program.
//!
//! Every fenced `console` block is run from the repository's root: a line that begins with `$ ` is a command, what follows it is
//! its whole output (both streams). A line of `...` stands for any number of lines, `...` inside a line for any text. Only
//! commands that begin with `ivr-tui`, `printf` or `echo` are run (`make run` would open a terminal); input may be piped in
//! with `printf` or `echo`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod program;

use program::{Desk, repository};
use std::fs;
use std::process::{Command, Stdio};

#[derive(Debug)]
struct Example {
    line: usize,
    command: String,
    output: Vec<String>,
}

fn examples(text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        match (line, inside) {
            ("```console", false) => inside = true,
            ("```", true) => inside = false,
            (_, true) => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push(Example {
                    line: number,
                    command: command.to_owned(),
                    output: Vec::new(),
                }),
                (None, Some(example)) => example.output.push(line.to_owned()),
                (None, None) => panic!("README.md:{number}: a console block begins with a command"),
            },
            _ => {}
        }
    }
    found
}

fn runs(command: &str) -> bool {
    ["ivr-tui ", "printf ", "echo "]
        .iter()
        .any(|start| command.starts_with(start))
}

/// Whether the lines are those that were written down, where `...` may stand for others.
fn matches(written: &[String], got: &[&str]) -> bool {
    let Some((first, rest)) = written.split_first() else {
        return got.is_empty();
    };
    if first.trim() == "..." {
        return (0..=got.len()).any(|skip| matches(rest, got.get(skip..).unwrap_or_default()));
    }
    got.split_first()
        .is_some_and(|(line, more)| line_matches(first, line) && matches(rest, more))
}

fn line_matches(written: &str, got: &str) -> bool {
    let written = written.trim_end();
    let got = got.trim_end();
    let parts: Vec<&str> = written.split("...").collect();
    let [only] = parts.as_slice() else {
        let (first, rest) = parts.split_first().unwrap();
        let Some(mut left) = got.strip_prefix(first) else {
            return false;
        };
        let (last, middle) = rest.split_last().unwrap();
        for part in middle {
            let Some(at) = left.find(part) else { return false };
            left = left.get(at + part.len()..).unwrap();
        }
        return left.ends_with(last);
    };
    *only == got
}

#[test]
fn every_example_of_the_readme_does_what_it_says() {
    let text = fs::read_to_string(repository("README.md")).unwrap();
    let all = examples(&text);
    let run: Vec<&Example> = all.iter().filter(|e| runs(&e.command)).collect();
    assert!(run.len() >= 7, "the README has examples: {}", run.len());
    // `ivr-tui` in an example is the program under test, and files that an example writes go nowhere near the repository.
    let desk = Desk::new();
    for folder in ["scenarios", "assets", "data", "docs"] {
        let _ = std::os::unix::fs::symlink(repository(folder), desk.path().join(folder));
    }
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_ivr-tui"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    for example in run {
        let mut command = Command::new("sh");
        let plain = desk.command(&[]);
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let output = command
            .args(["-c", &format!("{{ {}; }} 2>&1", example.command)])
            .env("PATH", &path)
            .current_dir(desk.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let got = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = got.lines().collect();
        let written: &[String] = match example.output.as_slice() {
            // A blank line before the block's end is for the eye.
            [all @ .., last] if last.is_empty() => all,
            all => all,
        };
        assert!(
            matches(written, &lines),
            "README.md:{}: $ {}\n--- the README says\n{}\n--- the program says\n{got}",
            example.line,
            example.command,
            written.join("\n")
        );
    }
}

#[test]
fn an_example_that_is_wrong_is_noticed() {
    let written = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    assert!(matches(&written(&["a", "...", "z"]), &["a", "b", "c", "z"]));
    assert!(matches(&written(&["a", "..."]), &["a"]));
    assert!(!matches(&written(&["a", "...", "z"]), &["a", "b"]));
    assert!(!matches(&written(&["a"]), &["a", "b"]));
    assert!(matches(
        &written(&["took ... ms in ... files"]),
        &["took 12 ms in 3 files"]
    ));
    assert!(!matches(&written(&["took ... ms"]), &["took 12 s"]));
    assert_eq!(examples("```console\n$ ivr-tui x\nout\n\n$ ls\n```\n").len(), 2);
}
