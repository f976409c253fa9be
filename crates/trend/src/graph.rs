//! Domains or packages, and who imports whom: what is drawn.

use std::collections::{BTreeMap, BTreeSet};

use repot_workspace::{PackageId, Reach, Workspace};
use serde::{Deserialize, Serialize};

/// What the nodes of a graph are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphOf {
    /// The domains of the roadmap.
    Domains,
    /// The packages.
    Packages,
}

/// Nodes, and edges between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Graph {
    /// The nodes: by their domains, then by their names.
    pub nodes: Vec<Node>,
    /// The edges, by their ends.
    pub edges: Vec<Edge>,
}

/// A domain or a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Node {
    /// The domain; `None` for packages that belong to none.
    pub domain: Option<String>,
    /// Its name.
    pub name: String,
    /// How many packages it has.
    pub packages: usize,
}

/// Imports from one node to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    /// The name of the importing node.
    pub from: String,
    /// The name of the imported one.
    pub to: String,
    /// How many names are imported.
    pub names: usize,
    /// How many of these the rules forbid.
    pub forbidden: usize,
}

/// What packages without a domain are called together.
const NO_DOMAIN: &str = "(no domain)";

impl Graph {
    /// The graph of `workspace`. What imports itself has no edge for that.
    #[must_use]
    pub fn new(workspace: &Workspace, of: GraphOf) -> Self {
        let domain = |id: PackageId| workspace.domains().of(id).map(str::to_owned);
        let name = |id: PackageId| match of {
            GraphOf::Domains => domain(id).unwrap_or_else(|| NO_DOMAIN.to_owned()),
            GraphOf::Packages => workspace.package(id).name.clone(),
        };
        let mut nodes: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
        for id in workspace.package_ids() {
            *nodes.entry((domain(id), name(id))).or_default() += 1;
        }
        let mut edges: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
        for crossing in workspace.crossings() {
            let (from, to) = (name(crossing.from), name(crossing.to));
            if from != to {
                let (names, forbidden) = edges.entry((from, to)).or_default();
                *names += 1;
                *forbidden += usize::from(crossing.reach == Reach::Forbidden);
            }
        }
        let node = |((domain, name), packages)| Node { domain, name, packages };
        let edge = |((from, to), (names, forbidden))| Edge { from, to, names, forbidden };
        Self { nodes: nodes.into_iter().map(node).collect(), edges: edges.into_iter().map(edge).collect() }
    }

    /// How many names the rules forbid.
    #[must_use]
    pub fn forbidden(&self) -> usize {
        self.edges.iter().map(|edge| edge.forbidden).sum()
    }

    /// The nodes of this graph and of `other`, so that both can be drawn with
    /// the same thing at the same place.
    #[must_use]
    pub fn nodes_with(&self, other: &Self) -> Vec<(Option<String>, String)> {
        let all = self.nodes.iter().chain(&other.nodes);
        let all: BTreeSet<_> = all.map(|node| (node.domain.clone(), node.name.clone())).collect();
        all.into_iter().collect()
    }
}
