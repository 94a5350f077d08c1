//! Identifiers of jobs, accounts, campaigns, workers and calls, and the fencing number of a lease.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }
        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(SmolStr::new(id))
            }
        }
        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(SmolStr::from(id))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

text_id! {
    /// A job: `job_` and a number that sorts by age.
    JobId
}
text_id! {
    /// An account as the creditor's books name it. Never a phone number or a person's name.
    AccountRef
}
text_id! {
    /// The campaign a job belongs to.
    CampaignId
}
text_id! {
    /// Who holds a lease.
    WorkerId
}
text_id! {
    /// One call, as its record is named.
    CallId
}

impl JobId {
    /// A new identifier for a job created at `now`. The low bits are random, so two machines never choose the same.
    pub fn new(now: Timestamp) -> Self {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        let stamp = uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos);
        Self(SmolStr::from(format!(
            "job_{}",
            uuid::Uuid::new_v7(stamp).simple()
        )))
    }
}

impl CallId {
    /// A new identifier for a call that begins at `now`.
    pub fn new(now: Timestamp) -> Self {
        let job = JobId::new(now);
        Self(SmolStr::from(job.as_str().replacen("job_", "call_", 1)))
    }
}

/// The fencing number: raised at each lease of a job and named by every later write, so that a worker whose lease ran
/// out can no longer change anything. Grows only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fence(pub i64);

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
