//! New files in a tree that has no journal yet: a first roadmap, a demo.
//!
//! Nothing that exists is changed, so there are no old bytes to keep: no
//! journal is written, and there is nothing to undo but to remove the files.

use std::collections::BTreeSet;
use std::path::Path;

use repot_change::{Content, RelPath, Write};

use crate::journal::make_measured;
use crate::recover::{put_back, remove_temporaries};
use crate::steps::temporary_prefix;
use crate::transaction::{draft, steps};
use crate::tree::Tree;
use crate::verify::{FolderRules, Wish, prepare};
use crate::{ApplyError, OperationId, OperationKind, Repository};

/// Writes all of `files` below the folder `root`, which is made where it is
/// missing, or none of them.
///
/// # Errors
///
/// [`ApplyError::Stale`] with every file that exists already; otherwise as
/// [`Repository::apply`].
pub fn write_new(root: &Path, files: impl IntoIterator<Item = (RelPath, Content)>) -> Result<(), ApplyError> {
    std::fs::create_dir_all(root).map_err(ApplyError::io("create", root))?;
    Repository::open(root)?.write_new(files)
}

impl Repository {
    /// [`write_new`], through the disk of this repository.
    pub(crate) fn write_new(
        &self,
        files: impl IntoIterator<Item = (RelPath, Content)>,
    ) -> Result<(), ApplyError> {
        let new = |(path, content)| Write { path, expect: None, content: Some(content), moved_from: None };
        let wishes: Vec<_> = files.into_iter().map(|file| Wish::of(&new(file))).collect();
        let mut prepared = prepare(&self.root, &wishes, &FolderRules::default())?;
        prepared.cut_modes(self.measure_umask()?);
        let id = OperationId::NONE;
        let record = draft(OperationKind::Apply, ("", None), &prepared).record(id, Vec::new());
        let tree = Tree::new(&self.root, record.paths());
        // A run that was killed leaves no journal that would tell of these.
        remove_temporaries(self, &record, &tree)?;
        let mut touched = BTreeSet::new();
        let Err(cause) = steps(id, &prepared).run(self.disk(), &tree, &mut touched) else { return Ok(()) };
        Err(match put_back(self, &record, &tree, Some(&touched)) {
            Ok(()) => ApplyError::TakenBack { cause: Box::new(cause) },
            Err(then) => ApplyError::Littered { cause: Box::new(cause), then: Box::new(then) },
        })
    }

    /// The mode that the umask leaves of a new folder.
    pub(crate) fn measure_umask(&self) -> Result<u32, ApplyError> {
        let probe = self.root.join(format!("{}umask", temporary_prefix(OperationId::NONE)));
        // One that a killed run left measures as well as a new one.
        let mode = make_measured(self.disk(), &probe)?;
        self.disk().remove_dir(&probe).map_err(ApplyError::io("remove", &probe))?;
        Ok(mode)
    }
}
