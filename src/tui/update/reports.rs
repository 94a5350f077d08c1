//! Results of effects.

use super::super::call::Call;
use super::super::dialog::{Dialog, Item, List};
use super::super::effect::{Effect, Left, Listing, Report};
use super::super::model::Model;
use super::super::pane::Pane;
use super::super::pane::toast::Level;
use super::Command;

pub(super) fn take(model: &mut Model, report: Report, effects: &mut Vec<Effect>) {
    match report {
        Report::Saved(path) => {
            let text = format!(
                "Saved as {}. Replay it with: ivr-tui replay {}",
                path.display(),
                path.display()
            );
            model.tell(Level::Done, text);
        }
        Report::Copied(rows) => {
            let rows = if rows == 1 {
                "1 row".to_owned()
            } else {
                format!("{rows} rows")
            };
            model.tell(Level::Done, format!("Sent {rows} to the terminal's clipboard."));
        }
        Report::Scenarios(listings) => model.dialog = Some(Dialog::List(scenarios(listings))),
        Report::Loaded(loaded) => super::scenarios::open(model, *loaded),
        Report::Opened(opened) => {
            let menu = opened.line.is_menu();
            super::calls::begin(model, *opened);
            model.focus = if menu { Pane::Keypad } else { Pane::Input };
        }
        Report::Offer(left) => model.offer = Some(left),
        Report::TakenUp(left) => take_up(model, *left, effects),
        Report::Jobs(page, counts) => {
            model.queue.page = Some(page);
            model.queue.counts = counts;
        }
        Report::JobOpened(opened) => super::jobs::begin(model, *opened),
        Report::JobBlocked(job, decision) => super::jobs::blocked(model, &job, &decision),
        Report::JobLost(text) => {
            model.queue.running = None;
            model.tell(
                Level::Failed,
                format!("The job went on without this call: {text}"),
            );
        }
        Report::Done(text) => model.tell(Level::Done, text),
        // The runtime ends the program on this one.
        Report::Fatal(text) | Report::Failed(text) => model.tell(Level::Failed, text),
    }
}

fn take_up(model: &mut Model, left: Left, effects: &mut Vec<Effect>) {
    let Some(opened) = left.opened else { return };
    model.offer = None;
    model.play = None;
    super::jobs::leave(model);
    model.focus = if opened.line.is_menu() {
        Pane::Keypad
    } else {
        Pane::Input
    };
    model.call = Call::recalled(opened, &left.header, left.records);
    model.panes.transcript.follow();
    model.tell(Level::Done, "Taken up where it was left. b steps back.");
    // Its own journal holds all of it from here on.
    effects.push(Effect::LetGo);
}

fn scenarios(listings: Vec<Listing>) -> List {
    let items = listings
        .into_iter()
        .map(|l| Item {
            label: l.name,
            mark: if l.sound {
                l.scenario.shown()
            } else {
                "cannot be read".to_owned()
            },
            detail: l.description,
            command: l.sound.then_some(Command::LoadScenario(l.scenario)),
        })
        .collect();
    let empty = "No scenario matches. s saves the running call as one.";
    List::new("Open a scenario", empty, items)
}
