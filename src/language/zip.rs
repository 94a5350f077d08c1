//! ZIP codes: five digits in any spoken form, never a stretch of a longer number.

use super::clause::{before, has, word};
use super::digits::{DigitRun, runs};
use super::token::{Gap, Token};

/// What an utterance holds in the way of a ZIP code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ZipHeard {
    /// No number that could be meant as one.
    #[default]
    None,
    /// Exactly one ZIP code.
    Zip {
        /// Its five digits.
        zip: String,
        /// First byte in the text.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
    /// Digits, but not those of a ZIP code: too few, too many, or two different ones.
    Other,
}

/// Words that say what kind of number follows, when it is not a ZIP code.
#[rustfmt::skip]
const OTHER_NUMBERS: &[&str] = &[
    "account", "acct", "card", "case", "cell", "extension", "invoice", "license", "loan", "mobile",
    "order", "phone", "pin", "policy", "reference", "routing", "social", "ssn", "telephone", "ticket",
];
/// Units after a number: it counts something.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "%", "bucks", "cents", "days", "dollars", "hours", "miles", "percent", "points", "times", "usd",
    "years", "street", "st", "avenue", "ave", "road", "rd", "drive", "lane", "boulevard", "blvd",
];
const ZIP_WORDS: &[&str] = &["code", "postal", "zip", "zipcode"];
const CORRECTIONS: &[&str] = &[
    "actually",
    "correction",
    "mean",
    "no",
    "oops",
    "sorry",
    "wait",
    "rather",
    "meant",
];

/// Finds the ZIP code of an utterance. After a correction ("78702, no, 78701") the last one counts; two different ones
/// without a correction are none.
pub fn find(tokens: &[Token]) -> ZipHeard {
    let mut found: Option<(String, usize, usize)> = None;
    let mut other = false;
    for run in runs(tokens) {
        if counts_something(tokens, &run) {
            continue;
        }
        let Some(zip) = five(tokens, &run) else {
            other |= run.digits.len() > 2;
            continue;
        };
        if run.groups.len() < 2 && negated(tokens, &run) {
            continue;
        }
        match &found {
            Some((known, _, last)) if *known != zip && !has(tokens, *last..run.first, CORRECTIONS) => {
                return ZipHeard::Other;
            }
            _ => found = Some((zip, run.first, run.end)),
        }
    }
    match found {
        Some((zip, first, end)) => {
            let start = tokens.get(first).map_or(0, |t| t.start);
            let end = end
                .checked_sub(1)
                .and_then(|i| tokens.get(i))
                .map_or(start, |t| t.end);
            ZipHeard::Zip { zip, start, end }
        }
        None if other => ZipHeard::Other,
        None => ZipHeard::None,
    }
}

/// The run's ZIP code: five digits, the same five said again, or the written form with four more (`78701-1234`).
fn five(tokens: &[Token], run: &DigitRun) -> Option<String> {
    if run.touched || labelled_otherwise(tokens, run) {
        return None;
    }
    let first = run.digits.get(..5)?;
    let plus_four =
        run.groups == [5, 4] && tokens.get(run.first + 1).is_some_and(|t| t.gap == Gap::Mark('-'));
    // "not 78702, 78701"
    if run.groups == [5, 5] && negated(tokens, run) {
        return run.digits.get(5..).map(str::to_owned);
    }
    let repeated = run.groups.len() > 1
        && run.groups.iter().all(|len| *len == 5)
        && run
            .digits
            .as_bytes()
            .chunks(5)
            .all(|group| group == first.as_bytes());
    (run.digits.len() == 5 || plus_four || repeated).then(|| first.to_owned())
}

/// Whether the words before the number say that it is an account, a card, a phone. A ZIP word nearer to it wins.
fn labelled_otherwise(tokens: &[Token], run: &DigitRun) -> bool {
    let zip = (1..=8).any(|back| ZIP_WORDS.contains(&before(tokens, run.first, back)));
    !zip && (1..=5).any(|back| OTHER_NUMBERS.contains(&before(tokens, run.first, back)))
}

fn counts_something(tokens: &[Token], run: &DigitRun) -> bool {
    matches!(before(tokens, run.first, 1), "$" | "€" | "£") || UNITS.contains(&word(tokens, run.end))
}

fn negated(tokens: &[Token], run: &DigitRun) -> bool {
    let near = [before(tokens, run.first, 1), before(tokens, run.first, 2)];
    near.contains(&"not") || near.contains(&"never")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::token::tokenize;

    fn zip(text: &str) -> Option<String> {
        match find(&tokenize(text)) {
            ZipHeard::Zip { zip, .. } => Some(zip),
            _ => None,
        }
    }

    #[test]
    fn a_zip_is_read_in_any_spoken_form() {
        for text in [
            "78701",
            "7 8 7 0 1",
            "78 701",
            "787 01",
            "it's 78701",
            "seven eight seven oh one",
            "Seven, eight, seven, zero, one.",
            "seventy eight seven oh one",
            "seventy eight seven zero one",
            "seven eighty seven oh one",
            "seventy eight thousand seven hundred and one",
            "seventy-eight thousand, seven hundred one",
            "78,701",
            "my zip code is seven eight seven o one",
            "78702 no 78701",
            "78702, sorry, I mean 78701",
            "not 78702, 78701",
            "78701, yes 78701",
            "78701 78701",
            "78701-1234",
            "the zip on the account is 78701",
            "yes it is seven eight seven double oh no seven eight seven oh one",
        ] {
            assert_eq!(zip(text).as_deref(), Some("78701"), "{text}");
        }
    }

    #[test]
    fn a_longer_number_holds_no_zip() {
        for text in [
            "7870155512",
            "787011",
            "my card is 4787 0112 3456 7890",
            "call me at 512 787 0155",
            "account 78701",
            "my account number is 78701",
            "$78701",
            "78701 dollars",
            "seven eight seven oh one five five",
            "A78701",
            "78701B",
            "78701 78702",
            "7870",
            "787-01-1234",
            "123 78701 45",
            "78701.55",
        ] {
            assert_eq!(zip(text), None, "{text}");
        }
        assert_eq!(find(&tokenize("7870")), ZipHeard::Other);
        assert_eq!(find(&tokenize("hello")), ZipHeard::None);
    }
}
