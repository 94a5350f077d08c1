//! Plays a scenario into a driver, an event at a time, forward and back, and judges each answer.

use super::driver::Driver;
use super::judge::{self, Verdict};
use crate::call::scenario::{Event, EventType, KEY_GAP_MS, Scenario, SystemEvent};
use crate::call::session::Entry;
use crate::call::{At, Key, Party, Signal};
use jiff::SignedDuration;
use std::sync::Arc;

/// How one event went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The clock before it; an event that only lets time pass leaves no entry to read it from.
    pub began: At,
    /// How many entries the session had before.
    pub from: usize,
    /// How many it had afterwards.
    pub to: usize,
    /// What was expected of it, judged. Empty where nothing was expected.
    pub verdicts: Vec<Verdict>,
}

impl Mark {
    /// Whether everything expected held.
    pub fn held(&self) -> bool {
        self.verdicts.iter().all(|v| v.held)
    }
}

/// A scenario being played.
#[derive(Clone, Debug)]
pub struct Player {
    scenario: Arc<Scenario>,
    marks: Vec<Mark>,
    begun: usize,
}

impl Player {
    /// At the scenario's beginning. Nothing is played until [`Player::begin`].
    pub const fn new(scenario: Arc<Scenario>) -> Self {
        Self {
            scenario,
            marks: Vec::new(),
            begun: 0,
        }
    }

    /// Starts the call: the line speaks first. Does nothing where the call has begun already.
    pub fn begin<P: Party>(&mut self, driver: &mut Driver<P>) {
        if driver.session().cursor() == 0 {
            driver.handle(Signal::Start);
        }
        self.begun = driver.session().cursor();
    }

    /// The scenario.
    pub const fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }
    /// How many events have been played.
    pub const fn position(&self) -> usize {
        self.marks.len()
    }
    /// How the played events went.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }
    /// The event that comes next.
    pub fn next_event(&self) -> Option<&Event> {
        self.scenario.events.get(self.marks.len())
    }
    /// Whether every event has been played, or the call is over.
    pub fn finished<P: Party>(&self, driver: &Driver<P>) -> bool {
        self.next_event().is_none() || driver.session().party().ended()
    }

    /// Plays the next event. `None` when there is none left or the call is over.
    pub fn step<P: Party>(&mut self, driver: &mut Driver<P>) -> Option<&Mark> {
        if driver.session().party().ended() {
            return None;
        }
        let scenario = Arc::clone(&self.scenario);
        let event = scenario.events.get(self.marks.len())?;
        let (from, began) = (driver.session().cursor(), driver.now().clone());
        let entries = play(driver, event, scenario.clock.tick_ms);
        let mut verdicts = judge::event(driver, &event.expect, &entries);
        verdicts.append(&mut judge::never(&scenario.never, &entries));
        verdicts.extend(unheard(event));
        self.marks.push(Mark {
            began,
            from,
            to: driver.session().cursor(),
            verdicts,
        });
        self.marks.last()
    }

    /// Takes the last played event back. Says whether there was one.
    pub fn back<P: Party>(&mut self, driver: &mut Driver<P>) -> bool {
        let Some(mark) = self.marks.pop() else {
            return false;
        };
        driver.jump_to(mark.from, mark.began);
        true
    }

    /// Goes to where `events` events have been played, forward or back.
    pub fn jump<P: Party>(&mut self, driver: &mut Driver<P>, events: usize) {
        while self.marks.len() > events && self.back(driver) {}
        while self.marks.len() < events && self.step(driver).is_some() {}
    }

    /// Plays to the end.
    pub fn run<P: Party>(&mut self, driver: &mut Driver<P>) {
        self.begin(driver);
        while self.step(driver).is_some() {}
    }

    /// What is expected of the call as a whole, judged as it stands. Play stops when the call ends: an event after that
    /// whose answer was to be judged did not get one, so it did not hold.
    pub fn final_verdicts<P: Party>(&self, driver: &Driver<P>) -> Vec<Verdict> {
        let mut verdicts = judge::whole(driver, &self.scenario.last);
        let opening: Vec<_> = driver.session().entries().take(self.begun).cloned().collect();
        verdicts.append(&mut judge::never(&self.scenario.never, &opening));
        let left = self.scenario.events.iter().enumerate().skip(self.position());
        let unheard = left.filter(|(_, event)| driver.session().party().ended() && !event.expect.is_empty());
        verdicts.extend(unheard.map(|(index, _)| Verdict {
            what: format!("events[{index}].expect"),
            expected: "an answer to this event".to_owned(),
            got: format!("the call ended after {} events", self.position()),
            held: false,
        }));
        verdicts
    }

    /// Whether everything held so far, the final expectations included; an `xfail` scenario holds when something did not.
    pub fn passed<P: Party>(&self, driver: &Driver<P>) -> bool {
        let held = self.marks.iter().all(Mark::held) && self.final_verdicts(driver).iter().all(|v| v.held);
        held == self.scenario.xfail.is_empty()
    }
}

/// What is said in files of sound cannot be heard by this program, and must not pass for heard.
fn unheard(event: &Event) -> Option<Verdict> {
    (event.event_type == EventType::Audio).then(|| Verdict {
        what: "audio".to_owned(),
        expected: format!("to hear {}", event.file),
        got: "this version does not hear audio files".to_owned(),
        held: false,
    })
}

/// Turns one event into signals and lets the driver's party hear them. `tick_ms` passes first, unless the event says
/// how much. An `audio` event makes no signal.
pub fn play<P: Party>(driver: &mut Driver<P>, event: &Event, tick_ms: u64) -> Vec<Arc<Entry>> {
    let ms = |n: u64| SignedDuration::from_millis(i64::try_from(n).unwrap_or(i64::MAX));
    if event.event_type == EventType::Advance {
        return driver.advance(ms(event.ms.unwrap_or(tick_ms)));
    }
    driver.elapse(ms(event.ms.unwrap_or(tick_ms)));
    match event.event_type {
        EventType::UserUtterance => {
            let text = event.transcript.as_deref().unwrap_or_default();
            let signal = if text.trim().is_empty() {
                Signal::Silence
            } else {
                Signal::say(text)
            };
            vec![driver.handle(signal)]
        }
        EventType::Silence => vec![driver.handle(Signal::Silence)],
        EventType::Dtmf => {
            let keys = event.digits.chars().filter_map(Key::from_char).enumerate();
            keys.map(|(i, key)| {
                if i > 0 {
                    driver.elapse(ms(KEY_GAP_MS));
                }
                driver.handle(Signal::key(key))
            })
            .collect()
        }
        EventType::SystemEvent => system_signal(driver, event.system())
            .map(|s| driver.handle(s))
            .into_iter()
            .collect(),
        EventType::Audio | EventType::Advance => Vec::new(),
    }
}

fn system_signal<P: Party>(driver: &Driver<P>, system: Option<SystemEvent>) -> Option<Signal> {
    let prompt = || {
        driver
            .session()
            .last()
            .and_then(|e| e.turn.say.last())
            .map(|p| p.id.clone())
    };
    Some(match system? {
        SystemEvent::Answered => return None,
        SystemEvent::MachineDetected => Signal::Machine,
        SystemEvent::Hangup => Signal::Hangup,
        SystemEvent::TransferFailed => Signal::TransferFailed,
        SystemEvent::SpeechStarted => Signal::SpeechStarted,
        SystemEvent::PromptEnded => Signal::PromptEnded { prompt: prompt()? },
        SystemEvent::Interrupted => Signal::Interrupted { prompt: prompt()? },
    })
}
