//! From what a person names (`bank`, `collections`, a flow file, a preset, a scenario) to a line that can be called.

use super::files;
use crate::call::json::{self, FileError};
use crate::call::{Party, Scenario};
use crate::collections::SetupError;
use crate::ivr::{LoadError, Wants};
use crate::line::catalog::CollectionsError;
use crate::line::{Line, LineParty, catalog};
use jiff::Zoned;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The line of scenarios and of the sandbox where none is named.
pub const DEFAULT_LINE: &str = "collections";

/// Which line, with which account and which differences from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// `bank`, `collections`, a shipped flow's name, or a path of a flow file; [`DEFAULT_LINE`] where empty.
    pub line: String,
    /// A preset of the line; its first where empty.
    pub preset: String,
    /// Fields of profile and account that differ from the preset.
    pub context: Map<String, Value>,
    /// Fields of the policy that differ from the default.
    pub policy: Map<String, Value>,
    /// The folder that relative paths of flow files start from; the current one where empty.
    pub folder: PathBuf,
}

impl Wanted {
    /// A line by its name alone.
    pub fn named(line: impl Into<String>) -> Self {
        Self {
            line: line.into(),
            ..Self::default()
        }
    }

    /// What a scenario asks for. `folder` is where its file lies.
    pub fn by(scenario: &Scenario, folder: &Path) -> Self {
        Self {
            line: scenario.line.clone(),
            preset: scenario.preset.clone(),
            context: scenario.context.clone(),
            policy: scenario.policy.clone(),
            folder: folder.to_owned(),
        }
    }

    fn key(&self) -> String {
        let parts = (
            &self.line,
            &self.preset,
            &self.context,
            &self.policy,
            &self.folder,
        );
        serde_json::to_string(&parts).unwrap_or_default()
    }
}

/// A line that can be called, under the names it goes by.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The line.
    pub line: Arc<Line>,
    /// Its name as scenario files give it: a shipped line's, or the path of the flow file.
    pub name: String,
    /// The preset, where the line has presets.
    pub preset: String,
    /// The called party's time zone, where the line knows it.
    pub zone: Option<TimeZone>,
    /// The flow file, where the line was read from one.
    pub file: Option<PathBuf>,
}

impl Opened {
    /// The line's name in a scenario file that lies in `folder`: a flow file's path from there where it lies below, its
    /// whole path otherwise.
    pub fn name_in(&self, folder: &Path) -> String {
        let Some(file) = &self.file else {
            return self.name.clone();
        };
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let here = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let file = whole(file);
        let inside = file.strip_prefix(whole(here)).unwrap_or(&file);
        // A bare name could be a shipped line's.
        if inside.components().count() == 1 {
            return Path::new(".").join(inside).display().to_string();
        }
        inside.display().to_string()
    }
}

/// Why a line cannot be called.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LineError {
    /// No line goes by that name.
    #[error("there is no line {name:?}\n  help: {}", choice(near.as_deref(), known, "or the path of a flow file (.toml)"))]
    UnknownLine {
        /// The name.
        name: String,
        /// The known one nearest to it.
        near: Option<String>,
        /// All that are known.
        known: Vec<String>,
    },
    /// The line has no such preset.
    #[error("the {line} line has no preset {name:?}\n  help: {}", choice(near.as_deref(), known, ""))]
    UnknownPreset {
        /// The line.
        line: String,
        /// The preset.
        name: String,
        /// The known one nearest to it.
        near: Option<String>,
        /// All that are known.
        known: Vec<String>,
    },
    /// A scenario's `context` or `policy` has a mistake.
    #[error("{root}.{error}{}", if error.help.is_empty() { String::new() } else { format!("\n  help: {}", error.help) })]
    Setup {
        /// `context` or `policy`.
        root: &'static str,
        /// What is wrong.
        error: SetupError,
    },
    /// A scenario changes what phone menus do not have.
    #[error("the {line} line has no {root}\n  help: only the collections line has one: leave it away")]
    NotForMenus {
        /// The line.
        line: String,
        /// `context` or `policy`.
        root: &'static str,
    },
    /// A scenario names an invariant that no line has.
    #[error("{0}")]
    File(Box<FileError>),
    /// A flow file has mistakes.
    #[error("{0}")]
    Flow(String),
}

impl From<LoadError> for LineError {
    fn from(e: LoadError) -> Self {
        match e {
            LoadError::Flow(flow) => Self::Flow(flow.to_string()),
            LoadError::Data(data) => Self::File(Box::new(data)),
        }
    }
}

impl From<FileError> for LineError {
    fn from(e: FileError) -> Self {
        Self::File(Box::new(e))
    }
}

fn choice(near: Option<&str>, known: &[String], more: &str) -> String {
    let mut text = near.map_or_else(String::new, |n| format!("did you mean {n}? "));
    if known.is_empty() {
        text.push_str("it has none: leave the option away");
    } else {
        text.push_str("known are ");
        text.push_str(&known.join(", "));
    }
    if !more.is_empty() {
        text.push_str(", ");
        text.push_str(more);
    }
    text
}

/// Opens lines, each once: the same line, preset, context and policy come back shared.
#[derive(Debug, Default)]
pub struct Lines {
    bank_data: Option<PathBuf>,
    opened: BTreeMap<String, Result<Opened, LineError>>,
}

impl Lines {
    /// Opens lines over the shipped data, or over other customers of the bank.
    pub const fn new(bank_data: Option<PathBuf>) -> Self {
        Self {
            bank_data,
            opened: BTreeMap::new(),
        }
    }

    /// The names of the lines that ship with the program.
    pub fn names() -> Vec<String> {
        let flows = catalog::FLOWS.iter().map(|f| f.id.to_owned());
        flows.chain([DEFAULT_LINE.to_owned()]).collect()
    }

    /// The presets of a line, the one that is taken where none is named first.
    pub fn presets(line: &str) -> Vec<String> {
        if line == DEFAULT_LINE {
            catalog::presets().into_iter().map(|p| p.name).collect()
        } else {
            Vec::new()
        }
    }

    /// Opens a line.
    pub fn open(&mut self, wanted: &Wanted) -> Result<Opened, LineError> {
        let key = wanted.key();
        if let Some(known) = self.opened.get(&key) {
            return known.clone();
        }
        let opened = self.load(wanted);
        self.opened.insert(key, opened.clone());
        opened
    }

    fn load(&self, wanted: &Wanted) -> Result<Opened, LineError> {
        let name = if wanted.line.is_empty() {
            DEFAULT_LINE
        } else {
            &wanted.line
        };
        if let Some(file) = flow_file(name, &wanted.folder) {
            return self.menus(wanted, Some(file));
        }
        if name == DEFAULT_LINE {
            return collections(wanted);
        }
        if catalog::FLOWS.iter().any(|f| f.id == name) {
            return self.menus(wanted, None);
        }
        let known = Self::names();
        Err(LineError::UnknownLine {
            name: name.to_owned(),
            near: json::nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        })
    }

    /// Phone menus: a shipped flow's, or a file's.
    fn menus(&self, wanted: &Wanted, file: Option<PathBuf>) -> Result<Opened, LineError> {
        let name = wanted.line.as_str();
        if !wanted.preset.is_empty() {
            return Err(LineError::UnknownPreset {
                line: name.to_owned(),
                name: wanted.preset.clone(),
                near: None,
                known: Vec::new(),
            });
        }
        for (root, given) in [("context", &wanted.context), ("policy", &wanted.policy)] {
            if !given.is_empty() {
                return Err(LineError::NotForMenus {
                    line: name.to_owned(),
                    root,
                });
            }
        }
        let line = match &file {
            Some(file) => flow_from(file, self.bank_data.as_deref()).map_err(LineError::from),
            None => shipped_flow(name, self.bank_data.as_deref()).map_err(LineError::from),
        };
        Ok(Opened {
            line: Arc::new(line?),
            name: name.to_owned(),
            preset: String::new(),
            zone: None,
            file,
        })
    }

    /// Reads a scenario file and opens its line; `line` answers where the file names none.
    pub fn scenario(&mut self, path: &Path, line: Option<&str>) -> Result<(Scenario, Opened), LineError> {
        let text = files::read_text(path)?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        self.scenario_text(&path.display().to_string(), &text, folder, line)
    }

    /// The same from a text that was read already. `file` names it in errors; paths in it start from `folder`.
    pub fn scenario_text(
        &mut self,
        file: &str,
        text: &str,
        folder: &Path,
        line: Option<&str>,
    ) -> Result<(Scenario, Opened), LineError> {
        let scenario = Scenario::parse(file, text)?;
        check_never(file, text, &scenario)?;
        let mut wanted = Wanted::by(&scenario, folder);
        let line = line.filter(|_| wanted.line.is_empty());
        if let Some(line) = line {
            line.clone_into(&mut wanted.line);
            wanted.folder = PathBuf::new();
        }
        let opened = self.open(&wanted);
        // A line that the file does not name is not the file's mistake.
        let opened = opened.map_err(|e| {
            if line.is_some() {
                e
            } else {
                in_file(file, text, flow_file(&wanted.line, folder).as_deref(), e)
            }
        });
        Ok((scenario, opened?))
    }
}

/// The collections agent, calling a preset with what is different about it.
fn collections(wanted: &Wanted) -> Result<Opened, LineError> {
    let line =
        catalog::collections(&wanted.preset, &wanted.context, &wanted.policy).map_err(|e| match e {
            CollectionsError::File(e) => e.into(),
            CollectionsError::UnknownPreset { name, near } => LineError::UnknownPreset {
                line: DEFAULT_LINE.to_owned(),
                name,
                near,
                known: Lines::presets(DEFAULT_LINE),
            },
            CollectionsError::Context(error) => LineError::Setup {
                root: "context",
                error,
            },
            CollectionsError::Policy(error) => LineError::Setup {
                root: "policy",
                error,
            },
        })?;
    let (preset, zone) = match &line {
        Line::Collections(rules) => {
            let zone = TimeZone::get(&rules.account.party_profile.timezone).ok();
            (rules.account.preset.clone(), zone)
        }
        Line::Ivr(_) => (String::new(), None),
    };
    Ok(Opened {
        line: Arc::new(line),
        name: DEFAULT_LINE.to_owned(),
        preset,
        zone,
        file: None,
    })
}

/// A shipped flow, over its shipped data or over other customers of the bank.
pub fn shipped_flow(name: &str, bank_data: Option<&Path>) -> Result<Line, LoadError> {
    match bank_data {
        Some(data) if name == "bank" => {
            let text = files::read_text(data)?;
            Ok(catalog::bank(&data.display().to_string(), &text)?)
        }
        _ => match catalog::shipped(name) {
            Some(line) => line,
            None => Err(FileError::whole(name, "no such flow ships with the program").into()),
        },
    }
}

/// A flow file with the data that it asks for. Its data file is looked for beside it; a flow over the bank's data takes
/// `bank_data` first.
pub fn flow_from(file: &Path, bank_data: Option<&Path>) -> Result<Line, LoadError> {
    let name = file.display().to_string();
    let text = files::read_text(file)?;
    let wants = Wants::of(&name, &text)?;
    let beside = wants
        .file
        .as_ref()
        .map(|data| file.parent().unwrap_or_else(|| Path::new("")).join(data));
    let data = match bank_data {
        Some(data) if wants.source == "bank" => Some(data.to_owned()),
        _ => beside,
    };
    match data {
        Some(data) => {
            let json = files::read_text(&data).map_err(|e| match e.help {
                Some(help) if wants.file.is_some() => FileError {
                    help: Some(format!("it holds the data that {name} asks for; {help}")),
                    ..e
                },
                _ => e,
            })?;
            catalog::flow(&name, &text, Some((&data.display().to_string(), &json)))
        }
        None => catalog::flow(&name, &text, None),
    }
}

/// The flow file that a name stands for; none where it is a shipped line's, or could only be meant as one.
fn flow_file(name: &str, folder: &Path) -> Option<PathBuf> {
    if Lines::names().iter().any(|known| known == name) {
        return None;
    }
    let path = Path::new(name);
    let is_path =
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) || path.components().count() > 1;
    let file = folder.join(path);
    (is_path || file.is_file()).then_some(file)
}

/// When a scenario's call begins: on the clock of its own zone, the line's, or the machine's (`now`'s), whichever is known
/// first; at `now` where the file gives no time.
pub fn start(scenario: &Scenario, opened: &Opened, now: &Zoned) -> Zoned {
    let own = TimeZone::get(&scenario.timezone).ok();
    let zone = own
        .or_else(|| opened.zone.clone())
        .unwrap_or_else(|| now.time_zone().clone());
    let at = scenario.start_local_datetime.map(|d| d.to_zoned(zone.clone()));
    match at {
        Some(Ok(start)) => start,
        _ => now.with_time_zone(zone),
    }
}

/// An invariant that no line has can never be broken: naming one is a mistake, not a check that holds.
fn check_never(file: &str, text: &str, scenario: &Scenario) -> Result<(), FileError> {
    let known = LineParty::invariants();
    let wrong = scenario
        .never
        .iter()
        .enumerate()
        .find(|(_, n)| !known.contains(&n.as_str()));
    let Some((index, name)) = wrong else { return Ok(()) };
    let near = json::nearest(name, known.iter().copied());
    let known: Vec<String> = known.iter().map(|n| (*n).to_owned()).collect();
    Err(
        FileError::at(file, text, &format!("never[{index}]"), "no such invariant")
            .with_help(choice(near, &known, "")),
    )
}

/// A line that cannot be opened for a scenario is a mistake at that place of its file.
fn in_file(file: &str, text: &str, flow: Option<&Path>, error: LineError) -> LineError {
    let path = match &error {
        LineError::UnknownLine { .. } => "line",
        LineError::UnknownPreset { .. } => "preset",
        LineError::NotForMenus { root, .. } => root,
        LineError::Setup { root, error } => return error.in_file(file, text, root).into(),
        // The named file is the one with the mistake, but the scenario is where it was named.
        LineError::File(named) if flow.is_some_and(|flow| flow.display().to_string() == named.file) => {
            let place = FileError::at(file, text, "line", "");
            let help = named
                .help
                .as_deref()
                .map_or_else(String::new, |h| format!("; {h}"));
            let from = format!("it is the line of {file}:{}:{}{help}", place.line, place.column);
            return FileError::clone(named).with_help(from).into();
        }
        LineError::File(_) | LineError::Flow(_) => return error,
    };
    let message = error.to_string();
    let (message, help) = message.split_once("\n  help: ").unwrap_or((&message, ""));
    FileError::at(file, text, path, message).with_help(help).into()
}
