//! Failures: what went wrong, why, and what to do next.
//!
//! All conversions from the errors of the other crates stand here, and so do
//! all hints that the command line gives.

use std::fmt::Write as _;

use repot_apply::ApplyError;
use repot_codemod::{CodemodError, PlanError};
use repot_git::GitError;
use repot_roadmap::{RoadmapErrors, SettingError, UnknownPhase};
use repot_trial::TrialError;
use repot_workspace::ReadError;

use crate::console::{ERROR, HINT, paint};

/// A run that ends with a message instead of a result.
#[derive(Debug)]
pub enum Failure {
    /// A message, and what to do about it.
    Message {
        /// What went wrong, and the cause behind it.
        text: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A roadmap that cannot be read, with its own way to show where.
    Roadmap(RoadmapErrors),
}

impl Failure {
    /// A failure without a hint.
    pub fn new(text: impl Into<String>) -> Self {
        Self::Message { text: text.into(), hint: None }
    }

    /// A failure with a hint.
    pub fn hinted(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Message { text: text.into(), hint: Some(hint.into()) }
    }

    /// The first of the settings that a step cannot have.
    pub fn settings(errors: Vec<SettingError>) -> Self {
        let first = errors.into_iter().next();
        first.map_or_else(
            || Self::new("a setting is wrong"),
            |error| Self::Message { text: error.message, hint: error.hint },
        )
    }

    /// The failure as it is printed, with its last line end.
    pub fn render(&self, color: bool) -> String {
        match self {
            Self::Roadmap(errors) => format!("{}\n", errors.render(color).trim_end()),
            Self::Message { text, hint } => {
                let mut rendered = format!("{}: {text}\n", paint(color, ERROR, "error"));
                if let Some(hint) = hint {
                    let _ = writeln!(rendered, " {}: {hint}", paint(color, HINT, "hint"));
                }
                rendered
            }
        }
    }
}

impl From<RoadmapErrors> for Failure {
    fn from(errors: RoadmapErrors) -> Self {
        Self::Roadmap(errors)
    }
}

impl From<UnknownPhase> for Failure {
    fn from(error: UnknownPhase) -> Self {
        Self::hinted(error.to_string(), error.hint())
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::hinted(error.to_string(), "name a folder that can be read with `--root DIR`")
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        let hint = match &error {
            PlanError::Codemod { source, .. } => match &**source {
                CodemodError::Setting(setting) => setting.hint.clone(),
                CodemodError::Tree(_) => None,
            },
            PlanError::UnknownCodemod { .. } | PlanError::Tree { .. } => None,
        };
        Self::Message { text: error.to_string(), hint }
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        Self::Message { text: with_causes(&error), hint: error.hint() }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Message { text: error.to_string(), hint: error.hint() }
    }
}

impl From<TrialError> for Failure {
    fn from(error: TrialError) -> Self {
        Self::Message { text: with_causes(&error), hint: error.hint() }
    }
}

/// An error with every cause behind it that it does not tell itself.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    let mut text = error.to_string();
    for cause in causes {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            let _ = write!(text, ": {cause}");
        }
    }
    text
}
