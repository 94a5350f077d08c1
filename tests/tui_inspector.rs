//! The inspector: what the last turn changed, what was understood, and the state as a tree.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use ivr_tui::call::{
    At, Expect, IntentId, Key, Reading, Redacted, RuleFired, RuleId, Score, Session, Signal, Span, Turn,
};
use ivr_tui::tui::pane::inspector::{Props, State, View, render, title, waits_for};
use ivr_tui::tui::pane::{Hits, Nav};
use ivr_tui::tui::theme::{Theme, ThemeName};
use ivr_tui::tui::value_diff::diff;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;
use std::sync::Arc;
use support::{Door, DoorRules};

fn view() -> View {
    let before = json!({
        "phase": "verification", "turn_count": 3, "verification_attempts": 1, "hint": "once",
        "promise_to_pay": {"date": null, "amount": null, "confirmed": false}, "asked": ["name"],
    });
    let state = json!({
        "phase": "post_verification", "turn_count": 4, "verification_attempts": 1,
        "promise_to_pay": {"date": "2026-02-20", "amount": null, "confirmed": false}, "asked": ["name", "zip"],
    });
    let scores = [
        ("affirmation", 0.92),
        ("negation", 0.31),
        ("dispute", 0.0),
        ("busy", 0.0),
    ];
    let reading = Reading {
        primary_intent: IntentId::fixed("affirmation"),
        fine_intent: IntentId::fixed("offer_date"),
        confidence: Score::from_f64(0.92),
        scores: scores
            .iter()
            .map(|(i, s)| (IntentId::from(*i), Score::from_f64(*s)))
            .collect(),
        fine_scores: std::iter::once((IntentId::fixed("offer_date"), Score::from_f64(0.875))).collect(),
        matched_intents: vec![IntentId::fixed("affirmation")],
        spans: vec![Span {
            start: 4,
            end: 12,
            kind: "date".into(),
            value: Redacted::new("2026-02-20"),
            negated: false,
        }],
        negated: vec![IntentId::fixed("busy")],
        why: "a plain yes with a date that lies in this month, and no refusal near it".to_owned(),
    };
    let turn = Turn {
        intent: IntentId::fixed("confirm_payment_date"),
        expect: Expect::YesNo,
        nlu: Some(reading.clone()),
        why: vec![RuleFired {
            rule: RuleId::fixed("promise.weekday"),
            section: "policy".to_owned(),
            note: "a weekday is confirmed as a calendar date first".to_owned(),
        }],
        ..Turn::default()
    };
    View {
        changes: diff(&before, &state),
        state,
        turn: Some(turn),
        reading: Some((reading, 0)),
    }
}

fn draw(state: &mut State, width: u16, height: u16) -> (String, Hits) {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let props = Props { focused: true };
    let hits = render(&mut buf, area, &Theme::new(ThemeName::Dark), state, props);
    let row = |y| {
        let row: String = (0..width).map(|x| buf[(x, y)].symbol()).collect();
        format!("{}\n", row.trim_end())
    };
    ((0..height).map(row).collect(), hits)
}

fn showing(view: View) -> State {
    let mut state = State::default();
    state.show(view);
    state
}

#[test]
fn what_changed_comes_first_and_the_whole_tree_is_marked() {
    insta::assert_snapshot!(draw(&mut showing(view()), 60, 48).0);
}

#[test]
fn a_small_pane_shows_what_changed() {
    insta::assert_snapshot!(draw(&mut showing(view()), 34, 8).0);
    assert_eq!(title(&showing(view())), "5 changed");
    assert_eq!(title(&State::default()), "");
}

#[test]
fn branches_close_and_open() {
    let mut state = showing(view());
    draw(&mut state, 60, 48);
    state.navigate(Nav::Left);
    let (closed, _) = draw(&mut state, 60, 48);
    assert!(closed.starts_with("▸ changed by this turn\n▾ turn\n"), "{closed}");
    state.navigate(Nav::Right);
    let (open, _) = draw(&mut state, 60, 48);
    assert!(
        open.starts_with("▾ changed by this turn\n  + asked[1]  zip\n"),
        "{open}"
    );
    state.navigate(Nav::Down);
    draw(&mut state, 60, 48);
    state.navigate(Nav::Left);
    state.toggle();
    assert_eq!(
        draw(&mut state, 60, 48).0,
        closed,
        "left goes to the branch around a row"
    );
}

#[test]
fn it_looks_at_a_session_and_says_what_the_last_turn_did() {
    let rules = Arc::new(DoorRules::default());
    let start: jiff::Zoned = "2026-02-10T10:00:00[UTC]".parse().unwrap();
    let mut session: Session<Door> = Session::new(rules, start.clone());
    let at = At::start(start);
    session.hear(Signal::Start, at.clone());
    session.hear(Signal::key(Key::from_char('4').unwrap()), at);
    let mut state = State::default();
    state.look(&session);
    let (first, _) = draw(&mut state, 50, 20);
    assert!(first.contains("~ entry  \"\" → 4"), "{first}");
    session.back(1);
    state.look(&session);
    let (back, _) = draw(&mut state, 50, 20);
    assert!(!back.contains("→ 4"), "{back}");
    session.forward(1);
    state.look(&session);
    assert_eq!(draw(&mut state, 50, 20).0, first);
}

#[test]
fn what_a_party_waits_for_is_said_in_words() {
    let digits = |min, max, end, secret| {
        waits_for(&Expect::Digits {
            min,
            max,
            end,
            secret,
        })
    };
    assert_eq!(digits(4, 4, None, true), "4 secret digits");
    assert_eq!(digits(1, 8, Some(Key::Hash), false), "1 to 8 digits, # ends them");
    let options = vec![
        ("1".into(), "balances".to_owned()),
        ("9".into(), "back".to_owned()),
    ];
    assert_eq!(
        waits_for(&Expect::Options { options }),
        "one of 1 balances, 9 back"
    );
    assert_eq!(waits_for(&Expect::Zip), "a ZIP code");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_drawn_or_clicked_outside_the_area(
        area in (0_u16..10, 0_u16..6, 0_u16..90, 0_u16..30), moves in prop::collection::vec(0_usize..6, 0..8),
    ) {
        let area = Rect::new(area.0, area.1, area.2, area.3);
        let whole = Rect::new(0, 0, 110, 40);
        let mut state = showing(view());
        for step in std::iter::once(9).chain(moves) {
            match step {
                0 => state.navigate(Nav::Down),
                1 => state.navigate(Nav::Left),
                2 => state.navigate(Nav::PageDown),
                3 => state.navigate(Nav::Bottom),
                4 => state.toggle(),
                5 => state.go_to(1000),
                _ => {}
            }
            let mut buf = Buffer::filled(whole, ratatui::buffer::Cell::new("~"));
            let hits = render(&mut buf, area, &Theme::new(ThemeName::Mono), &mut state, Props { focused: true });
            for position in whole.positions() {
                if !area.contains(position) {
                    prop_assert_eq!(buf[position].symbol(), "~");
                    prop_assert!(hits.at(position.x, position.y).is_none());
                }
            }
        }
    }
}
