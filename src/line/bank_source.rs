//! The bank as data that a flow can read: amounts and dates as they are said, and PINs that can only be compared.

use crate::bank::{Bank, Card, Customer, Deposit, Loan, Payment};
use crate::ivr::{Shape, Source};
use serde_json::{Value, json};

/// The data source named `bank` in flow files.
///
/// | path | what |
/// |---|---|
/// | `bank.name` | the bank |
/// | `customers` | rows: `id`, `pin` (secret), `name`, `branch`, `deposit_total`, `available_total`, `card_total`, `loan_total`, and the lists below |
/// | `customers.deposits` | `account`, `last4`, `name`, `balance`, `available`, `rate`, `activity` |
/// | `customers.cards` | `last4`, `name`, `limit`, `statement`, `minimum`, `due`, `earns` (list) |
/// | `customers.loans` | `id`, `last4`, `name`, `principal`, `outstanding`, `rate`, `payment`, `due`, `autopay` |
/// | `customers.upcoming` | `name`, `last4`, `amount`, `due`, `autopay`, the soonest first |
/// | `customers.rewards` | one record: `tier`, `points`, `expiring`, `cashback` |
pub(super) fn bank_source(bank: &Bank) -> Result<Source, String> {
    let customers: Vec<Value> = bank.customers.iter().map(customer).collect();
    Source::new(
        shape(),
        json!({ "bank": { "name": bank.name }, "customers": customers }),
    )
}

fn shape() -> Shape {
    use Shape::{Flag, Number, Secret, Text};
    let deposit = Shape::record([
        ("account", Text),
        ("last4", Text),
        ("name", Text),
        ("balance", Text),
        ("available", Text),
        ("rate", Text),
        ("activity", Text),
    ]);
    let card = Shape::record([
        ("last4", Text),
        ("name", Text),
        ("limit", Text),
        ("statement", Text),
        ("minimum", Text),
        ("due", Text),
        ("earns", Shape::list(Text)),
    ]);
    let loan = Shape::record([
        ("id", Text),
        ("last4", Text),
        ("name", Text),
        ("principal", Text),
        ("outstanding", Text),
        ("rate", Text),
        ("payment", Text),
        ("due", Text),
        ("autopay", Flag),
    ]);
    let payment = Shape::record([
        ("name", Text),
        ("last4", Text),
        ("amount", Text),
        ("due", Text),
        ("autopay", Flag),
    ]);
    let rewards = Shape::record([
        ("tier", Text),
        ("points", Number),
        ("expiring", Number),
        ("cashback", Text),
    ]);
    let customer = Shape::record([
        ("id", Text),
        ("pin", Secret),
        ("name", Text),
        ("branch", Text),
        ("deposit_total", Text),
        ("available_total", Text),
        ("card_total", Text),
        ("loan_total", Text),
        ("deposits", Shape::list(deposit)),
        ("cards", Shape::list(card)),
        ("loans", Shape::list(loan)),
        ("upcoming", Shape::list(payment)),
        ("rewards", rewards),
    ]);
    Shape::record([
        ("bank", Shape::record([("name", Text)])),
        ("customers", Shape::list(customer)),
    ])
}

fn customer(c: &Customer) -> Value {
    json!({
        "id": c.id,
        "pin": c.pin.reveal(),
        "name": c.name,
        "branch": c.branch,
        "deposit_total": c.deposit_total().to_string(),
        "available_total": c.available_total().to_string(),
        "card_total": c.card_total().to_string(),
        "loan_total": c.loan_total().to_string(),
        "deposits": c.deposits.iter().map(deposit).collect::<Vec<_>>(),
        "cards": c.cards.iter().map(card).collect::<Vec<_>>(),
        "loans": c.loans.iter().map(loan).collect::<Vec<_>>(),
        "upcoming": c.upcoming_payments().iter().map(payment).collect::<Vec<_>>(),
        "rewards": {
            "tier": c.rewards.tier,
            "points": c.rewards.points,
            "expiring": c.rewards.expiring_points,
            "cashback": c.rewards.cashback.to_string(),
        },
    })
}

fn deposit(d: &Deposit) -> Value {
    json!({
        "account": d.account,
        "last4": d.last4(),
        "name": d.name,
        "balance": d.balance.to_string(),
        "available": d.available.to_string(),
        "rate": d.rate.to_string(),
        "activity": d.activity(),
    })
}

fn card(c: &Card) -> Value {
    json!({
        "last4": c.last4(),
        "name": c.name,
        "limit": c.limit.to_string(),
        "statement": c.statement_balance.to_string(),
        "minimum": c.minimum_payment.to_string(),
        "due": c.due.to_string(),
        "earns": c.earns,
    })
}

fn loan(l: &Loan) -> Value {
    json!({
        "id": l.id,
        "last4": l.last4(),
        "name": l.name,
        "principal": l.principal.to_string(),
        "outstanding": l.outstanding.to_string(),
        "rate": l.rate.to_string(),
        "payment": l.payment.to_string(),
        "due": l.due.to_string(),
        "autopay": l.autopay,
    })
}

fn payment(p: &Payment) -> Value {
    json!({
        "name": p.name,
        "last4": p.last4,
        "amount": p.amount.to_string(),
        "due": p.due.to_string(),
        "autopay": p.autopay,
    })
}
