//! The workspace: a snapshot together with what its files mean.
//!
//! Everything is derived from the snapshot and the roadmap's tables when the
//! workspace is made, and never changes afterwards; a change gives another
//! workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use repot_change::{ChangeSet, FileChange, Note, RelPath, TreeError};
use repot_python::SourceFile;
use repot_roadmap::{Domain, Pattern, Spanned, WorkspaceTable};

use crate::binders::Binders;
use crate::kept::Kept;
use crate::module::{Module, ModuleId, Modules, PackageId, Role, role_at};
use crate::name::{below, is_stdlib};
use crate::{Crossing, Domains, Package, Snapshot, Tree, find_packages};

/// What the roadmap says about the shape of the workspace.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Globs of package folders.
    pub members: Vec<Pattern>,
    /// Globs of what is no part of the workspace.
    pub exclude: Vec<Pattern>,
    /// Top-level names that must disappear from imports.
    pub legacy_roots: Vec<String>,
    /// The domains and their rules.
    pub domains: BTreeMap<String, Domain>,
    /// The files that may import any domain.
    pub composition_roots: Vec<Pattern>,
}

impl Shape {
    /// The shape that a roadmap's `[workspace]` and `[domains]` describe.
    #[must_use]
    pub fn new(table: &WorkspaceTable, domains: &BTreeMap<String, Domain>) -> Self {
        Self {
            members: table.members.iter().map(|glob| glob.value.clone()).collect(),
            exclude: table.exclude.iter().map(|glob| glob.value.clone()).collect(),
            legacy_roots: table.legacy_roots.iter().map(|root| root.value.clone()).collect(),
            domains: domains.clone(),
            composition_roots: Vec::new(),
        }
    }

    /// The same, with the files that may import any domain.
    #[must_use]
    pub fn with_composition_roots(self, globs: &[Spanned<Pattern>]) -> Self {
        Self { composition_roots: globs.iter().map(|glob| glob.value.clone()).collect(), ..self }
    }

    /// Whether the file at `path` may import any domain.
    #[must_use]
    pub fn is_composition_root(&self, path: &RelPath) -> bool {
        self.composition_roots.iter().any(|glob| glob.matches(path.as_str()))
    }

    /// Whether `path` or a folder above it is excluded.
    #[must_use]
    pub fn excludes(&self, path: &RelPath) -> bool {
        let named = |path: &RelPath| self.exclude.iter().any(|glob| glob.matches(path.as_str()));
        !self.exclude.is_empty() && (named(path) || path.ancestors().any(|folder| named(&folder)))
    }
}

/// A snapshot, its packages, domains and modules.
///
/// A clone costs nothing, and so does a change of contents alone: what follows
/// from paths and project files is shared.
#[derive(Debug, Clone)]
pub struct Workspace {
    snapshot: Snapshot,
    shape: Arc<Shape>,
    layout: Arc<Layout>,
    known: Arc<Known>,
    kept: Arc<Kept>,
}

/// What follows from the paths of a snapshot and from its project files.
#[derive(Debug)]
struct Layout {
    packages: Vec<Package>,
    domains: Domains,
    modules: Modules,
    trees_by_name: HashMap<String, Vec<(PackageId, usize)>>,
    roots: Vec<RelPath>,
    first_party: HashSet<String>,
    notes: Vec<Note>,
}

/// Whether a package imports through an `__init__`, once that was asked.
type ReexportHabits = HashMap<(PackageId, ModuleId), Arc<OnceLock<bool>>>;

/// What was found out on request.
#[derive(Debug, Default)]
struct Known {
    crossings: OnceLock<Vec<Crossing>>,
    binders: OnceLock<Binders>,
    reexport_habits: Mutex<ReexportHabits>,
}

impl Layout {
    fn new(snapshot: &Snapshot, shape: &Shape) -> Self {
        let (packages, mut notes) = find_packages(snapshot, &shape.members, &shape.exclude);
        notes.extend(snapshot.notes().iter().cloned());
        notes.extend(packages.iter().flat_map(|package| package.notes.iter().cloned()));
        notes.sort();
        notes.dedup();
        let domains = Domains::new(&shape.domains, &packages);
        let modules = Modules::new(snapshot, &packages, |path| shape.excludes(path));
        let trees_by_name = index_trees(&packages);
        let roots = roots_above(&packages);
        let first_party = own_names(&packages, &modules, &roots);
        Self { packages, domains, modules, trees_by_name, roots, first_party, notes }
    }
}

impl Workspace {
    /// Finds out what the files of `snapshot` mean.
    #[must_use]
    pub fn new(snapshot: Snapshot, shape: Arc<Shape>) -> Self {
        let layout = Arc::new(Layout::new(&snapshot, &shape));
        Self { snapshot, shape, layout, known: Arc::default(), kept: Arc::default() }
    }

    /// The workspace after `changes`.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when the changes do not fit the snapshot.
    pub fn with(&self, changes: &ChangeSet) -> Result<Self, TreeError> {
        let snapshot = self.snapshot.with(changes)?;
        if !changes.iter().all(|(path, change)| is_content_only(path, change)) {
            let after = Self::new(snapshot, Arc::clone(&self.shape));
            return Ok(Self { kept: Arc::clone(&self.kept), ..after });
        }
        let (shape, layout) = (Arc::clone(&self.shape), Arc::clone(&self.layout));
        let kept = Arc::clone(&self.kept);
        let after = Self { snapshot, shape, layout, known: Arc::default(), kept };
        // Where an import leads depends on paths alone, so only the changed
        // files can cross differently.
        if let Some(before) = self.known.crossings.get() {
            let changed: BTreeSet<&RelPath> = changes.touched().collect();
            let kept = before.iter().filter(|crossing| !changed.contains(&crossing.path)).cloned();
            let ids = changed.iter().filter_map(|path| after.modules().at(path));
            let fresh = ids.flat_map(|id| after.crossings_of(after.modules().get(id)));
            let mut crossings: Vec<Crossing> = kept.chain(fresh).collect();
            crossings.sort();
            after.known.crossings.get_or_init(|| crossings);
        }
        Ok(after)
    }

    /// The files.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What the roadmap says about the shape.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The packages, sorted by folder.
    #[must_use]
    pub fn packages(&self) -> &[Package] {
        &self.layout.packages
    }

    /// The indexes of the packages, in their order.
    pub fn package_ids(&self) -> impl Iterator<Item = PackageId> + use<> {
        let count = u32::try_from(self.layout.packages.len()).unwrap_or(u32::MAX);
        (0..count).map(PackageId)
    }

    /// The package with this index.
    #[must_use]
    pub fn package(&self, id: PackageId) -> &Package {
        &self.layout.packages[id.index()]
    }

    /// The domains.
    #[must_use]
    pub fn domains(&self) -> &Domains {
        &self.layout.domains
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        &self.layout.modules
    }

    /// What a person should know about files and packages.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.layout.notes
    }

    /// The file of a module.
    ///
    /// Every module was made from a file of this snapshot.
    #[must_use]
    pub fn file(&self, module: ModuleId) -> &Arc<crate::File> {
        let path = &self.layout.modules.get(module).path;
        self.snapshot.get(path).expect("a module is made from a file of the snapshot")
    }

    /// The syntax tree of a module, which is kept for the next who asks, here and
    /// in the workspaces that this one becomes.
    #[must_use]
    pub fn syntax(&self, module: ModuleId) -> Arc<SourceFile> {
        let file = self.file(module);
        file.parsed().unwrap_or_else(|| {
            let tree = file.parse();
            self.kept.keep(&tree);
            tree
        })
    }

    /// The tree that holds a module.
    #[must_use]
    pub fn tree_of(&self, module: &Module) -> Option<&Tree> {
        self.layout.packages.get(module.package?.index())?.trees.get(module.tree?)
    }

    /// The name of a module's package.
    #[must_use]
    pub fn package_name(&self, module: &Module) -> Option<&str> {
        Some(self.layout.packages.get(module.package?.index())?.name.as_str())
    }

    /// The package in whose folder `path` lies.
    #[must_use]
    pub fn package_at(&self, path: &RelPath) -> Option<PackageId> {
        let innermost = path.ancestors().find_map(|folder| {
            self.layout.packages.binary_search_by(|package| package.folder.cmp(&folder)).ok()
        });
        innermost.and_then(|index| u32::try_from(index).ok()).map(PackageId)
    }

    /// What a Python file at `path` is for, or would be if there were one.
    #[must_use]
    pub fn role_at(&self, path: &RelPath) -> Role {
        role_at(path, self.package_at(path).map(|id| self.package(id)))
    }

    /// The trees whose import name is `name`: the package and the tree's index.
    #[must_use]
    pub fn trees_named(&self, name: &str) -> &[(PackageId, usize)] {
        self.layout.trees_by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether more than one package has a tree called `name`.
    #[must_use]
    pub fn is_contested(&self, name: &str) -> bool {
        let trees = self.trees_named(name);
        trees.first().is_some_and(|(first, _)| trees.iter().any(|(package, _)| package != first))
    }

    /// The folders above the packages, the workspace root among them: from any
    /// of these, code that runs in the repository may have been imported.
    #[must_use]
    pub fn roots(&self) -> &[RelPath] {
        &self.layout.roots
    }

    /// Every imported name that crosses from one package to another, sorted;
    /// found on the first call.
    #[must_use]
    pub fn crossings(&self) -> &[Crossing] {
        self.known.crossings.get_or_init(|| self.find_crossings())
    }

    /// Where it is remembered whether `package` imports through `init`.
    pub(crate) fn reexport_habit(&self, package: PackageId, init: ModuleId) -> Arc<OnceLock<bool>> {
        let mut habits = self.known.reexport_habits.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(habits.entry((package, init)).or_default())
    }

    /// Who binds which name; read on the first call.
    pub(crate) fn binders(&self) -> &Binders {
        self.known.binders.get_or_init(|| Binders::new(self))
    }

    /// Whether `top_level` is a name of the workspace's own: a tree's, or that
    /// of a folder with Python in it below one of the [roots](Self::roots).
    #[must_use]
    pub fn is_first_party(&self, top_level: &str) -> bool {
        self.layout.first_party.contains(top_level)
    }

    /// The legacy root that the dotted name `module` lies in.
    #[must_use]
    pub fn legacy_root_of(&self, module: &str) -> Option<&str> {
        let holds = |root: &&String| below(module, root).is_some();
        self.shape.legacy_roots.iter().filter(holds).max_by_key(|root| root.len()).map(String::as_str)
    }
}

/// Whether a change leaves every path and every project file as it is.
fn is_content_only(path: &RelPath, change: &FileChange) -> bool {
    matches!(change, FileChange::Edit(_))
        && matches!(path.extension(), Some("py" | "pyi"))
        && path.file_name() != "setup.py"
}

fn index_trees(packages: &[Package]) -> HashMap<String, Vec<(PackageId, usize)>> {
    let mut index: HashMap<String, Vec<(PackageId, usize)>> = HashMap::new();
    for (id, package) in (0..).map(PackageId).zip(packages) {
        for (position, tree) in package.trees.iter().enumerate() {
            index.entry(tree.name.clone()).or_default().push((id, position));
        }
    }
    index
}

fn roots_above(packages: &[Package]) -> Vec<RelPath> {
    let mut roots: Vec<RelPath> = packages.iter().flat_map(|package| package.folder.ancestors()).collect();
    roots.push(RelPath::root());
    roots.sort();
    roots.dedup();
    roots
}

fn own_names(packages: &[Package], modules: &Modules, roots: &[RelPath]) -> HashSet<String> {
    let trees = packages.iter().flat_map(|package| &package.trees);
    let mut names: HashSet<String> =
        trees.filter_map(|tree| tree.name.split('.').next()).map(str::to_owned).collect();
    for (_, module) in modules.iter() {
        for root in roots {
            let below = module.path.relative_to(root).and_then(|below| below.split('/').next());
            names.extend(below.map(|first| first.strip_suffix(".py").unwrap_or(first).to_owned()));
        }
    }
    names.retain(|name| !is_stdlib(name));
    names
}
