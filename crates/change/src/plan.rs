//! A plan: what phases would do to one tree, and what was verified of it.

use serde::{Deserialize, Serialize};

use crate::{Class, Content, ContentHash, Decision, Evidence, FileDelta, RelPath, Trial, compose, writes};

/// Something that a person should know about a file or a run, but that stops
/// nothing: a file that does not parse, a folder that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// The file or folder, where there is one.
    pub path: Option<RelPath>,
    /// The line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// What there is to know, as one sentence without a full stop.
    pub message: String,
}

impl Note {
    /// A note about `path` as a whole.
    pub fn about(path: &RelPath, message: impl Into<String>) -> Self {
        Self { path: Some(path.clone()), line: None, message: message.into() }
    }
}

/// What came of one check of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum CheckStatus {
    /// It holds.
    Passed,
    /// It does not hold; the plan cannot be applied.
    Failed {
        /// Each place where it does not hold.
        failures: Vec<Note>,
    },
}

/// One law that a plan was checked against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The law, such as `no new syntax error`.
    pub law: String,
    /// What was looked at, such as `142 files`.
    pub scope: String,
    /// What came of it.
    #[serde(flatten)]
    pub status: CheckStatus,
}

/// What the edits of one class do to the tree that the classes before it leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPart {
    /// The class.
    pub class: Class,
    /// Every file before and after, sorted by the path after; a file that moved
    /// in an earlier class stands here under its new path.
    pub deltas: Vec<FileDelta>,
}

/// What one step would do to the tree that the step before it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// The codemod's name.
    pub codemod: String,
    /// What changes, one class after the other, in their order; no part is
    /// empty.
    pub parts: Vec<PlannedPart>,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What else there is to know.
    pub notes: Vec<Note>,
}

impl PlannedStep {
    /// The deltas of every part, in the order in which they follow each other.
    /// A file that several classes change occurs once for each.
    pub fn deltas(&self) -> impl Iterator<Item = &FileDelta> {
        self.parts.iter().flat_map(|part| &part.deltas)
    }
}

/// What one phase would do, step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPhase {
    /// The phase's name in the roadmap.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// Its steps, in order.
    pub steps: Vec<PlannedStep>,
    /// What was verified of all steps together.
    pub checks: Vec<Check>,
    /// What commands said of the tree before and after.
    pub trials: Vec<Trial>,
}

impl PlannedPhase {
    /// Whether no check failed, and no command found anything broken anew.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.checks.iter().all(|check| check.status == CheckStatus::Passed)
            && self.trials.iter().all(Trial::passed)
    }

    /// All steps as one change: every file before and after, as [`compose`]
    /// sorts them.
    #[must_use]
    pub fn deltas(&self) -> Vec<FileDelta> {
        let parts = self.steps.iter().flat_map(|step| &step.parts);
        compose(parts.map(|part| part.deltas.as_slice()))
    }

    /// What `apply` carries out: [`Self::deltas`], path by path.
    #[must_use]
    pub fn writes(&self) -> Vec<Write> {
        writes(&self.deltas())
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.deltas().is_empty()
    }

    /// The evidence of every step.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.steps.iter().flat_map(|step| &step.evidence)
    }

    /// The open decisions of every step, as [`Decision::gather`] sorts them.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        Decision::gather(self.evidence())
    }
}

/// What one or more phases would do to the tree as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The phases, in the order of the roadmap.
    pub phases: Vec<PlannedPhase>,
    /// What there is to know of the tree itself.
    pub notes: Vec<Note>,
    /// The files that no phase changes and that the result rests on, sorted.
    pub relies_on: Vec<Reliance>,
}

impl Plan {
    /// Whether no phase changes anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.phases.iter().all(PlannedPhase::is_empty)
    }

    /// Whether every phase is verified.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.phases.iter().all(PlannedPhase::is_verified)
    }
}

/// A file that a plan rests on without changing it, as it is before the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reliance {
    /// The path.
    pub path: RelPath,
    /// The hash of its bytes; `None` when no file may stand there.
    pub hash: Option<ContentHash>,
}

/// The final effect on one path, bound to what must stand there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The path.
    pub path: RelPath,
    /// The hash of the bytes that must stand there; `None` when nothing may.
    pub expect: Option<ContentHash>,
    /// What stands there afterwards; `None` when nothing does.
    pub content: Option<Content>,
    /// The path from which the file came, when it was moved.
    pub moved_from: Option<RelPath>,
}
