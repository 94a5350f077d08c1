//! What a party can hear.

use super::id::{PromptId, TimerId};
use super::reading::{Reading, Score};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

/// A DTMF key (ITU-T Q.23): the twelve of a telephone keypad and the four of its extra column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `0` to `9`; a value above 9 cannot be built through the public API.
    Digit(Digit),
    /// `*`
    Star,
    /// `#`, also called pound or octothorpe
    Hash,
    /// `A`, the fourth column (1633 Hz)
    A,
    /// `B`
    B,
    /// `C`
    C,
    /// `D`
    D,
}

/// A decimal digit, 0 to 9.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digit(u8);

impl Digit {
    /// The digit, or `None` above 9.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 9 { Some(Self(value)) } else { None }
    }
    /// Its value, 0 to 9.
    pub const fn value(self) -> u8 {
        self.0
    }
}

impl Key {
    /// The twelve keys of an ordinary keypad in reading order.
    pub const TWELVE: [Self; 12] = [
        Self::Digit(Digit(1)),
        Self::Digit(Digit(2)),
        Self::Digit(Digit(3)),
        Self::Digit(Digit(4)),
        Self::Digit(Digit(5)),
        Self::Digit(Digit(6)),
        Self::Digit(Digit(7)),
        Self::Digit(Digit(8)),
        Self::Digit(Digit(9)),
        Self::Star,
        Self::Digit(Digit(0)),
        Self::Hash,
    ];

    /// The key printed as `c`; the letters A to D in either case.
    pub const fn from_char(c: char) -> Option<Self> {
        Some(match c {
            '0'..='9' => Self::Digit(Digit(c as u8 - b'0')),
            '*' => Self::Star,
            '#' => Self::Hash,
            'A' | 'a' => Self::A,
            'B' | 'b' => Self::B,
            'C' | 'c' => Self::C,
            'D' | 'd' => Self::D,
            _ => return None,
        })
    }

    /// The character on the key.
    pub const fn as_char(self) -> char {
        match self {
            Self::Digit(d) => (b'0' + d.0) as char,
            Self::Star => '*',
            Self::Hash => '#',
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
        }
    }

    /// The digit on the key, if it has one.
    pub const fn digit(self) -> Option<u8> {
        match self {
            Self::Digit(d) => Some(d.0),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        f.write_char(self.as_char())
    }
}

/// Redacted: what a caller keys must not reach a log through `{:?}`. Use [`Key::as_char`] where the key is wanted.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(•)")
    }
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_char(self.as_char())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let c = char::deserialize(d)?;
        Self::from_char(c).ok_or_else(|| serde::de::Error::custom("a key is one of 0-9, *, #, A, B, C, D"))
    }
}

/// Text that a caller said, or digits a caller keyed. It can be read on purpose ([`Redacted::reveal`]), shown to the
/// operator, or saved by the operator; `{:?}` prints only its length, so it cannot slip into a log or an error.
///
/// Serialization writes the text: it is how the operator's own scenario files and `pipe` carry it. Types that are
/// stored without being asked for (call records, the ledger) therefore never contain a `Redacted`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(String);

impl Redacted {
    /// Wraps what was said.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// Whether nothing but white space is in it.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[redacted, {} characters]", self.0.chars().count())
    }
}

/// A language tag (BCP 47) such as `en-US`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lang(pub SmolStr);

impl Lang {
    /// English as spoken in the United States, the default.
    pub const EN_US: Self = Self(SmolStr::new_static("en-US"));
}

impl Default for Lang {
    fn default() -> Self {
        Self::EN_US
    }
}

/// What the caller said, as typed or as recognised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Heard {
    /// The words.
    pub text: Redacted,
    /// The recogniser's confidence; 1 for typed text.
    #[serde(default = "Score::certain")]
    pub confidence: Score,
    /// The language spoken.
    #[serde(default)]
    pub lang: Lang,
}

impl Heard {
    /// Typed text in US English, certain.
    pub fn typed(text: impl Into<String>) -> Self {
        Self {
            text: Redacted::new(text),
            confidence: Score::certain(),
            lang: Lang::EN_US,
        }
    }
}

/// One thing that reaches a party from the other end of the call.
///
/// On the wire a signal is an object whose `signal` names the kind: `{"signal":"key","key":"1"}`,
/// `{"signal":"speech","text":"yes"}`, `{"signal":"silence"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Signal {
    /// The call was answered; the party speaks first.
    Start,
    /// One key was pressed.
    Key {
        /// Which one.
        key: Key,
    },
    /// The caller said something.
    Speech(Heard),
    /// A meaning put in directly, after language: what `explore` tries instead of every sentence.
    Meaning(Reading),
    /// The caller began to speak; the words follow as [`Signal::Speech`].
    SpeechStarted,
    /// A prompt was played to its end.
    PromptEnded {
        /// Which prompt.
        prompt: PromptId,
    },
    /// The caller spoke or keyed over a prompt (barge-in).
    Interrupted {
        /// Which prompt.
        prompt: PromptId,
    },
    /// A deadline passed. Ignored unless it is the one armed last.
    Timer {
        /// Which arming.
        timer: TimerId,
    },
    /// The caller said and keyed nothing until the deadline, whichever it was.
    Silence,
    /// A machine answered (voicemail greeting).
    Machine,
    /// A transfer that the party asked for did not go through.
    TransferFailed,
    /// The other end hung up.
    Hangup,
}

impl Signal {
    /// A key press.
    pub const fn key(key: Key) -> Self {
        Self::Key { key }
    }
    /// Typed speech.
    pub fn say(text: impl Into<String>) -> Self {
        Self::Speech(Heard::typed(text))
    }
}
