//! `--clock`: when a call begins, where it is not now.

use super::args::ClockArgs;
use crate::host;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// When a call begins: at the time that was given, or now, on the called party's clock where `zone` is known.
pub fn start(args: &ClockArgs, zone: Option<&TimeZone>) -> anyhow::Result<Zoned> {
    let Some(text) = &args.clock else {
        let now = host::clock::now();
        return Ok(zone.map_or_else(|| now.clone(), |zone| now.with_time_zone(zone.clone())));
    };
    parse(text, zone)
}

/// Reads a time: zoned (`2026-02-10T10:00:00-06:00[America/Chicago]`), RFC 3339 (an instant, shown on the called party's
/// clock where `zone` is known), or without a zone (on that clock).
pub fn parse(text: &str, zone: Option<&TimeZone>) -> anyhow::Result<Zoned> {
    if text.contains('[') {
        if let Ok(zoned) = text.parse::<Zoned>() {
            return Ok(zoned);
        }
    } else if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant.to_zoned(zone.cloned().unwrap_or_else(|| offset_zone(text))));
    } else if let Ok(civil) = text.parse::<DateTime>() {
        return Ok(civil.to_zoned(zone.cloned().unwrap_or_else(TimeZone::system))?);
    }
    anyhow::bail!(
        "--clock: this is not a time\n  help: write it as 2026-02-10T10:00:00-06:00[America/Chicago], \
         2026-02-10T16:00:00Z or 2026-02-10T10:00:00"
    )
}

/// The offset that an RFC 3339 text ends in, as a zone without daylight saving.
fn offset_zone(text: &str) -> TimeZone {
    let offset = jiff::fmt::temporal::Pieces::parse(text)
        .ok()
        .and_then(|pieces| pieces.to_numeric_offset());
    offset.map_or(TimeZone::UTC, TimeZone::fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, zone: Option<&str>) -> String {
        let zone = zone.map(|z| TimeZone::get(z).unwrap());
        parse(text, zone.as_ref()).unwrap().to_string()
    }

    #[test]
    fn a_zoned_time_is_taken_as_it_is() {
        let text = "2026-02-10T10:00:00-06:00[America/Chicago]";
        assert_eq!(read(text, Some("America/New_York")), text);
    }

    #[test]
    fn an_instant_is_shown_on_the_called_partys_clock() {
        assert_eq!(
            read("2026-02-10T16:00:00Z", Some("America/Chicago")),
            "2026-02-10T10:00:00-06:00[America/Chicago]"
        );
        assert_eq!(
            read("2026-02-10T10:00:00-06:00", None),
            "2026-02-10T10:00:00-06:00[-06:00]"
        );
    }

    #[test]
    fn a_time_without_a_zone_is_on_the_called_partys_clock() {
        assert_eq!(
            read("2026-02-10T10:00:00", Some("America/Chicago")),
            "2026-02-10T10:00:00-06:00[America/Chicago]"
        );
    }

    #[test]
    fn anything_else_is_refused_with_a_remedy() {
        for text in [
            "",
            "tomorrow",
            "2026-13-01T00:00:00Z",
            "2026-02-10T10:00:00[Mars/Base]",
        ] {
            let error = parse(text, None).unwrap_err().to_string();
            assert!(error.contains("help: write it as"), "{text}: {error}");
        }
    }
}
