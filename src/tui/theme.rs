//! What each thing on the screen looks like. Panes name a role, never a colour, so that a theme is one table.
//!
//! Every theme keeps to the terminal's own 16 colours, which the operator has already made readable. `mono` uses
//! modifiers only. In all of them meaning is carried by a word or a mark as well.

use crate::call::Who;
use ratatui::style::{Color, Modifier, Style};

/// Which theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// No colour at all.
    Mono,
}

impl ThemeName {
    /// Every theme, in the order they are cycled through.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::Mono];

    /// The name as in the configuration file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// The one after this.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Mono,
            Self::Mono => Self::Dark,
        }
    }
}

/// The styles by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Which theme this is.
    pub name: ThemeName,
    /// Ordinary text.
    pub text: Style,
    /// Less important text: times, hints, what lies ahead.
    pub dim: Style,
    /// The one accent: titles and keys of the pane that has focus.
    pub accent: Style,
    /// Text that stands out: headings, totals.
    pub strong: Style,
    /// The frame of a pane without focus.
    pub border: Style,
    /// The frame of the pane that has focus.
    pub border_focus: Style,
    /// The selected row of a list.
    pub selected: Style,
    /// The selected row of a list in a pane without focus.
    pub selected_dim: Style,
    /// Where the call stands: the current node, the current turn.
    pub current: Style,
    /// Where the call has been.
    pub visited: Style,
    /// Where it has not been yet.
    pub unvisited: Style,
    /// A key on an edge, in a hint, on the keypad.
    pub key: Style,
    /// A key of the keypad just pressed.
    pub flash: Style,
    /// Something held, succeeded, is ready.
    pub good: Style,
    /// Something waits or needs attention.
    pub warn: Style,
    /// Something failed or is forbidden.
    pub bad: Style,
    /// What the last turn changed.
    pub changed: Style,
    /// The letters of a fuzzy match.
    pub matched: Style,
}

impl Theme {
    /// The table of a theme.
    pub const fn new(name: ThemeName) -> Self {
        match name {
            ThemeName::Dark => Self::coloured(name, Color::Cyan, Color::DarkGray, Color::Yellow),
            ThemeName::Light => Self::coloured(name, Color::Blue, Color::DarkGray, Color::Magenta),
            ThemeName::Mono => Self::mono(),
        }
    }

    const fn coloured(name: ThemeName, accent: Color, dim: Color, attention: Color) -> Self {
        let plain = Style::new();
        Self {
            name,
            text: plain,
            dim: plain.fg(dim),
            accent: plain.fg(accent).add_modifier(Modifier::BOLD),
            strong: plain.add_modifier(Modifier::BOLD),
            border: plain.fg(dim),
            border_focus: plain.fg(accent),
            selected: plain.add_modifier(Modifier::REVERSED),
            selected_dim: plain.add_modifier(Modifier::UNDERLINED),
            current: plain.fg(accent).add_modifier(Modifier::REVERSED),
            visited: plain.fg(accent),
            unvisited: plain.fg(dim),
            key: plain.fg(attention),
            flash: plain.fg(attention).add_modifier(Modifier::REVERSED),
            good: plain.fg(Color::Green),
            warn: plain.fg(attention),
            bad: plain.fg(Color::Red),
            changed: plain.fg(attention).add_modifier(Modifier::BOLD),
            matched: plain.fg(accent).add_modifier(Modifier::BOLD),
        }
    }

    const fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        Self {
            name: ThemeName::Mono,
            text: plain,
            dim,
            accent: bold,
            strong: bold,
            border: dim,
            border_focus: bold,
            selected: reversed,
            selected_dim: plain.add_modifier(Modifier::UNDERLINED),
            current: reversed,
            visited: plain,
            unvisited: dim,
            key: bold,
            flash: reversed.add_modifier(Modifier::BOLD),
            good: plain,
            warn: bold,
            bad: bold.add_modifier(Modifier::UNDERLINED),
            changed: bold,
            matched: bold.add_modifier(Modifier::UNDERLINED),
        }
    }

    /// The style of a transcript row's speaker.
    pub const fn who(&self, who: Who) -> Style {
        match who {
            Who::Line => self.accent,
            Who::Caller => self.strong,
            Who::Keys => self.key,
            Who::Silence | Who::Note => self.dim,
            Who::Action => self.warn,
            Who::Outcome => self.good,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mono_names_no_colour() {
        let theme = format!("{:?}", Theme::new(ThemeName::Mono));
        for colour in ["fg:", ".fg(", ".bg(", "Color"] {
            assert!(!theme.contains(colour), "{colour} in {theme}");
        }
    }

    #[test]
    fn every_theme_comes_round_again() {
        let mut name = ThemeName::Dark;
        let seen: Vec<_> = (0..3)
            .map(|_| {
                name = name.next();
                name
            })
            .collect();
        assert_eq!(seen, [ThemeName::Light, ThemeName::Mono, ThemeName::Dark]);
    }
}
