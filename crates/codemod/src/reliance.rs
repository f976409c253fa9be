//! Reliances: the files that a plan does not change and whose presence or
//! absence its result rests on.
//!
//! An import that is written resolves because of the module that it names, of
//! the `__init__.py` files above it, of a twin that is not there (`a.py` beside
//! `a/`), and of the build configuration that says what a package ships. Any of
//! these could change between a plan and its application.

use std::collections::BTreeSet;

use repot_change::{Outcome, PlannedPhase, RelPath, Reliance};
use repot_workspace::Workspace;

/// The files of the build configuration, which say what is importable.
const PROJECT_FILES: [&str; 3] = ["pyproject.toml", "setup.cfg", "setup.py"];

/// What `phases` rest on, as it is in `before`, sorted by path. What they
/// change themselves is left out; `after` is the tree that they lead to.
pub fn reliances(before: &Workspace, after: &Workspace, phases: &[PlannedPhase]) -> Vec<Reliance> {
    let deltas: Vec<_> = phases.iter().flat_map(PlannedPhase::deltas).collect();
    let sides = deltas.iter().flat_map(|delta| delta.old.iter().chain(&delta.new));
    let touched: BTreeSet<&RelPath> = sides.map(|(path, _)| path).collect();
    let targets = phases.iter().flat_map(PlannedPhase::evidence).filter_map(|evidence| {
        let is_rewritten = matches!(evidence.outcome, Outcome::Rewritten { .. });
        evidence.candidates.get(evidence.winner.filter(|_| is_rewritten)?)
    });
    let arrivals = deltas.iter().filter(|delta| delta.old.is_none() || delta.moved().is_some());
    let arrivals = arrivals.filter_map(|delta| delta.new.as_ref()).map(|(path, _)| path);
    let modules: BTreeSet<&RelPath> = targets.map(|candidate| &candidate.path).chain(arrivals).collect();
    let mut paths: BTreeSet<RelPath> = modules.iter().map(|path| (*path).clone()).collect();
    for workspace in [before, after] {
        paths.extend(modules.iter().flat_map(|path| around(workspace, path)));
    }
    let packages = modules.iter().chain(&touched).filter_map(|path| after.package_at(path));
    for package in packages.collect::<BTreeSet<_>>() {
        let folder = &after.package(package).folder;
        paths.extend(PROJECT_FILES.iter().filter_map(|name| folder.join(name).ok()));
    }
    let is_free = |path: &RelPath| !touched.contains(path);
    let reliance = |path: RelPath| {
        let hash = before.snapshot().get(&path).map(|file| file.hash());
        Reliance { path, hash }
    };
    paths.into_iter().filter(is_free).map(reliance).collect()
}

/// The twin of the module's file `path`, and the `__init__.py` files above it.
fn around(workspace: &Workspace, path: &RelPath) -> Vec<RelPath> {
    let Some(id) = workspace.modules().at(path) else { return Vec::new() };
    let module = workspace.modules().get(id);
    let stem = module.stem();
    let twin = match (module.is_init, stem.parent()) {
        (true, Some(folder)) => folder.join(&format!("{}.py", stem.file_name())).ok(),
        _ => stem.join("__init__.py").ok(),
    };
    let root = workspace.tree_of(module).map(|tree| &tree.root);
    let above = path.ancestors().take_while(|folder| Some(folder) != root && !folder.is_root());
    let inits = above.filter_map(|folder| folder.join("__init__.py").ok());
    inits.chain(twin).collect()
}
