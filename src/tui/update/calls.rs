//! Keys, words, stepping, new calls, saving.

use super::super::call::Call;
use super::super::command::Command;
use super::super::dialog::{Asked, Dialog, Item, List, Prompt};
use super::super::effect::Effect;
use super::super::model::{Away, Model};
use super::super::pane::Pane;
use super::super::pane::edit::Edit;
use super::super::pane::transcript::clock;
use crate::call::transcript::describe;
use crate::call::{Party as _, Signal, journal};
use crate::host::lines::{DEFAULT_LINE, Lines, Opened, Wanted};
use crate::line::catalog;
use jiff::Zoned;

pub(super) fn apply(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Press(key) => {
            model.panes.keypad.press(key, model.clock);
            hear(model, Signal::key(key));
        }
        Command::Silence => hear(model, Signal::Silence),
        Command::HangUp => hear(model, Signal::Hangup),
        Command::Machine => hear(model, Signal::Machine),
        Command::FailTransfer => hear(model, Signal::TransferFailed),
        Command::StepBack => step_back(model),
        Command::StepForward => step_forward(model),
        Command::BackToAnswer => {
            if super::scenarios::in_hand(model) {
                super::scenarios::back(model);
            } else if !model.call.back_to_answer() {
                model.hint("This is where the line answered: there is nothing before it.");
            }
        }
        Command::GoToEnd => {
            let end = model.call.session().len();
            model.call.jump(end);
            model.panes.transcript.follow();
        }
        Command::JumpToTurn(turn) => jump(model, turn),
        Command::JumpTurn => open_turns(model),
        Command::ListForks => open_forks(model),
        Command::SwitchFork(tip) => {
            leave_scenario(model);
            model.call.driver.change(|s| s.switch(tip));
            model.panes.transcript.follow();
        }
        Command::NewCall => new_call(model),
        Command::ChooseLine => open_lines(model),
        Command::CallLine(name) => effects.push(Effect::OpenLine(Box::new(Wanted::named(name)))),
        Command::ChoosePreset => open_presets(model),
        Command::CallPreset(preset) => {
            let line = line_of(&model.call.opened);
            effects.push(Effect::OpenLine(Box::new(Wanted {
                preset,
                ..Wanted::named(line)
            })));
        }
        Command::Save => open_save(model),
        Command::ToggleNoInput => {
            model.settings.no_input_timers = !model.settings.no_input_timers;
            let text = if model.settings.no_input_timers {
                "No-input deadlines now pass by themselves, prompts taken as spoken."
            } else {
                "No-input deadlines no longer pass by themselves; Enter on an empty line is silence."
            };
            model.tell(super::Level::Done, text);
        }
        Command::ToggleLetters => model.panes.keypad.letters = !model.panes.keypad.letters,
        Command::TakeUp if model.offer.is_some() => effects.push(Effect::TakeUp),
        Command::LetGo if model.offer.take().is_some() => effects.push(Effect::LetGo),
        _ => {}
    }
}

/// The line's name as the command line takes it.
fn line_of(opened: &Opened) -> String {
    opened
        .file
        .as_ref()
        .map_or_else(|| opened.name.clone(), |f| f.display().to_string())
}

/// Lets the line hear something that the operator did. While a scenario is open, that takes it over.
pub(super) fn hear(model: &mut Model, signal: Signal) {
    if model.call.ended() && model.call.at_tip() {
        model.hint("The call is over. Step back into it, or start a new one.");
        return;
    }
    leave_scenario(model);
    model.call.hear(signal);
    model.panes.transcript.follow();
}

/// Notes where the scenario was left, so that it can be returned to.
pub(super) fn leave_scenario(model: &mut Model) {
    let Some(play) = model.play.as_mut().filter(|p| p.away.is_none()) else {
        return;
    };
    play.playing = false;
    let (turn, at) = (model.call.session().cursor(), model.call.driver.now().clone());
    let label = format!("scenario {}", play.player.scenario().name);
    let tip = model.call.driver.change(|s| s.fork(label));
    // The change set the clock to what was heard last; the scenario's own was further on where time had passed.
    model.call.driver.jump_to(turn, at.clone());
    play.away = Some(Away { tip, turn, at });
}

fn step_back(model: &mut Model) {
    if super::scenarios::in_hand(model) {
        super::scenarios::back(model);
    } else if !model.call.back() {
        model.hint("This is where the line answered: there is nothing before it.");
    }
    model.panes.transcript.follow();
}

/// Goes forward along what lies ahead, or plays the scenario on.
pub(super) fn step_forward(model: &mut Model) {
    if super::scenarios::in_hand(model) {
        super::scenarios::step(model);
    } else if model.call.driver.forward(1) == 0 {
        model.hint("Nothing lies ahead: this is the last turn.");
    }
    model.panes.transcript.follow();
}

/// Goes to a turn. Inside a scenario that is a way of taking it over.
pub(super) fn jump(model: &mut Model, turn: usize) {
    leave_scenario(model);
    model.call.jump(turn);
    model.panes.transcript.clear();
}

/// Starts a new call on the same line: the open scenario from its beginning, or by hand.
fn new_call(model: &mut Model) {
    if model.play.is_some() {
        super::scenarios::restart(model);
        return;
    }
    let opened = model.call.opened.clone();
    if !opened.line.is_menu() && model.focus == Pane::Transcript {
        model.focus = Pane::Input;
    }
    begin(model, opened);
}

/// Starts a call by hand.
pub(super) fn begin(model: &mut Model, opened: Opened) {
    model.play = None;
    let now = model.now();
    let civil = opened
        .zone
        .clone()
        .map_or_else(|| now.clone(), |zone| now.with_time_zone(zone));
    place(model, opened, civil);
    model.call.begin();
}

/// Puts a fresh call in the place of the one there is.
pub(super) fn place(model: &mut Model, opened: Opened, civil: Zoned) {
    super::jobs::leave(model);
    model.call = Call::new(opened, civil);
    model.panes.transcript.follow();
}

fn open_turns(model: &mut Model) {
    let session = model.call.session();
    let items: Vec<Item> = model
        .call
        .transcript
        .rows()
        .iter()
        .map(|row| Item {
            label: format!("{} {:8}{}", clock(row.since), row.who.word(), row.text),
            detail: String::new(),
            mark: String::new(),
            command: Some(Command::JumpToTurn(row.entries.end)),
        })
        .collect();
    let here = model
        .call
        .transcript
        .rows()
        .partition_point(|r| r.entries.start < session.cursor());
    let list = List::new("Go to a turn", "No turn matches.", items).at(here.saturating_sub(1));
    model.dialog = Some(Dialog::List(list));
}

fn open_forks(model: &mut Model) {
    let forks = model.call.session().forks();
    let items = forks
        .into_iter()
        .rev()
        .map(|fork| Item {
            label: fork.label,
            detail: format!(
                "{} turns, {} of them shared with this branch",
                fork.len, fork.shared
            ),
            mark: String::new(),
            command: Some(Command::SwitchFork(fork.tip)),
        })
        .collect();
    let empty = "No other branch yet: step back and do something else, and what lay ahead is kept here.";
    model.dialog = Some(Dialog::List(List::new("Branches of this call", empty, items)));
}

fn open_lines(model: &mut Model) {
    let items = Lines::names()
        .into_iter()
        .map(|name| Item {
            mark: if name == model.call.opened.name {
                "now".to_owned()
            } else {
                String::new()
            },
            command: Some(Command::CallLine(name.clone())),
            label: name,
            detail: String::new(),
        })
        .collect();
    model.dialog = Some(Dialog::List(List::new("Call a line", "No line matches.", items)));
}

fn open_presets(model: &mut Model) {
    let presets = if line_of(&model.call.opened) == DEFAULT_LINE {
        catalog::presets()
    } else {
        Vec::new()
    };
    let items = presets
        .into_iter()
        .map(|preset| Item {
            mark: if preset.name == model.call.opened.preset {
                "now".to_owned()
            } else {
                String::new()
            },
            command: Some(Command::CallPreset(preset.name.clone())),
            label: preset.name,
            detail: format!("{}, {}", preset.target_name, preset.title),
        })
        .collect();
    let empty = "This line has no presets; the collections line has.";
    model.dialog = Some(Dialog::List(List::new("Call a preset", empty, items)));
}

fn open_save(model: &mut Model) {
    if model.call.session().cursor() < 2 {
        model.hint("Nothing has been said or keyed yet: there is nothing to save.");
        return;
    }
    let session = model.call.session();
    let place = session
        .outcome()
        .map_or_else(|| session.party().node().to_string(), ToString::to_string);
    let safe: String = place
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    let edit = Edit::new(format!("{}_{safe}", stem(&model.call.opened)));
    model.dialog = Some(Dialog::Prompt(Prompt {
        asked: Asked::SaveAs,
        edit,
    }));
}

/// A line's name without folder and ending.
fn stem(opened: &Opened) -> String {
    let name = opened.name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Saves the call under a name.
pub(super) fn save(model: &Model, path: &str, effects: &mut Vec<Effect>) {
    let opened = &model.call.opened;
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.strip_suffix(".json").unwrap_or(name);
    let mut scenario = journal::to_scenario(model.call.session(), name, &opened.name, &opened.preset);
    if let Some(play) = &model.play {
        // What the scenario's call differed in from its preset, this one differs in too.
        let original = play.player.scenario();
        scenario.context.clone_from(&original.context);
        scenario.policy.clone_from(&original.policy);
        scenario.language.clone_from(&original.language);
        scenario.seed = original.seed;
    }
    effects.push(Effect::Save {
        path: path.to_owned(),
        scenario: Box::new(scenario),
        opened: Box::new(opened.clone()),
    });
}

/// The call's disposition in words for the banner, once it is over.
pub(in crate::tui) fn ending(call: &Call) -> Option<String> {
    if !call.ended() {
        return None;
    }
    let outcome = call.session().outcome();
    let actions = call
        .session()
        .last()
        .map(|e| e.turn.actions.as_slice())
        .unwrap_or_default();
    let reason = actions.iter().find(|a| a.name() == "end_call").map(describe);
    Some(match (outcome, reason) {
        (Some(outcome), _) => outcome.to_string(),
        (None, Some(reason)) => reason,
        (None, None) => "hung up".to_owned(),
    })
}
