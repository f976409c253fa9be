//! Domains, packages or modules, and who imports whom: what is drawn.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use repot_workspace::{Module, ModuleId, PackageId, Place, Reach, Role, Workspace};
use serde::{Deserialize, Serialize};

/// What the nodes of a graph are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphOf {
    /// The domains of the roadmap.
    Domains,
    /// The packages.
    Packages,
    /// The modules.
    Modules,
}

/// Nodes, and edges between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Graph {
    /// The nodes: by their domains, then by their names.
    pub nodes: Vec<Node>,
    /// The edges, by their ends.
    pub edges: Vec<Edge>,
}

/// A domain, a package or a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Node {
    /// The domain; `None` for packages that belong to none.
    pub domain: Option<String>,
    /// Its name.
    pub name: String,
    /// How many packages it has; a module has none.
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

/// The domains and names of nodes, and how many packages each has.
type Nodes = BTreeMap<(Option<String>, String), usize>;

/// What packages without a domain are called together.
const NO_DOMAIN: &str = "(no domain)";

impl Graph {
    /// The graph of `workspace`. What imports itself has no edge for that.
    #[must_use]
    pub fn new(workspace: &Workspace, of: GraphOf) -> Self {
        let domain = |id: PackageId| domain_of(workspace, id).unwrap_or_else(|| NO_DOMAIN.to_owned());
        match of {
            GraphOf::Domains => Self::of_packages(workspace, domain),
            GraphOf::Packages => Self::of_packages(workspace, |id| package_name(workspace, id)),
            GraphOf::Modules => Self::of_modules(workspace),
        }
    }

    /// Packages of one `name` are one node.
    fn of_packages(workspace: &Workspace, name: impl Fn(PackageId) -> String) -> Self {
        let mut nodes = Nodes::new();
        for id in workspace.package_ids() {
            *nodes.entry((domain_of(workspace, id), name(id))).or_default() += 1;
        }
        let crossings = workspace.crossings().iter();
        Self::with(nodes, crossings.map(|it| (name(it.from), name(it.to), it.reach == Reach::Forbidden)))
    }

    fn of_modules(workspace: &Workspace) -> Self {
        let name = |id: ModuleId| {
            let module = workspace.modules().get(id);
            module.name.clone().unwrap_or_else(|| module.path.to_string())
        };
        let importers: Vec<(ModuleId, &Module)> =
            workspace.modules().iter().filter(|(_, module)| module.role != Role::Shelved).collect();
        let node = |(id, module): &(ModuleId, &Module)| {
            ((module.package.and_then(|package| domain_of(workspace, package)), name(*id)), 0)
        };
        let edges_of = |(id, module): &(ModuleId, &Module)| {
            let statements = workspace.file(*id).imports().iter();
            let resolved = statements.flat_map(|statement| workspace.resolve_statement(module, statement));
            let edge = |resolved| {
                let Place::Module(to) = workspace.place_reached(&resolved)? else { return None };
                let package = workspace.modules().get(to).package;
                let reach = package.map(|package| workspace.reach_of(module, package));
                Some((name(*id), name(to), reach == Some(Reach::Forbidden)))
            };
            resolved.filter_map(edge).collect::<Vec<_>>()
        };
        let imports: Vec<_> = importers.par_iter().flat_map_iter(edges_of).collect();
        Self::with(importers.iter().map(node).collect(), imports)
    }

    /// From nodes, and who imports whom: whether it is forbidden, for each name.
    fn with(nodes: Nodes, imports: impl IntoIterator<Item = (String, String, bool)>) -> Self {
        let mut edges: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
        for (from, to, is_forbidden) in imports {
            if from != to {
                let (names, forbidden) = edges.entry((from, to)).or_default();
                *names += 1;
                *forbidden += usize::from(is_forbidden);
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

fn domain_of(workspace: &Workspace, id: PackageId) -> Option<String> {
    workspace.domains().of(id).map(str::to_owned)
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
    fn workspace(more: &[(&str, &str)]) -> Workspace {
        let files = [
            ("p/a/pyproject.toml", "[project]\nname = \"twin\"\n"),
            ("p/a/a/__init__.py", "from c import x, y\n"),
            ("p/b/pyproject.toml", "[project]\nname = \"twin\"\n"),
            ("p/b/b/__init__.py", "import a\nimport c\n"),
            ("p/c/pyproject.toml", "[project]\nname = \"c\"\n"),
            ("p/c/c/__init__.py", "x = y = 1\n"),
        ];
        let files = files
            .iter()
            .chain(more)
            .map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
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
        let graph = Graph::new(&workspace(&[]), GraphOf::Packages);
        assert_eq!(edges(&graph), [("p/a", "c", 2, 2), ("p/b", "c", 1, 0), ("p/b", "p/a", 1, 0)]);
        let nodes: Vec<_> =
            graph.nodes.iter().map(|node| (node.domain.as_deref(), node.name.as_str())).collect();
        assert_eq!(nodes, [(None, "p/b"), (Some("one"), "p/a"), (Some("two"), "c")]);
    }

    #[test]
    fn modules_import_within_their_package_as_well() {
        let inner = ("p/c/c/inner.py", "from . import x\nfrom c import inner, gone\nimport os\n");
        let graph = Graph::new(&workspace(&[inner]), GraphOf::Modules);
        let all = [("a", "c", 2, 2), ("b", "a", 1, 0), ("b", "c", 1, 0), ("c.inner", "c", 2, 0)];
        assert_eq!(edges(&graph), all, "what a module does not have is imported from it all the same");
        assert_eq!(graph.nodes.len(), 4);
    }

    #[test]
    fn packages_without_a_domain_are_one_node() {
        let graph = Graph::new(&workspace(&[]), GraphOf::Domains);
        assert_eq!(edges(&graph), [(NO_DOMAIN, "one", 1, 0), (NO_DOMAIN, "two", 1, 0), ("one", "two", 2, 2)]);
        assert_eq!(graph.forbidden(), 2);
    }
}
