//! Enqueuing and listing.

use super::{fixture, morning, request, ts};
use ivr_tui::outbound::store::{COUNT_LIMIT, JobQuery, NotEnqueued, Order};
use ivr_tui::outbound::{EnqueueRequest, Fence, Job, JobState, PartyProfile, PresetParty};
use jiff::ToSpan as _;
use serde_json::{Value, json};

#[test]
fn a_job_has_exactly_the_keys_of_the_contract() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    assert!(id.as_str().starts_with("job_"));
    assert_eq!(
        serde_json::to_value(f.get(&id)).unwrap(),
        json!({
            "job_id": id.as_str(), "idempotency_key": "spring/acct_1/now", "trigger_source": "manual",
            "campaign_id": "spring", "priority": 100, "created_at_utc": "2026-02-24T16:00:00Z",
            "scheduled_for_utc": null, "state": "queued",
            "payload": {
                "account_ref": "acct_1",
                "party_profile": {"target_name": "Alex Morgan", "callback_number": "+1 (555) 010-2000"},
                "account_context_ref": "CASE_DEMO_001", "language": "en-US",
                "suppression_flags": {"dnc": false, "cease_contact": false, "legal_hold": false}
            },
            "policy": {"timezone": "America/Chicago", "allowed_local_time_ranges": ["08:00-20:00"],
                       "daily_attempt_cap": 100, "min_gap_minutes": 0},
            "retry_policy": {"max_attempts": 3, "base_delay_seconds": 120, "max_delay_seconds": 3600},
            "lease_owner": null, "lease_expires_at_utc": null, "next_attempt_at_utc": null, "attempts": [],
            "failure_reason": null
        })
    );
}

#[test]
fn a_job_reads_back_from_its_json() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    let job = f
        .store
        .fail(&id, call.fence, "no_route", Some(&call.call_id), morning())
        .unwrap();
    let read: Job = serde_json::from_value(serde_json::to_value(&job).unwrap()).unwrap();
    // The fencing number is the store's own and not part of the shape.
    assert_eq!(
        read,
        Job {
            fence: Fence(0),
            ..job
        }
    );
}

#[test]
fn a_request_with_the_required_fields_takes_the_defaults_of_the_contract() {
    let least = json!({"campaign_id": "c", "account_ref": "a", "party_profile": {"target_name": "T"},
                       "account_context_ref": "ctx"});
    let request: EnqueueRequest = serde_json::from_value(least).unwrap();
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        json!({
            "trigger_source": "manual", "campaign_id": "c", "account_ref": "a", "party_profile": {"target_name": "T"},
            "account_context_ref": "ctx", "language": "en-US", "dnc": false, "cease_contact": false,
            "legal_hold": false, "timezone": "America/Chicago", "allowed_local_time_ranges": ["08:00-20:00"],
            "daily_attempt_cap": 2, "min_gap_minutes": 60, "scheduled_for_utc": null, "priority": 100,
            "max_attempts": 3, "base_delay_seconds": 120, "max_delay_seconds": 3600
        })
    );
}

#[test]
fn a_field_that_cannot_be_taken_is_named_with_what_would_be_right() {
    let cases: [(&str, Value, &str); 15] = [
        ("campaign_id", json!(" "), "campaign_id: a name is needed"),
        (
            "account_ref",
            json!("a\u{0}b"),
            "account_ref: control characters cannot be part of a name",
        ),
        (
            "account_ref",
            json!("x".repeat(201)),
            "account_ref: at most 200 characters",
        ),
        (
            "account_context_ref",
            json!(""),
            "account_context_ref: a name is needed",
        ),
        (
            "party_profile",
            json!({}),
            "party_profile.target_name: a full name is needed",
        ),
        (
            "party_profile",
            json!({"target_name": "T", "callback_number": 5}),
            "party_profile.callback_number: a text is needed",
        ),
        (
            "timezone",
            json!("Mars/Olympus"),
            "timezone: `Mars/Olympus` is no time zone; give an IANA name such as America/Chicago",
        ),
        (
            "allowed_local_time_ranges",
            json!(["08:00-20:00", "8-20"]),
            "allowed_local_time_ranges[1]: `8-20`: hours are written HH:MM-HH:MM, such as 08:00-20:00",
        ),
        (
            "allowed_local_time_ranges",
            json!(["20:00-08:00"]),
            "allowed_local_time_ranges[0]: `20:00-08:00`: the end must be after the start; write two ranges for one \
             that passes midnight",
        ),
        (
            "scheduled_for_utc",
            json!("tomorrow"),
            "scheduled_for_utc: `tomorrow` is no time; write RFC 3339 with an offset, such as 2026-02-27T15:00:00Z",
        ),
        (
            "scheduled_for_utc",
            json!("2026-02-27T15:00:00"),
            "scheduled_for_utc: `2026-02-27T15:00:00` is no time; write RFC 3339 with an offset, such as \
             2026-02-27T15:00:00Z",
        ),
        (
            "daily_attempt_cap",
            json!(0),
            "daily_attempt_cap: 0 is out of range; 1 to 1000 are possible",
        ),
        (
            "min_gap_minutes",
            json!(-1),
            "min_gap_minutes: -1 is out of range; 0 to 43200 are possible",
        ),
        (
            "max_attempts",
            json!(0),
            "max_attempts: 0 is out of range; 1 to 100 are possible",
        ),
        (
            "base_delay_seconds",
            json!(i64::MAX),
            "base_delay_seconds: 9223372036854775807 is out of range; 0 to 604800 are possible",
        ),
    ];
    let mut f = fixture();
    for (field, value, message) in cases {
        let mut changed = serde_json::to_value(request("acct_1")).unwrap();
        changed[field] = value;
        let changed: EnqueueRequest = serde_json::from_value(changed).unwrap();
        let said = f.store.enqueue(&changed, morning()).map_err(|e| e.to_string());
        assert_eq!(said, Err(message.to_owned()));
    }
    assert_eq!(f.store.counts().unwrap().total(), 0);
}

#[test]
fn the_same_campaign_account_and_instant_is_the_same_job_however_the_instant_is_written() {
    let mut f = fixture();
    let at = |text: &str| EnqueueRequest {
        scheduled_for_utc: Some(text.to_owned()),
        ..request("acct_1")
    };
    let first = f.add(&at("2026-02-27T15:00:00Z"));
    for same in [
        "2026-02-27T15:00:00+00:00",
        "2026-02-27T09:00:00-06:00",
        "2026-02-27T15:00:00.0000001Z",
    ] {
        let again = f.store.enqueue(&at(same), morning()).unwrap();
        assert_eq!((again.created, again.job.job_id), (false, first.clone()));
    }
    f.store.cancel(&first, "test", morning()).unwrap();
    assert!(
        !f.store
            .enqueue(&at("2026-02-27T15:00:00Z"), morning())
            .unwrap()
            .created
    );
    assert!(
        f.store
            .enqueue(&at("2026-02-27T15:00:01Z"), morning())
            .unwrap()
            .created
    );
}

#[test]
fn without_a_time_an_enqueue_repeats_only_an_unfinished_job() {
    let mut f = fixture();
    let first = f.add(&request("acct_1"));
    let again = f.store.enqueue(&request("acct_1"), morning()).unwrap();
    assert_eq!((again.created, again.job.job_id), (false, first.clone()));

    let call = f.open(&first, morning());
    assert!(!f.store.enqueue(&request("acct_1"), morning()).unwrap().created);
    f.store
        .finish_call(&first, call.fence, "ptp_set", &call.call_id, morning())
        .unwrap();
    assert!(f.store.enqueue(&request("acct_1"), morning()).unwrap().created);
}

#[test]
fn names_that_contain_separators_stay_apart() {
    let mut f = fixture();
    let named = |campaign: &str, account: &str| EnqueueRequest {
        campaign_id: campaign.to_owned(),
        ..request(account)
    };
    let (a, b) = (f.add(&named("a/b", "c")), f.add(&named("a", "b/c")));
    let key = |id| f.get(id).idempotency_key;
    assert_eq!(
        (key(&a), key(&b)),
        ("a%2Fb/c/now".to_owned(), "a/b%2Fc/now".to_owned())
    );
}

#[test]
fn a_batch_is_added_whole_or_not_at_all() {
    let mut f = fixture();
    let mut batch = vec![request("a"), request("b"), request("a")];
    let added = f.store.enqueue_all(&batch, morning()).unwrap();
    assert_eq!(
        added.iter().map(|e| e.created).collect::<Vec<_>>(),
        [true, true, false]
    );

    batch = vec![
        request("c"),
        EnqueueRequest {
            priority: -1,
            ..request("d")
        },
    ];
    let said = f.store.enqueue_all(&batch, morning()).map_err(|e| e.to_string());
    assert_eq!(
        said,
        Err("[1].priority: -1 is out of range; 0 to 1000000 are possible".to_owned())
    );
    assert_eq!(f.store.counts().unwrap().total(), 2);
}

#[test]
fn a_demo_customer_becomes_a_job_in_his_own_zone() {
    let preset = PresetParty {
        target_name: "Sam Rivera",
        phone: "+1 (555) 010-4000",
        account_ref: "acct_miami",
        case_id: "CASE_DEMO_003",
        timezone: "America/New_York",
        language: "en-US",
    };
    let mut f = fixture();
    let id = f.add(&EnqueueRequest::from_preset("demo", &preset));
    let job = f.get(&id);
    assert_eq!(
        job.payload.party_profile,
        PartyProfile::new("Sam Rivera", "+1 (555) 010-4000")
    );
    assert_eq!(
        (
            job.policy.timezone.as_str(),
            job.payload.account_context_ref.as_str()
        ),
        ("America/New_York", "CASE_DEMO_003")
    );
}

/// Five jobs in two campaigns, one of them canceled and one scheduled.
fn listed() -> super::Fixture {
    let mut f = fixture();
    let job = |account: &str, campaign: &str, name: &str, priority: i64| EnqueueRequest {
        campaign_id: campaign.to_owned(),
        party_profile: PartyProfile::new(name, "+1 (555) 010-2000"),
        priority,
        ..request(account)
    };
    f.add(&job("acct_c", "spring", "Alex Morgan", 100));
    f.add(&job("acct_b", "spring", "Jamie Lee", 10));
    f.add(&job("acct_a", "autumn", "Sam Rivera", 100));
    let canceled = f.add(&job("acct_e", "autumn", "Ana Núñez", 10));
    f.store.cancel(&canceled, "test", morning()).unwrap();
    f.add(&EnqueueRequest {
        scheduled_for_utc: Some("2026-02-23T00:00:00Z".to_owned()),
        ..job("acct_d", "spring", "Kim %_ Ott", 1)
    });
    f
}

fn accounts(f: &super::Fixture, query: &JobQuery) -> Vec<String> {
    let jobs = f.store.list(query).unwrap();
    assert_eq!(
        f.store.count(query).unwrap(),
        f.store
            .list(&JobQuery {
                limit: 1000,
                offset: 0,
                ..query.clone()
            })
            .unwrap()
            .len() as u64
    );
    jobs.into_iter()
        .map(|j| j.payload.account_ref.as_str().replace("acct_", ""))
        .collect()
}

#[test]
fn a_list_is_by_priority_then_age_and_in_the_other_orders() {
    let f = listed();
    let by = |order| {
        accounts(
            &f,
            &JobQuery {
                order,
                ..JobQuery::default()
            },
        )
        .join("")
    };
    assert_eq!(Order::ALL.map(by), ["dbeca", "deabc", "abcde", "dcbae", "edbca"]);
}

#[test]
fn a_list_is_filtered_by_state_campaign_and_text() {
    let f = listed();
    let all = JobQuery::default();
    let find = |query: JobQuery| accounts(&f, &query).join("");
    assert_eq!(
        find(JobQuery {
            state: Some(JobState::Canceled),
            ..all.clone()
        }),
        "e"
    );
    assert_eq!(
        find(JobQuery {
            campaign: Some("autumn".into()),
            ..all.clone()
        }),
        "ea"
    );
    let text = |text: &str| {
        find(JobQuery {
            text: text.to_owned(),
            ..all.clone()
        })
    };
    assert_eq!(text("acct"), "dbeca");
    assert_eq!(text(" JAMIE "), "b");
    assert_eq!(text("núñ"), "e");
    assert_eq!(text("%_"), "d");
    assert_eq!(text("' OR 1=1"), "");
    assert_eq!(text("\"acct\" OR \"x"), "");
    let both = JobQuery {
        state: Some(JobState::Queued),
        text: "spring".to_owned(),
        ..all
    };
    assert_eq!(find(both), "dbc");
}

#[test]
fn pages_of_a_list_join_without_gap_or_overlap() {
    let f = listed();
    let page = |offset| JobQuery {
        limit: 2,
        offset,
        ..JobQuery::default()
    };
    let pages: Vec<String> = [0, 2, 4, 6, u64::MAX]
        .map(|o| accounts(&f, &page(o)).join(""))
        .to_vec();
    assert_eq!(pages, ["db", "ec", "a", "", ""]);
}

#[test]
fn a_text_is_found_wherever_it_is_among_many_jobs() {
    let mut f = fixture();
    let requests: Vec<EnqueueRequest> = (0..2_500).map(|n| request(&format!("acct_{n:04}"))).collect();
    f.store.enqueue_all(&requests, morning()).unwrap();
    let found = |text: &str, limit, offset| {
        let query = JobQuery {
            text: text.to_owned(),
            limit,
            offset,
            ..JobQuery::default()
        };
        let jobs = f.store.list(&query).unwrap();
        let accounts: Vec<String> = jobs.iter().map(|j| j.payload.account_ref.to_string()).collect();
        (accounts.join(" "), f.store.count(&query).unwrap())
    };
    assert_eq!(
        found("acct", 2, 0),
        ("acct_0000 acct_0001".to_owned(), COUNT_LIMIT)
    );
    assert_eq!(
        found("acct", 2, 2_000),
        ("acct_2000 acct_2001".to_owned(), COUNT_LIMIT)
    );
    assert_eq!(found("t_2345", 5, 0), ("acct_2345".to_owned(), 1));
    assert_eq!(found("t_19", 2, 99), ("acct_1999".to_owned(), 100));
    // Its triples are all there, but never in this order.
    assert_eq!(found("acct_acct", 5, 0), (String::new(), 0));
}

#[test]
fn counts_follow_every_change_of_state() {
    let mut f = listed();
    let shown = |f: &super::Fixture| -> Vec<(JobState, u64)> {
        f.store.counts().unwrap().iter().filter(|(_, n)| *n > 0).collect()
    };
    assert_eq!(shown(&f), [(JobState::Queued, 4), (JobState::Canceled, 1)]);
    let id = f.store.list(&JobQuery::default()).unwrap()[0].job_id.clone();
    f.open(&id, morning());
    assert_eq!(
        shown(&f),
        [
            (JobState::Queued, 3),
            (JobState::Running, 1),
            (JobState::Canceled, 1)
        ]
    );
}

#[test]
fn a_stamp_changes_when_this_or_another_process_writes_and_only_then() {
    let mut f = fixture();
    let mut other = f.again();
    let stamp = |f: &super::Fixture| f.store.change_stamp().unwrap();
    let first = stamp(&f);
    f.store.counts().unwrap();
    assert_eq!(stamp(&f), first);
    other.enqueue(&request("acct_1"), morning()).unwrap();
    let second = stamp(&f);
    assert_ne!(second, first);
    f.add(&request("acct_2"));
    assert_ne!(stamp(&f), second);
}

#[test]
fn jobs_survive_a_restart() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    let before = f.get(&id);
    f.store = f.again();
    assert_eq!(f.get(&id), before);
    let job = f
        .store
        .finish_call(&id, call.fence, "ptp_set", &call.call_id, morning() + 1.minute());
    assert_eq!(job.unwrap().state, JobState::Succeeded);
}

#[test]
fn a_scheduled_job_is_leased_when_its_time_comes_and_not_before() {
    let mut f = fixture();
    let id = f.add(&EnqueueRequest {
        scheduled_for_utc: Some("2026-02-24T12:00:00-06:00".to_owned()),
        ..request("acct_1")
    });
    let mut lease = |at: &str| {
        let leased = f.store.lease(&super::worker(), super::LEASE, ts(at)).unwrap();
        leased.map(|l| l.job.job_id)
    };
    assert_eq!(lease("2026-02-24T11:59:59.999-06:00"), None);
    assert_eq!(lease("2026-02-24T12:00:00-06:00"), Some(id));
}

#[test]
fn an_invalid_request_and_a_store_in_trouble_are_told_apart() {
    let mut f = fixture();
    f.sql("DROP TABLE state_counts").unwrap();
    let bad = f.store.enqueue(
        &EnqueueRequest {
            priority: -1,
            ..request("a")
        },
        morning(),
    );
    assert!(matches!(bad, Err(NotEnqueued::Invalid(_))), "{bad:?}");
    let broken = f.store.enqueue(&request("a"), morning());
    assert!(matches!(broken, Err(NotEnqueued::Store(_))), "{broken:?}");
}
