//! The Python files of a package that nothing ships, as trees.
//!
//! They still run, as tests, scripts or by a path that somebody sets, and they
//! still import; so each of them gets the name by which it most likely goes.

use repot_change::RelPath;

use super::site::{Site, is_init};
use super::{Tree, TreeOrigin};

/// The trees of the files that lie in none of `shipped`, sorted by folder.
pub(super) fn trees(site: &Site<'_>, shipped: &[Tree]) -> Vec<Tree> {
    let mut trees: Vec<Tree> = Vec::new();
    let itself = site.itself(TreeOrigin::Leftover).filter(|tree| site.is_regular(&tree.folder));
    for path in &site.python {
        if shipped.iter().any(|tree| path.is_within(&tree.folder)) {
            continue;
        }
        let in_src = site.path("src").and_then(|src| top(&src, path));
        let tree = in_src.or_else(|| itself.clone()).or_else(|| top(site.folder, path));
        trees.extend(tree.filter(|tree| !trees.contains(tree)));
    }
    trees.sort_by(|a, b| a.folder.cmp(&b.folder));
    trees
}

/// The tree with `path` in it when `root` stands on `sys.path`. An `__init__`
/// directly in the root belongs to none.
fn top(root: &RelPath, path: &RelPath) -> Option<Tree> {
    let rest = path.relative_to(root).filter(|rest| !is_init(rest))?;
    let (child, is_file) = rest.split_once('/').map_or((rest, true), |(child, _)| (child, false));
    Tree::child(root, child, is_file, TreeOrigin::Leftover)
}
