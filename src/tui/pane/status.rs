//! The line at the top that says where the call is, and the line at the bottom that says what can be done.

use super::text::{cells, ellipsis, fit, put, put_right, width};
use super::transcript::clock;
use super::{Hits, Pane};
use crate::tui::command::Command;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::theme::Theme;
use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Whether the call moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Its time goes on.
    Live,
    /// A scenario plays.
    Playing,
    /// A scenario waits to be stepped.
    Paused,
    /// It was stepped back.
    Back,
    /// It is over.
    Ended,
}

impl Motion {
    /// A mark and a word, so that neither colour nor shape has to be told apart.
    const fn shown(self) -> &'static str {
        match self {
            Self::Live => "● live",
            Self::Playing => "▶ playing",
            Self::Paused => "‖ paused",
            Self::Back => "↶ stepped back",
            Self::Ended => "■ ended",
        }
    }
}

/// What the top line shows.
#[derive(Clone, Debug)]
pub struct Props<'a> {
    /// The line's name.
    pub line: &'a str,
    /// Call time.
    pub since: SignedDuration,
    /// Whether the call moves.
    pub motion: Motion,
    /// `turn 3/7` while the call is stepped back.
    pub turn: Option<(usize, usize)>,
    /// Where the party stands: `node deposits`, `phase closing`.
    pub place: &'a str,
    /// Who was verified.
    pub verified: &'a str,
    /// The keys of help and palette.
    pub keymap: &'a Keymap,
    /// Where keys are looked up.
    pub context: Context,
}

/// Draws the top line. What matters least goes first where the line is narrow.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, props: &Props<'_>) -> Hits {
    let mut hits = Hits::new();
    if area.is_empty() {
        return hits;
    }
    let right: Vec<(Command, String)> = [(Command::Help, "help"), (Command::Palette, "commands")]
        .into_iter()
        .filter_map(|(c, word)| {
            props
                .keymap
                .key_for(props.context, &c)
                .map(|k| (c, format!("{k} {word}")))
        })
        .collect();
    let turn = props
        .turn
        .map(|(at, of)| format!("turn {at}/{of}"))
        .unwrap_or_default();
    let call = format!("call {}", clock(props.since));
    let line = format!("{} ▾", props.line);
    // In the order of worth; what does not fit is left out.
    let parts = [
        (0, line.as_str(), theme.strong),
        (2, props.motion.shown(), theme.accent),
        (1, call.as_str(), theme.text),
        (4, props.place, theme.text),
        (3, turn.as_str(), theme.warn),
        (5, props.verified, theme.good),
    ];
    let room = usize::from(area.width).saturating_sub(2);
    let mut used = 0;
    let mut shown: Vec<(i32, &str, _)> = Vec::new();
    for (place, text, style) in parts {
        let wide = width(text) + 3;
        if !text.is_empty() && used + wide <= room {
            used += wide;
            shown.push((place, text, style));
        }
    }
    shown.sort_by_key(|(place, ..)| *place);
    let mut x = area.x + 1;
    for (place, text, style) in shown {
        let end = put(buf, area, x, area.y, text, style);
        if place == 0 {
            hits.add(Rect::new(x, area.y, end - x, 1), Command::ChooseLine);
        }
        x = end + 3;
    }
    // Where not both fit, the help is the one that leads on.
    let mut right = right;
    let wide = |words: &[(Command, String)]| words.iter().map(|(_, t)| width(t) + 2).sum::<usize>();
    while wide(&right) > usize::from(area.right().saturating_sub(x)) && right.pop().is_some() {}
    let mut at = area.right().saturating_sub(cells(wide(&right)).saturating_sub(1));
    for (command, text) in right {
        let end = put(buf, area, at, area.y, &text, theme.dim);
        hits.add(Rect::new(at, area.y, end.saturating_sub(at), 1), command);
        at = end.saturating_add(2);
    }
    hits
}

/// What can be done in a pane, what is wanted most first.
const fn hints(pane: Pane, scenario: bool) -> &'static [Command] {
    match (pane, scenario) {
        (Pane::Keypad, false) => &[
            Command::StepBack,
            Command::StepForward,
            Command::Focus(Pane::Input),
            Command::NewCall,
            Command::OpenScenario,
            Command::Focus(Pane::Graph),
            Command::Focus(Pane::Jobs),
            Command::ToggleInspector,
            Command::Save,
            Command::Silence,
            Command::HangUp,
        ],
        (Pane::Transcript, false) => &[
            Command::StepBack,
            Command::StepForward,
            Command::Focus(Pane::Input),
            Command::NewCall,
            Command::Mark,
            Command::Copy,
            Command::OpenScenario,
            Command::Focus(Pane::Graph),
            Command::Focus(Pane::Jobs),
            Command::Save,
        ],
        (Pane::Scenario | Pane::Keypad | Pane::Transcript, true) => &[
            Command::Step,
            Command::StepBack,
            Command::Play,
            Command::Faster,
            Command::Restart,
            Command::RunToEnd,
            Command::ResumeScenario,
            Command::NewCall,
            Command::Focus(Pane::Graph),
            Command::Focus(Pane::Jobs),
            Command::Save,
        ],
        (Pane::Input, false) => &[
            Command::Accept,
            Command::StepBack,
            Command::NewCall,
            Command::Up,
            Command::OpenScenario,
            Command::Close,
            Command::NextPane,
        ],
        (Pane::Input, true) => &[
            Command::Accept,
            Command::Step,
            Command::StepBack,
            Command::Play,
            Command::Close,
            Command::NextPane,
        ],
        (Pane::Graph, _) => &[
            Command::Accept,
            Command::Centre,
            Command::ToggleOutline,
            Command::Zoom,
            Command::StepBack,
            Command::Step,
            Command::Focus(Pane::Jobs),
            Command::Close,
        ],
        (Pane::Jobs, _) => &[
            Command::Accept,
            Command::EnqueueJob,
            Command::CancelJob,
            Command::RetryJob,
            Command::FilterJobs,
            Command::NextSort,
            Command::Close,
        ],
        (Pane::Inspector, _) => &[
            Command::Accept,
            Command::ToggleInspector,
            Command::StepBack,
            Command::Step,
            Command::Close,
        ],
        (Pane::Scenario, false) => &[Command::OpenScenario, Command::Close],
    }
}

/// Draws the bottom line: the keys that do most here. A click on one does it.
pub fn render_hints(
    buf: &mut Buffer,
    area: Rect,
    theme: &Theme,
    keymap: &Keymap,
    pane: Pane,
    scenario: bool,
) -> Hits {
    let mut hits = Hits::new();
    let context = Context::of(pane);
    // The way out is always in view, at the right edge.
    let quit = keymap
        .key_for(context, &Command::Quit)
        .map(|key| format!("{key} {}", Command::Quit.hint()));
    let mut right = area.right();
    if let Some(quit) = quit {
        let x = put_right(
            buf,
            Rect {
                width: area.width.saturating_sub(1),
                ..area
            },
            area.y,
            &quit,
            theme.dim,
        );
        hits.add(Rect::new(x, area.y, right.saturating_sub(x), 1), Command::Quit);
        right = x.saturating_sub(1);
    }
    let mut x = area.x.saturating_add(1);
    for command in hints(pane, scenario) {
        let Some(key) = keymap.key_for(context, command) else {
            continue;
        };
        let word = word(command, pane);
        let wide = u16::try_from(width(&key) + 1 + width(word)).unwrap_or(u16::MAX);
        if x.saturating_add(wide) > right {
            continue;
        }
        let from = x;
        x = put(buf, area, x, area.y, &key, theme.key);
        x = put(buf, area, x + 1, area.y, word, theme.dim);
        hits.add(Rect::new(from, area.y, x - from, 1), command.clone());
        x += 2;
    }
    hits
}

const fn word(command: &Command, pane: Pane) -> &'static str {
    match (command, pane) {
        (Command::Accept, Pane::Input) => "say (empty: silence)",
        (Command::Accept, Pane::Jobs) => "open",
        (Command::Accept, Pane::Graph | Pane::Inspector) => "fold",
        (Command::Up, Pane::Input) => "history",
        (Command::Close, _) => "leave",
        (other, _) => other.hint(),
    }
}

/// Draws the line in which a killed sandbox's call is on offer.
pub fn render_offer(buf: &mut Buffer, area: Rect, theme: &Theme, what: &str, keys: [&str; 2]) -> Hits {
    let mut hits = Hits::new();
    if area.is_empty() {
        return hits;
    }
    let [yes, no] = keys;
    let answers = [
        (Command::TakeUp, yes, "take it up"),
        (Command::LetGo, no, "let it go"),
    ];
    let wide: usize = answers
        .iter()
        .map(|(_, key, word)| width(key) + width(word) + 3)
        .sum();
    let room = usize::from(area.width).saturating_sub(wide + 3);
    let mut x = put(buf, area, area.x + 1, area.y, &ellipsis(what, room), theme.warn) + 2;
    for (command, key, word) in answers {
        let from = x;
        x = put(buf, area, x, area.y, key, theme.key);
        x = put(
            buf,
            area,
            x + 1,
            area.y,
            fit(word, usize::from(area.right().saturating_sub(x + 1))),
            theme.text,
        );
        hits.add(Rect::new(from, area.y, x.saturating_sub(from), 1), command);
        x += 2;
    }
    hits
}
