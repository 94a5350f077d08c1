//! The call as rows: when, who, what. Only the rows in view are laid out, however long the call is.

use super::text::{cells, put, wrap};
use super::{Hits, Nav, Pane};
use crate::call::{Row, Who};
use crate::tui::command::Command;
use crate::tui::theme::Theme;
use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::RangeInclusive;

/// What the transcript remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The first row in view and how many of its lines are above the view; `None` follows the call.
    top: Option<(usize, usize)>,
    /// The selected row.
    selected: Option<usize>,
    /// Where marking began.
    mark: Option<usize>,
    /// Moves since the last drawing; what they mean depends on how the rows wrap.
    pending: Vec<Move>,
    /// The rows in view when last drawn.
    seen: Option<(usize, usize)>,
    /// How many rows ended below the view when last drawn.
    below: usize,
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Select(Nav),
    Lines(i32),
}

impl State {
    /// The arrows move the selection, pages move the view.
    pub fn navigate(&mut self, nav: Nav) {
        match nav {
            Nav::Bottom => self.follow(),
            Nav::Left | Nav::Right => {}
            other => self.pending.push(Move::Select(other)),
        }
    }
    /// Moves the view by lines; down is positive.
    pub fn scroll(&mut self, lines: i32) {
        self.pending.push(Move::Lines(lines));
    }
    /// Follows the call again.
    pub fn follow(&mut self) {
        *self = Self::default();
    }
    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.hold();
        self.selected = Some(row);
    }
    /// Begins to mark rows at the selected one, or stops.
    pub fn toggle_mark(&mut self) {
        if self.mark.take().is_none() {
            self.hold();
            self.selected = self.selected.or(self.seen.map(|(_, last)| last));
            self.mark = self.selected;
        }
    }
    /// Takes selection and mark away; says whether there was one.
    pub fn clear(&mut self) -> bool {
        let had = self.selected.is_some() || self.mark.is_some();
        (self.selected, self.mark) = (None, None);
        had
    }
    /// The selected row.
    pub const fn selected(&self) -> Option<usize> {
        self.selected
    }
    /// The rows that a copy takes.
    pub fn marked(&self) -> Option<RangeInclusive<usize>> {
        let selected = self.selected?;
        let other = self.mark.unwrap_or(selected);
        Some(selected.min(other)..=selected.max(other))
    }
    /// How many rows end below the view, as last drawn.
    pub const fn below(&self) -> usize {
        self.below
    }
    /// Whether the view follows the call.
    pub const fn follows(&self) -> bool {
        self.top.is_none()
    }

    /// Stays where the view is.
    fn hold(&mut self) {
        if self.top.is_none() {
            self.top = self.seen.map(|(first, _)| (first, 0));
        }
    }
}

/// What the transcript shows.
#[derive(Clone, Debug)]
pub struct Props<'a> {
    /// The rows, oldest first.
    pub rows: &'a [Row],
    /// How many entries of the call have been heard; rows of later ones lie ahead.
    pub cursor: usize,
    /// How many entries there are.
    pub len: usize,
    /// Whether the pane has focus.
    pub focused: bool,
    /// What to say where nothing was said yet.
    pub empty: &'a str,
}

impl Props<'_> {
    /// The row of the entry heard last.
    fn current(&self) -> usize {
        // Rows are in the order of their entries, so the search takes few steps however many there are.
        self.rows
            .partition_point(|r| r.entries.start < self.cursor)
            .saturating_sub(1)
    }
}

/// A row's text.
pub fn as_text(row: &Row) -> String {
    format!("{} {:8}{}", clock(row.since), row.who.word(), row.text)
}

/// Call time as minutes and seconds, with hours where there are any.
pub fn clock(since: SignedDuration) -> String {
    let s = since.as_secs().max(0);
    if s >= 3600 {
        format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60)
    } else {
        format!("{:02}:{:02}", s / 60, s % 60)
    }
}

/// Where the columns stand in an area of some width.
#[derive(Clone, Copy)]
struct Columns {
    who: u16,
    what: u16,
    width: usize,
}

impl Columns {
    fn of(area: Rect) -> Self {
        // In little room the speaker's word is enough; the time can be done without.
        let (who, what) = if area.width >= 34 { (7, 16) } else { (1, 9) };
        Self {
            who,
            what,
            width: usize::from(area.width.saturating_sub(what + 1)).max(1),
        }
    }

    fn lines(self, row: &Row) -> usize {
        wrap(&row.text, self.width).len()
    }
}

/// Draws the rows.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &mut State, props: &Props<'_>) -> Hits {
    let mut hits = Hits::new();
    if area.is_empty() {
        return hits;
    }
    if props.rows.is_empty() {
        state.follow();
        state.below = 0;
        put(buf, area, area.x + 1, area.y, props.empty, theme.dim);
        return hits;
    }
    let columns = Columns::of(area);
    let height = usize::from(area.height);
    settle(state, props, columns, height);
    let (mut index, mut skip) = match state.top {
        Some(top) => top,
        None => following(props, columns, height),
    };
    let first = index;
    let mut cut = false;
    let mut y = area.y;
    while let Some(row) = props.rows.get(index).filter(|_| y < area.bottom()) {
        let lines = wrap(&row.text, columns.width);
        let shown = lines
            .len()
            .saturating_sub(skip)
            .min(usize::from(area.bottom() - y));
        let place = Rect::new(area.x, y, area.width, cells(shown));
        draw(buf, place, theme, state, props, columns, index, skip);
        hits.add(place, Command::SelectRow(Pane::Transcript, index));
        y += cells(shown);
        cut = skip + shown < lines.len();
        skip = 0;
        index += 1;
    }
    let last = index.saturating_sub(1);
    state.seen = Some((first, last));
    state.below = props.rows.len().saturating_sub(index) + usize::from(cut);
    hits
}

/// The title: what is out of view above, and whether the view follows.
pub fn title(state: &State) -> &'static str {
    if state.mark.is_some() {
        "marking"
    } else if state.follows() {
        ""
    } else {
        "scrolled"
    }
}

/// Draws one row's lines from `skip` on.
#[allow(
    clippy::too_many_arguments,
    reason = "one call site; a struct would only name the same things again"
)]
fn draw(
    buf: &mut Buffer,
    area: Rect,
    theme: &Theme,
    state: &State,
    props: &Props<'_>,
    columns: Columns,
    index: usize,
    skip: usize,
) {
    let Some(row) = props.rows.get(index) else { return };
    let ahead = row.entries.start >= props.cursor;
    let back = props.cursor < props.len;
    let marked = state.marked().is_some_and(|m| m.contains(&index));
    let text_style = match (ahead, row.who) {
        (true, _) => theme.dim,
        (false, Who::Silence | Who::Note | Who::Action | Who::Outcome) => theme.who(row.who),
        (false, _) => theme.text,
    };
    if skip == 0 {
        let time = clock(row.since);
        if columns.who > 1 {
            put(buf, area, area.x + 1, area.y, &time, theme.dim);
        }
        let who = if ahead { theme.dim } else { theme.who(row.who) };
        put(buf, area, area.x + columns.who, area.y, row.who.word(), who);
        if back && index == props.current() {
            put(buf, area, area.x, area.y, "▸", theme.accent);
        }
    }
    let what = Rect::new(
        area.x + columns.what,
        area.y,
        area.width.saturating_sub(columns.what),
        area.height,
    );
    for (y, line) in (area.y..area.bottom()).zip(wrap(&row.text, columns.width).into_iter().skip(skip)) {
        let text = row.text.get(line.clone()).unwrap_or_default();
        put(buf, what, what.x, y, text, text_style);
        // Of a row of keys that was stepped back into, only the keys still heard are bright.
        if row.who == Who::Keys && !ahead && row.entries.end > props.cursor {
            let heard = (props.cursor - row.entries.start)
                .saturating_mul(2)
                .saturating_sub(line.start);
            let from = what.x.saturating_add(cells(heard));
            buf.set_style(
                Rect::new(from, y, what.right().saturating_sub(from), 1).intersection(what),
                theme.dim,
            );
        }
    }
    if marked {
        let style: Style = if props.focused {
            theme.selected
        } else {
            theme.selected_dim
        };
        buf.set_style(area, style);
    }
}

/// Makes the moves since the last drawing, now that it is known how the rows wrap.
fn settle(state: &mut State, props: &Props<'_>, columns: Columns, height: usize) {
    let last = props.rows.len() - 1;
    for step in std::mem::take(&mut state.pending) {
        match step {
            Move::Lines(lines) => scroll(state, props, columns, height, lines),
            Move::Select(Nav::PageUp | Nav::PageDown) if state.selected.is_none() => {
                let page = i32::try_from(height.saturating_sub(1).max(1)).unwrap_or(i32::MAX);
                let down = matches!(step, Move::Select(Nav::PageDown));
                scroll(state, props, columns, height, if down { page } else { -page });
            }
            Move::Select(Nav::Top) => {
                state.top = Some((0, 0));
                state.selected = state.selected.map(|_| 0);
            }
            Move::Select(nav) => {
                let from = match (state.selected, state.seen) {
                    (Some(s), _) => super::select(s, last + 1, height.saturating_sub(2), nav),
                    (None, Some((_, bottom))) => bottom.min(last),
                    (None, None) => props.current(),
                };
                state.selected = Some(from);
                reveal(state, props, columns, height, from);
            }
        }
    }
    state.selected = state.selected.map(|s| s.min(last));
    state.mark = state.mark.map(|m| m.min(last));
    state.top = state.top.map(|(row, line)| {
        let row = row.min(last);
        let lines = props.rows.get(row).map_or(1, |r| columns.lines(r));
        (row, line.min(lines - 1))
    });
}

/// Moves the view as little as needed for a row to be seen.
fn reveal(state: &mut State, props: &Props<'_>, columns: Columns, height: usize, row: usize) {
    let top = state.top.unwrap_or_else(|| following(props, columns, height));
    if row < top.0 || (row == top.0 && top.1 > 0) {
        state.top = Some((row, 0));
        return;
    }
    let lowest = ending_at(props, columns, height, row);
    state.top = Some(if lowest > top { lowest } else { top });
}

fn scroll(state: &mut State, props: &Props<'_>, columns: Columns, height: usize, lines: i32) {
    let (mut row, mut line) = state.top.unwrap_or_else(|| following(props, columns, height));
    let count = |row: usize| props.rows.get(row).map_or(1, |r| columns.lines(r));
    for _ in 0..lines.unsigned_abs() {
        if lines < 0 {
            if line > 0 {
                line -= 1;
            } else if row > 0 {
                row -= 1;
                line = count(row) - 1;
            }
        } else if line + 1 < count(row) {
            line += 1;
        } else if row + 1 < props.rows.len() {
            row += 1;
            line = 0;
        }
    }
    // Scrolled down to the end: follow again.
    let end = ending_at(props, columns, height, props.rows.len() - 1);
    let at_end = lines > 0 && (row, line) >= end;
    state.top = (!at_end || state.selected.is_some()).then(|| (row, line).min(end));
}

/// The top of a view that follows: the last row at its foot, unless the call was stepped back out of that view.
fn following(props: &Props<'_>, columns: Columns, height: usize) -> (usize, usize) {
    let tail = ending_at(props, columns, height, props.rows.len() - 1);
    let current = props.current();
    if props.cursor >= props.len || (current, 0) >= tail {
        return tail;
    }
    // Some of what lies ahead stays in view below.
    ending_at(props, columns, (height * 2).div_ceil(3), current)
}

/// The top of a view of `height` lines that ends with a row's last line.
fn ending_at(props: &Props<'_>, columns: Columns, height: usize, row: usize) -> (usize, usize) {
    let mut room = height;
    let mut at = row;
    loop {
        let lines = props.rows.get(at).map_or(1, |r| columns.lines(r));
        if lines >= room {
            return (at, lines - room.max(1));
        }
        room -= lines;
        match at.checked_sub(1) {
            Some(above) => at = above,
            None => return (0, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::ThemeName;
    use proptest::prelude::*;

    fn rows(texts: &[(Who, &str)]) -> Vec<Row> {
        (0..)
            .zip(texts)
            .map(|(i, (who, text))| Row {
                since: SignedDuration::from_secs(i64::try_from(i).unwrap() * 5),
                who: *who,
                text: (*text).to_owned(),
                entries: i..i + 1,
            })
            .collect()
    }

    fn many(n: usize) -> Vec<Row> {
        let texts: Vec<String> = (0..n).map(|i| format!("row {i} says a few words more")).collect();
        rows(&texts.iter().map(|t| (Who::Line, t.as_str())).collect::<Vec<_>>())
    }

    fn props(rows: &[Row]) -> Props<'_> {
        Props {
            rows,
            cursor: rows.len(),
            len: rows.len(),
            focused: true,
            empty: "nothing yet",
        }
    }

    fn drawn(width: u16, height: u16, state: &mut State, props: &Props<'_>) -> Vec<String> {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        render(&mut buf, area, &Theme::new(ThemeName::Mono), state, props);
        let row = |y| {
            (0..width)
                .filter_map(|x| buf.cell((x, y)).map(|c| c.symbol().to_owned()))
                .collect::<String>()
        };
        (0..height).map(|y| row(y).trim_end().to_owned()).collect()
    }

    #[test]
    fn long_speech_wraps_under_its_own_column() {
        let rows = rows(&[
            (Who::Line, "Welcome to Horizon Federal Bank."),
            (Who::Keys, "1 0"),
            (Who::Caller, "你好 yes"),
        ]);
        assert_eq!(
            drawn(36, 5, &mut State::default(), &props(&rows)),
            [
                " 00:00 line     Welcome to Horizon",
                "                Federal Bank.",
                " 00:05 keys     1 0",
                " 00:10 caller   你 好  yes",
                "",
            ]
        );
    }

    #[test]
    fn the_view_follows_until_it_is_scrolled_and_says_how_much_is_below() {
        let rows = many(10);
        let mut state = State::default();
        assert!(drawn(60, 3, &mut state, &props(&rows))[2].contains("row 9"));
        state.scroll(-2);
        let seen = drawn(60, 3, &mut state, &props(&rows));
        assert!(seen[0].contains("row 5") && seen[2].contains("row 7"), "{seen:?}");
        assert_eq!(state.below(), 2);
        assert!(!state.follows());
        state.scroll(2);
        assert!(drawn(60, 3, &mut state, &props(&rows))[2].contains("row 9"));
        assert!(state.follows());
    }

    #[test]
    fn what_lies_ahead_stays_in_view_and_the_current_row_is_marked() {
        let rows = many(4);
        let at_two = Props {
            cursor: 2,
            ..props(&rows)
        };
        let seen = drawn(60, 4, &mut State::default(), &at_two);
        assert!(
            seen[1].starts_with("▸00:05") && seen[3].contains("row 3"),
            "{seen:?}"
        );
    }

    #[test]
    fn a_call_stepped_far_back_brings_its_turn_into_view() {
        let rows = many(100);
        let early = Props {
            cursor: 3,
            ..props(&rows)
        };
        let seen = drawn(60, 6, &mut State::default(), &early);
        assert!(seen.iter().any(|l| l.starts_with("▸00:10")), "{seen:?}");
    }

    #[test]
    fn arrows_select_and_marking_takes_a_range() {
        let rows = many(10);
        let mut state = State::default();
        drawn(60, 4, &mut state, &props(&rows));
        state.navigate(Nav::Up);
        drawn(60, 4, &mut state, &props(&rows));
        assert_eq!(state.selected(), Some(9));
        state.toggle_mark();
        state.navigate(Nav::Up);
        state.navigate(Nav::Up);
        drawn(60, 4, &mut state, &props(&rows));
        assert_eq!(state.marked(), Some(7..=9));
        assert!(state.clear());
    }

    proptest! {
        #[test]
        fn no_move_in_any_size_panics_or_loses_the_rows(
            n in 0usize..30,
            cursor in 0usize..30,
            sizes in proptest::collection::vec((0u16..70, 0u16..12), 1..6),
            moves in proptest::collection::vec(0u8..8, 0..12),
        ) {
            let rows = many(n);
            let props = Props { cursor: cursor.min(n), ..props(&rows) };
            let mut state = State::default();
            for (width, height) in sizes {
                for m in &moves {
                    match m {
                        0 => state.navigate(Nav::Up),
                        1 => state.navigate(Nav::Down),
                        2 => state.navigate(Nav::PageUp),
                        3 => state.navigate(Nav::PageDown),
                        4 => state.navigate(Nav::Top),
                        5 => state.scroll(-3),
                        6 => state.scroll(5),
                        _ => state.toggle_mark(),
                    }
                    drawn(width, height, &mut state, &props);
                }
                let seen = drawn(width, height, &mut state, &props);
                if n > 0 && width > 40 && height > 1 {
                    prop_assert!(seen[0].contains(char::is_alphabetic), "{seen:?}");
                }
            }
        }
    }
}
