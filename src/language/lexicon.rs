//! The rule set: phrase patterns with weights, read from `assets/language/*.toml`.
//!
//! A pattern is a row of elements parted by spaces:
//!
//! | element | matches |
//! |---|---|
//! | `word` | that word, as [`super::token`] folds it: no apostrophes, contractions spelled out |
//! | `one\|other` | either word |
//! | `@class` | any word of a class |
//! | `name?` | optionally |
//! | `_3` | up to three words of any kind within the sentence |
//! | `^` | the beginning of a clause |
//! | `$` | the end of a clause |
//! | `(a b\|c)` | either row of words; a `?` after it makes it optional |

use super::intent;
use serde::Deserialize;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The shipped English rule set.
pub fn english() -> &'static Lexicon {
    static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
        // A test proves that the shipped file parses; an empty lexicon understands nothing but stays total.
        Lexicon::parse(include_str!("../../assets/language/en.toml")).unwrap_or_default()
    });
    &ENGLISH
}

/// What is wrong with a rule set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// The file is not the TOML that was expected.
    #[error("{0}")]
    Toml(String),
    /// No intent has that name.
    #[error("no intent is called `{0}`; the names are in the table of `language::intent`")]
    Intent(String),
    /// A pattern names a class that the file does not define.
    #[error("pattern `{pattern}` names the class `@{class}`, which is not defined")]
    Class {
        /// The pattern.
        pattern: String,
        /// The class.
        class: String,
    },
    /// A pattern that could match anywhere.
    #[error("pattern `{0}` needs a word of its own to begin with")]
    Open(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fillers: String,
    classes: BTreeMap<String, String>,
    intents: BTreeMap<String, Rows>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rows {
    strong: Vec<String>,
    medium: Vec<String>,
    weak: Vec<String>,
}

/// How much a pattern of each list counts, in ten-thousandths.
const STRONG: u16 = 9500;
const MEDIUM: u16 = 8000;
const WEAK: u16 = 5500;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    Words {
        words: BTreeSet<SmolStr>,
        optional: bool,
    },
    Gap(usize),
    Begin,
    End,
}

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    intent: usize,
    weight: u16,
    elements: Vec<Element>,
}

/// A rule set, ready to match.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    fillers: BTreeSet<SmolStr>,
    patterns: Vec<Pattern>,
    /// Which patterns can begin with a word.
    by_word: BTreeMap<SmolStr, Vec<usize>>,
}

/// A pattern that matched: a row of [`intent::FINE`], its weight, and the words it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The row of [`intent::FINE`].
    pub intent: usize,
    /// In ten-thousandths.
    pub weight: u16,
    /// The first word.
    pub first: usize,
    /// One past the last word.
    pub end: usize,
}

/// A word as patterns see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The folded text.
    pub text: SmolStr,
    /// Whether a clause begins with it.
    pub begins: bool,
    /// Whether a sentence ended just before it (a full stop, a question mark), which no gap crosses.
    pub sentence: bool,
}

impl Lexicon {
    /// Reads a rule set.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File = toml::from_str(text).map_err(|e| LexiconError::Toml(e.to_string()))?;
        let mut lexicon = Self {
            fillers: file.fillers.split_whitespace().map(SmolStr::new).collect(),
            ..Self::default()
        };
        for (name, rows) in &file.intents {
            let intent = intent::FINE
                .iter()
                .position(|f| f.name == name)
                .ok_or_else(|| LexiconError::Intent(name.clone()))?;
            for (list, weight) in [(&rows.strong, STRONG), (&rows.medium, MEDIUM), (&rows.weak, WEAK)] {
                for text in list.iter().flat_map(|text| alternatives(text)) {
                    lexicon.add(intent, weight, &text, &file.classes)?;
                }
            }
        }
        Ok(lexicon)
    }

    fn add(
        &mut self,
        intent: usize,
        weight: u16,
        text: &str,
        classes: &BTreeMap<String, String>,
    ) -> Result<(), LexiconError> {
        let elements = text
            .split_whitespace()
            .map(|e| element(e, text, classes))
            .collect::<Result<Vec<_>, _>>()?;
        // A gap says nothing where a pattern begins.
        let lead = elements
            .iter()
            .take_while(|e| matches!(e, Element::Gap(_)))
            .count();
        let elements: Vec<Element> = elements.into_iter().skip(lead).collect();
        let index = self.patterns.len();
        let mut required = false;
        for element in &elements {
            match element {
                Element::Begin => {}
                Element::Words { words, optional } => {
                    for word in words {
                        let rows = self.by_word.entry(word.clone()).or_default();
                        if rows.last() != Some(&index) {
                            rows.push(index);
                        }
                    }
                    required = !optional;
                }
                Element::Gap(_) | Element::End => break,
            }
            if required {
                break;
            }
        }
        if !required {
            return Err(LexiconError::Open(text.to_owned()));
        }
        self.patterns.push(Pattern {
            intent,
            weight,
            elements,
        });
        Ok(())
    }

    /// Whether the word carries no meaning and is passed over.
    pub fn is_filler(&self, word: &str) -> bool {
        self.fillers.contains(word)
    }

    /// How many patterns there are.
    pub const fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Every pattern that matches somewhere. Patterns have bounded length, so the time is linear in the number of words.
    pub fn matches(&self, words: &[Word]) -> Vec<Match> {
        let mut out = Vec::new();
        for (first, word) in words.iter().enumerate() {
            for index in self.by_word.get(&word.text).into_iter().flatten() {
                let Some(pattern) = self.patterns.get(*index) else {
                    continue;
                };
                if let Some(end) = matched(&pattern.elements, words, first, first) {
                    out.push(Match {
                        intent: pattern.intent,
                        weight: pattern.weight,
                        first,
                        end,
                    });
                }
            }
        }
        out
    }
}

/// The pattern once for each way through its groups. Single words of a group stay together as one element, so only rows
/// of several words multiply the ways.
fn alternatives(text: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        let group = text
            .split_once('(')
            .and_then(|(before, rest)| rest.split_once(')').map(|(body, after)| (before, body, after)));
        let Some((before, body, after)) = group else {
            done.push(text);
            continue;
        };
        let (after, optional) = after
            .strip_prefix('?')
            .map_or((after, false), |rest| (rest, true));
        let parts = || body.split('|').map(str::trim);
        let special =
            |part: &str| part.contains(' ') || part.ends_with('?') || part == "$" || part.starts_with('_');
        let words: Vec<&str> = parts().filter(|p| !special(p)).collect();
        if !words.is_empty() {
            open.push(format!("{before} {} {after}", words.join("|")));
        }
        open.extend(
            parts()
                .filter(|p| special(p))
                .map(|way| format!("{before} {way} {after}")),
        );
        if optional {
            open.push(format!("{before} {after}"));
        }
        if open.len() + done.len() > MOST_WAYS {
            break;
        }
    }
    done
}

/// A pattern with more ways through it than this should be two.
const MOST_WAYS: usize = 2000;

fn element(text: &str, pattern: &str, classes: &BTreeMap<String, String>) -> Result<Element, LexiconError> {
    match text {
        "^" => return Ok(Element::Begin),
        "$" => return Ok(Element::End),
        _ => {}
    }
    if let Some(count) = text.strip_prefix('_').and_then(|n| n.parse().ok()) {
        return Ok(Element::Gap(usize::min(count, 8)));
    }
    let (body, optional) = text.strip_suffix('?').map_or((text, false), |body| (body, true));
    let mut words = BTreeSet::new();
    for part in body.split('|') {
        if let Some(class) = part.strip_prefix('@') {
            let list = classes.get(class).ok_or_else(|| LexiconError::Class {
                pattern: pattern.to_owned(),
                class: class.to_owned(),
            })?;
            words.extend(list.split_whitespace().map(SmolStr::new));
        } else {
            words.insert(SmolStr::new(part));
        }
    }
    Ok(Element::Words { words, optional })
}

/// Matches the rest of a pattern at a word; the end of the longest match.
fn matched(elements: &[Element], words: &[Word], at: usize, first: usize) -> Option<usize> {
    let Some((element, rest)) = elements.split_first() else {
        return Some(at);
    };
    let ends_here = |at: usize| words.get(at).is_none_or(|w| w.begins);
    match element {
        Element::Begin => words
            .get(at)
            .is_some_and(|w| w.begins)
            .then(|| matched(rest, words, at, first))
            .flatten(),
        Element::End => ends_here(at).then(|| matched(rest, words, at, first)).flatten(),
        Element::Words { words: set, optional } => {
            let here = words
                .get(at)
                .filter(|w| set.contains(&w.text) && (at == first || !w.sentence));
            here.and_then(|_| matched(rest, words, at + 1, first))
                .or_else(|| optional.then(|| matched(rest, words, at, first)).flatten())
        }
        Element::Gap(most) => (0..=*most)
            .take_while(|skip| (at..at + skip).all(|i| words.get(i).is_some_and(passable)))
            .find_map(|skip| matched(rest, words, at + skip, first)),
    }
}

/// Whether a gap may pass over the word: never over a negation, never over the end of a sentence.
fn passable(word: &Word) -> bool {
    !word.sentence && !matches!(word.text.as_str(), "not" | "never" | "no" | "but")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        text.split(' ')
            .enumerate()
            .map(|(i, w)| Word {
                text: SmolStr::new(w),
                begins: i == 0,
                sentence: false,
            })
            .collect()
    }

    fn found(pattern: &str, text: &str) -> bool {
        let file = format!(
            "fillers = \"uh\"\n[classes]\npay = \"pay paying\"\n[intents.will_pay]\nstrong = [\"{pattern}\"]\n"
        );
        !Lexicon::parse(&file).unwrap().matches(&words(text)).is_empty()
    }

    #[test]
    fn patterns_match_words_classes_gaps_and_edges() {
        assert!(found("can @pay", "i can pay it"));
        assert!(found("can not? @pay", "i can pay"));
        assert!(found("can _2 pay", "i can surely now pay"));
        assert!(!found("can _2 pay", "i can surely now then pay"));
        assert!(found("^ yes $", "yes"));
        assert!(!found("^ yes $", "yes it is"));
        assert!(!found("^ yes", "oh yes"));
    }

    #[test]
    fn the_shipped_rule_set_parses() {
        let lexicon = Lexicon::parse(include_str!("../../assets/language/en.toml")).unwrap();
        assert!(lexicon.len() > 300);
    }

    #[test]
    fn mistakes_in_a_rule_set_are_named() {
        let parse = |rows: &str| Lexicon::parse(&format!("fillers = \"\"\n[classes]\n{rows}")).unwrap_err();
        assert_eq!(parse("[intents.nope]\n"), LexiconError::Intent("nope".to_owned()));
        assert!(matches!(
            parse("[intents.busy]\nstrong = [\"@x\"]\n"),
            LexiconError::Class { .. }
        ));
        assert_eq!(
            parse("[intents.busy]\nstrong = [\"x?\"]\n"),
            LexiconError::Open("x?".to_owned())
        );
    }
}
