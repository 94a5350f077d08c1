//! The call as rows that a person reads: when, who, what.

use super::action::Action;
use super::party::Party;
use super::session::{Entry, EntryId, Session};
use super::signal::Signal;
use super::turn::Expect;
use jiff::SignedDuration;
use std::ops::Range;

/// Who a row belongs to. Always shown as a word, so that colour carries no meaning alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The phone system or agent.
    Line,
    /// The caller's words.
    Caller,
    /// The caller's keys.
    Keys,
    /// Nothing came.
    Silence,
    /// An effect asked for.
    Action,
    /// The call's disposition.
    Outcome,
    /// Anything else worth a line: a machine answered, a hang-up.
    Note,
}

impl Who {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Caller => "caller",
            Self::Keys => "keys",
            Self::Silence => "silence",
            Self::Action => "action",
            Self::Outcome => "outcome",
            Self::Note => "note",
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Call time.
    pub since: SignedDuration,
    /// Whose row.
    pub who: Who,
    /// What, on one logical line.
    pub text: String,
    /// The session's entries it shows.
    pub entries: Range<usize>,
}

/// The rows of a session's branch, kept in step with it at a cost that follows the change, not the call's length.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    rows: Vec<Row>,
    ids: Vec<EntryId>,
}

impl Transcript {
    /// The whole branch's rows.
    pub fn of<P: Party>(session: &Session<P>) -> Self {
        let mut t = Self::default();
        t.sync(session);
        t
    }

    /// The rows, oldest first; those of entries past the session's cursor lie ahead.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Follows the session. Returns the first row that changed, or `None` where nothing did.
    pub fn sync<P: Party>(&mut self, session: &Session<P>) -> Option<usize> {
        let ids = session.ids();
        if self.ids.len() == ids.len() && self.ids.last() == ids.last() {
            return None;
        }
        // Entries form a tree, so one equal identifier means that everything before it is equal too.
        let mut keep = self.ids.len().min(ids.len());
        while keep > 0 && self.ids.get(keep - 1) != ids.get(keep - 1) {
            keep -= 1;
        }
        while let Some(last) = self.rows.last() {
            if last.entries.end <= keep {
                break;
            }
            keep = keep.min(last.entries.start);
            self.rows.pop();
        }
        // A row of keys may grow by the next key: start over from its first.
        if let Some(last) = self.rows.last().filter(|r| r.who == Who::Keys) {
            keep = keep.min(last.entries.start);
            self.rows.pop();
        }
        // Entries that show nothing leave no row behind to say where they were; go back to the last row's end.
        keep = keep.min(self.rows.last().map_or(0, |r| r.entries.end));
        let first = self.rows.len();
        for index in keep..ids.len() {
            let Some(entry) = session.entry(index) else { break };
            let expected = index
                .checked_sub(1)
                .and_then(|i| session.entry(i))
                .map(|e| &e.turn.expect);
            self.push(index, entry, expected.unwrap_or(&Expect::Nothing));
        }
        self.ids.truncate(keep);
        self.ids.extend(ids.iter().skip(keep));
        Some(first)
    }

    fn push(&mut self, index: usize, entry: &Entry, expected: &Expect) {
        let since = entry.at.since;
        let secret = matches!(expected, Expect::Digits { secret: true, .. });
        if let Signal::Key { key } = entry.signal {
            self.push_key(index, since, if secret { '●' } else { key.as_char() });
        }
        let entries = index..index + 1;
        let rows = &mut self.rows;
        let mut row = |who, text: String| {
            rows.push(Row {
                since,
                who,
                text,
                entries: entries.clone(),
            });
        };
        match &entry.signal {
            Signal::Speech(heard) if secret => {
                row(
                    Who::Caller,
                    heard
                        .text
                        .reveal()
                        .split_whitespace()
                        .map(|_| "●")
                        .collect::<Vec<_>>()
                        .join(" "),
                );
            }
            Signal::Speech(heard) if heard.text.is_blank() => row(Who::Silence, "no answer".to_owned()),
            Signal::Speech(heard) => row(Who::Caller, one_line(heard.text.reveal())),
            Signal::Meaning(reading) => row(Who::Caller, format!("({})", reading.fine_intent)),
            Signal::Silence => row(Who::Silence, "no answer".to_owned()),
            Signal::Timer { .. } => row(Who::Silence, "time ran out".to_owned()),
            Signal::Machine => row(Who::Note, "a machine answered".to_owned()),
            Signal::TransferFailed => row(Who::Note, "the transfer failed".to_owned()),
            Signal::Hangup => row(Who::Note, "the caller hung up".to_owned()),
            Signal::Interrupted { .. } => row(Who::Note, "the caller cut in".to_owned()),
            Signal::Start | Signal::Key { .. } | Signal::SpeechStarted | Signal::PromptEnded { .. } => {}
        }
        let turn = &entry.turn;
        if !turn.say.is_empty() {
            row(Who::Line, one_line(&turn.text()));
        }
        for action in &turn.actions {
            match action {
                Action::SetOutcome { outcome_code } => row(Who::Outcome, outcome_code.to_string()),
                other => row(Who::Action, describe(other)),
            }
        }
    }
}

impl Transcript {
    /// A key right after another that was answered with nothing joins its row.
    fn push_key(&mut self, index: usize, since: SignedDuration, shown: char) {
        if let Some(last) = self
            .rows
            .last_mut()
            .filter(|r| r.who == Who::Keys && r.entries.end == index)
        {
            last.text.push(' ');
            last.text.push(shown);
            last.entries.end = index + 1;
        } else {
            self.rows.push(Row {
                since,
                who: Who::Keys,
                text: shown.to_string(),
                entries: index..index + 1,
            });
        }
    }
}

/// One action in a line: its name and its fields.
pub fn describe(action: &Action) -> String {
    let fields = match serde_json::to_value(action) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let mut text = action.name().to_owned();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "action") {
        text.push(' ');
        text.push_str(name);
        text.push('=');
        match value {
            serde_json::Value::String(s) => text.push_str(s),
            other => text.push_str(&other.to_string()),
        }
    }
    text
}

/// Control characters and line breaks would move the terminal's cursor; each becomes a space.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
