//! Any size, any key, at any moment.

use crate::desk::Desk;
use crate::screens::{LOG_IN, SCENARIO};
use proptest::prelude::*;

const KEYS: [&str; 44] = [
    "1",
    "0",
    "9",
    "#",
    "*",
    "b",
    "f",
    "u",
    "e",
    "n",
    " ",
    "p",
    "+",
    "?",
    ":",
    "<esc>",
    "<enter>",
    "<tab>",
    "<shift-tab>",
    "<up>",
    "<down>",
    "<left>",
    "<right>",
    "<pageup>",
    "<pagedown>",
    "<home>",
    "<end>",
    "<backspace>",
    "i",
    "z",
    "g",
    "j",
    "k",
    "t",
    "w",
    "y",
    "s",
    "v",
    "c",
    "<alt-1>",
    "<alt-3>",
    "<alt-5>",
    "<ctrl-b>",
    "好",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_size_at_any_moment_panics(
        steps in proptest::collection::vec((0usize..KEYS.len(), 1u16..200, 1u16..80, 0u64..5000), 1..40),
        scenario in any::<bool>(),
    ) {
        let mut desk = Desk::bank(80, 24);
        if scenario {
            desk.open(SCENARIO);
        } else {
            desk.keys(LOG_IN);
        }
        for (key, width, height, ms) in steps {
            desk.keys(KEYS[key]);
            desk.wait(ms);
            desk.resize(width, height);
        }
    }

    #[test]
    fn a_click_or_the_wheel_anywhere_is_harmless(
        clicks in proptest::collection::vec((0u16..130, 0u16..40, any::<bool>()), 1..40),
    ) {
        use ivr_tui::tui::Command;
        use ivr_tui::tui::pane::Nav;
        let mut desk = Desk::bank(120, 36);
        desk.open(SCENARIO);
        for (x, y, wheel) in clicks {
            desk.run(if wheel { Command::Wheel(x, y, Nav::Down) } else { Command::Click(x, y) });
            desk.screen();
        }
    }
}

#[test]
fn too_small_a_screen_says_what_it_needs() {
    for (width, height) in [(39, 9), (60, 9), (30, 30), (10, 4)] {
        let screen = Desk::bank(width, height).screen().replace('\n', " ");
        let needs = screen.replace(' ', "");
        assert!(needs.contains("60×16"), "{width}x{height}: {screen}");
    }
}

#[test]
fn below_a_comfortable_size_it_works_and_still_says_what_it_needs() {
    for (width, height) in [(40, 10), (59, 16), (60, 15)] {
        let mut desk = Desk::bank(width, height);
        assert!(desk.screen().contains("60×16"), "{}", desk.screen());
        desk.keys("12");
        assert_eq!(desk.model.call.entry(), "12");
    }
    assert!(!Desk::bank(60, 16).screen().contains("60×16"));
}
