//! Whole screens.

use crate::desk::Desk;
use insta::assert_snapshot;
use ivr_tui::tui::config::Config;
use ivr_tui::tui::theme::ThemeName;

pub(crate) const SCENARIO: &str = r#"{
  "version": 2, "name": "deposits", "description": "Log in and hear the balances.", "line": "bank",
  "start_local_datetime": "2026-02-10T10:00:00", "timezone": "America/Chicago", "clock": {"tick_ms": 3000},
  "events": [
    {"event_type": "dtmf", "digits": "10000001"},
    {"event_type": "dtmf", "digits": "0000", "expect": {"node": "main"}},
    {"event_type": "dtmf", "digits": "1"},
    {"event_type": "dtmf", "digits": "1", "expect": {"text": {"contains": ["$4,821.37"]}}},
    {"event_type": "silence"},
    {"event_type": "dtmf", "digits": "90"}
  ],
  "final": {"outcome": "user_ended"}
}"#;

pub(crate) const LOG_IN: &str = "100000010000";

const SIZES: [(u16, u16); 6] = [(40, 10), (60, 16), (80, 24), (100, 30), (120, 36), (200, 60)];

fn at_every_size(name: &str, prepare: impl Fn(&mut Desk)) {
    for (width, height) in SIZES {
        let mut desk = Desk::bank(width, height);
        prepare(&mut desk);
        assert_snapshot!(format!("{name}_{width}x{height}"), desk.screen());
    }
}

#[test]
fn logging_in() {
    at_every_size("logging_in", |desk| {
        desk.keys("10000001").wait(1500).keys("00").wait(500);
    });
}

#[test]
fn a_menu() {
    at_every_size("menu", |desk| {
        desk.keys(LOG_IN).wait(2000).keys("11").wait(1000);
    });
}

#[test]
fn stepped_back() {
    at_every_size("stepped_back", |desk| {
        desk.keys(LOG_IN).wait(2000).keys("11").wait(1000).keys("bb");
    });
}

#[test]
fn a_scenario_half_way() {
    at_every_size("scenario", |desk| {
        desk.open(SCENARIO);
        desk.keys("   b").wait(6000);
    });
}

#[test]
fn a_call_that_has_ended() {
    at_every_size("ended", |desk| {
        desk.keys(LOG_IN).wait(1000).keys("0").wait(6000);
    });
}

#[test]
fn the_help() {
    for (width, height) in [(60, 16), (120, 36), (200, 60)] {
        assert_snapshot!(
            format!("help_{width}x{height}"),
            Desk::bank(width, height).keys("?").screen()
        );
    }
}

#[test]
fn the_palette() {
    assert_snapshot!("palette_100x30", Desk::bank(100, 30).keys(":back").screen());
}

#[test]
fn the_question_for_a_name() {
    assert_snapshot!("save_80x24", Desk::bank(80, 24).keys("1s").screen());
}

#[test]
fn other_panes_fill_a_small_screen() {
    for (key, name) in [("<alt-3>", "graph"), ("<alt-4>", "jobs"), ("i", "inspector")] {
        let mut desk = Desk::bank(80, 24);
        desk.keys(LOG_IN).keys(key);
        assert_snapshot!(format!("full_{name}_80x24"), desk.screen());
    }
}

#[test]
fn the_inspector_beside_the_others() {
    let mut desk = Desk::bank(120, 36);
    desk.keys(LOG_IN).keys("i");
    assert_snapshot!("inspector_120x36", desk.screen());
}

#[test]
fn the_input_line_with_wide_characters() {
    let mut desk = Desk::bank(100, 30);
    desk.keys("t你好 👍🏽 checking");
    assert_snapshot!("input_100x30", desk.screen());
}

/// In mono no cell has a colour, and what is selected or has focus can still be told apart.
#[test]
fn mono_uses_no_colour_anywhere() {
    use ratatui::style::{Color, Modifier};
    let mut desk = Desk::with(120, 36, "bank", Config::default(), ThemeName::Mono);
    desk.open(SCENARIO);
    desk.keys("   b?<esc>i:ju");
    let buffer = desk.buffer();
    for cell in buffer.content() {
        assert_eq!(
            (cell.fg, cell.bg),
            (Color::Reset, Color::Reset),
            "{}",
            cell.symbol()
        );
    }
    assert!(
        buffer
            .content()
            .iter()
            .any(|c| c.modifier.contains(Modifier::REVERSED))
    );
    desk.keys("<esc>");
    assert_snapshot!("mono_120x36", desk.screen());
}
