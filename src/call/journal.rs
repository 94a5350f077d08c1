//! The versioned line format: one JSON object a line. `pipe` speaks it, and a sandbox keeps its running call in it so that
//! a killed one can be taken up again.

use super::id::NodeId;
use super::json::{self, FileError};
use super::party::Party;
use super::scenario::{Event, EventType, Scenario, SystemEvent};
use super::session::{Entry, Session};
use super::signal::Signal;
use super::turn::Turn;
use jiff::{SignedDuration, Zoned};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smol_str::SmolStr;

/// The version of serialized signals and turns.
pub const VERSION: u32 = 1;

/// The first line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`VERSION`].
    pub version: u32,
    /// The line, as on the command line.
    pub line: String,
    /// The preset, where the line has presets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub preset: String,
    /// The scenario file that was open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scenario: String,
    /// When the call began.
    pub start: Zoned,
}

/// A later line of a journal: what was heard, or where the operator went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Record {
    /// A signal was heard.
    Heard {
        /// Milliseconds since the call began.
        ms: i64,
        /// The wall clock.
        civil: Zoned,
        /// What was heard.
        #[serde(flatten)]
        signal: Box<Signal>,
    },
    /// The operator went to a turn.
    Jump {
        /// How many entries had been heard there.
        turn: usize,
    },
}

impl Record {
    /// The record of an entry.
    pub fn of(entry: &Entry) -> Self {
        let ms = i64::try_from(entry.at.since.as_millis()).unwrap_or(i64::MAX);
        Self::Heard {
            ms,
            civil: entry.at.civil.clone(),
            signal: Box::new(entry.signal.clone()),
        }
    }

    /// Applies the record to a session.
    pub fn apply<P: Party>(self, session: &mut Session<P>) {
        match self {
            Self::Heard { ms, civil, signal } => {
                let at = super::At {
                    since: SignedDuration::from_millis(ms),
                    civil,
                };
                session.hear(*signal, at);
            }
            Self::Jump { turn } => session.jump(turn),
        }
    }
}

/// A turn as programs read it: the turn itself and where the party stands after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnLine {
    /// [`VERSION`].
    pub version: u32,
    /// The entry's number in the call, from 1.
    pub turn_index: usize,
    /// Milliseconds since the call began.
    pub ms: i64,
    /// The node after the turn.
    pub node: NodeId,
    /// The phase after the turn.
    pub phase: SmolStr,
    /// Everything said, joined.
    pub assistant_text: String,
    /// The turn's intent.
    pub assistant_intent: SmolStr,
    /// Whether the call is over.
    pub ended: bool,
    /// The turn's own fields.
    #[serde(flatten)]
    pub turn: Turn,
}

impl TurnLine {
    /// The line for the entry that was heard `turn_index`-th.
    pub fn of(turn_index: usize, entry: &Entry, ended: bool) -> Self {
        Self {
            version: VERSION,
            turn_index,
            ms: i64::try_from(entry.at.since.as_millis()).unwrap_or(i64::MAX),
            node: entry.node.clone(),
            phase: entry.phase.clone(),
            assistant_text: entry.turn.text(),
            assistant_intent: entry.turn.intent.0.clone(),
            ended,
            turn: entry.turn.clone(),
        }
    }
}

/// Everything a session's branch heard up to its cursor, as a scenario that replays to the same end. What holds there
/// (outcome, phase, node) becomes the scenario's `final`.
pub fn to_scenario<P: Party>(session: &Session<P>, name: &str, line: &str, preset: &str) -> Scenario {
    let mut events: Vec<Event> = Vec::new();
    let mut last = SignedDuration::ZERO;
    // Keys join one event until one of them is answered, as a caller would say "my ID, then my PIN".
    let mut open_keys = false;
    for entry in session.entries().take(session.cursor()) {
        let gap = entry.at.since.saturating_sub(last).as_millis();
        last = entry.at.since;
        let ms = u64::try_from(gap).unwrap_or(0);
        let joins = open_keys;
        open_keys = false;
        if let Signal::Key { key } = entry.signal {
            open_keys = entry.turn.is_quiet();
            if let Some(open) = events.last_mut().filter(|_| joins) {
                open.digits.push(key.as_char());
                continue;
            }
        }
        events.extend(event_of(&entry.signal).map(|event| Event {
            ms: Some(ms),
            ..event
        }));
    }
    let start = session.start();
    Scenario {
        version: Some(super::scenario::VERSION),
        name: name.to_owned(),
        line: line.to_owned(),
        preset: preset.to_owned(),
        timezone: start.civil.time_zone().iana_name().unwrap_or_default().to_owned(),
        start_local_datetime: Some(start.civil.datetime()),
        events,
        last: super::scenario::Final {
            outcome: session.outcome().map(ToString::to_string),
            phase: Some(session.party().phase().to_string()),
            node: Some(session.party().node().to_string()),
            ..super::scenario::Final::default()
        },
        ..Scenario::default()
    }
}

/// The event that makes a signal again; none for the start, which every play begins with.
fn event_of(signal: &Signal) -> Option<Event> {
    let system = |system| Event {
        event_type: EventType::SystemEvent,
        system: Some(system),
        ..Event::default()
    };
    Some(match signal {
        Signal::Start => return None,
        Signal::Key { key } => Event {
            event_type: EventType::Dtmf,
            digits: key.to_string(),
            ..Event::default()
        },
        Signal::Speech(heard) => Event {
            transcript: Some(heard.text.reveal().to_owned()),
            ..Event::default()
        },
        // A party takes silence for the passing of whichever deadline is armed.
        Signal::Silence | Signal::Timer { .. } => Event {
            event_type: EventType::Silence,
            ..Event::default()
        },
        // A meaning has no words; its intent's name is the nearest thing to say.
        Signal::Meaning(reading) => Event {
            transcript: Some(reading.fine_intent.to_string()),
            ..Event::default()
        },
        Signal::Machine => system(SystemEvent::MachineDetected),
        Signal::TransferFailed => system(SystemEvent::TransferFailed),
        Signal::Hangup => system(SystemEvent::Hangup),
        Signal::SpeechStarted => system(SystemEvent::SpeechStarted),
        Signal::PromptEnded { .. } => system(SystemEvent::PromptEnded),
        Signal::Interrupted { .. } => system(SystemEvent::Interrupted),
    })
}

/// A signal read from one line of JSON. Three ways to write it are understood:
///
/// - a serialized [`Signal`]: `{"signal":"key","key":"1"}`, `{"signal":"speech","text":"yes"}`;
/// - a scenario's event, which may stand for several signals: `{"event_type":"dtmf","digits":"1#"}`;
/// - the short forms that a person types: `{"key":"1"}`, `{"keys":"1234#"}`, `{"say":"yes"}`, `"silence"`, `"hangup"`.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// One signal.
    Signal(Signal),
    /// A scenario event.
    Event(Box<Event>),
}

impl Incoming {
    /// Reads one line. The error says what is wrong without quoting the line, which may hold what a caller said.
    pub fn parse(line: &str) -> Result<Self, FileError> {
        let value: Value = json::parse("line", line)?;
        if value.get("event_type").is_some() {
            return json::parse::<Event>("line", line).and_then(|event| Self::event(event, line));
        }
        if let Some(short) = Self::short(&value) {
            return short;
        }
        let Some(object) = value.as_object() else {
            return Err(FileError::at("line", line, "", "a line is an object")
                .with_help("such as {\"signal\":\"key\",\"key\":\"1\"}"));
        };
        if object.get("version").is_some_and(|v| *v != VERSION) {
            let error = FileError::at("line", line, "version", "signals of this version are not known");
            return Err(error.with_help(format!(
                "this program reads version {VERSION}; leave it away or write that"
            )));
        }
        let signal: Signal = json::parse("line", line)?;
        // A program may put notes of its own beside a signal, but a misspelt `confidence` must not make a doubtful word
        // certain. Written out again, a signal has every field that it may have.
        let known = serde_json::to_value(&signal).unwrap_or_default();
        let fields = || {
            known
                .as_object()
                .into_iter()
                .flat_map(|o| o.keys().map(String::as_str))
        };
        let meant = object
            .keys()
            .filter(|k| *k != "version" && known.get(k).is_none())
            .find_map(|k| json::nearest(k, fields()));
        match meant {
            Some(meant) => Err(FileError::at("line", line, "", "a signal's field is misspelt")
                .with_help(format!("did you mean `{meant}`?"))),
            None => Ok(Self::Signal(signal)),
        }
    }

    /// A short form: a bare name, or an object with one field that says what comes.
    fn short(value: &Value) -> Option<Result<Self, FileError>> {
        let signal = |signal: Value| json::parse("line", &signal.to_string()).map(Self::Signal);
        if let Value::String(name) = value {
            return Some(signal(json!({ "signal": name.to_lowercase() })));
        }
        let mut fields = value.as_object()?.iter();
        let (Some((name, content)), None) = (fields.next(), fields.next()) else {
            return None;
        };
        let text = content.as_str();
        Some(match (name.to_lowercase().as_str(), text) {
            ("key", Some(key)) if key.chars().count() == 1 => signal(json!({ "signal": "key", "key": key })),
            ("key" | "keys" | "digits" | "dtmf", Some(digits)) => Self::event(
                Event {
                    event_type: EventType::Dtmf,
                    digits: digits.to_owned(),
                    ..Event::default()
                },
                "",
            ),
            ("say" | "speech" | "text", Some(words)) => signal(json!({ "signal": "speech", "text": words })),
            _ => return None,
        })
    }

    /// An event that a scenario file could hold. `line` is where its mistakes have their places.
    fn event(event: Event, line: &str) -> Result<Self, FileError> {
        event.check("line", line, "")?;
        Ok(Self::Event(Box::new(event)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Heard, Key};

    #[test]
    fn a_line_is_one_signal_or_one_event_with_or_without_its_version() {
        assert_eq!(
            Incoming::parse(r#"{"version":1,"signal":"key","key":"1"}"#),
            Ok(Incoming::Signal(Signal::key(Key::from_char('1').unwrap())))
        );
        assert_eq!(
            Incoming::parse(r#"{"signal":"speech","text":"yes","confidence":1,"lang":"en-US"}"#),
            Ok(Incoming::Signal(Signal::Speech(Heard::typed("yes"))))
        );
        assert!(matches!(
            Incoming::parse(r#"{"event_type":"silence"}"#),
            Ok(Incoming::Event(_))
        ));
        assert_eq!(
            Incoming::parse(r#"{"signal":"silence","my number for it":7}"#),
            Ok(Incoming::Signal(Signal::Silence))
        );
    }

    #[test]
    fn what_a_line_should_not_hold_is_refused_without_quoting_it() {
        for (line, says) in [
            ("[]", "a line is an object"),
            ("null", "a line is an object"),
            (r#"{"version":2,"signal":"silence"}"#, "version 1"),
            (
                r#"{"signal":"speech","text":"4711","confidense":0.1}"#,
                "did you mean `confidence`?",
            ),
            (r#"{"event_type":"dtmf","digits":"4711x"}"#, "line:1:31"),
        ] {
            let error = Incoming::parse(line).unwrap_err().to_string();
            assert!(error.contains(says), "{line}: {error}");
            assert!(!error.contains("4711"), "{error}");
        }
    }
}
