//! Building one turn: what is said, where it leads, what is asked for, which rules decided.

use super::compliance::Rule;
use super::node::{Node, TRANSITIONS};
use super::outcome::Outcome;
use super::state::{Agent, Pending};
use super::{Rules, compliance, wording};
use crate::call::{
    Action, At, Cents, Deadline, DeadlineKind, Expect, Hop, IntentId, Lang, Prompt, PromptId, Reading,
    TimerId, Turn,
};
use crate::language::Values;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use smol_str::SmolStr;

/// A turn in the making: the state it changes, what was heard, and the turn itself.
pub(super) struct Talk<'a> {
    pub(super) agent: &'a mut Agent,
    pub(super) rules: &'a Rules,
    pub(super) at: &'a At,
    pub(super) reading: Reading,
    pub(super) values: Values,
    pub(super) turn: Turn,
}

impl<'a> Talk<'a> {
    pub(super) fn new(agent: &'a mut Agent, rules: &'a Rules, at: &'a At) -> Self {
        Self {
            agent,
            rules,
            at,
            reading: Reading::default(),
            values: Values::default(),
            turn: Turn::default(),
        }
    }

    /// Whether a finer intent holds.
    pub(super) fn meant(&self, name: &str) -> bool {
        let known = self
            .reading
            .fine_scores
            .get(&IntentId::from(name))
            .is_some_and(|s| s.basis() >= 5000);
        known || self.reading.fine_intent == name
    }

    /// Whether a finer intent holds on weaker words only.
    pub(super) fn loosely(&self, name: &str) -> bool {
        self.reading
            .fine_scores
            .get(&IntentId::from(name))
            .is_some_and(|s| s.basis() < 9000)
    }

    /// Whether any of them does.
    pub(super) fn meant_any(&self, names: &[&str]) -> bool {
        names.iter().any(|n| self.meant(n))
    }

    /// Whether this is the intent that won.
    pub(super) fn mainly(&self, names: &[&str]) -> bool {
        names.iter().any(|n| self.reading.fine_intent == *n)
    }

    /// Says a prompt.
    pub(super) fn say(&mut self, prompt: &'static str) {
        let text = wording::fill(prompt, self.agent, self.rules, self.at);
        self.turn.say.push(Prompt {
            id: PromptId::fixed(prompt),
            text,
            lang: Lang::EN_US,
            // The disclosure is heard whole.
            interruptible: !matches!(prompt, "disclosure" | "voicemail"),
        });
    }

    /// Walks an edge of the transition table.
    pub(super) fn go(&mut self, via: &'static str, to: Node) {
        debug_assert!(
            TRANSITIONS
                .iter()
                .any(|t| t.from == self.agent.node && t.via == via && t.to == to),
            "undeclared transition {:?} -{via}-> {to:?}",
            self.agent.node
        );
        self.turn.trail.push(Hop {
            via: SmolStr::new_static(via),
            to: to.id(),
        });
        self.agent.node = to;
    }

    /// Walks through the rules' own node.
    pub(super) fn go_by_rule(&mut self, via: &'static str, to: Node) {
        self.go("rule", Node::Screen);
        self.go(via, to);
    }

    /// Names a rule that decided.
    pub(super) fn because(&mut self, rule: &Rule, note: &str) {
        self.turn.why.push(rule.fired(note));
    }

    pub(super) fn act(&mut self, action: Action) {
        self.turn.actions.push(action);
    }

    pub(super) fn intent(&mut self, intent: &'static str) {
        self.turn.intent = IntentId::fixed(intent);
    }

    /// Asks the question of the node where the agent stands.
    pub(super) fn ask(&mut self) {
        let (prompt, intent) = self.question();
        if self.turn.intent.as_str().is_empty() {
            self.intent(intent);
        }
        if !prompt.is_empty() {
            self.say(prompt);
        }
        self.agent.last_question = self.turn.say.last().map(|p| p.text.clone()).unwrap_or_default();
    }

    /// The pending question of the node, and what a turn that asks it is about.
    fn question(&self) -> (&'static str, &'static str) {
        match self.agent.node {
            Node::Ready | Node::Greeting => ("greeting_again", "request_target"),
            Node::Holding => ("no_hold", "request_target"),
            Node::ThirdParty => ("ask_reach", "request_target"),
            Node::VerifyZip => ("zip_again", "verify_identity"),
            Node::AskToday => ("ask_today", "negotiate"),
            Node::AskDate if self.agent.pending_amount.is_some() => ("ask_date_for_amount", "negotiate"),
            Node::AskDate => ("ask_date", "negotiate"),
            Node::OfferHalf => ("offer_half", "negotiate"),
            Node::ConfirmDate => ("confirm_date", "confirm_payment_date"),
            Node::Hardship => ("hardship_offer", "negotiate"),
            Node::CallbackTime => ("ask_callback", "schedule_callback"),
            _ => ("", "close"),
        }
    }

    /// Says a sentence and asks the pending question again.
    pub(super) fn say_and_ask(&mut self, prompt: &'static str) {
        self.say(prompt);
        self.ask();
    }

    /// Ends the call: the one outcome, the one end.
    pub(super) fn end(&mut self, outcome: Outcome, intent: &'static str, prompt: &'static str) {
        self.intent(intent);
        self.agent.outcome = Some(outcome);
        if !prompt.is_empty() {
            self.say(prompt);
        }
        if outcome.escalates() {
            self.agent.escalation = Some(outcome);
            let summary = self.summary();
            self.act(Action::EscalateToHuman {
                reason: SmolStr::new_static(outcome.code()),
                summary,
            });
        }
        self.act(Action::SetOutcome {
            outcome_code: outcome.id(),
        });
        self.act(Action::EndCall {
            reason: SmolStr::new_static(outcome.code()),
        });
    }

    /// What the person who takes over should know; nothing the caller said.
    fn summary(&self) -> String {
        let agent = &*self.agent;
        let yes = |b: bool| if b { "yes" } else { "no" };
        let mut text = format!(
            "Right party verified: {}. Disclosure delivered: {}. Turns: {}.",
            yes(agent.verified),
            yes(agent.disclosed),
            agent.turn_count
        );
        for (flag, words) in [
            (
                agent.dispute,
                " Collection stopped; validation information is due.",
            ),
            (agent.hardship, " Hardship was mentioned."),
            (agent.refusals > 0, " Payment was declined."),
            (agent.proposals > 0, " A part payment was offered."),
        ] {
            if flag {
                text.push_str(words);
            }
        }
        text
    }

    /// Records the promise and ends the call. The only place that makes one.
    pub(super) fn promise(&mut self, pending: Pending, note: &'static str) {
        self.agent.pending = Some(pending);
        self.agent.promise = Some(pending);
        self.agent.last_proposed = Some(pending.date);
        self.because(&compliance::PROMISE_NEEDS_DATE_AND_AMOUNT, note);
        self.go("date and amount", Node::Promise);
        self.act(Action::CreatePromiseToPay {
            date: pending.date,
            amount: pending.amount,
            currency: SmolStr::new(&self.rules.account.account_context.currency),
        });
        self.end(Outcome::PtpSet, "close", "promise_set");
    }

    /// Keeps a time for another call and ends this one.
    pub(super) fn call_back_at(&mut self, when: DateTime, reason: &'static str) {
        self.agent.callback_requested = true;
        self.agent.callback_at = Some(when);
        self.because(&compliance::INCONVENIENT_TIME, "a complete lawful time was named");
        self.go_by_rule("time named", Node::Callback);
        let zone = self.zone();
        self.act(Action::ScheduleCallback {
            datetime_local: when,
            timezone: zone,
            reason: SmolStr::new_static(reason),
        });
        self.end(Outcome::CallbackSet, "schedule_callback", "callback_set");
    }

    /// The consumer's zone.
    fn zone(&self) -> SmolStr {
        let named = &self.rules.account.party_profile.timezone;
        match self.at.civil.time_zone().iana_name() {
            Some(name) => SmolStr::new(name),
            None => SmolStr::new(named),
        }
    }

    /// The balance.
    pub(super) fn balance(&self) -> Cents {
        self.rules.account.account_context.amount_due
    }

    /// The turn, with what is expected next.
    pub(super) fn finish(mut self, deadline: DeadlineKind) -> Turn {
        if !self.turn.intent.as_str().is_empty() {
            self.agent.last_intent = self.turn.intent.clone();
        }
        self.turn.expect = expect(self.agent.node);
        if !self.agent.node.is_end() && self.agent.node != Node::Ready {
            self.agent.timer = self.agent.timer.wrapping_add(1);
            let limits = &self.rules.policy.limits;
            let seconds = match deadline {
                DeadlineKind::InterDigit => limits.inter_digit_seconds,
                _ => limits.no_input_seconds,
            };
            self.turn.deadline = Some(Deadline {
                timer: TimerId(self.agent.timer),
                after: SignedDuration::from_secs(i64::from(seconds)),
                kind: deadline,
            });
        }
        self.turn
    }
}

/// What the agent waits for at a node.
pub(super) const fn expect(node: Node) -> Expect {
    match node {
        Node::Greeting | Node::AskToday | Node::OfferHalf | Node::ConfirmDate => Expect::YesNo,
        Node::VerifyZip => Expect::Zip,
        Node::AskDate => Expect::Date,
        Node::Holding | Node::ThirdParty | Node::Hardship | Node::CallbackTime => Expect::Free,
        _ => Expect::Nothing,
    }
}
