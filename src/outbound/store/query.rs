//! Reading: one job, a page of jobs, the counts by state.

use super::Store;
use super::error::StoreError;
use super::{page, rows};
use crate::outbound::id::{CampaignId, JobId};
use crate::outbound::job::Job;
use crate::outbound::state::JobState;
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
        self.read(|conn| {
            let found = page::rows_of(conn, query)?;
            found
                .into_iter()
                .map(|seq| Ok(rows::by_seq(conn, seq)?.job))
                .collect()
        })
    }

    /// How many jobs a query finds without its limit and offset. Where the query has a text, counting stops at
    /// [`COUNT_LIMIT`](super::COUNT_LIMIT): nobody pages through more, and the answer comes at once.
    pub fn count(&self, query: &JobQuery) -> Result<u64, StoreError> {
        self.read(|conn| page::count(conn, query))
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
