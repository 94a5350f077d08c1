//! The bank: its file is read whole or not at all, and what it says of its customers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, as it should"
)]

use ivr_tui::bank::Bank;
use ivr_tui::call::Cents;
use ivr_tui::line::catalog::BANK_JSON;
use std::fmt::Write as _;

fn shipped() -> Bank {
    Bank::parse("bank.json", BANK_JSON).unwrap()
}

/// The shipped file with one text replaced by another.
fn edited(from: &str, to: &str) -> String {
    assert!(BANK_JSON.contains(from), "{from} is not in the shipped file");
    BANK_JSON.replacen(from, to, 1)
}

#[test]
fn the_shipped_bank_has_both_customers_and_their_totals() {
    let bank = shipped();
    assert_eq!(bank.name, "Horizon Federal Bank");
    let of = |id: &str| {
        let c = bank.customer(id).unwrap();
        let totals = [
            c.deposit_total(),
            c.available_total(),
            c.card_total(),
            c.loan_total(),
        ];
        (c.name.clone(), c.branch.clone(), totals.map(|t| t.to_string()))
    };
    let totals = |t: [&str; 4]| t.map(str::to_owned);
    assert_eq!(
        of("10000001"),
        (
            "Jordan Carter".to_owned(),
            "Downtown Austin".to_owned(),
            totals(["$23,071.78", "$22,866.33", "$2,150.76", "$367,425.19"])
        )
    );
    assert_eq!(
        of("20000002"),
        (
            "Riley Martinez".to_owned(),
            "North Loop".to_owned(),
            totals(["$2,145.82", "$2,012.68", "$412.09", "$38,523.20"])
        )
    );
}

#[test]
fn records_are_found_by_their_own_identifiers() {
    let bank = shipped();
    assert_eq!(bank.deposit("712450987").unwrap().name, "High-Yield Savings");
    assert_eq!(bank.card("4485139922110099").unwrap().last4(), "0099");
    assert_eq!(bank.loan("STUDENT-00218").unwrap().outstanding, Cents(1_988_043));
    assert_eq!(bank.customer("99999999"), None);
    assert!(bank.customer("20000002").unwrap().pin.is("1111"));
    assert!(!bank.customer("20000002").unwrap().pin.is("0000"));
}

#[test]
fn upcoming_payments_come_the_soonest_first() {
    let bank = shipped();
    let payments: Vec<String> = bank
        .customer("20000002")
        .unwrap()
        .upcoming_payments()
        .iter()
        .map(|p| format!("{} {} {} {}", p.due, p.amount, p.last4, p.autopay))
        .collect();
    assert_eq!(
        payments,
        [
            "2025-10-10 $415.17 2901 false",
            "2025-10-20 $25.00 2256 false",
            "2025-10-28 $290.10 0218 true"
        ]
    );
}

#[test]
fn transactions_read_newest_first_whatever_the_order_of_the_file() {
    let text = edited("2025-10-08", "2025-10-01");
    let bank = Bank::parse("b.json", &text).unwrap();
    assert_eq!(
        bank.deposit("031890246").unwrap().activity(),
        "2025-10-05 ZELLE TO ALEX R -$120.45; 2025-10-04 COFFEE ROASTERS -$5.85; 2025-10-01 PAYROLL DEP - HORIZON TECH $3,250.00."
    );
}

#[test]
fn a_bank_file_that_is_wrong_anywhere_is_refused_with_its_place() {
    let mut errors = String::new();
    for (from, to) in [
        (r#""20000002""#, r#""10000001""#),
        ("601244555", "031890246"),
        ("5317 8810 4410 2256", "4485-1399-2211-0099"),
        ("STUDENT-00218", "AUTO-22901"),
        (r#""limit": 15000.00"#, r#""limit": -1"#),
        (r#""minimum_payment": 68.00"#, r#""minimum_payment": -0.01"#),
        (r#""principal": 28000.00"#, r#""principal": -28000"#),
        (r#""outstanding": 18642.77"#, r#""outstanding": -0.5"#),
        (r#""payment": 415.17"#, r#""payment": -415.17"#),
        (r#""cashback": 182.55"#, r#""cashback": -1"#),
        ("2025-10-18", "2025-02-30"),
        ("2025-10-12", "12 October"),
        ("2025-10-08", "2025-10-08T09:00"),
        (r#""points": 138940"#, r#""points": -5"#),
        (r#""points": 138940"#, r#""points": 1.5"#),
        (r#""expiring_points": 4000"#, r#""expiring_points": 999999"#),
        (r#""autopay": true"#, r#""autopay": "yes""#),
        (r#""balance": 4821.37"#, r#""balance": 4821.375"#),
        (r#""balance": 4821.37"#, r#""balance": null"#),
        (r#""balance": 4821.37"#, r#""balance": "$5""#),
        (r#""balance": 4821.37"#, r#""balance": 1e30"#),
        (r#""balance": 4821.37"#, r#""balance": "4821.37""#),
        (
            r#""rewards": { "tier": "Platinum", "points": 138940, "expiring_points": 4000, "cashback": 182.55 }"#,
            r#""rewards": null"#,
        ),
        (
            r#""rewards": { "tier": "Platinum", "points": 138940, "expiring_points": 4000, "cashback": 182.55 }"#,
            r#""rewards": ["Platinum"]"#,
        ),
        (r#""branch": "Downtown Austin","#, ""),
        (r#""branch""#, r#""brunch""#),
        (r#""id": "10000001""#, r#""id": "1000001""#),
        (r#""id": "10000001""#, r#""id": "1000000A""#),
        (r#""pin": "0000""#, r#""pin": "43210""#),
        (r#""pin": "0000""#, r#""pin": "432l""#),
        (r#""pin": "0000""#, r#""pin": 4321"#),
        (r#""pin": "0000""#, r#""pin": "4321", "pin": "4321""#),
        (r#""account": "031890246""#, r#""account": "03189-0246""#),
        (r#""number": "4485 1399 2211 0099""#, r#""number": "4485""#),
        ("HOME-88421", "HOME-1"),
        (r#""rate_percent": 3.45"#, r#""rate_percent": 345"#),
        (r#""rate_percent": 3.45"#, r#""rate_percent": -0.1"#),
        (r#""Jordan Carter""#, r#""  ""#),
        (r#""PAYROLL DEP - HORIZON TECH""#, r#""PAYROLL\u001b[2J""#),
        (r#""USD""#, r#""EUR""#),
        (
            r#""earns": ["3x travel", "2x dining"]"#,
            r#""earns": "3x travel""#,
        ),
        (r#""customers": ["#, r#""customers": 5, "x": ["#),
        (r#""cashback": 182.55 }"#, r#""cashback": 182.55"#),
    ] {
        let e = Bank::parse("b.json", &edited(from, to)).expect_err(to);
        assert!(e.line > 0, "{e}");
        let text = e.to_string();
        assert!(!text.contains("4321") && !text.contains("432l"), "{text}");
        writeln!(errors, "{text}").unwrap();
    }
    insta::assert_snapshot!(errors);
}

#[test]
fn a_bank_without_customers_or_without_text_is_refused() {
    let empty = r#"{"bank": {"name": "B", "currency": "USD"}, "customers": []}"#;
    assert_eq!(
        Bank::parse("b.json", empty).unwrap_err().to_string(),
        "b.json:1:57: customers: a bank needs at least one customer\n  help: nobody could log in"
    );
    assert_eq!(
        Bank::parse("b.json", " \n").unwrap_err().to_string(),
        "b.json: the file is empty\n  help: it should hold JSON"
    );
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert_eq!(
        Bank::parse("b.json", &format!("\u{feff}{BANK_JSON}")),
        Ok(shipped())
    );
}
