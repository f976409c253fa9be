//! Where the workspace begins.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::Document;

/// The workspace root for somebody who stands in `start`: the nearest folder,
/// `start` or above it, with a `repot.toml` or with a `[tool.repot]` table in
/// its `pyproject.toml`; else the root of the git tree; else `start`.
///
/// A `pyproject.toml` that cannot be read or is no TOML says nothing.
#[must_use]
pub fn find_root(start: &Path) -> PathBuf {
    let start = std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
    let nearest = |is_root: fn(&Path) -> bool| start.ancestors().find(|folder| is_root(folder));
    nearest(has_roadmap).or_else(|| nearest(is_git_root)).unwrap_or(&start).to_owned()
}

/// Whether `root` is, or lies in, a tree that git keeps.
#[must_use]
pub fn is_in_git(root: &Path) -> bool {
    root.ancestors().any(is_git_root)
}

fn has_roadmap(folder: &Path) -> bool {
    if folder.join("repot.toml").is_file() {
        return true;
    }
    let text = fs::read_to_string(folder.join("pyproject.toml")).unwrap_or_default();
    // Most project files do not hold the word, and need not be parsed.
    text.contains("repot")
        && Document::parse(text).is_ok_and(|document| {
            document
                .as_item()
                .get("tool")
                .and_then(|tool| tool.get("repot"))
                .is_some_and(toml_edit::Item::is_table_like)
        })
}

/// In a linked worktree and in a submodule `.git` is a file.
fn is_git_root(folder: &Path) -> bool {
    folder.join(".git").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_nearest_roadmap_beats_the_git_root() {
        let tree = tree(&[
            (".git/HEAD", ""),
            ("repot.toml", ""),
            ("a/pyproject.toml", "[tool.repot.workspace]\n"),
            ("a/b/pyproject.toml", "# repot is not set up here\n[tool.ruff]\n"),
            ("a/b/c/x.py", ""),
            ("d/pyproject.toml", "[tool.repot\n"),
        ]);
        let root = tree.path();
        assert_eq!(find_root(&root.join("a/b/c")), root.join("a"));
        assert_eq!(find_root(&root.join("a")), root.join("a"));
        assert_eq!(find_root(&root.join("d")), root);
    }

    #[test]
    fn without_a_roadmap_the_git_root_counts() {
        let tree = tree(&[
            ("r/.git/HEAD", ""),
            ("r/a/b/x.py", ""),
            ("linked/.git", "gitdir: r"),
            ("linked/a/x.py", ""),
        ]);
        let root = tree.path();
        assert_eq!(find_root(&root.join("r/a/b")), root.join("r"));
        assert_eq!(find_root(&root.join("linked/a")), root.join("linked"));
    }
}
