//! The scenarios that ship inside the program: those in the repository's `scenarios` folder, which a test holds equal.

/// Names each file once: its path below `scenarios`, and its text.
macro_rules! shipped {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".json")))),*]
    };
}

/// Each scenario's name (its path below `scenarios`, without `.json`) and its text, in the order of the names.
pub(super) const SHIPPED: &[(&str, &str)] = shipped! {
    "bank/cards"
    "bank/deposits"
    "bank/loans"
    "bank/rewards"
    "bank/spoken"
    "bank/switch_profile"
    "bank/timeouts"
    "bank/transactions"
    "bank/wrong_pin_in_switch"
    "bank/wrong_pins_at_log_in"
    "collections/cannot_pay_is_no_promise"
    "collections/date_too_late_reconduct"
    "collections/dispute_escalation"
    "collections/driving_at_any_phase"
    "collections/dtmf_verification"
    "collections/happy_path_ptp_end_of_month"
    "collections/hardship_then_half"
    "collections/silence_callback"
    "collections/silence_timeout"
    "collections/stop_calling"
    "collections/third_party_with_zip"
    "collections/voicemail"
    "collections/weekday_is_confirmed"
    "collections/wrong_party"
    "pharmacy/pharmacist"
    "pharmacy/refill"
};

#[cfg(test)]
mod tests {
    use super::SHIPPED;
    use crate::call::Scenario;

    #[test]
    fn each_is_sound_and_says_what_it_shows() {
        for (name, text) in SHIPPED {
            let scenario = Scenario::parse(name, text).unwrap();
            assert_ne!(scenario.description, "", "{name}");
        }
    }

    #[test]
    fn they_are_in_order_and_none_is_there_twice() {
        assert!(SHIPPED.is_sorted_by(|a, b| a.0 < b.0));
    }
}
