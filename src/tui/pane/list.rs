//! A list to choose from and a question answered with a text: the palette, the pickers, the prompts.

use super::Hits;
use super::text::{cells, ellipsis, put, width};
use crate::tui::command::Command;
use crate::tui::dialog::{List, Prompt};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation as _;

/// Draws a list: what was typed, then what matches. Says where the cursor is.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, list: &mut List) -> (Hits, Option<Position>) {
    let mut hits = Hits::new();
    let (matching, of) = list.counts();
    let count = format!("{matching}/{of}");
    let x = put(buf, area, area.x, area.y, "› ", theme.accent);
    let right = area.right().saturating_sub(cells(count.len()));
    let line = Rect::new(x, area.y, right.saturating_sub(x + 1), area.height.min(1));
    if list.filter.is_empty() {
        put(buf, line, line.x, line.y, "type to narrow the list", theme.dim);
    }
    let cursor = list.filter.render(buf, line, theme.text);
    put(buf, area, right, area.y, &count, theme.dim);
    let rows = Rect::new(area.x, area.y + 1, area.width, area.height.saturating_sub(1));
    if matching == 0 {
        put(
            buf,
            rows,
            rows.x + 2,
            rows.y,
            &ellipsis(&list.empty, usize::from(rows.width).saturating_sub(2)),
            theme.dim,
        );
        return (hits, cursor);
    }
    let selected = list.selected;
    for (y, (row, item, letters)) in (rows.y..).zip(list.view(usize::from(rows.height))) {
        let place = Rect::new(rows.x, y, rows.width, 1);
        let mark = if row == selected { "▸ " } else { "  " };
        let mut x = put(buf, place, place.x, y, mark, theme.accent);
        let room = usize::from(rows.width).saturating_sub(2);
        let style = if item.command.is_some() {
            theme.text
        } else {
            theme.dim
        };
        for (i, letter) in (0_u32..).zip(ellipsis(&item.label, room).graphemes(true)) {
            let style = if letters.contains(&i) {
                theme.matched
            } else {
                style
            };
            x = put(buf, place, x, y, letter, style);
        }
        let taken = width(&item.mark);
        let left = usize::from(place.right().saturating_sub(x));
        // The mark at the right edge, where the label leaves room for it; between them the detail.
        let mark_shown = taken > 0 && left >= taken + 2;
        if mark_shown {
            put(buf, place, place.right() - cells(taken), y, &item.mark, theme.key);
        }
        let room = left.saturating_sub(if mark_shown { taken + 4 } else { 2 });
        if !item.detail.is_empty() && room > 8 {
            put(buf, place, x + 2, y, &ellipsis(&item.detail, room), theme.dim);
        }
        if row == selected {
            buf.set_style(place, theme.selected);
        }
        hits.add(place, Command::PickRow(row));
    }
    (hits, cursor)
}

/// Draws a prompt. Says where the cursor is.
pub fn render_prompt(buf: &mut Buffer, area: Rect, theme: &Theme, prompt: &Prompt) -> Option<Position> {
    let x = put(buf, area, area.x, area.y, "› ", theme.accent);
    let line = Rect::new(x, area.y, area.right().saturating_sub(x), area.height.min(1));
    let cursor = prompt.edit.render(buf, line, theme.text);
    let below = area.y + 1;
    put(
        buf,
        area,
        area.x,
        below,
        &ellipsis(prompt.help(), usize::from(area.width)),
        theme.dim,
    );
    cursor
}
