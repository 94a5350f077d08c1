//! Agreeing on a time for another call.

use crate::collections::compliance as rule;
use crate::collections::node::Node;
use crate::collections::outcome::Outcome;
use crate::collections::screen;
use crate::collections::talk::Talk;

/// Answers the words that came after a time was asked for.
pub(in crate::collections) fn answer(t: &mut Talk<'_>) -> bool {
    if screen::name_time(t, "inconvenient_time") {
        return true;
    }
    if t.meant_any(&["bot_question", "repeat_request", "hold_on", "identity_question"]) {
        return false;
    }
    t.because(&rule::INCONVENIENT_TIME, "another time was promised");
    t.go("no time named", Node::NotNow);
    t.end(Outcome::Busy, "close", "busy_end");
    true
}
