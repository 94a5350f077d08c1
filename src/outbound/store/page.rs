//! Finding the rows of a page, quickly whatever the number of jobs.
//!
//! A page without a text walks an index, from whichever end is nearer. A text that is common is found among the first
//! rows in order; a rare one through the index of character triples, whose few hits are then sorted.

use super::error::Trouble;
use super::query::{JobQuery, Order};
use super::rows::number;
use crate::outbound::state::JobState;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// How many rows, in order, are looked through for a text before the index of triples is asked.
const NEAR: u32 = 300;

/// Where counting the jobs that contain a text stops.
pub const COUNT_LIMIT: u64 = 1_000;

/// The rows of a page, in order.
pub(super) fn rows_of(conn: &Connection, query: &JobQuery) -> Result<Vec<i64>, Trouble> {
    let filter = Filter::of(query);
    let Some(text) = &filter.text else {
        return walk(conn, query, &filter);
    };
    let near = near(conn, query, &filter, text)?;
    if near.len() == usize::try_from(query.limit).unwrap_or(usize::MAX) {
        return Ok(near);
    }
    let (sql, params) = filter.containing(
        text,
        &format!("ORDER BY {} LIMIT ? OFFSET ?", query.order.columns()),
    );
    numbers(conn, &sql, with_page(params, query.limit, query.offset))
}

/// How many jobs a query finds without its limit and offset; with a text at most [`COUNT_LIMIT`].
pub(super) fn count(conn: &Connection, query: &JobQuery) -> Result<u64, Trouble> {
    let filter = Filter::of(query);
    let (sql, params) = match &filter.text {
        Some(text) => {
            let (found, params) = filter.containing(text, &format!("LIMIT {COUNT_LIMIT}"));
            (format!("SELECT count(*) FROM ({found})"), params)
        }
        None if filter.is_counted() => return known_count(conn, query),
        None => {
            let sql = format!("SELECT count(*) FROM jobs{}", filter.clause(" WHERE "));
            (sql, filter.params.clone())
        }
    };
    let n = number(conn, &sql, params_from_iter(params))?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// The count of a query that asks for a state at most, from the counts that are kept.
fn known_count(conn: &Connection, query: &JobQuery) -> Result<u64, Trouble> {
    let sql = "SELECT sum(jobs) FROM state_counts WHERE state = coalesce(?1, state)";
    let n = number(conn, sql, [query.state.map(JobState::as_str)])?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// What a query asks for besides its order and page.
struct Filter {
    conditions: Vec<&'static str>,
    params: Vec<Value>,
    /// In lower case, as the searched column is.
    text: Option<String>,
    of_campaign: bool,
}

impl Filter {
    fn of(query: &JobQuery) -> Self {
        let mut conditions = Vec::new();
        let mut params = Vec::new();
        if let Some(state) = query.state {
            conditions.push("state = ?");
            params.push(Value::Text(state.as_str().to_owned()));
        }
        if let Some(campaign) = &query.campaign {
            conditions.push("campaign_id = ?");
            params.push(Value::Text(campaign.as_str().to_owned()));
        }
        let text = query.text.trim().to_lowercase();
        Self {
            conditions,
            params,
            text: Some(text).filter(|t| !t.is_empty()),
            of_campaign: query.campaign.is_some(),
        }
    }

    /// Whether the store keeps the number of jobs that pass.
    const fn is_counted(&self) -> bool {
        !self.of_campaign && self.text.is_none()
    }

    /// The conditions after `word`, or nothing.
    fn clause(&self, word: &str) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("{word}{}", self.conditions.join(" AND "))
        }
    }

    /// The statement that finds what contains `text`. Triples alone would also find them scattered, so each hit is
    /// compared; a text of fewer than three characters has none and every row is.
    fn containing(&self, text: &str, tail: &str) -> (String, Vec<Value>) {
        let (from, mut params) = match triples(text) {
            Some(triples) => (
                "jobs_text CROSS JOIN jobs ON seq = jobs_text.rowid WHERE jobs_text MATCH ? AND",
                vec![Value::Text(triples)],
            ),
            None => ("jobs WHERE", Vec::new()),
        };
        params.push(Value::Text(text.to_owned()));
        params.extend(self.params.iter().cloned());
        let and = self.clause(" AND ");
        (
            format!("SELECT seq FROM {from} instr(jobs.search, ?) > 0{and} {tail}"),
            params,
        )
    }
}

/// A page without a text. Where the number of rows is kept, the second half is walked from the end.
fn walk(conn: &Connection, query: &JobQuery, filter: &Filter) -> Result<Vec<i64>, Trouble> {
    let clause = filter.clause(" WHERE ");
    let page = |order: &str, limit: u32, offset: u64| {
        let sql = format!("SELECT seq FROM jobs{clause} ORDER BY {order} LIMIT ? OFFSET ?");
        numbers(conn, &sql, with_page(filter.params.clone(), limit, offset))
    };
    if filter.is_counted() && query.offset > 0 {
        let total = known_count(conn, query)?;
        let after = total.saturating_sub(query.offset);
        if after < query.offset {
            let limit = u32::try_from(after).unwrap_or(u32::MAX).min(query.limit);
            let mut rows = page(query.order.reversed(), limit, after - u64::from(limit))?;
            rows.reverse();
            return Ok(rows);
        }
    }
    page(query.order.columns(), query.limit, query.offset)
}

/// What contains `text` among the first rows in order.
fn near(conn: &Connection, query: &JobQuery, filter: &Filter, text: &str) -> Result<Vec<i64>, Trouble> {
    let clause = filter.clause(" WHERE ");
    let order = query.order.columns();
    let sql = format!(
        "SELECT seq FROM (SELECT seq, priority, account_ref, due_at, state, search FROM jobs{clause} \
         ORDER BY {order} LIMIT {NEAR}) WHERE instr(search, ?) > 0 ORDER BY {order} LIMIT ? OFFSET ?"
    );
    let mut params = filter.params.clone();
    params.push(Value::Text(text.to_owned()));
    numbers(conn, &sql, with_page(params, query.limit, query.offset))
}

/// The runs of three characters in `text` as a query that wants all of them.
fn triples(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let quoted = |run: &[char]| format!("\"{}\"", run.iter().collect::<String>().replace('"', "\"\""));
    let runs: Vec<String> = characters.windows(3).map(quoted).collect();
    (!runs.is_empty()).then(|| runs.join(" AND "))
}

fn with_page(mut params: Vec<Value>, limit: u32, offset: u64) -> Vec<Value> {
    params.push(Value::Integer(i64::from(limit)));
    params.push(Value::Integer(i64::try_from(offset).unwrap_or(i64::MAX)));
    params
}

fn numbers(conn: &Connection, sql: &str, params: Vec<Value>) -> Result<Vec<i64>, Trouble> {
    let mut stmt = conn.prepare_cached(sql)?;
    let rows = stmt.query_map(params_from_iter(params), |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Order {
    const fn columns(self) -> &'static str {
        match self {
            Self::Queue => "priority, seq",
            Self::Newest => "seq DESC",
            Self::Account => "account_ref, seq",
            Self::Due => "due_at, seq",
            Self::State => "state, priority, seq",
        }
    }

    const fn reversed(self) -> &'static str {
        match self {
            Self::Queue => "priority DESC, seq DESC",
            Self::Newest => "seq",
            Self::Account => "account_ref DESC, seq DESC",
            Self::Due => "due_at DESC, seq DESC",
            Self::State => "state DESC, priority DESC, seq DESC",
        }
    }
}
