//! The sandbox from the command line: everything that was named is read and checked, then the terminal is handed over.

use super::args::{OpenArgs, Theme};
use super::clock as call_clock;
use super::exit::Exit;
use super::replay::{Total, run, text};
use super::wanted;
use crate::call::Scenario;
use crate::host::clock;
use crate::host::files;
use crate::host::lines::{Lines, Opened};
use crate::host::state_dir::{self, StateDir};
use crate::line::catalog;
use crate::outbound::store::Store;
use crate::tui;
use crate::tui::config::Config;
use crate::tui::effect::{Loaded, ScenarioRef};
use crate::tui::theme::ThemeName;
use anyhow::Context as _;
use jiff::Zoned;
use std::env;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens the sandbox. A mistake in what was named is told in plain text before the terminal is taken over.
pub fn open(args: &OpenArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let mut lines = Lines::new(args.line.bank_data.clone());
    let scenario = match &args.scenario {
        Some(path) => Some(loaded(&mut lines, path, args)?),
        None => None,
    };
    // A scenario brings its line; one that is named beside it is checked all the same.
    let named = lines.open(&wanted(&args.line))?;
    let opened = scenario.as_ref().map_or(named, |loaded| loaded.opened.clone());
    let config = config(args.config.as_deref())?;
    let clock = args.clock.clock.as_deref();
    let clock = clock
        .map(|text| call_clock::parse(text, opened.zone.as_ref()))
        .transpose()?;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        if let Some(folder) = &args.state_dir {
            Store::open(&StateDir::open(folder)?)?;
        }
        let now = clock.unwrap_or_else(clock::now);
        return without_terminal(&mut lines, scenario.as_ref(), &now, out);
    }
    let folder = args.state_dir.as_deref().unwrap_or(Path::new(state_dir::DEFAULT));
    let state_dir = StateDir::open(folder)?;
    // The store is opened behind the first screen; one that cannot be used ends the sandbox with the same message.
    tui::run(tui::Options {
        opened,
        clock,
        lines,
        scenario,
        state_dir,
        config,
        theme: args.theme.map(|named| match named {
            Theme::Dark => ThemeName::Dark,
            Theme::Light => ThemeName::Light,
            Theme::Mono => ThemeName::Mono,
        }),
        no_color: env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()),
    })?;
    Ok(Exit::Held)
}

fn loaded(lines: &mut Lines, path: &Path, args: &OpenArgs) -> anyhow::Result<Loaded> {
    let (scenario, opened) = lines.scenario(path, args.line.line.as_deref())?;
    Ok(Loaded {
        origin: ScenarioRef::File(path.to_owned()),
        scenario: Arc::new(scenario),
        opened,
    })
}

/// The settings in the file that was named, or else in the user's own, where there is one.
fn config(named: Option<&Path>) -> anyhow::Result<Config> {
    let own = || own_config().filter(|path| path.exists());
    let Some(path) = named.map(Path::to_owned).or_else(own) else {
        return Ok(Config::default());
    };
    let text = files::read_text(&path)?;
    Ok(Config::parse(&path.display().to_string(), &text)?)
}

/// Where the user's own settings are kept (XDG Base Directory Specification).
fn own_config() -> Option<PathBuf> {
    let folder = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let config = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(config.join("ivr-tui").join("config.toml"))
}

/// Without a terminal there is nothing to draw on: the scenario that was named plays as text, or else every one that
/// ships with the program.
fn without_terminal(
    lines: &mut Lines,
    scenario: Option<&Loaded>,
    now: &Zoned,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let mut out = BufWriter::new(out);
    let mut total = Total::default();
    let mut play = |out: &mut dyn Write, file: String, scenario, opened: &Opened| -> io::Result<()> {
        let played = run::play(file, scenario, opened, now);
        total.count(if played.held { Exit::Held } else { Exit::Failed });
        text::scenario(out, &played)
    };
    if let Some(loaded) = scenario {
        writeln!(
            out,
            "There is no terminal here to open the sandbox in, so the scenario plays as text.\n"
        )?;
        let scenario = Scenario::clone(&loaded.scenario);
        play(&mut out, loaded.origin.shown(), scenario, &loaded.opened)?;
    } else {
        writeln!(
            out,
            "There is no terminal here to open the sandbox in, so the demo scenarios of both lines play as text.\n"
        )?;
        for (name, json) in catalog::scenarios() {
            let (scenario, opened) = lines
                .scenario_text(&format!("{name}.json"), json, Path::new(""), None)
                .with_context(|| format!("the shipped scenario {name}"))?;
            play(&mut out, (*name).to_owned(), scenario, &opened)?;
        }
    }
    text::total(&mut out, &total)?;
    out.flush()?;
    Ok(total.exit())
}
