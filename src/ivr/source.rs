//! What a flow's templates and checks may read: a tree of data, and the declared shape of that tree.
//!
//! The engine knows no bank and no pharmacy. Whoever owns the data builds a [`Source`]; the shape is what templates are
//! checked against before a call can reach them, also where a list happens to be empty today.

use crate::call::json::{self, FileError};
use minijinja::Value;
use serde_json::Value as Json;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;

/// The shape of a piece of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Words, and whatever is said as it is written: amounts, dates, numbers of accounts.
    Text,
    /// A number that can be compared.
    Number,
    /// True or false.
    Flag,
    /// What a caller must know and must not hear: it can be compared, never said.
    Secret,
    /// Any number of items of one shape.
    List(Box<Self>),
    /// Named fields.
    Record(BTreeMap<SmolStr, Self>),
    /// Nothing is known: the item of a list that is empty in a file that declares no shapes.
    Unknown,
}

impl Shape {
    /// A list of records or values.
    pub fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// A record with these fields.
    pub fn record<const N: usize>(fields: [(&'static str, Self); N]) -> Self {
        Self::Record(
            fields
                .into_iter()
                .map(|(name, shape)| (SmolStr::new_static(name), shape))
                .collect(),
        )
    }

    /// The shape at a dotted path; a list on the way stands for any of its items.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.')
            .try_fold(self, |shape, name| shape.item().field(name))
    }

    /// A field of a record.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Record(fields) => fields.get(name),
            Self::Unknown => Some(&Self::Unknown),
            _ => None,
        }
    }

    /// The names of a record's fields.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let fields = match self {
            Self::Record(fields) => Some(fields.keys().map(SmolStr::as_str)),
            _ => None,
        };
        fields.into_iter().flatten()
    }

    /// What a list holds; anything else is itself.
    pub fn item(&self) -> &Self {
        match self {
            Self::List(item) => item,
            other => other,
        }
    }

    /// Reads the shape off JSON. The items of a list must agree.
    fn of(file: &str, text: &str, path: &str, value: &Json) -> Result<Self, FileError> {
        Ok(match value {
            Json::String(_) => Self::Text,
            Json::Number(_) => Self::Number,
            Json::Bool(_) => Self::Flag,
            Json::Null => {
                return Err(FileError::at(file, text, path, "null has no shape")
                    .with_help("leave the field out of every item, or give it a value"));
            }
            Json::Array(items) => {
                let mut known = Self::Unknown;
                for (i, item) in items.iter().enumerate() {
                    let here = format!("{path}[{i}]");
                    let shape = Self::of(file, text, &here, item)?;
                    known = known.merge(shape).map_err(|why| {
                        FileError::at(file, text, &here, why)
                            .with_help("every item of a list has the same fields, of the same types")
                    })?;
                }
                Self::list(known)
            }
            Json::Object(fields) => {
                let mut record = BTreeMap::new();
                for (name, value) in fields {
                    let here = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    record.insert(SmolStr::new(name), Self::of(file, text, &here, value)?);
                }
                Self::Record(record)
            }
        })
    }

    fn merge(self, other: Self) -> Result<Self, String> {
        match (self, other) {
            (Self::Unknown, shape) | (shape, Self::Unknown) => Ok(shape),
            (Self::List(a), Self::List(b)) => a.merge(*b).map(Self::list),
            (Self::Record(a), Self::Record(mut b)) => {
                let mut merged = BTreeMap::new();
                for (name, shape) in a {
                    let Some(other) = b.remove(&name) else {
                        return Err(format!("the field `{name}` of the items before is missing"));
                    };
                    merged.insert(name, shape.merge(other)?);
                }
                match b.into_keys().next() {
                    Some(extra) => Err(format!("the field `{extra}` is not in the items before")),
                    None => Ok(Self::Record(merged)),
                }
            }
            (a, b) if a == b => Ok(a),
            (a, b) => Err(format!("this is {b}, and the items before are {a}")),
        }
    }

    /// Where and how a value does not have this shape.
    fn misfit(&self, path: &str, value: &Json) -> Option<String> {
        let wrong = || Some(format!("{path} should be {self}"));
        match (self, value) {
            (Self::Text | Self::Secret, Json::String(_))
            | (Self::Number, Json::Number(_))
            | (Self::Flag, Json::Bool(_))
            | (Self::Unknown, _) => None,
            (Self::List(item), Json::Array(items)) => items
                .iter()
                .enumerate()
                .find_map(|(i, v)| item.misfit(&format!("{path}[{i}]"), v)),
            (Self::Record(fields), Json::Object(values)) => {
                if let Some(extra) = values.keys().find(|k| !fields.contains_key(k.as_str())) {
                    return Some(format!("{path}.{extra} is not declared"));
                }
                fields.iter().find_map(|(name, shape)| {
                    let here = format!("{path}.{name}");
                    match values.get(name.as_str()) {
                        Some(v) => shape.misfit(&here, v),
                        None => Some(format!("{here} is missing")),
                    }
                })
            }
            _ => wrong(),
        }
    }
}

/// In words: `a list of records`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Secret => "a secret",
            Self::List(_) => "a list",
            Self::Record(_) => "a record",
            Self::Unknown => "unknown",
        })
    }
}

/// Data for a flow: the tree, and its shape. `{:?}` prints the shape alone: the data may hold secrets.
#[derive(Clone)]
pub struct Source {
    shape: Shape,
    json: Json,
    value: Value,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

impl Default for Source {
    fn default() -> Self {
        Self::unchecked(
            Shape::Record(BTreeMap::new()),
            Json::Object(serde_json::Map::new()),
        )
    }
}

impl Source {
    /// Data of a declared shape; the error says where the data does not have it.
    pub fn new(shape: Shape, json: Json) -> Result<Self, String> {
        match shape.misfit("data", &json) {
            Some(misfit) => Err(misfit),
            None => Ok(Self::unchecked(shape, json)),
        }
    }

    /// Data from a JSON file, whose shape is read off it. `secret` are dotted paths of texts that must never be said.
    pub fn from_json(file: &str, text: &str, secret: &[&str]) -> Result<Self, FileError> {
        let json: Json = json::parse(file, text)?;
        if !json.is_object() {
            return Err(
                FileError::whole(file, "the data of a flow is an object").with_help("start it with {")
            );
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut shape = Shape::of(file, text, "", &json)?;
        for path in secret {
            let place = path.split('.').try_fold(&mut shape, |shape, name| {
                let mut item = shape;
                while let Shape::List(inner) = item {
                    item = inner;
                }
                match item {
                    Shape::Record(fields) => fields.get_mut(name),
                    _ => None,
                }
            });
            match place {
                Some(place @ Shape::Text) => *place = Shape::Secret,
                _ => {
                    return Err(FileError::whole(
                        file,
                        format!("there is no text at {path}, which the flow keeps secret"),
                    ));
                }
            }
        }
        Ok(Self::unchecked(shape, json))
    }

    fn unchecked(shape: Shape, json: Json) -> Self {
        let value = Value::from(minijinja::value::Serde(&json));
        Self { shape, json, value }
    }

    /// The shape of the whole tree.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The names and values at the top of the tree.
    pub(super) fn top(&self) -> impl Iterator<Item = (&str, Value)> {
        self.shape
            .fields()
            .filter_map(|name| self.value.get_attr(name).ok().map(|v| (name, v)))
    }

    /// The value at a path of the data such as `customers.0.deposits.1`.
    pub(super) fn value(&self, path: &str) -> Option<Value> {
        path.split('.').try_fold(self.value.clone(), |value, part| {
            let next = match part.parse::<usize>() {
                Ok(index) => value.get_item_by_index(index),
                Err(_) => value.get_attr(part),
            };
            next.ok().filter(|v| !v.is_undefined())
        })
    }

    /// The JSON at a path of the data.
    pub(super) fn json(&self, path: &str) -> Option<&Json> {
        path.split('.')
            .try_fold(&self.json, |value, part| match part.parse::<usize>() {
                Ok(index) => value.get(index),
                Err(_) => value.get(part),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_declared_shape_refuses_what_does_not_fit() {
        let shape = || Shape::record([("name", Shape::Text), ("ages", Shape::list(Shape::Number))]);
        assert!(Source::new(shape(), json!({"name": "a", "ages": [1]})).is_ok());
        let wrong = |v| Source::new(shape(), v).unwrap_err();
        assert_eq!(
            wrong(json!({"name": "a", "ages": ["1"]})),
            "data.ages[0] should be a number"
        );
        assert_eq!(wrong(json!({"name": "a"})), "data.ages is missing");
        assert_eq!(
            wrong(json!({"name": "a", "ages": [], "x": 1})),
            "data.x is not declared"
        );
    }

    #[test]
    fn a_shape_is_read_off_json_and_its_lists_must_agree() {
        let source = Source::from_json(
            "d.json",
            r#"{"a": [{"n": 1, "t": []}, {"n": 2, "t": ["x"]}]}"#,
            &[],
        )
        .unwrap();
        let item = Shape::record([("n", Shape::Number), ("t", Shape::list(Shape::Text))]);
        assert_eq!(*source.shape(), Shape::record([("a", Shape::list(item))]));
        let e = Source::from_json("d.json", "{\"a\": [{\"n\": 1},\n {\"m\": 2}]}", &[]).unwrap_err();
        assert_eq!(
            e.to_string(),
            "d.json:2:2: a[1]: the field `n` of the items before is missing\n  help: every item of a list has the same fields, of the same types"
        );
    }

    #[test]
    fn the_data_never_prints() {
        let source = Source::from_json("d.json", r#"{"code": "8642"}"#, &["code"]).unwrap();
        assert!(!format!("{source:?}").contains("8642"));
    }

    #[test]
    fn paths_reach_items() {
        let source = Source::from_json("d.json", r#"{"a": [{"b": [1]}, {"b": [1, 2, 3]}]}"#, &[]).unwrap();
        assert_eq!(source.value("a.1.b.2"), Some(Value::from(3)));
        assert_eq!(source.json("a.0.b.5"), None);
    }
}
