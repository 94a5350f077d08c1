//! The flow engine through its public API: what is said, what is waited for, and that the graph is what runs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

use ivr_tui::call::{
    Action, At, Deadline, DeadlineKind, Expect, GraphEdge, Heard, Key, Party, Reading, Redacted, Score,
    Session, Signal, TimerId, Turn,
};
use ivr_tui::ivr::{Ivr, Rules};
use ivr_tui::line::{Driver, Line, catalog};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

/// A shipped flow, loaded once, and the edges of its graph.
struct Shipped {
    rules: Arc<Rules>,
    edges: BTreeSet<String>,
}

static SHIPPED: LazyLock<BTreeMap<&str, Shipped>> = LazyLock::new(|| {
    let load = |id: &'static str| {
        let Line::Ivr(rules) = catalog::shipped(id).unwrap().unwrap() else {
            panic!("{id} is no phone menu")
        };
        let graph = Ivr::graph(&rules);
        let edge = |e: &GraphEdge| format!("{} -{}-> {}", e.from, e.label, e.to);
        let edges: BTreeSet<String> = graph.edges.iter().map(edge).collect();
        assert_eq!(edges.len(), graph.edges.len(), "an edge is declared twice");
        (id, Shipped { rules, edges })
    };
    catalog::FLOWS.iter().map(|f| load(f.id)).collect()
});

fn rules(flow: &str) -> Arc<Rules> {
    Arc::clone(&SHIPPED[flow].rules)
}

/// A caller at the bank, or at another shipped flow.
struct Call {
    session: Session<Ivr>,
    since: SignedDuration,
}

impl Call {
    fn to(flow: &str) -> Self {
        Self::with(rules(flow))
    }

    fn with(rules: Arc<Rules>) -> Self {
        let civil = "2025-10-09T10:00:00[America/Chicago]".parse().unwrap();
        let mut call = Self {
            session: Session::new(rules, civil),
            since: SignedDuration::ZERO,
        };
        call.hear(Signal::Start);
        call
    }

    fn verified() -> Self {
        let mut call = Self::to("bank");
        call.keys("10000001").keys("0000");
        assert_eq!(call.node(), "main");
        call
    }

    fn hear(&mut self, signal: Signal) -> Turn {
        let at = At {
            since: self.since,
            ..self.session.start().clone()
        };
        self.session.hear(signal, at).turn.clone()
    }

    fn key(&mut self, key: char) -> Turn {
        self.hear(Signal::key(Key::from_char(key).unwrap()))
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.chars() {
            self.key(key);
        }
        self
    }

    fn say(&mut self, text: &str) -> Turn {
        self.hear(Signal::say(text))
    }

    fn wait(&mut self, ms: i64) {
        self.since += SignedDuration::from_millis(ms);
    }

    fn last(&self) -> Turn {
        self.session.last().unwrap().turn.clone()
    }

    fn text(&self) -> String {
        self.last().text()
    }

    fn node(&self) -> String {
        self.session.party().node().to_string()
    }

    fn outcome(&self) -> Option<String> {
        self.session.outcome().map(ToString::to_string)
    }

    fn inspect(&self, name: &str) -> serde_json::Value {
        self.session.party().inspect(self.session.rules())[name].clone()
    }
}

fn digits(min: u8, max: u8, secret: bool) -> Expect {
    Expect::Digits {
        min,
        max,
        end: Some(Key::Hash),
        secret,
    }
}

const MAIN: &str = "Main menu. For deposit accounts press 1. For cards press 2. For loans press 3. For rewards press 4. \
                    To switch profile press 5. To end the call press 0.";

// ---------------------------------------------------------------- what callers hear

#[test]
fn every_announcement_of_both_customers() {
    let mut heard = String::new();
    for (id, pin) in [("10000001", "0000"), ("20000002", "1111")] {
        let mut call = Call::to("bank");
        call.keys(id).keys(pin);
        writeln!(heard, "{}", call.text()).unwrap();
        for (menu, choices) in [
            ("1", ["1", "2", "31", "4"].as_slice()),
            ("2", &["1", "2", "3"]),
            ("3", &["1", "2", "3"]),
            ("4", &["1", "2", "3"]),
        ] {
            writeln!(heard).unwrap();
            call.keys(menu);
            let prompt = call.text();
            writeln!(heard, "{menu}   {prompt}").unwrap();
            for choice in choices {
                call.keys(choice);
                assert_eq!(call.last().intent, "announce");
                let text = call.text();
                // The menu replays after the announcement.
                let announcement = text.strip_suffix(&prompt).unwrap().trim_end();
                writeln!(heard, "{menu}{choice:<2} {announcement}").unwrap();
            }
            assert_eq!(call.key('9').text(), MAIN);
        }
        writeln!(heard).unwrap();
    }
    insta::assert_snapshot!(heard);
}

#[test]
fn the_second_account_is_chosen_by_key_or_by_name() {
    for choice in [
        "2",
        "option two",
        "savings",
        "the savings account please",
        "the second one",
        "zero nine eight seven",
        "high yield savings please",
        "the one ending in 0987",
    ] {
        let mut call = Call::verified();
        call.keys("13");
        assert_eq!(call.node(), "transactions");
        if choice == "2" {
            call.key('2')
        } else {
            call.say(choice)
        };
        assert_eq!(
            call.text().split(" Deposit accounts.").next().unwrap(),
            "High-Yield Savings ending in 0987: 2025-09-30 INT EARNED $8.91; 2025-09-15 TRANSFER TO CHECKING -$400.00.",
            "{choice}"
        );
        assert_eq!(call.node(), "deposits");
    }
}

#[test]
fn options_can_be_said_and_what_fits_two_is_no_match() {
    let mut call = Call::verified();
    for (said, node) in [
        ("checking please", "deposits"),
        ("uh balances", "deposits"),
        ("return to the main menu", "main"),
        ("two", "cards"),
        ("main menu", "main"),
        ("option three", "loans"),
        ("autopay", "loans"),
        ("go back", "main"),
        ("rewrads", "rewards"),
        ("nine", "main"),
    ] {
        let turn = call.say(said);
        assert_eq!(call.node(), node, "{said}");
        assert!(turn.nlu.is_some());
    }
    let refused = call.say("cards or loans");
    assert_eq!(refused.intent, "no_match");
    assert_eq!(refused.text(), format!("That is not one of the options. {MAIN}"));
    assert_eq!(call.say("I do not want loans").intent, "no_match");
}

#[test]
fn digits_can_be_said_in_any_way() {
    for id in [
        "one zero zero zero zero zero zero one",
        "1000 0001",
        "one oh oh oh, oh oh oh one",
        "my id is 10000001",
    ] {
        for pin in [
            "zero zero zero zero",
            "0000",
            "oh oh oh oh",
            "double zero double zero",
        ] {
            let mut call = Call::to("bank");
            call.say(id);
            assert_eq!(call.node(), "pin", "{id}");
            call.say(pin);
            assert_eq!(call.node(), "main", "{pin}");
        }
    }
    let mut call = Call::to("bank");
    call.keys("1000");
    assert_eq!(
        call.say("zero zero zero one").text(),
        "Now enter your four digit PIN."
    );
    let mut call = Call::to("bank");
    call.say("one zero zero zero");
    assert_eq!(call.inspect("entry"), "1000");
    assert_eq!(call.last().deadline.unwrap().kind, DeadlineKind::InterDigit);
}

// ---------------------------------------------------------------- entering digits

#[test]
fn an_entry_ends_at_its_count_and_a_hash_after_it_belongs_to_it() {
    let mut call = Call::to("bank");
    call.keys("10000001");
    assert_eq!(call.text(), "Now enter your four digit PIN.");
    let swallowed = call.key('#');
    assert!(swallowed.is_quiet());
    assert_eq!(swallowed.expect, digits(4, 4, true));
    assert!(swallowed.deadline.is_some());
    call.keys("0000#");
    assert_eq!(call.node(), "main");
    assert_eq!(call.key('#').intent, "no_match");
}

#[test]
fn a_hash_after_a_menu_choice_belongs_to_the_choice() {
    let mut call = Call::verified();
    call.keys("1");
    assert!(call.key('#').is_quiet());
    assert_eq!(call.key('#').intent, "no_match");
}

#[test]
fn a_partial_entry_is_refused_with_how_many_were_expected() {
    let early = "I heard 3 digits and expected 8. Please enter your eight digit customer ID.";
    let mut call = Call::to("bank");
    assert_eq!(call.keys("100").key('#').text(), early);
    assert_eq!(call.last().intent, "no_match");
    assert_eq!(call.inspect("entry"), "");

    let mut call = Call::to("bank");
    call.keys("100");
    let armed = call.last().deadline.unwrap();
    assert_eq!(
        (armed.kind, armed.after),
        (DeadlineKind::InterDigit, SignedDuration::from_secs(4))
    );
    call.wait(4_000);
    assert_eq!(call.hear(Signal::Timer { timer: armed.timer }).text(), early);

    let mut call = Call::to("bank");
    assert_eq!(call.keys("100").hear(Signal::Silence).text(), early);

    let mut call = Call::to("bank");
    assert_eq!(call.keys("100").say("hello there").text(), early);
}

#[test]
fn each_digit_arms_its_own_deadline_and_an_old_one_is_ignored() {
    let mut call = Call::to("bank");
    call.keys("1");
    let first = call.last().deadline.unwrap();
    call.wait(3_000);
    call.keys("0");
    let second = call.last().deadline.unwrap();
    assert_ne!(first.timer, second.timer);
    call.wait(1_500);
    let before = call.session.snapshot();
    let stale = call.hear(Signal::Timer { timer: first.timer });
    assert_eq!(call.session.snapshot(), before);
    assert!(stale.is_quiet());
    let left = Deadline {
        after: SignedDuration::from_millis(2_500),
        ..second
    };
    assert_eq!(stale.deadline, Some(left));
    assert_eq!(stale.expect, digits(8, 8, false));
}

#[test]
fn a_swallowed_hash_leaves_the_callers_time_after_the_prompt_as_it_was() {
    let civil = "2025-10-09T10:00:00[America/Chicago]".parse().unwrap();
    let mut driver = Driver::<Ivr>::new(rules("bank"), civil).with_speaking_rate(15);
    driver.handle(Signal::Start);
    for key in "100000010000".chars() {
        driver.handle(Signal::key(Key::from_char(key).unwrap()));
    }
    let before = driver.armed();
    driver.advance(SignedDuration::from_millis(300));
    driver.handle(Signal::key(Key::Hash));
    assert_eq!(driver.armed(), before);
    assert!(driver.poll_timeout() > Some(SignedDuration::from_secs(15)));
}

#[test]
fn star_takes_a_half_entry_back_and_repeats_a_prompt() {
    let mut call = Call::to("bank");
    assert_eq!(
        call.keys("12").key('*').text(),
        "Cleared. Please enter your eight digit customer ID."
    );
    assert_eq!(call.last().intent, "repeat");
    assert_eq!(call.key('*').text(), "Please enter your eight digit customer ID.");
    call.keys("10000001").keys("0000");
    assert_eq!(call.node(), "main");
    assert_eq!(call.key('*').text(), MAIN);
    assert_eq!(call.say("say that again").text(), MAIN);
}

#[test]
fn half_entered_pins_are_dots_in_the_inspector() {
    let mut call = Call::to("bank");
    call.keys("10000001").keys("00");
    assert_eq!(call.inspect("entry"), "●●");
    assert_eq!(call.inspect("variables")["candidate"], "●●●●");
    assert_eq!(call.inspect("variables")["customer"], Value::Null);
    call.keys("00");
    assert_eq!(call.inspect("variables")["customer"], "10000001");
    let state = call.session.snapshot();
    assert!(!state.contains("0000\""), "{state}");
}

// ---------------------------------------------------------------- limits

#[test]
fn the_third_wrong_pin_at_log_in_ends_the_call() {
    let mut call = Call::to("bank");
    call.keys("10000001");
    assert_eq!(
        call.keys("9999").text(),
        "That PIN is not right. You have 2 tries left. Now enter your four digit PIN."
    );
    assert_eq!(call.last().intent, "wrong_pin");
    assert_eq!(
        call.keys("9998").text(),
        "That PIN is not right. You have 1 try left. Now enter your four digit PIN."
    );
    call.keys("9997");
    assert_eq!(
        call.text(),
        "I could not verify you. Please visit a branch. Goodbye."
    );
    assert_eq!(
        call.last().actions,
        [
            Action::SetOutcome {
                outcome_code: "verification_failed".into()
            },
            Action::EndCall {
                reason: "verification_failed".into()
            }
        ]
    );
    assert_eq!(call.last().expect, Expect::Nothing);
    assert_eq!(call.last().intent, "goodbye");
    let after = call.key('#');
    assert_eq!(
        (after.intent.as_str(), after.is_quiet(), after.deadline),
        ("already_closed", true, None)
    );
}

#[test]
fn unknown_customers_are_refused_three_times() {
    let mut call = Call::to("bank");
    assert_eq!(
        call.keys("12345678").text(),
        "I do not know that customer ID. Please enter your eight digit customer ID."
    );
    call.keys("1234567812345678");
    assert_eq!(call.outcome().as_deref(), Some("verification_failed"));
}

#[test]
fn silence_is_asked_about_twice_and_then_ends_the_call() {
    let mut call = Call::verified();
    let armed = call.last().deadline.unwrap();
    assert_eq!(
        (armed.kind, armed.after),
        (DeadlineKind::NoInput, SignedDuration::from_secs(10))
    );
    assert_eq!(
        call.hear(Signal::Silence).text(),
        format!("I did not hear anything. {MAIN}")
    );
    let timer = call.last().deadline.unwrap().timer;
    assert_eq!(call.hear(Signal::Timer { timer }).intent, "no_input");
    assert_eq!(call.say("  ").text(), "I still do not hear you. Goodbye.");
    assert_eq!(call.outcome().as_deref(), Some("silence_timeout"));
}

#[test]
fn any_choice_in_between_forgets_silence_and_wrong_keys() {
    let mut call = Call::verified();
    for _ in 0..4 {
        call.hear(Signal::Silence);
        call.hear(Signal::Silence);
        call.keys("8").keys("8").keys("1").keys("9");
    }
    assert_eq!(call.node(), "main");
    call.keys("888");
    assert_eq!(call.outcome().as_deref(), Some("no_match_limit"));
}

#[test]
fn a_caller_can_end_the_call_by_key_by_word_and_by_hanging_up() {
    for end in [
        |c: &mut Call| c.key('0'),
        |c: &mut Call| c.say("goodbye"),
        |c: &mut Call| c.say("hang up please"),
        |c: &mut Call| c.hear(Signal::Hangup),
    ] {
        for menu in ["", "1", "13", "2", "3", "4", "5"] {
            let mut call = Call::verified();
            call.keys(menu);
            assert!(end(&mut call).ends_call(), "{menu}");
            assert_eq!(call.outcome().as_deref(), Some("user_ended"));
        }
    }
    let mut call = Call::to("bank");
    assert!(call.say("goodbye").ends_call());
}

// ---------------------------------------------------------------- switching profile

#[test]
fn profiles_are_numbered_and_named_only_after_their_pin() {
    let mut call = Call::verified();
    call.keys("5");
    assert_eq!(
        call.text(),
        "Switch profile. For profile 1 press 1. For profile 2 press 2. To cancel press 9."
    );
    assert_eq!(call.keys("2").text(), "Enter the four digit PIN of that profile.");
    assert_eq!(call.last().expect, digits(4, 4, true));
    assert_eq!(
        call.keys("1111").text(),
        format!("Thank you, Riley Martinez. {MAIN}")
    );
    assert_eq!(call.inspect("variables")["customer"], "20000002");
}

#[test]
fn a_wrong_pin_of_another_profile_can_be_tried_again_or_cancelled() {
    let mut call = Call::verified();
    call.keys("52").keys("0000");
    assert_eq!(
        call.text(),
        "That PIN is not right. To try again press 1. To cancel press 9."
    );
    call.keys("9");
    assert_eq!(call.text(), format!("You are still Jordan Carter. {MAIN}"));
    call.keys("52").keys("0000").keys("1").keys("1111");
    assert_eq!(call.inspect("variables")["customer"], "20000002");
}

#[test]
fn a_third_wrong_pin_restores_the_profile_and_goes_on() {
    let mut call = Call::verified();
    call.keys("52")
        .keys("9999#")
        .keys("1")
        .keys("9999#")
        .keys("1")
        .keys("9999");
    assert_eq!(
        call.text(),
        format!("That PIN is not right either. You are still Jordan Carter. {MAIN}")
    );
    assert_eq!((call.node().as_str(), call.outcome()), ("main", None));
    call.keys("11");
    assert!(call.text().starts_with("Checking ending in 0246"));
    // The tries start over with the next switch.
    call.keys("952").keys("9999");
    assert_eq!(call.node(), "switch_retry");
}

#[test]
fn nothing_in_the_switch_but_a_hang_up_ends_the_call() {
    for place in ["5", "52", "529999"] {
        for what in [Signal::Silence, Signal::say("pizza")] {
            let mut call = Call::verified();
            call.keys(place);
            for _ in 0..3 {
                call.hear(what.clone());
            }
            assert_eq!(call.node(), "main", "{place}");
            assert!(call.text().starts_with("You are still Jordan Carter."));
        }
    }
}

#[test]
fn long_lists_are_offered_in_pages() {
    let customers: Vec<Value> = (10_000_001..10_000_013)
        .map(|id| {
            json!({
                "id": id.to_string(), "pin": "0000", "name": "Jordan Carter", "branch": "B",
                "deposits": [], "cards": [], "loans": [],
                "rewards": {"tier": "Gold", "points": 0, "expiring_points": 0, "cashback": 0}
            })
        })
        .collect();
    let text = json!({"bank": {"name": "B", "currency": "USD"}, "customers": customers}).to_string();
    let Line::Ivr(rules) = catalog::bank("b.json", &text).unwrap() else {
        panic!("a phone menu")
    };
    let mut call = Call::with(rules);
    call.keys("10000001").keys("0000").keys("5");
    assert!(
        call.text()
            .contains("For profile 7 press 7. For more press 8. To cancel press 9.")
    );
    assert_eq!(
        call.keys("8").text(),
        "Switch profile. For profile 8 press 1. For profile 9 press 2. For profile 10 press 3. For profile 11 press 4. \
         For profile 12 press 5. For more press 8. To cancel press 9."
    );
    let mut other = Call {
        session: call.session.clone(),
        since: call.since,
    };
    call.keys("3");
    assert_eq!(call.node(), "switch_pin");
    other.say("profile two");
    assert_eq!(other.node(), "switch_pin");
}

#[test]
fn customers_without_products_are_told_so() {
    let text = json!({"bank": {"name": "B", "currency": "USD"}, "customers": [{
        "id": "10000001", "pin": "0000", "name": "Jordan Carter", "branch": "B", "deposits": [], "cards": [], "loans": [],
        "rewards": {"tier": "Gold", "points": 0, "expiring_points": 0, "cashback": 0}
    }]});
    let Line::Ivr(rules) = catalog::bank("b.json", &text.to_string()).unwrap() else {
        panic!("a phone menu")
    };
    let mut call = Call::with(rules);
    call.keys("10000001").keys("0000");
    for (keys, start) in [
        ("11", "You have no deposit accounts."),
        ("3", "Recent transactions. To return to deposit accounts press 9."),
        ("9921", "You have no cards."),
        ("931", "You have no loans."),
        ("943", "You have no points expiring with your next statement."),
    ] {
        call.keys(keys);
        assert!(call.text().starts_with(start), "{keys}: {}", call.text());
    }
}

// ---------------------------------------------------------------- the second flow

#[test]
fn the_pharmacy_refills_by_number_through_a_sub_flow() {
    let mut call = Call::to("pharmacy");
    assert!(
        call.text()
            .starts_with("This is Lakeside Pharmacy, 12 Harbor Road.")
    );
    call.keys("1").keys("7004512");
    assert!(call.text().starts_with(
        "Your refill of Amoxicillin 500 milligrams is ordered. After it you have 1 refill left."
    ));
    call.say("is my prescription ready");
    call.say("seven oh oh five two three oh");
    assert!(
        call.text()
            .starts_with("Albuterol inhaler is ready to be picked up.")
    );
    assert_eq!(call.inspect("calls"), json!([]));
}

#[test]
fn a_transfer_can_go_through_and_can_fail() {
    let mut call = Call::to("pharmacy");
    call.keys("0");
    assert_eq!(call.node(), "pharmacist");
    assert_eq!(
        call.last().actions,
        [Action::Transfer {
            target: "pharmacist".into()
        }]
    );
    assert_eq!(call.last().deadline.unwrap().kind, DeadlineKind::Other);
    let mut other = Call {
        session: call.session.clone(),
        since: call.since,
    };
    assert!(
        call.hear(Signal::TransferFailed)
            .text()
            .starts_with("All our pharmacists are speaking.")
    );
    assert_eq!(call.node(), "main");
    assert!(other.hear(Signal::Silence).ends_call());
    assert_eq!(other.outcome().as_deref(), Some("transferred"));
}

#[test]
fn opening_hours_follow_the_called_partys_clock() {
    for (at, node) in [
        ("2025-10-09T07:59:59[America/Chicago]", "main"),
        ("2025-10-09T08:00:00[America/Chicago]", "pharmacist"),
        ("2025-10-09T20:00:00[America/Chicago]", "main"),
        ("2025-10-11T16:59:59[America/Chicago]", "pharmacist"),
        ("2025-10-12T12:00:00[America/Chicago]", "main"),
    ] {
        let mut session = Session::<Ivr>::new(rules("pharmacy"), at.parse().unwrap());
        let start = session.start().clone();
        session.hear(Signal::Start, start.clone());
        session.hear(Signal::key(Key::from_char('0').unwrap()), start);
        assert_eq!(session.party().node(), node, "{at}");
    }
}

// ---------------------------------------------------------------- the graph is what runs

/// Walks a flow until every edge was taken or nothing new is left, first from where a new edge led: keys at menus, whole entries where
/// digits are wanted (half ones multiply the states and walk no edge), silence and a goodbye.
fn walked(flow: &str, starts: &[&str]) -> BTreeSet<String> {
    let rules = rules(flow);
    let wanted = &SHIPPED[flow].edges;
    let mut taken = BTreeSet::new();
    for start in starts {
        let at = At::start(start.parse().unwrap());
        let first = Ivr::begin(&rules);
        let mut seen = BTreeSet::from([first.key()]);
        let mut todo = VecDeque::from([first]);
        while let Some(party) = todo.pop_front().filter(|_| taken != *wanted) {
            let digits = party.inspect(&rules)["waits_for"]
                .as_str()
                .unwrap()
                .ends_with("digits");
            let entries = ["0000", "1111", "99999999", "9999999", "9999", "12", "goodbye"];
            let signals = party.alphabet(&rules).into_iter().filter(|s| match s {
                Signal::Key { .. } => !digits,
                Signal::Speech(_) => digits,
                other => *other != Signal::Hangup,
            });
            for signal in signals.chain(entries.map(Signal::say)) {
                let mut next = party.clone();
                let turn = next.hear(&rules, &signal, &at);
                let mut from = party.node();
                let known = taken.len();
                for hop in &turn.trail {
                    taken.insert(format!("{from} -{}-> {}", hop.via, hop.to));
                    from = hop.to.clone();
                }
                assert_eq!(from, next.node());
                if next.ended() || !seen.insert(next.key()) {
                    continue;
                }
                if taken.len() > known {
                    todo.push_front(next);
                } else {
                    todo.push_back(next);
                }
            }
        }
    }
    taken
}

#[test]
fn every_edge_of_the_banks_graph_can_be_walked() {
    let day = "2025-10-09T10:00:00[America/Chicago]";
    assert_eq!(walked("bank", &[day]), SHIPPED["bank"].edges);
}

#[test]
fn every_edge_of_the_pharmacys_graph_can_be_walked() {
    let (day, night) = (
        "2025-10-09T10:00:00[America/Chicago]",
        "2025-10-09T23:00:00[America/Chicago]",
    );
    assert_eq!(walked("pharmacy", &[day, night]), SHIPPED["pharmacy"].edges);
}

fn any_signal() -> impl Strategy<Value = Signal> {
    let key = proptest::sample::select("0123456789*#ABCD".chars().collect::<Vec<_>>());
    let words = proptest::sample::select(vec![
        "10000001",
        "20000002",
        "zero zero zero zero",
        "1111",
        "9999",
        "two",
        "balances",
        "checking",
        "goodbye",
        "repeat",
        "main menu",
        "pizza",
        "",
        "no",
        "7004512",
        "profile two",
        "cancel",
    ]);
    prop_oneof![
        1 => Just(Signal::Start),
        8 => key.prop_map(|c| Signal::key(Key::from_char(c).unwrap())),
        6 => words.prop_map(Signal::say),
        1 => ".{0,40}".prop_map(Signal::say),
        1 => ("[a-z ]{0,20}", 0u16..10_000).prop_map(|(text, c)| Signal::Speech(Heard {
            text: Redacted::new(text),
            confidence: Score::from_basis(c),
            ..Heard::typed("")
        })),
        2 => Just(Signal::Silence),
        2 => (0u32..40).prop_map(|t| Signal::Timer { timer: TimerId(t) }),
        1 => proptest::sample::select(vec!["option_1", "goodbye", "unknown"]).prop_map(|i| Signal::Meaning(Reading {
            fine_intent: i.into(),
            ..Reading::default()
        })),
        1 => Just(Signal::SpeechStarted),
        1 => Just(Signal::PromptEnded { prompt: "main".into() }),
        1 => Just(Signal::Interrupted { prompt: "main".into() }),
        1 => Just(Signal::Machine),
        1 => Just(Signal::TransferFailed),
    ]
}

/// Mostly calls that get somewhere: a log-in first, then anything.
fn any_call() -> impl Strategy<Value = Vec<Signal>> {
    let log_in = prop_oneof![
        1 => Just(vec![]),
        3 => Just(vec![Signal::Start, Signal::say("10000001"), Signal::say("0000")]),
        3 => Just(vec![Signal::Start, Signal::say("20000002"), Signal::say("1111")]),
    ];
    (
        log_in,
        proptest::collection::vec(any_signal(), 0..40),
        any::<bool>(),
    )
        .prop_map(|(mut signals, more, hang_up)| {
            signals.extend(more);
            if hang_up {
                signals.push(Signal::Hangup);
            }
            signals
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_call_keeps_the_contract(signals in any_call(), flow in proptest::sample::select(vec!["bank", "pharmacy"])) {
        let rules = rules(flow);
        let edges = &SHIPPED[flow].edges;
        let names = BTreeMap::from([("10000001", "Jordan Carter"), ("20000002", "Riley Martinez")]);
        let mut at = At::start("2025-10-09T10:00:00[America/Chicago]".parse().unwrap());
        let mut party = Ivr::begin(&rules);
        let mut ends = 0;
        let mut timers = BTreeSet::new();
        for signal in &signals {
            let before = party.clone();
            let turn = party.hear(&rules, signal, &at);
            // The same again is the same.
            let mut again = before.clone();
            prop_assert_eq!(&again.hear(&rules, signal, &at), &turn);
            prop_assert_eq!(&again, &party);
            // Every hop is an edge of the graph.
            let mut from = before.node();
            for hop in &turn.trail {
                let edge = format!("{from} -{}-> {}", hop.via, hop.to);
                prop_assert!(edges.contains(&edge), "{}", edge);
                from = hop.to.clone();
            }
            prop_assert_eq!(from, party.node());
            // An arming is new, or the one that counted before.
            if let Some(deadline) = turn.deadline {
                let fresh = timers.insert(deadline.timer);
                prop_assert!(fresh || !turn.say.iter().any(|p| !p.text.is_empty()));
            }
            // The end comes once, and is the end.
            let outcomes = turn.actions.iter().filter(|a| matches!(a, Action::SetOutcome { .. })).count();
            let closes = turn.actions.iter().filter(|a| matches!(a, Action::EndCall { .. })).count();
            prop_assert_eq!(outcomes, closes);
            ends += closes;
            if before.ended() {
                prop_assert!(party == before && turn.is_quiet() && turn.intent == "already_closed");
            }
            prop_assert_eq!(party.ended(), ends == 1);
            if party.ended() {
                prop_assert!(turn.deadline.is_none() && turn.expect == Expect::Nothing);
            } else if *signal != Signal::Machine && !turn.say.is_empty() {
                prop_assert!(turn.deadline.is_some());
            }
            // Nobody is named before their PIN, and templates leave no holes.
            let text = turn.text();
            let customer = party.inspect(&rules)["variables"]["customer"].clone();
            for (id, name) in &names {
                prop_assert!(!text.contains(name) || customer == *id, "{}", text);
            }
            for hole in ["ending in .", "ending in  ", "of .", " has  ", ", .", "is .", "none", "undefined", "{"] {
                prop_assert!(!text.contains(hole), "{}: {}", hole, text);
            }
            // A state that is written and read is the same state.
            let written = serde_json::to_string(&party).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Ivr>(&written).unwrap(), &party);
            at = at.later(SignedDuration::from_millis(700));
        }
        prop_assert!(ends <= 1);
    }

    #[test]
    fn any_text_as_a_flow_is_an_error_and_no_panic(text in "(\\PC|\n){0,200}") {
        prop_assert!(Rules::load("f.toml", &text, ivr_tui::ivr::Source::default()).is_err());
    }

    #[test]
    fn any_cut_of_a_flow_loads_or_says_why(cut in 0usize..9_000, gone in 0usize..300) {
        let text = catalog::FLOWS[0].toml;
        let kept: String = text.chars().take(cut).chain(text.chars().skip(cut + gone)).collect();
        if let Err(e) = catalog::flow("f.toml", &kept, None) {
            prop_assert!(!e.to_string().is_empty());
        }
    }
}
