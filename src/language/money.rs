//! Amounts of money: "$1,240.00", "fifty bucks", "a hundred and twenty", "half", "all of it".

use super::clause::{before, has_phrase, word};
use super::number::{NumberWord, cardinal, number_word, numeral};
use super::token::{Gap, Token};
use crate::call::Cents;
use std::ops::Range;

/// An amount as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// So many cents.
    Cents(Cents),
    /// Half of what is owed.
    Half,
    /// All of what is owed.
    Full,
}

impl Amount {
    /// In cents, where `whole` is what is owed.
    pub const fn of(self, whole: Cents) -> Cents {
        match self {
            Self::Cents(cents) => cents,
            Self::Half => Cents(whole.0 / 2),
            Self::Full => whole,
        }
    }
}

/// An amount and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountHeard {
    /// The amount.
    pub amount: Amount,
    /// The first word.
    pub first: usize,
    /// One past the last word.
    pub end: usize,
    /// Whether a negation covers it ("I can't do fifty").
    pub negated: bool,
}

/// Words before a bare number that make it money.
const SPENDING: &[&str] = &[
    "pay", "paying", "do", "give", "send", "afford", "manage", "swing", "offer", "put", "spare", "scrape",
    "only", "least", "maximum", "max", "most",
];
/// Words that may stand between those and the number.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "about", "around", "at", "be", "down", "him", "it", "just", "like", "make", "maybe", "only",
    "perhaps", "say", "to", "up", "you", "you", "them", "together", "least", "most", "probably", "is",
    "a",
];
/// Words after a bare number that make it something else.
#[rustfmt::skip]
const OTHER_UNITS: &[&str] = &[
    "%", "am", "day", "days", "hour", "hours", "minute", "minutes", "month", "months", "of", "oclock",
    "percent", "pm", "st", "nd", "rd", "th", "time", "times", "week", "weeks", "year", "years", "thing",
    "things", "people", "kids", "payments", "payment", "more", "second", "moment", "installments",
];
#[rustfmt::skip]
const FULL: &[&str] = &[
    "all of it", "all of that", "entire amount", "entire balance", "entire thing", "full amount",
    "full balance", "full payment", "in full", "it all", "pay everything", "the full", "the whole",
    "total amount", "whole amount", "whole balance", "whole thing", "whole lot", "pay it off",
    "pay that off",
];

/// Every amount of an utterance, in order.
pub fn find(tokens: &[Token]) -> Vec<AmountHeard> {
    find_beside(tokens, &[])
}

/// Every amount of an utterance whose dates stand at these ranges of words: "120 on the 20th", "a hundred today".
pub fn find_beside(tokens: &[Token], dates: &[Range<usize>]) -> Vec<AmountHeard> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some(date) = dates.iter().find(|d| d.contains(&at)) {
            at = date.end;
            continue;
        }
        let Some((amount, len)) = amount_at(tokens, at, dates) else {
            at += 1;
            continue;
        };
        let end = at + len;
        out.push(AmountHeard {
            amount,
            first: at,
            end,
            negated: negated(tokens, at),
        });
        at = end;
    }
    out
}

fn amount_at(tokens: &[Token], at: usize, dates: &[Range<usize>]) -> Option<(Amount, usize)> {
    match word(tokens, at) {
        "$" => {
            let (cents, len) = decimal(tokens, at + 1)?;
            return Some((Amount::Cents(cents), len + 1));
        }
        "half" if !matches!(word(tokens, at + 1), "an" | "past" | "hour") => return Some((Amount::Half, 1)),
        _ => {}
    }
    if let Some(len) = (2..=3)
        .find(|len| has_phrase(tokens, at..at + len, FULL) && !has_phrase(tokens, at + 1..at + len, FULL))
    {
        return Some((Amount::Full, len));
    }
    let priced = price(tokens, at).filter(|_| before(tokens, at, 1) != "at");
    let (cents, len) = priced.or_else(|| decimal(tokens, at)).or_else(|| {
        cardinal(tokens, at)
            .filter(|n| n.value <= 10_000_000)
            .and_then(|n| Some((Cents(i64::try_from(n.value).ok()?.checked_mul(100)?), n.len)))
    })?;
    let after = at + len;
    if matches!(
        word(tokens, after),
        "dollars" | "dollar" | "bucks" | "buck" | "usd"
    ) {
        let (extra, more) = cents_after(tokens, after + 1);
        return Some((Amount::Cents(cents.plus(extra)), len + 1 + more));
    }
    if matches!(word(tokens, after), "cents" | "cent") {
        return Some((Amount::Cents(Cents(cents.0 / 100)), len + 1));
    }
    let money = bare_is_money(tokens, at, len, cents) || beside_a_date(tokens, at, len, cents, dates);
    money.then_some((Amount::Cents(cents), len))
}

/// A price as it is said for short: "two forty" is 240, "seventy five fifty" is 75.50.
fn price(tokens: &[Token], at: usize) -> Option<(Cents, usize)> {
    let small = |at: usize| match number_word(word(tokens, at)) {
        Some(NumberWord::Unit(n)) => Some((n, false)),
        Some(NumberWord::Teen(n)) => Some((n, true)),
        _ => None,
    };
    // Ten to ninety-nine, and how many words.
    let two_digits = |at: usize| match number_word(word(tokens, at)) {
        Some(NumberWord::Tens(tens)) => match small(at + 1) {
            Some((unit, false)) if unit > 0 => Some((tens + unit, 2)),
            _ => Some((tens, 1)),
        },
        _ => small(at).filter(|(_, teen)| *teen).map(|(n, _)| (n, 1)),
    };
    let (cents, len) = match number_word(word(tokens, at)) {
        Some(NumberWord::Unit(hundreds)) if hundreds > 0 => {
            let (rest, len) = two_digits(at + 1)?;
            ((hundreds * 100 + rest) * 100, len + 1)
        }
        Some(NumberWord::Tens(_)) => {
            let (dollars, len) = two_digits(at)?;
            let (rest, more) = two_digits(at + len)?;
            (dollars * 100 + rest, len + more)
        }
        _ => return None,
    };
    // A longer row of numbers is something else: a telephone number, a ZIP code.
    let goes_on = |at: usize| {
        tokens.get(at).is_some_and(|t| {
            t.is_number() || number_word(&t.text).is_some() || matches!(t.text.as_str(), "oh" | "o")
        })
    };
    let alone = !(goes_on(at + len) || at > 0 && goes_on(at - 1));
    alone.then_some((Cents(i64::try_from(cents).ok()?), len))
}

/// Whether a bare number stands right beside a day, with nothing but small words between, and begins what is said or
/// follows a word of offering.
fn beside_a_date(tokens: &[Token], at: usize, len: usize, cents: Cents, dates: &[Range<usize>]) -> bool {
    const LINKS: &[&str] = &[
        "on", "by", "the", "for", "this", "next", "right", "until", "before", "coming",
    ];
    const LEADS: &[&str] = &[
        "", "yes", "yeah", "yep", "ok", "okay", "sure", "maybe", "about", "around", "just", "only", "uh",
        "um", "but", "like", "no", "and", "then", "well", "do", "be", "say", "a", "fine", "alright", "the",
        "full",
    ];
    let end = at + len;
    let links = |range: Range<usize>| {
        tokens.get(range).is_some_and(|between| {
            between.len() <= 2 && between.iter().all(|t| LINKS.contains(&t.text.as_str()))
        })
    };
    let counted = tokens
        .get(end)
        .is_some_and(|t| t.gap == Gap::Joined || OTHER_UNITS.contains(&t.text.as_str()));
    let touched = tokens
        .get(at)
        .is_some_and(|t| matches!(t.gap, Gap::Joined | Gap::Mark('/' | ':' | '-' | '.')));
    let day_before = dates.iter().any(|d| d.end <= at && links(d.end..at));
    let begins = LEADS.contains(&before(tokens, at, 1)) || day_before;
    let day_after = dates.iter().any(|d| end <= d.start && links(end..d.start));
    let written = tokens.get(at).is_some_and(Token::is_number);
    let five_digits = written && tokens.get(at).is_some_and(|t| t.text.len() >= 5);
    cents.0 >= 500 && !counted && !touched && !five_digits && begins && (day_after || day_before)
}

/// A number in digits with an optional decimal part.
fn decimal(tokens: &[Token], at: usize) -> Option<(Cents, usize)> {
    let whole = numeral(tokens, at)?;
    let mut cents = i64::try_from(whole.value).ok()?.checked_mul(100)?;
    let mut len = whole.len;
    let fraction = tokens
        .get(at + len)
        .filter(|t| t.gap == Gap::Mark('.') && t.is_number());
    if let Some(fraction) = fraction {
        if fraction.text.len() > 2 {
            return None;
        }
        cents = cents.checked_add(format!("{:0<2}", fraction.text).parse().ok()?)?;
        len += 1;
    }
    // "2 thousand" is read as a cardinal, "6pm" and "2/20" are no amounts at all.
    let next = tokens.get(at + len);
    let scaled = matches!(
        next.and_then(|t| number_word(&t.text)),
        Some(NumberWord::Scale(_))
    );
    let joined = next.is_some_and(|t| matches!(t.gap, Gap::Joined | Gap::Mark('/' | ':' | '-')));
    let part_of_more = tokens
        .get(at)
        .is_some_and(|t| matches!(t.gap, Gap::Joined | Gap::Mark('/' | ':' | '-' | '.')));
    let whole = !part_of_more || before(tokens, at, 1) == "$";
    (!scaled && !joined && whole).then_some((Cents(cents), len))
}

fn cents_after(tokens: &[Token], at: usize) -> (Cents, usize) {
    let skip = usize::from(word(tokens, at) == "and");
    cardinal(tokens, at + skip)
        .filter(|n| n.value < 100 && matches!(word(tokens, at + skip + n.len), "cents" | "cent"))
        .and_then(|n| Some((Cents(i64::try_from(n.value).ok()?), skip + n.len + 1)))
        .unwrap_or((Cents(0), 0))
}

/// Whether a number without a unit is money: after a word of spending, or the whole of what was said and too large for a
/// day of the month.
fn bare_is_money(tokens: &[Token], at: usize, len: usize, cents: Cents) -> bool {
    let written = tokens.get(at).is_some_and(Token::is_number);
    let with_cents = written && tokens.get(at + 1).is_some_and(|t| t.gap == Gap::Mark('.'));
    if with_cents {
        return true;
    }
    let after = tokens.get(at + len);
    if after.is_some_and(|t| {
        OTHER_UNITS.contains(&t.text.as_str())
            || t.gap == Gap::Joined
            || number_word(&t.text).is_some()
            || t.is_number()
    }) {
        return false;
    }
    let mut back = 1;
    while back < 6 && BETWEEN.contains(&before(tokens, at, back)) {
        if SPENDING.contains(&before(tokens, at, back)) {
            break;
        }
        back += 1;
    }
    // "The only one": a lone "one" counts no dollars.
    let spent = SPENDING.contains(&before(tokens, at, back)) && cents.0 >= 200;
    let digits = tokens.get(at).map_or(0, |t| t.text.len());
    let alone =
        at + len == tokens.len() && at <= 2 && cents.0 > 3100 && !(written && len == 1 && digits >= 5);
    let alone = alone
        && (0..at).all(|i| {
            matches!(
                word(tokens, i),
                "uh" | "um" | "how" | "maybe" | "like" | "about" | "just" | "only" | "yeah" | "yes" | "say"
            )
        });
    spent || alone
}

fn negated(tokens: &[Token], at: usize) -> bool {
    (1..=5)
        .map(|back| before(tokens, at, back))
        .take_while(|w| !matches!(*w, "but" | "" | "because" | "only"))
        .any(|w| w == "not" || w == "never")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::date;
    use crate::language::token::tokenize;

    fn money(text: &str) -> Vec<Amount> {
        find(&tokenize(text)).into_iter().map(|a| a.amount).collect()
    }

    #[test]
    fn amounts_are_read_in_words_and_figures() {
        let cents = |c| vec![Amount::Cents(Cents(c))];
        for (text, amount) in [
            ("$1,240.00", cents(124_000)),
            ("I can pay fifty bucks", cents(5000)),
            ("a hundred and twenty dollars", cents(12_000)),
            ("a hundred and twenty", cents(12_000)),
            ("120 dollars and 50 cents", cents(12_050)),
            ("i could do 75", cents(7500)),
            ("maybe like a hundred", cents(10_000)),
            ("fifteen hundred dollars", cents(150_000)),
            ("two grand bucks", cents(200_000)),
            ("half", vec![Amount::Half]),
            ("I can pay half of it now", vec![Amount::Half]),
            ("I'll pay the whole thing", vec![Amount::Full]),
            ("240.00", cents(24_000)),
            ("one twenty", cents(12_000)),
            ("fifty cents", cents(50)),
            ("i can pay two forty", cents(24_000)),
            ("three fifteen", cents(31_500)),
            ("seventy five fifty", cents(7550)),
        ] {
            assert_eq!(money(text), amount, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_money() {
        for text in [
            "78701",
            "the 20th",
            "2/20",
            "6pm",
            "in three days",
            "I have two kids",
            "half an hour",
            "I can pay in 3 weeks",
            "can you do 5 pm",
            "twenty",
            "2026-02-20",
            "one second",
            "at two forty",
            "i am the only one working",
            "seven eight seven oh one",
        ] {
            assert_eq!(money(text), [], "{text}");
        }
    }

    #[test]
    fn a_bare_number_beside_a_day_is_an_amount() {
        let beside = |text: &str| {
            let tokens = tokenize(text);
            let dates: Vec<Range<usize>> = date::find(&tokens, jiff::civil::date(2026, 2, 10))
                .into_iter()
                .map(|d| d.first..d.end)
                .collect();
            find_beside(&tokens, &dates)
                .into_iter()
                .map(|a| a.amount)
                .collect::<Vec<_>>()
        };
        let cents = |c| vec![Amount::Cents(Cents(c))];
        assert_eq!(beside("120 on the 20th"), cents(12_000));
        assert_eq!(beside("a hundred today"), cents(10_000));
        assert_eq!(beside("yes 300 tomorrow"), cents(30_000));
        assert_eq!(beside("on the 20th one twenty"), cents(12_000));
        for text in [
            "tomorrow at 3",
            "february twenty eighth",
            "friday at two forty",
            "the 20th",
            "friday the 13th",
        ] {
            assert_eq!(beside(text), [], "{text}");
        }
    }

    #[test]
    fn a_negated_amount_is_marked() {
        assert!(
            find(&tokenize("I can't do fifty dollars"))
                .iter()
                .all(|a| a.negated)
        );
        assert!(
            find(&tokenize("not that but fifty dollars"))
                .iter()
                .all(|a| !a.negated)
        );
    }
}
