//! The state graph of a flow, read from the nodes that run.

use super::flow::{Flow, Kind, Node};
use crate::call::{EdgeKind, FlowGraph, GraphEdge, GraphNode, NodeId, NodeKind};
use std::collections::BTreeSet;

/// The graph. Nodes and edges are in the order of the file; an edge back to a node that its own node was reached through
/// is a return.
pub(super) fn graph(flow: &Flow) -> FlowGraph {
    let nodes = flow.nodes.iter().map(|n| GraphNode {
        id: n.id.clone(),
        label: n.label.clone(),
        kind: kind(&n.kind),
        group: n.group.clone(),
    });
    let back = back_edges(flow);
    let mut edges: Vec<GraphEdge> = Vec::new();
    for node in &flow.nodes {
        for edge in flow.leads(node) {
            let key = (node.id.clone(), edge.to.id.clone());
            let kind = match edge.kind {
                EdgeKind::Exception => EdgeKind::Exception,
                _ if back.contains(&key) => EdgeKind::Return,
                other => other,
            };
            let edge = GraphEdge {
                from: node.id.clone(),
                to: edge.to.id.clone(),
                label: edge.label,
                kind,
            };
            let known = |e: &GraphEdge| e.from == edge.from && e.label == edge.label && e.to == edge.to;
            if !edges.iter().any(known) {
                edges.push(edge);
            }
        }
    }
    FlowGraph {
        name: flow.title.clone(),
        start: flow.start.id.clone(),
        nodes: nodes.collect(),
        edges,
    }
}

const fn kind(kind: &Kind) -> NodeKind {
    match kind {
        Kind::Collect { .. } => NodeKind::Collect,
        Kind::Menu { .. } => NodeKind::Menu,
        Kind::Say { .. } | Kind::Transfer { .. } => NodeKind::Say,
        Kind::Check { .. } | Kind::Hours { .. } => NodeKind::Check,
        Kind::Set { .. } | Kind::Call { .. } | Kind::Return { .. } | Kind::Goto { .. } => NodeKind::State,
        Kind::Hangup { .. } => NodeKind::End,
    }
}

/// The edges that lead to a node on the way from the start to where they begin, walking depth first in file order.
fn back_edges(flow: &Flow) -> BTreeSet<(NodeId, NodeId)> {
    struct Step<'a> {
        node: &'a Node,
        next: Vec<NodeId>,
    }
    let open = |node| Step {
        node,
        next: flow
            .leads(node)
            .iter()
            .rev()
            .filter(|e| e.kind != EdgeKind::Exception)
            .map(|e| e.to.id.clone())
            .collect(),
    };
    let mut back = BTreeSet::new();
    let mut seen = BTreeSet::from([flow.start.id.clone()]);
    let mut path: Vec<Step<'_>> = flow.node(&flow.start.id).map(open).into_iter().collect();
    while let Some(step) = path.last_mut() {
        let Some(to) = step.next.pop() else {
            path.pop();
            continue;
        };
        let from = step.node.id.clone();
        if path.iter().any(|s| s.node.id == to) {
            back.insert((from, to));
        } else if seen.insert(to.clone()) {
            path.extend(flow.node(&to).map(open));
        }
    }
    back
}
