//! What is shown of a tree in so many cells: first names, labels and chips are shortened; where that is not enough,
//! what is far from the node in focus folds into "3 more".

use super::fold::{Near, Shown, mark, shown};
use super::item::{Chip, Chips, Detail, Item, What};
use super::layout::{Layout, Shape, Style, arrange};
use super::tree::Tree;

/// How much of it is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Want {
    /// An indented outline rather than a drawing.
    pub outline: bool,
    /// Nothing folded and nothing shortened, even where it is larger than its room.
    pub whole: bool,
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
    /// How many nodes are folded before the first one: the way to it, and what branches off there.
    pub above: usize,
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
/// How many families are tried after the first that does not fit.
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
        let all = shown(tree, None, |_| true);
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

    /// As much around the focus as fits: names that can be read before short ones, the whole way from the start before
    /// its last steps; the first of these that leaves room for every way out of the node in focus, or for the most.
    fn folded(tree: &Tree, room: Room) -> Self {
        let focus = room.focus.filter(|f| *f < tree.len());
        let path = focus.map_or_else(Vec::new, |f| tree.path(f));
        let options = focus.and_then(|f| tree.node(f)).map_or(&[][..], |n| &n.children);
        let last = |steps: usize| path.len().checked_sub(steps + 1).filter(|at| *at > 0);
        let tops = [Some(0), last(2), last(1), last(0)];
        let tops: Vec<Option<usize>> = tops
            .into_iter()
            .flatten()
            .map(|at| path.get(at).copied().filter(|_| at > 0))
            .collect();
        for readable in [true, false] {
            let mut best: Option<(usize, Around<'_>, Self)> = None;
            'search: for top in &tops {
                for detail in DETAILS.iter().skip(FOLDING) {
                    if (detail.name >= READABLE) != readable {
                        continue;
                    }
                    let mut around = Around::new(tree, focus, *top, *detail, room);
                    let Some(plan) = around.nearest() else { continue };
                    let ways = options.iter().filter(|o| around.draws(**o)).count();
                    if best.as_ref().is_none_or(|(most, ..)| ways > *most) {
                        best = Some((ways, around, plan));
                    }
                    if ways == options.len() {
                        break 'search;
                    }
                }
            }
            if let Some((_, mut around, plan)) = best {
                return around.fill(plan);
            }
        }
        // Not even the node in focus fits: a part of it will be seen.
        let near = Near::of(tree, focus, None);
        let way = near.first(near.least);
        let shown = shown(tree, None, |i| way.get(i).copied().unwrap_or(false));
        let free = Room {
            height: usize::MAX,
            style: Style::Free,
            ..room
        };
        Self::fit(tree, &shown, SHORTEST, free).unwrap_or_default()
    }

    fn fit(tree: &Tree, shown: &Shown, detail: Detail, room: Room) -> Option<Self> {
        // Every end of a branch takes a row, unless rows are shared: what has more ends than rows is not worth writing.
        if !matches!(room.style, Style::Packed(..)) && shown.ends > room.height {
            return None;
        }
        let mut plan = Self::default();
        let mut prefer = None;
        let mut roots = Vec::new();
        // Depth first, so that children follow their parents; the item a node hangs on goes along.
        let mut todo: Vec<(What, Option<usize>)> = Vec::new();
        if let Some(top) = shown.top {
            todo.push((What::Node(top), None));
        } else {
            if shown.outside > 0 {
                todo.push((What::More(usize::MAX, shown.outside), None));
            }
            let roots = tree.roots.iter().rev().filter(|r| shown.is(**r));
            todo.extend(roots.map(|r| (What::Node(*r), None)));
        }
        while let Some((what, parent)) = todo.pop() {
            let at = plan.items.len();
            let mut item = Item::new(tree, what, detail);
            let mut gap = 0;
            if let What::Node(node) = what {
                if room.focus == Some(node) {
                    prefer = Some(at);
                }
                if shown.top == Some(node) {
                    item.label = format!("{} more", shown.outside);
                    item.exception = false;
                    plan.above = shown.outside;
                }
                let children = tree.node(node).map_or(&[][..], |n| &n.children);
                let before = todo.len();
                let drawn = children.iter().rev().filter(|c| shown.is(**c));
                todo.extend(drawn.map(|c| (What::Node(*c), Some(at))));
                match shown.hidden.get(node).copied().unwrap_or(0) {
                    0 => {}
                    hidden if todo.len() == before => todo.push((What::More(node, hidden), Some(at))),
                    // A row for what is folded beside what is not would cost as much as showing one of them.
                    hidden => item.chips.push(Chip {
                        text: format!("{hidden} more"),
                        of: Vec::new(),
                        folded: hidden,
                    }),
                }
                // A line that starts right behind a chip would seem to belong to it.
                gap = usize::from(!item.chips.is_empty() && !children.is_empty());
            }
            plan.shapes.push(Shape {
                own: item.width(),
                gap,
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
        }
        plan.layout = arrange(&plan.shapes, &roots, room.style, prefer)?;
        (plan.layout.height <= room.height).then_some(plan)
    }

    /// Whether anything is folded.
    pub fn is_folded(&self) -> bool {
        let chip = |i: &Item| i.chips.iter().any(|c| c.folded > 0);
        self.items
            .iter()
            .any(|i| matches!(i.what, What::More(..)) || chip(i))
    }

    /// The item that shows a node, or the fold it is in.
    pub fn place_of(&self, tree: &Tree, node: usize) -> Option<usize> {
        let path = tree.path(node);
        path.iter()
            .rev()
            .find_map(|n| self.items.iter().position(|i| i.what == What::Node(*n)))
    }
}

/// The search for as much around the node in focus as fits, with texts of some length.
struct Around<'a> {
    tree: &'a Tree,
    near: Near,
    detail: Detail,
    room: Room,
    /// How many families are drawn for certain.
    count: usize,
    drawn: Vec<bool>,
}

impl<'a> Around<'a> {
    fn new(tree: &'a Tree, focus: Option<usize>, top: Option<usize>, detail: Detail, room: Room) -> Self {
        Self {
            tree,
            near: Near::of(tree, focus, top),
            detail,
            room,
            count: 0,
            drawn: Vec::new(),
        }
    }

    fn plan(&self, wanted: &[bool]) -> Option<Plan> {
        let shown = shown(self.tree, self.near.top, |i| wanted.get(i) == Some(&true));
        Plan::fit(self.tree, &shown, self.detail, self.room)
    }

    fn draws(&self, node: usize) -> bool {
        self.drawn.get(node) == Some(&true)
    }

    /// The nearest families, as many as fit, found by halves.
    fn nearest(&mut self) -> Option<Plan> {
        let mut best = self.plan(&self.near.first(self.near.least))?;
        let (mut low, mut high) = (self.near.least, self.near.len() + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.plan(&self.near.first(middle)) {
                Some(plan) => {
                    best = plan;
                    low = middle;
                }
                None => high = middle,
            }
        }
        self.count = low;
        self.drawn = self.near.first(low);
        Some(best)
    }

    /// Adds families that are further away, but smaller, and fit.
    fn fill(&mut self, mut best: Plan) -> Plan {
        for family in self.near.after(self.count).take(TRIES) {
            let mut more = self.drawn.clone();
            mark(&mut more, family);
            if let Some(plan) = self.plan(&more) {
                self.drawn = more;
                best = plan;
            }
        }
        best
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
                folded += item.chips.iter().map(|c| c.folded).sum::<usize>();
            }
            prop_assert!(times.iter().all(|t| *t <= 1));
            folded += plan.above;
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
