//! Customers of the bank and what can be asked of them.
