//! Focus, moving about, typing, copying, themes.

use super::super::command::Command;
use super::super::effect::Effect;
use super::super::model::Model;
use super::super::pane::transcript::as_text;
use super::super::pane::{Nav, Pane};
use super::super::theme::{Theme, ThemeName};
use crate::call::Signal;

pub(super) fn apply(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    if let Some(nav) = command.nav() {
        navigate(model, model.focus, nav);
        return;
    }
    match command {
        Command::Focus(pane) => focus(model, pane),
        Command::NextPane => step_focus(model, true),
        Command::PreviousPane => step_focus(model, false),
        Command::Zoom => model.zoom = !model.zoom,
        Command::ToggleInspector => {
            model.inspector = !model.inspector;
            let shown = model
                .screen
                .layout
                .as_ref()
                .is_some_and(|l| l.pane(Pane::Graph).is_some());
            if model.inspector && !shown {
                model.focus = Pane::Inspector;
            } else if !model.inspector && model.focus == Pane::Inspector {
                model.focus = home(model);
            }
        }
        Command::Accept | Command::ToggleFold => accept(model, effects),
        Command::Close => close(model),
        Command::Mark => {
            model.focus = Pane::Transcript;
            model.panes.transcript.toggle_mark();
        }
        Command::OpenRow(pane, row) => {
            focus(model, pane);
            select(model, pane, row);
            accept(model, effects);
        }
        Command::Centre => model.panes.graph.centre(),
        Command::ToggleOutline => model.panes.graph.toggle_outline(),
        Command::Copy => copy(model, effects),
        Command::SelectRow(pane, row) => {
            focus(model, pane);
            select(model, pane, row);
        }
        Command::NextTheme => set_theme(model, model.settings.theme.name.next(), effects),
        Command::ToggleMouse => {
            model.settings.mouse = !model.settings.mouse;
            effects.push(Effect::Mouse(model.settings.mouse));
            let text = if model.settings.mouse {
                "The mouse works here."
            } else {
                "The mouse is left to the terminal: select text with it as usual."
            };
            model.tell(super::Level::Done, text);
        }
        other => write(model, other),
    }
}

/// Edits the input line; a paste goes there from everywhere.
fn write(model: &mut Model, command: Command) {
    match command {
        Command::PlaceCursor(column) => {
            model.panes.input.place(column);
            model.focus = Pane::Input;
        }
        other => {
            if matches!(other, Command::Paste(_)) {
                model.focus = Pane::Input;
            }
            super::dialogs::edit(&mut model.panes.input.edit, other);
        }
    }
}

/// Where focus is at home on this line.
fn home(model: &Model) -> Pane {
    if model.call.opened.line.is_menu() {
        Pane::Keypad
    } else {
        Pane::Input
    }
}

fn focus(model: &mut Model, pane: Pane) {
    if pane == Pane::Scenario && model.play.is_none() {
        model.hint("No scenario is open: o opens one.");
        return;
    }
    if pane == Pane::Inspector {
        model.inspector = true;
    }
    model.focus = pane;
}

fn step_focus(model: &mut Model, forward: bool) {
    let panes: Vec<Pane> = Pane::ALL
        .into_iter()
        .filter(|p| match p {
            Pane::Scenario => model.play.is_some(),
            Pane::Inspector => model.inspector,
            _ => true,
        })
        .collect();
    let at = panes.iter().position(|p| *p == model.focus).unwrap_or(0);
    let to = if forward { at + 1 } else { at + panes.len() - 1 };
    model.focus = panes
        .get(to % panes.len().max(1))
        .copied()
        .unwrap_or(Pane::Keypad);
}

pub(super) fn navigate(model: &mut Model, pane: Pane, nav: Nav) {
    match pane {
        Pane::Input => match nav {
            Nav::PageUp | Nav::PageDown => model.panes.transcript.navigate(nav),
            other => model.panes.input.navigate(other),
        },
        Pane::Keypad | Pane::Transcript => model.panes.transcript.navigate(nav),
        Pane::Graph => model.panes.graph.navigate(nav),
        Pane::Jobs => model.panes.jobs.navigate(nav),
        Pane::Scenario => model.panes.scenario.navigate(nav),
        Pane::Inspector => model.panes.inspector.navigate(nav),
    }
}

fn select(model: &mut Model, pane: Pane, row: usize) {
    match pane {
        Pane::Transcript => model.panes.transcript.select(row),
        Pane::Graph => model.panes.graph.pick(row),
        Pane::Jobs => model.panes.jobs.go_to(row),
        Pane::Scenario => model.panes.scenario.pick(row),
        Pane::Inspector => model.panes.inspector.go_to(row),
        _ => {}
    }
}

fn accept(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.focus {
        Pane::Input => {
            let text = model.panes.input.submit();
            let signal = if text.trim().is_empty() {
                Signal::Silence
            } else {
                Signal::say(text.trim())
            };
            super::calls::hear(model, signal);
        }
        Pane::Transcript => {
            let rows = model.call.transcript.rows();
            let row = model.panes.transcript.selected().and_then(|r| rows.get(r));
            match row.map(|r| r.entries.end) {
                Some(turn) => super::calls::jump(model, turn),
                None => model.hint("Select a row with the arrows; Enter then goes to its turn."),
            }
        }
        Pane::Keypad => model.focus = Pane::Input,
        Pane::Graph => model.panes.graph.toggle_fold(),
        Pane::Jobs => super::apply(model, Command::OpenJob, effects),
        Pane::Scenario => {
            let target = model.panes.scenario.target();
            super::apply(model, Command::JumpToEvent(target), effects);
        }
        Pane::Inspector => model.panes.inspector.toggle(),
    }
}

/// Esc: the nearest thing that can be closed, then the way out of the pane.
fn close(model: &mut Model) {
    if model.panes.toasts.clear() || (model.focus == Pane::Transcript && model.panes.transcript.clear()) {
        return;
    }
    if model.zoom {
        model.zoom = false;
        return;
    }
    match model.focus {
        Pane::Input if !model.panes.input.edit.is_empty() => {
            model.panes.input.edit.take();
        }
        Pane::Input => model.focus = Pane::Transcript,
        Pane::Transcript if !model.panes.transcript.follows() => model.panes.transcript.follow(),
        _ => model.focus = home(model),
    }
}

fn copy(model: &mut Model, effects: &mut Vec<Effect>) {
    let rows = model.call.transcript.rows();
    let marked = model
        .panes
        .transcript
        .marked()
        .or_else(|| rows.len().checked_sub(1).map(|last| last..=last));
    let Some(marked) = marked else {
        model.hint("There is nothing to copy yet.");
        return;
    };
    let (first, last) = marked.into_inner();
    let text: Vec<String> = rows
        .iter()
        .skip(first)
        .take(last + 1 - first)
        .map(as_text)
        .collect();
    effects.push(Effect::Copy(text.join("\n")));
}

fn set_theme(model: &mut Model, name: ThemeName, effects: &mut Vec<Effect>) {
    model.settings.theme = Theme::new(name);
    effects.push(Effect::Colour(name != ThemeName::Mono));
    effects.push(Effect::Redraw);
    model.tell(super::Level::Done, format!("Theme: {}.", name.as_str()));
}

/// Does what the area that was clicked stands for.
pub(super) fn click(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) {
    if let Some(command) = model.screen.hits.at(x, y).cloned() {
        super::apply(model, command, effects);
    }
}

/// Scrolls the pane under the pointer.
pub(super) fn wheel(model: &mut Model, x: u16, y: u16, nav: Nav) {
    use ratatui::layout::Position;
    if model.dialog.is_some() {
        super::dialogs::navigate(model, nav);
        return;
    }
    let layout = model.screen.layout.as_ref();
    let under = layout.and_then(|l| l.panes.iter().find(|(_, a)| a.contains(Position::new(x, y))));
    match under.map(|(pane, _)| *pane) {
        Some(Pane::Transcript | Pane::Keypad | Pane::Input) | None => {
            model.panes.transcript.scroll(if nav == Nav::Up { -3 } else { 3 });
        }
        Some(Pane::Graph) => model.panes.graph.wheel(nav),
        Some(pane) => navigate(model, pane, nav),
    }
}
