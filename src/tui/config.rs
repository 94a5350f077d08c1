//! The configuration file: theme, mouse, timers, keys. Every mistake in it is named by file, line and column.

use super::keymap::{Keymap, Tables, mistake};
use super::theme::ThemeName;
use crate::call::json::{FileError, nearest};
use serde::Deserialize;
use toml::Spanned;

/// What the operator has settled.
#[derive(Clone, Debug)]
pub struct Config {
    /// The theme, where one was named.
    pub theme: Option<ThemeName>,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Whether no-input deadlines pass by themselves.
    pub no_input_timers: bool,
    /// The keys.
    pub keymap: Keymap,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            theme: None,
            mouse: true,
            no_input_timers: false,
            keymap: Keymap::shipped(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    theme: Option<Spanned<String>>,
    #[serde(default = "yes")]
    mouse: bool,
    #[serde(default)]
    no_input_timers: bool,
    #[serde(default)]
    keys: Tables,
}

const fn yes() -> bool {
    true
}

impl Config {
    /// Reads a configuration file's text; `file` names it in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let written: Written = toml::from_str(text).map_err(|e| {
            let span = e.span().unwrap_or(0..0);
            let message = e.message().lines().next().unwrap_or("not TOML").to_owned();
            let wrong = message
                .split('`')
                .nth(1)
                .filter(|_| message.starts_with("unknown field"));
            let help = wrong
                .and_then(|w| nearest(w, ["theme", "mouse", "no_input_timers", "keys"]))
                .map_or_else(
                    || "settings are theme, mouse, no_input_timers and the tables under [keys]".to_owned(),
                    |name| format!("did you mean `{name}`?"),
                );
            mistake(file, text, &span, message, help)
        })?;
        let theme = written.theme.map(|name| {
            let known = ThemeName::ALL.into_iter().find(|t| t.as_str() == name.get_ref());
            known.ok_or_else(|| {
                let help = "one of dark, light, mono".to_owned();
                mistake(file, text, &name.span(), "theme: no such theme".to_owned(), help)
            })
        });
        let mut keymap = Keymap::shipped();
        keymap.apply(file, text, &written.keys)?;
        Ok(Self {
            theme: theme.transpose()?,
            mouse: written.mouse,
            no_input_timers: written.no_input_timers,
            keymap,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        Config::parse("config.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_file_is_the_default() {
        let config = Config::parse("config.toml", "").unwrap();
        assert!(config.mouse && config.theme.is_none() && !config.no_input_timers);
        assert_eq!(config.keymap.bindings().len(), Keymap::shipped().bindings().len());
    }

    #[test]
    fn settings_and_keys_are_read() {
        let text = "theme = \"mono\"\nmouse = false\n[keys.keypad]\n\"x\" = \"press 5\"\n";
        let config = Config::parse("config.toml", text).unwrap();
        assert_eq!((config.theme, config.mouse), (Some(ThemeName::Mono), false));
        let bound = config.keymap.bindings().first().unwrap();
        assert_eq!(bound.command.written(), "press 5");
    }

    #[test]
    fn mistakes_are_named_by_line() {
        assert_eq!(
            wrong("mouse = true\nthemes = \"dark\"\n"),
            "config.toml:2:1: unknown field `themes`, expected one of `theme`, `mouse`, `no_input_timers`, `keys`\n  help: did you mean `theme`?"
        );
        assert_eq!(
            wrong("theme = \"pink\"\n"),
            "config.toml:1:9: theme: no such theme\n  help: one of dark, light, mono"
        );
        assert!(
            wrong("mouse = 3\n").starts_with("config.toml:1:9: invalid type"),
            "{}",
            wrong("mouse = 3\n")
        );
        assert!(
            wrong("theme = \n").starts_with("config.toml:1:"),
            "{}",
            wrong("theme = \n")
        );
        assert!(wrong("[keys.panes]\n\"b\" = \"nothing\"\n").starts_with("config.toml:2:7:"));
    }
}
