//! The input line under the transcript: what the caller says, typed; a history of it.

use super::edit::Edit;
use super::text::{cells, put};
use super::{Hits, Nav};
use crate::tui::command::Command;
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// How many utterances are remembered.
const REMEMBERED: usize = 200;

/// What the input line remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What is being written.
    pub edit: Edit,
    history: Vec<String>,
    /// Which utterance of the history is shown, and what was being written before.
    recalled: Option<(usize, Edit)>,
    /// How wide the text was drawn.
    columns: usize,
}

impl State {
    /// Takes what is written, and remembers it.
    pub fn submit(&mut self) -> String {
        self.recalled = None;
        let text = self.edit.take();
        if !text.trim().is_empty() && self.history.last() != Some(&text) {
            if self.history.len() == REMEMBERED {
                self.history.remove(0);
            }
            self.history.push(text.clone());
        }
        text
    }

    /// Up and down go through the history, left and right through the text.
    pub fn navigate(&mut self, nav: Nav) {
        match nav {
            Nav::Up => self.recall(true),
            Nav::Down => self.recall(false),
            Nav::Left => self.edit.left(),
            Nav::Right => self.edit.right(),
            Nav::Top => self.edit.start(),
            Nav::Bottom => self.edit.end(),
            Nav::PageUp | Nav::PageDown => {}
        }
    }

    /// Puts the cursor at a column of the line as it was drawn.
    pub fn place(&mut self, column: u16) {
        self.edit.place(usize::from(column), self.columns);
    }

    fn recall(&mut self, older: bool) {
        let shown = match (&self.recalled, older) {
            (None, true) => self.history.len().checked_sub(1),
            (None, false) => return,
            (Some((at, _)), true) => Some(at.saturating_sub(1)),
            (Some((at, _)), false) => Some(at + 1),
        };
        match shown.and_then(|at| self.history.get(at).map(|text| (at, text.clone()))) {
            Some((at, text)) => {
                let written = std::mem::replace(&mut self.edit, Edit::new(text));
                let draft = self.recalled.take().map_or(written, |(_, draft)| draft);
                self.recalled = Some((at, draft));
            }
            None => {
                if let Some((_, draft)) = self.recalled.take() {
                    self.edit = draft;
                }
            }
        }
    }
}

/// What the input line shows.
#[derive(Clone, Debug)]
pub struct Props<'a> {
    /// Whether it has focus.
    pub focused: bool,
    /// What to do here, while nothing is written.
    pub hint: &'a str,
}

/// Draws the line. Says where the cursor is, where it has focus.
pub fn render(
    buf: &mut Buffer,
    area: Rect,
    theme: &Theme,
    state: &mut State,
    props: &Props<'_>,
) -> (Hits, Option<Position>) {
    let mut hits = Hits::new();
    let mark = if props.focused { "› " } else { "  " };
    let x = put(buf, area, area.x, area.y, mark, theme.accent);
    let line = Rect::new(x, area.y, area.right().saturating_sub(x), area.height.min(1));
    state.columns = usize::from(line.width);
    if state.edit.is_empty() {
        put(buf, line, line.x, line.y, props.hint, theme.dim);
    }
    let cursor = state.edit.render(buf, line, theme.text);
    hits.add(area, Command::Focus(super::Pane::Input));
    for column in 0..line.width.min(cells(state.edit.text().len()).saturating_add(1)) {
        let cell = Rect::new(line.x + column, line.y, 1, line.height);
        hits.add(cell, Command::PlaceCursor(column));
    }
    (hits, cursor.filter(|_| props.focused))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(said: &[&str]) -> State {
        let mut state = State::default();
        for text in said {
            state.edit.insert(text);
            state.submit();
        }
        state
    }

    #[test]
    fn the_history_goes_up_and_comes_back_to_what_was_being_written() {
        let mut s = state(&["yes", "no"]);
        s.edit.insert("may");
        let mut seen = Vec::new();
        for nav in [Nav::Up, Nav::Up, Nav::Up, Nav::Down, Nav::Down, Nav::Down] {
            s.navigate(nav);
            seen.push(s.edit.text().to_owned());
        }
        assert_eq!(seen, ["no", "yes", "yes", "no", "may", "may"]);
    }

    #[test]
    fn an_empty_line_and_a_repetition_are_not_remembered() {
        let s = state(&["yes", "", "yes", "  "]);
        assert_eq!(s.history, ["yes"]);
    }
}
