//! The running call on disk, so that a sandbox that was killed can take it up again: one file of JSON lines for each
//! sandbox (`session.jsonl`), locked while its sandbox lives, gone when it ends well.

use crate::call::journal::{Header, Record, VERSION};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The largest journal that is read again.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// How many sandboxes share a state directory at most.
const MOST_SANDBOXES: usize = 64;

/// The journals of a state directory, as one sandbox sees them.
pub(super) struct Journals {
    dir: PathBuf,
    own: Option<(PathBuf, File)>,
    left: Option<(PathBuf, File)>,
}

impl Journals {
    /// Looks into the state directory. A journal whose sandbox is gone is kept locked, so that no other sandbox offers it
    /// too; one in which nothing was done is thrown away.
    pub(super) fn open(dir: &Path) -> (Self, Option<(Header, Vec<Record>)>) {
        let mut journals = Self {
            dir: dir.to_owned(),
            own: None,
            left: None,
        };
        let mut newest: Option<Found> = None;
        for (path, file) in names(dir).filter_map(|path| lock_existing(&path).map(|file| (path, file))) {
            let Some((header, records)) = read(&file) else {
                // What is not a journal of ours stays where it is.
                continue;
            };
            if records.len() < 2 {
                let _ = fs::remove_file(&path);
                continue;
            }
            let when = file.metadata().and_then(|m| m.modified()).ok();
            if newest.as_ref().is_none_or(|n| when > n.when) {
                newest = Some(Found {
                    when,
                    path,
                    file,
                    header,
                    records,
                });
            }
        }
        let offer = newest.map(|found| {
            journals.left = Some((found.path, found.file));
            (found.header, found.records)
        });
        (journals, offer)
    }

    /// Begins this sandbox's journal anew.
    pub(super) fn begin(&mut self, header: &Header) -> io::Result<()> {
        if self.own.is_none() {
            self.own = Some(self.create()?);
        }
        if let Some((_, file)) = &mut self.own {
            file.set_len(0)?;
            file.rewind()?;
        }
        self.line(header)
    }

    /// Writes on. One write for each record: what was heard before a kill is there after it.
    pub(super) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        records.iter().try_for_each(|record| self.line(record))
    }

    /// Reads what the killed sandbox left.
    pub(super) fn left(&self) -> Option<(Header, Vec<Record>)> {
        self.left.as_ref().and_then(|(_, file)| read(file))
    }

    /// Forgets what the killed sandbox left.
    pub(super) fn let_go(&mut self) {
        if let Some((path, _file)) = self.left.take() {
            let _ = fs::remove_file(path);
        }
    }

    /// The sandbox ended well: nothing is to be taken up.
    pub(super) fn close(mut self) {
        if let Some((path, _file)) = self.own.take() {
            let _ = fs::remove_file(path);
        }
    }

    /// A file of our own: a new one, or one that nobody holds and nobody is offered.
    fn create(&self) -> io::Result<(PathBuf, File)> {
        for path in names(&self.dir) {
            let fresh = OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path);
            match fresh {
                Ok(file) => {
                    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
                    return Ok((path, file));
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
        Err(io::Error::other("too many sandboxes share this state directory"))
    }

    fn line(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        let Some((_, file)) = &mut self.own else {
            return Ok(());
        };
        let mut text = serde_json::to_string(value)?;
        text.push('\n');
        file.write_all(text.as_bytes())
    }
}

/// A journal that nobody holds.
struct Found {
    when: Option<SystemTime>,
    path: PathBuf,
    file: File,
    header: Header,
    records: Vec<Record>,
}

/// The names a journal can have, in the order they are tried.
fn names(dir: &Path) -> impl Iterator<Item = PathBuf> {
    let name = |n: usize| {
        if n == 1 {
            "session.jsonl".to_owned()
        } else {
            format!("session-{n}.jsonl")
        }
    };
    (1..=MOST_SANDBOXES).map(move |n| dir.join(name(n)))
}

/// Opens a journal that nobody holds.
fn lock_existing(path: &Path) -> Option<File> {
    let file = OpenOptions::new().read(true).write(true).open(path).ok()?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    // Between opening and locking its sandbox may have ended well and removed it.
    path.exists().then_some(file)
}

/// Reads a journal as far as it is whole: a kill may have cut its last line.
fn read(mut file: &File) -> Option<(Header, Vec<Record>)> {
    if file.metadata().ok()?.len() > MOST_BYTES {
        return None;
    }
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    let mut lines = text.lines();
    let header: Header = serde_json::from_str(lines.next()?).ok()?;
    if header.version != VERSION {
        return None;
    }
    let records = lines.map_while(|line| serde_json::from_str(line).ok()).collect();
    Some((header, records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Signal;

    fn header(line: &str) -> Header {
        Header {
            version: VERSION,
            line: line.to_owned(),
            preset: String::new(),
            scenario: String::new(),
            start: "2026-02-10T10:00:00-06:00[America/Chicago]".parse().unwrap(),
        }
    }

    fn heard(signal: Signal) -> Record {
        Record::Heard {
            ms: 0,
            civil: header("").start,
            signal: Box::new(signal),
        }
    }

    fn begun(dir: &Path, line: &str) -> Journals {
        let (mut journals, _) = Journals::open(dir);
        journals.begin(&header(line)).unwrap();
        journals
            .append(&[heard(Signal::Start), heard(Signal::Silence)])
            .unwrap();
        journals
    }

    #[test]
    fn a_call_that_broke_off_is_offered_once_and_gone_when_let_go() {
        let dir = tempfile::tempdir().unwrap();
        drop(begun(dir.path(), "bank"));
        let (mut next, offer) = Journals::open(dir.path());
        assert_eq!(
            offer.map(|(h, r)| (h.line, r.len())),
            Some(("bank".to_owned(), 2))
        );
        assert!(Journals::open(dir.path()).1.is_none(), "offered twice at once");
        next.let_go();
        assert!(Journals::open(dir.path()).1.is_none());
    }

    #[test]
    fn a_sandbox_that_ended_well_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        begun(dir.path(), "bank").close();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn two_sandboxes_never_write_into_one_journal() {
        let dir = tempfile::tempdir().unwrap();
        let one = begun(dir.path(), "bank");
        let two = begun(dir.path(), "collections");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        assert!(
            Journals::open(dir.path()).1.is_none(),
            "a running call was offered"
        );
        one.close();
        drop(two);
        assert_eq!(
            Journals::open(dir.path()).1.map(|(h, _)| h.line),
            Some("collections".to_owned())
        );
    }

    #[test]
    fn a_journal_is_for_its_owner_only_and_a_cut_last_line_loses_only_itself() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let mut journals = begun(dir.path(), "bank");
        let path = dir.path().join("session.jsonl");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        if let Some((_, file)) = &mut journals.own {
            file.write_all(b"{\"op\":\"hea").unwrap();
        }
        drop(journals);
        assert_eq!(Journals::open(dir.path()).1.map(|(_, r)| r.len()), Some(2));
    }

    #[test]
    fn a_call_in_which_nothing_was_done_is_not_offered() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journals, _) = Journals::open(dir.path());
        journals.begin(&header("bank")).unwrap();
        journals.append(&[heard(Signal::Start)]).unwrap();
        drop(journals);
        assert!(Journals::open(dir.path()).1.is_none());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
