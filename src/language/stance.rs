//! What a speaker did with a date: offered it, ruled it out, or only mentioned it. A promise may rest on an offered date
//! and on nothing else.

use super::clause::{around, before, has, has_phrase, word};
use super::token::Token;
use std::ops::Range;

/// What was done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stance {
    /// "I can pay Friday", or the date and nothing else.
    Offered,
    /// Offered with a doubt or a condition: "maybe Friday", "I should have it by Friday".
    Tentative,
    /// "Not today", "I can't do Friday".
    Negated,
    /// Said for another reason: "my birthday is Friday", "I get paid on the 20th".
    Mentioned,
    /// What happened then is over: "I paid last Friday".
    Past,
}

/// Words that offer.
#[rustfmt::skip]
const OFFERS: &[&str] = &[
    "able", "aim", "arrange", "authorize", "best", "better", "can", "charge", "choose", "clear", "commit",
    "could", "cover", "debit", "deduct", "do", "done", "fine", "get", "give", "go", "going", "good",
    "great", "handle", "have", "make", "manage", "okay", "ok", "pay", "paying", "payment", "perfect",
    "pick", "plan", "prefer", "promise", "put", "run", "say", "schedule", "send", "set", "settle",
    "shoot", "submit", "sure", "swing", "take", "transfer", "try", "want", "will", "wire", "work",
    "works", "would", "mark", "use", "definitely", "deal", "agree", "let", "how",
];
/// Words that may surround a bare date without making it anything else.
#[rustfmt::skip]
const BARE: &[&str] = &[
    "a", "about", "absolutely", "actually", "ah", "alright", "and", "any", "around", "as", "at", "before",
    "by", "day", "er", "for", "hmm", "i", "is", "it", "just", "later", "let", "like", "maybe", "me",
    "mean", "my", "no", "of", "oh", "on", "or", "please", "probably", "right", "say", "see", "so", "that",
    "the", "then", "there", "this", "to", "uh", "um", "us", "well", "yeah", "yep", "yes", "you",
    "sometime", "evening", "morning", "afternoon", "night", "than", "coming", "noon", "latest", "thanks",
    "thank", "sir", "maam", "be", "not", "was", "mm", "possibly", "perhaps", "think", "guess",
    "hopefully", "would", "dollars", "bucks", "half", "full", "all", "$", "am", "pm", "feb", "until",
    "till", "cent", "cents", "whole", "entire", "everything", "thing", "amount", "balance", "buck",
    "dollar", "first", "today", "tomorrow", "tonight", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "early",
];
/// Words of doubt.
#[rustfmt::skip]
const DOUBTS: &[&str] = &[
    "maybe", "might", "hopefully", "probably", "possibly", "perhaps", "try", "trying", "should", "if",
    "guess", "hope", "unless", "depends", "ideally", "think",
];
/// Phrases that make the date the time of something else.
#[rustfmt::skip]
const ELSEWHERE: &[&str] = &[
    "anniversary", "appointment", "birthday", "born", "court", "funeral", "get paid", "gets paid",
    "getting paid", "interview", "leave on", "leaving", "married", "moved", "moving", "off work",
    "paycheck", "payday", "start work", "starting", "start on", "start a", "starts", "surgery", "trip",
    "vacation", "working", "work on", "wedding", "what happens", "what if", "called", "call me",
    "call back", "me back", "calls me", "talk", "speak", "see my", "flight", "at work", "driving", "busy",
    "home", "available", "hear back", "until after", "graduation", "exam", "deadline", "due", "why",
    "when is", "is it", "he will", "she will", "they will", "his", "her", "reach", "here", "weather",
    "game", "party", "in the hospital", "my boss", "rent", "expecting", "deposit comes", "check comes",
    "comes in", "gets here", "talking to", "sick",
];
/// Questions about what is wanted: the day in them is the asker's idea, not an offer.
#[rustfmt::skip]
const ASKED: &[&str] = &[
    "want me to", "expect me to", "expecting me to", "asking me to", "need me to", "telling me to",
    "do i have to", "do i need to", "did i have to", "must i", "am i supposed to", "supposed to pay",
    "should i pay",
];
/// Words of what is over.
#[rustfmt::skip]
const PAST: &[&str] = &[
    "paid", "was", "were", "did", "sent", "mailed", "had", "made", "went", "got", "lost", "told", "said",
    "been", "took", "settled", "bought", "moved", "died", "passed", "spoke", "talked", "already",
];

/// The stance of the date in `span`. `previous` is the end and stance of the date before it, `next` where the next one
/// begins; `past` says that the date itself lies behind.
pub fn of(
    tokens: &[Token],
    span: Range<usize>,
    previous: Option<(usize, Stance)>,
    next: usize,
    past: bool,
) -> Stance {
    let clause = around(tokens, span.start);
    let clause = clause.start..clause.end.max(span.end);
    let from = previous.map_or(clause.start, |(end, _)| end.max(clause.start));
    let to = next.min(clause.end).max(span.end);
    // "today or tomorrow": the second shares the first one's fate.
    if let Some((end, stance)) = previous {
        let joint = tokens.get(end..span.start).is_some_and(|between| {
            !between.is_empty()
                && between.iter().all(|t| {
                    matches!(
                        t.text.as_str(),
                        "or" | "nor" | "and" | "the" | "on" | "by" | "maybe"
                    )
                })
        });
        if joint && stance == Stance::Negated && !has(tokens, end..span.start, &["maybe"]) {
            return stance;
        }
    }
    let until = (1..=3).any(|back| {
        matches!(
            before(tokens, span.start, back),
            "until" | "till" | "til" | "before"
        )
    });
    // "I can't talk, call me on the 13th": the day is one for calling, whatever was denied before it.
    let called = has_phrase(
        tokens,
        from..span.start,
        &["call me", "call back", "try me", "me back", "reach me"],
    );
    let called = called && !has_phrase(tokens, from..span.start, &["not call", "not try", "never call"]);
    if negated(tokens, from, &span, to) && !until && !called {
        return Stance::Negated;
    }
    if has_phrase(tokens, clause.clone(), ASKED) {
        return Stance::Mentioned;
    }
    if has_phrase(tokens, clause.clone(), ELSEWHERE) && !offers_payment(tokens, from..to) {
        return Stance::Mentioned;
    }
    if past
        || has(tokens, from..span.start, PAST)
            && !has(tokens, from..span.start, &["can", "will", "could", "would"])
    {
        return Stance::Past;
    }
    if until && has(tokens, from..span.start, &["not", "nothing", "wait"]) {
        return Stance::Tentative;
    }
    let doubtful = has(tokens, from..to, DOUBTS);
    let offered = has(tokens, from..to, OFFERS) || has(tokens, clause.clone(), OFFERS);
    // "Is today the 10th": a question about the calendar.
    let calendar = matches!(word(tokens, clause.start), "is" | "was");
    let bare = !calendar
        && clause.filter(|i| !span.contains(i)).all(|i| {
            BARE.contains(&word(tokens, i))
                || tokens.get(i).is_some_and(Token::is_number)
                || super::number::number_word(word(tokens, i)).is_some()
        });
    match (offered || bare, doubtful) {
        (true, false) => Stance::Offered,
        (true, true) => Stance::Tentative,
        (false, _) => Stance::Mentioned,
    }
}

/// Whether the stretch itself says who pays: "I get paid Thursday and can pay Friday".
fn offers_payment(tokens: &[Token], range: Range<usize>) -> bool {
    has_phrase(
        tokens,
        range,
        &[
            "can pay",
            "will pay",
            "could pay",
            "i pay",
            "able to pay",
            "pay you",
            "pay it",
            "pay that",
            "make a payment",
            "make the payment",
            "want to pay",
            "like to pay",
            "going to pay",
            "take care of",
        ],
    )
}

/// Phrases that rule out what is beside them.
#[rustfmt::skip]
const DENIALS: &[&str] = &[
    "can not", "could not", "will not", "would not", "do not", "does not", "is not", "am not", "are not",
    "not able", "not possible", "not going", "no way", "never", "unable", "no good", "not work",
    "not have", "too soon", "too early", "impossible", "nothing", "there is no", "bad for me",
    "out of the question", "neither",
];

fn negated(tokens: &[Token], from: usize, span: &Range<usize>, to: usize) -> bool {
    const LINKS: &[&str] = &[
        "on", "the", "for", "by", "this", "next", "until", "before", "really", "just", "pay", "at", "do",
        "it", "a",
    ];
    let mut back = 1;
    while back <= 4 && LINKS.contains(&before(tokens, span.start, back)) {
        back += 1;
    }
    let near = before(tokens, span.start, back);
    if matches!(near, "not" | "never") {
        let asked = matches!(before(tokens, span.start, back + 1), "why" | "if" | "or");
        return !asked;
    }
    let deny = |range: Range<usize>| has_phrase(tokens, range, DENIALS);
    let question = has_phrase(
        tokens,
        from..to,
        &[
            "why not",
            "why do not",
            "can not i",
            "could not i",
            "do not we",
            "not sure",
            "no problem",
        ],
    );
    (deny(from..span.start) || deny(span.end..to)) && !question
}

#[cfg(test)]
mod tests {
    use super::Stance::{self, *};
    use crate::language::date;
    use crate::language::token::tokenize;

    fn stances(text: &str) -> Vec<Stance> {
        let found = date::find(&tokenize(text), jiff::civil::date(2026, 2, 10));
        found.into_iter().map(|d| d.stance).collect()
    }

    #[test]
    fn an_offer_is_told_from_a_mention() {
        for (text, stance) in [
            ("Friday", vec![Offered]),
            ("um, the 20th please", vec![Offered]),
            ("I can pay on Friday", vec![Offered]),
            ("how about Friday", vec![Offered]),
            ("Friday works for me", vec![Offered]),
            ("put me down for the 20th", vec![Offered]),
            ("yes I'll take care of it today", vec![Offered]),
            ("maybe Friday", vec![Tentative]),
            ("I might be able to do Friday", vec![Tentative]),
            ("not today", vec![Negated]),
            ("I can't pay that today", vec![Negated]),
            ("Friday doesn't work", vec![Negated]),
            ("not Friday", vec![Negated]),
            ("I can't do it today or tomorrow", vec![Negated, Negated]),
            ("I can't today but I can pay Friday", vec![Negated, Offered]),
            ("not today, tomorrow", vec![Negated, Offered]),
            ("I can't pay today I can pay Friday", vec![Negated, Offered]),
            ("I can't pay until Friday", vec![Tentative]),
            ("my birthday is Friday", vec![Mentioned]),
            ("I get paid on Friday", vec![Mentioned]),
            ("I have surgery on the 20th", vec![Mentioned]),
            ("I paid last Friday", vec![Past]),
            ("I was in the hospital on the 3rd", vec![Mentioned]),
            (
                "I get paid Thursday so I can pay Friday",
                vec![Mentioned, Offered],
            ),
            ("call me back tomorrow", vec![Mentioned]),
        ] {
            assert_eq!(stances(text), stance, "{text}");
        }
    }
}
