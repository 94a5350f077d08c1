//! `pipe`: a line driven by another program, in JSON lines.

use super::args::PipeArgs;
use super::clock;
use super::exit::Exit;
use super::input::{self, Line as Input};
use crate::call::journal::{Incoming, TurnLine, VERSION};
use crate::call::json::FileError;
use crate::call::session::Entry;
use crate::call::{Party as _, Signal, Turn};
use crate::line::{Driver, LineParty, player};
use serde::Serialize;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// One line of output: a turn, with the number of the input line that it answers (0: the call's start).
#[derive(Serialize)]
struct Answer {
    input: usize,
    #[serde(flatten)]
    turn: TurnLine,
}

/// One line of output where an input line could not be read. Holds no word of that line.
#[derive(Serialize)]
struct Refusal<'a> {
    version: u32,
    error: Mistake<'a>,
}

#[derive(Serialize)]
struct Mistake<'a> {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "str::is_empty")]
    path: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Runs the command on these streams.
pub fn pipe(args: &PipeArgs, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let opened = super::opened(&args.line)?;
    let start = clock::start(&args.clock, opened.zone.as_ref())?;
    let mut input = input;
    let mut pipe = Pipe {
        driver: Driver::new(opened.line, start),
        number: 0,
    };
    if !args.no_start {
        let entry = pipe.driver.handle(Signal::Start);
        pipe.answer(out, &[entry])?;
    }
    let mut exit = Exit::Held;
    while let Some(line) = input::next(&mut input)? {
        pipe.number += 1;
        let read = match line {
            Input::Text(text) if text.trim().is_empty() => continue,
            Input::Text(text) => Incoming::parse(&text),
            Input::NotText => Err(FileError::whole("line", "not UTF-8")),
            Input::TooLong => Err(FileError::whole("line", "too long")),
        };
        match read {
            Ok(incoming) => {
                let entries = pipe.hear(incoming);
                pipe.answer(out, &entries)?;
            }
            Err(error) => {
                exit = Exit::Invalid;
                pipe.refuse(out, &error)?;
            }
        }
    }
    Ok(exit)
}

struct Pipe {
    driver: Driver<LineParty>,
    number: usize,
}

impl Pipe {
    fn hear(&mut self, incoming: Incoming) -> Vec<Arc<Entry>> {
        match incoming {
            Incoming::Signal(signal) => vec![self.driver.handle(signal)],
            // A program says itself how much time passes; the tick of scenario files would be a surprise.
            Incoming::Event(event) => player::play(&mut self.driver, &event, 0),
        }
    }

    /// Prints a line for each turn. Every input has at least one answer: where nothing was heard (time passed and no
    /// deadline with it), the answer is a turn that says where the call stands.
    fn answer(&self, out: &mut dyn Write, entries: &[Arc<Entry>]) -> io::Result<()> {
        let session = self.driver.session();
        let before = session.cursor() - entries.len().min(session.cursor());
        for (index, entry) in (1..).zip(entries) {
            // The call is over after the turn that ends it, not after an earlier one of the same event.
            let ended =
                session.party().ended() && entries.iter().skip(index).all(|later| !later.turn.ends_call());
            self.print(out, TurnLine::of(before + index, entry, ended))?;
        }
        if entries.is_empty() {
            let here = Entry {
                signal: Signal::Silence,
                at: self.driver.now().clone(),
                turn: Turn {
                    expect: session.expect(),
                    ..Turn::default()
                },
                from: session.party().node(),
                node: session.party().node(),
                phase: session.party().phase(),
                violations: Vec::new(),
            };
            self.print(
                out,
                TurnLine::of(session.cursor(), &here, session.party().ended()),
            )?;
        }
        out.flush()
    }

    fn print(&self, out: &mut dyn Write, turn: TurnLine) -> io::Result<()> {
        json_line(
            out,
            &Answer {
                input: self.number,
                turn,
            },
        )
    }

    fn refuse(&self, out: &mut dyn Write, error: &FileError) -> io::Result<()> {
        // A field that is not known may be what a caller said, put in the wrong place, and so may a pattern.
        let named = error.message.starts_with("unknown field");
        let quoted = error.path.ends_with("expect.text.re");
        let path = error.path.trim_start_matches('.');
        let mistake = Mistake {
            line: self.number,
            column: Some(error.column).filter(|c| *c > 0),
            path: if named { "" } else { path },
            message: without_names(&error.message),
            help: error.help.as_deref().filter(|_| !quoted),
        };
        json_line(
            out,
            &Refusal {
                version: VERSION,
                error: mistake,
            },
        )?;
        out.flush()
    }
}

fn json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// The message without the name that the format does not know.
fn without_names(message: &str) -> String {
    let mut parts = message.splitn(3, '`');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(kind), Some(_), Some(rest)) if kind.starts_with("unknown ") => {
            format!("{}{rest}", kind.trim_end())
        }
        _ => message.to_owned(),
    }
}
