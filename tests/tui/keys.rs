//! Keys, the keymap and the mouse.

use crate::desk::Desk;
use ivr_tui::call::Party as _;
use ivr_tui::tui::Command;
use ivr_tui::tui::config::Config;
use ivr_tui::tui::effect::Effect;
use ivr_tui::tui::keymap::{Context, Keymap};
use ivr_tui::tui::pane::{Nav, Pane};
use ivr_tui::tui::theme::ThemeName;
use std::collections::BTreeSet;

#[test]
fn every_default_key_means_one_thing_in_its_place() {
    let keymap = Keymap::shipped();
    let mut seen = BTreeSet::new();
    for binding in keymap.bindings() {
        let key = (binding.context, format!("{:?}", binding.key));
        assert!(
            seen.insert(key),
            "{} twice in {}",
            ivr_tui::tui::keymap::show(binding.key),
            binding.context.name()
        );
    }
    assert!(seen.len() > 100);
}

#[test]
fn every_command_is_described_and_can_be_reached() {
    for command in Command::NAMED {
        assert!(command.describe().len() >= 10, "{}", command.name());
    }
    let offered: BTreeSet<&str> = Command::palette().map(|c| c.name()).collect();
    let keymap = Keymap::shipped();
    let bound = |name: &str| keymap.bindings().iter().any(|b| b.command.name() == name);
    for command in Command::NAMED {
        assert!(
            offered.contains(command.name()) || bound(command.name()),
            "{} cannot be reached",
            command.name()
        );
    }
}

#[test]
fn tab_moves_the_focus_round_and_it_is_plain_to_see() {
    let mut desk = Desk::bank(120, 36);
    let mut seen = Vec::new();
    for _ in 0..6 {
        let screen = desk.screen();
        assert_eq!(screen.matches('▶').count(), 1, "{screen}");
        seen.push(desk.model.focus);
        desk.keys("<tab>");
    }
    assert_eq!(
        seen,
        [
            Pane::Keypad,
            Pane::Transcript,
            Pane::Input,
            Pane::Graph,
            Pane::Jobs,
            Pane::Keypad
        ]
    );
    desk.keys("<shift-tab>");
    assert_eq!(desk.model.focus, Pane::Keypad);
}

#[test]
fn a_menu_line_begins_on_the_keypad_and_collections_on_the_input() {
    assert_eq!(Desk::bank(120, 36).model.focus, Pane::Keypad);
    let desk = Desk::with(120, 36, "collections", Config::default(), ThemeName::Dark);
    assert_eq!(desk.model.focus, Pane::Input);
}

#[test]
fn digits_reach_the_line_from_keypad_and_transcript_but_are_typed_in_the_input() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("12<tab>34");
    assert_eq!(desk.model.call.entry(), "1234");
    desk.keys("<tab>56");
    assert_eq!(
        (
            desk.model.call.entry().as_str(),
            desk.model.panes.input.edit.text()
        ),
        ("1234", "56")
    );
}

#[test]
fn a_changed_key_works_shows_in_help_and_hints_and_the_old_one_is_free() {
    let text = "[keys.panes]\n\"b\" = \"none\"\n\"f9\" = \"step-back\"\n\"backspace\" = \"none\"\n";
    let config = Config::parse("config.toml", text).unwrap();
    let mut desk = Desk::with(120, 36, "bank", config, ThemeName::Dark);
    desk.keys("123b");
    assert_eq!(desk.model.call.entry(), "123");
    desk.keys("<f9>");
    assert_eq!(desk.model.call.entry(), "12");
    assert!(desk.screen().contains("f9 back"));
    assert!(
        desk.keys("?").screen().contains("f9, ctrl-h, alt-b"),
        "{}",
        desk.screen()
    );
}

#[test]
fn the_mouse_presses_keys_moves_focus_and_scrolls() {
    let mut desk = Desk::bank(120, 36);
    for digit in ["1  ", "4  ", "7  "] {
        let (x, y) = desk.find(digit);
        desk.run(Command::Click(x, y));
    }
    assert_eq!(desk.model.call.entry(), "147");
    let (x, y) = desk.find("State graph");
    desk.run(Command::Click(x, y));
    assert_eq!(desk.model.focus, Pane::Graph);
    let (x, y) = desk.find("? help");
    desk.run(Command::Click(x, y));
    assert!(desk.screen().contains("What") || desk.screen().contains("Help"));
    let (x, y) = (0, 0);
    desk.run(Command::Click(x, y));
    assert!(desk.model.dialog.is_none(), "a click beside a dialog closes it");
    desk.keys("kn").keys("100000010000").keys("111111");
    let (x, y) = desk.find("Transcript");
    desk.run(Command::Wheel(x, y + 3, Nav::Up));
    assert!(desk.screen().contains("below"));
}

#[test]
fn the_pressed_key_is_lit_for_a_moment() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("5");
    assert!(desk.screen().contains("▐5▌"));
    desk.wait(200);
    assert!(!desk.screen().contains("▐5▌"));
}

#[test]
fn the_letters_come_on_request() {
    let mut desk = Desk::bank(120, 36);
    assert!(!desk.screen().lines().nth(2).unwrap_or_default().contains("A "));
    desk.keys("a");
    let screen = desk.screen();
    let row = screen.lines().nth(2).unwrap_or_default();
    assert!(row.split_whitespace().take(6).any(|w| w == "A"), "{row}");
}

#[test]
fn esc_closes_every_dialog_and_leaves_the_input() {
    for open in ["?", ":", "o", "w", "y", "1s"] {
        let mut desk = Desk::bank(120, 36);
        desk.keys(open);
        if open == "o" {
            desk.report(ivr_tui::tui::effect::Report::Scenarios(Vec::new()));
        }
        assert!(desk.model.dialog.is_some(), "{open}");
        desk.keys("<esc>");
        assert!(desk.model.dialog.is_none(), "{open}");
    }
    let mut desk = Desk::bank(120, 36);
    desk.keys("tyes<esc>");
    assert_eq!(
        (desk.model.focus, desk.model.panes.input.edit.text()),
        (Pane::Input, "")
    );
    desk.keys("<esc>");
    assert_eq!(desk.model.focus, Pane::Transcript);
}

#[test]
fn the_palette_finds_a_command_by_a_few_letters_and_does_it() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("12:stpbk<enter>");
    assert_eq!(desk.model.call.entry(), "1");
    desk.keys("<ctrl-p>pgraph<enter>");
    assert_eq!(desk.model.focus, Pane::Graph);
}

#[test]
fn quit_suspend_theme_and_mouse_are_effects() {
    let mut desk = Desk::bank(120, 36);
    desk.effects.clear();
    desk.keys("<ctrl-z><ctrl-l>:theme<enter>:mouse<enter>q");
    let seen: Vec<String> = desk.effects.iter().map(|e| format!("{e:?}")).collect();
    assert_eq!(
        seen,
        [
            "Suspend",
            "Redraw",
            "Colour(true)",
            "Redraw",
            "Mouse(false)",
            "Quit"
        ]
    );
}

#[test]
fn rows_are_copied_as_text() {
    let mut desk = Desk::bank(120, 36);
    desk.keys("1<tab><up>c");
    let copied = desk.effects.iter().find_map(|e| match e {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some("00:00 keys    1"));
    desk.effects.clear();
    desk.keys("v<up>c");
    let copied = desk.effects.iter().find_map(|e| match e {
        Effect::Copy(text) => Some(text.lines().count()),
        _ => None,
    });
    assert_eq!(copied, Some(2));
}

#[test]
fn a_paste_reaches_the_input_in_one_line() {
    let mut desk = Desk::bank(120, 36);
    desk.run(Command::Paste("checking\nplease".to_owned()));
    assert_eq!(desk.model.panes.input.edit.text(), "checking please");
    assert_eq!(desk.model.focus, Pane::Input);
}

#[test]
fn contexts_know_each_other() {
    for context in Context::ALL {
        assert_eq!(context.chain().first(), Some(&context));
    }
    let mut desk = Desk::bank(120, 36);
    desk.keys("n");
    assert!(!desk.model.call.session().party().ended());
}
