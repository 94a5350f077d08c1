//! The loop around the model: waits for something to happen, updates, performs effects, draws. It blocks until a key, a
//! signal, a result or a deadline comes; while nothing moves it costs nothing.

use super::command::Command;
use super::disk::Disk;
use super::effect::{Effect, QueueWish, Report};
use super::model::Model;
use super::pane::Nav;
use super::queue::Queue;
use super::terminal::{Screen, clipboard};
use super::{Error, Options, update, view};
use crate::host::clock;
use crossterm::event::{Event, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The shortest wait between two drawings that nobody asked for.
const LEAST_WAIT: Duration = Duration::from_millis(15);
/// How much is done between two drawings at most.
const MOST_AT_ONCE: usize = 200;

/// Something that happened outside.
enum Happening {
    Terminal(Event),
    TerminalLost(io::Error),
    Signal(i32),
    Report(Report),
}

/// How the sandbox ended.
enum End {
    /// The operator left it.
    Quit,
    /// A signal ended it; its call stays on disk.
    Killed(i32),
}

/// Opens the sandbox and runs it until it is left.
pub(super) fn run(options: Options) -> Result<(), Error> {
    let (mut model, first, lines, state_dir) = options.begin();
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    let mut screen = Screen::open(model.settings.mouse)?;
    draw(&mut screen, &mut model)?;

    let (tell, happenings) = channel();
    let (ask, asked) = channel::<Option<Effect>>();
    let disk = {
        let tell = tell.clone();
        let state_dir = state_dir.clone();
        thread::Builder::new().name("disk".to_owned()).spawn(move || {
            let (mut disk, offer) = Disk::open(lines, state_dir.path());
            let send = |report| tell.send(Happening::Report(report)).is_ok();
            if offer.is_some_and(|offer| !send(offer)) {
                return;
            }
            // An empty wish means that the sandbox ends well; a lost channel means that it does not.
            while let Ok(wish) = asked.recv() {
                let Some(effect) = wish else { return disk.close() };
                if disk.perform(effect).is_some_and(|report| !send(report)) {
                    return;
                }
            }
        })?
    };
    let (wish, wishes) = channel();
    let queue = {
        let tell = tell.clone();
        let state_dir = state_dir.clone();
        let start = model.opened_at.timestamp();
        let send = move |report| tell.send(Happening::Report(report)).is_ok();
        thread::Builder::new().name("jobs".to_owned()).spawn(move || {
            match Queue::open(&state_dir, start) {
                Ok(queue) => queue.run(&wishes, send),
                Err(e) => drop(send(Report::Fatal(e.to_string()))),
            }
        })?
    };
    let to_signals = tell.clone();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            if to_signals.send(Happening::Signal(signal)).is_err() {
                break;
            }
        }
    })?;
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || read_keys(&tell))?;
    let mut shell = Shell {
        screen,
        ask,
        wish,
        since: clock::instant(),
    };
    for effect in first {
        shell.perform(&mut model, effect)?;
    }
    let end = shell.run(&mut model, &happenings);
    let Shell {
        screen, ask, wish, ..
    } = shell;
    drop(screen);
    if matches!(end, Ok(End::Quit)) {
        let _ = ask.send(None);
        let _ = wish.send(QueueWish::Finish { outcome: None });
    }
    drop((ask, wish));
    // What was heard is on disk before the program ends, however it ends.
    let _ = disk.join();
    let _ = queue.join();
    match end? {
        End::Quit => Ok(()),
        End::Killed(signal) => {
            signal_hook::low_level::emulate_default_handler(signal)?;
            Err(Error::Killed(signal))
        }
    }
}

/// Turns what the terminal sends into happenings until it is lost.
fn read_keys(tell: &Sender<Happening>) {
    loop {
        let happening = crossterm::event::read().map_or_else(Happening::TerminalLost, Happening::Terminal);
        let lost = matches!(happening, Happening::TerminalLost(_));
        if tell.send(happening).is_err() || lost {
            return;
        }
    }
}

struct Shell {
    screen: Screen,
    ask: Sender<Option<Effect>>,
    wish: Sender<QueueWish>,
    since: Instant,
}

impl Shell {
    fn run(&mut self, model: &mut Model, happenings: &Receiver<Happening>) -> Result<End, Error> {
        loop {
            let first = match model.next_change() {
                Some(wait) => match happenings.recv_timeout(wait.max(LEAST_WAIT)) {
                    Ok(happening) => Some(happening),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return Ok(End::Quit),
                },
                None => match happenings.recv() {
                    Ok(happening) => Some(happening),
                    Err(_) => return Ok(End::Quit),
                },
            };
            if let Some(end) = self.pass(model)? {
                return Ok(end);
            }
            let waiting = happenings.try_iter().take(MOST_AT_ONCE);
            for happening in first.into_iter().chain(waiting) {
                if let Some(end) = self.take(model, happening)? {
                    return Ok(end);
                }
            }
            draw(&mut self.screen, model)?;
        }
    }

    /// Tells the model how much time went by.
    fn pass(&mut self, model: &mut Model) -> Result<Option<End>, Error> {
        let now = clock::instant();
        let by = now.duration_since(self.since);
        self.since = now;
        self.apply(model, Command::Elapse(by))
    }

    fn take(&mut self, model: &mut Model, happening: Happening) -> Result<Option<End>, Error> {
        match happening {
            Happening::Terminal(event) => match command(model, event) {
                Some(command) => self.apply(model, command),
                None => Ok(None),
            },
            Happening::TerminalLost(e) => Err(e.into()),
            Happening::Report(Report::Fatal(text)) => Err(Error::Broken(text)),
            Happening::Report(report) => self.apply(model, Command::Report(Box::new(report))),
            Happening::Signal(SIGTSTP) => {
                self.screen.suspend(false)?;
                self.since = clock::instant();
                Ok(None)
            }
            Happening::Signal(SIGCONT) => {
                self.screen.retake()?;
                self.since = clock::instant();
                Ok(None)
            }
            Happening::Signal(signal) => Ok(Some(End::Killed(signal))),
        }
    }

    fn apply(&mut self, model: &mut Model, command: Command) -> Result<Option<End>, Error> {
        for effect in update(model, command) {
            if let Some(end) = self.perform(model, effect)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    fn perform(&mut self, model: &mut Model, effect: Effect) -> Result<Option<End>, Error> {
        match effect {
            Effect::Quit => return Ok(Some(End::Quit)),
            Effect::Suspend => {
                self.screen.suspend(true)?;
                self.since = clock::instant();
            }
            Effect::Redraw => self.screen.clear()?,
            Effect::Mouse(on) => self.screen.set_mouse(on)?,
            Effect::Colour(on) => crossterm::style::force_color_output(on),
            Effect::Copy(text) => {
                let tmux = std::env::var_os("TMUX").is_some();
                let gnu_screen = std::env::var("TERM").is_ok_and(|t| t.starts_with("screen")) && !tmux;
                Screen::write(&clipboard(&text, tmux, gnu_screen))?;
                let copied = Report::Copied(text.lines().count());
                return self.apply(model, Command::Report(Box::new(copied)));
            }
            Effect::Queue(wish) => {
                let _ = self.wish.send(wish);
            }
            other => {
                // The worker only ever ends with the sandbox.
                let _ = self.ask.send(Some(other));
            }
        }
        Ok(None)
    }
}

fn draw(screen: &mut Screen, model: &mut Model) -> io::Result<()> {
    screen.draw(|frame| view(model, frame))
}

/// What an event of the terminal means.
fn command(model: &Model, event: Event) -> Option<Command> {
    match event {
        Event::Key(key) => key_command(model, &key),
        Event::Mouse(mouse) => mouse_command(mouse),
        Event::Paste(text) => Some(Command::Paste(text)),
        Event::Resize(width, height) => Some(Command::Resize(width, height)),
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// What a key means now.
pub(super) fn key_command(model: &Model, key: &KeyEvent) -> Option<Command> {
    use super::keymap::Context;
    let context = model.context();
    let offered = model.offer.is_some() && model.dialog.is_none() && !context.is_text();
    let answer = offered
        .then(|| model.keymap.command(Context::Offer, key))
        .flatten();
    answer.or_else(|| model.keymap.command(context, key))
}

fn mouse_command(mouse: MouseEvent) -> Option<Command> {
    let (x, y) = (mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Command::Click(x, y)),
        MouseEventKind::ScrollUp => Some(Command::Wheel(x, y, Nav::Up)),
        MouseEventKind::ScrollDown => Some(Command::Wheel(x, y, Nav::Down)),
        _ => None,
    }
}
