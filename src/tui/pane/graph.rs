//! The state graph: where the call stands, where it has been, and where it could go from here.
//!
//! The drawing follows the call. What does not fit folds away from the node in focus (the current one, or one that was
//! picked); paging or dragging shows the whole drawing through a window instead. A pane that is too small for any
//! drawing still says where the call stands.

use super::text::{self, ellipsis, put};
use super::{Hits, Nav, Pane};
use crate::call::session::Visits;
use crate::call::{FlowGraph, NodeId};
use crate::tui::command::Command;
use crate::tui::graph::draw::{Scene, draw, walked};
use crate::tui::graph::item::{AGAIN, BACK, TO, What};
use crate::tui::graph::plan::{Plan, Want};
use crate::tui::graph::tree::{Link, Tree};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::sync::Arc;

/// What the pane remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    want: Want,
    /// The node in focus instead of the current one.
    picked: Option<usize>,
    /// Where the window was left, by its top left cell; otherwise it follows the focus.
    window: Option<(usize, usize)>,
    /// How far the window is still to be moved, in columns and rows.
    moved: (isize, isize),
    /// Where the call stood when it was drawn last.
    stood: Option<NodeId>,
    graph: Option<Arc<FlowGraph>>,
    tree: Tree,
    plan: Plan,
    planned: Option<PlanKey>,
    page: usize,
}

/// What a plan depends on besides the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PlanKey {
    room: (u16, u16),
    want: Want,
    focus: Option<usize>,
}

/// What is shown.
#[derive(Clone, Copy, Debug)]
pub struct Props<'a> {
    /// The graph. The same allocation means the same graph.
    pub graph: &'a Arc<FlowGraph>,
    /// What the call has visited.
    pub visits: &'a Visits,
    /// Where it stands.
    pub current: &'a NodeId,
}

/// Columns that one step of the wheel or a page key sideways moves the window.
const STEP: isize = 8;

impl State {
    /// Up, down, left and right pick a node beside the one in focus; pages move the window over the whole drawing.
    pub fn navigate(&mut self, nav: Nav) {
        let page = isize::try_from(self.page.max(2) - 1).unwrap_or(1);
        match nav {
            Nav::Up | Nav::Down | Nav::Left | Nav::Right => self.step(nav),
            Nav::PageUp => self.pan(0, -page),
            Nav::PageDown => self.pan(0, page),
            Nav::Top => self.pan(isize::MIN / 2, isize::MIN / 2),
            Nav::Bottom => self.pan(isize::MAX / 2, isize::MAX / 2),
        }
    }

    /// Moves the window by so many columns and rows. What was folded unfolds first.
    pub fn pan(&mut self, columns: isize, rows: isize) {
        if self.plan.items.iter().any(|i| matches!(i.what, What::More(..))) {
            self.want.whole = true;
        }
        self.moved.0 = self.moved.0.saturating_add(columns);
        self.moved.1 = self.moved.1.saturating_add(rows);
    }

    /// Moves the window as one notch of a wheel does.
    pub fn wheel(&mut self, nav: Nav) {
        match nav {
            Nav::Left => self.pan(-STEP, 0),
            Nav::Right => self.pan(STEP, 0),
            Nav::Up | Nav::PageUp | Nav::Top => self.pan(0, -2),
            Nav::Down | Nav::PageDown | Nav::Bottom => self.pan(0, 2),
        }
    }

    /// Follows the call again: nothing picked, the window on the current node, folded to fit.
    pub fn centre(&mut self) {
        self.picked = None;
        self.window = None;
        self.moved = (0, 0);
        self.want.whole = false;
    }

    /// Changes between the drawing and the outline.
    pub fn toggle_outline(&mut self) {
        self.want.outline = !self.want.outline;
        self.window = None;
    }

    /// Changes between what fits, folded, and the whole.
    pub fn toggle_fold(&mut self) {
        self.want.whole = !self.want.whole;
        self.window = None;
    }

    /// Puts a node in focus, by its index in the graph: [`Command::SelectRow`] on this pane.
    pub fn pick(&mut self, node: usize) {
        self.picked = Some(node).filter(|n| *n < self.tree.len());
        self.window = None;
    }

    /// The node that was picked, if one was.
    pub fn picked(&self) -> Option<&NodeId> {
        self.picked.and_then(|n| self.tree.node(n)).map(|n| &n.id)
    }

    /// The node in focus.
    fn focus(&self) -> Option<usize> {
        let current = || self.stood.as_ref().and_then(|id| self.tree.find(id));
        self.picked.or_else(current)
    }

    fn step(&mut self, nav: Nav) {
        let Some(from) = self.focus().or_else(|| self.tree.roots.first().copied()) else {
            return;
        };
        let node = self.tree.node(from);
        let to = match nav {
            Nav::Left => node.and_then(|n| n.parent),
            Nav::Right => node.and_then(|n| n.children.first().copied()),
            _ => self.beside(from, nav == Nav::Down),
        };
        if let Some(to) = to {
            self.pick(to);
        }
    }

    /// The node in the next row up or down that has one, the nearest in it.
    fn beside(&self, from: usize, down: bool) -> Option<usize> {
        let places = &self.plan.layout.places;
        let at = places.get(self.plan.place_of(&self.tree, from)?)?;
        let nodes = self
            .plan
            .items
            .iter()
            .zip(places)
            .filter_map(|(item, place)| match item.what {
                What::Node(node) if (place.y > at.y) == down && place.y != at.y => Some((node, place)),
                _ => None,
            });
        nodes
            .min_by_key(|(_, p)| (p.y.abs_diff(at.y), p.x.abs_diff(at.x)))
            .map(|(node, _)| node)
    }

    /// Takes a new graph, follows a call that moved on, and plans for the room where that changed.
    fn settle(&mut self, props: &Props<'_>, room: (u16, u16)) {
        if !self.graph.as_ref().is_some_and(|g| Arc::ptr_eq(g, props.graph)) {
            self.graph = Some(Arc::clone(props.graph));
            self.tree = Tree::new(props.graph);
            self.planned = None;
            self.centre();
        }
        if self.stood.as_ref() != Some(props.current) {
            self.stood = Some(props.current.clone());
            self.picked = None;
            self.window = None;
        }
        self.page = usize::from(room.1);
        let key = PlanKey {
            room,
            want: self.want,
            focus: self.focus(),
        };
        if self.planned != Some(key) {
            let (width, height) = (usize::from(room.0), usize::from(room.1));
            self.plan = Plan::new(&self.tree, width, height, key.focus, key.want);
            self.planned = Some(key);
        }
    }

    /// The cell of the drawing at the window's top left: where it was left and moved to, or with the focus in the
    /// middle; inside the drawing in any case.
    fn origin(&mut self, room: (u16, u16)) -> (usize, usize) {
        let layout = &self.plan.layout;
        let most = (
            layout.width.saturating_sub(usize::from(room.0)),
            layout.height.saturating_sub(usize::from(room.1)),
        );
        let place = self
            .focus()
            .and_then(|f| self.plan.place_of(&self.tree, f))
            .and_then(|i| Some((layout.places.get(i)?, self.plan.shapes.get(i)?)));
        let middle = place.map_or((0, 0), |(p, s)| {
            (
                (p.x + s.own / 2).saturating_sub(usize::from(room.0) / 2),
                p.y.saturating_sub(usize::from(room.1) / 2),
            )
        });
        let start = self.window.unwrap_or(middle);
        let origin = (
            start
                .0
                .min(most.0)
                .saturating_add_signed(self.moved.0)
                .min(most.0),
            start
                .1
                .min(most.1)
                .saturating_add_signed(self.moved.1)
                .min(most.1),
        );
        if self.moved != (0, 0) || self.window.is_some() {
            self.window = Some(origin);
        }
        self.moved = (0, 0);
        origin
    }
}

/// Below this many columns or rows there is no drawing, only where the call stands.
const LEAST: (u16, u16) = (20, 4);
/// From this many rows on, the ways out of the node in focus have a line of their own.
const WITH_EXITS: u16 = 12;

/// Draws the graph.
pub fn render(buf: &mut Buffer, area: Rect, theme: &Theme, state: &mut State, props: &Props<'_>) -> Hits {
    let mut hits = Hits::new();
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return hits;
    }
    let small = area.width < LEAST.0 || area.height < LEAST.1;
    let foot = if small {
        0
    } else if area.height >= WITH_EXITS {
        2
    } else {
        1
    };
    let body = Rect {
        height: area.height - foot,
        ..area
    };
    let room = (body.width, body.height);
    state.settle(props, room);
    if state.tree.is_empty() {
        put(
            buf,
            area,
            area.x,
            area.y,
            "this line has no states to show",
            theme.dim,
        );
        return hits;
    }
    let current = state.tree.find(props.current);
    if small {
        breadcrumb(buf, area, theme, state, props, &mut hits);
        return hits;
    }
    let origin = state.origin(room);
    let scene = Scene {
        tree: &state.tree,
        plan: &state.plan,
        visits: props.visits,
        current,
        picked: state.picked,
        origin,
    };
    for (area, node) in draw(buf, body, theme, &scene) {
        hits.add(area, Command::SelectRow(Pane::Graph, node));
    }
    let row = |n: u16| Rect {
        y: area.bottom() - n,
        height: 1,
        ..area
    };
    if foot == 2 {
        exits(buf, row(2), theme, state, props.visits, &mut hits);
    }
    put(
        buf,
        area,
        area.x,
        area.bottom() - 1,
        &tally(&state.tree, props.visits, usize::from(area.width)),
        theme.dim,
    );
    hits
}

/// `visited 6 of 27 nodes · 7 of 44 edges`, shorter where that is too long.
fn tally(tree: &Tree, visits: &Visits, columns: usize) -> String {
    let nodes = tree
        .nodes
        .iter()
        .filter(|n| visits.nodes.contains_key(&n.id))
        .count();
    let edges = tree
        .edges
        .iter()
        .filter(|e| visits.edges.contains_key(*e))
        .count();
    let (of_nodes, of_edges) = (tree.len(), tree.edges.len());
    let long = format!("visited {nodes} of {of_nodes} nodes · {edges} of {of_edges} edges");
    if text::width(&long) <= columns {
        return long;
    }
    ellipsis(
        &format!("{nodes}/{of_nodes} nodes · {edges}/{of_edges} edges"),
        columns,
    )
}

/// One way out of a node: its labels and where it leads.
fn exit(tree: &Tree, from: usize, link: &Link) -> (String, String) {
    let mut label = link.labels.join(",");
    if link.exception && !label.starts_with('x') {
        label = if label.is_empty() {
            "x".to_owned()
        } else {
            format!("x {label}")
        };
    }
    let parent = tree.node(from).and_then(|n| n.parent);
    let sign = if parent == Some(link.to) { BACK } else { TO };
    let name = tree.node(link.to).map_or("", |n| n.name.as_str());
    (label, format!("{sign}{name}"))
}

/// Where one can go from the node in focus: `deposits  1→balances · 2→available · 9↩main`.
fn exits(buf: &mut Buffer, area: Rect, theme: &Theme, state: &State, visits: &Visits, hits: &mut Hits) {
    let Some(focus) = state.focus() else { return };
    let Some(node) = state.tree.node(focus) else {
        return;
    };
    let mut x = put(buf, area, area.x, area.y, &node.name, theme.strong);
    let children = node
        .children
        .iter()
        .filter_map(|c| state.tree.node(*c)?.link.as_ref());
    let mut rest = children.clone().count() + node.chips.len();
    if rest == 0 && !node.repeats {
        put(buf, area, x, area.y, "  no way on: the call ends here", theme.dim);
        return;
    }
    for (i, link) in children.chain(&node.chips).enumerate() {
        let (label, target) = exit(&state.tree, focus, link);
        let gap = if i == 0 { "  " } else { " · " };
        let wide = text::width(gap) + text::width(&label) + text::width(&target);
        let after = if rest > 1 {
            format!(" +{}", rest - 1)
        } else {
            String::new()
        };
        if usize::from(area.right().saturating_sub(x)) < wide + after.len() {
            put(buf, area, x, area.y, &format!(" +{rest}"), theme.dim);
            return;
        }
        x = put(buf, area, x, area.y, gap, theme.dim);
        let from = x;
        x = put(
            buf,
            area,
            x,
            area.y,
            &label,
            if link.exception { theme.bad } else { theme.key },
        );
        let style = if walked(visits, link) {
            theme.visited.add_modifier(Modifier::BOLD)
        } else {
            theme.unvisited
        };
        x = put(buf, area, x, area.y, &target, style);
        hits.add(
            Rect::new(from, area.y, x.saturating_sub(from), 1),
            Command::SelectRow(Pane::Graph, link.to),
        );
        rest -= 1;
    }
    if node.repeats {
        put(buf, area, x, area.y, &format!(" {AGAIN}"), theme.dim);
    }
}

/// Where the call stands, in as little as a line: `id › pin › main › ▐deposits▌`, cut at its beginning.
fn breadcrumb(
    buf: &mut Buffer,
    area: Rect,
    theme: &Theme,
    state: &State,
    props: &Props<'_>,
    hits: &mut Hits,
) {
    let room = usize::from(area.width);
    let path = state
        .tree
        .find(props.current)
        .map_or_else(Vec::new, |c| state.tree.path(c));
    let Some((last, way)) = path.split_last() else {
        put(buf, area, area.x, area.y, "not in the graph", theme.dim);
        return;
    };
    let name = |i: &usize| state.tree.node(*i).map_or("", |n| n.name.as_str());
    let here = ellipsis(name(last), room.saturating_sub(2));
    let mut before = String::new();
    for node in way.iter().rev() {
        let longer = format!("{} › {before}", name(node));
        if text::width(&longer) + text::width(&here) + 2 > room {
            if text::width(&before) + text::width(&here) + 6 <= room {
                before = format!("… › {before}");
            }
            break;
        }
        before = longer;
    }
    let x = put(buf, area, area.x, area.y, &before, theme.visited);
    let brackets = theme.current.remove_modifier(Modifier::REVERSED);
    if area.right().saturating_sub(x) > 2 {
        let x = put(buf, area, x, area.y, "▐", brackets);
        let x = put(buf, area, x, area.y, &here, theme.current);
        put(buf, area, x, area.y, "▌", brackets);
    }
    hits.add(Rect { height: 1, ..area }, Command::SelectRow(Pane::Graph, *last));
    if area.height > 1 {
        let line = Rect {
            y: area.y + 1,
            height: 1,
            ..area
        };
        exits(buf, line, theme, state, props.visits, hits);
    }
    if area.height > 2 {
        let line = tally(&state.tree, props.visits, room);
        put(buf, area, area.x, area.y + 2, &line, theme.dim);
    }
}
