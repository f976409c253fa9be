//! A set of changes to a tree: edits, moves, new files, deletions.
//!
//! A change set is relative to the tree it was made from. It is resolved
//! against that tree into deltas, each a file before and after; nothing is
//! written here.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use crate::{Conflict, Edit, Edits, OutOfBounds, RelPath};

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

    /// Where the file went and where it came from, when it was moved.
    #[must_use]
    pub fn moved(&self) -> Option<(&RelPath, &RelPath)> {
        let ((from, _), (to, _)) = self.old.as_ref().zip(self.new.as_ref())?;
        (from != to).then_some((to, from))
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
///
/// A new file may take the path that a moved one leaves, in one change set: so
/// something can be left behind under the old name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    changes: BTreeMap<RelPath, FileChange>,
    /// New files at paths that moves leave.
    left_behind: BTreeMap<RelPath, FileChange>,
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
        self.iter().count()
    }

    /// The changes by the path before (for a new file: its path), sorted; then
    /// the new files at paths that moves leave, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&RelPath, &FileChange)> {
        self.changes.iter().chain(&self.left_behind)
    }

    /// Every path that a change names, before or after.
    pub fn touched(&self) -> impl Iterator<Item = &RelPath> {
        self.iter().flat_map(|(path, change)| {
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

    /// Adds edits of `path` that need not be sorted.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub fn add_edits(&mut self, path: &RelPath, edits: Vec<Edit>) -> Result<(), TreeError> {
        self.edit(path.clone(), joined(path, edits)?)
    }

    /// Adds the new file `path`, which may be a path that a move leaves.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when `path` is named otherwise already or is off limits.
    pub fn create(&mut self, path: RelPath, content: Content) -> Result<(), TreeError> {
        let change = FileChange::Create(content);
        if !matches!(self.changes.get(&path), Some(FileChange::Move { .. })) {
            return self.insert(path, change);
        }
        match self.left_behind.insert(path.clone(), change) {
            None => Ok(()),
            Some(_) => Err(TreeError::Twice { path }),
        }
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
    /// [`TreeError`] when `from` is deleted or moved already, or a path is off
    /// limits.
    pub fn rename(&mut self, from: RelPath, to: RelPath) -> Result<(), TreeError> {
        check_limits(&to)?;
        let edits = match self.changes.remove(&from) {
            None => Edits::default(),
            Some(FileChange::Edit(edits)) => edits,
            Some(new @ FileChange::Create(_)) => {
                self.left_behind.insert(from.clone(), new);
                Edits::default()
            }
            Some(_) => return Err(TreeError::Twice { path: from }),
        };
        self.insert(from, FileChange::Move { to, edits })
    }

    /// Adds all that `other` changes, which was made for the same tree: edits
    /// join edits and moves. The order of two change sets makes no difference.
    ///
    /// # Errors
    ///
    /// [`TreeError`], which names the file, when the two do not go together;
    /// this change set then stays as it was.
    pub fn merge(&mut self, other: &Self) -> Result<(), TreeError> {
        let mut merged = self.clone();
        for (path, change) in other.iter() {
            let path = path.clone();
            match change.clone() {
                FileChange::Edit(edits) => merged.edit(path, edits)?,
                FileChange::Create(content) => merged.create(path, content)?,
                FileChange::Delete => merged.delete(path)?,
                FileChange::Move { to, edits } => {
                    merged.rename(path.clone(), to)?;
                    merged.edit(path, edits)?;
                }
            }
        }
        *self = merged;
        Ok(())
    }

    /// Keeps the changes that `is_wanted` takes, given the path before (for a
    /// new file: its path) and what becomes of it.
    pub fn retain(&mut self, mut is_wanted: impl FnMut(&RelPath, &FileChange) -> bool) {
        self.changes.retain(|path, change| is_wanted(path, change));
        self.left_behind.retain(|path, change| is_wanted(path, change));
        let stays = |path: &RelPath| !matches!(self.changes.get(path), Some(FileChange::Move { .. }));
        // Nothing is left behind by a file that stays.
        let homeless: Vec<RelPath> = self.left_behind.keys().filter(|path| stays(path)).cloned().collect();
        homeless.iter().for_each(|path| drop(self.left_behind.remove(path)));
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
        let mut deltas = Vec::with_capacity(self.len());
        let mut taken = BTreeSet::new();
        for (path, change) in self.iter() {
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

/// The bytes of the file `path` after `edits`, which need not be sorted.
///
/// # Errors
///
/// [`TreeError`] when edits overlap or reach past the end.
pub fn edited(path: &RelPath, source: &[u8], edits: Vec<Edit>) -> Result<Vec<u8>, TreeError> {
    let edits = joined(path, edits)?;
    edits.apply(source).map_err(|source| TreeError::OutOfBounds { path: path.clone(), source })
}

fn joined(path: &RelPath, edits: Vec<Edit>) -> Result<Edits, TreeError> {
    Edits::new(edits).map_err(|source| TreeError::Conflict { path: path.clone(), source })
}

/// Refuses what belongs to git or to Repot itself, wherever it lies.
pub(crate) fn check_limits(path: &RelPath) -> Result<(), TreeError> {
    let off = |part: &str| part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(".repot");
    if path.is_root() || path.components().any(off) {
        return Err(TreeError::OffLimits { path: path.clone() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

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

    fn edit_at(file: &str, start: usize, end: usize, new: &str) -> ChangeSet {
        let mut changes = ChangeSet::new();
        let edit = Edit::replace(Span::new(start, end), new);
        changes.edit(path(file), Edits::new(vec![edit]).unwrap()).unwrap();
        changes
    }

    fn moved(from: &str, to: &str) -> ChangeSet {
        let mut changes = ChangeSet::new();
        changes.rename(path(from), path(to)).unwrap();
        changes
    }

    fn created(file: &str) -> ChangeSet {
        let mut changes = ChangeSet::new();
        changes.create(path(file), Content::plain(*b"new")).unwrap();
        changes
    }

    fn deleted(file: &str) -> ChangeSet {
        let mut changes = ChangeSet::new();
        changes.delete(path(file)).unwrap();
        changes
    }

    fn merged(one: &ChangeSet, other: &ChangeSet) -> Result<ChangeSet, TreeError> {
        let mut both = one.clone();
        both.merge(other).map(|()| both)
    }

    #[test]
    fn something_may_be_left_behind() {
        let both = merged(&moved("a.py", "c.py"), &created("a.py")).unwrap();
        assert_eq!(both.len(), 2);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(after(&both).unwrap(), [pair("a.py", "new"), pair("c.py", "a.py")]);
        let error = Err(TreeError::Twice { path: path("a.py") });
        assert_eq!(merged(&both, &created("a.py")), error);
        assert_eq!(
            merged(&moved("b.py", "a.py"), &both).and_then(|all| after(&all)),
            Err(TreeError::Occupied { path: path("a.py") })
        );
    }

    #[test]
    fn change_sets_that_do_not_meet_go_together_in_any_order() {
        let all = [
            edit_at("a.py", 0, 1, "z"),
            edit_at("a.py", 2, 4, "txt"),
            edit_at("b.py", 0, 1, "y"),
            moved("a.py", "c.py"),
            created("a.py"),
            created("d.py"),
        ];
        // What takes a file's place can only be said together with the move.
        for one in all.iter().filter(|one| **one != created("a.py")) {
            for other in all.iter().filter(|other| *other != one && **other != created("a.py")) {
                assert_eq!(merged(one, other).unwrap(), merged(other, one).unwrap(), "{one:?} {other:?}");
            }
        }
        let (mut forth, mut back) = (ChangeSet::new(), ChangeSet::new());
        all.iter().for_each(|part| forth.merge(part).unwrap());
        all.iter().rev().for_each(|part| back.merge(part).unwrap());
        assert_eq!(forth, back);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let expected =
            [pair("a.py", "new"), pair("b.py", "y.py"), pair("c.py", "z.txt"), pair("d.py", "new")];
        assert_eq!(after(&forth).unwrap(), expected);
    }

    #[test]
    fn change_sets_that_meet_name_the_file() {
        let all = [edit_at("a.py", 0, 2, "z"), moved("a.py", "c.py"), created("a.py"), deleted("a.py")];
        let stranger = [edit_at("a.py", 1, 3, "y"), moved("a.py", "d.py"), created("a.py"), deleted("a.py")];
        for one in &all {
            for other in &stranger {
                let goes = |a: &ChangeSet, b: &ChangeSet| merged(a, b).map_err(|error| error.to_string());
                let (forth, back) = (goes(one, other), goes(other, one));
                assert_eq!(forth.is_ok(), back.is_ok(), "{one:?} {other:?}");
                assert!(forth.is_ok() || forth.unwrap_err().starts_with("a.py: "));
            }
        }
        let mut kept = all[0].clone();
        assert!(matches!(kept.merge(&stranger[0]), Err(TreeError::Conflict { .. })));
        assert_eq!(kept, all[0], "a merge that fails changes nothing");
        assert!(merged(&all[1], &stranger[1]).is_err(), "moved to two places");
        assert!(merged(&all[0], &deleted("a.py")).is_err(), "edited and deleted");
        assert!(merged(&all[3], &created("a.py")).is_err(), "deleted and created");
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
