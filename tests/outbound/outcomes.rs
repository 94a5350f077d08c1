//! What each outcome of a call does to its job and account.

use super::{fixture, morning, request};
use ivr_tui::outbound::outcome::OUTCOMES;
use ivr_tui::outbound::{EnqueueRequest, JobState};

#[test]
fn every_outcome_settles_its_job_and_bars_the_account_as_the_table_says() {
    let mut lines = Vec::new();
    for code in OUTCOMES.map(|o| o.code).into_iter().chain(["something_new"]) {
        let mut f = fixture();
        let id = f.add(&request("acct_1"));
        let waiting = f.add(&EnqueueRequest {
            campaign_id: "other".to_owned(),
            ..request("acct_1")
        });
        let call = f.open(&id, morning());
        let job = f
            .store
            .finish_call(&id, call.fence, code, &call.call_id, morning())
            .unwrap();
        assert_eq!(job.outcome(), Some(code));
        let other = f.get(&waiting);
        let barred = other.failure_reason.unwrap_or_default();
        assert_eq!(other.state == JobState::Canceled, !barred.is_empty());
        lines.push(format!("{code} {} {barred}", job.state).trim_end().to_owned());
    }
    let expected = "\
ptp_set succeeded
wrong_party succeeded blocked_suppression_wrong_number
cease_contact succeeded blocked_suppression_cease_contact
user_ended succeeded
verification_failed succeeded
verification_refused succeeded
silence_timeout waiting_retry
max_turns succeeded
busy waiting_retry
closed succeeded
escalated_user_requested_human succeeded
escalated_dispute succeeded blocked_suppression_disputed
escalated_hard_refusal succeeded
escalated_multiple_refusals succeeded
escalated_low_confidence succeeded
callback_set succeeded
voicemail_left waiting_retry
no_contact waiting_retry
hardship succeeded
attorney_represented succeeded blocked_suppression_legal_hold
bankruptcy succeeded blocked_suppression_legal_hold
deceased succeeded blocked_suppression_legal_hold
already_paid succeeded blocked_suppression_disputed
call_initialized succeeded
something_new succeeded";
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn an_outcome_that_asks_for_another_attempt_keeps_the_reason_and_the_call() {
    let mut f = fixture();
    let id = f.add(&request("acct_1"));
    let call = f.open(&id, morning());
    let job = f
        .store
        .finish_call(&id, call.fence, "silence_timeout", &call.call_id, morning())
        .unwrap();
    let attempt = &job.attempts[0];
    assert_eq!(
        (
            job.failure_reason.as_deref(),
            attempt.outcome_code.as_deref(),
            attempt.error_code.as_deref()
        ),
        (Some("silence_timeout"), Some("silence_timeout"), None)
    );
}
