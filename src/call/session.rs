//! A party and the log of what it heard. Stepping back, jumping and forking are operations on that log.
//!
//! The log is a tree of entries, as commits are: an entry knows the one before it, a branch is a path from the root, and
//! nothing that was heard is ever lost. Every [`CHECKPOINT_EVERY`] entries the party's state is kept, so that going to
//! any turn re-hears fewer than that many signals, however long the call is.

use super::graph::FlowGraph;
use super::id::{NodeId, OutcomeCode};
use super::party::Party;
use super::signal::Signal;
use super::time::At;
use super::turn::{Expect, Turn};
use jiff::Zoned;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many entries lie between two kept states.
pub const CHECKPOINT_EVERY: usize = 64;

/// One signal that was heard, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was heard.
    pub signal: Signal,
    /// When.
    pub at: At,
    /// The answer.
    pub turn: Turn,
    /// Where the party stood before.
    pub from: NodeId,
    /// Where it stood afterwards.
    pub node: NodeId,
    /// Its phase afterwards.
    pub phase: SmolStr,
    /// The invariants of the party that this turn broke; empty in a sound one.
    pub violations: Vec<&'static str>,
}

/// A place in the tree of entries. Stays valid for the session's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(usize);

/// A branch that is not the active one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The branch's last entry.
    pub tip: EntryId,
    /// How many entries the branch has.
    pub len: usize,
    /// How many of them it shares with the active branch.
    pub shared: usize,
    /// A name for people.
    pub label: String,
}

#[derive(Clone, Debug)]
struct Slot<P> {
    parent: Option<EntryId>,
    entry: Arc<Entry>,
    state: Option<Box<P>>,
}

/// How often each node and edge was visited on the way to where the session stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// Entered nodes; the node where the call started counts once.
    pub nodes: BTreeMap<NodeId, u32>,
    /// Walked edges: from, label, to.
    pub edges: BTreeMap<(NodeId, SmolStr, NodeId), u32>,
}

impl Visits {
    fn add(&mut self, entry: &Entry) {
        let mut from = entry.from.clone();
        for hop in &entry.turn.trail {
            *self.nodes.entry(hop.to.clone()).or_insert(0) += 1;
            *self
                .edges
                .entry((from, hop.via.clone(), hop.to.clone()))
                .or_insert(0) += 1;
            from = hop.to.clone();
        }
    }

    fn remove(&mut self, entry: &Entry) {
        fn less<K: Ord>(map: &mut BTreeMap<K, u32>, key: &K) {
            if let Some(n) = map.get_mut(key) {
                *n = n.saturating_sub(1);
                if *n == 0 {
                    map.remove(key);
                }
            }
        }
        let mut from = entry.from.clone();
        for hop in &entry.turn.trail {
            less(&mut self.nodes, &hop.to);
            less(&mut self.edges, &(from, hop.via.clone(), hop.to.clone()));
            from = hop.to.clone();
        }
    }
}

/// A call as one party lived it: its state now, and everything it heard on the way there.
pub struct Session<P: Party> {
    rules: Arc<P::Rules>,
    start: At,
    initial: P,
    slots: Vec<Slot<P>>,
    path: Vec<EntryId>,
    cursor: usize,
    party: P,
    kept: Vec<(EntryId, String)>,
    visits: Visits,
}

impl<P: Party> Clone for Session<P> {
    fn clone(&self) -> Self {
        Self {
            rules: Arc::clone(&self.rules),
            start: self.start.clone(),
            initial: self.initial.clone(),
            slots: self.slots.clone(),
            path: self.path.clone(),
            cursor: self.cursor,
            party: self.party.clone(),
            kept: self.kept.clone(),
            visits: self.visits.clone(),
        }
    }
}

impl<P: Party> std::fmt::Debug for Session<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("cursor", &self.cursor)
            .field("len", &self.path.len())
            .finish_non_exhaustive()
    }
}

impl<P: Party> Session<P> {
    /// A call that has not begun: the party has heard nothing, not even [`Signal::Start`].
    pub fn new(rules: Arc<P::Rules>, civil: Zoned) -> Self {
        let party = P::begin(&rules);
        let mut visits = Visits::default();
        visits.nodes.insert(party.node(), 1);
        Self {
            rules,
            start: At::start(civil),
            initial: party.clone(),
            slots: Vec::new(),
            path: Vec::new(),
            cursor: 0,
            party,
            kept: Vec::new(),
            visits,
        }
    }

    /// Hears a signal. If the session stands before the end of its branch, what lay ahead is kept as a fork; but hearing
    /// again just what was heard here, at the same time, goes forward along the branch.
    pub fn hear(&mut self, signal: Signal, at: At) -> &Arc<Entry> {
        if self
            .entry(self.cursor)
            .is_some_and(|ahead| ahead.signal == signal && ahead.at == at)
        {
            self.jump(self.cursor + 1);
            #[allow(
                clippy::indexing_slicing,
                reason = "the entry was looked at on the lines above"
            )]
            return &self.slots[self.path[self.cursor - 1].0].entry;
        }
        if self.cursor < self.path.len() {
            let label = format!("left at turn {}", self.cursor);
            self.keep(label);
            self.path.truncate(self.cursor);
        }
        let before = self.party.clone();
        let turn = self.party.hear(&self.rules, &signal, &at);
        let entry = Arc::new(Entry {
            from: before.node(),
            node: self.party.node(),
            phase: self.party.phase(),
            violations: self.party.violations(&before, &self.rules, &turn),
            signal,
            at,
            turn,
        });
        let id = EntryId(self.slots.len());
        self.visits.add(&entry);
        self.cursor += 1;
        let state = self
            .cursor
            .is_multiple_of(CHECKPOINT_EVERY)
            .then(|| Box::new(self.party.clone()));
        let parent = self.path.last().copied();
        self.path.push(id);
        // The entry is pushed last so that it can be lent out.
        self.slots.push(Slot { parent, entry, state });
        let last = self.slots.len() - 1;
        #[allow(clippy::indexing_slicing, reason = "pushed on the line above")]
        &self.slots[last].entry
    }

    /// Goes back by up to `turns` entries; says by how many it went.
    pub fn back(&mut self, turns: usize) -> usize {
        let by = turns.min(self.cursor);
        self.jump(self.cursor - by);
        by
    }

    /// Goes forward again along the branch by up to `turns` entries; says by how many it went.
    pub fn forward(&mut self, turns: usize) -> usize {
        let by = turns.min(self.path.len() - self.cursor);
        self.jump(self.cursor + by);
        by
    }

    /// Goes to where `turn` entries of the branch have been heard; past the end means the end.
    pub fn jump(&mut self, turn: usize) {
        let to = turn.min(self.path.len());
        let passed = |from: usize, to: usize| self.path.iter().skip(from).take(to - from);
        if to > self.cursor {
            let entries: Vec<_> = passed(self.cursor, to)
                .filter_map(|id| self.entry_by_id(*id))
                .cloned()
                .collect();
            for entry in &entries {
                self.visits.add(entry);
            }
        } else {
            let entries: Vec<_> = passed(to, self.cursor)
                .filter_map(|id| self.entry_by_id(*id))
                .cloned()
                .collect();
            for entry in &entries {
                self.visits.remove(entry);
            }
        }
        self.party = self.state_at(to);
        self.cursor = to;
    }

    /// Keeps the branch as it is under a name and stays where it is; what is heard next grows from here.
    pub fn fork(&mut self, label: impl Into<String>) -> Option<EntryId> {
        let tip = self.path.last().copied()?;
        self.keep(label.into());
        Some(tip)
    }

    /// The branches that were kept, oldest first, without the active one where nothing was added to it since.
    pub fn forks(&self) -> Vec<Fork> {
        self.kept
            .iter()
            .filter(|(tip, _)| self.path.last() != Some(tip))
            .map(|(tip, label)| {
                let path = self.path_to(*tip);
                let shared = path.iter().zip(&self.path).take_while(|(a, b)| a == b).count();
                Fork {
                    tip: *tip,
                    len: path.len(),
                    shared,
                    label: label.clone(),
                }
            })
            .collect()
    }

    /// Makes a kept branch the active one and stands at its end; the branch that was active is kept. Says whether
    /// there is such a branch.
    pub fn switch(&mut self, tip: EntryId) -> bool {
        if !self.kept.iter().any(|(t, _)| *t == tip) {
            return false;
        }
        self.keep("left by a switch".to_owned());
        let path = self.path_to(tip);
        let shared = path.iter().zip(&self.path).take_while(|(a, b)| a == b).count();
        self.jump(shared.min(self.cursor));
        self.path = path;
        self.jump(self.path.len());
        true
    }

    /// The same log heard under other rules: what a hot reload is. Forks stay behind.
    #[must_use]
    pub fn with_rules(&self, rules: Arc<P::Rules>) -> Self {
        let mut fresh = Self::new(rules, self.start.civil.clone());
        for entry in self.entries() {
            fresh.hear(entry.signal.clone(), entry.at.clone());
        }
        fresh.jump(self.cursor);
        fresh
    }

    /// The rules of the call.
    pub const fn rules(&self) -> &Arc<P::Rules> {
        &self.rules
    }
    /// When the call began.
    pub const fn start(&self) -> &At {
        &self.start
    }
    /// The party as it stands.
    pub const fn party(&self) -> &P {
        &self.party
    }
    /// The party as it stood after `turn` entries of the branch; past the end means the end. Re-hears fewer than
    /// [`CHECKPOINT_EVERY`] signals.
    pub fn party_at(&self, turn: usize) -> P {
        self.state_at(turn.min(self.path.len()))
    }
    /// How many entries of the branch have been heard.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }
    /// How many entries the branch has; those past the cursor lie ahead.
    pub const fn len(&self) -> usize {
        self.path.len()
    }
    /// Whether nothing has been heard yet.
    pub const fn is_empty(&self) -> bool {
        self.path.is_empty()
    }
    /// The branch's entries, those ahead of the cursor included.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Arc<Entry>> + ExactSizeIterator {
        self.path.iter().map(|id| {
            #[allow(
                clippy::indexing_slicing,
                reason = "identifiers come from this vector, which only grows"
            )]
            &self.slots[id.0].entry
        })
    }
    /// The identifiers of the branch's entries: equal identifiers mean equal history up to there.
    pub fn ids(&self) -> &[EntryId] {
        &self.path
    }
    /// The `index`-th entry of the branch.
    pub fn entry(&self, index: usize) -> Option<&Arc<Entry>> {
        self.path.get(index).and_then(|id| self.entry_by_id(*id))
    }
    /// The entry heard last.
    pub fn last(&self) -> Option<&Arc<Entry>> {
        self.cursor.checked_sub(1).and_then(|i| self.entry(i))
    }
    /// What the party waits for.
    pub fn expect(&self) -> Expect {
        self.last().map_or(Expect::Nothing, |e| e.turn.expect.clone())
    }
    /// The disposition, once the call has one.
    pub fn outcome(&self) -> Option<&OutcomeCode> {
        let heard = self.path.iter().take(self.cursor).rev();
        heard
            .filter_map(|id| self.entry_by_id(*id))
            .find_map(|e| e.turn.outcome())
    }
    /// Nodes and edges visited on the way to the cursor.
    pub const fn visits(&self) -> &Visits {
        &self.visits
    }
    /// The party's graph under these rules.
    pub fn graph(&self) -> FlowGraph {
        P::graph(&self.rules)
    }
    /// The state, byte for byte: the same history always gives the same text.
    pub fn snapshot(&self) -> String {
        serde_json::to_string(&self.party).unwrap_or_default()
    }

    fn keep(&mut self, label: String) {
        let Some(tip) = self.path.last().copied() else {
            return;
        };
        match self.kept.iter_mut().find(|(t, _)| *t == tip) {
            Some(known) if known.1.starts_with("left ") => known.1 = label,
            Some(_) => {}
            None => self.kept.push((tip, label)),
        }
    }

    fn entry_by_id(&self, id: EntryId) -> Option<&Arc<Entry>> {
        self.slots.get(id.0).map(|s| &s.entry)
    }

    fn path_to(&self, tip: EntryId) -> Vec<EntryId> {
        let mut path: Vec<_> =
            std::iter::successors(Some(tip), |id| self.slots.get(id.0).and_then(|s| s.parent)).collect();
        path.reverse();
        path
    }

    /// The party after `count` entries of the active branch: the nearest kept state, and what was heard since.
    fn state_at(&self, count: usize) -> P {
        let mut from = count - count % CHECKPOINT_EVERY;
        let mut party = None;
        while from > 0 {
            let slot = self.path.get(from - 1).and_then(|id| self.slots.get(id.0));
            if let Some(state) = slot.and_then(|s| s.state.as_deref()) {
                party = Some(state.clone());
                break;
            }
            from = from.saturating_sub(CHECKPOINT_EVERY);
        }
        let mut party = party.unwrap_or_else(|| self.initial.clone());
        for entry in self
            .path
            .iter()
            .skip(from)
            .take(count - from)
            .filter_map(|id| self.entry_by_id(*id))
        {
            party.hear(&self.rules, &entry.signal, &entry.at);
        }
        party
    }
}
