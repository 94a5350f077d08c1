//! The shared engine through its public API: sessions, drivers, players, scenarios, exchanges, transcripts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

mod support;

use ivr_tui::call::caller::{Caller, Line};
use ivr_tui::call::journal::{self, Incoming, Record};
use ivr_tui::call::scenario::{Bound, Scenario};
use ivr_tui::call::session::CHECKPOINT_EVERY;
use ivr_tui::call::transcript::Transcript;
use ivr_tui::call::{Exchange, Key, Party, Session, Signal, Who};
use ivr_tui::line::{Driver, Player};
use jiff::SignedDuration;
use proptest::prelude::*;
use std::sync::Arc;
use support::{Door, DoorRules, key, morning};

fn door() -> Driver<Door> {
    let mut driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    driver.handle(Signal::Start);
    driver
}

/// A door that never gives up, so that a call can be as long as a test wants.
fn patient() -> Session<Door> {
    Session::new(
        Arc::new(DoorRules {
            code: "none".to_owned(),
            tries: u8::MAX,
        }),
        morning(),
    )
}

fn rows(session: &Session<Door>) -> Vec<(i64, &'static str, String)> {
    let transcript = Transcript::of(session);
    transcript
        .rows()
        .iter()
        .map(|r| (r.since.as_secs(), r.who.word(), r.text.clone()))
        .collect()
}

#[test]
fn a_call_is_keys_in_and_turns_out() {
    let mut driver = door();
    driver.elapse(SignedDuration::from_secs(2));
    driver.handle(key('4'));
    driver.elapse(SignedDuration::from_secs(1));
    driver.handle(key('2'));
    assert_eq!(
        rows(driver.session()),
        [
            (0, "line", "The code, please.".to_owned()),
            (2, "keys", "4 2".to_owned()),
            (3, "line", "Come in.".to_owned()),
            (3, "outcome", "opened".to_owned()),
            (3, "action", "end_call reason=opened".to_owned()),
        ]
    );
    assert_eq!(
        driver.session().outcome().map(ToString::to_string),
        Some("opened".to_owned())
    );
    assert_eq!(driver.poll_timeout(), None);
}

#[test]
fn deadlines_fire_at_their_own_time_and_only_when_time_is_advanced() {
    let mut driver = door();
    driver.handle(key('4'));
    driver.elapse(SignedDuration::from_secs(60));
    assert_eq!(driver.session().len(), 2, "elapsing fires nothing");
    assert_eq!(driver.poll_timeout(), Some(SignedDuration::ZERO));

    let mut driver = door();
    driver.handle(key('4'));
    assert_eq!(driver.poll_timeout(), Some(SignedDuration::from_secs(4)));
    let fired = driver.advance(SignedDuration::from_secs(16));
    let at: Vec<_> = fired
        .iter()
        .map(|e| (e.at.since.as_secs(), e.turn.text()))
        .collect();
    assert_eq!(
        at,
        [
            (4, "That is not the code. Try again.".to_owned()),
            (14, "That is not the code. Try again.".to_owned()),
        ]
    );
    assert_eq!(driver.now().since.as_secs(), 16);
    assert_eq!(
        driver.now().civil.to_string(),
        "2026-02-10T10:00:16-06:00[America/Chicago]"
    );
}

#[test]
fn a_no_input_deadline_waits_for_the_prompt_to_be_spoken() {
    let driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    let mut driver = driver.with_speaking_rate(17);
    driver.handle(Signal::Start);
    assert_eq!(
        driver.poll_timeout(),
        Some(SignedDuration::from_secs(11)),
        "17 characters at 17 a second, then ten"
    );
}

#[test]
fn a_new_word_after_stepping_back_keeps_what_lay_ahead_as_a_fork() {
    let mut driver = door();
    for c in "1242".chars() {
        driver.handle(key(c));
    }
    let ended = driver.session().snapshot();
    assert_eq!(driver.back(2), 2);
    driver.handle(key('9'));
    let session = driver.session();
    let forks = session.forks();
    assert_eq!(
        forks
            .iter()
            .map(|f| (f.len, f.shared, f.label.as_str()))
            .collect::<Vec<_>>(),
        [(5, 3, "left at turn 3")]
    );
    let tip = forks[0].tip;
    assert!(driver.change(|s| s.switch(tip)));
    assert_eq!(driver.session().snapshot(), ended);
    assert_eq!(
        driver.session().forks().len(),
        1,
        "the branch that was left is kept in its turn"
    );
}

#[test]
fn a_fork_made_on_purpose_has_its_name_and_can_be_returned_to() {
    let mut session = patient();
    let at = session.start().clone();
    session.hear(Signal::Start, at.clone());
    session.hear(key('1'), at.clone());
    let tip = session.fork("before the second digit").unwrap();
    session.hear(key('2'), at.clone());
    assert_eq!(session.forks()[0].label, "before the second digit");
    assert!(session.switch(tip));
    assert_eq!((session.len(), session.cursor()), (2, 2));
    session.back(1);
    assert_eq!(session.forks().len(), 1);
}

#[test]
fn ten_thousand_turns_step_back_without_hearing_them_all_again() {
    let mut session = patient();
    let at = session.start().clone();
    session.hear(Signal::Start, at.clone());
    for _ in 0..10_000 {
        session.hear(key('*'), at.clone());
    }
    let end = session.snapshot();
    for _ in 0..1_000 {
        session.back(7);
        session.forward(7);
    }
    assert_eq!(session.snapshot(), end);
    session.jump(0);
    assert_eq!(session.snapshot(), patient().snapshot());
    session.jump(usize::MAX);
    assert_eq!(session.snapshot(), end);
}

#[test]
fn new_rules_hear_the_same_log() {
    let mut driver = door();
    for c in "77".chars() {
        driver.handle(key(c));
    }
    let reloaded = driver.session().with_rules(Arc::new(DoorRules {
        code: "77".to_owned(),
        tries: 3,
    }));
    assert_eq!(
        reloaded.outcome().map(ToString::to_string),
        Some("opened".to_owned())
    );
}

#[test]
fn a_call_saved_as_a_scenario_replays_to_the_same_end() {
    let mut driver = door();
    driver.elapse(SignedDuration::from_millis(1300));
    driver.handle(key('1'));
    driver.advance(SignedDuration::from_secs(5));
    driver.handle(Signal::say("open, please"));
    let saved = journal::to_scenario(driver.session(), "at the door", "bank", "");
    let text = saved.to_json();
    insta::assert_snapshot!(text);
    let again = Scenario::parse("saved.json", &text).unwrap();
    let mut replay = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    let mut player = Player::new(Arc::new(again));
    player.run(&mut replay);
    assert!(player.passed(&replay));
    assert_eq!(replay.session().snapshot(), driver.session().snapshot());
}

#[test]
fn a_journal_takes_a_call_up_again_where_it_was_left() {
    let mut driver = door();
    for c in "12".chars() {
        driver.handle(key(c));
    }
    let mut lines: Vec<String> = driver
        .session()
        .entries()
        .map(|e| serde_json::to_string(&Record::of(e)).unwrap())
        .collect();
    driver.back(1);
    lines.push(
        serde_json::to_string(&Record::Jump {
            turn: driver.session().cursor(),
        })
        .unwrap(),
    );
    assert_eq!(
        lines[1],
        r#"{"op":"heard","ms":0,"civil":"2026-02-10T10:00:00-06:00[America/Chicago]","signal":"key","key":"1"}"#
    );
    let mut again = Session::<Door>::new(Arc::new(DoorRules::default()), morning());
    for line in &lines {
        serde_json::from_str::<Record>(line).unwrap().apply(&mut again);
    }
    assert_eq!(
        (again.snapshot(), again.cursor(), again.len()),
        (driver.session().snapshot(), 2, 3)
    );
}

#[test]
fn a_player_steps_forward_and_back_and_judges_each_event() {
    let text = r#"{"line": "bank", "events": [
        {"event_type": "dtmf", "digits": "11", "expect": {"text": {"contains": ["not the code"]}, "node": "code"}},
        {"transcript": "hello", "expect": {"node": "open", "intent": "ask", "state": {"wrong": 2, "open": true}}},
        {"event_type": "advance", "ms": 9999},
        {"event_type": "dtmf", "digits": "42", "expect": {"actions": ["end_call"], "text": {"re": "^Come", "not": ["Bye"]}}},
        {"transcript": "never reached"}
      ], "final": {"outcome": "opened", "keys": "<=4", "node": "shut"}, "never": ["open_to_strangers"]}"#;
    let scenario = Arc::new(Scenario::parse("door.json", text).unwrap());
    let mut driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    let mut player = Player::new(Arc::clone(&scenario));
    player.run(&mut driver);
    let failed: Vec<_> = player
        .marks()
        .iter()
        .enumerate()
        .flat_map(|(i, m)| {
            m.verdicts
                .iter()
                .filter(|v| !v.held)
                .map(move |v| (i, v.what.as_str(), v.expected.as_str(), v.got.as_str()))
        })
        .collect();
    assert_eq!(
        failed,
        [
            (1, "expect.node", "open", "code"),
            (1, "expect.state.open", "true", "false"),
            (3, "never", "never open_to_strangers", "open_to_strangers"),
        ]
    );
    let last: Vec<_> = player
        .final_verdicts(&driver)
        .into_iter()
        .filter(|v| !v.held)
        .map(|v| v.what)
        .collect();
    assert_eq!(last, ["final.node"]);
    assert!(!player.passed(&driver));
    assert_eq!((player.position(), player.finished(&driver)), (4, true));

    let snapshots: Vec<_> = (0..=4)
        .rev()
        .map(|n| {
            player.jump(&mut driver, n);
            (n, driver.session().snapshot(), driver.now().clone())
        })
        .collect();
    for (n, snapshot, now) in snapshots.into_iter().rev() {
        player.jump(&mut driver, n);
        assert_eq!(
            (driver.session().snapshot(), driver.now().clone()),
            (snapshot, now),
            "event {n}"
        );
    }
}

#[test]
fn a_failing_scenario_that_is_expected_to_fail_passes() {
    let text =
        r#"{"events": [{"transcript": "x", "expect": {"node": "open"}}], "xfail": "the door has no ears"}"#;
    let mut player = Player::new(Arc::new(Scenario::parse("x.json", text).unwrap()));
    let mut driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    player.run(&mut driver);
    assert!(player.passed(&driver));
}

#[test]
fn an_expectation_that_the_call_did_not_live_to_see_does_not_hold() {
    let play = |expect: &str| {
        let text = format!(
            r#"{{"events": [{{"event_type": "system_event", "system": "hangup"}}, {{"transcript": "x"{expect}}}]}}"#
        );
        let mut player = Player::new(Arc::new(Scenario::parse("x.json", &text).unwrap()));
        let mut driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
        player.run(&mut driver);
        assert_eq!(player.position(), 1, "play stops when the call ends");
        player.passed(&driver)
    };
    assert!(play(""));
    assert!(!play(r#", "expect": {"intent": "ask"}"#));
}

#[test]
fn files_of_the_original_demo_load_unchanged() {
    let bare = r#"[{"event_type": "user_utterance", "transcript": "yes"}, {"event_type": "silence", "transcript": null},
        {"event_type": "system_event", "transcript": "voicemail_detected"}]"#;
    let scenario = Scenario::parse("folder/happy path.json", bare).unwrap();
    assert_eq!(
        (scenario.name.as_str(), scenario.line(), scenario.events.len()),
        ("happy path", "collections", 3)
    );
    let whole = r#"{"name": "x", "timezone": "America/Chicago", "language": "en-US",
        "start_local_datetime": "2026-02-10T10:00:00", "events": [{"event_type": "user_utterance", "transcript": ""}]}"#;
    let scenario = Scenario::parse("x.json", whole).unwrap();
    assert_eq!(
        scenario.start_local_datetime.map(|d| d.to_string()),
        Some("2026-02-10T10:00:00".to_owned())
    );
    let mut driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    Player::new(Arc::new(scenario)).run(&mut driver);
    let last = driver.session().last().unwrap();
    assert_eq!(
        (last.signal.clone(), last.at.since.as_secs()),
        (Signal::Silence, 25)
    );
}

#[test]
fn mistakes_in_scenario_files_are_named_by_place() {
    let texts = [
        "",
        r#"{"events": []} x"#,
        r#"{"events": ["#,
        "{\n  \"evnts\": []}",
        r#"{"events": [{"event_type": "dtmf"}]}"#,
        r#"[{"event_type": "dtmf", "digits": "12x"}]"#,
        r#"{"version": 9}"#,
        r#"{"events": [{"ms": -1}]}"#,
        r#"{"events": [{"transcript": "hi", "ms": "soon"}]}"#,
        r#"{"events": [{"event_type": "user_uterance"}]}"#,
        r#"{"timezone": "America/Austin"}"#,
        r#"{"start_local_datetime": "2026-02-30T10:00"}"#,
        r#"{"final": {"keys": "few"}}"#,
        r#"{"final": {"actions": ["end_cal"]}}"#,
        r#"{"events": [{"expect": {"text": {"re": "("}}}]}"#,
        r#"{"events": [{"expect": {"confidence": "high"}}]}"#,
        r#"{"events": [{"event_type": "advance"}]}"#,
        r#"{"events": [{"event_type": "system_event", "transcript": "earthquake"}]}"#,
        "[{},\n {},\n {\"expect\": {\"phse\": \"x\"}}]",
    ];
    let said = texts.map(|text| format!("{text}\n  {}\n", Scenario::parse("s.json", text).unwrap_err()));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_comparison_reads_signs_and_numbers() {
    let holds = |text: &str, n: f64| Bound::parse(text).map(|b| b.holds(n));
    assert_eq!(
        [
            holds(">=0.7", 0.7),
            holds("<= 6", 7.0),
            holds("3", 3.0),
            holds("=3", 2.0),
            holds("<1", 0.5),
            holds(" > 1 ", 1.0),
            holds("few", 1.0),
            holds(">=NaN", 1.0),
        ],
        [
            Some(true),
            Some(false),
            Some(true),
            Some(false),
            Some(true),
            Some(false),
            None,
            None
        ]
    );
}

#[test]
fn pipe_lines_are_signals_or_events_and_errors_quote_nothing() {
    assert_eq!(
        Incoming::parse(r##"{"signal":"key","key":"#"}"##).unwrap(),
        Incoming::Signal(key('#'))
    );
    assert_eq!(
        Incoming::parse(r#"{"signal":"speech","text":"hi"}"#).unwrap(),
        Incoming::Signal(Signal::say("hi"))
    );
    assert!(matches!(
        Incoming::parse(r#"{"event_type":"dtmf","digits":"1#"}"#).unwrap(),
        Incoming::Event(_)
    ));
    let same = [
        (r#"{"key":"7"}"#, r#"{"signal":"key","key":"7"}"#),
        (r#"{"keys":"12#"}"#, r#"{"event_type":"dtmf","digits":"12#"}"#),
        (r#"{"digits":"1"}"#, r#"{"event_type":"dtmf","digits":"1"}"#),
        (r#"{"say":"hi"}"#, r#"{"signal":"speech","text":"hi"}"#),
        (r#""silence""#, r#"{"signal":"silence"}"#),
    ];
    for (short, long) in same {
        assert_eq!(
            Incoming::parse(short).unwrap(),
            Incoming::parse(long).unwrap(),
            "{short}"
        );
    }
    for wrong in [
        "7",
        "[]",
        "{}",
        r#"{"keys":"78701x"}"#,
        r#""earthquake""#,
        r#"{"say":5}"#,
        r#"{"key":"1","say":"x"}"#,
    ] {
        let error = Incoming::parse(wrong).unwrap_err().to_string();
        assert!(!error.contains("78701"), "{error}");
    }
    let error = Incoming::parse(r#"{"signal":"key","key":"78701"}"#)
        .unwrap_err()
        .to_string();
    assert!(!error.contains("78701"), "{error}");
}

#[test]
fn debug_output_holds_nothing_that_was_said_or_keyed() {
    let said = format!("{:?} {:?}", Signal::say("my PIN is 4321"), key('7'));
    assert!(!said.contains("4321") && !said.contains('7'), "{said}");
}

fn visit(script: Vec<Line>) -> Exchange<Caller, Door> {
    let mut exchange = Exchange::new(Arc::new(script), Arc::new(DoorRules::default()), morning());
    assert!(exchange.run(100), "the call comes to rest");
    exchange
}

#[test]
fn two_parties_on_one_log_come_to_rest() {
    let keys = |text: &str| Line::Press(text.chars().filter_map(Key::from_char).collect());
    let script = vec![keys("11"), Line::Say("hello?".to_owned()), keys("42")];
    let exchange = visit(script.clone());
    assert_eq!(
        exchange.far().outcome().map(ToString::to_string),
        Some("opened".to_owned())
    );
    assert!(
        exchange.near().party().ended(),
        "the caller hears that the other end hung up"
    );
    assert_eq!(
        exchange.log(),
        visit(script).log(),
        "the same script gives the same call"
    );
}

#[test]
fn a_caller_who_hangs_up_ends_the_call_for_both() {
    let exchange = visit(vec![Line::Say("hello?".to_owned()), Line::HangUp]);
    assert_eq!(
        exchange.near().outcome().map(ToString::to_string),
        Some("user_ended".to_owned())
    );
    assert_eq!(
        exchange.far().outcome().map(ToString::to_string),
        Some("left".to_owned())
    );
}

#[test]
fn a_caller_walks_its_own_graph() {
    let script = vec![
        Line::Say("hello?".to_owned()),
        Line::Say("please".to_owned()),
        Line::HangUp,
    ];
    let graph = Caller::graph(&script);
    let exchange = visit(script);
    for (from, via, to) in exchange.near().visits().edges.keys() {
        assert!(
            graph.out(from).any(|e| e.label == *via && e.to == *to),
            "{from} {via} {to}"
        );
    }
    assert_eq!(exchange.near().visits().edges.len(), 3);
}

#[derive(Clone, Debug)]
enum Op {
    Hear(char),
    Back(usize),
    Forward(usize),
    Jump(usize),
    Fork,
    Switch(usize),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => prop::sample::select(vec!['1', '4', '2', '*']).prop_map(Op::Hear),
        2 => (0usize..150).prop_map(Op::Back),
        1 => (0usize..150).prop_map(Op::Forward),
        1 => (0usize..300).prop_map(Op::Jump),
        1 => Just(Op::Fork),
        1 => (0usize..4).prop_map(Op::Switch),
    ]
}

proptest! {
    /// Whatever the operator does, the session equals one that heard its log straight through, byte for byte, and the
    /// transcript and visit counts that were kept in step equal ones made anew.
    #[test]
    fn a_session_equals_a_straight_hearing_of_its_log(ops in prop::collection::vec(op(), 1..300)) {
        let mut session = patient();
        let mut transcript = Transcript::default();
        let at = session.start().clone();
        for op in ops {
            match op {
                Op::Hear(c) => { session.hear(key(c), at.clone()); }
                Op::Back(n) => { session.back(n); }
                Op::Forward(n) => { session.forward(n); }
                Op::Jump(n) => session.jump(n),
                Op::Fork => { session.fork("named"); }
                Op::Switch(n) => {
                    let forks = session.forks();
                    if let Some(fork) = forks.get(n) { session.switch(fork.tip); }
                }
            }
            transcript.sync(&session);
            let mut straight = patient();
            for entry in session.entries().take(session.cursor()) {
                straight.hear(entry.signal.clone(), entry.at.clone());
            }
            prop_assert_eq!(session.snapshot(), straight.snapshot());
            prop_assert_eq!(session.visits(), straight.visits());
            let anew = Transcript::of(&session);
            prop_assert_eq!(transcript.rows(), anew.rows());
        }
    }

    #[test]
    fn money_prints_and_reads_back(cents in -10_000_000_000i64..10_000_000_000) {
        let money = ivr_tui::call::Cents(cents);
        prop_assert_eq!(money.to_decimal().parse(), Ok(money));
    }

    #[test]
    fn reading_a_scenario_never_panics(text in "\\PC{0,80}") {
        let _ = Scenario::parse("s.json", &text);
    }
}

#[test]
fn checkpoints_are_passed_exactly_at_their_borders() {
    let mut session = patient();
    let at = session.start().clone();
    for _ in 0..CHECKPOINT_EVERY * 3 {
        session.hear(key('*'), at.clone());
    }
    for turn in [
        0,
        1,
        CHECKPOINT_EVERY - 1,
        CHECKPOINT_EVERY,
        CHECKPOINT_EVERY + 1,
        CHECKPOINT_EVERY * 3,
    ] {
        session.jump(turn);
        let mut straight = patient();
        for _ in 0..turn {
            straight.hear(key('*'), at.clone());
        }
        assert_eq!(session.snapshot(), straight.snapshot(), "turn {turn}");
    }
}

#[test]
fn money_is_shown_with_separators_and_the_sign_first() {
    let shown: Vec<_> = [123_450, -12_045, 0, 99, 100_000_000, i64::MIN]
        .map(|c| ivr_tui::call::Cents(c).to_string())
        .to_vec();
    assert_eq!(
        shown,
        [
            "$1,234.50",
            "-$120.45",
            "$0.00",
            "$0.99",
            "$1,000,000.00",
            "-$92,233,720,368,547,758.08"
        ]
    );
}

#[test]
fn a_graph_prints_as_mermaid_dot_and_text() {
    let graph = Door::graph(&DoorRules::default());
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        graph.to_mermaid(),
        graph.to_dot(),
        graph.to_text()
    ));
}

#[test]
fn every_who_is_a_word() {
    let all = [
        Who::Line,
        Who::Caller,
        Who::Keys,
        Who::Silence,
        Who::Action,
        Who::Outcome,
        Who::Note,
    ];
    assert_eq!(
        all.map(Who::word),
        ["line", "caller", "keys", "silence", "action", "outcome", "note"]
    );
}

#[test]
fn a_file_of_sound_does_not_pass_for_heard() {
    let text = r#"{"events": [{"event_type": "audio", "file": "yes.wav"}]}"#;
    let mut player = Player::new(Arc::new(Scenario::parse("x.json", text).unwrap()));
    let mut driver = Driver::<Door>::new(Arc::new(DoorRules::default()), morning());
    player.run(&mut driver);
    assert!(!player.passed(&driver));
}
