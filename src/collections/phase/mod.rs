//! The conversation, one module a phase. Each says whether it had an answer; questions that any phase may meet are
//! answered in `common`.

pub(super) mod callback;
pub(super) mod common;
pub(super) mod greeting;
pub(super) mod negotiation;
pub(super) mod verification;

use super::node::Node;
use super::screen;
use super::talk::Talk;

/// Answers words (or a meaning) that no rule of the screen decided.
pub(super) fn answer(t: &mut Talk<'_>) {
    let handled = match t.agent.node {
        Node::Greeting | Node::Holding => greeting::answer(t),
        Node::ThirdParty => greeting::third_party(t),
        Node::VerifyZip => verification::answer(t),
        Node::CallbackTime => callback::answer(t),
        _ => negotiation::answer(t),
    };
    if handled || common::answer(t) {
        if t.agent.outcome.is_none() {
            t.agent.clarifications = 0;
        }
    } else {
        screen::unclear(t);
    }
}
