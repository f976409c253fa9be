//! The import graph between packages: who imports whom, and in what circle.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use rayon::prelude::*;
use repot_change::RelPath;

use crate::module::{Module, PackageId};
use crate::resolve::{Place, ResolvedName, Target};
use crate::{Reach, Role, Workspace};

/// One imported name whose target lies in another package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing {
    /// The importing file.
    pub path: RelPath,
    /// The line of the statement, counted from 1.
    pub line: usize,
    /// The importing package.
    pub from: PackageId,
    /// The imported package.
    pub to: PackageId,
    /// What is imported: `a.b:name`, or `a.b`.
    pub subject: String,
    /// How near the target lies.
    pub reach: Reach,
    /// Whether the import exists at run time, in code that is shipped: neither
    /// under `TYPE_CHECKING` nor in a test or script.
    pub at_run_time: bool,
}

impl Workspace {
    pub(crate) fn find_crossings(&self) -> Vec<Crossing> {
        let modules: Vec<&Module> = self.modules().iter().map(|(_, module)| module).collect();
        let mut crossings: Vec<Crossing> =
            modules.par_iter().flat_map_iter(|module| self.crossings_of(module)).collect();
        crossings.sort();
        crossings
    }

    /// The crossings of one module.
    #[must_use]
    pub fn crossings_of(&self, module: &Module) -> Vec<Crossing> {
        let (Some(from), Some(file)) = (module.package, self.snapshot().get(&module.path)) else {
            return Vec::new();
        };
        if module.role == Role::Shelved {
            return Vec::new();
        }
        let mut crossings = Vec::new();
        for statement in file.imports() {
            for resolved in self.resolve_statement(module, statement) {
                let Some(to) = self.package_reached(&resolved).filter(|to| *to != from) else { continue };
                crossings.push(Crossing {
                    path: module.path.clone(),
                    line: statement.line,
                    from,
                    to,
                    subject: subject(&resolved),
                    reach: self.reach_of(module, to),
                    at_run_time: module.role == Role::Code && !statement.context.type_checking,
                });
            }
        }
        crossings
    }

    /// How near `package` lies to `module`: a composition root may import every
    /// domain.
    #[must_use]
    pub fn reach_of(&self, module: &Module, package: PackageId) -> Reach {
        match self.domains().reach(module.package, Some(package)) {
            Reach::Forbidden if self.shape().is_composition_root(&module.path) => Reach::MayImport,
            reach => reach,
        }
    }

    fn package_reached(&self, resolved: &ResolvedName) -> Option<PackageId> {
        self.package_of(&self.place_reached(resolved)?)
    }

    /// What an imported name loads: the submodule where the name is one, else
    /// the module that binds it.
    #[must_use]
    pub fn place_reached(&self, resolved: &ResolvedName) -> Option<Place> {
        let Target::Found(place) = &resolved.target else { return None };
        let named = resolved.name.as_deref().and_then(|name| self.submodule(place, name));
        Some(named.unwrap_or_else(|| place.clone()))
    }

    /// The package that a place belongs to.
    #[must_use]
    pub fn package_of(&self, place: &Place) -> Option<PackageId> {
        match place {
            Place::Module(id) => self.modules().get(*id).package,
            Place::Namespace(folder) => {
                let inside = self.snapshot().below(folder).find_map(|(path, _)| self.modules().at(path))?;
                self.modules().get(inside).package
            }
        }
    }
}

/// What a resolved name imports: `a.b:name`, or `a.b`.
#[must_use]
pub fn subject(resolved: &ResolvedName) -> String {
    match &resolved.name {
        Some(name) => format!("{}:{name}", resolved.module),
        None => resolved.module.clone(),
    }
}

/// Packages and who imports whom at run time.
#[derive(Debug, Clone, Default)]
pub struct PackageGraph(DiGraphMap<PackageId, usize>);

impl PackageGraph {
    /// The graph of `crossings`, those at run time only; an edge weighs as much
    /// as it has names.
    #[must_use]
    pub fn new<'a>(crossings: impl IntoIterator<Item = &'a Crossing>) -> Self {
        let mut weights: BTreeMap<(PackageId, PackageId), usize> = BTreeMap::new();
        for crossing in crossings.into_iter().filter(|crossing| crossing.at_run_time) {
            *weights.entry((crossing.from, crossing.to)).or_default() += 1;
        }
        Self(DiGraphMap::from_edges(weights.into_iter().map(|((from, to), weight)| (from, to, weight))))
    }

    /// Adds an edge.
    pub fn add(&mut self, from: PackageId, to: PackageId) {
        if !self.0.contains_edge(from, to) {
            self.0.add_edge(from, to, 1);
        }
    }

    /// The edges, each with the number of its names.
    pub fn edges(&self) -> impl Iterator<Item = (PackageId, PackageId, usize)> {
        self.0.all_edges().map(|(from, to, weight)| (from, to, *weight))
    }

    /// Whether an edge `from` → `to` would join two packages into a circle that
    /// they are not in already.
    #[must_use]
    pub fn would_close_a_circle(&self, from: PackageId, to: PackageId) -> bool {
        self.reaches(to, from) && !self.reaches(from, to)
    }

    /// Whether a way leads from `from` to `to`.
    #[must_use]
    pub fn reaches(&self, from: PackageId, to: PackageId) -> bool {
        let known = self.0.contains_node(from) && self.0.contains_node(to);
        known && petgraph::algo::has_path_connecting(&self.0, from, to, None)
    }

    /// The pairs of packages that reach each other, both ways.
    #[must_use]
    pub fn entangled(&self) -> BTreeSet<(PackageId, PackageId)> {
        let circles = tarjan_scc(&self.0);
        let pairs = |circle: &Vec<PackageId>| {
            let circle = circle.clone();
            circle.clone().into_iter().flat_map(move |a| circle.clone().into_iter().map(move |b| (a, b)))
        };
        circles.iter().flat_map(pairs).filter(|(a, b)| a != b).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_a_circle_before_it_is_closed() {
        let (a, b, c) = (PackageId(0), PackageId(1), PackageId(2));
        let mut graph = PackageGraph::default();
        graph.add(a, b);
        graph.add(b, c);
        assert!(graph.would_close_a_circle(c, a));
        assert!(!graph.would_close_a_circle(a, c));
        assert!(graph.entangled().is_empty());
        graph.add(c, a);
        assert_eq!(graph.entangled().len(), 6);
        assert!(!graph.would_close_a_circle(a, c), "the circle is there already");
    }
}
