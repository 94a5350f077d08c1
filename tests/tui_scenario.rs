//! The scenario pane: how far a scenario is, what comes next, and what a verdict that failed looks like.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use ivr_tui::call::Scenario;
use ivr_tui::call::transcript::Transcript;
use ivr_tui::line::{Driver, Player};
use ivr_tui::tui::Command;
use ivr_tui::tui::pane::scenario::{Open, Props, State, render};
use ivr_tui::tui::pane::{Hits, Nav};
use ivr_tui::tui::theme::{Theme, ThemeName};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use support::{Door, DoorRules};

const DOOR: &str = r#"{
  "version": 2, "name": "wrong code, then the right one",
  "description": "A visitor mistypes the code, waits, and gets in at the second try.",
  "start_local_datetime": "2026-02-10T10:00:00",
  "events": [
    {"event_type": "dtmf", "digits": "4"},
    {"event_type": "dtmf", "digits": "1", "expect": {"intent": "ask", "text": {"contains": ["not the code"]}}},
    {"event_type": "silence"},
    {"event_type": "dtmf", "digits": "42", "expect": {"intent": "goodbye"}},
    {"transcript": "thank you"}
  ],
  "final": {"outcome": "opened"}
}"#;

struct Stage {
    driver: Driver<Door>,
    player: Player,
    state: State,
    playing: bool,
    secret: bool,
    width: u16,
    height: u16,
}

impl Stage {
    fn new(json: &str) -> Self {
        let scenario = Scenario::parse("door.json", json).expect("a sound scenario");
        let zone = jiff::tz::TimeZone::UTC;
        let start = scenario
            .start_local_datetime
            .expect("a start")
            .to_zoned(zone)
            .unwrap();
        let mut driver = Driver::new(Arc::new(DoorRules::default()), start);
        let mut player = Player::new(Arc::new(scenario));
        player.begin(&mut driver);
        Self {
            driver,
            player,
            state: State::default(),
            playing: false,
            secret: false,
            width: 40,
            height: 20,
        }
    }

    fn at(events: usize) -> Self {
        let mut stage = Self::new(DOOR);
        stage.player.jump(&mut stage.driver, events);
        stage
    }

    fn sized(mut self, width: u16, height: u16) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    fn draw_in(&mut self, buf: &mut Buffer, area: Rect) -> Hits {
        let transcript = Transcript::of(self.driver.session());
        let finals = self.player.final_verdicts(&self.driver);
        let open = Open {
            player: &self.player,
            file: "scenarios/door.json",
            playing: self.playing,
            speed: 2,
            away: false,
            finished: self.player.finished(&self.driver),
            finals: &finals,
            secret: self.secret,
            rows: transcript.rows(),
        };
        let props = Props {
            open: Some(open),
            open_key: "o",
            focused: true,
        };
        render(buf, area, &Theme::new(ThemeName::Dark), &mut self.state, &props)
    }

    fn draw(&mut self) -> (String, Hits) {
        let area = Rect::new(0, 0, self.width, self.height);
        let mut buf = Buffer::empty(area);
        let hits = self.draw_in(&mut buf, area);
        let row = |y| {
            let row: String = (0..area.width).map(|x| buf[(x, y)].symbol()).collect();
            format!("{}\n", row.trim_end())
        };
        ((0..area.height).map(row).collect(), hits)
    }

    fn screen(&mut self) -> String {
        self.draw().0
    }
}

#[test]
fn the_next_event_is_shown_before_it_is_heard() {
    insta::assert_snapshot!(Stage::at(0).sized(17, 5).screen());
    let mut stage = Stage::at(2).sized(30, 4);
    assert!(stage.screen().contains("next: silence"));
    stage.player.jump(&mut stage.driver, 3);
    assert!(stage.screen().contains("next: keys 42"));
    stage.secret = true;
    assert!(
        stage.screen().contains("next: keys ●●"),
        "a secret entry is masked"
    );
}

#[test]
fn in_the_middle_each_event_has_its_tick() {
    insta::assert_snapshot!(Stage::at(3).screen());
}

#[test]
fn a_verdict_that_failed_opens_as_a_diff_with_the_turns_around_it() {
    let wrong = DOOR.replace("not the code", "try again");
    let mut stage = Stage::new(&wrong).sized(60, 24);
    stage.player.jump(&mut stage.driver, 3);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn the_end_says_how_many_failed() {
    let mut stage = Stage::at(9).sized(60, 20);
    insta::assert_snapshot!(stage.screen());
    let unheard = DOOR.replace("\"opened\"", "\"closed\"").replace(
        r#"{"transcript": "thank you"}"#,
        r#"{"transcript": "thank you", "expect": {"intent": "goodbye"}}"#,
    );
    let mut stage = Stage::new(&unheard).sized(60, 16);
    stage.player.jump(&mut stage.driver, 9);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn many_events_scroll_under_the_ticks() {
    let events = vec![r#"{"event_type": "silence"}"#; 60].join(",");
    let json = format!(r#"{{"start_local_datetime": "2026-02-10T10:00:00", "events": [{events}]}}"#);
    let mut stage = Stage::new(&json).sized(17, 4);
    assert_eq!(stage.screen().lines().nth(3), Some(" · · · · · · · ›"));
    stage.state.navigate(Nav::Bottom);
    assert_eq!(stage.screen().lines().nth(3), Some("‹· · · · · · ·"));
}

#[test]
fn a_click_on_a_tick_jumps_there() {
    let mut stage = Stage::at(1).sized(17, 4);
    let (_, hits) = stage.draw();
    assert!(
        matches!(hits.at(4, 3), Some(Command::JumpToEvent(3))),
        "{:?}",
        hits.at(4, 3)
    );
}

#[test]
fn what_is_picked_is_where_enter_jumps_and_moving_on_lets_go_of_it() {
    let mut stage = Stage::at(2);
    stage.screen();
    stage.state.navigate(Nav::Down);
    assert_eq!(stage.state.target(), 3);
    stage.player.step(&mut stage.driver);
    stage.player.step(&mut stage.driver);
    stage.screen();
    assert_eq!(stage.state.target(), 4, "the event played last");
}

#[test]
fn without_a_scenario_it_says_which_key_opens_one() {
    let area = Rect::new(0, 0, 60, 1);
    let mut buf = Buffer::empty(area);
    let props = Props {
        open: None,
        open_key: "o",
        focused: false,
    };
    render(
        &mut buf,
        area,
        &Theme::new(ThemeName::Mono),
        &mut State::default(),
        &props,
    );
    let row: String = (0..60).map(|x| buf[(x, 0)].symbol()).collect();
    assert_eq!(row.trim_end(), "no scenario is open: o chooses one from the list");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_drawn_or_clicked_outside_the_area(
        area in (0_u16..10, 0_u16..6, 0_u16..90, 0_u16..30),
        played in 0_usize..6,
        picked in prop::option::of(0_usize..9),
        broken in any::<bool>(),
    ) {
        let json = if broken { DOOR.replace("not the code", "日本語の長い文") } else { DOOR.to_owned() };
        let mut stage = Stage::new(&json);
        stage.player.jump(&mut stage.driver, played);
        if let Some(picked) = picked {
            stage.state.pick(picked);
        }
        let area = Rect::new(area.0, area.1, area.2, area.3);
        let whole = Rect::new(0, 0, 110, 40);
        let mut buf = Buffer::filled(whole, ratatui::buffer::Cell::new("~"));
        let hits = stage.draw_in(&mut buf, area);
        for position in whole.positions() {
            if !area.contains(position) {
                prop_assert_eq!(buf[position].symbol(), "~");
                prop_assert!(hits.at(position.x, position.y).is_none());
            }
        }
    }
}
