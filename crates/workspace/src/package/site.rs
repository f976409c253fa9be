//! A package's folder, seen as the place of its Python files.
//!
//! Only the files that are the package's own: those of a package inside it, and
//! those that are excluded, are not seen from here.

use std::collections::HashMap;

use repot_change::RelPath;
use repot_roadmap::Pattern;

use super::member::is_out_of_sight;
use super::{Tree, TreeOrigin};
use crate::Snapshot;

/// The folder of one package with its own Python files, sorted.
pub(super) struct Site<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) folder: &'a RelPath,
    pub(super) python: Vec<&'a RelPath>,
}

impl<'a> Site<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, folder: &'a RelPath, python: Vec<&'a RelPath>) -> Self {
        Self { snapshot, folder, python }
    }

    /// The path that `text` means when it is written in a project file of the
    /// package; `None` when it leaves the package.
    pub(super) fn path(&self, text: &str) -> Option<RelPath> {
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        self.folder.join(&parts.join("/")).ok()
    }

    /// Whether a file or folder is there, whoever owns it.
    pub(super) fn exists(&self, path: &RelPath) -> bool {
        self.is_file(path) || self.snapshot.is_folder(path)
    }

    pub(super) fn is_file(&self, path: &RelPath) -> bool {
        self.snapshot.get(path).is_some()
    }

    /// Whether any Python lies at or below `path`, whoever owns it.
    pub(super) fn ships_python(&self, path: &RelPath) -> bool {
        self.snapshot.get(path).is_some_and(|file| file.is_python())
            || self.snapshot.below(path).any(|(_, file)| file.is_python())
    }

    /// Whether `folder` is a regular package, which is one with an `__init__`.
    pub(super) fn is_regular(&self, folder: &RelPath) -> bool {
        is_regular(self.snapshot, folder)
    }

    /// The package's own Python files below `folder`.
    fn below(&self, folder: &RelPath) -> &[&'a RelPath] {
        let start = self.python.partition_point(|path| *path <= folder);
        let after = self.python.get(start..).unwrap_or_default();
        after.get(..after.partition_point(|path| path.is_within(folder))).unwrap_or_default()
    }

    pub(super) fn has_python(&self, folder: &RelPath) -> bool {
        !self.below(folder).is_empty()
    }

    /// What can be imported when `folder` stands on `sys.path`: a tree for each
    /// folder in it that holds Python, and for each module.
    pub(super) fn children(&self, folder: &RelPath, origin: TreeOrigin) -> Vec<Tree> {
        let mut trees: Vec<Tree> = Vec::new();
        for path in self.below(folder) {
            let Some(rest) = path.relative_to(folder).filter(|rest| !is_init(rest)) else { continue };
            let (child, is_file) = rest.split_once('/').map_or((rest, true), |(child, _)| (child, false));
            let is_known = trees.last().is_some_and(|last| last.folder.file_name() == child);
            trees.extend(Tree::child(folder, child, is_file, origin).filter(|_| !is_known));
        }
        trees
    }

    /// The child folders of `folder` that are regular packages.
    pub(super) fn regular_children(&self, folder: &RelPath, origin: TreeOrigin) -> Vec<Tree> {
        let mut trees = self.children(folder, origin);
        trees.retain(|tree| self.is_regular(&tree.folder));
        trees
    }

    /// The whole folder as a package called like the folder. The workspace
    /// root is none: nothing inside the workspace could stand on `sys.path`.
    pub(super) fn itself(&self, origin: TreeOrigin) -> Option<Tree> {
        let root = self.folder.parent()?;
        Some(Tree { name: self.folder.file_name().to_owned(), folder: self.folder.clone(), root, origin })
    }
}

/// Whether the file called `name` makes a folder a regular package.
pub(super) fn is_init(name: &str) -> bool {
    matches!(name, "__init__.py" | "__init__.pyi")
}

/// Whether `folder` has an `__init__`.
pub(super) fn is_regular(snapshot: &Snapshot, folder: &RelPath) -> bool {
    let has = |name| folder.join(name).is_ok_and(|init| snapshot.get(&init).is_some());
    has("__init__.py") || has("__init__.pyi")
}

/// Gives every Python file to the innermost of `folders`, which are sorted, and
/// leaves out what is excluded or lies in a hidden folder of the package.
pub(super) fn share_out<'a>(
    snapshot: &'a Snapshot,
    folders: &[RelPath],
    exclude: &[Pattern],
) -> Vec<Vec<&'a RelPath>> {
    let mut exclusion = Exclusion::new(exclude);
    let mut owned = vec![Vec::new(); folders.len()];
    let mut coming = folders.iter().zip(0..).peekable();
    let mut open: Vec<(&RelPath, usize)> = Vec::new();
    for (path, _) in snapshot.python_files() {
        while let Some(next) = coming.next_if(|(folder, _)| *folder < path) {
            open.retain(|(folder, _)| next.0.is_within(folder));
            open.push(next);
        }
        open.retain(|(folder, _)| path.is_within(folder));
        let Some((folder, index)) = open.last() else { continue };
        let below = path.relative_to(folder).unwrap_or_default();
        if !below.split('/').any(is_out_of_sight) && !exclusion.holds_file(path) {
            owned[*index].push(path);
        }
    }
    owned
}

/// What is excluded; each folder is looked at once.
pub(super) struct Exclusion<'a> {
    globs: &'a [Pattern],
    folders: HashMap<RelPath, bool>,
}

impl<'a> Exclusion<'a> {
    pub(super) fn new(globs: &'a [Pattern]) -> Self {
        Self { globs, folders: HashMap::new() }
    }

    /// Whether the folder or one above it is excluded.
    pub(super) fn holds_folder(&mut self, folder: &RelPath) -> bool {
        if self.globs.is_empty() {
            return false;
        }
        if let Some(known) = self.folders.get(folder) {
            return *known;
        }
        let above = folder.parent().is_some_and(|parent| self.holds_folder(&parent));
        let is_held = above || self.names(folder) || self.names_all_below(folder);
        self.folders.insert(folder.clone(), is_held);
        is_held
    }

    /// Whether the file or a folder above it is excluded.
    pub(super) fn holds_file(&mut self, file: &RelPath) -> bool {
        !self.globs.is_empty()
            && (file.parent().is_some_and(|folder| self.holds_folder(&folder)) || self.names(file))
    }

    /// `archive/**` is about what is in the folder and not about the folder, but
    /// a folder of which nothing is left is excluded as well.
    fn names_all_below(&self, folder: &RelPath) -> bool {
        let mut all_below =
            self.globs.iter().filter(|glob| glob.as_str().trim_end_matches('/').ends_with("/**"));
        !folder.is_root() && all_below.any(|glob| glob.matches(&format!("{folder}/x")))
    }

    fn names(&self, path: &RelPath) -> bool {
        self.globs.iter().any(|glob| glob.matches(path.as_str()))
    }
}
