//! The party: hears a signal, lets the rules decide, then the phase.

use super::node::{self, Node};
use super::phase::{self, verification};
use super::screen;
use super::state::Agent;
use super::talk::{Talk, expect};
use super::{Rules, alphabet, inspect, invariant};
use crate::call::{
    At, DeadlineKind, Expect, FlowGraph, Heard, Key, NodeId, Party, Reading, Redacted, Score, Signal,
    StateKey, TimerId, Turn,
};
use crate::language::{self, Context, Values, mask};
use serde_json::Value;
use smol_str::SmolStr;

/// Keys this soon after a completed entry (in milliseconds) belong to it.
const AFTER_ENTRY_MS: i64 = 1500;
/// Below this confidence words are asked again, unless a rule that protects the consumer holds.
const SHAKY: u16 = 4000;

impl Party for Agent {
    type Rules = Rules;

    fn begin(_: &Rules) -> Self {
        Self::default()
    }

    fn hear(&mut self, rules: &Rules, signal: &Signal, at: &At) -> Turn {
        if self.node.is_end() {
            return self.closed(rules, signal, at);
        }
        match signal {
            Signal::Start => self.start(rules, at),
            Signal::Speech(heard) if heard.text.is_blank() => self.silent(rules, at),
            Signal::Speech(heard) => self.words(rules, heard, at),
            Signal::Meaning(reading) => self.meaning(rules, reading.clone(), false, at),
            Signal::Key { key } => self.key_pressed(rules, *key, at),
            Signal::Silence => self.silent(rules, at),
            Signal::Timer { timer } if *timer == TimerId(self.timer) && self.timer > 0 => {
                self.silent(rules, at)
            }
            Signal::Machine => self.turn(rules, at, screen::machine),
            Signal::Hangup => self.turn(rules, at, screen::hang_up),
            Signal::TransferFailed if self.node != Node::Ready => {
                self.turn(rules, at, |t| t.say_and_ask("transfer_failed"))
            }
            _ => self.quiet(rules, at),
        }
    }

    fn node(&self) -> NodeId {
        self.node.id()
    }

    fn phase(&self) -> SmolStr {
        SmolStr::new_static(self.node.phase())
    }

    fn ended(&self) -> bool {
        self.node.is_end()
    }

    fn graph(_: &Rules) -> FlowGraph {
        node::graph()
    }

    fn alphabet(&self, rules: &Rules) -> Vec<Signal> {
        alphabet::of(self, rules)
    }

    fn key(&self) -> StateKey {
        alphabet::key(self)
    }

    fn inspect(&self, rules: &Rules) -> Value {
        inspect::tree(self, rules)
    }

    fn invariants() -> &'static [&'static str] {
        invariant::NAMES
    }

    fn violations(&self, before: &Self, rules: &Rules, turn: &Turn) -> Vec<&'static str> {
        invariant::broken(self, before, rules, turn)
    }
}

impl Agent {
    /// The greeting is turn 1. A second start says nothing new.
    fn start(&mut self, rules: &Rules, at: &At) -> Turn {
        if self.node != Node::Ready {
            return self.quiet(rules, at);
        }
        self.turn(rules, at, |t| {
            t.go("answered", Node::Greeting);
            t.intent("request_target");
            t.say("greeting");
            t.agent.last_question = t.turn.say.last().map(|p| p.text.clone()).unwrap_or_default();
        })
    }

    /// A counted turn.
    fn turn(&mut self, rules: &Rules, at: &At, act: impl FnOnce(&mut Talk<'_>)) -> Turn {
        self.turn_count = self.turn_count.saturating_add(1);
        let mut talk = Talk::new(self, rules, at);
        act(&mut talk);
        talk.finish(DeadlineKind::NoInput)
    }

    /// A turn that says nothing and keeps what is expected.
    fn quiet(&mut self, rules: &Rules, at: &At) -> Turn {
        let deadline = if self.entry.is_blank() {
            DeadlineKind::NoInput
        } else {
            DeadlineKind::InterDigit
        };
        Talk::new(self, rules, at).finish(deadline)
    }

    /// After the end nothing changes: the same answer to everything.
    fn closed(&mut self, rules: &Rules, signal: &Signal, at: &At) -> Turn {
        let mut talk = Talk::new(self, rules, at);
        talk.intent("already_closed");
        if matches!(signal, Signal::Speech(_) | Signal::Meaning(_) | Signal::Silence) {
            talk.say("already_closed");
        }
        talk.turn
    }

    fn words(&mut self, rules: &Rules, heard: &Heard, at: &At) -> Turn {
        let context = Context::at(at.civil.datetime()).for_person(&rules.account.party_profile.target_name);
        let reading = language::understand(heard, &context);
        let shaky = reading.confidence.basis() < SHAKY && heard.confidence < Score::certain();
        self.last_utterance = Redacted::new(mask::numbers(heard.text.reveal()));
        self.meaning(rules, reading, shaky, at)
    }

    /// Words or a meaning: first the rules that outrank the conversation, then the phase.
    fn meaning(&mut self, rules: &Rules, reading: Reading, shaky: bool, at: &At) -> Turn {
        if self.node == Node::Ready {
            return self.quiet(rules, at);
        }
        self.entry = Redacted::default();
        self.disclosure_acknowledged |= self.disclosed;
        let nlu = reading.clone();
        let mut turn = self.turn(rules, at, |t| {
            t.values = Values::of(&reading);
            t.reading = reading;
            if screen::decide(t) {
                return;
            }
            if shaky {
                screen::unclear(t);
            } else {
                phase::answer(t);
            }
        });
        turn.nlu = Some(nlu);
        turn
    }

    fn silent(&mut self, rules: &Rules, at: &At) -> Turn {
        if self.node == Node::Ready {
            return self.quiet(rules, at);
        }
        if !self.entry.is_blank() {
            return self.entry_over(rules, at);
        }
        self.turn(rules, at, screen::silence)
    }

    /// Keys: digits of the ZIP code, or 1 for yes and 2 for no.
    fn key_pressed(&mut self, rules: &Rules, key: Key, at: &At) -> Turn {
        let now = i64::try_from(at.since.as_millis()).unwrap_or(i64::MAX);
        if self
            .entry_done_ms
            .is_some_and(|done| now.saturating_sub(done) < AFTER_ENTRY_MS)
        {
            return self.quiet(rules, at);
        }
        match expect(self.node) {
            Expect::Zip => self.zip_key(rules, key, now, at),
            Expect::YesNo => match key.digit() {
                Some(1) => self.meaning(rules, keyed("affirmation"), false, at),
                Some(2) => self.meaning(rules, keyed("negation"), false, at),
                Some(_) => self.turn(rules, at, |t| t.say_and_ask("digits_needed")),
                None => self.quiet(rules, at),
            },
            _ => self.quiet(rules, at),
        }
    }

    fn zip_key(&mut self, rules: &Rules, key: Key, now: i64, at: &At) -> Turn {
        match key {
            Key::Hash if self.entry.is_blank() => return self.quiet(rules, at),
            Key::Hash => return self.entry_over(rules, at),
            Key::Star => self.entry = Redacted::default(),
            _ => {
                if key.digit().is_some() {
                    self.entry = Redacted::new(format!("{}{key}", self.entry.reveal()));
                }
            }
        }
        if self.entry.reveal().len() < 5 {
            return self.quiet(rules, at);
        }
        let zip = std::mem::take(&mut self.entry);
        self.entry_done_ms = Some(now);
        self.turn(rules, at, |t| {
            if !screen::decide(t) {
                verification::check(t, zip.reveal());
            }
        })
    }

    /// A partial entry is refused with how many digits were expected.
    fn entry_over(&mut self, rules: &Rules, at: &At) -> Turn {
        self.entry = Redacted::default();
        self.turn(rules, at, |t| {
            if !screen::decide(t) {
                t.say_and_ask("zip_digits");
            }
        })
    }
}

/// A key's meaning.
fn keyed(fine: &'static str) -> Reading {
    language::meaning(fine, Vec::new())
}
