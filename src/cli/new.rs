//! `new`: writes a starting file with what a person needs to go on from it.

use super::args::{NewArgs, NewKind};
use super::exit::Exit;
use crate::call::json::FileError;
use crate::host::files;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A phone menu that says what each part is for.
const FLOW: &str = include_str!("../../assets/templates/flow.toml");
/// A call with every field that is often wanted.
const SCENARIO: &str = include_str!("../../assets/templates/scenario.json");
/// JSON has no comments, so the fields are explained on the screen.
const SCENARIO_EXPLAINED: &str = include_str!("../../assets/templates/scenario.txt");

/// Runs the command.
pub fn new(args: &NewArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let (template, extension) = match args.kind {
        NewKind::Flow => (FLOW, "toml"),
        NewKind::Scenario => (SCENARIO, "json"),
    };
    let path = with_extension(&args.name, extension)?;
    let stem = path
        .file_stem()
        .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    // The name ends up inside a quoted string of the file.
    let plain: String = stem
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '\\'))
        .collect();
    create(
        &path,
        &template.replace("{name}", &plain).replace("{id}", &slug(&stem)),
    )?;
    let file = path.display();
    match args.kind {
        NewKind::Flow => writeln!(
            out,
            "wrote {file}\n\n\
             Check it:        ivr-tui flow check {file}\n\
             See its graph:   ivr-tui flow graph {file} --format text\n\
             Call it:         ivr-tui --line {file}\n\
             Without screen:  ivr-tui chat --line {file}"
        )?,
        NewKind::Scenario => writeln!(
            out,
            "wrote {file}\n\n{SCENARIO_EXPLAINED}\n\
             Play it:         ivr-tui replay {file}\n\
             Step through it: ivr-tui --scenario {file}\n\
             Every field:     ivr-tui schema"
        )?,
    }
    Ok(Exit::Held)
}

/// A name that is good as an identifier: lower case, words joined by hyphens.
fn slug(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    if joined.is_empty() {
        "my-line".to_owned()
    } else {
        joined
    }
}

/// The file's path: the name as it is where it has the extension, with it added otherwise.
fn with_extension(name: &Path, extension: &str) -> Result<PathBuf, FileError> {
    let shown = name.display().to_string();
    let Some(last) = name.file_name().filter(|_| !shown.ends_with(['/', '\\'])) else {
        return Err(FileError::whole(&shown, "this is not a name for a file").with_help("such as my-first"));
    };
    if name
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(extension))
    {
        return Ok(name.to_owned());
    }
    let mut last = last.to_owned();
    last.push(".");
    last.push(extension);
    Ok(name.with_file_name(last))
}

/// Writes a file that must not be there yet.
fn create(path: &Path, text: &str) -> Result<(), FileError> {
    let shown = path.display().to_string();
    let made = OpenOptions::new().write(true).create_new(true).open(path);
    made.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => {
                FileError::whole(&shown, "this file exists already, nothing was written")
                    .with_help("choose another name, or move the file away")
            }
            io::ErrorKind::NotFound => {
                FileError::whole(&shown, "there is no such folder").with_help("make the folder first")
            }
            _ => {
                FileError::whole(&shown, files::reason(&e)).with_help("check the folder and its permissions")
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_added_once() {
        let named = |name: &str| with_extension(Path::new(name), "json").unwrap();
        assert_eq!(named("a"), Path::new("a.json"));
        assert_eq!(named("x/a.json"), Path::new("x/a.json"));
        assert_eq!(named("v1.2"), Path::new("v1.2.json"));
    }

    #[test]
    fn a_short_name_has_nothing_in_it_that_needs_quoting() {
        assert_eq!(slug("My \"Line\" 2"), "my-line-2");
        assert_eq!(slug("línea"), "l-nea");
        assert_eq!(slug("電話"), "my-line");
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        for name in ["", "..", "x/"] {
            assert!(with_extension(Path::new(name), "json").is_err(), "{name}");
        }
    }
}
