//! What is no part of the living code: the globs of `[workspace] exclude`.
//!
//! Only folders that hold Python matter, and a folder that other code may
//! import is never excluded, whatever it is called.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_workspace::{Package, Snapshot, TreeOrigin, find_packages};

use super::glob;
use super::shelf::{Shelf, is_out_of_sight, shelf_of};

/// The globs, sorted.
pub(super) fn exclude(snapshot: &Snapshot, members: &[String]) -> Vec<String> {
    let (packages, _) = find_packages(snapshot, &glob::patterns(members), &[]);
    let tree = Tree { snapshot, packages };
    let mut shelved: BTreeMap<&str, Vec<(RelPath, Shelf)>> = BTreeMap::new();
    let mut alive: BTreeSet<&str> = BTreeSet::new();
    let mut last: Option<&RelPath> = None;
    for (folder, _) in snapshot.folders() {
        let Some(shelf) = shelf_of(folder.file_name()) else { continue };
        if last.is_some_and(|last| folder.is_within(last)) || !tree.is_visible_python(folder) {
            continue;
        }
        if tree.is_shelved(folder, shelf) {
            shelved.entry(folder.file_name()).or_default().push((folder.clone(), shelf));
            last = Some(folder);
        } else {
            alive.insert(folder.file_name());
        }
    }
    let mut globs: Vec<String> =
        shelved.iter().flat_map(|(name, folders)| globs(name, folders, alive.contains(name))).collect();
    globs.sort();
    globs
}

/// One glob for every folder of the name, unless some are alive. A template
/// folder is named by its path: the next one may be code.
fn globs(name: &str, folders: &[(RelPath, Shelf)], is_alive_elsewhere: bool) -> Vec<String> {
    let is_template = folders.iter().any(|(_, shelf)| *shelf == Shelf::Template);
    if is_alive_elsewhere || is_template {
        return folders.iter().map(|(folder, _)| glob::below(folder, "**")).collect();
    }
    vec![format!("**/{}/**", glob::escaped(name))]
}

/// The snapshot and the packages that the members give without any exclusion.
struct Tree<'a> {
    snapshot: &'a Snapshot,
    packages: Vec<Package>,
}

impl Tree<'_> {
    fn is_visible_python(&self, folder: &RelPath) -> bool {
        !folder.components().any(is_out_of_sight)
            && self.snapshot.below(folder).any(|(_, file)| file.is_python())
    }

    fn is_shelved(&self, folder: &RelPath, shelf: Shelf) -> bool {
        if self.is_package(folder) || self.is_imported(folder) {
            return false;
        }
        match shelf {
            Shelf::Archive | Shelf::Copy | Shelf::Vendored => true,
            Shelf::Backup | Shelf::Generated => !self.is_inside_a_package(folder),
            Shelf::Template => !self.is_inside_a_package(folder) || self.is_to_be_filled_in(folder),
        }
    }

    /// A package with a project file is what it says; one without may be a
    /// shelf that a wide member glob has caught.
    fn is_package(&self, folder: &RelPath) -> bool {
        self.packages.iter().any(|package| package.folder == *folder && package.has_project_file)
    }

    /// Whether the folder is a regular package inside another, or is shipped.
    fn is_imported(&self, folder: &RelPath) -> bool {
        let is_shipped = |package: &Package| {
            package.trees.iter().any(|tree| tree.origin == TreeOrigin::Build && tree.folder == *folder)
        };
        let parent = folder.parent().unwrap_or_else(RelPath::root);
        (self.is_regular(folder) && self.is_regular(&parent)) || self.packages.iter().any(is_shipped)
    }

    fn is_regular(&self, folder: &RelPath) -> bool {
        folder.join("__init__.py").is_ok_and(|init| self.snapshot.get(&init).is_some())
    }

    fn is_inside_a_package(&self, folder: &RelPath) -> bool {
        self.packages.iter().any(|package| folder.is_within(&package.folder))
    }

    /// Whether a Python file in the folder holds template marks and is
    /// therefore no Python.
    fn is_to_be_filled_in(&self, folder: &RelPath) -> bool {
        self.snapshot.below(folder).any(|(path, file)| {
            let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
            let has = |mark: &str| memchr::memmem::find(bytes, mark.as_bytes()).is_some();
            path.as_str().contains("{{") || (file.is_python() && (has("{{") || has("{%")) && file.is_broken())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(members: &str, paths: &[(&str, &str)]) -> Vec<String> {
        let files = paths.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        exclude(&Snapshot::from_files(files), &[members.to_owned()])
    }

    #[test]
    fn archives_and_backups_with_python_are_left_out() {
        let tree = [
            ("src/archive/x.py", ""),
            ("docs/archive/x.md", ""),
            ("p/a/x.py", ""),
            ("p/a/doc-backup/src/x.py", ""),
            ("vendor/x.txt", ""),
            (".tox/site-packages/x.py", ""),
        ];
        assert_eq!(globs("p/*", &tree), ["**/archive/**", "**/doc-backup/**"]);
    }

    #[test]
    fn what_can_be_imported_stays() {
        let tree = [
            ("p/a/__init__.py", ""),
            ("p/a/archive/__init__.py", ""),
            ("p/a/vendor/__init__.py", ""),
            ("p/backup/setup.py", "setup()"),
            ("p/backup/x.py", ""),
            ("p/a/backup/x.py", ""),
            ("old/archive/x.py", ""),
        ];
        assert_eq!(globs("p/*", &tree), ["old/archive/**"]);
    }

    #[test]
    fn templates_are_code_until_the_tree_shows_otherwise() {
        let tree = [
            ("templates/sdk/x.py", ""),
            ("p/a/templates/x.py", ""),
            ("p/a/project_template/settings.py", "import {{ project_name }}\n"),
        ];
        assert_eq!(globs("p/*", &tree), ["p/a/project_template/**", "templates/**"]);
    }

    #[test]
    fn inside_a_shelf_nothing_more_is_said() {
        let tree = [("archive/a/archive/templates/x.py", ""), ("archive/vendor/x.py", "")];
        assert_eq!(globs(".", &tree), ["**/archive/**"]);
    }
}
