//! The metric `boundary-violations`: imports that cross into a domain which the
//! importer's domain may not import.

use repot_workspace::{Crossing, Reach, Workspace};

use crate::{Figure, Finding, figure};

/// The name of the metric.
pub const BOUNDARY_VIOLATIONS: &str = "boundary-violations";

/// The rule behind the findings.
const DOMAIN_IMPORTS: &str = "domain-imports";

/// The findings, one for each name, and the figure; its value counts names.
pub fn boundary_violations(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let forbidden: Vec<&Crossing> =
        workspace.crossings().iter().filter(|crossing| crossing.reach == Reach::Forbidden).collect();
    let mut files: Vec<_> = forbidden.iter().map(|crossing| &crossing.path).collect();
    files.dedup();
    let parts = [("names", forbidden.len()), ("files", files.len())];
    let per_file = forbidden.iter().map(|crossing| (Some(workspace.package(crossing.from).name.as_str()), 1));
    let figure = figure::counted(BOUNDARY_VIOLATIONS, &parts, per_file);
    (forbidden.into_iter().map(|crossing| finding(workspace, crossing)).collect(), figure)
}

fn finding(workspace: &Workspace, crossing: &Crossing) -> Finding {
    let domain = |id| workspace.domains().of(id).unwrap_or("(none)");
    let message = format!(
        "`{}`: domain `{}` may not import domain `{}`",
        crossing.subject,
        domain(crossing.from),
        domain(crossing.to)
    );
    Finding::on_line(DOMAIN_IMPORTS, &crossing.path, crossing.line, message, None)
}
