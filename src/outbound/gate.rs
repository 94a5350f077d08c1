//! The gate before a dial: one table of rules, checked in order; the first that blocks decides.
//!
//! The gate fails closed. A zone the database does not know, hours that cannot be read or a number that cannot be dialed
//! block the call and say so; none of them falls back to another zone or to "allowed". Where a later call would be
//! lawful, the decision carries the first such instant.

use super::job::Job;
use super::window::{self, CallWindow, Hours};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the gate decided, as clients and the ledger name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DecisionCode {
    /// The call may be placed.
    #[serde(rename = "allowed")]
    Allowed,
    /// On the do-not-call list.
    #[serde(rename = "blocked_suppression_dnc")]
    SuppressionDnc,
    /// The consumer asked to stop.
    #[serde(rename = "blocked_suppression_cease_contact")]
    SuppressionCeaseContact,
    /// Litigation, bankruptcy, attorney, death.
    #[serde(rename = "blocked_suppression_legal_hold")]
    SuppressionLegalHold,
    /// The number was reported as not the consumer's.
    #[serde(rename = "blocked_suppression_wrong_number")]
    SuppressionWrongNumber,
    /// The debt is disputed and not verified yet.
    #[serde(rename = "blocked_suppression_disputed")]
    SuppressionDisputed,
    /// No number, or none that can be dialed.
    #[serde(rename = "blocked_invalid_phone")]
    InvalidPhone,
    /// The consumer's time zone is unknown.
    #[serde(rename = "blocked_invalid_timezone")]
    InvalidTimezone,
    /// The policy's hours cannot be read.
    #[serde(rename = "blocked_invalid_call_window")]
    InvalidCallWindow,
    /// Outside the hours in which the consumer may be called.
    #[serde(rename = "blocked_policy_outside_call_window")]
    OutsideCallWindow,
    /// Enough attempts on this local day.
    #[serde(rename = "blocked_policy_daily_attempt_cap")]
    DailyAttemptCap,
    /// Too soon after the last attempt.
    #[serde(rename = "blocked_policy_min_gap")]
    MinGap,
}

impl DecisionCode {
    /// The code on the wire and in the ledger.
    pub fn as_str(self) -> &'static str {
        RULES
            .iter()
            .find(|r| r.code == self)
            .map_or("allowed", |r| r.name)
    }
}

impl fmt::Display for DecisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Standing reasons not to call an account: those that came with a job and those the store knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressions {
    /// On the do-not-call list.
    pub dnc: bool,
    /// The consumer asked to stop.
    pub cease_contact: bool,
    /// Litigation, bankruptcy, attorney, death.
    pub legal_hold: bool,
    /// The number was reported as not the consumer's.
    pub wrong_number: bool,
    /// The debt is disputed and not verified yet.
    pub disputed: bool,
}

impl Suppressions {
    /// What holds in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            dnc: self.dnc || other.dnc,
            cease_contact: self.cease_contact || other.cease_contact,
            legal_hold: self.legal_hold || other.legal_hold,
            wrong_number: self.wrong_number || other.wrong_number,
            disputed: self.disputed || other.disputed,
        }
    }
}

/// What the gate decided about one job at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Allowed, or what forbids the call.
    pub decision_code: DecisionCode,
    /// The rule that decided; empty when the call is allowed.
    pub rule_id: &'static str,
    /// The section of law behind the rule, or `policy`.
    pub section: &'static str,
    /// One phrase for people.
    pub reason: &'static str,
    /// Whether time alone can lift the block.
    pub retryable: bool,
    /// The first instant at which every rule would allow the call, as far as can be seen now.
    pub next_lawful: Option<Timestamp>,
}

impl Decision {
    /// The decision that allows a call.
    pub const ALLOWED: Self = Self {
        decision_code: DecisionCode::Allowed,
        rule_id: "",
        section: "",
        reason: "allowed",
        retryable: false,
        next_lawful: None,
    };

    /// Whether the call may be placed.
    pub fn allows(&self) -> bool {
        self.decision_code == DecisionCode::Allowed
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Rule {
    /// A short name, stable across versions.
    pub id: &'static str,
    /// What it decides when it blocks.
    pub code: DecisionCode,
    /// The same as text.
    name: &'static str,
    /// The section of law, or `policy`.
    pub section: &'static str,
    /// One phrase for people.
    pub reason: &'static str,
    check: Check,
}

impl Rule {
    /// Whether time alone can lift the block.
    pub const fn retryable(&self) -> bool {
        matches!(self.check, Check::Until(_))
    }
}

#[derive(Debug)]
enum Check {
    /// Blocks for good where the predicate holds.
    Bar(fn(&Case<'_>) -> bool),
    /// Allows from the instant that comes back, which is the given one when nothing is in the way; never when `None`.
    Until(fn(&Case<'_>, Timestamp) -> Option<Timestamp>),
}

/// What the rules look at.
struct Case<'a> {
    suppressed: Suppressions,
    dialable: bool,
    zone: Option<TimeZone>,
    hours: Option<Vec<Hours>>,
    window: Option<CallWindow>,
    counted: &'a [Timestamp],
    daily_cap: u32,
    gap: SignedDuration,
    horizon: Timestamp,
}

/// The rules, in the order in which they are checked.
pub static RULES: [Rule; 11] = [
    Rule {
        id: "suppression.dnc",
        code: DecisionCode::SuppressionDnc,
        name: "blocked_suppression_dnc",
        section: "47 CFR 64.1200(d), 12 CFR 1006.14(h)",
        reason: "on the do-not-call list",
        check: Check::Bar(|c| c.suppressed.dnc),
    },
    Rule {
        id: "suppression.cease_contact",
        code: DecisionCode::SuppressionCeaseContact,
        name: "blocked_suppression_cease_contact",
        section: "12 CFR 1006.6(c), 1006.14(h)",
        reason: "the consumer asked to stop",
        check: Check::Bar(|c| c.suppressed.cease_contact),
    },
    Rule {
        id: "suppression.legal_hold",
        code: DecisionCode::SuppressionLegalHold,
        name: "blocked_suppression_legal_hold",
        section: "11 USC 362, 12 CFR 1006.6(b)(2)",
        reason: "under legal hold",
        check: Check::Bar(|c| c.suppressed.legal_hold),
    },
    Rule {
        id: "suppression.wrong_number",
        code: DecisionCode::SuppressionWrongNumber,
        name: "blocked_suppression_wrong_number",
        section: "12 CFR 1006.14",
        reason: "not the consumer's number",
        check: Check::Bar(|c| c.suppressed.wrong_number),
    },
    Rule {
        id: "suppression.disputed",
        code: DecisionCode::SuppressionDisputed,
        name: "blocked_suppression_disputed",
        section: "12 CFR 1006.38",
        reason: "disputed and not verified yet",
        check: Check::Bar(|c| c.suppressed.disputed),
    },
    Rule {
        id: "input.phone",
        code: DecisionCode::InvalidPhone,
        name: "blocked_invalid_phone",
        section: "policy",
        reason: "no number that can be dialed",
        check: Check::Bar(|c| !c.dialable),
    },
    Rule {
        id: "input.timezone",
        code: DecisionCode::InvalidTimezone,
        name: "blocked_invalid_timezone",
        section: "12 CFR 1006.6(b)(1)",
        reason: "unknown time zone",
        check: Check::Bar(|c| c.zone.is_none()),
    },
    Rule {
        id: "input.call_window",
        code: DecisionCode::InvalidCallWindow,
        name: "blocked_invalid_call_window",
        section: "12 CFR 1006.6(b)(1)",
        reason: "unreadable call window",
        check: Check::Bar(|c| c.hours.is_none()),
    },
    Rule {
        id: "policy.call_window",
        code: DecisionCode::OutsideCallWindow,
        name: "blocked_policy_outside_call_window",
        section: "12 CFR 1006.6(b)(1)",
        reason: "outside the call window",
        check: Check::Until(|c, at| c.window.as_ref()?.next_open(at, c.horizon)),
    },
    Rule {
        id: "policy.daily_attempt_cap",
        code: DecisionCode::DailyAttemptCap,
        name: "blocked_policy_daily_attempt_cap",
        section: "policy",
        reason: "daily attempts used up",
        check: Check::Until(below_daily_cap),
    },
    Rule {
        id: "policy.min_gap",
        code: DecisionCode::MinGap,
        name: "blocked_policy_min_gap",
        section: "policy",
        reason: "too soon after the last attempt",
        check: Check::Until(after_gap),
    },
];

/// How far ahead a next lawful instant is looked for. Longer than the longest gap a policy may ask for.
const HORIZON: SignedDuration = SignedDuration::from_hours(24 * 40);

/// How far back counted attempts matter to a job: the longest local day there is, or its gap.
pub fn looks_back(job: &Job) -> SignedDuration {
    SignedDuration::from_hours(49).max(gap(job))
}

fn gap(job: &Job) -> SignedDuration {
    SignedDuration::from_mins(i64::from(job.policy.min_gap_minutes))
}

/// Decides whether `job` may be dialed at `now`. `known` are the suppressions the store has for the account, added to the
/// job's own; `counted` are the instants of the account's counted attempts within [`looks_back`], in any order.
pub fn decide(job: &Job, known: Suppressions, counted: &[Timestamp], now: Timestamp) -> Decision {
    let zone = window::zone(&job.policy.timezone);
    let hours: Option<Vec<Hours>> = job
        .policy
        .allowed_local_time_ranges
        .iter()
        .map(|h| h.parse().ok())
        .collect();
    let case = Case {
        suppressed: job.payload.suppression_flags.to_suppressions().or(known),
        dialable: job.payload.party_profile.has_dialable_phone(),
        window: zone
            .clone()
            .zip(hours.as_deref())
            .map(|(z, h)| CallWindow::new(h, z)),
        zone,
        hours,
        counted,
        daily_cap: job.policy.daily_attempt_cap,
        gap: gap(job),
        horizon: now.saturating_add(HORIZON).unwrap_or(Timestamp::MAX),
    };
    let blocks = |rule: &&Rule| match rule.check {
        Check::Bar(bars) => bars(&case),
        Check::Until(lawful) => lawful(&case, now) != Some(now),
    };
    RULES
        .iter()
        .find(blocks)
        .map_or(Decision::ALLOWED, |rule| Decision {
            decision_code: rule.code,
            rule_id: rule.id,
            section: rule.section,
            reason: rule.reason,
            retryable: rule.retryable(),
            next_lawful: if rule.retryable() {
                next_lawful(&case, now)
            } else {
                None
            },
        })
}

/// The first instant from `now` on at which no rule that time can lift is in the way: each rule moves the instant on
/// until none does.
fn next_lawful(case: &Case<'_>, now: Timestamp) -> Option<Timestamp> {
    let mut at = now;
    while at <= case.horizon {
        let before = at;
        for rule in &RULES {
            if let Check::Until(lawful) = rule.check {
                at = lawful(case, at)?;
            }
        }
        if at == before {
            return Some(at);
        }
    }
    None
}

/// From when on the account has an attempt left on its local day.
fn below_daily_cap(case: &Case<'_>, at: Timestamp) -> Option<Timestamp> {
    let zone = case.zone.as_ref()?;
    let day = |t: Timestamp| zone.to_datetime(t).date();
    let mut at = at;
    while at <= case.horizon {
        let today = day(at);
        let used = case.counted.iter().filter(|t| day(**t) == today).count();
        if u32::try_from(used).is_ok_and(|used| used < case.daily_cap) {
            return Some(at);
        }
        at = window::next_local_day(zone, at)?;
    }
    None
}

/// From when on the gap since every counted attempt has passed. One dated in the future (a clock was set back) counts.
fn after_gap(case: &Case<'_>, at: Timestamp) -> Option<Timestamp> {
    let last = case.counted.iter().max();
    last.map_or(Some(at), |last| {
        last.checked_add(case.gap).ok().map(|free| free.max(at))
    })
}
