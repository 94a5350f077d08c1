//! What ships inside the program: lines, presets and scenarios, so that it runs without any file beside it.

use super::bank_source::bank_source;
use super::party::Line;
use super::scenarios::SHIPPED;
use crate::bank::Bank;
use crate::call::json::FileError;
use crate::ivr::{FlowError, LoadError, Rules, Source, Wants};
use std::sync::Arc;

pub use super::collections::{CollectionsError, Preset, collections, collections_lenient, presets};

/// The customers of the shipped bank.
pub const BANK_JSON: &str = include_str!("../../data/bank.json");
const BANK_TOML: &str = include_str!("../../assets/flows/bank.toml");

/// A flow that ships with the program.
#[derive(Clone, Copy, Debug)]
pub struct ShippedFlow {
    /// The name it is asked for by.
    pub id: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Its file in the repository.
    pub file: &'static str,
    /// The file's text.
    pub toml: &'static str,
    /// Its data: the file in the repository, and the text.
    pub data: Option<(&'static str, &'static str)>,
}

/// Every flow that ships with the program.
pub const FLOWS: [ShippedFlow; 2] = [
    ShippedFlow {
        id: "bank",
        title: "Bank: balances, transactions, cards, loans and rewards by phone",
        file: "assets/flows/bank.toml",
        toml: BANK_TOML,
        data: Some(("data/bank.json", BANK_JSON)),
    },
    ShippedFlow {
        id: "pharmacy",
        title: "Pharmacy: refills by prescription number, opening hours, a pharmacist",
        file: "assets/flows/pharmacy.toml",
        toml: include_str!("../../assets/flows/pharmacy.toml"),
        data: Some((
            "assets/flows/pharmacy.json",
            include_str!("../../assets/flows/pharmacy.json"),
        )),
    },
];

/// The shipped flow of this name as a line; `None` where there is no such flow.
pub fn shipped(id: &str) -> Option<Result<Line, LoadError>> {
    let flow = FLOWS.iter().find(|f| f.id == id)?;
    Some(self::flow(flow.file, flow.toml, flow.data))
}

/// The shipped bank flow over the customers in `json`, the text of `data_file`.
pub fn bank(data_file: &str, json: &str) -> Result<Line, FileError> {
    flow("assets/flows/bank.toml", BANK_TOML, Some((data_file, json))).map_err(|e| match e {
        LoadError::Data(e) => e,
        // The shipped flow is checked by tests against the shape of the data, which no data file changes.
        LoadError::Flow(e) => FileError::whole(e.file(), e.to_string()),
    })
}

/// A line from a flow file's text and, where it asks for data, the data file's name and text. A flow over the bank's
/// data that is given none takes the shipped customers.
pub fn flow(file: &str, toml: &str, data: Option<(&str, &str)>) -> Result<Line, LoadError> {
    let wants = Wants::of(file, toml)?;
    let source = match (wants.source.as_str(), data) {
        ("", _) => Source::default(),
        ("bank", data) => {
            let (name, json) = data.unwrap_or(("data/bank.json", BANK_JSON));
            let bank = Bank::parse(name, json)?;
            bank_source(&bank).map_err(|misfit| FileError::whole(name, misfit))?
        }
        ("json", Some((name, json))) => {
            let secret: Vec<&str> = wants.secret.iter().map(String::as_str).collect();
            Source::from_json(name, json, &secret)?
        }
        ("json", None) => {
            let e = FlowError::about(
                file,
                toml,
                "json",
                "this flow names no data file",
                "add file = \"data.json\"",
            );
            return Err(Box::new(e).into());
        }
        (other, _) => {
            let message = format!("there is no data source `{other}`");
            let e = FlowError::about(file, toml, other, message, "sources are bank and json");
            return Err(Box::new(e).into());
        }
    };
    Ok(Line::Ivr(Arc::new(Rules::load(file, toml, source)?)))
}

/// The scenarios that ship, each a name (`collections/wrong_party`) and a file's text.
pub const fn scenarios() -> &'static [(&'static str, &'static str)] {
    SHIPPED
}

/// The text of a scenario that ships.
pub fn scenario(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}
