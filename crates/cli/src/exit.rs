//! The exit status: every number that Repot ends with.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: fine.
    Fine,
    /// 1: findings, failed gates, or with `--check` changes that would be made.
    Findings,
    /// 2: wrong usage, wrong roadmap, or refused.
    Refused,
    /// What `plan --detailed-exitcode` ends with, as Terraform does: 0 nothing
    /// to do, 1 error, 2 changes.
    Detailed(u8),
}

impl ExitStatus {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Refused => 2,
            Self::Detailed(code) => code,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}
