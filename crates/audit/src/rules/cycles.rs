//! The rule `no-cycles`: packages, and on request modules, do not import each
//! other in a circle.
//!
//! Imports of tests and scripts do not count, since nobody imports these. For
//! each group of packages that all reach each other the smallest circle is
//! shown, and of it the edge with the fewest imports: cutting that one costs
//! least.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::{DiGraphMap, NodeTrait};
use repot_roadmap::Boundaries;
use repot_workspace::{ModuleId, PackageId};

use super::NO_CYCLES;
use super::imports::{Import, Imports};
use super::walk::shortest;
use crate::Finding;

pub fn look(imports: &Imports<'_>, boundaries: &Boundaries) -> Vec<Finding> {
    let workspace = imports.workspace;
    let package = |import: &Import<'_>| Some((import.module.package?, import.package?));
    let name = |id: PackageId| workspace.package(id).name.clone();
    let mut findings = circles(imports, "packages", package, name);
    if boundaries.module_cycles {
        let module = |import: &Import<'_>| Some((import.importer, import.reached_module()?));
        let name = |id: ModuleId| {
            let module = workspace.modules().get(id);
            module.name.clone().unwrap_or_else(|| module.path.to_string())
        };
        findings.extend(circles(imports, "modules", module, name));
    }
    findings
}

/// A finding for each group of nodes that reach each other.
fn circles<N: NodeTrait>(
    imports: &Imports<'_>,
    noun: &str,
    ends: impl Fn(&Import<'_>) -> Option<(N, N)>,
    name: impl Fn(N) -> String,
) -> Vec<Finding> {
    let mut edges: BTreeMap<(N, N), Vec<&Import<'_>>> = BTreeMap::new();
    for import in imports.of_code() {
        if let Some((from, to)) = ends(import).filter(|(from, to)| from != to) {
            edges.entry((from, to)).or_default().push(import);
        }
    }
    let graph: DiGraphMap<N, ()> = DiGraphMap::from_edges(edges.keys().map(|(from, to)| (*from, *to, ())));
    let groups = tarjan_scc(&graph).into_iter().filter(|group| group.len() > 1);
    let finding = |group: Vec<N>| {
        let circle = smallest(&graph, &group)?;
        let steps = circle.iter().copied().zip(circle.iter().copied().cycle().skip(1));
        let (cut, cost) = steps
            .filter_map(|step| Some((step, edges.get(&step)?)))
            .min_by_key(|(step, cost)| (cost.len(), *step))?;
        let names: Vec<String> = circle.iter().chain(circle.first()).map(|node| name(*node)).collect();
        let more = if group.len() > circle.len() {
            format!("; {} {noun} reach each other here", group.len())
        } else {
            String::new()
        };
        let message = format!("{noun} import each other in a circle: {}{more}", names.join(" → "));
        let (from, to) = (name(cut.0), name(cut.1));
        let imports_of = match cost.len() {
            1 => "its one import".to_owned(),
            count => format!("its {count} imports"),
        };
        let hint = format!("the cheapest edge to cut is {from} → {to}: {imports_of}");
        let at = cost.first()?;
        Some(at.finding(imports.workspace, NO_CYCLES, message, Some(hint)).about(names.join(" -> ")))
    };
    groups.filter_map(finding).collect()
}

/// The smallest circle within a group, beginning with its least node; of
/// several the first.
fn smallest<N: NodeTrait>(graph: &DiGraphMap<N, ()>, group: &[N]) -> Option<Vec<N>> {
    let mut nodes = group.to_vec();
    nodes.sort_unstable();
    let through = |node: &N| {
        let node = *node;
        let next = |at: N| {
            let mut next: Vec<N> = graph.neighbors(at).collect();
            next.sort_unstable();
            next
        };
        let mut circle = shortest(next(node), next, |at| at == node)?;
        circle.rotate_right(1);
        Some(circle)
    };
    let mut best: Option<Vec<N>> = None;
    for circle in nodes.iter().filter_map(through) {
        if best.as_ref().is_none_or(|best| circle.len() < best.len()) {
            best = Some(circle);
        }
        if best.as_ref().is_some_and(|best| best.len() == 2) {
            break;
        }
    }
    best
}
