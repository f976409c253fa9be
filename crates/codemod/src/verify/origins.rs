//! Where files and packages came from: what the tree after a phase is compared
//! with, so that a law is not broken by a new name alone.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_workspace::{Module, PackageId, Workspace};

use crate::moves::Moves;

/// The tree before, the tree after, and what became of its paths.
pub struct Origins<'a> {
    /// The tree before the phase.
    pub before: &'a Workspace,
    /// The tree after it.
    pub after: &'a Workspace,
    moves: &'a Moves,
    /// The paths that moved files have left.
    left: BTreeSet<&'a RelPath>,
    /// Where the packages came from that are gone, by where their files went.
    merged: BTreeMap<PackageId, BTreeSet<PackageId>>,
}

impl<'a> Origins<'a> {
    /// The origins of what `after` holds.
    pub fn new(before: &'a Workspace, after: &'a Workspace, moves: &'a Moves) -> Self {
        let moved = || moves.iter().filter(|(to, _)| after.snapshot().get(to).is_some());
        let folders: BTreeSet<&RelPath> = after.packages().iter().map(|package| &package.folder).collect();
        let mut merged: BTreeMap<PackageId, BTreeSet<PackageId>> = BTreeMap::new();
        for (to, from) in moved() {
            let owner = |workspace, path| module_at(workspace, path).and_then(|module| module.package);
            if let Some((new, old)) = owner(after, to).zip(owner(before, from))
                && !folders.contains(&before.package(old).folder)
            {
                merged.entry(new).or_default().insert(old);
            }
        }
        Self { before, after, moves, left: moved().map(|(_, from)| from).collect(), merged }
    }

    /// The path before of what stands at `path` now; `None` for a new file. Who
    /// takes the place of a file that moved is new.
    pub fn of<'p>(&'p self, path: &'p RelPath) -> Option<&'p RelPath> {
        self.moves.source(path).or_else(|| (!self.left.contains(path)).then_some(path))
    }

    /// Whether what stands at `path` came from elsewhere.
    pub fn is_moved(&self, path: &RelPath) -> bool {
        self.moves.source(path).is_some()
    }

    /// The folders of the packages that `package` is: its own, and those of
    /// packages that are gone and whose files went into it.
    pub fn folders(&self, package: PackageId) -> BTreeSet<&RelPath> {
        let gone = self.merged.get(&package).into_iter().flatten().map(|id| &self.before.package(*id).folder);
        std::iter::once(&self.after.package(package).folder).chain(gone).collect()
    }
}

/// The module of a file.
pub fn module_at<'a>(workspace: &'a Workspace, path: &RelPath) -> Option<&'a Module> {
    workspace.modules().at(path).map(|id| workspace.modules().get(id))
}
