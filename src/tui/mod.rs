//! The terminal sandbox: model, update, view.
//!
//! | module | holds |
//! |---|---|
//! | [`command`] | everything that can be done, as one enum with a sentence each |
//! | [`keymap`] | which key means which command where, as data |
//! | [`config`] | the configuration file |
//! | [`model`] | everything the sandbox knows |
//! | [`call`] | the call on the screen, and how much of it is in the journal |
//! | [`dialog`] | help, lists and prompts |
//! | [`effect`] | what an update asks the runtime to do, and what comes back |
//! | [`graph`] | the state graph as a drawing in cells |
//! | [`layout`] | which pane stands where |
//! | [`pane`] | the panes, one file each |
//! | [`theme`] | styles by role |

pub mod call;
pub mod command;
pub mod config;
pub mod dialog;
pub mod effect;
pub mod graph;
pub mod keymap;
pub mod layout;
pub mod model;
pub mod pane;
pub mod theme;

pub use command::Command;
pub use model::Model;
