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
            GraphOf::Packages => package_name(workspace, id),
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

/// The name of a package; its folder where several have that name.
fn package_name(workspace: &Workspace, id: PackageId) -> String {
    let package = workspace.package(id);
    let same = workspace.packages().iter().filter(|other| other.name == package.name);
    if same.count() > 1 { package.folder.to_string() } else { package.name.clone() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use repot_change::RelPath;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    /// Two packages of one name, of which each imports a third.
    fn workspace() -> Workspace {
        let files = [
            ("p/a/pyproject.toml", "[project]\nname = \"twin\"\n"),
            ("p/a/a/__init__.py", "from c import x, y\n"),
            ("p/b/pyproject.toml", "[project]\nname = \"twin\"\n"),
            ("p/b/b/__init__.py", "import a\nimport c\n"),
            ("p/c/pyproject.toml", "[project]\nname = \"c\"\n"),
            ("p/c/c/__init__.py", "x = y = 1\n"),
        ];
        let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let glob = |text: &str| repot_roadmap::Pattern::new(text).unwrap();
        let domain = |text: &str| repot_roadmap::Domain {
            members: vec![repot_roadmap::Spanned::new(glob(text), None)],
            may_import: Vec::new(),
            span: None,
        };
        let domains = BTreeMap::from([("one".to_owned(), domain("p/a")), ("two".to_owned(), domain("p/c"))]);
        let shape = Shape { members: vec![glob("p/*")], domains, ..Shape::default() };
        Workspace::new(Snapshot::from_files(files), Arc::new(shape))
    }

    fn edges(graph: &Graph) -> Vec<(&str, &str, usize, usize)> {
        graph.edges.iter().map(|it| (it.from.as_str(), it.to.as_str(), it.names, it.forbidden)).collect()
    }

    #[test]
    fn packages_of_one_name_are_told_apart() {
        let graph = Graph::new(&workspace(), GraphOf::Packages);
        assert_eq!(edges(&graph), [("p/a", "c", 2, 2), ("p/b", "c", 1, 0), ("p/b", "p/a", 1, 0)]);
        let nodes: Vec<_> =
            graph.nodes.iter().map(|node| (node.domain.as_deref(), node.name.as_str())).collect();
        assert_eq!(nodes, [(None, "p/b"), (Some("one"), "p/a"), (Some("two"), "c")]);
    }

    #[test]
    fn packages_without_a_domain_are_one_node() {
        let graph = Graph::new(&workspace(), GraphOf::Domains);
        assert_eq!(edges(&graph), [(NO_DOMAIN, "one", 1, 0), (NO_DOMAIN, "two", 1, 0), ("one", "two", 2, 2)]);
        assert_eq!(graph.forbidden(), 2);
    }
}
