//! What is different between two trees of values.

use serde_json::Value;
use std::fmt;

/// One step down a tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a field of an object.
    Field(String),
    /// Into an element of a list.
    Index(usize),
}

/// The way to a place in a tree; empty for the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path one step further down.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether this is `other` or lies under it.
    pub fn is_under(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Path {
    /// `promise_to_pay.amounts[0]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if i == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Index(n) => write!(f, "[{n}]")?,
            }
        }
        Ok(())
    }
}

/// What happened at one place.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new.
    Added(Value),
    /// It is gone.
    Removed(Value),
    /// It was the first and is now the second.
    Changed(Value, Value),
}

/// The smallest places where two trees differ, in the order of the trees: fields by name, elements by position. Where
/// a container became something else, or the other way round, the whole of it changed.
pub fn diff(old: &Value, new: &Value) -> Vec<(Path, Change)> {
    let mut changes = Vec::new();
    walk(&Path::default(), old, new, &mut changes);
    changes
}

fn walk(path: &Path, old: &Value, new: &Value, out: &mut Vec<(Path, Change)>) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                step(
                    path.then(Step::Field(name.clone())),
                    a.get(name),
                    b.get(name),
                    out,
                );
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for i in 0..a.len().max(b.len()) {
                step(path.then(Step::Index(i)), a.get(i), b.get(i), out);
            }
        }
        (a, b) if a == b => {}
        (a, b) => out.push((path.clone(), Change::Changed(a.clone(), b.clone()))),
    }
}

fn step(path: Path, old: Option<&Value>, new: Option<&Value>, out: &mut Vec<(Path, Change)>) {
    match (old, new) {
        (Some(a), Some(b)) => walk(&path, a, b, out),
        (None, Some(b)) => out.push((path, Change::Added(b.clone()))),
        (Some(a), None) => out.push((path, Change::Removed(a.clone()))),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// Does to `value` what the changes say.
    fn apply(mut value: Value, changes: &[(Path, Change)]) -> Value {
        // From the last to the first, so that removing an element moves none that is still to be changed; what is
        // added to a list is added from its first to its last.
        let (added, other): (Vec<_>, Vec<_>) =
            changes.iter().partition(|(_, c)| matches!(c, Change::Added(_)));
        for (path, change) in other.into_iter().rev().chain(added) {
            let Some((last, way)) = path.0.split_last() else {
                if let Change::Changed(_, new) = change {
                    value = new.clone();
                }
                continue;
            };
            let parent = way.iter().fold(&mut value, |at, step| match step {
                Step::Field(name) => &mut at[name],
                Step::Index(i) => &mut at[i],
            });
            match (last, change) {
                (Step::Field(name), Change::Removed(_)) => {
                    parent.as_object_mut().unwrap().remove(name);
                }
                (Step::Field(name), Change::Added(new) | Change::Changed(_, new)) => {
                    parent[name] = new.clone();
                }
                (Step::Index(i), Change::Removed(_)) => {
                    parent.as_array_mut().unwrap().remove(*i);
                }
                (Step::Index(_), Change::Added(new)) => parent.as_array_mut().unwrap().push(new.clone()),
                (Step::Index(i), Change::Changed(_, new)) => parent[i] = new.clone(),
            }
        }
        value
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_i64..4).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-d]", inner, 0..5)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn each_changed_leaf_is_named_once() {
        let old = json!({"phase": "verification", "tries": 1, "promise": {"date": null}, "gone": true, "list": [1, 2]});
        let new = json!({"phase": "closing", "tries": 1, "promise": {"date": "2026-02-20", "amount": "240.00"},
            "list": [1, 3, 4]});
        let shown: Vec<String> = diff(&old, &new)
            .iter()
            .map(|(path, change)| match change {
                Change::Added(v) => format!("+ {path} {v}"),
                Change::Removed(v) => format!("- {path} {v}"),
                Change::Changed(a, b) => format!("~ {path} {a} {b}"),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "- gone true",
                "~ list[1] 2 3",
                "+ list[2] 4",
                "~ phase \"verification\" \"closing\"",
                "+ promise.amount \"240.00\"",
                "~ promise.date null \"2026-02-20\"",
            ]
        );
    }

    proptest! {
        #[test]
        fn equal_trees_have_no_difference(value in values()) {
            prop_assert_eq!(diff(&value, &value), vec![]);
        }

        #[test]
        fn the_differences_applied_to_the_old_tree_give_the_new_one(old in values(), new in values()) {
            let changes = diff(&old, &new);
            prop_assert_eq!(apply(old, &changes), new);
        }

        #[test]
        fn no_difference_lies_under_another(old in values(), new in values()) {
            let changes = diff(&old, &new);
            for (i, (a, _)) in changes.iter().enumerate() {
                for (b, _) in changes.iter().skip(i + 1) {
                    prop_assert!(!b.is_under(a) && !a.is_under(b), "{} and {}", a, b);
                }
            }
        }
    }
}
