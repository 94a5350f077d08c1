//! Opening, playing and stepping scenarios, and taking over by hand.

use super::super::command::Command;
use super::super::effect::{Effect, Loaded};
use super::super::model::{Model, Playback};
use super::super::pane::toast::Level;
use crate::host::lines;
use crate::line::Player;
use std::sync::Arc;
use std::time::Duration;

/// The speed a scenario opens at: with the usual 25 s between events, one event a second.
const OPENING_SPEED: u32 = 25;
/// What to do where no scenario is open.
const NONE_OPEN: &str = "No scenario is open: o opens one.";

pub(super) fn apply(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::OpenScenario => effects.push(Effect::ListScenarios),
        Command::LoadScenario(which) => effects.push(Effect::LoadScenario(which)),
        Command::Step if model.play.is_none() => super::calls::step_forward(model),
        Command::Step => {
            pause(model);
            resume(model);
            step(model);
        }
        Command::Play => play(model),
        Command::Faster => speed(model, true),
        Command::Slower => speed(model, false),
        Command::Restart if model.play.is_some() => restart(model),
        Command::RunToEnd if model.play.is_some() => {
            pause(model);
            resume(model);
            while step_quietly(model) {}
            judge(model);
        }
        Command::ResumeScenario if model.play.is_some() => resume(model),
        Command::JumpToEvent(events) => jump(model, events),
        Command::CloseScenario if model.play.is_some() => model.play = None,
        _ => model.hint(NONE_OPEN),
    }
}

/// Opens a scenario in the place of the call, paused before its first event.
pub(super) fn open(model: &mut Model, loaded: Loaded) {
    let Loaded {
        origin,
        scenario,
        opened,
    } = loaded;
    let start = lines::start(&scenario, &opened, &model.now());
    super::calls::place(model, opened, start);
    let mut player = Player::new(scenario);
    player.begin(&mut model.call.driver);
    model.play = Some(Playback {
        origin,
        player,
        playing: false,
        speed: OPENING_SPEED,
        waited: Duration::ZERO,
        away: None,
    });
    if model.focus == super::super::pane::Pane::Input {
        // Here space and p step and play; in the input line they would be typed.
        model.focus = super::super::pane::Pane::Transcript;
    }
}

/// Whether a scenario is what moves the call now.
pub(super) fn in_hand(model: &Model) -> bool {
    model.play.as_ref().is_some_and(|p| p.away.is_none())
}

/// Plays the next event, and says how the scenario went where that was the last.
pub(super) fn step(model: &mut Model) {
    if step_quietly(model) {
        if over(model) {
            judge(model);
        }
    } else {
        pause(model);
        model.hint("The scenario is over: r in its pane begins it again, b steps back.");
    }
    model.panes.transcript.follow();
}

fn step_quietly(model: &mut Model) -> bool {
    let Some(play) = &mut model.play else { return false };
    play.waited = Duration::ZERO;
    play.player.step(&mut model.call.driver).is_some()
}

fn over(model: &Model) -> bool {
    model
        .play
        .as_ref()
        .is_some_and(|p| p.player.finished(&model.call.driver))
}

/// Says whether all that the scenario expects held.
fn judge(model: &mut Model) {
    pause(model);
    let Some(play) = &model.play else { return };
    let scenario = play.player.scenario();
    let name = scenario.name.clone();
    let failed = play
        .player
        .marks()
        .iter()
        .flat_map(|m| &m.verdicts)
        .filter(|v| !v.held)
        .count()
        + play
            .player
            .final_verdicts(&model.call.driver)
            .iter()
            .filter(|v| !v.held)
            .count();
    let passed = play.player.passed(&model.call.driver);
    let (level, text) = match (passed, scenario.xfail.is_empty()) {
        (true, true) => (Level::Done, format!("{name}: everything expected held.")),
        (true, false) => (
            Level::Done,
            format!("{name}: failed, as it is expected to for now."),
        ),
        (false, true) => (
            Level::Failed,
            format!("{name}: {failed} expected {} not hold.", did(failed)),
        ),
        (false, false) => (
            Level::Failed,
            format!("{name}: passed, though it is marked xfail. Take the mark away."),
        ),
    };
    model.tell(level, text);
}

const fn did(n: usize) -> &'static str {
    if n == 1 { "thing did" } else { "things did" }
}

/// Takes the last event back.
pub(super) fn back(model: &mut Model) {
    pause(model);
    let Some(play) = &mut model.play else { return };
    if !play.player.back(&mut model.call.driver) {
        model.hint("This is the scenario's beginning.");
    }
}

fn play(model: &mut Model) {
    let Some(play) = &mut model.play else {
        model.hint(NONE_OPEN);
        return;
    };
    if play.playing {
        play.playing = false;
        return;
    }
    resume(model);
    if over(model) {
        restart(model);
    }
    if let Some(play) = &mut model.play {
        play.playing = true;
        play.waited = Duration::ZERO;
    }
}

fn pause(model: &mut Model) {
    if let Some(play) = &mut model.play {
        play.playing = false;
    }
}

fn speed(model: &mut Model, faster: bool) {
    let Some(play) = &mut model.play else {
        model.hint(NONE_OPEN);
        return;
    };
    let at = Playback::SPEEDS
        .iter()
        .position(|s| *s == play.speed)
        .unwrap_or(0);
    let at = if faster { at + 1 } else { at.saturating_sub(1) };
    play.speed = Playback::SPEEDS.get(at).copied().unwrap_or(play.speed);
}

/// Begins the scenario again with a fresh call.
pub(super) fn restart(model: &mut Model) {
    let Some(play) = &mut model.play else { return };
    let scenario = Arc::clone(play.player.scenario());
    play.away = None;
    play.playing = false;
    play.waited = Duration::ZERO;
    let opened = model.call.opened.clone();
    let start = lines::start(&scenario, &opened, &model.now());
    super::calls::place(model, opened, start);
    if let Some(play) = &mut model.play {
        play.player = Player::new(scenario);
        play.player.begin(&mut model.call.driver);
    }
}

/// Returns to where the scenario was left; what was done by hand is kept as a branch.
pub(super) fn resume(model: &mut Model) {
    let Some(away) = model.play.as_mut().and_then(|p| p.away.take()) else {
        return;
    };
    if let Some(tip) = away.tip {
        model.call.driver.change(|s| s.switch(tip));
    }
    model.call.driver.jump_to(away.turn, away.at);
    model.panes.transcript.follow();
}

/// Goes to where this many events have been played.
fn jump(model: &mut Model, events: usize) {
    pause(model);
    resume(model);
    if let Some(play) = &mut model.play {
        play.player.jump(&mut model.call.driver, events);
    }
    model.panes.transcript.follow();
}

/// Lets time pass for a scenario that plays by itself.
pub(super) fn elapse(model: &mut Model, by: Duration) {
    let Some(play) = model.play.as_mut().filter(|p| p.playing && p.away.is_none()) else {
        return;
    };
    play.waited = play.waited.saturating_add(by);
    match play.pace() {
        Some(pace) if play.waited >= pace => step(model),
        Some(_) => {}
        None => judge(model),
    }
}
