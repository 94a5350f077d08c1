//! The state graph pane, drawn from hand-written graphs: what a person sees at which size, and what a click means.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use ivr_tui::call::session::Visits;
use ivr_tui::call::{EdgeKind, FlowGraph, GraphEdge, GraphNode, Key, NodeId, NodeKind, Party as _, Signal};
use ivr_tui::line::{Driver, LineParty, catalog};
use ivr_tui::tui::Command;
use ivr_tui::tui::pane::graph::{Props, State, render};
use ivr_tui::tui::pane::{Hits, Nav};
use ivr_tui::tui::theme::{Theme, ThemeName};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use smol_str::SmolStr;
use std::sync::Arc;

/// A graph from lines of `from label to`. A label that starts with `x` is an exception, with `<` a return; `-` is none.
fn read(text: &str) -> FlowGraph {
    let mut graph = FlowGraph::default();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [from, label, to] = words[..] else { continue };
        for id in [from, to] {
            if graph.node(&NodeId::from(id)).is_none() {
                graph.nodes.push(GraphNode {
                    id: id.into(),
                    label: id.to_owned(),
                    kind: NodeKind::Menu,
                    group: SmolStr::default(),
                });
            }
        }
        let (kind, label) = match label.split_at(1) {
            ("-", _) => (EdgeKind::Auto, ""),
            ("<", label) => (EdgeKind::Return, label),
            ("x", label) => (EdgeKind::Exception, label),
            _ => (EdgeKind::Choice, label),
        };
        graph.edges.push(GraphEdge {
            from: from.into(),
            to: to.into(),
            label: label.into(),
            kind,
        });
    }
    graph.start = graph.nodes[0].id.clone();
    graph
}

fn bank() -> FlowGraph {
    read(
        "id - pin
       id xno-input goodbye
       pin ok verify
       pin xno-input goodbye
       verify right main
       verify wrong pin-again
       verify x3 goodbye
       pin-again < pin
       main 1 deposits
       main 2 cards
       main 3 loans
       main 4 rewards
       main 5 switch
       main 0 main
       main xno-input goodbye
       deposits 1 balances
       deposits 2 available
       deposits 3 recent
       deposits 4 total
       deposits <9 main
       deposits xno-input goodbye
       balances < deposits
       available < deposits
       recent 1 transactions
       recent <9 deposits
       transactions < deposits
       total < deposits
       cards 1 statement
       cards 2 rates
       cards 3 card-total
       cards <9 main
       statement < cards
       rates < cards
       card-total < cards
       loans 1 outstanding
       loans 2 upcoming
       loans 3 autopay
       loans <9 main
       outstanding < loans
       upcoming < loans
       autopay < loans
       rewards 1 points
       rewards 2 cashback
       rewards 3 expiring
       rewards <9 main
       points < rewards
       cashback < rewards
       expiring < rewards
       switch - switch-pin
       switch <9 main
       switch-pin ok main
       switch-pin wrong switch-again
       switch-again 1 switch-pin
       switch-again <9 main",
    )
}

fn agent() -> FlowGraph {
    read(
        "greeting yes verify
       greeting no closing
       greeting wrong wrong-party
       greeting busy callback
       greeting silence greeting
       greeting machine voicemail
       verify zip disclose
       verify xattempts closing
       verify refuse closing
       verify human escalation
       verify stop cease
       disclose yes promise
       disclose no negotiate
       disclose dispute escalation
       disclose stop cease
       disclose human escalation
       negotiate date confirm
       negotiate half promise
       negotiate refuse escalation
       negotiate stop cease
       negotiate human escalation
       negotiate hardship hardship
       confirm yes promise
       confirm no negotiate
       confirm stop cease
       promise - closing
       callback - closing
       wrong-party - closing
       cease - closing
       voicemail - closing
       hardship - escalation
       escalation - closing
       closing - ended",
    )
}

/// A call that has gone this way through a graph.
struct Call {
    graph: Arc<FlowGraph>,
    visits: Visits,
    current: NodeId,
    state: State,
}

impl Call {
    fn along(graph: FlowGraph, way: &[&str]) -> Self {
        let mut visits = Visits::default();
        visits.nodes.insert(graph.start.clone(), 1);
        for pair in way.windows(2) {
            let edge = graph
                .edges
                .iter()
                .find(|e| e.from == *pair[0] && e.to == *pair[1]);
            let edge = edge.expect("an edge of the graph");
            *visits.nodes.entry(edge.to.clone()).or_default() += 1;
            let key = (edge.from.clone(), edge.label.clone(), edge.to.clone());
            *visits.edges.entry(key).or_default() += 1;
        }
        Self {
            graph: Arc::new(graph),
            visits,
            current: NodeId::from(way[way.len() - 1]),
            state: State::default(),
        }
    }

    fn draw_in(&mut self, buf: &mut Buffer, area: Rect) -> Hits {
        let props = Props {
            graph: &self.graph,
            visits: &self.visits,
            current: &self.current,
        };
        render(buf, area, &Theme::new(ThemeName::Dark), &mut self.state, &props)
    }

    fn draw(&mut self, width: u16, height: u16) -> (String, Hits) {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let hits = self.draw_in(&mut buf, area);
        (text(&buf), hits)
    }

    fn screen(&mut self, width: u16, height: u16) -> String {
        self.draw(width, height).0
    }
}

fn text(buf: &Buffer) -> String {
    let area = buf.area;
    let row = |y| {
        let row: String = (area.left()..area.right())
            .map(|x| buf[(x, y)].symbol())
            .collect();
        format!("{}\n", row.trim_end())
    };
    (area.top()..area.bottom()).map(row).collect()
}

const IN_DEPOSITS: [&str; 7] = ["id", "pin", "verify", "main", "deposits", "balances", "deposits"];
const NEGOTIATING: [&str; 4] = ["greeting", "verify", "disclose", "negotiate"];

#[test]
fn menus_on_a_wide_pane_show_every_name_key_and_chip() {
    insta::assert_snapshot!(Call::along(bank(), &IN_DEPOSITS).screen(120, 36));
}

#[test]
fn thirty_nodes_fit_into_60_by_20() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    let screen = call.screen(60, 20);
    for node in &call.graph.nodes {
        let name = node.label.as_str();
        let drawn = [format!("[{name}]"), format!("({name})"), format!("▐{name}▌")];
        assert!(drawn.iter().any(|d| screen.contains(d)), "{name} in\n{screen}");
    }
    insta::assert_snapshot!(screen);
}

#[test]
fn what_is_far_folds_where_it_does_not_fit() {
    insta::assert_snapshot!(Call::along(bank(), &IN_DEPOSITS).screen(46, 17));
}

#[test]
fn a_narrow_pane_is_an_outline() {
    insta::assert_snapshot!(Call::along(bank(), &IN_DEPOSITS).screen(30, 20));
}

#[test]
fn a_tiny_pane_says_where_the_call_stands() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    assert_eq!(call.screen(40, 1), "id › pin › verify › main › ▐deposits▌\n");
    assert_eq!(
        call.screen(24, 2),
        "… › main › ▐deposits▌\ndeposits  1→balances +5\n"
    );
    assert_eq!(call.screen(10, 1), "▐deposits▌\n");
    assert_eq!(call.screen(6, 1), "▐dep…▌\n");
}

#[test]
fn an_agent_with_many_ways_to_one_end_shows_them_as_chips() {
    insta::assert_snapshot!(Call::along(agent(), &NEGOTIATING).screen(60, 20));
}

#[test]
fn an_agent_on_a_wide_pane() {
    insta::assert_snapshot!(Call::along(agent(), &NEGOTIATING).screen(120, 20));
}

#[test]
fn the_outline_can_be_asked_for() {
    let mut call = Call::along(agent(), &NEGOTIATING);
    call.state.toggle_outline();
    insta::assert_snapshot!(call.screen(80, 24));
}

#[test]
fn a_click_on_a_node_or_a_chip_brings_it_into_focus() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    let (screen, hits) = call.draw(60, 20);
    let (y, line) = screen
        .lines()
        .enumerate()
        .find(|(_, l)| l.contains("[cards]"))
        .expect("drawn");
    let x = line.chars().position(|c| c == '[').expect("drawn");
    let at = |x: usize| {
        hits.at(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
            .cloned()
    };
    let Some(Command::SelectRow(_, node)) = at(x + 2) else {
        panic!("no node there: {:?}", at(x + 2));
    };
    call.state.pick(node);
    assert_eq!(call.state.picked(), Some(&NodeId::from("cards")));
    assert!(
        call.screen(60, 20)
            .contains("cards  1→statement · 2→rates · 3→card-total · 9↩main")
    );
    assert!(at(0).is_none());
}

#[test]
fn arrows_go_from_node_to_node_and_the_call_moving_on_takes_the_focus_back() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    call.screen(60, 20);
    for (nav, want) in [
        (Nav::Left, "main"),
        (Nav::Left, "verify"),
        (Nav::Right, "main"),
        (Nav::Right, "deposits"),
        (Nav::Down, "balances"),
        (Nav::Down, "available"),
        (Nav::Up, "balances"),
    ] {
        call.state.navigate(nav);
        assert_eq!(call.state.picked(), Some(&NodeId::from(want)), "{nav:?}");
        call.screen(60, 20);
    }
    call.current = NodeId::from("total");
    call.screen(60, 20);
    assert_eq!(call.state.picked(), None);
}

#[test]
fn paging_moves_a_window_over_the_whole_drawing_and_centre_brings_it_back() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    let before = call.screen(46, 12);
    assert!(before.contains("more"));
    call.state.navigate(Nav::Bottom);
    let end = call.screen(46, 12);
    assert!(end.contains("[goodbye]") || end.contains("switch"), "{end}");
    assert!(!end.contains("more"), "{end}");
    call.state.navigate(Nav::Top);
    assert!(call.screen(46, 12).starts_with("(id)"));
    call.state.pan(3, 0);
    assert!(call.screen(46, 12).starts_with(')'), "{}", call.screen(46, 12));
    call.state.centre();
    assert_eq!(call.screen(46, 12), before);
}

#[test]
fn drawing_twice_draws_the_same() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    call.state.pan(5, 3);
    let first = call.screen(46, 12);
    assert_eq!(call.screen(46, 12), first);
}

#[test]
fn a_graph_without_nodes_and_a_node_without_a_graph_are_said() {
    let mut call = Call::along(bank(), &IN_DEPOSITS);
    call.current = NodeId::from("nowhere");
    assert!(call.screen(60, 20).starts_with("(id)"));
    assert_eq!(call.screen(19, 1), "not in the graph\n");
    call.graph = Arc::new(FlowGraph::default());
    assert_eq!(call.screen(60, 1), "this line has no states to show\n");
}

/// The shipped bank, keyed through to a menu.
fn at_the_bank(keys: &str) -> Call {
    let line = catalog::shipped("bank").expect("it ships").expect("it is sound");
    let start: jiff::Zoned = "2025-10-10T10:00:00[America/Chicago]".parse().expect("a time");
    let mut driver: Driver<LineParty> = Driver::new(Arc::new(line), start);
    driver.handle(Signal::Start);
    for key in keys.chars().filter_map(Key::from_char) {
        driver.handle(Signal::key(key));
    }
    let session = driver.session();
    Call {
        graph: Arc::new(session.graph()),
        visits: session.visits().clone(),
        current: session.party().node(),
        state: State::default(),
    }
}

#[test]
fn the_shipped_bank_is_whole_on_a_full_screen_and_folds_around_the_call_in_a_pane() {
    let mut call = at_the_bank("10000001 0000 1 1");
    let full = call.screen(118, 33);
    assert!(!full.contains(" more"), "{full}");
    for screen in [
        full,
        call.screen(60, 20),
        call.screen(46, 20),
        call.screen(38, 14),
    ] {
        assert!(
            screen.contains("▐deposits▌"),
            "the node the call stands at\n{screen}"
        );
        assert!(screen.contains("(main menu)"), "the way it came\n{screen}");
        assert!(
            screen.contains("1▸(balances)") && screen.contains("2▸[available"),
            "its options\n{screen}"
        );
        assert!(
            screen.contains('┡') && screen.contains('├'),
            "walked and other edges\n{screen}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_drawn_or_clicked_outside_the_area(
        edges in prop::collection::vec((0_usize..60, 0_usize..60, 0_usize..4, 0_usize..5), 0..120),
        area in (0_u16..12, 0_u16..6, 0_u16..130, 0_u16..45),
        current in 0_usize..60,
        moves in prop::collection::vec(0_usize..10, 0..6),
    ) {
        let names = ["n", "menu", "a rather long name for a node", "取引明細の照会", "é\u{301}x"];
        let labels = ["", "1", "no-input after three tries", "残高"];
        let mut graph = FlowGraph { start: NodeId::from("0"), ..FlowGraph::default() };
        for i in 0..60 {
            graph.nodes.push(GraphNode {
                id: NodeId::from(i.to_string()),
                label: format!("{}{i}", names[i % names.len()]),
                kind: NodeKind::State,
                group: SmolStr::default(),
            });
        }
        let kinds = [EdgeKind::Choice, EdgeKind::Auto, EdgeKind::Exception, EdgeKind::Return];
        for (from, to, label, kind) in edges {
            graph.edges.push(GraphEdge {
                from: NodeId::from(from.to_string()),
                to: NodeId::from(to.to_string()),
                label: labels[label].into(),
                kind: kinds[kind % 4],
            });
        }
        let mut call = Call {
            graph: Arc::new(graph),
            visits: Visits::default(),
            current: NodeId::from(current.to_string()),
            state: State::default(),
        };
        let area = Rect::new(area.0, area.1, area.2, area.3);
        let whole = Rect::new(0, 0, 150, 55);
        for step in std::iter::once(10).chain(moves) {
            match step {
                0 => call.state.navigate(Nav::Up),
                1 => call.state.navigate(Nav::Down),
                2 => call.state.navigate(Nav::Left),
                3 => call.state.navigate(Nav::Right),
                4 => call.state.navigate(Nav::PageDown),
                5 => call.state.navigate(Nav::Bottom),
                6 => call.state.pan(-7, 3),
                7 => call.state.toggle_outline(),
                8 => call.state.toggle_fold(),
                9 => call.state.centre(),
                _ => {}
            }
            let mut buf = Buffer::filled(whole, ratatui::buffer::Cell::new("~"));
            let hits = call.draw_in(&mut buf, area);
            for position in whole.positions() {
                if !area.contains(position) {
                    prop_assert_eq!(buf[position].symbol(), "~");
                    prop_assert!(hits.at(position.x, position.y).is_none());
                }
            }
        }
    }
}
