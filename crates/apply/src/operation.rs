//! What was done to the tree, as values: operations and their files.
//!
//! These are what the journal keeps and what `log` shows. How they are stored
//! is the matter of the `journal` module.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use jiff::Timestamp;
use repot_change::{ContentHash, RelPath};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The number of an operation: 1 and upwards, in the order of time; printed
/// with at least four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(u32);

impl OperationId {
    /// The number of what is in no journal, and of nothing in one.
    pub(crate) const NONE: Self = Self(0);

    /// The number after this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl FromStr for OperationId {
    type Err = ParseIntError;

    /// Reads a number, with or without leading zeros.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for OperationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OperationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What kind of operation it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum OperationKind {
    /// A plan was carried out.
    Apply,
    /// An applied plan was taken back.
    Undo {
        /// The operation that applied it.
        of: OperationId,
    },
    /// A plan that was taken back was carried out again.
    Redo {
        /// The operation that applied it first.
        of: OperationId,
    },
}

/// Where an operation stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum State {
    /// It was stopped in the middle, or is under way right now.
    Unfinished,
    /// It was carried out. An undo stays in this state when it is redone: only
    /// what applied a plan can be undone.
    Applied,
    /// It was carried out and taken back since.
    Undone {
        /// The operation that took it back.
        by: OperationId,
    },
}

/// One operation of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Its number.
    pub id: OperationId,
    /// What kind it is.
    #[serde(flatten)]
    pub kind: OperationKind,
    /// What it did, for people; an undo and a redo carry the title of what they
    /// took back or brought again.
    pub title: String,
    /// The reason for which it was done although its phase should have waited.
    pub forced: Option<String>,
    /// When it began.
    pub time: Timestamp,
    /// Every file that it changed, sorted by path.
    pub files: Vec<JournalEntry>,
    /// How many bytes it occupies in the journal.
    pub bytes: u64,
    /// Where it stands now.
    #[serde(flatten)]
    pub state: State,
}

impl Operation {
    /// The operation that applied first what this one applies, undoes or redoes.
    pub(crate) fn plan(&self) -> OperationId {
        match self.kind {
            OperationKind::Apply => self.id,
            OperationKind::Undo { of } | OperationKind::Redo { of } => of,
        }
    }
}

/// A file as it stood, or stands, at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// The hash of its bytes.
    pub hash: ContentHash,
    /// Its size, in bytes.
    pub size: u64,
    /// Its twelve mode bits.
    pub mode: u32,
}

impl FileState {
    /// Whether its owner may execute it.
    #[must_use]
    pub fn executable(&self) -> bool {
        is_executable(self.mode)
    }
}

/// Whether the owner may execute a file with this mode.
pub(crate) fn is_executable(mode: u32) -> bool {
    mode & 0o100 != 0
}

/// What an operation did at one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The path.
    #[serde(deserialize_with = "rel_path")]
    pub path: RelPath,
    /// What stood there before; `None` when no file did.
    pub before: Option<FileState>,
    /// What stands there after; `None` when no file does.
    pub after: Option<FileState>,
    /// The path from which the file came, when it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "optional_rel_path")]
    pub moved_from: Option<RelPath>,
}

/// Reads a path, and refuses one that could leave the root.
pub(crate) fn rel_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RelPath, D::Error> {
    RelPath::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn optional_rel_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RelPath>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| RelPath::new(&text).map_err(D::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_and_print_alike_and_are_read_with_or_without_zeros() {
        let id: OperationId = "0012".parse().unwrap();
        assert_eq!("12".parse(), Ok(id));
        assert_eq!(id.to_string(), "0012");
        assert!(id < id.next());
        assert!("last".parse::<OperationId>().is_err());
    }

    #[test]
    fn a_path_that_leaves_the_root_is_no_entry() {
        let entry = |path: &str| {
            let text = format!(r#"{{"path":"{path}","before":null,"after":null}}"#);
            serde_json::from_str::<JournalEntry>(&text)
        };
        assert!(entry("shop/cart.py").is_ok());
        assert!(entry("../cart.py").is_err());
        assert!(entry("/etc/passwd").is_err());
    }
}
