//! The open scenario: how far it is, what comes next, how each event went, and what was expected where one failed.

use super::event_words;
use super::text::{self, cells, ellipsis, put};
use super::{Hits, Nav, Pane, scroll_to, select};
use crate::call::Row;
use crate::line::judge::Verdict;
use crate::line::player::{Mark, Player};
use crate::tui::command::Command;
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// What the pane remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The event that was picked; otherwise the one played last is looked at.
    picked: Option<usize>,
    /// How far the scenario was when drawn last.
    position: usize,
    events: usize,
    page: usize,
    /// The first event of the list in view.
    first: usize,
    /// The first tick in view.
    first_tick: usize,
}

impl State {
    /// Picks an event to look at.
    pub fn navigate(&mut self, nav: Nav) {
        let nav = match nav {
            Nav::Left => Nav::Up,
            Nav::Right => Nav::Down,
            other => other,
        };
        let from = self.selected();
        self.picked = Some(select(from, self.events, self.page.max(2) - 1, nav));
    }

    /// Picks an event, counted from the first.
    pub fn pick(&mut self, event: usize) {
        self.picked = Some(event);
    }

    /// The event that is looked at: the one picked, or the one played last.
    pub fn selected(&self) -> usize {
        self.picked.unwrap_or_else(|| self.position.saturating_sub(1))
    }

    /// How many events have been played once the one that is looked at has: what Enter jumps to.
    pub fn target(&self) -> usize {
        self.selected() + 1
    }
}

/// What is shown.
#[derive(Clone, Copy, Debug)]
pub struct Props<'a> {
    /// The scenario that is open; absent where none is.
    pub open: Option<Open<'a>>,
    /// The key that opens one.
    pub open_key: &'a str,
    /// Whether the pane has focus.
    pub focused: bool,
}

/// An open scenario.
#[derive(Clone, Copy, Debug)]
pub struct Open<'a> {
    /// How far it is.
    pub player: &'a Player,
    /// Where it came from.
    pub file: &'a str,
    /// Whether its events come by themselves.
    pub playing: bool,
    /// How many times faster than the call's own time.
    pub speed: u32,
    /// Whether the operator has taken over by hand.
    pub away: bool,
    /// Whether there is nothing left to play.
    pub finished: bool,
    /// What is expected of the call as a whole, judged; only looked at once it is finished.
    pub finals: &'a [Verdict],
    /// Whether the line waits for something secret.
    pub secret: bool,
    /// The transcript.
    pub rows: &'a [Row],
}

/// How an event went, as a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tick {
    Held,
    Failed,
    Played,
    Ahead,
}

impl Tick {
    fn of(mark: Option<&Mark>) -> Self {
        match mark {
            None => Self::Ahead,
            Some(m) if m.verdicts.is_empty() => Self::Played,
            Some(m) if m.held() => Self::Held,
            Some(_) => Self::Failed,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Held => "✓",
            Self::Failed => "✗",
            Self::Played => "•",
            Self::Ahead => "·",
        }
    }

    const fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Held => theme.good,
            Self::Failed => theme.bad,
            Self::Played => theme.text,
            Self::Ahead => theme.dim,
        }
    }
}

/// Draws the pane.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &mut State, props: &Props<'_>) -> Hits {
    let mut hits = Hits::new();
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return hits;
    }
    let mut page = Page {
        buf,
        area,
        theme,
        y: area.y,
    };
    let Some(open) = &props.open else {
        page.wrapped(
            &format!(
                "no scenario is open: {} chooses one from the list",
                props.open_key
            ),
            theme.dim,
            area.height,
        );
        return hits;
    };
    let events = open.player.scenario().events.len();
    if open.player.position() != state.position {
        // The scenario moved on: look at what it did.
        state.picked = None;
    }
    state.position = open.player.position();
    state.events = events;
    state.picked = state.picked.map(|p| p.min(events.saturating_sub(1)));
    head(&mut page, state, open);
    if page.left() > 0 {
        ticks(&mut page, state, open, &mut hits);
    }
    let failure = failure(state, open);
    // The diff may take half of what is left when the list needs room too.
    let listed = if failure.is_none() {
        page.left()
    } else if page.left() >= 9 {
        page.left() / 2
    } else {
        0
    };
    if listed >= 3 {
        list(&mut page, state, open, listed, props.focused, &mut hits);
    }
    if let Some(failure) = failure {
        diff(&mut page, open, &failure);
    }
    hits
}

/// Lines from the top of an area down.
struct Page<'a> {
    buf: &'a mut Buffer,
    area: Rect,
    theme: &'a Theme,
    y: u16,
}

impl Page<'_> {
    const fn left(&self) -> u16 {
        self.area.bottom().saturating_sub(self.y)
    }

    fn line(&mut self, what: &str, style: Style) {
        let what = ellipsis(what, usize::from(self.area.width));
        put(self.buf, self.area, self.area.x, self.y, &what, style);
        self.y = self.y.saturating_add(1);
    }

    /// A text over at most so many lines.
    fn wrapped(&mut self, what: &str, style: Style, most: u16) {
        let lines = text::wrap(what, usize::from(self.area.width));
        let most = usize::from(most.min(self.left()));
        for (i, range) in lines.iter().take(most).enumerate() {
            let last = i + 1 == most && lines.len() > most;
            let line = what.get(if last {
                range.start..what.len()
            } else {
                range.clone()
            });
            self.line(line.unwrap_or_default(), style);
        }
    }
}

/// What it is, how far it is, and what comes next.
fn head(page: &mut Page<'_>, state: &State, open: &Open<'_>) {
    let theme = page.theme;
    let scenario = open.player.scenario();
    let roomy = page.area.height >= 16;
    page.line(&scenario.name, theme.strong);
    if roomy {
        if !scenario.description.is_empty() {
            page.wrapped(&scenario.description, theme.text, 3);
        }
        page.line(open.file, theme.dim);
        if !scenario.xfail.is_empty() {
            page.wrapped(&format!("expected to fail: {}", scenario.xfail), theme.warn, 2);
        }
    }
    let (mark, word, style) = stands(theme, open);
    let speed = if open.speed > 1 && !open.finished {
        format!(" ×{}", open.speed)
    } else {
        String::new()
    };
    let (at, of) = (state.position, state.events);
    let place = if page.area.width < 24 {
        format!("{mark} {at}/{of} {word}{speed}")
    } else {
        format!("{mark} {at} / {of}  {word}{speed}")
    };
    if page.left() > 0 {
        page.line(&place, style);
    }
    if page.left() == 0 {
        return;
    }
    if let Some(event) = open.player.next_event().filter(|_| !open.finished) {
        let next = event_words::event(event, open.secret);
        let next = if page.area.width < 12 {
            next
        } else {
            format!("next: {next}")
        };
        page.line(&next, theme.text);
    }
}

/// The mark, the word and the style of how it stands as a whole.
fn stands(theme: &Theme, open: &Open<'_>) -> (&'static str, String, Style) {
    if open.away {
        return ("▸", "left, by hand".to_owned(), theme.warn);
    }
    if !open.finished {
        return if open.playing {
            ("▶", "playing".to_owned(), theme.accent)
        } else {
            ("▸", "paused".to_owned(), theme.text)
        };
    }
    let events = open.player.marks().iter().filter(|m| !m.held()).count();
    let failed = events + open.finals.iter().filter(|v| !v.held).count();
    match (failed, open.player.scenario().xfail.is_empty()) {
        (0, true) => ("✓", "all held".to_owned(), theme.good),
        (n, true) => ("✗", format!("{n} failed"), theme.bad),
        (0, false) => ("✗", "held, unexpectedly".to_owned(), theme.bad),
        (n, false) => ("✓", format!("{n} failed, as expected"), theme.good),
    }
}

/// One sign an event; where the next one comes is marked. Longer than the width, it scrolls with what is looked at.
fn ticks(page: &mut Page<'_>, state: &mut State, open: &Open<'_>, hits: &mut Hits) {
    let theme = page.theme;
    let width = usize::from(page.area.width);
    let y = page.y;
    page.y = page.y.saturating_add(1);
    // Two columns a tick, the separator included; one column each end says that there is more.
    let fits = state.events * 2 <= width + 1;
    let room = if fits {
        state.events
    } else {
        width.saturating_sub(2) / 2
    };
    let looked = state
        .picked
        .unwrap_or(state.position)
        .min(state.events.saturating_sub(1));
    state.first_tick = if fits {
        0
    } else {
        scroll_to(state.first_tick, looked, room.max(1)).min(state.events.saturating_sub(room))
    };
    let mut x = page.area.x;
    if !fits {
        let more = if state.first_tick > 0 { "‹" } else { " " };
        x = put(page.buf, page.area, x, y, more, theme.dim);
    }
    for event in state.first_tick..(state.first_tick + room).min(state.events) {
        let tick = Tick::of(open.player.marks().get(event));
        let mut style = tick.style(theme);
        if event + 1 == state.position {
            style = style.patch(theme.current);
        }
        if state.picked == Some(event) {
            style = style.add_modifier(Modifier::UNDERLINED);
        }
        hits.add(
            Rect::new(x, y, 2, 1).intersection(page.area),
            Command::JumpToEvent(event + 1),
        );
        x = put(page.buf, page.area, x, y, tick.sign(), style);
        let next = if event + 1 == state.position && state.position < state.events {
            "▸"
        } else {
            " "
        };
        x = put(page.buf, page.area, x, y, next, theme.accent);
    }
    if !fits && state.first_tick + room < state.events {
        put(page.buf, page.area, x, y, "›", theme.dim);
    }
}

/// The events, one a row, around the one that is looked at.
fn list(
    page: &mut Page<'_>,
    state: &mut State,
    open: &Open<'_>,
    height: u16,
    focused: bool,
    hits: &mut Hits,
) {
    let theme = page.theme;
    let height = usize::from(height);
    state.page = height;
    let looked = state
        .picked
        .unwrap_or(state.position)
        .min(state.events.saturating_sub(1));
    state.first = scroll_to(state.first, looked, height).min(state.events.saturating_sub(height));
    let digits = state.events.to_string().len();
    let events = open.player.scenario().events.iter().enumerate();
    for (i, event) in events.skip(state.first).take(height) {
        let mark = open.player.marks().get(i);
        let tick = Tick::of(mark);
        let secret = match mark {
            Some(mark) => was_secret(open.rows, mark),
            None => open.secret && i == state.position,
        };
        let y = page.y;
        let row = Rect {
            y,
            height: 1,
            ..page.area
        };
        let x = put(
            page.buf,
            page.area,
            page.area.x,
            y,
            tick.sign(),
            tick.style(theme),
        );
        let number = format!(" {:>digits$}  ", i + 1);
        let x = put(page.buf, page.area, x, y, &number, theme.dim);
        let room = usize::from(page.area.right().saturating_sub(x));
        let style = if tick == Tick::Ahead {
            theme.dim
        } else {
            theme.text
        };
        let words = ellipsis(&event_words::event(event, secret), room);
        put(page.buf, page.area, x, y, &words, style);
        if state.picked == Some(i) {
            let style = if focused {
                theme.selected
            } else {
                theme.selected_dim
            };
            page.buf.set_style(row, style);
            hits.add(row, Command::JumpToEvent(i + 1));
        } else {
            if i == state.position && !open.finished {
                page.buf.set_style(row, Style::new().add_modifier(Modifier::BOLD));
            }
            hits.add(row, Command::SelectRow(Pane::Scenario, i));
        }
        page.y = page.y.saturating_add(1);
    }
}

/// Whether what an event keyed or said is masked in the transcript.
fn was_secret(rows: &[Row], mark: &Mark) -> bool {
    let from = rows.partition_point(|r| r.entries.end <= mark.from);
    rows.iter()
        .skip(from)
        .take_while(|r| r.entries.start < mark.to)
        .any(|r| r.text.starts_with('●'))
}

/// Something that was expected and did not hold.
struct Failure<'a> {
    /// Of which event; `None` of the call as a whole.
    event: Option<usize>,
    verdicts: Vec<&'a Verdict>,
    mark: Option<&'a Mark>,
}

/// What to show a diff of: the event that was picked, else the last one that failed, else the whole.
fn failure<'a>(state: &State, open: &Open<'a>) -> Option<Failure<'a>> {
    let marks = open.player.marks();
    let event = match state.picked {
        Some(picked) => marks.get(picked).filter(|m| !m.held()).map(|_| picked),
        None => marks.iter().rposition(|m| !m.held()),
    };
    if let Some(event) = event {
        let mark = marks.get(event)?;
        return Some(Failure {
            event: Some(event),
            verdicts: mark.verdicts.iter().filter(|v| !v.held).collect(),
            mark: Some(mark),
        });
    }
    let finals: Vec<_> = open.finals.iter().filter(|v| !v.held).collect();
    (open.finished && state.picked.is_none() && !finals.is_empty()).then_some(Failure {
        event: None,
        verdicts: finals,
        mark: None,
    })
}

/// Each verdict that failed: what was looked at, what was expected, what came; then the turns around it.
fn diff(page: &mut Page<'_>, open: &Open<'_>, failure: &Failure<'_>) {
    let theme = page.theme;
    let of = failure
        .event
        .map_or("the end".to_owned(), |e| format!("event {}", e + 1));
    for verdict in &failure.verdicts {
        if page.left() == 0 {
            return;
        }
        let what = verdict.what.trim_start_matches("expect.");
        page.line(&format!("✗ {of}: {what}"), theme.bad);
        let most = if page.area.height >= 16 { 3 } else { 2 };
        labelled(page, "expected", &verdict.expected, theme.good, most);
        labelled(page, "got", &verdict.got, theme.bad, most);
    }
    let Some(mark) = failure.mark else { return };
    // The turn before, the one judged, and the one after.
    let from = open
        .rows
        .partition_point(|r| r.entries.end <= mark.from.saturating_sub(1));
    let around = open
        .rows
        .iter()
        .skip(from)
        .take_while(|r| r.entries.start <= mark.to);
    for row in around {
        if page.left() == 0 {
            return;
        }
        let judged = row.entries.start >= mark.from && row.entries.start < mark.to;
        let style = if judged { theme.text } else { theme.dim };
        page.line(&format!("  {:8}{}", row.who.word(), row.text), style);
    }
}

/// `expected  …` with what follows under its own column.
fn labelled(page: &mut Page<'_>, label: &str, what: &str, style: Style, most: u16) {
    const COLUMN: usize = 10;
    let theme = page.theme;
    let what = if what.is_empty() { "(nothing)" } else { what };
    let width = usize::from(page.area.width);
    if width < COLUMN + 8 {
        page.wrapped(&format!("{label} {what}"), style, most);
        return;
    }
    let lines = text::wrap(what, width - COLUMN);
    for (i, range) in lines.iter().take(usize::from(most.min(page.left()))).enumerate() {
        if i == 0 {
            put(page.buf, page.area, page.area.x, page.y, label, theme.dim);
        }
        let last = i + 1 == usize::from(most) && lines.len() > usize::from(most);
        let line = what.get(if last {
            range.start..what.len()
        } else {
            range.clone()
        });
        let line = ellipsis(line.unwrap_or_default(), width - COLUMN);
        put(
            page.buf,
            page.area,
            page.area.x + cells(COLUMN),
            page.y,
            &line,
            style,
        );
        page.y = page.y.saturating_add(1);
    }
}
