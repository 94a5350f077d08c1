//! What each command does to the model. No file, no clock, no terminal: those are effects.
//!
//! | module | holds |
//! |---|---|
//! | `calls` | keys, words, stepping, new calls, saving |
//! | `scenarios` | opening, playing, stepping, taking over |
//! | `jobs` | the queue, and the call of a job |
//! | `screen` | focus, moving about, copying, themes |
//! | `dialogs` | the help, lists and prompts |
//! | `time` | time that passes |
//! | `reports` | results of effects |

mod calls;
mod dialogs;
mod jobs;
mod reports;
mod scenarios;
mod screen;
mod time;

use super::command::{Command, Group};
use super::effect::Effect;
use super::model::Model;
pub(super) use calls::ending;

use super::pane::Pane;
use super::pane::toast::Level;

/// Does a command. The effects are for the runtime, in order.
pub fn update(model: &mut Model, command: Command) -> Vec<Effect> {
    let mut effects = Vec::new();
    let ended = model.call.ended();
    apply(model, command, &mut effects);
    model.call.sync();
    if !ended && model.call.ended() && model.focus == Pane::Input && model.panes.input.edit.is_empty() {
        // Nothing is left to say: the keys that lead on should not be typed.
        model.focus = Pane::Transcript;
    }
    jobs::settle(model, &mut effects);
    journal(model, &mut effects);
    effects
}

fn apply(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Elapse(by) => time::elapse(model, by),
        Command::Report(report) => reports::take(model, *report, effects),
        // The next drawing asks for the screen's size itself.
        Command::Resize(..) => {}
        Command::Click(x, y) => screen::click(model, x, y, effects),
        Command::Wheel(x, y, nav) => screen::wheel(model, x, y, nav),
        Command::Quit => effects.push(Effect::Quit),
        Command::Suspend => effects.push(Effect::Suspend),
        Command::Redraw => effects.push(Effect::Redraw),
        other if model.dialog.is_some() => dialogs::apply(model, other, effects),
        other => anywhere(model, other, effects),
    }
}

/// Does a command while no dialog is open.
fn anywhere(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match &command {
        Command::Help | Command::Palette | Command::PickRow(_) => dialogs::open(model, &command),
        Command::JumpToTurn(_)
        | Command::Press(_)
        | Command::CallLine(_)
        | Command::CallPreset(_)
        | Command::SwitchFork(_)
        | Command::TakeUp
        | Command::LetGo => calls::apply(model, command, effects),
        Command::Enqueue(_) | Command::SortJobs(_) => jobs::apply(model, command, effects),
        Command::JumpToEvent(_) | Command::LoadScenario(_) => scenarios::apply(model, command, effects),
        other => match other.group() {
            Group::Call => calls::apply(model, command, effects),
            Group::Scenario => scenarios::apply(model, command, effects),
            Group::Jobs => jobs::apply(model, command, effects),
            Group::View | Group::Move | Group::Text | Group::Screen => screen::apply(model, command, effects),
        },
    }
}

/// Writes on in the journal what the command made happen.
fn journal(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.call.session().is_empty() {
        return;
    }
    let scenario = model.play.as_ref().map(|p| p.origin.shown()).unwrap_or_default();
    if let Some(header) = model.call.header(&scenario) {
        effects.push(Effect::BeginJournal(Box::new(header)));
    }
    let records = model.call.unwritten();
    if !records.is_empty() {
        effects.push(Effect::Journal(records));
    }
}

impl Model {
    /// Tells the operator something.
    pub fn tell(&mut self, level: Level, text: impl Into<String>) {
        self.panes.toasts.push(level, text, self.clock);
    }

    /// Tells the operator why a command did nothing.
    pub(super) fn hint(&mut self, text: impl Into<String>) {
        self.tell(Level::Hint, text);
    }
}
