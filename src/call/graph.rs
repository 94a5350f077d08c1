//! The state graph as data: read from what runs, never drawn beside it.

use super::id::NodeId;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt::Write as _;

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// Waits for digits.
    Collect,
    /// Waits for a choice.
    Menu,
    /// Says something and goes on.
    Say,
    /// Decides without a word.
    Check,
    /// A conversational state.
    State,
    /// The call ends here.
    End,
}

/// What an edge is taken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// A key or a spoken option; the label is the key.
    Choice,
    /// By itself, when the node is done.
    Auto,
    /// No input, no match, too many tries, hang-up.
    Exception,
    /// Back to a node the caller came from; drawn as a chip rather than a line.
    Return,
}

impl EdgeKind {
    /// Whether the edge leaves the ordinary way: it is drawn dashed.
    const fn is_aside(self) -> bool {
        matches!(self, Self::Exception | Self::Return)
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GraphNode {
    /// Its identifier, unique in the graph.
    pub id: NodeId,
    /// A short name for people.
    pub label: String,
    /// What it does.
    pub kind: NodeKind,
    /// The phase, menu or sub-flow it belongs to; may be empty.
    #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
    pub group: SmolStr,
}

/// An edge. `(from, label, to)` is unique in the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GraphEdge {
    /// Where it starts.
    pub from: NodeId,
    /// Where it leads.
    pub to: NodeId,
    /// What takes it: a key (`1`), an intent, `timeout`, `ok`. The same text as in [`super::Hop::via`].
    pub label: SmolStr,
    /// How it is drawn.
    pub kind: EdgeKind,
}

/// A state graph. Nodes are in the order of the file or table they were read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlowGraph {
    /// What it is the graph of.
    pub name: String,
    /// Where a call starts.
    pub start: NodeId,
    /// The nodes.
    pub nodes: Vec<GraphNode>,
    /// The edges.
    pub edges: Vec<GraphEdge>,
}

impl FlowGraph {
    /// The node with this identifier.
    pub fn node(&self, id: &NodeId) -> Option<&GraphNode> {
        self.nodes.iter().find(|n| n.id == *id)
    }

    /// The edges that leave a node, in order.
    pub fn out(&self, id: &NodeId) -> impl Iterator<Item = &GraphEdge> {
        self.edges.iter().filter(move |e| e.from == *id)
    }

    /// As a Mermaid flowchart, a subgraph a group.
    pub fn to_mermaid(&self) -> String {
        let text = |s: &str| s.replace('"', "#quot;").replace('|', "#124;");
        let mut out = String::from("flowchart LR\n");
        for (g, (group, nodes)) in self.groups().into_iter().enumerate() {
            let indent = if group.is_empty() { "    " } else { "        " };
            if !group.is_empty() {
                let _ = writeln!(out, "    subgraph g{g} [\"{}\"]", text(&group));
            }
            for (i, n) in nodes {
                let (open, close) = match n.kind {
                    NodeKind::Check => ("{", "}"),
                    NodeKind::End => ("([", "])"),
                    NodeKind::Say => ("[/", "/]"),
                    NodeKind::Menu => ("[[", "]]"),
                    NodeKind::Collect | NodeKind::State => ("[", "]"),
                };
                let _ = writeln!(out, "{indent}n{i}{open}\"{}\"{close}", text(&n.label));
            }
            if !group.is_empty() {
                out.push_str("    end\n");
            }
        }
        for e in &self.edges {
            let (Some(a), Some(b)) = (self.index(&e.from), self.index(&e.to)) else {
                continue;
            };
            let arrow = if e.kind.is_aside() { "-.->" } else { "-->" };
            let _ = if e.label.is_empty() {
                writeln!(out, "    n{a} {arrow} n{b}")
            } else {
                writeln!(out, "    n{a} {arrow}|\"{}\"| n{b}", text(&e.label))
            };
        }
        out
    }

    /// As a Graphviz digraph, a cluster a group.
    pub fn to_dot(&self) -> String {
        let quote = |s: &str| format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""));
        let mut out = format!(
            "digraph {} {{\n    rankdir=LR;\n    node [shape=box];\n",
            quote(&self.name)
        );
        for (g, (group, nodes)) in self.groups().into_iter().enumerate() {
            let indent = if group.is_empty() { "    " } else { "        " };
            if !group.is_empty() {
                let _ = writeln!(
                    out,
                    "    subgraph cluster_{g} {{\n{indent}label={};",
                    quote(&group)
                );
            }
            for (_, n) in nodes {
                let shape = match n.kind {
                    NodeKind::Check => ", shape=diamond",
                    NodeKind::End => ", shape=oval",
                    NodeKind::Menu => ", peripheries=2",
                    NodeKind::Say => ", shape=note",
                    NodeKind::Collect | NodeKind::State => "",
                };
                let _ = writeln!(
                    out,
                    "{indent}{} [label={}{shape}];",
                    quote(n.id.as_str()),
                    quote(&n.label)
                );
            }
            if !group.is_empty() {
                out.push_str("    }\n");
            }
        }
        for e in &self.edges {
            let label = if e.label.is_empty() {
                String::new()
            } else {
                format!("label={}", quote(&e.label))
            };
            let style = if e.kind.is_aside() { "style=dashed" } else { "" };
            let attributes: Vec<&str> = [label.as_str(), style]
                .into_iter()
                .filter(|a| !a.is_empty())
                .collect();
            let (a, b) = (quote(e.from.as_str()), quote(e.to.as_str()));
            let _ = if attributes.is_empty() {
                writeln!(out, "    {a} -> {b};")
            } else {
                writeln!(out, "    {a} -> {b} [{}];", attributes.join(", "))
            };
        }
        out.push_str("}\n");
        out
    }

    /// The nodes by their groups, in the order in which the groups are met; each node with its place in the graph.
    fn groups(&self) -> Vec<(SmolStr, Vec<(usize, &GraphNode)>)> {
        let mut groups: Vec<(SmolStr, Vec<(usize, &GraphNode)>)> = Vec::new();
        for (i, node) in self.nodes.iter().enumerate() {
            match groups.iter_mut().find(|(group, _)| *group == node.group) {
                Some((_, nodes)) => nodes.push((i, node)),
                None => groups.push((node.group.clone(), vec![(i, node)])),
            }
        }
        groups
    }

    /// As an indented list: each node once, its edges under it.
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "{}: {} nodes, {} edges\n",
            self.name,
            self.nodes.len(),
            self.edges.len()
        );
        for n in &self.nodes {
            let mark = if n.id == self.start { ">" } else { " " };
            let _ = writeln!(out, "{mark} {} ({})", n.id, n.label);
            for e in self.out(&n.id) {
                let _ = writeln!(
                    out,
                    "      {} -> {}",
                    if e.label.is_empty() { "next" } else { &e.label },
                    e.to
                );
            }
        }
        out
    }

    fn index(&self, id: &NodeId) -> Option<usize> {
        self.nodes.iter().position(|n| n.id == *id)
    }
}
