//! The in-call rules, each a row with the section it comes from. A turn names the rows that decided it.

use crate::call::{RuleFired, RuleId};

/// A rule of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// Its number in the checklist of in-call rules; 0 for the policy's own limits.
    pub number: u8,
    /// Where it comes from.
    pub section: &'static str,
    /// What it checks.
    pub checks: &'static str,
}

macro_rules! rules {
    ($($id:ident = $number:literal, $section:literal, $checks:literal;)*) => {
        $(
            #[doc = $checks]
            pub const $id: Rule = Rule { id: stringify!($id), number: $number, section: $section, checks: $checks };
        )*
        /// Every rule.
        pub const RULES: &[Rule] = &[$($id),*];
    };
}

rules! {
    NOTHING_BEFORE_VERIFICATION = 1, "12 CFR 1006.6(d), 1006.10", "no word of a debt before the right party is verified";
    THIRD_PARTY_LOCATES_ONLY = 2, "12 CFR 1006.10", "a third party is asked only when to reach the consumer";
    FULL_DISCLOSURE = 3, "12 CFR 1006.18(e)", "the disclosure is said once, whole, right after verification";
    STOP_REQUEST = 4, "12 CFR 1006.14(h)", "a request to stop ends the call at once and bars further calls";
    DISPUTE = 5, "12 CFR 1006.34, 1006.38", "a dispute, fraud, payment or request for proof stops the collection";
    LEGAL_HOLD = 6, "12 CFR 1006.6(b)(2), 11 USC 362", "an attorney, a bankruptcy or a death ends the call with a legal hold";
    INCONVENIENT_TIME = 7, "12 CFR 1006.6(b)(1)", "an inconvenient time ends the call; a lawful time named is kept";
    HARDSHIP = 8, "policy", "hardship is acknowledged before anything is offered";
    CRISIS = 8, "policy", "talk of self-harm ends the collection and gives the crisis line";
    PROMISE_NEEDS_DATE_AND_AMOUNT = 9, "policy", "a promise needs a date and an amount the consumer said or confirmed";
    DATE_WITHIN_POLICY = 9, "policy", "a payment date must fall in the current month and not in the past";
    LIMITED_CONTENT_MESSAGE = 10, "12 CFR 1006.2(j)", "a machine gets the limited-content message and nothing else";
    SAYS_IT_IS_AUTOMATED = 11, "policy", "asked whether it is a person, the agent says what it is";
    ASKS_ONLY_ZIP = 12, "policy", "verification asks for nothing but the ZIP code; volunteered secrets are not taken";
    KEEPS_NO_WORDS = 13, "12 CFR 1006.100", "what is kept of a call holds nothing the caller said";
    TURN_LIMIT = 0, "policy", "the turn that reaches the limit ends the call";
    SILENCE_LIMIT = 0, "policy", "silence that lasts ends the call";
    VERIFICATION_LIMIT = 0, "policy", "too many wrong answers end the call";
    REFUSAL_LIMIT = 0, "policy", "refusals that repeat end the negotiation";
    CLARIFICATION_LIMIT = 0, "policy", "not understood twice in a row, a person takes over";
    PERSON_ON_REQUEST = 0, "policy", "who asks for a person gets one";
}

impl Rule {
    /// The row with that name, in the form the turn carries it.
    pub fn fired(&self, note: &str) -> RuleFired {
        RuleFired {
            rule: RuleId::from(self.name()),
            section: self.section.to_owned(),
            note: note.to_owned(),
        }
    }

    /// The name in lower case, as clients see it.
    pub fn name(&self) -> String {
        self.id.to_lowercase()
    }
}
