//! The model drawn. Reads the model; what it writes back is only what was drawn where, and the panes' own caches.

mod panes;

use self::panes::{JobWords, body, keys};
use super::command::Command;
use super::dialog::Dialog;
use super::keymap::Context;
use super::layout::{LEAST, Layout, USABLE};
use super::model::Model;
use super::pane::status::Motion;
use super::pane::text::{cells, put};
use super::pane::{Hits, Pane, help, inspector, jobs, list, status, toast, transcript};
use super::theme::Theme;
use crate::call::Party as _;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Widget as _};
use serde_json::Value;

/// Draws the model over the whole frame.
pub fn view(model: &mut Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = draw(model, area, frame.buffer_mut());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Draws the model; says where the cursor is, where one is shown.
fn draw(model: &mut Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    model.screen.area = area;
    model.screen.hits = Hits::new();
    model.screen.layout = Layout::new(area, model.wish());
    let Some(layout) = model.screen.layout.clone() else {
        too_small(buf, area);
        return None;
    };
    let theme = model.settings.theme.clone();
    let mut hits = top(model, &theme, buf, layout.status);
    if area.width < USABLE.0 || area.height < USABLE.1 {
        let text = format!("needs {}×{} to show all it has", USABLE.0, USABLE.1);
        put(
            buf,
            layout.hints,
            layout.hints.x + 1,
            layout.hints.y,
            &text,
            theme.warn,
        );
    } else {
        let open = model.play.is_some();
        hits.extend(status::render_hints(
            buf,
            layout.hints,
            &theme,
            &model.keymap,
            model.focus,
            open,
        ));
    }
    hits.extend(offer(model, &theme, buf, layout.offer));
    if !layout.keys.is_empty() {
        let mark = if model.focus == Pane::Keypad { "▶" } else { " " };
        put(buf, layout.keys, layout.keys.x, layout.keys.y, mark, theme.accent);
        let line = Rect {
            x: layout.keys.x + 2,
            width: layout.keys.width - 2,
            ..layout.keys
        };
        hits.extend(keys(model, &theme, buf, line));
    }
    let mut cursor = None;
    for (pane, area) in &layout.panes {
        let inner = framed(model, &theme, buf, *pane, *area);
        hits.add(*area, Command::Focus(*pane));
        let (found, at) = body(model, &theme, buf, *pane, inner);
        hits.extend(found);
        cursor = cursor.or(at);
    }
    toast::render(buf, body_area(&layout), &theme, &model.panes.toasts);
    if model.dialog.is_some() {
        cursor = dialog(model, &theme, buf, area, &mut hits);
    }
    model.screen.hits = hits;
    cursor
}

fn too_small(buf: &mut Buffer, area: Rect) {
    let text = format!(
        "ivr-tui needs {}×{} to work in and {}×{} at least; this is {}×{}.",
        USABLE.0, USABLE.1, LEAST.0, LEAST.1, area.width, area.height
    );
    let lines = super::pane::text::wrap(&text, usize::from(area.width));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        let line = text.get(line).unwrap_or_default();
        put(buf, area, area.x, y, line, ratatui::style::Style::new());
    }
}

fn body_area(layout: &Layout) -> Rect {
    layout
        .panes
        .iter()
        .map(|(_, a)| *a)
        .reduce(Rect::union)
        .unwrap_or_default()
}

fn top(model: &Model, theme: &Theme, buf: &mut Buffer, area: Rect) -> Hits {
    let session = model.call.session();
    let play = model.play.as_ref().filter(|p| p.away.is_none());
    let motion = match play {
        Some(p) if p.playing => Motion::Playing,
        _ if model.call.ended() => Motion::Ended,
        Some(_) => Motion::Paused,
        None if !model.call.at_tip() => Motion::Back,
        None => Motion::Live,
    };
    let (node, phase) = (session.party().node(), session.party().phase());
    let place = if node.as_str() == phase.as_str() {
        format!("node {node}")
    } else {
        format!("phase {phase}")
    };
    let verified = verified(&session.party().inspect(session.rules()));
    let title = session.rules().title();
    status::render(
        buf,
        area,
        theme,
        &status::Props {
            line: &title,
            since: model.call.driver.now().since,
            motion,
            turn: (!model.call.at_tip()).then(|| (session.cursor(), session.len())),
            place: &place,
            verified: &verified,
            keymap: &model.keymap,
            context: Context::of(model.focus),
        },
    )
}

/// Who has proved to be who, as the party's own state tells it.
fn verified(state: &Value) -> String {
    if let Some(name) = state.get("caller").and_then(Value::as_str) {
        return format!("{name}, verified");
    }
    match state.get("right_party_verified").and_then(Value::as_bool) {
        Some(true) => "right party, verified".to_owned(),
        _ => String::new(),
    }
}

fn offer(model: &Model, theme: &Theme, buf: &mut Buffer, area: Rect) -> Hits {
    let Some(left) = &model.offer else {
        return Hits::new();
    };
    let n = left.records.len();
    let what = format!(
        "A sandbox was killed during a call of {} ({n} steps in).",
        left.header.line
    );
    let text = model.context().is_text();
    let key = |command: &Command, fallback: Context| {
        let context = if text { Context::Global } else { fallback };
        model.keymap.key_for(context, command).unwrap_or_default()
    };
    let (yes, no) = (
        key(&Command::TakeUp, Context::Offer),
        key(&Command::LetGo, Context::Offer),
    );
    status::render_offer(buf, area, theme, &what, [&yes, &no])
}

/// What the frame of the jobs takes beside the counts: corners, mark, name and line.
const JOBS_TITLE: usize = 14;

/// The frame of a pane, its title and whether it has focus. Says what is left inside.
fn framed(model: &Model, theme: &Theme, buf: &mut Buffer, pane: Pane, area: Rect) -> Rect {
    let focused = pane == model.focus || pane == Pane::Transcript && model.focus == Pane::Input;
    let more = match pane {
        Pane::Transcript => transcript::title(&model.panes.transcript).to_owned(),
        Pane::Jobs => jobs::title(
            &model.panes.jobs,
            &JobWords::of(model).props(&model.queue, focused),
            usize::from(area.width).saturating_sub(JOBS_TITLE),
        ),
        Pane::Inspector => inspector::title(&model.panes.inspector),
        Pane::Input | Pane::Keypad | Pane::Graph | Pane::Scenario => String::new(),
    };
    let mut title = pane.title().to_owned();
    if !more.is_empty() {
        title = format!("{title} ── {more}");
    }
    // Focus is a mark and a heavier frame as well as a colour.
    let title = if focused {
        format!(" ▶ {title} ")
    } else {
        format!(" {title} ")
    };
    let block = Block::bordered()
        .border_type(if focused {
            BorderType::Thick
        } else {
            BorderType::Plain
        })
        .border_style(if focused { theme.border_focus } else { theme.border })
        .title(title)
        .title_style(if focused { theme.accent } else { theme.text });
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}

/// Draws the open dialog over everything else.
fn dialog(
    model: &mut Model,
    theme: &Theme,
    buf: &mut Buffer,
    area: Rect,
    hits: &mut Hits,
) -> Option<Position> {
    let context = Context::of(model.focus);
    let close = model
        .keymap
        .key_for(Context::Global, &Command::Close)
        .unwrap_or_default();
    let dialog = model.dialog.as_mut()?;
    let (title, wide, high) = match dialog {
        Dialog::Help(_) => ("Help".to_owned(), 120, area.height),
        Dialog::List(list) => (list.title.clone(), 96, cells(list.counts().1 + 3).clamp(6, 24)),
        Dialog::Prompt(prompt) => (prompt.title().to_owned(), 76, 4),
    };
    let size = (
        area.width.saturating_sub(2).min(wide),
        area.height.saturating_sub(2).min(high),
    );
    let place = Rect::new(
        area.x + (area.width - size.0) / 2,
        area.y + (area.height - size.1) / 3,
        size.0,
        size.1,
    );
    // A click beside the dialog is not meant for what is under it.
    hits.add(area, Command::Close);
    hits.add(place, Command::Focus(Pane::Input));
    Clear.render(place, buf);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border_focus)
        .title(format!(" {title} "))
        .title_style(theme.accent)
        .title_bottom(format!(" {close} closes "));
    let inner = block.inner(place);
    block.render(place, buf);
    let inner = Rect::new(inner.x + 1, inner.y, inner.width.saturating_sub(2), inner.height);
    match dialog {
        Dialog::Help(first) => {
            let lines = help::lines(&model.keymap, context);
            help::render(buf, inner, theme, first, &lines);
            None
        }
        Dialog::List(list) => {
            let (found, cursor) = list::render(buf, inner, theme, list);
            hits.extend(found);
            cursor
        }
        Dialog::Prompt(prompt) => list::render_prompt(buf, inner, theme, prompt),
    }
}
