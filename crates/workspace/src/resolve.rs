//! Resolution: which file or folder an import statement names.
//!
//! Static and importer-relative: where several packages have the same import
//! name, the importer's own package comes first, then what it depends on, then
//! its domain. What remains equal is ambiguous, never the first of a list.

use repot_change::RelPath;
use repot_python::{FromImport, FromNames, ImportKind, ImportStmt};

use crate::module::{Module, ModuleId, PackageId};
use crate::name::is_stdlib;
use crate::package::normalise;
use crate::{Reach, Workspace};

/// What a dotted name denotes in the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A file, a package's `__init__.py` among them.
    Module(ModuleId),
    /// A folder without `__init__.py` (PEP 420).
    Namespace(RelPath),
}

/// What became of the module name of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// It denotes one place.
    Found(Place),
    /// Several packages have it, and nothing prefers one of them.
    Ambiguous(Vec<Place>),
    /// It lies in a legacy root.
    Legacy,
    /// It is the workspace's own by its first component, but denotes nothing.
    Missing,
    /// It is somebody else's: the standard library's or a dependency's.
    External,
}

/// One name of an import statement, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedName {
    /// Which name of the statement; a star counts as the only one.
    pub item: usize,
    /// The dotted module that the statement names, dots of a relative import
    /// included.
    pub module: String,
    /// The name imported from it; `None` for `import a.b` and for a star.
    pub name: Option<String>,
    /// What the module denotes.
    pub target: Target,
    /// Whether the module has the name; true when there is none to have.
    pub has_name: bool,
}

impl ResolvedName {
    /// Whether this is a first-party import of something that does not exist.
    #[must_use]
    pub fn is_dangling(&self) -> bool {
        matches!(self.target, Target::Missing) || !self.has_name
    }
}

impl Workspace {
    /// What `parts` denote below `folder`: a package before a module before a
    /// namespace folder, as the import system looks for them. `folder` may be
    /// a module's file, which then has no parts below it.
    #[must_use]
    pub fn locate(&self, folder: &RelPath, parts: &[&str]) -> Option<Place> {
        if let Some(module) = self.modules().at(folder) {
            return parts.is_empty().then_some(Place::Module(module));
        }
        // A statement may name the file that makes a package a package.
        let parts = parts.strip_suffix(&["__init__"]).unwrap_or(parts);
        let path = if parts.is_empty() { folder.clone() } else { folder.join(&parts.join("/")).ok()? };
        let module = self.modules().importable(&path).map(Place::Module);
        module.or_else(|| self.is_namespace(&path).then_some(Place::Namespace(path)))
    }

    fn is_namespace(&self, folder: &RelPath) -> bool {
        self.snapshot().is_folder(folder)
            && self.snapshot().below(folder).any(|(path, _)| matches!(path.extension(), Some("py" | "pyi")))
    }

    /// The folder that `level` dots lead to from `importer`; `None` when they
    /// lead out of the workspace.
    #[must_use]
    pub fn relative_base(&self, importer: &Module, level: usize) -> Option<RelPath> {
        std::iter::successors(Some(importer.folder()), RelPath::parent).nth(level.checked_sub(1)?)
    }

    /// What the module of an import denotes: `level` dots and a dotted name,
    /// which may be empty after dots.
    #[must_use]
    pub fn resolve(&self, importer: &Module, level: usize, dotted: &str) -> Target {
        let parts: Vec<&str> = dotted.split('.').filter(|part| !part.is_empty()).collect();
        if level > 0 {
            let base = self.relative_base(importer, level);
            let place = base.and_then(|base| self.locate(&base, &parts));
            return place.map_or(Target::Missing, Target::Found);
        }
        let Some(top) = parts.first() else { return Target::Missing };
        if self.legacy_root_of(dotted).is_some() {
            return Target::Legacy;
        }
        if is_stdlib(top) {
            return Target::External;
        }
        self.resolve_absolute(importer, &parts)
    }

    fn resolve_absolute(&self, importer: &Module, parts: &[&str]) -> Target {
        let is_own = self.is_first_party(parts[0]);
        if is_own {
            let mut places = self.in_trees(importer, parts);
            if places.len() > 1 {
                return Target::Ambiguous(places);
            }
            if let Some(place) = places.pop() {
                return Target::Found(place);
            }
            if let Some(place) = self.roots().iter().rev().find_map(|root| self.locate(root, parts)) {
                return Target::Found(place);
            }
        }
        match self.beside(importer, parts) {
            Some(place) => Target::Found(place),
            None if is_own && !self.is_declared(importer, parts[0]) => Target::Missing,
            None => Target::External,
        }
    }

    /// A script finds the modules that lie beside it.
    fn beside(&self, importer: &Module, parts: &[&str]) -> Option<Place> {
        let runs_alone = importer.role != crate::Role::Code || importer.tree.is_none();
        if !runs_alone {
            return None;
        }
        self.locate(&importer.folder(), parts).filter(|place| matches!(place, Place::Module(_)))
    }

    /// The places that trees give to an absolute name, the best only.
    fn in_trees(&self, importer: &Module, parts: &[&str]) -> Vec<Place> {
        let found: Vec<(u8, Place)> = self
            .places_in_trees(parts)
            .into_iter()
            .map(|(package, place)| (self.preference(importer, package), place))
            .collect();
        let best = found.iter().map(|(rank, _)| *rank).min();
        found.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, place)| place).collect()
    }

    /// The places that trees give to an absolute name, one for each package.
    fn places_in_trees(&self, parts: &[&str]) -> Vec<(PackageId, Place)> {
        let mut found: Vec<(PackageId, Place)> = Vec::new();
        for (package, place) in self.claims(parts) {
            if !found.iter().any(|(owner, _)| *owner == package) {
                found.push((package, place));
            }
        }
        found
    }

    /// Every place that a tree gives to an absolute name, the tree with the
    /// shortest name first.
    fn claims(&self, parts: &[&str]) -> impl Iterator<Item = (PackageId, Place)> {
        let dotted = parts.join(".");
        let lens = parts.iter().scan(0, |len, part| {
            *len += usize::from(*len > 0) + part.len();
            Some(*len)
        });
        let trees = lens.enumerate().flat_map(move |(index, len)| {
            self.trees_named(&dotted[..len]).iter().map(move |(package, tree)| (index + 1, *package, *tree))
        });
        trees.filter_map(|(end, package, tree)| {
            let folder = &self.package(package).trees[tree].folder;
            Some((package, self.locate(folder, &parts[end..])?))
        })
    }

    /// Every place that the absolute name `dotted` may denote, whoever imports
    /// it: what the trees have under that name, else what lies on that path
    /// below one of the [roots](Self::roots), the innermost first.
    #[must_use]
    pub fn named(&self, dotted: &str) -> Vec<Place> {
        let parts: Vec<&str> = dotted.split('.').collect();
        let mut found: Vec<Place> = self.claims(&parts).map(|(_, place)| place).collect();
        // A tree may lie within another package's tree.
        found.sort();
        found.dedup();
        if !found.is_empty() {
            return found;
        }
        self.roots().iter().rev().find_map(|root| self.locate(root, &parts)).into_iter().collect()
    }

    fn preference(&self, importer: &Module, package: PackageId) -> u8 {
        match self.domains().reach(importer.package, Some(package)) {
            Reach::SamePackage => 0,
            _ if self.depends_on(importer, package) => 1,
            Reach::SameDomain => 2,
            Reach::MayImport | Reach::Forbidden => 3,
        }
    }

    fn depends_on(&self, importer: &Module, package: PackageId) -> bool {
        importer.package.is_some_and(|own| self.declares(own, package))
    }

    /// Whether `package` declares that it needs `other`, another package of the
    /// workspace.
    #[must_use]
    pub fn declares(&self, package: PackageId, other: PackageId) -> bool {
        let distribution = self.package(other).distribution.as_deref().map(normalise);
        distribution.is_some_and(|name| self.package(package).dependencies.contains(&name))
    }

    /// Whether the importer's package declares a dependency of this name that
    /// is no package of the workspace.
    fn is_declared(&self, importer: &Module, top_level: &str) -> bool {
        let wanted = normalise(top_level);
        let is_own = || {
            self.packages()
                .iter()
                .filter_map(|other| other.distribution.as_deref())
                .any(|own| normalise(own) == wanted)
        };
        importer.package.is_some_and(|own| self.package(own).dependencies.contains(&wanted) && !is_own())
    }

    /// Every name of a statement, resolved.
    #[must_use]
    pub fn resolve_statement(&self, importer: &Module, statement: &ImportStmt) -> Vec<ResolvedName> {
        match &statement.kind {
            ImportKind::Import(items) => {
                let resolve = |(item, imported): (usize, &repot_python::ImportedName)| ResolvedName {
                    item,
                    module: imported.name.text.clone(),
                    name: None,
                    target: self.resolve(importer, 0, &imported.name.text),
                    has_name: true,
                };
                items.iter().enumerate().map(resolve).collect()
            }
            ImportKind::From(from) => self.resolve_from(importer, from),
        }
    }

    fn resolve_from(&self, importer: &Module, from: &FromImport) -> Vec<ResolvedName> {
        let dotted = from.dotted();
        let target = self.resolve(importer, from.level, dotted);
        let module = format!("{}{dotted}", ".".repeat(from.level));
        let resolved = |item: usize, name: Option<&str>| {
            let has_name = match (&target, name) {
                (Target::Found(place), Some(name)) => self.binds(place, name),
                (Target::Ambiguous(places), Some(name)) => places.iter().any(|place| self.binds(place, name)),
                _ => true,
            };
            ResolvedName {
                item,
                module: module.clone(),
                name: name.map(str::to_owned),
                target: target.clone(),
                has_name,
            }
        };
        match &from.names {
            FromNames::Star(_) => vec![resolved(0, None)],
            FromNames::Names { names, .. } => {
                names.iter().enumerate().map(|(item, name)| resolved(item, Some(&name.name.text))).collect()
            }
        }
    }
}
