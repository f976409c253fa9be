//! The git repository around a tree: what state it is in, what it was at past
//! commits, and commits of what a plan does, one for each step.
//!
//! The only user of git, by its own command, so that worktrees, attributes,
//! filters, signatures and every other thing that people configure are as they
//! are used to. It never pushes, never switches to other files, and knows
//! neither plans nor Python.
//!
//! ```text
//! run     one git command
//! state   what is checked before anything is written
//! commit  the commits, made before the tree is written and shown after it
//! history the commits behind a branch
//! objects the files of a commit, without a checkout
//! ignored what git passes over
//! former  what files were until a commit changed them or took them away
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests make repositories in scratch folders and look at them"
    )
)]

mod commit;
mod content;
mod error;
mod former;
mod history;
mod ignored;
mod objects;
#[cfg(test)]
mod reading;
mod run;
mod state;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use commit::{Commits, Step};
pub use error::GitError;
pub use former::Former;
pub use history::{Commit, History, Since};
pub use objects::{CommitTree, EntryKind, ObjectId, Objects, TreeEntry};

/// A git repository with a work tree, seen from a folder in it.
#[derive(Debug, Clone)]
pub struct Git {
    /// The folder: the root of the tree that paths are relative to.
    root: PathBuf,
    /// The path of the folder below the top of the work tree: empty, or with a
    /// `/` at its end.
    prefix: String,
}

impl Git {
    /// The repository around the folder `root`; `None` where there is none, or
    /// no git.
    ///
    /// # Errors
    ///
    /// [`GitError::Failed`] when git will not say.
    pub fn open(root: &Path) -> Result<Option<Self>, GitError> {
        let git = Self { root: root.to_owned(), prefix: String::new() };
        match git.text(&["rev-parse", "--show-prefix"]) {
            Ok(prefix) => Ok(Some(Self { prefix, ..git })),
            Err(GitError::Missing) => Ok(None),
            Err(GitError::Failed { message, .. }) if message.contains("not a git repository") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The commit that is checked out; `None` before the first one.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn head(&self) -> Result<Option<String>, GitError> {
        self.find(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
    }
}
