//! Outbound calls: jobs, the gate that every dial passes, and the store that keeps both exact.
//!
//! A job is one call that should be made to one account. It is enqueued once, leased by one worker at a time, passes the
//! [`gate`] at the instant it is leased, and ends by what its call came to. Time is an argument everywhere: nothing here
//! reads a clock, so a test or a scrubber can stand at any instant.
//!
//! | module | holds |
//! |---|---|
//! | [`id`] | identifiers, one type each, and the fencing number |
//! | [`job`] | [`Job`] and its parts, with the keys that clients read |
//! | [`state`] | [`JobState`] and the table of lawful transitions |
//! | [`request`] | [`EnqueueRequest`]: defaults, and validation that names the field |
//! | [`window`] | hours of the day in a zone, exact over clock changes |
//! | [`gate`] | the rules before a dial, in order, and the decision |
//! | [`outcome`] | what each outcome of a call does to its job and account |
//! | [`call`] | opening a job as a call, and ending it |
//! | [`store`] | the database; the only place with SQL |

pub mod call;
pub mod gate;
pub mod id;
pub mod job;
pub mod outcome;
pub mod request;
pub mod state;
pub mod store;
pub mod window;

pub use call::{Call, Ended, Opened};
pub use gate::{Decision, DecisionCode};
pub use id::{AccountRef, CallId, CampaignId, Fence, JobId, WorkerId};
pub use job::{Attempt, Job, PartyProfile};
pub use request::{EnqueueRequest, InvalidField, PresetParty};
pub use state::{IllegalTransition, JobState, Transition};
pub use store::{Store, StoreError};
