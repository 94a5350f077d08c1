//! Short identifiers. Each is a newtype, so that a node is never passed where a prompt is meant.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub SmolStr);

        impl $name {
            /// An identifier known at compile time; never allocates.
            pub const fn fixed(id: &'static str) -> Self {
                Self(SmolStr::new_static(id))
            }
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
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }
        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

string_id! {
    /// A node of a state graph: a menu in a flow file, a declared state of the agent.
    NodeId
}
string_id! {
    /// A prompt, unique within its flow or wording table.
    PromptId
}
string_id! {
    /// What a turn is about (`request_target`, `verify_identity`, ...), or what a caller meant (`affirmation`, ...).
    IntentId
}
string_id! {
    /// A rule of a policy or a compliance table.
    RuleId
}
string_id! {
    /// How a call ended, as its clients read it (`ptp_set`, `wrong_party`, ...).
    OutcomeCode
}

/// One arming of a timer. Each arming has its own number, so a timer that no longer matters is recognised and ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimerId(pub u32);

/// What makes two states of a party the same for exploration: no clock in it, counters capped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateKey(pub Box<[u8]>);
