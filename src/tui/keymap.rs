//! Which key means which command where. Keymaps are data: the shipped one is `assets/keymaps/default.toml`, and a
//! configuration file changes single keys of it. Help, hints and the palette read the same table.

use super::command::Command;
use super::pane::Pane;
use crate::call::json::{FileError, nearest};
use crokey::KeyCombination;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// The shipped keymap.
pub const DEFAULT: &str = include_str!("../../assets/keymaps/default.toml");

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere, looked up last.
    Global,
    /// Every pane but the input line.
    Panes,
    /// The keypad.
    Keypad,
    /// The transcript.
    Transcript,
    /// The input line.
    Input,
    /// The state graph.
    Graph,
    /// The jobs.
    Jobs,
    /// The scenario.
    Scenario,
    /// The inspector.
    Inspector,
    /// A list to choose from, the palette among them.
    List,
    /// A question that is answered with a text.
    Prompt,
    /// A dialog without text: the help, a yes-or-no question.
    Dialog,
    /// While the last session is on offer, before everything else.
    Offer,
}

impl Context {
    /// Every context, in the order of the help.
    pub const ALL: [Self; 13] = [
        Self::Global,
        Self::Panes,
        Self::Keypad,
        Self::Transcript,
        Self::Input,
        Self::Graph,
        Self::Jobs,
        Self::Scenario,
        Self::Inspector,
        Self::List,
        Self::Prompt,
        Self::Dialog,
        Self::Offer,
    ];

    /// The table's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Panes => "panes",
            Self::Keypad => "keypad",
            Self::Transcript => "transcript",
            Self::Input => "input",
            Self::Graph => "graph",
            Self::Jobs => "jobs",
            Self::Scenario => "scenario",
            Self::Inspector => "inspector",
            Self::List => "list",
            Self::Prompt => "prompt",
            Self::Dialog => "dialog",
            Self::Offer => "offer",
        }
    }

    /// The context of a pane that has focus.
    pub const fn of(pane: Pane) -> Self {
        match pane {
            Pane::Keypad => Self::Keypad,
            Pane::Transcript => Self::Transcript,
            Pane::Input => Self::Input,
            Pane::Graph => Self::Graph,
            Pane::Jobs => Self::Jobs,
            Pane::Scenario => Self::Scenario,
            Pane::Inspector => Self::Inspector,
        }
    }

    /// Whether characters without a binding are typed here.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Input | Self::List | Self::Prompt)
    }

    /// Where a key is looked up, in order.
    pub const fn chain(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Panes => &[Self::Panes, Self::Global],
            Self::Keypad => &[Self::Keypad, Self::Panes, Self::Global],
            Self::Transcript => &[Self::Transcript, Self::Panes, Self::Global],
            Self::Input => &[Self::Input, Self::Global],
            Self::Graph => &[Self::Graph, Self::Panes, Self::Global],
            Self::Jobs => &[Self::Jobs, Self::Panes, Self::Global],
            Self::Scenario => &[Self::Scenario, Self::Panes, Self::Global],
            Self::Inspector => &[Self::Inspector, Self::Panes, Self::Global],
            Self::List => &[Self::List, Self::Global],
            Self::Prompt => &[Self::Prompt, Self::Global],
            Self::Dialog => &[Self::Dialog, Self::Global],
            Self::Offer => &[Self::Offer],
        }
    }
}

/// One binding.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Where.
    pub context: Context,
    /// Which key.
    pub key: KeyCombination,
    /// What it does.
    pub command: Command,
}

/// The table, in the order of the file; keys that a configuration changed come first.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// The tables of a keymap as written: context, key, command.
pub type Tables = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<String>>>;

impl Keymap {
    /// The shipped keymap. A mistake in it is found by a test; here its table would only be shorter.
    pub fn shipped() -> Self {
        let mut keymap = Self::default();
        if let Ok(tables) = toml::from_str::<Tables>(DEFAULT) {
            let _ = keymap.apply("default.toml", DEFAULT, &tables);
        }
        keymap
    }

    /// Puts the bindings of a file over the ones that are here. `none` takes a key's binding away.
    pub fn apply(&mut self, file: &str, text: &str, tables: &Tables) -> Result<(), FileError> {
        let mut found = Vec::new();
        for (table, bindings) in tables {
            let Some(context) = Context::ALL.into_iter().find(|c| c.name() == table.get_ref()) else {
                let names = Context::ALL.map(Context::name);
                let help = suggest(table.get_ref(), &names);
                return Err(mistake(
                    file,
                    text,
                    &table.span(),
                    "keys: no such place".to_owned(),
                    help,
                ));
            };
            for (key, command) in bindings {
                let Some(combination) = parse_key(key.get_ref()) else {
                    let help = "such as a, ?, ctrl-s, alt-1, shift-tab, f1, enter, pageup".to_owned();
                    return Err(mistake(
                        file,
                        text,
                        &key.span(),
                        format!("keys.{}: not a key", context.name()),
                        help,
                    ));
                };
                let written = command.get_ref().trim();
                let meant = Command::parse(written);
                if meant.is_none() && written != "none" {
                    let names: Vec<_> = Command::NAMED.iter().map(Command::name).collect();
                    let message = format!("keys.{}: no such command", context.name());
                    return Err(mistake(
                        file,
                        text,
                        &command.span(),
                        message,
                        suggest(written, &names),
                    ));
                }
                found.push((command.span().start, context, combination, meant));
            }
        }
        found.sort_by_key(|(at, ..)| *at);
        let mut fresh: Vec<Binding> = Vec::new();
        for (_, context, key, command) in found {
            for bindings in [&mut self.bindings, &mut fresh] {
                bindings.retain(|b| b.context != context || b.key != key);
            }
            if let Some(command) = command {
                fresh.push(Binding {
                    context,
                    key,
                    command,
                });
            }
        }
        // A key that the operator chose is the one that hints should name.
        fresh.append(&mut self.bindings);
        self.bindings = fresh;
        Ok(())
    }

    /// Every binding.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// What a key means in a context. A character without a binding is typed where text is.
    pub fn command(&self, context: Context, event: &KeyEvent) -> Option<Command> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let key = normal(KeyCombination::from(*event));
        if let Some(command) = self.bound(context, key) {
            return Some(command.clone());
        }
        match event.code {
            KeyCode::Char(c)
                if context.is_text()
                    && !event
                        .modifiers
                        .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) =>
            {
                Some(Command::Insert(c))
            }
            _ => None,
        }
    }

    fn bound(&self, context: Context, key: KeyCombination) -> Option<&Command> {
        context.chain().iter().find_map(|place| {
            let here = |b: &&Binding| b.context == *place && b.key == key;
            self.bindings.iter().find(here).map(|b| &b.command)
        })
    }

    /// The first key that means a command in a context, as it is written for people. A key that something nearer shadows
    /// does not count.
    pub fn key_for(&self, context: Context, command: &Command) -> Option<String> {
        let name = command.written();
        context.chain().iter().find_map(|place| {
            self.bindings
                .iter()
                .filter(|b| b.context == *place && b.command.written() == name)
                .find(|b| self.bound(context, b.key).is_some_and(|c| c.written() == name))
                .map(|b| show(b.key))
        })
    }
}

/// A key as it is written for people: `ctrl-s`, `?`, `shift-tab`, `N`.
pub fn show(key: KeyCombination) -> String {
    use crokey::OneToThree::One;
    match key {
        KeyCombination {
            codes: One(KeyCode::BackTab),
            ..
        } => "shift-tab".to_owned(),
        KeyCombination {
            codes: One(KeyCode::Char(c)),
            modifiers,
        } if c != ' ' && (modifiers - KeyModifiers::SHIFT).is_empty() => c.to_string(),
        other => other.to_string().to_lowercase(),
    }
}

/// Reads a key as keymaps write it.
fn parse_key(text: &str) -> Option<KeyCombination> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(normal(KeyCombination::one_key(
            KeyCode::Char(c),
            KeyModifiers::NONE,
        )));
    }
    let text = if text.eq_ignore_ascii_case("shift-tab") {
        "backtab"
    } else {
        text
    };
    let key = crokey::parse(text).ok()?;
    key.is_ansi_compatible().then(|| normal(key))
}

/// One form for each key, however the terminal reports it: shift counts for letters and for keys without a character,
/// and a back-tab is always shifted.
fn normal(key: KeyCombination) -> KeyCombination {
    use crokey::OneToThree::One;
    let mut key = key.normalized();
    if let One(KeyCode::Char(c)) = key.codes {
        if !c.is_alphabetic() {
            key.modifiers.remove(KeyModifiers::SHIFT);
        }
        // Control codes carry no case.
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            key.codes = One(KeyCode::Char(c.to_ascii_lowercase()));
            key.modifiers.remove(KeyModifiers::SHIFT);
        }
    }
    if key.codes == One(KeyCode::BackTab) {
        key.modifiers = KeyModifiers::SHIFT;
    }
    key
}

fn suggest(wrong: &str, names: &[&str]) -> String {
    match nearest(wrong, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.len() < 20 => format!("one of {}", names.join(", ")),
        None => "press ? in the sandbox for every command".to_owned(),
    }
}

/// A mistake at a byte range of a TOML file.
pub fn mistake(file: &str, text: &str, span: &Range<usize>, message: String, help: String) -> FileError {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    FileError {
        file: file.to_owned(),
        line,
        column,
        path: String::new(),
        message,
        help: (!help.is_empty()).then_some(help),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    fn named(command: Option<Command>) -> String {
        command.map(|c| c.written()).unwrap_or_default()
    }

    #[test]
    fn the_shipped_keymap_is_sound() {
        let tables: Tables = toml::from_str(DEFAULT).unwrap();
        let mut keymap = Keymap::default();
        keymap.apply("default.toml", DEFAULT, &tables).unwrap();
        let written: usize = tables.values().map(BTreeMap::len).sum();
        assert_eq!(
            keymap.bindings().len(),
            written,
            "a key is bound twice in one context"
        );
    }

    #[test]
    fn the_nearest_binding_wins_and_plain_characters_are_typed_in_text() {
        let keymap = Keymap::shipped();
        let key = |context, c| named(keymap.command(context, &event(KeyCode::Char(c), KeyModifiers::NONE)));
        assert_eq!(key(Context::Keypad, '5'), "press 5");
        assert_eq!(key(Context::Keypad, 'b'), "step-back");
        assert_eq!(key(Context::Jobs, 's'), "sort-jobs");
        assert_eq!(key(Context::Graph, 's'), "save");
        let typed = keymap.command(Context::Input, &event(KeyCode::Char('b'), KeyModifiers::NONE));
        assert!(matches!(typed, Some(Command::Insert('b'))));
    }

    #[test]
    fn shift_on_a_symbol_and_case_on_a_control_key_do_not_matter() {
        let keymap = Keymap::shipped();
        let key = |code, modifiers| named(keymap.command(Context::Keypad, &event(code, modifiers)));
        assert_eq!(key(KeyCode::Char('?'), KeyModifiers::SHIFT), "help");
        assert_eq!(
            key(KeyCode::Char('C'), KeyModifiers::CONTROL | KeyModifiers::SHIFT),
            "quit"
        );
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::NONE), "previous-pane");
        assert_eq!(key(KeyCode::Char('A'), KeyModifiers::SHIFT), "press A");
    }

    #[test]
    fn keys_are_shown_as_they_are_written() {
        let keymap = Keymap::shipped();
        let show = |context, command: &Command| keymap.key_for(context, command).unwrap_or_default();
        assert_eq!(show(Context::Keypad, &Command::Help), "?");
        assert_eq!(show(Context::Input, &Command::Help), "f1");
        assert_eq!(show(Context::Keypad, &Command::Step), "space");
        assert_eq!(show(Context::Input, &Command::StepBack), "alt-b");
        assert_eq!(show(Context::Jobs, &Command::Save), "ctrl-s");
    }

    #[test]
    fn a_configuration_changes_and_takes_away_single_keys() {
        let text = "[panes]\n\"b\" = \"none\"\n\"Q\" = \"quit\"\n";
        let mut keymap = Keymap::shipped();
        keymap
            .apply("config.toml", text, &toml::from_str(text).unwrap())
            .unwrap();
        let key = |c, m| named(keymap.command(Context::Keypad, &event(KeyCode::Char(c), m)));
        assert_eq!(key('b', KeyModifiers::NONE), "");
        assert_eq!(key('Q', KeyModifiers::SHIFT), "quit");
        assert_eq!(key('q', KeyModifiers::NONE), "quit");
    }

    #[test]
    fn mistakes_are_named_by_place() {
        let wrong = |text: &str| {
            let mut keymap = Keymap::shipped();
            let tables = toml::from_str(text).unwrap();
            keymap
                .apply("config.toml", text, &tables)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            wrong("[panes]\n\"b\" = \"step-bak\"\n"),
            "config.toml:2:7: keys.panes: no such command\n  help: did you mean `step-back`?"
        );
        assert_eq!(
            wrong("[pane]\n\"b\" = \"quit\"\n"),
            "config.toml:1:2: keys: no such place\n  help: did you mean `panes`?"
        );
        assert!(
            wrong("[panes]\n\"ctrl-nothing\" = \"quit\"\n")
                .starts_with("config.toml:2:1: keys.panes: not a key")
        );
    }
}
