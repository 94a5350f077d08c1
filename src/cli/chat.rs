//! `chat`: a conversation in plain lines, for screen readers, pipes and quick looks. No cursor is ever moved.

use super::args::ChatArgs;
use super::clock;
use super::exit::Exit;
use super::input::{self, Line as Input};
use crate::call::journal;
use crate::call::json::nearest;
use crate::call::scenario::KEY_GAP_MS;
use crate::call::transcript::Transcript;
use crate::call::{Key, Party as _, Signal, Who};
use crate::host::files;
use crate::host::lines::Opened;
use crate::line::{Driver, LineParty};
use jiff::{SignedDuration, Zoned};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Between two keys of one `/keys`, as between two keys of one event in a scenario.
const KEY_GAP: SignedDuration = SignedDuration::from_millis(KEY_GAP_MS.cast_signed());

/// What can be typed, with what it does.
const COMMANDS: [(&str, &str); 11] = [
    (
        "(a blank line)",
        "say nothing: the line waits until it has waited enough",
    ),
    ("/keys 123#", "press keys: 0-9, *, #, A-D"),
    ("/back [N]", "take back the last answer, or the last N"),
    ("/forward [N]", "go forward again"),
    ("/advance MS", "let milliseconds pass; timers in between run out"),
    ("/state", "what the line knows now"),
    ("/save FILE", "save the call so far as a scenario"),
    ("/hangup", "hang up"),
    ("/new", "start a new call"),
    ("/help", "this list"),
    ("quit", "leave (so does the end of the input)"),
];

/// Runs the command on these streams.
pub fn chat(args: &ChatArgs, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let opened = super::opened(&args.line)?;
    let start = clock::start(&args.clock, opened.zone.as_ref())?;
    let mut input = input;
    let mut chat = Chat {
        driver: Driver::new(Arc::clone(&opened.line), start.clone()),
        opened,
        start,
        transcript: Transcript::default(),
        shown: 0,
        saved: BTreeSet::new(),
    };
    writeln!(
        out,
        "{}. Type what the caller says, /help for more, quit to leave.",
        chat.opened.line.title()
    )?;
    chat.begin(out)?;
    while let Some(line) = input::next(&mut input)? {
        let go_on = match line {
            Input::Text(text) => chat.line(text.trim(), out)?,
            Input::NotText => note(out, "this line is not UTF-8; nothing was heard")?,
            Input::TooLong => note(out, "this line is too long; nothing was heard")?,
        };
        out.flush()?;
        if !go_on {
            break;
        }
    }
    Ok(Exit::Held)
}

/// A conversation under way. Time stands still between lines, so that the same lines always make the same call;
/// `/advance` moves it.
struct Chat {
    opened: Opened,
    start: Zoned,
    driver: Driver<LineParty>,
    transcript: Transcript,
    /// How many of the session's entries have been printed.
    shown: usize,
    saved: BTreeSet<PathBuf>,
}

impl Chat {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.driver.handle(Signal::Start);
        self.show(out)?;
        out.flush()
    }

    /// Takes one line. `false` ends the conversation.
    fn line(&mut self, text: &str, out: &mut dyn Write) -> io::Result<bool> {
        if text.eq_ignore_ascii_case("quit") {
            return Ok(false);
        }
        if let Some(command) = text.strip_prefix('/') {
            let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
            return self.command(name, rest.trim(), out);
        }
        let signal = if text.is_empty() {
            Signal::Silence
        } else {
            Signal::say(text)
        };
        self.driver.handle(signal);
        self.show(out)?;
        Ok(true)
    }

    fn command(&mut self, name: &str, rest: &str, out: &mut dyn Write) -> io::Result<bool> {
        match name {
            "keys" => self.keys(rest, out),
            "back" | "forward" => self.go(name == "back", rest, out),
            "advance" => self.advance(rest, out),
            "state" => {
                let session = self.driver.session();
                writeln!(
                    out,
                    "state: node {}, phase {}",
                    session.party().node(),
                    session.party().phase()
                )?;
                tree(out, &session.party().inspect(session.rules()), 1)?;
                Ok(true)
            }
            "save" => self.save(rest, out),
            "hangup" => {
                self.driver.handle(Signal::Hangup);
                self.show(out)?;
                Ok(true)
            }
            "new" => {
                self.driver = Driver::new(Arc::clone(&self.opened.line), self.start.clone());
                self.transcript = Transcript::default();
                self.shown = 0;
                note(out, "a new call")?;
                self.begin(out)?;
                Ok(true)
            }
            "help" => {
                for (command, what) in COMMANDS {
                    writeln!(out, "  {command:<15} {what}")?;
                }
                Ok(true)
            }
            "quit" | "exit" => Ok(false),
            _ => unknown(name, out),
        }
    }

    fn keys(&mut self, text: &str, out: &mut dyn Write) -> io::Result<bool> {
        let wanted: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let keys: Vec<Key> = wanted.iter().copied().filter_map(Key::from_char).collect();
        if keys.is_empty() || keys.len() != wanted.len() {
            return note(
                out,
                "nothing was pressed: write /keys and then 0-9, *, #, A-D, as in /keys 123#",
            );
        }
        for (index, key) in keys.into_iter().enumerate() {
            if index > 0 {
                self.driver.elapse(KEY_GAP);
            }
            self.driver.handle(Signal::key(key));
        }
        self.show(out)?;
        Ok(true)
    }

    fn go(&mut self, back: bool, count: &str, out: &mut dyn Write) -> io::Result<bool> {
        let Ok(count) = (if count.is_empty() {
            Ok(1)
        } else {
            count.parse::<usize>()
        }) else {
            return note(out, "write how many turns as a number, as in /back 2");
        };
        let (at, of) = self.travel(back, count);
        let session = self.driver.session();
        let last_words = session.last().map(|e| e.turn.text()).unwrap_or_default();
        let moved = match (at, back) {
            (None, true) => "this is the start of the call",
            (None, false) => "there is nothing ahead",
            (Some(_), true) => "back",
            (Some(_), false) => "forward",
        };
        let at = at.unwrap_or(session.cursor());
        note(out, &format!("{moved}; turn {at} of {of}"))?;
        if !last_words.is_empty() {
            writeln!(out, "line: {}", one_line(&last_words))?;
        }
        Ok(true)
    }

    /// Goes by as many answers of the line: keys of one entry, which it takes without a word, count as one step. Says
    /// where that led, if anywhere, and how many turns there are. The start of the call stays: there would be no one to
    /// talk to before it.
    fn travel(&mut self, back: bool, answers: usize) -> (Option<usize>, usize) {
        let session = self.driver.session();
        let (before, of) = (session.cursor(), session.len());
        let quiet = |turn: usize| {
            let last = turn.checked_sub(1).and_then(|i| session.entry(i));
            last.is_some_and(|e| e.turn.is_quiet())
        };
        let mut to = before;
        for _ in 0..answers.min(of) {
            if back {
                to = to.saturating_sub(1).max(1);
                while to > 1 && quiet(to) {
                    to -= 1;
                }
            } else {
                to = (to + 1).min(of);
                while to < of && quiet(to) {
                    to += 1;
                }
            }
        }
        self.driver.jump(to);
        self.shown = to;
        ((to != before).then_some(to), of)
    }

    fn advance(&mut self, ms: &str, out: &mut dyn Write) -> io::Result<bool> {
        let Ok(ms) = ms.parse::<u32>() else {
            return note(out, "write how long in milliseconds, as in /advance 4000");
        };
        let fired = self.driver.advance(SignedDuration::from_millis(i64::from(ms)));
        if fired.is_empty() {
            return note(out, &format!("{ms} ms pass, nothing happens"));
        }
        self.show(out)?;
        Ok(true)
    }

    fn save(&mut self, file: &str, out: &mut dyn Write) -> io::Result<bool> {
        if file.is_empty() {
            return note(out, "write where to, as in /save my-call.json");
        }
        let path = Path::new(file);
        let holds_something = path.metadata().is_ok_and(|m| m.is_dir() || m.len() > 0);
        if holds_something && !self.saved.contains(path) {
            return note(
                out,
                &format!("{file} exists already; nothing was saved. Choose another name"),
            );
        }
        let name = path
            .file_stem()
            .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let line = self
            .opened
            .name_in(path.parent().unwrap_or_else(|| Path::new("")));
        let scenario = journal::to_scenario(self.driver.session(), &name, &line, &self.opened.preset);
        let events = scenario.events.len();
        if let Err(e) = files::write_whole(path, &scenario.to_json()) {
            return note(out, &format!("{file}: {}; nothing was saved", files::reason(&e)));
        }
        self.saved.insert(path.to_owned());
        note(
            out,
            &format!("saved {events} events to {file}; ivr-tui replay {file} plays them again"),
        )
    }

    /// Prints what is new in the call. What the caller typed is not repeated, keys are: a PIN's as dots.
    fn show(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let session = self.driver.session();
        self.transcript.sync(session);
        let from = std::mem::replace(&mut self.shown, session.cursor());
        let rows = self.transcript.rows();
        let new = rows.partition_point(|row| row.entries.end <= from);
        for row in rows.iter().skip(new) {
            match row.who {
                Who::Caller => {}
                // Keys of one entry share a row however they came: only those after the ones already shown are new.
                Who::Keys => {
                    let new = row.entries.end - row.entries.start.max(from);
                    let all: Vec<&str> = row.text.split(' ').collect();
                    let keys = all.get(all.len().saturating_sub(new)..).unwrap_or_default();
                    writeln!(out, "keys: {}", keys.join(" "))?;
                }
                who => writeln!(out, "{}: {}", who.word(), row.text)?,
            }
        }
        if session.last().is_some_and(|e| e.turn.ends_call()) {
            note(
                out,
                "the call is over; /new starts another, /back takes a turn back, quit leaves",
            )?;
        }
        Ok(())
    }
}

/// Says something about the conversation itself. Always goes on.
fn note(out: &mut dyn Write, text: &str) -> io::Result<bool> {
    writeln!(out, "note: {text}")?;
    Ok(true)
}

fn unknown(name: &str, out: &mut dyn Write) -> io::Result<bool> {
    let known = COMMANDS
        .iter()
        .filter_map(|(c, _)| c.strip_prefix('/')?.split(' ').next());
    match nearest(name, known) {
        Some(near) => note(
            out,
            &format!("there is no such command; did you mean /{near}? /help lists them"),
        ),
        None => note(out, "there is no such command; /help lists them"),
    }
}

/// A tree as indented lines, a name and a value each.
fn tree(out: &mut dyn Write, value: &Value, depth: usize) -> io::Result<()> {
    let pad = "  ".repeat(depth);
    let mut item = |name: &str, value: &Value| match value {
        Value::Object(map) if map.is_empty() => writeln!(out, "{pad}{name}: nothing"),
        Value::Array(list) if list.is_empty() => writeln!(out, "{pad}{name}: nothing"),
        Value::Object(_) | Value::Array(_) => {
            writeln!(out, "{pad}{name}:")?;
            tree(out, value, depth + 1)
        }
        Value::Null => writeln!(out, "{pad}{name}: none"),
        Value::Bool(b) => writeln!(out, "{pad}{name}: {}", if *b { "yes" } else { "no" }),
        Value::String(text) => writeln!(out, "{pad}{name}: {}", one_line(text)),
        Value::Number(number) => writeln!(out, "{pad}{name}: {number}"),
    };
    match value {
        Value::Object(map) => map.iter().try_for_each(|(name, value)| item(name, value)),
        Value::Array(list) => (1..)
            .zip(list)
            .try_for_each(|(i, value)| item(&i.to_string(), value)),
        other => item("value", other),
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
