//! What each outcome of a call does to its job and to the account: one table.

/// How a call's outcome settles its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settles {
    /// The job is done.
    Done,
    /// Nobody was reached, or not at a good time: another attempt after the backoff.
    Again,
}

/// A standing reason not to call an account, as the store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suppression {
    /// On the do-not-call list.
    Dnc,
    /// The consumer asked to stop.
    CeaseContact,
    /// Litigation, bankruptcy, attorney, death.
    LegalHold,
    /// The number was reported as not the consumer's.
    WrongNumber,
    /// The debt is disputed and not verified yet.
    Disputed,
}

impl Suppression {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Dnc,
        Self::CeaseContact,
        Self::LegalHold,
        Self::WrongNumber,
        Self::Disputed,
    ];

    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dnc => "dnc",
            Self::CeaseContact => "cease_contact",
            Self::LegalHold => "legal_hold",
            Self::WrongNumber => "wrong_number",
            Self::Disputed => "disputed",
        }
    }

    /// The decision code that a job canceled for this carries.
    pub const fn decision(self) -> &'static str {
        match self {
            Self::Dnc => "blocked_suppression_dnc",
            Self::CeaseContact => "blocked_suppression_cease_contact",
            Self::LegalHold => "blocked_suppression_legal_hold",
            Self::WrongNumber => "blocked_suppression_wrong_number",
            Self::Disputed => "blocked_suppression_disputed",
        }
    }
}

/// One row: an outcome code, how it settles the job, and whether the account may be called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The code as the call's last turn sets it.
    pub code: &'static str,
    /// What becomes of the job.
    pub settles: Settles,
    /// What bars the account from then on; its other waiting jobs are canceled.
    pub suppresses: Option<Suppression>,
}

const fn done(code: &'static str) -> Outcome {
    Outcome {
        code,
        settles: Settles::Done,
        suppresses: None,
    }
}

const fn again(code: &'static str) -> Outcome {
    Outcome {
        code,
        settles: Settles::Again,
        suppresses: None,
    }
}

const fn bars(code: &'static str, kind: Suppression) -> Outcome {
    Outcome {
        code,
        settles: Settles::Done,
        suppresses: Some(kind),
    }
}

/// The outcomes that are known.
pub const OUTCOMES: [Outcome; 24] = [
    done("ptp_set"),
    bars("wrong_party", Suppression::WrongNumber),
    bars("cease_contact", Suppression::CeaseContact),
    done("user_ended"),
    done("verification_failed"),
    done("verification_refused"),
    again("silence_timeout"),
    done("max_turns"),
    again("busy"),
    done("closed"),
    done("escalated_user_requested_human"),
    bars("escalated_dispute", Suppression::Disputed),
    done("escalated_hard_refusal"),
    done("escalated_multiple_refusals"),
    done("escalated_low_confidence"),
    done("callback_set"),
    again("voicemail_left"),
    again("no_contact"),
    done("hardship"),
    bars("attorney_represented", Suppression::LegalHold),
    bars("bankruptcy", Suppression::LegalHold),
    bars("deceased", Suppression::LegalHold),
    bars("already_paid", Suppression::Disputed),
    done("call_initialized"),
];

/// The row of a code. One that is not in the table settles the job: an unknown end is never dialed again by itself.
pub fn outcome(code: &str) -> (Settles, Option<Suppression>) {
    OUTCOMES
        .iter()
        .find(|o| o.code == code)
        .map_or((Settles::Done, None), |o| (o.settles, o.suppresses))
}
