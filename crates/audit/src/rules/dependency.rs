//! The rule `undeclared-dependency`: what a package imports stands in its
//! project file.
//!
//! A package without a project file is not judged. Which distribution brings an
//! import name is said by the roadmap, else known for the common ones, else
//! taken to have the same name.

use std::collections::BTreeSet;

use repot_roadmap::Boundaries;
use repot_workspace::{PackageId, Target, is_stdlib};

use super::UNDECLARED_DEPENDENCY;
use super::imports::{Import, Imports};
use crate::Finding;
use crate::distributions::{distribution, may_bring, normalised};

pub fn look(imports: &Imports<'_>, boundaries: &Boundaries) -> Vec<Finding> {
    // One finding for each package and name: the first import stands for all.
    let mut told: BTreeSet<(PackageId, String)> = BTreeSet::new();
    let mut findings = Vec::new();
    for import in &imports.all {
        let Some((package, wanted)) = undeclared(imports, boundaries, import) else { continue };
        if told.insert((package, wanted.clone())) {
            findings.push(finding(imports, import, package, &wanted));
        }
    }
    findings
}

/// The package that does not declare what `import` needs, and the distribution.
fn undeclared(
    imports: &Imports<'_>,
    boundaries: &Boundaries,
    import: &Import<'_>,
) -> Option<(PackageId, String)> {
    let workspace = imports.workspace;
    let own = import.module.package?;
    let package = workspace.package(own);
    // A guarded import asks whether the dependency is there.
    if !package.has_project_file || import.statement.context.guarded {
        return None;
    }
    let declares = |wanted: &str| package.dependencies.iter().any(|name| name == wanted);
    if let Some(to) = import.package {
        let name = workspace.package(to).distribution.as_deref().unwrap_or(&workspace.package(to).name);
        return (to != own && !declares(&normalised(name))).then(|| (own, name.to_owned()));
    }
    if import.resolved.target != Target::External || import.resolved.module.starts_with('.') {
        return None;
    }
    let top = import.resolved.module.split('.').next().unwrap_or_default();
    let stated = boundaries.distributions.get(top);
    let is_declared = match stated {
        Some(stated) => declares(&normalised(stated)),
        None => package.dependencies.iter().any(|name| may_bring(name, top)),
    };
    if is_declared || is_stdlib(top) {
        return None;
    }
    Some((own, stated.cloned().unwrap_or_else(|| distribution(top))))
}

fn finding(imports: &Imports<'_>, import: &Import<'_>, package: PackageId, wanted: &str) -> Finding {
    let package = &imports.workspace.package(package).name;
    let message = format!("`{}` comes from `{wanted}`, which `{package}` does not declare", import.subject());
    let hint = format!(
        "add `{wanted}` to the dependencies of `{package}`, or say in `[boundaries.distributions]` where it comes from"
    );
    let finding = import.finding(imports.workspace, UNDECLARED_DEPENDENCY, message, Some(hint));
    finding.about(wanted.to_owned())
}
