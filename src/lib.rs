//! A sandbox for phone systems: a whole call runs on your own machine, and you see inside it.
//!
//! The one idea is that a call is **parties exchanging signals**. A party (a bank's menus, a collections agent) is a pure,
//! deterministic state machine; everything else is a transport that turns keys, words and time into signals for it.
//! Because a party reads no clock and no file, whatever was done to it can be undone, replayed, forked and searched.
//!
//! The rooms, from the top; each may use those below it and none above:
//!
//! | room | what it is |
//! |---|---|
//! | [`cli`] | one file a subcommand: `replay`, `chat`, `pipe`, `flow`, `new` |
//! | [`tui`] | the terminal sandbox |
//! | [`outbound`] | jobs, the gate before a call, the store |
//! | [`host`] | files, clock, state directory |
//! | *the purity line* | *below it: no clock, file, network, thread or chance* |
//! | [`mod@line`] | which lines there are; the driver and the scenario player |
//! | [`collections`] | the outbound collections agent |
//! | [`ivr`] | menus from a flow file |
//! | [`bank`] | customers and what can be asked of them |
//! | [`language`] | words to meaning |
//! | [`call`] | signals, turns, parties, sessions, scenarios, graphs |
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

pub mod bank;
pub mod call;
pub mod cli;
pub mod collections;
pub mod host;
pub mod ivr;
pub mod language;
pub mod line;
pub mod outbound;
pub mod tui;
