//! What every key does, made from the keymap.

use super::text::{cells, ellipsis, put, width};
use crate::tui::command::{Command, Group};
use crate::tui::keymap::{Context, Keymap, show};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeMap;

/// The groups in the order they are shown.
const GROUPS: [Group; 7] = [
    Group::Call,
    Group::Scenario,
    Group::Jobs,
    Group::Move,
    Group::View,
    Group::Screen,
    Group::Text,
];

/// A line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Heading(&'static str),
    /// Keys and what they do.
    Keys(String, &'static str),
    /// A remark.
    Remark(&'static str),
    /// Air.
    Blank,
}

/// Every line of the help for a keymap, what the context needs first.
pub fn lines(keymap: &Keymap, context: Context) -> Vec<Line> {
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // The nearest place first: that is the shortest key.
    let mut bindings: Vec<_> = keymap.bindings().iter().collect();
    bindings.sort_by_key(|b| {
        context
            .chain()
            .iter()
            .position(|c| *c == b.context)
            .unwrap_or(usize::MAX)
    });
    for binding in bindings {
        let bound = keys.entry(binding.command.written()).or_default();
        let key = show(binding.key);
        let key = match binding.context {
            Context::Global | Context::Panes => key,
            place if place == context => key,
            Context::List | Context::Prompt | Context::Dialog | Context::Offer => continue,
            place => format!("{key} ({})", place.name()),
        };
        // The same key in two places is one key to a person.
        let plain = key.split(" (").next().unwrap_or_default().to_owned();
        if !bound.contains(&key) && !bound.contains(&plain) {
            bound.push(key);
        }
    }
    let mut out = vec![
        Line::Remark("Keys 0-9 * # press the telephone while the keypad or the transcript has focus."),
        Line::Remark(
            "In the input line characters are typed: the keys with alt and ctrl work there, and Esc leaves it.",
        ),
        Line::Blank,
    ];
    let panes = super::Pane::ALL.map(Command::Focus);
    for group in GROUPS {
        out.push(Line::Heading(group.title()));
        let named = Command::NAMED.iter().filter(|c| c.group() == group);
        let here = panes.iter().filter(|_| group == Group::Move);
        for command in named.chain(here) {
            let bound = keys
                .get(&command.written())
                .map(|k| k.join(", "))
                .unwrap_or_default();
            out.push(Line::Keys(bound, command.describe()));
        }
        out.push(Line::Blank);
    }
    out.push(Line::Remark(
        "A command without a key is in the palette. Keys are changed in config.toml, under [keys].",
    ));
    out
}

/// Draws the lines from `first` on, which is kept inside; says how many there are.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, first: &mut usize, lines: &[Line]) {
    let height = usize::from(area.height);
    *first = (*first).min(lines.len().saturating_sub(height));
    let widest = lines
        .iter()
        .map(|l| if let Line::Keys(k, _) = l { width(k) } else { 0 })
        .max()
        .unwrap_or(0);
    let column = widest.min(usize::from(area.width) / 3).min(26);
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(*first)) {
        match line {
            Line::Heading(text) => {
                put(buf, area, area.x, y, text, theme.accent);
            }
            Line::Remark(text) => {
                put(
                    buf,
                    area,
                    area.x,
                    y,
                    &ellipsis(text, usize::from(area.width)),
                    theme.dim,
                );
            }
            Line::Keys(keys, what) => {
                put(buf, area, area.x + 1, y, &ellipsis(keys, column), theme.key);
                let x = area.x + cells(column) + 3;
                let room = usize::from(area.right().saturating_sub(x));
                put(buf, area, x, y, &ellipsis(what, room), theme.text);
            }
            Line::Blank => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_help_with_its_keys() {
        let lines = lines(&Keymap::shipped(), Context::Keypad);
        for command in Command::NAMED {
            let found = lines
                .iter()
                .any(|l| matches!(l, Line::Keys(_, what) if *what == command.describe()));
            assert!(found, "{}", command.name());
        }
        let back = Line::Keys(
            "b, backspace, ctrl-h, alt-b, ctrl-b".to_owned(),
            Command::StepBack.describe(),
        );
        assert!(lines.contains(&back), "{lines:?}");
    }

    #[test]
    fn a_changed_key_is_in_the_help_at_once() {
        let text = "[panes]\n\"b\" = \"none\"\n\"f9\" = \"step-back\"\n";
        let mut keymap = Keymap::shipped();
        keymap
            .apply("config.toml", text, &toml::from_str(text).unwrap())
            .unwrap();
        let shown = lines(&keymap, Context::Keypad);
        let keys = shown.iter().find_map(|l| match l {
            Line::Keys(k, what) if *what == Command::StepBack.describe() => Some(k.as_str()),
            _ => None,
        });
        let keys: Vec<&str> = keys.unwrap_or_default().split(", ").collect();
        assert!(keys.contains(&"f9") && !keys.contains(&"b"), "{keys:?}");
    }
}
