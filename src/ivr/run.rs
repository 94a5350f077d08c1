//! One signal through the flow: what it means where the caller stands, and every node until the flow waits again.

use super::Rules;
use super::flow::{Ask, Kind, Node, TryLimit, VariableKind, key_label, via};
use super::offer;
use super::party::{Arming, Held, Ivr};
use super::template::{Expression, Template};
use crate::call::{
    Action, At, Deadline, DeadlineKind, Expect, Hop, IntentId, NodeId, OutcomeCode, Prompt, PromptId,
    Redacted, Signal, TimerId, Turn,
};
use jiff::SignedDuration;
use minijinja::Value;
use smol_str::SmolStr;

/// More nodes in one turn than any checked flow can walk without waiting.
const MOST_STEPS: usize = 1_000;
/// The outcome where the caller hung up.
const USER_ENDED: OutcomeCode = OutcomeCode::fixed("user_ended");
/// The outcome where the flow itself gave no other; a checked flow never gets there.
const CLOSED: OutcomeCode = OutcomeCode::fixed("closed");

/// A signal being heard.
pub(super) struct Hearing<'a> {
    pub state: &'a mut Ivr,
    pub rules: &'a Rules,
    pub at: &'a At,
    pub turn: Turn,
    /// The entry that was completed in this turn. It is gone when the flow waits again.
    pub entry: Option<String>,
    /// What the turn is about where no node says so.
    pub about: Option<IntentId>,
    /// What a node said that the turn is about.
    named: Option<IntentId>,
}

impl<'a> Hearing<'a> {
    pub(super) fn new(state: &'a mut Ivr, rules: &'a Rules, at: &'a At) -> Self {
        Self {
            state,
            rules,
            at,
            turn: Turn::default(),
            entry: None,
            about: None,
            named: None,
        }
    }

    pub(super) fn hear(mut self, signal: &Signal) -> Turn {
        match signal {
            Signal::Hangup => self.end(USER_ENDED),
            Signal::Start if !self.state.started => {
                self.state.started = true;
                self.settle();
            }
            _ if !self.state.started => {}
            Signal::Key { key } => self.key(*key),
            Signal::Speech(heard) if heard.text.is_blank() => self.silence(),
            Signal::Speech(heard) => self.speech(heard),
            Signal::Meaning(reading) => self.meaning(reading),
            Signal::Timer { timer } if self.state.armed.is_some_and(|a| a.timer == *timer) => self.silence(),
            Signal::Silence => self.silence(),
            Signal::TransferFailed => self.transfer_failed(),
            _ => self.ignore(),
        }
        self.finish()
    }

    fn finish(mut self) -> Turn {
        self.turn.expect = self.state.expect(self.rules);
        if self.state.outcome.is_some() {
            self.state.armed = None;
        }
        let said = self.named.take().or_else(|| self.about.take());
        self.turn.intent = said.unwrap_or_else(|| {
            IntentId::fixed(if self.state.outcome.is_some() {
                "goodbye"
            } else {
                self.node().map_or("quiet", |n| match n.kind {
                    Kind::Collect { .. } => "collect",
                    Kind::Menu { .. } => "menu",
                    Kind::Transfer { .. } => "transfer",
                    _ => "quiet",
                })
            })
        });
        self.turn
    }

    pub(super) fn node(&self) -> Option<&'a Node> {
        let rules: &'a Rules = self.rules;
        rules.flow.node(&self.state.node)
    }

    /// Nothing changes: the deadline that counts goes on counting.
    pub(super) fn ignore(&mut self) {
        let now = self.at.since;
        self.turn.deadline = self.state.armed.map(|a| Deadline {
            timer: a.timer,
            after: a
                .since
                .saturating_add(a.after)
                .saturating_sub(now)
                .max(SignedDuration::ZERO),
            kind: a.kind,
        });
    }

    /// Walks one edge. What was counted at the node before is forgotten.
    pub(super) fn hop(&mut self, via: SmolStr, to: &NodeId) {
        self.turn.trail.push(Hop { via, to: to.clone() });
        self.state.node = to.clone();
        self.state.entry = Redacted::default();
        self.state.no_input = 0;
        self.state.no_match = 0;
        self.state.page = 0;
    }

    /// Runs nodes until one waits.
    pub(super) fn settle(&mut self) {
        for _ in 0..MOST_STEPS {
            let Some(node) = self.node() else { break };
            if let Some(intent) = &node.intent {
                self.named = Some(intent.clone());
            }
            match &node.kind {
                Kind::Say { text, next } => {
                    self.say(node, "", text, node.barge_in);
                    self.about.get_or_insert(IntentId::fixed("announce"));
                    self.hop(via::NEXT, &next.id);
                }
                Kind::Check { ask, yes, no, limit } => {
                    let holds = self.holds(ask);
                    match limit {
                        _ if holds => self.hop(via::YES, &yes.id),
                        Some(limit) if self.count(limit) => self.hop(via::LIMIT, &limit.to.id),
                        _ => self.hop(via::NO, &no.id),
                    }
                }
                Kind::Set { assign, next } => {
                    for (name, value) in assign {
                        self.assign(name, value);
                    }
                    self.hop(via::NEXT, &next.id);
                }
                Kind::Goto { next } => self.hop(via::NEXT, &next.id),
                Kind::Call { start, .. } => {
                    self.state.calls.push(node.id.clone());
                    self.hop(via::NEXT, &start.id);
                }
                Kind::Return { value } => {
                    let Some(to) = self.returned(value) else { break };
                    self.hop(value.clone(), &to);
                }
                Kind::Hours {
                    zone,
                    open_at,
                    open,
                    closed,
                } => {
                    let civil = match zone {
                        Some(zone) => self.at.civil.with_time_zone(zone.clone()),
                        None => self.at.civil.clone(),
                    };
                    if open_at.iter().any(|h| h.contains(civil.weekday(), civil.time())) {
                        self.hop(via::OPEN, &open.id);
                    } else {
                        self.hop(via::CLOSED, &closed.id);
                    }
                }
                Kind::Collect { .. } | Kind::Menu { .. } => {
                    self.prompt(node);
                    return self.rest();
                }
                Kind::Transfer { text, target, .. } => {
                    self.say(node, "", text, false);
                    self.turn.actions.push(Action::Transfer {
                        target: target.clone(),
                    });
                    return self.rest();
                }
                Kind::Hangup { text, outcome } => {
                    self.say(node, "", text, false);
                    self.about = None;
                    return self.end(outcome.clone());
                }
            }
        }
        self.end(CLOSED);
    }

    fn returned(&mut self, value: &SmolStr) -> Option<NodeId> {
        let call = self.state.calls.pop()?;
        match &self.rules.flow.node(&call)?.kind {
            Kind::Call { returns, .. } => returns
                .iter()
                .find(|(v, _)| v == value)
                .map(|(_, to)| to.id.clone()),
            _ => None,
        }
    }

    fn holds(&mut self, ask: &Ask) -> bool {
        let names = self.names();
        match ask {
            Ask::Test(test) => test.value(&self.rules.env, &names).is_true(),
            Ask::Find { list, same, store } => {
                let wanted: Vec<(&SmolStr, String)> = same
                    .iter()
                    .map(|(field, value)| (field, value.value(&self.rules.env, &names).to_string()))
                    .collect();
                let found = offer::rows(self.rules, self.state, list).into_iter().find(|row| {
                    wanted.iter().all(|(field, value)| {
                        let held = self.rules.source.value(&format!("{row}.{field}"));
                        held.is_some_and(|h| h.to_string() == *value)
                    })
                });
                match found {
                    Some(row) => {
                        self.state.variables.insert(store.clone(), Held::Row(row));
                        true
                    }
                    None => false,
                }
            }
        }
    }

    /// Counts a failed try; says whether it was the last one.
    fn count(&mut self, limit: &TryLimit) -> bool {
        let tries = match self.state.variables.get(&limit.counter) {
            Some(Held::Count(n)) => n.saturating_add(1),
            _ => 1,
        };
        self.state
            .variables
            .insert(limit.counter.clone(), Held::Count(tries));
        tries >= i64::from(limit.limit)
    }

    fn assign(&mut self, name: &SmolStr, value: &Expression) {
        let Some(variable) = self.rules.flow.variables.get(name) else {
            return;
        };
        let computed = value.value(&self.rules.env, &self.names());
        let held = match variable.kind {
            VariableKind::RowOf(_) => match self.state.variables.get(value.as_name()) {
                Some(row) => row.clone(),
                None => return,
            },
            VariableKind::Count => Held::Count(computed.as_i64().unwrap_or(0)),
            VariableKind::Flag => Held::Flag(computed.is_true()),
            VariableKind::Text => Held::Text(Redacted::new(computed.to_string())),
        };
        self.state.variables.insert(name.clone(), held);
    }

    fn names(&self) -> Value {
        self.rules
            .names(self.state, self.entry.as_deref(), Some(self.at), [])
    }

    pub(super) fn say(&mut self, node: &Node, part: &str, text: &Template, interruptible: bool) {
        let text = text.render(&self.rules.env, &self.names());
        self.push(node, part, text, interruptible);
    }

    pub(super) fn push(&mut self, node: &Node, part: &str, text: String, interruptible: bool) {
        if text.is_empty() {
            return;
        }
        let id = if part.is_empty() {
            PromptId(node.id.0.clone())
        } else {
            PromptId::from(format!("{}.{part}", node.id))
        };
        self.turn.say.push(Prompt {
            id,
            text,
            lang: crate::call::Lang::EN_US,
            interruptible,
        });
    }

    /// Says what a node asks; a menu's options are part of it.
    pub(super) fn prompt(&mut self, node: &Node) {
        let (Kind::Collect { prompt, .. } | Kind::Menu { prompt, .. }) = &node.kind else {
            return;
        };
        let mut text = prompt.render(&self.rules.env, &self.names());
        if matches!(node.kind, Kind::Menu { .. }) {
            let options = offer::spoken(&offer::offers(self.rules, self.state, node));
            text.push(' ');
            text.push_str(&options);
        }
        self.push(node, "", text.trim().to_owned(), node.barge_in);
    }

    /// Waits: arms the deadline that belongs to where the caller stands.
    pub(super) fn rest(&mut self) {
        let Some(node) = self.node() else { return };
        let (kind, after) = match &node.kind {
            Kind::Collect { inter_digit, .. } if !self.state.entry.is_blank() => {
                (DeadlineKind::InterDigit, *inter_digit)
            }
            Kind::Collect { fallback, .. } | Kind::Menu { fallback, .. } => {
                (DeadlineKind::NoInput, fallback.after)
            }
            Kind::Transfer { wait, .. } => (DeadlineKind::Other, *wait),
            _ => return,
        };
        self.state.timers = self.state.timers.wrapping_add(1);
        let timer = TimerId(self.state.timers);
        self.state.armed = Some(Arming {
            timer,
            kind,
            since: self.at.since,
            after,
        });
        self.turn.deadline = Some(Deadline { timer, after, kind });
    }

    fn end(&mut self, outcome: OutcomeCode) {
        let reason = outcome.0.clone();
        self.state.outcome = Some(outcome.clone());
        self.state.entry = Redacted::default();
        self.turn.actions.push(Action::SetOutcome {
            outcome_code: outcome,
        });
        self.turn.actions.push(Action::EndCall { reason });
    }
}

impl Ivr {
    /// What the call waits for, where it stands.
    pub(super) fn expect(&self, rules: &Rules) -> Expect {
        let node = rules
            .flow
            .node(&self.node)
            .filter(|_| self.started && self.outcome.is_none());
        match node.map(|n| (n, &n.kind)) {
            Some((_, Kind::Collect { min, max, secret, .. })) => Expect::Digits {
                min: *min,
                max: *max,
                end: Some(rules.flow.entry.end),
                secret: *secret,
            },
            Some((node, Kind::Menu { .. })) => Expect::Options {
                options: offer::offers(rules, self, node)
                    .into_iter()
                    .filter_map(|o| Some((key_label(o.key?), o.label)))
                    .collect(),
            },
            _ => Expect::Nothing,
        }
    }
}
