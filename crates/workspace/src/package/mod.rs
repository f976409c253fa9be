//! Packages: the distributions of a workspace, and what can be imported from
//! each of them.
//!
//! What a package ships is read from its build configuration, else from its
//! layout. Nothing is built and no Python is run, so a build configuration
//! that computes its answer counts as saying nothing.

mod build;
mod ini;
mod layout;
mod leftover;
mod member;
mod older;
mod project;
mod rival;
mod setup_py;
mod site;
mod toml;

use rayon::prelude::*;
use repot_change::{Note, RelPath};
use repot_roadmap::Pattern;

use crate::Snapshot;
use project::Project;
use site::Site;

pub(crate) use older::older;
pub(crate) use project::normalise;

pub use member::{unmatched_exclude, unmatched_members};

/// A distribution: a folder that a member glob matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The distribution's name, else that of the folder; `.` for a root folder
    /// that does not say.
    pub name: String,
    /// The folder.
    pub folder: RelPath,
    /// What can be imported: first what is shipped, then the rest, each sorted
    /// by folder. A tree may lie inside another; the innermost has a file.
    pub trees: Vec<Tree>,
    /// The distribution's name as the metadata writes it.
    pub distribution: Option<String>,
    /// The names of the distributions that it declares to need, in whatever
    /// group; normalised as PEP 503 says, sorted, each once.
    pub dependencies: Vec<String>,
    /// Whether there is a `pyproject.toml`, `setup.cfg` or `setup.py`.
    pub has_project_file: bool,
    /// What is odd about it.
    pub notes: Vec<Note>,
}

/// One importable tree of a package: the files below `folder` are named `name`
/// followed by their path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The import name: `shop`, or dotted for a portion of a namespace. It may
    /// hold what no statement can spell.
    pub name: String,
    /// The folder of that name, or the file of a single module.
    pub folder: RelPath,
    /// What would stand on `sys.path`. Where the build gives a folder another
    /// name than its own, no such folder exists and this is the one above it.
    pub root: RelPath,
    /// How the tree is known.
    pub origin: TreeOrigin,
}

/// How a tree is known, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TreeOrigin {
    /// The build configuration ships it.
    Build,
    /// No build configuration says anything; the layout does.
    Layout,
    /// Python files that nothing ships.
    Leftover,
}

impl Tree {
    /// The tree of the module or package that lies at `folder/child`.
    fn child(folder: &RelPath, child: &str, is_file: bool, origin: TreeOrigin) -> Option<Self> {
        let path = folder.join(child).ok()?;
        let name = if is_file { path.file_stem().to_owned() } else { child.to_owned() };
        Some(Self { name, folder: path, root: folder.clone(), origin })
    }
}

/// The packages that the globs `members` name, sorted by folder, and notes
/// about packages that get into each other's way.
///
/// A glob names folders of the snapshot; `.` is the root. A folder that
/// `exclude` names is no package and holds none, and excluded files belong to
/// no tree. Hidden folders and `__pycache__` are never packages. A file belongs
/// to the innermost package that holds it. What is odd about a single package
/// is in its own notes.
#[must_use]
pub fn find_packages(
    snapshot: &Snapshot,
    members: &[Pattern],
    exclude: &[Pattern],
) -> (Vec<Package>, Vec<Note>) {
    let folders = member::folders(snapshot, members, exclude);
    let owned = site::share_out(snapshot, &folders, exclude);
    let sites: Vec<Site<'_>> =
        folders.iter().zip(owned).map(|(at, own)| Site::new(snapshot, at, own)).collect();
    let packages: Vec<Package> = sites.par_iter().map(describe).collect();
    let notes = rival::notes(snapshot, &packages);
    (packages, notes)
}

fn describe(site: &Site<'_>) -> Package {
    let project = Project::read(site);
    let (mut trees, mut notes) = build::trees(site, &project);
    notes.extend(project.notes.iter().cloned());
    if trees.is_empty() {
        trees = layout::trees(site, project.exists());
    }
    trees.sort_by(|a, b| a.folder.cmp(&b.folder));
    trees.extend(leftover::trees(site, &trees));
    notes.extend(rival::within(site.folder, &trees));
    notes.sort();
    let distribution = project.distribution();
    let folder_name = if site.folder.is_root() { "." } else { site.folder.file_name() };
    Package {
        name: distribution.clone().unwrap_or_else(|| folder_name.to_owned()),
        folder: site.folder.clone(),
        trees,
        distribution,
        dependencies: project.dependencies(),
        has_project_file: project.exists(),
        notes,
    }
}

#[cfg(test)]
mod tests;
