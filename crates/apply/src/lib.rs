//! The transaction: the only writer of the repository.
//!
//! It carries out the writes of a plan, all of them or none, keeps the old
//! bytes in a journal, takes an operation back byte for byte, and brings the
//! tree to exactly before or exactly after one that was stopped in the middle.
//! It knows no Python, makes no plan, asks nobody and prints nothing: what to
//! write is decided elsewhere, and whether to write it as well.
//!
//! ```text
//! verify       is the tree the one that the plan was made for?
//! transaction  verify, journal, steps, commit mark; or everything back
//! steps        the order in which files and folders change
//! recover      what becomes of an operation that was stopped
//! fresh        new files of a tree that has no journal yet
//! history      log, undo, redo
//! inverse      what takes an operation back; merge: around later work;
//!              later: what that was
//! prune        forgetting the oldest operations
//! output       files that a person asked for; cache: what may be found out again
//! scratch      copies of the tree that may be broken
//! delta        what an undo would do, as files before and after
//! journal      operations on the disk; record: one of them; store: its old bytes
//! tree         looking; disk: changing
//! lock         one at a time
//! ```

#![allow(clippy::disallowed_methods, reason = "the only writer, and it reads what it is about to write")]

mod cache;
mod delta;
mod disk;
mod error;
mod fresh;
mod history;
mod inverse;
mod journal;
mod later;
mod lock;
mod merge;
mod operation;
mod output;
mod prune;
mod record;
mod recover;
mod scratch;
mod steps;
mod store;
#[cfg(test)]
mod tests;
mod transaction;
mod tree;
mod verify;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use error::{ApplyError, Drift, DriftKind};
pub use fresh::write_new;
pub use history::Preview;
pub use lock::{Holder, Lock};
pub use operation::{FileState, JournalEntry, Operation, OperationId, OperationKind, State};
pub use output::{read_output, write_output};
pub use recover::{Recovered, Recovery};
pub use scratch::Scratch;

use disk::{Disk, SystemDisk};
use journal::Journal;

/// A tree that can be written: its root, and the journal in `.repot/` below it.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    command: String,
}

impl Repository {
    /// Opens the tree below the folder `root`. Nothing is written.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Root`] when `root` is not a folder.
    pub fn open(root: &Path) -> Result<Self, ApplyError> {
        Self::with_disk(root, Arc::new(SystemDisk))
    }

    /// The root, absolute and without symbolic links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The same tree, locked in the name of `command`: what another `repot`
    /// tells its user while this one holds the lock. It is `repot` otherwise.
    #[must_use]
    pub fn named(self, command: &str) -> Self {
        Self { command: command.to_owned(), ..self }
    }

    fn with_disk(root: &Path, disk: Arc<dyn Disk>) -> Result<Self, ApplyError> {
        let error = |source| ApplyError::Root { path: root.to_owned(), source };
        let root = fs::canonicalize(root).map_err(error)?;
        if !root.is_dir() {
            return Err(error(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self { root, disk, command: "repot".to_owned() })
    }

    fn disk(&self) -> &dyn Disk {
        self.disk.as_ref()
    }

    fn journal(&self) -> Journal<'_> {
        Journal::new(&self.root, self.disk())
    }
}
