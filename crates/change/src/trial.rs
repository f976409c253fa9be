//! A trial: what one command said of the tree before a phase and after it.
//!
//! Nothing is run here; a trial is what is known once a command was run twice.

use serde::{Deserialize, Serialize};

/// A command that was run in the tree before a phase and in the tree after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The command line, as a shell reads it.
    pub command: String,
    /// What came of it in the tree before.
    pub before: Run,
    /// What came of it in the tree after.
    pub after: Run,
    /// What is broken after and was not before, one line each, in the command's
    /// own words; none where the phase breaks nothing anew.
    pub broken: Vec<String>,
}

/// One run of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The exit status; `None` when a signal ended the command.
    pub status: Option<i32>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// What it printed to either side, in the order in which it came; only the
    /// end where it printed a great deal.
    pub output: String,
}

impl Trial {
    /// Whether the phase breaks nothing anew.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.broken.is_empty()
    }
}
