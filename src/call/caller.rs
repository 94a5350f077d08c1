//! A scripted caller: a party that answers whatever it hears with the next line of its script.

use super::action::Action;
use super::graph::{EdgeKind, FlowGraph, GraphEdge, GraphNode, NodeKind};
use super::id::{IntentId, NodeId, OutcomeCode, PromptId, StateKey};
use super::party::Party;
use super::signal::{Key, Lang, Signal};
use super::time::At;
use super::turn::{Expect, Hop, Prompt, Turn};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smol_str::{SmolStr, format_smolstr};

/// One line of a caller's script.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// Says this.
    Say(String),
    /// Presses these keys.
    Press(Vec<Key>),
    /// Says and presses nothing; waits for the next prompt.
    Wait,
    /// Hangs up.
    HangUp,
}

/// How far the caller is in the script. When the script is over the caller listens until the other end hangs up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Caller {
    line: usize,
    done: bool,
}

impl Party for Caller {
    type Rules = Vec<Line>;

    fn begin(_: &Self::Rules) -> Self {
        Self::default()
    }

    fn hear(&mut self, script: &Self::Rules, signal: &Signal, _: &At) -> Turn {
        let free = Turn {
            expect: Expect::Free,
            ..Turn::default()
        };
        match signal {
            _ if self.done => Turn::default(),
            Signal::Hangup => {
                self.done = true;
                Turn {
                    trail: vec![hop("hangup", "over")],
                    ..Turn::default()
                }
            }
            Signal::Speech(_) => {
                let Some(line) = script.get(self.line) else {
                    return free;
                };
                self.line += 1;
                let mut turn = self.speak(line, free);
                if !self.done {
                    turn.trail = vec![hop("next", &place(self.line))];
                }
                turn
            }
            _ => free,
        }
    }

    fn node(&self) -> NodeId {
        if self.done {
            NodeId::fixed("over")
        } else {
            NodeId(format_smolstr!("line {}", self.line + 1))
        }
    }

    fn ended(&self) -> bool {
        self.done
    }

    fn graph(script: &Self::Rules) -> FlowGraph {
        let node = |id: SmolStr, kind| GraphNode {
            label: id.to_string(),
            id: NodeId(id),
            kind,
            group: SmolStr::default(),
        };
        let edge = |from: &str, to: &str, label: &'static str, kind| GraphEdge {
            from: from.into(),
            to: to.into(),
            label: SmolStr::new_static(label),
            kind,
        };
        let mut graph = FlowGraph {
            name: "caller".to_owned(),
            start: "line 1".into(),
            ..FlowGraph::default()
        };
        for (i, line) in script.iter().enumerate() {
            let at = place(i);
            if *line != Line::HangUp {
                graph.edges.push(edge(&at, &place(i + 1), "next", EdgeKind::Auto));
            }
            graph.edges.push(edge(&at, "over", "hangup", EdgeKind::Exception));
            graph.nodes.push(node(at, NodeKind::State));
        }
        let listening = place(script.len());
        graph
            .edges
            .push(edge(&listening, "over", "hangup", EdgeKind::Exception));
        graph.nodes.push(node(listening, NodeKind::State));
        graph.nodes.push(node(SmolStr::new_static("over"), NodeKind::End));
        graph
    }

    fn alphabet(&self, _: &Self::Rules) -> Vec<Signal> {
        vec![Signal::say("Go on."), Signal::Hangup]
    }

    fn key(&self) -> StateKey {
        StateKey(
            format!("{}{}", self.line, self.done)
                .into_bytes()
                .into_boxed_slice(),
        )
    }

    fn inspect(&self, script: &Self::Rules) -> Value {
        json!({ "line": self.line, "of": script.len(), "over": self.done })
    }
}

impl Caller {
    fn speak(&mut self, line: &Line, mut turn: Turn) -> Turn {
        match line {
            Line::Say(text) => turn.say.push(Prompt {
                id: PromptId(format_smolstr!("line {}", self.line)),
                text: text.clone(),
                lang: Lang::EN_US,
                interruptible: false,
            }),
            Line::Press(keys) => turn.press.clone_from(keys),
            Line::Wait => {}
            Line::HangUp => {
                self.done = true;
                let outcome_code = OutcomeCode::fixed("user_ended");
                let reason = outcome_code.0.clone();
                turn.actions = vec![Action::SetOutcome { outcome_code }, Action::EndCall { reason }];
                turn.trail = vec![hop("hangup", "over")];
                turn.expect = Expect::Nothing;
            }
        }
        turn.intent = IntentId::fixed("caller");
        turn
    }
}

fn place(line: usize) -> SmolStr {
    format_smolstr!("line {}", line + 1)
}

fn hop(via: &'static str, to: &str) -> Hop {
    Hop {
        via: SmolStr::new_static(via),
        to: to.into(),
    }
}
