//! How a call can end. The codes are those that clients of the HTTP contract read.

use crate::call::OutcomeCode;
use serde::{Deserialize, Serialize};

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// A call's disposition; also its end reason.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Outcome {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Outcome {
            /// Every outcome.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code on the wire.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

outcomes! {
    /// A promise to pay with a date and an amount the consumer said or confirmed.
    PtpSet = "ptp_set";
    /// Somebody else answered, or nobody by that name is at the number.
    WrongParty = "wrong_party";
    /// The consumer asked us to stop; the number and the account are suppressed.
    CeaseContact = "cease_contact";
    /// The consumer said goodbye or hung up.
    UserEnded = "user_ended";
    /// Too many wrong answers to the verification question.
    VerificationFailed = "verification_failed";
    /// The consumer would not answer it.
    VerificationRefused = "verification_refused";
    /// Nobody spoke.
    SilenceTimeout = "silence_timeout";
    /// The call reached its turn limit.
    MaxTurns = "max_turns";
    /// Not a good time, and none was named.
    Busy = "busy";
    /// Ended without any of the other reasons.
    Closed = "closed";
    /// The consumer asked for a person.
    EscalatedUserRequestedHuman = "escalated_user_requested_human";
    /// The debt is disputed, or proof was asked for.
    EscalatedDispute = "escalated_dispute";
    /// "Will not pay" or "cannot pay", twice.
    EscalatedHardRefusal = "escalated_hard_refusal";
    /// Every offer was declined.
    EscalatedMultipleRefusals = "escalated_multiple_refusals";
    /// Not understood too often in a row.
    EscalatedLowConfidence = "escalated_low_confidence";
    /// A time for another call was agreed.
    CallbackSet = "callback_set";
    /// The limited-content message was left on a machine.
    VoicemailLeft = "voicemail_left";
    /// A machine answered and the policy leaves no message.
    NoContact = "no_contact";
    /// The consumer is in hardship or in crisis and was handed to a person.
    Hardship = "hardship";
    /// The consumer is represented by an attorney: legal hold.
    AttorneyRepresented = "attorney_represented";
    /// The consumer has filed for bankruptcy: legal hold.
    Bankruptcy = "bankruptcy";
    /// The consumer has died: legal hold.
    Deceased = "deceased";
    /// The consumer says it has been paid.
    AlreadyPaid = "already_paid";
}

impl Outcome {
    /// The code as an identifier.
    pub const fn id(self) -> OutcomeCode {
        OutcomeCode::fixed(self.code())
    }

    /// Whether a person takes over.
    pub const fn escalates(self) -> bool {
        matches!(
            self,
            Self::EscalatedUserRequestedHuman
                | Self::EscalatedDispute
                | Self::EscalatedHardRefusal
                | Self::EscalatedMultipleRefusals
                | Self::EscalatedLowConfidence
                | Self::Hardship
                | Self::AlreadyPaid
        )
    }
}
