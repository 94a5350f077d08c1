//! The state as clients and the inspector read it: the keys of the HTTP contract's `call_state`, and ours after them.

use super::Rules;
use super::state::Agent;
use serde_json::{Value, json};

pub(super) fn tree(agent: &Agent, rules: &Rules) -> Value {
    let confidence = match (agent.verified, agent.target_reached) {
        (true, _) => 1.0,
        (false, super::state::Known::Yes) => 0.5,
        _ => 0.0,
    };
    let promise = agent.promise;
    json!({
        "phase": agent.node.phase(),
        "turn_count": agent.turn_count,
        "right_party_verified": agent.verified,
        "right_party_confidence": confidence,
        "verification_attempts": agent.verification_attempts,
        "silence_count": agent.silence_count,
        "last_proposed_payment_date": agent.last_proposed.map(|d| d.to_string()),
        "escalation_flag": agent.escalation.is_some(),
        "target_reached": agent.target_reached,
        "consent_to_continue": agent.consent,
        "disclosure_delivered": agent.disclosed,
        "mini_miranda_acknowledged": agent.disclosure_acknowledged,
        "negotiation_proposals_count": agent.proposals,
        "reconduction_attempts": agent.reconductions,
        "clarification_attempts": agent.clarifications,
        "last_user_utterance": agent.last_utterance.reveal(),
        "last_assistant_question": agent.last_question,
        "last_assistant_intent": agent.last_intent,
        "user_sentiment": agent.sentiment,
        "wrong_party_indicated": agent.wrong_party,
        "voicemail_detected": agent.voicemail,
        "dispute_flag": agent.dispute,
        "hardship_flag": agent.hardship,
        "cease_contact_requested": agent.cease,
        "promise_to_pay": {
            "date": promise.map(|p| p.date.to_string()),
            "amount": promise.map(|p| p.amount.to_decimal()),
            "confirmed": promise.is_some(),
        },
        "callback": {
            "requested": agent.callback_requested,
            "datetime_local": agent.callback_at.map(|t| t.to_string()),
        },
        "escalation_reason": agent.escalation.map(super::Outcome::code),
        "end_reason": agent.outcome.map(super::Outcome::code),
        "node": agent.node.id(),
        "outcome": agent.outcome.map(super::Outcome::code),
        "third_party_indicated": agent.third_party,
        "refusals": agent.refusals,
        "verification_refusals": agent.verification_refusals,
        "pending": agent.pending.map(|p| json!({"date": p.date.to_string(), "amount": p.amount.to_decimal()})),
        "digits_entered": agent.entry.reveal().len(),
        "preset": rules.account.preset,
    })
}
