//! The command line as types. The help text of each option is the comment beside its field.

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// A terminal sandbox for phone systems.
///
/// Without a subcommand it opens the sandbox: a keypad, the transcript, the state graph and the queue of jobs, around a
/// call that you can step back, fork and save as a test. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(
    name = "ivr-tui",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 all well, 1 an expectation failed, 2 invalid input or usage."
)]
pub struct Cli {
    /// What to do; the sandbox where absent.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of the sandbox.
    #[command(flatten)]
    pub open: OpenArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play scenario files and say whether what they expect held
    ///
    /// Folders are searched for .json files. A file that cannot be played is reported, and the others are played all the
    /// same. Scenario files are described by `ivr-tui schema`; `ivr-tui new scenario NAME` writes one to start from.
    Replay(ReplayArgs),
    /// Talk to a line in plain text, one line at a time
    ///
    /// What is typed is what the caller says. A blank line is silence; /keys 123# presses keys, /help lists the rest. Time
    /// stands still between lines, so the same lines always make the same call.
    Chat(ChatArgs),
    /// Drive a line from another program: JSON lines in, JSON lines out
    ///
    /// Each line of input is a signal, as `{"signal":"key","key":"1"}`, `{"signal":"speech","text":"yes"}` or
    /// `{"signal":"silence"}`, or an event as in scenario files, as `{"event_type":"dtmf","digits":"1234#"}`. For typing by hand
    /// there are short forms: `{"keys":"1234#"}`, `{"say":"yes"}`, `"silence"`, `"hangup"`.
    ///
    /// Each line of output is a turn; its `input` is the number of the line that it answers, 0 for the start of the call. An
    /// event that stands for several signals gives a turn for each, and `{"event_type":"advance","ms":4000}` one for each
    /// deadline that passed. Where nothing was heard one line says where the call stands, so every input has an answer.
    ///
    /// A line that cannot be read gives `{"error":{"line":N,...}}` and the call goes on; the exit code is then 2.
    Pipe(PipeArgs),
    /// Write a starting file: a phone menu or a scenario
    ///
    /// The file works as it is, and says what its parts are for. A file that is there already is never written over.
    New(NewArgs),
    /// Check flow files and print their state graphs
    ///
    /// A flow file is a phone menu as data (TOML); docs/FLOWS.md describes it, `ivr-tui new flow NAME` writes one to start
    /// from.
    Flow(super::flow::FlowArgs),
    /// Print the JSON Schema of scenario files
    Schema,
}

/// Which line answers.
#[derive(Clone, Debug, Default, Args)]
pub struct LineArgs {
    /// Who answers: bank, collections, another shipped flow, or a flow file
    #[arg(long, value_name = "LINE", value_hint = ValueHint::AnyPath)]
    pub line: Option<String>,
    /// Which of the line's accounts is called; the first where absent
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Customers of the bank, in place of the shipped ones
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub bank_data: Option<PathBuf>,
}

/// How the sandbox opens.
#[derive(Clone, Debug, Default, Args)]
pub struct OpenArgs {
    /// The line.
    #[command(flatten)]
    pub line: LineArgs,
    /// A scenario to open with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scenario: Option<PathBuf>,
    /// Where jobs and the running call are kept
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub state_dir: Option<PathBuf>,
    /// Settings and keys, in place of the file in the user's configuration folder
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Colours
    #[arg(long, value_name = "NAME")]
    pub theme: Option<Theme>,
    /// When calls begin.
    #[command(flatten)]
    pub clock: ClockArgs,
}

/// Colours of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// For dark terminals
    Dark,
    /// For light terminals
    Light,
    /// No colours, only bold, reverse and underline
    Mono,
}

/// `replay`.
#[derive(Clone, Debug, Args)]
pub struct ReplayArgs {
    /// Scenario files, and folders that are searched for them
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// One JSON object a line: each turn, a summary of each file, a total
    #[arg(long)]
    pub json: bool,
    /// Only what failed, and the total
    #[arg(long, short)]
    pub quiet: bool,
    /// Play again whenever a file changes, until interrupted
    #[arg(long)]
    pub watch: bool,
    /// Who answers scenarios that name no line
    #[arg(long, value_name = "LINE", value_hint = ValueHint::AnyPath)]
    pub line: Option<String>,
    /// Customers of the bank, in place of the shipped ones
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub bank_data: Option<PathBuf>,
}

/// When a call begins.
#[derive(Clone, Debug, Default, Args)]
pub struct ClockArgs {
    /// When the call begins, such as 2026-02-10T10:00:00-06:00[America/Chicago]; now where absent
    #[arg(long, value_name = "TIME")]
    pub clock: Option<String>,
}

/// `chat`.
#[derive(Clone, Debug, Args)]
pub struct ChatArgs {
    /// The line.
    #[command(flatten)]
    pub line: LineArgs,
    /// When the call begins.
    #[command(flatten)]
    pub clock: ClockArgs,
}

/// `pipe`.
#[derive(Clone, Debug, Args)]
pub struct PipeArgs {
    /// The line.
    #[command(flatten)]
    pub line: LineArgs,
    /// When the call begins.
    #[command(flatten)]
    pub clock: ClockArgs,
    /// Wait for {"signal":"start"} instead of starting the call at once
    #[arg(long)]
    pub no_start: bool,
}

/// `new`.
#[derive(Clone, Debug, Args)]
pub struct NewArgs {
    /// What to write
    pub kind: NewKind,
    /// Its name: NAME.toml or NAME.json is written here, and never over a file that is there
    #[arg(value_name = "NAME")]
    pub name: PathBuf,
}

/// What `new` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewKind {
    /// A phone menu (TOML), with comments
    Flow,
    /// A call with what is expected of it (JSON)
    Scenario,
}
