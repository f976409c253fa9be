//! Why git could not be used, said so that a person knows what to do next.

use repot_apply::ApplyError;
use repot_change::RelPath;
use thiserror::Error;

/// Why there is no commit.
#[derive(Debug, Error)]
pub enum GitError {
    /// There is no command `git`.
    #[error("git is not installed")]
    Missing,
    /// Git refused.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// The command and its first arguments.
        command: String,
        /// What git said.
        message: String,
    },
    /// Nothing was ever committed.
    #[error("there is no commit yet to build on")]
    Unborn,
    /// A merge is under way.
    #[error("a merge is under way here")]
    Merging,
    /// Files that are tracked differ from the last commit.
    #[error("files differ from the last commit:{}", list(paths))]
    Dirty {
        /// The files.
        paths: Vec<RelPath>,
    },
    /// Files that the plan changes differ from the last commit, so that a
    /// commit would hold more than the plan.
    #[error("files that the plan changes differ from the last commit:{}", list(paths))]
    Mixed {
        /// The files.
        paths: Vec<RelPath>,
    },
    /// A file belongs to another repository.
    #[error("{path}: belongs to the submodule `{submodule}`")]
    Submodule {
        /// The file.
        path: RelPath,
        /// The submodule, as git names it.
        submodule: String,
    },
    /// Nothing here is called so, or it is no commit.
    #[error("there is no commit `{name}` here")]
    UnknownRevision {
        /// The name that was given.
        name: String,
    },
    /// No branch can have this name.
    #[error("`{name}` is no name for a branch")]
    BadBranch {
        /// The name.
        name: String,
    },
    /// The branch exists.
    #[error("the branch `{name}` exists already")]
    BranchExists {
        /// The name.
        name: String,
    },
    /// Git does not know who commits.
    #[error("git does not know who you are")]
    Nobody,
    /// The files for git could not be laid out.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl GitError {
    /// What the person can do about it, as one sentence without a full stop.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Missing => "apply without `--commit`, or install git",
            Self::Unborn => "make a first commit, then try again",
            Self::Merging => "conclude it (`git commit`) or give it up (`git merge --abort`)",
            Self::Dirty { .. } => "commit or stash them, or say `--allow-dirty` to leave them as they are",
            Self::Mixed { .. } => {
                "commit or stash them: a commit of a step holds what the step does, no more"
            }
            Self::Submodule { .. } => "run repot in the submodule itself, or exclude it in the roadmap",
            Self::BranchExists { .. } => "name another one, or switch to it and leave `--branch` out",
            Self::UnknownRevision { .. } => {
                "fetch it (`git fetch origin BRANCH`; a shallow clone needs `--deepen`), or name another"
            }
            Self::Nobody => "`git config user.name NAME` and `git config user.email ADDRESS`",
            Self::Apply(error) => return error.hint(),
            Self::Failed { .. } | Self::BadBranch { .. } => return None,
        };
        Some(text.to_owned())
    }
}

fn list(paths: &[RelPath]) -> String {
    const SHOWN: usize = 10;
    let mut text: String = paths.iter().take(SHOWN).map(|path| format!("\n  {path}")).collect();
    if paths.len() > SHOWN {
        text += &format!("\n  … and {} more", paths.len() - SHOWN);
    }
    text
}
