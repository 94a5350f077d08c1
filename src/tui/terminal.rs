//! The terminal's modes: taken on the way in, given back on every way out, a panic and a signal included.

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use ratatui::{Frame, Terminal};
use rustix::process::Signal;
use std::io::{self, BufWriter, Stdout, Write as _};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Clicks, drags and the wheel, in the coding that has no limit on columns. Not every motion: a pointer that only moves
/// over the window should cost nothing.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Room for the frame of a large screen.
const FRAME_BYTES: usize = 1 << 16;

/// Whether the terminal is ours, for the panic hook, which can ask nobody else.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The screen. Gives the terminal back when dropped.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal.
    pub(super) fn open(mouse: bool) -> io::Result<Self> {
        restore_on_panic();
        take(mouse)?;
        // Standard output would pass on each line by itself; a frame should leave in one piece.
        let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(out)).inspect_err(|_| give_back())?;
        Ok(Self { terminal, mouse })
    }

    /// Draws a frame. A terminal that knows synchronized updates shows all of it at once.
    pub(super) fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(view)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// Taking the same size anew does that. `Terminal::clear` would first ask the terminal where its cursor is, and the
    /// answer would go to the thread that reads the keys.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        execute!(io::stdout(), Print(if on { MOUSE_ON } else { MOUSE_OFF }))
    }

    /// Writes a sequence that the terminal itself understands, between two drawings.
    pub(super) fn write(sequence: &str) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(sequence.as_bytes())?;
        out.flush()
    }

    /// Gives the terminal back, stops, and takes it again when the shell lets the program go on.
    pub(super) fn suspend(&mut self, whole_job: bool) -> io::Result<()> {
        give_back();
        stop(whole_job)?;
        self.retake()
    }

    /// Takes the terminal again, whatever was done to it meanwhile.
    pub(super) fn retake(&mut self) -> io::Result<()> {
        give_back();
        take(self.mouse)?;
        self.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        cursor::Hide,
        Print(if mouse { MOUSE_ON } else { "" })
    )
    .inspect_err(|_| give_back())
}

/// Gives the terminal back as it was. Does nothing where it is not ours; each step is tried whatever came of the others.
pub(super) fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(
            out,
            Print(MOUSE_OFF),
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
}

/// The message of a panic belongs on the terminal as it was.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
    });
}

/// Stops until SIGCONT. The whole job stops where it is the terminal's foreground job, so that a shell which waits for
/// `make` gets its prompt back; otherwise only this process, so that nothing is stopped that is not ours.
fn stop(whole_job: bool) -> io::Result<()> {
    let foreground = rustix::termios::tcgetpgrp(io::stdin()).is_ok_and(|p| p == rustix::process::getpgrp());
    if whole_job && foreground {
        rustix::process::kill_current_process_group(Signal::STOP)?;
    } else {
        signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)?;
    }
    Ok(())
}

/// The sequence that puts a text on the terminal's clipboard (OSC 52), wrapped where tmux or screen would keep it.
pub(super) fn clipboard(text: &str, tmux: bool, screen: bool) -> String {
    use base64::Engine as _;
    let coded = base64::engine::general_purpose::STANDARD.encode(text);
    let sequence = format!("\x1b]52;c;{coded}\x07");
    if tmux {
        format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
    } else if screen {
        format!("\x1bP{sequence}\x1b\\")
    } else {
        sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reaches_the_clipboard_through_tmux_and_screen() {
        assert_eq!(clipboard("hi", false, false), "\x1b]52;c;aGk=\x07");
        assert_eq!(
            clipboard("hi", true, false),
            "\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\"
        );
        assert_eq!(clipboard("hi", false, true), "\x1bP\x1b]52;c;aGk=\x07\x1b\\");
    }

    #[test]
    fn giving_back_what_was_not_taken_writes_nothing() {
        give_back();
        assert!(!TAKEN.load(Ordering::SeqCst));
    }
}
