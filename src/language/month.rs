//! Months and their edges: "end of the month", "before the month is over", "mid month", "in march".

use super::clause::{before, word};
use super::date::{DateKind, Found, month_word, near_year, plus};
use super::token::Token;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// "end of the month", "last day of this month", "middle of next month".
pub(super) fn edge_of_month(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    let (edge, mut len) = match (word(tokens, at), word(tokens, at + 1)) {
        ("end" | "ending" | "close" | "last", "of") => ("end", 2),
        ("last", "day") => ("end", 2 + usize::from(word(tokens, at + 2) == "of")),
        ("months" | "month", "end") => return Some((Some(today.last_of_month()), DateKind::MonthEnd, 2)),
        ("monthend" | "eom", _) => return Some((Some(today.last_of_month()), DateKind::MonthEnd, 1)),
        ("middle", "of") => ("middle", 2),
        ("beginning" | "start", "of") => ("start", 2),
        ("before" | "when" | "until", "the" | "this") if word(tokens, at + 2) == "month" => {
            let over = match (word(tokens, at + 3), word(tokens, at + 4)) {
                ("is", "over" | "out" | "up" | "done" | "through") => 5,
                ("ends" | "closes", _) => 4,
                _ => return None,
            };
            return Some((Some(today.last_of_month()), DateKind::MonthEnd, over));
        }
        ("mid", "month") => return Some(fifteenth(today, 2)),
        _ => return None,
    };
    let modifier = word(tokens, at + len);
    if matches!(modifier, "the" | "this" | "next") {
        len += 1;
    }
    let next = modifier == "next";
    if let Some(month) = month_word(word(tokens, at + len)) {
        let first = near_year(month, 1, today.first_of_month())?;
        let date = match edge {
            "end" => first.last_of_month(),
            "middle" => plus(first, 14.days())?,
            _ => first,
        };
        return Some((Some(date), DateKind::Calendar, len + 1));
    }
    match (word(tokens, at + len), edge, next) {
        ("month", "end", false) => Some((Some(today.last_of_month()), DateKind::MonthEnd, len + 1)),
        ("month", _, true) => {
            let first = plus(today.first_of_month(), 1.month())?;
            let date = match edge {
                "end" => first.last_of_month(),
                "middle" => plus(first, 14.days())?,
                _ => first,
            };
            Some((Some(date), DateKind::Calendar, len + 1))
        }
        ("month", "middle", false) => Some(fifteenth(today, len + 1)),
        ("week", "end", _) => {
            let friday = i64::from(today.weekday().until(Weekday::Friday));
            let weeks = if next { 7 } else { 0 };
            Some((plus(today, (friday + weeks).days()), DateKind::Weekday, len + 1))
        }
        ("day" | "today", "end", _) => Some((Some(today), DateKind::Today, len + 1)),
        _ => None,
    }
}

fn fifteenth(today: Date, len: usize) -> Found {
    let date = plus(today.first_of_month(), 14.days());
    let kind = if date.is_some_and(|d| d < today) {
        DateKind::Past
    } else {
        DateKind::Calendar
    };
    (date, kind, len)
}

/// A month and no day: "in march", "sometime in april", or nothing but the month.
pub(super) fn month_alone(tokens: &[Token], at: usize) -> Option<i8> {
    let month = month_word(word(tokens, at))?;
    let led = matches!(
        before(tokens, at, 1),
        "in" | "early" | "mid" | "late" | "until" | "till" | "by" | "around" | "maybe" | "before"
    );
    (led || tokens.len() == 1).then_some(month)
}
