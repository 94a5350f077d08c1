//! How fast the program starts: `ivr-tui --version` beside `true` and `python3 -c pass`, the sandbox's first frame in a
//! pseudo-terminal, and the replay of a hundred scenarios. Times depend on the machine, so what counts are the ratios.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::fs;
use std::io::Read as _;
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 200;
const FRAMES: usize = 20;
const VERSION_LIMIT: Duration = Duration::from_millis(5);
const SCENARIOS: usize = 100;
const REPLAY_LIMIT: Duration = Duration::from_millis(100);
const FRAME_LIMIT: Duration = Duration::from_millis(50);
/// The title of a pane that is in every frame.
const SIGN_OF_A_FRAME: &str = "Keypad";

fn main() {
    let program = env!("CARGO_BIN_EXE_ivr-tui");
    // Taken in turns, so that a busy moment of the machine falls on all of them.
    let mut times = [const { Vec::new() }; 3];
    let commands: [&[&str]; 3] = [&[program, "--version"], &["true"], &["python3", "-c", "pass"]];
    for run in 0..RUNS {
        for (command, times) in commands.iter().zip(&mut times) {
            // Python is slow enough to be measured in fewer runs.
            if command.first() == Some(&"python3") && run % 10 != 0 {
                continue;
            }
            times.extend(time(command));
        }
    }
    let [own, nothing, python] = times.map(median);
    let own = own.unwrap();
    println!("ivr-tui --version   {}", shown(own, VERSION_LIMIT));
    if let Some(nothing) = nothing {
        println!("  of `true`             {:>8.2} times", ratio(own, nothing));
    }
    match python {
        Some(python) => println!("  of `python3 -c pass`  {:>8.2} times", ratio(own, python)),
        None => println!("  of `python3 -c pass`  no python3 here"),
    }
    let folder = hundred_scenarios();
    let replay = [program, "replay", "--quiet", folder.path().to_str().unwrap()];
    let replay = median((0..FRAMES).filter_map(|_| time(&replay)).collect()).unwrap();
    println!("{SCENARIOS} scenarios       {}", shown(replay, REPLAY_LIMIT));
    if let Some(python) = python {
        println!("  of `python3 -c pass`  {:>8.2} times", ratio(replay, python));
    }
    let first = median((0..FRAMES).map(|_| first_frame(program)).collect()).unwrap();
    println!("first frame         {}", shown(first, FRAME_LIMIT));
    if let Some(nothing) = nothing {
        println!("  of `true`             {:>8.2} times", ratio(first, nothing));
    }
    if let Some(python) = python {
        println!("  of `python3 -c pass`  {:>8.2} times", ratio(first, python));
    }
}

/// How long a command takes, where it is there at all.
fn time(command: &[&str]) -> Option<Duration> {
    let (program, args) = command.split_first()?;
    let start = Instant::now();
    let status = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| start.elapsed())
}

/// The scenarios of the repository, over and over until there are a hundred.
fn hundred_scenarios() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut shipped = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "json") {
                shipped.push(path);
            }
        }
    }
    shipped.sort();
    let folder = tempfile::tempdir().unwrap();
    for (number, path) in shipped.iter().cycle().take(SCENARIOS).enumerate() {
        fs::copy(path, folder.path().join(format!("{number:03}.json"))).unwrap();
    }
    folder
}

/// From the start of the program until its first frame has been written to the terminal.
fn first_frame(program: &str) -> Duration {
    let state = tempfile::tempdir().unwrap();
    let size = PtySize {
        rows: 36,
        cols: 120,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut command = CommandBuilder::new(program);
    command.args(["--line", "bank", "--state-dir"]);
    command.arg(state.path());
    command.env("TERM", "xterm-256color");
    command.env("HOME", state.path());
    let start = Instant::now();
    let mut child = pty.slave.spawn_command(command).unwrap();
    let mut screen = vt100::Parser::new(
        NonZero::new(size.rows).unwrap(),
        NonZero::new(size.cols).unwrap(),
        0,
    );
    let mut bytes = vec![0; 65536];
    let took = loop {
        let read = reader.read(&mut bytes).unwrap();
        assert!(
            read > 0,
            "the sandbox ended without a frame:\n{}",
            screen.screen().contents()
        );
        screen.process(bytes.get(..read).unwrap());
        if screen.screen().contents().contains(SIGN_OF_A_FRAME) {
            break start.elapsed();
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    took
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn shown(time: Duration, limit: Duration) -> String {
    let word = if time <= limit { "within" } else { "OVER" };
    format!(
        "{:>8.2} ms, {word} the limit of {} ms",
        time.as_secs_f64() * 1000.0,
        limit.as_millis()
    )
}
