//! What can go wrong with the store, each with the file and what to do.

use crate::outbound::id::{Fence, JobId};
use crate::outbound::state::{IllegalTransition, JobState};
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// Why the store did not do what it was asked. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No such job.
    #[error("there is no job {job_id}")]
    NotFound {
        /// What was asked for.
        job_id: JobId,
    },
    /// The job's state forbids it.
    #[error("{job_id}: {source}")]
    Illegal {
        /// The job.
        job_id: JobId,
        /// What was asked of it and where it stands.
        source: IllegalTransition,
    },
    /// The writer's lease ran out and the job went on without it.
    #[error("{job_id}: the lease with number {given} is over; the job is at number {current}")]
    StaleFence {
        /// The job.
        job_id: JobId,
        /// The number the writer holds.
        given: Fence,
        /// The number of the last lease.
        current: Fence,
    },
    /// The job is no longer held by anyone: it was canceled or has ended.
    #[error("{job_id}: the lease is over; the job is {state}")]
    NotHeld {
        /// The job.
        job_id: JobId,
        /// Where it stands.
        state: JobState,
    },
    /// The writer's lease ran out before it began to dial.
    #[error("{job_id}: the lease ran out before the call began")]
    LeaseOver {
        /// The job.
        job_id: JobId,
    },
    /// The job would become a second unfinished one for its campaign and account.
    #[error("{job_id}: {other} is unfinished for the same campaign and account")]
    Duplicate {
        /// The job.
        job_id: JobId,
        /// The one that is unfinished.
        other: JobId,
    },
    /// Another process keeps the database locked.
    #[error(
        "{}: the database is locked by another program\n  help: close that program, or choose another folder with --state-dir",
        .path.display()
    )]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// No room to write.
    #[error(
        "{}: the disk is full; nothing was lost\n  help: free some space and try again, or choose another folder with --state-dir",
        .path.display()
    )]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error(
        "{}: the database cannot be written\n  help: make the file and its folder writable, or choose another folder with --state-dir",
        .path.display()
    )]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// The file is damaged, or is no database.
    #[error(
        "{}: the database is damaged: {detail}\n  help: move the file away to begin with an empty one, or restore a copy; it was not changed",
        .path.display()
    )]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The file is the database of another program.
    #[error(
        "{}: this is the database of another program\n  help: choose another folder with --state-dir; the file was not changed",
        .path.display()
    )]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// The file was written by a newer version of this program.
    #[error(
        "{}: written by a newer version of ivr-tui (schema {found}, this one knows {known})\n  help: update ivr-tui, or choose another folder with --state-dir; the file was not changed",
        .path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Anything else the database or the system said.
    #[error("{}: {reason}\n  help: check the folder, or choose another one with --state-dir", .path.display())]
    Failed {
        /// The database.
        path: PathBuf,
        /// What was said.
        reason: String,
    },
}

/// An error inside a transaction, before it is known which file it is about.
#[derive(Debug)]
pub(super) enum Trouble {
    /// About a job.
    Job(StoreError),
    /// A value in the file that this program never writes.
    Value(String),
    /// From the database.
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(e: rusqlite::Error) -> Self {
        Self::Sql(e)
    }
}

impl From<StoreError> for Trouble {
    fn from(e: StoreError) -> Self {
        Self::Job(e)
    }
}

impl Trouble {
    /// The error with its file.
    pub(super) fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Job(e) => e,
            Self::Value(detail) => StoreError::Corrupt {
                path: path.to_owned(),
                detail,
            },
            Self::Sql(e) => from_sqlite(&e, path),
        }
    }
}

/// Says what SQLite found, without the statement it was busy with: that could hold a person's data.
pub(super) fn from_sqlite(e: &rusqlite::Error, path: &Path) -> StoreError {
    let path = path.to_owned();
    match e.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::ReadOnly { path }
        }
        Some(ErrorCode::NotADatabase) => StoreError::Corrupt {
            path,
            detail: "the file is not a database".to_owned(),
        },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt {
            path,
            detail: "a page cannot be read".to_owned(),
        },
        code => StoreError::Failed {
            path,
            reason: match code {
                Some(code) => format!("the database said {code:?}"),
                None => "the database gave an unexpected answer".to_owned(),
            },
        },
    }
}
