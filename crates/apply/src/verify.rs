//! Whether the tree is the one that a plan was made for, and what exactly
//! would be done to it.
//!
//! Reading only. Every path is looked at before the first is refused, so that
//! one error names all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use repot_change::{ContentHash, RelPath, Write};

use crate::error::{Drift, DriftKind};
use crate::journal::HOME;
use crate::operation::is_executable;
use crate::record::Folder;
use crate::tree::{Found, FoundFile, Tree, mode_of};
use crate::{ApplyError, FileState, JournalEntry};

/// What shall become of one path, and what must stand there before.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) path: RelPath,
    /// `None` when no file may stand there.
    pub(crate) expect: Option<Expected>,
    /// `None` when no file shall stand there.
    pub(crate) target: Option<Target>,
    pub(crate) moved_from: Option<RelPath>,
}

/// The file that must stand at a path.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) hash: ContentHash,
    /// `None` when either is fine.
    pub(crate) executable: Option<bool>,
}

/// The file that shall stand at a path.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) mode: Mode,
}

/// How the mode bits of a written file are found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mode {
    /// Those of the file that it was, with this executable bit; for a file that
    /// is new, what the umask leaves.
    Kept { executable: bool },
    /// These.
    Exact(u32),
}

/// What an earlier operation did to folders, and what may be done in turn.
#[derive(Debug, Default)]
pub(crate) struct FolderRules {
    /// The folders that may be removed when they become empty; `None`: any.
    pub(crate) removable: Option<BTreeSet<RelPath>>,
    /// The modes of folders that come back.
    pub(crate) modes: BTreeMap<RelPath, u32>,
}

/// What would be done to one path, with the bytes before and after.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) entry: JournalEntry,
    pub(crate) old: Option<Vec<u8>>,
    pub(crate) new: Option<Arc<[u8]>>,
    /// Whether the mode after has still to be cut by the umask.
    pub(crate) is_new: bool,
}

/// What would be done to the tree; paths that stay as they are do not appear.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) changes: Vec<Change>,
    pub(crate) created: Vec<Folder>,
    pub(crate) removed: Vec<Folder>,
}

impl Prepared {
    /// Takes the bits from the modes of new files that the umask takes from
    /// every new file: those that are missing in `umasked`, a new folder's mode.
    pub(crate) fn cut_modes(&mut self, umasked: u32) {
        for change in self.changes.iter_mut().filter(|change| change.is_new) {
            if let Some(after) = &mut change.entry.after {
                after.mode &= umasked;
            }
        }
    }
}

impl Wish {
    /// The wish that a planned write stands for.
    pub(crate) fn of(write: &Write) -> Self {
        let target = write.content.as_ref().map(|content| Target {
            bytes: Arc::clone(&content.bytes),
            mode: Mode::Kept { executable: content.executable },
        });
        let expect = write.expect.map(|hash| Expected { hash, executable: None });
        Self { path: write.path.clone(), expect, target, moved_from: write.moved_from.clone() }
    }
}

/// Whether no operation may touch `path`: the root, git's folder, Repot's own.
pub(crate) fn is_off_limits(path: &RelPath) -> bool {
    let is_reserved = |part: &str| [".git", HOME].iter().any(|name| part.eq_ignore_ascii_case(name));
    path.is_root() || path.components().any(is_reserved)
}

/// Checks `wishes` against the tree and finds what they would do.
pub(crate) fn prepare(root: &Path, wishes: &[Wish], rules: &FolderRules) -> Result<Prepared, ApplyError> {
    check_paths(wishes)?;
    let tree = Tree::new(root, wishes.iter().map(|wish| &wish.path));
    let outline = Outline::of(wishes);
    let removed = outline.emptied(&tree, rules)?;
    let (mut changes, mut files) = (Vec::new(), Vec::new());
    for wish in wishes {
        match outline.check(&tree, wish, &removed)? {
            Ok(old) => changes.extend(change(&tree, wish, old)?),
            Err(kind) => files.push(Drift { path: wish.path.clone(), kind }),
        }
    }
    if !files.is_empty() {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        return Err(ApplyError::Stale { files });
    }
    changes.sort_by(|a, b| a.entry.path.cmp(&b.entry.path));
    let created = missing_folders(&tree, &changes, rules)?;
    let prepared = Prepared { changes, created, removed };
    check_writable(&tree, &prepared)?;
    Ok(prepared)
}

/// Refuses what no tree could hold, or what is not ours to write.
fn check_paths(wishes: &[Wish]) -> Result<(), ApplyError> {
    let mut seen = BTreeSet::new();
    for Wish { path, .. } in wishes {
        if is_off_limits(path) {
            return Err(ApplyError::OffLimits { path: path.clone() });
        }
        if !seen.insert(path) {
            return Err(ApplyError::Twice { path: path.clone() });
        }
    }
    let files: BTreeSet<_> = wishes.iter().filter(|w| w.target.is_some()).map(|w| &w.path).collect();
    for path in &files {
        if let Some(file) = path.ancestors().find(|folder| files.contains(folder)) {
            return Err(ApplyError::BelowFile { file, path: (*path).clone() });
        }
    }
    Ok(())
}

/// Which paths lose their file, and which folders are needed afterwards.
struct Outline<'a> {
    gone: BTreeSet<&'a RelPath>,
    needed: BTreeSet<RelPath>,
}

impl<'a> Outline<'a> {
    fn of(wishes: &'a [Wish]) -> Self {
        let (kept, gone): (Vec<_>, Vec<_>) = wishes.iter().partition(|wish| wish.target.is_some());
        let gone = gone.into_iter().filter(|wish| wish.expect.is_some()).map(|wish| &wish.path);
        Self { gone: gone.collect(), needed: kept.iter().flat_map(|wish| wish.path.ancestors()).collect() }
    }

    /// The folders that hold nothing but what goes, sorted.
    fn emptied(&self, tree: &Tree<'_>, rules: &FolderRules) -> Result<Vec<Folder>, ApplyError> {
        let may_go = |folder: &RelPath| {
            !folder.is_root()
                && !self.needed.contains(folder)
                && rules.removable.as_ref().is_none_or(|removable| removable.contains(folder))
        };
        let folders: BTreeSet<_> =
            self.gone.iter().flat_map(|path| path.ancestors()).filter(may_go).collect();
        let mut removed = BTreeMap::new();
        // A folder sorts before those in it; so from the back, inner ones first.
        for folder in folders.into_iter().rev() {
            let Found::Folder(metadata) = tree.look(&folder)? else { continue };
            let goes = |name: &String| {
                folder.join(name).is_ok_and(|path| self.gone.contains(&path) || removed.contains_key(&path))
            };
            if tree.names(&folder)?.iter().all(goes) {
                removed.insert(folder, mode_of(&metadata));
            }
        }
        Ok(removed.into_iter().map(|(path, mode)| Folder { path, mode: Some(mode) }).collect())
    }

    /// The file that stands where `wish` expects one, or how the tree differs.
    fn check(
        &self,
        tree: &Tree<'_>,
        wish: &Wish,
        removed: &[Folder],
    ) -> Result<Result<Option<FoundFile>, DriftKind>, ApplyError> {
        let found = tree.read(&wish.path)?;
        let Some(expected) = &wish.expect else {
            let is_free = match &found {
                Err(Found::Nothing) => true,
                Err(Found::BelowFile(file)) => wish.target.is_none() || self.gone.contains(file),
                Err(Found::Folder(_)) => removed.iter().any(|folder| folder.path == wish.path),
                Ok(_) | Err(_) => false,
            };
            let drift = || found.map_or_else(Found::instead_of_nothing, |_| DriftKind::Appeared);
            return Ok(if is_free { Ok(None) } else { Err(drift()) });
        };
        Ok(match found {
            Err(found) => Err(found.instead_of_file()),
            Ok(file) if file.state.hash != expected.hash => Err(DriftKind::Changed),
            Ok(file) if expected.executable.is_some_and(|bit| bit != file.state.executable()) => {
                Err(DriftKind::Mode)
            }
            Ok(file) => Ok(Some(file)),
        })
    }
}

/// What `wish` does to the file `old`; `None` when it leaves it as it is.
fn change(tree: &Tree<'_>, wish: &Wish, old: Option<FoundFile>) -> Result<Option<Change>, ApplyError> {
    let before = old.as_ref().map(|file| file.state);
    let mut is_new = false;
    let after = match &wish.target {
        None => None,
        Some(target) => {
            let mode = match target.mode {
                Mode::Exact(mode) => mode,
                Mode::Kept { executable } => {
                    let kept = mode_of_source(tree, wish)?.or(before.map(|state| state.mode));
                    is_new = kept.is_none();
                    kept.map_or(if executable { 0o777 } else { 0o666 }, |mode| with_bit(mode, executable))
                }
            };
            Some(FileState { hash: ContentHash::of(&target.bytes), size: target.bytes.len() as u64, mode })
        }
    };
    if before == after {
        return Ok(None);
    }
    let entry = JournalEntry { path: wish.path.clone(), before, after, moved_from: wish.moved_from.clone() };
    let new = wish.target.as_ref().map(|target| Arc::clone(&target.bytes));
    Ok(Some(Change { entry, old: old.map(|file| file.bytes), new, is_new }))
}

/// The mode of the file that is moved to the path of `wish`.
fn mode_of_source(tree: &Tree<'_>, wish: &Wish) -> Result<Option<u32>, ApplyError> {
    let Some(source) = &wish.moved_from else { return Ok(None) };
    Ok(match tree.look(source)? {
        Found::File(metadata) => Some(mode_of(&metadata)),
        _ => None,
    })
}

/// `mode`, executable for those who may read the file, or for nobody.
fn with_bit(mode: u32, executable: bool) -> u32 {
    match (is_executable(mode), executable) {
        (false, true) => mode | ((mode & 0o444) >> 2),
        (true, false) => mode & !0o111,
        _ => mode,
    }
}

/// The folders that must be created for the files of `changes`, sorted.
fn missing_folders(
    tree: &Tree<'_>,
    changes: &[Change],
    rules: &FolderRules,
) -> Result<Vec<Folder>, ApplyError> {
    let written = changes.iter().filter(|change| change.entry.after.is_some());
    let folders: BTreeSet<_> = written.flat_map(|change| change.entry.path.ancestors()).collect();
    let mut missing = Vec::new();
    for path in folders {
        if !matches!(tree.look(&path)?, Found::Folder(_)) {
            missing.push(Folder { mode: rules.modes.get(&path).copied(), path });
        }
    }
    Ok(missing)
}

/// Refuses files and folders that somebody made read-only, even where this
/// user could write them all the same: renaming a new file into place would
/// not so much as notice.
fn check_writable(tree: &Tree<'_>, prepared: &Prepared) -> Result<(), ApplyError> {
    let is_read_only = |mode: u32| mode & 0o222 == 0;
    let mut paths = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for Change { entry, .. } in &prepared.changes {
        if entry.before.is_some_and(|state| is_read_only(state.mode)) {
            paths.insert(entry.path.clone());
        }
        folders.insert(tree.nearest_folder(&entry.path)?);
    }
    folders.extend(prepared.removed.iter().filter_map(|folder| folder.path.parent()));
    for folder in folders {
        if matches!(tree.look(&folder)?, Found::Folder(metadata) if is_read_only(mode_of(&metadata))) {
            paths.insert(folder);
        }
    }
    if paths.is_empty() { Ok(()) } else { Err(ApplyError::ReadOnly { paths: paths.into_iter().collect() }) }
}
