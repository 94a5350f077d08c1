//! Questions that may come at any time: who is this, is it a machine, say that again, how much. The pending question
//! stays pending.

use crate::collections::compliance as rule;
use crate::collections::node::Node;
use crate::collections::outcome::Outcome;
use crate::collections::state::Sentiment;
use crate::collections::talk::Talk;

/// Answers such a question; says whether it was one.
pub(in crate::collections) fn answer(t: &mut Talk<'_>) -> bool {
    let verified = t.agent.verified;
    if t.meant("bot_question") {
        t.because(&rule::SAYS_IT_IS_AUTOMATED, "said so");
        t.say_and_ask("bot");
    } else if t.meant("repeat_request") {
        t.ask();
    } else if t.meant("hold_on") {
        if t.turn.intent.as_str().is_empty() {
            t.intent(if verified { "negotiate" } else { "request_target" });
        }
        t.say("no_hold");
    } else if t.meant("identity_question") {
        if verified {
            t.say_and_ask("who_calls_verified");
        } else {
            t.because(&rule::NOTHING_BEFORE_VERIFICATION, "gave the neutral name only");
            t.say_and_ask("who_calls");
        }
    } else if t.meant("payment_question") {
        t.say_and_ask(if verified {
            "payment_answer"
        } else {
            "payment_unknown"
        });
    } else if t.meant("hostile") {
        hostile(t);
    } else if t.meant_any(&[
        "thanks",
        "greeting",
        "acknowledgement",
        "affirmation",
        "identity_confirm",
        "conditional",
    ]) {
        t.ask();
    } else {
        return false;
    }
    true
}

/// Abuse is met calmly once; the second time the call ends.
fn hostile(t: &mut Talk<'_>) {
    t.agent.sentiment = Sentiment::Hostile;
    t.agent.outbursts += 1;
    if t.agent.outbursts < 2 {
        t.say_and_ask("calm");
    } else if t.agent.node.negotiates() {
        super::negotiation::refused_too_often(t, Outcome::EscalatedHardRefusal);
    } else {
        t.go_by_rule("goodbye", Node::Closed);
        t.end(Outcome::Closed, "close", "goodbye");
    }
}
