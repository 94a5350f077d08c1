//! What must never happen, checked on every turn that is given.

use super::Rules;
use super::state::Agent;
use crate::call::{Action, Turn};

/// The invariants by name, as a scenario's `never` lists them.
pub(super) const NAMES: &[&str] = &[
    "disclose_before_verified",
    "promise_without_date_or_amount",
    "double_end",
    "turn_after_end_changes_state",
    "stop_request_ignored",
    "too_many_questions",
];

/// The invariants that a turn broke.
pub(super) fn broken(after: &Agent, before: &Agent, rules: &Rules, turn: &Turn) -> Vec<&'static str> {
    let mut out = Vec::new();
    let mut check = |name: &'static str, sound: bool| {
        if !sound {
            out.push(name);
        }
    };
    check(
        "disclose_before_verified",
        after.verified || says_nothing_of_a_debt(rules, turn),
    );
    check(
        "promise_without_date_or_amount",
        promises_are_complete(after, rules, turn),
    );
    check("double_end", ends_once(before, turn));
    check(
        "turn_after_end_changes_state",
        before.outcome.is_none() || (before == after && turn.actions.is_empty()),
    );
    check("stop_request_ignored", stop_is_obeyed(before, turn));
    let text = turn.text();
    check("too_many_questions", text.matches('?').count() <= 1);
    out
}

fn says_nothing_of_a_debt(rules: &Rules, turn: &Turn) -> bool {
    let text = turn.text();
    let account = &rules.account.account_context;
    let amounts = [account.amount_due.to_string(), account.amount_due.to_decimal()];
    rules.policy.debt_words(&text).is_empty()
        && !amounts.iter().any(|a| text.contains(a.as_str()))
        && (account.case_id.is_empty() || !text.contains(&account.case_id))
}

fn promises_are_complete(after: &Agent, rules: &Rules, turn: &Turn) -> bool {
    turn.actions.iter().all(|action| match action {
        Action::CreatePromiseToPay { date, amount, .. } => {
            after.verified
                && after.disclosed
                && amount.0 > 0
                && *amount <= rules.account.account_context.amount_due
                && after
                    .promise
                    .is_some_and(|p| p.date == *date && p.amount == *amount)
        }
        _ => true,
    })
}

fn ends_once(before: &Agent, turn: &Turn) -> bool {
    let count = |f: fn(&Action) -> bool| turn.actions.iter().filter(|a| f(a)).count();
    let ends = count(|a| matches!(a, Action::EndCall { .. }));
    let outcomes = count(|a| matches!(a, Action::SetOutcome { .. }));
    ends == outcomes && ends <= 1 && (before.outcome.is_none() || ends == 0)
}

fn stop_is_obeyed(before: &Agent, turn: &Turn) -> bool {
    let asked = turn
        .nlu
        .as_ref()
        .is_some_and(|r| r.fine_intent == "stop_request" && before.outcome.is_none());
    !asked
        || turn
            .actions
            .iter()
            .any(|a| matches!(a, Action::MarkDoNotContact { .. }))
            && turn.ends_call()
}
