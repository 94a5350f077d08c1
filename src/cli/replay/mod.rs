//! `replay`: plays scenario files and says whether what they expect held.
//!
//! | module | holds |
//! |---|---|
//! | [`run`] | plays one file and keeps all that there is to say about it |
//! | [`text`], [`json`] | what is printed for people and for programs |
//! | [`watch`] | plays again when a file changes |

pub mod json;
pub mod run;
pub mod text;
pub mod watch;

use super::args::ReplayArgs;
use super::exit::{self, Exit};
use crate::call::json::FileError;
use crate::host::clock;
use crate::host::files;
use crate::host::lines::{LineError, Lines};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The sum of all files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    /// How many files there were.
    pub files: usize,
    /// How many came out as they say.
    pub held: usize,
    /// How many did not.
    pub failed: usize,
    /// How many could not be played.
    pub invalid: usize,
}

impl Total {
    /// Counts one more file.
    pub fn count(&mut self, exit: Exit) {
        self.files += 1;
        match exit {
            Exit::Held => self.held += 1,
            Exit::Failed => self.failed += 1,
            Exit::Invalid => self.invalid += 1,
        }
    }

    /// How the program ends: the worst of all files.
    pub const fn exit(&self) -> Exit {
        if self.invalid > 0 {
            Exit::Invalid
        } else if self.failed > 0 {
            Exit::Failed
        } else {
            Exit::Held
        }
    }
}

/// Runs the command.
pub fn replay(args: &ReplayArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    if args.watch {
        return watch::watch(args, out);
    }
    Ok(once(args, out)?.exit())
}

/// Plays everything once.
pub fn once(args: &ReplayArgs, out: &mut dyn Write) -> io::Result<Total> {
    let mut out = BufWriter::new(out);
    let mut lines = Lines::new(args.bank_data.clone());
    let now = clock::now();
    let mut total = Total::default();
    for found in discover(&args.paths) {
        let played = found.and_then(|path| {
            let played = run::file(&mut lines, &path, args.line.as_deref(), &now);
            played.map_err(|e| (path, e))
        });
        let exit = match &played {
            Ok(played) => {
                match (args.json, args.quiet) {
                    (true, quiet) => json::scenario(&mut out, played, quiet)?,
                    (false, true) => text::failures(&mut out, played)?,
                    (false, false) => text::scenario(&mut out, played)?,
                }
                if played.held { Exit::Held } else { Exit::Failed }
            }
            Err((path, error)) => {
                if args.json {
                    json::invalid(&mut out, &path.display().to_string(), error)?;
                }
                // What was printed so far comes before the error also where both go to one terminal.
                out.flush()?;
                exit::complain(&named(path, error));
                Exit::Invalid
            }
        };
        total.count(exit);
    }
    if args.json {
        json::total(&mut out, &total)?;
    } else {
        text::total(&mut out, &total)?;
    }
    out.flush()?;
    Ok(total)
}

/// The error with the file's name in front, which those about a file have already.
fn named(path: &Path, error: &LineError) -> String {
    match error {
        LineError::File(e) => e.to_string(),
        other => format!("{}: {other}", path.display()),
    }
}

type Found = Result<PathBuf, (PathBuf, LineError)>;

/// The files to play: those named, and in folders every `.json` at any depth, in the order of their names.
fn discover(paths: &[PathBuf]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(Ok(path.clone()));
            continue;
        }
        let mut inside = Vec::new();
        let mut seen = BTreeSet::new();
        search(path, &mut seen, &mut inside);
        if inside.is_empty() {
            let error = FileError::whole(&path.display().to_string(), "no scenario in this folder")
                .with_help("scenario files end in .json");
            inside.push(Err((path.clone(), error.into())));
        }
        inside.sort_by(|a, b| place(a).cmp(place(b)));
        found.append(&mut inside);
    }
    found
}

fn place(found: &Found) -> &Path {
    match found {
        Ok(path) | Err((path, _)) => path,
    }
}

/// Adds what is in a folder. A folder that was seen already, under whichever name, is not entered again: symbolic links
/// may form a circle.
fn search(folder: &Path, seen: &mut BTreeSet<PathBuf>, found: &mut Vec<Found>) {
    if !seen.insert(fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())) {
        return;
    }
    let unreadable = |e: &io::Error| {
        let error = FileError::whole(&folder.display().to_string(), files::reason(e))
            .with_help("check the folder and its permissions");
        Err((folder.to_owned(), LineError::from(error)))
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) => return found.push(unreadable(&e)),
    };
    for entry in entries {
        match entry.map(|e| e.path()) {
            Ok(path) if path.is_dir() => search(&path, seen, found),
            Ok(path) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) => {
                found.push(Ok(path));
            }
            Ok(_) => {}
            Err(e) => found.push(unreadable(&e)),
        }
    }
}
