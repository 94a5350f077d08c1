//! Inside the party: what the last turn changed, what was understood and by which rules, and the whole state as a tree.

use super::text::{self, ellipsis, put};
use super::{Hits, Nav, Pane, scroll_to, select};
use crate::call::session::{Entry, Session};
use crate::call::{DeadlineKind, Expect, IntentId, Party, Reading, Score, Turn};
use crate::tui::command::Command;
use crate::tui::theme::Theme;
use crate::tui::value_diff::{Change, Path, Step, diff};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the pane remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Branches that are closed, by their key.
    closed: BTreeSet<String>,
    selected: usize,
    first: usize,
    page: usize,
    /// The key of each row when last drawn, and whether it is a branch.
    rows: Vec<(String, bool)>,
    /// The entry that was looked at last.
    seen: Option<Arc<Entry>>,
    view: View,
}

/// What there is to show of one place in a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The party's state.
    pub state: Value,
    /// What the last turn changed in it.
    pub changes: Vec<(Path, Change)>,
    /// The last turn.
    pub turn: Option<Turn>,
    /// What was understood last, and how many turns ago.
    pub reading: Option<(Reading, usize)>,
}

/// How many turns back the last reading is looked for.
const READING_WITHIN: usize = 32;

impl View {
    /// What there is to show where a session stands.
    pub fn of<P: Party>(session: &Session<P>) -> Self {
        let rules = session.rules();
        let state = session.party().inspect(rules);
        let cursor = session.cursor();
        let before = cursor.checked_sub(1).map(|c| session.party_at(c).inspect(rules));
        let last = session.last();
        let reading = (0..READING_WITHIN.min(cursor)).find_map(|ago| {
            let entry = session.entry(cursor - 1 - ago)?;
            entry.turn.nlu.clone().map(|r| (r, ago))
        });
        Self {
            changes: before.map(|b| diff(&b, &state)).unwrap_or_default(),
            turn: last.map(|e| e.turn.clone()),
            state,
            reading,
        }
    }
}

impl State {
    /// Looks at where a session stands. Costs nothing where it stands as it did.
    pub fn look<P: Party>(&mut self, session: &Session<P>) {
        let last = session.last();
        let same = match (&self.seen, last) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        if !same {
            self.view = View::of(session);
            self.seen = last.cloned();
        }
    }

    /// Shows a view that was made elsewhere.
    pub fn show(&mut self, view: View) {
        self.view = view;
        self.seen = None;
    }

    /// Moves the selection; left closes a branch or goes to the one around it, right opens one.
    pub fn navigate(&mut self, nav: Nav) {
        let here = self.rows.get(self.selected).cloned();
        match (nav, here) {
            (Nav::Left, Some((key, true))) if !self.closed.contains(&key) => {
                self.closed.insert(key);
            }
            (Nav::Left, Some((key, _))) => {
                let above = self.rows.iter().take(self.selected).rposition(|(other, branch)| {
                    *branch && key.len() > other.len() && key.starts_with(other.as_str())
                });
                self.selected = above.unwrap_or(self.selected);
            }
            (Nav::Right, Some((key, true))) => {
                self.closed.remove(&key);
            }
            (Nav::Right | Nav::Left, _) => {}
            (nav, _) => {
                self.selected = select(self.selected, self.rows.len(), self.page.max(2) - 1, nav);
            }
        }
    }

    /// Selects a row.
    pub fn go_to(&mut self, row: usize) {
        self.selected = row;
    }

    /// Opens or closes the selected branch.
    pub fn toggle(&mut self) {
        if let Some((key, true)) = self.rows.get(self.selected)
            && !self.closed.remove(key)
        {
            self.closed.insert(key.clone());
        }
    }
}

/// What is shown besides the view that the state holds.
#[derive(Clone, Copy, Debug)]
pub struct Props {
    /// Whether the pane has focus.
    pub focused: bool,
}

/// How much the last turn changed; empty where nothing.
pub fn title(state: &State) -> String {
    match state.view.changes.len() {
        0 => String::new(),
        n => format!("{n} changed"),
    }
}

/// One row: some pieces of text after an indent.
struct Line {
    key: String,
    branch: bool,
    depth: usize,
    pieces: Vec<(String, Style)>,
}

/// Draws the pane.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &mut State, props: Props) -> Hits {
    let mut hits = Hits::new();
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return hits;
    }
    let mut writer = Writer {
        theme,
        closed: &state.closed,
        width: usize::from(area.width),
        lines: Vec::new(),
    };
    writer.view(&state.view);
    let lines = writer.lines;
    let height = usize::from(area.height);
    state.page = height;
    state.selected = state.selected.min(lines.len().saturating_sub(1));
    state.first = scroll_to(state.first, state.selected, height).min(lines.len().saturating_sub(height));
    for (y, (i, line)) in (area.y..).zip(lines.iter().enumerate().skip(state.first).take(height)) {
        let mut x = area.x.saturating_add(text::cells(line.depth * 2));
        for (piece, style) in &line.pieces {
            let room = usize::from(area.right().saturating_sub(x));
            x = put(buf, area, x, y, &ellipsis(piece, room), *style);
        }
        let row = Rect { y, height: 1, ..area };
        if i == state.selected {
            if props.focused {
                buf.set_style(row, theme.selected);
            }
            hits.add(row, Command::OpenRow(Pane::Inspector, i));
        } else {
            hits.add(row, Command::SelectRow(Pane::Inspector, i));
        }
    }
    state.rows = lines.into_iter().map(|l| (l.key, l.branch)).collect();
    hits
}

/// Collects the rows.
struct Writer<'a> {
    theme: &'a Theme,
    closed: &'a BTreeSet<String>,
    width: usize,
    lines: Vec<Line>,
}

/// Columns of the names before values in a section.
const NAME: usize = 12;
/// The longest bar of a score.
const BAR: usize = 20;

impl Writer<'_> {
    fn view(&mut self, view: &View) {
        self.changed(view);
        self.turn(view);
        self.reading(view);
        self.rules(view);
        if self.section("state", "") {
            let marks: BTreeMap<&Path, &Change> = view.changes.iter().map(|(p, c)| (p, c)).collect();
            match &view.state {
                Value::Object(_) | Value::Array(_) => self.children(&Path::default(), &view.state, &marks, 1),
                scalar => self.push("state/", false, 1, vec![(shown(scalar), self.theme.text)]),
            }
        }
    }

    fn push(&mut self, key: impl Into<String>, branch: bool, depth: usize, pieces: Vec<(String, Style)>) {
        self.lines.push(Line {
            key: key.into(),
            branch,
            depth,
            pieces,
        });
    }

    /// A heading; says whether what is under it is to be written.
    fn section(&mut self, name: &str, more: &str) -> bool {
        let key = format!("{name}/");
        let open = !self.closed.contains(&key);
        let arrow = if open { "▾ " } else { "▸ " };
        let pieces = vec![
            (arrow.to_owned(), self.theme.dim),
            (name.to_owned(), self.theme.strong),
            (more.to_owned(), self.theme.dim),
        ];
        self.push(key, true, 0, pieces);
        open
    }

    /// A name and a value that may take several rows, under its own column.
    fn field(&mut self, section: &str, name: &str, value: &str, style: Style) {
        let room = self.width.saturating_sub(NAME + 2).max(8);
        for (i, range) in text::wrap(value, room).into_iter().enumerate() {
            let name = if i == 0 { name } else { "" };
            let label = format!("{name:NAME$}");
            let line = value.get(range).unwrap_or_default().to_owned();
            let key = format!("{section}/{name}");
            self.push(key, false, 1, vec![(label, self.theme.dim), (line, style)]);
        }
    }

    fn changed(&mut self, view: &View) {
        if view.changes.is_empty() || !self.section("changed", " by this turn") {
            return;
        }
        for (path, change) in &view.changes {
            let mut pieces = vec![(format!("{} ", sign(change)), self.theme.changed)];
            pieces.push((format!("{path}  "), self.theme.text));
            pieces.extend(self.was_and_is(change));
            self.push(format!("changed/{path}"), false, 1, pieces);
        }
    }

    fn was_and_is(&self, change: &Change) -> Vec<(String, Style)> {
        let theme = self.theme;
        match change {
            Change::Added(new) => vec![(shown(new), theme.changed)],
            Change::Removed(old) => vec![(shown(old), theme.dim)],
            Change::Changed(old, new) => vec![
                (shown(old), theme.dim),
                (" → ".to_owned(), theme.dim),
                (shown(new), theme.changed),
            ],
        }
    }

    fn turn(&mut self, view: &View) {
        let Some(turn) = &view.turn else { return };
        if !self.section("turn", "") {
            return;
        }
        if !turn.intent.as_str().is_empty() {
            self.field("turn", "intent", turn.intent.as_str(), self.theme.text);
        }
        self.field("turn", "waits for", &waits_for(&turn.expect), self.theme.text);
        if let Some(deadline) = turn.deadline {
            let kind = match deadline.kind {
                DeadlineKind::InterDigit => "for the next digit",
                DeadlineKind::NoInput => "for an answer",
                DeadlineKind::Other => "until it wakes",
            };
            let seconds = deadline.after.as_secs_f64();
            self.field(
                "turn",
                "deadline",
                &format!("{seconds} s {kind}"),
                self.theme.text,
            );
        }
    }

    fn reading(&mut self, view: &View) {
        let Some((reading, ago)) = &view.reading else {
            return;
        };
        let more = match ago {
            0 => String::new(),
            1 => " one turn ago".to_owned(),
            n => format!(" {n} turns ago"),
        };
        if !self.section("understood", &more) {
            return;
        }
        let theme = self.theme;
        let fine = if reading.fine_intent == reading.primary_intent {
            String::new()
        } else {
            format!(" ({})", reading.fine_intent)
        };
        let primary = format!("{}{fine} {}", reading.primary_intent, reading.confidence);
        self.field("understood", "intent", &primary, theme.strong);
        if !reading.why.is_empty() {
            self.field("understood", "why", &reading.why, theme.text);
        }
        if !reading.negated.is_empty() {
            let names: Vec<&str> = reading.negated.iter().map(IntentId::as_str).collect();
            self.field("understood", "negated", &names.join(", "), theme.warn);
        }
        for span in &reading.spans {
            let value = span.value.reveal();
            let value = if value.is_empty() {
                String::new()
            } else {
                format!(" {value}")
            };
            let not = if span.negated { " (negated)" } else { "" };
            let what = format!("{}{value}{not}  {}–{}", span.kind, span.start, span.end);
            self.field("understood", "span", &what, theme.text);
        }
        self.scores("scores", &reading.scores);
        if reading.fine_scores != reading.scores {
            self.scores("finer", &reading.fine_scores);
        }
    }

    /// A bar for each score, the highest first; those of nothing are only counted.
    fn scores(&mut self, name: &str, scores: &BTreeMap<IntentId, Score>) {
        let theme = self.theme;
        let mut some: Vec<(&IntentId, Score)> = scores
            .iter()
            .filter(|(_, s)| s.basis() > 0)
            .map(|(i, s)| (i, *s))
            .collect();
        some.sort_by_key(|(_, s)| std::cmp::Reverse(*s));
        let none = scores.len() - some.len();
        let longest = some
            .iter()
            .map(|(i, _)| text::width(i.as_str()))
            .max()
            .unwrap_or(0);
        let room = self.width.saturating_sub(NAME + 2 + 6);
        let label = longest.min(room * 2 / 3);
        let bar = room.saturating_sub(label + 1).min(BAR);
        for (i, (intent, score)) in some.iter().enumerate() {
            let name = if i == 0 { name } else { "" };
            let intent = ellipsis(intent.as_str(), label);
            let pad = label.saturating_sub(text::width(&intent));
            let pieces = vec![
                (format!("{name:NAME$}"), theme.dim),
                (format!("{intent}{:pad$} ", ""), theme.text),
                (blocks(*score, bar), theme.accent),
                (format!(" {score}"), theme.text),
            ];
            self.push(format!("understood/{name}{i}"), false, 1, pieces);
        }
        if none > 0 {
            let name = if some.is_empty() { name } else { "" };
            let pieces = vec![
                (format!("{name:NAME$}"), theme.dim),
                (format!("{none} others 0"), theme.dim),
            ];
            self.push(format!("understood/{name}none"), false, 1, pieces);
        }
    }

    fn rules(&mut self, view: &View) {
        let why = view.turn.as_ref().map_or(&[][..], |t| &t.why);
        if why.is_empty() || !self.section("rules", "") {
            return;
        }
        let theme = self.theme;
        for rule in why {
            let section = if rule.section.is_empty() {
                String::new()
            } else {
                format!("  {}", rule.section)
            };
            let pieces = vec![(rule.rule.to_string(), theme.text), (section, theme.dim)];
            self.push(format!("rules/{}", rule.rule), false, 1, pieces);
            let room = self.width.saturating_sub(4).max(8);
            for range in text::wrap(&rule.note, room) {
                let line = rule.note.get(range).unwrap_or_default().to_owned();
                self.push(format!("rules/{}/", rule.rule), false, 2, vec![(line, theme.dim)]);
            }
        }
    }

    /// What is in a container, with what was in it before the last turn and is no more.
    fn children(&mut self, path: &Path, value: &Value, marks: &BTreeMap<&Path, &Change>, depth: usize) {
        let steps: Vec<(Step, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(k, v)| (Step::Field(k.clone()), v)).collect(),
            Value::Array(list) => list
                .iter()
                .enumerate()
                .map(|(i, v)| (Step::Index(i), v))
                .collect(),
            _ => Vec::new(),
        };
        for (step, value) in steps {
            let name = match &step {
                Step::Field(name) => name.clone(),
                Step::Index(i) => format!("[{i}]"),
            };
            self.node(&path.then(step), &name, value, marks, depth);
        }
        for (gone, change) in marks.iter().filter(|(p, c)| {
            matches!(c, Change::Removed(_)) && p.0.len() == path.0.len() + 1 && p.is_under(path)
        }) {
            let name = match gone.0.last() {
                Some(Step::Field(name)) => name.clone(),
                Some(Step::Index(i)) => format!("[{i}]"),
                None => String::new(),
            };
            let mut pieces = vec![(format!("{} {name}  ", sign(change)), self.theme.changed)];
            pieces.extend(self.was_and_is(change));
            self.push(format!("state/{gone}-"), false, depth, pieces);
        }
    }

    fn node(
        &mut self,
        path: &Path,
        name: &str,
        value: &Value,
        marks: &BTreeMap<&Path, &Change>,
        depth: usize,
    ) {
        let theme = self.theme;
        let mark = marks.get(path).copied();
        let inside = marks.keys().any(|p| p.is_under(path));
        let lead = match (mark, inside) {
            (Some(change), _) => sign(change),
            (None, true) => "~",
            (None, false) => " ",
        };
        let style = if inside { theme.changed } else { theme.dim };
        let mut pieces = vec![(format!("{lead} "), theme.changed)];
        let size = match value {
            Value::Object(map) => map.len(),
            Value::Array(list) => list.len(),
            _ => 0,
        };
        if size == 0 {
            pieces.push((format!("{name}  "), style));
            pieces.extend(match mark {
                Some(change) => self.was_and_is(change),
                None => vec![(shown(value), theme.text)],
            });
            self.push(format!("state/{path}"), false, depth, pieces);
            return;
        }
        let key = format!("state/{path}");
        let open = !self.closed.contains(&key);
        pieces.push(((if open { "▾ " } else { "▸ " }).to_owned(), theme.dim));
        pieces.push((name.to_owned(), style));
        if !open {
            pieces.push((format!("  {}", shown(value)), theme.dim));
        }
        self.push(key, true, depth, pieces);
        if open {
            self.children(path, value, marks, depth + 1);
        }
    }
}

/// The mark of a change.
const fn sign(change: &Change) -> &'static str {
    match change {
        Change::Added(_) => "+",
        Change::Removed(_) => "-",
        Change::Changed(..) => "~",
    }
}

/// A value on one line: texts without quotes where they are plain, nothing as `–`.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "–".to_owned(),
        Value::String(s) if s.is_empty() => "\"\"".to_owned(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A bar in eighths of a cell.
fn blocks(score: Score, cells: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = usize::from(score.basis()) * cells * 8 / 10_000;
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    let bar = format!("{}{part}", "█".repeat(eighths / 8));
    let used = text::width(&bar);
    format!("{bar}{}", "·".repeat(cells.saturating_sub(used)))
}

/// What the party waits for, in words.
pub fn waits_for(expect: &Expect) -> String {
    match expect {
        Expect::Nothing => "nothing".to_owned(),
        Expect::Digits {
            min,
            max,
            end,
            secret,
        } => {
            let many = if min == max {
                max.to_string()
            } else {
                format!("{min} to {max}")
            };
            let end = end.map_or_else(String::new, |k| format!(", {k} ends them"));
            let secret = if *secret { " secret" } else { "" };
            format!("{many}{secret} digits{end}")
        }
        Expect::Options { options } => {
            let names: Vec<String> = options
                .iter()
                .map(|(key, label)| format!("{key} {label}"))
                .collect();
            format!("one of {}", names.join(", "))
        }
        Expect::YesNo => "yes or no".to_owned(),
        Expect::Zip => "a ZIP code".to_owned(),
        Expect::Date => "a date".to_owned(),
        Expect::Money => "an amount".to_owned(),
        Expect::Free => "anything".to_owned(),
    }
}
