//! What `replay` prints for people.

use super::Total;
use super::run::{Played, Step};
use crate::call::session::Entry;
use crate::call::{Party, Row};
use crate::line::judge::Verdict;
use jiff::SignedDuration;
use std::io::{self, Write};

/// Prints a scenario turn by turn, and how it went.
pub fn scenario(out: &mut dyn Write, played: &Played) -> io::Result<()> {
    heading(out, played)?;
    for step in &played.steps {
        self::step(out, played, step)?;
    }
    for verdict in &played.last {
        self::verdict(out, verdict)?;
    }
    summary(out, played)
}

/// Prints only what did not hold, each with the turns before and after it; nothing where all held.
pub fn failures(out: &mut dyn Write, played: &Played) -> io::Result<()> {
    if played.held {
        return Ok(());
    }
    heading(out, played)?;
    let mut next = 0;
    for (index, failed) in played.steps.iter().enumerate() {
        if failed.verdicts.iter().all(|v| v.held) {
            continue;
        }
        let from = index.saturating_sub(1).max(next);
        if from > next {
            writeln!(out, "  …")?;
        }
        next = index + 2;
        for around in played.steps.iter().take(next).skip(from) {
            step(out, played, around)?;
        }
    }
    for failed in played.last.iter().filter(|v| !v.held) {
        verdict(out, failed)?;
    }
    summary(out, played)
}

/// Prints the sum of all files.
pub fn total(out: &mut dyn Write, total: &Total) -> io::Result<()> {
    writeln!(
        out,
        "{} {}: {} held, {} failed, {} invalid",
        total.files,
        if total.files == 1 { "scenario" } else { "scenarios" },
        total.held,
        total.failed,
        total.invalid
    )
}

fn heading(out: &mut dyn Write, played: &Played) -> io::Result<()> {
    let scenario = &played.scenario;
    write!(out, "{}: {}", played.file, scenario.name)?;
    if !scenario.description.is_empty() {
        write!(out, " ({})", scenario.description)?;
    }
    writeln!(out)
}

/// One step: what was heard, what was answered, where that led, and what was expected of it.
fn step(out: &mut dyn Write, played: &Played, step: &Step) -> io::Result<()> {
    let inside = |row: &&Row| row.entries.start < step.entries.end && row.entries.end > step.entries.start;
    for row in played.rows.iter().filter(inside) {
        writeln!(out, "  {}  {:<7}  {}", clock(row.since), row.who.word(), row.text)?;
    }
    if let Some(event) = played.event(step).filter(|_| step.entries.is_empty()) {
        let ms = event.ms.unwrap_or(played.scenario.clock.tick_ms);
        writeln!(out, "         {:<7}  {} ms pass, nothing happens", "note", ms)?;
    }
    if let Some(entry) = answer(played, step) {
        let turn = &entry.turn;
        write!(out, "         {:<7}  ", "state")?;
        if !turn.intent.as_str().is_empty() {
            write!(out, "intent {}, ", turn.intent)?;
        }
        write!(out, "phase {}", entry.phase)?;
        if entry.phase != entry.node.as_str() {
            write!(out, ", node {}", entry.node)?;
        }
        if let Some(nlu) = &turn.nlu {
            write!(out, ", heard {} {}", nlu.primary_intent, nlu.confidence)?;
        }
        writeln!(out)?;
    }
    for verdict in &step.verdicts {
        self::verdict(out, verdict)?;
    }
    Ok(())
}

/// The turn of a step that answered: the last that did or said something, or the last.
fn answer<'a>(played: &'a Played, step: &Step) -> Option<&'a Entry> {
    let entries: Vec<&Entry> = played.entries(step).map(|(_, e)| &**e).collect();
    let spoke = entries.iter().rev().find(|e| !e.turn.is_quiet());
    spoke.or(entries.last()).copied()
}

fn verdict(out: &mut dyn Write, verdict: &Verdict) -> io::Result<()> {
    let Verdict {
        what,
        expected,
        got,
        held,
    } = verdict;
    if *held {
        return writeln!(out, "         ✓ held   {what}: {}", one_line(expected));
    }
    writeln!(out, "         ✗ FAILED {what}")?;
    writeln!(out, "           expected  {}", one_line(expected))?;
    writeln!(out, "           got       {}", one_line(got))
}

fn summary(out: &mut dyn Write, played: &Played) -> io::Result<()> {
    let failed = played.verdicts().filter(|v| !v.held).count();
    let word = match (played.held, played.failure_expected()) {
        (true, false) => "held".to_owned(),
        (false, false) => format!("FAILED ({failed} of {} expectations)", played.verdicts().count()),
        (true, true) => format!(
            "held: it fails as expected ({})",
            one_line(&played.scenario.xfail)
        ),
        (false, true) => "FAILED: everything held, but the file expects it to fail (xfail)".to_owned(),
    };
    let outcome = played.session.outcome().map_or("none", |o| o.as_str());
    let events = played.steps.len().saturating_sub(1);
    writeln!(
        out,
        "  {word}; {events} of {} events, {} turns, phase {}, outcome {outcome}\n",
        played.scenario.events.len(),
        played.session.cursor(),
        played.session.party().phase(),
    )
}

/// Call time as minutes and seconds.
pub fn clock(since: SignedDuration) -> String {
    let seconds = since.as_secs().max(0);
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

/// Text from a file on one line, with nothing in it that drives a terminal.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
