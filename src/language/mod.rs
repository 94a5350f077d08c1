//! Words to meaning: what a caller said, as intents and values with their places in the text.
//!
//! Deterministic and explainable: no clock, no chance, time linear in the length of the text. Text arrives as people type
//! it or as a speech recogniser writes it: no punctuation, any letter case, curly apostrophes or none.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@understand`] | text to a [`crate::call::Reading`]: negation, contrast, the primary intent |
//! | [`intent`] | the thirteen coarse intents, and the finer ones mapped to them |
//! | [`lexicon`] | the rule set, data in `assets/language` |
//! | [`values`] | the values of an utterance, as spans of its reading |
//! | [`token`], [`clause`] | words with byte spans, contractions spelled out; how far a negation reaches |
//! | [`number`], [`digits`], [`zip`] | number words, digit strings, ZIP codes |
//! | [`date`], `month`, [`stance`], [`clock`], [`money`] | dates and what was done with them, times, amounts |
//! | [`sensitive`], [`mask`] | secrets that must not be taken; text without its numbers |

pub mod clause;
pub mod clock;
pub mod date;
pub mod digits;
pub mod intent;
pub mod lexicon;
pub mod mask;
pub mod money;
mod month;
pub mod number;
pub mod sensitive;
pub mod stance;
pub mod token;
pub mod understand;
pub mod values;
pub mod zip;

pub use understand::{Context, meaning, understand, understand_text};
pub use values::Values;
