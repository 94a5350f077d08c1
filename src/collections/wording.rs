//! Filling a prompt's words in from the account, the policy and the state.

use super::Rules;
use super::state::Agent;
use crate::call::{At, Cents};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};

/// The words of a prompt with every name in braces filled in.
pub(super) fn fill(prompt: &str, agent: &Agent, rules: &Rules, at: &At) -> String {
    let template = rules.policy.text(prompt);
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            break;
        };
        out.push_str(&value(name, agent, rules, at));
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn value(name: &str, agent: &Agent, rules: &Rules, at: &At) -> String {
    let (account, policy) = (&rules.account, &rules.policy);
    let today = at.civil.date();
    let windows = policy.windows();
    match name {
        "target_name" => account.party_profile.target_name.clone(),
        "preferred_name" => account.preferred_name().to_owned(),
        "brand_name" => policy.brand_name.clone(),
        "neutral_name" => policy.neutral_name.clone(),
        "contact_name" => policy.contact_name.clone(),
        "callback_number" => policy.callback_number.clone(),
        "amount" => account.account_context.amount_due.to_string(),
        "half" => half(rules).to_string(),
        "half_date" => day(half_date(rules, today)),
        "pending_amount" => agent
            .pending
            .map(|p| p.amount)
            .or(agent.pending_amount)
            .unwrap_or(account.account_context.amount_due)
            .to_string(),
        "pending_date" => agent.pending.map_or_else(|| day(today), |p| day(p.date)),
        "minimum" => policy.payment.minimum_payment.to_string(),
        "month_end" => day(today.last_of_month()),
        "today" => day(today),
        "callback_time" => agent.callback_at.map_or_else(String::new, |t| moment(t, today)),
        "window_start" => windows.first().map_or_else(String::new, |w| clock(w.start)),
        "window_end" => windows.last().map_or_else(String::new, |w| clock(w.end)),
        _ => String::new(),
    }
}

/// Half of the balance.
pub(super) fn half(rules: &Rules) -> Cents {
    Cents(rules.account.account_context.amount_due.0 / 2)
}

/// The date we offer: a week ahead, and within the month where the policy wants that.
pub(super) fn half_date(rules: &Rules, today: Date) -> Date {
    let week = today.checked_add(7.days()).unwrap_or(today);
    if rules.policy.payment.current_month_only {
        week.min(today.last_of_month())
    } else {
        week
    }
}

/// "Friday, February 13".
pub(super) fn day(date: Date) -> String {
    date.strftime("%A, %B %-d").to_string()
}

fn clock(time: Time) -> String {
    if time == Time::MAX {
        return "midnight".to_owned();
    }
    let text = if time.minute() == 0 {
        time.strftime("%-I %p")
    } else {
        time.strftime("%-I:%M %p")
    };
    text.to_string()
}

fn moment(when: DateTime, today: Date) -> String {
    let time = clock(when.time());
    if when.date() == today {
        format!("today at {time}")
    } else {
        format!("on {} at {time}", day(when.date()))
    }
}
