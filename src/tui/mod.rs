//! The terminal sandbox: model, update, view.
//!
//! | module | holds |
//! |---|---|
//! | [`command`] | everything that can be done, as one enum with a sentence each |
//! | [`keymap`] | which key means which command where, as data |
//! | [`config`] | the configuration file |
//! | [`model`] | everything the sandbox knows |
//! | [`call`] | the call on the screen, and how much of it is in the journal |
//! | `runtime` | the loop around the model; performs effects |
//! | `terminal` | the terminal's modes, taken and given back |
//! | `queue` | the worker that talks to the job store |
//! | `disk`, `journals` | the worker that touches files; the running call on disk |
//! | [`dialog`] | help, lists and prompts |
//! | [`effect`] | what an update asks the runtime to do, and what comes back |
//! | [`graph`] | the state graph as a drawing in cells |
//! | [`layout`] | which pane stands where |
//! | [`pane`] | the panes, one file each |
//! | [`svg`] | a screen as a picture |
//! | [`theme`] | styles by role |
//! | [`mod@update`] | what each command does to the model |
//! | [`value_diff`] | what is different between two trees of values |
//! | [`mod@view`] | the model drawn |

pub mod call;
pub mod command;
pub mod config;
pub mod dialog;
mod disk;
pub mod effect;
pub mod graph;
mod journals;
pub mod keymap;
pub mod layout;
pub mod model;
pub mod pane;
mod queue;
mod runtime;
pub mod svg;
mod terminal;
pub mod theme;
pub mod update;
pub mod value_diff;
pub mod view;

pub use command::Command;
pub use model::Model;
pub use update::update;
pub use view::view;

use self::config::Config;
use self::effect::{Effect, Loaded, Report};
use self::theme::ThemeName;
use crate::host::clock;
use crate::host::lines::{Lines, Opened};
use crate::host::state_dir::StateDir;
use crossterm::event::KeyEvent;
use jiff::Zoned;
use std::io;

/// How the sandbox opens. Everything in it has been read and found sound.
#[derive(Debug)]
pub struct Options {
    /// The line to call.
    pub opened: Opened,
    /// What opens further lines.
    pub lines: Lines,
    /// A scenario to open with.
    pub scenario: Option<Loaded>,
    /// The wall clock to begin with, from which time goes on; the machine's where absent.
    pub clock: Option<Zoned>,
    /// Where the running call and the jobs are kept.
    pub state_dir: StateDir,
    /// Settings and keys.
    pub config: Config,
    /// The theme named on the command line, before the configuration's.
    pub theme: Option<ThemeName>,
    /// Whether the environment asks for no colour (`NO_COLOR`, set and not empty).
    pub no_color: bool,
}

/// Why the sandbox ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The terminal could not be read or written.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
    /// Something it needs does not work: what, and what to do.
    #[error("{0}")]
    Broken(String),
    /// A signal ended it.
    #[error("ended by signal {0}")]
    Killed(i32),
}

/// Opens the sandbox on the terminal and runs it until it is left. The terminal is given back as it was.
pub fn run(options: Options) -> Result<(), Error> {
    runtime::run(options)
}

impl Options {
    /// The model with its first call under way, what is to be done about it, and what the workers need.
    fn begin(self) -> (Model, Vec<Effect>, Lines, StateDir) {
        let now = self.clock.unwrap_or_else(clock::now);
        // An explicit theme is stronger than NO_COLOR.
        let named = self.theme.or(self.config.theme);
        let theme = named.unwrap_or(if self.no_color {
            ThemeName::Mono
        } else {
            ThemeName::Dark
        });
        if theme != ThemeName::Mono {
            // crossterm withholds colours by itself where NO_COLOR is set, and would drop bold and reverse with them.
            crossterm::style::force_color_output(true);
        }
        let mut model = Model::new(self.opened, self.config, theme, now);
        let effects = match self.scenario {
            Some(loaded) => update(
                &mut model,
                Command::Report(Box::new(Report::Loaded(Box::new(loaded)))),
            ),
            None => update(&mut model, Command::NewCall),
        };
        (model, effects, self.lines, self.state_dir)
    }
}

/// What a key means in the model as it stands; `None` where it means nothing.
pub fn key_command(model: &Model, key: &KeyEvent) -> Option<Command> {
    runtime::key_command(model, key)
}
