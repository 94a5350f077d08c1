//! The shipped accounts and policy as a line: a preset, and what a scenario or a client changes of it.

use super::party::Line;
use crate::call::Cents;
use crate::call::json::{FileError, nearest};
use crate::collections::{Account, Policy, Rules, SetupError};
use serde_json::{Map, Value};
use std::sync::{Arc, LazyLock};

/// A demo account, as a person chooses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is chosen by (`--preset`).
    pub name: String,
    /// For people.
    pub title: String,
    /// The consumer.
    pub target_name: String,
    /// The number that is dialled.
    pub phone: String,
    /// The party profile as jobs and HTTP clients carry it.
    pub profile: Map<String, Value>,
    /// The case, which also names the account.
    pub case_id: String,
    /// What is owed.
    pub amount: Cents,
    /// The consumer's IANA time zone.
    pub timezone: String,
}

/// Why a collections line cannot be called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectionsError {
    /// A shipped file has a mistake.
    #[error("{0}")]
    File(#[from] FileError),
    /// No account goes by that name.
    #[error("there is no preset {name:?}{}", near.as_deref().map_or_else(String::new, |n| format!("; did you mean {n}?")))]
    UnknownPreset {
        /// The name.
        name: String,
        /// The known one nearest to it.
        near: Option<String>,
    },
    /// A field of `context` is mistaken.
    #[error("context.{0}")]
    Context(SetupError),
    /// A field of `policy` is mistaken.
    #[error("policy.{0}")]
    Policy(SetupError),
}

type Shipped = Result<(Vec<Account>, Policy), FileError>;

fn shipped() -> &'static Shipped {
    static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| Ok((Account::shipped()?, Policy::shipped()?)));
    &SHIPPED
}

/// The demo accounts, the one that is taken where none is named first.
pub fn presets() -> Vec<Preset> {
    let accounts = shipped().as_ref().map_or(&[][..], |(accounts, _)| accounts);
    accounts
        .iter()
        .map(|a| Preset {
            name: a.preset.clone(),
            title: a.title.clone(),
            target_name: a.party_profile.target_name.clone(),
            phone: a.party_profile.phone_number.clone(),
            profile: a.profile_map(),
            case_id: a.account_context.case_id.clone(),
            amount: a.account_context.amount_due,
            timezone: a.party_profile.timezone.clone(),
        })
        .collect()
}

/// The collections line for a preset (the first where empty; letter case is ignored), with a scenario's changes to its
/// profile and account (`context`) and to the policy. Unknown fields are errors.
pub fn collections(
    preset: &str,
    context: &Map<String, Value>,
    policy: &Map<String, Value>,
) -> Result<Line, CollectionsError> {
    build(preset, context, policy, true)
}

/// The same from objects as HTTP clients send them: fields that we do not know are ignored, and one that is missing or
/// `null` takes its default.
pub fn collections_lenient(
    preset: &str,
    context: &Map<String, Value>,
    policy: &Map<String, Value>,
) -> Result<Line, CollectionsError> {
    build(preset, context, policy, false)
}

fn build(
    preset: &str,
    context: &Map<String, Value>,
    policy: &Map<String, Value>,
    strict: bool,
) -> Result<Line, CollectionsError> {
    let (accounts, default) = shipped().as_ref().map_err(Clone::clone)?;
    let wanted = accounts
        .iter()
        .find(|a| preset.is_empty() || a.preset.eq_ignore_ascii_case(preset));
    let Some(account) = wanted else {
        let near = nearest(preset, accounts.iter().map(|a| a.preset.as_str())).map(str::to_owned);
        return Err(CollectionsError::UnknownPreset {
            name: preset.to_owned(),
            near,
        });
    };
    let account = account.with(context, strict).map_err(CollectionsError::Context)?;
    let policy = default.with(policy, strict).map_err(CollectionsError::Policy)?;
    Ok(Line::Collections(Arc::new(Rules { account, policy })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn the_shipped_files_are_sound() {
        assert_eq!(shipped().as_ref().map(|_| ()), Ok(()));
        let names: Vec<String> = presets().into_iter().map(|p| p.name).collect();
        assert_eq!(names, ["austin", "dallas", "miami"]);
    }

    #[test]
    fn a_preset_takes_changes_and_names_mistakes() {
        let none = Map::new();
        let line = collections(
            "Dallas",
            &map(&json!({"amount_due": "99.50"})),
            &map(&json!({"limits": {"max_total_turns": 5}})),
        );
        let Ok(Line::Collections(rules)) = line else {
            panic!("{line:?}")
        };
        assert_eq!(rules.account.account_context.amount_due, Cents(9950));
        assert_eq!(rules.policy.limits.max_total_turns, 5);
        assert_eq!(rules.policy.limits.max_silence_prompts, 3);

        let wrong = collections("dalas", &none, &none).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "there is no preset \"dalas\"; did you mean dallas?"
        );
        let wrong = collections("", &map(&json!({"amount_du": "1"})), &none).unwrap_err();
        assert!(wrong.to_string().contains("unknown field `amount_du`"), "{wrong}");
        let wrong = collections("", &none, &map(&json!({"limits": {"max_turns": 1}}))).unwrap_err();
        assert!(
            wrong
                .to_string()
                .starts_with("policy.limits.max_turns: unknown field"),
            "{wrong}"
        );
        assert!(
            collections_lenient(
                "",
                &map(&json!({"foo": 1})),
                &map(&json!({"bar": 2, "limits": null}))
            )
            .is_ok()
        );
    }
}
