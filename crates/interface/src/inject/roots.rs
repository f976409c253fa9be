//! Which packages have a composition root.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_workspace::{ModuleId, PackageId, Workspace};

/// How the file of a composition root is called.
const FILE: &str = "bootstrap.py";

/// A composition root: the one module of a package that may import anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its package.
    pub package: PackageId,
    /// Its file.
    pub path: RelPath,
    /// Its dotted name.
    pub module: String,
    /// The module, where it stands already.
    pub standing: Option<ModuleId>,
}

/// The composition roots, one for each package at most: where the roadmap has
/// one.
///
/// A pattern that many packages fit means the applications among them, which no
/// other package imports, and those that have one already; where there are none,
/// the package called `infrastructure`. `home` is the interface package.
pub(crate) fn roots(workspace: &Workspace, home: PackageId) -> Vec<Root> {
    let all: Vec<Root> = workspace.package_ids().filter_map(|package| root(workspace, package)).collect();
    let imported: BTreeSet<PackageId> =
        workspace.crossings().iter().filter(|one| one.from != one.to).map(|one| one.to).collect();
    let patterns = workspace.shape().composition_roots.iter();
    let fitting = |root: &Root| -> usize {
        let own = patterns.clone().filter(|pattern| pattern.matches(root.path.as_str()));
        let others = own.map(|pattern| all.iter().filter(|one| pattern.matches(one.path.as_str())).count());
        others.min().unwrap_or_default()
    };
    let is_program = |root: &&Root| {
        root.standing.is_some()
            || fitting(root) == 1
            || (root.package != home && !imported.contains(&root.package))
    };
    let programs: Vec<Root> = all.iter().filter(is_program).cloned().collect();
    if !programs.is_empty() {
        return programs;
    }
    let is_infrastructure = |root: &Root| {
        let name = &workspace.package(root.package).name;
        name.rsplit(['.', '/', '-', '_']).next() == Some("infrastructure")
    };
    all.into_iter().filter(is_infrastructure).collect()
}

fn root(workspace: &Workspace, package: PackageId) -> Option<Root> {
    workspace.package(package).trees.iter().find_map(|tree| {
        let path = tree.folder.join(FILE).ok()?;
        let standing = workspace.modules().at(&path);
        let is_free = standing.is_some() || workspace.snapshot().get(&path).is_none();
        let module = format!("{}.bootstrap", tree.name);
        (is_free && workspace.shape().is_composition_root(&path)).then_some(Root {
            package,
            path,
            module,
            standing,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_roadmap::{Roadmap, Vocabulary};
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    /// The roots of a tree in which `app` imports `shop`.
    fn found(patterns: &str, more: &[&str]) -> Vec<String> {
        let roadmap =
            format!("[workspace]\nmembers = [\"p/*\"]\n\n[boundaries]\ncomposition-roots = [{patterns}]\n");
        let roadmap = Roadmap::parse("repot.toml", &roadmap, &Vocabulary::default()).unwrap();
        let packages = ["app", "shop", "interfaces", "infrastructure"];
        let own = packages.map(|name| (format!("p/{name}/src/{name}/__init__.py"), ""));
        let more = more.iter().map(|path| ((*path).to_owned(), ""));
        let users = [("app", "shop"), ("shop", "infrastructure"), ("infrastructure", "interfaces")];
        let users = users.map(|(own, other)| (format!("p/{own}/src/{own}/main.py"), other));
        let files = own.into_iter().chain(more).map(|(path, text)| (path, text.to_owned()));
        let files = files.chain(users.map(|(path, other)| (path, format!("import {other}\n"))));
        let files = files.map(|(path, text)| (RelPath::new(&path).unwrap(), text.into_bytes()));
        let shape = Shape::new(&roadmap.workspace, &roadmap.domains)
            .with_composition_roots(&roadmap.boundaries.composition_roots);
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        let home = RelPath::new("p/interfaces/src/interfaces/__init__.py").unwrap();
        let home = workspace.package_at(&home).unwrap();
        roots(&workspace, home).into_iter().map(|root| root.module).collect()
    }

    #[test]
    fn the_application_has_it_and_else_the_infrastructure() {
        let all = "\"p/*/src/*/bootstrap.py\"";
        assert_eq!(found(all, &[]), ["app.bootstrap"]);
        assert_eq!(found("\"p/[is]*/src/*/bootstrap.py\"", &[]), ["infrastructure.bootstrap"]);
        assert_eq!(found("\"p/shop/src/*/bootstrap.py\"", &[]), ["shop.bootstrap"]);
        assert_eq!(found("\"p/shop/src/*/main.py\"", &[]), [""; 0]);
        let standing = ["p/shop/src/shop/bootstrap.py"];
        assert_eq!(found(all, &standing), ["app.bootstrap", "shop.bootstrap"]);
    }
}
