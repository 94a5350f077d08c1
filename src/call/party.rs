//! The one trait that every phone system, agent and scripted caller implements.

use super::graph::FlowGraph;
use super::id::{NodeId, StateKey};
use super::signal::Signal;
use super::time::At;
use super::turn::Turn;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use smol_str::SmolStr;
use std::hash::Hash;

/// A deterministic state machine at one end of a call.
///
/// The same rules, the same state and the same signal at the same time give the same turn, always: that is what makes
/// stepping back, forking, replay and search exact. Rules stay outside the state, so a clone is cheap.
pub trait Party: Clone + Eq + Hash + Serialize + DeserializeOwned {
    /// What the party goes by: flow, policy, data. Validated once, shared, never changed during a call.
    type Rules;

    /// The party before it has heard anything. Its first signal is [`Signal::Start`].
    fn begin(rules: &Self::Rules) -> Self;

    /// Hears one signal and answers. Total: it never fails and never panics; a signal that makes no sense now is
    /// answered with a quiet turn that keeps what is expected.
    fn hear(&mut self, rules: &Self::Rules, signal: &Signal, at: &At) -> Turn;

    /// Where in the graph the party stands.
    fn node(&self) -> NodeId;

    /// The coarse phase that clients read; the node where a party has none.
    fn phase(&self) -> SmolStr {
        self.node().0
    }

    /// Whether the call is over for this party. It then answers every signal without actions.
    fn ended(&self) -> bool;

    /// The state graph, read from the same data that runs.
    fn graph(rules: &Self::Rules) -> FlowGraph;

    /// The signals worth trying in this state when searching it.
    fn alphabet(&self, rules: &Self::Rules) -> Vec<Signal>;

    /// What makes two states the same: no clock in it, counters capped.
    fn key(&self) -> StateKey;

    /// The state as a tree for the inspector. Secrets are masked in it.
    fn inspect(&self, rules: &Self::Rules) -> Value;

    /// Names of the invariants this kind of party knows (a scenario's `never` may use them).
    fn invariants() -> &'static [&'static str] {
        &[]
    }

    /// Which invariants `turn`, just given by this party in the state it is now in, breaks. `before` is the state it heard from.
    fn violations(&self, before: &Self, rules: &Self::Rules, turn: &Turn) -> Vec<&'static str> {
        let _ = (before, rules, turn);
        Vec::new()
    }
}
