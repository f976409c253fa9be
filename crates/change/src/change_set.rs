//! A set of changes to a tree: edits, moves, new files, deletions.
//!
//! A change set is relative to the tree it was made from. It is resolved
//! against that tree into deltas, each a file before and after; nothing is
//! written here.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use crate::{Conflict, Edits, OutOfBounds, RelPath};

/// A file's bytes and the one bit of its mode that git keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// Whether the owner may execute the file.
    pub executable: bool,
}

impl Content {
    /// A file that nobody executes.
    pub fn plain(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { bytes: bytes.into(), executable: false }
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.bytes))
    }
}

/// What becomes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileChange {
    /// It stays where it is and its bytes change.
    Edit(Edits),
    /// It is new.
    Create(Content),
    /// It goes.
    Delete,
    /// It goes to another path, and its bytes may change on the way.
    Move {
        /// Where it goes.
        to: RelPath,
        /// What changes in it, in offsets of the file before.
        edits: Edits,
    },
}

/// One file before and after; `None` where it does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDelta {
    /// The path and content before.
    pub old: Option<(RelPath, Content)>,
    /// The path and content after.
    pub new: Option<(RelPath, Content)>,
}

impl FileDelta {
    /// The path to list the delta under: the new one, or that of a deleted file.
    #[must_use]
    pub fn path(&self) -> Option<&RelPath> {
        self.new.as_ref().or(self.old.as_ref()).map(|(path, _)| path)
    }
}

/// Why a change set does not fit a tree, or cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TreeError {
    /// Two changes name one path.
    #[error("{path}: changed twice in ways that do not go together")]
    Twice {
        /// The path.
        path: RelPath,
    },
    /// Two edits of one file overlap.
    #[error("{path}: {source}")]
    Conflict {
        /// The file.
        path: RelPath,
        /// The edits.
        source: Conflict,
    },
    /// An edit does not fit the file.
    #[error("{path}: {source}")]
    OutOfBounds {
        /// The file.
        path: RelPath,
        /// The edit.
        source: OutOfBounds,
    },
    /// A change of a file that does not exist.
    #[error("{path}: no such file in the tree that the change was made for")]
    Missing {
        /// The path.
        path: RelPath,
    },
    /// A file would be written over another one.
    #[error("{path}: exists already and would be overwritten")]
    Occupied {
        /// The path.
        path: RelPath,
    },
    /// The path belongs to git or to Repot itself.
    #[error("{path}: is never changed; `.git` and `.repot` are off limits")]
    OffLimits {
        /// The path.
        path: RelPath,
    },
}

/// Changes to a tree; every file that exists before is named at most once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    changes: BTreeMap<RelPath, FileChange>,
}

impl ChangeSet {
    /// A change set that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many files change.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// The changes by the path before (for a new file: its path), sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&RelPath, &FileChange)> {
        self.changes.iter()
    }

    /// Every path that a change names, before or after.
    pub fn touched(&self) -> impl Iterator<Item = &RelPath> {
        self.changes.iter().flat_map(|(path, change)| {
            let target = if let FileChange::Move { to, .. } = change { Some(to) } else { None };
            std::iter::once(path).chain(target)
        })
    }

    /// Adds edits of `path`; they join edits that are there already.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when they overlap, or `path` is created or deleted.
    pub fn edit(&mut self, path: RelPath, edits: Edits) -> Result<(), TreeError> {
        if edits.is_empty() {
            return Ok(());
        }
        let merge = |old: Edits| {
            old.merge(edits.clone()).map_err(|source| TreeError::Conflict { path: path.clone(), source })
        };
        let change = match self.changes.remove(&path) {
            None => FileChange::Edit(edits),
            Some(FileChange::Edit(old)) => FileChange::Edit(merge(old)?),
            Some(FileChange::Move { to, edits: old }) => FileChange::Move { to, edits: merge(old)? },
            Some(FileChange::Create(_) | FileChange::Delete) => return Err(TreeError::Twice { path }),
        };
        self.insert(path, change)
    }

    /// Adds the new file `path`.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when `path` is named already or is off limits.
    pub fn create(&mut self, path: RelPath, content: Content) -> Result<(), TreeError> {
        self.insert(path, FileChange::Create(content))
    }

    /// Removes the file `path`.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when `path` is named already or is off limits.
    pub fn delete(&mut self, path: RelPath) -> Result<(), TreeError> {
        self.insert(path, FileChange::Delete)
    }

    /// Moves the file `from` to `to`; edits that `from` has already go along.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when `from` is created, deleted or moved already, or a
    /// path is off limits.
    pub fn rename(&mut self, from: RelPath, to: RelPath) -> Result<(), TreeError> {
        check_limits(&to)?;
        let edits = match self.changes.remove(&from) {
            None => Edits::default(),
            Some(FileChange::Edit(edits)) => edits,
            Some(_) => return Err(TreeError::Twice { path: from }),
        };
        self.insert(from, FileChange::Move { to, edits })
    }

    fn insert(&mut self, path: RelPath, change: FileChange) -> Result<(), TreeError> {
        check_limits(&path)?;
        match self.changes.insert(path.clone(), change) {
            None => Ok(()),
            Some(_) => Err(TreeError::Twice { path }),
        }
    }

    /// Every file before and after, sorted by the path after.
    ///
    /// `read` gives the content of a file of the tree before. A path that one
    /// change leaves may be taken by another, so chains and swaps of moves are
    /// fine.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when the change set does not fit the tree.
    pub fn resolve(&self, read: impl Fn(&RelPath) -> Option<Content>) -> Result<Vec<FileDelta>, TreeError> {
        let mut deltas = Vec::with_capacity(self.changes.len());
        let mut taken = BTreeSet::new();
        for (path, change) in &self.changes {
            let delta = resolve_one(path, change, &read)?;
            if let Some((target, _)) = &delta.new {
                let is_left = target == path && !matches!(change, FileChange::Create(_));
                if !taken.insert(target.clone())
                    || (!is_left && !self.leaves(target) && read(target).is_some())
                {
                    return Err(TreeError::Occupied { path: target.clone() });
                }
            }
            deltas.push(delta);
        }
        deltas.sort_by(|a, b| a.path().cmp(&b.path()));
        Ok(deltas)
    }

    fn leaves(&self, path: &RelPath) -> bool {
        matches!(self.changes.get(path), Some(FileChange::Delete | FileChange::Move { .. }))
    }
}

fn resolve_one(
    path: &RelPath,
    change: &FileChange,
    read: &impl Fn(&RelPath) -> Option<Content>,
) -> Result<FileDelta, TreeError> {
    let (target, edits) = match change {
        FileChange::Create(content) => {
            return Ok(FileDelta { old: None, new: Some((path.clone(), content.clone())) });
        }
        FileChange::Delete => (None, &Edits::default()),
        FileChange::Edit(edits) => (Some(path), edits),
        FileChange::Move { to, edits } => (Some(to), edits),
    };
    let old = read(path).ok_or_else(|| TreeError::Missing { path: path.clone() })?;
    let bytes =
        edits.apply(&old.bytes).map_err(|source| TreeError::OutOfBounds { path: path.clone(), source })?;
    let new =
        target.map(|target| (target.clone(), Content { bytes: bytes.into(), executable: old.executable }));
    Ok(FileDelta { old: Some((path.clone(), old)), new })
}

fn check_limits(path: &RelPath) -> Result<(), TreeError> {
    let off = |part: &str| part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(".repot");
    if path.is_root() || path.components().any(off) {
        return Err(TreeError::OffLimits { path: path.clone() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edit, Span};

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    fn tree(path: &RelPath) -> Option<Content> {
        ["a.py", "b.py"].contains(&path.as_str()).then(|| Content::plain(path.as_str().as_bytes()))
    }

    fn after(changes: &ChangeSet) -> Result<Vec<(String, String)>, TreeError> {
        let text = |(path, content): (RelPath, Content)| {
            (path.to_string(), String::from_utf8_lossy(&content.bytes).into_owned())
        };
        Ok(changes.resolve(tree)?.into_iter().filter_map(|delta| delta.new.map(text)).collect())
    }

    #[test]
    fn two_files_may_swap_their_places() {
        let mut changes = ChangeSet::new();
        changes.rename(path("a.py"), path("b.py")).unwrap();
        changes.rename(path("b.py"), path("a.py")).unwrap();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(after(&changes).unwrap(), [pair("a.py", "b.py"), pair("b.py", "a.py")]);
    }

    #[test]
    fn nothing_is_overwritten() {
        let mut changes = ChangeSet::new();
        changes.rename(path("a.py"), path("b.py")).unwrap();
        assert_eq!(after(&changes), Err(TreeError::Occupied { path: path("b.py") }));
        let mut changes = ChangeSet::new();
        changes.create(path("b.py"), Content::plain(*b"x")).unwrap();
        assert_eq!(after(&changes), Err(TreeError::Occupied { path: path("b.py") }));
    }

    #[test]
    fn edits_travel_with_a_move() {
        let mut changes = ChangeSet::new();
        changes.edit(path("a.py"), Edits::new(vec![Edit::replace(Span::new(0, 1), "z")]).unwrap()).unwrap();
        changes.rename(path("a.py"), path("c/d.py")).unwrap();
        assert_eq!(after(&changes).unwrap(), [("c/d.py".to_owned(), "z.py".to_owned())]);
    }

    #[test]
    fn git_and_the_journal_are_off_limits() {
        let mut changes = ChangeSet::new();
        for text in ["", ".git/config", "a/.GIT/x", ".repot/journal"] {
            assert!(changes.delete(path(text)).is_err(), "{text:?}");
            assert!(changes.rename(path("a.py"), path(text)).is_err(), "{text:?}");
        }
        assert!(changes.is_empty());
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let mut changes = ChangeSet::new();
        changes.delete(path("gone.py")).unwrap();
        assert_eq!(after(&changes), Err(TreeError::Missing { path: path("gone.py") }));
    }
}
