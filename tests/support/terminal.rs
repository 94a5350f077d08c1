//! The real binary in a real pseudo-terminal: keys go in, and the screen it drew comes out.
#![allow(dead_code, reason = "each test file uses what it needs")]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How long a condition may take on a busy machine before the test fails with the screen as it was.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running sandbox.
pub(crate) struct Terminal {
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

struct Seen {
    /// Bytes of a frame that has not ended yet; it is drawn when it has, as terminals with synchronized updates do.
    frame: Vec<u8>,
    parser: vt100::Parser,
    closed: bool,
}

impl Seen {
    fn take(&mut self, bytes: &[u8]) {
        self.frame.extend_from_slice(bytes);
        let last = |sequence: &[u8]| self.frame.windows(sequence.len()).rposition(|w| w == sequence);
        let begun = last(b"\x1b[?2026h");
        if begun.is_none() || last(b"\x1b[?2026l") > begun {
            self.parser.process(&std::mem::take(&mut self.frame));
        }
    }
}

impl Terminal {
    /// Starts `ivr-tui` with these arguments on a screen of this size, in `folder`.
    pub(crate) fn open(folder: &Path, args: &[&str], columns: u16, rows: u16) -> Self {
        Self::open_with(folder, args, columns, rows, &[])
    }

    /// The same with these environment variables.
    pub(crate) fn open_with(
        folder: &Path,
        args: &[&str],
        columns: u16,
        rows: u16,
        env: &[(&str, &str)],
    ) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ivr-tui"));
        command.args(args);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env("TZ", "America/Chicago");
        command.env_remove("NO_COLOR");
        command.env_remove("COLORTERM");
        command.env_remove("TMUX");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Seen {
            parser: vt100::Parser::new(cells(rows), cells(columns), 0),
            closed: false,
            frame: Vec::new(),
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let feed = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = feed.0.lock().unwrap();
                if read == 0 {
                    seen.closed = true;
                    feed.1.notify_all();
                    return;
                }
                seen.take(&buffer[..read]);
                feed.1.notify_all();
            }
        });
        Self {
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            seen,
        }
    }

    /// Types bytes as a terminal would send them.
    pub(crate) fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen satisfies a condition and returns it.
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&str) -> bool) -> String {
        let (lock, changed) = &*self.seen;
        let (seen, timeout) = changed
            .wait_timeout_while(lock.lock().unwrap(), PATIENCE, |seen| {
                !seen.closed && !holds(&seen.parser.screen().contents())
            })
            .unwrap();
        let (screen, closed) = (seen.parser.screen().contents(), seen.closed);
        // The reader goes on also where this test ends here.
        drop(seen);
        assert!(
            holds(&screen),
            "waited for {what} (closed: {}, timed out: {})\n{screen}",
            closed,
            timeout.timed_out()
        );
        screen
    }

    /// Waits until a text is on the screen.
    pub(crate) fn shows(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits until a text is no longer on the screen.
    pub(crate) fn hides(&self, text: &str) -> String {
        self.until(&format!("no {text}"), |screen| !screen.contains(text))
    }

    /// Changes the window's size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        self.seen
            .0
            .lock()
            .unwrap()
            .parser
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master
            .resize(PtySize {
                rows,
                cols: columns,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
    }

    /// The process, to send it signals.
    pub(crate) fn pid(&self) -> rustix::process::Pid {
        let id = self
            .child
            .process_id()
            .and_then(|id| i32::try_from(id).ok())
            .unwrap();
        rustix::process::Pid::from_raw(id).unwrap()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).unwrap();
    }

    /// Whether any colour was sent so far.
    pub(crate) fn draws_colour(&self) -> bool {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.parser.screen();
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        cells
            .filter_map(|(row, column)| screen.cell(row, column))
            .any(|cell| cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default)
    }

    /// Waits until the program has stopped itself. A terminal that was given back is not enough to see: the stop comes
    /// right after, and a signal to go on that is sent before it is lost.
    pub(crate) fn stops(&self) {
        use rustix::process::{WaitOptions, waitpid};
        let (_, status) = waitpid(Some(self.pid()), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped(), "{status:?}");
    }

    /// Waits until the program ends and returns its exit code, with whether the terminal was left as it was found:
    /// main screen, cursor shown, no mouse or paste reports.
    pub(crate) fn ends(mut self) -> (u32, bool) {
        let (lock, changed) = &*self.seen;
        let (seen, _) = changed
            .wait_timeout_while(lock.lock().unwrap(), PATIENCE, |seen| !seen.closed)
            .unwrap();
        assert!(
            seen.closed,
            "the program did not end\n{}",
            seen.parser.screen().contents()
        );
        let screen = seen.parser.screen();
        let restored = !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
        drop(seen);
        (self.child.wait().unwrap().exit_code(), restored)
    }
}

impl Drop for Terminal {
    /// A test that failed half-way leaves no sandbox running.
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn cells(count: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(count).unwrap()
}
