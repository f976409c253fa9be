//! The metric `duplicate-packages`: pairs of packages that look like one package
//! twice.
//!
//! A figure and no finding: a pair is a suspicion, and what becomes of it a
//! person says.

use repot_workspace::Workspace;

use crate::survey::duplicates;
use crate::{Figure, figure};

/// The name of the metric.
pub const DUPLICATE_PACKAGES: &str = "duplicate-packages";

/// The figure; its value counts pairs.
pub fn duplicate_packages(workspace: &Workspace) -> Figure {
    let pairs = duplicates(workspace);
    let count = |is: fn(&crate::survey::DuplicatePair) -> bool| pairs.iter().filter(|pair| is(pair)).count();
    let parts = [("pairs", pairs.len()), ("by name", count(|pair| pair.by_name))];
    figure::counted(DUPLICATE_PACKAGES, &parts, std::iter::empty())
}
