//! Whom the call is for and what is owed: the demo accounts, and accounts as HTTP clients describe them.

use super::overlay::{self, SetupError};
use crate::call::Cents;
use crate::call::json::{self, FileError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Whom the call is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyProfile {
    /// The consumer's full name.
    pub target_name: String,
    /// What they like to be called; the first word of the name where absent.
    #[serde(default)]
    pub target_preferred_name: String,
    /// The number that is dialled.
    #[serde(default)]
    pub phone_number: String,
    /// The same under the name that clients of the original demo send.
    #[serde(default)]
    pub callback_number: String,
    /// The consumer's IANA time zone.
    #[serde(default)]
    pub timezone: String,
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountContext {
    /// The case.
    pub case_id: String,
    /// The balance, as a decimal string in files.
    #[serde(with = "crate::call::money::decimal")]
    pub amount_due: Cents,
    /// ISO 4217.
    #[serde(default = "usd")]
    pub currency: String,
    /// The ZIP code that verifies the right party.
    pub expected_zip: String,
    /// The name on the account.
    #[serde(default)]
    pub expected_full_name: String,
}

fn usd() -> String {
    "USD".to_owned()
}

/// An account that can be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The name it is chosen by (`--preset`).
    #[serde(default)]
    pub preset: String,
    /// A name for people.
    #[serde(default)]
    pub title: String,
    /// Whom the call is for.
    pub party_profile: PartyProfile,
    /// What is owed.
    pub account_context: AccountContext,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    accounts: Vec<Account>,
}

/// Reads an accounts file: at least one account, presets unique, every one usable.
pub fn parse(file: &str, text: &str) -> Result<Vec<Account>, FileError> {
    let read: File = json::parse(file, text)?;
    let fail = |path: &str, message: String, help: &str| {
        Err(FileError::at(file, text, path, message).with_help(help))
    };
    if read.version != 1 {
        return fail(
            "version",
            format!("version {} is not known", read.version),
            "this program reads version 1",
        );
    }
    if read.accounts.is_empty() {
        return fail("accounts", "no account".to_owned(), "the file needs at least one");
    }
    for (i, account) in read.accounts.iter().enumerate() {
        if account.preset.is_empty() {
            return fail(
                &format!("accounts[{i}]"),
                "missing field `preset`".to_owned(),
                "a name to choose the account by",
            );
        }
        if read.accounts.iter().take(i).any(|a| a.preset == account.preset) {
            return fail(
                &format!("accounts[{i}].preset"),
                "this preset is defined twice".to_owned(),
                "give each account its own",
            );
        }
        if let Err(e) = account.check() {
            return fail(&format!("accounts[{i}].{}", e.path), e.message, &e.help);
        }
    }
    Ok(read.accounts)
}

impl Account {
    /// The shipped accounts.
    pub fn shipped() -> Result<Vec<Self>, FileError> {
        parse("data/accounts.json", include_str!("../../data/accounts.json"))
    }

    /// This account with fields of a scenario's `context` or an HTTP client's objects in place of its own. Fields may
    /// stand at the top or under `party_profile` and `account_context`. With `strict` an unknown one is an error.
    pub fn with(&self, context: &Map<String, Value>, strict: bool) -> Result<Self, SetupError> {
        let mut value = serde_json::to_value(self)
            .map_err(|_| SetupError::new("", "the account cannot be changed", ""))?;
        for (name, given) in context {
            let nested = matches!(name.as_str(), "party_profile" | "account_context");
            let section = if nested { name.as_str() } else { section_of(name) };
            let part = if nested {
                given.clone()
            } else {
                Value::Object(Map::from_iter([(name.clone(), given.clone())]))
            };
            let Some(target) = value.get_mut(section) else {
                if strict {
                    return Err(overlay::unknown(name, name, FIELDS.iter().map(|(n, _)| *n)));
                }
                continue;
            };
            let path = if nested { name.as_str() } else { "" };
            overlay::merge(target, &part, path, strict)?;
        }
        let mut account: Self = overlay::read(value)?;
        let renamed = context_names(context);
        if renamed && !mentions(context, "target_preferred_name") {
            account.party_profile.target_preferred_name.clear();
        }
        account.check()?;
        Ok(account)
    }

    /// The profile's fields that have a value.
    pub fn profile_map(&self) -> Map<String, Value> {
        let value = serde_json::to_value(&self.party_profile).unwrap_or_default();
        let fields = value.as_object().cloned().unwrap_or_default();
        fields
            .into_iter()
            .filter(|(_, v)| v.as_str() != Some(""))
            .collect()
    }

    /// What the consumer likes to be called.
    pub fn preferred_name(&self) -> &str {
        let profile = &self.party_profile;
        if profile.target_preferred_name.is_empty() {
            profile
                .target_name
                .split_whitespace()
                .next()
                .unwrap_or(&profile.target_name)
        } else {
            &profile.target_preferred_name
        }
    }

    fn check(&self) -> Result<(), SetupError> {
        let zip = &self.account_context.expected_zip;
        if zip.len() != 5 || !zip.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SetupError::new(
                "account_context.expected_zip",
                "not a ZIP code",
                "five digits, such as \"78701\"",
            ));
        }
        if self.party_profile.target_name.trim().is_empty() {
            return Err(SetupError::new(
                "party_profile.target_name",
                "the name is empty",
                "the consumer's full name",
            ));
        }
        if self.account_context.amount_due <= Cents(0) {
            return Err(SetupError::new(
                "account_context.amount_due",
                "the amount must be more than nothing",
                "a decimal such as \"240.00\"",
            ));
        }
        let zone = &self.party_profile.timezone;
        if !zone.is_empty() && jiff::tz::TimeZone::get(zone).is_err() {
            return Err(SetupError::new(
                "party_profile.timezone",
                "no such time zone",
                "an IANA name such as America/Chicago",
            ));
        }
        Ok(())
    }
}

/// Which section a field that stands at the top of a `context` belongs to.
const FIELDS: &[(&str, &str)] = &[
    ("target_name", "party_profile"),
    ("target_preferred_name", "party_profile"),
    ("phone_number", "party_profile"),
    ("callback_number", "party_profile"),
    ("timezone", "party_profile"),
    ("case_id", "account_context"),
    ("amount_due", "account_context"),
    ("currency", "account_context"),
    ("expected_zip", "account_context"),
    ("expected_full_name", "account_context"),
];

fn section_of(field: &str) -> &'static str {
    FIELDS
        .iter()
        .find(|(name, _)| *name == field)
        .map_or("", |(_, section)| section)
}

fn mentions(context: &Map<String, Value>, field: &str) -> bool {
    context.contains_key(field)
        || context
            .get("party_profile")
            .and_then(|p| p.get(field))
            .is_some_and(|v| !v.is_null())
}

fn context_names(context: &Map<String, Value>) -> bool {
    mentions(context, "target_name")
}
