//! The sandbox, driven by keys over a screen in memory.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod calls;
mod desk;
mod jobs;
mod keys;
mod screens;
mod sizes;
mod stories;
