//! The bank's JSON file: what it must look like, and every reason to refuse it.

use super::record::{Bank, Card, Customer, Deposit, Loan, Pin, Rate, Rewards, Transaction};
use crate::call::Cents;
use crate::call::json::{self, FileError};
use crate::call::money::number;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    bank: RawBank,
    customers: Vec<RawCustomer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBank {
    name: String,
    currency: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCustomer {
    id: String,
    pin: String,
    name: String,
    branch: String,
    deposits: Vec<RawDeposit>,
    cards: Vec<RawCard>,
    loans: Vec<RawLoan>,
    rewards: RawRewards,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDeposit {
    account: String,
    name: String,
    #[serde(deserialize_with = "number::deserialize")]
    balance: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    available: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    rate_percent: Cents,
    transactions: Vec<RawTransaction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTransaction {
    date: String,
    description: String,
    #[serde(deserialize_with = "number::deserialize")]
    amount: Cents,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCard {
    number: String,
    name: String,
    #[serde(deserialize_with = "number::deserialize")]
    limit: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    statement_balance: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    minimum_payment: Cents,
    due: String,
    earns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLoan {
    id: String,
    name: String,
    #[serde(deserialize_with = "number::deserialize")]
    principal: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    outstanding: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    rate_percent: Cents,
    #[serde(deserialize_with = "number::deserialize")]
    payment: Cents,
    due: String,
    autopay: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRewards {
    tier: String,
    points: i64,
    expiring_points: i64,
    #[serde(deserialize_with = "number::deserialize")]
    cashback: Cents,
}

impl Bank {
    /// Reads a bank file's text. Anything wrong in it is an error with its line and JSON path, and no bank; no error
    /// quotes a PIN.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let raw: RawFile = json::parse(file, text)?;
        let mut check = Check {
            file,
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            seen: BTreeMap::new(),
        };
        check.bank(raw)
    }
}

/// Walks what serde read, and holds it to the rules that types cannot say.
struct Check<'a> {
    file: &'a str,
    text: &'a str,
    /// Identifiers that must be unique, with their kind, and where each was first.
    seen: BTreeMap<(&'static str, String), String>,
}

impl Check<'_> {
    fn bank(&mut self, raw: RawFile) -> Result<Bank, FileError> {
        let name = self.named("bank.name", raw.bank.name)?;
        if raw.bank.currency != "USD" {
            return Err(self
                .wrong("bank.currency", "not a currency this line speaks")
                .with_help("write USD"));
        }
        if raw.customers.is_empty() {
            return Err(self
                .wrong("customers", "a bank needs at least one customer")
                .with_help("nobody could log in"));
        }
        let customers = each(raw.customers, "customers", |path, c| self.customer(path, c))?;
        Ok(Bank {
            name,
            currency: raw.bank.currency,
            customers,
        })
    }

    fn customer(&mut self, path: &str, raw: RawCustomer) -> Result<Customer, FileError> {
        let id_path = format!("{path}.id");
        if !is_digits(&raw.id, 8, 8) {
            return Err(self
                .wrong(&id_path, "a customer ID is eight digits")
                .with_help("write it as text, such as \"10000001\""));
        }
        self.unique("customer ID", &id_path, &raw.id)?;
        if !is_digits(&raw.pin, 4, 4) {
            return Err(self
                .wrong(&format!("{path}.pin"), "a PIN is four digits")
                .with_help("write it as text, so that a leading zero counts"));
        }
        Ok(Customer {
            id: raw.id,
            pin: Pin::new(raw.pin),
            name: self.named(&format!("{path}.name"), raw.name)?,
            branch: self.named(&format!("{path}.branch"), raw.branch)?,
            deposits: each(raw.deposits, &format!("{path}.deposits"), |p, d| {
                self.deposit(p, d)
            })?,
            cards: each(raw.cards, &format!("{path}.cards"), |p, c| self.card(p, c))?,
            loans: each(raw.loans, &format!("{path}.loans"), |p, l| self.loan(p, l))?,
            rewards: self.rewards(&format!("{path}.rewards"), raw.rewards)?,
        })
    }

    fn deposit(&mut self, path: &str, raw: RawDeposit) -> Result<Deposit, FileError> {
        let account_path = format!("{path}.account");
        if !is_digits(&raw.account, 4, 17) {
            return Err(self
                .wrong(&account_path, "an account number is 4 to 17 digits")
                .with_help("write it as text, so that a leading zero counts"));
        }
        self.unique("account number", &account_path, &raw.account)?;
        let transactions_path = format!("{path}.transactions");
        let mut transactions = each(raw.transactions, &transactions_path, |p, t| {
            self.transaction(p, t)
        })?;
        // Newest first; bookings of one day keep the file's order.
        transactions.sort_by_key(|t| std::cmp::Reverse(t.date));
        Ok(Deposit {
            account: raw.account,
            name: self.named(&format!("{path}.name"), raw.name)?,
            balance: raw.balance,
            available: raw.available,
            rate: self.rate(&format!("{path}.rate_percent"), raw.rate_percent)?,
            transactions,
        })
    }

    fn transaction(&self, path: &str, raw: RawTransaction) -> Result<Transaction, FileError> {
        Ok(Transaction {
            date: self.date(&format!("{path}.date"), &raw.date)?,
            description: self.named(&format!("{path}.description"), raw.description)?,
            amount: raw.amount,
        })
    }

    fn card(&mut self, path: &str, raw: RawCard) -> Result<Card, FileError> {
        let number_path = format!("{path}.number");
        let number: String = raw.number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        // ISO/IEC 7812: at most 19 digits.
        if !is_digits(&number, 12, 19) {
            return Err(self.wrong(
                &number_path,
                "a card number is 12 to 19 digits, in groups if you like",
            ));
        }
        self.unique("card number", &number_path, &number)?;
        let earns_path = format!("{path}.earns");
        Ok(Card {
            number,
            name: self.named(&format!("{path}.name"), raw.name)?,
            limit: self.not_negative(&format!("{path}.limit"), "a credit limit", raw.limit)?,
            statement_balance: raw.statement_balance,
            minimum_payment: self.not_negative(
                &format!("{path}.minimum_payment"),
                "a payment",
                raw.minimum_payment,
            )?,
            due: self.date(&format!("{path}.due"), &raw.due)?,
            earns: each(raw.earns, &earns_path, |p, e| self.named(p, e))?,
        })
    }

    fn loan(&mut self, path: &str, raw: RawLoan) -> Result<Loan, FileError> {
        let id_path = format!("{path}.id");
        if raw.id.chars().filter(char::is_ascii_digit).count() < 4 {
            return Err(self
                .wrong(&id_path, "a loan's id holds at least four digits")
                .with_help("callers hear its last four"));
        }
        self.unique("loan id", &id_path, &raw.id)?;
        Ok(Loan {
            id: raw.id,
            name: self.named(&format!("{path}.name"), raw.name)?,
            principal: self.not_negative(&format!("{path}.principal"), "a principal", raw.principal)?,
            outstanding: self.not_negative(
                &format!("{path}.outstanding"),
                "an outstanding balance",
                raw.outstanding,
            )?,
            rate: self.rate(&format!("{path}.rate_percent"), raw.rate_percent)?,
            payment: self.not_negative(&format!("{path}.payment"), "a payment", raw.payment)?,
            due: self.date(&format!("{path}.due"), &raw.due)?,
            autopay: raw.autopay,
        })
    }

    fn rewards(&self, path: &str, raw: RawRewards) -> Result<Rewards, FileError> {
        let count = |name: &str, value: i64| {
            u64::try_from(value)
                .map_err(|_| self.wrong(&format!("{path}.{name}"), "points are never negative"))
        };
        let points = count("points", raw.points)?;
        let expiring_points = count("expiring_points", raw.expiring_points)?;
        if expiring_points > points {
            return Err(self.wrong(
                &format!("{path}.expiring_points"),
                "more points would expire than there are",
            ));
        }
        Ok(Rewards {
            tier: self.named(&format!("{path}.tier"), raw.tier)?,
            points,
            expiring_points,
            cashback: self.not_negative(&format!("{path}.cashback"), "cashback", raw.cashback)?,
        })
    }

    fn named(&self, path: &str, text: String) -> Result<String, FileError> {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(self.wrong(path, "this is said to callers: it needs words, on one line"));
        }
        Ok(text)
    }

    fn date(&self, path: &str, text: &str) -> Result<Date, FileError> {
        let shaped = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        text.parse().ok().filter(|_| shaped).ok_or_else(|| {
            self.wrong(path, "not a date")
                .with_help("write year-month-day, such as 2025-10-18")
        })
    }

    fn rate(&self, path: &str, hundredths: Cents) -> Result<Rate, FileError> {
        u32::try_from(hundredths.0)
            .ok()
            .filter(|r| *r <= 10_000)
            .map(Rate)
            .ok_or_else(|| self.wrong(path, "a rate lies between 0 and 100 percent"))
    }

    fn not_negative(&self, path: &str, what: &str, amount: Cents) -> Result<Cents, FileError> {
        if amount < Cents(0) {
            return Err(self.wrong(path, format!("{what} is never negative")));
        }
        Ok(amount)
    }

    fn unique(&mut self, kind: &'static str, path: &str, value: &str) -> Result<(), FileError> {
        match self.seen.insert((kind, value.to_owned()), path.to_owned()) {
            None => Ok(()),
            Some(first) => Err(self
                .wrong(
                    path,
                    format!("this {kind} is used twice; the first is at {first}"),
                )
                .with_help(format!("give each its own {kind}"))),
        }
    }

    fn wrong(&self, path: &str, message: impl Into<String>) -> FileError {
        FileError::at(self.file, self.text, path, message)
    }
}

/// Checks the items of a list in order, each under its own path; the first mistake ends it.
fn each<T, U>(
    items: Vec<T>,
    path: &str,
    mut check: impl FnMut(&str, T) -> Result<U, FileError>,
) -> Result<Vec<U>, FileError> {
    items
        .into_iter()
        .enumerate()
        .map(|(i, item)| check(&format!("{path}[{i}]"), item))
        .collect()
}

fn is_digits(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
