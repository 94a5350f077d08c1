//! Words to meaning: what a caller said, as intents and values with their places in the text.
//!
//! Deterministic and explainable: no clock, no chance, time linear in the length of the text. Text arrives as people type
//! it or as a speech recogniser writes it: no punctuation, any letter case, curly apostrophes or none.
//!
//! | module | holds |
//! |---|---|
//! | [`token`] | words with byte spans, contractions spelled out |
//! | [`number`] | number words: cardinals and ordinals |
//! | [`digits`] | digit strings as they are spoken |

pub mod digits;
pub mod number;
pub mod token;
