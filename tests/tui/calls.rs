//! Calls: stepping, forks, timers, ends, what is on disk.

use crate::desk::Desk;
use crate::screens::LOG_IN;
use ivr_tui::call::Party as _;
use ivr_tui::call::journal::{Header, Record};
use ivr_tui::host::lines::{Lines, Wanted};
use ivr_tui::tui::Command;
use ivr_tui::tui::config::Config;
use ivr_tui::tui::effect::{Effect, Left, Report};
use ivr_tui::tui::pane::Pane;
use ivr_tui::tui::theme::ThemeName;

fn node(desk: &Desk) -> String {
    desk.model.call.session().party().node().to_string()
}

#[test]
fn one_key_undoes_a_wrong_one_and_what_lay_ahead_is_kept() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("1000");
    desk.keys("9b");
    assert_eq!(desk.model.call.entry(), "1000");
    assert!(desk.screen().contains("↶ stepped back"));
    desk.keys("00010000");
    assert_eq!(node(&desk), "main");
    assert_eq!(desk.model.call.session().forks().len(), 1);
    desk.keys("y<enter>");
    assert_eq!(desk.model.call.entry(), "10009");
}

#[test]
fn stepping_back_and_forward_returns_to_the_same_state_byte_for_byte() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).wait(500).keys("13");
    let before = desk.model.call.session().snapshot();
    for _ in 0..14 {
        desk.keys("b");
    }
    assert_eq!(desk.model.call.session().cursor(), 1);
    desk.keys("b");
    assert_eq!(desk.model.call.session().cursor(), 1, "the line's answer stays");
    for _ in 0..14 {
        desk.keys("f");
    }
    assert_eq!(desk.model.call.session().snapshot(), before);
}

#[test]
fn back_to_the_answer_takes_a_whole_entry_back() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("u");
    assert_eq!(node(&desk), "pin");
    assert_eq!(desk.model.call.entry(), "●●●");
}

#[test]
fn the_time_between_digits_runs_and_a_partial_entry_is_refused_when_it_is_over() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("100").wait(2500);
    assert!(desk.screen().contains("next digit 1.5s"), "{}", desk.screen());
    desk.wait(1600);
    assert_eq!(desk.model.call.entry(), "");
    assert!(desk.screen().contains("I heard 3 digits"), "{}", desk.screen());
}

#[test]
fn time_stands_still_while_a_call_is_stepped_back() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("1001b").wait(20_000);
    assert_eq!(desk.model.call.entry(), "100");
    assert_eq!(desk.model.call.session().len(), 5);
}

#[test]
fn silence_waits_for_the_operator_unless_no_input_timers_are_on() {
    let mut desk = Desk::bank(120, 36);
    let turns = desk.model.call.session().len();
    for _ in 0..10 {
        desk.wait(29_000);
    }
    assert_eq!(desk.model.call.session().len(), turns);
    desk.keys(":no-input-timers<enter>").wait(100);
    desk.keys("n");
    for _ in 0..3 {
        desk.wait(29_000);
    }
    assert!(desk.model.call.session().len() > 1, "{}", desk.screen());
}

#[test]
fn words_choose_as_keys_do_and_an_empty_line_is_silence() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("tdeposit accounts<enter>");
    assert_eq!(node(&desk), "deposits");
    desk.keys("<enter>");
    assert!(desk.screen().contains("silence  no answer"), "{}", desk.screen());
    desk.keys("<up>");
    assert_eq!(desk.model.panes.input.edit.text(), "deposit accounts");
}

#[test]
fn a_spoken_pin_is_not_on_the_screen() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("10000001tzero zero zero zero<enter>");
    let screen = desk.screen();
    assert!(!screen.contains("zero zero"), "{screen}");
    assert!(screen.contains("Jordan Carter, verified"), "{screen}");
}

#[test]
fn a_call_ends_visibly_and_n_starts_a_new_one() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("0");
    let screen = desk.screen();
    assert!(
        screen.contains("■ ended") && screen.contains("call ended: user_ended"),
        "{screen}"
    );
    desk.keys("5");
    assert!(desk.screen().contains("The call is over"));
    desk.keys("n");
    let screen = desk.screen();
    assert!(
        screen.contains("● live") && !screen.contains("call ended"),
        "{screen}"
    );
    assert_eq!(desk.model.call.session().len(), 1);
}

#[test]
fn where_words_are_typed_a_new_call_is_one_key_away_too() {
    let mut desk = Desk::with(120, 36, "collections", Config::default(), ThemeName::Dark);
    desk.keys("wrong number<enter>");
    for _ in 0..4 {
        if !desk.model.call.ended() {
            desk.keys("no, wrong number<enter>");
        }
    }
    assert!(
        desk.screen().contains("press n for a new call"),
        "{}",
        desk.screen()
    );
    desk.keys("n");
    assert!(!desk.model.call.ended() && desk.model.focus == Pane::Input);
}

#[test]
fn an_ended_call_can_be_stepped_back_into() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("0b1");
    assert_eq!(node(&desk), "deposits");
}

#[test]
fn a_turn_can_be_chosen_from_the_list() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("w");
    assert!(desk.screen().contains("Go to a turn"));
    desk.keys("welcome<enter>");
    assert_eq!(desk.model.call.session().cursor(), 1);
    desk.keys("e");
    assert_eq!(node(&desk), "main");
}

#[test]
fn the_row_under_the_cursor_is_a_turn_to_go_to() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("12345678<tab><up><up><up><enter>");
    assert_eq!(desk.model.call.session().cursor(), 1);
    assert_eq!(desk.model.call.session().len(), 9);
}

#[test]
fn a_saved_call_is_a_scenario_that_replays_to_the_same_end() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN)
        .wait(700)
        .keys("tdeposits<enter>")
        .wait(300)
        .keys("<esc>40");
    desk.keys("s<ctrl-u>mine<enter>");
    let saved = desk.effects.iter().find_map(|e| match e {
        Effect::Save { path, scenario, .. } => Some((path.clone(), scenario.clone())),
        _ => None,
    });
    let (path, scenario) = saved.expect("nothing was saved");
    assert_eq!((path.as_str(), scenario.line.as_str()), ("mine", "bank"));
    let mut other = Desk::bank(120, 36);
    other.open(&scenario.to_json());
    other.keys("k:run-to-end<enter>");
    assert_eq!(
        other.model.call.session().snapshot(),
        desk.model.call.session().snapshot()
    );
    assert!(
        other.screen().contains("everything expected held"),
        "{}",
        other.screen()
    );
}

/// The records of a call, as the journal on disk holds them.
fn journal(desk: &Desk) -> (Header, Vec<Record>) {
    let mut header = None;
    let mut records = Vec::new();
    for effect in &desk.effects {
        match effect {
            Effect::BeginJournal(h) => {
                header = Some((**h).clone());
                records.clear();
            }
            Effect::Journal(more) => records.extend(more.iter().cloned()),
            _ => {}
        }
    }
    (header.expect("no journal"), records)
}

#[test]
fn what_is_on_disk_brings_the_call_back_after_any_stepping() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN)
        .wait(400)
        .keys("1bb2")
        .wait(900)
        .keys("bbb")
        .keys("f");
    let (header, records) = journal(&desk);
    let opened = Some(Lines::new(None).open(&Wanted::named("bank")).unwrap());
    let mut other = Desk::bank(120, 36);
    other.report(Report::Offer(Box::new(Left {
        header: header.clone(),
        records: records.clone(),
        opened: None,
    })));
    assert!(other.screen().contains("take it up"), "{}", other.screen());
    other.keys("5");
    assert_eq!(other.model.call.entry(), "5", "an offer does not block");
    other.keys("y");
    assert!(matches!(other.effects.last(), Some(Effect::TakeUp)));
    other.report(Report::TakenUp(Box::new(Left {
        header,
        records,
        opened,
    })));
    assert_eq!(
        other.model.call.session().snapshot(),
        desk.model.call.session().snapshot()
    );
    assert_eq!(
        other.model.call.session().cursor(),
        desk.model.call.session().cursor()
    );
    assert_eq!(other.model.call.session().len(), desk.model.call.session().len());
    assert!(!other.screen().contains("take it up"));
}

#[test]
fn the_last_call_can_be_let_go() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("12");
    let (header, records) = journal(&desk);
    desk.report(Report::Offer(Box::new(Left {
        header,
        records,
        opened: None,
    })));
    desk.keys("n");
    assert!(desk.model.offer.is_none());
    assert!(matches!(desk.effects.last(), Some(Effect::LetGo)));
    assert_eq!(desk.model.call.entry(), "12");
}

#[test]
fn a_failure_is_told_with_its_remedy_and_goes_by_itself() {
    let mut desk = Desk::bank(120, 36);
    desk.report(Report::Failed("x.json: no such file. Check the path.".to_owned()));
    assert!(desk.screen().contains("Check the path."));
    desk.run(Command::Elapse(std::time::Duration::from_secs(13)));
    assert!(!desk.screen().contains("Check the path."));
}

#[test]
fn nothing_moves_while_nothing_can() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("0");
    desk.run(Command::Elapse(std::time::Duration::from_secs(30)));
    assert_eq!(desk.model.next_change(), None, "an ended call wakes nobody");
}
