//! The store: jobs, their attempts, the ledger and the suppressions in one SQLite database. The only place with SQL.
//!
//! Every write is one transaction that takes the database's write lock first, so what it read is still true when it
//! writes: two processes cannot lease one job, and two jobs of one account cannot both pass a cap. A transaction is on
//! disk when the method returns (write-ahead log, `synchronous = FULL`). Time is an argument.
//!
//! | module | holds |
//! |---|---|
//! | [`error`] | what can go wrong, with the file and what to do |
//! | [`open`] | opening, permissions, versions |
//! | `schema` | the tables, indices and migrations |
//! | `rows` | rows as types |
//! | [`query`] | reading: one job, a page, the counts |
//! | `page` | finding the rows of a page quickly |
//! | `ledger` | the append-only record of attempts |
//! | `enqueue` | adding jobs, once each |
//! | [`lease`] | waking, gating and leasing |
//! | `settle` | what a lease's holder writes: start, outcome, failure, heartbeat |
//! | `operate` | what an operator does: cancel, retry, requeue, suppress |

mod enqueue;
pub mod error;
pub mod lease;
mod ledger;
pub mod open;
mod operate;
mod page;
pub mod query;
mod rows;
mod schema;
mod settle;

pub use enqueue::{Enqueued, NotEnqueued};
pub use error::StoreError;
pub use lease::{Leased, Opening, Woken};
pub use ledger::AttemptEvent;
pub use open::Options;
pub use page::COUNT_LIMIT;
pub use query::{ChangeStamp, Counts, JobQuery, Order};

use self::error::Trouble;
use crate::host::state_dir::StateDir;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// An open store. One connection: a process that wants to read while it writes opens two.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    writes: u64,
}

impl Store {
    /// Opens the store of a state directory, creating or upgrading it where needed.
    pub fn open(dir: &StateDir) -> Result<Self, StoreError> {
        Self::open_with(&dir.store_path(), Options::default())
    }

    /// Opens the database at `path`.
    pub fn open_with(path: &Path, options: Options) -> Result<Self, StoreError> {
        open::open(path, options)
    }

    /// The database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does `work` in one transaction under the write lock; an error leaves everything as it was.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Trouble>,
    ) -> Result<T, StoreError> {
        let done = (|| {
            let tx = self
                .conn
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&tx)?;
            tx.commit()?;
            Ok(value)
        })();
        match done {
            Ok(value) => {
                self.writes = self.writes.wrapping_add(1);
                Ok(value)
            }
            Err(e) => Err(Trouble::at(e, &self.path)),
        }
    }

    /// Does `work` on one consistent view.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, StoreError> {
        let done = (|| {
            let tx = self.conn.unchecked_transaction()?;
            let value = work(&tx)?;
            tx.commit()?;
            Ok(value)
        })();
        done.map_err(|e: Trouble| e.at(&self.path))
    }
}
