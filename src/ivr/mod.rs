//! Phone menus from a flow file: an engine that knows no bank and no pharmacy.
//!
//! A flow file (TOML, `docs/FLOWS.md`) declares nodes: some wait for the caller (`collect`, `menu`), the others speak,
//! decide or lead on. Loading checks the whole of it against the shape of its data ([`Rules::load`]), so that a call
//! can take no step that was not declared; [`Ivr`] is the party that walks it, and the state graph is read from the
//! same nodes.
//!
//! | module | holds |
//! |---|---|
//! | [`source`] | [`Source`] and [`Shape`]: the data a flow may read, declared |
//! | `read`, `load`, `node`, `flow` | from TOML to nodes, every mistake with its place |
//! | `template` | texts and expressions, checked before any call |
//! | `check` | the flow as a whole: targets, reachability, dead ends, keys used twice |
//! | [`error`] | [`FlowError`]: all mistakes at once |
//! | [`party`], `understand`, `run`, `offer`, `choose` | the party: one signal through the flow |
//! | `graph` | the state graph |

mod check;
mod choose;
pub mod error;
mod flow;
mod graph;
mod load;
mod node;
mod offer;
pub mod party;
mod read;
mod run;
pub mod source;
mod template;
mod understand;

pub use error::{FlowError, LoadError, Problem};
pub use party::Ivr;
pub use source::{Shape, Source};

use crate::call::At;
use flow::Flow;
use minijinja::{Environment, Value};
use party::Held;
use read::{Report, Table};
use std::collections::BTreeMap;
use toml::de::DeTable;

/// A checked flow and its data: what a call goes by.
#[derive(Clone, Debug)]
pub struct Rules {
    flow: Flow,
    source: Source,
    env: Environment<'static>,
}

/// Where a flow says that its data comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Who knows the data's shape: `json` for a file that is taken as it is, or the name of a data source.
    pub source: String,
    /// A file, relative to the flow's own.
    pub file: Option<String>,
    /// Dotted paths of texts that are never said.
    pub secret: Vec<String>,
}

impl Rules {
    /// Reads and checks a flow file. `file` names it in errors; every mistake that can be found is in the error.
    pub fn load(file: &str, text: &str, source: Source) -> Result<Self, Box<FlowError>> {
        let clean = text.strip_prefix('\u{feff}').unwrap_or(text);
        let fail = |report: Report| Box::new(FlowError::new(file, clean, report.into_problems()));
        let report = Report::default();
        let Some(table) = parse(clean, &report) else {
            return Err(fail(report));
        };
        let flow = load::flow(clean, Table::top(&table, &report), &source, &report);
        if let Some(flow) = &flow {
            check::check(flow, &report);
        }
        match flow {
            Some(flow) if report.is_empty() => {
                let env = template::environment();
                Ok(Self { flow, source, env })
            }
            _ => Err(fail(report)),
        }
    }

    /// The line's name.
    pub fn title(&self) -> &str {
        &self.flow.title
    }

    /// The flow's short name.
    pub fn id(&self) -> &str {
        &self.flow.id
    }

    /// The names that a template sees.
    fn names<const N: usize>(
        &self,
        state: &Ivr,
        entry: Option<&str>,
        at: Option<&At>,
        more: [(&str, Value); N],
    ) -> Value {
        let mut names: BTreeMap<&str, Value> = self.source.top().collect();
        for (name, held) in &state.variables {
            let value = match held {
                Held::Row(path) => self.source.value(path).unwrap_or_default(),
                Held::Count(n) => Value::from(*n),
                Held::Text(text) => Value::from(text.reveal()),
                Held::Flag(flag) => Value::from(*flag),
            };
            names.insert(name, value);
        }
        if let Some(entry) = entry {
            names.insert("entry", Value::from(entry));
        }
        if let Some(at) = at {
            names.insert("today", Value::from(at.civil.date().to_string()));
        }
        names.extend(more);
        Value::from_pairs(names)
    }
}

impl Wants {
    /// What data a flow file asks for, before it is loaded whole.
    pub fn of(file: &str, text: &str) -> Result<Self, Box<FlowError>> {
        let clean = text.strip_prefix('\u{feff}').unwrap_or(text);
        let report = Report::default();
        let mut wants = Self::default();
        let table = parse(clean, &report);
        let data = table.as_ref().and_then(|t| Table::top(t, &report).table("data"));
        if let Some(mut data) = data {
            let source = data.need("source", "source = \"json\"");
            wants.source = source.map(toml::Spanned::into_inner).unwrap_or_default();
            wants.file = data.text("file").map(toml::Spanned::into_inner);
            let secret = data.texts("secret").into_iter();
            wants.secret = secret.map(toml::Spanned::into_inner).collect();
            data.finish();
        }
        if report.is_empty() {
            Ok(wants)
        } else {
            Err(Box::new(FlowError::new(file, clean, report.into_problems())))
        }
    }
}

fn parse<'a>(text: &'a str, report: &Report) -> Option<toml::Spanned<DeTable<'a>>> {
    if text.trim().is_empty() {
        report.add(
            0..0,
            "the file is empty",
            "here",
            "a flow is TOML; see docs/FLOWS.md",
        );
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for e in &errors {
        let span = e.span().unwrap_or(0..0);
        report.add(span, format!("this is not TOML: {}", e.message()), "here", "");
    }
    errors.is_empty().then_some(table)
}
