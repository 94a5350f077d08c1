//! The queue, and the call of a job: its outcome ends the job, once.

use super::super::command::Command;
use super::super::dialog::{Asked, Dialog, Item, List, Prompt};
use super::super::effect::{Effect, OpenedJob, QueueWish};
use super::super::keymap::Context;
use super::super::model::Model;
use super::super::pane::edit::Edit;
use super::super::pane::toast::Level;
use super::super::pane::{Pane, job_words};
use crate::line::catalog;
use crate::outbound::{Decision, Job, JobId};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

pub(super) fn apply(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::EnqueueJob => open_presets(model),
        Command::Enqueue(preset) => effects.push(Effect::Queue(QueueWish::Enqueue(preset))),
        Command::OpenJob => selected(model, effects, QueueWish::Open),
        Command::CancelJob => selected(model, effects, QueueWish::Cancel),
        Command::RetryJob => selected(model, effects, QueueWish::Retry),
        Command::SkipToJob => skip(model, effects),
        Command::FilterJobs => {
            let edit = Edit::new(model.panes.jobs.filter());
            model.dialog = Some(Dialog::Prompt(Prompt {
                asked: Asked::JobFilter,
                edit,
            }));
        }
        Command::NextSort => {
            model.panes.jobs.next_sort();
            let order = model.panes.jobs.order().label();
            model.tell(Level::Done, format!("Sorted by {order}."));
        }
        Command::SortJobs(column) => model.panes.jobs.sort(column),
        Command::RefreshJobs => model.queue.asked = None,
        _ => {}
    }
}

fn selected(model: &mut Model, effects: &mut Vec<Effect>, wish: impl FnOnce(JobId) -> QueueWish) {
    if let Some(job) = model.panes.jobs.job() {
        effects.push(Effect::Queue(wish(job.clone())));
        return;
    }
    let key = model
        .keymap
        .key_for(Context::Jobs, &Command::EnqueueJob)
        .unwrap_or_default();
    model.hint(format!("There is no job to choose: {key} enqueues one."));
}

/// Moves the wall clock, never the call on the screen: its own time goes on as it was.
fn skip(model: &mut Model, effects: &mut Vec<Effect>) {
    let chosen = model.panes.jobs.job().cloned();
    let page = model.queue.page.as_ref();
    let job = page.and_then(|page| page.jobs.iter().find(|job| Some(&job.job_id) == chosen.as_ref()));
    let Some(job) = job else {
        return model.hint("Choose the job that the clock should skip to.".to_owned());
    };
    let (now, account) = (model.now(), job.payload.account_ref.clone());
    let ahead = job.due_at().duration_since(now.timestamp());
    if ahead <= SignedDuration::ZERO || job.state.is_finished() {
        return model.hint(format!("{account} waits for no time."));
    }
    model.opened_at = model.opened_at.saturating_add(ahead);
    effects.push(Effect::Queue(QueueWish::Skip(ahead)));
    let zone = TimeZone::get(&job.policy.timezone).unwrap_or_else(|_| now.time_zone().clone());
    let then = job.due_at().to_zoned(zone);
    let text = format!(
        "The sandbox's clock is now {}, when {account} may be called.",
        then.strftime("%F %H:%M %Z")
    );
    model.tell(Level::Done, text);
}

fn open_presets(model: &mut Model) {
    let items = catalog::presets()
        .into_iter()
        .map(|preset| Item {
            label: preset.name.clone(),
            detail: format!("{}, {}, {}", preset.target_name, preset.title, preset.amount),
            mark: preset.case_id,
            command: Some(Command::Enqueue(preset.name)),
        })
        .collect();
    model.dialog = Some(Dialog::List(List::new(
        "Enqueue a job for",
        "No preset matches.",
        items,
    )));
}

/// Starts the call of a job that was opened.
pub(super) fn begin(model: &mut Model, opened: OpenedJob) {
    let OpenedJob { job, opened } = opened;
    super::calls::begin(model, opened);
    model.queue.running = Some(job.job_id);
    model.focus = Pane::Input;
    model.tell(
        Level::Done,
        format!(
            "{}: leased, attempt counted, the call begins.",
            job.payload.account_ref
        ),
    );
}

/// Says why a job must not be called and when it may be.
pub(super) fn blocked(model: &mut Model, job: &Job, decision: &Decision) {
    let now = model.now();
    let detail = job_words::detail(job, now.timestamp(), now.time_zone());
    let text = if detail.is_empty() {
        decision.reason.to_owned()
    } else {
        detail
    };
    let skip = model.keymap.key_for(Context::Jobs, &Command::SkipToJob);
    let skip = skip
        .filter(|_| decision.retryable)
        .map_or_else(String::new, |key| {
            format!(". {key} sets the sandbox's clock forward to then")
        });
    model.tell(Level::Hint, format!("Not called: {text}{skip}."));
}

/// The call on the screen is put away: a job that was on it was left without an outcome.
pub(super) fn leave(model: &mut Model) {
    if model.queue.running.take().is_some() {
        model.queue.left = true;
    }
}

/// Ends the job whose call came to its end or was left, and asks for the rows in view.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if std::mem::take(&mut model.queue.left) {
        effects.push(Effect::Queue(QueueWish::Finish { outcome: None }));
    }
    if model.queue.running.is_some() && model.call.ended() {
        model.queue.running = None;
        let outcome = model.call.session().outcome().map(ToString::to_string);
        effects.push(Effect::Queue(QueueWish::Finish { outcome }));
    }
    let wanted = model.panes.jobs.wants(model.queue.page.as_deref());
    let wanted = wanted.or_else(|| {
        model
            .queue
            .asked
            .is_none()
            .then(|| model.queue.page.as_ref().map(|p| p.query.clone()))
            .flatten()
    });
    if let Some(query) = wanted.filter(|q| model.queue.asked.as_ref() != Some(q)) {
        model.queue.asked = Some(query.clone());
        effects.push(Effect::Queue(QueueWish::Show(query)));
    }
}
