//! A small party for the tests of the shared engine: an entry phone that wants the code 42.
#![allow(dead_code, reason = "each test file uses what it needs")]

use ivr_tui::call::{
    Action, At, Deadline, DeadlineKind, EdgeKind, Expect, FlowGraph, GraphEdge, GraphNode, Hop, IntentId,
    Key, NodeId, NodeKind, OutcomeCode, Party, Prompt, PromptId, Signal, StateKey, TimerId, Turn,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How the door behaves.
#[derive(Clone, Debug)]
pub(crate) struct DoorRules {
    pub(crate) code: String,
    pub(crate) tries: u8,
}

impl Default for DoorRules {
    fn default() -> Self {
        Self {
            code: "42".to_owned(),
            tries: 3,
        }
    }
}

/// The door's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Door {
    entry: String,
    wrong: u8,
    timer: u32,
    done: bool,
    open: bool,
}

impl Door {
    fn ask(&mut self, text: &str) -> Turn {
        self.timer += 1;
        Turn {
            say: vec![Prompt {
                id: PromptId::fixed("ask"),
                text: text.to_owned(),
                lang: ivr_tui::call::Lang::EN_US,
                interruptible: true,
            }],
            expect: Expect::Digits {
                min: 2,
                max: 2,
                end: None,
                secret: false,
            },
            deadline: Some(Deadline {
                timer: TimerId(self.timer),
                after: SignedDuration::from_secs(10),
                kind: DeadlineKind::NoInput,
            }),
            intent: IntentId::fixed("ask"),
            ..Turn::default()
        }
    }

    fn end(&mut self, outcome: &'static str, via: &'static str, to: &'static str, text: &str) -> Turn {
        self.done = true;
        let mut turn = self.ask(text);
        turn.expect = Expect::Nothing;
        turn.deadline = None;
        turn.intent = IntentId::fixed("goodbye");
        turn.actions = vec![
            Action::SetOutcome {
                outcome_code: OutcomeCode::fixed(outcome),
            },
            Action::EndCall {
                reason: outcome.into(),
            },
        ];
        turn.trail = vec![Hop {
            via: via.into(),
            to: NodeId::fixed(to),
        }];
        turn
    }

    fn judge(&mut self, rules: &DoorRules) -> Turn {
        if self.entry == rules.code {
            self.open = true;
            return self.end("opened", "ok", "open", "Come in.");
        }
        self.entry.clear();
        self.wrong += 1;
        if self.wrong >= rules.tries {
            return self.end("refused", "wrong", "shut", "Goodbye.");
        }
        let mut turn = self.ask("That is not the code. Try again.");
        turn.trail = vec![Hop {
            via: "retry".into(),
            to: NodeId::fixed("code"),
        }];
        turn
    }
}

impl Party for Door {
    type Rules = DoorRules;

    fn begin(_: &DoorRules) -> Self {
        Self::default()
    }

    fn hear(&mut self, rules: &DoorRules, signal: &Signal, _: &At) -> Turn {
        if self.done {
            return Turn {
                intent: IntentId::fixed("already_closed"),
                ..Turn::default()
            };
        }
        match signal {
            Signal::Start => self.ask("The code, please."),
            Signal::Key { key } => match key.digit() {
                Some(_) => {
                    self.entry.push(key.as_char());
                    if self.entry.len() == 2 {
                        return self.judge(rules);
                    }
                    self.timer += 1;
                    Turn {
                        expect: Expect::Digits {
                            min: 2,
                            max: 2,
                            end: None,
                            secret: false,
                        },
                        deadline: Some(Deadline {
                            timer: TimerId(self.timer),
                            after: SignedDuration::from_secs(4),
                            kind: DeadlineKind::InterDigit,
                        }),
                        ..Turn::default()
                    }
                }
                None => self.ask("Digits only."),
            },
            Signal::Speech(heard) => {
                heard.text.reveal().clone_into(&mut self.entry);
                self.judge(rules)
            }
            Signal::Timer { timer } if timer.0 == self.timer => self.judge(rules),
            Signal::Silence => self.judge(rules),
            Signal::Hangup => self.end("left", "hangup", "shut", ""),
            _ => Turn::default(),
        }
    }

    fn node(&self) -> NodeId {
        NodeId::fixed(match (self.done, self.open) {
            (false, _) => "code",
            (true, true) => "open",
            (true, false) => "shut",
        })
    }

    fn ended(&self) -> bool {
        self.done
    }

    fn graph(_: &DoorRules) -> FlowGraph {
        let node = |id: &'static str, kind| GraphNode {
            id: NodeId::fixed(id),
            label: id.to_owned(),
            kind,
            group: "door".into(),
        };
        let edge = |from: &'static str, label: &str, to: &'static str, kind| GraphEdge {
            from: NodeId::fixed(from),
            to: NodeId::fixed(to),
            label: label.into(),
            kind,
        };
        FlowGraph {
            name: "door".to_owned(),
            start: NodeId::fixed("code"),
            nodes: vec![
                node("code", NodeKind::Collect),
                node("open", NodeKind::End),
                node("shut", NodeKind::End),
            ],
            edges: vec![
                edge("code", "ok", "open", EdgeKind::Auto),
                edge("code", "retry", "code", EdgeKind::Exception),
                edge("code", "wrong", "shut", EdgeKind::Exception),
                edge("code", "hangup", "shut", EdgeKind::Exception),
            ],
        }
    }

    fn alphabet(&self, _: &DoorRules) -> Vec<Signal> {
        Key::TWELVE.map(Signal::key).to_vec()
    }

    fn key(&self) -> StateKey {
        StateKey(
            format!("{}{}{}{}", self.entry, self.wrong, self.done, self.open)
                .into_bytes()
                .into(),
        )
    }

    fn inspect(&self, _: &DoorRules) -> Value {
        json!({ "entry": self.entry, "wrong": self.wrong, "open": self.open })
    }

    fn invariants() -> &'static [&'static str] {
        &["open_to_strangers"]
    }

    fn violations(&self, before: &Self, _: &DoorRules, _: &Turn) -> Vec<&'static str> {
        if self.open && !before.open && self.wrong > 0 {
            vec!["open_to_strangers"]
        } else {
            Vec::new()
        }
    }
}

/// A Tuesday morning in Texas.
pub(crate) fn morning() -> jiff::Zoned {
    "2026-02-10T10:00:00-06:00[America/Chicago]".parse().unwrap()
}

pub(crate) fn key(c: char) -> Signal {
    Signal::key(Key::from_char(c).unwrap())
}
