//! Each pane, from what the model holds to what the pane is to show.

use super::super::command::Command;
use super::super::keymap::Context;
use super::super::model::{Model, Queue};
use super::super::pane::text::{cells, ellipsis, put, put_right, width};
use super::super::pane::{Hits, Pane, graph, input, inspector, jobs, keypad, scenario, transcript};
use super::super::theme::Theme;
use super::super::update::ending;
use crate::call::{DeadlineKind, Expect, Party as _};
use jiff::Zoned;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub(super) fn body(
    model: &mut Model,
    theme: &Theme,
    buf: &mut Buffer,
    pane: Pane,
    area: Rect,
) -> (Hits, Option<Position>) {
    match pane {
        Pane::Keypad => (keys(model, theme, buf, area), None),
        Pane::Transcript | Pane::Input => talk(model, theme, buf, area),
        Pane::Graph => {
            let session = model.call.driver.session();
            let props = graph::Props {
                graph: &model.call.graph,
                visits: session.visits(),
                current: &session.party().node(),
            };
            (
                graph::render(buf, area, theme, &mut model.panes.graph, &props),
                None,
            )
        }
        Pane::Jobs => (queue(model, buf, area), None),
        Pane::Scenario => (playback(model, buf, area), None),
        Pane::Inspector => {
            model.panes.inspector.look(model.call.driver.session());
            let props = inspector::Props {
                focused: model.focus == Pane::Inspector,
            };
            (
                inspector::render(buf, area, theme, &mut model.panes.inspector, props),
                None,
            )
        }
    }
}

/// Words that the jobs pane needs beside what the model holds.
pub(super) struct JobWords {
    now: Zoned,
    enqueue: String,
    filter: String,
}

impl JobWords {
    pub(super) fn of(model: &Model) -> Self {
        let key = |command| model.keymap.key_for(Context::Jobs, command).unwrap_or_default();
        Self {
            now: model.now(),
            enqueue: key(&Command::EnqueueJob),
            filter: key(&Command::FilterJobs),
        }
    }

    pub(super) fn props<'a>(&'a self, queue: &'a Queue, focused: bool) -> jobs::Props<'a> {
        jobs::Props {
            page: queue.page.as_deref(),
            counts: &queue.counts,
            problem: None,
            open: queue.running.as_ref(),
            now: self.now.timestamp(),
            zone: self.now.time_zone(),
            enqueue_key: &self.enqueue,
            filter_key: &self.filter,
            focused,
        }
    }
}

fn queue(model: &mut Model, buf: &mut Buffer, area: Rect) -> Hits {
    let words = JobWords::of(model);
    let props = words.props(&model.queue, model.focus == Pane::Jobs);
    jobs::render(buf, area, &model.settings.theme, &mut model.panes.jobs, &props)
}

fn playback(model: &mut Model, buf: &mut Buffer, area: Rect) -> Hits {
    let open_key = model
        .keymap
        .key_for(Context::Panes, &Command::OpenScenario)
        .unwrap_or_default();
    let finished = model
        .play
        .as_ref()
        .is_some_and(|p| p.player.finished(&model.call.driver));
    let finals = match &model.play {
        Some(p) if finished => p.player.final_verdicts(&model.call.driver),
        _ => Vec::new(),
    };
    let file = model.play.as_ref().map(|p| p.origin.shown()).unwrap_or_default();
    let expect = model.call.session().expect();
    let open = model.play.as_ref().map(|p| scenario::Open {
        player: &p.player,
        file: &file,
        playing: p.playing,
        speed: p.speed,
        away: p.away.is_some(),
        finished,
        finals: &finals,
        secret: matches!(expect, Expect::Digits { secret: true, .. }),
        rows: model.call.transcript.rows(),
    });
    let props = scenario::Props {
        open,
        open_key: &open_key,
        focused: model.focus == Pane::Scenario,
    };
    scenario::render(
        buf,
        area,
        &model.settings.theme,
        &mut model.panes.scenario,
        &props,
    )
}

pub(super) fn keys(model: &mut Model, theme: &Theme, buf: &mut Buffer, area: Rect) -> Hits {
    let entry = model.call.entry();
    let live = model.live();
    let props = keypad::Props {
        entry: &entry,
        wanted: model.call.wanted(),
        next_digit: model.call.until(DeadlineKind::InterDigit).filter(|_| live),
        no_input: model
            .call
            .until(DeadlineKind::NoInput)
            .filter(|_| live && model.settings.no_input_timers),
    };
    keypad::render(buf, area, theme, &mut model.panes.keypad, &props)
}

/// The transcript, a dividing line that says what is below or how the call ended, and the input line.
fn talk(model: &mut Model, theme: &Theme, buf: &mut Buffer, area: Rect) -> (Hits, Option<Position>) {
    let input_rows = if area.height >= 4 {
        2
    } else {
        u16::from(area.height >= 2)
    };
    let rows = Rect {
        height: area.height - input_rows,
        ..area
    };
    let session = model.call.driver.session();
    let new = model
        .keymap
        .key_for(Context::of(model.focus), &Command::NewCall)
        .unwrap_or_default();
    let empty = format!("Nothing was said yet: {new} starts the call.");
    let mut hits = transcript::render(
        buf,
        rows,
        theme,
        &mut model.panes.transcript,
        &transcript::Props {
            rows: model.call.transcript.rows(),
            cursor: session.cursor(),
            len: session.len(),
            focused: model.focus == Pane::Transcript,
            empty: &empty,
        },
    );
    if input_rows == 2 {
        let line = Rect {
            y: rows.bottom(),
            height: 1,
            ..area
        };
        hits.extend(divider(model, theme, buf, line, &new));
    }
    let line = Rect {
        y: area.bottom().saturating_sub(1),
        height: input_rows.min(1),
        ..area
    };
    let hint = if model.call.ended() && model.call.at_tip() {
        "the call is over"
    } else if model.focus == Pane::Input {
        "type what the caller says; Enter on nothing is silence"
    } else {
        "type what the caller says"
    };
    let key = model
        .keymap
        .key_for(Context::of(model.focus), &Command::Focus(Pane::Input));
    let hint = match key.filter(|_| model.focus != Pane::Input && !model.call.ended()) {
        Some(key) => format!("{key} {hint}"),
        None => hint.to_owned(),
    };
    let props = input::Props {
        focused: model.focus == Pane::Input && model.dialog.is_none(),
        hint: &hint,
    };
    let (found, cursor) = input::render(buf, line, theme, &mut model.panes.input, &props);
    hits.extend(found);
    (hits, cursor)
}

fn divider(model: &Model, theme: &Theme, buf: &mut Buffer, area: Rect, new: &str) -> Hits {
    let mut hits = Hits::new();
    put(
        buf,
        area,
        area.x,
        area.y,
        &"─".repeat(usize::from(area.width)),
        theme.border,
    );
    let below = model.panes.transcript.below();
    if below > 0 {
        let text = format!(" ↓ {below} {} below ", if below == 1 { "row" } else { "rows" });
        let x = put_right(buf, area, area.y, &text, theme.warn);
        hits.add(Rect::new(x, area.y, cells(width(&text)), 1), Command::Bottom);
    }
    if let Some(how) = ending(&model.call).filter(|_| model.call.at_tip()) {
        let room = usize::from(area.width).saturating_sub(2);
        let whole = format!(" call ended: {how} · press {new} for a new call ");
        let short = format!(" call ended: {how} · {new} new call ");
        let text = if width(&whole) <= room {
            whole
        } else {
            ellipsis(&short, room)
        };
        let end = put(buf, area, area.x + 1, area.y, &text, theme.current);
        hits.add(
            Rect::new(area.x + 1, area.y, end.saturating_sub(area.x + 1), 1),
            Command::NewCall,
        );
    }
    hits
}
