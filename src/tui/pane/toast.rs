//! Short messages over the screen's corner: what went wrong and what to do, what was written where. They ask nothing and
//! go by themselves.

use super::text::{cells, put, width, wrap};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType, Clear, Widget as _};
use std::time::Duration;

/// How long a message stays.
const STAY: Duration = Duration::from_secs(5);
/// How long one about a failure stays, which takes longer to act on.
const STAY_FAILED: Duration = Duration::from_secs(12);
/// How many are shown at once.
const SHOWN: usize = 3;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something was done.
    Done,
    /// Something does not work now.
    Hint,
    /// Something failed.
    Failed,
}

/// The messages.
#[derive(Clone, Debug, Default)]
pub struct State(Vec<(Level, String, Duration)>);

impl State {
    /// Shows a message from now on. The same message again only stays longer.
    pub fn push(&mut self, level: Level, text: impl Into<String>, now: Duration) {
        let text = text.into();
        let stay = if level == Level::Failed { STAY_FAILED } else { STAY };
        self.0.retain(|(l, t, _)| *l != level || *t != text);
        self.0.push((level, text, now.saturating_add(stay)));
        let over = self.0.len().saturating_sub(SHOWN);
        self.0.drain(..over);
    }
    /// Takes away the ones whose time is over; says whether there were any.
    pub fn elapse(&mut self, now: Duration) -> bool {
        let before = self.0.len();
        self.0.retain(|(_, _, until)| *until > now);
        before != self.0.len()
    }
    /// Takes all away; says whether there were any.
    pub fn clear(&mut self) -> bool {
        let had = !self.0.is_empty();
        self.0.clear();
        had
    }
    /// How long until the first of them goes.
    pub fn next_change(&self, now: Duration) -> Option<Duration> {
        self.0.iter().map(|(_, _, until)| until.saturating_sub(now)).min()
    }
}

/// Draws the messages, the newest highest, at the upper right of `area`: what was said last and the jobs stay in view.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State) {
    let mut top = area.top();
    for (level, text, _) in state.0.iter().rev() {
        let (title, style) = match level {
            Level::Done => (" done ", theme.good),
            Level::Hint => (" note ", theme.warn),
            Level::Failed => (" failed ", theme.bad),
        };
        let most = usize::from(area.width).saturating_sub(4).min(64);
        let lines: Vec<&str> = text
            .lines()
            .flat_map(|l| wrap(l, most.max(1)).into_iter().filter_map(|r| l.get(r)))
            .take(6)
            .collect();
        let widest = lines.iter().map(|l| width(l)).max().unwrap_or(0).max(title.len());
        let (w, h) = (cells(widest + 4), cells(lines.len() + 2));
        if w > area.width || top.saturating_add(h) > area.bottom() {
            break;
        }
        let frame = Rect::new(area.right() - w, top, w, h);
        top += h;
        Clear.render(frame, buf);
        Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(style)
            .title(title)
            .title_style(style)
            .render(frame, buf);
        for (y, line) in (frame.y + 1..).zip(lines) {
            put(buf, frame, frame.x + 2, y, line, theme.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::ThemeName;

    #[test]
    fn a_message_goes_by_itself_and_a_failure_stays_longer() {
        let mut state = State::default();
        state.push(Level::Done, "saved", Duration::ZERO);
        state.push(Level::Failed, "the disk is full", Duration::ZERO);
        assert_eq!(state.next_change(Duration::ZERO), Some(STAY));
        assert!(state.elapse(STAY));
        assert!(!state.elapse(STAY));
        assert!(state.elapse(STAY_FAILED));
        assert_eq!(state.next_change(STAY_FAILED), None);
    }

    #[test]
    fn a_repeated_message_is_shown_once() {
        let mut state = State::default();
        for s in 0..5 {
            state.push(Level::Hint, "nothing ahead", Duration::from_secs(s));
        }
        assert_eq!(state.0.len(), 1);
    }

    #[test]
    fn no_area_is_too_small() {
        let mut state = State::default();
        state.push(
            Level::Failed,
            "a long message that wraps more than once in a narrow place",
            Duration::ZERO,
        );
        for w in 0..80 {
            for h in 0..10 {
                let area = Rect::new(0, 0, w, h);
                render(
                    &mut Buffer::empty(area),
                    area,
                    &Theme::new(ThemeName::Dark),
                    &state,
                );
            }
        }
    }
}
