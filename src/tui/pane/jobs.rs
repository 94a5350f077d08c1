//! The queue as a table. However many jobs there are, only those in view are asked for and drawn.

use super::job_words::{self, Tone, counted, stands};
use super::text::{self, cells, ellipsis, put, put_right};
use super::{Hits, Nav, Pane, scroll_to, select};
use crate::outbound::id::JobId;
use crate::outbound::job::Job;
use crate::outbound::state::JobState;
use crate::outbound::store::{Counts, JobQuery, Order};
use crate::tui::command::Command;
use crate::tui::theme::Theme;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the pane remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The order of the rows.
    order: Order,
    /// Only jobs that contain this.
    filter: String,
    /// The selected row, counted from the first of all.
    selected: usize,
    /// The job in that row: the selection stays with it when rows move.
    job: Option<JobId>,
    /// The first row in view.
    first: usize,
    /// How many rows were in view when last drawn.
    page: usize,
    /// How many rows there were when last drawn.
    total: usize,
}

/// A stretch of the rows, read from the store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What was asked for.
    pub query: JobQuery,
    /// The jobs, from row `query.offset` on.
    pub jobs: Vec<Job>,
    /// How many rows there are in all.
    pub total: u64,
}

impl Page {
    fn offset(&self) -> usize {
        usize::try_from(self.query.offset).unwrap_or(usize::MAX)
    }

    /// The job in a row, where it was read.
    pub fn job(&self, row: usize) -> Option<&Job> {
        self.jobs.get(row.checked_sub(self.offset())?)
    }

    fn rows(&self) -> usize {
        usize::try_from(self.total).unwrap_or(usize::MAX)
    }
}

/// What is shown.
#[derive(Clone, Debug)]
pub struct Props<'a> {
    /// What was read; absent before the first answer.
    pub page: Option<&'a Page>,
    /// How many jobs are in each state.
    pub counts: &'a Counts,
    /// What is wrong with the store, if anything is.
    pub problem: Option<&'a str>,
    /// The job whose call is on the screen.
    pub open: Option<&'a JobId>,
    /// The wall clock.
    pub now: Timestamp,
    /// The operator's zone.
    pub zone: &'a TimeZone,
    /// The key that enqueues a job.
    pub enqueue_key: &'a str,
    /// The key that changes the filter.
    pub filter_key: &'a str,
    /// Whether the pane has focus.
    pub focused: bool,
}

/// Rows asked for beyond each end of the view, so that moving on a little needs no new question.
const MARGIN: usize = 64;

impl State {
    /// Moves the selection.
    pub fn navigate(&mut self, nav: Nav) {
        let page = self.page.saturating_sub(1).max(1);
        // Before the first drawing nobody knows how many rows there are.
        let len = if self.total == 0 { usize::MAX } else { self.total };
        self.go_to(select(self.selected, len, page, nav));
    }

    /// Selects a row, counted from the first of all.
    pub fn go_to(&mut self, row: usize) {
        self.selected = row;
        self.job = None;
    }

    /// The selected row.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// The job in the selected row, as last drawn.
    pub const fn job(&self) -> Option<&JobId> {
        self.job.as_ref()
    }

    /// The order of the rows.
    pub const fn order(&self) -> Order {
        self.order
    }

    /// Sorts by column number `column` of [`Order::ALL`].
    pub fn sort(&mut self, column: usize) {
        if let Some(order) = Order::ALL.get(column) {
            self.order = *order;
            self.first = 0;
        }
    }

    /// Sorts by the next column.
    pub fn next_sort(&mut self) {
        let at = Order::ALL.iter().position(|o| *o == self.order).unwrap_or(0);
        self.sort((at + 1) % Order::ALL.len());
    }

    /// What is filtered for; empty shows all.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Shows only jobs that contain `text`.
    pub fn set_filter(&mut self, text: impl Into<String>) {
        let text = text.into();
        if text != self.filter {
            self.filter = text;
            self.first = 0;
            self.go_to(0);
        }
    }

    /// What to ask the store for so that the rows in view can be drawn, or `None` where `page` has them already.
    pub fn wants(&self, page: Option<&Page>) -> Option<JobQuery> {
        let height = self.page.max(32);
        let offset = self.first.saturating_sub(MARGIN);
        let query = JobQuery {
            text: self.filter.clone(),
            order: self.order,
            limit: u32::try_from(height + 2 * MARGIN).unwrap_or(u32::MAX),
            offset: offset as u64,
            ..JobQuery::default()
        };
        let has = page.is_some_and(|p| {
            let end = (self.first + height).min(p.rows());
            p.query.text == query.text
                && p.query.order == query.order
                && p.offset() <= self.first
                && (end <= p.offset() + p.jobs.len())
        });
        (!has).then_some(query)
    }

    /// Keeps the selection on its job and inside the rows.
    fn settle(&mut self, page: &Page, height: usize) {
        self.page = height;
        self.total = page.rows();
        if let Some(job) = &self.job
            && page.job(self.selected).is_none_or(|j| j.job_id != *job)
            && let Some(at) = page.jobs.iter().position(|j| j.job_id == *job)
        {
            self.selected = page.offset() + at;
        }
        self.selected = self.selected.min(self.total.saturating_sub(1));
        self.first = scroll_to(self.first, self.selected, height).min(self.total.saturating_sub(height));
        if let Some(job) = page.job(self.selected) {
            self.job = Some(job.job_id.clone());
        }
    }
}

/// `2 ready · 1 waiting · 5 done` in so many columns, what matters less left out; or how many the filter lets through;
/// empty where there is no job.
pub fn title(state: &State, props: &Props<'_>, columns: usize) -> String {
    if !state.filter.is_empty() {
        let found = props.page.map_or(0, |p| p.total);
        let title = format!("“{}” {found} of {}", state.filter, props.counts.total());
        return ellipsis(&title, columns);
    }
    let mut title = String::new();
    for state in BY_URGENCY {
        let n = props.counts.of(state);
        if n == 0 {
            continue;
        }
        let gap = if title.is_empty() { "" } else { " · " };
        let longer = format!("{title}{gap}{n} {}", counted(state));
        // Room is kept for the sign that more follows.
        if text::width(&longer) + 2 > columns && !title.is_empty() {
            title.push_str(" …");
            break;
        }
        title = longer;
    }
    title
}

/// The states in the order in which an operator wants to know of them.
const BY_URGENCY: [JobState; 8] = [
    JobState::Running,
    JobState::Leased,
    JobState::Queued,
    JobState::WaitingRetry,
    JobState::DeadLetter,
    JobState::Failed,
    JobState::Succeeded,
    JobState::Canceled,
];

/// Which columns there is room for, and where they begin.
#[derive(Clone, Copy, Debug)]
struct Columns {
    account: usize,
    what: usize,
    /// A column of its own for the outcome; otherwise it takes the place of the due time.
    outcome: Option<usize>,
    priority: Option<usize>,
    tries: Option<usize>,
    end: usize,
}

/// Mark, space, the longest state word, space.
const STATE: usize = 11;
/// `0/3`, a spare cell and the space before it.
const TRIES: usize = 5;
const PRIORITY: usize = 6;
/// `on the do-not-call list` and a space.
const PHRASE: usize = 24;
/// `window opens 08:00` and a space, with one to spare.
const SHORT_PHRASE: usize = 20;
/// `acct_7781`.
const SHORTEST_ACCOUNT: usize = 9;
/// An account of this length is shown whole before the phrases have all their room.
const USUAL_ACCOUNT: usize = 18;

impl Columns {
    fn of(width: usize, longest_account: usize) -> Self {
        let account = STATE.min(width);
        let tries = (width >= 30).then(|| width - TRIES + 1);
        let mut end = tries.map_or(width, |t| t.saturating_sub(1));
        let priority = (width >= 60).then(|| end.saturating_sub(PRIORITY - 1));
        end = priority.map_or(end, |p| p.saturating_sub(1));
        // The account takes what it needs, but leaves room for the phrases.
        let room = end.saturating_sub(account + 1);
        let usual = longest_account.clamp(SHORTEST_ACCOUNT, USUAL_ACCOUNT);
        let two = room >= 2 * SHORT_PHRASE + usual;
        let spare = room.saturating_sub(if two { 2 * PHRASE } else { PHRASE });
        let spare = if two { spare.max(usual) } else { spare };
        let wide = longest_account.clamp(SHORTEST_ACCOUNT, spare.max(SHORTEST_ACCOUNT));
        let what = (account + wide + 1).min(end);
        let half = end.saturating_sub(what) / 2;
        let outcome = two.then(|| what + half.min(PHRASE)).filter(|o| *o < end);
        Self {
            account,
            what,
            outcome,
            priority,
            tries,
            end,
        }
    }
}

/// Draws the table.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &mut State, props: &Props<'_>) -> Hits {
    let mut hits = Hits::new();
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return hits;
    }
    let Some(page) = props.page.filter(|p| p.total > 0) else {
        say_why_empty(buf, area, theme, state, props);
        return hits;
    };
    let head = u16::from(area.height >= 5);
    let foot = u16::from(area.height >= 7);
    let body = Rect {
        y: area.y + head,
        height: area.height - head - foot,
        ..area
    };
    state.settle(page, usize::from(body.height));
    let in_view = state.first..(state.first + usize::from(body.height)).min(state.total);
    let longest = in_view
        .clone()
        .filter_map(|row| page.job(row))
        .map(|j| text::width(j.payload.account_ref.as_str()))
        .max();
    let columns = Columns::of(usize::from(area.width), longest.unwrap_or(0));
    if head > 0 {
        header(buf, area, theme, state, columns, &mut hits);
    }
    for (y, row) in (body.y..).zip(in_view) {
        let line = Rect { y, height: 1, ..area };
        let Some(job) = page.job(row) else {
            put(buf, line, line.x, y, "…", theme.dim);
            continue;
        };
        draw_row(buf, line, theme, columns, job, props);
        if row == state.selected {
            let style = if props.focused {
                theme.selected
            } else {
                theme.selected_dim
            };
            buf.set_style(line, style);
            hits.add(line, Command::OpenRow(Pane::Jobs, row));
        } else {
            hits.add(line, Command::SelectRow(Pane::Jobs, row));
        }
    }
    if foot > 0 {
        footer(buf, area, theme, state, page, props);
    }
    if let Some(problem) = props.problem {
        put(
            buf,
            area,
            area.x,
            area.bottom() - 1,
            &ellipsis(problem, usize::from(area.width)),
            theme.bad,
        );
    }
    hits
}

/// An empty table says what it is waiting for, or which key fills it.
fn say_why_empty(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State, props: &Props<'_>) {
    let (line, style) = match (props.problem, props.page) {
        (Some(problem), _) => (problem.to_owned(), theme.bad),
        (None, None) => ("reading the jobs…".to_owned(), theme.dim),
        (None, Some(_)) if !state.filter.is_empty() => (
            format!(
                "no job matches “{}”; {} changes the filter",
                state.filter, props.filter_key
            ),
            theme.dim,
        ),
        (None, Some(_)) => (
            format!("no jobs yet: {} enqueues one from a preset", props.enqueue_key),
            theme.dim,
        ),
    };
    for (y, range) in (area.top()..area.bottom()).zip(text::wrap(&line, usize::from(area.width))) {
        put(buf, area, area.x, y, line.get(range).unwrap_or_default(), style);
    }
}

fn header(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State, columns: Columns, hits: &mut Hits) {
    let mut head = |x: usize, to: usize, word: &str, order: Option<Order>| {
        let sorted = order == Some(state.order);
        let word = if sorted {
            format!("{word}▾")
        } else {
            word.to_owned()
        };
        let style = if sorted { theme.strong } else { theme.dim };
        let (from, to) = (area.x.saturating_add(cells(x)), area.x.saturating_add(cells(to)));
        let cell = Rect::new(from, area.y, to.saturating_sub(from), 1).intersection(area);
        put(buf, cell, cell.x, cell.y, &word, style);
        let column = order.and_then(|o| Order::ALL.iter().position(|a| *a == o));
        if let Some(column) = column {
            hits.add(cell, Command::SortJobs(column));
        }
    };
    let newest = state.order == Order::Newest;
    head(
        0,
        columns.account,
        if newest { "state (newest first)" } else { "state" },
        Some(Order::State),
    );
    head(columns.account, columns.what, "account", Some(Order::Account));
    head(
        columns.what,
        columns.outcome.unwrap_or(columns.end),
        "due",
        Some(Order::Due),
    );
    if let Some(outcome) = columns.outcome {
        head(outcome, columns.end, "outcome", None);
    }
    if let Some(priority) = columns.priority {
        head(priority, priority + PRIORITY - 1, "prio", Some(Order::Queue));
    }
    if let Some(tries) = columns.tries {
        head(tries, tries + TRIES - 1, "try", None);
    }
}

fn style_of(theme: &Theme, tone: Tone) -> Style {
    match tone {
        Tone::Ready => theme.text,
        Tone::Waiting => theme.warn,
        Tone::Active => theme.accent,
        Tone::Good => theme.good,
        Tone::Bad => theme.bad,
    }
}

fn draw_row(buf: &mut Buffer, line: Rect, theme: &Theme, columns: Columns, job: &Job, props: &Props<'_>) {
    let (mark, word, tone) = stands(job, props.now);
    let style = style_of(theme, tone);
    let open = props.open == Some(&job.job_id);
    let word = if open { "on call" } else { word };
    let mut cell = |from: usize, to: usize, what: &str, style: Style| {
        let room = to.saturating_sub(from);
        let (from, to) = (
            line.x.saturating_add(cells(from)),
            line.x.saturating_add(cells(to)),
        );
        let cell = Rect::new(from, line.y, to.saturating_sub(from), 1).intersection(line);
        put(
            buf,
            cell,
            cell.x,
            cell.y,
            &ellipsis(what, room.min(usize::from(cell.width))),
            style,
        );
    };
    cell(
        0,
        columns.account.saturating_sub(1),
        &format!("{mark} {word}"),
        style,
    );
    cell(
        columns.account,
        columns.what.saturating_sub(1),
        job.payload.account_ref.as_str(),
        if open { theme.strong } else { theme.text },
    );
    let due = job_words::due(job, props.now, props.zone);
    let outcome = job_words::outcome(job);
    let due_style = if due == "due now" { theme.text } else { theme.dim };
    match columns.outcome {
        Some(at) => {
            cell(columns.what, at - 1, &due, due_style);
            cell(at, columns.end.saturating_sub(1), &outcome, style);
        }
        // One column: a job that can still go says when, one that cannot says why.
        None if job.state.is_finished() || due.is_empty() => {
            cell(columns.what, columns.end, &outcome, style);
        }
        None => {
            let fits = text::width(&due) <= columns.end.saturating_sub(columns.what);
            let short = if fits {
                &due
            } else {
                due.trim_start_matches("window ")
            };
            cell(columns.what, columns.end, short, due_style);
        }
    }
    if let Some(at) = columns.priority {
        cell(at, at + PRIORITY - 1, &job.priority.to_string(), theme.dim);
    }
    if columns.tries.is_some() {
        let tries = format!("{}/{}", job.attempts.len(), job.retry_policy.max_attempts);
        put_right(buf, line, line.y, &tries, theme.dim);
    }
}

/// Everything about the selected job in one line, and where the view is.
fn footer(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State, page: &Page, props: &Props<'_>) {
    let y = area.bottom() - 1;
    let position = format!(" {}/{}", state.selected + 1, state.total);
    let room = usize::from(area.width).saturating_sub(text::width(&position));
    if let Some(job) = page.job(state.selected) {
        let detail = job_words::detail(job, props.now, props.zone);
        put(buf, area, area.x, y, &ellipsis(&detail, room), theme.dim);
    }
    put_right(buf, Rect { y, height: 1, ..area }, y, &position, theme.dim);
}
