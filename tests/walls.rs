//! The walls between the rooms, and the purity line: read from every path of every source file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "walls/paths.rs"]
mod paths;

use paths::Named;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the top. A room may use those on lower floors; rooms on one floor do not use each other.
const FLOORS: [&[&str]; 12] = [
    &["main"],
    &["cli"],
    &["tui", "api", "sip"],
    &["outbound"],
    &["audio"],
    &["host"],
    &["line"],
    &["collections", "ivr"],
    &["bank"],
    &["language"],
    &["tone"],
    &["call"],
];

/// The highest floor below the purity line.
const PURE_FROM: usize = 6;

/// What no room below the purity line may name: clock, files, network, threads, chance, maps with a random order.
const IMPURE: [&str; 33] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::thread",
    "std::process",
    "std::os",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::collections::hash_map",
    "std::collections::hash_set",
    "std::hash::RandomState",
    "jiff::Zoned::now",
    "jiff::Timestamp::now",
    "jiff::tz::TimeZone::system",
    "jiff::tz::TimeZone::try_system",
    "tokio",
    "rand",
    "rand_core",
    "getrandom",
    "fastrand",
    "uuid",
    "notify",
    "tempfile",
    "rustix",
    "signal_hook",
    "rusqlite",
    "ratatui",
    "crossterm",
];

/// Crates that one part of the program keeps to itself.
const KEPT: [(&str, &[&str]); 5] = [
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("rusqlite", &["outbound", "store"]),
    ("cpal", &["audio"]),
    ("hound", &["audio"]),
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// What is wrong with a file's paths. `module` is where the file stands in the crate; the program itself is `main`.
fn faults(module: &[&str], source: &str) -> Vec<String> {
    // The library's root only says which rooms there are.
    let Some(room) = module.first() else {
        return Vec::new();
    };
    let own = floor(room).unwrap_or_else(|| panic!("{room} is not among the rooms of tests/walls.rs"));
    // To the compiler the program is a crate of its own.
    let place: &[&str] = if *room == "main" { &[] } else { module };
    let mut faults: Vec<String> = paths::of(place, source)
        .iter()
        .filter_map(|named| fault(module, own, named))
        .collect();
    faults.dedup();
    faults
}

fn fault(module: &[&str], own: usize, named: &Named) -> Option<String> {
    let path = named.segments.join("::");
    let at = |what: String| Some(format!("{}:{}: {what}", module.join("::"), named.line));
    let mut segments = named.segments.iter().map(String::as_str);
    let first = segments.next()?;
    if first == "crate" {
        let Some(room) = segments.next() else {
            // Only a rename of the whole crate gets here; it would hide what is used.
            return None;
        };
        if room == "*" {
            return at(format!("`{path}` hides which room is used"));
        }
        let theirs = floor(room).filter(|theirs| Some(&room) != module.first() && *theirs <= own);
        let way = theirs.map(|theirs| if theirs < own { "up" } else { "sideways" });
        return way.and_then(|way| at(format!("`{path}` runs {way}")));
    }
    if own >= PURE_FROM {
        for impure in IMPURE {
            let below = path == impure
                || path
                    .strip_prefix(impure)
                    .is_some_and(|rest| rest.starts_with("::"));
            // A glob over what holds something impure brings it in unnamed.
            let over = path
                .strip_suffix("::*")
                .is_some_and(|p| impure.starts_with(&format!("{p}::")));
            if below || over {
                return at(format!("`{path}` is below the purity line"));
            }
        }
        if path == "std" {
            return at("std as a whole hides what of it is used".to_owned());
        }
    }
    let kept = KEPT.iter().find(|(name, _)| *name == first);
    kept.filter(|(_, home)| !module.starts_with(home))
        .and_then(|(name, home)| at(format!("`{path}`: only {} may name {name}", home.join("/"))))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_file_reaches_up_sideways_or_below_the_purity_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the source files are found: {}", files.len());
    let mut all = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap().with_extension("");
        let module: Vec<&str> = inside
            .iter()
            .map(|part| part.to_str().unwrap())
            .filter(|part| !matches!(*part, "mod" | "lib"))
            .collect();
        all.extend(faults(&module, &fs::read_to_string(&file).unwrap()));
    }
    assert!(all.is_empty(), "\n{}\n", all.join("\n"));
}

#[track_caller]
fn refused(module: &[&str], source: &str, because: &str) {
    let faults = faults(module, source);
    assert!(faults.iter().any(|f| f.contains(because)), "{source}\n{faults:?}");
}

#[track_caller]
fn accepted(module: &[&str], source: &str) {
    let none: [&str; 0] = [];
    assert_eq!(faults(module, source), none, "{source}");
}

#[test]
fn a_path_to_a_room_above_is_refused_however_it_is_written() {
    for source in [
        "use crate::line::Driver;",
        "use super::super::line::Driver;",
        "use crate::{call::Key, line::{self, Driver}};",
        "fn f() { crate::line::player::play(); }",
        "fn f() { vec![crate::line::Driver]; }",
        "fn f() { outer!(inner!({ use crate::{line::Driver}; })); }",
        "mod inner { use super::super::super::line::Driver; }",
        "#[derive(crate::line::Trick)] struct S;",
        "struct S { #[serde(with = \"crate::line::decimal\")] x: u8 }",
        "use crate as all; fn f() { all::line::play(); }",
        "type T = Vec<crate::line::Driver>;",
        "impl crate::line::Trait for u8 {}",
        "macro_rules! m { () => { $crate::line::play() }; }",
        "pub(in crate::line) struct S;",
    ] {
        refused(&["bank", "file"], source, "runs up");
    }
}

#[test]
fn rooms_on_one_floor_do_not_use_each_other() {
    refused(&["collections"], "use crate::ivr::Ivr;", "runs sideways");
    refused(
        &["ivr", "engine"],
        "use crate::collections::Agent;",
        "runs sideways",
    );
    refused(
        &["tui", "run"],
        "fn f() { crate::api::serve(); }",
        "runs sideways",
    );
    refused(&["sip"], "use crate::tui::Options;", "runs sideways");
}

#[test]
fn a_glob_over_all_rooms_is_refused() {
    refused(&["bank"], "use crate::*;", "hides which room");
    refused(&["bank"], "use super::*;", "hides which room");
}

#[test]
fn below_the_purity_line_there_is_no_clock_file_network_thread_or_chance() {
    for source in [
        "use std::fs;",
        "use std::fs::File;",
        "use std::{io::Read, net::TcpStream};",
        "fn f() { std::thread::spawn(|| ()); }",
        "use std::time; fn f() { time::Instant::now(); }",
        "use std::time::{Duration, SystemTime as Clock};",
        "use std::time::*;",
        "use jiff::Zoned; fn f() { Zoned::now(); }",
        "use jiff::Zoned; fn f() { <Zoned>::now(); }",
        "fn f() { format!(\"{}\", jiff::Timestamp::now()); }",
        "use jiff::tz::TimeZone as Zone; fn f() { Zone::system(); }",
        "use std as s; fn f() { s::process::exit(1); }",
        "extern crate std as s;",
        "use rand::Rng;",
        "fn f() { uuid::Uuid::new_v4(); }",
        "use std::collections::{BTreeMap, HashMap};",
        "use std::collections; fn f() { collections::HashSet::<u8>::new(); }",
        "use std::collections::*;",
        "fn f() { use std::env; }",
        "mod tests { use std::fs; }",
    ] {
        refused(&["call", "session"], source, "");
    }
}

#[test]
fn the_terminal_and_the_store_are_named_in_one_place_each() {
    refused(&["cli"], "use ratatui::Frame;", "only tui may name ratatui");
    refused(
        &["outbound", "gate"],
        "use rusqlite::Row;",
        "only outbound/store may name rusqlite",
    );
    refused(&["host"], "fn f() { crossterm::terminal::size(); }", "only tui");
    accepted(&["tui", "pane"], "use ratatui::Frame; use crossterm::event;");
    accepted(&["outbound", "store", "sqlite"], "use rusqlite::Row;");
}

#[test]
fn what_the_design_allows_passes() {
    accepted(
        &["cli", "replay"],
        "use crate::tui; use super::exit; use std::fs; use std::collections::BTreeMap;",
    );
    accepted(
        &["line", "party"],
        "use crate::{call::Party, collections, ivr}; use std::sync::Arc;",
    );
    accepted(
        &["call", "time"],
        "use jiff::{SignedDuration, Zoned}; fn f(z: Zoned) { z.checked_add(1); }",
    );
    accepted(
        &["call"],
        "//! See crate::line::Driver.\nmod tests { use super::*; }",
    );
    accepted(&["main"], "fn main() { ivr_tui::cli::main(std::env::args_os()) }");
    accepted(
        &["host", "clock"],
        "fn f() { jiff::Zoned::now(); std::time::Instant::now(); }",
    );
}
