//! How a command ends: its exit code, and the one place that prints errors.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// How a command ended. The greater one wins where several things were done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All well: exit code 0.
    #[default]
    Held,
    /// An expectation failed: exit code 1.
    Failed,
    /// Invalid input or usage: exit code 2.
    Invalid,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The most lines an error may take: one screen of the smallest usual terminal, with room for the prompt.
const MAX_LINES: usize = 20;
/// The most characters a line of an error may take.
const MAX_WIDTH: usize = 400;

/// Prints an error and says how the program ends. A reader that went away (`| head`) is no error.
pub fn report(error: &anyhow::Error) -> Exit {
    if is_broken_pipe(error) {
        return Exit::Held;
    }
    complain(&message(error));
    Exit::Invalid
}

/// Prints one error message to standard error, kept to one screen.
pub fn complain(message: &str) {
    // Nothing can be done where standard error is gone too.
    let _ = writeln!(io::stderr(), "{}", screenful(&format!("error: {message}")));
}

/// The chain of causes in one text. A cause that its wrapper quotes already is not repeated.
fn message(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// At most one screen of `text`, with nothing in it that would drive a terminal.
pub fn screenful(text: &str) -> String {
    let total = text.lines().count();
    let mut out = String::new();
    for line in text.lines().take(MAX_LINES) {
        if !out.is_empty() {
            out.push('\n');
        }
        let shown = line.chars().map(|c| {
            if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        });
        out.extend(shown.take(MAX_WIDTH));
        if line.chars().nth(MAX_WIDTH).is_some() {
            out.push('…');
        }
    }
    if total > MAX_LINES {
        out.push_str("\n… and ");
        out.push_str(&(total - MAX_LINES).to_string());
        out.push_str(" more lines");
    }
    out
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_ends_win() {
        assert_eq!(Exit::Failed.max(Exit::Held), Exit::Failed);
        assert_eq!(Exit::Failed.max(Exit::Invalid), Exit::Invalid);
    }

    #[test]
    fn an_error_never_fills_more_than_a_screen_nor_drives_the_terminal() {
        let long = format!("bad \u{1b}[2J{}\n{}", "x".repeat(1000), "line\n".repeat(100));
        let shown = screenful(&long);
        assert!(shown.lines().count() <= MAX_LINES + 1, "{shown}");
        assert!(
            shown.lines().all(|l| l.chars().count() <= MAX_WIDTH + 1),
            "{shown}"
        );
        assert!(!shown.contains('\u{1b}'));
        assert!(shown.ends_with("… and 81 more lines"), "{shown}");
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let gone = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing");
        assert_eq!(report(&gone), Exit::Held);
    }

    #[test]
    fn causes_are_told_once() {
        let error = anyhow::anyhow!("no such file").context("x.json: no such file");
        assert_eq!(message(&error), "x.json: no such file");
    }
}
