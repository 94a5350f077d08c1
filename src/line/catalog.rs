//! What ships inside the program: lines, presets and scenarios, so that it runs without any file beside it.
