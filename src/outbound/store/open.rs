//! Opening the database: who may read it, which version it is, and a clear answer where it cannot be used.

use super::Store;
use super::error::{StoreError, from_sqlite};
use super::schema::{APPLICATION_ID, MIGRATIONS};
use crate::host::clock;
use crate::host::files::reason;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for another process that is writing, before the database counts as locked.
    pub busy_timeout: Duration,
    /// The most pages (of 4 KiB) the file may grow to; no limit but the disk's when `None`.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(2),
            max_pages: None,
        }
    }
}

/// A transaction is on disk when it returns; a page of a large queue stays in the 16 MiB of cache between key presses.
const SETTINGS: &str = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384;";

/// Opens the database at `path`, creates it where there is none, and brings it to this program's version.
pub(super) fn open(path: &Path, options: Options) -> Result<Store, StoreError> {
    prepare_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags);
    let mut conn = opened.map_err(|e| from_sqlite(&e, path))?;
    let sql = |e: rusqlite::Error| from_sqlite(&e, path);
    conn.busy_timeout(options.busy_timeout).map_err(sql)?;
    conn.set_prepared_statement_cache_capacity(64);
    check_identity(&conn, path)?;
    enter_wal(&conn, path, options.busy_timeout)?;
    conn.execute_batch(SETTINGS).map_err(sql)?;
    if let Some(pages) = options.max_pages {
        conn.pragma_update(None, "max_page_count", pages).map_err(sql)?;
    }
    migrate(&mut conn, path)?;
    Ok(Store {
        conn,
        path: path.to_owned(),
        writes: 0,
    })
}

/// Makes sure that the file exists and that only its owner can read it: job rows hold names and numbers. SQLite gives
/// the files it adds beside it the same mode.
fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let refused = |e: &io::Error| from_io(e, path);
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => {
            let log = beside(path, "-wal");
            if meta.len() == 0 && fs::metadata(&log).is_ok_and(|m| m.len() > 0) {
                // SQLite would take the file for a new one and drop the log with everything in it.
                return Err(StoreError::Corrupt {
                    path: path.to_owned(),
                    detail: format!("the file is empty but {} is not", log.display()),
                });
            }
            if meta.permissions().mode() & 0o077 != 0 {
                fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|e| refused(&e))?;
            }
            Ok(())
        }
        Ok(_) => Err(StoreError::Failed {
            path: path.to_owned(),
            reason: "this is not a file".to_owned(),
        }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            let create = OpenOptions::new()
                .write(true)
                .create(true)
                .mode(0o600)
                .truncate(false)
                .open(path);
            create.map(drop).map_err(|e| refused(&e))
        }
        Err(e) => Err(refused(&e)),
    }
}

fn from_io(e: &io::Error, path: &Path) -> StoreError {
    let path = path.to_owned();
    match e.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
        _ => StoreError::Failed {
            path,
            reason: reason(e),
        },
    }
}

/// The file SQLite keeps beside the database.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether the file is ours, empty or of a version we know. Reads only.
fn check_identity(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let number = |pragma: &str| -> Result<i64, StoreError> {
        conn.pragma_query_value(None, pragma, |r| r.get(0))
            .map_err(|e| from_sqlite(&e, path))
    };
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
        .map_err(|e| from_sqlite(&e, path))?;
    let (id, found) = (number("application_id")?, number("user_version")?);
    if tables > 0 && id != i64::from(APPLICATION_ID) {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    check_version(found, path)
}

fn check_version(found: i64, path: &Path) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(())
}

/// Switches to the write-ahead log. Two processes that open a new database at once can each hold what the other needs;
/// SQLite then refuses at once instead of waiting, so the switch is tried again until the time is over.
fn enter_wal(conn: &Connection, path: &Path, patience: Duration) -> Result<(), StoreError> {
    let begin = clock::instant();
    loop {
        let mode = conn.pragma_update_and_check(None, "journal_mode", "wal", |r| r.get::<_, String>(0));
        match mode.map_err(|e| from_sqlite(&e, path)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(StoreError::Failed {
                    path: path.to_owned(),
                    reason: format!("the file system only allows journal mode {mode}"),
                });
            }
            Err(StoreError::Locked { .. }) if begin.elapsed() < patience => {
                std::thread::park_timeout(Duration::from_millis(2));
            }
            Err(e) => return Err(e),
        }
    }
}

/// Applies the migrations the file has not seen, all or none, under the write lock.
fn migrate(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let sql = |e: rusqlite::Error| from_sqlite(&e, path);
    let version = |conn: &Connection| conn.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0));
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version(conn).map_err(sql)? == known {
        return Ok(());
    }
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(sql)?;
    let found = version(&tx).map_err(sql)?;
    check_version(found, path)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(migration).map_err(sql)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(sql)?;
    tx.pragma_update(None, "user_version", known).map_err(sql)?;
    tx.commit().map_err(sql)
}
