//! Which distributions the repository declares to need, and which ones it is.
//!
//! Every project file, requirements list and lock file of the tree counts, the
//! archived ones too: whatever somebody once declared is somebody else's.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_workspace::{Snapshot, find_packages};

use super::glob;
use crate::distributions::normalised;

/// The distributions that the tree speaks of; names are normalised (PEP 503).
pub(super) struct Declared {
    /// Those that it needs and that it does not hold itself.
    pub(super) needed: BTreeSet<String>,
    /// Those that it holds, by the names in their project files.
    pub(super) own: BTreeSet<String>,
}

/// Reads all declarations of the tree.
pub(super) fn declared(snapshot: &Snapshot) -> Declared {
    let is_project = |path: &RelPath| matches!(path.file_name(), "pyproject.toml" | "setup.py" | "setup.cfg");
    let folders: BTreeSet<RelPath> =
        snapshot.files().filter(|(path, _)| is_project(path)).filter_map(|(path, _)| path.parent()).collect();
    let globs: Vec<String> = folders.iter().map(glob::exactly).collect();
    let (packages, _) = find_packages(snapshot, &glob::patterns(&globs), &[]);
    let own: BTreeSet<String> =
        packages.iter().filter_map(|package| package.distribution.as_deref()).map(normalised).collect();
    let mut needed: BTreeSet<String> =
        packages.iter().flat_map(|package| package.dependencies.iter().cloned()).collect();
    for (path, file) in snapshot.files() {
        let Some(list) = list_of(path) else { continue };
        let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
        needed.extend(String::from_utf8_lossy(bytes).lines().filter_map(|line| list.name_on(line)));
    }
    let scripts = snapshot.files().filter(|(path, _)| path.file_name() == "setup.py");
    needed.extend(scripts.filter_map(|(_, file)| file.bytes()).flat_map(|bytes| specified(bytes)));
    needed.retain(|name| !own.contains(name));
    Declared { needed, own }
}

/// The distributions that strings of a `setup.py` name together with a version
/// or an extra; the lists they stand in may be computed.
fn specified(source: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(source);
    let name = |string: &str| {
        let end = string.find(|c| !is_of_name(c))?;
        let rest = string.get(end..)?.trim_start();
        let is_specified =
            ["==", ">=", "<=", "~=", "!=", ">", "<", "["].iter().any(|mark| rest.starts_with(mark));
        string.get(..end).filter(|_| is_specified).map(normalised).filter(|name| !name.is_empty())
    };
    text.split(['"', '\'']).filter_map(name).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// A file that lists distributions line by line.
#[derive(Clone, Copy)]
enum List {
    /// `name>=1 ; marker`, perhaps behind a dash.
    Requirements,
    /// `name = "name"`.
    Lock,
    /// `name = "*"`.
    Pipfile,
}

fn list_of(path: &RelPath) -> Option<List> {
    let name = path.file_name();
    let is_text = matches!(path.extension(), Some("txt" | "in"));
    let says = |text: &str| text.contains("requirement") || text.contains("constraint");
    let folder = path.parent().map(|folder| folder.file_name().to_owned()).unwrap_or_default();
    match name {
        "uv.lock" | "poetry.lock" | "pdm.lock" | "pylock.toml" => Some(List::Lock),
        "Pipfile" => Some(List::Pipfile),
        "environment.yml" | "environment.yaml" | "tox.ini" => Some(List::Requirements),
        _ if is_text && (says(name) || says(&folder)) => Some(List::Requirements),
        _ => None,
    }
}

impl List {
    /// The distribution that a line names. A line of another kind may give a
    /// name that no distribution has, which does no harm.
    fn name_on(self, line: &str) -> Option<String> {
        let line = match self {
            Self::Requirements => line.trim_start_matches([' ', '\t', '-']),
            Self::Lock => line.strip_prefix("name = \"")?,
            Self::Pipfile => line.trim_start_matches(['"', '\'']),
        };
        let end = line.find(|c| !is_of_name(c)).unwrap_or(line.len());
        line.get(..end).map(normalised).filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_of_the_tree_counts() {
        let files = [
            (
                "pyproject.toml",
                "[project]\nname = \"Mono_Repo\"\ndependencies = [\"numpy>1\"]\n[project.optional-dependencies]\nall = [\"mono-repo[ml]\"]\n",
            ),
            (
                "a/setup.py",
                "x = ['django-taggit >= 2', 'x']\nsetup(name='a', install_requires=['mono.repo', 'Flask'])",
            ),
            ("a/requirements/dev.txt", "# tests\n-r base.txt\npytest-cov==4 # why\n"),
            ("b/uv.lock", "[[package]]\nname = \"anyio\"\nversion = \"4\"\n"),
            ("c/Pipfile", "[packages]\nredis = \"*\"\n"),
            ("notes.txt", "pandas\n"),
        ];
        let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let declared = declared(&Snapshot::from_files(files));
        assert_eq!(declared.own.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "mono-repo"]);
        for name in ["numpy", "flask", "pytest-cov", "anyio", "redis", "django-taggit"] {
            assert!(declared.needed.contains(name), "{name}");
        }
        for name in ["mono-repo", "pandas", "#", "x"] {
            assert!(!declared.needed.contains(name), "{name}");
        }
    }
}
