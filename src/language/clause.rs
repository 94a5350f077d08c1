//! Clauses: how far a negation, a verb or a question reaches.

use super::token::{Gap, Token};
use std::ops::Range;

/// Words that turn a sentence: what follows is said apart from what came before.
#[rustfmt::skip]
const TURNS: &[&str] = &[
    "although", "because", "but", "cause", "cuz", "except", "however", "otherwise", "since", "so",
    "though", "unless",
];

/// Words after which "and" or "or" begins a new clause rather than a list.
const SUBJECTS: &[&str] = &[
    "he", "i", "it", "my", "she", "that", "then", "they", "this", "we", "you", "can", "will", "maybe",
];

/// Whether a new clause begins at this word.
pub fn begins(tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return true };
    if at == 0 || matches!(token.gap, Gap::Pause(mark) if mark != '-') {
        return true;
    }
    if TURNS.contains(&token.text.as_str()) {
        return true;
    }
    let before = |n: usize| {
        at.checked_sub(n)
            .and_then(|i| tokens.get(i))
            .map_or("", |t| t.text.as_str())
    };
    TURNS.contains(&before(1))
        || (matches!(before(1), "and" | "or") && SUBJECTS.contains(&token.text.as_str()))
}

/// The clause that a word lies in. Looks at most `REACH` words each way, so that a long text stays linear.
pub fn around(tokens: &[Token], at: usize) -> Range<usize> {
    const REACH: usize = 24;
    let mut start = at;
    while start > 0 && at - start < REACH && !begins(tokens, start) {
        start -= 1;
    }
    let mut end = at + 1;
    while end < tokens.len() && end - at < REACH && !begins(tokens, end) {
        end += 1;
    }
    start..end
}

/// Whether any of the words stands in a stretch of the text.
pub fn has(tokens: &[Token], range: Range<usize>, words: &[&str]) -> bool {
    tokens
        .get(range)
        .is_some_and(|part| part.iter().any(|t| words.contains(&t.text.as_str())))
}

/// Whether one of these phrases, each a row of words parted by single spaces, stands in a stretch of the text.
pub fn has_phrase(tokens: &[Token], range: Range<usize>, phrases: &[&str]) -> bool {
    let Some(part) = tokens.get(range) else {
        return false;
    };
    phrases.iter().any(|phrase| {
        let len = phrase.split(' ').count();
        part.windows(len)
            .any(|w| w.iter().map(|t| t.text.as_str()).eq(phrase.split(' ')))
    })
}

/// The text of the word `back` places before `at`; empty before the beginning.
pub fn before(tokens: &[Token], at: usize, back: usize) -> &str {
    at.checked_sub(back)
        .and_then(|i| tokens.get(i))
        .map_or("", |t| t.text.as_str())
}

/// The text of the word at `at`; empty past the end.
pub fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |t| t.text.as_str())
}
