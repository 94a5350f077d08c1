//! The collections agent through the public API: its rules one by one, its conversation, its graph and its invariants.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

use ivr_tui::call::{Action, At, Key, Party, Session, Signal, Turn};
use ivr_tui::collections::node::TRANSITIONS;
use ivr_tui::collections::{Agent, Outcome, Rules};
use ivr_tui::line::{Line, catalog};
use jiff::civil::date;
use jiff::{SignedDuration, Zoned};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

fn rules_with(context: Value, policy: Value) -> Arc<Rules> {
    let map = |v: Value| v.as_object().cloned().unwrap_or_else(Map::new);
    match catalog::collections("austin", &map(context), &map(policy)) {
        Ok(Line::Collections(rules)) => rules,
        other => panic!("{other:?}"),
    }
}

fn rules() -> Arc<Rules> {
    rules_with(json!({}), json!({}))
}

fn start() -> Zoned {
    date(2026, 2, 10)
        .at(10, 0, 0, 0)
        .in_tz("America/Chicago")
        .unwrap()
}

/// A call under way.
struct Call {
    session: Session<Agent>,
    now: At,
}

impl Call {
    fn new(rules: Arc<Rules>) -> Self {
        let mut call = Self {
            session: Session::new(rules, start()),
            now: At::start(start()),
        };
        call.hear(Signal::Start);
        call
    }

    fn hear(&mut self, signal: Signal) -> Turn {
        let turn = self.session.hear(signal, self.now.clone()).turn.clone();
        self.now = self.now.later(SignedDuration::from_secs(25));
        turn
    }

    fn say(&mut self, text: &str) -> Turn {
        self.hear(Signal::say(text))
    }

    fn keys(&mut self, keys: &str) -> Turn {
        let mut turn = Turn::default();
        for c in keys.chars() {
            let key = Key::from_char(c).unwrap();
            turn = self.session.hear(Signal::key(key), self.now.clone()).turn.clone();
            self.now = self.now.later(SignedDuration::from_millis(250));
        }
        self.now = self.now.later(SignedDuration::from_secs(25));
        turn
    }

    fn verified() -> Self {
        let mut call = Self::new(rules());
        call.say("yes this is Alex");
        call.say("78701");
        assert_eq!(call.state("right_party_verified"), json!(true));
        call
    }

    fn state(&self, path: &str) -> Value {
        let tree = self.session.party().inspect(self.session.rules());
        path.split('.')
            .fold(tree, |v, part| v.get(part).cloned().unwrap_or(Value::Null))
    }

    fn outcome(&self) -> String {
        self.session
            .outcome()
            .map_or_else(|| "none".to_owned(), ToString::to_string)
    }

    fn node(&self) -> String {
        self.session.party().node().to_string()
    }
}

fn names(turn: &Turn) -> Vec<&'static str> {
    turn.actions.iter().map(Action::name).collect()
}

/// Says each line after verification; the outcome of the call.
fn after_verification(lines: &[&str]) -> (String, Call) {
    let mut call = Call::verified();
    for line in lines {
        call.say(line);
    }
    (call.outcome(), call)
}

#[test]
fn the_state_has_every_key_of_the_contract() {
    let call = Call::new(rules());
    let tree = call.session.party().inspect(call.session.rules());
    for key in [
        "phase",
        "turn_count",
        "right_party_verified",
        "right_party_confidence",
        "verification_attempts",
        "silence_count",
        "last_proposed_payment_date",
        "escalation_flag",
        "target_reached",
        "consent_to_continue",
        "disclosure_delivered",
        "mini_miranda_acknowledged",
        "negotiation_proposals_count",
        "reconduction_attempts",
        "clarification_attempts",
        "last_user_utterance",
        "last_assistant_question",
        "last_assistant_intent",
        "user_sentiment",
        "wrong_party_indicated",
        "voicemail_detected",
        "dispute_flag",
        "hardship_flag",
        "cease_contact_requested",
        "promise_to_pay",
        "callback",
        "escalation_reason",
        "end_reason",
    ] {
        assert!(tree.get(key).is_some(), "{key}");
    }
    assert_eq!(tree.get("turn_count"), Some(&json!(1)));
    assert_eq!(tree.get("last_assistant_intent"), Some(&json!("request_target")));
}

#[test]
fn a_promise_is_made_at_once_for_what_was_offered() {
    for (line, day, amount) in [
        ("yes", "2026-02-10", "240.00"),
        ("yes I can", "2026-02-10", "240.00"),
        ("sure, I'll pay it today", "2026-02-10", "240.00"),
        ("I can pay it tomorrow", "2026-02-11", "240.00"),
        ("I'll do it at the end of the month", "2026-02-28", "240.00"),
        ("not today, but I can pay on the 20th", "2026-02-20", "240.00"),
        ("put me down for February 20", "2026-02-20", "240.00"),
        ("I can pay 100 dollars on the 20th", "2026-02-20", "100.00"),
        ("I can pay half tomorrow", "2026-02-11", "120.00"),
    ] {
        let (outcome, call) = after_verification(&[line]);
        assert_eq!(outcome, "ptp_set", "{line}");
        assert_eq!(
            call.state("promise_to_pay"),
            json!({"date": day, "amount": amount, "confirmed": true}),
            "{line}"
        );
    }
}

#[test]
fn nothing_else_is_a_promise() {
    for line in [
        "I can't pay that",
        "I can't pay that today",
        "not today",
        "okay, but not today",
        "okay but I can't",
        "yes but I lost my job",
        "I get paid on the 20th",
        "my birthday is tomorrow",
        "I paid last Friday",
        "I might be able to on Friday",
        "yes I understand",
        "what happens tomorrow",
        "maybe",
        "I don't know",
        "if I get paid I can pay on the 20th",
        "I won't pay",
        "yes, who is this?",
        "I can pay on January 5",
        "I can pay next month",
        "Friday",
        "I'm not going to pay it today",
        "yes what about it",
        "no way I'm paying today",
        "I could never pay that today",
        "not the 20th",
    ] {
        let (_, call) = after_verification(&[line]);
        assert_eq!(call.state("promise_to_pay.confirmed"), json!(false), "{line}");
    }
}

#[test]
fn a_yes_to_which_day_is_no_promise() {
    let (outcome, call) = after_verification(&["no", "yes"]);
    assert_eq!((outcome.as_str(), call.node().as_str()), ("none", "ask_date"));
}

#[test]
fn refusals_go_down_the_ladder() {
    let (outcome, call) = after_verification(&["no"]);
    assert_eq!((outcome.as_str(), call.node().as_str()), ("none", "ask_date"));
    let (outcome, call) = after_verification(&["no", "no"]);
    assert_eq!((outcome.as_str(), call.node().as_str()), ("none", "offer_half"));
    assert_eq!(
        after_verification(&["no", "no", "no"]).0,
        "escalated_multiple_refusals"
    );
    assert_eq!(
        after_verification(&["I can't pay that", "I won't pay"]).0,
        "escalated_hard_refusal"
    );
    let (outcome, call) = after_verification(&["no", "no", "yes"]);
    assert_eq!(outcome, "ptp_set");
    assert_eq!(
        call.state("promise_to_pay"),
        json!({"date": "2026-02-17", "amount": "120.00", "confirmed": true})
    );
}

#[test]
fn not_understood_twice_in_a_row_a_person_takes_over() {
    assert_eq!(
        after_verification(&["purple monkey", "dishwasher elephants"]).0,
        "escalated_low_confidence"
    );
    assert_eq!(
        after_verification(&["purple monkey", "no", "dishwasher elephants"]).0,
        "none"
    );
}

#[test]
fn rule_1_before_verification_no_word_of_a_debt() {
    for line in [
        "who is this",
        "what is this about",
        "is this about a debt",
        "how much do I owe",
        "are you a robot",
        "I lost my job",
        "repeat that",
        "I don't trust you",
    ] {
        for first in ["", "yes"] {
            let mut call = Call::new(rules());
            if !first.is_empty() {
                call.say(first);
            }
            let turn = call.say(line);
            assert_eq!(
                rules().policy.debt_words(&turn.text()),
                Vec::<String>::new(),
                "{line}: {}",
                turn.text()
            );
        }
    }
}

#[test]
fn rule_2_a_third_party_who_knows_the_zip_is_still_a_third_party() {
    for lines in [
        &["no, this is his wife", "78701"][..],
        &["yes", "this is his wife, the zip is 78701"],
        &["he's not here, but it's 78701", "seven eight seven oh one"],
    ] {
        let mut call = Call::new(rules());
        for line in lines {
            call.say(line);
        }
        assert_eq!(call.state("right_party_verified"), json!(false), "{lines:?}");
        assert_eq!(call.state("disclosure_delivered"), json!(false), "{lines:?}");
    }
}

#[test]
fn rule_3_the_disclosure_is_said_whole_and_ends_by_asking_about_today() {
    let mut call = Call::new(rules());
    call.say("speaking");
    let turn = call.say("seventy eight thousand seven hundred and one");
    assert_eq!(turn.intent, "deliver_disclosure");
    let text = turn.text();
    assert!(
        text.contains("attempt to collect a debt") && text.contains("will be used for that purpose"),
        "{text}"
    );
    assert!(text.ends_with("today?"), "{text}");
}

#[test]
fn rules_4_to_8_hold_at_every_phase_and_outrank_the_turn_limit() {
    let before: [&[&str]; 4] = [&[], &["yes"], &["yes", "78701"], &["yes", "78701", "no"]];
    for lines in before {
        for (line, outcome, action) in [
            ("stop calling me", "cease_contact", "mark_do_not_contact"),
            ("I don't owe this", "escalated_dispute", "escalate_to_human"),
            ("I already paid this", "already_paid", "escalate_to_human"),
            (
                "someone stole my identity",
                "escalated_dispute",
                "escalate_to_human",
            ),
            ("I have a lawyer", "attorney_represented", "log_event"),
            ("I filed for bankruptcy", "bankruptcy", "log_event"),
            ("she passed away", "deceased", "log_event"),
            ("I'm driving", "busy", "set_outcome"),
            ("call me tomorrow at 3 pm", "callback_set", "schedule_callback"),
            ("I want to kill myself", "hardship", "escalate_to_human"),
        ] {
            for limit in [25, lines.len() + 2] {
                let mut call = Call::new(rules_with(
                    json!({}),
                    json!({"limits": {"max_total_turns": limit}}),
                ));
                for l in lines {
                    call.say(l);
                }
                let turn = call.say(line);
                assert_eq!(call.outcome(), outcome, "{lines:?} then {line}");
                assert!(names(&turn).contains(&action), "{line}: {:?}", names(&turn));
                assert!(!turn.why.is_empty(), "{line}");
            }
        }
    }
}

#[test]
fn rule_7_a_callback_is_kept_only_inside_the_lawful_window() {
    let mut call = Call::new(rules());
    let turn = call.say("call me tomorrow at 11 pm");
    assert_eq!(
        (call.outcome().as_str(), call.node().as_str()),
        ("none", "callback_time")
    );
    assert!(turn.text().contains("between 8 AM and 9 PM"), "{}", turn.text());
    call.say("ok then at 9 am");
    assert_eq!(call.outcome(), "callback_set");
    let mut call = Call::new(rules());
    call.say("not a good time");
    assert_eq!(
        (call.outcome(), call.state("callback.requested")),
        ("busy".to_owned(), json!(true))
    );
}

#[test]
fn rule_8_gives_the_crisis_line() {
    let turn = Call::verified().say("I just want to die");
    assert!(turn.text().contains("988"));
}

#[test]
fn rule_10_a_machine_hears_the_limited_content_message_alone() {
    for signal in [
        Signal::Machine,
        Signal::say("please leave a message after the tone"),
    ] {
        let mut call = Call::new(rules());
        let turn = call.hear(signal);
        assert_eq!(call.outcome(), "voicemail_left");
        assert_eq!(turn.say.len(), 1);
        assert_eq!(
            turn.text(),
            "Hello, this is a message from Northstar. Please call Miss North back at +1 (555) 010-1000."
        );
    }
}

#[test]
fn rule_11_says_that_it_is_automated() {
    let mut call = Call::new(rules());
    let turn = call.say("are you a robot?");
    assert!(turn.text().contains("automated assistant"), "{}", turn.text());
    assert_eq!(call.node(), "greeting");
}

#[test]
fn rule_12_volunteered_secrets_are_interrupted_and_not_kept() {
    for line in ["my social is 123-45-6789", "it's 4111 1111 1111 1111"] {
        let mut call = Call::new(rules());
        call.say("yes");
        let turn = call.say(line);
        assert!(turn.text().contains("Please do not share"), "{}", turn.text());
        assert_eq!(call.state("verification_attempts"), json!(0));
        let state = call.session.snapshot();
        assert!(
            !state.contains("6789") && !state.contains("4111") && !state.contains("1111"),
            "{state}"
        );
    }
}

#[test]
fn verification_has_three_attempts_and_takes_keys() {
    let mut call = Call::new(rules());
    call.say("yes");
    for _ in 0..3 {
        call.say("11111");
    }
    assert_eq!(call.outcome(), "verification_failed");
    let mut call = Call::new(rules());
    call.keys("1");
    call.keys("78701");
    assert_eq!(call.state("right_party_verified"), json!(true));
    call.keys("2");
    assert_eq!(call.node(), "ask_date");
    let mut call = Call::new(rules());
    call.say("yes");
    let turn = call.keys("787#");
    assert!(turn.text().contains("five digits"), "{}", turn.text());
    let mut call = Call::new(rules());
    call.say("yes");
    call.say("I'm not giving you that");
    call.say("I'd rather not say");
    assert_eq!(call.outcome(), "verification_refused");
}

#[test]
fn keys_that_run_on_after_the_zip_answer_nothing() {
    let mut call = Call::new(rules());
    call.say("yes");
    call.keys("787011");
    assert_eq!(
        (call.outcome(), call.node()),
        ("none".to_owned(), "ask_today".to_owned())
    );
}

#[test]
fn limits_end_the_call() {
    let mut call = Call::new(rules());
    for _ in 0..3 {
        call.hear(Signal::Silence);
    }
    assert_eq!(call.outcome(), "silence_timeout");
    let mut call = Call::new(rules());
    for _ in 0..30 {
        call.say("repeat that");
    }
    assert_eq!(
        (call.outcome(), call.state("turn_count")),
        ("max_turns".to_owned(), json!(25))
    );
}

#[test]
fn after_the_end_nothing_changes() {
    let (_, mut call) = after_verification(&["yes"]);
    let before = call.session.snapshot();
    for signal in [
        Signal::say("stop calling me"),
        Signal::Hangup,
        Signal::Silence,
        Signal::Start,
        Signal::Machine,
    ] {
        let turn = call.hear(signal);
        assert_eq!((turn.intent.as_str(), turn.actions.len()), ("already_closed", 0));
    }
    assert_eq!(call.session.snapshot(), before);
}

#[test]
fn what_the_caller_said_is_masked_of_every_number() {
    let mut call = Call::new(rules());
    call.say("yes");
    call.say("it's seven eight seven oh two");
    assert_eq!(call.state("last_user_utterance"), json!("it's •••"));
}

#[test]
fn a_spoken_turn_has_two_sentences_and_one_question_at_most() {
    let abbreviations = |text: &str| text.matches(['.', '?', '!']).count();
    for (session, _) in walks() {
        for entry in session.entries() {
            if entry.turn.intent == "deliver_disclosure" {
                continue;
            }
            // A decimal point ends no sentence.
            let text = entry.turn.text().replace(".00", "").replace(".50", "");
            assert!(
                abbreviations(&text) <= 3 && text.matches('?').count() <= 1,
                "{text}"
            );
        }
    }
}

/// Scripted and drawn walks over the alphabet and over sentences.
fn walks() -> Vec<(Session<Agent>, u64)> {
    let sentences = [
        "yes",
        "no",
        "this is Alex",
        "78701",
        "I can pay friday",
        "I can pay tomorrow",
        "I lost my job",
        "half",
        "call me tomorrow",
        "at 3 pm",
        "I can't pay",
        "hold on",
        "hello",
        "he's not here",
        "wrong number",
        "next month",
        "what",
        "maybe friday",
        "I don't know",
        "goodbye",
        "later this month",
    ];
    (0..400u64)
        .map(|seed| {
            let limits = json!({"limits": {"max_total_turns": if seed % 7 == 0 { 6 } else { 25 }}});
            let mut session = Session::<Agent>::new(rules_with(json!({}), limits), start());
            let mut now = At::start(start());
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut draw = |n: usize| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                usize::try_from(state % n as u64).unwrap()
            };
            if seed % 11 != 0 {
                session.hear(Signal::Start, now.clone());
            }
            for _ in 0..14 {
                let alphabet = session.party().alphabet(session.rules());
                let signal = if session.party().ended() {
                    break;
                } else if draw(3) > 0 {
                    Signal::say(sentences[draw(sentences.len())])
                } else {
                    alphabet[draw(alphabet.len())].clone()
                };
                session.hear(signal, now.clone());
                now = now.later(SignedDuration::from_secs(20));
            }
            (session, seed)
        })
        .collect()
}

/// Walks that reach the edges chance does not.
fn scripted() -> Vec<Session<Agent>> {
    let scripts: &[&[&str]] = &[
        &["yes", "78701", "yes"],
        &["hold on", "yes"],
        &["hold on", "hello", "yes"],
        &["hold on", "he's not here"],
        &["hold on", "wrong number"],
        &["hold on", "stop calling"],
        &["this is his wife", "hold on", "yes"],
        &["this is his wife", "no"],
        &["this is his wife", "wrong number"],
        &["this is his wife", "stop calling"],
        &["I don't want to talk to you", "I don't want to talk"],
        &["yes", "this is his wife"],
        &["yes", "wrong number"],
        &["yes", "I'm not giving you that", "I'd rather not say"],
        &["yes", "11111", "11111", "11111"],
        &["yes", "78701", "I can only pay part of it", "yes"],
        &[
            "yes",
            "78701",
            "I can only pay part of it",
            "I can pay friday",
            "yes",
        ],
        &["yes", "78701", "no", "I can pay friday", "no", "no", "payday"],
        &["yes", "78701", "no", "I can pay on the 20th"],
        &["yes", "78701", "no", "I can pay part of it", "no"],
        &["yes", "78701", "no", "next month", "next month", "next month"],
        &["yes", "78701", "fuck you", "fuck you"],
        &["yes", "78701", "I can pay friday", "I can only pay part of it"],
        &["yes", "78701", "I can pay friday", "fuck you", "fuck you"],
        &["yes", "78701", "I can pay friday", "stop calling"],
        &["yes", "78701", "I lost my job", "no"],
        &["yes", "78701", "I lost my job", "payday"],
        &["yes", "78701", "I lost my job", "yes"],
        &["yes", "78701", "I lost my job", "I can pay friday"],
        &["yes", "78701", "I lost my job", "I can pay tomorrow"],
        &["yes", "78701", "I lost my job", "I am unemployed"],
        &["yes", "78701", "no", "no", "stop calling"],
        &["call me tomorrow", "no"],
        &["call me tomorrow", "stop calling"],
        &["call me tomorrow", "at 3 pm"],
        &["purple monkey", "purple monkey"],
        &["goodbye"],
        &["I have a lawyer"],
        &["I want to die"],
        &["I don't owe this"],
        &["representative"],
        &["I'm driving"],
        &["", "", ""],
        &["leave a message after the tone"],
    ];
    scripts
        .iter()
        .map(|lines| {
            let mut call = Call::new(rules());
            for line in *lines {
                call.say(line);
            }
            call.session
        })
        .collect()
}

#[test]
fn the_graph_and_the_behaviour_agree_both_ways() {
    let graph = Agent::graph(&rules());
    let declared: BTreeSet<(String, String, String)> = graph
        .edges
        .iter()
        .map(|e| (e.from.to_string(), e.label.to_string(), e.to.to_string()))
        .collect();
    assert_eq!(declared.len(), TRANSITIONS.len());
    let mut taken = BTreeSet::new();
    let all = walks().into_iter().map(|(s, _)| s).chain(scripted());
    for session in all {
        for entry in session.entries() {
            let mut from = entry.from.to_string();
            for hop in &entry.turn.trail {
                let edge = (from.clone(), hop.via.to_string(), hop.to.to_string());
                assert!(declared.contains(&edge), "undeclared {edge:?}");
                from.clone_from(&edge.2);
                taken.insert(edge);
            }
            assert_eq!(from, entry.node.to_string());
        }
    }
    let never: Vec<_> = declared.difference(&taken).collect();
    assert!(never.is_empty(), "declared and never taken: {never:?}");
}

#[test]
fn no_walk_breaks_an_invariant() {
    for (session, seed) in walks() {
        for (i, entry) in session.entries().enumerate() {
            assert!(
                entry.violations.is_empty(),
                "seed {seed}, entry {i}: {:?} {:?}",
                entry.violations,
                entry.turn.text()
            );
        }
    }
}

#[test]
fn every_outcome_has_its_own_code() {
    let codes: BTreeSet<&str> = Outcome::ALL.iter().map(|o| o.code()).collect();
    assert_eq!(codes.len(), Outcome::ALL.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_words_and_keys_are_heard_and_break_nothing(lines in prop::collection::vec("(\\PC{0,40}|yes|78701|no|[0-9#*]{1,6}|stop calling me|I can pay (friday|today|tomorrow))", 1..12)) {
        let mut session = Session::<Agent>::new(rules(), start());
        let mut now = At::start(start());
        session.hear(Signal::Start, now.clone());
        for line in &lines {
            now = now.later(SignedDuration::from_secs(9));
            let keys: Vec<Key> = line.chars().filter_map(Key::from_char).collect();
            if !keys.is_empty() && keys.len() == line.chars().count() && line.len() % 2 == 0 {
                for key in keys {
                    session.hear(Signal::key(key), now.clone());
                }
            } else {
                session.hear(Signal::say(line.clone()), now.clone());
            }
        }
        for entry in session.entries() {
            prop_assert!(entry.violations.is_empty(), "{:?}", entry.violations);
        }
        let back: Agent = serde_json::from_str(&session.snapshot()).unwrap();
        prop_assert_eq!(&back, session.party());
    }
}
