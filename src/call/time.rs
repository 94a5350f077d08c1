//! Call time.

use jiff::{SignedDuration, Zoned};
use serde::{Deserialize, Serialize};

/// When a signal is heard, on two clocks that move apart only on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// Since the call began. Timers count on this; it never jumps.
    pub since: SignedDuration,
    /// The wall calendar and zone of the called party. Dates count on this; a scenario or a client may make it jump.
    pub civil: Zoned,
}

impl At {
    /// The beginning of a call that starts at `civil`.
    pub const fn start(civil: Zoned) -> Self {
        Self {
            since: SignedDuration::ZERO,
            civil,
        }
    }

    /// The same call `by` later on both clocks. A civil time past the calendar's end stays where it is.
    #[must_use]
    pub fn later(&self, by: SignedDuration) -> Self {
        Self {
            since: self.since.saturating_add(by),
            civil: self.civil.checked_add(by).unwrap_or_else(|_| self.civil.clone()),
        }
    }
}
