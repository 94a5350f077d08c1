//! A party's answer to one signal.

use super::action::Action;
use super::id::{IntentId, NodeId, PromptId, RuleId, TimerId};
use super::reading::Reading;
use super::signal::{Key, Lang};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// One thing to say.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Prompt {
    /// Which prompt of the flow or the wording table this is.
    pub id: PromptId,
    /// The words, data filled in.
    pub text: String,
    /// The language of the words.
    #[serde(default)]
    pub lang: Lang,
    /// Whether the caller may speak or key over it (barge-in).
    #[serde(default)]
    pub interruptible: bool,
}

/// What the party waits for next. A transport uses it to choose a keypad, a recogniser's grammar, a mask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expect {
    /// Nothing: the call is over, or the party is not listening.
    #[default]
    Nothing,
    /// A number of digits.
    Digits {
        /// The fewest that are an answer.
        min: u8,
        /// The most; the entry ends by itself here.
        max: u8,
        /// The key that ends entry early.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<Key>,
        /// Whether they are secret (a PIN): shown as dots.
        #[serde(default)]
        secret: bool,
    },
    /// One of these keys or labels, as `(key, label)` pairs in menu order.
    Options {
        /// What can be chosen.
        options: Vec<(SmolStr, String)>,
    },
    /// Yes or no.
    YesNo,
    /// A five-digit ZIP code.
    Zip,
    /// A calendar date.
    Date,
    /// An amount of money.
    Money,
    /// Anything.
    Free,
}

/// What a deadline waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// The next digit of an entry that has begun.
    InterDigit,
    /// The first word or key after a prompt.
    NoInput,
    /// Anything else the party wants to be woken for.
    Other,
}

/// When the party wants to be woken by [`super::Signal::Timer`] if nothing comes. A turn replaces the deadline of the
/// turn before it, also when it arms none; one that goes on counting is named again with its timer and what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deadline {
    /// This arming.
    pub timer: TimerId,
    /// How long after the turn. A [`DeadlineKind::NoInput`] one counts from the end of the turn's prompts.
    pub after: SignedDuration,
    /// What it waits for.
    pub kind: DeadlineKind,
}

/// One edge of the state graph that a turn walked along: the edge's label and the node it led to.
/// A turn that stays where it is has none; a menu choice that announces and returns has two.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hop {
    /// The label of the edge, as in [`super::GraphEdge::label`].
    pub via: SmolStr,
    /// Where it led.
    pub to: NodeId,
}

/// A rule that had a say in the turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleFired {
    /// Its row in the rule table.
    pub rule: RuleId,
    /// Where it comes from (a CFR section, the policy's name); may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// What it did, in one phrase that quotes nothing of the caller.
    pub note: String,
}

/// A party's answer to one signal: what it says and presses, what it asks the world to do, and what it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Turn {
    /// What to say, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub say: Vec<Prompt>,
    /// Keys to press (a navigator answers a phone system this way).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub press: Vec<Key>,
    /// What the outside world should do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What the party waits for now.
    #[serde(default)]
    pub expect: Expect,
    /// When to wake it if nothing comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// What the turn is about, in the client's vocabulary (`assistant_intent`).
    #[serde(default)]
    pub intent: IntentId,
    /// What was understood of the caller, where words came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nlu: Option<Reading>,
    /// The rules that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<RuleFired>,
    /// The edges of the state graph this turn walked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Hop>,
}

impl Turn {
    /// Everything said, joined by a space.
    pub fn text(&self) -> String {
        self.say
            .iter()
            .map(|p| p.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
    /// Whether nothing observable happened: no words, no keys, no actions.
    pub fn is_quiet(&self) -> bool {
        self.say.is_empty() && self.press.is_empty() && self.actions.is_empty()
    }
    /// Whether this turn ended the call.
    pub fn ends_call(&self) -> bool {
        self.actions.iter().any(|a| matches!(a, Action::EndCall { .. }))
    }
    /// The outcome this turn set, if it set one.
    pub fn outcome(&self) -> Option<&super::OutcomeCode> {
        self.actions.iter().find_map(|a| match a {
            Action::SetOutcome { outcome_code } => Some(outcome_code),
            _ => None,
        })
    }
}
