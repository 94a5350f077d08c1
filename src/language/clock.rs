//! Times of day and waits: "3 pm", "at half past three", "noon", "in two hours".

use super::clause::{before, word};
use super::number::cardinal;
use super::token::{Gap, Token};
use jiff::SignedDuration;
use jiff::civil::Time;

/// A time of day or a wait, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeHeard {
    /// What was said.
    pub when: When,
    /// The first word.
    pub first: usize,
    /// One past the last word.
    pub end: usize,
}

/// A point in a day, or a stretch from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A time by the clock.
    At(Time),
    /// So long from now.
    After(SignedDuration),
    /// Morning, afternoon, evening: not a time yet.
    Part,
}

/// Every time of an utterance, in order.
pub fn find(tokens: &[Token]) -> Vec<TimeHeard> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((when, len)) = time_at(tokens, at) else {
            at += 1;
            continue;
        };
        out.push(TimeHeard {
            when,
            first: at,
            end: at + len,
        });
        at += len;
    }
    out
}

fn time_at(tokens: &[Token], at: usize) -> Option<(When, usize)> {
    match word(tokens, at) {
        "noon" | "noontime" | "midday" => return Some((When::At(Time::constant(12, 0, 0, 0)), 1)),
        "lunchtime" => return Some((When::Part, 1)),
        "midnight" => return Some((When::At(Time::midnight()), 1)),
        "morning" | "afternoon" | "evening" | "night" if before(tokens, at, 1) != "good" => {
            return Some((When::Part, 1));
        }
        _ => {}
    }
    wait(tokens, at)
        .or_else(|| past_or_to(tokens, at))
        .or_else(|| clock(tokens, at))
}

/// "in two hours", "in half an hour", "an hour from now".
fn wait(tokens: &[Token], at: usize) -> Option<(When, usize)> {
    let lead = usize::from(matches!(word(tokens, at), "in" | "within"));
    let (minutes_per, count, words): (i64, i64, usize) =
        match (word(tokens, at + lead), word(tokens, at + lead + 1)) {
            ("half", "an" | "hour") => {
                let words = if word(tokens, at + lead + 1) == "an" { 3 } else { 2 };
                (30, 1, words)
            }
            ("an" | "a" | "one", "hour") => (60, 1, 2),
            ("a", "couple") => {
                let of = usize::from(word(tokens, at + lead + 2) == "of");
                let unit = word(tokens, at + lead + 2 + of);
                (if unit == "hours" { 60 } else { return None }, 2, 3 + of)
            }
            _ => {
                let n = cardinal(tokens, at + lead).filter(|n| n.value <= 1440)?;
                let per = match word(tokens, at + lead + n.len) {
                    "hour" | "hours" => 60,
                    "minute" | "minutes" | "mins" | "min" => 1,
                    _ => return None,
                };
                (per, i64::try_from(n.value).ok()?, n.len + 1)
            }
        };
    let len = lead + words;
    let from_now = word(tokens, at + len) == "from" && word(tokens, at + len + 1) == "now";
    if lead == 0 && !from_now {
        return None;
    }
    let wait = SignedDuration::from_mins(minutes_per * count);
    Some((When::After(wait), len + if from_now { 2 } else { 0 }))
}

/// "half past three", "quarter to four".
fn past_or_to(tokens: &[Token], at: usize) -> Option<(When, usize)> {
    let a = usize::from(word(tokens, at) == "a");
    let (minutes, words) = match word(tokens, at + a) {
        "half" => (30, 1),
        "quarter" => (15, 1),
        _ => {
            let n = cardinal(tokens, at).filter(|n| n.value < 60)?;
            (i64::try_from(n.value).ok()?, n.len)
        }
    };
    let side = match word(tokens, at + a + words) {
        "past" | "after" => 1,
        "to" | "till" | "of" if word(tokens, at + a) != "half" => -1,
        _ => return None,
    };
    let hour_at = at + a + words + 1;
    let hour = cardinal(tokens, hour_at).filter(|n| (1..=12).contains(&n.value))?;
    // "five to ten" is a range of things unless a half or a quarter is named.
    if !matches!(word(tokens, at + a), "half" | "quarter") {
        return None;
    }
    let (suffix, suffix_len) = half_of_day(tokens, hour_at + hour.len);
    let hour24 = to_24(i8::try_from(hour.value).ok()?, suffix);
    let time = Time::new(hour24, 0, 0, 0).ok()?;
    let time = time.wrapping_add(SignedDuration::from_mins(side * minutes));
    Some((When::At(time), hour_at + hour.len + suffix_len - at))
}

/// "3 pm", "3:30", "at three thirty", "15:30", "three o'clock in the afternoon".
fn clock(tokens: &[Token], at: usize) -> Option<(When, usize)> {
    let first = tokens.get(at)?;
    if matches!(first.gap, Gap::Mark('/' | '-' | '.' | ':' | ',')) || matches!(before(tokens, at, 1), "$") {
        return None;
    }
    let hour = cardinal(tokens, at).filter(|n| n.value <= 23)?;
    let mut len = hour.len;
    let mut minute = 0;
    let colon = tokens
        .get(at + len)
        .filter(|t| t.is_number() && t.gap == Gap::Mark(':') && t.text.len() == 2);
    let mut marked = colon.is_some();
    if let Some(minutes) = colon {
        minute = minutes.text.parse::<i8>().ok().filter(|m| *m < 60)?;
        len += 1;
    } else if tokens.get(at + len).is_some_and(|t| t.gap == Gap::Space) && !first.is_number() {
        // "three thirty", "ten fifteen", "nine oh five"
        let oh = usize::from(word(tokens, at + len) == "oh");
        let spoken = cardinal(tokens, at + len + oh)
            .filter(|n| n.value < 60 && (n.value >= 10 || oh == 1) && hour.value <= 12);
        if let Some(n) = spoken {
            minute = i8::try_from(n.value).ok()?;
            len += n.len + oh;
        }
    }
    let oclock = word(tokens, at + len) == "oclock"
        || (word(tokens, at + len) == "o" && word(tokens, at + len + 1) == "clock");
    if oclock {
        len += if word(tokens, at + len) == "oclock" { 1 } else { 2 };
        marked = true;
    }
    let (suffix, suffix_len) = half_of_day(tokens, at + len);
    marked |= suffix_len > 0;
    let led = matches!(
        before(tokens, at, 1),
        "at" | "around" | "about" | "after" | "past" | "before" | "by"
    ) || (before(tokens, at, 1) == "like" && before(tokens, at, 2) == "at");
    let next = word(tokens, at + len + suffix_len);
    let joined = tokens
        .get(at + len + suffix_len)
        .is_some_and(|t| matches!(t.gap, Gap::Joined | Gap::Mark('/' | '.')));
    let unit = matches!(
        next,
        "dollars"
            | "bucks"
            | "days"
            | "weeks"
            | "hours"
            | "hour"
            | "minutes"
            | "months"
            | "percent"
            | "%"
            | "st"
            | "nd"
            | "rd"
            | "th"
            | "hundred"
            | "thousand"
            | "least"
            | "payments"
            | "am_"
    ) || tokens
        .get(at + len + suffix_len)
        .is_some_and(|t| t.is_number() && suffix_len == 0);
    if !marked && (!led || unit || joined || hour.value == 0 || hour.value > 12) {
        return None;
    }
    let hour = i8::try_from(hour.value).ok()?;
    let hour = if hour > 12 { hour } else { to_24(hour, suffix) };
    Some((When::At(Time::new(hour, minute, 0, 0).ok()?), len + suffix_len))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
    Unsaid,
}

fn half_of_day(tokens: &[Token], at: usize) -> (Half, usize) {
    match (word(tokens, at), word(tokens, at + 1), word(tokens, at + 2)) {
        ("am", ..) => (Half::Am, 1),
        ("pm", ..) => (Half::Pm, 1),
        ("a", "m", _) => (Half::Am, 2),
        ("p", "m", _) | ("at", "night", _) => (Half::Pm, 2),
        ("in", "the", "morning") => (Half::Am, 3),
        ("in", "the", "afternoon" | "evening") => (Half::Pm, 3),
        _ => (Half::Unsaid, 0),
    }
}

/// The hour on a 24-hour clock. Unsaid, an hour is the one people are awake and reachable at: 8 to 11 in the morning,
/// 12 to 7 after noon.
const fn to_24(hour: i8, half: Half) -> i8 {
    match half {
        Half::Am => hour % 12,
        Half::Pm => hour % 12 + 12,
        Half::Unsaid if hour < 8 => hour + 12,
        Half::Unsaid => hour,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::token::tokenize;
    use jiff::civil::time;

    fn times(text: &str) -> Vec<When> {
        find(&tokenize(text)).into_iter().map(|t| t.when).collect()
    }

    #[test]
    fn times_are_read_as_people_say_them() {
        for (text, at) in [
            ("3 pm", time(15, 0, 0, 0)),
            ("3pm", time(15, 0, 0, 0)),
            ("call me at 3", time(15, 0, 0, 0)),
            ("tomorrow at three thirty", time(15, 30, 0, 0)),
            ("3:30", time(15, 30, 0, 0)),
            ("10:15 am", time(10, 15, 0, 0)),
            ("15:30", time(15, 30, 0, 0)),
            ("ten o'clock", time(10, 0, 0, 0)),
            ("half past three", time(15, 30, 0, 0)),
            ("quarter to four", time(15, 45, 0, 0)),
            ("noon", time(12, 0, 0, 0)),
            ("after 5 p.m.", time(17, 0, 0, 0)),
            ("nine in the morning", time(9, 0, 0, 0)),
            ("eleven at night", time(23, 0, 0, 0)),
        ] {
            assert_eq!(times(text), [When::At(at)], "{text}");
        }
        assert_eq!(
            times("in two hours"),
            [When::After(SignedDuration::from_hours(2))]
        );
        assert_eq!(
            times("in half an hour"),
            [When::After(SignedDuration::from_mins(30))]
        );
        assert_eq!(times("tomorrow morning"), [When::Part]);
    }

    #[test]
    fn other_numbers_are_no_times() {
        for text in [
            "three",
            "at least fifty",
            "2/20",
            "78701",
            "the 20th",
            "I have 3 kids",
            "at 50 dollars",
        ] {
            assert_eq!(times(text), [], "{text}");
        }
    }
}
