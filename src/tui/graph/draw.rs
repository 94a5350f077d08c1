//! A plan on a buffer: lines that join where they meet, names in their brackets, keys on their edges.
//!
//! Meaning is never in the colour alone. Edges that were walked are heavy lines, others light; the node the call stands
//! at is `▐name▌`, nodes it has been at `(name)`, others `[name]`.

use super::item::{Item, What};
use super::plan::Plan;
use super::tree::{Link, Tree};
use crate::call::session::Visits;
use crate::tui::pane::text::{self, cells, put};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// What is drawn besides the plan itself.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The tree the plan is of.
    pub tree: &'a Tree,
    /// The plan.
    pub plan: &'a Plan,
    /// What has been visited.
    pub visits: &'a Visits,
    /// Where the call stands.
    pub current: Option<usize>,
    /// The node that was picked, if one was.
    pub picked: Option<usize>,
    /// The cell of the plan that is drawn at the area's top left.
    pub origin: (usize, usize),
}

/// Draws the part of a plan that lies in `area` and says where which node (or fold of which node) is.
pub fn draw(buf: &mut Buffer, area: Rect, theme: &Theme, scene: &Scene<'_>) -> Vec<(Rect, usize)> {
    let mut lines = Lines::new(area);
    let mut hits = Vec::new();
    let pen = Pen { area, theme, scene };
    for (at, (shape, place)) in scene
        .plan
        .shapes
        .iter()
        .zip(&scene.plan.layout.places)
        .enumerate()
    {
        pen.branches(&mut lines, shape, *place);
        pen.item(buf, &mut lines, &mut hits, at);
    }
    lines.draw(buf, theme);
    hits
}

/// Whether any of the edges behind a link was walked.
pub fn walked(visits: &Visits, link: &Link) -> bool {
    link.edges.iter().any(|e| visits.edges.contains_key(e))
}

struct Pen<'a> {
    area: Rect,
    theme: &'a Theme,
    scene: &'a Scene<'a>,
}

impl Pen<'_> {
    /// Whether the edge to an item was walked.
    fn heavy(&self, item: usize) -> bool {
        let Some(What::Node(node)) = self.scene.plan.items.get(item).map(|i| i.what) else {
            return false;
        };
        let link = self.scene.tree.node(node).and_then(|n| n.link.as_ref());
        link.is_some_and(|l| walked(self.scene.visits, l))
    }

    /// The lines from an item to what hangs on it, up to where the labels begin.
    fn branches(&self, lines: &mut Lines, shape: &super::layout::Shape, place: super::layout::Place) {
        let places = &self.scene.plan.layout.places;
        // What branches off: one for each row, which packed children share.
        let mut children: Vec<(super::layout::Place, bool)> = Vec::new();
        for child in &shape.children {
            let Some(place) = places.get(*child) else { continue };
            let heavy = self.heavy(*child);
            match children.last_mut().filter(|(p, _)| p.y == place.y) {
                Some((_, any)) => *any |= heavy,
                None => children.push((*place, heavy)),
            }
        }
        let Some(column) = children.first().and_then(|(p, _)| p.edge_x.checked_sub(1)) else {
            return;
        };
        let any = children.iter().any(|(_, heavy)| *heavy);
        if place.stand.is_beside() {
            let end = place.x + shape.own + shape.gap;
            for x in end..column {
                self.join(lines, x, place.y, [None, Some(any), None, Some(any)]);
            }
            self.join(lines, column, place.y, [None, None, None, Some(any)]);
        }
        // Down the trunk: each stretch is heavy where something below it was walked.
        let mut from = place.y;
        for (i, (child, heavy)) in children.iter().enumerate() {
            let below = children.iter().skip(i).any(|(_, h)| *h);
            if child.y > from {
                let top_joins = place.stand.is_beside() || i > 0;
                if top_joins {
                    self.join(lines, column, from, [None, None, Some(below), None]);
                }
                for y in from + 1..child.y {
                    self.join(lines, column, y, [Some(below), None, Some(below), None]);
                }
                self.join(lines, column, child.y, [Some(below), None, None, None]);
            }
            self.join(lines, column, child.y, [None, Some(*heavy), None, None]);
            from = child.y;
        }
    }

    fn join(&self, lines: &mut Lines, x: usize, y: usize, arms: [Option<bool>; 4]) {
        if let Some((x, y)) = self.on_screen(x, y) {
            lines.join(x, y, arms);
        }
    }

    /// Where a cell of the plan is on the screen, if it is in view.
    fn on_screen(&self, x: usize, y: usize) -> Option<(u16, u16)> {
        let x = cells(x.checked_sub(self.scene.origin.0)?);
        let y = cells(y.checked_sub(self.scene.origin.1)?);
        (x < self.area.width && y < self.area.height).then(|| (self.area.x + x, self.area.y + y))
    }

    /// Draws a text that may begin left of what is in view.
    fn write(&self, buf: &mut Buffer, x: usize, y: usize, what: &str, style: Style) -> Option<Rect> {
        let left = self.scene.origin.0;
        let whole = text::width(what);
        let (skipped, x) = if x < left { (left - x, left) } else { (0, x) };
        if skipped >= whole {
            return None;
        }
        let (sx, sy) = self.on_screen(x, y)?;
        let rest = if skipped == 0 { what } else { after(what, skipped) };
        // A wide character cut in half leaves a blank.
        let gap = cells(whole - skipped - text::width(rest));
        let end = put(buf, self.area, sx.saturating_add(gap), sy, rest, style);
        Some(Rect::new(sx, sy, end.saturating_sub(sx), 1))
    }

    fn item(&self, buf: &mut Buffer, lines: &mut Lines, hits: &mut Vec<(Rect, usize)>, at: usize) {
        let (Some(item), Some(place)) = (
            self.scene.plan.items.get(at),
            self.scene.plan.layout.places.get(at),
        ) else {
            return;
        };
        let below = place.y < self.scene.origin.1
            || place.y >= self.scene.origin.1 + usize::from(self.area.height)
            || place.edge_x >= self.scene.origin.0 + usize::from(self.area.width);
        if below {
            return;
        }
        let heavy = self.heavy(at);
        let label = self.edge(buf, lines, item, *place, heavy);
        if at == 0 && self.scene.plan.above > 0 {
            // What is folded before the first node unfolds around the node it hangs on.
            let parent = match item.what {
                What::Node(node) => self.scene.tree.node(node).and_then(|n| n.parent),
                What::More(..) => None,
            };
            hits.extend(label.zip(parent));
        }
        match item.what {
            What::Node(node) => self.node(buf, hits, item, node, *place),
            What::More(of, _) => {
                let drawn = self.write(buf, place.x, place.y, &item.name, self.theme.dim);
                if let Some(area) = drawn.filter(|_| of < self.scene.tree.len()) {
                    hits.push((area, of));
                }
            }
        }
    }

    /// `1▸`, filled up with line where the label is shorter than its siblings'.
    fn edge(
        &self,
        buf: &mut Buffer,
        lines: &mut Lines,
        item: &Item,
        place: super::layout::Place,
        heavy: bool,
    ) -> Option<Rect> {
        let labelled = !item.label.is_empty();
        let arrow = place.x.saturating_sub(usize::from(labelled));
        let line_from = place.edge_x + text::width(&item.label);
        for x in line_from..arrow {
            self.join(lines, x, place.y, [None, Some(heavy), None, Some(heavy)]);
        }
        let mut drawn = None;
        if labelled {
            let key = if item.exception {
                self.theme.bad
            } else {
                self.theme.key
            };
            drawn = self.write(buf, place.edge_x, place.y, &item.label, key);
            self.write(buf, arrow, place.y, "▸", self.line_style(heavy));
        }
        drawn
    }

    fn line_style(&self, heavy: bool) -> Style {
        if heavy {
            self.theme.visited
        } else {
            self.theme.unvisited
        }
    }

    fn node(
        &self,
        buf: &mut Buffer,
        hits: &mut Vec<(Rect, usize)>,
        item: &Item,
        node: usize,
        place: super::layout::Place,
    ) {
        let scene = self.scene;
        let theme = self.theme;
        let id = scene.tree.node(node).map(|n| &n.id);
        let visited = id.is_some_and(|id| scene.visits.nodes.contains_key(id));
        let current = scene.current == Some(node);
        let (open, shut, mut style) = match (current, visited) {
            (true, _) => ("▐", "▌", theme.current),
            (false, true) => ("(", ")", theme.visited),
            (false, false) => ("[", "]", theme.unvisited),
        };
        let brackets = style.remove_modifier(Modifier::REVERSED);
        if scene.picked == Some(node) {
            style = style.add_modifier(Modifier::UNDERLINED);
        }
        let name = text::width(&item.name);
        let mut area = self.write(buf, place.x, place.y, open, brackets);
        for part in [
            self.write(buf, place.x + 1, place.y, &item.name, style),
            self.write(buf, place.x + 1 + name, place.y, shut, brackets),
        ] {
            area = match (area, part) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => a.or(b),
            };
        }
        if let Some(area) = area {
            hits.push((area, node));
        }
        let links = scene.tree.node(node).map_or(&[][..], |n| &n.chips);
        let mut x = place.x + name + 2;
        for chip in &item.chips {
            let of: Vec<&Link> = chip.of.iter().filter_map(|i| links.get(*i)).collect();
            let style = if of.iter().any(|l| walked(scene.visits, l)) {
                theme.visited.add_modifier(Modifier::BOLD)
            } else {
                theme.unvisited
            };
            let area = self.write(buf, x + 1, place.y, &chip.text, style);
            match (area, of.as_slice()) {
                (Some(area), [one]) => hits.push((area, one.to)),
                (Some(area), []) if chip.folded > 0 => hits.push((area, node)),
                _ => {}
            }
            x += text::width(&chip.text) + 1;
        }
    }
}

/// What is left of a text after its first `columns` columns.
fn after(what: &str, columns: usize) -> &str {
    let head = text::fit(what, columns).len();
    let head = if text::width(what.get(..head).unwrap_or_default()) < columns {
        // The column falls into a wide character: leave that out whole.
        text::fit(what, columns + 1).len()
    } else {
        head
    };
    what.get(head..).unwrap_or_default()
}

/// Lines as arms of cells (up, right, down, left), light or heavy, so that they join wherever they meet.
struct Lines {
    area: Rect,
    arms: Vec<[Option<bool>; 4]>,
}

impl Lines {
    fn new(area: Rect) -> Self {
        Self {
            area,
            arms: vec![[None; 4]; usize::from(area.width) * usize::from(area.height)],
        }
    }

    fn join(&mut self, x: u16, y: u16, arms: [Option<bool>; 4]) {
        let at = usize::from(y - self.area.y) * usize::from(self.area.width) + usize::from(x - self.area.x);
        let Some(cell) = self.arms.get_mut(at) else { return };
        for (old, new) in cell.iter_mut().zip(arms) {
            *old = (*old).max(new);
        }
    }

    fn draw(&self, buf: &mut Buffer, theme: &Theme) {
        for (arms, position) in self.arms.iter().zip(self.area.positions()) {
            let Some(glyph) = glyph(*arms) else { continue };
            let style = if arms.contains(&Some(true)) {
                theme.visited
            } else {
                theme.unvisited
            };
            if let Some(cell) = buf.cell_mut(position) {
                cell.set_char(glyph).set_style(style);
            }
        }
    }
}

/// The box-drawing character with these arms. A tree drawn to the right needs no arm to the left below the first row.
const fn glyph(arms: [Option<bool>; 4]) -> Option<char> {
    const N: Option<bool> = None;
    const L: Option<bool> = Some(false);
    const H: Option<bool> = Some(true);
    Some(match arms {
        [N, N, N, N] => return None,
        [N, L, N, L | N] | [N, N, N, L] => '─',
        [N, H, N, H | N] | [N, N, N, H] => '━',
        [N, H, N, L] => '╼',
        [N, L, N, H] => '╾',
        [L, N, L | N, N] | [N, N, L, N] => '│',
        [H, N, H | N, N] | [N, N, H, N] => '┃',
        [H, N, L, N] => '╿',
        [L, N, H, N] => '╽',
        [L, L, N, _] => '└',
        [L, H, N, _] => '┕',
        [H, L, N, _] => '┖',
        [H, H, N, _] => '┗',
        [N, L, L, N] => '┌',
        [N, H, L, N] => '┍',
        [N, L, H, N] => '┎',
        [N, H, H, N] => '┏',
        [N, L, L, L] => '┬',
        [N, L, L, H] => '┭',
        [N, H, L, L] => '┮',
        [N, H, L, H] => '┯',
        [N, L, H, L] => '┰',
        [N, L, H, H] => '┱',
        [N, H, H, L] => '┲',
        [N, H, H, H] => '┳',
        [N, N, L, _] => '┐',
        [N, N, H, _] => '┓',
        [L, N, N, _] => '┘',
        [H, N, N, _] => '┛',
        [L, L, L, _] => '├',
        [L, H, L, _] => '┝',
        [H, L, L, _] => '┞',
        [L, L, H, _] => '┟',
        [H, L, H, _] => '┠',
        [H, H, L, _] => '┡',
        [L, H, H, _] => '┢',
        [H, H, H, _] => '┣',
        [_, N, _, _] => '┤',
    })
}
