//! `flow`: checks flow files and prints their state graphs.

use super::exit::{self, Exit};
use crate::call::Party as _;
use crate::call::json;
use crate::host::lines::{flow_from, shipped_flow};
use crate::ivr::LoadError;
use crate::line::{Line, LineParty, catalog};
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Options of `flow`.
#[derive(Debug, Args)]
pub struct FlowArgs {
    /// What to do with the flow.
    #[command(subcommand)]
    pub command: FlowCommand,
}

/// What can be done with a flow.
#[derive(Debug, Subcommand)]
pub enum FlowCommand {
    /// Check flow files whole: targets, keys, templates, dead ends
    ///
    /// Every mistake is shown with its place in the file and what to do about it.
    Check(CheckArgs),
    /// Print a flow's state graph
    Graph(GraphArgs),
}

/// Options of `flow check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Flow files, or names of shipped flows (bank, pharmacy)
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// The customers that a flow over the bank's data is checked with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub bank_data: Option<PathBuf>,
}

/// Options of `flow graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// A flow file, or the name of a shipped flow (bank, pharmacy)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub format: GraphFormat,
}

/// How a state graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A Mermaid flowchart, as wikis and code hosts draw it
    Mermaid,
    /// A digraph for Graphviz
    Dot,
    /// An indented list
    Text,
}

/// Runs the command.
pub fn flow(args: &FlowArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    match &args.command {
        FlowCommand::Check(args) => check(args, out),
        FlowCommand::Graph(args) => graph(args, out),
    }
}

fn check(args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let mut exit = Exit::Held;
    for file in &args.files {
        match open(file, args.bank_data.as_deref()) {
            Ok(line) => {
                let graph = LineParty::graph(&line);
                writeln!(
                    out,
                    "{}: {} is sound: {} nodes, {} edges",
                    file.display(),
                    line.title(),
                    graph.nodes.len(),
                    graph.edges.len()
                )?;
            }
            Err(e) => {
                complain(&e);
                exit = exit.max(Exit::Invalid);
            }
        }
    }
    Ok(exit)
}

fn graph(args: &GraphArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let line = match open(&args.file, None) {
        Ok(line) => line,
        Err(e) => {
            complain(&e);
            return Ok(Exit::Invalid);
        }
    };
    let graph = LineParty::graph(&line);
    let text = match args.format {
        GraphFormat::Mermaid => graph.to_mermaid(),
        GraphFormat::Dot => graph.to_dot(),
        GraphFormat::Text => graph.to_text(),
    };
    out.write_all(text.as_bytes())?;
    Ok(Exit::Held)
}

/// A shipped flow by its name, or a file.
fn open(file: &Path, bank_data: Option<&Path>) -> Result<Line, LoadError> {
    let name = file.to_str().unwrap_or_default();
    match catalog::shipped(name) {
        Some(line) if bank_data.is_none() => line,
        Some(_) => shipped_flow(name, bank_data),
        None => flow_from(file, bank_data).map_err(|e| with_hint(e, name)),
    }
}

/// A file that is not there may have been meant as a shipped flow.
fn with_hint(error: LoadError, name: &str) -> LoadError {
    match error {
        LoadError::Data(mut e) if e.file == name && e.message == "no such file" => {
            let near = json::nearest(name, catalog::FLOWS.iter().map(|f| f.id));
            if let Some(near) = near {
                e.help = Some(format!(
                    "did you mean the shipped flow {near}? otherwise check the path"
                ));
            }
            LoadError::Data(e)
        }
        other => other,
    }
}

fn complain(error: &LoadError) {
    match error {
        LoadError::Flow(e) => {
            // Nothing can be done where standard error is gone too.
            let _ = io::stderr().write_all(e.to_report().as_bytes());
        }
        LoadError::Data(e) => exit::complain(&e.to_string()),
    }
}
