//! The rules over imports: who may import what.
//!
//! Each rule is one pure function from the resolved imports of the whole
//! workspace to findings. What it lets pass (inline, or by the roadmap) is
//! taken out afterwards, for all rules alike.

mod chains;
mod composition;
mod cycles;
mod dependency;
mod domain;
mod imports;
mod private;
mod public;
mod walk;

use repot_roadmap::Boundaries;
use repot_workspace::Workspace;

use crate::{Figure, Finding, figure};

pub use domain::{BOUNDARY_VIOLATIONS, DOMAIN_IMPORTS};
use imports::Imports;

/// Forbidden domains that are reached through others.
pub const DOMAIN_CHAINS: &str = "domain-chains";
/// Packages, and on request modules, that import each other in a circle.
pub const NO_CYCLES: &str = "no-cycles";
/// Names with a leading underscore, imported across packages.
pub const PRIVATE_ACCESS: &str = "private-access";
/// What a package does not export, imported from another.
pub const PUBLIC_INTERFACE: &str = "public-interface";
/// What is imported and not declared.
pub const UNDECLARED_DEPENDENCY: &str = "undeclared-dependency";
/// Who may put a program together, and who may not ask it to.
pub const COMPOSITION_ROOT: &str = "composition-root";

/// What looks for the findings of a rule.
type Look = fn(&Imports<'_>, &Boundaries) -> Vec<Finding>;

/// The metrics that count findings, with what looks for them.
const LOOKS: [(&str, Look); 7] = [
    (BOUNDARY_VIOLATIONS, domain::look),
    (DOMAIN_CHAINS, chains::look),
    (NO_CYCLES, cycles::look),
    (PRIVATE_ACCESS, private::look),
    (PUBLIC_INTERFACE, public::look),
    (UNDECLARED_DEPENDENCY, dependency::look),
    (COMPOSITION_ROOT, composition::look),
];

/// The metrics of the rules over imports that `is_asked` names, over one
/// resolution of all imports.
pub fn measure(
    workspace: &Workspace,
    boundaries: &Boundaries,
    is_asked: impl Fn(&str) -> bool,
) -> Vec<(Vec<Finding>, Figure)> {
    let asked: Vec<_> = LOOKS.into_iter().filter(|(metric, _)| is_asked(metric)).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let imports = Imports::of(workspace, boundaries);
    let measured = asked.into_iter().map(|(metric, look)| {
        let findings = look(&imports, boundaries);
        let figure = counted(workspace, metric, &findings);
        (findings, figure)
    });
    measured.collect()
}

/// The figure of a metric: how many findings, in how many files.
fn counted(workspace: &Workspace, metric: &'static str, findings: &[Finding]) -> Figure {
    let mut files: Vec<_> = findings.iter().map(|finding| &finding.path).collect();
    files.sort();
    files.dedup();
    let package = |finding: &Finding| {
        let id = workspace.package_at(&finding.path)?;
        Some(workspace.package(id).name.as_str())
    };
    let unit = if metric == BOUNDARY_VIOLATIONS { "names" } else { "findings" };
    let parts = [(unit, findings.len()), ("files", files.len())];
    figure::counted(metric, &parts, findings.iter().map(|finding| (package(finding), 1)))
}

#[cfg(test)]
mod tests;
