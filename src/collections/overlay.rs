//! Laying a few changed fields over a whole: scenario files and HTTP clients name only what differs from the default.

use crate::call::json::{FileError, nearest};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is wrong with an account or a policy as it was changed. Carries no value, only names and advice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct SetupError {
    /// The field's path.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

impl SetupError {
    /// A mistake at a path.
    pub fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
            help: help.into(),
        }
    }

    /// The mistake as one of a file, where the overrides stand under `root` (`context`, `policy`).
    pub fn in_file(&self, file: &str, text: &str, root: &str) -> FileError {
        let path = match (root.is_empty(), self.path.is_empty()) {
            (true, _) => self.path.clone(),
            (false, true) => root.to_owned(),
            (false, false) => format!("{root}.{}", self.path),
        };
        let mut error = FileError::at(file, text, &path, self.message.clone());
        if error.line == 0 {
            // A field of the default may be the mistaken one, or it was named without its section.
            let last = path.rsplit('.').next().unwrap_or_default();
            let short = if root.is_empty() {
                last.to_owned()
            } else {
                format!("{root}.{last}")
            };
            let near = FileError::at(file, text, &short, self.message.clone());
            let near = if near.line == 0 {
                FileError::at(file, text, root, self.message.clone())
            } else {
                near
            };
            (error.line, error.column) = (near.line, near.column);
        }
        if self.help.is_empty() {
            error
        } else {
            error.with_help(self.help.clone())
        }
    }
}

/// An unknown field, with the nearest known one.
pub fn unknown<'a>(path: &str, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> SetupError {
    let help = nearest(name, known.clone()).map_or_else(
        || format!("fields are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    SetupError::new(path, format!("unknown field `{name}`"), help)
}

/// Lays `over` on `base`, field by field. `null` leaves the default. A field that `base` does not have is an error where
/// `strict`, and ignored otherwise.
pub fn merge(base: &mut Value, over: &Value, path: &str, strict: bool) -> Result<(), SetupError> {
    match (base, over) {
        (_, Value::Null) => Ok(()),
        (Value::Object(base), Value::Object(over)) => {
            for (name, value) in over {
                let here = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                if let Some(known) = base.get_mut(name) {
                    merge(known, value, &here, strict)?;
                } else if strict {
                    return Err(unknown(
                        &here,
                        name,
                        base.keys().map(String::as_str).collect::<Vec<_>>(),
                    ));
                }
            }
            Ok(())
        }
        (Value::Object(_), _) => Err(SetupError::new(path, "an object was expected", "")),
        (base, over) => {
            *base = over.clone();
            Ok(())
        }
    }
}

/// Reads the merged value as its type; the path of a field of the wrong type is in the error.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, SetupError> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        let message = e.inner().to_string();
        // serde quotes the value; what was expected is enough.
        let message = message
            .rfind(", expected ")
            .and_then(|at| message.get(at + 2..))
            .map_or_else(
                || message.clone(),
                |expected| format!("wrong kind of value, {expected}"),
            );
        SetupError::new(if path == "." { String::new() } else { path }, message, "")
    })
}
