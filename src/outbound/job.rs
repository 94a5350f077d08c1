//! A job and its parts, with exactly the keys that clients of the HTTP interface and the exchange files read.

use super::gate::Suppressions;
use super::id::{AccountRef, CallId, CampaignId, Fence, JobId, WorkerId};
use super::state::JobState;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;

/// One call that should be made to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Which job.
    pub job_id: JobId,
    /// What makes a second enqueue the same job.
    pub idempotency_key: String,
    /// What enqueued it.
    pub trigger_source: TriggerSource,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Low first.
    pub priority: i64,
    /// When it was enqueued.
    pub created_at_utc: Timestamp,
    /// Not before this instant.
    pub scheduled_for_utc: Option<Timestamp>,
    /// Where it stands.
    pub state: JobState,
    /// Whom to call about what.
    pub payload: Payload,
    /// When and how often the account may be called.
    pub policy: CallPolicy,
    /// How a failed call is retried.
    pub retry_policy: RetryPolicy,
    /// Who holds it.
    pub lease_owner: Option<WorkerId>,
    /// Until when.
    pub lease_expires_at_utc: Option<Timestamp>,
    /// When a waiting job is tried next.
    pub next_attempt_at_utc: Option<Timestamp>,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// Why it last failed, was deferred or was canceled: an error, an outcome or a decision code.
    pub failure_reason: Option<String>,
    /// The fencing number of its last lease; zero before the first. Not part of the exchanged shape.
    #[serde(skip)]
    pub fence: Fence,
}

impl Job {
    /// When the job may be leased: at once where this lies in the past.
    pub fn due_at(&self) -> Timestamp {
        self.next_attempt_at_utc
            .or(self.scheduled_for_utc)
            .unwrap_or(self.created_at_utc)
    }

    /// What its last ended attempt came to: the outcome of its call, or the error.
    pub fn outcome(&self) -> Option<&str> {
        let last = self.attempts.iter().rev().find(|a| a.ended_at_utc.is_some())?;
        last.outcome_code.as_deref().or(last.error_code.as_deref())
    }
}

/// What enqueued a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerSource {
    /// A schedule.
    Cron,
    /// Another system.
    Webhook,
    /// A person.
    #[default]
    Manual,
}

impl TriggerSource {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cron => "cron",
            Self::Webhook => "webhook",
            Self::Manual => "manual",
        }
    }
}

impl FromStr for TriggerSource {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Cron, Self::Webhook, Self::Manual]
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or(())
    }
}

/// Whom to call about what. Holds the profile that dialing needs, so it is never logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The account.
    pub account_ref: AccountRef,
    /// The person.
    pub party_profile: PartyProfile,
    /// Where the account's context is found.
    pub account_context_ref: String,
    /// BCP 47.
    pub language: String,
    /// Flags that came with the job; the store's own are added when it is leased.
    pub suppression_flags: SuppressionFlags,
}

/// Reasons not to call that came with a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressionFlags {
    /// On the do-not-call list.
    #[serde(default)]
    pub dnc: bool,
    /// The consumer asked to stop.
    #[serde(default)]
    pub cease_contact: bool,
    /// Litigation, bankruptcy, attorney, death.
    #[serde(default)]
    pub legal_hold: bool,
}

impl SuppressionFlags {
    /// The same as the gate reads them.
    pub const fn to_suppressions(self) -> Suppressions {
        Suppressions {
            dnc: self.dnc,
            cease_contact: self.cease_contact,
            legal_hold: self.legal_hold,
            wrong_number: false,
            disputed: false,
        }
    }
}

/// The person to call: `target_name`, and what else the enqueuer knows, kept as it came. Debug output holds no value.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyProfile(pub Map<String, Value>);

impl PartyProfile {
    /// A profile with a name and a number to dial.
    pub fn new(target_name: &str, phone: &str) -> Self {
        let mut map = Map::new();
        map.insert("target_name".into(), target_name.into());
        map.insert("callback_number".into(), phone.into());
        Self(map)
    }

    /// The consumer's full name.
    pub fn target_name(&self) -> Option<&str> {
        self.text("target_name")
    }

    /// How the consumer likes to be called.
    pub fn preferred_name(&self) -> Option<&str> {
        self.text("target_preferred_name")
    }

    /// The number to dial, as it was given.
    pub fn phone(&self) -> Option<&str> {
        self.text("phone_number").or_else(|| self.text("callback_number"))
    }

    /// Whether the number can be dialed: 7 to 15 digits (ITU-T E.164) with the usual separators.
    pub fn has_dialable_phone(&self) -> bool {
        self.phone().is_some_and(|phone| {
            let digits = phone.chars().filter(char::is_ascii_digit).count();
            (7..=15).contains(&digits) && phone.chars().all(|c| c.is_ascii_digit() || " ()-.+".contains(c))
        })
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0
            .get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|t| !t.is_empty())
    }
}

impl fmt::Debug for PartyProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// When and how often the account may be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPolicy {
    /// The consumer's IANA zone.
    pub timezone: String,
    /// `HH:MM-HH:MM`, end exclusive; an empty list means the lawful default.
    pub allowed_local_time_ranges: Vec<String>,
    /// Counted attempts on the account in one local day.
    pub daily_attempt_cap: u32,
    /// Minutes between counted attempts on the account.
    pub min_gap_minutes: u32,
}

/// How a failed call is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPolicy {
    /// Attempts in all.
    pub max_attempts: u32,
    /// Wait after the first failure, in seconds.
    pub base_delay_seconds: u32,
    /// The longest wait, in seconds.
    pub max_delay_seconds: u32,
}

impl RetryPolicy {
    /// The wait after the `n`th failed attempt, from 1: base · 2^(n−1), capped.
    pub fn backoff(&self, n: u32) -> SignedDuration {
        let factor = 1_u64.checked_shl(n.saturating_sub(1)).unwrap_or(u64::MAX);
        let seconds = u64::from(self.base_delay_seconds)
            .saturating_mul(factor)
            .min(u64::from(self.max_delay_seconds));
        SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

/// One lease of a job and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1.
    pub attempt_number: u32,
    /// When its call began; until then, when it was leased.
    pub started_at_utc: Timestamp,
    /// When it was over.
    pub ended_at_utc: Option<Timestamp>,
    /// How its call ended.
    pub outcome_code: Option<String>,
    /// What went wrong.
    pub error_code: Option<String>,
    /// The call's record.
    pub call_id: Option<CallId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_from_the_base_up_to_the_cap() {
        let policy = RetryPolicy {
            max_attempts: 9,
            base_delay_seconds: 120,
            max_delay_seconds: 3600,
        };
        let waits: Vec<i64> = [0, 1, 2, 3, 4, 5, 6, 64, 65, u32::MAX]
            .into_iter()
            .map(|n| policy.backoff(n).as_secs())
            .collect();
        assert_eq!(waits, [120, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]);
    }

    #[test]
    fn a_profile_shows_no_value_in_debug_output() {
        let profile = PartyProfile::new("Alex Morgan", "+1 (555) 010-2000");
        assert_eq!(format!("{profile:?}"), r#"{"callback_number", "target_name"}"#);
    }

    #[test]
    fn a_phone_is_dialable_with_seven_to_fifteen_digits() {
        let dialable = |p: &str| PartyProfile::new("A", p).has_dialable_phone();
        let given = [
            "+1 (555) 010-2000",
            "5550102",
            "555010",
            "1234567890123456",
            "",
            "555-CALL-NOW1234567",
        ];
        assert_eq!(given.map(dialable), [true, true, false, false, false, false]);
    }
}
