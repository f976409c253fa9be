//! Changes to a tree of files as values: edits, change sets, evidence, plans.
//!
//! Everything here is data whose type holds its invariant: edits are sorted
//! and disjoint, paths stay inside the tree, a change set names every path
//! once. Nothing here reads a disk, knows Python or prints; what a change
//! *means* is known to the codemods, what it *does* to the `apply` crate.

mod change_set;
mod compose;
mod edit;
mod evidence;
mod hash;
mod path;
mod place;
mod plan;
mod saved;
mod trial;

pub use change_set::{ChangeSet, Content, FileChange, FileDelta, TreeError, edited};
pub use compose::{compose, writes};
pub use edit::{Conflict, Edit, Edits, OutOfBounds, Span};
pub use evidence::{Applicability, Candidate, Class, Decision, DecisionKind, Evidence, Outcome};
pub use hash::ContentHash;
pub use path::{PathError, RelPath};
pub use place::{line_at, position};
pub use plan::{Check, CheckStatus, Note, Plan, PlannedPart, PlannedPhase, PlannedStep, Reliance, Write};
pub use saved::{Basis, SavedPlan, SavedPlanError};
pub use trial::{Run, Trial};
