//! Which nodes of a tree are drawn where not all can be, and how many are folded under each that is.

use super::tree::Tree;
use std::collections::{BTreeSet, VecDeque};

/// Which nodes are drawn, and how many are folded under each that is.
pub(super) struct Shown {
    /// The node the drawing begins with, where that is not the start.
    pub(super) top: Option<usize>,
    drawn: Vec<bool>,
    /// How many drawn nodes have nothing drawn under them.
    pub(super) ends: usize,
    /// How many nodes are folded under each that is drawn.
    pub(super) hidden: Vec<usize>,
    /// How many are folded under none.
    pub(super) outside: usize,
}

impl Shown {
    /// Whether a node is drawn.
    pub(super) fn is(&self, node: usize) -> bool {
        self.drawn.get(node).copied().unwrap_or(false)
    }
}

/// Draws what is wanted and hangs on something drawn.
pub(super) fn shown(tree: &Tree, top: Option<usize>, wanted: impl Fn(usize) -> bool) -> Shown {
    let mut shown = Shown {
        top,
        ends: 0,
        drawn: vec![false; tree.len()],
        hidden: vec![0; tree.len()],
        outside: 0,
    };
    // Parents come first in the tree's order: a node is drawn where its parent is, or counted where one above it is.
    let mut parted = vec![false; tree.len()];
    let mut counted_at: Vec<Option<usize>> = vec![None; tree.len()];
    for &node in &tree.order {
        let parent = tree.node(node).and_then(|n| n.parent);
        let root = top.map_or(parent.is_none(), |t| t == node);
        let inside = root || parent.is_some_and(|p| shown.is(p));
        if root && top.is_some() || inside && wanted(node) {
            if let Some(d) = shown.drawn.get_mut(node) {
                *d = true;
            }
            // Its parent was an end until now, unless another child came before.
            let first = parent
                .and_then(|p| parted.get_mut(p))
                .is_none_or(|p| !std::mem::replace(p, true));
            if root || !first {
                shown.ends += 1;
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
            None => shown.outside += 1,
        }
    }
    shown
}

/// The nodes by how near they are to the one in focus, along the tree, in families that are drawn or folded together:
/// siblings, except those right beside the way from the start to the focus, each of which stands alone.
pub(super) struct Near {
    families: Vec<Vec<usize>>,
    nodes: usize,
    /// The node the drawing begins with, where that is not the start.
    pub(super) top: Option<usize>,
    /// How many families make the way to the focus, which is always drawn.
    pub(super) least: usize,
}

impl Near {
    pub(super) fn of(tree: &Tree, focus: Option<usize>, top: Option<usize>) -> Self {
        let focus = focus
            .filter(|f| *f < tree.len())
            .or_else(|| tree.roots.first().copied());
        let mut path = focus.map_or_else(Vec::new, |f| tree.path(f));
        if let Some(at) = path.iter().position(|n| Some(*n) == top) {
            path.drain(..at);
        }
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
        let mut order = under(tree, top);
        order.sort_by_key(|n| distance.get(*n).copied().unwrap_or(usize::MAX));
        let on_path: BTreeSet<usize> = path.iter().copied().collect();
        let parent = |n: usize| tree.node(n).and_then(|n| n.parent);
        let together = |a: &usize, b: &usize| {
            parent(*a) == parent(*b) && parent(*a).is_some_and(|p| !on_path.contains(&p))
        };
        Self {
            families: order.chunk_by(together).map(<[usize]>::to_vec).collect(),
            nodes: tree.len(),
            top,
            least: path.len(),
        }
    }

    /// How many families there are.
    pub(super) const fn len(&self) -> usize {
        self.families.len()
    }

    /// The nearest `count` families, as a mark for each node of the tree.
    pub(super) fn first(&self, count: usize) -> Vec<bool> {
        let mut marks = vec![false; self.nodes];
        for family in self.families.iter().take(count) {
            mark(&mut marks, family);
        }
        marks
    }

    /// The families from number `count` on.
    pub(super) fn after(&self, count: usize) -> impl Iterator<Item = &[usize]> {
        self.families.iter().skip(count).map(Vec::as_slice)
    }
}

/// The nodes at and under `top`, or all of them, parents before children.
fn under(tree: &Tree, top: Option<usize>) -> Vec<usize> {
    let Some(top) = top else {
        return tree.order.clone();
    };
    let mut inside = vec![false; tree.len()];
    let mut order = tree.order.clone();
    order.retain(|n| {
        let parent = tree.node(*n).and_then(|n| n.parent);
        let is = *n == top || parent.is_some_and(|p| inside.get(p) == Some(&true));
        if let Some(i) = inside.get_mut(*n) {
            *i = is;
        }
        is
    });
    order
}

/// Marks the nodes of a family.
pub(super) fn mark(marks: &mut [bool], family: &[usize]) {
    for node in family {
        if let Some(m) = marks.get_mut(*node) {
            *m = true;
        }
    }
}
