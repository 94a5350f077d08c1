//! Rows and columns for a forest in cells, left to right.
//!
//! A parent's children stand beside it, the first on its own row (`(main)─┬1▸(deposits)`), which takes the fewest
//! rows; where that is too wide they stand below it, indented, which takes one row more and hardly any columns. Where
//! rows are short too, children that have none of their own may share rows. Which parents do which is chosen so that
//! the whole takes the fewest rows in the width there is. The cost is the number of items times the width.

/// Something to place: a node with all that is written behind it, or a fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Cells of the node and its chips.
    pub own: usize,
    /// Cells kept free between it and the line to children beside it.
    pub gap: usize,
    /// Cells of the text on the edge that leads to it.
    pub edge: usize,
    /// Whether its name lines up with those of its siblings.
    pub aligned: bool,
    /// What hangs on it; every index is greater than its own.
    pub children: Vec<usize>,
}

/// Where one item stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The column of its first cell.
    pub x: usize,
    /// Its row.
    pub y: usize,
    /// The column where the text of its edge starts, right after the line it branches from.
    pub edge_x: usize,
    /// How its children stand.
    pub stand: Stand,
}

/// How an item's children stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stand {
    /// Beside it, each on rows of its own.
    #[default]
    Beside,
    /// Below it, each on rows of its own.
    Below,
    /// Beside it, several in a row.
    Packed,
    /// Below it, several in a row.
    PackedBelow,
}

impl Stand {
    /// Whether the children begin on their parent's row.
    pub const fn is_beside(self) -> bool {
        matches!(self, Self::Beside | Self::Packed)
    }
}

/// A forest with its places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One place for each shape, in order.
    pub places: Vec<Place>,
    /// Columns in all.
    pub width: usize,
    /// Rows in all.
    pub height: usize,
}

/// How children may stand, and in how many columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Beside their parents throughout, however wide.
    Free,
    /// Beside, or below where the columns are too few.
    Within(usize),
    /// Like `Within`, and packed where so many rows are too few.
    Packed(usize, usize),
    /// Below throughout: an indented outline.
    Outline(usize),
}

const NEVER: u32 = u32::MAX;

/// How much further right the text of a child's edge starts than that of its parent's, when it stands below.
const INDENT: usize = 2;

/// Gives every shape its place, or `None` where no arrangement keeps to the width. Where packing leaves rows to spare,
/// the children of `prefer` get rows of their own first.
pub fn arrange(shapes: &[Shape], roots: &[usize], style: Style, prefer: Option<usize>) -> Option<Layout> {
    let rows = Rows::count(shapes, style);
    let least = roots
        .iter()
        .fold(0, |sum: u32, r| sum.saturating_add(rows.of(*r, 0, Lead::Own)));
    if least == NEVER {
        return None;
    }
    let mut places = columns(shapes, roots, &rows);
    if let Style::Packed(_, height) = style {
        unpack(
            shapes,
            &rows,
            &mut places,
            height.saturating_sub(least as usize),
            prefer,
        );
    }
    Some(lines(shapes, roots, &rows, places))
}

/// Top down: each item's columns, and the stand that takes the fewest rows there.
fn columns(shapes: &[Shape], roots: &[usize], rows: &Rows) -> Vec<Place> {
    let mut places = vec![Place::default(); shapes.len()];
    for root in roots {
        if let (Some(place), Some(shape)) = (places.get_mut(*root), shapes.get(*root)) {
            place.x = shape.edge;
        }
    }
    for (item, shape) in shapes.iter().enumerate() {
        let Some(place) = places.get_mut(item) else { break };
        let end = place.x + shape.own;
        let (stand, _) = rows.best(shapes, shape, place.edge_x, end);
        place.stand = stand;
        let start = if stand.is_beside() {
            after(shape, end)
        } else {
            place.edge_x + INDENT
        };
        for child in &shape.children {
            let lead = if stand == Stand::Beside {
                rows.lead(*child)
            } else {
                edge(shapes, *child)
            };
            if let Some(place) = places.get_mut(*child) {
                place.edge_x = start;
                place.x = start + lead;
            }
        }
    }
    places
}

/// Spends spare rows on giving packed children rows of their own.
fn unpack(shapes: &[Shape], rows: &Rows, places: &mut [Place], mut spare: usize, prefer: Option<usize>) {
    for item in prefer.into_iter().chain(0..shapes.len()) {
        let (Some(shape), Some(place)) = (shapes.get(item), places.get(item)) else {
            continue;
        };
        let (x, edge_x) = (place.x, place.edge_x);
        let stand = match place.stand {
            Stand::Packed => Stand::Beside,
            Stand::PackedBelow => Stand::Below,
            Stand::Beside | Stand::Below => continue,
        };
        let lead = |child: usize| {
            if stand == Stand::Beside {
                rows.lead(child)
            } else {
                edge(shapes, child)
            }
        };
        let start = if stand.is_beside() {
            after(shape, x + shape.own)
        } else {
            edge_x + INDENT
        };
        let fits = |c: &usize| start + lead(*c) + own(shapes, *c) < rows.stride;
        let more = shape
            .children
            .len()
            .saturating_sub(rows.packed(shapes, shape, start) as usize);
        if more > spare || !shape.children.iter().all(fits) {
            continue;
        }
        spare -= more;
        if let Some(place) = places.get_mut(item) {
            place.stand = stand;
        }
        for child in &shape.children {
            if let Some(place) = places.get_mut(*child) {
                place.x = start + lead(*child);
            }
        }
    }
}

/// Bottom up how many rows each item takes as it stands, then top down on which row it begins.
fn lines(shapes: &[Shape], roots: &[usize], rows: &Rows, places: Vec<Place>) -> Layout {
    let mut tall = vec![1_usize; shapes.len()];
    for (item, shape) in shapes.iter().enumerate().rev() {
        let Some(place) = places.get(item).filter(|_| !shape.children.is_empty()) else {
            continue;
        };
        let each = || shape.children.iter().filter_map(|c| tall.get(*c)).sum::<usize>();
        let packed = || {
            let start = shape
                .children
                .first()
                .and_then(|c| places.get(*c))
                .map_or(0, |p| p.edge_x);
            rows.packed(shapes, shape, start) as usize
        };
        let sum = match place.stand {
            Stand::Beside => each(),
            Stand::Below => each() + 1,
            Stand::Packed => packed(),
            Stand::PackedBelow => packed() + 1,
        };
        if let Some(t) = tall.get_mut(item) {
            *t = sum;
        }
    }
    let mut layout = Layout {
        places,
        width: 0,
        height: 0,
    };
    for root in roots {
        if let Some(place) = layout.places.get_mut(*root) {
            place.y = layout.height;
        }
        layout.height += tall.get(*root).copied().unwrap_or(0);
    }
    for (item, shape) in shapes.iter().enumerate() {
        let Some(place) = layout.places.get(item).copied() else {
            break;
        };
        layout.width = layout.width.max(place.x + shape.own);
        let mut row = place.y + usize::from(!place.stand.is_beside());
        let mut column = None;
        for child in &shape.children {
            let Some(p) = layout.places.get_mut(*child) else {
                continue;
            };
            if matches!(place.stand, Stand::Packed | Stand::PackedBelow) {
                let wide = edge(shapes, *child) + own(shapes, *child);
                let start = p.edge_x;
                let at = column.unwrap_or(start);
                if at > start && at + wide >= rows.stride {
                    row += 1;
                    column = Some(start);
                }
                p.edge_x = column.unwrap_or(start);
                p.x = p.edge_x + edge(shapes, *child);
                column = Some(p.edge_x + wide + 1);
                p.y = row;
            } else {
                p.y = row;
                row += tall.get(*child).copied().unwrap_or(1);
            }
        }
    }
    layout
}

/// Where the text of the children's edges starts when they stand beside a shape that ends before column `end`: after
/// `─`, or after `─┬` where there are several.
const fn after(shape: &Shape, end: usize) -> usize {
    end + shape.gap + if shape.children.len() > 1 { 2 } else { 1 }
}

fn edge(shapes: &[Shape], item: usize) -> usize {
    shapes.get(item).map_or(0, |s| s.edge)
}

fn own(shapes: &[Shape], item: usize) -> usize {
    shapes.get(item).map_or(0, |s| s.own)
}

/// Whether an item's name starts after its own edge's text or lined up with its siblings'.
#[derive(Clone, Copy)]
enum Lead {
    Own,
    Siblings,
}

/// How many rows each item and what hangs on it takes at least, by the column where the text of its edge starts.
struct Rows {
    style: Style,
    /// Columns that can be asked for: `0..=width`.
    stride: usize,
    /// How far each item's name is from the line it branches from when lined up with its siblings.
    leads: Vec<usize>,
    own: Vec<u32>,
    siblings: Vec<u32>,
}

impl Rows {
    fn count(shapes: &[Shape], style: Style) -> Self {
        let stride = match style {
            Style::Free => 1,
            Style::Within(w) | Style::Outline(w) | Style::Packed(w, _) => w + 1,
        };
        let mut leads: Vec<usize> = shapes.iter().map(|s| s.edge).collect();
        for shape in shapes {
            let aligned = || {
                let children = shape.children.iter();
                children.filter(|c| shapes.get(**c).is_some_and(|s| s.aligned))
            };
            let widest = aligned().map(|c| edge(shapes, *c)).max().unwrap_or(0);
            for child in aligned() {
                if let Some(lead) = leads.get_mut(*child) {
                    *lead = widest;
                }
            }
        }
        let mut rows = Self {
            style,
            stride,
            own: vec![NEVER; shapes.len() * stride],
            siblings: vec![NEVER; shapes.len() * stride],
            leads,
        };
        for (item, shape) in shapes.iter().enumerate().rev() {
            let lead = rows.lead(item);
            for column in 0..stride {
                let (_, own) = rows.best(shapes, shape, column, column + shape.edge + shape.own);
                let aligned = if lead == shape.edge {
                    own
                } else {
                    rows.best(shapes, shape, column, column + lead + shape.own).1
                };
                let at = item * stride + column;
                if let Some(slot) = rows.own.get_mut(at) {
                    *slot = own;
                }
                if let Some(slot) = rows.siblings.get_mut(at) {
                    *slot = aligned;
                }
                if own == NEVER {
                    // Further right is no better.
                    break;
                }
            }
        }
        rows
    }

    fn lead(&self, item: usize) -> usize {
        self.leads.get(item).copied().unwrap_or(0)
    }

    /// The stand that takes the fewest rows where the text of the edge starts at `column` and the shape ends before
    /// `end`, and how many it takes.
    fn best(&self, shapes: &[Shape], shape: &Shape, column: usize, end: usize) -> (Stand, u32) {
        if self.style != Style::Free && end >= self.stride {
            return (Stand::Beside, NEVER);
        }
        if shape.children.is_empty() {
            return (Stand::Beside, 1);
        }
        let beside = || self.sum(shape, after(shape, end), Lead::Siblings);
        let below = || self.sum(shape, column + INDENT, Lead::Own).saturating_add(1);
        match self.style {
            Style::Free => (Stand::Beside, beside()),
            Style::Outline(_) => (Stand::Below, below()),
            Style::Within(_) => {
                let (beside, below) = (beside(), below());
                if beside <= below {
                    (Stand::Beside, beside)
                } else {
                    (Stand::Below, below)
                }
            }
            Style::Packed(..) => {
                let packed = self.packed(shapes, shape, after(shape, end));
                let packed_below = self.packed(shapes, shape, column + INDENT).saturating_add(1);
                let stands = [
                    (Stand::Beside, beside()),
                    (Stand::Packed, packed),
                    (Stand::Below, below()),
                    (Stand::PackedBelow, packed_below),
                ];
                stands
                    .into_iter()
                    .min_by_key(|(_, rows)| *rows)
                    .unwrap_or((Stand::Beside, NEVER))
            }
        }
    }

    fn sum(&self, shape: &Shape, column: usize, lead: Lead) -> u32 {
        shape
            .children
            .iter()
            .fold(0, |sum: u32, c| sum.saturating_add(self.of(*c, column, lead)))
    }

    /// How many rows children without any of their own take from `start` on, several in a row.
    fn packed(&self, shapes: &[Shape], shape: &Shape, start: usize) -> u32 {
        let (mut rows, mut at) = (1, start);
        for child in &shape.children {
            let wide = edge(shapes, *child) + own(shapes, *child);
            if start + wide >= self.stride || shapes.get(*child).is_some_and(|s| !s.children.is_empty()) {
                return NEVER;
            }
            if at > start && at + wide >= self.stride {
                rows += 1;
                at = start;
            }
            at += wide + 1;
        }
        rows
    }

    fn of(&self, item: usize, column: usize, lead: Lead) -> u32 {
        let column = if self.style == Style::Free { 0 } else { column };
        if column >= self.stride {
            return NEVER;
        }
        let table = match lead {
            Lead::Own => &self.own,
            Lead::Siblings => &self.siblings,
        };
        table.get(item * self.stride + column).copied().unwrap_or(NEVER)
    }
}
