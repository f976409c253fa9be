//! The record of one operation, and its text.
//!
//! The text carries its own hash, because a record that was damaged and can
//! still be read would be worse than none: a `before` that is lost says that
//! the file is to be removed. Where the text lies is known to the `journal`.

use std::path::Path;

use jiff::Timestamp;
use repot_change::{ContentHash, RelPath};
use serde::{Deserialize, Serialize};

use crate::operation::rel_path;
use crate::store::Object;
use crate::verify::is_off_limits;
use crate::{ApplyError, JournalEntry, Operation, OperationId, OperationKind, State};

/// The format that is written, and the newest that is read.
const VERSION: u32 = 1;

/// A folder that an operation creates or removes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Folder {
    #[serde(deserialize_with = "rel_path")]
    pub(crate) path: RelPath,
    /// Its mode bits; `None` for a new folder that takes what the umask leaves.
    pub(crate) mode: Option<u32>,
}

/// All that is known of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: OperationId,
    #[serde(flatten)]
    pub(crate) kind: OperationKind,
    pub(crate) title: String,
    /// The reason for which it was done although its phase should have waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) forced: Option<String>,
    pub(crate) time: Timestamp,
    pub(crate) files: Vec<JournalEntry>,
    /// Sorted, so that a folder stands before those in it.
    pub(crate) created: Vec<Folder>,
    pub(crate) removed: Vec<Folder>,
    pub(crate) objects: Vec<Object>,
}

impl Record {
    /// This operation, for people.
    pub(crate) fn operation(&self, state: State) -> Operation {
        let stored: u64 = self.objects.iter().map(Object::size).sum();
        let bytes = self.text().len() as u64 + stored;
        let Self { id, kind, title, forced, time, files, .. } = self.clone();
        Operation { id, kind, title, forced, time, files, bytes, state }
    }

    /// This as the journal keeps it: a line of JSON with the format and the hash
    /// of the rest, and a line of JSON with the record.
    pub(crate) fn text(&self) -> Vec<u8> {
        let body = json(self);
        let head = Head { version: VERSION, hash: ContentHash::of(&body) };
        [json(&head), b"\n".to_vec(), body].concat()
    }

    /// Every path that the operation names.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &RelPath> {
        self.files.iter().map(|entry| &entry.path)
    }
}

/// What an operation is going to do: a record that has no number yet.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) kind: OperationKind,
    pub(crate) title: &'a str,
    pub(crate) forced: Option<&'a str>,
    pub(crate) files: Vec<JournalEntry>,
    pub(crate) created: Vec<Folder>,
    pub(crate) removed: Vec<Folder>,
    /// The old bytes and their hashes.
    pub(crate) contents: Vec<(ContentHash, &'a [u8])>,
}

impl Draft<'_> {
    /// The record of this as operation `id`, whose old bytes are `objects`.
    pub(crate) fn record(self, id: OperationId, objects: Vec<Object>) -> Record {
        let Self { kind, title, forced, files, created, removed, .. } = self;
        let (title, forced, time) = (title.to_owned(), forced.map(str::to_owned), Timestamp::now());
        Record { id, kind, title, forced, time, files, created, removed, objects }
    }
}

/// The first line of a record's text.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    hash: ContentHash,
}

/// Reads the text of the record of operation `id`, which lies at `path`.
pub(crate) fn read(path: &Path, id: OperationId, text: &[u8]) -> Result<Record, ApplyError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let damaged = |reason: String| ApplyError::Damaged { path: path.to_owned(), reason };
    let not_json = |error: serde_json::Error| damaged(error.to_string());
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let (first, body) = (&text[..end], text.get(end + 1..).unwrap_or_default());
    // The version is read alone first: the rest of a newer format is not known.
    let Versioned { version } = serde_json::from_slice(first).map_err(not_json)?;
    match version {
        VERSION => {}
        0 => return Err(damaged("there is no format 0".to_owned())),
        _ => return Err(ApplyError::Newer { path: path.to_owned(), version }),
    }
    let Head { hash, .. } = serde_json::from_slice(first).map_err(not_json)?;
    if ContentHash::of(body) != hash {
        return Err(damaged("it is not what was written".to_owned()));
    }
    let record: Record = serde_json::from_slice(body).map_err(not_json)?;
    if record.id != id {
        return Err(damaged(format!("it is the record of operation {}", record.id)));
    }
    let folders = record.created.iter().chain(&record.removed).map(|folder| &folder.path);
    if let Some(bad) = record.paths().chain(folders).find(|path| is_off_limits(path)) {
        return Err(damaged(format!("it names `{bad}`, which is off limits")));
    }
    Ok(record)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a value without maps of odd keys is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str) -> Record {
        let path = RelPath::new(path).unwrap();
        let entry = JournalEntry { path: path.clone(), before: None, after: None, moved_from: Some(path) };
        let (kind, title) = (OperationKind::Undo { of: OperationId::NONE }, "");
        let (files, created, removed, contents) = (vec![entry], Vec::new(), Vec::new(), Vec::new());
        let forced = Some("the old team is gone");
        let draft = Draft { kind, title, forced, files, created, removed, contents };
        draft.record(OperationId::NONE.next(), Vec::new())
    }

    fn read_back(text: &[u8]) -> Result<Record, ApplyError> {
        read(Path::new("record"), OperationId::NONE.next(), text)
    }

    #[test]
    fn a_record_survives_its_text_and_no_byte_of_it_can_change() {
        let record = record("shop/cart.py");
        let text = record.text();
        assert_eq!(read_back(&text).unwrap(), record);
        for at in 0..text.len() {
            let mut damaged = text.clone();
            damaged[at] ^= 1;
            assert!(read_back(&damaged).is_err(), "byte {at}");
            assert!(read_back(&text[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_record_of_another_operation_or_of_what_is_off_limits_is_refused() {
        let text = record("shop/cart.py").text();
        assert!(read(Path::new("record"), OperationId::NONE, &text).is_err());
        for path in ["", ".git/config", "a/.repot/lock"] {
            let error = read_back(&record(path).text()).unwrap_err();
            assert!(matches!(error, ApplyError::Damaged { .. }), "{path}: {error}");
        }
    }

    #[test]
    fn a_newer_format_is_told_from_damage() {
        let error = read_back(b"{\"version\":2,\"more\":true}\n\x00").unwrap_err();
        assert!(matches!(error, ApplyError::Newer { version: 2, .. }), "{error}");
    }
}
