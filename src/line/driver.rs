//! A session and its clock: turns the passing of time into timer signals. Every transport drives a call through this.

use crate::call::session::Entry;
use crate::call::{At, DeadlineKind, Party, Session, Signal, TimerId};
use jiff::{SignedDuration, Zoned};
use std::sync::Arc;

/// A call under way. Time moves only when a transport moves it: with [`Driver::advance`], which fires deadlines that
/// fall in between, or with [`Driver::elapse`], which does not (scenarios and HTTP between events).
pub struct Driver<P: Party> {
    session: Session<P>,
    now: At,
    speaking_rate: Option<u32>,
}

impl<P: Party> Clone for Driver<P> {
    fn clone(&self) -> Self {
        Self {
            session: self.session.clone(),
            now: self.now.clone(),
            speaking_rate: self.speaking_rate,
        }
    }
}

/// A deadline that is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Armed {
    /// Which arming.
    pub timer: TimerId,
    /// When it passes, in call time.
    pub due: SignedDuration,
    /// What it waits for.
    pub kind: DeadlineKind,
}

impl<P: Party> Driver<P> {
    /// A call that begins at `civil`; nothing has been heard yet.
    pub fn new(rules: Arc<P::Rules>, civil: Zoned) -> Self {
        let session = Session::new(rules, civil);
        Self {
            now: session.start().clone(),
            session,
            speaking_rate: None,
        }
    }

    /// The same driver around a session that exists already, its clock at what was heard last.
    pub fn resume(session: Session<P>) -> Self {
        let mut driver = Self {
            now: session.start().clone(),
            session,
            speaking_rate: None,
        };
        driver.rewind_clock();
        driver
    }

    /// Counts no-input deadlines from the end of the prompts, spoken at this many characters a second. Without it
    /// prompts take no time.
    #[must_use]
    pub const fn with_speaking_rate(mut self, characters_a_second: u32) -> Self {
        self.speaking_rate = Some(characters_a_second);
        self
    }

    /// Hears a signal now.
    pub fn handle(&mut self, signal: Signal) -> Arc<Entry> {
        let at = self.now.clone();
        Arc::clone(self.session.hear(signal, at))
    }

    /// The deadline that is armed, if one is and the call is not over.
    pub fn armed(&self) -> Option<Armed> {
        if self.session.party().ended() {
            return None;
        }
        let timer = self.session.last()?.turn.deadline?.timer;
        // A turn that changes nothing names the arming that still counts: it counts from where it was armed.
        let heard = self.session.entries().take(self.session.cursor()).rev();
        let armed_by = heard
            .take_while(|e| e.turn.deadline.is_some_and(|d| d.timer == timer))
            .last()?;
        let deadline = armed_by.turn.deadline?;
        let speaking = match (deadline.kind, self.speaking_rate) {
            (DeadlineKind::NoInput, Some(rate)) => {
                let characters: usize = armed_by.turn.say.iter().map(|p| p.text.chars().count()).sum();
                let ms = characters.saturating_mul(1000) / usize::try_from(rate.max(1)).unwrap_or(1);
                SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
            }
            _ => SignedDuration::ZERO,
        };
        let due = armed_by
            .at
            .since
            .saturating_add(deadline.after)
            .saturating_add(speaking);
        Some(Armed {
            timer: deadline.timer,
            due,
            kind: deadline.kind,
        })
    }

    /// How long until the next deadline; zero when it has passed, `None` when none is armed.
    pub fn poll_timeout(&self) -> Option<SignedDuration> {
        self.armed()
            .map(|a| a.due.saturating_sub(self.now.since).max(SignedDuration::ZERO))
    }

    /// Lets time pass. Deadlines in between fire at their own time, in order; the entries they made come back.
    pub fn advance(&mut self, by: SignedDuration) -> Vec<Arc<Entry>> {
        let end = self.now.since.saturating_add(by.max(SignedDuration::ZERO));
        let mut fired = Vec::new();
        while let Some(armed) = self.armed().filter(|a| a.due <= end) {
            self.elapse(armed.due.saturating_sub(self.now.since));
            fired.push(self.handle(Signal::Timer { timer: armed.timer }));
        }
        self.elapse(end.saturating_sub(self.now.since));
        fired
    }

    /// Lets time pass without firing anything.
    pub fn elapse(&mut self, by: SignedDuration) {
        if by > SignedDuration::ZERO {
            self.now = self.now.later(by);
        }
    }

    /// Sets the wall calendar, which may jump; call time goes on as it was.
    pub fn set_civil(&mut self, civil: Zoned) {
        self.now.civil = civil;
    }

    /// Goes back by up to `turns` entries, the clock with it.
    pub fn back(&mut self, turns: usize) -> usize {
        let by = self.session.back(turns);
        self.rewind_clock();
        by
    }

    /// Goes forward along the branch by up to `turns` entries.
    pub fn forward(&mut self, turns: usize) -> usize {
        let by = self.session.forward(turns);
        self.rewind_clock();
        by
    }

    /// Goes to where `turn` entries have been heard.
    pub fn jump(&mut self, turn: usize) {
        self.session.jump(turn);
        self.rewind_clock();
    }

    /// Goes to where `turn` entries have been heard, with the clock at a time that was noted there.
    pub fn jump_to(&mut self, turn: usize, now: At) {
        self.session.jump(turn);
        self.now = now;
    }

    /// Changes the session by `change` (fork, switch, reload) and sets the clock to what was heard last in it.
    pub fn change<T>(&mut self, change: impl FnOnce(&mut Session<P>) -> T) -> T {
        let result = change(&mut self.session);
        self.rewind_clock();
        result
    }

    /// The session.
    pub const fn session(&self) -> &Session<P> {
        &self.session
    }
    /// The time.
    pub const fn now(&self) -> &At {
        &self.now
    }

    fn rewind_clock(&mut self) {
        self.now = self
            .session
            .last()
            .map_or_else(|| self.session.start().clone(), |e| e.at.clone());
    }
}
