//! What people say, and what it means: utterances whose wording the rule set does not quote.

use ivr_tui::call::{Heard, Score};
use ivr_tui::language::{self, Context, Values, mask};
use jiff::civil::date;
use proptest::prelude::*;

fn context() -> Context {
    // A Tuesday.
    Context::at(date(2026, 2, 10).at(10, 0, 0, 0)).for_person("Alex Morgan")
}

fn fine(text: &str) -> String {
    language::understand_text(text, &context())
        .fine_intent
        .to_string()
}

/// Checks every row and lists all that differ.
fn check(rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (intent, texts) in rows {
        for text in *texts {
            let got = fine(text);
            if got != *intent {
                wrong.push(format!("{text:?}: wanted {intent}, got {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_protects_the_consumer_is_understood_in_many_wordings() {
    check(&[
        (
            "stop_request",
            &[
                "stop calling me",
                "quit calling this number",
                "please don't call here again",
                "Take me off your list.",
                "I told you people to stop calling",
                "do not contact me anymore",
                "lose my number",
                "remove my number from your system",
                "I don't want any more calls from you",
                "never call me again",
                "leave me alone",
                "no more calls",
                "you need to stop harassing me",
                "I want you to cease all communication",
                "don't ever phone this house again",
                "would you quit bothering me",
                "I do not wish to be contacted, stop calling",
                "cease and desist",
                "put me on your do not call list",
                "I'm sick of these calls",
                "yes but stop calling me at work",
            ],
        ),
        (
            "crisis",
            &[
                "I want to kill myself",
                "I just want to die",
                "there's no point in living anymore",
                "I've been thinking about ending it all",
                "I'm suicidal",
                "everyone would be better off if I was better off dead",
            ],
        ),
        (
            "deceased",
            &[
                "he passed away last year",
                "she died in march",
                "my husband Alex is deceased",
                "Alex died two years ago",
                "he is no longer with us",
                "we buried him last month",
            ],
        ),
        (
            "bankruptcy",
            &[
                "I filed for bankruptcy",
                "I'm in chapter 7",
                "this was discharged in bankruptcy court",
                "we're going bankrupt",
            ],
        ),
        (
            "attorney",
            &[
                "talk to my lawyer",
                "I have an attorney",
                "I'm represented by counsel",
                "you need to contact my attorney",
                "my lawyer is handling this",
            ],
        ),
        (
            "fraud",
            &[
                "somebody stole my identity",
                "this is identity theft",
                "I never opened that account",
                "someone opened this account in my name",
                "that's fraud",
            ],
        ),
        (
            "already_paid",
            &[
                "I already paid that",
                "I paid this off last month",
                "that was paid already",
                "we've paid it in full",
                "I sent you a check last week",
                "I've already taken care of that",
            ],
        ),
        (
            "proof_request",
            &[
                "send me proof",
                "I want to see some documentation",
                "can you send me something in writing",
                "prove it",
                "I need you to validate the debt",
                "how do I know I owe this",
            ],
        ),
        (
            "dispute",
            &[
                "I don't owe this",
                "that's not my debt",
                "I dispute this",
                "the amount is wrong",
                "I never had an account with you",
                "this must be a mistake",
                "I don't recognize this debt",
                "I don't owe you anything",
                "that balance isn't right",
                "that's not mine",
            ],
        ),
    ]);
}

#[test]
fn who_is_on_the_phone_is_understood() {
    check(&[
        (
            "wrong_party",
            &[
                "you have the wrong number",
                "wrong number",
                "there's nobody here by that name",
                "no Alex here",
                "I don't know any Alex",
                "this isn't Alex's phone",
                "he doesn't live here anymore",
                "I'm not Alex",
                "sorry wrong person",
                "I just got this number",
                "never heard of him",
                "nobody named Alex lives here",
            ],
        ),
        (
            "third_party",
            &[
                "this is his wife",
                "I'm her husband",
                "no this is Alex's brother",
                "I'm his mother, can I take a message",
                "may I ask who's calling",
                "this is her roommate",
                "he's my husband",
                "speaking to his wife",
            ],
        ),
        (
            "not_available",
            &[
                "he's not here right now",
                "she isn't home",
                "Alex is out of town",
                "he's at work",
                "she stepped out",
                "Alex isn't available",
                "he can't come to the phone",
                "he won't be back until six",
                "I don't think he is home",
            ],
        ),
        (
            "hold_on",
            &[
                "hold on",
                "one moment please",
                "let me get him",
                "just a second",
                "hang on I'll get her",
                "hold on, I'll go get Alex",
            ],
        ),
        (
            "identity_confirm",
            &[
                "this is Alex",
                "speaking",
                "this is he",
                "yes this is she",
                "that's me",
                "you're speaking with him",
                "yes, this is Alex Morgan speaking",
                "it's me",
            ],
        ),
        (
            "voicemail_greeting",
            &[
                "please leave a message after the beep",
                "you've reached the voicemail of Alex",
                "I can't come to the phone right now, leave your name and number",
            ],
        ),
        (
            "identity_question",
            &[
                "who is this",
                "who's calling please",
                "what is this about",
                "what's this regarding",
                "why are you calling me",
                "where are you calling from",
                "how did you get my number",
            ],
        ),
        (
            "bot_question",
            &[
                "are you a robot",
                "is this a real person",
                "am I talking to a machine",
                "you sound like a robot",
                "are you human",
            ],
        ),
    ]);
}

#[test]
fn answers_about_time_and_money_are_understood() {
    check(&[
        (
            "busy",
            &[
                "I'm driving",
                "I'm at work right now",
                "this is a bad time",
                "I can't talk right now",
                "I'm in a meeting",
                "not a good time",
                "I'm busy",
                "I'm in the middle of dinner",
            ],
        ),
        (
            "callback_request",
            &[
                "call me back later",
                "can you call me tomorrow",
                "try again next week",
                "call back after five",
                "could we talk another time",
                "can you call me back at 3 pm",
            ],
        ),
        (
            "hardship",
            &[
                "I lost my job",
                "I've been laid off",
                "I'm unemployed right now",
                "my wife is in the hospital",
                "I've got no income",
                "I'm going through a divorce",
                "we're struggling to make ends meet",
                "my hours got cut",
                "i can't even afford groceries",
            ],
        ),
        (
            "bereavement",
            &[
                "my mother just died",
                "my dad died last week",
                "I just lost my wife",
            ],
        ),
        (
            "cannot_pay",
            &[
                "I can't pay that",
                "I cannot afford it",
                "I don't have the money",
                "I can't afford that right now",
                "there is no way I can pay that",
                "I don't have that kind of money",
                "I'm not able to pay",
                "I can't do that",
                "I cant pay",
            ],
        ),
        (
            "will_not_pay",
            &[
                "I won't pay",
                "I'm not paying you anything",
                "I refuse to pay",
                "I'm never going to pay this",
                "you're not getting a dime from me",
                "I'm not going to pay that",
            ],
        ),
        (
            "will_pay",
            &[
                "I can pay it",
                "I'll pay the balance today",
                "let's take care of it",
                "I'd like to make a payment",
                "sounds good",
                "I can do that",
                "I'm ready to pay",
            ],
        ),
        (
            "affirmation",
            &[
                "yes",
                "Yeah",
                "yep",
                "sure",
                "okay",
                "uh-huh",
                "of course",
                "absolutely",
                "no problem",
                "yes please",
                "correct",
                "that's right",
                "that's correct",
            ],
        ),
        (
            "negation",
            &[
                "no",
                "nope",
                "nah",
                "no sir",
                "absolutely not",
                "not really",
                "No.",
                "I don't think so",
                "no, I do not",
            ],
        ),
        (
            "not_now",
            &[
                "not today",
                "not right now",
                "I can't do it today",
                "no, not today",
                "today doesn't work",
                "not at the moment",
            ],
        ),
        (
            "uncertain",
            &[
                "I'm not sure",
                "I don't know",
                "maybe",
                "let me think about it",
                "it depends",
                "I have to ask my wife",
            ],
        ),
        (
            "conditional",
            &["yes but not", "okay, but only if my boss agrees"],
        ),
        (
            "uncomfortable",
            &[
                "I'm not comfortable giving that out",
                "why do you need my zip code",
                "I don't give out personal information",
                "is this a scam",
                "I'd rather not say",
            ],
        ),
        (
            "human_handoff",
            &[
                "let me speak to a human",
                "I want to talk to a real person",
                "representative",
                "get me your supervisor",
                "can I talk to someone",
                "connect me to an agent",
                "I don't want to talk to a machine",
            ],
        ),
        (
            "payment_question",
            &[
                "how much is it",
                "how much do I owe",
                "who do I owe",
                "what happens if I don't pay",
                "can I pay online",
                "do you have a payment plan",
            ],
        ),
        (
            "repeat_request",
            &[
                "can you repeat that",
                "say that again",
                "what did you say",
                "pardon",
                "I didn't catch that",
                "sorry?",
            ],
        ),
        (
            "partial_offer",
            &[
                "I can pay part of it",
                "I can only do half",
                "can I make a partial payment",
                "I can't pay all of it",
            ],
        ),
        (
            "goodbye",
            &[
                "goodbye",
                "bye",
                "I'm hanging up",
                "have a nice day",
                "I have to go, bye",
            ],
        ),
        ("hostile", &["go to hell", "screw you", "you people are scum"]),
        (
            "language_request",
            &["no hablo inglés", "do you speak Spanish", "I don't speak English"],
        ),
        ("thanks", &["thank you"]),
        ("greeting", &["hello", "good morning", "hello?"]),
        ("value", &["78701", "Friday", "the 20th"]),
        ("unknown", &["purple monkey dishwasher", "the weather is odd", ""]),
    ]);
}

#[test]
fn negation_has_scope() {
    for (text, never) in [
        ("not that I can't pay", "cannot_pay"),
        ("no problem", "negation"),
        ("it's not a bad time", "busy"),
        ("I'm not refusing to pay", "will_not_pay"),
        ("I don't have a lawyer", "attorney"),
        ("I don't have a lawyer", "wrong_party"),
        ("I don't need an attorney", "attorney"),
        ("I didn't say stop calling", "stop_request"),
        ("that's not gonna work", "hardship"),
        ("are you a real person", "human_handoff"),
        ("I didn't file for bankruptcy", "bankruptcy"),
        ("I'm not saying I won't pay", "will_not_pay"),
        ("I am not driving", "busy"),
        ("he's not dead", "deceased"),
        ("I don't dispute it", "dispute"),
        ("I can't pay that", "will_pay"),
        ("I can't pay that", "affirmation"),
        (
            "I don't want to die on this hill about stopping by",
            "stop_request",
        ),
    ] {
        let reading = language::understand_text(text, &context());
        let held = reading
            .fine_scores
            .get(&never.into())
            .copied()
            .unwrap_or_default();
        assert!(
            held.basis() < 5000,
            "{text}: {never} should not hold, {reading:?}"
        );
    }
}

#[test]
fn the_coarse_result_has_thirteen_scores_and_the_primary_leads() {
    let reading = language::understand_text("Stop calling me, I don't owe this", &context());
    assert_eq!(reading.scores.len(), 13);
    assert_eq!(reading.primary_intent, "stop_request");
    assert_eq!(
        reading
            .matched_intents
            .first()
            .map(ToString::to_string)
            .as_deref(),
        Some("stop_request")
    );
    assert!(reading.matched_intents.iter().any(|m| *m == "dispute"));
    assert!(!reading.why.is_empty() && !reading.why.contains("owe this"));
    assert!(
        reading
            .spans
            .iter()
            .any(|s| s.kind == "stop_request" && s.start == 0)
    );
}

#[test]
fn the_recognisers_confidence_scales_the_result() {
    let heard = Heard {
        confidence: Score::from_f64(0.5),
        ..Heard::typed("yes")
    };
    let reading = language::understand(&heard, &context());
    assert!(reading.confidence.as_f64() < 0.5);
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_masked_of_digits(text in "\\PC{0,200}") {
        let reading = language::understand_text(&text, &context());
        prop_assert_eq!(reading.scores.len(), 13);
        for span in &reading.spans {
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
        }
        prop_assert!(!mask::numbers(&text).chars().any(|c| c.is_ascii_digit()));
        prop_assert_eq!(language::understand_text(&text, &context()), reading);
    }

    #[test]
    fn a_zip_never_comes_from_a_longer_number(digits in "[0-9]{6,16}", lead in "(my card is |it's |account |call me at )?", gap in prop::sample::select(vec!["", " ", "-"])) {
        let spaced: Vec<String> = digits.chars().map(|c| c.to_string()).collect();
        let text = format!("{lead}{}", spaced.join(gap));
        let values = Values::of(&language::understand_text(&text, &context()));
        prop_assert_eq!(values.zip, None);
    }

    #[test]
    fn words_in_any_order_are_read(words in prop::collection::vec(prop::sample::select(vec!["not", "pay", "i", "can", "stop", "call", "seven", "hundred", "the", "20th", "friday", "and", "double", "oh", "half", "of", "next", "month", "yes", "no", "but", "$", "12", "/", ",", "pm", "at"]), 0..40)) {
        let text = words.join(" ");
        let _ = language::understand_text(&text, &context());
        let _ = language::digits::spoken(&text);
    }
}

#[test]
fn a_megabyte_is_read_in_time_that_grows_with_its_length() {
    let text = "not that i can pay seven eight seven on the 20th but ".repeat(400);
    let long = "x".repeat(200_000);
    let short = language::understand_text(&text, &context());
    assert!(short.spans.len() > 100);
    assert_eq!(
        language::understand_text(&long, &context()).primary_intent,
        "unknown"
    );
}
