//! What keeps a trial from saying anything. Nothing of it is about the plan.

use std::io;
use std::time::Duration;

use repot_apply::ApplyError;
use thiserror::Error;

/// Why a trial came to no result. The tree is as it was, and the copy is gone.
#[derive(Debug, Error)]
pub enum TrialError {
    /// The tree could not be copied, or the copy not changed.
    #[error("the tree cannot be tried in a scratch copy")]
    Copy(#[from] ApplyError),
    /// There is no such command.
    #[error("`{command}` cannot be run{}", said(words))]
    NotFound {
        /// The command line.
        command: String,
        /// What the shell said of it.
        words: String,
    },
    /// It did not end even in the tree before.
    #[error("`{command}` did not end within {limit:?} in the tree before anything is changed")]
    TooSlow {
        /// The command line.
        command: String,
        /// How long it was given.
        limit: Duration,
    },
    /// The shell, or what holds its output, could not be started.
    #[error("`{command}` cannot be started: {source}")]
    Start {
        /// The command line.
        command: String,
        /// The cause.
        source: io::Error,
    },
    /// A signal came.
    #[error("interrupted: nothing was changed, and the scratch copy is gone")]
    Interrupted,
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}

impl TrialError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Copy(error) => return error.hint(),
            Self::NotFound { .. } => {
                "it runs in a copy of what git tracks; a program of the tree that git ignores is below `$REPOT_ROOT`"
            }
            Self::TooSlow { .. } => "give it a longer timeout",
            Self::Start { .. } | Self::Interrupted => return None,
        };
        Some(text.to_owned())
    }
}
