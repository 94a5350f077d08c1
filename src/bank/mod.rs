//! A bank's customers and what can be asked of them: a read-only service over one JSON file.
//!
//! The file is read whole or not at all ([`Bank::parse`]); afterwards nothing can change it. Amounts are integer cents,
//! dates are civil dates, and a PIN can be compared but neither printed nor read back.
//!
//! | module | holds |
//! |---|---|
//! | [`record`] | [`Bank`], [`Customer`], [`Deposit`], [`Card`], [`Loan`], [`Rewards`], [`Transaction`] |
//! | `file` | the JSON file, and every reason to refuse it |

mod file;
pub mod record;

pub use record::{Bank, Card, Customer, Deposit, Loan, Payment, Pin, Rate, Rewards, Transaction};
