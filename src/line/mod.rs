//! Which lines there are: a closed enum over the parties and their rules, and the one driver that every transport uses.
//!
//! | module | holds |
//! |---|---|
//! | [`party`] | [`Line`], [`LineParty`]: bank and other menus, the collections agent |
//! | [`driver`] | [`Driver`]: a session and its clock; fires deadlines |
//! | [`judge`] | what a scenario expects against what happened |
//! | [`player`] | [`Player`]: plays a scenario, forward and back, with verdicts |
//! | `bank_source` | the bank as data that a flow can read |
//! | [`collections`] | the shipped accounts and policy as a line |
//! | `scenarios` | the scenarios that ship |
//! | [`catalog`] | what ships inside the program: lines, presets, scenarios |

mod bank_source;
pub mod catalog;
pub mod collections;
pub mod driver;
pub mod judge;
pub mod party;
pub mod player;
mod scenarios;

pub use driver::Driver;
pub use party::{Line, LineParty};
pub use player::Player;

/// A session of any line.
pub type LineSession = crate::call::Session<LineParty>;
