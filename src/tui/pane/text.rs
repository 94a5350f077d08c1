//! Text on a grid of cells: measured in columns, cut at whole characters, wrapped at words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A column count as the terminal counts.
pub fn cells(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// The longest beginning of `text` that fits into `columns`.
pub fn fit(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// `text` in `columns`, its end replaced by `…` where it does not fit.
pub fn ellipsis(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = fit(text, columns.saturating_sub(1)).to_owned();
    if columns > 0 {
        short.push('…');
    }
    short
}

/// Draws a line of text at `x`, `y` inside `area`, cut at its right edge; returns the column after it.
pub fn put(buf: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return x;
    }
    let room = usize::from(area.right() - x);
    buf.set_stringn(x, y, text, room, style).0
}

/// Draws a line of text so that it ends at the right edge of `area`; returns the column where it begins.
pub fn put_right(buf: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) -> u16 {
    let text = fit(text, usize::from(area.width));
    let x = area.right().saturating_sub(cells(text.width()));
    put(buf, area, x, y, text, style);
    x
}

/// The runs of blanks and of anything else in `text`, in order, each with where it begins and whether it is blank. A full
/// stop stays with its word, which is why these are not the words of Unicode.
fn words(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let ahead = text.get(rest..)?;
        let blank = ahead.chars().next()?.is_whitespace();
        let len = ahead
            .find(|c: char| c.is_whitespace() != blank)
            .unwrap_or(ahead.len());
        let at = rest;
        rest += len;
        Some((at, ahead.get(..len)?, blank))
    })
}

/// The byte ranges of the lines that `text` takes when wrapped at words into `columns`; a word longer than a line is
/// broken between characters. Never empty; never longer than the text has characters.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut start = 0; // where the line begins
    let mut end = 0; // where what is known to fit ends, without trailing spaces
    let mut used = 0; // columns from `start`
    for (at, word, blank) in words(text) {
        let w = word.width();
        if used + w <= columns {
            used += w;
            if !blank {
                end = at + word.len();
            }
            continue;
        }
        if blank {
            // Spaces at a line's end take no room; the next word starts a line.
            used = columns;
            continue;
        }
        if end > start {
            lines.push(start..end);
        }
        start = at;
        used = 0;
        for (i, g) in word.grapheme_indices(true) {
            let gw = g.width();
            if used + gw > columns && used > 0 {
                lines.push(start..at + i);
                start = at + i;
                used = 0;
            }
            used += gw;
        }
        end = at + word.len();
    }
    if end > start || lines.is_empty() {
        lines.push(start..end.max(start));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, columns: usize) -> Vec<&str> {
        wrap(text, columns).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("one two three", 6), ["one", "two", "three"]);
        assert_eq!(
            lines("press 4. Then", 7),
            ["press", "4. Then"],
            "a full stop stays with its word"
        );
    }

    #[test]
    fn a_long_word_is_broken_and_wide_characters_count_two() {
        assert_eq!(lines("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(lines("你好世界", 4), ["你好", "世界"]);
    }

    #[test]
    fn nothing_is_one_empty_line() {
        assert_eq!(lines("", 5), [""]);
        assert_eq!(lines("   ", 2), [""]);
    }

    #[test]
    fn an_ellipsis_marks_what_is_cut() {
        assert_eq!(ellipsis("deposits", 5), "depo…");
        assert_eq!(ellipsis("deposits", 8), "deposits");
        assert_eq!(ellipsis("deposits", 0), "");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_visible_character_in_order(text in "\\PC{0,60}", columns in 1usize..30) {
            let joined: String = lines(&text, columns).concat().chars().filter(|c| !c.is_whitespace()).collect();
            let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(joined, whole);
        }

        #[test]
        fn no_line_is_wider_than_asked_unless_one_character_is(text in "[a-z你 ]{0,60}", columns in 2usize..30) {
            for line in lines(&text, columns) {
                prop_assert!(width(line) <= columns, "{line:?} in {columns}");
            }
        }
    }
}
