//! From a flow file's TOML to a [`Flow`]: every field by name and type, templates checked against the data.

use super::error::Problem;
use super::flow::{Command, Does, EntryRules, Exception, Fallback, Flow, Target, Variable, VariableKind};
use super::read::{Report, Table, Text, id};
use super::source::{Shape, Source};
use super::template::{Expression, Place, Scope, Template};
use crate::call::json::nearest;
use crate::call::{Key, NodeId};
use jiff::SignedDuration;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use toml::Spanned;

/// The newest version of the format.
const VERSION: u32 = 1;

/// Reads the whole file. The flow is only sound if the report stayed empty.
pub(super) fn flow(text: &str, mut top: Table<'_>, source: &Source, report: &Report) -> Option<Flow> {
    let Some(mut head) = top.table("flow") else {
        report.add(
            0..0,
            "the file has no [flow]",
            "a flow starts with it",
            "add [flow] with id, title and start",
        );
        return None;
    };
    match head.number("version", 1..=VERSION) {
        Some(_) => {}
        None if head.has("version") => {}
        None => report.add(
            head.span.clone(),
            "[flow] has no `version`",
            "missing here",
            format!("add version = {VERSION}"),
        ),
    }
    let flow_id = head.need("id", "a short name: id = \"pharmacy\"");
    let title = head.need("title", "what people call the line: title = \"Pharmacy\"");
    let start = head.need("start", "the first node: start = \"welcome\"");
    // Who loads the flow finds its data by these; see `Wants`.
    top.has("data");
    head.finish();

    let mut load = Load {
        text,
        source,
        report,
        scope: Scope::new(),
        variables: BTreeMap::new(),
        fallback: None,
    };
    load.variables(top.table("variables"));
    let entry = load.entry(top.table("entry"))?;
    load.fallback = load.flow_fallback(&mut top);
    let commands = top
        .tables("commands")
        .into_iter()
        .filter_map(|t| load.command(t))
        .collect();
    let mut declared = Vec::new();
    let nodes = if let Some(nodes) = top.table("nodes") {
        let read = |(name, table)| {
            declared.push(NodeId(id(&name)));
            load.node(&name, table, &entry)
        };
        nodes.named_tables().into_iter().filter_map(read).collect()
    } else {
        report.add(
            0..0,
            "the file has no nodes",
            "a flow is made of them",
            "add [nodes.welcome]",
        );
        Vec::new()
    };
    top.finish();
    Some(Flow {
        id: id(&flow_id?),
        title: title?.into_inner(),
        start: target(&start?),
        entry,
        variables: load.variables,
        commands,
        declared,
        nodes,
    })
}

pub(super) fn target(text: &Text) -> Target {
    Target {
        id: NodeId(id(text)),
        span: text.span(),
    }
}

/// What the nodes of a file are read against.
pub(super) struct Load<'a> {
    text: &'a str,
    pub source: &'a Source,
    pub report: &'a Report,
    scope: Scope,
    pub variables: BTreeMap<SmolStr, Variable>,
    fallback: Option<Fallback>,
}

impl Load<'_> {
    fn variables(&mut self, table: Option<Table<'_>>) {
        for name in self.source.shape().fields() {
            if let Some(shape) = self.source.shape().field(name) {
                self.scope.insert(name.to_owned(), shape.clone());
            }
        }
        for (name, shape) in [("entry", Shape::Text), ("today", Shape::Text)] {
            self.scope.insert(name.to_owned(), shape);
        }
        for (name, mut table) in table.into_iter().flat_map(Table::named_tables) {
            let private = table.flag("private", false);
            let row = table.text("row_of");
            let kind = table.text("type");
            table.finish();
            let (kind, shape) = match (row, kind) {
                (Some(list), None) => match self.list_shape(&list) {
                    Some(item) => (VariableKind::RowOf(id(&list)), item),
                    None => continue,
                },
                (None, Some(kind)) => match kind.get_ref().as_str() {
                    "count" => (VariableKind::Count, Shape::Number),
                    "text" => (VariableKind::Text, Shape::Text),
                    "flag" => (VariableKind::Flag, Shape::Flag),
                    _ => {
                        let help = "a variable is a count, a text or a flag, or row_of a list";
                        self.report.add(kind.span(), "no such type", "here", help);
                        continue;
                    }
                },
                _ => {
                    self.report.add(
                        name.span(),
                        format!(
                            "the variable `{}` needs either `type` or `row_of`",
                            name.get_ref()
                        ),
                        "declared here",
                        "such as { type = \"count\" }, or { row_of = \"customers\" }",
                    );
                    continue;
                }
            };
            if self.scope.contains_key(name.get_ref()) {
                self.report.add(
                    name.span(),
                    format!(
                        "`{}` is already the name of something in the data",
                        name.get_ref()
                    ),
                    "declared here",
                    "give the variable another name",
                );
                continue;
            }
            self.scope.insert(name.get_ref().clone(), shape);
            self.variables.insert(id(&name), Variable { kind, private });
        }
    }

    /// The shape of one row of the list at a dotted path of the data.
    fn list_shape(&self, path: &Text) -> Option<Shape> {
        match self.source.shape().at(path.get_ref()) {
            Some(Shape::List(item)) => Some((**item).clone()),
            found => {
                let parent = path.get_ref().rsplit_once('.');
                let (around, last) = match parent {
                    Some((before, last)) => (self.source.shape().at(before).map(Shape::item), last),
                    None => (Some(self.source.shape()), path.get_ref().as_str()),
                };
                let names: Vec<&str> = around.into_iter().flat_map(Shape::fields).collect();
                let help = match nearest(last, names.iter().copied()).filter(|_| found.is_none()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "this flow has no such data".to_owned(),
                    None => format!("the data there has {}", names.join(", ")),
                };
                self.report.add(
                    path.span(),
                    format!("there is no list at `{}`", path.get_ref()),
                    "not a list of the data",
                    help,
                );
                None
            }
        }
    }

    /// The list that a node reads: `customers` in the data, or `customer.deposits` through a variable. Returned as the
    /// dotted path in the data that the rows belong to.
    pub(super) fn list(&self, path: &Text) -> Option<SmolStr> {
        let (first, rest) = path.get_ref().split_once('.').unwrap_or((path.get_ref(), ""));
        let full = match self.variables.get(first).map(|v| &v.kind) {
            Some(VariableKind::RowOf(list)) if !rest.is_empty() => format!("{list}.{rest}"),
            _ => path.get_ref().clone(),
        };
        self.list_shape(&Spanned::new(path.span(), full.clone()))
            .map(|_| SmolStr::from(full))
    }

    /// A variable that holds a row of the list.
    pub(super) fn row_variable(&self, name: &Text, list: &str) -> Option<SmolStr> {
        let kind = self.variables.get(name.get_ref().as_str()).map(|v| &v.kind);
        if matches!(kind, Some(VariableKind::RowOf(of)) if of == list) {
            return Some(id(name));
        }
        let rows = self.variables.iter().filter_map(|(n, v)| match &v.kind {
            VariableKind::RowOf(of) if of == list => Some(n.as_str()),
            _ => None,
        });
        let help = match rows.collect::<Vec<_>>().as_slice() {
            [] => format!("declare one under [variables]: {{ row_of = \"{list}\" }}"),
            names => format!("variables for it are {}", names.join(", ")),
        };
        self.report.add(
            name.span(),
            format!("`{}` is not a variable for a row of `{list}`", name.get_ref()),
            "kept here",
            help,
        );
        None
    }

    fn place<'t>(&'t self, text: &Text) -> Place<'t> {
        Place {
            file: self.text,
            start: text.span().start,
            end: text.span().end,
        }
    }

    pub(super) fn template(&self, text: &Text) -> Template {
        self.template_with(text, &[])
    }

    pub(super) fn template_with(&self, text: &Text, more: &[(&str, Shape)]) -> Template {
        let mut problems: Vec<Problem> = Vec::new();
        let mut scope = self.scope.clone();
        scope.extend(more.iter().map(|(n, s)| ((*n).to_owned(), s.clone())));
        let template = Template::check(text.get_ref(), self.place(text), &scope, &mut problems);
        if template.is_blank() {
            self.report.add(
                text.span(),
                "there is nothing to say here",
                "empty",
                "write what the caller hears",
            );
        }
        self.report.extend(problems);
        template
    }

    pub(super) fn expression(&self, text: &Text) -> (Expression, Shape) {
        let mut problems = Vec::new();
        let checked = Expression::check(text.get_ref(), self.place(text), &self.scope, &mut problems);
        self.report.extend(problems);
        checked
    }

    pub(super) fn key(&self, text: &Text) -> Option<Key> {
        let mut chars = text.get_ref().chars();
        let key = chars
            .next()
            .and_then(Key::from_char)
            .filter(|_| chars.next().is_none());
        if key.is_none() {
            self.report.add(
                text.span(),
                "not a key",
                "here",
                "a key is one of 0-9, *, #, A, B, C, D",
            );
        }
        key
    }

    fn entry(&self, table: Option<Table<'_>>) -> Option<EntryRules> {
        let Some(mut table) = table else {
            self.report.add(
                0..0,
                "the file has no [entry]",
                "it says how digits are entered",
                ENTRY_EXAMPLE,
            );
            return None;
        };
        let inter_digit = table.number("inter_digit_ms", 500..=60_000).unwrap_or(4_000);
        let end = match table.text("end") {
            Some(text) => self.key(&text).filter(|k| {
                let fits = k.digit().is_none();
                if !fits {
                    self.report
                        .add(text.span(), "a digit cannot end an entry", "here", "use # or *");
                }
                fits
            }),
            None => Some(Key::Hash),
        };
        let count = [("entered", Shape::Number), ("expected", Shape::Text)];
        let wrong_length = table
            .need(
                "wrong_length",
                "wrong_length = \"I heard {{ entered }} digits and need {{ expected }}.\"",
            )
            .map(|t| self.template_with(&t, &count));
        let cleared = table
            .need("cleared", "cleared = \"Cleared.\"")
            .map(|t| self.template(&t));
        table.finish();
        Some(EntryRules {
            inter_digit: millis(inter_digit),
            end: end?,
            wrong_length: wrong_length?,
            cleared: cleared?,
        })
    }

    fn flow_fallback(&self, top: &mut Table<'_>) -> Option<Fallback> {
        let no_input = top.table("no_input");
        let no_match = top.table("no_match");
        if no_input.is_none() || no_match.is_none() {
            self.report.add(
                0..0,
                "the file needs [no_input] and [no_match]",
                "they say what happens when nothing fits",
                "each has limit, say and to; see docs/FLOWS.md",
            );
            return None;
        }
        let (no_input, after) = self.exception(no_input, None, true)?;
        let (no_match, _) = self.exception(no_match, None, false)?;
        Some(Fallback {
            after: after.unwrap_or(millis(10_000)),
            no_input,
            no_match,
        })
    }

    /// A `no_input` or `no_match` table; what it leaves out is taken from `base`.
    fn exception(
        &self,
        table: Option<Table<'_>>,
        base: Option<&Exception>,
        timed: bool,
    ) -> Option<(Exception, Option<SignedDuration>)> {
        let Some(mut table) = table else {
            return base.cloned().map(|b| (b, None));
        };
        let limit = table.number("limit", 1..=20).and_then(|n| u8::try_from(n).ok());
        let after = if timed {
            table.number("after_ms", 500..=120_000)
        } else {
            None
        };
        let say = match (table.text("say"), base) {
            (Some(text), _) => Some(self.template(&text)),
            (None, Some(base)) => Some(base.say.clone()),
            (None, None) => table
                .need("say", "what is said before the prompt is repeated")
                .map(|_| Template::default()),
        };
        let to = match (table.text("to"), base) {
            (Some(text), _) => Some(target(&text)),
            (None, Some(base)) => Some(base.to.clone()),
            (None, None) => table
                .need("to", "where the last one leads: to = \"goodbye\"")
                .map(|t| target(&t)),
        };
        table.finish();
        Some((
            Exception {
                limit: limit.or(base.map(|b| b.limit)).unwrap_or(3),
                say: say?,
                to: to?,
            },
            after.map(millis),
        ))
    }

    pub(super) fn node_fallback(&self, table: &mut Table<'_>) -> Option<Fallback> {
        let own_no_input = table.table("no_input");
        let own_no_match = table.table("no_match");
        let base = self.fallback.as_ref();
        let (no_input, after) = self.exception(own_no_input, base.map(|b| &b.no_input), true)?;
        let (no_match, _) = self.exception(own_no_match, base.map(|b| &b.no_match), false)?;
        Some(Fallback {
            after: after.or(base.map(|b| b.after))?,
            no_input,
            no_match,
        })
    }

    fn command(&self, mut table: Table<'_>) -> Option<Command> {
        let span = table.span.clone();
        let name = table.need("name", "name = \"goodbye\"");
        let key = table.text("key").and_then(|t| self.key(&t));
        let phrases = table
            .texts("say")
            .into_iter()
            .map(Spanned::into_inner)
            .collect::<Vec<_>>();
        let to = table.text("to");
        let repeat = table.flag("repeat", false);
        table.finish();
        let does = match (to, repeat) {
            (Some(to), false) => Does::Lead(target(&to)),
            (None, true) => Does::Repeat,
            _ => {
                self.report.add(
                    span,
                    "a command either repeats or leads to a node",
                    "this one",
                    "write repeat = true, or to = \"goodbye\"",
                );
                return None;
            }
        };
        if key.is_none() && phrases.is_empty() {
            self.report.add(
                span,
                "nobody can give this command",
                "this one",
                "add a key, or phrases to say",
            );
            return None;
        }
        let name = name?;
        Some(Command {
            name: id(&name),
            key,
            phrases,
            does,
            span: name.span(),
        })
    }
}

const ENTRY_EXAMPLE: &str = "add [entry] with wrong_length and cleared; see docs/FLOWS.md";

pub(super) fn next(table: &mut Table<'_>, field: &'static str) -> Option<Target> {
    table
        .need(field, "where it leads: the name of a node")
        .map(|t| target(&t))
}

pub(super) fn millis(ms: u32) -> SignedDuration {
    SignedDuration::from_millis(i64::from(ms))
}
