//! Plays one scenario file and keeps all that there is to say about it.

use crate::call::scenario::EventType;
use crate::call::transcript::{Row, Transcript};
use crate::call::{Expect, Scenario, session};
use crate::host::lines::{self, LineError, Lines};
use crate::line::judge::Verdict;
use crate::line::{Driver, LineParty, LineSession, Player};
use jiff::Zoned;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A scenario that was played.
pub struct Played {
    /// The file as it was named or found.
    pub file: String,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The line's name.
    pub line: String,
    /// The call at its end.
    pub session: LineSession,
    /// The call as rows.
    pub rows: Vec<Row>,
    /// What happened, the start of the call first.
    pub steps: Vec<Step>,
    /// What is expected of the call as a whole.
    pub last: Vec<Verdict>,
    /// Whether all of it came out as the file says.
    pub held: bool,
}

/// The start of the call, or one event.
pub struct Step {
    /// The event's number in the file, from 1; 0 is the start of the call.
    pub event: usize,
    /// The session's entries it made.
    pub entries: Range<usize>,
    /// What was expected of it, judged.
    pub verdicts: Vec<Verdict>,
}

impl Played {
    /// The event of a step; none for the start of the call.
    pub fn event(&self, step: &Step) -> Option<&crate::call::scenario::Event> {
        step.event
            .checked_sub(1)
            .and_then(|i| self.scenario.events.get(i))
    }

    /// What kind of thing a step was.
    pub fn event_type(&self, step: &Step) -> &'static str {
        match self.event(step).map(|e| e.event_type) {
            None => "system_start",
            Some(EventType::UserUtterance) => "user_utterance",
            Some(EventType::Silence) => "silence",
            Some(EventType::Dtmf) => "dtmf",
            Some(EventType::SystemEvent) => "system_event",
            Some(EventType::Audio) => "audio",
            Some(EventType::Advance) => "advance",
        }
    }

    /// The entries of a step with their numbers in the call, from 1.
    pub fn entries(&self, step: &Step) -> impl Iterator<Item = (usize, &Arc<session::Entry>)> {
        let range = step.entries.clone();
        range.filter_map(|i| self.session.entry(i).map(|e| (i + 1, e)))
    }

    /// Whether the entry with this number, from 1, answered a question for a secret such as a PIN.
    pub fn is_secret(&self, turn_index: usize) -> bool {
        let asked = turn_index
            .checked_sub(2)
            .and_then(|before| self.session.entry(before));
        asked.is_some_and(|e| matches!(e.turn.expect, Expect::Digits { secret: true, .. }))
    }

    /// Whether the file says that something will not hold.
    pub fn failure_expected(&self) -> bool {
        !self.scenario.xfail.is_empty()
    }

    /// All verdicts with the number of the step they belong to; those of the whole call belong to none.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.steps.iter().flat_map(|s| &s.verdicts).chain(&self.last)
    }
}

/// Plays a file. `line` answers where the file names none, `now` is when calls begin where the file does not say.
pub fn file(lines: &mut Lines, path: &Path, line: Option<&str>, now: &Zoned) -> Result<Played, LineError> {
    let (scenario, opened) = lines.scenario(path, line)?;
    Ok(play(path.display().to_string(), scenario, &opened, now))
}

/// Plays a scenario on its line.
pub fn play(file: String, scenario: Scenario, opened: &lines::Opened, now: &Zoned) -> Played {
    let start = lines::start(&scenario, opened, now);
    let mut driver: Driver<LineParty> = Driver::new(Arc::clone(&opened.line), start);
    let scenario = Arc::new(scenario);
    let mut player = Player::new(Arc::clone(&scenario));
    player.begin(&mut driver);
    let begun = driver.session().cursor();
    player.run(&mut driver);
    let mut steps = vec![Step {
        event: 0,
        entries: 0..begun,
        verdicts: Vec::new(),
    }];
    steps.extend(player.marks().iter().enumerate().map(|(i, mark)| Step {
        event: i + 1,
        entries: mark.from..mark.to,
        verdicts: mark.verdicts.clone(),
    }));
    let rows = Transcript::of(driver.session()).rows().to_vec();
    Played {
        file,
        line: opened.name.clone(),
        last: player.final_verdicts(&driver),
        held: player.passed(&driver),
        session: driver.session().clone(),
        rows,
        steps,
        scenario,
    }
}
