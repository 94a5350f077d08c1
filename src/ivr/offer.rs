//! What a menu offers right now: its own options, and those made from a list in the data.

use super::Rules;
use super::flow::{Ask, Kind, Node};
use super::party::{Held, Ivr};
use crate::call::Key;
use minijinja::Value;
use smol_str::SmolStr;

/// One thing that can be chosen.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// Its key; an item on another page of a long list has none.
    pub key: Option<Key>,
    pub label: String,
    /// What comes before "press 1".
    pub phrase: String,
    pub phrases: Vec<String>,
    pub what: What,
}

/// What choosing it does.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Takes the option's edge.
    Option(Key),
    /// Keeps this row and takes the list's edge.
    Row(SmolStr),
    /// Offers the next page of the list.
    More,
}

/// Everything that a menu offers: the list first, the options after it. Other pages of the list come last, without keys.
pub(super) fn offers(rules: &Rules, state: &Ivr, node: &Node) -> Vec<Offer> {
    let Kind::Menu { options, list, .. } = &node.kind else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut elsewhere = Vec::new();
    if let Some(list) = list {
        let keys = list_keys(node);
        let rows = rows(rules, state, &list.list);
        let long = rows.len() > keys.len();
        let per_page = if long {
            keys.len().saturating_sub(1).max(1)
        } else {
            keys.len()
        };
        let first = usize::from(state.page) * per_page;
        for (index, row) in rows.into_iter().enumerate() {
            let names = rules.names(
                state,
                None,
                None,
                [
                    ("item", rules.source.value(&row).unwrap_or_default()),
                    ("number", Value::from(index + 1)),
                ],
            );
            let label = list.label.render(&rules.env, &names);
            let here = (first..first + per_page).contains(&index);
            let offer = Offer {
                key: here.then(|| keys.get(index - first).copied()).flatten(),
                phrase: format!("For {label}"),
                phrases: std::iter::once(label.clone())
                    .chain(list.phrases.iter().map(|p| p.render(&rules.env, &names)))
                    .collect(),
                label,
                what: What::Row(row),
            };
            let list = if here { &mut out } else { &mut elsewhere };
            list.push(offer);
        }
        if long {
            out.push(Offer {
                key: keys.last().copied(),
                label: "more".to_owned(),
                phrase: "For more".to_owned(),
                phrases: vec!["more".to_owned(), "next page".to_owned()],
                what: What::More,
            });
        }
    }
    out.extend(options.iter().map(|o| Offer {
        key: Some(o.key),
        label: o.label.clone(),
        phrase: o.phrase.clone(),
        phrases: o.phrases.clone(),
        what: What::Option(o.key),
    }));
    out.extend(elsewhere);
    out
}

/// How many pages a menu's list has.
pub(super) fn pages(rules: &Rules, state: &Ivr, node: &Node) -> u16 {
    let Kind::Menu { list: Some(list), .. } = &node.kind else {
        return 1;
    };
    let keys = list_keys(node).len();
    let rows = rows(rules, state, &list.list).len();
    if rows <= keys {
        return 1;
    }
    u16::try_from(rows.div_ceil(keys.saturating_sub(1).max(1))).unwrap_or(u16::MAX)
}

/// The keys that a list's items take: from 1 up to the first that an option of the menu has.
pub(super) fn list_keys(node: &Node) -> Vec<Key> {
    let Kind::Menu { options, .. } = &node.kind else {
        return Vec::new();
    };
    ('1'..='9')
        .filter_map(Key::from_char)
        .take_while(|key| !options.iter().any(|o| o.key == *key))
        .collect()
}

/// The prompt's part that names the options: "For balances press 1. For ..."
pub(super) fn spoken(offers: &[Offer]) -> String {
    let sentences = offers.iter().filter_map(|o| {
        let key = match o.key? {
            Key::Star => "star".to_owned(),
            Key::Hash => "pound".to_owned(),
            other => other.to_string(),
        };
        Some(format!("{} press {key}.", o.phrase))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// The paths of a list's rows in the data. The list's first part may be a variable.
pub(super) fn rows(rules: &Rules, state: &Ivr, list: &str) -> Vec<SmolStr> {
    let (first, rest) = list.split_once('.').unwrap_or((list, ""));
    let path = match state.variables.get(first) {
        Some(Held::Row(row)) if !rest.is_empty() => format!("{row}.{rest}"),
        _ => list.to_owned(),
    };
    let count = rules
        .source
        .json(&path)
        .and_then(serde_json::Value::as_array)
        .map_or(0, Vec::len);
    (0..count).map(|i| SmolStr::from(format!("{path}.{i}"))).collect()
}

/// Whole entries that the data knows at this node: what a search by keys alone would take long to find.
pub(super) fn known_entries(rules: &Rules, state: &Ivr, node: &Node) -> Vec<String> {
    let Kind::Collect {
        next, secret: false, ..
    } = &node.kind
    else {
        return Vec::new();
    };
    let Some(Kind::Check {
        ask: Ask::Find { list, same, .. },
        ..
    }) = rules.flow.node(&next.id).map(|n| &n.kind)
    else {
        return Vec::new();
    };
    let Some((field, _)) = same.iter().find(|(_, value)| value.as_name() == "entry") else {
        return Vec::new();
    };
    rows(rules, state, list)
        .iter()
        .filter_map(|row| {
            rules
                .source
                .json(&format!("{row}.{field}"))?
                .as_str()
                .map(str::to_owned)
        })
        .take(8)
        .collect()
}
