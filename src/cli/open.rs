//! The sandbox, opened as the command line says. What is wrong with a file shows here, before anything is drawn.

use super::args::OpenArgs;
use super::exit::Exit;
use super::wanted;
use crate::host::files::read_text;
use crate::host::lines::Lines;
use crate::tui::config::Config;
use crate::tui::effect::{Loaded, ScenarioRef};
use crate::tui::theme::ThemeName;
use crate::tui::{Options, run};
use anyhow::bail;
use std::env;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where jobs and the running call are kept where nobody says.
const STATE_DIR: &str = "runtime";

/// Opens the sandbox and runs it until it is left.
pub fn open(args: &OpenArgs) -> anyhow::Result<Exit> {
    let options = options(args)?;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        bail!(
            "the sandbox needs a terminal, and this is not one\n  help: `ivr-tui replay FILE` plays a scenario and \
             `ivr-tui chat` holds a conversation as plain text"
        );
    }
    run(options)?;
    Ok(Exit::Held)
}

fn options(args: &OpenArgs) -> anyhow::Result<Options> {
    let mut lines = Lines::new(args.line.bank_data.clone());
    let config = config(args.config.as_deref())?;
    let scenario = match &args.scenario {
        Some(path) => {
            let (scenario, opened) = lines.scenario(path, args.line.line.as_deref())?;
            let origin = ScenarioRef::File(path.clone());
            Some(Loaded {
                origin,
                scenario: Arc::new(scenario),
                opened,
            })
        }
        None => None,
    };
    let opened = match &scenario {
        Some(loaded) => loaded.opened.clone(),
        None => lines.open(&wanted(&args.line))?,
    };
    let state_dir = args.state_dir.clone().unwrap_or_else(|| PathBuf::from(STATE_DIR));
    std::fs::create_dir_all(&state_dir)?;
    Ok(Options {
        opened,
        lines,
        scenario,
        state_dir,
        config,
        theme: args
            .theme
            .and_then(|t| ThemeName::ALL.into_iter().find(|n| n.as_str() == t.name())),
        no_color: env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()),
    })
}

/// The configuration that was named, or the user's own where there is one.
fn config(named: Option<&Path>) -> anyhow::Result<Config> {
    let own = || {
        let home = env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute());
        let home = home.or_else(|| env::var_os("HOME").map(|h| Path::new(&h).join(".config")))?;
        Some(home.join("ivr-tui/config.toml")).filter(|p| p.exists())
    };
    let Some(path) = named.map(Path::to_owned).or_else(own) else {
        return Ok(Config::default());
    };
    let text = read_text(&path)?;
    Ok(Config::parse(&path.display().to_string(), &text)?)
}
