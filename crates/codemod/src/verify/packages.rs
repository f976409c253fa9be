//! The laws of packages: no new circle among them, and no new import across a
//! border that the roadmap closes.

use std::collections::BTreeSet;

use repot_change::{Check, Note, RelPath};
use repot_workspace::{Crossing, PackageGraph, Reach, Workspace};

use super::check;
use super::origins::Origins;

/// No two packages reach each other that did not do so before.
pub fn no_new_cycle(origins: &Origins<'_>) -> Check {
    let (before, after) = (origins.before, origins.after);
    let entangled = |workspace: &Workspace| PackageGraph::new(workspace.crossings()).entangled();
    let folder = |id| before.package(id).folder.clone();
    let known: BTreeSet<(RelPath, RelPath)> =
        entangled(before).into_iter().map(|(a, b)| (folder(a), folder(b))).collect();
    let is_known = |a, b| {
        let pairs =
            |a: &RelPath| origins.folders(b).into_iter().any(|b| known.contains(&(a.clone(), b.clone())));
        origins.folders(a).into_iter().any(pairs)
    };
    let mut failures = Vec::new();
    for (a, b) in entangled(after) {
        let (first, second) = (&after.package(a).folder, &after.package(b).folder);
        if first < second && !is_known(a, b) {
            failures.push(Note::about(first, format!("now imports {second} in a circle")));
        }
    }
    check("no new import cycle among packages", format!("{} packages", after.packages().len()), failures)
}

/// No import is forbidden that was not so before. A file is compared with what
/// it was where it came from, and so is the package that it imports: an import
/// that was forbidden under an old name may stay so under the new one.
pub fn no_new_violation(origins: &Origins<'_>) -> Check {
    let (before, after) = (origins.before, origins.after);
    let by_name: BTreeSet<(&RelPath, &str)> =
        forbidden(before).map(|crossing| (&crossing.path, crossing.subject.as_str())).collect();
    let by_target: BTreeSet<(&RelPath, &RelPath, &str)> = forbidden(before)
        .map(|crossing| (&crossing.path, &before.package(crossing.to).folder, last(&crossing.subject)))
        .collect();
    let is_known = |crossing: &Crossing| {
        let Some(path) = origins.of(&crossing.path) else { return false };
        let name = last(&crossing.subject);
        by_name.contains(&(path, crossing.subject.as_str()))
            || origins.folders(crossing.to).into_iter().any(|to| by_target.contains(&(path, to, name)))
    };
    let note = |crossing: &Crossing| Note {
        path: Some(crossing.path.clone()),
        line: Some(crossing.line),
        message: format!("`{}` lies in a domain that may not be imported here", crossing.subject),
    };
    let fresh = forbidden(after).filter(|crossing| !is_known(crossing));
    let scope = format!("{} crossings", after.crossings().len());
    check("no new boundary violation", scope, fresh.map(note).collect())
}

fn forbidden(workspace: &Workspace) -> impl Iterator<Item = &Crossing> {
    workspace.crossings().iter().filter(|crossing| crossing.reach == Reach::Forbidden)
}

/// `c` of `a.b:c` and of `a.c`.
fn last(subject: &str) -> &str {
    subject.rsplit(['.', ':']).next().unwrap_or(subject)
}
