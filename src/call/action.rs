//! What a turn asks the outside world to do. Names and fields are those that HTTP clients read.

use super::id::OutcomeCode;
use super::money::Cents;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// An effect, as a value. On the wire `{"action": NAME, ...}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// The call's disposition. Exactly one in a call, on its last turn.
    SetOutcome {
        /// The disposition.
        outcome_code: OutcomeCode,
    },
    /// Hang up. Exactly one in a call, on its last turn.
    EndCall {
        /// Why, in the same vocabulary as outcomes.
        reason: SmolStr,
    },
    /// Hand over to a person.
    EscalateToHuman {
        /// Why.
        reason: SmolStr,
        /// What the person should know; nothing the caller said or keyed.
        summary: String,
    },
    /// A promise to pay, with a date and an amount the caller said or confirmed.
    CreatePromiseToPay {
        /// When.
        date: Date,
        /// How much, as a decimal string on the wire.
        #[serde(with = "super::money::decimal")]
        amount: Cents,
        /// ISO 4217.
        currency: SmolStr,
    },
    /// Call again at a time the caller named.
    ScheduleCallback {
        /// The consumer's wall clock.
        datetime_local: DateTime,
        /// IANA zone.
        timezone: SmolStr,
        /// Why.
        reason: SmolStr,
    },
    /// Send a link to pay with.
    SendPaymentLink {
        /// `sms` or `email`.
        channel: SmolStr,
        /// What the link refers to.
        reference_id: String,
    },
    /// Stop contacting.
    MarkDoNotContact {
        /// How far: `phone`, `account`.
        scope: SmolStr,
        /// Why.
        reason: SmolStr,
    },
    /// The number is not the consumer's.
    MarkWrongNumber {
        /// Why.
        reason: SmolStr,
    },
    /// Something worth counting; never what the caller said.
    LogEvent {
        /// What kind.
        r#type: SmolStr,
        /// `info`, `warning`, `error`.
        severity: SmolStr,
        /// For a person.
        message: String,
    },
    /// Transfer the caller to a number or queue (phone menus).
    Transfer {
        /// Where to.
        target: SmolStr,
    },
}

impl Action {
    /// The action's name on the wire.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SetOutcome { .. } => "set_outcome",
            Self::EndCall { .. } => "end_call",
            Self::EscalateToHuman { .. } => "escalate_to_human",
            Self::CreatePromiseToPay { .. } => "create_promise_to_pay",
            Self::ScheduleCallback { .. } => "schedule_callback",
            Self::SendPaymentLink { .. } => "send_payment_link",
            Self::MarkDoNotContact { .. } => "mark_do_not_contact",
            Self::MarkWrongNumber { .. } => "mark_wrong_number",
            Self::LogEvent { .. } => "log_event",
            Self::Transfer { .. } => "transfer",
        }
    }

    /// Every name an action can have, for checking scenario files.
    pub const NAMES: [&'static str; 10] = [
        "set_outcome",
        "end_call",
        "escalate_to_human",
        "create_promise_to_pay",
        "schedule_callback",
        "send_payment_link",
        "mark_do_not_contact",
        "mark_wrong_number",
        "log_event",
        "transfer",
    ];
}
