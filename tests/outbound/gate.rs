//! The gate, row by row, and against a naive walk over the minutes.

use super::{fixture, morning, request, ts};
use ivr_tui::outbound::gate::{RULES, Suppressions, decide};
use ivr_tui::outbound::outcome::Suppression;
use ivr_tui::outbound::{DecisionCode, EnqueueRequest, Job, JobState, PartyProfile};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

fn job(request: &EnqueueRequest) -> Job {
    request.to_job(morning()).unwrap()
}

/// What the gate says about a job that would be allowed but for `change`.
fn decided(
    change: impl FnOnce(&mut Job),
    known: Suppressions,
    counted: &[Timestamp],
    now: Timestamp,
) -> String {
    let mut job = job(&request("acct_1"));
    change(&mut job);
    let d = decide(&job, known, counted, now);
    let next = d
        .next_lawful
        .map(|t| t.to_zoned(TimeZone::get("America/Chicago").unwrap()));
    let next = next.map_or_else(String::new, |t| t.strftime(" until %Y-%m-%d %H:%M").to_string());
    let retry = if d.retryable { "retryable" } else { "final" };
    format!("{} {} {retry}{next}", d.decision_code, d.rule_id)
}

#[test]
fn a_job_with_nothing_against_it_is_allowed() {
    let none = Suppressions::default();
    assert_eq!(decided(|_| (), none, &[], morning()), "allowed  final");
}

#[test]
fn each_rule_blocks_what_it_is_there_for() {
    let none = Suppressions::default();
    let now = morning();
    let all = [
        decided(|j| j.payload.suppression_flags.dnc = true, none, &[], now),
        decided(
            |j| j.payload.suppression_flags.cease_contact = true,
            none,
            &[],
            now,
        ),
        decided(|j| j.payload.suppression_flags.legal_hold = true, none, &[], now),
        decided(
            |_| (),
            Suppressions {
                wrong_number: true,
                ..none
            },
            &[],
            now,
        ),
        decided(
            |_| (),
            Suppressions {
                disputed: true,
                ..none
            },
            &[],
            now,
        ),
        decided(
            |j| j.payload.party_profile = PartyProfile::default(),
            none,
            &[],
            now,
        ),
        decided(|j| j.policy.timezone = "Mars/Olympus".to_owned(), none, &[], now),
        decided(
            |j| j.policy.allowed_local_time_ranges = vec!["any".to_owned()],
            none,
            &[],
            now,
        ),
        decided(
            |j| j.policy.allowed_local_time_ranges = vec!["14:00-15:00".to_owned()],
            none,
            &[],
            now,
        ),
        decided(
            |j| j.policy.daily_attempt_cap = 2,
            none,
            &[now - 3.hours(), now - 2.hours()],
            now,
        ),
        decided(
            |j| j.policy.min_gap_minutes = 60,
            none,
            &[now - 59.minutes()],
            now,
        ),
    ];
    assert_eq!(
        all,
        [
            "blocked_suppression_dnc suppression.dnc final",
            "blocked_suppression_cease_contact suppression.cease_contact final",
            "blocked_suppression_legal_hold suppression.legal_hold final",
            "blocked_suppression_wrong_number suppression.wrong_number final",
            "blocked_suppression_disputed suppression.disputed final",
            "blocked_invalid_phone input.phone final",
            "blocked_invalid_timezone input.timezone final",
            "blocked_invalid_call_window input.call_window final",
            "blocked_policy_outside_call_window policy.call_window retryable until 2026-02-24 14:00",
            "blocked_policy_daily_attempt_cap policy.daily_attempt_cap retryable until 2026-02-25 08:00",
            "blocked_policy_min_gap policy.min_gap retryable until 2026-02-24 10:01",
        ]
    );
    let ids: Vec<&str> = all.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(
        ids,
        RULES.iter().map(|r| r.id).collect::<Vec<_>>(),
        "a line for every row, in the table's order"
    );
}

#[test]
fn the_first_rule_that_blocks_decides() {
    let everything = |j: &mut Job| {
        j.payload.suppression_flags.legal_hold = true;
        j.policy.timezone = "Mars/Olympus".to_owned();
        j.payload.party_profile = PartyProfile::default();
    };
    let known = Suppressions {
        disputed: true,
        ..Suppressions::default()
    };
    let said = decided(everything, known, &[], ts("2026-02-24T03:00:00-06:00"));
    assert_eq!(
        said,
        "blocked_suppression_legal_hold suppression.legal_hold final"
    );
}

#[test]
fn a_zone_that_stands_for_no_zone_is_unknown() {
    for name in ["", "Etc/Unknown", "CST6CDT-nonsense", "America"] {
        let said = decided(
            |j| j.policy.timezone = name.to_owned(),
            Suppressions::default(),
            &[],
            morning(),
        );
        assert_eq!(said, "blocked_invalid_timezone input.timezone final", "{name}");
    }
}

#[test]
fn nine_in_the_evening_is_out_and_no_hours_at_all_means_the_lawful_ones() {
    let at = |time: &str, hours: &[&str]| {
        let now = ts(&format!("2026-02-24T{time}-06:00"));
        let hours: Vec<String> = hours.iter().map(|h| (*h).to_owned()).collect();
        decided(
            |j| j.policy.allowed_local_time_ranges = hours,
            Suppressions::default(),
            &[],
            now,
        )
    };
    let closed = "blocked_policy_outside_call_window policy.call_window retryable until 2026-02-25 08:00";
    assert_eq!(at("20:59:59.999", &[]), "allowed  final");
    assert_eq!(at("21:00:00", &[]), closed);
    assert_eq!(at("21:00:00", &["00:00-24:00"]), closed);
    assert_eq!(
        at("07:59:59.999", &["00:00-24:00"]),
        closed.replace("02-25", "02-24")
    );
}

#[test]
fn hours_that_are_never_lawful_are_looked_at_again_a_day_later() {
    let mut f = fixture();
    let id = f.add(&EnqueueRequest {
        allowed_local_time_ranges: vec!["05:00-07:00".to_owned()],
        ..request("acct_1")
    });
    let (job, decision) = f.blocked(&id, morning());
    assert_eq!(
        (decision.decision_code, decision.next_lawful),
        (DecisionCode::OutsideCallWindow, None)
    );
    assert_eq!(
        (job.state, job.next_attempt_at_utc),
        (JobState::WaitingRetry, Some(morning() + 24.hours()))
    );
}

#[test]
fn a_block_that_time_lifts_defers_the_job_to_the_first_lawful_instant() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let night = ts("2026-02-24T22:30:00-06:00");
    let (job, decision) = f.blocked(&id, night);
    let opens = ts("2026-02-25T08:00:00-06:00");
    assert_eq!(decision.next_lawful, Some(opens));
    assert_eq!(
        (
            job.state,
            job.next_attempt_at_utc,
            job.failure_reason.as_deref(),
            job.attempts.len()
        ),
        (
            JobState::WaitingRetry,
            Some(opens),
            Some("blocked_policy_outside_call_window"),
            0
        )
    );
    assert_eq!(
        f.ledger("acct_1"),
        [("blocked_policy_outside_call_window".to_owned(), false)]
    );
    let leased = f.store.lease(&super::worker(), super::LEASE, opens).unwrap();
    assert_eq!(leased.map(|l| l.job.job_id), Some(id));
}

#[test]
fn a_block_that_time_does_not_lift_cancels_the_job() {
    let mut f = fixture();
    let id = f.add(&EnqueueRequest {
        dnc: true,
        ..request("acct_1")
    });
    let next = f.add(&request("acct_2"));
    // The lease passes over the blocked job to the next one.
    let leased = f.store.lease(&super::worker(), super::LEASE, morning()).unwrap();
    assert_eq!(leased.map(|l| l.job.job_id), Some(next));
    let job = f.get(&id);
    assert_eq!(
        (job.state, job.failure_reason.as_deref()),
        (JobState::Canceled, Some("blocked_suppression_dnc"))
    );
    assert_eq!(
        f.ledger("acct_1"),
        [("blocked_suppression_dnc".to_owned(), false)]
    );
}

#[test]
fn a_suppression_counts_from_when_it_is_known_not_from_the_jobs_copy() {
    let mut f = fixture();
    let (a, b) = (f.add(&request("acct_1")), f.add(&request("acct_2")));
    let canceled = f
        .store
        .suppress(
            &"acct_1".into(),
            Suppression::Dnc,
            "letter",
            "operator",
            morning(),
        )
        .unwrap();
    assert_eq!(
        (canceled, f.get(&a).state, f.get(&b).state),
        (1, JobState::Canceled, JobState::Queued)
    );

    let again = f.add(&request("acct_1"));
    let (job, decision) = f.blocked(&again, morning());
    assert_eq!(
        (job.state, decision.decision_code),
        (JobState::Canceled, DecisionCode::SuppressionDnc)
    );

    assert!(
        f.store
            .lift_suppression(&"acct_1".into(), Suppression::Dnc)
            .unwrap()
    );
    let free = f.add(&request("acct_1"));
    f.open(&free, morning());
}

#[test]
fn an_attempt_on_one_job_holds_back_the_accounts_other_jobs() {
    let mut f = fixture();
    let of = |campaign: &str| EnqueueRequest {
        campaign_id: campaign.to_owned(),
        min_gap_minutes: 60,
        ..request("acct_1")
    };
    let (a, b) = (f.add(&of("a")), f.add(&of("b")));
    let call = f.open(&a, morning());
    let (_, during) = f.blocked(&b, morning() + 1.minute());
    f.store
        .finish_call(&a, call.fence, "ptp_set", &call.call_id, morning() + 5.minutes())
        .unwrap();
    let (_, afterwards) = f.blocked(&b, morning() + 59.minutes());
    let free = Some(morning() + 60.minutes());
    assert_eq!((during.next_lawful, afterwards.next_lawful), (free, free));
    f.open(&b, morning() + 60.minutes());
}

#[test]
fn the_ledger_holds_no_name_and_no_number_and_cannot_be_changed() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    f.open(&id, morning());
    let lines = serde_json::to_string(&f.store.attempt_events(200).unwrap()).unwrap();
    for secret in ["Alex", "Morgan", "555", "2000"] {
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
    for statement in [
        "UPDATE attempt_events SET counts = 0",
        "DELETE FROM attempt_events",
    ] {
        let refused = f.sql(statement).map_err(|e| e.to_string());
        assert_eq!(refused, Err("the ledger is append-only".to_owned()));
    }
}

#[test]
fn a_preview_changes_and_records_nothing() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let before = (f.get(&id), f.store.change_stamp().unwrap());
    let night = f.store.preview(&id, ts("2026-02-24T22:30:00-06:00")).unwrap();
    assert_eq!(night.decision_code, DecisionCode::OutsideCallWindow);
    assert!(f.store.preview(&id, morning()).unwrap().allows());
    assert_eq!((f.get(&id), f.store.change_stamp().unwrap()), before);
    assert_eq!(f.ledger("acct_1"), []);
}

/// Whether the policy allows a call, as a person would check it with a calendar.
fn plainly_allowed(job: &Job, hours: &[(u8, u8)], counted: &[Timestamp], at: Timestamp) -> bool {
    let tz = TimeZone::get(&job.policy.timezone).unwrap();
    let local = at.to_zoned(tz.clone());
    let hour = u8::try_from(local.hour()).unwrap();
    let in_window =
        (8..21).contains(&hour) && (hours.is_empty() || hours.iter().any(|(s, e)| (*s..*e).contains(&hour)));
    let today = counted
        .iter()
        .filter(|t| t.to_zoned(tz.clone()).date() == local.date())
        .count();
    let gap = i64::from(job.policy.min_gap_minutes) * 60;
    in_window
        && today < job.policy.daily_attempt_cap as usize
        && counted.iter().all(|t| at.as_second() - t.as_second() >= gap)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn the_next_lawful_instant_is_the_first_minute_that_a_walk_finds(
        zone in prop::sample::select(vec![
            "America/Chicago", "America/New_York", "America/St_Johns", "America/Havana", "Australia/Lord_Howe",
            "Asia/Kathmandu", "America/Scoresbysund", "Africa/Casablanca", "Pacific/Apia",
        ]),
        hours in prop::collection::vec((0_u8..24, 1_u8..=24), 0..3),
        // Around changes of the clocks in spring and autumn, the year's end, and the day that Samoa skipped.
        minute in prop_oneof![
            29_540_000_i64..29_590_000, 29_895_000_i64..29_905_000, 29_980_000_i64..29_985_000,
            22_085_000_i64..22_090_000,
        ],
        ago in prop::collection::vec(-60_i64..3000, 0..6),
        cap in 1_u32..4,
        gap in 0_u32..400,
    ) {
        let hours: Vec<(u8, u8)> = hours.into_iter().filter(|(s, e)| s < e).collect();
        let now = Timestamp::from_second(minute * 60).unwrap();
        let counted: Vec<Timestamp> = ago.iter().map(|m| now - m.minutes()).collect();
        let mut job = job(&request("acct_1"));
        job.policy.timezone = zone.to_owned();
        job.policy.daily_attempt_cap = cap;
        job.policy.min_gap_minutes = gap;
        job.policy.allowed_local_time_ranges = hours.iter().map(|(s, e)| format!("{s:02}:00-{e:02}:00")).collect();

        let decision = decide(&job, Suppressions::default(), &counted, now);
        let allowed = |t: &Timestamp| plainly_allowed(&job, &hours, &counted, *t);
        prop_assert_eq!(decision.allows(), allowed(&now));
        if !decision.allows() {
            let first = (1..4 * 1440).map(|m: i64| now + m.minutes()).find(allowed);
            prop_assert_eq!(decision.next_lawful, first, "{:?}", decision);
        }
    }
}
