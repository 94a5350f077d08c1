//! What a signal means where the caller stands: keys, words, silence, and what counts as neither.

use super::choose::{Meant, Spoken, choose, is_phrase};
use super::flow::{Command, Does, Kind, Node, key_label, via};
use super::offer::{self, Offer, What};
use super::party::Held;
use super::run::Hearing;
use crate::call::{Heard, IntentId, Key, Reading, Redacted, Score};
use crate::language::digits;
use minijinja::Value;

/// A recogniser less sure than this was not understood.
const LEAST_CONFIDENCE: f64 = 0.35;

impl Hearing<'_> {
    pub(super) fn key(&mut self, key: Key) {
        let settled = std::mem::take(&mut self.state.settled);
        if settled && key == self.rules.flow.entry.end {
            return self.ignore();
        }
        let Some(node) = self.node() else {
            return self.ignore();
        };
        match &node.kind {
            Kind::Collect { min, max, .. } => self.entry_key(node, key, usize::from(*min), usize::from(*max)),
            Kind::Menu { .. } => {
                let offers = offer::offers(self.rules, self.state, node);
                if let Some(offer) = offers.into_iter().find(|o| o.key == Some(key)) {
                    self.state.settled = true;
                    self.take(node, offer);
                } else if let Some(command) = self.rules.flow.command_of_key(node, key) {
                    self.state.settled = true;
                    self.command(node, command);
                } else {
                    self.no_match(node, None);
                }
            }
            _ => self.ignore(),
        }
    }

    fn entry_key(&mut self, node: &Node, key: Key, min: usize, max: usize) {
        let so_far = self.state.entry.reveal().chars().count();
        if key.digit().is_some() {
            let digits = format!("{}{key}", self.state.entry.reveal());
            if so_far + 1 >= max {
                self.state.settled = true;
                self.complete(node, digits);
            } else {
                self.state.entry = Redacted::new(digits);
                self.rest();
            }
        } else if key == self.rules.flow.entry.end && so_far >= min {
            let digits = self.state.entry.reveal().to_owned();
            self.complete(node, digits);
        } else if let Some(command) = self.rules.flow.command_of_key(node, key) {
            self.command(node, command);
        } else {
            self.wrong_length(node, so_far);
        }
    }

    pub(super) fn speech(&mut self, heard: &Heard) {
        self.state.settled = false;
        let Some(node) = self.node() else {
            return self.ignore();
        };
        if node.fallback().is_none() {
            return self.ignore();
        }
        let text = heard.text.reveal();
        if heard.confidence.as_f64() < LEAST_CONFIDENCE {
            self.read("unknown", heard.confidence, "the recogniser was not sure enough");
            return self.not_understood(node);
        }
        if let Kind::Collect { min, max, .. } = &node.kind {
            if let Some(spoken) = digits::spoken(text) {
                self.read("digits", heard.confidence, "the utterance is a digit string");
                return self.spoken_digits(node, spoken, usize::from(*min), usize::from(*max));
            }
        } else {
            let offers = offer::offers(self.rules, self.state, node);
            let spoken: Vec<Spoken> = offers
                .iter()
                .map(|o| Spoken {
                    key: o.key,
                    phrases: o.phrases.clone(),
                })
                .collect();
            let meant = choose(text, &spoken);
            self.read_choice(&meant, &offers);
            if let Some(offer) = meant.option.and_then(|i| offers.get(i).cloned()) {
                return self.take(node, offer);
            }
        }
        let rules = self.rules;
        if let Some(command) = rules.flow.commands.iter().find(|c| is_phrase(text, &c.phrases)) {
            self.read(&command.name, heard.confidence, "a command of the flow");
            return self.command(node, command);
        }
        if self.turn.nlu.is_none() {
            self.read("unknown", Score::default(), "neither digits nor a command");
        }
        self.not_understood(node);
    }

    /// Digits that were said whole count whole; otherwise they go on from those entered so far.
    fn spoken_digits(&mut self, node: &Node, spoken: String, min: usize, max: usize) {
        let joined = format!("{}{spoken}", self.state.entry.reveal());
        if (min..=max).contains(&spoken.len()) {
            self.complete(node, spoken);
        } else if joined.len() == max {
            self.complete(node, joined);
        } else if joined.len() < max {
            self.state.entry = Redacted::new(joined);
            self.rest();
        } else {
            self.wrong_length(node, spoken.len());
        }
    }

    pub(super) fn meaning(&mut self, reading: &Reading) {
        let Some(node) = self.node().filter(|n| n.fallback().is_some()) else {
            return self.ignore();
        };
        let rules = self.rules;
        let fine = reading.fine_intent.as_str();
        let offers = offer::offers(rules, self.state, node);
        let chosen = offers.into_iter().find(|o| {
            o.key
                .is_some_and(|k| fine.strip_prefix("option_") == Some(key_label(k).as_str()))
        });
        let command = rules.flow.commands.iter().find(|c| c.name == fine);
        if let Some(offer) = chosen {
            self.state.settled = false;
            self.take(node, offer);
        } else if let Some(command) = command {
            self.state.settled = false;
            self.command(node, command);
        } else {
            self.ignore();
        }
    }

    /// The deadline passed, or as good as that.
    pub(super) fn silence(&mut self) {
        self.state.settled = false;
        let Some(node) = self.node() else {
            return self.ignore();
        };
        match &node.kind {
            Kind::Transfer { done, .. } => {
                self.hop(via::OK, &done.id);
                self.settle();
            }
            Kind::Collect { min, .. } if !self.state.entry.is_blank() => {
                let so_far = self.state.entry.reveal().to_owned();
                if so_far.len() >= usize::from(*min) {
                    self.complete(node, so_far);
                } else {
                    self.wrong_length(node, so_far.len());
                }
            }
            Kind::Collect { fallback, .. } | Kind::Menu { fallback, .. } => {
                self.about = Some(IntentId::fixed("no_input"));
                self.state.no_input = self.state.no_input.saturating_add(1);
                if self.state.no_input >= fallback.no_input.limit {
                    self.hop(via::NO_INPUT, &fallback.no_input.to.id);
                    self.settle();
                } else {
                    self.say(node, "no_input", &fallback.no_input.say, true);
                    self.prompt(node);
                    self.rest();
                }
            }
            _ => self.ignore(),
        }
    }

    pub(super) fn transfer_failed(&mut self) {
        match self.node().map(|n| &n.kind) {
            Some(Kind::Transfer { failed, .. }) => {
                self.hop(via::FAILED, &failed.id);
                self.settle();
            }
            _ => self.ignore(),
        }
    }

    fn complete(&mut self, node: &Node, digits: String) {
        let Kind::Collect { next, .. } = &node.kind else {
            return;
        };
        self.entry = Some(digits);
        self.hop(via::OK, &next.id);
        self.settle();
    }

    fn take(&mut self, node: &Node, offer: Offer) {
        let Kind::Menu { options, list, .. } = &node.kind else {
            return;
        };
        match offer.what {
            What::Option(key) => {
                if let Some(option) = options.iter().find(|o| o.key == key) {
                    self.hop(key_label(key), &option.to.id);
                }
            }
            What::Row(row) => {
                if let Some(list) = list {
                    self.state.variables.insert(list.store.clone(), Held::Row(row));
                    self.hop(via::ANY, &list.to.id);
                }
            }
            What::More => {
                let pages = offer::pages(self.rules, self.state, node);
                self.state.page = (self.state.page + 1) % pages.max(1);
                self.state.no_input = 0;
                self.state.no_match = 0;
            }
        }
        self.settle();
    }

    fn command(&mut self, node: &Node, command: &Command) {
        match &command.does {
            Does::Repeat => {
                self.about = Some(IntentId::fixed("repeat"));
                if !self.state.entry.is_blank() {
                    self.state.entry = Redacted::default();
                    let cleared = &self.rules.flow.entry.cleared;
                    self.say(node, "cleared", cleared, true);
                }
                self.prompt(node);
                self.rest();
            }
            Does::Lead(to) => {
                self.hop(command.label(node, to), &to.id);
                self.settle();
            }
        }
    }

    fn not_understood(&mut self, node: &Node) {
        if matches!(node.kind, Kind::Collect { .. }) {
            // Digits that were keyed before the words are dropped with them, and counted in the answer.
            self.wrong_length(node, self.state.entry.reveal().chars().count());
        } else {
            self.no_match(node, None);
        }
    }

    fn wrong_length(&mut self, node: &Node, entered: usize) {
        let Kind::Collect { min, max, .. } = node.kind else {
            return;
        };
        let expected = if min == max {
            max.to_string()
        } else {
            format!("{min} to {max}")
        };
        let more = [
            ("entered", Value::from(entered)),
            ("expected", Value::from(expected)),
        ];
        let names = self.rules.names(self.state, None, Some(self.at), more);
        let text = self.rules.flow.entry.wrong_length.render(&self.rules.env, &names);
        self.state.entry = Redacted::default();
        self.no_match(node, Some(text));
    }

    fn no_match(&mut self, node: &Node, instead: Option<String>) {
        let Some(fallback) = node.fallback() else {
            return;
        };
        self.about = Some(IntentId::fixed("no_match"));
        self.state.no_match = self.state.no_match.saturating_add(1);
        if self.state.no_match >= fallback.no_match.limit {
            self.hop(via::NO_MATCH, &fallback.no_match.to.id);
            return self.settle();
        }
        match instead {
            Some(text) => self.push(node, "wrong_length", text, true),
            None => self.say(node, "no_match", &fallback.no_match.say, true),
        }
        self.prompt(node);
        self.rest();
    }

    /// What was understood, for the inspector. A menu knows no coarser intent than its own options and commands.
    fn read(&mut self, fine: &str, confidence: Score, why: &str) {
        let fine = IntentId::from(fine);
        self.turn.nlu = Some(Reading {
            primary_intent: fine.clone(),
            matched_intents: vec![fine.clone()],
            fine_intent: fine,
            confidence,
            why: why.to_owned(),
            ..Reading::default()
        });
    }

    fn read_choice(&mut self, meant: &Meant, offers: &[Offer]) {
        let name = |index: usize| {
            let key = offers.get(index).and_then(|o| o.key);
            key.map_or_else(
                || IntentId::fixed("option"),
                |key| IntentId::from(format!("option_{key}")),
            )
        };
        let score = |index: usize| {
            let found = meant.scores.iter().find(|(i, _)| *i == index);
            found.map_or_else(Score::default, |(_, s)| *s)
        };
        let fine = meant.option.map_or(IntentId::fixed("unknown"), name);
        self.turn.nlu = Some(Reading {
            primary_intent: fine.clone(),
            confidence: meant.option.map_or_else(Score::default, score),
            fine_scores: meant.scores.iter().map(|(i, s)| (name(*i), *s)).collect(),
            matched_intents: meant.option.map(name).into_iter().collect(),
            why: match (meant.option, meant.scores.len()) {
                (Some(_), _) => "the option that fits best",
                (None, 0) => "no option fits",
                (None, _) => "more than one option fits equally well",
            }
            .to_owned(),
            fine_intent: fine,
            ..Reading::default()
        });
    }
}
