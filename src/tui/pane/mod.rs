//! The panes. Each is one file with the same shape, so that the shell can treat them alike:
//!
//! - `State`: what the pane itself remembers (selection, scroll, pan, filter, caches), owned by the model. It has
//!   `navigate(&mut self, Nav)` for the arrow keys and pages; what navigating past an end means is settled when drawing.
//! - `Props`: what it is to show, borrowed from the model for one frame.
//! - `render(buf, area, theme, state, props) -> Hits`: draws inside `area` (the shell has drawn the titled frame around
//!   it) and says which areas a click means something in. Total for every area, the empty one included. The state is
//!   lent mutably for clamping and caches only: drawing twice draws the same.
//! - `title(state, props) -> String` where the title says more than the pane's name, such as counts.

pub mod edit;
pub mod event_words;
pub mod graph;
pub mod help;
pub mod input;
pub mod inspector;
pub mod job_words;
pub mod jobs;
pub mod keypad;
pub mod list;
pub mod scenario;
pub mod status;
pub mod text;
pub mod toast;
pub mod transcript;

use super::command::Command;
use ratatui::layout::{Position, Rect};

/// Which pane. The order is the order of `Tab` and of the number keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The telephone's keys.
    Keypad,
    /// What was said.
    Transcript,
    /// Where an utterance is typed. Drawn under the transcript.
    Input,
    /// The state graph.
    Graph,
    /// The queue.
    Jobs,
    /// The open scenario.
    Scenario,
    /// The party's state.
    Inspector,
}

impl Pane {
    /// Every pane.
    pub const ALL: [Self; 7] = [
        Self::Keypad,
        Self::Transcript,
        Self::Input,
        Self::Graph,
        Self::Jobs,
        Self::Scenario,
        Self::Inspector,
    ];

    /// The title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Keypad => "Keypad",
            Self::Transcript => "Transcript",
            Self::Input => "Input",
            Self::Graph => "State graph",
            Self::Jobs => "Jobs",
            Self::Scenario => "Scenario",
            Self::Inspector => "Inspector",
        }
    }
}

/// A move inside a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One left.
    Left,
    /// One right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Top,
    /// To the end.
    Bottom,
}

/// Which areas, as last drawn, a click means something in. Of areas that overlap the one added last counts.
#[derive(Clone, Debug, Default)]
pub struct Hits(Vec<(Rect, Command)>);

impl Hits {
    /// No area.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
    /// A click inside `area` means `command`.
    pub fn add(&mut self, area: Rect, command: Command) {
        if !area.is_empty() {
            self.0.push((area, command));
        }
    }
    /// All areas of another list, over the ones that are here.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
    /// What a click at `x`, `y` means.
    pub fn at(&self, x: u16, y: u16) -> Option<&Command> {
        let here = Position::new(x, y);
        self.0
            .iter()
            .rev()
            .find(|(area, _)| area.contains(here))
            .map(|(_, command)| command)
    }
}

/// Moves a selection of a list of `len` rows, `page` of them in view, and keeps it inside.
pub fn select(selected: usize, len: usize, page: usize, nav: Nav) -> usize {
    let last = len.saturating_sub(1);
    match nav {
        Nav::Up => selected.saturating_sub(1),
        Nav::Down => selected.saturating_add(1).min(last),
        Nav::PageUp => selected.saturating_sub(page.max(1)),
        Nav::PageDown => selected.saturating_add(page.max(1)).min(last),
        Nav::Top => 0,
        Nav::Bottom => last,
        Nav::Left | Nav::Right => selected.min(last),
    }
}

/// The first row in view, moved as little as needed so that `selected` is seen in a view of `height` rows.
pub const fn scroll_to(first: usize, selected: usize, height: usize) -> usize {
    if selected < first {
        selected
    } else if height > 0 && selected >= first + height {
        selected + 1 - height
    } else {
        first
    }
}
