//! Hours of the day in a time zone, exact over clock changes.
//!
//! The timeline of a zone is cut where its offset changes; between two cuts the local clock runs evenly, so the next
//! opening is plain arithmetic. Hours that a spring change skips never occur, hours that an autumn change repeats occur
//! twice, and neither needs a special case.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::str::FromStr;

/// A stretch of the day in minutes since local midnight; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    start: u16,
    end: u16,
}

/// The hours in which a consumer may be called when nothing narrower is known, 12 CFR 1006.6(b)(1)(i).
pub const LAWFUL: Hours = Hours {
    start: 8 * 60,
    end: 21 * 60,
};

/// Why a text names no hours of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHours {
    /// Not of the shape `HH:MM-HH:MM`.
    #[error("hours are written HH:MM-HH:MM, such as 08:00-20:00")]
    Shape,
    /// Ends before or when it starts.
    #[error("the end must be after the start; write two ranges for one that passes midnight")]
    Order,
}

impl FromStr for Hours {
    type Err = NotHours;

    /// Reads `08:00-20:00`; `24:00` is the day's end.
    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (start, end) = text.split_once('-').ok_or(NotHours::Shape)?;
        let (start, end) = (minutes(start.trim())?, minutes(end.trim())?);
        if start < end {
            Ok(Self { start, end })
        } else {
            Err(NotHours::Order)
        }
    }
}

fn minutes(text: &str) -> Result<u16, NotHours> {
    let (hours, minutes) = text.split_once(':').ok_or(NotHours::Shape)?;
    let number = |t: &str| -> Result<u16, NotHours> {
        if t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit()) {
            t.parse().map_err(|_| NotHours::Shape)
        } else {
            Err(NotHours::Shape)
        }
    };
    let (h, m) = (number(hours)?, number(minutes)?);
    if m < 60 && (h < 24 || (h == 24 && m == 0)) {
        Ok(h * 60 + m)
    } else {
        Err(NotHours::Shape)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (s, e) = (self.start, self.end);
        write!(f, "{:02}:{:02}-{:02}:{:02}", s / 60, s % 60, e / 60, e % 60)
    }
}

impl Hours {
    /// The part that lies in both, unless there is none.
    fn and(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    const fn start_second(self) -> i64 {
        self.start as i64 * 60
    }

    const fn end_second(self) -> i64 {
        self.end as i64 * 60
    }
}

/// The hours in which an account may be called: those its policy allows, within the lawful ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallWindow {
    hours: Vec<Hours>,
    zone: TimeZone,
}

const DAY: i64 = 86_400;

impl CallWindow {
    /// The policy's hours cut down to [`LAWFUL`]; no hours at all means the lawful ones.
    pub fn new(policy: &[Hours], zone: TimeZone) -> Self {
        let hours = if policy.is_empty() {
            vec![LAWFUL]
        } else {
            policy.iter().filter_map(|h| h.and(LAWFUL)).collect()
        };
        Self { hours, zone }
    }

    /// Whether the consumer's clock stands in the window.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let second = local_second(&self.zone, at);
        self.hours
            .iter()
            .any(|h| (h.start_second()..h.end_second()).contains(&second))
    }

    /// The first instant from `at` on, `at` included, at which the window is open and which lies no later than `until`.
    pub fn next_open(&self, at: Timestamp, until: Timestamp) -> Option<Timestamp> {
        let mut from = at;
        while from <= until {
            let change = self.zone.following(from).next().map(|t| t.timestamp());
            let wait = self.hours.iter().map(|h| self.wait(*h, from)).min()?;
            let opening = from.checked_add(wait).ok()?;
            match change {
                // The local clock jumps before the opening is reached: look again from there.
                Some(change) if change <= opening && change > from => from = change,
                _ => return (opening <= until).then_some(opening),
            }
        }
        None
    }

    /// How long from `at` until the local clock stands in `hours`, if it ran evenly.
    fn wait(&self, hours: Hours, at: Timestamp) -> SignedDuration {
        let second = local_second(&self.zone, at);
        if (hours.start_second()..hours.end_second()).contains(&second) {
            return SignedDuration::ZERO;
        }
        let whole = SignedDuration::from_secs((hours.start_second() - second).rem_euclid(DAY));
        whole - SignedDuration::from_nanos(i64::from(at.subsec_nanosecond().rem_euclid(1_000_000_000)))
    }
}

/// The first instant after `at` whose local date is another than at `at`.
pub fn next_local_day(zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    let today = zone.to_datetime(at).date();
    let mut from = at;
    loop {
        let second = local_second(zone, from);
        let fraction = i64::from(from.subsec_nanosecond().rem_euclid(1_000_000_000));
        let left = SignedDuration::from_secs(DAY - second) - SignedDuration::from_nanos(fraction);
        let midnight = from.checked_add(left).ok()?;
        let change = zone.following(from).next().map(|t| t.timestamp());
        from = change.filter(|c| *c > from && *c < midnight).unwrap_or(midnight);
        if zone.to_datetime(from).date() != today {
            return Some(from);
        }
    }
}

/// Seconds since local midnight, rounded down.
fn local_second(zone: &TimeZone, at: Timestamp) -> i64 {
    let offset = i64::from(zone.to_offset(at).seconds());
    let floor = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
    (floor + offset).rem_euclid(DAY)
}

/// A time zone by its IANA name. A name the database does not know is `None`, never another zone.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|tz| !tz.is_unknown())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan as _;
    use proptest::prelude::*;

    fn ts(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn window(policy: &[&str], zone_name: &str) -> CallWindow {
        let hours: Vec<Hours> = policy.iter().map(|h| h.parse().unwrap()).collect();
        CallWindow::new(&hours, zone(zone_name).unwrap())
    }

    #[test]
    fn hours_read_back_and_bad_ones_say_why() {
        let read = |t: &str| t.parse::<Hours>().map(|h| h.to_string());
        assert_eq!(read("08:00-20:00"), Ok("08:00-20:00".to_owned()));
        assert_eq!(read(" 00:00 - 24:00 "), Ok("00:00-24:00".to_owned()));
        for bad in [
            "",
            "8-20",
            "8:00-20:00",
            "08:00",
            "08:60-20:00",
            "24:01-24:00",
            "aa:bb-cc:dd",
            "08:00-25:00",
            "٠٨:٠٠-٢٠:٠٠",
        ] {
            assert_eq!(read(bad), Err(NotHours::Shape), "{bad}");
        }
        for bad in ["20:00-08:00", "08:00-08:00"] {
            assert_eq!(read(bad), Err(NotHours::Order), "{bad}");
        }
    }

    #[test]
    fn the_end_is_exclusive_and_the_start_is_not() {
        let w = window(&[], "America/Chicago");
        let open = |t: &str| w.is_open(ts(t));
        assert!(!open("2026-01-15T07:59:59.999999999-06:00"));
        assert!(open("2026-01-15T08:00:00-06:00"));
        assert!(open("2026-01-15T20:59:59.999999999-06:00"));
        assert!(!open("2026-01-15T21:00:00-06:00"));
    }

    #[test]
    fn hours_outside_the_lawful_ones_never_open() {
        let w = window(&["05:00-07:30", "21:00-24:00"], "America/Chicago");
        let at = ts("2026-01-15T12:00:00Z");
        assert_eq!(w.next_open(at, at + 480.hours()), None);
    }

    #[test]
    fn a_day_that_a_zone_skips_is_skipped() {
        // Samoa went from 29 to 31 December 2011.
        let w = window(&["09:00-10:00"], "Pacific/Apia");
        let at = ts("2011-12-30T09:30:00Z");
        assert_eq!(
            w.next_open(at, at + 480.hours()),
            Some(ts("2011-12-31T09:00:00+14:00"))
        );
    }

    /// Walks the clock minute by minute, with the calendar's own idea of the local time.
    fn reference(policy: &[Hours], tz: &TimeZone, at: Timestamp, until: Timestamp) -> Option<Timestamp> {
        let open = |t: Timestamp| {
            let time = t.to_zoned(tz.clone()).time();
            let minute = i32::from(time.hour()) * 60 + i32::from(time.minute());
            let any = |hours: &[Hours]| {
                hours
                    .iter()
                    .any(|h| minute >= i32::from(h.start) && minute < i32::from(h.end))
            };
            any(&[LAWFUL]) && (policy.is_empty() || any(policy))
        };
        let mut t = at;
        while t <= until {
            if open(t) {
                return Some(t);
            }
            // From `at` on to whole minutes: windows and offsets of this century lie on them.
            t = Timestamp::from_second((t.as_second().div_euclid(60) + 1) * 60).unwrap();
        }
        None
    }

    fn any_hours() -> impl Strategy<Value = Hours> {
        (0_u16..1440, 1_u16..=1440).prop_filter_map("start before end", |(start, end)| {
            (start < end).then_some(Hours { start, end })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]
        #[test]
        fn the_next_opening_is_the_one_a_minute_by_minute_walk_finds(
            policy in prop::collection::vec(any_hours(), 0..4),
            zone_name in prop::sample::select(vec![
                "America/Chicago", "America/New_York", "America/Phoenix", "America/St_Johns", "Pacific/Apia",
                "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "America/Scoresbysund", "Asia/Gaza",
                "America/Havana", "Pacific/Chatham", "UTC",
            ]),
            // Days around changes of the year's clocks, year's ends and anything between.
            second in prop_oneof![
                1_772_000_000_i64..1_775_500_000,
                1_792_000_000_i64..1_794_500_000,
                1_798_500_000_i64..1_799_500_000,
                1_325_000_000_i64..1_325_400_000,
                946_684_800_i64..2_500_000_000,
            ],
            nanos in 0_i32..1_000_000_000,
        ) {
            let tz = zone(zone_name).unwrap();
            let at = Timestamp::new(second, nanos).unwrap();
            let until = at + 60.hours();
            let w = CallWindow::new(&policy, tz.clone());
            prop_assert_eq!(w.next_open(at, until), reference(&policy, &tz, at, until));
            prop_assert_eq!(w.is_open(at), reference(&policy, &tz, at, at).is_some());
        }
    }
}
