//! Holds what happened against what a scenario expects of it.

use super::driver::Driver;
use crate::call::scenario::{Bound, Expected, Final, TextExpected};
use crate::call::session::Entry;
use crate::call::{Action, Party, Reading, Signal};
use serde_json::{Map, Value};
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

/// What is expected of the answer to one event, judged on the entries it made and on the call as it stands after them.
pub(super) fn event<P: Party>(driver: &Driver<P>, expect: &Expected, entries: &[Arc<Entry>]) -> Vec<Verdict> {
    let mut judge = Judge::new("expect");
    let last = entries.last();
    if let Some(want) = &expect.intent {
        // Keys of one event may answer in the middle: the last turn that said something is the answer.
        let answer = entries.iter().rev().find(|e| !e.turn.is_quiet()).or(last);
        judge.equal("intent", want, answer.map_or("", |e| e.turn.intent.as_str()));
    }
    judge.place(driver, expect.phase.as_deref(), expect.node.as_deref());
    let reading = last.and_then(|e| e.turn.nlu.as_ref());
    if let Some(want) = &expect.nlu {
        judge.nlu(want, reading);
    }
    if let Some(want) = &expect.confidence {
        let got = reading.map(|r| r.confidence.as_f64());
        let held = got.is_some_and(|got| within(want, got));
        judge.say(
            "confidence",
            want,
            got.map_or_else(|| "none".to_owned(), |got| got.to_string()),
            held,
        );
    }
    if let Some(want) = &expect.text {
        judge.text(want, &spoken(entries));
    }
    if let Some(want) = &expect.actions {
        let got = actions(entries);
        let held = among(want, &got) && (!want.is_empty() || got.is_empty());
        judge.say("actions", &listed(want), listed(&got), held);
    }
    judge.state(driver, expect.state.as_ref());
    judge.verdicts
}

/// What is expected of the call as a whole, judged as it stands.
pub(super) fn whole<P: Party>(driver: &Driver<P>, want: &Final) -> Vec<Verdict> {
    let mut judge = Judge::new("final");
    let session = driver.session();
    let heard: Vec<_> = session.entries().take(session.cursor()).cloned().collect();
    if let Some(want) = &want.outcome {
        judge.equal("outcome", want, session.outcome().map_or("none", |o| o.as_str()));
    }
    judge.place(driver, want.phase.as_deref(), want.node.as_deref());
    if let Some(want) = &want.actions {
        let got = actions(&heard);
        judge.say("actions", &listed(want), listed(&got), among(want, &got));
    }
    if let Some(want) = &want.keys {
        let got = heard
            .iter()
            .filter(|e| matches!(e.signal, Signal::Key { .. }))
            .count();
        let exact = u32::try_from(got).map_or(f64::MAX, f64::from);
        judge.say("keys", want, got.to_string(), within(want, exact));
    }
    judge.state(driver, want.state.as_ref());
    judge.verdicts
}

/// The invariants among `never` that a turn of these entries broke; nothing is said of those that held.
pub(super) fn never(never: &[String], entries: &[Arc<Entry>]) -> Vec<Verdict> {
    let broken = |name: &&String| entries.iter().any(|e| e.violations.iter().any(|v| v == name));
    let verdict = |name: &String| Verdict {
        what: "never".to_owned(),
        expected: format!("never {name}"),
        got: name.clone(),
        held: false,
    };
    never.iter().filter(broken).map(verdict).collect()
}

struct Judge {
    of: &'static str,
    verdicts: Vec<Verdict>,
}

impl Judge {
    const fn new(of: &'static str) -> Self {
        Self {
            of,
            verdicts: Vec::new(),
        }
    }

    fn say(&mut self, what: &str, expected: &str, got: String, held: bool) {
        let (what, expected) = (format!("{}.{what}", self.of), expected.to_owned());
        self.verdicts.push(Verdict {
            what,
            expected,
            got,
            held,
        });
    }

    fn equal(&mut self, what: &str, want: &str, got: &str) {
        self.say(what, want, got.to_owned(), want == got);
    }

    fn place<P: Party>(&mut self, driver: &Driver<P>, phase: Option<&str>, node: Option<&str>) {
        let party = driver.session().party();
        if let Some(want) = phase {
            self.equal("phase", want, &party.phase());
        }
        if let Some(want) = node {
            self.equal("node", want, party.node().as_str());
        }
    }

    fn nlu(&mut self, want: &str, reading: Option<&Reading>) {
        let got = reading.map_or_else(
            || "nothing understood".to_owned(),
            |r| {
                if r.primary_intent == r.fine_intent {
                    r.primary_intent.to_string()
                } else {
                    format!("{} ({})", r.primary_intent, r.fine_intent)
                }
            },
        );
        let held = reading.is_some_and(|r| r.primary_intent == want || r.fine_intent == want);
        self.say("nlu", want, got, held);
    }

    fn text(&mut self, want: &TextExpected, got: &str) {
        for part in &want.contains {
            self.say("text.contains", part, got.to_owned(), got.contains(part.as_str()));
        }
        for part in &want.not {
            self.say(
                "text.not",
                &format!("not {part}"),
                got.to_owned(),
                !got.contains(part.as_str()),
            );
        }
        if !want.re.is_empty() {
            let held = regex_lite::Regex::new(&want.re).is_ok_and(|re| re.is_match(got));
            self.say("text.re", &want.re, got.to_owned(), held);
        }
    }

    fn state<P: Party>(&mut self, driver: &Driver<P>, want: Option<&Map<String, Value>>) {
        let Some(want) = want else { return };
        let state = driver.session().party().inspect(driver.session().rules());
        for (name, value) in want {
            // `promise_to_pay.date` reaches into the tree.
            let got = name
                .split('.')
                .try_fold(&state, |at, part| at.get(part))
                .unwrap_or(&Value::Null);
            self.say(
                &format!("state.{name}"),
                &value.to_string(),
                got.to_string(),
                got == value,
            );
        }
    }
}

fn spoken(entries: &[Arc<Entry>]) -> String {
    let texts = entries.iter().map(|e| e.turn.text()).filter(|t| !t.is_empty());
    texts.collect::<Vec<_>>().join(" ")
}

fn actions(entries: &[Arc<Entry>]) -> Vec<&'static str> {
    entries
        .iter()
        .flat_map(|e| &e.turn.actions)
        .map(Action::name)
        .collect()
}

fn among(want: &[String], got: &[&str]) -> bool {
    want.iter().all(|name| got.contains(&name.as_str()))
}

fn within(bound: &str, number: f64) -> bool {
    Bound::parse(bound).is_some_and(|b| b.holds(number))
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
