//! Which packages a boundary file means by a place.
//!
//! People write globs, paths, the ends of paths, folder names and dotted
//! modules. What could mean two things means nothing.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_roadmap::Pattern;
use repot_workspace::{Package, Snapshot};

use crate::survey::glob;

/// The packages of a tree, for look-up.
pub(super) struct Places<'a> {
    snapshot: &'a Snapshot,
    packages: &'a [Package],
}

impl<'a> Places<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, packages: &'a [Package]) -> Self {
        Self { snapshot, packages }
    }

    /// Globs of the package folders that `place` means; none when it means no
    /// package, or could mean several things.
    pub(super) fn globs(&self, place: &str) -> Vec<String> {
        let place = place.trim().trim_start_matches("./").trim_end_matches('/');
        let found =
            self.as_glob(place).or_else(|| self.as_end_of_path(place)).or_else(|| self.as_module(place));
        found.into_iter().collect()
    }

    fn as_glob(&self, place: &str) -> Option<String> {
        let pattern = Pattern::new(place).ok()?;
        if self.packages.iter().any(|package| pattern.matches(shown(&package.folder))) {
            return Some(place.to_owned());
        }
        self.below(&RelPath::new(place.trim_end_matches("/**").trim_end_matches("/*")).ok()?)
    }

    /// The packages below a folder that is none itself.
    fn below(&self, folder: &RelPath) -> Option<String> {
        if folder.is_root() || !self.snapshot.is_folder(folder) {
            return None;
        }
        let inside: Vec<&RelPath> = self
            .packages
            .iter()
            .map(|package| &package.folder)
            .filter(|path| path.is_within(folder))
            .collect();
        let is_flat = inside.iter().all(|path| path.parent().as_ref() == Some(folder));
        (!inside.is_empty()).then(|| glob::below(folder, if is_flat { "*" } else { "**" }))
    }

    /// The one package, or else the one folder of packages, whose path ends so.
    /// A package inside another counts only when no other is called so.
    fn as_end_of_path(&self, place: &str) -> Option<String> {
        let wanted = RelPath::new(place).ok().filter(|wanted| !wanted.is_root())?;
        let ends = |folder: &RelPath| {
            let mut parts = folder.components().rev();
            wanted.components().rev().all(|part| parts.next() == Some(part))
        };
        let folders: Vec<&RelPath> = self.packages.iter().map(|package| &package.folder).collect();
        let parents: BTreeSet<RelPath> = folders.iter().filter_map(|folder| folder.parent()).collect();
        let is_inner =
            |folder: &RelPath| folders.iter().any(|other| folder.is_within(other) && *other != folder);
        let named: Vec<&RelPath> = folders.iter().copied().filter(|folder| ends(folder)).collect();
        let outer: Vec<&RelPath> = named.iter().copied().filter(|folder| !is_inner(folder)).collect();
        let groups: Vec<&RelPath> = parents
            .iter()
            .filter(|parent| ends(parent) && !folders.contains(parent) && !is_inner(parent))
            .collect();
        match (outer.as_slice(), named.as_slice(), groups.as_slice()) {
            ([only], _, []) | ([], [only], []) => Some(glob::exactly(only)),
            ([], [], [only]) => self.below(only),
            _ => None,
        }
    }

    /// The one package that ships the dotted module as a whole.
    fn as_module(&self, place: &str) -> Option<String> {
        let ships = |package: &&Package| {
            let first = package.trees.first().map(|tree| tree.origin);
            package.trees.iter().any(|tree| tree.name == place && Some(tree.origin) == first)
        };
        let mut packages = self.packages.iter().filter(ships);
        let found = packages.next().filter(|_| packages.next().is_none())?;
        Some(glob::exactly(&found.folder))
    }
}

fn shown(folder: &RelPath) -> &str {
    if folder.is_root() { "." } else { folder.as_str() }
}
