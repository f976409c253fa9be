//! Packages that get into each other's way: two that ship one import name, or
//! have one distribution name.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Note, RelPath};

use super::project::normalise;
use super::site::is_regular;
use super::{Package, Tree, TreeOrigin};
use crate::Snapshot;

/// One note for each name that several packages have, sorted.
pub(super) fn notes(snapshot: &Snapshot, packages: &[Package]) -> Vec<Note> {
    let mut by_import: BTreeMap<&str, Vec<(&Package, &Tree)>> = BTreeMap::new();
    let mut by_distribution: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for package in packages {
        let names = package.distribution.iter().map(|name| normalise(name));
        names.for_each(|name| by_distribution.entry(name).or_default().push(package));
        for tree in package.trees.iter().filter(|tree| tree.origin != TreeOrigin::Leftover) {
            by_import.entry(&tree.name).or_default().push((package, tree));
        }
    }
    let rivals = by_import.iter().filter(|(_, claims)| is_contested(snapshot, claims));
    let import = |(name, claims): (&&str, &Vec<(&Package, &Tree)>)| {
        let folders: BTreeSet<&RelPath> = claims.iter().map(|(package, _)| &package.folder).collect();
        note(&format!("the import name `{name}` is shipped by {} packages", folders.len()), &folders)
    };
    let mut notes: Vec<Note> = rivals.map(import).collect();
    for (name, packages) in by_distribution.iter().filter(|(_, packages)| packages.len() > 1) {
        let folders = packages.iter().map(|package| &package.folder).collect();
        notes.push(note(
            &format!("the distribution name `{name}` belongs to {} packages", packages.len()),
            &folders,
        ));
    }
    notes
}

/// Notes about trees of one package that share a name. A stub beside its module
/// does so rightly.
pub(super) fn within(folder: &RelPath, trees: &[Tree]) -> Vec<Note> {
    let mut by_name: BTreeMap<&str, BTreeSet<&RelPath>> = BTreeMap::new();
    for tree in trees {
        by_name.entry(&tree.name).or_default().insert(&tree.folder);
    }
    let is_stub_pair = |folders: &BTreeSet<&RelPath>| {
        let mut stems =
            folders.iter().map(|path| (path.parent(), path.file_stem(), path.extension().is_some()));
        let first = stems.next();
        stems.all(|stem| Some(stem) == first)
    };
    let shared = by_name.iter().filter(|(_, folders)| folders.len() > 1 && !is_stub_pair(folders));
    shared
        .map(|(name, folders)| Note::about(folder, format!("`{name}` may mean {}", listed(folders))))
        .collect()
}

/// Whether the trees, all of one name, lie in several packages and cannot live
/// side by side: portions of a namespace can, unless both have the same thing.
fn is_contested(snapshot: &Snapshot, claims: &[(&Package, &Tree)]) -> bool {
    let packages: BTreeSet<&RelPath> = claims.iter().map(|(package, _)| &package.folder).collect();
    if packages.len() < 2 {
        return false;
    }
    let mut seen = BTreeSet::new();
    claims.iter().any(|(_, tree)| {
        let is_portion = !is_regular(snapshot, &tree.folder) && snapshot.is_folder(&tree.folder);
        !is_portion || !portions(snapshot, &tree.folder).into_iter().all(|portion| seen.insert(portion))
    })
}

/// The topmost regular packages and modules of a namespace folder, relative to
/// it.
fn portions(snapshot: &Snapshot, folder: &RelPath) -> BTreeSet<String> {
    let python = snapshot.below(folder).filter(|(_, file)| file.is_python()).map(|(path, _)| path);
    python
        .filter_map(|path| {
            let inside = path.ancestors().take_while(|above| above != folder);
            let top = inside.filter(|above| is_regular(snapshot, above)).last();
            Some(top.as_ref().unwrap_or(path).relative_to(folder)?.to_owned())
        })
        .collect()
}

fn note(message: &str, folders: &BTreeSet<&RelPath>) -> Note {
    Note { path: None, line: None, message: format!("{message}: {}", listed(folders)) }
}

fn listed(folders: &BTreeSet<&RelPath>) -> String {
    let shown = |folder: &&RelPath| if folder.is_root() { "`.`".to_owned() } else { format!("`{folder}`") };
    folders.iter().map(shown).collect::<Vec<_>>().join(", ")
}
