//! The flow as a whole: names that lead nowhere, nodes nobody reaches, keys used twice, calls that could never end.

use super::choose::content;
use super::flow::{Command, Does, Edge, Flow, Kind, Node, Target};
use super::offer::list_keys;
use super::read::Report;
use crate::call::NodeId;
use crate::call::json::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// Reports everything that is wrong with a flow as a whole. What follows from the parts is only looked at where they are
/// sound: a node that could not be read would make others look unreachable.
pub(super) fn check(flow: &Flow, report: &Report) {
    let sound = report.is_empty();
    commands(flow, report);
    for node in &flow.nodes {
        options(node, report);
    }
    if targets(flow, report) && sound {
        sub_flows(flow, report);
        reach(flow, report);
        silent_loops(flow, report);
    }
}

fn commands(flow: &Flow, report: &Report) {
    let mut keys = BTreeMap::new();
    let mut phrases = BTreeMap::new();
    for command in &flow.commands {
        let first = command
            .key
            .and_then(|key| Some((key, keys.insert(key, &command.name)?)));
        if let Some((key, first)) = first {
            let message = format!("the key {key} is used twice; the first command with it is `{first}`");
            report.add(
                command.span.clone(),
                message,
                "this command",
                "give each its own key",
            );
        }
        for phrase in &command.phrases {
            if let Some(first) = phrases
                .insert(content(phrase), &command.name)
                .filter(|f| **f != command.name)
            {
                let message = format!("\"{phrase}\" is said for two commands; the first is `{first}`");
                report.add(
                    command.span.clone(),
                    message,
                    "this command",
                    "give each its own phrases",
                );
            }
        }
    }
}

fn options(node: &Node, report: &Report) {
    let Kind::Menu { options, list, .. } = &node.kind else {
        return;
    };
    if list.is_some() && list_keys(node).len() < 2 {
        report.add(
            node.span.clone(),
            format!("`{}` leaves no keys for its list", node.id),
            "this menu",
            "keep at least the keys 1 and 2 free of options: the list's items take them",
        );
    }
    let mut keys = BTreeMap::new();
    let mut phrases = BTreeMap::new();
    for option in options {
        if let Some(first) = keys.insert(option.key, &option.label) {
            report.add(
                option.span.clone(),
                format!("the key {} is used twice in this menu", option.key),
                "used again here",
                format!("it is the key of \"{first}\" already"),
            );
        }
        for phrase in &option.phrases {
            let known = phrases.insert(content(phrase), option.key);
            if let Some(first) = known.filter(|first| *first != option.key) {
                report.add(
                    option.span.clone(),
                    format!("\"{phrase}\" is said for two options of this menu"),
                    "one of them",
                    format!("the other has key {first}; a caller who says it could mean either"),
                );
            }
        }
    }
}

/// Whether every name of a node is one.
fn targets(flow: &Flow, report: &Report) -> bool {
    let names: BTreeSet<&str> = flow.declared.iter().map(NodeId::as_str).collect();
    let mut sound = true;
    let mut look = |target: &Target| {
        if names.contains(target.id.as_str()) {
            return;
        }
        sound = false;
        let help = nearest(target.id.as_str(), names.iter().copied()).map_or_else(
            || "add a node of this name".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("no node is called `{}`", target.id);
        report.add(target.span.clone(), message, "leads nowhere", help);
    };
    look(&flow.start);
    for command in &flow.commands {
        if let Does::Lead(to) = &command.does {
            look(to);
        }
    }
    for node in &flow.nodes {
        flow.edges(node).iter().for_each(|e| look(e.to));
        if let Kind::Call { returns, .. } = &node.kind {
            for (_, to) in returns {
                look(to);
            }
        }
    }
    sound
}

fn sub_flows(flow: &Flow, report: &Report) {
    for node in flow.body(&flow.start.id) {
        if matches!(node.kind, Kind::Return { .. }) {
            report.add(
                node.span.clone(),
                format!("`{}` returns from a sub-flow that nobody called", node.id),
                "reached without a call",
                "only a node of kind \"call\" may lead to where it stands",
            );
        }
    }
    for call in &flow.nodes {
        let Kind::Call { start, returns } = &call.kind else {
            continue;
        };
        if flow.body(&start.id).iter().any(|n| n.id == call.id) {
            report.add(
                call.span.clone(),
                format!(
                    "the sub-flow that `{}` calls leads back to it without returning",
                    call.id
                ),
                "calls itself",
                "leave a sub-flow through a node of kind \"return\"",
            );
        }
        let given: BTreeSet<&str> = flow
            .returns(call)
            .iter()
            .filter_map(|n| match &n.kind {
                Kind::Return { value } => Some(value.as_str()),
                _ => None,
            })
            .collect();
        for value in &given {
            if !returns.iter().any(|(v, _)| v == value) {
                report.add(
                    call.span.clone(),
                    format!(
                        "`{}` does not say where the returned value `{value}` leads",
                        call.id
                    ),
                    "called here",
                    format!("add {value} = \"...\" to its returns"),
                );
            }
        }
        for (value, to) in returns {
            if !given.contains(value.as_str()) {
                report.add(
                    to.span.clone(),
                    format!("the sub-flow never returns `{value}`"),
                    "never taken",
                    if given.is_empty() {
                        "it has no node of kind \"return\"".to_owned()
                    } else {
                        format!(
                            "it returns {}",
                            given.iter().copied().collect::<Vec<_>>().join(", ")
                        )
                    },
                );
            }
        }
    }
}

/// Every node is reached, and from every node the call can end.
fn reach(flow: &Flow, report: &Report) {
    let forward = closure(flow, std::slice::from_ref(&flow.start.id), |node| {
        flow.leads(node).into_iter().map(|e| e.to.id.clone()).collect()
    });
    for node in flow.nodes.iter().filter(|n| !forward.contains(&n.id)) {
        report.add(
            node.span.clone(),
            format!("no caller ever reaches `{}`", node.id),
            "unreachable",
            "lead to it from another node, or take it out",
        );
    }
    let ends: Vec<NodeId> = flow
        .nodes
        .iter()
        .filter(|n| matches!(n.kind, Kind::Hangup { .. }))
        .map(|n| n.id.clone())
        .collect();
    let mut into: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for node in &flow.nodes {
        for edge in flow.leads(node) {
            into.entry(edge.to.id.clone()).or_default().push(node.id.clone());
        }
    }
    let back = closure(flow, &ends, |node| {
        into.get(&node.id).cloned().unwrap_or_default()
    });
    for node in flow
        .nodes
        .iter()
        .filter(|n| forward.contains(&n.id) && !back.contains(&n.id))
    {
        report.add(
            node.span.clone(),
            format!("`{}` is a dead end: no way on from it ends the call", node.id),
            "dead end",
            "let it lead to a node of kind \"hangup\" in the end",
        );
    }
}

fn closure(flow: &Flow, from: &[NodeId], next: impl Fn(&Node) -> Vec<NodeId>) -> BTreeSet<NodeId> {
    let mut seen: BTreeSet<NodeId> = from.iter().cloned().collect();
    let mut todo: Vec<NodeId> = from.to_vec();
    while let Some(id) = todo.pop() {
        for to in flow.node(&id).map(&next).unwrap_or_default() {
            if seen.insert(to.clone()) {
                todo.push(to);
            }
        }
    }
    seen
}

/// A ring of nodes in which none waits for the caller would speak for ever.
fn silent_loops(flow: &Flow, report: &Report) {
    for node in flow.nodes.iter().filter(|n| !n.waits()) {
        let silent = |n: &Node| -> Vec<NodeId> {
            if n.waits() {
                return Vec::new();
            }
            flow.leads(n).into_iter().map(|e| e.to.id.clone()).collect()
        };
        let first = silent(node);
        if closure(flow, &first, silent).contains(&node.id) {
            report.add(
                node.span.clone(),
                format!(
                    "`{}` leads back to itself and nobody is asked on the way",
                    node.id
                ),
                "goes round for ever",
                "put a menu, a collect or a hangup on the way",
            );
        }
    }
}

impl Flow {
    /// The edges of a node as a call takes them: those it declares, and for a `return` those of its callers.
    pub(super) fn leads<'a>(&'a self, node: &'a Node) -> Vec<Edge<'a>> {
        let Kind::Return { value } = &node.kind else {
            return self.edges(node);
        };
        let mut out: Vec<Edge<'a>> = Vec::new();
        for call in &self.nodes {
            let Kind::Call { returns, .. } = &call.kind else {
                continue;
            };
            if !self.returns(call).iter().any(|n| n.id == node.id) {
                continue;
            }
            let to = returns.iter().find(|(v, _)| v == value).map(|(_, to)| to);
            if let Some(to) = to.filter(|to| !out.iter().any(|e| e.to.id == to.id)) {
                out.push(Edge {
                    label: value.clone(),
                    to,
                    kind: crate::call::EdgeKind::Return,
                });
            }
        }
        out
    }

    /// The commands whose key is this one, for a node that waits.
    pub(super) fn command_of_key(&self, node: &Node, key: crate::call::Key) -> Option<&Command> {
        self.commands
            .iter()
            .find(|c| c.key == Some(key) && c.key_works_at(node))
    }
}
