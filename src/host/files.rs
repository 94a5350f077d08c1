//! Reading files that people edit, and writing files whole.

use crate::call::json::FileError;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// The largest file that is read as text: scenarios, flows and data are far smaller, and a log or a video named by
/// mistake is refused before it fills the memory.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a text file whole. Missing, unreadable, too large, binary and wrongly encoded files are errors that say so.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let name = path.display().to_string();
    let fail = |message: String, help: &str| Err(FileError::whole(&name, message).with_help(help));
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return fail("no such file".to_owned(), "check the path");
        }
        Err(e) => return fail(reason(&e), "check the path and its permissions"),
    };
    if meta.is_dir() {
        return fail("this is a folder".to_owned(), "name a file in it");
    }
    let too_large = "is this the right file? scenarios, flows and data are far smaller";
    if meta.len() > MAX_BYTES {
        return fail(
            format!(
                "{} MB is over the limit of {} MB",
                meta.len() >> 20,
                MAX_BYTES >> 20
            ),
            too_large,
        );
    }
    let mut bytes = Vec::new();
    // A pipe or device tells no length: stop reading one byte past the limit.
    let read = File::open(path).and_then(|f| f.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    if let Err(e) = read {
        return fail(reason(&e), "check the file's permissions");
    }
    if bytes.len() as u64 > MAX_BYTES {
        return fail(format!("over the limit of {} MB", MAX_BYTES >> 20), too_large);
    }
    decode(&name, bytes)
}

/// Bytes as text, or what is wrong with them.
fn decode(name: &str, bytes: Vec<u8>) -> Result<String, FileError> {
    let fail = |message: &str, help: &str| Err(FileError::whole(name, message).with_help(help));
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return fail("the file is UTF-16", "save it as UTF-8");
    }
    if bytes.contains(&0) {
        return fail("this is a binary file", "a text file was expected");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let line = e.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
            let mut error = FileError::whole(name, "the file is not UTF-8").with_help("save it as UTF-8");
            error.line = line;
            Err(error)
        }
    }
}

/// Writes a file whole: beside the target first, then renamed over it, so a reader never sees half of one.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// An IO error in a few words, without the system's number.
pub fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => {
            let text = e.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}
