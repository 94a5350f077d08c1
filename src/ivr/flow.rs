//! A phone menu as data: nodes, what they say, and where they lead. Built by loading a flow file, never changed afterwards.

use super::template::{Expression, Template};
use crate::call::{EdgeKind, IntentId, Key, NodeId, OutcomeCode};
use jiff::SignedDuration;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::Range;

/// A flow.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub id: SmolStr,
    pub title: String,
    pub start: Target,
    pub entry: EntryRules,
    pub variables: BTreeMap<SmolStr, Variable>,
    pub commands: Vec<Command>,
    /// The names of all nodes in the file, also of those that could not be read.
    pub declared: Vec<NodeId>,
    pub nodes: Vec<Node>,
}

/// A node's name where it is used, and where in the file that is.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub id: NodeId,
    pub span: Range<usize>,
}

/// How digits are entered, everywhere in the flow.
#[derive(Clone, Debug)]
pub(super) struct EntryRules {
    /// From one digit to the next.
    pub inter_digit: SignedDuration,
    /// The key that ends an entry early.
    pub end: Key,
    /// Said when an entry was not as long as it should be.
    pub wrong_length: Template,
    /// Said when an entry was taken back.
    pub cleared: Template,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum VariableKind {
    /// One row of the list at this dotted path.
    RowOf(SmolStr),
    /// A whole number; 0 until it is set.
    Count,
    /// Words; empty until they are set.
    Text,
    /// False until it is set.
    Flag,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub kind: VariableKind,
    /// Shown as dots in the inspector.
    pub private: bool,
}

/// What can be said or keyed at every menu and every entry.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub name: SmolStr,
    pub key: Option<Key>,
    pub phrases: Vec<String>,
    pub does: Does,
    pub span: Range<usize>,
}

/// What a command does.
#[derive(Clone, Debug)]
pub(super) enum Does {
    /// Takes back a half entry, or says the prompt again.
    Repeat,
    /// Leads to a node.
    Lead(Target),
}

/// What happens when nothing, or nothing that fits, comes.
#[derive(Clone, Debug)]
pub(super) struct Exception {
    /// How many in a row end it.
    pub limit: u8,
    /// Said before the prompt is repeated.
    pub say: Template,
    /// Where the last one leads.
    pub to: Target,
}

/// What a node that waits for the caller falls back on.
#[derive(Clone, Debug)]
pub(super) struct Fallback {
    /// How long nothing may come.
    pub after: SignedDuration,
    pub no_input: Exception,
    pub no_match: Exception,
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub id: NodeId,
    pub label: String,
    pub group: SmolStr,
    pub intent: Option<IntentId>,
    /// Whether the caller may cut in.
    pub barge_in: bool,
    pub kind: Kind,
    /// The node's name in the file.
    pub span: Range<usize>,
}

/// What a node does.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Say {
        text: Template,
        next: Target,
    },
    Collect {
        prompt: Template,
        min: u8,
        max: u8,
        secret: bool,
        next: Target,
        inter_digit: SignedDuration,
        fallback: Fallback,
    },
    Menu {
        prompt: Template,
        options: Vec<Choice>,
        list: Option<ListChoice>,
        fallback: Fallback,
    },
    Check {
        ask: Ask,
        yes: Target,
        no: Target,
        limit: Option<TryLimit>,
    },
    Set {
        assign: Vec<(SmolStr, Expression)>,
        next: Target,
    },
    Call {
        start: Target,
        returns: Vec<(SmolStr, Target)>,
    },
    Return {
        value: SmolStr,
    },
    Hours {
        zone: Option<TimeZone>,
        open_at: Vec<OpenHours>,
        open: Target,
        closed: Target,
    },
    Transfer {
        text: Template,
        target: SmolStr,
        wait: SignedDuration,
        done: Target,
        failed: Target,
    },
    Goto {
        next: Target,
    },
    Hangup {
        text: Template,
        outcome: OutcomeCode,
    },
}

/// One fixed option of a menu.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub key: Key,
    pub label: String,
    /// What comes before "press 1" in the prompt.
    pub phrase: String,
    pub phrases: Vec<String>,
    pub to: Target,
    pub span: Range<usize>,
}

/// Options made from a list in the data.
#[derive(Clone, Debug)]
pub(super) struct ListChoice {
    /// Dotted path; its first part may be a variable.
    pub list: SmolStr,
    pub label: Template,
    /// Other things that can be said for an item.
    pub phrases: Vec<Template>,
    pub store: SmolStr,
    pub to: Target,
}

/// What a check asks.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    /// Whether an expression holds.
    Test(Expression),
    /// Whether a list has a row with these values; the first is kept in a variable.
    Find {
        list: SmolStr,
        same: Vec<(SmolStr, Expression)>,
        store: SmolStr,
    },
}

/// How often a check may fail.
#[derive(Clone, Debug)]
pub(super) struct TryLimit {
    /// The variable that counts.
    pub counter: SmolStr,
    pub limit: u8,
    pub to: Target,
}

/// One stretch of opening hours; the end is exclusive.
#[derive(Clone, Debug)]
pub(super) struct OpenHours {
    pub days: Vec<Weekday>,
    pub from: Time,
    /// `None` is midnight at the end of the day.
    pub to: Option<Time>,
}

/// An edge as the flow file declares it.
#[derive(Clone, Debug)]
pub(super) struct Edge<'a> {
    pub label: SmolStr,
    pub to: &'a Target,
    pub kind: EdgeKind,
}

/// Labels of edges that are not keys. The engine walks with the same names that the graph shows.
pub(super) mod via {
    use smol_str::SmolStr;

    pub(in crate::ivr) const NEXT: SmolStr = SmolStr::new_static("");
    pub(in crate::ivr) const OK: SmolStr = SmolStr::new_static("ok");
    pub(in crate::ivr) const YES: SmolStr = SmolStr::new_static("yes");
    pub(in crate::ivr) const NO: SmolStr = SmolStr::new_static("no");
    pub(in crate::ivr) const LIMIT: SmolStr = SmolStr::new_static("limit");
    pub(in crate::ivr) const NO_INPUT: SmolStr = SmolStr::new_static("no_input");
    pub(in crate::ivr) const NO_MATCH: SmolStr = SmolStr::new_static("no_match");
    pub(in crate::ivr) const OPEN: SmolStr = SmolStr::new_static("open");
    pub(in crate::ivr) const CLOSED: SmolStr = SmolStr::new_static("closed");
    pub(in crate::ivr) const FAILED: SmolStr = SmolStr::new_static("failed");
    pub(in crate::ivr) const ANY: SmolStr = SmolStr::new_static("any");
}

impl Flow {
    /// The node with this name.
    pub(super) fn node(&self, id: &NodeId) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id == *id)
    }

    /// The edges that a node declares, in the order a reader of the file meets them. A `return` declares none: where it
    /// leads is its caller's business (see [`Flow::returns`]).
    pub(super) fn edges<'a>(&'a self, node: &'a Node) -> Vec<Edge<'a>> {
        let edge = |label: SmolStr, to: &'a Target, kind| Edge { label, to, kind };
        let auto = |label, to| edge(label, to, EdgeKind::Auto);
        let mut out = match &node.kind {
            Kind::Say { next, .. } | Kind::Set { next, .. } | Kind::Goto { next } => {
                vec![auto(via::NEXT, next)]
            }
            Kind::Collect { next, .. } => vec![auto(via::OK, next)],
            Kind::Menu { options, list, .. } => list
                .iter()
                .map(|l| edge(via::ANY, &l.to, EdgeKind::Choice))
                .chain(
                    options
                        .iter()
                        .map(|o| edge(key_label(o.key), &o.to, EdgeKind::Choice)),
                )
                .collect(),
            Kind::Check { yes, no, limit, .. } => {
                let mut out = vec![auto(via::YES, yes), auto(via::NO, no)];
                out.extend(limit.iter().map(|l| edge(via::LIMIT, &l.to, EdgeKind::Exception)));
                out
            }
            Kind::Call { start, .. } => vec![auto(via::NEXT, start)],
            Kind::Hours { open, closed, .. } => vec![auto(via::OPEN, open), auto(via::CLOSED, closed)],
            Kind::Transfer { done, failed, .. } => vec![
                auto(via::OK, done),
                edge(via::FAILED, failed, EdgeKind::Exception),
            ],
            Kind::Return { .. } | Kind::Hangup { .. } => Vec::new(),
        };
        if let Some(fallback) = node.fallback() {
            for (command, to) in self.commands_at(node) {
                out.push(edge(command.label(node, to), to, EdgeKind::Exception));
            }
            out.push(edge(via::NO_INPUT, &fallback.no_input.to, EdgeKind::Exception));
            out.push(edge(via::NO_MATCH, &fallback.no_match.to, EdgeKind::Exception));
        }
        out
    }

    /// The commands that lead somewhere from a node that waits. Where an option of the menu has the command's key and
    /// leads to the same place, the option's edge is the command's too.
    fn commands_at<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = (&'a Command, &'a Target)> {
        self.commands.iter().filter_map(move |c| match &c.does {
            Does::Lead(to) if !c.is_option_of(node, to) => Some((c, to)),
            _ => None,
        })
    }

    /// The `return` nodes of the sub-flow that a `call` node starts: those reached from its first node without leaving
    /// through a return. Sub-flows called on the way count as one step.
    pub(super) fn returns<'a>(&'a self, call: &'a Node) -> Vec<&'a Node> {
        let Kind::Call { start, .. } = &call.kind else {
            return Vec::new();
        };
        self.body(&start.id)
            .into_iter()
            .filter(|n| matches!(n.kind, Kind::Return { .. }))
            .collect()
    }

    /// The nodes reached from one without entering or leaving a sub-flow, in the order they are met.
    pub(super) fn body(&self, start: &NodeId) -> Vec<&Node> {
        let mut out: Vec<&Node> = self.node(start).into_iter().collect();
        let mut at = 0;
        while let Some(node) = out.get(at).copied() {
            at += 1;
            let next: Vec<&Target> = match &node.kind {
                Kind::Call { returns, .. } => returns.iter().map(|(_, to)| to).collect(),
                _ => self.edges(node).iter().map(|e| e.to).collect(),
            };
            for target in next {
                if !out.iter().any(|n| n.id == target.id) {
                    out.extend(self.node(&target.id));
                }
            }
        }
        out
    }
}

impl OpenHours {
    /// Whether a moment of the week lies in these hours.
    pub(super) fn contains(&self, day: Weekday, time: Time) -> bool {
        self.days.contains(&day) && self.from <= time && self.to.is_none_or(|to| time < to)
    }
}

impl Node {
    /// What the node falls back on, if it waits for the caller.
    pub(super) const fn fallback(&self) -> Option<&Fallback> {
        match &self.kind {
            Kind::Collect { fallback, .. } | Kind::Menu { fallback, .. } => Some(fallback),
            _ => None,
        }
    }

    /// Whether a call stops here until something is heard, or for good.
    pub(super) const fn waits(&self) -> bool {
        matches!(
            self.kind,
            Kind::Collect { .. } | Kind::Menu { .. } | Kind::Transfer { .. } | Kind::Hangup { .. }
        )
    }

    fn options(&self) -> &[Choice] {
        match &self.kind {
            Kind::Menu { options, .. } => options,
            _ => &[],
        }
    }
}

impl Command {
    /// The label of the edge that the command takes from a node to where it leads: its key at a menu, its name where keys
    /// are digits.
    pub(super) fn label(&self, node: &Node, to: &Target) -> SmolStr {
        match self.key {
            Some(key) if self.key_works_at(node) || self.is_option_of(node, to) => key_label(key),
            _ => self.name.clone(),
        }
    }

    /// Whether the command's key means the command at a node: a digit belongs to an entry, and a menu's own option
    /// comes first.
    pub(super) fn key_works_at(&self, node: &Node) -> bool {
        let Some(key) = self.key else { return false };
        match &node.kind {
            Kind::Collect { .. } => key.digit().is_none(),
            _ => !node.options().iter().any(|o| o.key == key),
        }
    }

    fn is_option_of(&self, node: &Node, to: &Target) -> bool {
        node.options()
            .iter()
            .any(|o| Some(o.key) == self.key && o.to.id == to.id)
    }
}

/// The label of an edge that a key takes.
pub(super) fn key_label(key: Key) -> SmolStr {
    let mut buffer = [0; 4];
    SmolStr::new(key.as_char().encode_utf8(&mut buffer))
}
