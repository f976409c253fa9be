//! Which format a file has, by its name, its folder and its first line.

use repot_change::{Class, RelPath};

use super::command;
use super::region::Region;

/// The formats whose references are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Command lines with comments.
    Command,
}

impl Format {
    pub(super) fn of(path: &RelPath, bytes: &[u8]) -> Option<Self> {
        let _ = bytes;
        matches!(path.extension(), Some("sh" | "bash")).then_some(Self::Command)
    }

    pub(super) fn class(self) -> Class {
        Class::Config
    }

    pub(super) fn regions(self, _path: &RelPath, text: &str) -> Result<Vec<Region>, String> {
        match self {
            Self::Command => Ok(command::regions(text)),
        }
    }
}
