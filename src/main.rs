//! Parses the command line, wires the rooms together, runs.

fn main() {}
