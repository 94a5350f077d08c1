//! The agent's state: what it knows of the call, and nothing the caller said.

use super::node::Node;
use super::outcome::Outcome;
use crate::call::{Cents, IntentId, Redacted};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// Yes, no, or not known yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Not known yet.
    #[default]
    Unknown,
    /// Yes.
    Yes,
    /// No.
    No,
}

/// How the consumer sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// Neither way.
    #[default]
    Neutral,
    /// Worried or sad.
    Upset,
    /// Abusive.
    Hostile,
    /// Not understanding, or not understood.
    Confused,
    /// Helping along.
    Cooperative,
}

/// A date and an amount on the table, not promised yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pending {
    /// The day.
    pub date: Date,
    /// The amount.
    pub amount: Cents,
}

/// A promise to pay.
pub type Promise = Pending;

/// The collections agent: a deterministic state machine. Its rules (account, policy) stay outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Agent {
    /// Where it stands.
    pub(super) node: Node,
    /// Turns given, the greeting included.
    pub(super) turn_count: u32,
    pub(super) verified: bool,
    pub(super) verification_attempts: u32,
    pub(super) verification_refusals: u32,
    pub(super) silence_count: u32,
    pub(super) target_reached: Known,
    pub(super) consent: Known,
    pub(super) disclosed: bool,
    pub(super) disclosure_acknowledged: bool,
    pub(super) proposals: u32,
    pub(super) reconductions: u32,
    pub(super) clarifications: u32,
    pub(super) refusals: u32,
    pub(super) outbursts: u32,
    pub(super) callback_asks: u32,
    pub(super) last_proposed: Option<Date>,
    /// The last utterance with every number masked.
    pub(super) last_utterance: Redacted,
    pub(super) last_question: String,
    pub(super) last_intent: IntentId,
    pub(super) sentiment: Sentiment,
    pub(super) wrong_party: bool,
    pub(super) third_party: bool,
    pub(super) voicemail: bool,
    pub(super) dispute: bool,
    pub(super) hardship: bool,
    pub(super) cease: bool,
    pub(super) pending: Option<Pending>,
    pub(super) pending_amount: Option<Cents>,
    pub(super) promise: Option<Promise>,
    pub(super) callback_requested: bool,
    pub(super) callback_at: Option<DateTime>,
    /// A day named for another call whose hour is not agreed yet.
    pub(super) callback_day: Option<Date>,
    pub(super) escalation: Option<Outcome>,
    pub(super) outcome: Option<Outcome>,
    /// Digits keyed so far.
    pub(super) entry: Redacted,
    /// When an entry was completed, in milliseconds of call time: keys right after it belong to it.
    pub(super) entry_done_ms: Option<i64>,
    /// The timer armed last.
    pub(super) timer: u32,
}
