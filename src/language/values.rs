//! The values of an utterance, and how they travel in a [`Reading`]'s spans.
//!
//! A party decides on a [`Reading`] alone, whether it came from words or was put in as a meaning; so every value is a
//! span, and [`Values::of`] reads them back. The kinds:
//!
//! | kind | value |
//! |---|---|
//! | `zip` | five digits |
//! | `digits` | how many digits were said that are no ZIP code |
//! | `today`, `tomorrow`, `weekday`, `month_end`, `date`, `relative_date`, `past_date` | an ISO date |
//! | `vague_date` | none: payday, next week |
//! | `money` | a decimal amount; `half`, `full` |
//! | `time` | `HH:MM`; `wait`: minutes; `day_part`: none |
//! | `sensitive` | none: a card, an identity number, a date of birth was said |
//! | `rest` | none: a word that nothing explains |
//!
//! A date's kind may end in `.tentative` or `.mentioned`; a ruled-out value is `negated`.

use super::clock::{self, When};
use super::date::{self, DateHeard, DateKind};
use super::money::{self, Amount, AmountHeard};
use super::sensitive;
use super::stance::Stance;
use super::token::Token;
use super::zip::{self, ZipHeard};
use crate::call::{Cents, Reading, Redacted, Span};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, ToSpan as _};
use smol_str::SmolStr;
use std::ops::Range;

/// A date that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateValue {
    /// The day; `None` for "payday".
    pub date: Option<Date>,
    /// How it was named.
    pub kind: DateKind,
    /// What was done with it.
    pub stance: Stance,
}

/// What an utterance holds besides intents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// A ZIP code, or other digits.
    pub zip: Option<String>,
    /// Whether digits were said that are no ZIP code.
    pub other_digits: bool,
    /// Dates in the order they were said.
    pub dates: Vec<DateValue>,
    /// Amounts that were not ruled out.
    pub amounts: Vec<Amount>,
    /// Times of day.
    pub times: Vec<When>,
    /// Whether a card or identity number, a password or a date of birth was said.
    pub sensitive: bool,
    /// How many words nothing explains.
    pub rest: usize,
    places: Vec<(usize, usize, SmolStr, String, bool)>,
}

const DATE_KINDS: [(DateKind, &str); 8] = [
    (DateKind::Today, "today"),
    (DateKind::Tomorrow, "tomorrow"),
    (DateKind::Weekday, "weekday"),
    (DateKind::MonthEnd, "month_end"),
    (DateKind::Calendar, "date"),
    (DateKind::Relative, "relative_date"),
    (DateKind::Past, "past_date"),
    (DateKind::Vague, "vague_date"),
];

impl Values {
    /// Finds the values of an utterance.
    pub fn find(tokens: &[Token], now: DateTime) -> Self {
        let mut values = Self::default();
        match zip::find(tokens) {
            ZipHeard::Zip { zip, start, end } => {
                let first = tokens.iter().position(|t| t.start >= start).unwrap_or(0);
                let last = tokens.iter().rposition(|t| t.end <= end).map_or(first, |i| i + 1);
                values.put(first, last, "zip", zip, false);
            }
            ZipHeard::Other => values.put(0, 0, "digits", String::new(), false),
            ZipHeard::None => {}
        }
        let dates = date::find(tokens, now.date());
        for d in &dates {
            values.put_date(d);
        }
        let days: Vec<Range<usize>> = dates.iter().map(|d| d.first..d.end).collect();
        for a in money::find_beside(tokens, &days) {
            values.put_amount(&a);
        }
        for t in clock::find(tokens) {
            let (kind, value) = match t.when {
                When::At(time) => ("time", time.strftime("%H:%M").to_string()),
                When::After(wait) => ("wait", wait.as_mins().to_string()),
                When::Part => ("day_part", String::new()),
            };
            values.put(t.first, t.end, kind, value, false);
        }
        if let Some((first, end)) = sensitive::find(tokens) {
            values.put(first, end, "sensitive", String::new(), false);
        }
        let mut read = Self::from_spans(&values.spans(tokens));
        read.places = values.places;
        read
    }

    /// The values that a reading carries.
    pub fn of(reading: &Reading) -> Self {
        Self::from_spans(&reading.spans)
    }

    /// Whether nothing was said that has a value.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The token ranges of the values.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        self.places.iter().map(|(first, end, ..)| (*first, *end))
    }

    /// As spans of the text.
    pub(super) fn spans(&self, tokens: &[Token]) -> Vec<Span> {
        let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.places
            .iter()
            .map(|(first, end, kind, value, negated)| {
                let start = tokens.get(*first).map_or(0, |t| t.start);
                let last = end
                    .checked_sub(1)
                    .and_then(|i| tokens.get(i))
                    .map_or(start, |t| t.end);
                Span {
                    start: offset(start),
                    // A value of the utterance as a whole has no place of its own.
                    end: offset(last.max(start)),
                    kind: kind.clone(),
                    value: Redacted::new(value.clone()),
                    negated: *negated,
                }
            })
            .collect()
    }

    fn put(&mut self, first: usize, end: usize, kind: &str, value: String, negated: bool) {
        self.places.push((first, end, SmolStr::new(kind), value, negated));
    }

    fn put_date(&mut self, d: &DateHeard) {
        let kind = DATE_KINDS
            .iter()
            .find(|(k, _)| *k == d.kind)
            .map_or("date", |(_, name)| name);
        let kind = match d.stance {
            Stance::Tentative => format!("{kind}.tentative"),
            Stance::Mentioned => format!("{kind}.mentioned"),
            Stance::Past => format!("{kind}.past"),
            Stance::Offered | Stance::Negated => kind.to_owned(),
        };
        let value = d.date.map(|d| d.to_string()).unwrap_or_default();
        self.put(d.first, d.end, &kind, value, d.stance == Stance::Negated);
    }

    fn put_amount(&mut self, a: &AmountHeard) {
        let (kind, value) = match a.amount {
            Amount::Cents(cents) => ("money", cents.to_decimal()),
            Amount::Half => ("half", String::new()),
            Amount::Full => ("full", String::new()),
        };
        self.put(a.first, a.end, kind, value, a.negated);
    }

    fn from_spans(spans: &[Span]) -> Self {
        let mut values = Self::default();
        for span in spans {
            let value = span.value.reveal();
            match span.kind.as_str() {
                "zip" if !span.negated => values.zip = Some(value.to_owned()),
                "digits" => values.other_digits = true,
                "money" if !span.negated => values
                    .amounts
                    .extend(value.parse::<Cents>().ok().map(Amount::Cents)),
                "half" if !span.negated => values.amounts.push(Amount::Half),
                "full" if !span.negated => values.amounts.push(Amount::Full),
                "time" => values
                    .times
                    .extend(Time::strptime("%H:%M", value).ok().map(When::At)),
                "wait" => values.times.extend(
                    value
                        .parse()
                        .ok()
                        .map(|m: i64| When::After(SignedDuration::from_mins(m.clamp(0, 100_000)))),
                ),
                "day_part" => values.times.push(When::Part),
                "sensitive" => values.sensitive = true,
                "rest" => values.rest += 1,
                kind => values.dates.extend(date_value(kind, value, span.negated)),
            }
        }
        values
    }

    /// The time for a callback that was said completely, as wall-clock time: a day and an hour, an hour that is still
    /// ahead, or a wait.
    ///
    /// `known_day` is a day that was named before: "tomorrow" and then "at six".
    pub fn callback_time(&self, now: DateTime, known_day: Option<Date>) -> Option<DateTime> {
        let when = self.times.iter().find(|t| !matches!(t, When::Part));
        let day = self
            .dates
            .iter()
            .filter(|d| d.stance != Stance::Negated && !(d.kind == DateKind::Today && self.dates.len() > 1))
            .find_map(|d| d.date);
        match (when?, day.or(known_day)) {
            (When::After(wait), _) => now
                .checked_add(*wait)
                .ok()
                .and_then(|t| t.round(jiff::Unit::Minute).ok()),
            (When::At(time), Some(day)) => Some(day.to_datetime(*time)),
            (When::At(time), None) => {
                let today = now.date().to_datetime(*time);
                if today > now {
                    Some(today)
                } else {
                    today.checked_add(1.day()).ok()
                }
            }
            (When::Part, _) => None,
        }
    }
}

fn date_value(kind: &str, value: &str, negated: bool) -> Option<DateValue> {
    let (name, suffix) = kind.split_once('.').unwrap_or((kind, ""));
    let kind = DATE_KINDS.iter().find(|(_, n)| *n == name).map(|(k, _)| *k)?;
    let stance = match suffix {
        _ if negated => Stance::Negated,
        "tentative" => Stance::Tentative,
        "mentioned" => Stance::Mentioned,
        "past" => Stance::Past,
        _ => Stance::Offered,
    };
    Some(DateValue {
        date: value.parse().ok(),
        kind,
        stance,
    })
}
