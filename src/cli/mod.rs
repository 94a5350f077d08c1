//! The command line: one file a subcommand, and what they share.
//!
//! | module | holds |
//! |---|---|
//! | [`args`] | the command line as types |
//! | [`exit`] | exit codes, and the one place that prints errors |
//! | [`input`] | lines of text, whatever they hold |
//! | [`clock`] | when a call begins |
//! | [`open`] | the sandbox |
//! | [`replay`] | plays scenario files |
//! | [`flow`] | checks flow files, prints their graphs |
//!
//! Text for people goes to standard output, errors to standard error; nothing here moves a cursor, so a screen reader, a
//! pipe and a log file all read the same.

pub mod args;
pub mod chat;
pub mod clock;
pub mod exit;
pub mod flow;
pub mod input;
pub mod new;
pub mod open;
pub mod pipe;
pub mod replay;

use self::args::{Cli, Command, LineArgs};
use self::exit::Exit;
use crate::call::Scenario;
use crate::host::lines::{DEFAULT_LINE, LineError, Lines, Opened, Wanted};
use clap::Parser as _;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Runs the program on these arguments, the first of which is its own name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are "errors" to clap that go to standard output and end well.
            let exit = if e.use_stderr() { Exit::Invalid } else { Exit::Held };
            let _ = e.print();
            return exit.into();
        }
    };
    run(cli).unwrap_or_else(|e| exit::report(&e)).into()
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    let Some(command) = cli.command else {
        // The sandbox writes to the terminal from its own place: no lock is held on the way there.
        return open::open(&cli.open, &mut io::stdout());
    };
    let mut out = io::stdout().lock();
    match command {
        Command::Replay(args) => replay::replay(&args, &mut out),
        Command::Chat(args) => chat::chat(&args, &mut io::stdin().lock(), &mut out),
        Command::Pipe(args) => pipe::pipe(&args, &mut io::stdin().lock(), &mut out),
        Command::New(args) => new::new(&args, &mut out),
        Command::Flow(args) => flow::flow(&args, &mut out),
        Command::Schema => {
            out.write_all(Scenario::schema().as_bytes())?;
            Ok(Exit::Held)
        }
    }
}

/// What a person who names no line means: the line that has accounts where one is chosen, else the bank.
fn wanted(args: &LineArgs) -> Wanted {
    let line = match (&args.line, &args.preset) {
        (Some(line), _) => line,
        (None, Some(_)) => DEFAULT_LINE,
        (None, None) => "bank",
    };
    Wanted {
        preset: args.preset.clone().unwrap_or_default(),
        ..Wanted::named(line)
    }
}

/// Opens the line that the options name.
fn opened(args: &LineArgs) -> Result<Opened, LineError> {
    Lines::new(args.bank_data.clone()).open(&wanted(args))
}
