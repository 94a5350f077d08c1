//! Reading TOML strictly: every field is asked for by name and type, what nobody asked for is a mistake, and each
//! mistake knows its bytes in the file.

use super::error::Problem;
use crate::call::json::nearest;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Report(RefCell<Vec<Problem>>);

impl Report {
    /// Notes a mistake.
    pub(super) fn add(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.0.borrow_mut().push(Problem {
            span,
            message: message.into(),
            label: label.to_owned(),
            help: help.into(),
        });
    }

    /// Notes mistakes found elsewhere.
    pub(super) fn extend(&self, problems: Vec<Problem>) {
        self.0.borrow_mut().extend(problems);
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Everything that is wrong.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// A text and its bytes in the file.
pub(super) type Text = Spanned<String>;

/// A table being read.
pub(super) struct Table<'a> {
    /// What it is called in messages: `nodes.main`.
    pub name: String,
    /// The bytes to point at where the table as a whole is meant.
    pub span: Range<usize>,
    fields: &'a DeTable<'a>,
    report: &'a Report,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// The table at the top of the file.
    pub(super) fn top(table: &'a Spanned<DeTable<'a>>, report: &'a Report) -> Self {
        Self {
            name: "the file".to_owned(),
            span: 0..0,
            fields: table.get_ref(),
            report,
            asked: Vec::new(),
        }
    }

    fn value(&mut self, name: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(name);
        self.fields.get(name)
    }

    fn wrong(&self, name: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        self.report.add(
            value.span(),
            format!("`{name}` should be {expected}"),
            &format!("this is {}", kind(value.get_ref())),
            "",
        );
    }

    fn missing(&self, name: &str, example: &str) {
        self.report.add(
            self.span.clone(),
            format!("{} has no `{name}`", self.name),
            "missing here",
            format!("add {example}"),
        );
    }

    /// Whether the field is there; it counts as asked for.
    pub(super) fn has(&mut self, name: &'static str) -> bool {
        self.value(name).is_some()
    }

    /// A text, if the field is there.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Text> {
        let value = self.value(name)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(name, value, "text");
            return None;
        };
        Some(Spanned::new(value.span(), text.to_owned()))
    }

    /// A text that must be there; `example` shows one.
    pub(super) fn need(&mut self, name: &'static str, example: &str) -> Option<Text> {
        if !self.has(name) {
            self.missing(name, example);
            return None;
        }
        self.text(name)
    }

    /// A whole number in a range, if the field is there.
    pub(super) fn number(&mut self, name: &'static str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let value = self.value(name)?;
        let number = whole(value.get_ref()).filter(|n| range.contains(n));
        if number.is_none() {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            self.wrong(name, value, &expected);
        }
        number
    }

    /// How many digits: `8`, or `[4, 6]` for four to six.
    pub(super) fn digits(&mut self, name: &'static str) -> Option<(u8, u8)> {
        let Some(value) = self.value(name) else {
            self.missing(name, "how many digits are wanted: digits = 4, or digits = [4, 6]");
            return None;
        };
        let small = |v: &DeValue<'_>| {
            whole(v)
                .and_then(|n| u8::try_from(n).ok())
                .filter(|n| (1..=32).contains(n))
        };
        let pair = match value.get_ref() {
            DeValue::Array(items) => match items
                .iter()
                .map(|i| small(i.get_ref()))
                .collect::<Vec<_>>()
                .as_slice()
            {
                [Some(min), Some(max)] if min <= max => Some((*min, *max)),
                _ => None,
            },
            other => small(other).map(|n| (n, n)),
        };
        if pair.is_none() {
            self.wrong(
                name,
                value,
                "a count from 1 to 32, or the fewest and the most such as [4, 6]",
            );
        }
        pair
    }

    /// True or false; false where the field is absent.
    pub(super) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        let Some(value) = self.value(name) else {
            return default;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(name, value, "true or false");
            default
        })
    }

    /// A list of texts; empty where the field is absent.
    pub(super) fn texts(&mut self, name: &'static str) -> Vec<Text> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(name, value, "a list of texts");
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let text = item.get_ref().as_str();
                if text.is_none() {
                    self.wrong(name, item, "a list of texts");
                }
                text.map(|t| Spanned::new(item.span(), t.to_owned()))
            })
            .collect()
    }

    /// A table, if the field is there.
    pub(super) fn table(&mut self, name: &'static str) -> Option<Self> {
        let value = self.value(name)?;
        self.open(name, name.to_owned(), value)
    }

    /// A list of tables; empty where the field is absent.
    pub(super) fn tables(&mut self, name: &'static str) -> Vec<Self> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(name, value, "a list of tables");
            return Vec::new();
        };
        items
            .iter()
            .enumerate()
            .filter_map(|(i, item)| self.open(name, format!("{name}[{i}]"), item))
            .collect()
    }

    /// Every table in this one, by its own name, in the order of the file. All names count as asked for.
    pub(super) fn named_tables(self) -> Vec<(Text, Self)> {
        let mut out: Vec<_> = self
            .named_values()
            .into_iter()
            .filter_map(|(key, value)| {
                let label = key.get_ref().clone();
                let mut table = self.open(&label, label.clone(), value)?;
                // A table opened by a header is pointed at by its name.
                table.span = key.span();
                Some((key, table))
            })
            .collect();
        out.sort_by_key(|(key, _)| key.span().start);
        out
    }

    /// Every text in this table, by its own name, in the order of the file.
    pub(super) fn named_texts(self) -> Vec<(Text, Text)> {
        let mut out = Vec::new();
        for (key, value) in self.named_values() {
            match value.get_ref().as_str() {
                Some(text) => out.push((key, Spanned::new(value.span(), text.to_owned()))),
                None => self.wrong(key.get_ref(), value, "text"),
            }
        }
        out
    }

    fn named_values(&self) -> Vec<(Text, &'a Spanned<DeValue<'a>>)> {
        let mut out: Vec<_> = self
            .fields
            .iter()
            .map(|(key, value)| (Spanned::new(key.span(), key.get_ref().to_string()), value))
            .collect();
        out.sort_by_key(|(key, _)| key.span().start);
        out
    }

    fn open(&self, field: &str, label: String, value: &'a Spanned<DeValue<'a>>) -> Option<Self> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(field, value, "a table");
            return None;
        };
        let name = if self.name == "the file" {
            label
        } else {
            format!("{}.{label}", self.name)
        };
        Some(Table {
            name,
            span: value.span(),
            fields: table,
            report: self.report,
            asked: Vec::new(),
        })
    }

    /// Every field that nobody asked for is a mistake.
    pub(super) fn finish(self) {
        for (key, _) in self.fields {
            let name = key.get_ref();
            if self.asked.contains(&name.as_ref()) {
                continue;
            }
            let help = nearest(name, self.asked.iter().copied()).map_or_else(
                || format!("fields here are {}", self.asked.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.report.add(
                key.span(),
                format!("{} has no field `{name}`", self.name),
                "unknown field",
                help,
            );
        }
    }
}

/// A short identifier of a text.
pub(super) fn id(text: &Text) -> SmolStr {
    SmolStr::new(text.get_ref())
}

fn whole(value: &DeValue<'_>) -> Option<u32> {
    let integer = value.as_integer()?;
    u32::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
