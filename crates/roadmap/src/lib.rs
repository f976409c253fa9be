//! The roadmap file (`repot.toml`, or `[tool.repot]` in `pyproject.toml`) as
//! values.
//!
//! Text goes in; a [`Roadmap`] or *all* errors of the file come out, each with
//! its line, its column, the offending text underlined and the nearest valid
//! name. The crate knows no disk, no Python and no codemod: which names are
//! valid is told by the caller's [`Vocabulary`], and whether a glob matches
//! anything is found later, by the crate that reads the tree, and reported with
//! [`Roadmap::problem`].

mod boundaries;
mod measured;
mod name;
mod parse;
mod pattern;
mod problem;
mod range;
mod reader;
mod roadmap;
mod settings;
mod spanned;
mod vocabulary;

pub use boundaries::{Boundaries, Exception};
pub use measured::{CommandMetric, Coverage, Criterion, Percent, Reading, Scope, Undeclared};
pub use name::nearest;
pub use pattern::{Pattern, PatternError};
pub use problem::{RoadmapErrors, RoadmapFile, RoadmapProblem};
pub use range::VersionRange;
pub use roadmap::{
    Decide, DecideRequirement, DecideRule, Domain, Gate, Phase, RequirementTarget, Retired, Roadmap, Step,
    Target, Template, TomlValue, UnknownPhase, Verify, VersionRule, Versions, WorkspaceTable,
};
pub use settings::{SettingError, SettingValue, Settings};
pub use spanned::Spanned;
pub use vocabulary::{CodemodSchema, SettingKind, SettingSchema, Vocabulary};
