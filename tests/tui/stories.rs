//! Scenarios on the screen.

use crate::desk::Desk;
use crate::screens::SCENARIO;
use ivr_tui::call::Party as _;
use ivr_tui::tui::effect::{Effect, Listing, Report, ScenarioRef};

fn desk() -> Desk {
    let mut desk = Desk::bank(120, 36);
    desk.open(SCENARIO);
    desk
}

fn position(desk: &Desk) -> usize {
    desk.model
        .play
        .as_ref()
        .map_or(usize::MAX, |p| p.player.position())
}

#[test]
fn space_steps_b_steps_back_and_time_stands_still_between() {
    let mut desk = desk();
    assert!(desk.screen().contains("next: keys 10000001"), "{}", desk.screen());
    desk.keys("  ").wait(25_000).wait(25_000);
    assert_eq!(
        (position(&desk), desk.model.call.driver.now().since.as_secs()),
        (2, 8)
    );
    let there = desk.model.call.session().snapshot();
    desk.keys(" bb").keys(" ");
    assert_eq!(position(&desk), 2);
    assert_eq!(desk.model.call.session().snapshot(), there);
    assert_eq!(
        desk.model.call.session().forks().len(),
        0,
        "walking over the same ground forks nothing"
    );
}

#[test]
fn playing_goes_on_by_itself_at_its_speed_until_the_verdict() {
    let mut desk = desk();
    desk.keys("p");
    assert!(desk.screen().contains("▶ playing"));
    for _ in 0..4 {
        desk.wait(120);
    }
    assert_eq!(position(&desk), 4);
    desk.keys("p").wait(5000);
    assert_eq!(position(&desk), 4);
    desk.keys("p");
    for _ in 0..4 {
        desk.wait(130);
    }
    let screen = desk.screen();
    assert!(
        screen.contains("everything expected held") && screen.contains("■ ended"),
        "{screen}"
    );
}

#[test]
fn faster_and_slower_change_the_pace() {
    let mut desk = desk();
    let speed = |desk: &Desk| desk.model.play.as_ref().map_or(0, |p| p.speed);
    desk.keys("+");
    assert_eq!(speed(&desk), 50);
    desk.keys("-----------");
    assert_eq!(speed(&desk), 1);
}

#[test]
fn a_key_takes_the_scenario_over_and_a_step_returns_to_it() {
    let mut desk = desk();
    desk.keys("  ");
    let there = desk.model.call.session().snapshot();
    desk.keys("24").wait(500);
    assert_eq!(desk.model.call.session().party().node().as_str(), "cards");
    assert!(desk.model.play.as_ref().is_some_and(|p| p.away.is_some()));
    desk.keys("bbb");
    desk.keys("<alt-5>m");
    assert_eq!(desk.model.call.session().snapshot(), there);
    desk.keys("  ");
    assert_eq!(position(&desk), 4);
    assert!(
        desk.model.play.as_ref().is_some_and(|p| p
            .player
            .marks()
            .iter()
            .all(ivr_tui::line::player::Mark::held))
    );
    assert!(
        !desk.model.call.session().forks().is_empty(),
        "what was done by hand is kept"
    );
}

#[test]
fn restart_run_to_end_and_jump() {
    let mut desk = desk();
    desk.keys(" <alt-5>e");
    assert_eq!(position(&desk), 6);
    desk.keys("r");
    assert_eq!((position(&desk), desk.model.call.session().len()), (0, 1));
    desk.keys("<down><down><enter>");
    assert_eq!(position(&desk), 3);
}

#[test]
fn an_expectation_that_fails_is_told() {
    let mut desk = Desk::bank(120, 36);
    desk.open(&SCENARIO.replace("$4,821.37", "$1.00"));
    desk.keys(":run-to-end<enter>");
    let screen = desk.screen();
    assert!(screen.contains("1 expected thing did not hold"), "{screen}");
    assert!(screen.contains('✗'), "{screen}");
}

#[test]
fn a_scenario_is_chosen_from_a_list_that_narrows() {
    let listing = |name: &str, description: &str, sound| Listing {
        scenario: ScenarioRef::File(format!("scenarios/{name}.json").into()),
        name: name.to_owned(),
        description: description.to_owned(),
        sound,
    };
    let mut desk = Desk::bank(120, 36);
    desk.keys("o");
    assert!(matches!(desk.effects.last(), Some(Effect::ListScenarios)));
    desk.report(Report::Scenarios(vec![
        listing("happy_path", "A promise to pay.", true),
        listing("wrong_party", "Somebody else answers.", true),
        listing("broken", "line 3: unknown field", false),
    ]));
    assert!(
        desk.screen().contains("Somebody else answers."),
        "{}",
        desk.screen()
    );
    desk.keys("wrong<enter>");
    assert!(
        matches!(desk.effects.last(), Some(Effect::LoadScenario(ScenarioRef::File(p))) if p.ends_with("wrong_party.json"))
    );
    desk.report(Report::Scenarios(vec![listing(
        "broken",
        "line 3: unknown field",
        false,
    )]));
    desk.keys("<enter>");
    assert!(
        desk.model.dialog.is_some(),
        "what cannot be read cannot be opened"
    );
}

#[test]
fn a_scenario_put_away_leaves_the_call() {
    let mut desk = desk();
    desk.keys("  <alt-5>c");
    assert!(desk.model.play.is_none());
    desk.keys("k1");
    assert_eq!(desk.model.call.session().party().node().as_str(), "deposits");
}
