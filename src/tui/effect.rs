//! What an update asks the outside to do, and what comes back of it. Updates themselves touch no file and no clock.

use std::path::PathBuf;

/// Something for the runtime to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Put a text on the clipboard.
    Copy(String),
    /// Draw everything anew.
    Redraw,
    /// Return to the shell for a while.
    Suspend,
    /// End the program.
    Quit,
}

/// What came of an effect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Report {
    /// A file was written.
    Saved(PathBuf),
    /// Something did not work: what, and what to do.
    Failed(String),
}
