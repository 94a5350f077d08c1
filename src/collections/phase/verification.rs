//! Verification: the ZIP code and nothing else, by voice or by keys; then the disclosure, whole.

use super::greeting;
use crate::collections::compliance as rule;
use crate::collections::node::Node;
use crate::collections::outcome::Outcome;
use crate::collections::screen;
use crate::collections::state::Sentiment;
use crate::collections::talk::Talk;

/// Answers the words that came after the ZIP code was asked for.
pub(in crate::collections) fn answer(t: &mut Talk<'_>) -> bool {
    // A third party who knows the ZIP code is still a third party.
    if t.meant("wrong_party") {
        screen::wrong_number(t);
    } else if t.meant_any(&["third_party", "not_available"]) {
        greeting::somebody_else(t);
    } else if let Some(zip) = t.values.zip.clone() {
        check(t, &zip);
    } else if t.values.other_digits {
        wrong(t, "zip_digits");
    } else if t.mainly(&[
        "uncomfortable",
        "refusal",
        "will_not_pay",
        "cannot_pay",
        "negation",
        "uncertain",
    ]) {
        declined(t);
    } else {
        return false;
    }
    true
}

/// Compares a ZIP code with the account's.
pub(in crate::collections) fn check(t: &mut Talk<'_>, zip: &str) {
    if zip == t.rules.account.account_context.expected_zip {
        t.agent.verified = true;
        t.agent.disclosed = true;
        t.agent.sentiment = Sentiment::Cooperative;
        t.because(&rule::FULL_DISCLOSURE, "said whole, right after verification");
        t.go("zip matches", Node::AskToday);
        t.intent("deliver_disclosure");
        t.say("disclosure");
        t.ask();
    } else {
        wrong(t, "zip_wrong");
    }
}

/// A wrong answer: one attempt less.
pub(in crate::collections) fn wrong(t: &mut Talk<'_>, prompt: &'static str) {
    t.agent.verification_attempts += 1;
    if t.agent.verification_attempts >= t.rules.policy.verification.max_verification_attempts {
        t.because(&rule::VERIFICATION_LIMIT, "no attempt is left");
        t.go("wrong too often", Node::Unverified);
        t.end(Outcome::VerificationFailed, "close", "verification_failed");
    } else {
        t.say_and_ask(prompt);
    }
}

/// Why we ask, once; then the call ends without it.
fn declined(t: &mut Talk<'_>) {
    t.agent.verification_refusals += 1;
    if t.agent.verification_refusals >= 2 {
        t.go("refused", Node::Unverified);
        t.end(Outcome::VerificationRefused, "close", "verification_refused");
    } else {
        t.because(&rule::ASKS_ONLY_ZIP, "said why, and that nothing else is asked");
        t.say_and_ask("zip_why");
    }
}
