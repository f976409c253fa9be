//! Rules, metrics, gates and baselines: a workspace in, findings and figures
//! out.
//!
//! Pure: nothing here reads or writes a disk, and nothing prints. How findings
//! look on a terminal or in a CI log is known to the `report` crate alone.

mod baseline;
mod compliance;
mod dangling;
mod distributions;
mod figure;
mod finding;
mod gate;
mod layers;
mod legacy;
mod measure;
mod pass;
mod place;
mod retired;
mod rules;
pub mod survey;
mod twins;
mod versions;
mod wanted;

pub use baseline::{Baseline, BaselineError};
pub use compliance::{Ruling, Rulings, rulings};
pub use finding::Finding;
pub use gate::{Audit, Figure, GateResult, Unit, Verdict};
pub use measure::{Asked, METRICS, RULES, audit, metric_of, usual};
