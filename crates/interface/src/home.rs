//! The interface package: what moves there, and what it may import itself.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_workspace::{PackageGraph, PackageId, Reach, Tree, Workspace, is_stdlib};

/// The package that every domain may import.
#[derive(Debug, Clone)]
pub struct Home {
    /// The package.
    pub package: PackageId,
    /// Its import name.
    pub name: String,
    /// The folder of that name.
    pub folder: RelPath,
    /// The import names of what it needs from outside the workspace.
    needs: BTreeSet<String>,
    /// The packages that it may import without closing a circle.
    importable: BTreeSet<PackageId>,
}

/// Why there is no interface package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoHome {
    /// No package has the name that was asked for.
    Unknown(String),
    /// Several packages have it.
    Contested(String),
    /// No name was asked for, and no package is the only one that every domain
    /// may import and that is called so.
    NotFound(Vec<String>),
}

impl NoHome {
    /// What is wrong, as one sentence without a full stop.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Unknown(name) => format!("no package of the workspace is imported as `{name}`"),
            Self::Contested(name) => format!("`{name}` is the import name of several packages"),
            Self::NotFound(names) if names.is_empty() => {
                "there is no interface package that every domain may import".to_owned()
            }
            Self::NotFound(names) => format!("{} could all be the interface package", names.join(", ")),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound(names) if !names.is_empty() => "set `interfaces` to one of them".to_owned(),
            Self::Contested(_) => "give the interface package an import name of its own".to_owned(),
            Self::Unknown(_) | Self::NotFound(_) => {
                "put a step `scaffold-package` with `template = \"interfaces\"` before this one".to_owned()
            }
        }
    }
}

impl Home {
    /// The package that is imported as `name`; without a name the one that is
    /// called `interfaces`, or `…_interfaces`, and that every domain may import.
    ///
    /// # Errors
    ///
    /// [`NoHome`] when there is not exactly one.
    pub fn find(workspace: &Workspace, name: &str, needs: &[String]) -> Result<Self, NoHome> {
        let mut found: Vec<(PackageId, &Tree)> = Vec::new();
        for id in workspace.package_ids() {
            let trees = workspace.package(id).trees.iter();
            found.extend(trees.filter(|tree| fits(workspace, id, &tree.name, name)).map(|tree| (id, tree)));
        }
        let contested = found.iter().any(|(id, _)| *id != found[0].0);
        match (found.first(), contested) {
            (Some((package, tree)), false) => Ok(Self::at(workspace, *package, tree, needs)),
            (None, _) if !name.is_empty() => Err(NoHome::Unknown(name.to_owned())),
            (Some(_), true) if !name.is_empty() => Err(NoHome::Contested(name.to_owned())),
            _ => {
                Err(NoHome::NotFound(found.into_iter().map(|(_, tree)| format!("`{}`", tree.name)).collect()))
            }
        }
    }

    fn at(workspace: &Workspace, package: PackageId, tree: &Tree, needs: &[String]) -> Self {
        let declared = workspace.package(package).dependencies.iter();
        let needs = declared.chain(needs).map(|name| name.replace('-', "_").to_ascii_lowercase()).collect();
        let (name, folder) = (tree.name.clone(), tree.folder.clone());
        Self { package, name, folder, needs, importable: importable(workspace, package) }
    }

    /// Whether its code may import the external module `dotted`.
    #[must_use]
    pub fn may_need(&self, dotted: &str) -> bool {
        let top = dotted.split('.').next().unwrap_or(dotted);
        is_stdlib(top) || self.needs.contains(&top.to_ascii_lowercase())
    }

    /// The first component of `dotted`, when it is neither Python's nor its own.
    #[must_use]
    pub fn foreign_root(&self, dotted: &str) -> Option<String> {
        let top = dotted.split('.').next().unwrap_or(dotted);
        let own = self.name.split('.').next().unwrap_or_default();
        (!is_stdlib(top) && top != own && self.needs.contains(top)).then(|| top.to_owned())
    }

    /// Whether its code may import `package`; itself it may.
    #[must_use]
    pub fn may_import(&self, package: Option<PackageId>) -> bool {
        package.is_some_and(|package| package == self.package || self.importable.contains(&package))
    }
}

/// Whether a tree may be the interface package: by its name where one is
/// wanted, else by what it is called and by who may import it.
fn fits(workspace: &Workspace, package: PackageId, tree: &str, wanted: &str) -> bool {
    if !wanted.is_empty() {
        return tree == wanted;
    }
    let last = tree.rsplit('.').next().unwrap_or(tree);
    let is_called = last == "interfaces" || last.ends_with("_interfaces");
    is_called && workspace.package_ids().all(|other| is_open(workspace, other, package))
}

/// Whether `importer` may import `package`.
fn is_open(workspace: &Workspace, importer: PackageId, package: PackageId) -> bool {
    workspace.domains().reach(Some(importer), Some(package)) != Reach::Forbidden
}

/// The packages that the interface package may import: such as belong to no
/// domain, or to its own, and do not import any package that could come to import
/// it.
fn importable(workspace: &Workspace, home: PackageId) -> BTreeSet<PackageId> {
    let own = workspace.domains().of(home);
    let is_free = |id: &PackageId| {
        let domain = workspace.domains().of(*id);
        (domain.is_none() || domain == own) && *id != home
    };
    let mut graph = PackageGraph::new(workspace.crossings());
    for id in workspace.package_ids().filter(|id| !is_free(id) && *id != home) {
        graph.add(id, home);
    }
    let stays_open = |id: &PackageId| !graph.reaches(*id, home);
    workspace.package_ids().filter(is_free).filter(stays_open).collect()
}
