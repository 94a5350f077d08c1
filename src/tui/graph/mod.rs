//! The state graph as a drawing in cells, apart from the pane that shows it.
//!
//! A [`Tree`] is what a [`FlowGraph`](crate::call::FlowGraph) looks like from its start: a spanning tree whose edges are
//! drawn as lines, and every other edge as a chip behind the node it leaves. A [`Plan`] decides how much of the tree is
//! shown in so many cells (how long names are, what folds); [`layout`] gives everything shown its place, and [`draw`]
//! puts it on a buffer. Tree and plan depend on the graph, the room and the node in focus, never on the call's length.
//!
//! | module | holds |
//! |---|---|
//! | [`tree`] | [`Tree`]: the spanning tree and the chips |
//! | [`layout`] | rows and columns: children beside their parent, or below it where width is short |
//! | `fold` | what is drawn and what folds around a node |
//! | [`item`] | how a node, its chips and its edge are written |
//! | [`plan`] | [`Plan`]: names shortened, far subtrees folded, until it fits |
//! | [`draw`] | lines, names and chips on a buffer |

pub mod draw;
mod fold;
pub mod item;
pub mod layout;
pub mod plan;
pub mod tree;

pub use plan::Plan;
pub use tree::Tree;
