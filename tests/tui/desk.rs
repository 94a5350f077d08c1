//! A sandbox without a terminal: keys go in, screens come out, effects are kept to look at.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ivr_tui::call::Scenario;
use ivr_tui::host::lines::{Lines, Wanted};
use ivr_tui::tui::config::Config;
use ivr_tui::tui::effect::{Effect, Loaded, Report, ScenarioRef};
use ivr_tui::tui::theme::ThemeName;
use ivr_tui::tui::{Command, Model, key_command, update, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(crate) struct Desk {
    pub(crate) model: Model,
    pub(crate) effects: Vec<Effect>,
    terminal: Terminal<TestBackend>,
}

impl Desk {
    /// A sandbox on the bank line, its first call answered.
    pub(crate) fn bank(width: u16, height: u16) -> Self {
        Self::with(width, height, "bank", Config::default(), ThemeName::Dark)
    }

    pub(crate) fn with(width: u16, height: u16, line: &str, config: Config, theme: ThemeName) -> Self {
        let opened = Lines::new(None).open(&Wanted::named(line)).unwrap();
        let now = "2026-02-10T10:00:00-06:00[America/Chicago]".parse().unwrap();
        let mut desk = Self {
            model: Model::new(opened, config, theme, now),
            effects: Vec::new(),
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
        };
        desk.run(Command::NewCall);
        desk.draw();
        desk
    }

    /// Opens a scenario from its text.
    pub(crate) fn open(&mut self, text: &str) {
        let scenario = Scenario::parse("demo.json", text).unwrap();
        let opened = Lines::new(None)
            .open(&Wanted::by(&scenario, Path::new("")))
            .unwrap();
        let origin = ScenarioRef::File("scenarios/demo.json".into());
        self.report(Report::Loaded(Box::new(Loaded {
            origin,
            scenario: Arc::new(scenario),
            opened,
        })));
    }

    pub(crate) fn report(&mut self, report: Report) {
        self.run(Command::Report(Box::new(report)));
    }

    pub(crate) fn run(&mut self, command: Command) {
        self.effects.extend(update(&mut self.model, command));
    }

    /// Presses keys as a terminal reports them, drawing after each; characters, or `<ctrl-c>`, `<enter>`, `<alt-1>`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let named = rest
                .strip_prefix('<')
                .and_then(|r| r.split_once('>'))
                .filter(|(n, _)| n.len() > 1);
            let event = if let Some((name, after)) = named {
                rest = after;
                event(name)
            } else {
                rest = &rest[c.len_utf8()..];
                let shift = if c.is_uppercase() {
                    KeyModifiers::SHIFT
                } else {
                    KeyModifiers::NONE
                };
                KeyEvent::new(KeyCode::Char(c), shift)
            };
            if let Some(command) = key_command(&self.model, &event) {
                self.run(command);
            }
            self.draw();
        }
        self
    }

    pub(crate) fn wait(&mut self, ms: u64) -> &mut Self {
        self.run(Command::Elapse(Duration::from_millis(ms)));
        self
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.run(Command::Resize(width, height));
        self.draw();
    }

    /// The screen as text, without the spaces at the ends of its lines.
    pub(crate) fn screen(&mut self) -> String {
        self.draw();
        let buffer = self.terminal.backend().buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    line.push_str(symbol);
                    skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                } else {
                    skip -= 1;
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Where a text stands on the screen.
    pub(crate) fn find(&mut self, text: &str) -> (u16, u16) {
        let screen = self.screen();
        let (y, line) = screen
            .lines()
            .enumerate()
            .find(|(_, l)| l.contains(text))
            .expect("not on the screen");
        let x = unicode_width::UnicodeWidthStr::width(&line[..line.find(text).unwrap()]);
        (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    }

    pub(crate) fn buffer(&mut self) -> ratatui::buffer::Buffer {
        self.draw();
        self.terminal.backend().buffer().clone()
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| view(&mut self.model, frame)).unwrap();
    }
}

fn event(name: &str) -> KeyEvent {
    let mut modifiers = KeyModifiers::NONE;
    let mut rest = name;
    for (prefix, modifier) in [
        ("ctrl-", KeyModifiers::CONTROL),
        ("alt-", KeyModifiers::ALT),
        ("shift-", KeyModifiers::SHIFT),
    ] {
        if let Some(after) = rest.strip_prefix(prefix) {
            rest = after;
            modifiers |= modifier;
        }
    }
    let code = match rest {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        "tab" => KeyCode::Tab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "backspace" => KeyCode::Backspace,
        "f1" => KeyCode::F(1),
        "f9" => KeyCode::F(9),
        other => KeyCode::Char(other.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}
