//! A folder or a database that cannot be used: each problem by its whole message, and nothing lost.

use super::{Fixture, fixture, morning, request};
use ivr_tui::host::state_dir::StateDir;
use ivr_tui::outbound::Store;
use ivr_tui::outbound::store::{JobQuery, NotEnqueued, Options};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

const ELSEWHERE: &str = "choose another folder with --state-dir";

/// Opens without patience, and says what went wrong with `…` for the folder.
fn opened(f: &Fixture) -> Result<(), String> {
    let options = Options {
        busy_timeout: Duration::from_millis(20),
        ..Options::default()
    };
    let folder = f.dir.path().display().to_string();
    let store = Store::open_with(&f.path(), options);
    store.map(drop).map_err(|e| e.to_string().replace(&folder, "…"))
}

/// A store with one job in it that is closed, so that everything is in the one file.
fn closed() -> Fixture {
    let mut f = fixture();
    f.add(&request("acct_1"));
    let elsewhere = tempfile::tempdir().unwrap();
    let other = StateDir::open(elsewhere.path()).unwrap();
    f.store = Store::open(&other).unwrap();
    f
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_folder_and_every_file_in_it_are_for_their_owner_alone() {
    let mut f = fixture();
    f.add(&request("acct_1"));
    assert_eq!(mode(&f.dir.path().join("runtime")), 0o700);
    let mut files: Vec<(String, u32)> = fs::read_dir(f.dir.path().join("runtime"))
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), mode(&e.path())))
        .collect();
    files.sort();
    let expected = ["ivr.db", "ivr.db-shm", "ivr.db-wal"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(files, expected);
}

#[test]
fn a_database_that_others_could_read_is_closed_to_them() {
    let f = closed();
    fs::set_permissions(f.path(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(opened(&f), Ok(()));
    assert_eq!(mode(&f.path()), 0o600);
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notes.txt");
    fs::write(&file, "mine").unwrap();
    for path in [file.clone(), file.join("runtime")] {
        let said = StateDir::open(&path).map_err(|e| e.to_string());
        let expected = format!(
            "{}: this is not a folder\n  help: {ELSEWHERE}, or move the file away",
            path.display()
        );
        assert_eq!(said, Err(expected));
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    // Even root may not create a folder there.
    let said = StateDir::open(Path::new("/sys/ivr-runtime")).map_err(|e| e.to_string());
    let help = "make it writable, or choose another folder with --state-dir";
    let expected =
        |reason: &str| format!("/sys/ivr-runtime: the folder cannot be written: {reason}\n  help: {help}");
    let reasons = [
        "permission denied",
        "operation not permitted",
        "the file system is read-only",
    ]
    .map(expected);
    assert!(said.as_ref().is_err_and(|e| reasons.contains(e)), "{said:?}");
}

#[test]
fn a_database_that_is_a_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ivr.db");
    fs::create_dir(&path).unwrap();
    let said = Store::open_with(&path, Options::default())
        .map(drop)
        .map_err(|e| e.to_string());
    let expected = format!(
        "{}: this is not a file\n  help: check the folder, or choose another one with --state-dir",
        path.display()
    );
    assert_eq!(said, Err(expected));
}

#[test]
fn a_database_from_a_newer_version_is_left_alone() {
    let f = closed();
    f.sql("PRAGMA user_version = 99").unwrap();
    let before = fs::read(f.path()).unwrap();
    assert_eq!(
        opened(&f),
        Err(format!(
            "…/runtime/ivr.db: written by a newer version of ivr-tui (schema 99, this one knows 1)\n  \
             help: update ivr-tui, or {ELSEWHERE}; the file was not changed"
        ))
    );
    assert_eq!(fs::read(f.path()).unwrap(), before);
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    let f = closed();
    f.sql("PRAGMA application_id = 1").unwrap();
    let before = fs::read(f.path()).unwrap();
    assert_eq!(
        opened(&f),
        Err(format!(
            "…/runtime/ivr.db: this is the database of another program\n  help: {ELSEWHERE}; the file was not changed"
        ))
    );
    assert_eq!(fs::read(f.path()).unwrap(), before);
}

fn damaged(detail: &str) -> Result<(), String> {
    Err(format!(
        "…/runtime/ivr.db: the database is damaged: {detail}\n  help: move the file away to begin with an empty one, or \
         restore a copy; it was not changed"
    ))
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let f = closed();
    let text = "not a database at all, but longer than a header of one hundred bytes. ".repeat(80);
    fs::write(f.path(), &text).unwrap();
    assert_eq!(opened(&f), damaged("the file is not a database"));
    assert_eq!(fs::read_to_string(f.path()).unwrap(), text);
}

#[test]
fn a_database_with_a_broken_page_says_so() {
    let f = closed();
    let mut bytes = fs::read(f.path()).unwrap();
    // Page 1 past the header: the tree of tables.
    bytes[100..4096].fill(0xff);
    fs::write(f.path(), &bytes).unwrap();
    assert_eq!(opened(&f), damaged("a page cannot be read"));
    assert_eq!(fs::read(f.path()).unwrap(), bytes);
}

#[test]
fn a_database_that_is_cut_short_says_so() {
    let mut f = closed();
    let bytes = fs::read(f.path()).unwrap();
    fs::write(f.path(), &bytes[..8192]).unwrap();
    let store = Store::open_with(&f.path(), Options::default());
    let folder = f.dir.path().display().to_string();
    // Whether it shows at opening or at the first reading depends on which pages are gone.
    let said = store.and_then(|s| {
        f.store = s;
        f.store.list(&JobQuery::default()).map(drop)
    });
    let said = said.map_err(|e| e.to_string().replace(&folder, "…"));
    assert_eq!(said, damaged("a page cannot be read"));
}

#[test]
fn a_row_with_a_value_this_program_never_writes_says_so() {
    let f = fixture();
    let mut f = Fixture { ..f };
    let id = f.add(&request("acct_1"));
    f.sql("UPDATE jobs SET payload = '{'").unwrap();
    let folder = f.dir.path().display().to_string();
    let said = f
        .store
        .get(&id)
        .map(drop)
        .map_err(|e| e.to_string().replace(&folder, "…"));
    assert_eq!(said, damaged("an unreadable payload"));
}

#[test]
fn an_empty_file_is_a_new_database() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ivr.db");
    fs::write(&path, "").unwrap();
    let mut store = Store::open_with(&path, Options::default()).unwrap();
    assert!(store.enqueue(&request("acct_1"), morning()).unwrap().created);
}

#[test]
fn an_empty_file_beside_a_log_with_data_is_not_taken_for_a_new_database() {
    let f = closed();
    fs::write(f.path(), "").unwrap();
    fs::write(f.path().with_file_name("ivr.db-wal"), "data").unwrap();
    let log = "…/runtime/ivr.db-wal";
    assert_eq!(
        opened(&f),
        damaged(&format!("the file is empty but {log} is not"))
    );
    assert_eq!(
        fs::read_to_string(f.path().with_file_name("ivr.db-wal")).unwrap(),
        "data"
    );
}

fn locked() -> String {
    format!(
        "…/runtime/ivr.db: the database is locked by another program\n  help: close that program, or {ELSEWHERE}"
    )
}

#[test]
fn a_database_that_another_program_keeps_to_itself_says_so() {
    let f = closed();
    let holder = rusqlite::Connection::open(f.path()).unwrap();
    holder
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y)")
        .unwrap();
    assert_eq!(opened(&f), Err(locked()));
    drop(holder);
    assert_eq!(opened(&f), Ok(()));
}

#[test]
fn a_write_while_another_process_writes_waits_and_then_says_so() {
    let f = fixture();
    let options = Options {
        busy_timeout: Duration::from_millis(20),
        ..Options::default()
    };
    let mut store = Store::open_with(&f.path(), options).unwrap();
    let holder = rusqlite::Connection::open(f.path()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let folder = f.dir.path().display().to_string();
    let said = store
        .enqueue(&request("acct_1"), morning())
        .map_err(|e| e.to_string().replace(&folder, "…"));
    assert_eq!(said.map(drop), Err(locked()));
    // Reading goes on meanwhile.
    assert_eq!(store.counts().unwrap().total(), 0);
    holder.execute_batch("ROLLBACK").unwrap();
    assert!(store.enqueue(&request("acct_1"), morning()).unwrap().created);
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let f = fixture();
    let options = Options {
        max_pages: Some(80),
        ..Options::default()
    };
    let mut store = Store::open_with(&f.path(), options).unwrap();
    let mut added = 0;
    let full = loop {
        match store.enqueue(&request(&format!("acct_{added}")), morning()) {
            Ok(_) => added += 1,
            Err(e) => break e,
        }
        assert!(added < 10_000, "the limit of pages never showed");
    };
    assert!(matches!(full, NotEnqueued::Store(_)), "{full:?}");
    assert_eq!(
        full.to_string(),
        format!(
            "{}: the disk is full; nothing was lost\n  help: free some space and try again, or {ELSEWHERE}",
            f.path().display()
        )
    );
    assert_eq!(store.counts().unwrap().total(), added);
    // With room again, the same store goes on.
    let mut roomy = Store::open_with(&f.path(), Options::default()).unwrap();
    assert!(roomy.enqueue(&request("acct_next"), morning()).unwrap().created);
    assert_eq!(roomy.counts().unwrap().total(), added + 1);
}

#[test]
fn a_disk_that_is_full_from_the_start_is_named_and_the_file_opens_once_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ivr.db");
    let options = Options {
        max_pages: Some(3),
        ..Options::default()
    };
    let said = Store::open_with(&path, options)
        .map(drop)
        .map_err(|e| e.to_string());
    let full = format!(
        "{}: the disk is full; nothing was lost\n  help: free some space and try again, or {ELSEWHERE}",
        path.display()
    );
    assert_eq!(said, Err(full));
    let mut store = Store::open_with(&path, Options::default()).unwrap();
    assert!(store.enqueue(&request("acct_1"), morning()).unwrap().created);
}

#[test]
fn a_database_that_cannot_be_written_is_named() {
    let said = Store::open_with(Path::new("/proc/version"), Options::default()).map(drop);
    let help = format!("make the file and its folder writable, or {ELSEWHERE}");
    let expected = format!("/proc/version: the database cannot be written\n  help: {help}");
    assert_eq!(said.map_err(|e| e.to_string()), Err(expected));
}
