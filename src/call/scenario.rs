//! Scenario files: a call as a list of events, and what is expected of it.
//!
//! A strict superset of the original demo's files: a bare array of events, or an object with `events`, loads unchanged.
//! Everything else is optional. Unknown fields are errors.

use super::action::Action;
use super::json::{self, FileError};
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The newest version of the format this program reads and the one it writes.
pub const VERSION: u32 = 2;
/// Milliseconds between two events where the file does not say.
pub const DEFAULT_TICK_MS: u64 = 25_000;
/// Milliseconds between two keys of one `dtmf` event.
pub const KEY_GAP_MS: u64 = 250;

/// A scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Format version; 2, or absent in files of the original demo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// A name for people; the file's name where absent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// One sentence that says what the scenario shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `collections` (the default), `bank`, a shipped flow's name, or a path of a flow file relative to this one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line: String,
    /// Which preset of the line's accounts; the first where absent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub preset: String,
    /// Fields of the party profile and account context that differ from the preset.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub context: Map<String, Value>,
    /// Fields of the policy that differ from the default.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub policy: Map<String, Value>,
    /// Seed for anything drawn by chance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// IANA time zone of the called party; the preset's or the machine's where absent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub timezone: String,
    /// BCP 47 language; en-US where absent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// When the call starts on the called party's clock, such as `2026-02-10T10:00:00`; now where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub start_local_datetime: Option<DateTime>,
    /// How time passes.
    #[serde(skip_serializing_if = "Clock::is_default")]
    pub clock: Clock,
    /// For choosing scenarios by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What happens, in order. Play stops when the call ends.
    pub events: Vec<Event>,
    /// What holds when the last event has been played.
    #[serde(rename = "final", skip_serializing_if = "Final::is_empty")]
    pub last: Final,
    /// Invariants that no turn may break.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<String>,
    /// Why this scenario is expected to fail for now; it is then an error if it passes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub xfail: String,
}

/// How time passes in a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Clock {
    /// Milliseconds between events, and before the first.
    pub tick_ms: u64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            tick_ms: DEFAULT_TICK_MS,
        }
    }
}

impl Clock {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What kind of thing happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// The caller says `transcript`; a blank one is silence.
    #[default]
    UserUtterance,
    /// The caller says and keys nothing until the line's deadline.
    Silence,
    /// The caller presses `digits`.
    Dtmf,
    /// Something happens to the call: `system`.
    SystemEvent,
    /// The caller is heard from a WAV `file`.
    Audio,
    /// `ms` milliseconds pass; deadlines in between fire.
    Advance,
}

/// What can happen to a call apart from words and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemEvent {
    /// The called party picked up; the call has already begun with it.
    Answered,
    /// A voicemail greeting was recognised.
    #[serde(alias = "voicemail_detected")]
    MachineDetected,
    /// The other end hung up.
    Hangup,
    /// A transfer failed.
    TransferFailed,
    /// The caller began to speak.
    SpeechStarted,
    /// The last prompt was played to its end.
    PromptEnded,
    /// The caller cut into the last prompt.
    Interrupted,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Event {
    /// What kind.
    pub event_type: EventType,
    /// The caller's words. `null` is silence; files of the original put a system event's name here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
    /// The keys: `0`-`9`, `*`, `#`, `A`-`D`; spaces and hyphens are skipped.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digits: String,
    /// `advance`: how long. Other events: how long after the one before, in place of the clock's tick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// `audio`: a WAV file, relative to the scenario.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// `system_event`: which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemEvent>,
    /// What is expected of the answer.
    #[serde(skip_serializing_if = "Expected::is_empty")]
    pub expect: Expected,
}

/// What is expected of the answer to an event. Absent means anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expected {
    /// The turn's intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// The phase afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The node afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The primary or finer intent understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nlu: Option<String>,
    /// Its confidence, such as `>=0.7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    /// What is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<TextExpected>,
    /// The names of actions that must be among the turn's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<String>>,
    /// Parts of the inspected state that must be equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Map<String, Value>>,
}

impl Expected {
    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is expected of the words. All of it must hold; letter case counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TextExpected {
    /// Texts that must be in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<String>,
    /// A regular expression that must match somewhere.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub re: String,
    /// Texts that must not be in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<String>,
}

/// What is expected of the call as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Final {
    /// The disposition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The phase it ends in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The node it ends in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Names of actions that must have been asked for at some time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<String>>,
    /// How many keys were pressed, such as `<=6`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<String>,
    /// Parts of the inspected state that must be equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Map<String, Value>>,
}

impl Final {
    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A comparison with a number, such as `>=0.7`, `<= 6`, `=3` or just `3`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    op: BoundOp,
    value: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BoundOp {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Bound {
    /// Reads a comparison.
    pub fn parse(text: &str) -> Option<Self> {
        const OPS: [(&str, BoundOp); 6] = [
            ("<=", BoundOp::AtMost),
            (">=", BoundOp::AtLeast),
            ("==", BoundOp::Equal),
            ("<", BoundOp::Less),
            (">", BoundOp::More),
            ("=", BoundOp::Equal),
        ];
        let text = text.trim();
        let (op, rest) = OPS
            .iter()
            .find_map(|(sign, op)| text.strip_prefix(sign).map(|rest| (*op, rest)))
            .unwrap_or((BoundOp::Equal, text));
        rest.trim()
            .parse()
            .ok()
            .filter(|v: &f64| v.is_finite())
            .map(|value| Self { op, value })
    }

    /// Whether a number satisfies it.
    pub fn holds(self, number: f64) -> bool {
        match self.op {
            BoundOp::Less => number < self.value,
            BoundOp::AtMost => number <= self.value,
            BoundOp::Equal => (number - self.value).abs() < 1e-9,
            BoundOp::AtLeast => number >= self.value,
            BoundOp::More => number > self.value,
        }
    }
}

impl Scenario {
    /// Reads a scenario file's text. `file` names it in errors and gives the scenario its name where it has none.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let bare = text.trim_start().starts_with('[');
        let mut scenario: Self = if bare {
            Self {
                events: json::parse(file, text)?,
                ..Self::default()
            }
        } else {
            json::parse(file, text)?
        };
        scenario.check(file, text, bare)?;
        if scenario.name.is_empty() {
            let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
            stem.strip_suffix(".json")
                .unwrap_or(stem)
                .clone_into(&mut scenario.name);
        }
        Ok(scenario)
    }

    /// The line it runs on.
    pub fn line(&self) -> &str {
        if self.line.is_empty() {
            "collections"
        } else {
            &self.line
        }
    }

    /// As a file's text.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The JSON Schema of the format, generated from these types.
    pub fn schema() -> String {
        let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Self)).unwrap_or_default();
        text.push('\n');
        text
    }

    fn check(&self, file: &str, text: &str, bare: bool) -> Result<(), FileError> {
        let fail = |path: &str, message: String, help: &str| {
            Err(FileError::at(file, text, path, message).with_help(help))
        };
        if let Some(version) = self.version.filter(|v| *v == 0 || *v > VERSION) {
            let help =
                format!("this program reads versions 1 to {VERSION}; a newer ivr-tui may read this file");
            return fail("version", format!("version {version} is not known"), &help);
        }
        if !self.timezone.is_empty() && jiff::tz::TimeZone::get(&self.timezone).is_err() {
            return fail(
                "timezone",
                "no such time zone".to_owned(),
                "use an IANA name such as America/Chicago",
            );
        }
        for (i, event) in self.events.iter().enumerate() {
            let root = if bare {
                format!("[{i}]")
            } else {
                format!("events[{i}]")
            };
            event.check(file, text, &root)?;
        }
        let known: BTreeSet<&str> = Action::NAMES.into_iter().collect();
        let unknown = self
            .last
            .actions
            .iter()
            .flatten()
            .position(|a| !known.contains(a.as_str()));
        if let Some(i) = unknown {
            return fail(
                &format!("final.actions[{i}]"),
                "no such action".to_owned(),
                &known_actions(),
            );
        }
        if self
            .last
            .keys
            .as_deref()
            .is_some_and(|k| Bound::parse(k).is_none())
        {
            return fail(
                "final.keys",
                "not a comparison".to_owned(),
                "write a number, or one after <=, >=, <, >",
            );
        }
        Ok(())
    }
}

fn known_actions() -> String {
    format!("actions are {}", Action::NAMES.join(", "))
}

impl Event {
    /// A `system_event`'s kind, also where a file of the original demo put its name into `transcript`.
    pub fn system(&self) -> Option<SystemEvent> {
        let named =
            || serde_json::from_value(Value::String(self.transcript.as_deref()?.trim().to_owned())).ok();
        self.system.or_else(named)
    }

    /// Checks what the types cannot say. `root` is the event's path in `text`; empty where the text is the event.
    pub(super) fn check(&self, file: &str, text: &str, root: &str) -> Result<(), FileError> {
        let fail = |field: &str, message: &str, help: &str| {
            // The field may be the one that is missing: then the event itself is the place.
            let mut e = FileError::at(file, text, &format!("{root}.{field}"), message).with_help(help);
            if e.line == 0 {
                e = FileError::at(file, text, root, message).with_help(help);
            }
            Err(e)
        };
        match self.event_type {
            EventType::Dtmf => {
                let is_key = |c: char| c == ' ' || c == '-' || super::Key::from_char(c).is_some();
                if !self.digits.chars().any(|c| super::Key::from_char(c).is_some()) {
                    return fail(
                        "digits",
                        "a dtmf event needs digits",
                        "such as \"digits\": \"1234#\"",
                    );
                }
                if !self.digits.chars().all(is_key) {
                    return fail(
                        "digits",
                        "not keys of a telephone",
                        "keys are 0-9, *, #, A, B, C, D",
                    );
                }
            }
            EventType::SystemEvent if self.system().is_none() => {
                let help = "one of answered, machine_detected, hangup, transfer_failed";
                return fail("system", "a system_event needs a known system", help);
            }
            EventType::Audio if self.file.is_empty() => {
                return fail(
                    "file",
                    "an audio event needs a file",
                    "a WAV file relative to the scenario",
                );
            }
            EventType::Advance if self.ms.is_none() => {
                return fail(
                    "ms",
                    "an advance event needs ms",
                    "how many milliseconds pass, such as 4000",
                );
            }
            _ => {}
        }
        let expect = &self.expect;
        if expect
            .confidence
            .as_deref()
            .is_some_and(|c| Bound::parse(c).is_none())
        {
            return fail(
                "expect.confidence",
                "not a comparison",
                "write a number, or one after <=, >=, <, >",
            );
        }
        let re = expect.text.as_ref().map(|t| &t.re).filter(|re| !re.is_empty());
        if let Some(Err(e)) = re.map(|re| regex_lite::Regex::new(re)) {
            return fail("expect.text.re", "not a regular expression", &e.to_string());
        }
        if let Some(i) = expect
            .actions
            .iter()
            .flatten()
            .position(|a| !Action::NAMES.contains(&a.as_str()))
        {
            return fail(
                &format!("expect.actions[{i}]"),
                "no such action",
                &known_actions(),
            );
        }
        Ok(())
    }
}
