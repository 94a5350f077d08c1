//! The outbound collections agent.

use crate::call::{At, FlowGraph, NodeId, Party, Signal, StateKey, Turn};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the party goes by.
#[derive(Clone, Debug, Default)]
pub struct Rules {}

/// The party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Agent {}

impl Party for Agent {
    type Rules = Rules;
    fn begin(_: &Rules) -> Self {
        Self::default()
    }
    fn hear(&mut self, _: &Rules, _: &Signal, _: &At) -> Turn {
        Turn::default()
    }
    fn node(&self) -> NodeId {
        NodeId::fixed("start")
    }
    fn ended(&self) -> bool {
        false
    }
    fn graph(_: &Rules) -> FlowGraph {
        FlowGraph::default()
    }
    fn alphabet(&self, _: &Rules) -> Vec<Signal> {
        Vec::new()
    }
    fn key(&self) -> StateKey {
        StateKey(Box::default())
    }
    fn inspect(&self, _: &Rules) -> Value {
        Value::Null
    }
}
