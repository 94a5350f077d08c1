//! One line of text being written: the input line, a prompt, the filter of a list.

use super::text::{cells, fit, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;

/// The longest text that is taken, in bytes: an utterance is a sentence, not a book pasted by mistake.
pub const MAX_BYTES: usize = 4096;

/// The text and the cursor in it, which always stands between two whole characters as a person sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    text: String,
    cursor: usize,
}

impl Edit {
    /// A text with the cursor at its end.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            cursor: text.len(),
            text,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Whether nothing is written.
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
    /// Takes the text out.
    pub fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    /// Writes at the cursor. Line breaks and other control characters become spaces; what is too much is left out.
    pub fn insert(&mut self, text: &str) {
        let room = MAX_BYTES.saturating_sub(self.text.len());
        let mut clean = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\r' && chars.peek() == Some(&'\n') {
                continue;
            }
            let c = if c.is_control() { ' ' } else { c };
            if clean.len() + c.len_utf8() > room {
                break;
            }
            clean.push(c);
        }
        if self.text.is_char_boundary(self.cursor) {
            self.text.insert_str(self.cursor, &clean);
            self.cursor += clean.len();
            // What was written may have joined the character after it (an accent, a skin tone).
            if !self.is_boundary(self.cursor) {
                self.cursor = self.next();
            }
        }
    }

    /// Moves a character back.
    pub fn left(&mut self) {
        self.cursor = self.previous();
    }
    /// Moves a character forward.
    pub fn right(&mut self) {
        self.cursor = self.next();
    }
    /// Moves to the beginning.
    pub const fn start(&mut self) {
        self.cursor = 0;
    }
    /// Moves to the end.
    pub const fn end(&mut self) {
        self.cursor = self.text.len();
    }
    /// Moves back to the beginning of a word.
    pub fn word_left(&mut self) {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let mut words = before.unicode_word_indices();
        self.cursor = words.next_back().map_or(0, |(at, _)| at);
    }
    /// Moves forward to the end of a word.
    pub fn word_right(&mut self) {
        let after = self.text.get(self.cursor..).unwrap_or_default();
        let word = after.unicode_word_indices().next();
        self.cursor = word.map_or(self.text.len(), |(at, w)| self.cursor + at + w.len());
    }

    /// Deletes the character before the cursor.
    pub fn delete_back(&mut self) {
        let from = self.previous();
        self.delete(from, self.cursor);
    }
    /// Deletes the character at the cursor.
    pub fn delete_forward(&mut self) {
        let to = self.next();
        self.delete(self.cursor, to);
    }
    /// Deletes the word before the cursor.
    pub fn delete_word(&mut self) {
        let to = self.cursor;
        self.word_left();
        self.delete(self.cursor, to);
    }
    /// Deletes everything before the cursor.
    pub fn delete_line(&mut self) {
        self.delete(0, self.cursor);
    }

    /// Puts the cursor where `column` is, counted from the left edge of a view `columns` wide.
    pub fn place(&mut self, column: usize, columns: usize) {
        let first = self.first(columns);
        let seen = self.text.get(first..).unwrap_or_default();
        self.cursor = first + fit(seen, column).len();
    }

    /// Draws the text in one line; where it is wider than `area`, the part around the cursor. Says where the cursor is.
    pub fn render(&self, buf: &mut Buffer, area: Rect, style: Style) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let columns = usize::from(area.width);
        let first = self.first(columns);
        let seen = self.text.get(first..).unwrap_or_default();
        buf.set_stringn(area.x, area.y, seen, columns, style);
        let before = self.text.get(first..self.cursor).unwrap_or_default();
        Some(Position::new(
            area.x + cells(width(before)).min(area.width - 1),
            area.y,
        ))
    }

    /// The byte where the view begins: far enough to the right that the cursor is seen.
    fn first(&self, columns: usize) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let mut over = (width(before) + 1).saturating_sub(columns.max(1));
        for (at, g) in before.grapheme_indices(true) {
            if over == 0 {
                return at;
            }
            over = over.saturating_sub(width(g).max(1));
        }
        if over == 0 && width(before) < columns {
            0
        } else {
            self.cursor
        }
    }

    fn delete(&mut self, from: usize, to: usize) {
        if self.text.is_char_boundary(from) && self.text.is_char_boundary(to) && from <= to {
            self.text.replace_range(from..to, "");
            self.cursor = from;
            if !self.is_boundary(self.cursor) {
                self.cursor = self.next();
            }
        }
    }

    fn is_boundary(&self, at: usize) -> bool {
        at == self.text.len() || self.text.grapheme_indices(true).any(|(i, _)| i == at)
    }

    fn previous(&self) -> usize {
        let before = self
            .text
            .grapheme_indices(true)
            .map(|(i, _)| i)
            .take_while(|i| *i < self.cursor);
        before.last().unwrap_or(0)
    }

    fn next(&self) -> usize {
        let mut ends = self.text.grapheme_indices(true).map(|(i, g)| i + g.len());
        ends.find(|end| *end > self.cursor).unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_character_is_what_a_person_sees() {
        let mut edit = Edit::new("ok 👍🏽é");
        edit.delete_back();
        edit.delete_back();
        assert_eq!(edit.text(), "ok ");
        edit.insert("你好");
        edit.left();
        edit.insert("x");
        assert_eq!(edit.text(), "ok 你x好");
    }

    #[test]
    fn pasted_lines_become_one() {
        let mut edit = Edit::default();
        edit.insert("one\r\ntwo\tthree\n");
        assert_eq!(edit.text(), "one two three ");
    }

    #[test]
    fn words_are_jumped_and_deleted_whole() {
        let mut edit = Edit::new("pay it on friday");
        edit.delete_word();
        assert_eq!(edit.text(), "pay it on ");
        edit.word_left();
        edit.delete_line();
        assert_eq!(edit.text(), "on ");
        edit.word_right();
        edit.delete_forward();
        assert_eq!(edit.text(), "on");
    }

    #[test]
    fn a_click_puts_the_cursor_between_characters() {
        let mut edit = Edit::new("你好");
        edit.place(3, 20);
        edit.insert("x");
        assert_eq!(edit.text(), "你x好");
    }

    #[test]
    fn the_view_follows_the_cursor() {
        let edit = Edit::new("abcdefghij");
        let area = Rect::new(0, 0, 5, 1);
        let mut buf = Buffer::empty(area);
        let at = edit.render(&mut buf, area, Style::new());
        assert_eq!(buf, Buffer::with_lines(["ghij "]));
        assert_eq!(at, Some(Position::new(4, 0)));
    }

    proptest! {
        #[test]
        fn no_edit_ever_leaves_the_cursor_inside_a_character(ops in proptest::collection::vec((0u8..11, "\\PC{0,4}"), 0..40)) {
            let mut edit = Edit::default();
            for (op, text) in ops {
                match op {
                    0..=2 => edit.insert(&text),
                    3 => edit.left(),
                    4 => edit.right(),
                    5 => edit.delete_back(),
                    6 => edit.delete_forward(),
                    7 => edit.word_left(),
                    8 => edit.word_right(),
                    9 => edit.delete_word(),
                    _ => edit.place(3, 8),
                }
                prop_assert!(edit.text.is_char_boundary(edit.cursor));
                let area = Rect::new(0, 0, 7, 1);
                edit.render(&mut Buffer::empty(area), area, Style::new());
            }
        }
    }
}
