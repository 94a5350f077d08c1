//! The policy of a collections line: limits, verification, windows, disclosures and wording, read from TOML and checked.

use super::overlay::{self, SetupError};
use crate::call::Cents;
use crate::call::json::FileError;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How the right party is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// What may be asked for. Only `zip` is known; anything that identifies fully is never asked.
    pub allowed_verification_methods: Vec<String>,
    /// Wrong answers before the call ends.
    pub max_verification_attempts: u32,
}

/// How often anything may happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Turns of a call, the greeting included; the turn that reaches it ends the call.
    pub max_total_turns: u32,
    /// Silences; the last ends the call.
    pub max_silence_prompts: u32,
    /// Dates beyond the policy that are answered with alternatives.
    pub max_reconduction_attempts: u32,
    /// Offers we make.
    pub max_negotiation_proposals: u32,
    /// "Will not pay" or "cannot pay"; the last ends the negotiation.
    pub max_refusals: u32,
    /// Utterances not understood in a row that are answered with a question.
    pub max_clarifications: u32,
    /// Seconds without input that count as silence.
    pub no_input_seconds: u32,
    /// Seconds between two keys of one entry.
    pub inter_digit_seconds: u32,
}

/// What payments are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Whether a payment date must fall in the month of the call.
    pub current_month_only: bool,
    /// The smallest payment.
    #[serde(with = "crate::call::money::decimal")]
    pub minimum_payment: Cents,
}

/// What is said whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosures {
    /// After verification (12 CFR 1006.18(e)).
    pub post_verification_disclosure_text: String,
    /// On a machine (12 CFR 1006.2(j)).
    pub voicemail_message_text: String,
}

/// Where people take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// Whether anyone does.
    pub enabled: bool,
    /// The queue they answer.
    pub queue: String,
}

/// A stretch of the day, from its start to just before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first moment in it.
    pub start: Time,
    /// The first moment after it.
    pub end: Time,
}

impl Window {
    /// Whether a time of day lies in it.
    pub fn contains(&self, time: Time) -> bool {
        self.start <= time && time < self.end
    }

    /// Reads `08:00-21:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-')?;
        let time = |t: &str| match t.trim() {
            "24:00" => Some(Time::MAX),
            t => Time::strptime("%H:%M", t).ok(),
        };
        let window = Self {
            start: time(start)?,
            end: time(end)?,
        };
        (window.start < window.end).then_some(window)
    }
}

/// The hours in which the law allows a call (12 CFR 1006.6(b)(1)).
pub const LAWFUL: Window = Window {
    start: Time::constant(8, 0, 0, 0),
    end: Time::constant(21, 0, 0, 0),
};

/// A policy. Every field of `assets/policies/default.toml`, under the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The collector's name, said only after verification.
    pub brand_name: String,
    /// A name that says nothing of a debt.
    pub neutral_name: String,
    /// The natural person that a voicemail names.
    pub contact_name: String,
    /// Where a consumer can reach us.
    pub callback_number: String,
    /// Words that imply a debt, in lower case.
    pub implies_debt: Vec<String>,
    /// How the right party is verified.
    pub verification: Verification,
    /// How often anything may happen.
    pub limits: Limits,
    /// What payments are taken.
    pub payment: Payment,
    /// Local times for calls: `local` is a list of `HH:MM-HH:MM`.
    pub call_windows: CallWindows,
    /// Where people take over.
    pub handoff: Handoff,
    /// What is said whole.
    pub disclosures: Disclosures,
    /// What is said, by prompt.
    pub wording: BTreeMap<String, String>,
}

/// Local times for calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallWindows {
    /// Windows as `HH:MM-HH:MM`; an empty list means the lawful hours.
    pub local: Vec<String>,
}

/// Names that a text may have in braces.
pub const PLACEHOLDERS: &[&str] = &[
    "amount",
    "brand_name",
    "callback_number",
    "callback_time",
    "contact_name",
    "half",
    "half_date",
    "minimum",
    "month_end",
    "neutral_name",
    "pending_amount",
    "pending_date",
    "preferred_name",
    "target_name",
    "today",
    "window_end",
    "window_start",
];

impl Policy {
    /// Reads a policy file.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let policy: Self = toml::from_str(text).map_err(|e| {
            let mut error = FileError::whole(file, e.message().to_owned());
            if let Some(span) = e.span() {
                let before = text.get(..span.start).unwrap_or(text);
                error.line = before.matches('\n').count() + 1;
                error.column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            }
            error
        })?;
        policy.check().map_err(|e| {
            let mut error = FileError::whole(file, e.message);
            let key = e.path.rsplit('.').next().unwrap_or_default().to_owned();
            error.line = text
                .lines()
                .position(|l| l.trim_start().starts_with(&key))
                .map_or(0, |i| i + 1);
            error.path = e.path;
            error.with_help(e.help)
        })?;
        Ok(policy)
    }

    /// The shipped policy.
    pub fn shipped() -> Result<Self, FileError> {
        Self::parse(
            "assets/policies/default.toml",
            include_str!("../../assets/policies/default.toml"),
        )
    }

    /// This policy with single fields changed. With `strict` an unknown one is an error, and so is a voicemail message that
    /// implies a debt; without, the unknown is ignored and the message stays as it was.
    pub fn with(&self, changes: &Map<String, Value>, strict: bool) -> Result<Self, SetupError> {
        let mut value = serde_json::to_value(self)
            .map_err(|_| SetupError::new("", "the policy cannot be changed", ""))?;
        let mut changes = changes.clone();
        if let Some(windows) = changes.get_mut("call_windows") {
            // Clients also send the bare list.
            if windows.is_array() {
                *windows = Value::Object(Map::from_iter([("local".to_owned(), windows.take())]));
            }
        }
        overlay::merge(&mut value, &Value::Object(changes), "", strict)?;
        let mut policy: Self = overlay::read(value)?;
        let message = &mut policy.disclosures.voicemail_message_text;
        if !strict && !self.debt_words(message).is_empty() {
            // A client's message that implies a debt is never left, and is no reason to refuse its call: ours is.
            message.clone_from(&self.disclosures.voicemail_message_text);
        }
        policy.check()?;
        Ok(policy)
    }

    /// The windows in which a callback may be promised: the policy's, cut to the lawful hours.
    pub fn windows(&self) -> Vec<Window> {
        let own = self.call_windows.local.iter().filter_map(|w| Window::parse(w));
        let cut: Vec<Window> = own
            .map(|w| Window {
                start: w.start.max(LAWFUL.start),
                end: w.end.min(LAWFUL.end),
            })
            .filter(|w| w.start < w.end)
            .collect();
        if self.call_windows.local.is_empty() {
            vec![LAWFUL]
        } else {
            cut
        }
    }

    /// The text of a prompt; empty where the policy has none (loading checks that it has every one we use).
    pub fn text(&self, prompt: &str) -> &str {
        match prompt {
            "disclosure" => &self.disclosures.post_verification_disclosure_text,
            "voicemail" => &self.disclosures.voicemail_message_text,
            _ => self.wording.get(prompt).map_or("", String::as_str),
        }
    }

    /// The words of a text that imply a debt. Amounts count too.
    pub fn debt_words(&self, text: &str) -> Vec<String> {
        crate::language::token::tokenize(text)
            .into_iter()
            .filter(|t| t.text == "$" || self.implies_debt.iter().any(|w| w == t.text.as_str()))
            .map(|t| t.text.to_string())
            .collect()
    }

    fn check(&self) -> Result<(), SetupError> {
        let positive = [
            ("limits.max_total_turns", self.limits.max_total_turns),
            ("limits.max_silence_prompts", self.limits.max_silence_prompts),
            ("limits.max_refusals", self.limits.max_refusals),
            ("limits.no_input_seconds", self.limits.no_input_seconds),
            ("limits.inter_digit_seconds", self.limits.inter_digit_seconds),
            (
                "verification.max_verification_attempts",
                self.verification.max_verification_attempts,
            ),
        ];
        for (path, value) in positive {
            if value == 0 || value > 1_000_000 {
                return Err(SetupError::new(
                    path,
                    "out of range",
                    "a number from 1 to 1000000",
                ));
            }
        }
        if self
            .verification
            .allowed_verification_methods
            .iter()
            .any(|m| m != "zip")
        {
            return Err(SetupError::new(
                "verification.allowed_verification_methods",
                "not a method this program may use",
                "the only one is \"zip\"; full identity numbers, birth dates, cards and passwords are never asked for",
            ));
        }
        if let Some(i) = self
            .call_windows
            .local
            .iter()
            .position(|w| Window::parse(w).is_none())
        {
            return Err(SetupError::new(
                format!("call_windows.local[{i}]"),
                "not a window",
                "write HH:MM-HH:MM with the start before the end, such as \"08:00-20:00\"",
            ));
        }
        self.check_texts()
    }

    fn check_texts(&self) -> Result<(), SetupError> {
        for (name, text) in &self.wording {
            placeholders(&format!("wording.{name}"), text)?;
        }
        placeholders(
            "disclosures.post_verification_disclosure_text",
            &self.disclosures.post_verification_disclosure_text,
        )?;
        placeholders(
            "disclosures.voicemail_message_text",
            &self.disclosures.voicemail_message_text,
        )?;
        for prompt in super::prompts::ALL {
            if self.text(prompt).trim().is_empty() {
                return Err(SetupError::new(
                    format!("wording.{prompt}"),
                    "the text is missing",
                    "every prompt needs its words",
                ));
            }
        }
        for prompt in super::prompts::BEFORE_VERIFICATION {
            let words = self.debt_words(self.text(prompt));
            if let Some(word) = words.first() {
                return Err(SetupError::new(
                    format!("wording.{prompt}"),
                    format!("`{word}` implies a debt, and this is said before the right party is verified"),
                    "say it without (12 CFR 1006.6(d))",
                ));
            }
        }
        let neutral = self.debt_words(&self.neutral_name);
        if neutral.is_empty() {
            Ok(())
        } else {
            Err(SetupError::new(
                "neutral_name",
                "the name implies a debt",
                "use one that says nothing of it (12 CFR 1006.10)",
            ))
        }
    }
}

fn placeholders(path: &str, text: &str) -> Result<(), SetupError> {
    for part in text.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else {
            return Err(SetupError::new(path, "a brace is not closed", "write {name}"));
        };
        if !PLACEHOLDERS.contains(&name) {
            return Err(overlay::unknown(path, name, PLACEHOLDERS.iter().copied()));
        }
    }
    Ok(())
}
