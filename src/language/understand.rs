//! From text to a [`Reading`]: matches the rule set, weighs negation and contrast, chooses the primary intent, and finds
//! the values.

use super::lexicon::{self, Lexicon, Match, Word};
use super::token::{Token, tokenize};
use super::values::Values;
use super::{clause, intent};
use crate::call::{Heard, IntentId, Reading, Redacted, Score, Span};
use jiff::civil::DateTime;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What the words alone do not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Now, on the speaker's wall clock: "tomorrow" and "Friday" count from it.
    pub now: DateTime,
    /// The names of the person the call is for, in lower case: "this is Alex".
    pub names: Vec<SmolStr>,
}

impl Context {
    /// A context that only knows the time.
    pub const fn at(now: DateTime) -> Self {
        Self {
            now,
            names: Vec::new(),
        }
    }

    /// The same, knowing whom the call is for.
    #[must_use]
    pub fn for_person(mut self, full_name: &str) -> Self {
        self.names = tokenize(full_name)
            .into_iter()
            .map(|t| t.text)
            .filter(|t| t.len() > 1)
            .collect();
        self
    }
}

/// Words that a negation reaches through.
#[rustfmt::skip]
const THROUGH: &[&str] = &[
    "a", "an", "the", "that", "to", "be", "been", "any", "is", "am", "are", "my", "going", "saying",
    "trying", "have", "in", "at", "it", "too", "so", "want", "think", "thinking", "like", "planning",
    "refusing", "was", "had", "ever", "because", "mean", "said", "yet", "exactly", "necessarily", "for",
    "file", "filed", "filing", "hire", "hired", "need", "needing", "use", "using", "say", "telling",
];

/// Words that say nothing of their own beside a yes.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "a", "about", "again", "alexs", "all", "am", "and", "are", "as", "at", "be", "by", "can", "do", "for",
    "from", "go", "here", "i", "in", "is", "it", "like", "maam", "me", "my", "now", "of", "oh", "on",
    "or", "right", "so", "that", "the", "then", "there", "this", "to", "too", "up", "us", "we", "well",
    "will", "with", "would", "you", "your", "zip", "code", "number", "mean", "know", "should", "pay",
    "payment", "full", "balance", "amount", "whole", "one", "have", "how", "what", "date", "day", "off",
    "let", "huh", "mm", "hm", "mhm",
];

/// Answers that stand before a sentence of their own.
#[rustfmt::skip]
const PARTICLES: &[&str] = &[
    "yes", "yeah", "yep", "no", "nope", "okay", "ok", "well", "hi", "hello", "hey", "oh", "and", "sorry",
    "alright", "sure", "yea", "ya", "yup", "nah", "fine",
];

/// Intents below this score do not hold.
const HOLDS: u16 = 5000;
/// What a match is worth that a contrast follows ("yes but ...").
const CONTRASTED: u32 = 45;

/// Understands what was said. The recogniser's confidence scales the result's.
pub fn understand(heard: &Heard, context: &Context) -> Reading {
    read(heard.text.reveal(), heard.confidence, context, lexicon::english())
}

/// Understands typed text.
pub fn understand_text(text: &str, context: &Context) -> Reading {
    read(text, Score::certain(), context, lexicon::english())
}

fn read(text: &str, confidence: Score, context: &Context, lexicon: &Lexicon) -> Reading {
    let tokens = tokenize(text);
    let (words, origin) = words_of(&tokens, context, lexicon);
    let mut found = Found::new(&words, lexicon.matches(&words));
    found.weigh(&words);
    let values = Values::find(&tokens, context.now);
    let mut reading = found.reading(&tokens, &origin, values.is_empty());
    let scaled = u32::from(reading.confidence.basis()) * u32::from(confidence.basis()) / 10_000;
    reading.confidence = Score::from_basis(u16::try_from(scaled).unwrap_or(u16::MAX));
    let covered = covered(&found, &origin, &values, &tokens);
    reading.spans.extend(values.spans(&tokens));
    reading.spans.extend(rest(&tokens, &covered, lexicon));
    reading
        .spans
        .sort_by(|a, b| (a.start, a.end, &a.kind).cmp(&(b.start, b.end, &b.kind)));
    // The words of one contraction share its bytes.
    reading.spans.dedup();
    reading
}

/// The words that patterns see: fillers and restarts taken out, the target's name under one word. `origin` tells for
/// each which token it was.
fn words_of(tokens: &[Token], context: &Context, lexicon: &Lexicon) -> (Vec<Word>, Vec<usize>) {
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    let mut origin = Vec::with_capacity(tokens.len());
    let (mut begins, mut sentence) = (true, false);
    let mut first_in_clause = 0;
    for (at, token) in tokens.iter().enumerate() {
        if clause::begins(tokens, at) {
            begins = true;
            first_in_clause = words.len();
        }
        sentence |= matches!(token.gap, super::token::Gap::Pause('.' | '?' | '!' | ';'));
        let text = token.text.as_str();
        let you_know = text == "know"
            && clause::before(tokens, at, 1) == "you"
            && clause::before(tokens, at, 2).is_empty();
        let i_mean = text == "mean"
            && clause::before(tokens, at, 1) == "i"
            && !matches!(clause::before(tokens, at, 2), "do" | "what" | "not");
        if i_mean || you_know {
            // The "i" or "you" went in with the word before; what follows starts afresh.
            words.pop();
            origin.pop();
            begins = true;
            continue;
        }
        let next = clause::word(tokens, at + 1);
        // "Uh-huh" is a yes and "uh-uh" a no, though "uh" alone is nothing.
        let hum = match (text, next) {
            ("uh" | "mm" | "um" | "ah", "huh") | ("mm" | "mhm" | "hm", "hmm" | "hm" | "mm" | "mhm") => {
                Some("uhhuh")
            }
            ("uh" | "nuh" | "nu", "uh") => Some("uhuh"),
            _ => None,
        };
        if let Some(hum) = hum {
            words.push(Word {
                text: SmolStr::new_static(hum),
                begins,
                sentence,
            });
            origin.push(at);
            begins = false;
            sentence = false;
            continue;
        }
        if text == "huh" && matches!(clause::before(tokens, at, 1), "uh" | "mm" | "um" | "ah") {
            continue;
        }
        if lexicon.is_filler(text) || token.text == "well" && begins {
            continue;
        }
        let is_name = context
            .names
            .iter()
            .any(|n| n == text || text.strip_suffix('s') == Some(n.as_str()));
        let text = if is_name {
            SmolStr::new_static("targetname")
        } else {
            token.text.clone()
        };
        let restart = words.last().is_some_and(|w| w.text == text)
            && !token.is_number()
            && super::number::number_word(&text).is_none();
        if restart {
            continue;
        }
        // What follows a "yes" or "no" at the head of a clause is a sentence of its own.
        let after_particle = words.len() > first_in_clause
            && words
                .get(first_in_clause..)
                .is_some_and(|w| w.iter().all(|w| PARTICLES.contains(&w.text.as_str())));
        words.push(Word {
            text,
            begins: begins || after_particle,
            sentence,
        });
        origin.push(at);
        begins = false;
        sentence = false;
    }
    (words, origin)
}

/// The matches that count, with what weighs on them.
struct Found {
    matches: Vec<Weighed>,
    conditional: bool,
}

#[derive(Clone, Copy)]
struct Weighed {
    row: Match,
    weight: u32,
    negated: bool,
}

impl Found {
    /// A match that lies wholly inside a longer one is part of it and says nothing of its own.
    fn new(words: &[Word], mut all: Vec<Match>) -> Self {
        all.sort_by_key(|m| (m.first, std::cmp::Reverse(m.end), m.intent));
        all.dedup_by_key(|m| (m.first, m.end, m.intent));
        let mut matches: Vec<Weighed> = Vec::new();
        let mut widest: Option<(usize, usize)> = None;
        for row in all {
            let inside =
                widest.is_some_and(|(first, end)| row.end <= end && (row.first, row.end) != (first, end));
            if widest.is_none_or(|(_, end)| row.end > end) {
                widest = Some((row.first, row.end));
            }
            if !inside {
                matches.push(Weighed {
                    row,
                    weight: u32::from(row.weight),
                    negated: negated(words, row.first),
                });
            }
        }
        Self {
            matches,
            conditional: false,
        }
    }

    /// "Yes, but ...", "okay if ...": the consent before the turn counts for less than what comes after it.
    fn weigh(&mut self, words: &[Word]) {
        const CONSENT: &[&str] = &["affirmation", "will_pay", "identity_confirm", "acknowledgement"];
        let turn = words.iter().position(|w| {
            matches!(
                w.text.as_str(),
                "but" | "except" | "however" | "unless" | "if" | "although"
            )
        });
        let Some(turn) = turn.filter(|t| *t + 1 < words.len()) else {
            return;
        };
        for m in &mut self.matches {
            let consents = intent::FINE
                .get(m.row.intent)
                .is_some_and(|f| CONSENT.contains(&f.name));
            if consents && m.row.end <= turn && !m.negated {
                m.weight = m.weight * CONTRASTED / 100;
                self.conditional = true;
            }
        }
    }

    fn reading(&self, tokens: &[Token], origin: &[usize], no_values: bool) -> Reading {
        let mut fine: BTreeMap<usize, u32> = BTreeMap::new();
        for m in self.matches.iter().filter(|m| !m.negated) {
            // A second sign of the same intent makes it surer, a little.
            fine.entry(m.row.intent)
                .and_modify(|s| *s = (*s).max(m.weight) + (9900 - (*s).max(m.weight).min(9900)) / 4)
                .or_insert(m.weight);
        }
        if self.conditional {
            let row = intent::FINE.iter().position(|f| f.name == "conditional");
            row.map(|row| fine.insert(row, 7500));
        }
        if fine.is_empty() {
            let (name, score) = if no_values {
                ("unknown", 2000)
            } else {
                ("value", 8000)
            };
            let row = intent::FINE.iter().position(|f| f.name == name);
            row.map(|row| fine.insert(row, score));
        }
        build(&fine, self.spans(tokens, origin), self.negated())
    }

    fn negated(&self) -> Vec<IntentId> {
        let mut names: Vec<IntentId> = Vec::new();
        for m in self.matches.iter().filter(|m| m.negated) {
            if let Some(row) = intent::FINE.get(m.row.intent) {
                let id = IntentId::fixed(row.name);
                if !names.contains(&id) {
                    names.push(id);
                }
            }
        }
        names
    }

    fn spans(&self, tokens: &[Token], origin: &[usize]) -> Vec<Span> {
        self.matches
            .iter()
            .filter_map(|m| {
                let first = tokens.get(*origin.get(m.row.first)?)?;
                let last = tokens.get(*origin.get(m.row.end.checked_sub(1)?)?)?;
                Some(Span {
                    start: u32::try_from(first.start).ok()?,
                    end: u32::try_from(last.end).ok()?,
                    kind: SmolStr::new_static(intent::FINE.get(m.row.intent)?.name),
                    value: Redacted::default(),
                    negated: m.negated,
                })
            })
            .collect()
    }
}

/// The result from each finer intent's score. Among those that hold, the earliest row of the table wins.
fn build(fine: &BTreeMap<usize, u32>, spans: Vec<Span>, negated: Vec<IntentId>) -> Reading {
    let score = |s: u32| Score::from_basis(u16::try_from(s).unwrap_or(u16::MAX));
    let mut scores: BTreeMap<IntentId, Score> = intent::COARSE
        .iter()
        .map(|name| (IntentId::fixed(name), Score::default()))
        .collect();
    let mut fine_scores = BTreeMap::new();
    let mut matched: Vec<IntentId> = Vec::new();
    let best = fine.values().copied().max().unwrap_or(0);
    let holds = |s: u32| s >= u32::from(HOLDS) && s * 10 >= best * 5;
    let primary = fine
        .iter()
        .find(|(_, s)| holds(**s))
        .or_else(|| fine.iter().max_by_key(|(_, s)| **s))
        .and_then(|(row, s)| intent::FINE.get(*row).map(|f| (f, *s)));
    let Some((won, confidence)) = primary else {
        return Reading::default();
    };
    for (row, s) in fine {
        let Some(f) = intent::FINE.get(*row) else { continue };
        fine_scores.insert(IntentId::fixed(f.name), score(*s));
        let coarse = IntentId::fixed(f.coarse);
        let known = scores.entry(coarse.clone()).or_default();
        *known = (*known).max(score(*s));
        if holds(*s) && !matched.contains(&coarse) {
            matched.push(coarse);
        }
    }
    let primary = IntentId::fixed(won.coarse);
    matched.retain(|m| *m != primary);
    matched.insert(0, primary.clone());
    let others: Vec<&str> = fine
        .iter()
        .filter(|(row, s)| holds(**s) && intent::FINE.get(**row).is_some_and(|f| f.name != won.name))
        .filter_map(|(row, _)| intent::FINE.get(*row).map(|f| f.name))
        .collect();
    let why = if others.is_empty() {
        format!("{}: {}", won.name, won.meaning)
    } else {
        format!("{}: {}; outranks {}", won.name, won.meaning, others.join(", "))
    };
    Reading {
        primary_intent: primary,
        fine_intent: IntentId::fixed(won.name),
        confidence: score(confidence),
        scores,
        fine_scores,
        matched_intents: matched,
        spans,
        negated,
        why,
    }
}

/// Whether a negation before the match reaches it: through small words, never across a clause or a new subject.
fn negated(words: &[Word], first: usize) -> bool {
    const SUBJECTS: &[&str] = &["i", "you", "he", "she", "it", "we", "they", "this", "that"];
    let text = |at: usize| words.get(at).map_or("", |w| w.text.as_str());
    if words
        .get(first)
        .is_none_or(|w| w.begins && text(first.wrapping_sub(1)) != "because")
    {
        return false;
    }
    let subject = SUBJECTS.contains(&text(first));
    for back in 1..=5 {
        let Some(at) = first.checked_sub(back) else {
            return false;
        };
        match text(at) {
            // A new subject begins a new sentence, except after "not that", "not saying", "do not think".
            "not" | "never" => {
                let link = text(at + 1);
                return !subject
                    || (back > 1
                        && matches!(link, "that" | "saying" | "because" | "like" | "think" | "mean"));
            }
            "without" if !subject => return true,
            // "not that I can't": the negation reaches over the new subject.
            word if SUBJECTS.contains(&word)
                && back == 1
                && matches!(
                    text(at.wrapping_sub(1)),
                    "that" | "saying" | "because" | "think" | "like"
                )
                && text(at.wrapping_sub(2)) == "not" =>
            {
                return true;
            }
            word if THROUGH.contains(&word) => {}
            _ => return false,
        }
        if words.get(at).is_some_and(|w| w.begins) {
            return false;
        }
    }
    false
}

/// Which tokens a match or a value explains.
fn covered(found: &Found, origin: &[usize], values: &Values, tokens: &[Token]) -> Vec<bool> {
    let mut covered = vec![false; tokens.len()];
    let mut cover = |first: usize, end: usize| {
        if let Some(part) = covered.get_mut(first..end) {
            part.fill(true);
        }
    };
    for m in &found.matches {
        let first = origin.get(m.row.first).copied();
        let last = m.row.end.checked_sub(1).and_then(|i| origin.get(i)).copied();
        if let (Some(first), Some(last)) = (first, last) {
            cover(first, last + 1);
        }
    }
    for (first, end) in values.places() {
        cover(first, end);
    }
    covered
}

/// Words that nothing explains, as `rest` spans: a yes beside them may be a yes to something else.
fn rest(tokens: &[Token], covered: &[bool], lexicon: &Lexicon) -> Vec<Span> {
    tokens
        .iter()
        .zip(covered)
        .filter(|(t, covered)| !**covered && !SMALL.contains(&t.text.as_str()) && !lexicon.is_filler(&t.text))
        .filter_map(|(t, _)| {
            Some(Span {
                start: u32::try_from(t.start).ok()?,
                end: u32::try_from(t.end).ok()?,
                kind: SmolStr::new_static("rest"),
                value: Redacted::default(),
                negated: false,
            })
        })
        .collect()
}

/// A reading that says one finer intent and carries these values: a key's meaning, or what a search tries.
pub fn meaning(fine_name: &str, spans: Vec<Span>) -> Reading {
    let row = intent::FINE.iter().position(|f| f.name == fine_name);
    let fine: BTreeMap<usize, u32> = row.map(|row| (row, 10_000)).into_iter().collect();
    let mut reading = build(&fine, spans, Vec::new());
    reading.spans.sort_by_key(|s| (s.start, s.end));
    reading
}
