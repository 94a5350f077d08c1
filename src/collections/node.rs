//! Where the agent can stand, and every way from one place to another: the declared transition table that the state
//! graph is read from and that the agent's behaviour is held to.

use crate::call::{EdgeKind, FlowGraph, GraphEdge, GraphNode, NodeId, NodeKind};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A node, finer than the phases that clients read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// The call has not been answered.
    #[default]
    Ready,
    /// Asked for the consumer.
    Greeting,
    /// Somebody is fetching the consumer.
    Holding,
    /// Somebody else is on the phone: asked when to reach the consumer, nothing more.
    ThirdParty,
    /// Asked for the ZIP code.
    VerifyZip,
    /// Disclosed; asked whether the balance can be paid today.
    AskToday,
    /// Asked for a date.
    AskDate,
    /// Offered half by a date.
    OfferHalf,
    /// Asked to confirm a date and an amount.
    ConfirmDate,
    /// Acknowledged hardship; asked what would help.
    Hardship,
    /// Asked for a time to call back.
    CallbackTime,
    /// Where the rules that outrank the conversation decide; never rested in.
    Screen,
    /// Ended with a promise to pay.
    Promise,
    /// Ended with a time for another call.
    Callback,
    /// Ended because now is not a good time.
    NotNow,
    /// Ended with somebody else, or at the wrong number.
    WrongParty,
    /// Ended because the consumer asked us to stop.
    DoNotContact,
    /// Ended with a person taking over.
    Escalated,
    /// Ended with a legal hold.
    LegalHold,
    /// Ended on a machine.
    Voicemail,
    /// Ended because nobody spoke.
    NoAnswer,
    /// Ended without verification.
    Unverified,
    /// Ended by the consumer or by the turn limit.
    Closed,
}

struct Place {
    node: Node,
    id: &'static str,
    label: &'static str,
    phase: &'static str,
    kind: NodeKind,
}

const fn place(
    node: Node,
    id: &'static str,
    label: &'static str,
    phase: &'static str,
    kind: NodeKind,
) -> Place {
    Place {
        node,
        id,
        label,
        phase,
        kind,
    }
}

const PLACES: &[Place] = &[
    place(Node::Ready, "ready", "Ready", "pre_verification", NodeKind::State),
    place(
        Node::Greeting,
        "greeting",
        "Greeting",
        "pre_verification",
        NodeKind::State,
    ),
    place(
        Node::Holding,
        "holding",
        "Holding",
        "pre_verification",
        NodeKind::State,
    ),
    place(
        Node::ThirdParty,
        "third_party",
        "Third party",
        "pre_verification",
        NodeKind::State,
    ),
    place(
        Node::VerifyZip,
        "verify_zip",
        "Verify ZIP",
        "verification",
        NodeKind::State,
    ),
    place(
        Node::AskToday,
        "ask_today",
        "Pay today?",
        "post_verification",
        NodeKind::State,
    ),
    place(
        Node::AskDate,
        "ask_date",
        "Which day?",
        "post_verification",
        NodeKind::State,
    ),
    place(
        Node::OfferHalf,
        "offer_half",
        "Offer half",
        "post_verification",
        NodeKind::State,
    ),
    place(
        Node::ConfirmDate,
        "confirm_date",
        "Confirm date",
        "post_verification",
        NodeKind::State,
    ),
    place(
        Node::Hardship,
        "hardship",
        "Hardship",
        "post_verification",
        NodeKind::State,
    ),
    place(
        Node::CallbackTime,
        "callback_time",
        "When to call?",
        "closing",
        NodeKind::State,
    ),
    place(Node::Screen, "screen", "Rules", "", NodeKind::Check),
    place(Node::Promise, "promise", "Promise to pay", "ended", NodeKind::End),
    place(Node::Callback, "callback", "Callback set", "ended", NodeKind::End),
    place(Node::NotNow, "not_now", "Not now", "ended", NodeKind::End),
    place(
        Node::WrongParty,
        "wrong_party",
        "Wrong party",
        "ended",
        NodeKind::End,
    ),
    place(
        Node::DoNotContact,
        "do_not_contact",
        "Do not contact",
        "ended",
        NodeKind::End,
    ),
    place(Node::Escalated, "escalated", "Escalated", "ended", NodeKind::End),
    place(
        Node::LegalHold,
        "legal_hold",
        "Legal hold",
        "ended",
        NodeKind::End,
    ),
    place(Node::Voicemail, "voicemail", "Voicemail", "ended", NodeKind::End),
    place(Node::NoAnswer, "no_answer", "No answer", "ended", NodeKind::End),
    place(
        Node::Unverified,
        "unverified",
        "Not verified",
        "ended",
        NodeKind::End,
    ),
    place(Node::Closed, "closed", "Closed", "ended", NodeKind::End),
];

/// One way from a node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where it starts.
    pub from: Node,
    /// What takes it.
    pub via: &'static str,
    /// Where it leads.
    pub to: Node,
}

const fn t(from: Node, via: &'static str, to: Node) -> Transition {
    Transition { from, via, to }
}

/// Every transition. A hop that is not in here is a fault, and a row that nothing takes is one too; tests hold both.
pub const TRANSITIONS: &[Transition] = &[
    t(Node::Ready, "answered", Node::Greeting),
    t(Node::Ready, "rule", Node::Screen),
    t(Node::Greeting, "yes", Node::VerifyZip),
    t(Node::Greeting, "hold on", Node::Holding),
    t(Node::Greeting, "somebody else", Node::ThirdParty),
    t(Node::Greeting, "wrong number", Node::WrongParty),
    t(Node::Greeting, "refused", Node::Unverified),
    t(Node::Greeting, "rule", Node::Screen),
    t(Node::Holding, "yes", Node::VerifyZip),
    t(Node::Holding, "hello", Node::Greeting),
    t(Node::Holding, "somebody else", Node::ThirdParty),
    t(Node::Holding, "wrong number", Node::WrongParty),
    t(Node::Holding, "rule", Node::Screen),
    t(Node::ThirdParty, "hold on", Node::Holding),
    t(Node::ThirdParty, "no time named", Node::WrongParty),
    t(Node::ThirdParty, "wrong number", Node::WrongParty),
    t(Node::ThirdParty, "rule", Node::Screen),
    t(Node::VerifyZip, "zip matches", Node::AskToday),
    t(Node::VerifyZip, "wrong too often", Node::Unverified),
    t(Node::VerifyZip, "refused", Node::Unverified),
    t(Node::VerifyZip, "somebody else", Node::ThirdParty),
    t(Node::VerifyZip, "wrong number", Node::WrongParty),
    t(Node::VerifyZip, "rule", Node::Screen),
    t(Node::AskToday, "date and amount", Node::Promise),
    t(Node::AskToday, "date to confirm", Node::ConfirmDate),
    t(Node::AskToday, "no", Node::AskDate),
    t(Node::AskToday, "refused too often", Node::Escalated),
    t(Node::AskToday, "part of it", Node::OfferHalf),
    t(Node::AskToday, "rule", Node::Screen),
    t(Node::AskDate, "date and amount", Node::Promise),
    t(Node::AskDate, "date to confirm", Node::ConfirmDate),
    t(Node::AskDate, "no", Node::OfferHalf),
    t(Node::AskDate, "part of it", Node::OfferHalf),
    t(Node::AskDate, "refused too often", Node::Escalated),
    t(Node::AskDate, "rule", Node::Screen),
    t(Node::OfferHalf, "date and amount", Node::Promise),
    t(Node::OfferHalf, "date to confirm", Node::ConfirmDate),
    t(Node::OfferHalf, "date", Node::AskDate),
    t(Node::OfferHalf, "refused too often", Node::Escalated),
    t(Node::OfferHalf, "rule", Node::Screen),
    t(Node::ConfirmDate, "date and amount", Node::Promise),
    t(Node::ConfirmDate, "no", Node::AskDate),
    t(Node::ConfirmDate, "part of it", Node::OfferHalf),
    t(Node::ConfirmDate, "refused too often", Node::Escalated),
    t(Node::ConfirmDate, "rule", Node::Screen),
    t(Node::Hardship, "date and amount", Node::Promise),
    t(Node::Hardship, "date to confirm", Node::ConfirmDate),
    t(Node::Hardship, "later", Node::AskDate),
    t(Node::Hardship, "part of it", Node::OfferHalf),
    t(Node::Hardship, "refused too often", Node::Escalated),
    t(Node::Hardship, "rule", Node::Screen),
    t(Node::CallbackTime, "no time named", Node::NotNow),
    t(Node::CallbackTime, "rule", Node::Screen),
    t(Node::Screen, "stop calling", Node::DoNotContact),
    t(Node::Screen, "crisis", Node::Escalated),
    t(Node::Screen, "attorney, bankruptcy, deceased", Node::LegalHold),
    t(Node::Screen, "dispute, paid, proof, fraud", Node::Escalated),
    t(Node::Screen, "hardship", Node::Hardship),
    t(Node::Screen, "hardship again", Node::Escalated),
    t(Node::Screen, "person", Node::Escalated),
    t(Node::Screen, "not a good time", Node::NotNow),
    t(Node::Screen, "time named", Node::Callback),
    t(Node::Screen, "which time?", Node::CallbackTime),
    t(Node::Screen, "goodbye", Node::Closed),
    t(Node::Screen, "hang-up", Node::Closed),
    t(Node::Screen, "turn limit", Node::Closed),
    t(Node::Screen, "silence", Node::NoAnswer),
    t(Node::Screen, "not understood", Node::Escalated),
    t(Node::Screen, "machine", Node::Voicemail),
];

impl Node {
    fn place(self) -> Option<&'static Place> {
        PLACES.iter().find(|p| p.node == self)
    }

    /// Its identifier in the graph.
    pub fn id(self) -> NodeId {
        NodeId::fixed(self.place().map_or("", |p| p.id))
    }

    /// The phase that clients read.
    pub fn phase(self) -> &'static str {
        self.place().map_or("", |p| p.phase)
    }

    /// Whether the call is over here.
    pub fn is_end(self) -> bool {
        self.phase() == "ended"
    }

    /// Whether the right party has been verified on the way here.
    pub const fn negotiates(self) -> bool {
        matches!(
            self,
            Self::AskToday | Self::AskDate | Self::OfferHalf | Self::ConfirmDate | Self::Hardship
        )
    }
}

/// The state graph, read from the table.
pub fn graph() -> FlowGraph {
    let nodes = PLACES
        .iter()
        .map(|p| GraphNode {
            id: p.node.id(),
            label: p.label.to_owned(),
            kind: p.kind,
            group: SmolStr::new_static(p.phase),
        })
        .collect();
    let order = |n: Node| PLACES.iter().position(|p| p.node == n);
    let edges = TRANSITIONS
        .iter()
        .map(|row| {
            let back = !row.to.is_end() && row.from != Node::Screen && order(row.to) < order(row.from);
            let exception = matches!(
                row.via,
                "rule"
                    | "silence"
                    | "not understood"
                    | "hang-up"
                    | "turn limit"
                    | "refused too often"
                    | "wrong too often"
                    | "refused"
            );
            GraphEdge {
                from: row.from.id(),
                to: row.to.id(),
                label: SmolStr::new_static(row.via),
                kind: match (back, exception) {
                    (true, _) => EdgeKind::Return,
                    (_, true) => EdgeKind::Exception,
                    _ => EdgeKind::Choice,
                },
            }
        })
        .collect();
    FlowGraph {
        name: "Collections".to_owned(),
        start: Node::Ready.id(),
        nodes,
        edges,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_place_and_every_transition_is_said_once() {
        let graph = graph();
        for (i, row) in TRANSITIONS.iter().enumerate() {
            assert!(row.from.place().is_some() && row.to.place().is_some());
            assert!(!row.from.is_end(), "{row:?}");
            assert!(!TRANSITIONS[..i].contains(row), "{row:?}");
        }
        for node in &graph.nodes {
            assert!(
                node.id == graph.start || graph.edges.iter().any(|e| e.to == node.id),
                "{}",
                node.id
            );
        }
    }
}
