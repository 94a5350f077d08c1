//! The closed set of parties that can answer a call.

use crate::call::time::At;
use crate::call::{FlowGraph, NodeId, Party, Signal, StateKey, Turn};
use crate::{collections, ivr};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_str::SmolStr;
use std::sync::Arc;

/// A line that can be called, with everything it goes by.
#[derive(Clone, Debug)]
pub enum Line {
    /// Phone menus from a flow file: the bank, or any other.
    Ivr(Arc<ivr::Rules>),
    /// The outbound collections agent.
    Collections(Arc<collections::Rules>),
}

impl Line {
    /// A name for people.
    pub fn title(&self) -> String {
        match self {
            Self::Ivr(rules) => rules.title().to_owned(),
            Self::Collections(_) => "Collections".to_owned(),
        }
    }

    /// Whether the caller answers with keys first (menus), rather than with words.
    pub const fn is_menu(&self) -> bool {
        matches!(self, Self::Ivr(_))
    }
}

/// The state of whichever party answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum LineParty {
    /// Menus.
    Ivr(ivr::Ivr),
    /// The collections agent.
    Collections(collections::Agent),
}

impl Party for LineParty {
    type Rules = Line;

    fn begin(rules: &Line) -> Self {
        match rules {
            Line::Ivr(r) => Self::Ivr(ivr::Ivr::begin(r)),
            Line::Collections(r) => Self::Collections(collections::Agent::begin(r)),
        }
    }

    /// A state that belongs to the other kind of line stays quiet.
    fn hear(&mut self, rules: &Line, signal: &Signal, at: &At) -> Turn {
        match (self, rules) {
            (Self::Ivr(p), Line::Ivr(r)) => p.hear(r, signal, at),
            (Self::Collections(p), Line::Collections(r)) => p.hear(r, signal, at),
            _ => Turn::default(),
        }
    }

    fn node(&self) -> NodeId {
        match self {
            Self::Ivr(p) => p.node(),
            Self::Collections(p) => p.node(),
        }
    }

    fn phase(&self) -> SmolStr {
        match self {
            Self::Ivr(p) => p.phase(),
            Self::Collections(p) => p.phase(),
        }
    }

    fn ended(&self) -> bool {
        match self {
            Self::Ivr(p) => p.ended(),
            Self::Collections(p) => p.ended(),
        }
    }

    fn graph(rules: &Line) -> FlowGraph {
        match rules {
            Line::Ivr(r) => ivr::Ivr::graph(r),
            Line::Collections(r) => collections::Agent::graph(r),
        }
    }

    fn alphabet(&self, rules: &Line) -> Vec<Signal> {
        match (self, rules) {
            (Self::Ivr(p), Line::Ivr(r)) => p.alphabet(r),
            (Self::Collections(p), Line::Collections(r)) => p.alphabet(r),
            _ => Vec::new(),
        }
    }

    fn key(&self) -> StateKey {
        match self {
            Self::Ivr(p) => p.key(),
            Self::Collections(p) => p.key(),
        }
    }

    fn inspect(&self, rules: &Line) -> Value {
        match (self, rules) {
            (Self::Ivr(p), Line::Ivr(r)) => p.inspect(r),
            (Self::Collections(p), Line::Collections(r)) => p.inspect(r),
            _ => Value::Null,
        }
    }

    fn invariants() -> &'static [&'static str] {
        collections::Agent::invariants()
    }

    fn violations(&self, before: &Self, rules: &Line, turn: &Turn) -> Vec<&'static str> {
        match (self, before, rules) {
            (Self::Ivr(p), Self::Ivr(b), Line::Ivr(r)) => p.violations(b, r, turn),
            (Self::Collections(p), Self::Collections(b), Line::Collections(r)) => p.violations(b, r, turn),
            _ => Vec::new(),
        }
    }
}
