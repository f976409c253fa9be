//! One `repot` at a time: the lock, and who holds it.
//!
//! The operating system keeps the lock and drops it with the process, so a
//! killed `repot` never leaves a tree locked. The text in the lock file only
//! names the holder; it decides nothing.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ApplyError, Repository};

/// The right to write the tree, until it is dropped.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would do, were it not for a child process that is
        // just being started and still has a copy of it. An error has nobody to
        // go to, and the lock ends with this process anyway.
        drop(self.file.unlock());
    }
}

/// The process that holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// What it does, as [`Repository::named`] was told.
    pub command: String,
    /// Since when it holds the lock.
    pub since: Timestamp,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, process {}, since {:.0}", self.command, self.pid, self.since)
    }
}

impl Repository {
    /// Takes the lock of the tree, without waiting for it.
    ///
    /// `.repot/` is made first where it is missing, so that git ignores it.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Locked`] when another process, or another [`Lock`] of this
    /// one, holds it; [`ApplyError::Io`].
    pub fn lock(&self) -> Result<Lock, ApplyError> {
        self.journal().make_home()?;
        let path = self.journal().lock_path();
        // What a link leads to would be overwritten.
        if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(ApplyError::io("use", &path)(io::Error::other("it is not a regular file")));
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(ApplyError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = serde_json::from_reader(&file).ok();
                return Err(ApplyError::Locked { path, holder });
            }
            Err(TryLockError::Error(source)) => return Err(ApplyError::io("lock", &path)(source)),
        }
        let (pid, since) = (std::process::id(), Timestamp::now());
        let holder = Holder { pid, command: self.command.clone(), since };
        name_holder(&mut file, &holder).map_err(ApplyError::io("write", &path))?;
        Ok(Lock { file })
    }
}

fn name_holder(file: &mut File, holder: &Holder) -> io::Result<()> {
    let text = serde_json::to_vec(holder).map_err(io::Error::other)?;
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&text)
}
