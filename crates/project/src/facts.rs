//! What lies beside a `pyproject.toml`, as its rules need to know it.
//!
//! Values: somebody else reads the tree. Paths are relative to the package's
//! folder, with `/` between their parts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Older;

/// Folders that lie beside the code of a package and are not shipped.
const BESIDE: [&str; 22] = [
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
    "config",
    "deploy",
    "templates",
    "requirements",
];

/// The package around a `pyproject.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The path of the project file, from the root of the workspace.
    pub path: String,
    /// The folder's own name.
    pub folder: String,
    /// Every file of the package.
    pub files: BTreeSet<String>,
    /// The outermost folders inside the package that are projects of their own.
    pub inner: BTreeSet<String>,
    /// Files above or beside the package that the document names (`../LICENSE`)
    /// and that exist.
    pub outside: BTreeSet<String>,
    /// Python files with a literal `__version__`.
    pub versions: Vec<String>,
    /// The first line of the docstring of the module that is shipped, where it
    /// is plain text.
    pub summary: Option<String>,
    /// What the build configuration ships now, where it says it.
    pub built: Vec<Shipped>,
    /// What the tree is taken to ship where no build configuration says it; a
    /// guess that others have made already, and that has to stay theirs.
    pub laid: Vec<Shipped>,
    /// What Poetry's dependencies name by a folder, by the name of the dependency
    /// and the path that is said.
    pub places: BTreeMap<(String, String), Place>,
    /// What a `setup.py` or `setup.cfg` says.
    pub older: Option<Older>,
    /// The tables of tools in project files above, each with the path to that
    /// file.
    pub above: BTreeMap<String, String>,
}

/// What lies where a dependency says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A package of the workspace, and what `[tool.uv.sources]` says of it in the
    /// habit of the tree.
    Source(Value),
    /// A folder or an archive, by this way from the package's folder; the tree has
    /// no habit for it.
    Way(String),
    /// It is not clear what is meant: why, and which folders may be.
    Unclear {
        /// Why.
        reason: String,
        /// Folders of packages, from the root of the workspace, each with how it
        /// comes into question.
        folders: Vec<(String, String)>,
    },
}

/// One importable name and the folder or file that has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shipped {
    /// The import name; dotted for a portion of a namespace.
    pub name: String,
    /// The folder, or the file of a single module; empty for the package's own
    /// folder.
    pub path: String,
}

impl Facts {
    /// Whether the package has the file `path`, however it is spelled.
    #[must_use]
    pub fn has_file(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./");
        self.files.contains(path) || self.outside.contains(path)
    }

    /// Whether the package has the folder `path`.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.len() > path.len() && is_below(file, path))
    }

    /// Whether a Python file lies below `folder`.
    #[must_use]
    pub fn has_python(&self, folder: &str) -> bool {
        self.files.iter().any(|file| is_python(file) && is_below(file, folder))
    }

    /// Whether the package has Python files that somebody could mean to ship.
    #[must_use]
    pub fn has_code(&self) -> bool {
        let is_beside = |file: &str| {
            let top = file.split('/').next().unwrap_or_default();
            BESIDE.contains(&top) || matches!(file, "setup.py" | "conftest.py" | "noxfile.py")
        };
        self.files.iter().any(|file| is_python(file) && !is_beside(file))
    }

    /// Whether `folder` has an `__init__`; empty for the package's own folder.
    #[must_use]
    pub fn is_regular(&self, folder: &str) -> bool {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.files.contains(&format!("{prefix}__init__.py"))
    }

    /// What the package should ship, by its layout; `distribution` tells which
    /// of several folders of a flat layout is meant.
    ///
    /// A `src` folder with Python in it is a src layout. Of a flat layout the
    /// folders with an `__init__` are shipped; where the package's folder has
    /// one itself, it is the package, unless a folder inside is called like it.
    #[must_use]
    pub fn layout(&self, distribution: Option<&str>) -> Vec<Shipped> {
        // A folder that no statement can name is not what somebody meant to ship.
        let is_named = |shipped: &&Shipped| shipped.name.split('.').all(is_name);
        let laid: Vec<Shipped> = self.laid.iter().filter(is_named).cloned().collect();
        if !laid.is_empty() {
            return laid;
        }
        if !self.is_regular("src") {
            let inside = self.children("src", |folder| self.has_python(folder));
            if !inside.is_empty() {
                return inside;
            }
        }
        let mut inside = self.children("", |folder| self.is_regular(folder));
        inside.retain(|shipped| !BESIDE.contains(&shipped.name.as_str()) && shipped.path != "src");
        if !self.is_regular("") {
            if inside.is_empty() {
                inside = self.modules();
            }
            return inside;
        }
        let folder = self.folder.replace('-', "_");
        let distribution = distribution.map(|name| name.to_lowercase().replace(['-', '.'], "_"));
        let is_meant =
            |shipped: &Shipped| shipped.name == folder || distribution.as_ref() == Some(&shipped.name);
        if inside.iter().any(is_meant) {
            inside.retain(is_meant);
            return inside;
        }
        if is_name(&folder) { vec![Shipped { name: folder, path: String::new() }] } else { Vec::new() }
    }

    /// The folders that may be what is shipped: those with Python beside the
    /// project file and in `src`.
    pub(crate) fn candidates(&self) -> Vec<String> {
        let inside = self.children("src", |folder| self.has_python(folder));
        let beside = self.children("", |folder| self.has_python(folder));
        let beside = beside.into_iter().filter(|it| it.path != "src" && !BESIDE.contains(&it.name.as_str()));
        inside.into_iter().chain(beside).map(|shipped| shipped.path).collect()
    }

    fn children(&self, root: &str, is_tree: impl Fn(&str) -> bool) -> Vec<Shipped> {
        let prefix = if root.is_empty() { String::new() } else { format!("{root}/") };
        let below = self.files.iter().filter_map(|file| file.strip_prefix(prefix.as_str()));
        let names: BTreeSet<&str> =
            below.filter_map(|rest| rest.split_once('/')).map(|(name, _)| name).collect();
        let trees = names
            .into_iter()
            .filter(|name| is_name(name))
            .map(|name| Shipped { name: name.to_owned(), path: format!("{prefix}{name}") });
        trees.filter(|shipped| is_tree(&shipped.path)).collect()
    }

    /// The modules beside the project file, where there is no package.
    fn modules(&self) -> Vec<Shipped> {
        let stems = self.files.iter().filter_map(|file| Some((file, file.strip_suffix(".py")?)));
        let stems =
            stems.filter(|(_, stem)| is_name(stem) && !matches!(*stem, "setup" | "conftest" | "noxfile"));
        stems.map(|(file, stem)| Shipped { name: stem.to_owned(), path: file.clone() }).collect()
    }
}

fn is_python(file: &str) -> bool {
    file.ends_with(".py") || file.ends_with(".pyi")
}

fn is_below(file: &str, folder: &str) -> bool {
    folder.is_empty() || file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether an import can name it, by its letters.
pub(crate) fn is_name(text: &str) -> bool {
    text.chars().all(|char| char == '_' || char.is_alphanumeric())
        && text.chars().next().is_some_and(|first| !first.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[&str], folder: &str, distribution: &str) -> Vec<String> {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        let facts = Facts { folder: folder.to_owned(), files, ..Facts::default() };
        facts.layout(Some(distribution)).into_iter().map(|shipped| shipped.path).collect()
    }

    #[test]
    fn a_layout_is_read_off_the_files() {
        assert_eq!(names(&["src/shop/a.py", "tests/__init__.py"], "x", "x"), ["src/shop"]);
        assert_eq!(names(&["shop/__init__.py", "tests/__init__.py", "docs/a.py"], "x", "x"), ["shop"]);
        assert_eq!(names(&["__init__.py", "shop/__init__.py", "b/__init__.py"], "shop", "x"), ["shop"]);
        assert_eq!(names(&["__init__.py", "a/__init__.py"], "shop", "x-shop"), [""]);
        assert_eq!(names(&["__init__.py", "x_shop/__init__.py"], "shop", "X-Shop"), ["x_shop"]);
        assert_eq!(names(&["six.py", "setup.py"], "six", "six"), ["six.py"]);
        assert_eq!(names(&["__init__.py"], "no name", "x"), [""; 0]);
    }

    #[test]
    fn what_others_took_to_be_shipped_is_shipped_if_it_has_a_name() {
        let shipped = |name: &str| Shipped { name: name.to_owned(), path: name.to_owned() };
        let laid = vec![shipped("old - move!"), shipped("shop")];
        let facts = Facts { laid, ..Facts::default() };
        assert_eq!(facts.layout(None), [shipped("shop")]);
    }
}
