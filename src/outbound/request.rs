//! Asking for a job: the defaults, and validation that names the field.

use super::id::{AccountRef, CampaignId, Fence, JobId};
use super::job::{CallPolicy, Job, PartyProfile, Payload, RetryPolicy, SuppressionFlags, TriggerSource};
use super::state::JobState;
use super::window::{self, Hours, NotHours};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A request for a job, with the keys and defaults of `POST /jobs/enqueue`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnqueueRequest {
    /// What asks: `cron`, `webhook` or `manual`.
    #[serde(default)]
    pub trigger_source: TriggerSource,
    /// The campaign.
    pub campaign_id: String,
    /// The account.
    pub account_ref: String,
    /// The person: `target_name`, `callback_number`, and what else is known.
    pub party_profile: PartyProfile,
    /// Where the account's context is found.
    pub account_context_ref: String,
    /// BCP 47.
    #[serde(default = "default::language")]
    pub language: String,
    /// On the do-not-call list.
    #[serde(default)]
    pub dnc: bool,
    /// The consumer asked to stop.
    #[serde(default)]
    pub cease_contact: bool,
    /// Litigation, bankruptcy, attorney, death.
    #[serde(default)]
    pub legal_hold: bool,
    /// The consumer's IANA zone.
    #[serde(default = "default::timezone")]
    pub timezone: String,
    /// `HH:MM-HH:MM`, end exclusive; an empty list means the lawful default.
    #[serde(default = "default::ranges")]
    pub allowed_local_time_ranges: Vec<String>,
    /// Counted attempts in one local day, from 1.
    #[serde(default = "default::daily_attempt_cap")]
    pub daily_attempt_cap: i64,
    /// Minutes between counted attempts.
    #[serde(default = "default::min_gap_minutes")]
    pub min_gap_minutes: i64,
    /// Not before this instant: RFC 3339 with an offset.
    #[serde(default)]
    pub scheduled_for_utc: Option<String>,
    /// Low first.
    #[serde(default = "default::priority")]
    pub priority: i64,
    /// Attempts in all, from 1.
    #[serde(default = "default::max_attempts")]
    pub max_attempts: i64,
    /// Wait after the first failure.
    #[serde(default = "default::base_delay_seconds")]
    pub base_delay_seconds: i64,
    /// The longest wait.
    #[serde(default = "default::max_delay_seconds")]
    pub max_delay_seconds: i64,
}

mod default {
    pub(super) fn language() -> String {
        "en-US".to_owned()
    }
    pub(super) fn timezone() -> String {
        "America/Chicago".to_owned()
    }
    pub(super) fn ranges() -> Vec<String> {
        vec!["08:00-20:00".to_owned()]
    }
    pub(super) const fn daily_attempt_cap() -> i64 {
        2
    }
    pub(super) const fn min_gap_minutes() -> i64 {
        60
    }
    pub(super) const fn priority() -> i64 {
        100
    }
    pub(super) const fn max_attempts() -> i64 {
        3
    }
    pub(super) const fn base_delay_seconds() -> i64 {
        120
    }
    pub(super) const fn max_delay_seconds() -> i64 {
        3600
    }
}

/// A field of a request that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidField {
    /// The field's path.
    pub field: String,
    /// What is wrong with it and what would be right. Never the value of a person's field.
    pub problem: String,
}

fn invalid(field: impl Into<String>, problem: impl Into<String>) -> InvalidField {
    InvalidField {
        field: field.into(),
        problem: problem.into(),
    }
}

/// A demo customer, as a job needs it.
#[derive(Clone, Copy, Debug)]
pub struct PresetParty<'a> {
    /// Full name.
    pub target_name: &'a str,
    /// The number to dial.
    pub phone: &'a str,
    /// The account in the creditor's books.
    pub account_ref: &'a str,
    /// The case, where the account's context is found.
    pub case_id: &'a str,
    /// IANA zone.
    pub timezone: &'a str,
    /// BCP 47.
    pub language: &'a str,
}

impl EnqueueRequest {
    /// A manual request with the defaults.
    pub fn new(campaign_id: &str, account_ref: &str, party: PartyProfile, account_context_ref: &str) -> Self {
        Self {
            trigger_source: TriggerSource::Manual,
            campaign_id: campaign_id.to_owned(),
            account_ref: account_ref.to_owned(),
            party_profile: party,
            account_context_ref: account_context_ref.to_owned(),
            language: default::language(),
            dnc: false,
            cease_contact: false,
            legal_hold: false,
            timezone: default::timezone(),
            allowed_local_time_ranges: default::ranges(),
            daily_attempt_cap: default::daily_attempt_cap(),
            min_gap_minutes: default::min_gap_minutes(),
            scheduled_for_utc: None,
            priority: default::priority(),
            max_attempts: default::max_attempts(),
            base_delay_seconds: default::base_delay_seconds(),
            max_delay_seconds: default::max_delay_seconds(),
        }
    }

    /// A manual request for a demo customer.
    pub fn from_preset(campaign_id: &str, preset: &PresetParty<'_>) -> Self {
        Self {
            timezone: preset.timezone.to_owned(),
            language: preset.language.to_owned(),
            ..Self::new(
                campaign_id,
                preset.account_ref,
                PartyProfile::new(preset.target_name, preset.phone),
                preset.case_id,
            )
        }
    }

    /// The job that is asked for, created at `now`, or the first field that cannot be taken.
    pub fn to_job(&self, now: Timestamp) -> Result<Job, InvalidField> {
        let campaign = name("campaign_id", &self.campaign_id)?;
        let account = name("account_ref", &self.account_ref)?;
        if self.party_profile.target_name().is_none() {
            return Err(invalid("party_profile.target_name", "a full name is needed"));
        }
        for key in ["target_preferred_name", "callback_number", "phone_number"] {
            if self
                .party_profile
                .0
                .get(key)
                .is_some_and(|v| !v.is_string() && !v.is_null())
            {
                return Err(invalid(format!("party_profile.{key}"), "a text is needed"));
            }
        }
        let context = name("account_context_ref", &self.account_context_ref)?;
        let language = name("language", &self.language)?;
        if window::zone(&self.timezone).is_none() {
            let given = shown(&self.timezone);
            let problem = format!("`{given}` is no time zone; give an IANA name such as America/Chicago");
            return Err(invalid("timezone", problem));
        }
        for (i, range) in self.allowed_local_time_ranges.iter().enumerate() {
            range.parse::<Hours>().map_err(|e: NotHours| {
                let field = format!("allowed_local_time_ranges[{i}]");
                invalid(field, format!("`{}`: {e}", shown(range)))
            })?;
        }
        let scheduled = self.scheduled_for_utc.as_deref().map(instant).transpose()?;
        let policy = CallPolicy {
            timezone: self.timezone.clone(),
            allowed_local_time_ranges: self.allowed_local_time_ranges.clone(),
            daily_attempt_cap: number("daily_attempt_cap", self.daily_attempt_cap, 1..=1000)?,
            min_gap_minutes: number("min_gap_minutes", self.min_gap_minutes, 0..=43_200)?,
        };
        let priority: u32 = number("priority", self.priority, 0..=1_000_000)?;
        let retry_policy = RetryPolicy {
            max_attempts: number("max_attempts", self.max_attempts, 1..=100)?,
            base_delay_seconds: number("base_delay_seconds", self.base_delay_seconds, 0..=604_800)?,
            max_delay_seconds: number("max_delay_seconds", self.max_delay_seconds, 0..=2_592_000)?,
        };
        let created_at_utc = to_micros(now);
        Ok(Job {
            job_id: JobId::new(now),
            idempotency_key: idempotency_key(campaign, account, scheduled),
            trigger_source: self.trigger_source,
            campaign_id: CampaignId::from(campaign),
            priority: i64::from(priority),
            created_at_utc,
            scheduled_for_utc: scheduled,
            state: JobState::Queued,
            payload: Payload {
                account_ref: AccountRef::from(account),
                party_profile: self.party_profile.clone(),
                account_context_ref: context.to_owned(),
                language: language.to_owned(),
                suppression_flags: SuppressionFlags {
                    dnc: self.dnc,
                    cease_contact: self.cease_contact,
                    legal_hold: self.legal_hold,
                },
            },
            policy,
            retry_policy,
            lease_owner: None,
            lease_expires_at_utc: None,
            next_attempt_at_utc: None,
            attempts: Vec::new(),
            failure_reason: None,
            fence: Fence::default(),
        })
    }
}

/// What makes two requests the same job: campaign, account and scheduled time, kept apart whatever they contain.
fn idempotency_key(campaign: &str, account: &str, scheduled: Option<Timestamp>) -> String {
    let escape = |t: &str| t.replace('%', "%25").replace('/', "%2F");
    let when = scheduled.map_or_else(|| "now".to_owned(), |t| t.to_string());
    format!("{}/{}/{when}", escape(campaign), escape(account))
}

/// The instant in whole microseconds, as the store keeps it.
pub(super) fn to_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

fn instant(text: &str) -> Result<Timestamp, InvalidField> {
    let parsed = text.trim().parse::<Timestamp>().map(to_micros);
    parsed.map_err(|_| {
        let problem = format!(
            "`{}` is no time; write RFC 3339 with an offset, such as 2026-02-27T15:00:00Z",
            shown(text)
        );
        invalid("scheduled_for_utc", problem)
    })
}

fn name<'a>(field: &str, text: &'a str) -> Result<&'a str, InvalidField> {
    let text = text.trim();
    if text.is_empty() {
        Err(invalid(field, "a name is needed"))
    } else if text.chars().count() > 200 {
        Err(invalid(field, "at most 200 characters"))
    } else if text.chars().any(char::is_control) {
        Err(invalid(field, "control characters cannot be part of a name"))
    } else {
        Ok(text)
    }
}

fn number(field: &str, given: i64, range: RangeInclusive<i64>) -> Result<u32, InvalidField> {
    let (low, high) = (*range.start(), *range.end());
    u32::try_from(given)
        .ok()
        .filter(|_| range.contains(&given))
        .ok_or_else(|| {
            invalid(
                field,
                format!("{given} is out of range; {low} to {high} are possible"),
            )
        })
}

/// A value short and plain enough to stand in a message.
fn shown(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 {
        format!("{plain}…")
    } else {
        plain
    }
}
