//! The outbound collections agent: from the greeting over verification and disclosure to a promise, a callback or a
//! person, under rules that each are a row of a table.
//!
//! | module | holds |
//! |---|---|
//! | [`account`], [`policy`], [`overlay`] | whom the call is for; limits, windows, words; single fields changed |
//! | [`node`] | where the agent can stand, and the declared transition table |
//! | [`compliance`] | the in-call rules, each with its section |
//! | [`outcome`] | how a call can end |
//! | [`state`] | the agent's state |
//! | `screen` | the rules that outrank the conversation, in order |
//! | `phase` | one module a phase of the conversation |
//! | `talk` | building a turn |
//! | [`prompts`] | the prompts by name |

mod agent;
mod alphabet;
mod inspect;
mod invariant;
mod phase;
mod screen;
mod talk;
mod wording;

pub mod account;
pub mod compliance;
pub mod node;
pub mod outcome;
pub mod overlay;
pub mod policy;
pub mod prompts;
pub mod state;

pub use account::Account;
pub use outcome::Outcome;
pub use overlay::SetupError;
pub use policy::Policy;
pub use state::Agent;

/// What the agent goes by: whom it calls, and the policy. Validated once, shared, never changed during a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whom the call is for and what is owed.
    pub account: Account,
    /// Limits, windows and words.
    pub policy: Policy,
}

impl Rules {
    /// The name the line is shown under.
    pub fn title(&self) -> &str {
        &self.account.title
    }
}
