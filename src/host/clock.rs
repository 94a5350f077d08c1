//! The one place that reads a clock.

use jiff::Zoned;
use std::time::Instant;

/// Now, on the machine's wall clock and in its time zone.
#[allow(clippy::disallowed_methods, reason = "the one place")]
pub fn now() -> Zoned {
    Zoned::now()
}

/// Now, on the machine's steady clock.
#[allow(clippy::disallowed_methods, reason = "the one place")]
pub fn instant() -> Instant {
    Instant::now()
}
