//! The worker that touches files: lines, scenarios, journals. It has a thread of its own, so that no key ever waits for a
//! disk.

use super::effect::{Effect, Left, Listing, Loaded, Report, ScenarioRef};
use super::journals::Journals;
use crate::call::Scenario;
use crate::host::files::{read_text, reason, write_whole};
use crate::host::lines::{Lines, Wanted};
use crate::line::catalog;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where scenarios are looked for and saved.
const FOLDER: &str = "scenarios";
/// How many files of it are listed.
const MOST_LISTED: usize = 2000;

/// The worker.
pub(super) struct Disk {
    lines: Lines,
    journals: Journals,
    /// Whether a failure to write the journal was told already.
    told: bool,
}

impl Disk {
    /// Opens the journals; the call that a killed sandbox left comes back with it.
    pub(super) fn open(lines: Lines, state_dir: &Path) -> (Self, Option<Report>) {
        let (journals, left) = Journals::open(state_dir);
        let offer = left.map(|(header, records)| {
            Report::Offer(Box::new(Left {
                header,
                records,
                opened: None,
            }))
        });
        (
            Self {
                lines,
                journals,
                told: false,
            },
            offer,
        )
    }

    /// Does an effect. What came of it, where anything did.
    pub(super) fn perform(&mut self, effect: Effect) -> Option<Report> {
        match effect {
            Effect::BeginJournal(header) => self
                .journals
                .begin(&header)
                .err()
                .and_then(|e| self.unwritten(&e)),
            Effect::Journal(records) => self
                .journals
                .append(&records)
                .err()
                .and_then(|e| self.unwritten(&e)),
            Effect::LetGo => {
                self.journals.let_go();
                None
            }
            Effect::TakeUp => Some(self.take_up()),
            Effect::ListScenarios => Some(Report::Scenarios(Self::list())),
            Effect::LoadScenario(origin) => Some(match self.load(origin) {
                Ok(loaded) => Report::Loaded(Box::new(loaded)),
                Err(text) => Report::Failed(text),
            }),
            Effect::OpenLine(wanted) => Some(match self.lines.open(&wanted) {
                Ok(opened) => Report::Opened(Box::new(opened)),
                Err(e) => Report::Failed(e.to_string()),
            }),
            Effect::Save {
                path,
                mut scenario,
                opened,
            } => {
                let path = place_for(&path);
                let folder = path.parent().unwrap_or_else(|| Path::new(""));
                Some(match prepare(&path, folder) {
                    Ok(()) => {
                        scenario.line = opened.name_in(folder);
                        match write_whole(&path, &scenario.to_json()) {
                            Ok(()) => Report::Saved(path),
                            Err(e) => {
                                Report::Failed(format!("{}: {}. Not saved.", path.display(), reason(&e)))
                            }
                        }
                    }
                    Err(text) => Report::Failed(text),
                })
            }
            _ => None,
        }
    }

    /// The sandbox ends well.
    pub(super) fn close(self) {
        self.journals.close();
    }

    /// A journal that cannot be written is told once; the call goes on.
    fn unwritten(&mut self, e: &std::io::Error) -> Option<Report> {
        let text = format!(
            "The running call cannot be kept on disk: {}. It goes on without.",
            reason(e)
        );
        (!std::mem::replace(&mut self.told, true)).then_some(Report::Failed(text))
    }

    fn take_up(&mut self) -> Report {
        let Some((header, records)) = self.journals.left() else {
            return Report::Failed("The journal of that call cannot be read any more.".to_owned());
        };
        // A call of a scenario goes by what the scenario changed of its preset.
        let opened = if header.scenario.is_empty() {
            let wanted = Wanted {
                preset: header.preset.clone(),
                ..Wanted::named(header.line.clone())
            };
            self.lines.open(&wanted).map_err(|e| e.to_string())
        } else {
            let name = header.scenario.clone();
            let shipped = catalog::scenario(&name).is_some();
            let origin = if shipped {
                ScenarioRef::Shipped(name)
            } else {
                ScenarioRef::File(name.into())
            };
            self.load(origin).map(|loaded| loaded.opened)
        };
        match opened {
            Ok(opened) => Report::TakenUp(Box::new(Left {
                header,
                records,
                opened: Some(opened),
            })),
            Err(e) => Report::Failed(format!("That call cannot be taken up: {e}")),
        }
    }

    fn load(&mut self, origin: ScenarioRef) -> Result<Loaded, String> {
        let read = match &origin {
            ScenarioRef::File(path) => self.lines.scenario(path, None),
            ScenarioRef::Shipped(name) => {
                let Some(text) = catalog::scenario(name) else {
                    return Err(format!("{name}: no such scenario ships with the program."));
                };
                self.lines
                    .scenario_text(&format!("{name}.json"), text, Path::new(""), None)
            }
        };
        let (scenario, opened) = read.map_err(|e| e.to_string())?;
        Ok(Loaded {
            origin,
            scenario: Arc::new(scenario),
            opened,
        })
    }

    /// The files in the folder of scenarios, then what ships and is not there as a file.
    fn list() -> Vec<Listing> {
        let mut files = Vec::new();
        collect(Path::new(FOLDER), 0, &mut files);
        files.sort();
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for path in files {
            let file = path.display().to_string();
            seen.extend(path.file_stem().map(|s| s.to_string_lossy().into_owned()));
            let read = read_text(&path).and_then(|text| Scenario::parse(&file, &text));
            out.push(match read {
                Ok(s) => listing(ScenarioRef::File(path), &s),
                Err(e) => Listing {
                    name: file,
                    description: e.message,
                    scenario: ScenarioRef::File(path),
                    sound: false,
                },
            });
        }
        for (name, text) in catalog::scenarios() {
            let read = Scenario::parse(name, text).ok();
            let stem = name.rsplit('/').next().unwrap_or(name);
            if let Some(scenario) = read.filter(|_| !seen.contains(stem)) {
                out.push(listing(ScenarioRef::Shipped((*name).to_owned()), &scenario));
            }
        }
        out
    }
}

fn listing(scenario: ScenarioRef, read: &Scenario) -> Listing {
    let description = if read.description.is_empty() {
        format!("{} events on {}", read.events.len(), read.line())
    } else {
        read.description.clone()
    };
    Listing {
        scenario,
        name: read.name.clone(),
        description,
        sound: true,
    }
}

/// The JSON files of a folder and its folders.
fn collect(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if out.len() >= MOST_LISTED {
            return;
        }
        if path.is_dir() && depth < 4 {
            collect(&path, depth + 1, out);
        } else if path.extension().is_some_and(|e| e == "json") {
            out.push(path);
        }
    }
}

/// Where a scenario of this name is written: a bare name goes to the folder of scenarios.
fn place_for(name: &str) -> PathBuf {
    let mut path = if name.contains('/') {
        PathBuf::from(name)
    } else {
        Path::new(FOLDER).join(name)
    };
    if path.extension().is_none_or(|e| e != "json") {
        let mut whole = path.into_os_string();
        whole.push(".json");
        path = PathBuf::from(whole);
    }
    path
}

/// Makes the folder, and never writes over what is there.
fn prepare(path: &Path, folder: &Path) -> Result<(), String> {
    if path.exists() {
        return Err(format!(
            "{} exists already. Not saved: choose another name.",
            path.display()
        ));
    }
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|e| format!("{}: {}. Not saved.", folder.display(), reason(&e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_goes_to_the_folder_and_a_path_where_it_says() {
        assert_eq!(place_for("wrong pin"), PathBuf::from("scenarios/wrong pin.json"));
        assert_eq!(place_for("/tmp/x.json"), PathBuf::from("/tmp/x.json"));
        assert_eq!(place_for("./v1.2"), PathBuf::from("./v1.2.json"));
    }
}
