//! The `flow` command, run as the real program.

mod program;

use program::Desk;

#[test]
fn shipped_flows_and_files_are_checked_by_name() {
    let desk = Desk::new();
    let run = desk.run(&["flow", "check", "bank", "pharmacy"]);
    assert_eq!(
        (run.code, run.out.as_str(), run.err.as_str()),
        (
            0,
            "bank: Bank IVR is sound: 41 nodes, 96 edges\npharmacy: Pharmacy is sound: 25 nodes, 36 edges\n",
            ""
        )
    );
}

#[test]
fn a_flow_file_with_its_data_beside_it_is_checked_and_called() {
    let desk = Desk::new();
    let toml = include_str!("../assets/flows/pharmacy.toml");
    desk.file("flows/shop.toml", toml);
    desk.file(
        "flows/pharmacy.json",
        include_str!("../assets/flows/pharmacy.json"),
    );
    let run = desk.run(&["flow", "check", "flows/shop.toml"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let run = desk.run(&["flow", "graph", "flows/shop.toml", "--format", "text"]);
    assert!(
        run.out.starts_with("Pharmacy: 25 nodes, 36 edges\n> welcome"),
        "{}",
        run.out
    );
}

#[test]
fn wrong_flows_are_reported_each_and_the_exit_code_is_2() {
    let desk = Desk::new();
    let toml = include_str!("../assets/flows/bank.toml");
    desk.file("wrong.toml", toml.replacen("next = \"pin\"", "next = \"pim\"", 1));
    desk.file("empty.toml", "");
    desk.file("binary.toml", [0u8, 159, 146, 150]);
    desk.file("lost.toml", include_str!("../assets/flows/pharmacy.toml"));
    let run = desk.run(&[
        "flow",
        "check",
        "wrong.toml",
        "bank",
        "empty.toml",
        "binary.toml",
        "lost.toml",
        "pharmcy",
    ]);
    assert_eq!(run.code, 2);
    assert_eq!(run.out, "bank: Bank IVR is sound: 41 nodes, 96 edges\n");
    insta::assert_snapshot!(run.err);
    assert_eq!(desk.run(&["flow", "graph", "wrong.toml"]).code, 2);
    assert_eq!(desk.run(&["flow", "graph", "bank", "--format", "svg"]).code, 2);
    assert_eq!(desk.run(&["flow", "check"]).code, 2);
}

#[test]
fn a_bank_file_is_checked_with_the_flow() {
    let desk = Desk::new();
    let json = include_str!("../data/bank.json");
    desk.file("good.json", json);
    desk.file("bad.json", json.replacen("2025-10-18", "soon", 1));
    assert_eq!(
        desk.run(&["flow", "check", "bank", "--bank-data", "good.json"])
            .code,
        0
    );
    let run = desk.run(&["flow", "check", "bank", "--bank-data", "bad.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("bad.json:41:18: customers[0].cards[0].due: not a date"),
        "{}",
        run.err
    );
}

#[test]
fn graphs_are_written_for_people_wikis_and_graphviz() {
    let desk = Desk::new();
    for format in ["text", "mermaid", "dot"] {
        let run = desk.run(&["flow", "graph", "pharmacy", "--format", format]);
        assert_eq!(run.code, 0);
        insta::assert_snapshot!(format!("graph_{format}"), run.out);
    }
}
