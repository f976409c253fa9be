//! Files that a roadmap names although they are no part of the tree: reports
//! that other tools wrote, which git mostly ignores.
//!
//! They are read when they are asked for and belong to no snapshot.

use std::fs;
use std::path::Path;

use repot_change::RelPath;
use repot_roadmap::Pattern;

/// Files of more bytes are not read.
const MAX_LEN: u64 = 256 << 20;

/// A file that was named, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its path.
    pub path: String,
    /// Its bytes, or why there are none.
    pub content: Result<Vec<u8>, String>,
}

/// The files below `root` that `pattern` names, sorted by path. What is named
/// without a `*` is there in any case, if only with the reason why it cannot
/// be read; symbolic links to folders are not followed.
#[must_use]
pub fn read_named(root: &Path, pattern: &Pattern) -> Vec<NamedFile> {
    let text = pattern.as_str().trim_start_matches("./").trim_end_matches('/');
    let mut paths = vec![RelPath::root()];
    for part in text.split('/') {
        paths = paths.iter().flat_map(|folder| entries(root, folder, part)).collect();
    }
    let is_exact = |path: &RelPath| path.as_str() == text;
    paths.retain(|path| {
        is_exact(path) || pattern.matches(path.as_str()) && root.join(path.as_str()).is_file()
    });
    paths.sort();
    paths.dedup();
    let read = |path: RelPath| NamedFile { content: read(&root.join(path.as_str())), path: path.to_string() };
    paths.into_iter().map(read).collect()
}

/// What in `folder` may be called `part`: one name, or, where it is a glob, all
/// that is there.
fn entries(root: &Path, folder: &RelPath, part: &str) -> Vec<RelPath> {
    if !part.contains(['*', '?', '[', '{']) {
        return folder.join(part).into_iter().collect();
    }
    let entries = fs::read_dir(root.join(folder.as_str())).into_iter().flatten().flatten();
    entries.filter_map(|entry| folder.join(entry.file_name().to_str()?).ok()).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    if !metadata.is_file() {
        return Err("is no file".to_owned());
    }
    if metadata.len() > MAX_LEN {
        return Err(format!("is not read: it has more than {MAX_LEN} bytes"));
    }
    fs::read(path).map_err(|error| format!("cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(root: &Path, pattern: &str) -> Vec<(String, Result<String, String>)> {
        let text = |file: NamedFile| {
            (file.path, file.content.map(|bytes| String::from_utf8(bytes).unwrap_or_default()))
        };
        read_named(root, &Pattern::new(pattern).unwrap()).into_iter().map(text).collect()
    }

    #[test]
    fn a_file_is_read_whatever_git_says_and_its_absence_is_told() {
        let tree = tempfile::tempdir().unwrap();
        let root = tree.path();
        for (path, text) in
            [(".gitignore", "*.xml\n"), ("p/a/c.xml", "a"), ("p/b/c.xml", "b"), ("p/c/d.xml", "")]
        {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir_all(root.join("p/d/c.xml")).unwrap();
        let ok = |path: &str, text: &str| (path.to_owned(), Ok(text.to_owned()));
        assert_eq!(named(root, "p/*/c.xml"), [ok("p/a/c.xml", "a"), ok("p/b/c.xml", "b")]);
        assert_eq!(named(root, "./p/a/c.xml"), [ok("p/a/c.xml", "a")]);
        assert_eq!(named(root, "p/*/*.json"), []);
        let lost = |path: &str, reason: &str| [(path.to_owned(), Err(reason.to_owned()))];
        assert_eq!(named(root, "c.xml"), lost("c.xml", "does not exist"));
        assert_eq!(named(root, "p/d/c.xml"), lost("p/d/c.xml", "is no file"));
    }
}
