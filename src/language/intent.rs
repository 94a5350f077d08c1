//! The intents: thirteen coarse ones that clients read, and the finer ones that rules need, each mapped to one of the
//! thirteen in one table.

use crate::call::IntentId;

/// The coarse intents, in the order clients list them.
pub const COARSE: [&str; 13] = [
    "stop_request",
    "goodbye",
    "human_handoff",
    "wrong_party",
    "dispute",
    "busy",
    "uncomfortable",
    "refusal",
    "uncertain",
    "identity_question",
    "affirmation",
    "negation",
    "unknown",
];

/// A finer intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fine {
    /// Its name.
    pub name: &'static str,
    /// The coarse intent it counts as.
    pub coarse: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

macro_rules! fine {
    ($($name:literal => $coarse:literal, $meaning:literal;)*) => {
        /// Every finer intent. Earlier rows win where several hold: what protects the consumer comes first, and what says
        /// more comes before a plain yes or no.
        pub const FINE: &[Fine] = &[$(Fine { name: $name, coarse: $coarse, meaning: $meaning }),*];
    };
}

fine! {
    "crisis" => "unknown", "talk of self-harm";
    "stop_request" => "stop_request", "stop contacting me";
    "deceased" => "unknown", "the person has died";
    "bankruptcy" => "unknown", "the person has filed for bankruptcy";
    "attorney" => "unknown", "the person is represented by an attorney";
    "bereavement" => "refusal", "somebody close to the speaker has died";
    "fraud" => "dispute", "identity theft or a fraudulent account";
    "already_paid" => "dispute", "it has been paid or settled";
    "proof_request" => "dispute", "show me proof";
    "dispute" => "dispute", "the debt or the amount is not owed";
    "voicemail_greeting" => "unknown", "an answering machine speaks";
    "wrong_party" => "wrong_party", "wrong number, nobody by that name";
    "third_party" => "unknown", "somebody else speaks";
    "hold_on" => "unknown", "wait, I will fetch them";
    "not_available" => "unknown", "the person is not there";
    "human_handoff" => "human_handoff", "a person instead of a machine";
    "callback_request" => "busy", "call again at another time";
    "busy" => "busy", "not a good time";
    "hardship" => "refusal", "job loss, illness, a death in the family, no income";
    "bot_question" => "identity_question", "is this a machine?";
    "uncomfortable" => "uncomfortable", "does not want to give that out";
    "will_not_pay" => "refusal", "will not pay";
    "cannot_pay" => "refusal", "cannot pay";
    "refusal" => "refusal", "no to the whole conversation";
    "hostile" => "refusal", "abuse";
    "language_request" => "unknown", "another language, please";
    "identity_question" => "identity_question", "who is this, what is it about?";
    "payment_question" => "unknown", "how much, to whom, how, what if not?";
    "repeat_request" => "unknown", "say that again";
    "partial_offer" => "unknown", "less than the whole";
    "goodbye" => "goodbye", "ending the call";
    "uncertain" => "uncertain", "does not know, has doubts";
    "conditional" => "uncertain", "yes, but";
    "identity_confirm" => "affirmation", "this is the person you asked for";
    "will_pay" => "affirmation", "will pay, can pay";
    "acknowledgement" => "affirmation", "has heard and understood; agrees to nothing";
    "affirmation" => "affirmation", "yes";
    "not_now" => "negation", "not today, not yet";
    "negation" => "negation", "no";
    "thanks" => "unknown", "thanks, apologies";
    "greeting" => "unknown", "hello";
    "value" => "unknown", "a date, an amount, digits and nothing else";
    "unknown" => "unknown", "nothing that is understood";
}

/// The row of a finer intent.
pub fn fine(name: &str) -> Option<&'static Fine> {
    FINE.iter().find(|f| f.name == name)
}

/// The coarse intent of a finer one; `unknown` for a name that has no row.
pub fn coarse_of(name: &str) -> IntentId {
    IntentId::fixed(fine(name).map_or("unknown", |f| f.coarse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finer_intent_maps_to_one_of_the_thirteen_and_each_of_those_has_a_row() {
        for row in FINE {
            assert!(COARSE.contains(&row.coarse), "{}", row.name);
        }
        for coarse in COARSE {
            assert_eq!(fine(coarse).map(|f| f.coarse), Some(coarse));
        }
    }
}
