//! Before verification: asking for the consumer, waiting for them, and what to say to somebody else. No word of a debt.

use crate::collections::compliance as rule;
use crate::collections::node::Node;
use crate::collections::outcome::Outcome;
use crate::collections::screen;
use crate::collections::state::Known;
use crate::collections::talk::Talk;

/// Answers whoever picked up.
pub(in crate::collections) fn answer(t: &mut Talk<'_>) -> bool {
    let yes = t.meant_any(&["identity_confirm", "affirmation"]);
    let no = t.meant("negation");
    if t.meant("wrong_party") {
        screen::wrong_number(t);
    } else if t.meant("hold_on") && !t.meant("third_party") || t.mainly(&["hold_on"]) {
        hold(t);
    } else if t.meant_any(&["third_party", "not_available"]) {
        somebody_else(t);
    } else if yes && !no {
        verify(t);
    } else if t.meant("identity_confirm") {
        // "No, this is Alex": the name outweighs the no.
        verify(t);
    } else if t.mainly(&["uncomfortable", "refusal", "will_not_pay", "cannot_pay"]) {
        declined(t);
    } else if no && t.mainly(&["negation", "not_now"]) {
        t.agent.wrong_party = true;
        somebody_else(t);
    } else if t.agent.node == Node::Holding && t.mainly(&["greeting", "thanks", "acknowledgement"]) {
        t.go("hello", Node::Greeting);
        t.ask();
    } else if t.agent.node == Node::Holding && t.meant_any(&["identity_question", "bot_question"]) {
        // Somebody new is on the phone and asks; the answer ends with the greeting's question.
        t.go("hello", Node::Greeting);
        return false;
    } else {
        return false;
    }
    true
}

/// Answers somebody who is not the consumer: when to reach them, nothing else. Knowing the ZIP code changes nothing.
pub(in crate::collections) fn third_party(t: &mut Talk<'_>) -> bool {
    t.because(
        &rule::THIRD_PARTY_LOCATES_ONLY,
        "asked only when to reach the consumer",
    );
    if t.meant("wrong_party") {
        screen::wrong_number(t);
    } else if t.meant("hold_on") {
        hold(t);
    } else if screen::name_time(t, "third_party_named_a_time") {
    } else if t.meant_any(&["identity_question", "payment_question"]) {
        t.say_and_ask("personal_matter");
    } else if t.meant_any(&["bot_question", "repeat_request"]) {
        return false;
    } else {
        t.agent.wrong_party = true;
        t.go("no time named", Node::WrongParty);
        t.end(Outcome::WrongParty, "close", "third_party_end");
    }
    true
}

fn hold(t: &mut Talk<'_>) {
    if t.agent.node != Node::Holding {
        t.go("hold on", Node::Holding);
    }
    t.ask();
}

/// Somebody else is on the phone. A time they name along the way is kept.
pub(in crate::collections) fn somebody_else(t: &mut Talk<'_>) {
    t.agent.third_party = true;
    t.agent.target_reached = Known::No;
    t.because(&rule::THIRD_PARTY_LOCATES_ONLY, "said nothing of the matter");
    if t.meant_any(&["callback_request", "not_available"]) && screen::name_time(t, "third_party_named_a_time")
    {
        return;
    }
    t.go("somebody else", Node::ThirdParty);
    t.say_and_ask("third_party");
}

fn verify(t: &mut Talk<'_>) {
    t.agent.target_reached = Known::Yes;
    t.agent.consent = Known::Yes;
    t.go("yes", Node::VerifyZip);
    t.intent("verify_identity");
    t.because(&rule::ASKS_ONLY_ZIP, "asked for the ZIP code");
    let prompt = if t.meant("identity_question") {
        "who_calls"
    } else {
        "ask_zip_greeted"
    };
    t.say(prompt);
    t.say("ask_zip");
    t.agent.last_question = t.turn.say.last().map(|p| p.text.clone()).unwrap_or_default();
}

fn declined(t: &mut Talk<'_>) {
    t.agent.verification_refusals += 1;
    if t.agent.verification_refusals >= 2 {
        t.go("refused", Node::Unverified);
        t.end(Outcome::VerificationRefused, "close", "goodbye");
    } else {
        t.say_and_ask("personal_matter");
    }
}
