//! What a roadmap says about measuring: coverage reports, metrics that a
//! command gives, and criteria that only a person can judge.
//!
//! Values: no report is read and no command is run here.

use std::ops::Range;
use std::time::Duration;

use jiff::civil::Date;
use regex::Regex;

use crate::{Pattern, Spanned};

/// `[coverage]`: where test coverage is read from, and how much is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The reports: paths relative to the root, in which `*` stands for any
    /// part of one name.
    pub files: Vec<Spanned<Pattern>>,
    /// For packages, by name or glob of their folder, at least how many
    /// percent; the first that fits a package counts.
    pub at_least: Vec<(Spanned<String>, Percent)>,
}

/// A number from 0 to 100, in tenths, so that it can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u16);

impl Percent {
    /// `value` percent; `None` when it is not between 0 and 100.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1000")]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=100.0).contains(&value).then(|| Self((value * 10.0).round() as u16))
    }

    /// The number itself.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

/// `[metrics.NAME]`: a figure that only another tool knows.
#[derive(Debug, Clone)]
pub struct CommandMetric {
    /// The metric's name in the file.
    pub name: Spanned<String>,
    /// The command line, as a shell reads it.
    pub command: Spanned<String>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// Where in its output the figure stands.
    pub reading: Reading,
    /// Whether the figure is a percentage instead of a count.
    pub is_percent: bool,
    /// The exit statuses with which the figure counts; 0 alone unless it says
    /// otherwise.
    pub statuses: Vec<i32>,
}

/// Where in the output of a command its figure stands.
#[derive(Debug, Clone)]
pub enum Reading {
    /// At this place of the JSON that it writes to its standard output
    /// (RFC 6901).
    Pointer(String),
    /// In the first group of the last match in all that it prints; the whole
    /// match where there is no group.
    Pattern(Regex),
}

/// `[[phase.criterion]]`: what only a person can judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// What has to be true.
    pub text: Spanned<String>,
    /// Who says so.
    pub owner: Option<String>,
    /// The day until which it should be.
    pub due: Option<Date>,
    /// The day on which it was found true; until then it is open.
    pub done: Option<Date>,
}

/// Whom a gate looks at, where it is not the whole workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The package of this name.
    Package(Spanned<String>),
    /// The domain of this name.
    Domain(Spanned<String>),
}

impl Scope {
    /// The name and where it stands.
    #[must_use]
    pub fn name(&self) -> &Spanned<String> {
        match self {
            Self::Package(name) | Self::Domain(name) => name,
        }
    }

    /// Where the name stands in the file.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.name().span.clone()
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Package(name) => write!(f, "package {}", name.value),
            Self::Domain(name) => write!(f, "domain {}", name.value),
        }
    }
}

/// What becomes of packages that lie in no domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undeclared {
    /// They are findings.
    Deny,
    /// They are counted, and nobody minds.
    Allow,
}
