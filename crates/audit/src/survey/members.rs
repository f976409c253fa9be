//! Which folders are packages: the globs of `[workspace] members`.
//!
//! A workspace that a package manager declares counts as it stands. Else the
//! folders with a project file are generalised to few globs, on purpose wide
//! enough to catch their siblings that have no project file.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Note, RelPath};
use repot_roadmap::Pattern;
use repot_workspace::{Snapshot, unmatched_members};

use super::glob;
use super::pyproject::Toml;
use super::shelf::{is_beside, is_out_of_sight, shelf_of};

/// Where package managers list the members of a workspace.
const DECLARATIONS: [&str; 4] = [
    "tool.uv.workspace.members",
    "tool.rye.workspace.members",
    "tool.hatch.workspace.members",
    "tool.pdm.workspace.packages",
];

/// Folders that by their name hold one package each.
const PARENTS: [&str; 9] =
    ["packages", "pkgs", "libs", "apps", "services", "plugins", "components", "projects", "modules"];

/// Folders by the folder that they lie in.
type Groups = BTreeMap<RelPath, Vec<RelPath>>;

/// The globs, at least one, and what is odd about a declared workspace.
pub(super) fn members(snapshot: &Snapshot) -> (Vec<String>, Vec<Note>) {
    let root = Toml::read(snapshot, &at("pyproject.toml"));
    let (mut globs, notes) = root.as_ref().map(|root| declared(snapshot, root)).unwrap_or_default();
    if globs.is_empty() {
        globs = generalised(snapshot, &project_folders(snapshot));
    }
    if globs.is_empty() || ships_from_root(snapshot, root.as_ref(), &globs) {
        globs.insert(0, ".".to_owned());
    }
    (globs, notes)
}

fn at(text: &str) -> RelPath {
    RelPath::new(text).unwrap_or_else(|_| RelPath::root())
}

/// The globs of a declared workspace, as far as they name folders.
fn declared(snapshot: &Snapshot, root: &Toml) -> (Vec<String>, Vec<Note>) {
    let mut globs: Vec<String> = DECLARATIONS.iter().flat_map(|keys| root.texts(keys)).collect();
    globs.iter_mut().for_each(|glob| *glob = glob.trim_start_matches("./").trim_end_matches('/').to_owned());
    let names_something = |glob: &String| {
        Pattern::new(glob).is_ok_and(|pattern| unmatched_members(snapshot, &[pattern]).is_empty())
    };
    let (good, bad): (Vec<String>, Vec<String>) = globs.into_iter().partition(names_something);
    let note = |glob: &String| {
        Note::about(
            &at("pyproject.toml"),
            format!("the workspace member `{glob}` names no folder and is left out"),
        )
    };
    let mut seen = BTreeSet::new();
    (good.into_iter().filter(|glob| seen.insert(glob.clone())).collect(), bad.iter().map(note).collect())
}

/// The folders below the root with a project file of their own, without those
/// that are shelved or serve tests.
fn project_folders(snapshot: &Snapshot) -> BTreeSet<RelPath> {
    let declares = |path: &RelPath| match path.file_name() {
        "pyproject.toml" => Toml::read(snapshot, path).is_none_or(|toml| toml.is_about_a_package()),
        "setup.py" => mentions(snapshot, path, "setup("),
        "setup.cfg" => mentions(snapshot, path, "[metadata]") || mentions(snapshot, path, "[options]"),
        _ => false,
    };
    let folders = snapshot.files().filter_map(|(path, _)| {
        path.parent().filter(|folder| !folder.is_root()).map(|folder| (path, folder))
    });
    folders.filter(|(path, folder)| is_alive(folder) && declares(path)).map(|(_, folder)| folder).collect()
}

fn mentions(snapshot: &Snapshot, path: &RelPath, text: &str) -> bool {
    let bytes = snapshot.get(path).and_then(|file| file.bytes());
    bytes.is_some_and(|bytes| memchr::memmem::find(bytes, text.as_bytes()).is_some())
}

/// Whether a package may lie in `folder`. Its own name may be `templates` or
/// `backup`: with a project file it is a package that is called so.
fn is_alive(folder: &RelPath) -> bool {
    let above = folder.ancestors().collect::<Vec<_>>();
    let is_shelved = above.iter().any(|folder| shelf_of(folder.file_name()).is_some());
    let is_aside = |name: &str| is_out_of_sight(name) || is_beside(name) || name.contains("{{");
    !is_shelved && !folder.components().any(is_aside)
}

/// Few globs that match all of `projects` and their siblings.
fn generalised(snapshot: &Snapshot, projects: &BTreeSet<RelPath>) -> Vec<String> {
    let is_inner = |folder: &&RelPath| folder.ancestors().any(|above| projects.contains(&above));
    let (inner, outer): (Vec<&RelPath>, Vec<&RelPath>) = projects.iter().partition(is_inner);
    let mut groups = by_parent(outer);
    let nested = take_nested(&mut groups);
    let mut globs = outer_globs(snapshot, groups);
    for (parent, folders) in nested.into_iter().chain(by_parent(inner)) {
        globs.push(inner_glob(snapshot, &parent, &folders));
    }
    globs
}

fn by_parent<'a>(folders: impl IntoIterator<Item = &'a RelPath>) -> Groups {
    let mut groups = Groups::new();
    for folder in folders {
        groups.entry(folder.parent().unwrap_or_else(RelPath::root)).or_default().push(folder.clone());
    }
    groups
}

/// Takes out the groups that lie in a folder which is itself a sibling of
/// packages, and so will be one.
fn take_nested(groups: &mut Groups) -> Groups {
    let parents: BTreeSet<RelPath> = groups.keys().filter(|parent| !parent.is_root()).cloned().collect();
    let is_sibling = |folder: &RelPath| folder.parent().is_some_and(|parent| parents.contains(&parent));
    let is_nested =
        |parent: &RelPath| is_sibling(parent) || parent.ancestors().any(|above| is_sibling(&above));
    let (nested, outer) = std::mem::take(groups).into_iter().partition(|(parent, _)| is_nested(parent));
    *groups = outer;
    nested
}

/// `grandparent/*/*` where several parents share one, `parent/*` where several
/// packages do, else each by its path.
fn outer_globs(snapshot: &Snapshot, groups: Groups) -> Vec<String> {
    let mut by_grandparent: BTreeMap<RelPath, Groups> = BTreeMap::new();
    for (parent, folders) in groups {
        let grandparent = parent.parent().unwrap_or_else(RelPath::root);
        by_grandparent.entry(grandparent).or_default().insert(parent, folders);
    }
    let mut globs = Vec::new();
    for (grandparent, groups) in by_grandparent {
        if grandparent.is_root() || groups.len() < 2 {
            globs.extend(
                groups
                    .iter()
                    .map(|(parent, folders)| outer_glob(snapshot, parent, folders))
                    .flat_map(Vec::into_iter),
            );
            continue;
        }
        let names: BTreeSet<&str> = groups.values().flatten().map(RelPath::file_name).collect();
        let only = names.first().filter(|_| names.len() == 1);
        globs.push(glob::below(
            &grandparent,
            &format!("*/{}", only.map_or("*".to_owned(), |name| glob::escaped(name))),
        ));
    }
    globs
}

fn outer_glob(snapshot: &Snapshot, parent: &RelPath, folders: &[RelPath]) -> Vec<String> {
    let is_parent = folders.len() > 1 || PARENTS.contains(&parent.file_name());
    if parent.is_root() || !is_parent {
        return folders.iter().map(glob::exactly).collect();
    }
    let siblings = with_python(snapshot, parent);
    if !siblings.iter().any(|folder| is_beside(folder.file_name())) {
        return vec![glob::below(parent, "*")];
    }
    let packages = siblings.iter().chain(folders).filter(|folder| !is_beside(folder.file_name()));
    let names: BTreeSet<&str> = packages.map(RelPath::file_name).collect();
    vec![glob::one_of(parent, names)]
}

/// Inside a package the siblings of a package are most likely its own folders.
fn inner_glob(snapshot: &Snapshot, parent: &RelPath, folders: &[RelPath]) -> String {
    let are_all =
        folders.len() > 1 && with_python(snapshot, parent).iter().all(|folder| folders.contains(folder));
    if are_all {
        glob::below(parent, "*")
    } else {
        glob::one_of(parent, folders.iter().map(RelPath::file_name))
    }
}

/// The visible folders directly in `parent` with Python below them.
fn with_python(snapshot: &Snapshot, parent: &RelPath) -> Vec<RelPath> {
    let folders = snapshot.folder(parent).map(repot_workspace::Folder::folders).unwrap_or_default();
    let holds = |folder: &&RelPath| {
        !is_out_of_sight(folder.file_name()) && snapshot.below(folder).any(|(_, file)| file.is_python())
    };
    folders.iter().filter(holds).cloned().collect()
}

/// Whether the root is a package beside the others: its project file is about
/// one, and its code, or most of all code, lies outside of them.
fn ships_from_root(snapshot: &Snapshot, root: Option<&Toml>, globs: &[String]) -> bool {
    let is_package =
        root.is_some_and(Toml::is_about_a_package) || mentions(snapshot, &at("setup.py"), "setup(");
    if !is_package || globs.iter().any(|glob| glob == ".") {
        return false;
    }
    let patterns = glob::patterns(globs);
    let is_member = |folder: &RelPath| patterns.iter().any(|pattern| pattern.matches(folder.as_str()));
    let is_outside = |path: &RelPath| !path.ancestors().any(|folder| is_member(&folder));
    let own = root.and_then(|root| root.text("project.name")).map(|name| name.replace(['-', '.'], "_"));
    let homes = own
        .iter()
        .flat_map(|name| [name.clone(), format!("src/{name}")])
        .filter_map(|home| RelPath::new(&home).ok());
    let has_home = homes
        .into_iter()
        .any(|home| snapshot.below(&home).any(|(path, file)| file.is_python() && is_outside(path)));
    let (outside, inside): (Vec<_>, Vec<_>) = snapshot.python_files().partition(|(path, _)| is_outside(path));
    has_home || outside.len() > inside.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(paths: &[&str]) -> Vec<String> {
        let file = |path: &&str| {
            let text =
                if path.ends_with("pyproject.toml") { "[project]\nname = \"x\"\n" } else { "setup()\n" };
            (RelPath::new(path).unwrap(), text.as_bytes().to_vec())
        };
        members(&Snapshot::from_files(paths.iter().map(file))).0
    }

    #[test]
    fn no_project_file_means_the_root() {
        assert_eq!(globs(&[]), ["."]);
        assert_eq!(globs(&["shop/cart.py"]), ["."]);
        assert_eq!(globs(&["setup.py", "shop/cart.py"]), ["."]);
    }

    #[test]
    fn siblings_become_one_glob() {
        assert_eq!(
            globs(&["packages/a/setup.py", "packages/b/pyproject.toml", "packages/c/x.py"]),
            ["packages/*"]
        );
        assert_eq!(globs(&["packages/a/setup.py"]), ["packages/*"]);
        assert_eq!(globs(&["backend/setup.py", "client/setup.py"]), ["backend", "client"]);
        assert_eq!(
            globs(&["back/a/setup.py", "back/b/setup.py", "back/c/x.py", "back/tests/x.py"]),
            ["back/{a,b,c}"]
        );
    }

    #[test]
    fn several_parents_become_one_glob() {
        let tree = ["src/p/ai/a/setup.py", "src/p/data/b/setup.py", "src/p/data/no project/x.py"];
        assert_eq!(globs(&tree), ["src/p/*/*"]);
        assert_eq!(globs(&["services/x/app/setup.py", "services/y/app/setup.py"]), ["services/*/app"]);
        assert_eq!(globs(&["libs/a/setup.py", "apps/b/setup.py"]), ["apps/*", "libs/*"]);
    }

    #[test]
    fn packages_in_packages_are_named() {
        let tree = [
            "src/p/ai/a/setup.py",
            "src/p/soft/core/setup.py",
            "src/p/soft/big/x/setup.py",
            "src/p/soft/big/y/setup.py",
            "src/p/soft/big/tests/t.py",
            "src/p/soft/core/sdk/setup.py",
        ];
        assert_eq!(globs(&tree), ["src/p/*/*", "src/p/soft/big/{x,y}", "src/p/soft/core/sdk"]);
    }

    #[test]
    fn shelves_and_fixtures_hold_no_packages() {
        let tree = [
            "packages/a/setup.py",
            "old/archive/b/setup.py",
            "templates/c/setup.py",
            "x-backup/src/packages/d/setup.py",
            "packages/a/tests/fixtures/e/setup.py",
            ".cache/f/setup.py",
        ];
        assert_eq!(globs(&tree), ["packages/*"]);
    }

    #[test]
    fn a_declared_workspace_counts_as_it_stands() {
        let uv = "[tool.uv.workspace]\nmembers = [\"./libs/*\", \"gone/*\", \"libs/*\"]\n";
        let files = [("pyproject.toml", uv), ("libs/a/x.py", ""), ("other/setup.py", "setup()")];
        let snapshot = Snapshot::from_files(files.map(|(path, text)| (at(path), text.into())));
        let (globs, notes) = members(&snapshot);
        assert_eq!(globs, ["libs/*"]);
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn a_root_with_code_of_its_own_is_a_package_too() {
        let project = "[project]\nname = \"big-shop\"\n";
        let files = [("pyproject.toml", project), ("src/big_shop/x.py", ""), ("libs/a/setup.py", "setup()")];
        let snapshot = Snapshot::from_files(files.map(|(path, text)| (at(path), text.into())));
        assert_eq!(members(&snapshot).0, [".", "libs/*"]);
    }
}
