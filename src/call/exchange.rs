//! Two parties on one log: a navigator and a bank, a persona and an agent.

use super::party::Party;
use super::reading::Score;
use super::session::{Entry, Session};
use super::signal::{Heard, Redacted, Signal};
use super::time::At;
use jiff::{SignedDuration, Zoned};
use std::collections::VecDeque;
use std::sync::Arc;

/// Which end of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The end that places the call.
    Near,
    /// The end that answers.
    Far,
}

/// Two parties that hear each other. What one says is speech to the other, the keys it presses are keys, and when it
/// hangs up the other hears that. Runs in virtual time, one `pace` a turn.
pub struct Exchange<A: Party, B: Party> {
    near: Session<A>,
    far: Session<B>,
    now: At,
    pace: SignedDuration,
    pending: VecDeque<(Side, Signal)>,
    log: Vec<(Side, Arc<Entry>)>,
}

impl<A: Party, B: Party> Exchange<A, B> {
    /// Both parties before the call, which begins at `civil`.
    pub fn new(near: Arc<A::Rules>, far: Arc<B::Rules>, civil: Zoned) -> Self {
        let now = At::start(civil.clone());
        let pending = VecDeque::from([(Side::Far, Signal::Start), (Side::Near, Signal::Start)]);
        let pace = SignedDuration::from_secs(1);
        Self {
            near: Session::new(near, civil.clone()),
            far: Session::new(far, civil),
            now,
            pace,
            pending,
            log: Vec::new(),
        }
    }

    /// Delivers the next signal. `None` when both sides wait for the other, or the call is over for both.
    pub fn step(&mut self) -> Option<(Side, Arc<Entry>)> {
        let (side, signal) = self.pending.pop_front()?;
        let entry = match side {
            Side::Near => Arc::clone(self.near.hear(signal, self.now.clone())),
            Side::Far => Arc::clone(self.far.hear(signal, self.now.clone())),
        };
        self.now = self.now.later(self.pace);
        let other = if side == Side::Near { Side::Far } else { Side::Near };
        let turn = &entry.turn;
        if !turn.say.is_empty() {
            let lang = turn.say.first().map(|p| p.lang.clone()).unwrap_or_default();
            let heard = Heard {
                text: Redacted::new(turn.text()),
                confidence: Score::certain(),
                lang,
            };
            self.pending.push_back((other, Signal::Speech(heard)));
        }
        self.pending
            .extend(turn.press.iter().map(|key| (other, Signal::key(*key))));
        if turn.ends_call() {
            self.pending.push_back((other, Signal::Hangup));
        }
        self.log.push((side, Arc::clone(&entry)));
        Some((side, entry))
    }

    /// Steps until nothing is left to hear, at most `limit` times; says whether it came to rest.
    pub fn run(&mut self, limit: usize) -> bool {
        for _ in 0..limit {
            if self.step().is_none() {
                return true;
            }
        }
        self.pending.is_empty()
    }

    /// The side that placed the call.
    pub const fn near(&self) -> &Session<A> {
        &self.near
    }
    /// The side that answered.
    pub const fn far(&self) -> &Session<B> {
        &self.far
    }
    /// What was heard, by whom, in order.
    pub fn log(&self) -> &[(Side, Arc<Entry>)] {
        &self.log
    }
}
