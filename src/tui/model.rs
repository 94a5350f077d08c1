//! Everything the sandbox knows, in one value. Only updates change it.

use super::call::Call;
use super::config::Config;
use super::dialog::Dialog;
use super::effect::{Left, ScenarioRef};
use super::keymap::{Context, Keymap};
use super::layout::{Layout, Wish};
use super::pane::{Hits, Pane, graph, input, inspector, jobs, keypad, scenario, toast, transcript};
use super::theme::{Theme, ThemeName};
use crate::call::session::EntryId;
use crate::call::{At, DeadlineKind};
use crate::host::lines::Opened;
use crate::line::Player;
use crate::outbound::JobId;
use crate::outbound::store::{Counts, JobQuery};
use jiff::{SignedDuration, Zoned};
use ratatui::layout::Rect;
use std::time::Duration;

/// Everything the sandbox knows.
pub struct Model {
    /// The call.
    pub call: Call,
    /// The scenario that is open.
    pub play: Option<Playback>,
    /// The pane that has focus.
    pub focus: Pane,
    /// Whether it fills the screen.
    pub zoom: bool,
    /// Whether the inspector is shown.
    pub inspector: bool,
    /// What the panes remember.
    pub panes: Panes,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// A killed sandbox's call.
    pub offer: Option<Box<Left>>,
    /// What the operator has settled.
    pub settings: Settings,
    /// The keys.
    pub keymap: Keymap,
    /// Since the sandbox opened.
    pub clock: Duration,
    /// The wall clock when it opened.
    pub opened_at: Zoned,
    /// What is known of the queue.
    pub queue: Queue,
    /// What was drawn last.
    pub screen: Screen,
}

/// What is known of the queue.
#[derive(Default)]
pub struct Queue {
    /// The rows around those in view; absent before the store has answered.
    pub page: Option<Box<jobs::Page>>,
    /// How many jobs are in each state.
    pub counts: Counts,
    /// What was asked for last.
    pub asked: Option<JobQuery>,
    /// The job whose call is on the screen.
    pub running: Option<JobId>,
    /// Whether a job's call was put away before it had an outcome, and the store is still to be told.
    pub left: bool,
}

/// What the panes remember.
#[derive(Default)]
pub struct Panes {
    /// The keypad.
    pub keypad: keypad::State,
    /// The transcript.
    pub transcript: transcript::State,
    /// The input line.
    pub input: input::State,
    /// The state graph.
    pub graph: graph::State,
    /// The jobs.
    pub jobs: jobs::State,
    /// The scenario.
    pub scenario: scenario::State,
    /// The inspector.
    pub inspector: inspector::State,
    /// The messages.
    pub toasts: toast::State,
}

/// What the operator can switch.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The styles.
    pub theme: Theme,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Whether no-input deadlines pass by themselves.
    pub no_input_timers: bool,
}

/// What was drawn last, so that a click finds what it was aimed at.
#[derive(Default)]
pub struct Screen {
    /// The whole screen.
    pub area: Rect,
    /// Its parts; absent where it is too small for any.
    pub layout: Option<Layout>,
    /// What a click means where.
    pub hits: Hits,
}

/// A scenario being played.
pub struct Playback {
    /// Where it came from.
    pub origin: ScenarioRef,
    /// How far it is.
    pub player: Player,
    /// Whether its events come by themselves.
    pub playing: bool,
    /// How many times faster than the call's own time.
    pub speed: u32,
    /// How long the next event has been waited for.
    pub waited: Duration,
    /// Where the scenario was left, once the operator has taken over by hand.
    pub away: Option<Away>,
}

/// Where a scenario was left.
#[derive(Clone, Debug)]
pub struct Away {
    /// The end of the scenario's own branch.
    pub tip: Option<EntryId>,
    /// How many entries had been heard.
    pub turn: usize,
    /// The clock there.
    pub at: At,
}

impl Playback {
    /// The speeds there are.
    pub const SPEEDS: [u32; 6] = [1, 5, 10, 25, 50, 100];

    /// How long to wait for the next event at this speed: its own time, scaled, yet never so long that it looks stuck
    /// nor so short that it cannot be seen.
    pub fn pace(&self) -> Option<Duration> {
        let event = self.player.next_event()?;
        let ms = event.ms.unwrap_or(self.player.scenario().clock.tick_ms);
        Some(Duration::from_millis(
            (ms / u64::from(self.speed.max(1))).clamp(100, 60_000),
        ))
    }
}

impl Model {
    /// A sandbox with a call that has not begun.
    pub fn new(opened: Opened, config: Config, theme: ThemeName, now: Zoned) -> Self {
        let focus = if opened.line.is_menu() {
            Pane::Keypad
        } else {
            Pane::Input
        };
        let civil = opened
            .zone
            .clone()
            .map_or_else(|| now.clone(), |zone| now.with_time_zone(zone));
        Self {
            call: Call::new(opened, civil),
            play: None,
            focus,
            zoom: false,
            inspector: false,
            panes: Panes::default(),
            dialog: None,
            offer: None,
            settings: Settings {
                theme: Theme::new(theme),
                mouse: config.mouse,
                no_input_timers: config.no_input_timers,
            },
            keymap: config.keymap,
            clock: Duration::ZERO,
            opened_at: now,
            queue: Queue::default(),
            screen: Screen::default(),
        }
    }

    /// The wall clock.
    pub fn now(&self) -> Zoned {
        let since = SignedDuration::try_from(self.clock).unwrap_or(SignedDuration::MAX);
        self.opened_at
            .checked_add(since)
            .unwrap_or_else(|_| self.opened_at.clone())
    }

    /// Whether the call's time goes on by itself: not after its end, not while it is stepped back, not while a scenario
    /// is the one that moves it.
    pub fn live(&self) -> bool {
        let by_hand = self.play.as_ref().is_none_or(|p| p.away.is_some());
        by_hand && self.call.at_tip() && !self.call.ended() && !self.call.session().is_empty()
    }

    /// Where keys are looked up.
    pub const fn context(&self) -> Context {
        match &self.dialog {
            Some(Dialog::Help(_)) => Context::Dialog,
            Some(Dialog::List(_)) => Context::List,
            Some(Dialog::Prompt(_)) => Context::Prompt,
            None => Context::of(self.focus),
        }
    }

    /// What the layout depends on.
    pub fn wish(&self) -> Wish {
        Wish {
            focus: self.focus,
            zoom: self.zoom,
            scenario: self.play.is_some(),
            inspector: self.inspector,
            letters: self.panes.keypad.letters,
            offer: self.offer.is_some(),
        }
    }

    /// How long until something on the screen moves by itself; `None` while nothing will.
    pub fn next_change(&self) -> Option<Duration> {
        let flash = self
            .panes
            .keypad
            .flash
            .map(|(_, until)| until.saturating_sub(self.clock));
        let toast = self.panes.toasts.next_change(self.clock);
        let play = self.play.as_ref().filter(|p| p.playing && p.away.is_none());
        let event = play.and_then(|p| p.pace().map(|pace| pace.saturating_sub(p.waited)));
        let live = self.live().then(|| {
            let counting = self.call.until(DeadlineKind::InterDigit).is_some()
                || self.settings.no_input_timers && self.call.until(DeadlineKind::NoInput).is_some();
            if counting {
                Duration::from_millis(100)
            } else {
                // The next full second of the call's clock.
                let part = self.call.driver.now().since.subsec_millis().clamp(0, 999);
                Duration::from_millis(u64::from(1000 - part.unsigned_abs()))
            }
        });
        [flash, toast, event, live].into_iter().flatten().min()
    }
}
