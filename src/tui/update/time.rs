//! Time that passes.

use super::super::model::Model;
use std::time::Duration;

/// The longest time that passes at once. A machine that slept should not wake up to a caller who said nothing for hours.
const MOST: Duration = Duration::from_secs(30);

pub(super) fn elapse(model: &mut Model, by: Duration) {
    model.clock = model.clock.saturating_add(by);
    let clock = model.clock;
    model.panes.keypad.elapse(clock);
    model.panes.toasts.elapse(clock);
    super::scenarios::elapse(model, by.min(MOST));
    if model.live() {
        let fired = model.call.elapse(by.min(MOST), model.settings.no_input_timers);
        if fired {
            model.panes.transcript.follow();
        }
    }
}
