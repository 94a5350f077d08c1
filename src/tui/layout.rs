//! Which pane stands where at which size of screen.

use super::pane::Pane;
use ratatui::layout::Rect;

/// The least screen on which a call can be worked.
pub const USABLE: (u16, u16) = (60, 16);
/// The least screen on which anything but a sentence is drawn.
pub const LEAST: (u16, u16) = (40, 10);

/// What the layout depends on besides the size.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The pane that has focus.
    pub focus: Pane,
    /// Whether it is to fill the screen.
    pub zoom: bool,
    /// Whether a scenario is open.
    pub scenario: bool,
    /// Whether the inspector is shown.
    pub inspector: bool,
    /// Whether the keys A to D are shown.
    pub letters: bool,
    /// Whether something is on offer above the hints.
    pub offer: bool,
}

/// The screen's parts. The input line is drawn inside the transcript's frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One line at the top.
    pub status: Rect,
    /// One line above the hints, where something is on offer.
    pub offer: Rect,
    /// One line at the bottom.
    pub hints: Rect,
    /// The keypad without a frame, in one line, where there is no room for its pane.
    pub keys: Rect,
    /// The framed panes.
    pub panes: Vec<(Pane, Rect)>,
}

impl Layout {
    /// Where a pane stands.
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        let pane = if pane == Pane::Input {
            Pane::Transcript
        } else {
            pane
        };
        self.panes.iter().find(|(p, _)| *p == pane).map(|(_, area)| *area)
    }

    /// The layout of a screen; `None` where it is too small for any.
    pub fn new(area: Rect, wish: Wish) -> Option<Self> {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return None;
        }
        let offer = u16::from(wish.offer);
        let row = |y: u16, height: u16| Rect::new(area.x, area.y + y, area.width, height);
        let body = row(1, area.height - 2 - offer);
        let mut layout = Self {
            status: row(0, 1),
            offer: row(area.height - 1 - offer, offer),
            hints: row(area.height - 1, 1),
            ..Self::default()
        };
        let home = if wish.focus == Pane::Input {
            Pane::Transcript
        } else {
            wish.focus
        };
        if wish.zoom {
            layout.panes.push((home, body));
        } else if area.width >= 100 && area.height >= 30 {
            layout.wide(body, wish);
        } else if area.width >= 72 && area.height >= 20 {
            layout.medium(body, home, wish);
        } else {
            layout.small(body, home);
        }
        Some(layout)
    }

    /// Three columns: keypad over scenario, transcript, and what the call means.
    fn wide(&mut self, body: Rect, wish: Wish) {
        let keys = keypad_width(wish);
        let right = (body.width - keys) * 46 / 100;
        let (left, rest) = split_left(body, keys);
        let (middle, right) = split_left(rest, rest.width - right);
        self.left(left, wish);
        self.panes.push((Pane::Transcript, middle));
        let jobs = (right.height / 3).clamp(6, 14);
        let (upper, jobs) = split_top(right, right.height - jobs);
        if wish.inspector && body.width >= 160 {
            let (graph, inspector) = split_left(upper, upper.width * 3 / 5);
            self.panes.push((Pane::Graph, graph));
            self.panes.push((Pane::Inspector, inspector));
        } else if wish.inspector {
            let (graph, inspector) = split_top(upper, upper.height / 2);
            self.panes.push((Pane::Graph, graph));
            self.panes.push((Pane::Inspector, inspector));
        } else {
            self.panes.push((Pane::Graph, upper));
        }
        self.panes.push((Pane::Jobs, jobs));
    }

    /// Keypad and transcript; the other panes one at a time in the place of both.
    fn medium(&mut self, body: Rect, home: Pane, wish: Wish) {
        match home {
            Pane::Keypad | Pane::Transcript => {}
            Pane::Scenario | Pane::Inspector if body.width >= 72 => {
                let (left, right) = split_left(body, body.width / 2);
                self.panes.push((home, left));
                self.panes.push((Pane::Transcript, right));
                return;
            }
            other => {
                self.panes.push((other, body));
                return;
            }
        }
        let (left, right) = split_left(body, keypad_width(wish));
        self.left(left, wish);
        self.panes.push((Pane::Transcript, right));
    }

    /// The transcript with the keypad in one line; the other panes one at a time.
    fn small(&mut self, body: Rect, home: Pane) {
        match home {
            Pane::Keypad | Pane::Transcript => {
                let (keys, rest) = split_top(body, 1);
                self.keys = keys;
                self.panes.push((Pane::Transcript, rest));
            }
            other => self.panes.push((other, body)),
        }
    }

    fn left(&mut self, area: Rect, wish: Wish) {
        // Under 14 rows the keypad leaves its letters out; a scenario needs six of its own.
        let keypad = if wish.scenario {
            area.height.saturating_sub(6).min(13)
        } else {
            area.height
        };
        let (keys, rest) = split_top(area, keypad.min(area.height));
        self.panes.push((Pane::Keypad, keys));
        if wish.scenario && rest.height >= 3 {
            self.panes.push((Pane::Scenario, rest));
        }
    }
}

/// As wide as its keys, and as a scenario's next event under it wants.
const fn keypad_width(wish: Wish) -> u16 {
    match (wish.scenario, wish.letters) {
        (true, _) => 28,
        (false, true) => 24,
        (false, false) => 19,
    }
}

fn split_left(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    (
        Rect { width, ..area },
        Rect {
            x: area.x + width,
            width: area.width - width,
            ..area
        },
    )
}

fn split_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (
        Rect { height, ..area },
        Rect {
            y: area.y + height,
            height: area.height - height,
            ..area
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const WISH: Wish = Wish {
        focus: Pane::Keypad,
        zoom: false,
        scenario: false,
        inspector: false,
        letters: false,
        offer: false,
    };

    fn panes(width: u16, height: u16, wish: Wish) -> Vec<Pane> {
        let layout = Layout::new(Rect::new(0, 0, width, height), wish);
        layout
            .map(|l| l.panes.into_iter().map(|(p, _)| p).collect())
            .unwrap_or_default()
    }

    #[test]
    fn four_panes_are_in_view_from_100_by_30() {
        use Pane::{Graph, Inspector, Jobs, Keypad, Scenario, Transcript};
        assert_eq!(panes(100, 30, WISH), [Keypad, Transcript, Graph, Jobs]);
        let more = Wish {
            scenario: true,
            inspector: true,
            ..WISH
        };
        assert_eq!(
            panes(100, 30, more),
            [Keypad, Scenario, Transcript, Graph, Inspector, Jobs]
        );
    }

    #[test]
    fn smaller_screens_show_the_call_and_the_rest_one_at_a_time() {
        assert_eq!(panes(80, 24, WISH), [Pane::Keypad, Pane::Transcript]);
        assert_eq!(
            panes(
                80,
                24,
                Wish {
                    focus: Pane::Graph,
                    ..WISH
                }
            ),
            [Pane::Graph]
        );
        assert_eq!(panes(60, 16, WISH), [Pane::Transcript]);
        assert_eq!(
            panes(
                60,
                16,
                Wish {
                    focus: Pane::Jobs,
                    ..WISH
                }
            ),
            [Pane::Jobs]
        );
        assert!(Layout::new(Rect::new(0, 0, 39, 30), WISH).is_none());
    }

    #[test]
    fn parts_never_overlap_and_stay_on_the_screen() {
        for width in 40..210 {
            for height in 10..62 {
                for focus in Pane::ALL {
                    for (scenario, inspector, offer) in
                        [(false, false, false), (true, false, true), (true, true, false)]
                    {
                        let wish = Wish {
                            focus,
                            scenario,
                            inspector,
                            offer,
                            ..WISH
                        };
                        let area = Rect::new(0, 0, width, height);
                        let l = Layout::new(area, wish).unwrap();
                        let mut parts = vec![l.status, l.offer, l.hints, l.keys];
                        parts.extend(l.panes.iter().map(|(_, a)| *a));
                        for (i, a) in parts.iter().enumerate() {
                            assert_eq!(a.intersection(area).area(), a.area());
                            for b in &parts[i + 1..] {
                                assert!(
                                    !a.intersects(*b) || a.is_empty() || b.is_empty(),
                                    "{width}x{height} {a} {b}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}
