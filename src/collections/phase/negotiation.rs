//! After the disclosure: a promise to pay, or why there is none.

use super::common;
use crate::call::Cents;
use crate::collections::compliance as rule;
use crate::collections::node::Node;
use crate::collections::outcome::Outcome;
use crate::collections::state::{Pending, Sentiment};
use crate::collections::talk::Talk;
use crate::collections::wording;
use crate::language::date::DateKind;
use crate::language::stance::Stance;
use crate::language::values::DateValue;
use jiff::civil::Date;

/// Answers the words that came after the disclosure. Offers are looked at before refusals ("I can't today, but Friday"),
/// refusals before a plain yes or no.
pub(in crate::collections) fn answer(t: &mut Talk<'_>) -> bool {
    if t.meant("wrong_party") && !t.meant_any(&["affirmation", "identity_confirm"]) {
        return somebody_else_after_all(t);
    }
    let amount = t.values.amounts.last().copied().map(|a| a.of(t.balance()));
    if let Some(date) = offered(t) {
        return offer(t, date, amount);
    }
    if t.meant_any(&["will_not_pay", "cannot_pay", "refusal"]) && amount.is_none() {
        return refused(t);
    }
    if let Some(amount) = amount {
        return sum(t, amount);
    }
    if t.meant("partial_offer") && !t.meant("payment_question") {
        return offer_half(t, "part of it");
    }
    if t.meant("hostile") {
        return common::answer(t);
    }
    if t.mainly(&[
        "bot_question",
        "identity_question",
        "payment_question",
        "repeat_request",
        "hold_on",
    ]) {
        return false;
    }
    if let Some(date) = maybe(t) {
        return confirm(t, date, None);
    }
    if says_yes(t) {
        return yes(t);
    }
    if t.agent.node == Node::Hardship && t.mainly(&["not_now"]) {
        return which_day(t, "ask_date_soft");
    }
    if t.meant_any(&["negation", "not_now"]) || t.meant("dispute") && t.agent.node == Node::ConfirmDate {
        return no(t);
    }
    if t.values
        .dates
        .iter()
        .any(|d| d.stance != Stance::Negated && d.kind == DateKind::Vague || d.date.is_none())
    {
        return which_day(t, "date_unclear");
    }
    if t.values.dates.iter().any(|d| d.stance == Stance::Negated) {
        return no(t);
    }
    if t.meant_any(&["uncertain", "conditional", "uncomfortable"]) {
        return doubtful(t);
    }
    false
}

/// The date that was offered, the last one where several were ("Friday, no, Monday").
fn offered(t: &Talk<'_>) -> Option<DateValue> {
    let reached = |d: &&DateValue| d.date.is_some() && matches!(d.stance, Stance::Offered);
    let refuses = t.meant_any(&["will_not_pay", "cannot_pay"]);
    t.values
        .dates
        .iter()
        .rfind(reached)
        .copied()
        // "I can't pay right now": the day is part of the refusal.
        .filter(|d| !(refuses && d.kind == DateKind::Today))
        // A day that has passed is answered as one, whatever was meant by it.
        .or_else(|| {
            let past = |d: &&DateValue| d.kind == DateKind::Past || d.stance == Stance::Past;
            t.values.dates.iter().rfind(past).copied().filter(|_| !refuses)
        })
}

/// A date ahead that was only mentioned, or offered with a doubt: worth a question, never a promise.
fn maybe(t: &Talk<'_>) -> Option<DateValue> {
    let today = t.at.civil.date();
    t.values
        .dates
        .iter()
        .rfind(|d| {
            let tentative =
                d.stance == Stance::Tentative || (d.stance == Stance::Mentioned && d.kind != DateKind::Today);
            tentative && d.date.is_some_and(|date| date >= today)
        })
        .copied()
}

/// Whether it is a plain yes: agreement, nothing against it.
fn says_yes(t: &Talk<'_>) -> bool {
    t.meant_any(&["affirmation", "will_pay"])
        && !t.meant_any(&["conditional", "negation", "not_now", "uncertain", "uncomfortable"])
}

/// The amount on the table: what was named earlier, the half we offered, or all of it.
fn on_the_table(t: &Talk<'_>) -> Cents {
    match t.agent.node {
        Node::OfferHalf => t.agent.pending_amount.unwrap_or_else(|| wording::half(t.rules)),
        Node::ConfirmDate => t.agent.pending.map_or_else(|| t.balance(), |p| p.amount),
        _ => t.agent.pending_amount.unwrap_or_else(|| t.balance()),
    }
}

fn yes(t: &mut Talk<'_>) -> bool {
    let today = t.at.civil.date();
    let amount = on_the_table(t);
    // A yes beside words that nothing explains, or "I understand", may be a yes to something else: ask.
    let other_day = t
        .values
        .dates
        .iter()
        .any(|d| d.kind != DateKind::Today && t.agent.node != Node::ConfirmDate);
    let plain = t.values.rest == 0 && !t.meant("acknowledgement") && !other_day;
    let pending = match t.agent.node {
        Node::AskToday => Pending { date: today, amount },
        Node::OfferHalf => Pending {
            date: wording::half_date(t.rules, today),
            amount,
        },
        Node::ConfirmDate => match t.agent.pending {
            Some(pending) => pending,
            None => return false,
        },
        Node::Hardship => return offer_half(t, "part of it"),
        // "When?" "Yes": a yes to another question.
        _ => {
            t.because(&rule::PROMISE_NEEDS_DATE_AND_AMOUNT, "a yes names no date");
            t.ask();
            return true;
        }
    };
    if pending.date < today || !within(t, pending.date) {
        return beyond(t, pending.date);
    }
    if plain || (t.meant("will_pay") && t.values.rest < 3 && !other_day) {
        t.promise(pending, "agreed to the date and amount in the question");
        return true;
    }
    ask_to_confirm(t, pending)
}

/// A date was offered.
fn offer(t: &mut Talk<'_>, heard: DateValue, amount: Option<Cents>) -> bool {
    let Some(date) = heard.date else {
        return which_day(t, "date_unclear");
    };
    let today = t.at.civil.date();
    if date < today || heard.kind == DateKind::Past || heard.stance == Stance::Past {
        t.because(&rule::DATE_WITHIN_POLICY, "the day has passed");
        return reconduct(t, "date_past");
    }
    if !within(t, date) {
        return beyond(t, date);
    }
    t.agent.last_proposed = Some(date);
    let named = amount.or_else(|| match t.agent.node {
        // A day for the whole sum was asked for; a day after our own offer of half is a day for the half.
        Node::OfferHalf => Some(on_the_table(t)),
        Node::ConfirmDate => t.agent.pending.map(|p| p.amount),
        _ => t.agent.pending_amount,
    });
    let amount = named.unwrap_or_else(|| t.balance());
    let confirmed = t.agent.node == Node::ConfirmDate && t.agent.pending.is_some_and(|p| p.date == date);
    if amount > t.balance() || amount < t.rules.policy.payment.minimum_payment {
        return sum(t, amount);
    }
    let doubt = t.meant_any(&["conditional"]) && !t.meant("will_pay");
    if (heard.kind == DateKind::Weekday && !confirmed) || doubt {
        return ask_to_confirm(t, Pending { date, amount });
    }
    t.promise(Pending { date, amount }, "offered the date");
    true
}

/// An amount was named without a date.
fn sum(t: &mut Talk<'_>, amount: Cents) -> bool {
    let today = t.at.civil.date();
    let balance = t.balance();
    if amount > balance {
        t.say("amount_too_high");
        let date = t.agent.pending.map_or(today, |p| p.date);
        return ask_to_confirm(
            t,
            Pending {
                date,
                amount: balance,
            },
        );
    }
    if amount < t.rules.policy.payment.minimum_payment {
        t.say_and_ask("amount_too_low");
        return true;
    }
    t.agent.pending_amount = Some(amount);
    if t.meant_any(&["will_not_pay", "cannot_pay", "negation", "not_now"])
        && !t.meant("partial_offer")
        && amount == balance
    {
        return no(t);
    }
    match (t.agent.node, t.agent.pending) {
        (Node::ConfirmDate, Some(pending)) => ask_to_confirm(t, Pending { amount, ..pending }),
        (Node::AskToday, _) if says_yes(t) && amount == balance => {
            t.promise(Pending { date: today, amount }, "agreed to the whole sum today");
            true
        }
        (Node::AskToday, _) if !t.meant_any(&["negation", "not_now"]) => {
            ask_to_confirm(t, Pending { date: today, amount })
        }
        _ => which_day(t, ""),
    }
}

/// A date that was mentioned or doubted becomes a question.
fn confirm(t: &mut Talk<'_>, heard: DateValue, amount: Option<Cents>) -> bool {
    let Some(date) = heard.date else {
        return which_day(t, "date_unclear");
    };
    if !within(t, date) {
        return beyond(t, date);
    }
    let amount = amount.unwrap_or_else(|| on_the_table(t));
    t.because(
        &rule::PROMISE_NEEDS_DATE_AND_AMOUNT,
        "a date merely mentioned is asked about",
    );
    ask_to_confirm(t, Pending { date, amount })
}

fn ask_to_confirm(t: &mut Talk<'_>, pending: Pending) -> bool {
    t.agent.pending = Some(pending);
    t.agent.last_proposed = Some(pending.date);
    if t.agent.node != Node::ConfirmDate {
        t.go("date to confirm", Node::ConfirmDate);
    }
    t.ask();
    true
}

/// Whether the policy takes the date.
fn within(t: &Talk<'_>, date: Date) -> bool {
    let today = t.at.civil.date();
    !t.rules.policy.payment.current_month_only || (date.year(), date.month()) == (today.year(), today.month())
}

fn beyond(t: &mut Talk<'_>, date: Date) -> bool {
    t.agent.last_proposed = Some(date);
    t.because(&rule::DATE_WITHIN_POLICY, "the day lies beyond the current month");
    reconduct(t, "date_too_late")
}

/// Answers a date that cannot be taken with ones that can, as often as the policy allows.
fn reconduct(t: &mut Talk<'_>, prompt: &'static str) -> bool {
    if t.agent.reconductions >= t.rules.policy.limits.max_reconduction_attempts {
        refused_too_often(t, Outcome::EscalatedMultipleRefusals);
        return true;
    }
    t.agent.reconductions += 1;
    t.intent("negotiate");
    t.agent.pending = None;
    match t.agent.node {
        Node::AskToday | Node::ConfirmDate => t.go("no", Node::AskDate),
        Node::OfferHalf => t.go("date", Node::AskDate),
        Node::Hardship => t.go("later", Node::AskDate),
        _ => {}
    }
    t.say(prompt);
    t.say("ask_amount_date");
    t.agent.last_question = t.turn.say.last().map(|p| p.text.clone()).unwrap_or_default();
    true
}

/// Asks for a day, after a sentence where one is given.
fn which_day(t: &mut Talk<'_>, prompt: &'static str) -> bool {
    t.intent("negotiate");
    match t.agent.node {
        Node::AskToday | Node::ConfirmDate => t.go("no", Node::AskDate),
        Node::OfferHalf => t.go("date", Node::AskDate),
        Node::Hardship => t.go("later", Node::AskDate),
        _ => {}
    }
    if !prompt.is_empty() {
        t.say(prompt);
    }
    t.ask();
    true
}

/// A bare no: to "today" it asks for a day; the next one is met with half; the next ends the negotiation.
fn no(t: &mut Talk<'_>) -> bool {
    match t.agent.node {
        Node::AskToday => which_day(t, "ask_date_soft"),
        Node::ConfirmDate => {
            t.agent.pending = None;
            which_day(t, "ask_date_soft")
        }
        Node::AskDate => offer_half(t, "no"),
        Node::Hardship => {
            refused_too_often(t, Outcome::Hardship);
            true
        }
        _ => {
            refused_too_often(t, Outcome::EscalatedMultipleRefusals);
            true
        }
    }
}

/// "Will not" or "cannot": understood once, and a step down the same ladder; the second time it is final.
fn refused(t: &mut Talk<'_>) -> bool {
    t.agent.refusals += 1;
    t.agent.sentiment = Sentiment::Upset;
    if t.agent.refusals >= t.rules.policy.limits.max_refusals {
        refused_too_often(t, Outcome::EscalatedHardRefusal);
        return true;
    }
    t.because(&rule::PROMISE_NEEDS_DATE_AND_AMOUNT, "a refusal promises nothing");
    if let Some(date) = maybe(t) {
        return confirm(t, date, None);
    }
    match t.agent.node {
        Node::AskToday => which_day(t, "acknowledge_refusal"),
        Node::AskDate => offer_half(t, "no"),
        Node::ConfirmDate => {
            t.agent.pending = None;
            which_day(t, "acknowledge_refusal")
        }
        Node::OfferHalf => {
            refused_too_often(t, Outcome::EscalatedMultipleRefusals);
            true
        }
        _ => {
            t.say_and_ask("acknowledge_refusal");
            true
        }
    }
}

/// "I don't know": a step towards something smaller, without counting as a refusal.
fn doubtful(t: &mut Talk<'_>) -> bool {
    match t.agent.node {
        Node::AskToday | Node::ConfirmDate => which_day(t, "ask_date_soft"),
        Node::AskDate | Node::Hardship => offer_half(
            t,
            if t.agent.node == Node::AskDate {
                "no"
            } else {
                "part of it"
            },
        ),
        _ => false,
    }
}

/// Offers half by a day that is still ahead.
fn offer_half(t: &mut Talk<'_>, via: &'static str) -> bool {
    if t.agent.proposals >= t.rules.policy.limits.max_negotiation_proposals {
        refused_too_often(t, Outcome::EscalatedMultipleRefusals);
        return true;
    }
    t.agent.proposals += 1;
    t.agent.pending = None;
    t.agent.pending_amount = Some(wording::half(t.rules)).filter(|h| *h > Cents(0));
    t.agent.last_proposed = Some(wording::half_date(t.rules, t.at.civil.date()));
    t.intent("negotiate");
    if t.agent.node != Node::OfferHalf {
        t.go(via, Node::OfferHalf);
    }
    if t.agent.refusals > 0 {
        t.say("acknowledge_refusal");
    }
    t.ask();
    true
}

/// Ends the negotiation with a person.
pub(in crate::collections) fn refused_too_often(t: &mut Talk<'_>, outcome: Outcome) {
    t.because(&rule::REFUSAL_LIMIT, "nothing is left to offer");
    t.go("refused too often", Node::Escalated);
    let prompt = if outcome == Outcome::Hardship {
        "hardship_end"
    } else {
        "escalated_refusals"
    };
    t.end(outcome, "escalate", prompt);
}

/// "You have the wrong person", after verification: treated as a dispute of the whole matter.
fn somebody_else_after_all(t: &mut Talk<'_>) -> bool {
    t.agent.wrong_party = true;
    t.agent.dispute = true;
    t.because(&rule::DISPUTE, "says it is somebody else's");
    t.go_by_rule("dispute, paid, proof, fraud", Node::Escalated);
    t.end(Outcome::EscalatedDispute, "escalate", "dispute_verified");
    true
}
