//! What is shown of a tree in so many cells: first names, labels and chips are shortened; where that is not enough,
//! what is far from the node in focus folds into "3 more".

use super::layout::{Layout, Shape, Style, arrange};
use super::tree::{Link, Tree};
use crate::tui::pane::text;
use std::collections::VecDeque;

/// How much of it is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Want {
    /// An indented outline rather than a drawing.
    pub outline: bool,
    /// Nothing folded and nothing shortened, even where it is larger than its room.
    pub whole: bool,
}

/// What an item of the plan stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A node of the tree.
    Node(usize),
    /// This many nodes under the given one, folded.
    More(usize, usize),
}

/// A chip: an edge that is not drawn as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// As written, without the space before it.
    pub text: String,
    /// Which of the node's links it stands for.
    pub of: Vec<usize>,
}

/// A node or a fold, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub what: What,
    /// The name without its brackets, or the fold's text.
    pub name: String,
    /// The label on the edge that leads to it, without the arrow; may be empty.
    pub label: String,
    /// Whether that edge is taken by exceptions only.
    pub exception: bool,
    /// The chips behind it.
    pub chips: Vec<Chip>,
}

/// A tree as it is to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is shown, parents before children.
    pub items: Vec<Item>,
    /// Their sizes and how they hang together.
    pub shapes: Vec<Shape>,
    /// Where they stand.
    pub layout: Layout,
}

/// How long texts may be.
#[derive(Clone, Copy, Debug)]
struct Detail {
    name: usize,
    label: usize,
    chips: Chips,
}

#[derive(Clone, Copy, Debug)]
enum Chips {
    /// With their targets' names in so many cells, and so many of them.
    Named(usize, usize),
    /// As bare signs.
    Signs,
}

/// Where it is to fit, and around what.
#[derive(Clone, Copy)]
struct Room {
    style: Style,
    height: usize,
    focus: Option<usize>,
}

/// Names of fewer cells are hard to tell apart.
const READABLE: usize = 12;
/// Everything in full.
const FULL: Detail = Detail {
    name: 24,
    label: 16,
    chips: Chips::Named(16, 6),
};
/// From the fullest to the shortest.
const DETAILS: [Detail; 7] = [
    FULL,
    Detail {
        name: 18,
        label: 12,
        chips: Chips::Named(12, 3),
    },
    Detail {
        name: 14,
        label: 9,
        chips: Chips::Named(8, 2),
    },
    Detail {
        name: 12,
        label: 7,
        chips: Chips::Named(6, 1),
    },
    Detail {
        name: 12,
        label: 6,
        chips: Chips::Signs,
    },
    Detail {
        name: 9,
        label: 4,
        chips: Chips::Signs,
    },
    Detail {
        name: 7,
        label: 3,
        chips: Chips::Signs,
    },
];
/// Folding starts here: a folded drawing has names that can be read.
const FOLDING: usize = 2;
/// How many families of siblings are tried after the first that does not fit.
const TRIES: usize = 24;
/// What is tried last.
const SHORTEST: Detail = Detail {
    name: 7,
    label: 3,
    chips: Chips::Signs,
};

impl Plan {
    /// The plan for a tree in so many cells. Nothing is folded where the shortest texts make it fit; otherwise what
    /// is near `focus` (and on the way to it) stays. The result may still be larger than the room when even that does
    /// not fit: then a part of it is to be shown.
    pub fn new(tree: &Tree, width: usize, height: usize, focus: Option<usize>, want: Want) -> Self {
        let style = if want.outline {
            Style::Outline(width)
        } else {
            Style::Within(width)
        };
        let all = shown(tree, &|_| true);
        let room = |style, height| Room { style, height, focus };
        if want.whole {
            let outline = || {
                let mut details = DETAILS.iter().filter(|_| want.outline);
                details.find_map(|d| Self::fit(tree, &all, *d, room(style, usize::MAX)))
            };
            return outline()
                .or_else(|| Self::fit(tree, &all, FULL, room(Style::Free, usize::MAX)))
                .unwrap_or_default();
        }
        let packed = Style::Packed(width, height);
        let plain = DETAILS.iter().map(|d| (d, style));
        let tries = plain.chain(
            DETAILS
                .iter()
                .skip(1)
                .filter(|_| !want.outline)
                .map(|d| (d, packed)),
        );
        let leaves = tree.nodes.iter().filter(|n| n.children.is_empty()).count();
        // Readable in rows of their own, then readable packed, then short.
        let mut tries: Vec<_> = tries.filter(|(_, s)| leaves <= height || *s == packed).collect();
        tries.sort_by_key(|(d, s)| (d.name < READABLE, *s == packed));
        let fits = tries
            .into_iter()
            .find_map(|(d, style)| Self::fit(tree, &all, *d, room(style, height)));
        fits.unwrap_or_else(|| Self::folded(tree, room(style, height)))
    }

    /// As much around the focus as fits.
    fn folded(tree: &Tree, room: Room) -> Self {
        let near = Near::of(tree, room.focus);
        for detail in DETAILS.iter().skip(FOLDING) {
            let try_with = |wanted: &[bool]| {
                let shown = shown(tree, &|i| wanted.get(i).copied().unwrap_or(false));
                Self::fit(tree, &shown, *detail, room)
            };
            let mut wanted = near.first(near.least);
            let Some(mut best) = try_with(&wanted) else {
                continue;
            };
            // The largest number of nodes that fits, by halves.
            let (mut low, mut high) = (near.least, tree.len() + 1);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if try_with(&near.first(middle)).is_some() {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            // Brothers and sisters are shown or folded together, unless that leaves next to nothing.
            let whole = near.before_siblings(low);
            let start = if whole > near.least { whole } else { low };
            if let Some(plan) = try_with(&near.first(start)) {
                wanted = near.first(start);
                best = plan;
            }
            // What is further away may be smaller, and fit.
            for siblings in near.siblings_from(start).take(TRIES) {
                let mut more = wanted.clone();
                for node in siblings {
                    if let Some(w) = more.get_mut(*node) {
                        *w = true;
                    }
                }
                if let Some(plan) = try_with(&more) {
                    wanted = more;
                    best = plan;
                }
            }
            return best;
        }
        let shown = shown(tree, &|i| near.first(near.least).get(i).copied().unwrap_or(false));
        let tall = Room {
            height: usize::MAX,
            ..room
        };
        let free = Room {
            style: Style::Free,
            ..tall
        };
        Self::fit(tree, &shown, SHORTEST, tall)
            .or_else(|| Self::fit(tree, &shown, SHORTEST, free))
            .unwrap_or_default()
    }

    fn fit(tree: &Tree, shown: &Shown, detail: Detail, room: Room) -> Option<Self> {
        let mut plan = Self::default();
        let mut prefer = None;
        let mut roots = Vec::new();
        // Depth first, so that children follow their parents; the item a node hangs on goes along.
        let mut todo: Vec<(What, Option<usize>)> = Vec::new();
        for root in tree.roots.iter().rev().filter(|r| shown.is(**r)) {
            todo.push((What::Node(*root), None));
        }
        if shown.roots_hidden > 0 {
            todo.insert(0, (What::More(usize::MAX, shown.roots_hidden), None));
        }
        while let Some((what, parent)) = todo.pop() {
            let item = Item::new(tree, what, detail);
            let at = plan.items.len();
            plan.shapes.push(Shape {
                own: item.width(),
                edge: item.edge_width(),
                aligned: !item.exception && matches!(what, What::Node(_)),
                children: Vec::new(),
            });
            plan.items.push(item);
            match parent.map(|p| plan.shapes.get_mut(p)) {
                Some(Some(shape)) => shape.children.push(at),
                Some(None) => {}
                None => roots.push(at),
            }
            let What::Node(node) = what else { continue };
            if room.focus == Some(node) {
                prefer = Some(at);
            }
            let hidden = shown.hidden.get(node).copied().unwrap_or(0);
            if hidden > 0 {
                todo.push((What::More(node, hidden), Some(at)));
            }
            let children = tree.node(node).map_or(&[][..], |n| &n.children);
            for child in children.iter().rev().filter(|c| shown.is(**c)) {
                todo.push((What::Node(*child), Some(at)));
            }
            // A line that starts right behind a chip would seem to belong to it.
            let gap = plan.items.get(at).is_some_and(|i| !i.chips.is_empty()) && !children.is_empty();
            if let Some(shape) = plan.shapes.get_mut(at).filter(|_| gap) {
                shape.own += 1;
            }
        }
        plan.layout = arrange(&plan.shapes, &roots, room.style, prefer)?;
        (plan.layout.height <= room.height).then_some(plan)
    }

    /// The item that shows a node, or the fold it is in.
    pub fn place_of(&self, tree: &Tree, node: usize) -> Option<usize> {
        let path = tree.path(node);
        path.iter()
            .rev()
            .find_map(|n| self.items.iter().position(|i| i.what == What::Node(*n)))
    }
}

impl Item {
    fn new(tree: &Tree, what: What, detail: Detail) -> Self {
        let node = match what {
            What::Node(node) => tree.node(node),
            What::More(..) => None,
        };
        let Some(node) = node else {
            let count = match what {
                What::More(_, count) => count,
                What::Node(_) => 0,
            };
            return Self {
                what,
                name: format!(" {count} more"),
                label: String::new(),
                exception: false,
                chips: Vec::new(),
            };
        };
        let exception = node.link.as_ref().is_some_and(|l| l.exception);
        Self {
            what,
            name: short(&node.name, &node.short, detail.name),
            label: node
                .link
                .as_ref()
                .map_or_else(String::new, |l| label(l, detail.label)),
            exception,
            chips: chips(tree, node.parent, &node.chips, node.repeats, detail),
        }
    }

    /// Cells of the name with its brackets and the chips.
    fn width(&self) -> usize {
        let brackets = if matches!(self.what, What::Node(_)) { 2 } else { 0 };
        let chips: usize = self.chips.iter().map(|c| text::width(&c.text) + 1).sum();
        text::width(&self.name) + brackets + chips
    }

    /// Cells of the label and its arrow.
    fn edge_width(&self) -> usize {
        if self.label.is_empty() {
            0
        } else {
            text::width(&self.label) + 1
        }
    }
}

/// The name where it fits, its short form where that does, cut otherwise.
fn short(name: &str, short: &str, cells: usize) -> String {
    if text::width(name) <= cells {
        name.to_owned()
    } else {
        text::ellipsis(short, cells)
    }
}

/// All labels where they fit, the first and how many more otherwise. Exceptions begin with an `x`.
fn label(link: &Link, cells: usize) -> String {
    let mark = if link.exception { "x" } else { "" };
    let all = link.labels.join(",");
    let text = match link.labels.first() {
        Some(first) if text::width(&all) > cells && link.labels.len() > 1 => {
            let rest = format!("+{}", link.labels.len() - 1);
            let room = cells.saturating_sub(rest.len()).max(1);
            format!("{}{rest}", text::ellipsis(first, room))
        }
        _ => text::ellipsis(&all, cells),
    };
    match (mark, text.as_str()) {
        ("", _) => text,
        (_, "") => mark.to_owned(),
        (_, t) if t.starts_with('x') && t.len() <= 2 => text,
        _ => format!("{mark} {text}"),
    }
}

/// The sign of a chip to the node's parent.
pub const BACK: &str = "↩";
/// The sign of a chip to any other node.
pub const TO: &str = "→";
/// The sign of a chip to the node itself.
pub const AGAIN: &str = "↻";

/// The chips of a node: ways of the caller before exceptions, which are a bare `x` where room is short.
fn chips(tree: &Tree, parent: Option<usize>, links: &[Link], repeats: bool, detail: Detail) -> Vec<Chip> {
    let chip = |text: String, of: Vec<usize>| Chip { text, of };
    let (bad, good): (Vec<usize>, Vec<usize>) =
        (0..links.len()).partition(|i| links.get(*i).is_some_and(|l| l.exception));
    let mut chips = Vec::new();
    match detail.chips {
        Chips::Named(cells, most) => {
            let shown = good.len().min(most);
            for i in good.iter().take(shown) {
                let Some(link) = links.get(*i) else { continue };
                chips.push(chip(named(tree, parent, link, cells), vec![*i]));
            }
            if good.len() > shown {
                let rest = good.iter().skip(shown).copied().collect();
                chips.push(chip(format!("+{}", good.len() - shown), rest));
            }
            if repeats && most > 2 {
                chips.push(chip(AGAIN.to_owned(), Vec::new()));
            }
        }
        Chips::Signs => {
            let back = |i: &usize| links.get(*i).is_some_and(|l| Some(l.to) == parent);
            let (back, other): (Vec<usize>, Vec<usize>) = good.iter().partition(|i| back(i));
            if !back.is_empty() {
                chips.push(chip(BACK.to_owned(), back));
            }
            match other.len() {
                0 => {}
                1 => chips.push(chip(TO.to_owned(), other)),
                n => chips.push(chip(format!("{TO}{n}"), other)),
            }
        }
    }
    match (bad.as_slice(), detail.chips) {
        ([], _) => {}
        ([one], Chips::Named(cells, most)) if most > 2 => {
            let named = links.get(*one).map(|l| named(tree, parent, l, cells));
            chips.push(chip(named.unwrap_or_default(), bad));
        }
        _ => chips.push(chip("x".to_owned(), bad)),
    }
    chips
}

/// A chip with its key where it has one short label, and where it leads unless that is just back.
fn named(tree: &Tree, parent: Option<usize>, link: &Link, cells: usize) -> String {
    let key = match link.labels.as_slice() {
        _ if link.exception => "x",
        [one] if text::width(one) <= cells / 2 => one.as_str(),
        _ => "",
    };
    if Some(link.to) == parent {
        return format!("{key}{BACK}");
    }
    let name = tree
        .node(link.to)
        .map_or_else(String::new, |n| short(&n.name, &n.short, cells));
    format!("{key}{TO}{name}")
}

/// Which nodes are drawn, and how many are folded under each that is.
struct Shown {
    drawn: Vec<bool>,
    hidden: Vec<usize>,
    roots_hidden: usize,
}

impl Shown {
    fn is(&self, node: usize) -> bool {
        self.drawn.get(node).copied().unwrap_or(false)
    }
}

fn shown(tree: &Tree, wanted: &dyn Fn(usize) -> bool) -> Shown {
    let mut shown = Shown {
        drawn: vec![false; tree.len()],
        hidden: vec![0; tree.len()],
        roots_hidden: 0,
    };
    // Parents come first in the tree's order: a node is drawn where its parent is, or counted where one above it is.
    let mut counted_at: Vec<Option<usize>> = vec![None; tree.len()];
    for &node in &tree.order {
        let parent = tree.node(node).and_then(|n| n.parent);
        let inside = parent.is_none_or(|p| shown.is(p));
        if inside && wanted(node) {
            if let Some(d) = shown.drawn.get_mut(node) {
                *d = true;
            }
            continue;
        }
        let at = if inside {
            parent
        } else {
            parent.and_then(|p| counted_at.get(p).copied().flatten())
        };
        if let Some(slot) = counted_at.get_mut(node) {
            *slot = at;
        }
        match at.and_then(|a| shown.hidden.get_mut(a)) {
            Some(hidden) => *hidden += 1,
            None => shown.roots_hidden += 1,
        }
    }
    shown
}

/// The nodes by how near they are to the one in focus, along the tree.
struct Near {
    order: Vec<usize>,
    parent: Vec<Option<usize>>,
    /// The way from the root to the focus, which is always drawn.
    least: usize,
}

impl Near {
    fn of(tree: &Tree, focus: Option<usize>) -> Self {
        let focus = focus
            .filter(|f| *f < tree.len())
            .or_else(|| tree.roots.first().copied());
        let path = focus.map_or_else(Vec::new, |f| tree.path(f));
        let mut distance = vec![usize::MAX; tree.len()];
        let mut queue: VecDeque<usize> = focus.into_iter().collect();
        if let Some(d) = focus.and_then(|f| distance.get_mut(f)) {
            *d = 0;
        }
        while let Some(node) = queue.pop_front() {
            let next = distance.get(node).map_or(0, |d| d + 1);
            let Some(n) = tree.node(node) else { continue };
            for &other in n.children.iter().chain(&n.parent) {
                if let Some(d) = distance.get_mut(other).filter(|d| **d == usize::MAX) {
                    *d = next;
                    queue.push_back(other);
                }
            }
        }
        for &node in &path {
            if let Some(d) = distance.get_mut(node) {
                *d = 0;
            }
        }
        // A stable sort of parents-before-children keeps siblings together.
        let mut order = tree.order.clone();
        order.sort_by_key(|n| distance.get(*n).copied().unwrap_or(usize::MAX));
        Self {
            order,
            parent: tree.nodes.iter().map(|n| n.parent).collect(),
            least: path.len(),
        }
    }

    /// The nearest `count` nodes, as a mark for each node of the tree.
    fn first(&self, count: usize) -> Vec<bool> {
        let mut marks = vec![false; self.order.len()];
        for node in self.order.iter().take(count) {
            if let Some(m) = marks.get_mut(*node) {
                *m = true;
            }
        }
        marks
    }

    /// The nodes from `count` on, siblings together.
    fn siblings_from(&self, count: usize) -> impl Iterator<Item = &[usize]> {
        let rest = self.order.get(count..).unwrap_or_default();
        rest.chunk_by(|a, b| self.parent_of(*a) == self.parent_of(*b))
    }

    fn parent_of(&self, node: usize) -> Option<usize> {
        self.parent.get(node).copied().flatten()
    }

    /// The largest count of at most `count` that does not part siblings at its end.
    fn before_siblings(&self, count: usize) -> usize {
        let parent = |at: usize| {
            self.order
                .get(at)
                .and_then(|n| self.parent.get(*n))
                .copied()
                .flatten()
        };
        let mut count = count;
        while count > 0 && count < self.order.len() && parent(count - 1) == parent(count) {
            count -= 1;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{EdgeKind, FlowGraph, GraphEdge, GraphNode, NodeId, NodeKind};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Graphs of any shape: cycles, self loops, islands, several edges between two nodes, names of any length.
    fn graphs() -> impl Strategy<Value = FlowGraph> {
        let name = prop_oneof![
            "[a-z]{1,9}",
            Just("a name much longer than any drawing has room for".to_owned()),
            Just("取引明細の照会".to_owned()),
            Just("tab\there".to_owned()),
            Just(String::new()),
        ];
        let kind = prop_oneof![
            Just(EdgeKind::Choice),
            Just(EdgeKind::Auto),
            Just(EdgeKind::Exception),
            Just(EdgeKind::Return)
        ];
        let label = prop_oneof!["[0-9]", "", "no-input after three tries", "残高", "x3"];
        (1_usize..200, 0_usize..3).prop_flat_map(move |(n, density)| {
            let edges =
                prop::collection::vec((0..n, 0..n, label.clone(), kind.clone()), 0..=n * (density + 1));
            (prop::collection::vec(name.clone(), n), edges).prop_map(|(names, edges)| FlowGraph {
                name: "any".to_owned(),
                start: NodeId::from("n0"),
                nodes: names
                    .into_iter()
                    .enumerate()
                    .map(|(i, label)| GraphNode {
                        id: NodeId::from(format!("n{i}")),
                        label,
                        kind: NodeKind::State,
                        group: smol_str::SmolStr::default(),
                    })
                    .collect(),
                edges: edges
                    .into_iter()
                    .map(|(a, b, label, kind)| GraphEdge {
                        from: NodeId::from(format!("n{a}")),
                        to: NodeId::from(format!("n{b}")),
                        label: label.into(),
                        kind,
                    })
                    .collect(),
            })
        })
    }

    fn wants() -> impl Strategy<Value = Want> {
        (any::<bool>(), any::<bool>()).prop_map(|(outline, whole)| Want { outline, whole })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn every_node_is_drawn_once_or_counted_in_one_fold(
            graph in graphs(), width in 0_usize..160, height in 0_usize..60, focus in 0_usize..200, want in wants(),
        ) {
            let tree = Tree::new(&graph);
            let plan = Plan::new(&tree, width, height, Some(focus), want);
            let mut times = vec![0; tree.len()];
            let mut folded = 0;
            for item in &plan.items {
                match item.what {
                    What::Node(n) => times[n] += 1,
                    What::More(_, count) => folded += count,
                }
            }
            prop_assert!(times.iter().all(|t| *t <= 1));
            prop_assert_eq!(times.iter().sum::<usize>() + folded, tree.len());
            prop_assert!(!want.whole || folded == 0);
            prop_assert!(focus >= tree.len() || times[focus] == 1, "the node in focus is folded");
        }

        #[test]
        fn nothing_overlaps(
            graph in graphs(), width in 0_usize..160, height in 0_usize..60, focus in 0_usize..200, want in wants(),
        ) {
            let tree = Tree::new(&graph);
            let plan = Plan::new(&tree, width, height, Some(focus), want);
            let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
            for (i, (shape, place)) in plan.shapes.iter().zip(&plan.layout.places).enumerate() {
                prop_assert!(place.x >= place.edge_x + shape.edge);
                prop_assert!(place.x + shape.own <= plan.layout.width && place.y < plan.layout.height);
                for x in place.edge_x..place.x + shape.own {
                    prop_assert_eq!(taken.insert((place.y, x), i), None, "cell {},{}", x, place.y);
                }
            }
        }
    }

    #[test]
    fn a_plan_that_fits_keeps_to_its_room() {
        let graph = super::super::tree::tests::graph(
            &["a", "b", "c", "d", "e"],
            &[("a", "1", "b"), ("a", "2", "c"), ("b", "1", "d"), ("b", "2", "e")],
        );
        let tree = Tree::new(&graph);
        for (width, height) in [(80, 24), (20, 5), (12, 5)] {
            let plan = Plan::new(&tree, width, height, None, Want::default());
            assert!(
                plan.layout.width <= width && plan.layout.height <= height,
                "{width}x{height}"
            );
            assert_eq!(plan.items.len(), 5, "{width}x{height}: nothing folds");
        }
    }
}
