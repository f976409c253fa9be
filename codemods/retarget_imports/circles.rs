//! Circles: rewrites that would make packages import each other are taken back.
//!
//! Each rewrite may be right by itself and still close a circle with another.
//! The edge with the most names is granted first, so that what waits for a
//! decision is the cut that costs least.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use repot_change::{DecisionKind, Outcome};
use repot_workspace::{PackageGraph, PackageId, Workspace};

use super::ruling::{FileRulings, Ruling};

type Edge = (PackageId, PackageId);

/// Turns the rulings that would close a new circle into decisions.
pub fn take_back(workspace: &Workspace, files: &mut [FileRulings]) {
    let refused = refused_edges(workspace, files);
    if refused.is_empty() {
        return;
    }
    for file in files {
        let from = workspace.modules().get(file.module).package;
        for ruling in &mut file.rulings {
            if edge(from, ruling).is_some_and(|edge| refused.contains(&edge)) {
                refuse(workspace, ruling);
            }
        }
    }
}

fn refused_edges(workspace: &Workspace, files: &[FileRulings]) -> BTreeSet<Edge> {
    let mut weights: BTreeMap<Edge, usize> = BTreeMap::new();
    for file in files {
        let from = workspace.modules().get(file.module).package;
        for edge in file.rulings.iter().filter_map(|ruling| edge(from, ruling)) {
            *weights.entry(edge).or_default() += 1;
        }
    }
    let mut graph = PackageGraph::new(workspace.crossings());
    let mut edges: Vec<(Reverse<usize>, Edge)> =
        weights.into_iter().map(|(edge, weight)| (Reverse(weight), edge)).collect();
    edges.sort();
    let mut refused = BTreeSet::new();
    for (_, (from, to)) in edges {
        if graph.would_close_a_circle(from, to) {
            refused.insert((from, to));
        } else {
            graph.add(from, to);
        }
    }
    refused
}

/// The edge that a granted ruling adds to the graph of packages.
fn edge(from: Option<PackageId>, ruling: &Ruling) -> Option<Edge> {
    let (from, to) = from.zip(ruling.package)?;
    (ruling.new.is_some() && ruling.at_run_time && from != to).then_some((from, to))
}

fn refuse(workspace: &Workspace, ruling: &mut Ruling) {
    let target = ruling.package.map_or("the target", |id| workspace.package(id).name.as_str());
    ruling.evidence.rule = format!("{target} would then import this package, and this package {target}");
    ruling.evidence.outcome = Outcome::Decision { decision: DecisionKind::Cycle };
    ruling.new = None;
}
