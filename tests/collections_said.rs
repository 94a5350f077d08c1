//! What becomes of a call after what people say: each row is a conversation and where it leads, in words the rule set does
//! not quote.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

use ivr_tui::call::{Action, At, Party as _, Session, Signal};
use ivr_tui::collections::Agent;
use ivr_tui::line::{Line, catalog};
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::{Map, Value, json};

/// Where a call stands after the lines: the node, or the outcome with what was agreed.
fn led_to(policy: &Value, lines: &[&str]) -> String {
    let policy = policy.as_object().cloned().unwrap_or_default();
    let Ok(Line::Collections(rules)) = catalog::collections_lenient("austin", &Map::new(), &policy) else {
        return "no line".to_owned();
    };
    let start = date(2026, 2, 10)
        .at(10, 0, 0, 0)
        .in_tz("America/Chicago")
        .unwrap();
    let mut at = At::start(start.clone());
    let mut call: Session<Agent> = Session::new(rules, start);
    let mut agreed = String::new();
    for signal in std::iter::once(Signal::Start).chain(lines.iter().map(|l| Signal::say(*l))) {
        let turn = call.hear(signal, at.clone()).turn.clone();
        at = at.later(SignedDuration::from_secs(10));
        for action in &turn.actions {
            match action {
                Action::CreatePromiseToPay { date, amount, .. } => {
                    agreed = format!(" {date} {}", amount.to_decimal());
                }
                Action::ScheduleCallback { datetime_local, .. } => {
                    agreed = format!(" {}", datetime_local.strftime("%F %R"));
                }
                _ => {}
            }
        }
    }
    match call.outcome() {
        Some(outcome) => format!("{outcome}{agreed}"),
        None => call.party().node().to_string(),
    }
}

/// Each row after these lines; every difference is listed.
fn check(before: &[&str], rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (wanted, texts) in rows {
        for text in *texts {
            let lines: Vec<&str> = before.iter().copied().chain(text.split(" / ")).collect();
            let got = led_to(&json!({}), &lines);
            if got != *wanted {
                wrong.push(format!("{lines:?}: wanted {wanted}, got {got}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

const VERIFIED: &[&str] = &["yes this is alex", "78701"];

#[test]
fn a_sum_beside_a_day_is_the_sum_that_is_promised() {
    check(
        VERIFIED,
        &[
            (
                "ptp_set 2026-02-20 120.00",
                &[
                    "120 on the 20th",
                    "a hundred and twenty on the twentieth",
                    "one twenty on the 20th",
                ],
            ),
            (
                "ptp_set 2026-02-20 75.50",
                &[
                    "seventy five fifty on the 20th",
                    "75 dollars 50 cents on the 20th",
                ],
            ),
            (
                "ptp_set 2026-02-20 240.00",
                &["two forty on the 20th", "the whole thing on the 20th"],
            ),
            ("ptp_set 2026-02-10 100.00", &["a hundred today"]),
            // More than is owed is asked about, and cents are no dollars.
            ("confirm_date", &["300 today"]),
            ("ask_today", &["fifty cents on the 20th"]),
        ],
    );
}

#[test]
fn a_question_about_a_day_promises_nothing() {
    check(
        VERIFIED,
        &[
            (
                "ask_today",
                &["do you want me to pay today", "do i have to pay today"],
            ),
            ("confirm_date", &["a week from friday"]),
            ("ask_date", &["in march", "friday / nope thats wrong"]),
        ],
    );
    check(
        VERIFIED,
        &[
            ("user_ended", &["ok bye"]),
            ("ptp_set 2026-02-13 240.00", &["friday / yes thanks bye"]),
        ],
    );
    let calendar = led_to(&json!({}), &["yes", "78701", "is today the 10th"]);
    assert!(!calendar.starts_with("ptp_set"), "{calendar}");
}

#[test]
fn a_plain_yes_is_one_in_more_words_too() {
    check(
        VERIFIED,
        &[
            ("ptp_set 2026-02-10 240.00", &["uh huh", "ya", "yea sure why not"]),
            (
                "ptp_set 2026-02-11 240.00",
                &["not today tomorrow", "first thing tomorrow morning"],
            ),
        ],
    );
}

#[test]
fn a_death_in_the_family_of_a_verified_consumer_is_hardship_and_before_that_it_may_be_the_consumers() {
    check(
        VERIFIED,
        &[("hardship", &["my mom just passed away", "my dad died last week"])],
    );
    check(
        &[],
        &[(
            "deceased",
            &[
                "im sorry but my husband died",
                "he passed",
                "she passed last spring",
            ],
        )],
    );
}

#[test]
fn hardship_is_answered_with_less_with_later_and_with_a_person() {
    check(
        VERIFIED,
        &[
            (
                "ask_date",
                &["i lost my job / a later day", "i lost my job / later"],
            ),
            ("offer_half", &["i lost my job / maybe a smaller amount"]),
            (
                "escalated_user_requested_human",
                &["i lost my job / a person please"],
            ),
        ],
    );
}

#[test]
fn a_machine_is_told_from_people_and_its_greeting_is_nobodys_wish() {
    check(
        &[],
        &[
            (
                "voicemail_left",
                &[
                    "hi this is alex i cant take your call right now leave your name and number and ill call you back",
                    "hey its alex leave me a message",
                ],
            ),
            ("third_party", &["no hes out would you like to leave a message"]),
            ("greeting", &["hold on let me get him / hey who is this"]),
        ],
    );
}

#[test]
fn what_protects_the_consumer_holds_in_other_words() {
    check(
        VERIFIED,
        &[
            (
                "hardship",
                &[
                    "whats the point of living",
                    "nobody would miss me if i was gone",
                    "i might as well be dead",
                ],
            ),
            (
                "cease_contact",
                &["i want off your list", "i told you guys not to call me anymore"],
            ),
            (
                "already_paid",
                &[
                    "i already payed that",
                    "you already got my money",
                    "thats been taken care of",
                ],
            ),
            (
                "escalated_dispute",
                &["who says i owe this", "show me the bill", "i want it validated"],
            ),
            (
                "callback_set 2026-02-13 14:30",
                &["i cant talk call me feb 13 at 2:30 pm"],
            ),
        ],
    );
    check(
        &[],
        &[(
            "voicemail_left",
            &["the subscriber you have called is not available"],
        )],
    );
}

#[test]
fn a_day_and_then_an_hour_make_one_time_for_a_callback() {
    check(
        &["call me back tomorrow"],
        &[
            (
                "callback_set 2026-02-11 18:00",
                &["6 pm", "at six in the evening"],
            ),
            ("callback_time", &["at 10 pm"]),
            (
                "callback_set 2026-02-11 09:00",
                &["at 10 pm / ok at 9 in the morning"],
            ),
        ],
    );
}

#[test]
fn a_hesitation_inside_a_zip_code_does_not_part_it() {
    check(&["yes"], &[("ask_today", &["uh seven uh eight seven um oh one"])]);
}

#[test]
fn a_clients_message_that_implies_a_debt_is_replaced_and_its_call_goes_on() {
    let policy = json!({ "disclosures": { "voicemail_message_text": "Hi, this is Northstar Recovery about your debt." } });
    let policy = policy.as_object().cloned().unwrap();
    let Ok(Line::Collections(rules)) = catalog::collections_lenient("austin", &Map::new(), &policy) else {
        panic!("a client's call is not refused for its message");
    };
    let Ok(Line::Collections(shipped)) = catalog::collections("austin", &Map::new(), &Map::new()) else {
        panic!("the shipped line opens");
    };
    assert_eq!(rules.policy.disclosures, shipped.policy.disclosures);
    assert!(catalog::collections("austin", &Map::new(), &policy).is_err());
}
