//! `replay --watch`: plays again when a file changes, until interrupted.

use super::once;
use crate::cli::args::ReplayArgs;
use crate::cli::exit::Exit;
use anyhow::Context as _;
use notify::{EventKind, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// An editor that saves makes several changes; they count as one when they are no further apart than this.
const SETTLED: Duration = Duration::from_millis(80);

/// Plays, waits for a change, plays again. Returns only when waiting is impossible.
pub fn watch(args: &ReplayArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading a file is an event too; taking it for a change would play for ever.
        let counts = event
            .is_ok_and(|e| !matches!(e.kind, EventKind::Access(_)) && e.paths.iter().any(|p| matters(p)));
        if counts {
            // The receiver is gone only when the program ends.
            let _ = sender.send(());
        }
    })
    .context("files cannot be watched on this system")?;
    for (folder, mode) in folders(args) {
        watcher
            .watch(&folder, mode)
            .with_context(|| format!("{}: this folder cannot be watched", folder.display()))?;
    }
    loop {
        let total = once(args, out)?;
        let paths = args
            .paths
            .iter()
            .map(|p| p.display().to_string())
            .collect::<Vec<_>>();
        if !args.json {
            writeln!(out, "waiting for changes in {} (Ctrl-C ends)", paths.join(", "))?;
        }
        out.flush()?;
        if !wait(&changes) {
            return Ok(total.exit());
        }
        if io::stdout().is_terminal() {
            // Clears the screen and its scrollback, so that the newest result stands alone.
            out.write_all(b"\x1b[H\x1b[2J\x1b[3J")?;
        }
    }
}

/// Waits for a change and then until no more come. `false` when none can come any more.
fn wait(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    loop {
        match changes.recv_timeout(SETTLED) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// Scenarios, flows and data. An editor's swap and backup files are none of them.
fn matters(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "json" || e == "toml")
}

/// What to watch. A file is watched through its folder: an editor that saves by renaming puts a new file in its place,
/// and a watch on the old one would see nothing more.
fn folders(args: &ReplayArgs) -> BTreeSet<(PathBuf, RecursiveMode)> {
    let flow = args.line.as_ref().map(PathBuf::from).filter(|p| p.is_file());
    let files = args.paths.iter().chain(&args.bank_data).chain(&flow);
    files
        .map(|path| {
            if path.is_dir() {
                return (path.clone(), RecursiveMode::Recursive);
            }
            let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
            (
                parent.unwrap_or_else(|| Path::new(".")).to_owned(),
                RecursiveMode::NonRecursive,
            )
        })
        .collect()
}
