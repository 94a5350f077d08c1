//! Dates as people say them, resolved against today: "tomorrow", "the 20th", "next Friday", "in three days", "end of the
//! month", "Feb 20", "2/20", "2026-02-20".

use super::clause::{before, word};
use super::month::{edge_of_month, month_alone};
use super::number::{cardinal, ordinal};
use super::stance::{self, Stance};
use super::token::{Gap, Token};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

/// How a date was named; some kinds need to be confirmed before anyone relies on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateKind {
    /// Today, tonight, now.
    Today,
    /// Tomorrow, or the day after it.
    Tomorrow,
    /// A day of the week: which week it is in may be misunderstood.
    Weekday,
    /// The end of this month.
    MonthEnd,
    /// A day of a month.
    Calendar,
    /// A number of days or weeks from now.
    Relative,
    /// Before today ("yesterday", "last Friday").
    Past,
    /// A time without a day: payday, next week, soon. Has no date.
    Vague,
}

/// A date and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateHeard {
    /// The day; `None` where none can be told ("payday", "the 31st" of a short month).
    pub date: Option<Date>,
    /// How it was named.
    pub kind: DateKind,
    /// What the speaker did with it.
    pub stance: Stance,
    /// The first word.
    pub first: usize,
    /// One past the last word.
    pub end: usize,
}

pub(super) type Found = (Option<Date>, DateKind, usize);

/// Every date of an utterance, in order, resolved against `today`.
pub fn find(tokens: &[Token], today: Date) -> Vec<DateHeard> {
    let mut out: Vec<DateHeard> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((date, kind, len)) = date_at(tokens, at, today) else {
            at += 1;
            continue;
        };
        out.push(DateHeard {
            date,
            kind,
            stance: Stance::Mentioned,
            first: at,
            end: at + len,
        });
        at += len;
    }
    for i in 0..out.len() {
        let previous = i.checked_sub(1).and_then(|p| out.get(p)).copied();
        let next = out.get(i + 1).map_or(tokens.len(), |n| n.first);
        if let Some(this) = out.get_mut(i) {
            let past = this.kind == DateKind::Past;
            this.stance = stance::of(
                tokens,
                this.first..this.end,
                previous.map(|p| (p.end, p.stance)),
                next,
                past,
            );
        }
    }
    out
}

fn date_at(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    plain_day(tokens, at, today)
        .or_else(|| weekday(tokens, at, today))
        .or_else(|| numeric(tokens, at, today))
        .or_else(|| month_and_day(tokens, at, today))
        .or_else(|| edge_of_month(tokens, at, today))
        .or_else(|| day_of_month(tokens, at, today))
        .or_else(|| relative(tokens, at, today))
        .or_else(|| vague(tokens, at, today))
}

pub(super) fn plus(day: Date, span: Span) -> Option<Date> {
    day.checked_add(span).ok()
}

fn matches_words(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(i, w)| word(tokens, at + i) == *w)
}

/// Today, tomorrow, yesterday and their kin.
fn plain_day(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    const ROWS: &[(&[&str], i64, DateKind)] = &[
        (&["day", "after", "tomorrow"], 2, DateKind::Tomorrow),
        (&["day", "before", "yesterday"], -2, DateKind::Past),
        (&["later", "today"], 0, DateKind::Today),
        (&["right", "now"], 0, DateKind::Today),
        (&["right", "away"], 0, DateKind::Today),
        (&["this", "morning"], 0, DateKind::Today),
        (&["this", "afternoon"], 0, DateKind::Today),
        (&["this", "evening"], 0, DateKind::Today),
        (&["today"], 0, DateKind::Today),
        (&["tonight"], 0, DateKind::Today),
        (&["now"], 0, DateKind::Today),
        (&["immediately"], 0, DateKind::Today),
        (&["tomorrow"], 1, DateKind::Tomorrow),
        (&["tmrw"], 1, DateKind::Tomorrow),
        (&["tomorow"], 1, DateKind::Tomorrow),
        (&["yesterday"], -1, DateKind::Past),
        (&["last", "week"], -7, DateKind::Past),
    ];
    // "from now", "until now", "a week from today" are read elsewhere or are no day.
    if matches!(word(tokens, at), "now") && matches!(before(tokens, at, 1), "from" | "until" | "by" | "for") {
        return None;
    }
    let (words, days, kind) = ROWS.iter().find(|(words, ..)| matches_words(tokens, at, words))?;
    Some((plus(today, days.days()), *kind, words.len()))
}

fn weekday_word(text: &str) -> Option<Weekday> {
    Some(match text {
        "monday" | "mondays" | "mon" => Weekday::Monday,
        "tuesday" | "tuesdays" | "tues" | "tue" => Weekday::Tuesday,
        "wednesday" | "wednesdays" | "weds" => Weekday::Wednesday,
        "thursday" | "thursdays" | "thurs" | "thur" | "thu" => Weekday::Thursday,
        "friday" | "fridays" | "fri" => Weekday::Friday,
        "saturday" | "saturdays" => Weekday::Saturday,
        "sunday" | "sundays" => Weekday::Sunday,
        _ => return None,
    })
}

/// A day of the week. Alone it is the next one after today; "next Friday" is the one in the week after this one.
fn weekday(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    let modifier = word(tokens, at);
    let lead = usize::from(matches!(
        modifier,
        "this" | "next" | "last" | "coming" | "following" | "past"
    ));
    let day = weekday_word(word(tokens, at + lead))?;
    let mut len = lead + 1;
    let ahead = i64::from(today.weekday().until(day));
    let ahead = if ahead == 0 { 7 } else { ahead };
    let date = match modifier {
        "next" => {
            let monday = plus(
                today,
                (7 - i64::from(today.weekday().to_monday_zero_offset())).days(),
            )?;
            plus(monday, i64::from(day.to_monday_zero_offset()).days())
        }
        "last" | "past" => return Some((plus(today, (ahead - 7).days()), DateKind::Past, len)),
        _ => plus(today, ahead.days()),
    };
    let mut date = date?;
    if matches_words(tokens, at + len, &["after", "next"]) {
        date = plus(date, 7.days())?;
        len += 2;
    } else if word(tokens, at + len) == "week" {
        date = plus(date, 7.days())?;
        len += 1;
    }
    // "Friday the 20th": the number decides, and then nothing is left to misunderstand.
    let the = usize::from(word(tokens, at + len) == "the");
    if let Some((Some(numbered), kind, more)) = month_and_day(tokens, at + len, today).or_else(|| {
        ordinal(tokens, at + len + the)
            .and_then(|_| day_of_month(tokens, at + len + the, today).map(|(d, k, l)| (d, k, l + the)))
    }) {
        return Some((Some(numbered), kind, len + more));
    }
    Some((Some(date), DateKind::Weekday, len))
}

pub(super) fn month_word(text: &str) -> Option<i8> {
    Some(match text {
        "january" | "jan" => 1,
        "february" | "feb" | "febuary" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// A day of a named month without a year: this year's, or next year's where this year's is long past. A date of the last
/// three months is taken for what it says, a day that has passed.
pub(super) fn near_year(month: i8, day: i8, today: Date) -> Option<Date> {
    let this = Date::new(today.year(), month, day).ok();
    let long_past = plus(today, -(90.days()))?;
    match this {
        Some(date) if date >= long_past => Some(date),
        _ => Date::new(today.year().checked_add(1)?, month, day).ok(),
    }
}

fn year_at(tokens: &[Token], at: usize) -> Option<(i16, usize)> {
    let token = tokens.get(at)?;
    if token.is_number() {
        let year: i16 = token.text.parse().ok()?;
        return (token.text.len() == 4 && (1900..=2200).contains(&year)).then_some((year, 1));
    }
    // "twenty twenty six"
    let head = cardinal(tokens, at).filter(|n| n.value == 20 && n.len == 1)?;
    let tail = cardinal(tokens, at + head.len).filter(|n| (20..100).contains(&n.value))?;
    Some((i16::try_from(2000 + tail.value).ok()?, head.len + tail.len))
}

fn small_day(value: u64) -> Option<i8> {
    i8::try_from(value).ok().filter(|d| (1..=31).contains(d))
}

/// "Feb 20", "february the twentieth, 2026", "the 20th of february".
fn month_and_day(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    let done = |month: i8, day: i8, len: usize| {
        let (date, len) = match year_at(tokens, at + len) {
            Some((year, more)) => (Date::new(year, month, day).ok(), len + more),
            None => (near_year(month, day, today), len),
        };
        let kind = if date.is_some_and(|d| d < today) {
            DateKind::Past
        } else {
            DateKind::Calendar
        };
        Some((date, kind, len))
    };
    if let Some(month) = month_word(word(tokens, at)) {
        let the = usize::from(word(tokens, at + 1) == "the");
        let number = ordinal(tokens, at + 1 + the).or_else(|| {
            // "I may 20": the verb is no month unless a numeral follows it at once.
            cardinal(tokens, at + 1).filter(|n| {
                the == 0 && n.value <= 31 && (word(tokens, at) != "may" || before(tokens, at, 1) != "i")
            })
        })?;
        let unit = word(tokens, at + 1 + the + number.len);
        if matches!(unit, "dollars" | "bucks" | "days" | "weeks" | "payments") {
            return None;
        }
        return done(month, small_day(number.value)?, 1 + the + number.len);
    }
    let the = usize::from(word(tokens, at) == "the");
    let number = ordinal(tokens, at + the).or_else(|| cardinal(tokens, at).filter(|n| n.value <= 31))?;
    let of = usize::from(word(tokens, at + the + number.len) == "of");
    let month = month_word(word(tokens, at + the + number.len + of))?;
    if word(tokens, at + the + number.len + of) == "may" && of == 0 && the == 0 {
        return None;
    }
    done(month, small_day(number.value)?, the + number.len + of + 1)
}

/// "2/20", "2/20/26", "2-20-2026", "2026-02-20".
fn numeric(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    let first = tokens.get(at).filter(|t| {
        t.is_number() && !matches!(t.gap, Gap::Joined | Gap::Mark('/' | '-' | '.' | ',' | ':'))
    })?;
    let next = |n: usize, mark: char| {
        tokens
            .get(at + n)
            .filter(|t| t.is_number() && t.gap == Gap::Mark(mark))
    };
    let mark = ['/', '-', '.'].into_iter().find(|m| next(1, *m).is_some())?;
    let (second, third) = (next(1, mark)?, next(2, mark));
    // Two numbers with a hyphen or a point are a range or an amount.
    if third.is_none() && mark != '/' || next(3, mark).is_some() {
        return None;
    }
    let number = |t: &Token| t.text.parse::<i16>().ok();
    let (a, b) = (number(first)?, number(second)?);
    let small = |n: i16| i8::try_from(n).ok();
    let date = match third {
        Some(c) if first.text.len() == 4 => Date::new(a, small(b)?, small(number(c)?)?).ok()?,
        Some(c) => {
            let c = number(c)?;
            Date::new(if c < 100 { 2000 + c } else { c }, small(a)?, small(b)?).ok()?
        }
        None => near_year(small(a)?, small(b)?, today)?,
    };
    let kind = if date < today {
        DateKind::Past
    } else {
        DateKind::Calendar
    };
    Some((Some(date), kind, if third.is_some() { 3 } else { 2 }))
}

/// "the 20th", "on the twentieth", "the 3rd of next month". The next such day: this month's, or next month's once it has passed.
fn day_of_month(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    let number = ordinal(tokens, at)?;
    let written = tokens.get(at).is_some_and(Token::is_number);
    let lead = [before(tokens, at, 1), before(tokens, at, 2)];
    let after = word(tokens, at + number.len);
    // "the first time", "one second", "my second job": small ranks need a word that makes them days.
    if !written && number.value <= 5 {
        let dated = matches!(
            lead,
            [
                "the",
                "on" | "by" | "till" | "until" | "for" | "before" | "around" | "is" | "maybe" | "about" | ""
            ]
        );
        let ends =
            after.is_empty() || after == "of" || tokens.get(at + number.len).is_some_and(Token::after_pause);
        if !(dated && ends || (lead[0] == "the" && after == "of")) {
            return None;
        }
    }
    if matches!(
        after,
        "street" | "st" | "avenue" | "ave" | "floor" | "time" | "call" | "payment"
    ) || after == "one" && !written
    {
        return None;
    }
    let day = small_day(number.value)?;
    let mut len = number.len;
    let in_month = |first: Date| Date::new(first.year(), first.month(), day).ok();
    let next_month = plus(today.first_of_month(), 1.month())?;
    if matches_words(tokens, at + len, &["of", "next", "month"])
        || matches_words(tokens, at + len, &["next", "month"])
    {
        len += if after == "of" { 3 } else { 2 };
        return Some((in_month(next_month), DateKind::Calendar, len));
    }
    if matches_words(tokens, at + len, &["of", "this", "month"])
        || matches_words(tokens, at + len, &["of", "the", "month"])
    {
        len += 3;
    }
    let date = match in_month(today) {
        Some(date) if date >= today => Some(date),
        Some(_) => in_month(next_month),
        None => None,
    };
    Some((date, DateKind::Calendar, len))
}

/// "in three days", "two weeks from now", "a week from Monday", "within 10 days".
fn relative(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    let lead = usize::from(matches!(word(tokens, at), "in" | "within" | "after"));
    let (count, words) = match word(tokens, at + lead) {
        "a" | "an" | "another" if matches!(word(tokens, at + lead + 1), "couple") => {
            (2, 2 + usize::from(word(tokens, at + lead + 2) == "of"))
        }
        "couple" => (2, 1 + usize::from(word(tokens, at + lead + 1) == "of")),
        "a" | "an" | "another" | "one" => (1, 1),
        _ => {
            let n = cardinal(tokens, at + lead).filter(|n| n.value <= 400)?;
            (i64::try_from(n.value).ok()?, n.len)
        }
    };
    let unit_at = at + lead + words;
    let business = usize::from(matches!(word(tokens, unit_at), "business" | "working" | "more"));
    let unit = match word(tokens, unit_at + business) {
        "day" | "days" => count.days(),
        "week" | "weeks" => (count * 7).days(),
        "month" | "months" => count.months(),
        _ => return None,
    };
    let mut len = lead + words + business + 1;
    if word(tokens, at + len) == "from" {
        let anchor_at = at + len + 1 + usize::from(word(tokens, at + len + 1) == "the");
        if word(tokens, anchor_at) == "now" {
            len = anchor_at + 1 - at;
        } else if let Some((Some(anchor), _, more)) =
            plain_day(tokens, anchor_at, today).or_else(|| weekday(tokens, anchor_at, today))
        {
            let named_weekday = weekday(tokens, anchor_at, today).is_some();
            let kind = if named_weekday {
                DateKind::Weekday
            } else {
                DateKind::Relative
            };
            return Some((plus(anchor, unit), kind, anchor_at + more - at));
        }
    } else if word(tokens, at + len) == "ago" {
        return Some((today.checked_sub(unit).ok(), DateKind::Past, len + 1));
    } else if word(tokens, at) != "in" && word(tokens, at) != "within" {
        // "two weeks" alone is a length of time, not a day.
        return None;
    }
    Some((plus(today, unit), DateKind::Relative, len))
}

/// Times without a day, and those that only name a week or a month.
fn vague(tokens: &[Token], at: usize, today: Date) -> Option<Found> {
    const ROWS: &[&[&str]] = &[
        &["payday"],
        &["pay", "day"],
        &["next", "paycheck"],
        &["next", "check"],
        &["when", "i", "get", "paid"],
        &["next", "week"],
        &["sometime"],
        &["some", "time"],
        &["this", "week"],
        &["later", "this", "month"],
        &["this", "month"],
        &["few", "days"],
        &["few", "weeks"],
        &["soon"],
        &["when", "i", "can"],
        &["eventually"],
        &["someday"],
        &["later", "on"],
        &["few", "months"],
        &["next", "year"],
    ];
    if matches_words(tokens, at, &["next", "month"]) {
        return Some((plus(today.first_of_month(), 1.month()), DateKind::Calendar, 2));
    }
    if let Some(month) = month_alone(tokens, at) {
        let first = near_year(month, 1, today.first_of_month());
        let this = month == today.month();
        return Some((
            first.filter(|_| !this),
            if this { DateKind::Vague } else { DateKind::Calendar },
            1,
        ));
    }
    let weekend = match word(tokens, at) {
        "weekend" => 1,
        "this" | "next" | "the" if word(tokens, at + 1) == "weekend" => 2,
        _ => 0,
    };
    if weekend > 0 {
        let ahead = i64::from(today.weekday().until(Weekday::Saturday));
        let weeks = if word(tokens, at) == "next" { 7 } else { 0 };
        return Some((plus(today, (ahead + weeks).days()), DateKind::Weekday, weekend));
    }
    let row = ROWS.iter().find(|words| matches_words(tokens, at, words))?;
    Some((None, DateKind::Vague, row.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::token::tokenize;
    use jiff::civil::date;

    /// A Tuesday.
    const TODAY: Date = date(2026, 2, 10);

    fn dates(text: &str) -> Vec<(Option<Date>, DateKind)> {
        find(&tokenize(text), TODAY)
            .into_iter()
            .map(|d| (d.date, d.kind))
            .collect()
    }

    #[test]
    fn dates_are_resolved_against_today() {
        use DateKind::*;
        for (text, day, kind) in [
            ("today", date(2026, 2, 10), Today),
            ("I can pay right now", date(2026, 2, 10), Today),
            ("tomorrow", date(2026, 2, 11), Tomorrow),
            ("the day after tomorrow", date(2026, 2, 12), Tomorrow),
            ("friday", date(2026, 2, 13), Weekday),
            ("this friday", date(2026, 2, 13), Weekday),
            ("next friday", date(2026, 2, 20), Weekday),
            ("tuesday", date(2026, 2, 17), Weekday),
            ("last friday", date(2026, 2, 6), Past),
            ("before the month is over", date(2026, 2, 28), MonthEnd),
            ("the last of the month", date(2026, 2, 28), MonthEnd),
            ("last week", date(2026, 2, 3), Past),
            ("early march", date(2026, 3, 1), Calendar),
            ("in march", date(2026, 3, 1), Calendar),
            ("a week from monday", date(2026, 2, 23), Weekday),
            ("Friday the 20th", date(2026, 2, 20), Calendar),
            ("the 20th", date(2026, 2, 20), Calendar),
            ("on the twentieth", date(2026, 2, 20), Calendar),
            ("the twenty eighth", date(2026, 2, 28), Calendar),
            ("the 5th", date(2026, 3, 5), Calendar),
            ("on the first", date(2026, 3, 1), Calendar),
            ("the 20th of february", date(2026, 2, 20), Calendar),
            ("feb 20", date(2026, 2, 20), Calendar),
            ("february twentieth", date(2026, 2, 20), Calendar),
            ("February the twentieth, 2026", date(2026, 2, 20), Calendar),
            ("march 3rd", date(2026, 3, 3), Calendar),
            ("the 3rd of next month", date(2026, 3, 3), Calendar),
            ("2/20", date(2026, 2, 20), Calendar),
            ("2/20/26", date(2026, 2, 20), Calendar),
            ("2026-02-20", date(2026, 2, 20), Calendar),
            ("feb 3", date(2026, 2, 3), Past),
            ("january 5th", date(2026, 1, 5), Past),
            ("august 1", date(2026, 8, 1), Calendar),
            ("in three days", date(2026, 2, 13), Relative),
            ("in a week", date(2026, 2, 17), Relative),
            ("two weeks from now", date(2026, 2, 24), Relative),
            ("in a couple of days", date(2026, 2, 12), Relative),
            ("three days ago", date(2026, 2, 7), Past),
            ("end of the month", date(2026, 2, 28), MonthEnd),
            ("by month end", date(2026, 2, 28), MonthEnd),
            ("the last day of the month", date(2026, 2, 28), MonthEnd),
            ("end of february", date(2026, 2, 28), Calendar),
            ("end of next month", date(2026, 3, 31), Calendar),
            ("next month", date(2026, 3, 1), Calendar),
            ("end of the week", date(2026, 2, 13), Weekday),
            ("this weekend", date(2026, 2, 14), Weekday),
        ] {
            assert_eq!(dates(text), [(Some(day), kind)], "{text}");
        }
    }

    #[test]
    fn times_without_a_day_have_no_date() {
        for text in ["payday", "when I get paid", "next week", "soon", "the 31st"] {
            assert_eq!(dates(text).first().map(|d| d.0), Some(None), "{text}");
        }
    }

    #[test]
    fn other_numbers_and_ranks_are_no_dates() {
        for text in [
            "one second",
            "the first time",
            "78701",
            "I may",
            "two weeks",
            "3 kids",
            "1/2/3/4",
            "a may",
            "second",
        ] {
            assert_eq!(dates(text), [], "{text}");
        }
    }

    #[test]
    fn leap_days_and_month_ends_hold() {
        let find_on = |text: &str, today| find(&tokenize(text), today).first().and_then(|d| d.date);
        assert_eq!(
            find_on("end of the month", date(2028, 2, 10)),
            Some(date(2028, 2, 29))
        );
        assert_eq!(find_on("tomorrow", date(2028, 2, 28)), Some(date(2028, 2, 29)));
        assert_eq!(find_on("2/29", date(2026, 2, 10)), None);
        assert_eq!(find_on("in a month", date(2026, 1, 31)), Some(date(2026, 2, 28)));
    }
}
