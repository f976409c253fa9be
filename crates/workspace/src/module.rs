//! Modules: the dotted names of a workspace's Python files.
//!
//! A file has at most one name: that of the innermost tree that holds it,
//! followed by its path below the tree. A name may hold components which no
//! statement can spell; such a module exists, but cannot be imported.

use std::collections::{BTreeSet, HashMap};

use repot_change::RelPath;

use crate::name::{is_identifier, likeness};
use crate::{Package, Snapshot, Tree};

/// A package of the workspace, as an index that is valid for one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub(crate) u32);

/// A module of the workspace, as an index that is valid for one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub(crate) u32);

impl PackageId {
    /// The position among the workspace's packages.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl ModuleId {
    /// The position among the workspace's modules.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a file is for, judged by its folders and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Code that other code may import.
    Code,
    /// A test, a fixture, a `conftest.py`.
    Test,
    /// A script, an example, a benchmark, documentation, a migration helper.
    Script,
    /// Kept for the record, or a template to be filled in: never a target.
    Shelved,
}

/// A Python file and its place among the names.
#[derive(Debug, Clone)]
pub struct Module {
    /// The file.
    pub path: RelPath,
    /// The package that holds it.
    pub package: Option<PackageId>,
    /// The tree of that package which holds it, as an index into its trees.
    pub tree: Option<usize>,
    /// Its dotted name, when it lies in a tree; `__init__` is left out.
    pub name: Option<String>,
    /// Whether it is an `__init__.py`.
    pub is_init: bool,
    /// What it is for.
    pub role: Role,
}

impl Module {
    /// The components of the path without the extension and without `__init__`:
    /// what a wanted name's suffix is compared with.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        let stem = self.path.as_str();
        let stem = stem.strip_suffix(".pyi").or_else(|| stem.strip_suffix(".py")).unwrap_or(stem);
        let stem = if self.is_init { stem.strip_suffix("__init__").unwrap_or(stem) } else { stem };
        stem.split('/').filter(|part| !part.is_empty())
    }

    /// The folder that relative imports of this file start from.
    #[must_use]
    pub fn folder(&self) -> RelPath {
        self.path.parent().unwrap_or_else(RelPath::root)
    }

    /// The path that an import of the module names: the folder of a package,
    /// else the file without its extension.
    #[must_use]
    pub fn stem(&self) -> RelPath {
        let folder = self.folder();
        if self.is_init { folder } else { folder.join(self.path.file_stem()).unwrap_or(folder) }
    }

    /// The first component of the name that no statement can spell.
    #[must_use]
    pub fn obstacle(&self) -> Option<&str> {
        self.name.as_deref()?.split('.').find(|part| !is_identifier(part))
    }
}

/// All modules of a workspace, by path and by the last component of the path.
#[derive(Debug, Clone, Default)]
pub struct Modules {
    all: Vec<Module>,
    by_path: HashMap<RelPath, ModuleId>,
    by_stem: HashMap<RelPath, ModuleId>,
    by_last: HashMap<String, Vec<ModuleId>>,
    folders_by_last: HashMap<String, Vec<RelPath>>,
}

impl Modules {
    /// Names every Python file of `snapshot` that `is_excluded` does not name.
    #[must_use]
    pub fn new(snapshot: &Snapshot, packages: &[Package], is_excluded: impl Fn(&RelPath) -> bool) -> Self {
        let folders: HashMap<&RelPath, u32> =
            packages.iter().map(|package| &package.folder).zip(0..).collect();
        let mut modules = Self::default();
        let mut above = BTreeSet::new();
        for (path, _) in snapshot.python_files() {
            if is_excluded(path) {
                continue;
            }
            let package = path.ancestors().find_map(|folder| folders.get(&folder)).map(|id| PackageId(*id));
            let owner = package.and_then(|id| packages.get(id.index()));
            modules.push(name_module(path, package, owner));
            above.extend(path.ancestors().take_while(|folder| !above.contains(folder)).collect::<Vec<_>>());
        }
        for folder in above {
            modules
                .folders_by_last
                .entry(likeness(folder.file_name()).into_owned())
                .or_default()
                .push(folder);
        }
        modules
    }

    fn push(&mut self, module: Module) {
        let id = ModuleId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        if let Some(last) = module.components().next_back() {
            self.by_last.entry(likeness(last).into_owned()).or_default().push(id);
        }
        let better = |other: &ModuleId| precedence(&module) < precedence(self.get(*other));
        let stem = module.stem();
        if self.by_stem.get(&stem).is_none_or(better) {
            self.by_stem.insert(stem, id);
        }
        self.by_path.insert(module.path.clone(), id);
        self.all.push(module);
    }

    /// The module that an import of the path `stem` finds: a package before a
    /// module, source before a stub.
    #[must_use]
    pub fn importable(&self, stem: &RelPath) -> Option<ModuleId> {
        self.by_stem.get(stem).copied()
    }

    /// The module with this index.
    #[must_use]
    pub fn get(&self, id: ModuleId) -> &Module {
        &self.all[id.index()]
    }

    /// The module of a file.
    #[must_use]
    pub fn at(&self, path: &RelPath) -> Option<ModuleId> {
        self.by_path.get(path).copied()
    }

    /// The modules whose path ends with a component like `last`.
    #[must_use]
    pub fn ending_with(&self, last: &str) -> &[ModuleId] {
        self.by_last.get(last).map_or(&[], Vec::as_slice)
    }

    /// The folders with Python files below them whose last component is like
    /// `last`, sorted.
    #[must_use]
    pub fn folders_ending_with(&self, last: &str) -> &[RelPath] {
        self.folders_by_last.get(last).map_or(&[], Vec::as_slice)
    }

    /// Every module with its index, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        (0..).map(ModuleId).zip(&self.all)
    }

    /// How many modules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no module.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// In which order the import system looks for files of one name.
fn precedence(module: &Module) -> (bool, bool) {
    (module.path.extension() == Some("pyi"), !module.is_init)
}

fn name_module(path: &RelPath, package: Option<PackageId>, owner: Option<&Package>) -> Module {
    let trees = owner.map_or(&[][..], |package| &package.trees);
    let holding = trees.iter().enumerate().filter(|(_, tree)| path.is_within(&tree.folder));
    let tree = holding.max_by_key(|(_, tree)| tree.folder.as_str().len());
    Module {
        path: path.clone(),
        package,
        tree: tree.map(|(index, _)| index),
        name: tree.map(|(_, tree)| dotted(tree, path)),
        is_init: matches!(path.file_name(), "__init__.py" | "__init__.pyi"),
        role: role_at(path, owner),
    }
}

fn dotted(tree: &Tree, path: &RelPath) -> String {
    let below = path.relative_to(&tree.folder).unwrap_or_default();
    let stem = below.strip_suffix(".pyi").or_else(|| below.strip_suffix(".py")).unwrap_or(below);
    let parts = stem.split('/').filter(|part| !part.is_empty() && *part != "__init__");
    std::iter::once(tree.name.as_str()).chain(parts).collect::<Vec<_>>().join(".")
}

/// What a Python file at `path` would be for, in `package` or in none.
pub(crate) fn role_at(path: &RelPath, package: Option<&Package>) -> Role {
    let below = package.map_or(path.as_str(), |one| path.relative_to(&one.folder).unwrap_or_default());
    role_of(below, path.as_str())
}

/// `below` is the path inside its package; `whole` the path inside the
/// workspace, since an archive may hold whole packages. Folders such as `tools`
/// say something only at the top of a package: deeper down they are code.
fn role_of(below: &str, whole: &str) -> Role {
    const TESTS: [&str; 4] = ["tests", "test", "testing", "test_suite"];
    const SCRIPTS: [&str; 7] = ["scripts", "examples", "example", "docs", "benchmarks", "tools", "notebooks"];
    let (folders, name) = below.rsplit_once('/').unwrap_or(("", below));
    let top = folders.split('/').next().unwrap_or_default();
    let whole_folders = whole.rsplit_once('/').map_or("", |(folders, _)| folders);
    if whole_folders.split('/').any(is_shelf) || matches!(top, "template" | "templates") {
        Role::Shelved
    } else if folders.split('/').any(|part| TESTS.contains(&part)) || is_test_file(name) {
        Role::Test
    } else if SCRIPTS.contains(&top)
        || (top.is_empty() && matches!(name, "setup.py" | "noxfile.py" | "tasks.py"))
    {
        Role::Script
    } else {
        Role::Code
    }
}

fn is_shelf(folder: &str) -> bool {
    let folder = folder.to_ascii_lowercase();
    matches!(folder.as_str(), "archive" | "archived" | "vendor" | "third_party" | "node_modules")
        || folder.contains("cookiecutter")
        || folder.contains("{{")
}

fn is_test_file(name: &str) -> bool {
    name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_follow_folders_and_names() {
        assert_eq!(role_of("shop/cart.py", "src/shop/cart.py"), Role::Code);
        assert_eq!(role_of("tests/factories.py", "p/tests/factories.py"), Role::Test);
        assert_eq!(role_of("shop/test_cart.py", "p/shop/test_cart.py"), Role::Test);
        assert_eq!(role_of("scripts/load.py", "p/scripts/load.py"), Role::Script);
        assert_eq!(role_of("shop/cart.py", "src/archive/shop/cart.py"), Role::Shelved);
    }
}
