//! The state directory: where the job store, the last session and the logs live.

use super::files::reason;
use std::fs::{self, DirBuilder};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// The folder used when nobody names another.
pub const DEFAULT: &str = "runtime";

/// A folder that exists and can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDir {
    path: PathBuf,
}

/// Why a folder cannot hold the state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateDirError {
    /// Something else has the name, or part of the path is a file.
    #[error("{}: this is not a folder\n  help: choose another folder with --state-dir, or move the file away", .path.display())]
    NotAFolder {
        /// What was named.
        path: PathBuf,
    },
    /// It cannot be created or written.
    #[error("{}: the folder cannot be written: {reason}\n  help: make it writable, or choose another folder with --state-dir", .path.display())]
    ReadOnly {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// No room left.
    #[error("{}: the disk is full; nothing was lost\n  help: free some space, or choose another folder with --state-dir", .path.display())]
    Full {
        /// The folder.
        path: PathBuf,
    },
    /// Anything else the system said.
    #[error("{}: {reason}\n  help: check the path, or choose another folder with --state-dir", .path.display())]
    Failed {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl StateDir {
    /// Opens the folder, creating it for its owner alone (mode 0700) where it is missing, and checks that it can be
    /// written: a problem shows here, before any work, not at the first save.
    pub fn open(path: &Path) -> Result<Self, StateDirError> {
        let fail = |e: &io::Error| explain(path, e);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|e| fail(&e))?;
        if fs::metadata(path).is_ok_and(|m| !m.is_dir()) {
            return Err(StateDirError::NotAFolder {
                path: path.to_owned(),
            });
        }
        let mut probe = tempfile::Builder::new()
            .prefix(".probe")
            .tempfile_in(path)
            .map_err(|e| fail(&e))?;
        probe
            .write_all(&[0; 4096])
            .and_then(|()| probe.as_file().sync_all())
            .map_err(|e| fail(&e))?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The job store's database.
    pub fn store_path(&self) -> PathBuf {
        self.path.join("ivr.db")
    }

    /// A file of this name in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

fn explain(path: &Path, e: &io::Error) -> StateDirError {
    let path = path.to_owned();
    match e.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => StateDirError::NotAFolder { path },
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StateDirError::ReadOnly {
            path,
            reason: reason(e),
        },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StateDirError::Full { path },
        _ => StateDirError::Failed {
            path,
            reason: reason(e),
        },
    }
}
