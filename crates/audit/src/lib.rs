//! Rules, metrics, gates and baselines: a workspace in, findings and figures
//! out.
//!
//! Pure: nothing here reads or writes a disk, and nothing prints. How findings
//! look on a terminal or in a CI log is known to the `report` crate alone.

mod baseline;
mod commands;
mod compliance;
mod coverage;
mod dangling;
mod definition;
mod distributions;
mod docstrings;
mod documentation;
mod features;
mod figure;
mod finding;
mod gate;
mod layers;
mod legacy;
mod measure;
mod owed;
mod pass;
mod place;
mod retired;
mod rules;
#[cfg(test)]
mod sample;
mod source;
pub mod survey;
mod tested;
mod twins;
mod undeclared;
mod versions;
mod wanted;

pub use baseline::{Baseline, BaselineError};
pub use commands::Answer;
pub use compliance::{Ruling, Rulings, rulings};
pub use coverage::{CoverageAsked, TEST_COVERAGE};
pub use definition::{DEFINITIONS, Definition, METRICS, is_on_request};
pub use finding::Finding;
pub use gate::{Audit, CriterionResult, Figure, GateResult, Unit, Verdict};
pub use measure::{Asked, RULES, audit, in_scope, metric_of, usual};
