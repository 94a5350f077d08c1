//! What to try in a state when searching it, and what makes two states the same.

use super::Rules;
use super::state::Agent;
use crate::call::{Party as _, Redacted, Signal, Span, StateKey};
use crate::language;
use smol_str::SmolStr;

/// Meanings that stand for everything a caller may say, each once.
const MEANINGS: &[&str] = &[
    "affirmation",
    "identity_confirm",
    "negation",
    "not_now",
    "will_pay",
    "cannot_pay",
    "will_not_pay",
    "refusal",
    "uncertain",
    "conditional",
    "acknowledgement",
    "uncomfortable",
    "wrong_party",
    "third_party",
    "not_available",
    "hold_on",
    "busy",
    "callback_request",
    "hardship",
    "bereavement",
    "crisis",
    "stop_request",
    "dispute",
    "already_paid",
    "proof_request",
    "fraud",
    "attorney",
    "bankruptcy",
    "deceased",
    "human_handoff",
    "bot_question",
    "identity_question",
    "payment_question",
    "partial_offer",
    "repeat_request",
    "language_request",
    "hostile",
    "voicemail_greeting",
    "goodbye",
    "greeting",
    "thanks",
    "unknown",
];

pub(super) fn of(agent: &Agent, rules: &Rules) -> Vec<Signal> {
    if agent.ended() {
        return vec![Signal::say("hello")];
    }
    if agent.node == super::node::Node::Ready {
        return vec![Signal::Start, Signal::Machine, Signal::Hangup];
    }
    let value = |kind: &'static str, value: &str| {
        vec![Span {
            start: 0,
            end: 0,
            kind: SmolStr::new_static(kind),
            value: Redacted::new(value),
            negated: false,
        }]
    };
    let mut out: Vec<Signal> = MEANINGS
        .iter()
        .map(|m| Signal::Meaning(language::meaning(m, Vec::new())))
        .collect();
    // Dates are put in as words, for they depend on the day of the call.
    for words in [
        "today",
        "tomorrow",
        "friday",
        "the end of the month",
        "next month",
        "last friday",
        "payday",
        "fifty dollars",
        "half",
        "maybe friday",
        "not today",
        "call me tomorrow at 3 pm",
        "call me tomorrow",
    ] {
        out.push(Signal::say(words));
    }
    let zip = &rules.account.account_context.expected_zip;
    out.push(Signal::Meaning(language::meaning("value", value("zip", zip))));
    out.push(Signal::Meaning(language::meaning("value", value("zip", "00000"))));
    out.push(Signal::Meaning(language::meaning(
        "third_party",
        value("zip", zip),
    )));
    out.push(Signal::Silence);
    out.push(Signal::Machine);
    out.push(Signal::Hangup);
    out.extend(
        ['1', '2', '9', '#']
            .into_iter()
            .filter_map(crate::call::Key::from_char)
            .map(Signal::key),
    );
    out
}

/// The state without its clock and words, counters capped.
pub(super) fn key(agent: &Agent) -> StateKey {
    let cap = |n: u32| n.min(4);
    let mut same = agent.clone();
    same.turn_count = 0;
    same.timer = 0;
    same.entry_done_ms = None;
    same.last_utterance = Redacted::default();
    same.last_question.clear();
    same.callback_at = agent.callback_at.map(|_| jiff::civil::DateTime::MIN);
    same.silence_count = cap(agent.silence_count);
    same.outbursts = cap(agent.outbursts);
    StateKey(serde_json::to_vec(&same).unwrap_or_default().into_boxed_slice())
}
