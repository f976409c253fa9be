//! The source tree as text: which files there are and which crate they are of.
//!
//! The tree is the checkout as it lies there, without what git does not keep.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is made by tools and never committed.
const PASSED_OVER: &[&str] = &[".git", "target", "__pycache__", ".repot", ".hypothesis", "node_modules"];

/// A file of the tree.
pub struct TreeFile {
    /// Its path relative to the root, with `/` between folders.
    pub path: String,
    /// Its text; bytes that are no UTF-8 are replaced.
    pub text: String,
}

impl TreeFile {
    /// The folder of the crate that the file belongs to: `crates/change`,
    /// `codemods`, `tests`; `None` for files of no crate.
    pub fn crate_folder(&self) -> Option<String> {
        let mut parts = self.path.split('/');
        match parts.next()? {
            "crates" => Some(format!("crates/{}", parts.next()?)),
            folder @ ("codemods" | "tests") => Some(folder.to_owned()),
            _ => None,
        }
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_owned()
}

/// Every file of the tree, sorted by path.
pub fn files() -> Vec<TreeFile> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).ok()?;
        let parts = path.strip_prefix(&root).ok()?.iter().map(|part| part.to_string_lossy().into_owned());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Some(TreeFile { path: parts.collect::<Vec<_>>().join("/"), text })
    };
    paths.into_iter().filter_map(read).collect()
}

/// Every Rust file of the crates.
pub fn rust_files() -> Vec<TreeFile> {
    let is_rust = |file: &TreeFile| file.path.ends_with(".rs") && file.crate_folder().is_some();
    let files: Vec<TreeFile> = files().into_iter().filter(is_rust).collect();
    assert!(files.len() > 10, "the source tree was not found");
    files
}

/// The Rust files that are compiled for tests only: those of `tests/`, modules
/// that stand behind `#[cfg(test)]`, and what lies below those.
pub fn test_files(files: &[TreeFile]) -> BTreeSet<String> {
    let declared: BTreeSet<String> =
        files.iter().flat_map(|file| test_modules(&file.path, &file.text)).collect();
    let folders: Vec<String> =
        declared.iter().filter_map(|path| Some(format!("{}/", path.strip_suffix("/mod.rs")?))).collect();
    let is_below =
        |path: &str| path.starts_with("tests/") || folders.iter().any(|folder| path.starts_with(folder));
    let below = files.iter().map(|file| file.path.clone()).filter(|path| is_below(path));
    declared.iter().cloned().chain(below).collect()
}

/// Where the test modules that `text` declares without a body may lie.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let declared = text.split("#[cfg(test)]\nmod ").skip(1);
    let bodiless = declared.filter_map(|rest| rest.lines().next()?.strip_suffix(';'));
    bodiless
        .flat_map(|module| [format!("{folder}/{module}.rs"), format!("{folder}/{module}/mod.rs")])
        .collect()
}

/// The text of one file; empty, which no rule takes for right, when it is
/// missing.
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_passed_over = entry.file_name().to_str().is_some_and(|name| PASSED_OVER.contains(&name));
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !is_passed_over => collect(&entry.path(), paths),
            // In a work tree of its own, `.git` is a file.
            Ok(kind) if kind.is_file() && !is_passed_over => paths.push(entry.path()),
            _ => {}
        }
    }
}

#[test]
fn a_test_module_is_known_by_its_declaration() {
    let text = "mod a;\n\n#[cfg(test)]\nmod corpus;\n#[cfg(test)]\nmod tests {\n}\n";
    assert_eq!(test_modules("x/src/lib.rs", text), ["x/src/corpus.rs", "x/src/corpus/mod.rs"]);
    assert_eq!(test_modules("x/src/b.rs", text)[0], "x/src/b/corpus.rs");
}

#[test]
fn what_lies_below_a_test_module_is_a_test() {
    let file = |path: &str, text: &str| TreeFile { path: path.to_owned(), text: text.to_owned() };
    let files = [
        file("x/src/lib.rs", "#[cfg(test)]\nmod tests;\n"),
        file("x/src/tests/deep/kill.rs", ""),
        file("x/src/a.rs", ""),
    ];
    let found = test_files(&files);
    assert!(found.contains("x/src/tests/deep/kill.rs") && !found.contains("x/src/a.rs"));
}
