//! The one way in which files of the tree are changed, forwards and back.
//!
//! All new files are written and synced beside their places before the first
//! one is put there, so that a full disk is found while the tree is untouched.
//! Then, in this order: files go, folders that became empty go, folders come,
//! files come. So a file may become a folder and a folder a file, two files may
//! swap their places, and a name may change in case alone. What to do when a
//! call fails is not decided here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use repot_change::{ContentHash, RelPath};

use crate::disk::Disk;
use crate::error::{Drift, DriftKind};
use crate::record::Folder;
use crate::store::sync;
use crate::tree::{Found, Tree, mode_of};
use crate::{ApplyError, OperationId};

/// The change of one path.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) path: &'a RelPath,
    /// What must stand there right before; `None` when no file may.
    pub(crate) from: Option<ContentHash>,
    /// The bytes and the mode of what stands there after.
    pub(crate) to: Option<(Cow<'a, [u8]>, u32)>,
}

/// The changes of one operation, or of taking it back.
#[derive(Debug)]
pub(crate) struct Steps<'a> {
    pub(crate) id: OperationId,
    pub(crate) files: Vec<Step<'a>>,
    /// Folders to remove where they are empty, sorted.
    pub(crate) removed: &'a [Folder],
    /// Folders to create where they are missing, sorted.
    pub(crate) created: &'a [Folder],
}

/// How the temporary files of operation `id` begin.
pub(crate) fn temporary_prefix(id: OperationId) -> String {
    format!(".repot-tmp-{id}-")
}

impl Steps<'_> {
    /// Changes the tree. `touched` receives each path before it is changed, so
    /// that after an error it names all that may have to be put back.
    pub(crate) fn run(
        &self,
        disk: &dyn Disk,
        tree: &Tree<'_>,
        touched: &mut BTreeSet<RelPath>,
    ) -> Result<(), ApplyError> {
        let waiting = self.write_temporaries(disk, tree)?;
        for step in self.files.iter().filter(|step| step.to.is_none()) {
            check_again(tree, step)?;
            touched.insert(step.path.clone());
            let place = tree.place(step.path);
            disk.remove_file(&place).map_err(ApplyError::io("remove", &place))?;
        }
        self.remove_folders(disk, tree)?;
        self.create_folders(disk, tree)?;
        for (step, temporary) in &waiting {
            check_again(tree, step)?;
            touched.insert(step.path.clone());
            let place = tree.place(step.path);
            disk.rename(temporary, &place).map_err(ApplyError::io("write", &place))?;
        }
        self.sync_folders(disk, tree)
    }

    fn write_temporaries(
        &self,
        disk: &dyn Disk,
        tree: &Tree<'_>,
    ) -> Result<Vec<(&Step<'_>, PathBuf)>, ApplyError> {
        let prefix = temporary_prefix(self.id);
        let mut waiting = Vec::new();
        for (number, step) in self.files.iter().enumerate() {
            let Some((bytes, mode)) = &step.to else { continue };
            let folder = tree.place(&tree.nearest_folder(step.path)?);
            let path = folder.join(format!("{prefix}{number}"));
            let mut file = disk.create(&path).map_err(ApplyError::io("create a file in", &folder))?;
            disk.write(&mut file, bytes).map_err(ApplyError::io("write", &path))?;
            disk.set_mode(&path, *mode).map_err(ApplyError::io("set the mode of", &path))?;
            waiting.push((step, path));
        }
        let paths: Vec<_> = waiting.iter().map(|(_, path)| path.clone()).collect();
        sync(disk, &paths)?;
        Ok(waiting)
    }

    fn remove_folders(&self, disk: &dyn Disk, tree: &Tree<'_>) -> Result<(), ApplyError> {
        for Folder { path, .. } in self.removed.iter().rev() {
            if !matches!(tree.look(path)?, Found::Folder(_)) {
                continue;
            }
            let place = tree.place(path);
            match disk.remove_dir(&place) {
                // Somebody put a file there in the meantime: the folder is theirs.
                Err(error) if is_not_empty(&error) => {}
                other => other.map_err(ApplyError::io("remove", &place))?,
            }
        }
        Ok(())
    }

    fn create_folders(&self, disk: &dyn Disk, tree: &Tree<'_>) -> Result<(), ApplyError> {
        for Folder { path, mode } in self.created {
            let place = tree.place(path);
            let mut now = None;
            if let Found::Folder(metadata) = tree.look(path)? {
                now = Some(mode_of(&metadata));
            } else {
                disk.create_dir(&place).map_err(ApplyError::io("create", &place))?;
            }
            if let Some(mode) = mode.filter(|mode| now != Some(*mode)) {
                disk.set_mode(&place, mode).map_err(ApplyError::io("set the mode of", &place))?;
            }
        }
        Ok(())
    }

    /// Syncs every folder in which a name came or went.
    fn sync_folders(&self, disk: &dyn Disk, tree: &Tree<'_>) -> Result<(), ApplyError> {
        let folders = self.removed.iter().chain(self.created).map(|folder| &folder.path);
        let parents: BTreeSet<_> =
            self.files.iter().map(|step| step.path).chain(folders).filter_map(RelPath::parent).collect();
        let mut places = Vec::new();
        for folder in parents {
            if matches!(tree.look(&folder)?, Found::Folder(_)) {
                places.push(tree.place(&folder));
            }
        }
        sync(disk, &places)
    }
}

/// Checks that what stands at the path of `step` is still what it was when it
/// was verified. Between this and the system call that follows there is no more
/// than that call.
fn check_again(tree: &Tree<'_>, step: &Step<'_>) -> Result<(), ApplyError> {
    let kind = match (tree.read(step.path)?, step.from) {
        (Ok(file), Some(hash)) if file.state.hash == hash => return Ok(()),
        (Err(Found::Nothing), None) => return Ok(()),
        (Ok(_), Some(_)) => DriftKind::Changed,
        (Ok(_), None) => DriftKind::Appeared,
        (Err(found), Some(_)) => found.instead_of_file(),
        (Err(found), None) => found.instead_of_nothing(),
    };
    Err(ApplyError::Stale { files: vec![Drift { path: step.path.clone(), kind }] })
}

fn is_not_empty(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists)
}
