//! The shared engine room: what a call is, apart from any one phone system.
//!
//! A call is parties exchanging signals. A [`Party`] is a deterministic state machine that hears a [`Signal`] and answers
//! with a [`Turn`]; a [`Session`] is a party and the log of what it heard, so that stepping back, jumping, forking and
//! saving are all operations on that log. Nothing here (or in any room below the purity line) reads a clock, a file or a
//! random source: time arrives in [`At`], and effects leave as [`Action`] values.
//!
//! | module | holds |
//! |---|---|
//! | [`signal`] | [`Key`], [`Signal`], [`Heard`], the redacting text type |
//! | [`turn`] | [`Turn`], [`Prompt`], [`Expect`], [`Deadline`], [`Hop`] |
//! | [`action`] | [`Action`], what a turn asks the outside world to do |
//! | [`reading`] | [`Reading`], what the language room understood |
//! | [`party`] | the [`Party`] trait |
//! | [`graph`] | [`FlowGraph`], the state graph as data |
//! | [`session`] | [`Session`]: hear, step back, jump, fork |
//! | [`caller`] | [`caller::Caller`], a party that follows a script |
//! | [`exchange`] | [`Exchange`]: two parties on one log |
//! | [`transcript`] | rows a person reads |
//! | [`scenario`] | scenario files and what they expect |
//! | [`journal`] | the versioned line format of saved sessions and of `pipe` |
//! | [`json`] | strict JSON with file, path, line and a suggestion |
//! | [`money`], [`time`], [`id`] | cents, call time, short identifiers |

pub mod action;
pub mod caller;
pub mod exchange;
pub mod graph;
pub mod id;
pub mod journal;
pub mod json;
pub mod money;
pub mod party;
pub mod reading;
pub mod scenario;
pub mod session;
pub mod signal;
pub mod time;
pub mod transcript;
pub mod turn;

pub use action::Action;
pub use exchange::Exchange;
pub use graph::{EdgeKind, FlowGraph, GraphEdge, GraphNode, NodeKind};
pub use id::{IntentId, NodeId, OutcomeCode, PromptId, RuleId, StateKey, TimerId};
pub use money::Cents;
pub use party::Party;
pub use reading::{Reading, Score, Span};
pub use scenario::Scenario;
pub use session::Session;
pub use signal::{Heard, Key, Lang, Redacted, Signal};
pub use time::At;
pub use transcript::{Row, Who};
pub use turn::{Deadline, DeadlineKind, Expect, Hop, Prompt, RuleFired, Turn};
