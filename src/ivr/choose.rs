//! What a caller who speaks at a menu means: an option's number, or its label, or nothing for certain.
//!
//! Fuzzy but safe: words may be misspelt by a letter and come with fillers around them, and wherever two options fit
//! equally well, or the caller negates, nothing is chosen.

use crate::call::{Key, Score};
use crate::language::digits;

/// Words that say nothing about which option is meant.
const FILLERS: [&str; 51] = [
    "a", "about", "ah", "an", "and", "are", "can", "could", "do", "er", "for", "get", "give", "go", "have",
    "hear", "hello", "hi", "hmm", "i", "id", "ill", "im", "is", "it", "know", "let", "like", "listen",
    "look", "me", "my", "of", "oh", "ok", "okay", "on", "please", "see", "show", "take", "tell", "thanks",
    "the", "to", "uh", "um", "want", "what", "would", "you",
];
/// Words with which a caller turns an option down.
const NEGATIONS: [&str; 8] = ["no", "not", "dont", "never", "nope", "without", "cancel", "isnt"];
/// Words around a key.
const KEY_WORDS: [&str; 8] = [
    "option", "press", "number", "key", "choose", "select", "choice", "button",
];

/// What can be said for one option.
#[derive(Clone, Debug)]
pub(super) struct Spoken {
    /// Its key, if it has one.
    pub key: Option<Key>,
    /// Its label and other phrases.
    pub phrases: Vec<String>,
}

/// What was meant at a menu. Options go by their place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// The option that fits best, where one does.
    pub option: Option<usize>,
    /// How well each option fits; those that do not fit at all are left out.
    pub scores: Vec<(usize, Score)>,
}

/// The words of a text in lower case, without punctuation and plural endings.
fn words(text: &str) -> Vec<String> {
    raw_words(text).iter().map(|w| plain(w)).collect()
}

fn raw_words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['\'', '’'], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn plain(word: &str) -> String {
    singular(number_word(word).unwrap_or(word))
}

fn singular(word: &str) -> String {
    let kept = match word.strip_suffix('s') {
        Some(stem) if stem.len() >= 3 && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => word,
    };
    kept.to_owned()
}

fn number_word(word: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 20] = [
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("zero", "0"),
        ("first", "1"),
        ("second", "2"),
        ("third", "3"),
        ("fourth", "4"),
        ("fifth", "5"),
        ("sixth", "6"),
        ("seventh", "7"),
        ("eighth", "8"),
        ("ninth", "9"),
    ];
    WORDS.iter().find(|(w, _)| *w == word).map(|(_, digit)| *digit)
}

/// Which of these phrases was said: the whole utterance, fillers apart, is one of them.
pub(super) fn is_phrase(text: &str, phrases: &[String]) -> bool {
    let said = content(text);
    !said.is_empty() && phrases.iter().map(|p| content(p)).any(|p| same(&said, &p))
}

/// The words of a text that say something: what callers and labels are compared by.
pub(super) fn content(text: &str) -> Vec<String> {
    let kept: Vec<String> = raw_words(text)
        .iter()
        .filter(|w| !FILLERS.contains(&w.as_str()))
        .map(|w| plain(w))
        .collect();
    if kept.is_empty() { words(text) } else { kept }
}

fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
}

/// Whether two words are one, a misspelt letter apart in a word of five, two in one of nine.
fn near(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let shorter = a.chars().count().min(b.chars().count());
    let allowed = match shorter {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    !a.bytes().any(|c| c.is_ascii_digit()) && strsim::damerau_levenshtein(a, b) <= allowed
}

/// Which option a caller means.
pub(super) fn choose(text: &str, options: &[Spoken]) -> Meant {
    if asks_for_time(text) {
        return Meant {
            option: None,
            scores: Vec::new(),
        };
    }
    if let Some(key) = spoken_key(text) {
        let option = options.iter().position(|o| o.key == Some(key));
        return Meant {
            option,
            scores: option.map(|o| (o, Score::certain())).into_iter().collect(),
        };
    }
    // Digits of a name ("zero two four six") are one word of it, however they were said.
    let said = match digits::spoken(text) {
        Some(digits) if digits.len() > 1 => vec![digits],
        _ => content(text),
    };
    let all = words(text);
    let mut scores = fits(&said, &all, options);
    if scores.is_empty() && said.len() > 1 && said.iter().any(|w| w == "1") {
        // "the student one": a pronoun after all.
        let rest: Vec<String> = said.iter().filter(|w| *w != "1").cloned().collect();
        scores = fits(&rest, &all, options);
    }
    let best = scores.iter().map(|(_, s)| *s).max();
    let mut leaders = scores.iter().filter(|(_, s)| Some(*s) == best);
    let option = match (leaders.next(), leaders.next()) {
        (Some((option, _)), None) => Some(*option),
        _ => None,
    };
    Meant { option, scores }
}

/// "A second, please" and "one second" are no choice of the second option.
fn asks_for_time(text: &str) -> bool {
    let words = raw_words(text);
    let mut pairs = words.iter().zip(words.iter().skip(1));
    pairs.any(|(first, then)| matches!(first.as_str(), "a" | "one") && then == "second")
}

fn fits(said: &[String], all: &[String], options: &[Spoken]) -> Vec<(usize, Score)> {
    options
        .iter()
        .enumerate()
        .filter_map(|(i, o)| {
            let best = o.phrases.iter().map(|p| fit(said, all, p)).max()?;
            (best > 0).then(|| (i, Score::from_basis(best)))
        })
        .collect()
}

/// "two", "option two", "press 2 please", "star".
fn spoken_key(text: &str) -> Option<Key> {
    let kept: Vec<String> = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '#' | '\''))
        .filter(|w| !w.is_empty() && !KEY_WORDS.contains(w) && *w != "the")
        .map(str::to_owned)
        .collect();
    let bare: Vec<&str> = kept
        .iter()
        .map(String::as_str)
        .filter(|w| !FILLERS.contains(w))
        .collect();
    match bare.as_slice() {
        ["star" | "asterisk" | "*"] => return Some(Key::Star),
        ["pound" | "hash" | "#"] => return Some(Key::Hash),
        // "the second", "the second one": whose key it is, as the prompt numbers them.
        [ordinal] | [ordinal, "one"] if digits::spoken(ordinal).is_none() => {
            if let Some(key) = number_word(ordinal).and_then(|digit| digit.chars().next()) {
                return Key::from_char(key);
            }
        }
        _ => {}
    }
    let digits = digits::spoken(&bare.join(" "))?;
    let mut chars = digits.chars();
    let key = chars.next().and_then(Key::from_char)?;
    chars.next().is_none().then_some(key)
}

/// How well an utterance fits a phrase, in ten-thousandths: all of it exactly, the whole phrase among other words, or a
/// part of the phrase and nothing else.
fn fit(said: &[String], all: &[String], phrase: &str) -> u16 {
    let phrase = content(phrase);
    if phrase.is_empty() || said.is_empty() {
        return 0;
    }
    let negated = |w: &String| NEGATIONS.contains(&w.as_str()) && !phrase.contains(w);
    if all.iter().any(negated) {
        return 0;
    }
    if said == phrase.as_slice() {
        return 10_000;
    }
    if same(said, &phrase) {
        return 9_500;
    }
    let has = |words: &[String], w: &String| words.iter().any(|o| near(o, w));
    let basis = |of: usize, cap: usize| u16::try_from(of.min(cap)).unwrap_or(0);
    if phrase.iter().all(|w| has(said, w)) {
        // A longer phrase found whole says more than a shorter one; too many other words say something else.
        let extra = said.len().saturating_sub(phrase.len());
        return if extra > 4 {
            0
        } else {
            8_000 + basis(phrase.len() * 100, 900)
        };
    }
    if said.iter().all(|w| has(&phrase, w)) {
        let share = said.len() * 1_000 / phrase.len();
        return 6_000 + basis(share, 999);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char) -> Key {
        Key::from_char(c).unwrap()
    }

    fn menu(options: &[(char, &[&str])]) -> Vec<Spoken> {
        options
            .iter()
            .map(|(k, phrases)| Spoken {
                key: Some(key(*k)),
                phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
            })
            .collect()
    }

    fn chosen(said: &str, options: &[Spoken]) -> Option<char> {
        let option = choose(said, options).option?;
        options[option].key.map(Key::as_char)
    }

    fn main_menu() -> Vec<Spoken> {
        menu(&[
            ('1', &["deposit accounts", "checking", "savings"]),
            ('2', &["credit cards", "cards"]),
            ('3', &["loans", "mortgage"]),
            ('4', &["rewards"]),
            ('5', &["switch profile"]),
        ])
    }

    #[test]
    fn options_are_chosen_by_number_however_it_is_said() {
        for (said, wanted) in [
            ("two", '2'),
            ("option two", '2'),
            ("press 2 please", '2'),
            ("uh number four", '4'),
            ("one", '1'),
            ("I'd like option three", '3'),
        ] {
            assert_eq!(chosen(said, &main_menu()), Some(wanted), "{said}");
        }
        for (said, wanted) in [
            ("the second", '2'),
            ("the third one please", '3'),
            ("fifth option", '5'),
        ] {
            assert_eq!(chosen(said, &main_menu()), Some(wanted), "{said}");
        }
        for said in ["a second please", "give me one second", "ninth", "tenth"] {
            assert_eq!(chosen(said, &main_menu()), None, "{said}");
        }
        assert_eq!(chosen("seven", &main_menu()), None);
        assert_eq!(chosen("twelve", &main_menu()), None);
    }

    #[test]
    fn options_are_chosen_by_label_with_fillers_parts_and_slips() {
        for (said, wanted) in [
            ("checking please", '1'),
            ("Deposit accounts.", '1'),
            ("uh deposits", '1'),
            ("my cards", '2'),
            ("I want to hear about my credit cards", '2'),
            ("morgage", '3'),
            ("rewrads", '4'),
            ("switch profiles", '5'),
            ("switch the profile", '5'),
        ] {
            assert_eq!(chosen(said, &main_menu()), Some(wanted), "{said}");
        }
    }

    #[test]
    fn what_fits_two_options_or_none_chooses_nothing() {
        for said in [
            "cards and loans",
            "loans or rewards",
            "not my loans",
            "I don't want cards",
            "pizza",
            "",
            "please",
        ] {
            assert_eq!(chosen(said, &main_menu()), None, "{said}");
        }
        let twins = menu(&[('1', &["auto loan"]), ('2', &["student loan"])]);
        assert_eq!(chosen("loan", &twins), None);
        assert_eq!(chosen("the student one", &twins), Some('2'));
        let ending = menu(&[
            ('1', &["Checking ending in 0246"]),
            ('2', &["Checking ending in 0987"]),
        ]);
        for (said, wanted) in [
            ("zero nine eight seven", Some('2')),
            ("the second account", None),
            ("oh two four six", Some('1')),
            ("0246", Some('1')),
        ] {
            assert_eq!(chosen(said, &ending), wanted, "{said}");
        }
        let profiles = menu(&[('1', &["profile 1"]), ('2', &["profile 2"])]);
        assert_eq!(chosen("the second profile", &profiles), Some('2'));
    }

    #[test]
    fn commands_are_whole_utterances() {
        let goodbye = ["goodbye".to_owned(), "hang up".to_owned()];
        assert!(is_phrase("Goodbye!", &goodbye));
        assert!(is_phrase("please hang up", &goodbye));
        assert!(!is_phrase("say goodbye to fees", &goodbye));
    }
}
