//! The terminal sandbox: model, update, view.
//!
//! | module | holds |
//! |---|---|
//! | [`command`] | everything that can be done, as one enum with a sentence each |
//! | [`effect`] | what an update asks the runtime to do, and what comes back |
//! | [`keymap`] | which key means which command where, as data |
//! | [`pane`] | the panes, one file each |
//! | [`theme`] | styles by role |

pub mod command;
pub mod effect;
pub mod keymap;
pub mod pane;
pub mod theme;

pub use command::Command;
