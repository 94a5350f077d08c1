//! How a node, its chips and the edge to it are written, in texts of some length.

use super::tree::{Link, Tree};
use crate::tui::pane::text;

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
    /// How many nodes under this one are folded, where the chip says that instead.
    pub folded: usize,
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

/// How long texts may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Detail {
    /// Cells of a name.
    pub(super) name: usize,
    /// Cells of a label.
    pub(super) label: usize,
    /// How chips are written.
    pub(super) chips: Chips,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Chips {
    /// With their targets' names in so many cells, and so many of them.
    Named(usize, usize),
    /// As bare signs.
    Signs,
}

impl Item {
    /// Writes a node or a fold in texts of some length.
    pub(super) fn new(tree: &Tree, what: What, detail: Detail) -> Self {
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
    pub(super) fn width(&self) -> usize {
        let brackets = if matches!(self.what, What::Node(_)) { 2 } else { 0 };
        let chips: usize = self.chips.iter().map(|c| text::width(&c.text) + 1).sum();
        text::width(&self.name) + brackets + chips
    }

    /// Cells of the label and its arrow.
    pub(super) fn edge_width(&self) -> usize {
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
    let chip = |text: String, of: Vec<usize>| Chip { text, of, folded: 0 };
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
