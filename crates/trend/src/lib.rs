//! Measured history: which commits are looked at, what was measured there, how
//! it goes on, where it got worse, and what people said of it.
//!
//! Pure: commits and audits come in as values, and a [`Progress`] goes out. How
//! past commits are read is known to the `cli`, how progress looks to `report`
//! alone.
//!
//! ```text
//! measured    what an audit says that is worth keeping for a commit
//! graph       domains or packages, and who imports whom
//! sample      which commits stand for a week, a month, a day
//! slope       the trend of a metric and its uncertainty; forecast: when a
//!             target is met
//! search      the commit at which a metric got worse
//! claim       what commit messages say of figures and completion
//! progress    all of it, as one value to be shown
//! ```

mod claim;
mod forecast;
mod graph;
mod measured;
mod progress;
mod sample;
mod search;
mod slope;

pub use claim::{Claim, Claimed, Scope, Subjects, claims, related};
pub use forecast::{Forecast, Outlook, forecast};
pub use graph::{Edge, Graph, GraphOf, Node};
pub use measured::{Better, GateState, Measure, Measured, PackageLine};
pub use progress::{
    Blocker, CheckedClaim, Moment, Movement, PhaseProgress, Point, Progress, Regression, Stretch,
};
pub use sample::{Every, Sample, day, samples};
pub use search::{Search, searches};
pub use slope::{Slope, slope};
