//! The `ivr-tui` program: everything is in the library's `cli` room.

use std::process::ExitCode;

fn main() -> ExitCode {
    ivr_tui::cli::main(std::env::args_os())
}
