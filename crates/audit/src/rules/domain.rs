//! The rule `domain-imports`: a package imports its own domain and those that
//! its domain may import. A composition root may import any.
//!
//! The metric that counts its findings is `boundary-violations`.

use repot_roadmap::Boundaries;
use repot_workspace::Reach;

use super::imports::{Import, Imports};
use crate::Finding;

/// The metric.
pub const BOUNDARY_VIOLATIONS: &str = "boundary-violations";
/// The rule.
pub const DOMAIN_IMPORTS: &str = "domain-imports";

pub fn look(imports: &Imports<'_>, _: &Boundaries) -> Vec<Finding> {
    let domains = imports.workspace.domains();
    let finding = |(import, from, to): (&Import<'_>, _, _)| {
        let is_root = || imports.workspace.shape().is_composition_root(&import.module.path);
        if domains.reach(Some(from), Some(to)) != Reach::Forbidden || is_root() {
            return None;
        }
        let domain = |id| domains.of(id).unwrap_or("(none)");
        let (own, other) = (domain(from), domain(to));
        let message = format!("`{}`: domain `{own}` may not import domain `{other}`", import.subject());
        let hint =
            "`repot run decouple-domains` shows what would move to an interface, become one, or be handed in";
        Some(import.finding(imports.workspace, DOMAIN_IMPORTS, message, Some(hint.to_owned())))
    };
    imports.crossing().filter_map(finding).collect()
}
