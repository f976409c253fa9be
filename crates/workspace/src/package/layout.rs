//! What a package ships when no build configuration says it.

use super::site::Site;
use super::{Tree, TreeOrigin};

/// Folders that lie beside the code of a flat layout and are not shipped.
const BESIDE: [&str; 18] = [
    "tests",
    "test",
    "docs",
    "doc",
    "examples",
    "example",
    "scripts",
    "benchmarks",
    "benchmark",
    "build",
    "dist",
    "node_modules",
    "tools",
    "ci",
    "venv",
    "env",
    "notebooks",
    "site-packages",
];

/// The trees that the layout of the package shows.
///
/// A `src` folder with Python in it is a src layout. Else the layout is flat:
/// the folders with an `__init__` are the packages, or, when it looks as if the
/// folder above were on `sys.path`, the package's folder is itself one.
pub(super) fn trees(site: &Site<'_>, has_project_file: bool) -> Vec<Tree> {
    if let Some(trees) = src(site) {
        return trees;
    }
    let mut inside = site.regular_children(site.folder, TreeOrigin::Layout);
    inside.retain(|tree| !is_beside(&tree.name));
    let itself = || site.itself(TreeOrigin::Layout).into_iter().collect();
    match (site.is_regular(site.folder), inside.is_empty()) {
        _ if site.python.is_empty() => Vec::new(),
        (false, true) if has_project_file => Vec::new(),
        (_, true) => itself(),
        (true, false) if !has_project_file => itself(),
        (_, false) => inside,
    }
}

/// The trees of a src layout; `None` when `src` holds no Python.
pub(super) fn src(site: &Site<'_>) -> Option<Vec<Tree>> {
    let src = site.path("src")?;
    Some(site.children(&src, TreeOrigin::Layout)).filter(|trees| !trees.is_empty())
}

fn is_beside(name: &str) -> bool {
    BESIDE.contains(&name)
}
