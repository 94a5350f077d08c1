//! Digit strings as they are spoken and written: "seven eight seven oh one", "78 701", "double seven", "seventy eight
//! seven oh one", "ten million and one".

use super::number::{NumberWord, cardinal, number_word};
use super::token::{Gap, Token, tokenize};

/// A row of words that are nothing but digits, as long as it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitRun {
    /// The digits.
    pub digits: String,
    /// The first word.
    pub first: usize,
    /// One past the last word.
    pub end: usize,
    /// How many digits each number in it gave: `[2, 3]` for "78 701".
    pub groups: Vec<usize>,
    /// Whether letters, a currency or percent sign or a decimal point touch it, so that it is part of something else.
    pub touched: bool,
}

/// Words around a digit string that say nothing beside it.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "a", "ah", "alright", "am", "and", "are", "code", "customer", "digit", "digits", "eh", "enter", "er",
    "erm", "for", "go", "gonna", "goes", "hello", "here", "hey", "hi", "hmm", "i", "id", "identification",
    "is", "it", "just", "like", "mean", "my", "number", "numbers", "of", "ok", "okay", "option",
    "passcode", "password", "pin", "please", "pound", "press", "repeat", "right", "said", "say", "select",
    "so", "star", "sure", "thank", "thanks", "that", "the", "then", "there", "this", "to", "uh", "uhm",
    "um", "want", "was", "well", "will", "would", "be", "choose", "yeah", "yep", "yes", "you", "zip",
    "postal", "user", "login", "hash",
];

/// Words with which a speaker takes back what was just said.
const CORRECTIONS: &[&str] = &[
    "actually",
    "correction",
    "mean",
    "no",
    "nope",
    "oops",
    "rather",
    "scratch",
    "sorry",
    "wait",
];

/// The digits of an utterance that is a digit string and nothing else, fillers apart: "uh it's one one one one please".
///
/// `None` when there is no digit, or when other words make it something else ("two accounts", "two dollars"). After a
/// correction ("one two, no, one three") the last string counts.
///
/// ```
/// use ivr_tui::language::digits::spoken;
/// assert_eq!(spoken("seventy eight seven oh one").as_deref(), Some("78701"));
/// assert_eq!(spoken("my pin is double oh one two").as_deref(), Some("0012"));
/// assert_eq!(spoken("I have two accounts"), None);
/// ```
pub fn spoken(text: &str) -> Option<String> {
    let tokens = tokenize(text);
    let runs = runs(&tokens);
    if runs.iter().any(|r| r.touched) {
        return None;
    }
    let mut digits = String::new();
    let mut at = 0;
    let mut corrected = false;
    for run in &runs {
        for token in tokens.get(at..run.first)? {
            let word = token.text.as_str();
            if CORRECTIONS.contains(&word) {
                corrected = true;
            } else if !is_filler(word) {
                return None;
            }
        }
        if std::mem::take(&mut corrected) {
            digits.clear();
        }
        digits.push_str(&run.digits);
        at = run.end;
    }
    let rest_fits = tokens.get(at..)?.iter().all(|t| is_filler(&t.text));
    (rest_fits && !digits.is_empty()).then_some(digits)
}

fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

/// Every maximal digit string of an utterance, in order. Neighbouring numbers are one string, also across a pause: a
/// stretch of a longer number never stands alone.
pub fn runs(tokens: &[Token]) -> Vec<DigitRun> {
    let mut out: Vec<DigitRun> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match run_at(tokens, at) {
            Some(run) => {
                at = run.end;
                out.push(run);
            }
            None => at += 1,
        }
    }
    out
}

fn run_at(tokens: &[Token], first: usize) -> Option<DigitRun> {
    let mut digits = String::new();
    let mut groups = Vec::new();
    let mut at = first;
    let mut ohs_only = true;
    let mut touched = tokens.get(first).is_some_and(|t| t.gap == Gap::Joined)
        || first
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|t| matches!(t.text.as_str(), "$" | "€" | "£"));
    loop {
        // "seven, uh, eight": a hesitation inside a number does not end it.
        let pauses = if at > first { hesitations(tokens, at) } else { 0 };
        let Some(part) = part_at(tokens, at + pauses) else {
            break;
        };
        at += pauses;
        if at > first
            && tokens
                .get(at)
                .is_some_and(|t| matches!(t.gap, Gap::Mark('.' | '/' | ':') | Gap::Joined))
        {
            touched = true;
        }
        ohs_only &= part.oh;
        groups.push(part.digits.len());
        digits.push_str(&part.digits);
        at += part.len;
    }
    // "oh" alone is an exclamation, and so is one before a pause.
    if ohs_only && groups.len() < 2 {
        return None;
    }
    touched |= tokens
        .get(at)
        .is_some_and(|t| t.text == "%" || (t.gap == Gap::Joined && !matches!(t.text.as_str(), "#")));
    (at > first).then_some(DigitRun {
        digits,
        first,
        end: at,
        groups,
        touched,
    })
}

/// How many words of hesitation stand at a place.
fn hesitations(tokens: &[Token], at: usize) -> usize {
    const WORDS: &[&str] = &["uh", "um", "er", "erm", "uhm", "hmm"];
    tokens
        .iter()
        .skip(at)
        .take_while(|t| WORDS.contains(&t.text.as_str()))
        .count()
}

struct Part {
    digits: String,
    len: usize,
    oh: bool,
}

/// One number of a digit string.
fn part_at(tokens: &[Token], at: usize) -> Option<Part> {
    let token = tokens.get(at)?;
    let part = |digits: String, len: usize| {
        Some(Part {
            digits,
            len,
            oh: false,
        })
    };
    if is_oh(&token.text) {
        // An "oh" before a pause is an exclamation: "oh, seven eight".
        let paused = tokens.get(at + 1).is_some_and(Token::after_pause) && at == 0;
        return (!paused).then(|| Part {
            digits: "0".to_owned(),
            len: 1,
            oh: true,
        });
    }
    match number_word(&token.text) {
        Some(NumberWord::Repeat(times)) => {
            let digit = tokens.get(at + 1).and_then(single_digit)?;
            return part(digit.repeat(times), 2);
        }
        Some(NumberWord::Plural(_)) => return None,
        _ => {}
    }
    // "four zeros"
    if let (Some(times), Some(NumberWord::Plural(digit))) = (
        single_digit(token).and_then(|d| d.parse::<usize>().ok()),
        tokens.get(at + 1).and_then(|t| number_word(&t.text)),
    ) {
        return part(digit.to_string().repeat(times), 2);
    }
    let scaled = tokens
        .get(at + 1)
        .is_some_and(|t| matches!(number_word(&t.text), Some(NumberWord::Scale(_))));
    // Digits as written keep their leading zeros.
    if token.is_number() && !scaled {
        return part(token.text.to_string(), 1);
    }
    let number = cardinal(tokens, at).filter(|_| token.text != "a")?;
    part(number.value.to_string(), number.len)
}

fn is_oh(word: &str) -> bool {
    matches!(word, "oh" | "o")
}

/// The one digit a word stands for.
fn single_digit(token: &Token) -> Option<String> {
    if is_oh(&token.text) {
        return Some("0".to_owned());
    }
    if token.is_number() && token.text.len() == 1 {
        return Some(token.text.to_string());
    }
    match number_word(&token.text) {
        Some(NumberWord::Unit(value)) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_string_is_read_in_every_spoken_form() {
        for (text, digits) in [
            ("1234", "1234"),
            ("1 2 3 4", "1234"),
            ("1-2-3-4", "1234"),
            ("one two three four", "1234"),
            ("uh it's one one one one please", "1111"),
            ("my pin is 0000", "0000"),
            ("zero zero zero zero", "0000"),
            ("oh oh oh oh", "0000"),
            ("four zeros", "0000"),
            ("double oh double oh", "0000"),
            ("eleven eleven", "1111"),
            ("One zero, zero zero. Zero zero zero one", "10000001"),
            ("ten million and one", "10000001"),
            ("one thousand, zero zero zero one", "10000001"),
            ("two thousand oh oh oh two", "20000002"),
            ("one triple zero triple zero one", "10000001"),
            ("seven eight seven oh one", "78701"),
            ("seventy eight seven oh one", "78701"),
            ("seventy eight thousand seven hundred and one", "78701"),
            ("78 701", "78701"),
            ("78,701", "78701"),
            ("two", "2"),
            ("option two please", "2"),
            ("press 2", "2"),
            ("number one", "1"),
            ("one two three, no, one two four", "124"),
            ("twenty twenty six", "2026"),
        ] {
            assert_eq!(spoken(text).as_deref(), Some(digits), "{text}");
        }
    }

    #[test]
    fn other_words_make_it_something_else() {
        for text in [
            "",
            "hello",
            "oh",
            "oh no",
            "two accounts",
            "two dollars",
            "$2",
            "2/20",
            "6pm",
            "3.5",
            "50%",
            "checking please",
            "B12",
            "a",
        ] {
            assert_eq!(spoken(text), None, "{text}");
        }
    }

    #[test]
    fn neighbouring_numbers_are_one_run() {
        let tokens = tokenize("my card 4111 1111 1111 1111 and 78701");
        let found: Vec<String> = runs(&tokens).into_iter().map(|r| r.digits).collect();
        assert_eq!(found, ["4111111111111111", "78701"]);
    }
}
