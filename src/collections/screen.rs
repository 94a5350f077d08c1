//! The rules that outrank the conversation, in order: each row says when it holds and what it does.

use super::compliance as rule;
use super::node::Node;
use super::outcome::Outcome;
use super::state::{Known, Sentiment};
use super::talk::Talk;
use crate::call::Action;
use crate::language::clock::When;
use crate::language::date::DateKind;
use crate::language::stance::Stance;
use smol_str::SmolStr;

/// One rule of the screen.
struct Row {
    holds: fn(&Talk<'_>) -> bool,
    acts: fn(&mut Talk<'_>),
    /// Whether it also holds on the turn that reaches the limit.
    outranks_limit: bool,
}

const fn row(holds: fn(&Talk<'_>) -> bool, acts: fn(&mut Talk<'_>), outranks_limit: bool) -> Row {
    Row {
        holds,
        acts,
        outranks_limit,
    }
}

/// Compliance rules 4 to 8 come before the turn limit, everything else after it.
const ROWS: &[Row] = &[
    row(|t| t.meant("crisis"), crisis, true),
    row(|t| t.meant("stop_request"), stop, true),
    row(
        |t| t.meant_any(&["deceased", "bankruptcy", "attorney"]) || relative_died(t) && !t.agent.verified,
        legal_hold,
        true,
    ),
    row(disputes, dispute, true),
    // A machine's "cannot take your call right now" is nobody's wish for another time.
    row(
        |t| t.meant("voicemail_greeting") && !t.agent.verified,
        machine,
        false,
    ),
    row(inconvenient, not_now, true),
    row(|t| t.meant("hardship") || relative_died(t), hardship, true),
    row(at_limit, turn_limit, true),
    row(|t| t.values.sensitive, sensitive, false),
    row(
        |t| t.meant_any(&["human_handoff", "language_request"]),
        person,
        false,
    ),
    row(leaves, goodbye, false),
];

/// Lets the rules decide; says whether one did.
pub(super) fn decide(talk: &mut Talk<'_>) -> bool {
    let limit = at_limit(talk);
    let found = ROWS
        .iter()
        .find(|r| (r.outranks_limit || !limit) && (r.holds)(talk));
    if let Some(row) = found {
        (row.acts)(talk);
        return talk.agent.outcome.is_some() || !talk.turn.say.is_empty();
    }
    false
}

fn at_limit(t: &Talk<'_>) -> bool {
    t.agent.turn_count >= t.rules.policy.limits.max_total_turns
}

fn crisis(t: &mut Talk<'_>) {
    t.agent.sentiment = Sentiment::Upset;
    t.agent.hardship = true;
    t.because(&rule::CRISIS, "collection stopped, the crisis line was given");
    t.go_by_rule("crisis", Node::Escalated);
    t.end(Outcome::Hardship, "escalate", "crisis");
}

fn stop(t: &mut Talk<'_>) {
    t.agent.cease = true;
    t.because(&rule::STOP_REQUEST, "ended at once, no further contact");
    t.go_by_rule("stop calling", Node::DoNotContact);
    t.act(Action::MarkDoNotContact {
        scope: SmolStr::new_static("account"),
        reason: SmolStr::new_static("consumer_request"),
    });
    t.end(Outcome::CeaseContact, "close", "stop");
}

/// A death in the speaker's family. Before anyone is verified it may be the consumer's; from a verified consumer it is
/// hardship.
fn relative_died(t: &Talk<'_>) -> bool {
    t.meant("bereavement")
}

/// Whether the debt is disputed. "That's wrong" to "shall I put you down for Friday" is a no, not a dispute.
fn disputes(t: &Talk<'_>) -> bool {
    t.meant_any(&["fraud", "already_paid", "proof_request"])
        || t.meant("dispute") && !(t.agent.node == Node::ConfirmDate && t.loosely("dispute"))
}

fn legal_hold(t: &mut Talk<'_>) {
    let (outcome, prompt) = if t.meant("deceased") || relative_died(t) && !t.agent.verified {
        (Outcome::Deceased, "deceased")
    } else if t.meant("bankruptcy") {
        (Outcome::Bankruptcy, "bankruptcy")
    } else {
        (Outcome::AttorneyRepresented, "attorney")
    };
    t.because(&rule::LEGAL_HOLD, "no further collection");
    t.go_by_rule("attorney, bankruptcy, deceased", Node::LegalHold);
    t.act(Action::LogEvent {
        r#type: SmolStr::new_static("legal_hold"),
        severity: SmolStr::new_static("warning"),
        message: format!("legal hold: {}", outcome.code()),
    });
    t.end(outcome, "close", prompt);
}

fn dispute(t: &mut Talk<'_>) {
    t.agent.dispute = true;
    t.because(&rule::DISPUTE, "collection stopped, validation noted");
    t.go_by_rule("dispute, paid, proof, fraud", Node::Escalated);
    t.act(Action::LogEvent {
        r#type: SmolStr::new_static("validation_information_due"),
        severity: SmolStr::new_static("info"),
        message: "the consumer disputes or asks for validation".to_owned(),
    });
    let paid = t.mainly(&["already_paid"]);
    let outcome = if paid {
        Outcome::AlreadyPaid
    } else {
        Outcome::EscalatedDispute
    };
    let prompt = match (t.agent.verified, paid) {
        (false, _) => "dispute_unverified",
        (true, true) => "already_paid",
        (true, false) => "dispute_verified",
    };
    t.end(outcome, "escalate", prompt);
}

/// Whether the consumer says that now is not a good time. Somebody else's being busy is not that.
fn inconvenient(t: &Talk<'_>) -> bool {
    let somebody_else =
        !t.agent.verified && t.meant_any(&["third_party", "not_available", "hold_on", "wrong_party"]);
    let busy = t.meant_any(&["busy", "callback_request"]) && !somebody_else;
    let now_declined =
        matches!(t.agent.node, Node::Greeting | Node::Holding | Node::VerifyZip) && t.mainly(&["not_now"]);
    busy || now_declined
}

fn not_now(t: &mut Talk<'_>) {
    t.agent.callback_requested = true;
    if !name_time(t, "inconvenient_time") {
        t.because(&rule::INCONVENIENT_TIME, "another time was promised");
        t.go_by_rule("not a good time", Node::NotNow);
        t.end(Outcome::Busy, "close", "busy_end");
    }
}

/// Deals with a time that was named for another call, complete or not. Says whether one was.
pub(super) fn name_time(t: &mut Talk<'_>, reason: &'static str) -> bool {
    let now = t.at.civil.datetime();
    let complete = t.values.callback_time(now, t.agent.callback_day);
    if let Some(when) = complete {
        let year_ahead = now.date().year().saturating_add(1);
        let lawful = t.rules.policy.windows().iter().any(|w| w.contains(when.time()));
        if lawful && when > now && when.date().year() <= year_ahead {
            t.call_back_at(when, reason);
            return true;
        }
    }
    let named_a_day = t.values.dates.iter().any(|d| {
        !matches!(d.kind, DateKind::Today | DateKind::Past | DateKind::Vague) && d.stance != Stance::Negated
    });
    let partly = complete.is_some() || named_a_day || t.values.times.iter().any(|w| matches!(w, When::Part));
    if !partly || t.agent.callback_asks >= 2 || at_limit(t) {
        return false;
    }
    let day = t.values.dates.iter().rev().find(|d| d.stance != Stance::Negated);
    t.agent.callback_day = day
        .and_then(|d| d.date)
        .filter(|d| *d >= now.date())
        .or(t.agent.callback_day);
    t.agent.callback_requested = true;
    t.agent.callback_asks += 1;
    if t.agent.node != Node::CallbackTime {
        t.go_by_rule("which time?", Node::CallbackTime);
    }
    t.intent("schedule_callback");
    if complete.is_some() {
        t.because(
            &rule::INCONVENIENT_TIME,
            "the time named lies outside the lawful window",
        );
        t.say("callback_unlawful");
    }
    t.ask();
    true
}

/// Hardship is heard before anything else is said. Before verification only the hearing is possible.
fn hardship(t: &mut Talk<'_>) {
    let again = t.agent.hardship;
    t.agent.hardship = true;
    t.agent.sentiment = Sentiment::Upset;
    t.because(&rule::HARDSHIP, "acknowledged");
    if at_limit(t) {
        t.go_by_rule("hardship again", Node::Escalated);
        t.end(Outcome::Hardship, "escalate", "hardship_end");
        return;
    }
    if !t.agent.node.negotiates() {
        if t.meant_any(&[
            "third_party",
            "not_available",
            "wrong_party",
            "identity_confirm",
            "affirmation",
        ]) || t.values.zip.is_some()
        {
            return;
        }
        t.say_and_ask("hardship_heard");
        return;
    }
    // "I lost my job, but I can do fifty on Friday": the offer is heard by the negotiation.
    let offers = t
        .values
        .dates
        .iter()
        .any(|d| d.stance == Stance::Offered && d.date.is_some())
        || !t.values.amounts.is_empty();
    if offers {
        return;
    }
    if t.meant_any(&["cannot_pay", "will_not_pay"]) {
        t.agent.refusals += 1;
        if t.agent.refusals >= t.rules.policy.limits.max_refusals {
            super::phase::negotiation::refused_too_often(t, Outcome::EscalatedHardRefusal);
            return;
        }
    }
    if again && t.agent.node == Node::Hardship {
        t.go_by_rule("hardship again", Node::Escalated);
        t.end(Outcome::Hardship, "escalate", "hardship_end");
        return;
    }
    if t.agent.node != Node::Hardship {
        t.go_by_rule("hardship", Node::Hardship);
    }
    t.say_and_ask("hardship_heard");
}

fn turn_limit(t: &mut Talk<'_>) {
    t.because(&rule::TURN_LIMIT, "the limit was reached");
    t.go_by_rule("turn limit", Node::Closed);
    t.end(Outcome::MaxTurns, "close", "max_turns");
}

/// A machine answered: the limited-content message, and the call is over.
pub(super) fn machine(t: &mut Talk<'_>) {
    t.agent.voicemail = true;
    t.because(
        &rule::LIMITED_CONTENT_MESSAGE,
        "nothing but the limited-content message",
    );
    t.go_by_rule("machine", Node::Voicemail);
    t.end(Outcome::VoicemailLeft, "leave_message", "voicemail");
}

fn sensitive(t: &mut Talk<'_>) {
    t.because(&rule::ASKS_ONLY_ZIP, "a volunteered secret was not taken");
    t.say_and_ask("sensitive");
}

fn person(t: &mut Talk<'_>) {
    t.because(&rule::PERSON_ON_REQUEST, "handed over on request");
    t.go_by_rule("person", Node::Escalated);
    let prompt = if t.meant("human_handoff") {
        "person"
    } else {
        "language"
    };
    t.end(Outcome::EscalatedUserRequestedHuman, "escalate", prompt);
}

/// Whether the consumer ends the call, and has not just agreed to something.
fn leaves(t: &Talk<'_>) -> bool {
    let agrees = t.agent.node.negotiates()
        // "Okay, bye" agrees to nothing but the end, unless a day and a sum are on the table.
        && (t.meant("will_pay") || t.agent.node == Node::ConfirmDate && t.meant("affirmation")
            || t.values.dates.iter().any(|d| d.stance == Stance::Offered));
    t.meant("goodbye") && !agrees && t.values.zip.is_none()
}

fn goodbye(t: &mut Talk<'_>) {
    t.go_by_rule("goodbye", Node::Closed);
    t.end(Outcome::UserEnded, "close", "goodbye");
}

/// The other end hung up.
pub(super) fn hang_up(t: &mut Talk<'_>) {
    t.go_by_rule("hang-up", Node::Closed);
    t.end(Outcome::UserEnded, "close", "");
}

/// Nothing was said or keyed. The pending question stays.
pub(super) fn silence(t: &mut Talk<'_>) {
    if at_limit(t) {
        turn_limit(t);
        return;
    }
    t.agent.silence_count += 1;
    if t.agent.silence_count >= t.rules.policy.limits.max_silence_prompts {
        t.because(&rule::SILENCE_LIMIT, "nobody spoke");
        t.go_by_rule("silence", Node::NoAnswer);
        t.end(Outcome::SilenceTimeout, "handle_silence", "silence_end");
        return;
    }
    t.intent("handle_silence");
    let prompt = if t.agent.silence_count == 1 {
        "silence_one"
    } else {
        "silence_two"
    };
    t.say_and_ask(prompt);
}

/// Not understood. Once is answered with the question again; the next time in a row a person takes over.
pub(super) fn unclear(t: &mut Talk<'_>) {
    t.agent.clarifications += 1;
    t.agent.sentiment = Sentiment::Confused;
    if t.agent.clarifications > t.rules.policy.limits.max_clarifications {
        t.because(&rule::CLARIFICATION_LIMIT, "not understood again");
        t.go_by_rule("not understood", Node::Escalated);
        t.end(Outcome::EscalatedLowConfidence, "escalate", "escalated_unclear");
        return;
    }
    t.say_and_ask("clarify");
}

/// The wrong number, said by whoever answered.
pub(super) fn wrong_number(t: &mut Talk<'_>) {
    t.agent.wrong_party = true;
    t.agent.target_reached = Known::No;
    t.because(
        &rule::NOTHING_BEFORE_VERIFICATION,
        "ended without a word about the matter",
    );
    t.go("wrong number", Node::WrongParty);
    t.act(Action::MarkWrongNumber {
        reason: SmolStr::new_static("reported_by_answering_party"),
    });
    t.end(Outcome::WrongParty, "close", "wrong_number");
}
