//! The bank's records and what can be asked of them.

use crate::call::Cents;
use jiff::civil::Date;
use std::fmt;

/// What is said of an account without transactions.
pub const NO_ACTIVITY: &str = "No recent activity.";

/// A bank: its name and its customers, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bank {
    /// Its name, as callers hear it.
    pub name: String,
    /// ISO 4217; always `USD`.
    pub currency: String,
    /// At least one.
    pub customers: Vec<Customer>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Customer {
    /// Eight digits, unique in the bank.
    pub id: String,
    /// What proves that the caller is this customer.
    pub pin: Pin,
    /// The full name.
    pub name: String,
    /// The branch that keeps the accounts.
    pub branch: String,
    /// Deposit accounts.
    pub deposits: Vec<Deposit>,
    /// Credit cards.
    pub cards: Vec<Card>,
    /// Loans.
    pub loans: Vec<Loan>,
    /// The rewards programme.
    pub rewards: Rewards,
}

/// A deposit account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deposit {
    /// The account number: digits, unique in the bank.
    pub account: String,
    /// What kind of account: `Checking`.
    pub name: String,
    /// What is booked; negative when overdrawn.
    pub balance: Cents,
    /// What can be drawn now.
    pub available: Cents,
    /// Interest a year.
    pub rate: Rate,
    /// Newest first.
    pub transactions: Vec<Transaction>,
}

/// One booking on a deposit account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transaction {
    /// When it was booked.
    pub date: Date,
    /// What the statement prints.
    pub description: String,
    /// Positive in, negative out.
    pub amount: Cents,
}

/// A credit card.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Card {
    /// The card's number: digits only, unique in the bank.
    pub number: String,
    /// What kind of card: `Platinum Travel Rewards`.
    pub name: String,
    /// The credit limit.
    pub limit: Cents,
    /// What the last statement says is owed; negative for a credit.
    pub statement_balance: Cents,
    /// The least to pay by [`Card::due`].
    pub minimum_payment: Cents,
    /// When the payment is due.
    pub due: Date,
    /// What it earns: `3x travel`.
    pub earns: Vec<String>,
}

/// A loan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loan {
    /// Unique in the bank: `HOME-88421`.
    pub id: String,
    /// What kind of loan: `Auto Loan`.
    pub name: String,
    /// What was borrowed.
    pub principal: Cents,
    /// What is left to repay.
    pub outstanding: Cents,
    /// Interest a year.
    pub rate: Rate,
    /// The next payment.
    pub payment: Cents,
    /// When it is due.
    pub due: Date,
    /// Whether it is paid without the customer's doing.
    pub autopay: bool,
}

/// A customer's rewards.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rewards {
    /// The tier: `Gold`.
    pub tier: String,
    /// Points held.
    pub points: u64,
    /// How many of them are lost at the next statement.
    pub expiring_points: u64,
    /// Cashback held.
    pub cashback: Cents,
}

/// A payment that is coming up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What is paid: a card's or a loan's name.
    pub name: String,
    /// Its last four digits.
    pub last4: String,
    /// How much.
    pub amount: Cents,
    /// When it is due.
    pub due: Date,
    /// Whether it is paid without the customer's doing.
    pub autopay: bool,
}

/// A PIN. It is compared, never printed: `{:?}` shows dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    pub(super) const fn new(digits: String) -> Self {
        Self(digits)
    }
    /// Whether these digits are the PIN.
    pub fn is(&self, digits: &str) -> bool {
        self.0 == digits
    }
    /// The digits, for a data source that compares them; never for a text.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(••••)")
    }
}

/// Interest a year in hundredths of a percent. Displayed as `3.45%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub u32);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

impl Bank {
    /// The customer with this identifier.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customers.iter().find(|c| c.id == id)
    }
    /// The deposit account with this number.
    pub fn deposit(&self, account: &str) -> Option<&Deposit> {
        self.customers
            .iter()
            .flat_map(|c| &c.deposits)
            .find(|d| d.account == account)
    }
    /// The card with this number, digits only.
    pub fn card(&self, number: &str) -> Option<&Card> {
        self.customers
            .iter()
            .flat_map(|c| &c.cards)
            .find(|c| c.number == number)
    }
    /// The loan with this identifier.
    pub fn loan(&self, id: &str) -> Option<&Loan> {
        self.customers.iter().flat_map(|c| &c.loans).find(|l| l.id == id)
    }
}

impl Customer {
    /// Everything booked on deposit accounts.
    pub fn deposit_total(&self) -> Cents {
        self.deposits.iter().map(|d| d.balance).sum()
    }
    /// Everything that can be drawn from deposit accounts now.
    pub fn available_total(&self) -> Cents {
        self.deposits.iter().map(|d| d.available).sum()
    }
    /// Everything owed on cards by their last statements.
    pub fn card_total(&self) -> Cents {
        self.cards.iter().map(|c| c.statement_balance).sum()
    }
    /// Everything left to repay on loans.
    pub fn loan_total(&self) -> Cents {
        self.loans.iter().map(|l| l.outstanding).sum()
    }
    /// The payments that are coming up on cards and loans, the soonest first.
    pub fn upcoming_payments(&self) -> Vec<Payment> {
        let cards = self.cards.iter().map(|c| Payment {
            name: c.name.clone(),
            last4: c.last4(),
            amount: c.minimum_payment,
            due: c.due,
            autopay: false,
        });
        let loans = self.loans.iter().map(|l| Payment {
            name: l.name.clone(),
            last4: l.last4(),
            amount: l.payment,
            due: l.due,
            autopay: l.autopay,
        });
        let mut payments: Vec<_> = cards.chain(loans).collect();
        payments.sort_by_key(|p| p.due);
        payments
    }
}

impl Deposit {
    /// The last four digits of the account number.
    pub fn last4(&self) -> String {
        last_four_digits(&self.account)
    }
    /// The transactions as one text, or [`NO_ACTIVITY`].
    pub fn activity(&self) -> String {
        if self.transactions.is_empty() {
            return NO_ACTIVITY.to_owned();
        }
        let lines: Vec<_> = self.transactions.iter().map(ToString::to_string).collect();
        format!("{}.", lines.join("; "))
    }
}

impl Card {
    /// The last four digits of the card's number.
    pub fn last4(&self) -> String {
        last_four_digits(&self.number)
    }
}

impl Loan {
    /// The last four digits of the loan's identifier.
    pub fn last4(&self) -> String {
        last_four_digits(&self.id)
    }
}

/// `2025-10-08 PAYROLL DEP - HORIZON TECH $3,250.00`
impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.date, self.description, self.amount)
    }
}

fn last_four_digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(4)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deposit(amounts: &[(&str, i64)]) -> Deposit {
        Deposit {
            account: "031890246".to_owned(),
            name: "Checking".to_owned(),
            balance: Cents(0),
            available: Cents(0),
            rate: Rate(10),
            transactions: amounts
                .iter()
                .map(|(date, cents)| Transaction {
                    date: date.parse().unwrap(),
                    description: "SHOP".to_owned(),
                    amount: Cents(*cents),
                })
                .collect(),
        }
    }

    #[test]
    fn activity_lists_date_text_and_signed_amount() {
        let d = deposit(&[("2025-10-08", 325_000), ("2025-10-05", -12_045)]);
        assert_eq!(
            d.activity(),
            "2025-10-08 SHOP $3,250.00; 2025-10-05 SHOP -$120.45."
        );
    }

    #[test]
    fn an_account_without_transactions_has_no_recent_activity() {
        assert_eq!(deposit(&[]).activity(), "No recent activity.");
    }

    #[test]
    fn the_last_four_digits_skip_letters_and_hyphens() {
        assert_eq!(last_four_digits("STUDENT-00218"), "0218");
        assert_eq!(last_four_digits("031890246"), "0246");
        assert_eq!(last_four_digits("AB-12"), "12");
    }

    #[test]
    fn a_pin_never_prints() {
        assert_eq!(format!("{:?}", Pin::new("4321".to_owned())), "Pin(••••)");
    }

    #[test]
    fn a_rate_prints_two_decimals() {
        assert_eq!(Rate(345).to_string(), "3.45%");
        assert_eq!(Rate(10).to_string(), "0.10%");
    }
}
