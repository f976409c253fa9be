//! The handful of system calls that change the disk, behind one seam.
//!
//! Everything that this crate writes goes through [`Disk`], so that a test can
//! fail or stop at every single call. Nothing is decided here, and nothing is
//! read: reading cannot lose anybody's work.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many files are synced at the same time. The calls wait for the device,
/// not for a core, and file systems commit what waits together as one.
const SYNC_THREADS: usize = 16;

/// The calls that change the disk.
pub(crate) trait Disk: Debug + Send + Sync {
    /// Creates the file `path`, readable by its owner alone; fails if it exists.
    fn create(&self, path: &Path) -> io::Result<File>;
    /// Writes all of `bytes` at the end of `file`.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;
    /// Sets the twelve mode bits of the file or folder `path`.
    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()>;
    /// Renames `from` to `to`, in place of a file that is there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Creates a folder, with the mode that the umask leaves.
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
    /// Returns when every one of these files and folders is on the device.
    fn sync(&self, paths: &[PathBuf]) -> Result<(), (PathBuf, io::Error)>;
}

/// The disk of the operating system.
#[derive(Debug)]
pub(crate) struct SystemDisk;

impl Disk for SystemDisk {
    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        // A file system without modes refuses the call even when there is
        // nothing to change.
        if fs::symlink_metadata(path)?.permissions().mode() & 0o7777 == mode {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn sync(&self, paths: &[PathBuf]) -> Result<(), (PathBuf, io::Error)> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<(), (PathBuf, io::Error)> {
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                sync_one(path).map_err(|error| (path.clone(), error))?;
            }
            Ok(())
        };
        if paths.len() < 2 {
            return work();
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..SYNC_THREADS.min(paths.len())).map(|_| scope.spawn(work)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().expect("syncing does not panic"))
        })
    }
}

fn sync_one(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        // Some network file systems cannot sync a folder, and need not.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}
