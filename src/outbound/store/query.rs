//! Reading: one job, a page of jobs, the counts by state.

use super::Store;
use super::error::StoreError;
use super::rows::{self, COLUMNS};
use crate::outbound::id::{CampaignId, JobId};
use crate::outbound::job::Job;
use crate::outbound::state::JobState;
use rusqlite::types::Value;
use std::collections::BTreeMap;

/// Which jobs, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobQuery {
    /// Only jobs in this state.
    pub state: Option<JobState>,
    /// Only jobs of this campaign.
    pub campaign: Option<CampaignId>,
    /// Only jobs whose account, campaign, name or identifier contains this, whatever the case. Empty means all.
    pub text: String,
    /// The order.
    pub order: Order,
    /// At most so many.
    pub limit: u32,
    /// After skipping so many.
    pub offset: u64,
}

impl Default for JobQuery {
    fn default() -> Self {
        Self {
            state: None,
            campaign: None,
            text: String::new(),
            order: Order::Queue,
            limit: 50,
            offset: 0,
        }
    }
}

/// The order of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// By priority, low first, then by age: the order in which jobs are leased.
    #[default]
    Queue,
    /// The newest first.
    Newest,
    /// By account, then by age.
    Account,
    /// By when they are or were due.
    Due,
    /// By the state's name, then as in the queue.
    State,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 5] = [Self::Queue, Self::Newest, Self::Account, Self::Due, Self::State];

    /// A word for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Newest => "newest",
            Self::Account => "account",
            Self::Due => "due",
            Self::State => "state",
        }
    }

    const fn columns(self) -> &'static str {
        match self {
            Self::Queue => "priority, seq",
            Self::Newest => "seq DESC",
            Self::Account => "account_ref, seq",
            Self::Due => "due_at, seq",
            Self::State => "state, priority, seq",
        }
    }
}

/// How many jobs are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<JobState, u64>);

impl FromIterator<(JobState, u64)> for Counts {
    fn from_iter<I: IntoIterator<Item = (JobState, u64)>>(counts: I) -> Self {
        Self(counts.into_iter().collect())
    }
}

impl Counts {
    /// Jobs in `state`.
    pub fn of(&self, state: JobState) -> u64 {
        self.0.get(&state).copied().unwrap_or(0)
    }

    /// All jobs.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Each state with its count, those without jobs included, in the order of [`JobState::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (JobState, u64)> + '_ {
        JobState::ALL.into_iter().map(|s| (s, self.of(s)))
    }
}

/// Tells whether anything was written since another stamp was taken, by this process or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeStamp {
    others: i64,
    own: u64,
}

impl Store {
    /// The job.
    pub fn get(&self, job_id: &JobId) -> Result<Job, StoreError> {
        self.read(|conn| Ok(rows::by_id(conn, job_id)?.job))
    }

    /// A page of jobs.
    pub fn list(&self, query: &JobQuery) -> Result<Vec<Job>, StoreError> {
        let (condition, mut params) = condition(query);
        params.push(Value::Integer(i64::from(query.limit)));
        params.push(Value::Integer(i64::try_from(query.offset).unwrap_or(i64::MAX)));
        let order = query.order.columns();
        // The inner query walks an index alone: rows that the offset skips are never read.
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE seq IN \
             (SELECT seq FROM jobs{condition} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}"
        );
        self.read(|conn| {
            let found = rows::jobs(conn, &sql, rusqlite::params_from_iter(&params))?;
            Ok(found.into_iter().map(|s| s.job).collect())
        })
    }

    /// How many jobs a query finds without its limit and offset.
    pub fn count(&self, query: &JobQuery) -> Result<u64, StoreError> {
        if query.campaign.is_none() && query.text.trim().is_empty() {
            let counts = self.counts()?;
            return Ok(query.state.map_or_else(|| counts.total(), |s| counts.of(s)));
        }
        let (condition, params) = condition(query);
        let sql = format!("SELECT count(*) FROM jobs{condition}");
        self.read(|conn| {
            let n = rows::number(conn, &sql, rusqlite::params_from_iter(&params))?;
            Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
        })
    }

    /// How many jobs are in each state, at a cost that does not grow with them.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.read(|conn| {
            let mut stmt = conn.prepare_cached("SELECT state, jobs FROM state_counts")?;
            let mut rows = stmt.query([])?;
            let mut counts = BTreeMap::new();
            while let Some(row) = rows.next()? {
                if let Ok(state) = row.get::<_, String>(0)?.parse() {
                    counts.insert(state, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
                }
            }
            Ok(Counts(counts))
        })
    }

    /// A stamp that differs from an earlier one when anything was written in between. Cheap enough to ask for on every
    /// tick: it touches one page of shared memory.
    pub fn change_stamp(&self) -> Result<ChangeStamp, StoreError> {
        let others = self
            .conn
            .pragma_query_value(None, "data_version", |r| r.get(0))
            .map_err(|e| super::error::from_sqlite(&e, &self.path))?;
        Ok(ChangeStamp {
            others,
            own: self.writes,
        })
    }
}

/// The `WHERE` clause of a query, with its parameters.
fn condition(query: &JobQuery) -> (String, Vec<Value>) {
    let mut clauses = Vec::new();
    let mut params = Vec::new();
    if let Some(state) = query.state {
        clauses.push("state = ?");
        params.push(Value::Text(state.as_str().to_owned()));
    }
    if let Some(campaign) = &query.campaign {
        clauses.push("campaign_id = ?");
        params.push(Value::Text(campaign.as_str().to_owned()));
    }
    let text = query.text.trim();
    if !text.is_empty() {
        clauses.push("instr(search, ?) > 0");
        params.push(Value::Text(text.to_lowercase()));
    }
    if clauses.is_empty() {
        (String::new(), params)
    } else {
        (format!(" WHERE {}", clauses.join(" AND ")), params)
    }
}
