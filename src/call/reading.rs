//! What the language room understood: the result a party decides on and the inspector shows.

use super::id::IntentId;
use super::signal::Redacted;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;

/// A confidence or score from 0 to 1, kept in ten-thousandths so that states compare and hash exactly.
/// Serialized as a number with up to four decimals.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u16);

impl Score {
    /// A score of 1.
    pub const fn certain() -> Self {
        Self(10_000)
    }
    /// From ten-thousandths, capped at 1.
    pub const fn from_basis(ten_thousandths: u16) -> Self {
        if ten_thousandths > 10_000 {
            Self(10_000)
        } else {
            Self(ten_thousandths)
        }
    }
    /// The nearest ten-thousandth to `value`, clamped to 0..=1 (NaN becomes 0).
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=10000 first"
    )]
    pub fn from_f64(value: f64) -> Self {
        Self((value.clamp(0.0, 1.0) * 10_000.0).round() as u16)
    }
    /// As a fraction.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
    /// In ten-thousandths.
    pub const fn basis(self) -> u16 {
        self.0
    }
}

impl fmt::Debug for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_f64())
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.as_f64())
    }
}

impl Serialize for Score {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.as_f64())
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(d)?;
        if (0.0..=1.0).contains(&value) {
            Ok(Self::from_f64(value))
        } else {
            Err(serde::de::Error::custom("a score lies between 0 and 1"))
        }
    }
}

/// A stretch of what was said, and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is: an intent's name, or `zip`, `date`, `money`, `digits`.
    pub kind: SmolStr,
    /// Its value, in canonical form (`2026-02-20`, `240.00`, `78701`); what a caller said, so redacted.
    #[serde(default, skip_serializing_if = "Redacted::is_blank")]
    pub value: Redacted,
    /// Whether a negation covers it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub negated: bool,
}

/// What an utterance meant. More than one intent can hold; [`Reading::why`] says why the primary one won.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// The coarse intent that clients read (one of thirteen, or `silence`, `none`).
    pub primary_intent: IntentId,
    /// The finer intent under it; equal to the coarse one where there is none.
    pub fine_intent: IntentId,
    /// How sure the primary intent is.
    pub confidence: Score,
    /// Every coarse intent's score.
    pub scores: BTreeMap<IntentId, Score>,
    /// Every finer intent's score that is not 0.
    #[serde(default)]
    pub fine_scores: BTreeMap<IntentId, Score>,
    /// The coarse intents that hold, the primary first.
    pub matched_intents: Vec<IntentId>,
    /// Where in the text each was found, and the values with it.
    #[serde(default)]
    pub spans: Vec<Span>,
    /// Intents that were said but negated ("not a bad time").
    #[serde(default)]
    pub negated: Vec<IntentId>,
    /// Why the primary intent won, for a person. Never quotes the caller.
    #[serde(default)]
    pub why: String,
}
