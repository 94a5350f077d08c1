//! A screen as a picture: a buffer of cells as a standalone SVG, the same text for the same buffer.
//!
//! Every run of cells with one style is one `text` element whose length is pinned to its cells, so the columns line up
//! whatever monospace font the reader has.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// The width of a cell in pixels.
const CELL: f32 = 8.4;
/// The height of a row in pixels.
const ROW: f32 = 18.0;
/// Room around the screen.
const MARGIN: f32 = 12.0;
/// How far below a row's top its letters stand.
const BASELINE: f32 = 13.5;

/// The colours that a terminal would choose for what the theme leaves to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The background.
    pub background: &'static str,
    /// The text.
    pub text: &'static str,
    /// The sixteen named colours, in the order of their ANSI numbers.
    pub ansi: [&'static str; 16],
}

impl Palette {
    /// For themes made for dark terminals.
    pub const DARK: Self = Self {
        background: "#16181d",
        text: "#d7dae0",
        ansi: [
            "#2b2f38", "#e5707b", "#8fc379", "#e2bd72", "#6aaef0", "#c583d9", "#58bfc9", "#b9bec9",
            "#7a8190", "#f08a94", "#a6d690", "#f0d08c", "#8cc3f7", "#d6a0e6", "#7fd3dc", "#f2f4f8",
        ],
    };
    /// For themes made for light terminals.
    pub const LIGHT: Self = Self {
        background: "#fbfbf8",
        text: "#24292f",
        ansi: [
            "#24292f", "#b3202c", "#216e39", "#8a6100", "#0b5cad", "#8b2f97", "#0f6f78", "#b7bcc4",
            "#6a727d", "#cf222e", "#2da44e", "#9a6700", "#218bff", "#a475f9", "#3192aa", "#f6f8fa",
        ],
    };

    fn colour(&self, colour: Color) -> Option<String> {
        let named = |i: usize| self.ansi.get(i).map(|c| (*c).to_owned());
        match colour {
            Color::Reset => None,
            Color::Black => named(0),
            Color::Red => named(1),
            Color::Green => named(2),
            Color::Yellow => named(3),
            Color::Blue => named(4),
            Color::Magenta => named(5),
            Color::Cyan => named(6),
            Color::Gray => named(7),
            Color::DarkGray => named(8),
            Color::LightRed => named(9),
            Color::LightGreen => named(10),
            Color::LightYellow => named(11),
            Color::LightBlue => named(12),
            Color::LightMagenta => named(13),
            Color::LightCyan => named(14),
            Color::White => named(15),
            Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
            Color::Indexed(n) if n < 16 => named(usize::from(n)),
            Color::Indexed(n) => Some(indexed(n)),
        }
    }
}

/// A colour of the 256: a cube of six steps a channel from 16 on, then a ramp of greys.
fn indexed(n: u8) -> String {
    if n >= 232 {
        let grey = (n - 232) * 10 + 8;
        return format!("#{grey:02x}{grey:02x}{grey:02x}");
    }
    let n = n.saturating_sub(16);
    let step = |level: u8| if level == 0 { 0 } else { level * 40 + 55 };
    format!("#{:02x}{:02x}{:02x}", step(n / 36), step(n / 6 % 6), step(n % 6))
}

/// How a cell looks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    text: Option<String>,
    background: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    crossed: bool,
}

impl Look {
    fn of(cell: &Cell, palette: &Palette) -> Self {
        let mut text = palette.colour(cell.fg);
        let mut background = palette.colour(cell.bg);
        let has = |m| cell.modifier.contains(m);
        if has(Modifier::REVERSED) {
            let swapped = background.unwrap_or_else(|| palette.background.to_owned());
            background = Some(text.unwrap_or_else(|| palette.text.to_owned()));
            text = Some(swapped);
        }
        Self {
            text,
            background,
            bold: has(Modifier::BOLD),
            dim: has(Modifier::DIM),
            italic: has(Modifier::ITALIC),
            underlined: has(Modifier::UNDERLINED),
            crossed: has(Modifier::CROSSED_OUT),
        }
    }

    fn attributes(&self) -> String {
        let mut out = String::new();
        if let Some(text) = &self.text {
            let _ = write!(out, " fill=\"{text}\"");
        }
        if self.bold {
            out.push_str(" font-weight=\"bold\"");
        }
        if self.dim {
            out.push_str(" opacity=\"0.6\"");
        }
        if self.italic {
            out.push_str(" font-style=\"italic\"");
        }
        match (self.underlined, self.crossed) {
            (true, true) => out.push_str(" text-decoration=\"underline line-through\""),
            (true, false) => out.push_str(" text-decoration=\"underline\""),
            (false, true) => out.push_str(" text-decoration=\"line-through\""),
            (false, false) => {}
        }
        out
    }
}

/// A stretch of a row in one look.
struct Run {
    column: u16,
    cells: u16,
    text: String,
    look: Look,
}

/// The buffer as an SVG document, titled for those who cannot see it.
pub fn svg(buf: &Buffer, palette: &Palette, title: &str) -> String {
    let area = buf.area;
    let (width, height) = (
        f32::from(area.width) * CELL + 2.0 * MARGIN,
        f32::from(area.height) * ROW + 2.0 * MARGIN,
    );
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\">\n\
         <title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\" \
         fill=\"{}\" xml:space=\"preserve\">",
        escaped(title),
        palette.background,
        palette.text,
    );
    for y in area.top()..area.bottom() {
        let top = MARGIN + f32::from(y - area.top()) * ROW;
        for run in runs(buf, y, palette) {
            draw(&mut out, &run, top);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn draw(out: &mut String, run: &Run, top: f32) {
    let left = MARGIN + f32::from(run.column) * CELL;
    let wide = f32::from(run.cells) * CELL;
    if let Some(background) = &run.look.background {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{ROW:.1}\" fill=\"{background}\"/>"
        );
    }
    // Blanks are only drawn where something shows through them.
    let blank = run.text.trim().is_empty() && !run.look.underlined && !run.look.crossed;
    if blank {
        return;
    }
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{wide:.1}\" lengthAdjust=\"spacingAndGlyphs\"{}>{}</text>",
        top + BASELINE,
        run.look.attributes(),
        escaped(&run.text),
    );
}

/// The stretches of a row. Blanks at the end of a stretch belong to it only where they can be seen.
fn runs(buf: &Buffer, y: u16, palette: &Palette) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = buf.area.left();
    while x < buf.area.right() {
        let Some(cell) = buf.cell((x, y)) else { break };
        let symbol = cell.symbol();
        let wide = u16::try_from(symbol.width().max(1)).unwrap_or(1);
        let look = Look::of(cell, palette);
        let column = x - buf.area.left();
        // A character from another font may be wider or narrower: it gets a stretch of its own.
        let alone = !symbol.is_ascii() && !is_frame(symbol);
        match runs
            .last_mut()
            .filter(|r| r.look == look && !alone && r.text.chars().all(plain))
        {
            Some(run) => {
                run.text.push_str(symbol);
                run.cells += wide;
            }
            None => runs.push(Run {
                column,
                cells: wide,
                text: symbol.to_owned(),
                look,
            }),
        }
        x += wide;
    }
    for run in &mut runs {
        if run.look.background.is_none() && !run.look.underlined {
            let kept = run.text.trim_end_matches(' ').len();
            let blanks = u16::try_from(run.text.len() - kept).unwrap_or(0);
            if kept > 0 {
                run.text.truncate(kept);
                run.cells -= blanks;
            }
        }
    }
    runs
}

/// Box-drawing and block characters, which every monospace font has.
fn is_frame(symbol: &str) -> bool {
    symbol.chars().all(|c| ('\u{2500}'..='\u{259f}').contains(&c))
}

fn plain(c: char) -> bool {
    c.is_ascii() || ('\u{2500}'..='\u{259f}').contains(&c)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn lines(draw: impl FnOnce(&mut Buffer)) -> Vec<String> {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        draw(&mut buf);
        svg(&buf, &Palette::DARK, "a <test>")
            .lines()
            .filter(|l| l.starts_with("<text") || l.starts_with("<rect x"))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_run_of_one_style_is_one_text_pinned_to_its_cells() {
        let drawn = lines(|b| {
            b.set_string(0, 0, "a<b ", Style::new());
            b.set_string(
                4,
                0,
                "key",
                Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD),
            );
        });
        assert_eq!(
            drawn,
            [
                "<text x=\"12.0\" y=\"25.5\" textLength=\"25.2\" lengthAdjust=\"spacingAndGlyphs\">a&lt;b</text>",
                "<text x=\"45.6\" y=\"25.5\" textLength=\"25.2\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#e2bd72\" \
                 font-weight=\"bold\">key</text>",
            ]
        );
    }

    #[test]
    fn reverse_swaps_the_colours_and_blanks_are_seen_through_it() {
        let drawn = lines(|b| {
            b.set_string(1, 0, "  ", Style::new().add_modifier(Modifier::REVERSED));
        });
        assert_eq!(
            drawn,
            ["<rect x=\"20.4\" y=\"12.0\" width=\"16.8\" height=\"18.0\" fill=\"#d7dae0\"/>"]
        );
    }

    #[test]
    fn a_wide_character_takes_two_cells_of_its_own() {
        let drawn = lines(|b| {
            b.set_string(0, 0, "日x", Style::new());
        });
        assert_eq!(drawn.len(), 2);
        assert!(
            drawn[0].contains("textLength=\"16.8\"") && drawn[0].ends_with(">日</text>"),
            "{drawn:?}"
        );
        assert!(
            drawn[1].contains("x=\"28.8\"") && drawn[1].ends_with(">x</text>"),
            "{drawn:?}"
        );
    }

    #[test]
    fn the_cube_and_the_greys_of_the_256_are_known() {
        assert_eq!(
            [
                indexed(16),
                indexed(196),
                indexed(231),
                indexed(232),
                indexed(255)
            ],
            ["#000000", "#ff0000", "#ffffff", "#080808", "#eeeeee"]
        );
    }

    #[test]
    fn the_same_buffer_is_the_same_text() {
        let buf = Buffer::with_lines(["┌ Jobs ┐", "└──────┘"]);
        assert_eq!(
            svg(&buf, &Palette::LIGHT, "jobs"),
            svg(&buf, &Palette::LIGHT, "jobs")
        );
    }
}
