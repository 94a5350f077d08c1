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

    /// As a Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (i, n) in self.nodes.iter().enumerate() {
            let label = n.label.replace('"', "#quot;");
            let _ = match n.kind {
                NodeKind::Check => writeln!(out, "    n{i}{{\"{label}\"}}"),
                NodeKind::End => writeln!(out, "    n{i}([\"{label}\"])"),
                NodeKind::Say => writeln!(out, "    n{i}[/\"{label}\"/]"),
                _ => writeln!(out, "    n{i}[\"{label}\"]"),
            };
        }
        for e in &self.edges {
            let (Some(a), Some(b)) = (self.index(&e.from), self.index(&e.to)) else {
                continue;
            };
            let arrow = if matches!(e.kind, EdgeKind::Exception | EdgeKind::Return) {
                "-.->"
            } else {
                "-->"
            };
            let label = e.label.replace('"', "#quot;").replace('|', "#124;");
            let _ = if label.is_empty() {
                writeln!(out, "    n{a} {arrow} n{b}")
            } else {
                writeln!(out, "    n{a} {arrow}|\"{label}\"| n{b}")
            };
        }
        out
    }

    /// As a Graphviz digraph.
    pub fn to_dot(&self) -> String {
        let quote = |s: &str| format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""));
        let mut out = format!(
            "digraph {} {{\n    rankdir=LR;\n    node [shape=box];\n",
            quote(&self.name)
        );
        for n in &self.nodes {
            let shape = match n.kind {
                NodeKind::Check => ", shape=diamond",
                NodeKind::End => ", shape=oval",
                _ => "",
            };
            let _ = writeln!(
                out,
                "    {} [label={}{shape}];",
                quote(n.id.as_str()),
                quote(&n.label)
            );
        }
        for e in &self.edges {
            let style = if matches!(e.kind, EdgeKind::Exception | EdgeKind::Return) {
                ", style=dashed"
            } else {
                ""
            };
            let (a, b) = (quote(e.from.as_str()), quote(e.to.as_str()));
            let _ = writeln!(out, "    {a} -> {b} [label={}{style}];", quote(&e.label));
        }
        out.push_str("}\n");
        out
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
