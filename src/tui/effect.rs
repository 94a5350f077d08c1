//! What an update asks the outside to do, and what comes back of it. Updates themselves touch no file and no clock.

use super::pane::jobs::Page;
use crate::call::Scenario;
use crate::call::journal::{Header, Record};
use crate::host::lines::{Opened, Wanted};
use crate::outbound::store::{Counts, JobQuery};
use crate::outbound::{Decision, Job, JobId};
use jiff::SignedDuration;
use std::path::PathBuf;
use std::sync::Arc;

/// Something for the runtime to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Put a text on the clipboard.
    Copy(String),
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Allow colours, where the theme has any.
    Colour(bool),
    /// Draw everything anew.
    Redraw,
    /// Return to the shell for a while.
    Suspend,
    /// End the program.
    Quit,
    /// Begin the journal of a call anew.
    BeginJournal(Box<Header>),
    /// Write on in the journal.
    Journal(Vec<Record>),
    /// Read the journal that a killed sandbox left, and open its line.
    TakeUp,
    /// Forget that journal.
    LetGo,
    /// Find the scenarios that can be opened.
    ListScenarios,
    /// Read a scenario and open its line.
    LoadScenario(ScenarioRef),
    /// Open a line to call.
    OpenLine(Box<Wanted>),
    /// Write a call as a scenario file.
    Save {
        /// Where; a bare name goes to the folder of scenarios.
        path: String,
        /// What.
        scenario: Box<Scenario>,
        /// Its line, for the name it has in that folder.
        opened: Box<Opened>,
    },
    /// Something for the job store.
    Queue(QueueWish),
}

/// Something for the job store to do.
#[derive(Clone, Debug)]
pub enum QueueWish {
    /// Read these rows, now and whenever they change.
    Show(JobQuery),
    /// Enqueue a job for a preset.
    Enqueue(String),
    /// Check, lease and start a job's call.
    Open(JobId),
    /// Cancel a job.
    Cancel(JobId),
    /// Make a job due now.
    Retry(JobId),
    /// The sandbox's clock goes forward by this much.
    Skip(SignedDuration),
    /// The running job's call is over, with this outcome or without one.
    Finish {
        /// As the call's last turn set it.
        outcome: Option<String>,
    },
}

/// A job whose call may begin.
#[derive(Clone, Debug)]
pub struct OpenedJob {
    /// The job.
    pub job: Job,
    /// Its line.
    pub opened: Opened,
}

/// A scenario that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioRef {
    /// A file.
    File(PathBuf),
    /// One that ships with the program, by its name.
    Shipped(String),
}

impl ScenarioRef {
    /// As people see it.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Shipped(name) => name.clone(),
        }
    }
}

/// A scenario in the list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which one.
    pub scenario: ScenarioRef,
    /// Its name.
    pub name: String,
    /// What it shows, or what is wrong with its file.
    pub description: String,
    /// Whether it can be read.
    pub sound: bool,
}

/// A scenario that was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Where from.
    pub origin: ScenarioRef,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Its line.
    pub opened: Opened,
}

/// A call that a killed sandbox left behind.
#[derive(Clone, Debug)]
pub struct Left {
    /// What it was.
    pub header: Header,
    /// What was heard in it.
    pub records: Vec<Record>,
    /// Its line; absent while it is only on offer.
    pub opened: Option<Opened>,
}

/// What came of an effect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Report {
    /// A scenario file was written.
    Saved(PathBuf),
    /// The clipboard was written.
    Copied(usize),
    /// The scenarios that can be opened.
    Scenarios(Vec<Listing>),
    /// A scenario was read.
    Loaded(Box<Loaded>),
    /// A line was opened.
    Opened(Box<Opened>),
    /// A killed sandbox left this call.
    Offer(Box<Left>),
    /// That call was read again, with its line.
    TakenUp(Box<Left>),
    /// Rows of the job store, and how many jobs there are in each state.
    Jobs(Box<Page>, Counts),
    /// A job is leased and its attempt counted: its call begins.
    JobOpened(Box<OpenedJob>),
    /// A job must not be called now.
    JobBlocked(Box<Job>, Decision),
    /// The running call's job is no longer ours.
    JobLost(String),
    /// Something worked.
    Done(String),
    /// Something did not work: what, and what to do.
    Failed(String),
    /// Something did not work without which the sandbox should not run.
    Fatal(String),
}
