//! A flow graph as seen from its start: a spanning tree, and chips for the edges that are not in it.

use crate::call::{EdgeKind, FlowGraph, NodeId, NodeKind};
use crate::tui::pane::text;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// An edge's identity, as [`Visits`](crate::call::session::Visits) counts it.
pub type EdgeKey = (NodeId, SmolStr, NodeId);

/// All edges from one node to another, drawn as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The node it leads to, by index.
    pub to: usize,
    /// The labels, in order, without empty ones.
    pub labels: Vec<String>,
    /// Whether only exceptions take it.
    pub exception: bool,
    /// The edges behind it.
    pub edges: Vec<EdgeKey>,
}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// Its identifier.
    pub id: NodeId,
    /// Its name in full.
    pub name: String,
    /// Its identifier where that is shorter than its name, for tight places.
    pub short: String,
    /// What it does.
    pub kind: NodeKind,
    /// Where it hangs; `None` for the start and for nodes that nothing leads to.
    pub parent: Option<usize>,
    /// How many edges of the tree lie above it.
    pub depth: usize,
    /// What hangs on it, in the order of the graph's edges.
    pub children: Vec<usize>,
    /// The edge from its parent.
    pub link: Option<Link>,
    /// The edges that leave it and are not in the tree. Never to itself.
    pub chips: Vec<Link>,
    /// Whether an edge leads from it to itself.
    pub repeats: bool,
}

/// A spanning forest: the first root is the graph's start, further ones are nodes that nothing before them leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The nodes, in the order of the graph.
    pub nodes: Vec<TreeNode>,
    /// Where the trees begin.
    pub roots: Vec<usize>,
    /// The nodes, parents before children, nearest to the start first.
    pub order: Vec<usize>,
    /// Every edge that joins two known nodes.
    pub edges: Vec<EdgeKey>,
    index: BTreeMap<NodeId, usize>,
}

/// The text without control characters: a label may not move the cursor.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// In which round an edge may become part of the tree: what a caller does, before what goes wrong, before ways back.
const fn rank(kind: EdgeKind) -> usize {
    match kind {
        EdgeKind::Choice | EdgeKind::Auto => 0,
        EdgeKind::Exception => 1,
        EdgeKind::Return => 2,
    }
}

struct Out {
    to: usize,
    label: SmolStr,
    kind: EdgeKind,
}

impl Tree {
    /// Reads a graph. Edges of unknown nodes are left out; a node whose identifier was used before stands alone.
    pub fn new(graph: &FlowGraph) -> Self {
        let mut tree = Self::default();
        for (i, node) in graph.nodes.iter().enumerate() {
            tree.index.entry(node.id.clone()).or_insert(i);
            let id = plain(node.id.as_str());
            let name = if node.label.trim().is_empty() {
                id.clone()
            } else {
                plain(&node.label)
            };
            let short = if text::width(&id) < text::width(&name) {
                id
            } else {
                name.clone()
            };
            tree.nodes.push(TreeNode {
                id: node.id.clone(),
                name,
                short,
                kind: node.kind,
                parent: None,
                depth: 0,
                children: Vec::new(),
                link: None,
                chips: Vec::new(),
                repeats: false,
            });
        }
        let mut out: Vec<Vec<Out>> = tree.nodes.iter().map(|_| Vec::new()).collect();
        for edge in &graph.edges {
            let (Some(&from), Some(&to)) = (tree.index.get(&edge.from), tree.index.get(&edge.to)) else {
                continue;
            };
            tree.edges
                .push((edge.from.clone(), edge.label.clone(), edge.to.clone()));
            if let Some(edges) = out.get_mut(from) {
                edges.push(Out {
                    to,
                    label: edge.label.clone(),
                    kind: edge.kind,
                });
            }
        }
        tree.span(&out, tree.index.get(&graph.start).copied());
        tree.link(&out);
        tree
    }

    /// How many nodes there are.
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing to draw.
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The index of a node.
    pub fn find(&self, id: &NodeId) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// A node by its index.
    pub fn node(&self, index: usize) -> Option<&TreeNode> {
        self.nodes.get(index)
    }

    /// The way from a root to a node, both included.
    pub fn path(&self, index: usize) -> Vec<usize> {
        let mut path: Vec<usize> = std::iter::successors(self.nodes.get(index).map(|_| index), |i| {
            self.nodes.get(*i).and_then(|n| n.parent)
        })
        .collect();
        path.reverse();
        path
    }

    /// Breadth first from the start, so that a node hangs where the caller first meets it. An exception makes a
    /// branch only where nothing better leads to its node, a return only where nothing else does.
    fn span(&mut self, out: &[Vec<Out>], start: Option<usize>) {
        let mut placed = vec![false; self.nodes.len()];
        // How far each rank of edges has been followed through `order`.
        let mut reached = [0_usize; 3];
        for root in start.into_iter().chain(0..self.nodes.len()) {
            if std::mem::replace(placed.get_mut(root).unwrap_or(&mut true), true) {
                continue;
            }
            self.roots.push(root);
            self.order.push(root);
            loop {
                let next = reached
                    .iter_mut()
                    .enumerate()
                    .find_map(|(r, at)| self.order.get(*at).map(|v| (r, at, *v)));
                let Some((round, at, from)) = next else { break };
                *at += 1;
                for edge in out
                    .get(from)
                    .into_iter()
                    .flatten()
                    .filter(|e| rank(e.kind) == round)
                {
                    if std::mem::replace(placed.get_mut(edge.to).unwrap_or(&mut true), true) {
                        continue;
                    }
                    let depth = self.nodes.get(from).map_or(0, |n| n.depth) + 1;
                    if let Some(child) = self.nodes.get_mut(edge.to) {
                        child.parent = Some(from);
                        child.depth = depth;
                    }
                    if let Some(parent) = self.nodes.get_mut(from) {
                        parent.children.push(edge.to);
                    }
                    self.order.push(edge.to);
                }
            }
        }
    }

    /// Gathers the edges between each two nodes into links and chips.
    fn link(&mut self, out: &[Vec<Out>]) {
        for (from, edges) in out.iter().enumerate() {
            let mut links: Vec<Link> = Vec::new();
            let Some(id) = self.nodes.get(from).map(|n| n.id.clone()) else {
                continue;
            };
            for edge in edges {
                if edge.to == from {
                    if let Some(node) = self.nodes.get_mut(from) {
                        node.repeats = true;
                    }
                    continue;
                }
                let Some(to) = self.nodes.get(edge.to).map(|n| n.id.clone()) else {
                    continue;
                };
                let exception = edge.kind == EdgeKind::Exception;
                let place = links.iter().position(|l| l.to == edge.to).unwrap_or(links.len());
                if place == links.len() {
                    links.push(Link {
                        to: edge.to,
                        labels: Vec::new(),
                        exception: true,
                        edges: Vec::new(),
                    });
                }
                let Some(link) = links.get_mut(place) else {
                    continue;
                };
                let label = plain(&edge.label);
                if !label.trim().is_empty() && !link.labels.contains(&label) {
                    link.labels.push(label);
                }
                link.exception &= exception;
                link.edges.push((id.clone(), edge.label.clone(), to));
            }
            for link in links {
                let child = self.nodes.get_mut(link.to).filter(|n| n.parent == Some(from));
                if let Some(child) = child {
                    child.link = Some(link);
                } else if let Some(node) = self.nodes.get_mut(from) {
                    node.chips.push(link);
                }
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::call::{GraphEdge, GraphNode};

    /// A graph from `from -label-> to` triples; `x` labels are exceptions, `<` labels returns.
    pub(crate) fn graph(nodes: &[&str], edges: &[(&str, &str, &str)]) -> FlowGraph {
        FlowGraph {
            name: "test".to_owned(),
            start: NodeId::from(nodes.first().copied().unwrap_or("")),
            nodes: nodes
                .iter()
                .map(|id| GraphNode {
                    id: NodeId::from(*id),
                    label: (*id).to_owned(),
                    kind: NodeKind::Menu,
                    group: SmolStr::default(),
                })
                .collect(),
            edges: edges
                .iter()
                .map(|(from, label, to)| GraphEdge {
                    from: NodeId::from(*from),
                    to: NodeId::from(*to),
                    label: SmolStr::new(label.trim_start_matches('<')),
                    kind: match label.chars().next() {
                        Some('x') => EdgeKind::Exception,
                        Some('<') => EdgeKind::Return,
                        Some(_) => EdgeKind::Choice,
                        None => EdgeKind::Auto,
                    },
                })
                .collect(),
        }
    }

    fn sketch(tree: &Tree) -> String {
        fn walk(tree: &Tree, i: usize, out: &mut Vec<String>) {
            let node = &tree.nodes[i];
            let mut line = "  ".repeat(node.depth);
            if let Some(link) = &node.link {
                line += &link.labels.join(",");
                line += if link.exception { "!>" } else { ">" };
            }
            line += &node.name;
            for chip in &node.chips {
                line += " ";
                line += &chip.labels.join(",");
                line += "→";
                line += &tree.nodes[chip.to].name;
            }
            line += if node.repeats { " loop\n" } else { "\n" };
            out.push(line);
            for c in &node.children {
                walk(tree, *c, out);
            }
        }
        let mut out = Vec::new();
        for r in &tree.roots {
            walk(tree, *r, &mut out);
        }
        out.concat()
    }

    #[test]
    fn a_menu_becomes_a_tree_with_returns_as_chips() {
        let g = graph(
            &["id", "pin", "main", "dep", "bal", "bye"],
            &[
                ("id", "", "pin"),
                ("pin", "xtries", "bye"),
                ("pin", "ok", "main"),
                ("main", "1", "dep"),
                ("dep", "1", "bal"),
                ("dep", "<9", "main"),
                ("bal", "<", "dep"),
                ("main", "xsilence", "bye"),
                ("main", "0", "main"),
            ],
        );
        assert_eq!(
            sketch(&Tree::new(&g)),
            "id\n  >pin\n    ok>main xsilence→bye loop\n      1>dep 9→main\n        1>bal →dep\n    xtries!>bye\n"
        );
    }

    #[test]
    fn a_merge_heavy_graph_hangs_each_node_where_it_is_met_first() {
        let g = graph(
            &["greet", "verify", "offer", "close", "human", "island"],
            &[
                ("greet", "yes", "verify"),
                ("greet", "wrong", "close"),
                ("verify", "ok", "offer"),
                ("verify", "stop", "close"),
                ("verify", "quit", "close"),
                ("offer", "human", "human"),
                ("human", "<", "offer"),
                ("island", "", "offer"),
                ("gone", "", "offer"),
            ],
        );
        assert_eq!(
            sketch(&Tree::new(&g)),
            "greet\n  yes>verify stop,quit→close\n    ok>offer\n      human>human →offer\n  wrong>close\nisland →offer\n"
        );
    }

    #[test]
    fn an_empty_graph_is_an_empty_tree() {
        assert_eq!(Tree::new(&FlowGraph::default()), Tree::default());
    }
}
