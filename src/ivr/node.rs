//! From a node's table to what the node does, one function a kind.

use super::flow::{Ask, Choice, EntryRules, Kind, ListChoice, Node, OpenHours, TryLimit, VariableKind};
use super::load::{Load, millis, next, target};
use super::read::{Table, Text, id};
use super::source::Shape;
use crate::call::json::nearest;
use crate::call::{IntentId, NodeId, OutcomeCode};
use jiff::civil::{Time, Weekday};
use smol_str::SmolStr;
use toml::Spanned;

/// The kinds of node, for suggestions.
const KINDS: [&str; 11] = [
    "say", "collect", "menu", "check", "set", "call", "return", "hours", "transfer", "goto", "hangup",
];

impl Load<'_> {
    pub(super) fn node(&self, name: &Text, mut table: Table<'_>, entry: &EntryRules) -> Option<Node> {
        let label = table
            .text("label")
            .map_or_else(|| name.get_ref().replace('_', " "), Spanned::into_inner);
        let group = table.text("group").map_or_else(SmolStr::default, |t| id(&t));
        let intent = table.text("intent").map(|t| IntentId(id(&t)));
        let barge_in = table.flag("barge_in", true);
        let kind = table.need("kind", "what the node does: kind = \"say\"")?;
        let built = match kind.get_ref().as_str() {
            "say" => self.say(&mut table),
            "collect" => self.collect(&mut table, entry),
            "menu" => self.menu(&mut table),
            "check" => self.check(&mut table),
            "set" => self.set(&mut table),
            "call" => call(&mut table),
            "return" => table
                .need("value", "value = \"done\"")
                .map(|v| Kind::Return { value: id(&v) }),
            "hours" => self.hours(&mut table),
            "transfer" => self.transfer(&mut table),
            "goto" => next(&mut table, "next").map(|next| Kind::Goto { next }),
            "hangup" => self.hangup(&mut table),
            other => {
                let help = nearest(other, KINDS).map_or_else(
                    || format!("kinds are {}", KINDS.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report.add(
                    kind.span(),
                    format!("there is no kind of node `{other}`"),
                    "here",
                    help,
                );
                return None;
            }
        };
        table.finish();
        Some(Node {
            id: NodeId(id(name)),
            label,
            group,
            intent,
            barge_in,
            kind: built?,
            span: name.span(),
        })
    }

    fn say(&self, table: &mut Table<'_>) -> Option<Kind> {
        let text = table
            .need("text", "what is said: text = \"Welcome.\"")
            .map(|t| self.template(&t));
        let next = next(table, "next");
        Some(Kind::Say {
            text: text?,
            next: next?,
        })
    }

    fn collect(&self, table: &mut Table<'_>, entry: &EntryRules) -> Option<Kind> {
        let prompt = table
            .need("prompt", "what asks for the digits")
            .map(|t| self.template(&t));
        let digits = table.digits("digits");
        let secret = table.flag("secret", false);
        let inter_digit = table.number("inter_digit_ms", 500..=60_000).map(millis);
        let next = next(table, "next");
        let fallback = self.node_fallback(table);
        let (min, max) = digits?;
        Some(Kind::Collect {
            prompt: prompt?,
            min,
            max,
            secret,
            next: next?,
            inter_digit: inter_digit.unwrap_or(entry.inter_digit),
            fallback: fallback?,
        })
    }

    fn menu(&self, table: &mut Table<'_>) -> Option<Kind> {
        let prompt = table
            .need("prompt", "what opens the menu")
            .map(|t| self.template(&t));
        let options: Vec<_> = table
            .tables("options")
            .into_iter()
            .filter_map(|t| self.option(t))
            .collect();
        let listed = table.has("options_from");
        let list = table.table("options_from").and_then(|t| self.options_from(t));
        let fallback = self.node_fallback(table);
        if options.is_empty() && !listed {
            self.report.add(
                table.span.clone(),
                format!("{} is a dead end: a menu without options", table.name),
                "no way on from here",
                "add options = [{ key = \"1\", label = \"...\", to = \"...\" }]",
            );
            return None;
        }
        Some(Kind::Menu {
            prompt: prompt?,
            options,
            list,
            fallback: fallback?,
        })
    }

    fn option(&self, mut table: Table<'_>) -> Option<Choice> {
        let key = table.need("key", "key = \"1\"");
        let label = table.need("label", "what the option is called: label = \"balances\"");
        let phrase = table.text("phrase").map(Spanned::into_inner);
        let mut phrases: Vec<String> = label.iter().map(|l| l.get_ref().clone()).collect();
        phrases.extend(table.texts("say").into_iter().map(Spanned::into_inner));
        let to = next(&mut table, "to");
        table.finish();
        let (key_text, label) = (key?, label?);
        Some(Choice {
            key: self.key(&key_text)?,
            phrase: phrase.unwrap_or_else(|| format!("For {}", label.get_ref())),
            label: label.into_inner(),
            phrases,
            to: to?,
            span: key_text.span(),
        })
    }

    fn options_from(&self, mut table: Table<'_>) -> Option<ListChoice> {
        let path = table.need(
            "list",
            "where the options come from: list = \"customer.deposits\"",
        );
        let full = path.as_ref().and_then(|p| self.list(p));
        let label = table.need("label", "what an option is called: label = \"{{ item.name }}\"");
        let say = table.texts("say");
        let store = table.need("store", "the variable that keeps the choice");
        let to = next(&mut table, "to");
        table.finish();
        let full = full?;
        let item = self.source.shape().at(&full)?.item().clone();
        let names = [("item", item), ("number", Shape::Number)];
        let label = self.template_with(&label?, &names);
        let phrases = say.iter().map(|t| self.template_with(t, &names)).collect();
        Some(ListChoice {
            store: self.row_variable(&store?, &full)?,
            list: id(&path?),
            label,
            phrases,
            to: to?,
        })
    }

    fn check(&self, table: &mut Table<'_>) -> Option<Kind> {
        let test = table.text("test");
        let find = table.text("find");
        let same = table.table("where").map_or_else(Vec::new, Table::named_texts);
        let store = table.text("store");
        let yes = next(table, "yes");
        let no = next(table, "no");
        let counter = table.text("counter");
        let limit = table.number("limit", 1..=20).and_then(|n| u8::try_from(n).ok());
        let at_limit = table.text("at_limit").map(|t| target(&t));
        let ask = match (test, find) {
            (Some(test), None) => Ask::Test(self.expression(&test).0),
            (None, Some(list)) => self.find(table, &list, &same, store.as_ref())?,
            _ => {
                self.report.add(
                    table.span.clone(),
                    format!("{} needs either `test` or `find`", table.name),
                    "this check",
                    "such as test = \"entry == customer.pin\", or find = \"customers\" with where and store",
                );
                return None;
            }
        };
        let limit = match (counter, limit, at_limit) {
            (None, None, None) => None,
            (Some(counter), Some(limit), Some(to)) => Some(TryLimit {
                counter: self.counter(&counter)?,
                limit,
                to,
            }),
            _ => {
                self.report.add(
                    table.span.clone(),
                    format!("{} limits its tries by half", table.name),
                    "this check",
                    "counter, limit and at_limit belong together",
                );
                return None;
            }
        };
        Some(Kind::Check {
            ask,
            yes: yes?,
            no: no?,
            limit,
        })
    }

    fn find(
        &self,
        table: &Table<'_>,
        list: &Text,
        same: &[(Text, Text)],
        store: Option<&Text>,
    ) -> Option<Ask> {
        let full = self.list(list)?;
        let row = self.source.shape().at(&full)?.item();
        let mut fields = Vec::new();
        for (field, value) in same {
            if row.field(field.get_ref()).is_none() {
                let help = nearest(field.get_ref(), row.fields()).map_or_else(
                    || format!("its fields are {}", row.fields().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("a row of `{full}` has no field `{}`", field.get_ref());
                self.report.add(field.span(), message, "not in the data", help);
            }
            fields.push((id(field), self.expression(value).0));
        }
        let Some(store) = store.filter(|_| !fields.is_empty()) else {
            self.report.add(
                table.span.clone(),
                format!(
                    "{} looks for a row and does not say which or where to keep it",
                    table.name
                ),
                "this check",
                "add where = { id = \"entry\" } and store = \"customer\"",
            );
            return None;
        };
        Some(Ask::Find {
            store: self.row_variable(store, &full)?,
            list: id(list),
            same: fields,
        })
    }

    fn counter(&self, name: &Text) -> Option<SmolStr> {
        let known = self.variables.get(name.get_ref().as_str());
        if known.is_some_and(|v| v.kind == VariableKind::Count) {
            return Some(id(name));
        }
        self.report.add(
            name.span(),
            format!("`{}` is not a variable that counts", name.get_ref()),
            "counted here",
            format!(
                "declare {} = {{ type = \"count\" }} under [variables]",
                name.get_ref()
            ),
        );
        None
    }

    fn set(&self, table: &mut Table<'_>) -> Option<Kind> {
        let mut assign = Vec::new();
        if !table.has("set") {
            table.need("set", "set = { tries = \"tries + 1\" }");
        }
        for (name, value) in table.table("set").map_or_else(Vec::new, Table::named_texts) {
            let (expression, shape) = self.expression(&value);
            let Some(variable) = self.variables.get(name.get_ref().as_str()) else {
                let names = || self.variables.keys().map(SmolStr::as_str);
                let help = nearest(name.get_ref(), names()).map_or_else(
                    || format!("variables are {}", names().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("there is no variable `{}`", name.get_ref());
                self.report.add(name.span(), message, "set here", help);
                continue;
            };
            let fits = match &variable.kind {
                VariableKind::RowOf(list) => {
                    let from = self.variables.get(expression.as_name()).map(|v| &v.kind);
                    matches!(from, Some(VariableKind::RowOf(of)) if of == list)
                }
                VariableKind::Count => matches!(shape, Shape::Number | Shape::Unknown),
                VariableKind::Text => matches!(shape, Shape::Text | Shape::Unknown),
                VariableKind::Flag => matches!(shape, Shape::Flag | Shape::Unknown),
            };
            if !fits {
                let wants = match &variable.kind {
                    VariableKind::RowOf(list) => format!("another variable that holds a row of `{list}`"),
                    VariableKind::Count => "a number".to_owned(),
                    VariableKind::Text => "a text".to_owned(),
                    VariableKind::Flag => "true or false".to_owned(),
                };
                let message = format!("`{}` cannot be set to this", name.get_ref());
                self.report.add(
                    value.span(),
                    message,
                    &format!("this is {shape}"),
                    format!("it takes {wants}"),
                );
            }
            assign.push((id(&name), expression));
        }
        let next = next(table, "next");
        Some(Kind::Set { assign, next: next? })
    }

    fn hours(&self, table: &mut Table<'_>) -> Option<Kind> {
        let zone = table.text("zone").and_then(|name| {
            let zone = jiff::tz::TimeZone::get(name.get_ref()).ok();
            if zone.is_none() {
                let help = "use an IANA name such as America/Chicago";
                self.report.add(name.span(), "no such time zone", "here", help);
            }
            zone
        });
        if !table.has("hours") {
            table.need(
                "hours",
                "hours = [{ days = [\"mon\"], from = \"09:00\", to = \"17:00\" }]",
            );
        }
        let open_at = table
            .tables("hours")
            .into_iter()
            .filter_map(|t| self.open_hours(t))
            .collect();
        let open = next(table, "open");
        let closed = next(table, "closed");
        Some(Kind::Hours {
            zone,
            open_at,
            open: open?,
            closed: closed?,
        })
    }

    fn open_hours(&self, mut table: Table<'_>) -> Option<OpenHours> {
        let span = table.span.clone();
        let days: Vec<Weekday> = table
            .texts("days")
            .iter()
            .filter_map(|text| {
                let day = weekday(text.get_ref());
                if day.is_none() {
                    let help = "days are mon, tue, wed, thu, fri, sat, sun";
                    self.report.add(text.span(), "no such day", "here", help);
                }
                day
            })
            .collect();
        let from = table.need("from", "from = \"09:00\"").and_then(|t| self.time(&t));
        let to_text = table.need("to", "to = \"17:00\"");
        table.finish();
        let to_text = to_text?;
        let to = if to_text.get_ref() == "24:00" {
            None
        } else {
            Some(self.time(&to_text)?)
        };
        let from = from?;
        if days.is_empty() || to.is_some_and(|to| to <= from) {
            self.report.add(
                span,
                "these hours are never open",
                "here",
                "name days, and an end after the beginning (24:00 is midnight)",
            );
            return None;
        }
        Some(OpenHours { days, from, to })
    }

    fn time(&self, text: &Text) -> Option<Time> {
        let parts = text
            .get_ref()
            .split_once(':')
            .filter(|(h, m)| h.len() == 2 && m.len() == 2);
        let time = parts.and_then(|(h, m)| Time::new(h.parse().ok()?, m.parse().ok()?, 0, 0).ok());
        if time.is_none() {
            self.report.add(
                text.span(),
                "not a time of day",
                "here",
                "write hours and minutes, such as 09:00",
            );
        }
        time
    }

    fn transfer(&self, table: &mut Table<'_>) -> Option<Kind> {
        let text = table
            .need("text", "what is said before the transfer")
            .map(|t| self.template(&t));
        let to = table
            .need("target", "the number or queue: target = \"front desk\"")
            .map(|t| id(&t));
        let wait = table.number("wait_ms", 500..=120_000).unwrap_or(10_000);
        let done = next(table, "done");
        let failed = next(table, "failed");
        Some(Kind::Transfer {
            text: text?,
            target: to?,
            wait: millis(wait),
            done: done?,
            failed: failed?,
        })
    }

    fn hangup(&self, table: &mut Table<'_>) -> Option<Kind> {
        let text = table.text("text").map(|t| self.template(&t));
        let outcome = table.need("outcome", "how the call ended: outcome = \"user_ended\"");
        Some(Kind::Hangup {
            text: text.unwrap_or_default(),
            outcome: OutcomeCode(id(&outcome?)),
        })
    }
}

fn call(table: &mut Table<'_>) -> Option<Kind> {
    let start = next(table, "start");
    let Some(returns) = table.table("returns") else {
        table.need(
            "returns",
            "where each returned value leads: returns = { done = \"main\" }",
        );
        return None;
    };
    let returns = returns
        .named_texts()
        .into_iter()
        .map(|(value, to)| (id(&value), target(&to)))
        .collect();
    Some(Kind::Call {
        start: start?,
        returns,
    })
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}
