//! What `replay --json` prints for programs: one object a line.

use super::Total;
use super::run::{Played, Step};
use crate::call::json::FileError;
use crate::call::{Action, Party, Reading, Signal};
use crate::host::lines::LineError;
use crate::line::judge::Verdict;
use serde::Serialize;
use smol_str::SmolStr;
use std::io::{self, Write};

/// The version of these lines.
const VERSION: u32 = 1;

/// What stands for an answer to a question for a secret, as in the transcript.
const MASKED: &str = "●";

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Turn(Turn<'a>),
    Summary(Summary<'a>),
    #[serde(rename = "summary")]
    Invalid {
        version: u32,
        file: &'a str,
        held: bool,
        error: Error<'a>,
    },
    Total {
        version: u32,
        #[serde(flatten)]
        total: &'a Total,
    },
}

/// One turn. The verdicts of an event that made several turns are with its last one.
#[derive(Serialize)]
#[allow(
    clippy::struct_field_names,
    reason = "the names on the wire are those of HTTP clients"
)]
struct Turn<'a> {
    version: u32,
    file: &'a str,
    event: usize,
    event_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcript: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    digits: &'a str,
    turn_index: usize,
    ms: i64,
    assistant_text: String,
    assistant_intent: &'a str,
    phase: &'a SmolStr,
    node: &'a str,
    actions: &'a [Action],
    nlu: Option<&'a Reading>,
    verdicts: Vec<Judged<'a>>,
}

#[derive(Serialize)]
struct Judged<'a> {
    what: &'a str,
    expected: &'a str,
    got: &'a str,
    held: bool,
}

#[derive(Serialize)]
struct Summary<'a> {
    version: u32,
    file: &'a str,
    name: &'a str,
    line: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    preset: &'a str,
    held: bool,
    xfail: bool,
    events_played: usize,
    events: usize,
    turns: usize,
    phase: SmolStr,
    node: String,
    outcome: Option<&'a str>,
    ended: bool,
    expectations: usize,
    failed: usize,
    verdicts: Vec<Judged<'a>>,
}

/// A file that could not be played.
#[derive(Serialize)]
struct Error<'a> {
    #[serde(skip_serializing_if = "is_zero")]
    line: usize,
    #[serde(skip_serializing_if = "is_zero")]
    column: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    path: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// Prints a scenario: each turn, then the summary. With `failed_only` just the turns that did not come out as expected.
pub fn scenario(out: &mut dyn Write, played: &Played, failed_only: bool) -> io::Result<()> {
    if failed_only && played.held {
        return Ok(());
    }
    for step in &played.steps {
        if failed_only && step.verdicts.iter().all(|v| v.held) {
            continue;
        }
        turns(out, played, step)?;
    }
    let session = &played.session;
    let summary = Summary {
        version: VERSION,
        file: &played.file,
        name: &played.scenario.name,
        line: &played.line,
        preset: &played.scenario.preset,
        held: played.held,
        xfail: played.failure_expected(),
        events_played: played.steps.len().saturating_sub(1),
        events: played.scenario.events.len(),
        turns: session.cursor(),
        phase: session.party().phase(),
        node: session.party().node().to_string(),
        outcome: session.outcome().map(crate::call::OutcomeCode::as_str),
        ended: session.party().ended(),
        expectations: played.verdicts().count(),
        failed: played.verdicts().filter(|v| !v.held).count(),
        verdicts: played.last.iter().map(judged).collect(),
    };
    line(out, &Line::Summary(summary))
}

/// Prints a file that could not be played.
pub fn invalid(out: &mut dyn Write, file: &str, error: &LineError) -> io::Result<()> {
    let whole = FileError::whole(file, error.to_string());
    let error = match error {
        LineError::File(e) => e,
        _ => &whole,
    };
    let error = Error {
        line: error.line,
        column: error.column,
        path: &error.path,
        message: error.message.clone(),
        help: error.help.as_deref(),
    };
    line(
        out,
        &Line::Invalid {
            version: VERSION,
            file,
            held: false,
            error,
        },
    )
}

/// Prints the sum of all files.
pub fn total(out: &mut dyn Write, total: &Total) -> io::Result<()> {
    line(
        out,
        &Line::Total {
            version: VERSION,
            total,
        },
    )
}

fn turns(out: &mut dyn Write, played: &Played, step: &Step) -> io::Result<()> {
    let event = played.event(step);
    // An event that only lets time pass makes no turn; its verdicts are told with where the call stands.
    if step.entries.is_empty() {
        let before = step
            .entries
            .start
            .checked_sub(1)
            .and_then(|i| played.session.entry(i));
        let Some(entry) = before else { return Ok(()) };
        let turn = Turn {
            version: VERSION,
            file: &played.file,
            event: step.event,
            event_type: played.event_type(step),
            transcript: event.and_then(|e| e.transcript.as_deref()),
            digits: "",
            turn_index: step.entries.start,
            ms: i64::try_from(entry.at.since.as_millis()).unwrap_or(i64::MAX),
            assistant_text: String::new(),
            assistant_intent: "",
            phase: &entry.phase,
            node: entry.node.as_str(),
            actions: &[],
            nlu: None,
            verdicts: step.verdicts.iter().map(judged).collect(),
        };
        return line(out, &Line::Turn(turn));
    }
    for (turn_index, entry) in played.entries(step) {
        let last = turn_index == step.entries.end;
        let secret = played.is_secret(turn_index);
        let digits = match entry.signal {
            Signal::Key { .. } if secret => MASKED.to_owned(),
            Signal::Key { key } => key.to_string(),
            _ => String::new(),
        };
        let said = event.and_then(|e| e.transcript.as_deref());
        let turn = Turn {
            version: VERSION,
            file: &played.file,
            event: step.event,
            event_type: played.event_type(step),
            transcript: said.map(|said| if secret { MASKED } else { said }),
            digits: &digits,
            turn_index,
            ms: i64::try_from(entry.at.since.as_millis()).unwrap_or(i64::MAX),
            assistant_text: entry.turn.text(),
            assistant_intent: entry.turn.intent.as_str(),
            phase: &entry.phase,
            node: entry.node.as_str(),
            actions: &entry.turn.actions,
            nlu: entry.turn.nlu.as_ref(),
            verdicts: step.verdicts.iter().filter(|_| last).map(judged).collect(),
        };
        line(out, &Line::Turn(turn))?;
    }
    Ok(())
}

fn judged(verdict: &Verdict) -> Judged<'_> {
    Judged {
        what: &verdict.what,
        expected: &verdict.expected,
        got: &verdict.got,
        held: verdict.held,
    }
}

fn line(out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
