//! The party: where a caller stands in a flow, and everything that is remembered about the call.

use super::flow::{Kind, VariableKind};
use super::offer;
use super::run::Hearing;
use super::{Rules, graph};
use crate::call::{
    At, DeadlineKind, Expect, FlowGraph, IntentId, Key, NodeId, OutcomeCode, Party, Redacted, Signal,
    StateKey, TimerId, Turn,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A call to a phone menu. Everything it goes by is in [`Rules`]; this is only what the call itself has come to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ivr {
    /// Where the caller stands.
    pub(super) node: NodeId,
    /// Whether the call has begun.
    pub(super) started: bool,
    /// How it ended, once it has.
    pub(super) outcome: Option<OutcomeCode>,
    /// The digits entered so far.
    pub(super) entry: Redacted,
    /// Whether the key just heard completed an entry, so that a `#` right after it belongs to that entry.
    pub(super) settled: bool,
    /// What the flow's variables hold; a row that was never chosen is not in it.
    pub(super) variables: BTreeMap<SmolStr, Held>,
    /// The `call` nodes whose sub-flows are under way, the innermost last.
    pub(super) calls: Vec<NodeId>,
    /// How many times in a row nothing came.
    pub(super) no_input: u8,
    /// How many times in a row nothing that fits came.
    pub(super) no_match: u8,
    /// Which page of a long list of options is being offered, from 0.
    pub(super) page: u16,
    /// The deadline that counts.
    pub(super) armed: Option<Arming>,
    /// How many deadlines have been armed.
    pub(super) timers: u32,
}

/// A deadline, and when it was armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Arming {
    pub timer: TimerId,
    pub kind: DeadlineKind,
    pub since: SignedDuration,
    pub after: SignedDuration,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Held {
    /// A row of the data: its path, such as `customers.0`.
    Row(SmolStr),
    /// A whole number.
    Count(i64),
    /// Words; they may be the caller's.
    Text(Redacted),
    /// True or false.
    Flag(bool),
}

impl Ivr {
    /// How the call ended, once it has.
    pub const fn outcome(&self) -> Option<&OutcomeCode> {
        self.outcome.as_ref()
    }
}

impl Party for Ivr {
    type Rules = Rules;

    fn begin(rules: &Rules) -> Self {
        let variables = rules.flow.variables.iter().filter_map(|(name, v)| {
            let held = match v.kind {
                VariableKind::RowOf(_) => return None,
                VariableKind::Count => Held::Count(0),
                VariableKind::Text => Held::Text(Redacted::default()),
                VariableKind::Flag => Held::Flag(false),
            };
            Some((name.clone(), held))
        });
        Self {
            node: rules.flow.start.id.clone(),
            started: false,
            outcome: None,
            entry: Redacted::default(),
            settled: false,
            variables: variables.collect(),
            calls: Vec::new(),
            no_input: 0,
            no_match: 0,
            page: 0,
            armed: None,
            timers: 0,
        }
    }

    fn hear(&mut self, rules: &Rules, signal: &Signal, at: &At) -> Turn {
        if self.ended() {
            return Turn {
                intent: IntentId::fixed("already_closed"),
                ..Turn::default()
            };
        }
        Hearing::new(self, rules, at).hear(signal)
    }

    fn node(&self) -> NodeId {
        self.node.clone()
    }

    fn ended(&self) -> bool {
        self.outcome.is_some()
    }

    fn graph(rules: &Rules) -> FlowGraph {
        graph::graph(&rules.flow)
    }

    /// Every key and label that is offered, one key that is not, the commands, silence, and hanging up.
    fn alphabet(&self, rules: &Rules) -> Vec<Signal> {
        if self.ended() {
            return Vec::new();
        }
        if !self.started {
            return vec![Signal::Start];
        }
        let Some(node) = rules.flow.node(&self.node) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        match &node.kind {
            Kind::Collect { .. } => {
                out.extend(Key::TWELVE.into_iter().map(Signal::key));
                out.extend(
                    offer::known_entries(rules, self, node)
                        .into_iter()
                        .map(Signal::say),
                );
            }
            Kind::Menu { .. } => {
                let offers = offer::offers(rules, self, node);
                out.extend(Key::TWELVE.into_iter().map(Signal::key));
                out.extend(offers.into_iter().map(|o| Signal::say(o.label)));
            }
            Kind::Transfer { .. } => out.push(Signal::TransferFailed),
            _ => {}
        }
        if node.fallback().is_some() {
            let spoken = rules.flow.commands.iter().filter_map(|c| c.phrases.first());
            out.extend(spoken.map(Signal::say));
        }
        out.extend([Signal::Silence, Signal::Hangup]);
        out
    }

    fn key(&self) -> StateKey {
        let variables: BTreeMap<&SmolStr, Held> = self
            .variables
            .iter()
            .map(|(name, held)| match held {
                Held::Count(n) => (name, Held::Count((*n).clamp(-1, 9))),
                other => (name, other.clone()),
            })
            .collect();
        let counters = (self.no_input, self.no_match, self.page);
        let place = (&self.node, &self.calls, self.started, &self.outcome);
        let text = serde_json::to_vec(&(place, &self.entry, self.settled, variables, counters));
        StateKey(text.unwrap_or_default().into_boxed_slice())
    }

    fn inspect(&self, rules: &Rules) -> Value {
        let node = rules.flow.node(&self.node);
        let secret = matches!(node.map(|n| &n.kind), Some(Kind::Collect { secret: true, .. }));
        let entry = if secret {
            "●".repeat(self.entry.reveal().chars().count())
        } else {
            self.entry.reveal().to_owned()
        };
        let variables: Map<String, Value> = rules
            .flow
            .variables
            .iter()
            .map(|(name, v)| {
                let held = self.variables.get(name);
                let shown = match held {
                    Some(_) if v.private => json!("●●●●"),
                    Some(held) => shown(rules, held),
                    None => Value::Null,
                };
                (name.to_string(), shown)
            })
            .collect();
        // A row of one of the data's own lists that has a name is who the flow takes the caller for.
        let caller = rules.flow.variables.iter().find_map(|(name, v)| {
            let held = self.variables.get(name).filter(|_| !v.private)?;
            let Held::Row(path) = held else { return None };
            let row = rules.source.json(path).filter(|_| path.split('.').count() == 2)?;
            row.get("name").cloned()
        });
        json!({
            "node": self.node,
            "caller": caller,
            "outcome": self.outcome,
            "entry": entry,
            "variables": variables,
            "no_input": self.no_input,
            "no_match": self.no_match,
            "calls": self.calls,
            "page": self.page,
            "waits_for": match self.expect(rules) {
                Expect::Digits { min, max, .. } if min == max => format!("{max} digits"),
                Expect::Digits { min, max, .. } => format!("{min} to {max} digits"),
                Expect::Options { options } => {
                    let keys: Vec<_> = options.iter().map(|(key, _)| key.as_str()).collect();
                    format!("one of {}", keys.join(" "))
                }
                _ => "nothing".to_owned(),
            },
        })
    }
}

/// A row is shown by its `id`, or by its place in the data where it has none.
fn shown(rules: &Rules, held: &Held) -> Value {
    match held {
        Held::Row(path) => {
            let id = rules.source.json(path).and_then(|row| row.get("id"));
            id.cloned().unwrap_or_else(|| json!(path))
        }
        Held::Count(n) => json!(n),
        Held::Text(text) => json!(text.reveal()),
        Held::Flag(flag) => json!(flag),
    }
}
