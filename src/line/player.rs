//! Plays a scenario into a driver, an event at a time, forward and back, and judges each answer.

use super::driver::Driver;
use crate::call::scenario::{Bound, Event, EventType, Expected, Final, KEY_GAP_MS, Scenario, SystemEvent};
use crate::call::session::Entry;
use crate::call::{Action, At, Key, Party, Signal};
use jiff::SignedDuration;
use serde_json::Value;
use std::sync::Arc;

/// Whether something that was expected held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was looked at (`expect.phase`, `final.outcome`, `never`).
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub got: String,
    /// Whether it held.
    pub held: bool,
}

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
        let verdicts = judge(driver, &event.expect, &scenario.never, &entries);
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
        let mut verdicts = judge_final(driver, &self.scenario.last);
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

/// Turns one event into signals and lets the driver's party hear them. `tick_ms` passes first, unless the event says
/// how much. An `audio` event makes no signal: words and tones come from the audio room.
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

fn judge<P: Party>(
    driver: &Driver<P>,
    expect: &Expected,
    never: &[String],
    entries: &[Arc<Entry>],
) -> Vec<Verdict> {
    let mut out = Vec::new();
    let mut say = |what: &str, expected: String, got: String, held: bool| {
        out.push(Verdict {
            what: what.to_owned(),
            expected,
            got,
            held,
        });
    };
    let session = driver.session();
    let last = entries.last();
    let turn = last.map(|e| &e.turn);
    if let Some(want) = &expect.intent {
        // Keys of one event may answer in the middle: the last turn that said something is the answer.
        let answers = entries.iter().rev().find(|e| !e.turn.is_quiet()).or(last);
        let got = answers.map(|e| e.turn.intent.to_string()).unwrap_or_default();
        say("expect.intent", want.clone(), got.clone(), got == *want);
    }
    if let Some(want) = &expect.phase {
        let got = session.party().phase();
        say("expect.phase", want.clone(), got.to_string(), got == *want);
    }
    if let Some(want) = &expect.node {
        let got = session.party().node();
        say("expect.node", want.clone(), got.to_string(), got == want.as_str());
    }
    let reading = turn.and_then(|t| t.nlu.as_ref());
    if let Some(want) = &expect.nlu {
        let held =
            reading.is_some_and(|r| r.primary_intent == want.as_str() || r.fine_intent == want.as_str());
        let got = reading.map(|r| {
            if r.primary_intent == r.fine_intent {
                r.primary_intent.to_string()
            } else {
                format!("{} ({})", r.primary_intent, r.fine_intent)
            }
        });
        say(
            "expect.nlu",
            want.clone(),
            got.unwrap_or_else(|| "nothing understood".to_owned()),
            held,
        );
    }
    if let Some(want) = &expect.confidence {
        let got = reading.map(|r| r.confidence.as_f64());
        let held = got.is_some_and(|g| Bound::parse(want).is_some_and(|b| b.holds(g)));
        say(
            "expect.confidence",
            want.clone(),
            got.map_or_else(|| "none".to_owned(), |g| g.to_string()),
            held,
        );
    }
    if let Some(want) = &expect.text {
        let got = entries
            .iter()
            .map(|e| e.turn.text())
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        for part in &want.contains {
            say(
                "expect.text.contains",
                part.clone(),
                got.clone(),
                got.contains(part.as_str()),
            );
        }
        for part in &want.not {
            say(
                "expect.text.not",
                format!("not {part}"),
                got.clone(),
                !got.contains(part.as_str()),
            );
        }
        if !want.re.is_empty() {
            let held = regex_lite::Regex::new(&want.re).is_ok_and(|re| re.is_match(&got));
            say("expect.text.re", want.re.clone(), got, held);
        }
    }
    if let Some(want) = &expect.actions {
        let got: Vec<&str> = entries
            .iter()
            .flat_map(|e| &e.turn.actions)
            .map(Action::name)
            .collect();
        let held = want.iter().all(|w| got.contains(&w.as_str())) && (!want.is_empty() || got.is_empty());
        say("expect.actions", listed(want), listed(&got), held);
    }
    judge_state(driver, "expect.state", expect.state.as_ref(), &mut say);
    for name in never {
        let broken = entries.iter().any(|e| e.violations.iter().any(|v| v == name));
        if broken {
            say("never", format!("never {name}"), name.clone(), false);
        }
    }
    out
}

fn judge_final<P: Party>(driver: &Driver<P>, want: &Final) -> Vec<Verdict> {
    let mut out = Vec::new();
    let mut say = |what: &str, expected: String, got: String, held: bool| {
        out.push(Verdict {
            what: what.to_owned(),
            expected,
            got,
            held,
        });
    };
    let session = driver.session();
    let heard = || session.entries().take(session.cursor());
    if let Some(want) = &want.outcome {
        let got = session
            .outcome()
            .map_or_else(|| "none".to_owned(), ToString::to_string);
        say("final.outcome", want.clone(), got.clone(), got == *want);
    }
    if let Some(want) = &want.phase {
        let got = session.party().phase();
        say("final.phase", want.clone(), got.to_string(), got == *want);
    }
    if let Some(want) = &want.node {
        let got = session.party().node();
        say("final.node", want.clone(), got.to_string(), got == want.as_str());
    }
    if let Some(want) = &want.actions {
        let got: Vec<&str> = heard().flat_map(|e| &e.turn.actions).map(Action::name).collect();
        say(
            "final.actions",
            listed(want),
            listed(&got),
            want.iter().all(|w| got.contains(&w.as_str())),
        );
    }
    if let Some(want) = &want.keys {
        let got = heard().filter(|e| matches!(e.signal, Signal::Key { .. })).count();
        let exact = u32::try_from(got).map_or(f64::MAX, f64::from);
        say(
            "final.keys",
            want.clone(),
            got.to_string(),
            Bound::parse(want).is_some_and(|b| b.holds(exact)),
        );
    }
    judge_state(driver, "final.state", want.state.as_ref(), &mut say);
    out
}

fn judge_state<P: Party>(
    driver: &Driver<P>,
    what: &str,
    want: Option<&serde_json::Map<String, Value>>,
    say: &mut impl FnMut(&str, String, String, bool),
) {
    let Some(want) = want else { return };
    let state = driver.session().party().inspect(driver.session().rules());
    for (name, value) in want {
        // `promise_to_pay.date` reaches into the tree.
        let got = name
            .split('.')
            .try_fold(&state, |at, part| at.get(part))
            .unwrap_or(&Value::Null);
        say(
            &format!("{what}.{name}"),
            value.to_string(),
            got.to_string(),
            got == value,
        );
    }
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
