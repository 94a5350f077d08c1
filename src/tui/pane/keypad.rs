//! The telephone's keys, what has been keyed so far, and how long the next key may take.

use super::Hits;
use super::text::{cells, put, width};
use crate::call::Key;
use crate::tui::command::Command;
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;

/// How long a pressed key is lit.
pub const FLASH: Duration = Duration::from_millis(180);

/// What the keypad remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Whether A to D are shown.
    pub letters: bool,
    /// The key that is lit, and until when on the screen's clock.
    pub flash: Option<(Key, Duration)>,
}

impl State {
    /// Lights a key.
    pub fn press(&mut self, key: Key, now: Duration) {
        self.flash = Some((key, now.saturating_add(FLASH)));
    }
    /// Puts the light out when its time has come; says whether it did.
    pub fn elapse(&mut self, now: Duration) -> bool {
        let over = self.flash.is_some_and(|(_, until)| until <= now);
        if over {
            self.flash = None;
        }
        over
    }
}

/// What the keypad shows.
#[derive(Clone, Debug, Default)]
pub struct Props<'a> {
    /// What was keyed towards the entry that is under way, dots where it is secret.
    pub entry: &'a str,
    /// How many digits are wanted at most; zero where none are.
    pub wanted: u8,
    /// How long until the next digit is overdue.
    pub next_digit: Option<Duration>,
    /// How long until the line takes it for silence.
    pub no_input: Option<Duration>,
}

/// The rows of keys, each key with its letters (ITU-T E.161).
const ROWS: [[(char, &str); 4]; 4] = [
    [('1', ""), ('2', "abc"), ('3', "def"), ('A', "")],
    [('4', "ghi"), ('5', "jkl"), ('6', "mno"), ('B', "")],
    [('7', "pqrs"), ('8', "tuv"), ('9', "wxyz"), ('C', "")],
    [('*', ""), ('0', ""), ('#', ""), ('D', "")],
];

/// Draws the keypad; in an area of one or two rows, as a line.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &mut State, props: &Props<'_>) -> Hits {
    if area.height < 5 {
        return line(buf, area, theme, state, props);
    }
    let mut hits = Hits::new();
    let columns: u16 = if state.letters { 4 } else { 3 };
    let letters_shown = area.height >= 10;
    let step: u16 = if letters_shown { 2 } else { 1 };
    let cell = (area.width / columns).clamp(2, 7);
    let left = area.x + area.width.saturating_sub(cell * columns) / 2;
    for (row, keys) in (0u16..).zip(ROWS) {
        let y = area.y + row * step;
        for (column, (label, letters)) in (0..columns).zip(keys) {
            let x = left + column * cell;
            let area_of_key = Rect::new(x, y, cell, step).intersection(area);
            key_cap(buf, area_of_key, theme, state, label, &mut hits);
            if letters_shown {
                let middle = x + cell.saturating_sub(cells(width(letters))) / 2;
                put(buf, area, middle, y + 1, letters, theme.dim);
            }
        }
    }
    let below = area.y + 4 * step;
    let rows = Rect::new(area.x, below, area.width, area.bottom().saturating_sub(below));
    entry(buf, rows, theme, props);
    hits
}

fn key_cap(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State, label: char, hits: &mut Hits) {
    let Some(key) = Key::from_char(label) else { return };
    let lit = state.flash.is_some_and(|(k, _)| k == key);
    let middle = area.x + area.width.saturating_sub(1) / 2;
    if lit {
        // A lit key is wider as well as brighter, so that it is seen without colour.
        let cap = format!("▐{label}▌");
        put(
            buf,
            area,
            middle.saturating_sub(1).max(area.x),
            area.y,
            &cap,
            theme.flash,
        );
    } else {
        put(buf, area, middle, area.y, &label.to_string(), theme.key);
    }
    hits.add(area, Command::Press(key));
}

fn entry(buf: &mut Buffer, area: Rect, theme: &Theme, props: &Props<'_>) {
    if area.height == 0 {
        return;
    }
    // A row of air above, where there is room for it.
    let mut y = area.y + u16::from(area.height > 2);
    let x = put(buf, area, area.x + 1, y, "entry ", theme.dim);
    let x = put(buf, area, x, y, props.entry, theme.strong);
    let keyed = props.entry.chars().count();
    if usize::from(props.wanted) > keyed {
        let open = "_".repeat(usize::from(props.wanted) - keyed);
        put(buf, area, x, y, &open, theme.dim);
    }
    y += 1;
    let left = |d: Duration| format!("{:.1}s", d.as_secs_f64());
    if let Some(d) = props.next_digit {
        let x = put(buf, area, area.x + 1, y, "next digit ", theme.dim);
        put(buf, area, x, y, &left(d), theme.warn);
    } else if let Some(d) = props.no_input {
        let x = put(buf, area, area.x + 1, y, "no input in ", theme.dim);
        put(buf, area, x, y, &left(d), theme.dim);
    }
}

/// The keypad in one line.
fn line(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State, props: &Props<'_>) -> Hits {
    let mut hits = Hits::new();
    if area.is_empty() {
        return hits;
    }
    let mut x = area.x;
    for key in Key::TWELVE {
        let lit = state.flash.is_some_and(|(k, _)| k == key);
        let style = if lit { theme.flash } else { theme.key };
        hits.add(Rect::new(x, area.y, 2, 1).intersection(area), Command::Press(key));
        x = put(buf, area, x, area.y, &format!("{key} "), style);
    }
    x = put(buf, area, x, area.y, " entry ", theme.dim);
    x = put(buf, area, x, area.y, props.entry, theme.strong);
    let open = usize::from(props.wanted).saturating_sub(props.entry.chars().count());
    x = put(buf, area, x, area.y, &"_".repeat(open), theme.dim);
    if let Some(d) = props.next_digit.or(props.no_input) {
        put(
            buf,
            area,
            x + 2,
            area.y,
            &format!("{:.1}s", d.as_secs_f64()),
            theme.warn,
        );
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::ThemeName;

    fn drawn(area: Rect, state: &mut State, props: &Props<'_>) -> (Vec<String>, Hits) {
        let mut buf = Buffer::empty(area);
        let hits = render(&mut buf, area, &Theme::new(ThemeName::Mono), state, props);
        let row = |y| {
            (0..area.width)
                .filter_map(|x| buf.cell((x, y)).map(|c| c.symbol().to_owned()))
                .collect::<String>()
        };
        (
            (0..area.height).map(|y| row(y).trim_end().to_owned()).collect(),
            hits,
        )
    }

    #[test]
    fn keys_stand_as_on_a_telephone_with_the_entry_below() {
        let props = Props {
            entry: "●●",
            wanted: 4,
            next_digit: Some(Duration::from_millis(3250)),
            no_input: None,
        };
        let (rows, _) = drawn(Rect::new(0, 0, 17, 11), &mut State::default(), &props);
        assert_eq!(
            rows,
            [
                "   1    2    3",
                "       abc  def",
                "   4    5    6",
                "  ghi  jkl  mno",
                "   7    8    9",
                " pqrs  tuv wxyz",
                "   *    0    #",
                "",
                "",
                " entry ●●__",
                " next digit 3.2s",
            ]
        );
    }

    #[test]
    fn a_click_on_a_key_presses_it_and_a_press_lights_it_for_a_moment() {
        let mut state = State::default();
        let (_, hits) = drawn(Rect::new(0, 0, 17, 11), &mut state, &Props::default());
        assert!(matches!(hits.at(3, 0), Some(Command::Press(k)) if k.as_char() == '1'));
        state.press(Key::Star, Duration::ZERO);
        let (rows, _) = drawn(Rect::new(0, 0, 17, 11), &mut state, &Props::default());
        assert_eq!(rows[6], "  ▐*▌   0    #");
        assert!(!state.elapse(FLASH / 2));
        assert!(state.elapse(FLASH));
    }

    #[test]
    fn one_row_is_enough_for_all_twelve() {
        let props = Props {
            entry: "12",
            wanted: 8,
            ..Props::default()
        };
        let (rows, hits) = drawn(Rect::new(0, 0, 50, 1), &mut State::default(), &props);
        assert_eq!(rows, ["1 2 3 4 5 6 7 8 9 * 0 #  entry 12______"]);
        assert!(matches!(hits.at(20, 0), Some(Command::Press(k)) if k.as_char() == '0'));
    }

    #[test]
    fn the_fourth_column_comes_on_request() {
        let mut state = State {
            letters: true,
            flash: None,
        };
        let (rows, _) = drawn(Rect::new(0, 0, 20, 7), &mut state, &Props::default());
        assert_eq!(rows[0].split_whitespace().collect::<String>(), "123A");
    }
}
