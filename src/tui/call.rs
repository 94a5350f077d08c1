//! The call on the screen: its driver, the rows of its transcript, its graph, and how much of it is in the journal.

use crate::call::journal::{Header, Record, VERSION};
use crate::call::session::EntryId;
use crate::call::transcript::Transcript;
use crate::call::turn::Expect;
use crate::call::{DeadlineKind, FlowGraph, Party, Signal};
use crate::host::lines::Opened;
use crate::line::{Driver, LineParty, LineSession};
use jiff::{SignedDuration, Zoned};
use std::sync::Arc;
use std::time::Duration;

/// How fast prompts are taken to be spoken, in characters a second: about 170 English words a minute.
const SPEAKING_RATE: u32 = 15;

/// A call.
pub struct Call {
    /// The line, and the names it goes by.
    pub opened: Opened,
    /// The call itself.
    pub driver: Driver<LineParty>,
    /// Its rows.
    pub transcript: Transcript,
    /// The line's graph.
    pub graph: Arc<FlowGraph>,
    written: Written,
}

/// How much of the call is in the journal.
#[derive(Default)]
struct Written {
    begun: bool,
    path: Vec<EntryId>,
    cursor: usize,
}

impl Call {
    /// A call that begins at `civil`; nothing has been heard.
    pub fn new(opened: Opened, civil: Zoned) -> Self {
        let driver = Driver::new(Arc::clone(&opened.line), civil).with_speaking_rate(SPEAKING_RATE);
        Self::around(opened, driver)
    }

    /// The screen's side of a call that exists.
    pub fn around(opened: Opened, driver: Driver<LineParty>) -> Self {
        let graph = Arc::new(LineParty::graph(&opened.line));
        let mut call = Self {
            opened,
            driver,
            transcript: Transcript::default(),
            graph,
            written: Written::default(),
        };
        call.sync();
        call
    }

    /// A call that a journal tells of.
    pub fn recalled(opened: Opened, header: &Header, records: Vec<Record>) -> Self {
        let mut session = LineSession::new(Arc::clone(&opened.line), header.start.clone());
        for record in records {
            record.apply(&mut session);
        }
        Self::around(opened, Driver::resume(session).with_speaking_rate(SPEAKING_RATE))
    }

    /// The log.
    pub const fn session(&self) -> &LineSession {
        self.driver.session()
    }
    /// Whether the call is over.
    pub fn ended(&self) -> bool {
        self.session().party().ended()
    }
    /// Whether the call stands at its last turn rather than stepped back.
    pub fn at_tip(&self) -> bool {
        self.session().cursor() == self.session().len()
    }

    /// Lets the line hear something; a call that has not begun begins first.
    pub fn hear(&mut self, signal: Signal) {
        self.begin();
        self.driver.handle(signal);
    }

    /// Lets the line answer the call, once.
    pub fn begin(&mut self) {
        if self.session().cursor() == 0 {
            self.driver.handle(Signal::Start);
        }
    }

    /// Goes back by one turn, but never to before the line answered. Says whether it went.
    pub fn back(&mut self) -> bool {
        self.session().cursor() > 1 && self.driver.back(1) == 1
    }

    /// Goes back to before the last turn in which the line said or did something.
    pub fn back_to_answer(&mut self) -> bool {
        let session = self.session();
        let heard = (1..session.cursor()).rev();
        let spoke = |i: &usize| session.entry(*i).is_some_and(|e| !e.turn.is_quiet());
        match heard.into_iter().find(spoke) {
            Some(turn) => {
                self.driver.jump(turn);
                true
            }
            None => self.back(),
        }
    }

    /// Goes to where `turn` entries have been heard, at least the line's answer.
    pub fn jump(&mut self, turn: usize) {
        let least = self.session().len().min(1);
        self.driver.jump(turn.max(least));
    }

    /// Lets time pass. No-input deadlines fire only where asked to; all others always do.
    pub fn elapse(&mut self, by: Duration, no_input: bool) -> bool {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        if !no_input
            && self
                .driver
                .armed()
                .is_some_and(|a| a.kind == DeadlineKind::NoInput)
        {
            self.driver.elapse(by);
            return false;
        }
        !self.driver.advance(by).is_empty()
    }

    /// How long until a deadline of this kind passes.
    pub fn until(&self, kind: DeadlineKind) -> Option<Duration> {
        let armed = self.driver.armed().filter(|a| a.kind == kind)?;
        let left = armed.due.saturating_sub(self.driver.now().since);
        Some(Duration::try_from(left).unwrap_or_default())
    }

    /// The keys pressed towards the entry that is under way, dots where it is secret.
    pub fn entry(&self) -> String {
        let session = self.session();
        let secret = matches!(session.expect(), Expect::Digits { secret: true, .. });
        let mut keys = Vec::new();
        for index in (0..session.cursor()).rev() {
            match session.entry(index) {
                Some(e) if e.turn.is_quiet() => {
                    if let Signal::Key { key } = e.signal {
                        keys.push(if secret { '●' } else { key.as_char() });
                    }
                }
                _ => break,
            }
        }
        keys.iter().rev().collect()
    }

    /// How many digits the line wants at most; zero where it wants none.
    pub fn wanted(&self) -> u8 {
        match self.session().expect() {
            Expect::Digits { max, .. } if !self.ended() => max,
            _ => 0,
        }
    }

    /// Brings the rows up to date.
    pub fn sync(&mut self) {
        let session = self.driver.session();
        self.transcript.sync(session);
    }

    /// What the journal's first line says of the call, until it has been asked for once.
    pub fn header(&mut self, scenario: &str) -> Option<Header> {
        if self.written.begun {
            return None;
        }
        self.written.begun = true;
        Some(Header {
            version: VERSION,
            line: self
                .opened
                .file
                .as_ref()
                .map_or_else(|| self.opened.name.clone(), |file| file.display().to_string()),
            preset: self.opened.preset.clone(),
            scenario: scenario.to_owned(),
            start: self.session().start().civil.clone(),
        })
    }

    /// What happened since the journal was last written on.
    pub fn unwritten(&mut self) -> Vec<Record> {
        let mut out = Vec::new();
        let session = self.driver.session();
        let ids = session.ids();
        let written = &mut self.written;
        // Entries form a tree: one equal identifier means that all before it are equal.
        let mut kept = written.path.len().min(ids.len());
        while kept > 0 && written.path.get(kept - 1) != ids.get(kept - 1) {
            kept -= 1;
        }
        if ids.len() > kept {
            if written.cursor != kept {
                out.push(Record::Jump { turn: kept });
            }
            out.extend(session.entries().skip(kept).map(|entry| Record::of(entry)));
            written.cursor = ids.len();
        }
        if written.cursor != session.cursor() {
            out.push(Record::Jump {
                turn: session.cursor(),
            });
            written.cursor = session.cursor();
        }
        written.path.truncate(kept);
        written.path.extend(ids.iter().skip(kept));
        out
    }
}
