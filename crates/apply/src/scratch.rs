//! A scratch copy of the tree: a new folder outside of it, in which the writes
//! of phases are carried out for a look at what comes of them.
//!
//! Files are copied, never linked, so that nothing done in the copy reaches the
//! tree. The writes take the same steps as the real ones and refuse the same
//! trees; only the journal and the syncs are missing, because the copy lives no
//! longer than the process. What is done with the copy is not known here.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use repot_change::{RelPath, Write};

use crate::disk::{Disk, SystemDisk};
use crate::transaction::steps;
use crate::tree::{Tree, mode_of};
use crate::verify::{FolderRules, Wish, prepare};
use crate::{ApplyError, OperationId, Repository};

/// How often a folder that somebody still writes into is removed.
const ATTEMPTS: usize = 20;

/// How long such a folder is left alone in between.
const PAUSE: Duration = Duration::from_millis(25);

/// A folder for copies of a tree. It goes, with all that is in it, when this is
/// dropped.
#[derive(Debug)]
#[must_use = "the copy is removed when this is dropped"]
pub struct Scratch {
    original: PathBuf,
    home: PathBuf,
    tree: PathBuf,
}

impl Scratch {
    /// A new folder for copies of the tree below `root`; nothing is copied yet.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Root`] when `root` is no folder; [`ApplyError::Io`] when no
    /// folder for temporary files can be written, or it lies in the tree.
    pub fn of(root: &Path) -> Result<Self, ApplyError> {
        let original =
            fs::canonicalize(root).map_err(|source| ApplyError::Root { path: root.to_owned(), source })?;
        let place = tempfile::env::temp_dir();
        let made = || {
            let place = fs::canonicalize(&place)?;
            if place.starts_with(&original) {
                return Err(io::Error::other("it lies in the tree; TMPDIR names another folder"));
            }
            Ok(tempfile::Builder::new().prefix("repot-trial-").tempdir_in(place)?.keep())
        };
        let home = made().map_err(ApplyError::io("make a scratch copy in", &place))?;
        // Tools take the name of the folder for that of the project.
        let name = original.file_name().unwrap_or("tree".as_ref());
        let tree = home.join("tree").join(name);
        Ok(Self { original, home, tree })
    }

    /// The root of the copy.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.tree
    }

    /// A folder for temporary files, beside the copy.
    #[must_use]
    pub fn temporary(&self) -> PathBuf {
        self.home.join("tmp")
    }

    /// Makes a new copy of `files` and symbolic `links` in place of an earlier
    /// one, and carries out the writes of `phases` in it, one after the other.
    ///
    /// It ends early, with a part of the tree, when `goes_on` says no. What
    /// cannot be read, or is gone since it was listed, is left out.
    ///
    /// # Errors
    ///
    /// As [`Repository::verify`], of the copy.
    pub fn fill(
        &self,
        (files, links): (&[RelPath], &[RelPath]),
        phases: &[Vec<Write>],
        goes_on: &dyn Fn() -> bool,
    ) -> Result<(), ApplyError> {
        self.clear()?;
        for folder in [&self.tree, &self.temporary()] {
            fs::create_dir_all(folder).map_err(ApplyError::io("create", folder))?;
        }
        let mut folders = BTreeSet::new();
        for path in files.iter().take_while(|_| goes_on()) {
            self.copy(path, &mut folders, |from, to| fs::copy(from, to).map(drop))?;
        }
        for path in links.iter().take_while(|_| goes_on()) {
            self.copy(path, &mut folders, |from, to| {
                std::os::unix::fs::symlink(self.retarget(fs::read_link(from)?), to)
            })?;
        }
        if goes_on() { phases.iter().try_for_each(|writes| self.write(writes)) } else { Ok(()) }
    }

    fn copy(
        &self,
        path: &RelPath,
        folders: &mut BTreeSet<RelPath>,
        copy: impl Fn(&Path, &Path) -> io::Result<()>,
    ) -> Result<(), ApplyError> {
        let (from, to) = (self.original.join(path.as_str()), self.tree.join(path.as_str()));
        if let Some(folder) = path.parent().filter(|folder| !folders.contains(folder)) {
            let place = self.tree.join(folder.as_str());
            fs::create_dir_all(&place).map_err(ApplyError::io("create", &place))?;
            folders.insert(folder);
        }
        match copy(&from, &to) {
            // The snapshot has no such file either, or a write of it will say so.
            Err(error) if is_no_file(&error) && !to.exists() => Ok(()),
            other => other.map_err(ApplyError::io("copy", &from)),
        }
    }

    /// Where a link leads in the copy: one that names the tree by its absolute
    /// path would be a way out of the copy and into the tree.
    fn retarget(&self, target: PathBuf) -> PathBuf {
        target.strip_prefix(&self.original).map(|below| self.tree.join(below)).unwrap_or(target)
    }

    fn write(&self, writes: &[Write]) -> Result<(), ApplyError> {
        let repository = Repository::with_disk(&self.tree, Arc::new(UnsyncedDisk))?;
        let wishes: Vec<_> = writes.iter().map(Wish::of).collect();
        let mut prepared = prepare(&repository.root, &wishes, &FolderRules::default())?;
        prepared.cut_modes(repository.measure_umask()?);
        let tree = Tree::new(&repository.root, prepared.changes.iter().map(|change| &change.entry.path));
        steps(OperationId::NONE, &prepared).run(repository.disk(), &tree, &mut BTreeSet::new())
    }

    /// Removes the copy and the temporary files.
    fn clear(&self) -> Result<(), ApplyError> {
        for folder in [self.home.join("tree"), self.temporary()] {
            remove(&folder).map_err(ApplyError::io("remove", &folder))?;
        }
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // There is nobody to tell, and the system clears its temporary files.
        drop(remove(&self.home));
    }
}

fn is_no_file(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
}

/// Removes `folder` with all that is in it, read-only folders too, if need be
/// against a process that has not yet ended.
fn remove(folder: &Path) -> io::Result<()> {
    let mut attempt = 0;
    loop {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(folder).is_err() => {
                return Ok(());
            }
            Err(error) if attempt == ATTEMPTS => return Err(error),
            Err(_) => unlock(folder),
            Ok(()) => return Ok(()),
        }
        attempt += 1;
        std::thread::sleep(PAUSE);
    }
}

/// Gives the owner every right to the folders below `folder`.
fn unlock(folder: &Path) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(metadata) = fs::symlink_metadata(&folder) else { continue };
        if !metadata.is_dir() {
            continue;
        }
        // What fails here fails again, and is told, when the folder is removed.
        drop(fs::set_permissions(&folder, Permissions::from_mode(mode_of(&metadata) | 0o700)));
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        folders.extend(entries.map(|entry| entry.path()));
    }
}

/// The disk of the operating system, without a wait for the device.
#[derive(Debug)]
struct UnsyncedDisk;

impl Disk for UnsyncedDisk {
    fn create(&self, path: &Path) -> io::Result<File> {
        SystemDisk.create(path)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        SystemDisk.write(file, bytes)
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        SystemDisk.set_mode(path, mode)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_file(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_dir(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_dir(path)
    }

    fn sync(&self, _paths: &[PathBuf]) -> Result<(), (PathBuf, io::Error)> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn folders_that_lock_their_owner_out_are_unlocked() {
        let folder = tempfile::tempdir().unwrap();
        let (outer, inner) = (folder.path().join("a"), folder.path().join("a/b"));
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("file"), "").unwrap();
        fs::set_permissions(inner.join("file"), Permissions::from_mode(0o400)).unwrap();
        fs::set_permissions(&inner, Permissions::from_mode(0o500)).unwrap();
        fs::set_permissions(&outer, Permissions::from_mode(0o000)).unwrap();
        unlock(folder.path());
        for place in [&outer, &inner] {
            assert_eq!(mode_of(&fs::symlink_metadata(place).unwrap()) & 0o700, 0o700, "{place:?}");
        }
        assert_eq!(mode_of(&fs::symlink_metadata(inner.join("file")).unwrap()), 0o400);
    }

    /// Root may write everywhere, so that this runs as somebody else.
    #[test]
    fn a_copy_with_locked_folders_is_removed() {
        use std::os::unix::process::CommandExt as _;
        let name = "scratch::tests::a_copy_with_locked_folders_is_removed";
        let nobody = 65_534;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o000)).unwrap();
        if fs::read_dir(folder.path()).is_ok() {
            let mut command = std::process::Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", name, "--quiet"]).uid(nobody).gid(nobody).current_dir("/");
            // Where nobody else may run this file, there is nothing to see.
            drop(command.output().map(|output| assert!(output.status.success(), "{output:?}")));
            return;
        }
        let tree = tempfile::tempdir().unwrap();
        let scratch = Scratch::of(tree.path()).unwrap();
        scratch.fill((&[], &[]), &[], &|| true).unwrap();
        let (home, locked) = (scratch.home.clone(), scratch.root().join("a/b"));
        fs::create_dir_all(&locked).unwrap();
        fs::write(locked.join("file"), "").unwrap();
        for place in [&locked, &scratch.root().join("a")] {
            fs::set_permissions(place, Permissions::from_mode(0o500)).unwrap();
        }
        drop(scratch);
        assert!(!home.exists());
    }

    #[test]
    fn unlocking_follows_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let (outside, inside) = (folder.path().join("outside"), folder.path().join("inside"));
        fs::create_dir_all(&outside).unwrap();
        fs::create_dir_all(&inside).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
        fs::write(outside.join("kept"), "").unwrap();
        fs::set_permissions(&outside, Permissions::from_mode(0o500)).unwrap();
        unlock(&inside);
        assert_eq!(mode_of(&fs::symlink_metadata(&outside).unwrap()), 0o500);
        remove(&inside).unwrap();
        assert!(outside.join("kept").exists() && !inside.exists());
        remove(&inside).unwrap();
    }

    #[test]
    fn a_copy_is_made_anew_and_ends_early_when_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "1").unwrap();
        let scratch = Scratch::of(folder.path()).unwrap();
        let files = [path("a"), path("gone")];
        scratch.fill((&files, &[]), &[], &|| true).unwrap();
        fs::write(scratch.root().join("mark"), "").unwrap();
        fs::write(scratch.root().join("a"), "2").unwrap();
        scratch.fill((&files, &[]), &[], &|| true).unwrap();
        assert_eq!(fs::read(scratch.root().join("a")).unwrap(), b"1");
        assert!(!scratch.root().join("mark").exists());
        scratch.fill((&files, &[]), &[], &|| false).unwrap();
        assert_eq!(fs::read_dir(scratch.root()).unwrap().count(), 0);
        let home = scratch.home.clone();
        drop(scratch);
        assert!(!home.exists());
        assert!(matches!(Scratch::of(&folder.path().join("none")), Err(ApplyError::Root { .. })));
    }
}
