//! Words to meaning.
