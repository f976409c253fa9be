//! The contract of a codemod, the planner that runs codemods phase by phase,
//! the laws every plan is checked against, and the runner of their cases.
//!
//! Nothing here reads or writes a disk, and nothing prints: a plan is made from
//! a workspace in memory and is a value.

pub mod cases;
mod contract;
mod layers;
mod moves;
mod past;
mod planner;
mod reliance;
mod review;
mod rounds;
mod selection;
mod verify;

pub use contract::{Codemod, CodemodError, Conclusion, Context, Proposal, Registry};
pub use past::{Former, Lost, Memories, Past, components};
pub use planner::{PlanError, Planner};
pub use review::{Hunk, Review};
pub use selection::Selection;
