//! The machine: files with limits and clear errors, the one clock, the state directory.
//!
//! Everything above the purity line that touches a file or a clock does it through here.

pub mod clock;
pub mod files;
pub mod lines;
pub mod state_dir;
