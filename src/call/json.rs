//! Strict JSON: a mistake is named by file, line, column and path, with a suggestion where one is near.

use serde::de::DeserializeOwned;
use std::fmt;

/// A mistake in a file that a person edits. Carries no value from the file, only places, names and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// The file as it was named to us.
    pub file: String,
    /// From 1; 0 where the mistake has no line.
    pub line: usize,
    /// From 1; 0 where the mistake has no column.
    pub column: usize,
    /// The path inside the file (`events[3].expect.phase`); empty for the file as a whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column.max(1))?;
        }
        f.write_str(": ")?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl miette::Diagnostic for FileError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }
}

impl FileError {
    /// A mistake of the file as a whole.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            column: 0,
            path: String::new(),
            message: message.into(),
            help: None,
        }
    }

    /// A mistake at a path of `text`, found after it was read.
    pub fn at(file: &str, text: &str, path: &str, message: impl Into<String>) -> Self {
        let (line, column) = locate(text, path).unwrap_or((0, 0));
        Self {
            file: file.to_owned(),
            line,
            column,
            path: path.to_owned(),
            message: message.into(),
            help: None,
        }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Reads `text` as a `T`. Unknown fields (where `T` denies them), wrong types, missing fields and malformed JSON come
/// back with their place; text after the value is a mistake too.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(FileError::whole(file, "the file is empty").with_help("it should hold JSON"));
    }
    let mut de = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut de).map_err(|e| {
        let path = e.path().to_string();
        from_serde(file, text, if path == "." { "" } else { &path }, e.inner())
    })?;
    de.end().map_err(|e| from_serde(file, text, "", &e))?;
    Ok(value)
}

/// Says what `serde_json` found wrong, and where: it stops reading behind a value that does not fit, so the value's own
/// beginning is looked up by its path.
fn from_serde(file: &str, text: &str, path: &str, e: &serde_json::Error) -> FileError {
    let full = e.to_string();
    let message = full
        .rfind(" at line ")
        .and_then(|at| full.get(..at))
        .unwrap_or(&full);
    let help = suggestion(message);
    let found = if e.is_data() { locate(text, path) } else { None };
    let (line, column) = found.unwrap_or((e.line(), e.column()));
    FileError {
        file: file.to_owned(),
        line,
        column,
        path: path.to_owned(),
        message: without_values(message),
        help,
    }
}

/// serde quotes the offending value (`invalid type: string "secret", expected u64`); the kind is enough.
fn without_values(message: &str) -> String {
    // A record given as an array is read by position: its length is what does not fit then.
    if message.starts_with("invalid length ") && message.contains(", expected struct ") {
        return "found array, expected an object".to_owned();
    }
    let Some(rest) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
    else {
        return message.to_owned();
    };
    let kind = rest.split([' ', ',']).next().unwrap_or("value");
    let kind = match kind {
        "integer" | "floating" => "number",
        "boolean" => "true/false",
        "map" => "object",
        "sequence" => "array",
        other => other,
    };
    match rest.rfind(", expected ") {
        Some(at) => {
            let expected = match rest.get(at + ", expected ".len()..).unwrap_or_default() {
                "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
                "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
                "f32" | "f64" => "a number",
                "a boolean" => "true or false",
                "a map" => "an object",
                "a sequence" => "an array",
                "a character" => "one character",
                // The names of our own types say nothing to the file's author.
                other if other.starts_with("struct ") || other.contains("tagged enum ") => "an object",
                other => other,
            };
            format!("found {kind}, expected {expected}")
        }
        None => format!("found {kind}, which does not fit here"),
    }
}

/// For ``unknown field `x`, expected one of `a`, `b` ``: the nearest expected name.
fn suggestion(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let wrong = names.next()?;
    nearest(wrong, names).map(|name| format!("did you mean `{name}`?"))
}

/// The candidate nearest to `wrong`, if one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(&wrong, &c.to_lowercase()), c))
        .filter(|(distance, c)| *distance <= 1 + c.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// Where in valid JSON `text` the value at `path` (`events[3].expect`) begins: line and column, from 1.
pub fn locate(text: &str, path: &str) -> Option<(usize, usize)> {
    let mut at = Cursor {
        text: text.as_bytes(),
        pos: 0,
    };
    at.space();
    for segment in segments(path) {
        match segment {
            Segment::Key(key) => at.enter_key(&key)?,
            Segment::Index(index) => at.enter_index(index)?,
        }
    }
    let before = text.as_bytes().get(..at.pos)?;
    let line = before.split(|b| *b == b'\n').count();
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
    let column = text.get(start..at.pos)?.chars().count() + 1;
    Some((line, column))
}

enum Segment {
    Key(String),
    Index(usize),
}

fn segments(path: &str) -> Vec<Segment> {
    let mut out = Vec::new();
    for part in path.split('.').filter(|p| !p.is_empty()) {
        let mut pieces = part.split('[');
        if let Some(key) = pieces.next().filter(|k| !k.is_empty()) {
            out.push(Segment::Key(key.to_owned()));
        }
        out.extend(
            pieces
                .filter_map(|p| p.trim_end_matches(']').parse().ok())
                .map(Segment::Index),
        );
    }
    out
}

/// Walks JSON that is known to be well-formed.
struct Cursor<'a> {
    text: &'a [u8],
    pos: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.pos).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.pos += 1;
        }
    }

    fn enter_key(&mut self, key: &str) -> Option<()> {
        self.open(b'{')?;
        loop {
            self.space();
            let start = self.pos;
            self.string()?;
            let name: String = serde_json::from_slice(self.text.get(start..self.pos)?).ok()?;
            self.space();
            self.open(b':')?;
            self.space();
            if name == key {
                return Some(());
            }
            self.value()?;
            self.space();
            self.open(b',')?;
        }
    }

    fn enter_index(&mut self, index: usize) -> Option<()> {
        self.open(b'[')?;
        self.space();
        for _ in 0..index {
            self.value()?;
            self.space();
            self.open(b',')?;
            self.space();
        }
        Some(())
    }

    fn open(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.pos += 1)
    }

    fn string(&mut self) -> Option<()> {
        self.open(b'"')?;
        loop {
            match self.peek()? {
                b'\\' => self.pos += 2,
                b'"' => {
                    self.pos += 1;
                    return Some(());
                }
                _ => self.pos += 1,
            }
        }
    }

    fn value(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.pos += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return Some(()),
                b'}' | b']' => {
                    depth -= 1;
                    self.pos += 1;
                }
                _ => self.pos += 1,
            }
            if depth == 0 && matches!(self.text.get(self.pos.wrapping_sub(1)), Some(b'"' | b'}' | b']')) {
                return Some(());
            }
        }
    }
}
