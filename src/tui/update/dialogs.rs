//! The help, lists and prompts.

use super::super::command::Command;
use super::super::dialog::{Asked, Dialog, Item, List, Prompt};
use super::super::effect::Effect;
use super::super::keymap::Context;
use super::super::model::Model;
use super::super::pane::edit::Edit;
use super::super::pane::{Nav, select};

/// Opens the help or the palette.
pub(super) fn open(model: &mut Model, command: &Command) {
    model.dialog = match command {
        Command::Help => Some(Dialog::Help(0)),
        Command::Palette => Some(Dialog::List(palette(model))),
        _ => None,
    };
}

fn palette(model: &Model) -> List {
    let context = Context::of(model.focus);
    let items = Command::palette()
        .map(|c| Item {
            label: c.name().to_owned(),
            detail: c.describe().to_owned(),
            mark: model.keymap.key_for(context, &c).unwrap_or_default(),
            command: Some(c),
        })
        .collect();
    List::new("Commands", "No command matches.", items)
}

/// Does a command while a dialog is open. What has no meaning in it does nothing.
pub(super) fn apply(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Close => model.dialog = None,
        Command::Accept => accept(model, effects),
        Command::PickRow(row) => {
            if let Some(Dialog::List(list)) = &mut model.dialog {
                list.selected = row;
            }
            accept(model, effects);
        }
        Command::Help if !matches!(model.dialog, Some(Dialog::Help(_))) => {
            model.dialog = Some(Dialog::Help(0));
        }
        other => match other.nav() {
            Some(nav) => navigate(model, nav),
            None => write(model, other),
        },
    }
}

fn accept(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.dialog.take() {
        Some(Dialog::List(list)) => {
            let command = list.chosen().and_then(|item| item.command.clone());
            match command {
                Some(command) => super::apply(model, command, effects),
                None => model.dialog = Some(Dialog::List(list)),
            }
        }
        Some(Dialog::Prompt(prompt)) => answer(model, &prompt, effects),
        Some(Dialog::Help(_)) | None => {}
    }
}

fn answer(model: &mut Model, prompt: &Prompt, effects: &mut Vec<Effect>) {
    let text = prompt.edit.text().trim();
    match prompt.asked {
        Asked::SaveAs if text.is_empty() => model.hint("Not saved: it needs a name."),
        Asked::SaveAs => super::calls::save(model, text, effects),
        Asked::JobFilter => model.panes.jobs.set_filter(text),
    }
}

/// Moves in the open dialog.
pub(super) fn navigate(model: &mut Model, nav: Nav) {
    match &mut model.dialog {
        // How long the help is, only the drawing knows; it keeps the place inside.
        Some(Dialog::Help(first)) => *first = select(*first, 1000, 10, nav),
        Some(Dialog::List(list)) => match nav {
            Nav::Left => list.filter.left(),
            Nav::Right => list.filter.right(),
            other => list.navigate(other),
        },
        Some(Dialog::Prompt(prompt)) => match nav {
            Nav::Left => prompt.edit.left(),
            Nav::Right => prompt.edit.right(),
            Nav::Top => prompt.edit.start(),
            Nav::Bottom => prompt.edit.end(),
            _ => {}
        },
        None => {}
    }
}

fn write(model: &mut Model, command: Command) {
    match &mut model.dialog {
        Some(Dialog::List(list)) => {
            edit(&mut list.filter, command);
            list.narrow();
        }
        Some(Dialog::Prompt(prompt)) => edit(&mut prompt.edit, command),
        Some(Dialog::Help(_)) | None => {}
    }
}

/// Edits a line of text by a command.
pub(super) fn edit(edit: &mut Edit, command: Command) {
    match command {
        Command::Insert(c) => edit.insert(c.encode_utf8(&mut [0; 4])),
        Command::Paste(text) => edit.insert(&text),
        Command::DeleteBack => edit.delete_back(),
        Command::DeleteForward => edit.delete_forward(),
        Command::DeleteWord => edit.delete_word(),
        Command::DeleteLine => edit.delete_line(),
        Command::WordLeft => edit.word_left(),
        Command::WordRight => edit.word_right(),
        Command::LineStart => edit.start(),
        Command::LineEnd => edit.end(),
        _ => {}
    }
}
