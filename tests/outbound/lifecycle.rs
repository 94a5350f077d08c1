//! Leases, fences, failures and what an operator does.

use super::{LEASE, fixture, illegal, morning, request, worker};
use ivr_tui::outbound::store::{Opening, Woken};
use ivr_tui::outbound::{
    Attempt, CallId, EnqueueRequest, Fence, JobState, Opened, StoreError, Transition, WorkerId,
};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

#[test]
fn a_call_goes_from_the_queue_to_its_outcome() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    assert_eq!((call.job.state, call.fence), (JobState::Running, Fence(1)));
    assert_eq!(call.job.lease_owner, Some(worker()));
    assert_eq!(call.heartbeat_every(), SignedDuration::from_secs(30));

    let end = morning() + 3.minutes();
    let job = f
        .store
        .finish_call(&id, call.fence, "ptp_set", &call.call_id, end)
        .unwrap();
    assert_eq!((job.state, job.outcome()), (JobState::Succeeded, Some("ptp_set")));
    assert_eq!(
        (job.lease_owner, job.lease_expires_at_utc, job.failure_reason),
        (None, None, None)
    );
    assert_eq!(
        job.attempts,
        [Attempt {
            attempt_number: 1,
            started_at_utc: morning(),
            ended_at_utc: Some(end),
            outcome_code: Some("ptp_set".to_owned()),
            error_code: None,
            call_id: Some(call.call_id),
        }]
    );
    assert_eq!(
        f.ledger("acct_1"),
        [
            ("allowed".to_owned(), false),
            ("call_initialized".to_owned(), true)
        ]
    );
}

#[test]
fn the_next_lease_goes_by_priority_then_age() {
    let mut f = fixture();
    let with = |account: &str, priority| EnqueueRequest {
        priority,
        ..request(account)
    };
    let ids = [with("a", 100), with("b", 10), with("c", 100), with("d", 10)].map(|r| f.add(&r));
    let mut leased = Vec::new();
    while let Some(next) = f.store.lease(&worker(), LEASE, morning()).unwrap() {
        leased.push(ids.iter().position(|id| *id == next.job.job_id).unwrap());
    }
    assert_eq!(leased, [1, 3, 0, 2]);
}

#[test]
fn two_processes_never_lease_the_same_job() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let mut other = f.again();
    assert!(f.store.lease(&worker(), LEASE, morning()).unwrap().is_some());
    assert_eq!(other.lease(&"w2".into(), LEASE, morning()).unwrap(), None);
    assert_eq!(
        other.open_call(&id, &"w2".into(), morning()),
        illegal(&id, JobState::Leased, Transition::Lease)
    );
}

#[test]
fn a_failed_call_waits_longer_each_time_and_ends_as_a_dead_letter() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let mut now = morning();
    for (n, wait) in [(1_i64, 120), (2, 240)] {
        let call = f.open(&id, now);
        let job = f
            .store
            .fail(&id, call.fence, "no_route", Some(&call.call_id), now)
            .unwrap();
        let due = now + SignedDuration::from_secs(wait);
        assert_eq!(
            (
                job.state,
                job.next_attempt_at_utc,
                job.failure_reason.as_deref(),
                job.fence
            ),
            (JobState::WaitingRetry, Some(due), Some("no_route"), Fence(n))
        );
        assert_eq!(
            f.store.lease(&worker(), LEASE, due - 1.microsecond()).unwrap(),
            None
        );
        now = due;
    }
    let call = f.open(&id, now);
    let job = f.store.fail(&id, call.fence, "no_route", None, now).unwrap();
    assert_eq!((job.state, job.next_attempt_at_utc), (JobState::DeadLetter, None));
    assert_eq!(job.outcome(), Some("no_route"));
}

#[test]
fn a_dead_letter_that_is_requeued_gets_all_its_attempts_again() {
    let mut f = fixture();
    let id = f.add(&EnqueueRequest {
        max_attempts: 1,
        ..request("acct_1")
    });
    for round in 1..=2 {
        let call = f.open(&id, morning());
        let job = f
            .store
            .fail(&id, call.fence, "no_route", None, morning())
            .unwrap();
        assert_eq!((job.state, job.attempts.len()), (JobState::DeadLetter, round));
        let job = f.store.requeue(&id, morning()).unwrap();
        assert_eq!((job.state, job.failure_reason), (JobState::Queued, None));
    }
}

#[test]
fn a_dead_letter_stays_while_another_job_for_the_account_is_unfinished() {
    let mut f = fixture();
    let dead = f.add(&EnqueueRequest {
        max_attempts: 1,
        ..request("acct_1")
    });
    let call = f.open(&dead, morning());
    f.store
        .fail(&dead, call.fence, "no_route", None, morning())
        .unwrap();
    let other = f.add(&request("acct_1"));
    assert_eq!(
        f.store.requeue(&dead, morning()),
        Err(StoreError::Duplicate {
            job_id: dead.clone(),
            other
        })
    );
}

#[test]
fn a_lease_that_runs_out_before_the_call_returns_the_job_at_once() {
    let mut f = fixture();
    // With a gap, so that an attempt that still counted would block the second lease.
    let id = f.add(&EnqueueRequest {
        min_gap_minutes: 60,
        ..request("acct_1")
    });
    let first = f.store.lease(&worker(), LEASE, morning()).unwrap().unwrap();
    let over = morning() + LEASE;
    assert_eq!(
        f.store.lease(&worker(), LEASE, over - 1.microsecond()).unwrap(),
        None
    );
    assert_eq!(
        f.store.start(&id, first.fence, None, over),
        Err(StoreError::LeaseOver { job_id: id.clone() })
    );
    assert_eq!(f.store.wake(over).unwrap(), Woken { due: 0, expired: 1 });
    let job = f.get(&id);
    assert_eq!(
        (job.state, job.failure_reason.as_deref()),
        (JobState::Queued, Some("lease_expired"))
    );
    assert_eq!(job.attempts[0].error_code.as_deref(), Some("lease_expired"));

    let second = f.store.lease(&"w2".into(), LEASE, over).unwrap().unwrap();
    assert_eq!((second.job.job_id, second.fence), (id, Fence(2)));
}

#[test]
fn a_lease_that_runs_out_during_a_call_keeps_the_attempt_and_is_not_redialed_at_once() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    f.open(&id, morning());
    let over = morning() + LEASE;
    assert_eq!(f.store.lease(&worker(), LEASE, over).unwrap(), None);
    let job = f.get(&id);
    assert_eq!(
        (job.state, job.next_attempt_at_utc, job.attempts.len()),
        (JobState::Queued, Some(over + 120.seconds()), 1)
    );
    assert_eq!(
        f.ledger("acct_1"),
        [
            ("allowed", false),
            ("call_initialized", true),
            ("worker_exception:lease_expired", false)
        ]
        .map(|(code, counts)| (code.to_owned(), counts))
    );
    let again = f
        .store
        .lease(&worker(), LEASE, over + 120.seconds())
        .unwrap()
        .unwrap();
    assert_eq!((again.job.job_id, again.fence), (id, Fence(2)));
}

#[test]
fn a_lease_that_runs_out_on_the_last_attempt_leaves_a_dead_letter() {
    let mut f = fixture();
    let id = f.add(&EnqueueRequest {
        max_attempts: 1,
        ..request("acct_1")
    });
    f.open(&id, morning());
    f.store.wake(morning() + LEASE).unwrap();
    let job = f.get(&id);
    assert_eq!(
        (job.state, job.failure_reason.as_deref()),
        (JobState::DeadLetter, Some("lease_expired"))
    );
}

#[test]
fn a_heartbeat_keeps_the_lease() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    let mut now = morning();
    for _ in 0..10 {
        now += call.heartbeat_every();
        assert_eq!(f.store.keep_call(&call, now), Ok(now + LEASE));
    }
    assert_eq!(f.store.wake(now).unwrap(), Woken::default());
    assert_eq!(f.get(&id).state, JobState::Running);
}

#[test]
fn a_worker_that_lost_its_lease_changes_nothing_whatever_it_does() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let lost = f.store.lease(&worker(), LEASE, morning()).unwrap().unwrap().fence;
    let now = morning() + LEASE;
    let held = f.store.lease(&"w2".into(), LEASE, now).unwrap().unwrap().fence;
    let before = f.get(&id);
    let call = CallId::new(now);
    let stale = Some(StoreError::StaleFence {
        job_id: id.clone(),
        given: lost,
        current: held,
    });
    let s = &mut f.store;
    let refused = [
        s.start(&id, lost, None, now).err(),
        s.succeed(&id, lost, "ptp_set", None, now).err(),
        s.fail(&id, lost, "no_route", None, now).err(),
        s.defer(&id, lost, now, "later", now).err(),
        s.release(&id, lost, now).err(),
        s.heartbeat(&id, lost, LEASE, now).err(),
        s.finish_call(&id, lost, "cease_contact", &call, now).err(),
        s.abandon_call(&id, lost, now).err(),
    ];
    assert!(refused.iter().all(|e| *e == stale), "{refused:?}");
    assert_eq!(f.get(&id), before);
}

#[test]
fn what_a_state_forbids_is_refused_by_name() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let s = &mut f.store;
    assert_eq!(
        s.retry_now(&id, morning()),
        illegal(&id, JobState::Queued, Transition::Due)
    );
    assert_eq!(
        s.requeue(&id, morning()),
        illegal(&id, JobState::Queued, Transition::Requeue)
    );
    let fence = s.lease(&worker(), LEASE, morning()).unwrap().unwrap().fence;
    let done = s.succeed(&id, fence, "ptp_set", None, morning());
    assert_eq!(done, illegal(&id, JobState::Leased, Transition::Succeed));
    s.start(&id, fence, None, morning()).unwrap();
    assert_eq!(
        s.start(&id, fence, None, morning()),
        illegal(&id, JobState::Running, Transition::Start)
    );
    assert_eq!(
        s.defer(&id, fence, morning(), "later", morning()),
        illegal(&id, JobState::Running, Transition::Defer)
    );
    s.succeed(&id, fence, "ptp_set", None, morning()).unwrap();
    let twice = s.succeed(&id, fence, "ptp_set", None, morning());
    assert_eq!(
        twice.map_err(|e| e.to_string()),
        Err(format!(
            "{id}: a job that is succeeded cannot be marked as succeeded"
        ))
    );
    assert_eq!(
        s.cancel(&id, "test", morning()),
        illegal(&id, JobState::Succeeded, Transition::Cancel)
    );
    assert_eq!(
        s.open_call(&id, &worker(), morning()),
        illegal::<Opened>(&id, JobState::Succeeded, Transition::Lease)
    );
}

#[test]
fn a_job_that_does_not_exist_is_said_so() {
    let mut f = fixture();
    let said = f
        .store
        .cancel(&"job_0".into(), "test", morning())
        .map_err(|e| e.to_string());
    assert_eq!(said, Err("there is no job job_0".to_owned()));
}

#[test]
fn a_job_canceled_during_its_call_is_over_for_its_worker() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    let job = f.store.cancel(&id, "operator", morning() + 1.minute()).unwrap();
    assert_eq!(
        (job.state, job.lease_owner, job.failure_reason.as_deref()),
        (JobState::Canceled, None, Some("operator"))
    );
    assert_eq!(job.attempts[0].error_code.as_deref(), Some("canceled"));
    assert_eq!(
        f.store.keep_call(&call, morning() + 1.minute()),
        Err(StoreError::NotHeld {
            job_id: id.clone(),
            state: JobState::Canceled
        })
    );
    assert_eq!(
        f.store
            .finish_call(&id, call.fence, "ptp_set", &call.call_id, morning()),
        illegal(&id, JobState::Canceled, Transition::Succeed)
    );
}

#[test]
fn a_waiting_job_is_retried_now_and_a_leased_one_is_deferred_or_handed_back() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let lease = |f: &mut super::Fixture, at: Timestamp| f.store.lease(&worker(), LEASE, at).unwrap();
    let fence = lease(&mut f, morning()).unwrap().fence;
    let later = morning() + 2.hours();
    let job = f.store.defer(&id, fence, later, "operator", morning()).unwrap();
    assert_eq!(
        (job.state, job.next_attempt_at_utc),
        (JobState::WaitingRetry, Some(later))
    );
    assert_eq!(lease(&mut f, morning()), None);

    let job = f.store.retry_now(&id, morning()).unwrap();
    assert_eq!((job.state, job.next_attempt_at_utc), (JobState::Queued, None));
    let fence = lease(&mut f, morning()).unwrap().fence;
    let job = f.store.release(&id, fence, morning()).unwrap();
    assert_eq!((job.state, job.lease_owner), (JobState::Queued, None));
    assert!(lease(&mut f, morning()).is_some());
}

#[test]
fn a_call_that_its_operator_leaves_is_tried_again() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    let job = f.store.abandon_call(&id, call.fence, morning()).unwrap();
    assert_eq!(
        (job.state, job.outcome()),
        (JobState::WaitingRetry, Some("abandoned"))
    );
    assert_eq!(job.attempts[0].call_id, Some(call.call_id));
}

#[test]
fn the_operators_choice_goes_before_schedule_and_backoff() {
    let mut f = fixture();
    let id = f.add(&EnqueueRequest {
        scheduled_for_utc: Some("2026-03-01T12:00:00-06:00".to_owned()),
        ..request("acct_1")
    });
    let call = f.open(&id, morning());
    f.store
        .fail(&id, call.fence, "no_route", None, morning())
        .unwrap();
    assert_eq!(f.open(&id, morning()).fence, Fence(2));
}

#[test]
fn a_lease_reserves_the_accounts_attempt_until_it_dials_or_is_handed_back() {
    let mut f = fixture();
    let once = |campaign: &str| EnqueueRequest {
        campaign_id: campaign.to_owned(),
        daily_attempt_cap: 1,
        ..request("acct_1")
    };
    let (a, b) = (f.add(&once("a")), f.add(&once("b")));
    let w = WorkerId::from("w");
    let Opening::Leased(held) = f.store.lease_job(&a, &w, LEASE, morning()).unwrap() else {
        panic!("blocked");
    };
    let blocked = f.store.lease_job(&b, &w, LEASE, morning()).unwrap();
    assert!(matches!(blocked, Opening::Blocked { .. }), "{blocked:?}");
    f.store.release(&a, held.fence, morning()).unwrap();
    let free = f.store.lease_job(&b, &w, LEASE, morning()).unwrap();
    assert!(matches!(free, Opening::Leased(_)), "{free:?}");
}
