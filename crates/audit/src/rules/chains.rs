//! The rule `domain-chains`: a package does not reach a domain that it may not
//! import through others either.
//!
//! For each package and each forbidden domain that it reaches, but not by an
//! import of its own, the shortest chain of modules is shown. Ways through a
//! composition root do not count.

use std::collections::{BTreeMap, BTreeSet};

use repot_roadmap::Boundaries;
use repot_workspace::{ModuleId, PackageId, Reach, Workspace};

use super::DOMAIN_CHAINS;
use super::imports::{Import, Imports};
use super::walk::shortest;
use crate::Finding;

pub fn look(imports: &Imports<'_>, _: &Boundaries) -> Vec<Finding> {
    let workspace = imports.workspace;
    let graph = Graph::of(imports);
    let mut findings = Vec::new();
    for package in workspace.package_ids() {
        for (domain, members) in forbidden(workspace, package) {
            let is_end = |at: ModuleId| {
                workspace.modules().get(at).package.is_some_and(|package| members.contains(&package))
            };
            let starts = graph.modules.get(&package).into_iter().flatten().copied();
            let Some(way) = shortest(starts, |at| graph.next(at), is_end) else { continue };
            // One import alone is a finding of `domain-imports`.
            if way.len() > 2 {
                findings.extend(finding(workspace, &graph, package, domain, &way));
            }
        }
    }
    findings
}

/// The modules of code, by package, and what each imports.
struct Graph<'a, 'w> {
    modules: BTreeMap<PackageId, BTreeSet<ModuleId>>,
    edges: BTreeMap<ModuleId, BTreeMap<ModuleId, &'a Import<'w>>>,
}

impl<'a, 'w> Graph<'a, 'w> {
    fn of(imports: &'a Imports<'w>) -> Self {
        let is_root =
            |import: &Import<'_>| imports.workspace.shape().is_composition_root(&import.module.path);
        let mut graph = Self { modules: BTreeMap::new(), edges: BTreeMap::new() };
        for import in imports.of_code().filter(|import| !is_root(import)) {
            if let Some(package) = import.module.package {
                graph.modules.entry(package).or_default().insert(import.importer);
            }
            if let Some(reached) = import.reached_module() {
                graph.edges.entry(import.importer).or_default().entry(reached).or_insert(import);
            }
        }
        graph
    }

    fn next(&self, at: ModuleId) -> Vec<ModuleId> {
        self.edges.get(&at).into_iter().flat_map(BTreeMap::keys).copied().collect()
    }
}

/// The domains that `package` may not import, each with its packages.
fn forbidden(workspace: &Workspace, package: PackageId) -> BTreeMap<&str, BTreeSet<PackageId>> {
    let mut domains: BTreeMap<&str, BTreeSet<PackageId>> = BTreeMap::new();
    for other in workspace.package_ids() {
        let is_forbidden = workspace.domains().reach(Some(package), Some(other)) == Reach::Forbidden;
        if let Some(domain) = workspace.domains().of(other).filter(|_| is_forbidden) {
            domains.entry(domain).or_default().insert(other);
        }
    }
    domains
}

fn finding(
    workspace: &Workspace,
    graph: &Graph<'_, '_>,
    package: PackageId,
    domain: &str,
    way: &[ModuleId],
) -> Option<Finding> {
    let name = |id: &ModuleId| {
        let module = workspace.modules().get(*id);
        module.name.clone().unwrap_or_else(|| module.path.to_string())
    };
    let first = graph.edges.get(way.first()?)?.get(way.get(1)?)?;
    let chain: Vec<String> = way.iter().map(name).collect();
    let message = format!(
        "`{}` reaches domain `{domain}` through others: {}",
        workspace.package(package).name,
        chain.join(" → ")
    );
    let hint = "cut one of these imports, or move what is needed below both".to_owned();
    let subject = format!("{} -> {domain}", workspace.package(package).name);
    Some(first.finding(workspace, DOMAIN_CHAINS, message, Some(hint)).about(subject))
}
