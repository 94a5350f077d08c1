//! Flow files: every kind of mistake is found when the file is loaded, with its place and what to do about it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

use ivr_tui::call::{Party, Scenario};
use ivr_tui::host::lines::{Lines, start};
use ivr_tui::ivr::{Ivr, LoadError, Rules, Source};
use ivr_tui::line::{Driver, Line, LineParty, Player, catalog};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// A small flow that is sound, to be broken in one place at a time.
const SOUND: &str = r#"[flow]
version = 1
id = "clinic"
title = "Clinic"
start = "welcome"

[data]
source = "json"
file = "clinic.json"
secret = ["patients.code"]

[variables]
patient = { row_of = "patients" }
visit = { row_of = "patients.visits" }
tries = { type = "count" }

[entry]
wrong_length = "I need {{ expected }} digits."
cleared = "Cleared."

[no_input]
say = "Hello?"
to = "bye"

[no_match]
say = "Pardon?"
to = "bye"

[[commands]]
name = "repeat"
key = "*"
say = ["again"]
repeat = true

[nodes.welcome]
kind = "say"
text = "Welcome to {{ clinic }}."
next = "number"

[nodes.number]
kind = "collect"
prompt = "Your number?"
digits = [3, 5]
next = "known"

[nodes.known]
kind = "check"
find = "patients"
where = { number = "entry" }
store = "patient"
yes = "main"
no = "number"
counter = "tries"
limit = 3
at_limit = "bye"

[nodes.main]
kind = "menu"
prompt = "Hello {{ patient.name }}."
options = [
  { key = "1", label = "visits", to = "choose" },
  { key = "2", label = "balance", say = ["bill"], to = "owed" },
]

[nodes.choose]
kind = "menu"
prompt = "Which visit?"
options_from = { list = "patient.visits", label = "{{ item.day }}", store = "visit", to = "tell" }
options = [{ key = "9", label = "back", to = "main" }]

[nodes.tell]
kind = "say"
text = "{% if visit.paid %}Paid.{% else %}Open.{% endif %}"
next = "main"

[nodes.owed]
kind = "say"
text = "{% for v in patient.visits %}{{ v.day }} {% endfor %}"
next = "main"

[nodes.bye]
kind = "hangup"
text = "Goodbye."
outcome = "user_ended"
"#;

const DATA: &str = r#"{
  "clinic": "Hill Clinic",
  "patients": [
    { "number": "1234", "code": "77", "name": "A", "visits": [{ "day": "2025-10-08", "paid": true }] }
  ]
}"#;

fn load(toml: &str) -> Result<Line, LoadError> {
    catalog::flow("clinic.toml", toml, Some(("clinic.json", DATA)))
}

#[test]
fn the_sound_flow_is_sound() {
    load(SOUND).unwrap();
}

#[test]
fn every_mistake_has_its_place_and_a_remedy() {
    let mut errors = String::new();
    for (claim, from, to) in [
        ("an unknown target", "next = \"number\"", "next = \"numbr\""),
        ("an unknown start", "start = \"welcome\"", "start = \"hello\""),
        (
            "a fallback that leads nowhere",
            "say = \"Pardon?\"\nto = \"bye\"",
            "say = \"Pardon?\"\nto = \"buy\"",
        ),
        (
            "a node nobody reaches",
            "[nodes.bye]",
            "[nodes.attic]\nkind = \"goto\"\nnext = \"bye\"\n\n[nodes.bye]",
        ),
        ("a key used twice", "{ key = \"2\"", "{ key = \"1\""),
        (
            "a label said twice",
            "label = \"balance\"",
            "label = \"the visits\"",
        ),
        ("no key", "{ key = \"2\"", "{ key = \"12\""),
        ("a list without keys", "{ key = \"9\"", "{ key = \"2\""),
        (
            "a menu that is a dead end",
            "options = [\n  { key = \"1\", label = \"visits\", to = \"choose\" },\n  { key = \"2\", label = \"balance\", say = [\"bill\"], to = \"owed\" },\n]\n",
            "",
        ),
        (
            "a node that leads nowhere",
            "text = \"Welcome to {{ clinic }}.\"\nnext = \"number\"",
            "text = \"Welcome to {{ clinic }}.\"",
        ),
        (
            "a silent loop",
            "text = \"Welcome to {{ clinic }}.\"\nnext = \"number\"",
            "text = \"Welcome.\"\nnext = \"welcome\"",
        ),
        (
            "a missing field in a text",
            "{{ patient.name }}",
            "{{ patient.nam }}",
        ),
        ("a missing field in a loop", "{{ v.day }}", "{{ v.date }}"),
        (
            "a missing field in a branch",
            "Open.{% endif %}",
            "{{ visit.due }}{% endif %}",
        ),
        ("a missing field in a label", "{{ item.day }}", "{{ item.dai }}"),
        (
            "a missing field in a check",
            "where = { number",
            "where = { nummer",
        ),
        (
            "an unknown name",
            "Welcome to {{ clinic }}",
            "Welcome to {{ klinic }}",
        ),
        (
            "a secret that would be said",
            "{{ patient.name }}",
            "{{ patient.code }}",
        ),
        (
            "a secret behind a filter",
            "{{ patient.name }}",
            "{{ patient.code | upper }}",
        ),
        ("a list said whole", "{{ patient.name }}", "{{ patient.visits }}"),
        (
            "an unknown filter",
            "{{ patient.name }}",
            "{{ patient.name | uper }}",
        ),
        ("a broken template", "{{ patient.name }}", "{{ patient.name"),
        (
            "a list that is none",
            "options_from = { list = \"patient.visits\"",
            "options_from = { list = \"patient.name\"",
        ),
        (
            "a variable for another list",
            "store = \"visit\"",
            "store = \"patient\"",
        ),
        (
            "an unknown list",
            "row_of = \"patients\" }",
            "row_of = \"patient\" }",
        ),
        (
            "a variable without a type",
            "{ type = \"count\" }",
            "{ type = \"number\" }",
        ),
        ("a variable with a name of the data", "tries = {", "clinic = {"),
        (
            "a counter that does not count",
            "counter = \"tries\"",
            "counter = \"patient\"",
        ),
        ("a limit without an end", "at_limit = \"bye\"\n", ""),
        ("an unknown kind", "kind = \"collect\"", "kind = \"colect\""),
        (
            "an unknown field",
            "prompt = \"Your number?\"",
            "promt = \"Your number?\"",
        ),
        ("an unknown section", "[no_match]", "[nomatch]"),
        ("a wrong type", "digits = [3, 5]", "digits = \"three\""),
        ("an impossible count", "digits = [3, 5]", "digits = [5, 3]"),
        ("an empty prompt", "prompt = \"Your number?\"", "prompt = \" \""),
        ("a newer version", "version = 1", "version = 2"),
        ("a command that does nothing", "repeat = true", "repeat = false"),
        ("TOML that is none", "[nodes.known]", "[nodes.known"),
        ("a table twice", "[nodes.bye]", "[nodes.tell]"),
        ("an unknown data source", "source = \"json\"", "source = \"sql\""),
        ("a secret that is not there", "patients.code", "patients.pin"),
    ] {
        assert!(SOUND.contains(from), "{claim}: {from} is not in the flow");
        let error = load(&SOUND.replacen(from, to, 1)).expect_err(claim).to_string();
        writeln!(errors, "== {claim}\n{error}\n").unwrap();
    }
    insta::assert_snapshot!(errors);
}

#[test]
fn sub_flows_return_what_their_callers_know() {
    let with = |nodes: &str| {
        let sub =
            format!("to = \"owed\" }},\n  {{ key = \"3\", label = \"ask\", to = \"ask\" }},\n]\n{nodes}");
        let text = SOUND.replacen("to = \"owed\" },\n]\n", &format!("{sub}\n"), 1);
        load(&text).map(|_| ()).map_err(|e| e.to_string())
    };
    let call = "[nodes.ask]\nkind = \"call\"\nstart = \"sure\"\n";
    let menu = "[nodes.sure]\nkind = \"menu\"\nprompt = \"Sure?\"\n";
    let options = "options = [{ key = \"1\", label = \"yes\", to = \"r_yes\" }, { key = \"2\", label = \"no\", to = \"r_no\" }]\n";
    let back = "[nodes.r_yes]\nkind = \"return\"\nvalue = \"yes\"\n[nodes.r_no]\nkind = \"return\"\nvalue = \"no\"\n";
    let returns = |r: &str| format!("{call}returns = {{ {r} }}\n{menu}{options}{back}");
    assert_eq!(with(&returns("yes = \"main\", no = \"bye\"")), Ok(()));
    let errors = [
        with(&returns("yes = \"main\"")),
        with(&returns("yes = \"main\", no = \"bye\", maybe = \"main\"")),
        with(&returns("yes = \"ask\", no = \"bye\"").replace("to = \"r_no\"", "to = \"main\"")),
        with(&returns("yes = \"main\", no = \"bye\"").replace("start = \"sure\"", "start = \"owed\"")),
        with(&format!(
            "{}[nodes.stray]\nkind = \"goto\"\nnext = \"r_no\"\n",
            returns("yes = \"stray\", no = \"bye\"")
        )),
    ];
    let text: Vec<String> = errors.into_iter().map(Result::unwrap_err).collect();
    insta::assert_snapshot!(text.join("\n\n"));
}

#[test]
fn a_report_shows_the_place_in_the_file() {
    let text =
        SOUND
            .replacen("{{ v.day }}", "{{ v.dai }}", 1)
            .replacen("next = \"known\"", "next = \"knwn\"", 1);
    let Err(LoadError::Flow(e)) = load(&text) else {
        panic!("two mistakes")
    };
    insta::assert_snapshot!(e.to_report());
}

#[test]
fn every_mistake_of_a_file_is_told_at_once() {
    let text = SOUND
        .replacen("{{ v.day }}", "{{ v.dai }}", 1)
        .replacen("digits = [3, 5]", "digits = 0", 1)
        .replacen("prompt = \"Which visit?\"", "promt = \"Which visit?\"", 1);
    let Err(LoadError::Flow(e)) = load(&text) else {
        panic!("four mistakes")
    };
    let places: Vec<usize> = e.problems().iter().map(|p| e.place(p).0).collect();
    assert_eq!(places, [43, 65, 67, 78]);
}

#[test]
fn errors_never_drive_the_terminal() {
    let text = SOUND.replacen("prompt = \"Your number?\"", "\"pro\\u001b[2Jmpt\" = \"x\"", 1);
    let Err(LoadError::Flow(e)) = load(&text) else {
        panic!("an unknown field")
    };
    assert!(!e.to_report().contains('\u{1b}'));
    assert!(!e.to_string().contains('\u{1b}'));
}

#[test]
fn a_flow_needs_no_data() {
    let toml = r#"[flow]
version = 1
id = "x"
title = "X"
start = "bye"
[entry]
wrong_length = "No."
cleared = "Cleared."
[no_input]
say = "Hello?"
to = "bye"
[no_match]
say = "Pardon?"
to = "bye"
[nodes.bye]
kind = "hangup"
text = "Goodbye on {{ today }}."
outcome = "closed"
"#;
    let rules = Rules::load("x.toml", toml, Source::default()).unwrap();
    assert_eq!((rules.id(), rules.title()), ("x", "X"));
    assert_eq!(Ivr::graph(&rules).nodes.len(), 1);
}

#[test]
fn the_data_of_a_flow_is_checked_too() {
    let wrong = |json: &str| {
        catalog::flow("clinic.toml", SOUND, Some(("clinic.json", json)))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        wrong("{\n  \"clinic\": null }"),
        "clinic.json:2:13: clinic: null has no shape\n  help: leave the field out of every item, or give it a value"
    );
    assert_eq!(
        wrong("[]"),
        "clinic.json: the data of a flow is an object\n  help: start it with {"
    );
    assert!(wrong("").starts_with("clinic.json: the file is empty"));
    assert!(wrong("{\"clinic\": 1,}").starts_with("clinic.json:1:14"));
}

#[test]
fn every_shipped_scenario_of_the_menus_holds_and_looks_at_every_answer() {
    let now = "2025-10-09T10:00:00[America/Chicago]".parse().unwrap();
    let mut lines = Lines::default();
    for (folder, at_least) in [("scenarios/bank", 8), ("scenarios/pharmacy", 2)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|f| f.unwrap().path())
            .collect();
        assert!(files.len() >= at_least);
        for file in files {
            let (scenario, opened) = lines.scenario(&file, None).unwrap();
            let Scenario {
                description,
                last,
                events,
                ..
            } = &scenario;
            assert!(!description.is_empty() && !last.is_empty(), "{}", file.display());
            assert!(events.iter().all(|e| !e.expect.is_empty()), "{}", file.display());
            let mut driver =
                Driver::<LineParty>::new(Arc::clone(&opened.line), start(&scenario, &opened, &now));
            let mut player = Player::new(Arc::new(scenario));
            player.run(&mut driver);
            assert!(
                player.passed(&driver),
                "{}: {:#?}",
                file.display(),
                player.marks()
            );
            assert!(player.next_event().is_none() && driver.session().party().ended());
        }
    }
}

#[test]
fn the_documented_flow_is_sound() {
    let docs = include_str!("../docs/FLOWS.md");
    let text = docs.split("## A whole flow").nth(1).unwrap();
    let toml = text
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let rules = Rules::load("docs.toml", toml, Source::default()).unwrap();
    insta::assert_snapshot!(Ivr::graph(&rules).to_text());
}
