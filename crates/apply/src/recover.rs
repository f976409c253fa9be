//! What becomes of an operation that was stopped in the middle.
//!
//! Each path of it stands as before or as after, because files are replaced by
//! renaming alone. When every path stands as after, only the commit mark is
//! missing, and the operation goes forward: that writes no file. In every other
//! case it goes back, with the bytes of the journal. A path that is in neither
//! state holds somebody's work: then nothing at all is touched, and the error
//! names it. A path where nothing stands is put back, which overwrites nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use repot_change::{ContentHash, RelPath};

use crate::error::{Drift, DriftKind};
use crate::record::Record;
use crate::steps::{Step, Steps, temporary_prefix};
use crate::tree::{Found, Tree};
use crate::{ApplyError, JournalEntry, Lock, Operation, Repository, State};

/// Which way a stopped operation was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovered {
    /// The tree is as before the operation, which is gone from the journal.
    Back(Operation),
    /// The tree is as after the operation, which counts as carried out.
    Forward(Operation),
}

/// What recovery would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Which way it would bring the tree.
    pub to: Recovered,
    /// How many files it would put back; none on the way forward, where all are
    /// written already.
    pub files: usize,
}

/// Where one path of a stopped operation stands.
enum Standing {
    Before,
    /// As after, with the hash of the file.
    After(Option<ContentHash>),
    /// Nothing stands there, before and after something does.
    Gone,
    Neither(DriftKind),
}

impl Repository {
    /// The operation that was stopped in the middle, if there is one. While
    /// another process holds the lock, it is the one under way.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] when the journal cannot be read.
    pub fn unfinished(&self) -> Result<Option<Operation>, ApplyError> {
        Ok(self.journal().intent()?.map(|record| record.operation(State::Unfinished)))
    }

    /// Which way [`Repository::recover`] would bring the tree; `None` when nothing
    /// was stopped. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Repository::recover`].
    pub fn preview_recover(&self) -> Result<Option<Recovery>, ApplyError> {
        let Some(record) = self.journal().intent()? else { return Ok(None) };
        let tree = Tree::new(&self.root, record.paths());
        if is_complete(&tree, &record)? {
            let to = Recovered::Forward(record.operation(State::Applied));
            return Ok(Some(Recovery { to, files: 0 }));
        }
        let files = out_of_place(&tree, &record, None)?.len();
        Ok(Some(Recovery { to: Recovered::Back(record.operation(State::Unfinished)), files }))
    }

    /// Brings the tree to exactly before or exactly after the operation that was
    /// stopped in the middle; `None` when there is none. It may itself be
    /// stopped at any instant and be called again.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Diverged`] with every path that somebody changed since,
    /// and then nothing is touched; [`ApplyError::Damaged`]; [`ApplyError::Io`].
    pub fn recover(&self, _lock: &Lock) -> Result<Option<Recovered>, ApplyError> {
        self.journal().sweep()?;
        let Some(record) = self.journal().intent()? else { return Ok(None) };
        let tree = Tree::new(&self.root, record.paths());
        if is_complete(&tree, &record)? {
            remove_temporaries(self, &record, &tree)?;
            let (id, removed, created) = (record.id, &*record.removed, &*record.created);
            let rest = Steps { id, files: Vec::new(), removed, created };
            rest.run(self.disk(), &tree, &mut BTreeSet::new())?;
            self.journal().commit(id)?;
            return Ok(Some(Recovered::Forward(record.operation(State::Applied))));
        }
        put_back(self, &record, &tree, None)?;
        self.journal().discard(record.id)?;
        Ok(Some(Recovered::Back(record.operation(State::Unfinished))))
    }
}

/// Whether every path of `record` stands as after it.
fn is_complete(tree: &Tree<'_>, record: &Record) -> Result<bool, ApplyError> {
    for entry in &record.files {
        if !matches!(standing(tree, record, entry)?, Standing::After(_)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Puts the files of `record` back as they stood before it; with `touched`,
/// these alone, because it is known that the others never changed.
pub(crate) fn put_back(
    repository: &Repository,
    record: &Record,
    tree: &Tree<'_>,
    touched: Option<&BTreeSet<RelPath>>,
) -> Result<(), ApplyError> {
    let changed = out_of_place(tree, record, touched)?;
    remove_temporaries(repository, record, tree)?;
    let journal = repository.journal();
    let store = journal.store(record)?;
    let mut files = Vec::new();
    for (entry, from) in changed {
        let old =
            entry.before.map(|state| Ok::<_, ApplyError>((Cow::Owned(store.get(state.hash)?), state.mode)));
        files.push(Step { path: &entry.path, from, to: old.transpose()? });
    }
    let steps = Steps { id: record.id, files, removed: &record.created, created: &record.removed };
    steps.run(repository.disk(), tree, &mut BTreeSet::new())
}

/// The files of `record` that do not stand as before it, each with the hash of
/// what stands there; with `touched`, these alone.
fn out_of_place<'a>(
    tree: &Tree<'_>,
    record: &'a Record,
    touched: Option<&BTreeSet<RelPath>>,
) -> Result<Vec<(&'a JournalEntry, Option<ContentHash>)>, ApplyError> {
    let (mut changed, mut files) = (Vec::new(), Vec::new());
    for entry in record.files.iter().filter(|entry| touched.is_none_or(|paths| paths.contains(&entry.path))) {
        match standing(tree, record, entry)? {
            Standing::Before => {}
            Standing::After(from) => changed.push((entry, from)),
            Standing::Gone => changed.push((entry, None)),
            Standing::Neither(kind) => files.push(Drift { path: entry.path.clone(), kind }),
        }
    }
    if files.is_empty() { Ok(changed) } else { Err(ApplyError::Diverged { id: record.id, files }) }
}

fn standing(tree: &Tree<'_>, record: &Record, entry: &JournalEntry) -> Result<Standing, ApplyError> {
    let found = match tree.read(&entry.path)? {
        Err(found) => found,
        Ok(file) => {
            let is = |state: Option<crate::FileState>| state.filter(|state| state.hash == file.state.hash);
            let after = Standing::After(Some(file.state.hash));
            return Ok(match (is(entry.before), is(entry.after)) {
                // The same bytes before and after: only the mode tells.
                (Some(before), Some(_)) if before.mode != file.state.mode => after,
                (Some(_), _) => Standing::Before,
                (None, Some(_)) => after,
                (None, None) => Standing::Neither(match (entry.before, entry.after) {
                    (None, None) => DriftKind::Appeared,
                    _ => DriftKind::Changed,
                }),
            });
        }
    };
    let is_free = match &found {
        Found::Nothing => true,
        // A file and a folder of this operation that change places.
        Found::Folder(_) => {
            record.created.iter().chain(&record.removed).any(|folder| folder.path == entry.path)
        }
        Found::BelowFile(file) => record.paths().any(|path| path == file),
        _ => false,
    };
    Ok(match (entry.before, entry.after) {
        _ if !is_free => Standing::Neither(found.instead_of_nothing()),
        (None, _) => Standing::Before,
        (_, None) => Standing::After(None),
        _ => Standing::Gone,
    })
}

/// Removes the temporary files of `record` from every folder that one of its
/// paths leads through. The lock is held, so nobody is writing them.
pub(crate) fn remove_temporaries(
    repository: &Repository,
    record: &Record,
    tree: &Tree<'_>,
) -> Result<(), ApplyError> {
    let prefix = temporary_prefix(record.id);
    let folders: BTreeSet<_> = record.paths().flat_map(RelPath::ancestors).collect();
    for folder in folders {
        if !matches!(tree.look(&folder)?, Found::Folder(_)) {
            continue;
        }
        for name in tree.names(&folder)?.iter().filter(|name| name.starts_with(&prefix)) {
            let place = tree.place(&folder).join(name);
            // A folder was never a temporary file.
            if std::fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_dir()) {
                continue;
            }
            repository.disk().remove_file(&place).map_err(ApplyError::io("remove", &place))?;
        }
    }
    Ok(())
}
