//! Which files of the tree a report is about.
//!
//! A report names files as they were where it was made: relative to some
//! folder, or absolute on some machine. Only what fits one file is taken.

use std::collections::BTreeMap;
use std::path::Path;

use repot_change::RelPath;
use repot_workspace::Workspace;

use super::{Lines, Report};

/// A report whose files are those of the tree.
pub(super) struct Placed {
    pub files: BTreeMap<RelPath, Lines>,
    /// What of it is left out.
    pub note: Option<String>,
}

/// Finds the files of `report`, which lies at `path`, in the tree.
///
/// # Errors
///
/// The reason why it cannot be about this tree.
pub(super) fn placed(workspace: &Workspace, path: &str, report: Report) -> Result<Placed, String> {
    let tree = Tree::new(workspace, path, &report.sources);
    let (all, mut files, mut lost) = (report.files.len(), BTreeMap::<RelPath, Lines>::new(), Vec::new());
    for (name, lines) in report.files {
        match tree.find(&name) {
            Some(found) => {
                check_length(workspace, &found, &lines)?;
                files.entry(found).or_default().unite(&lines);
            }
            None => lost.push(name),
        }
    }
    let first = lost.first().map_or("", String::as_str);
    if lost.len() * 2 > all {
        return Err(format!(
            "is about another tree: {} of its {all} files are not in this one, such as `{first}`",
            lost.len()
        ));
    }
    let note =
        format!("{} of its {all} files are not in the tree and left out, such as `{first}`", lost.len());
    Ok(Placed { files, note: (!lost.is_empty()).then_some(note) })
}

/// A report that measured a line which is not there is about another version.
fn check_length(workspace: &Workspace, path: &RelPath, lines: &Lines) -> Result<(), String> {
    let bytes = workspace.snapshot().get(path).and_then(|file| file.bytes());
    let length = bytes.map_or(0, |bytes| memchr::memchr_iter(b'\n', bytes).count() + 1);
    let last = usize::try_from(lines.last()).unwrap_or(usize::MAX);
    if last <= length {
        return Ok(());
    }
    Err(format!("is about another version of `{path}`: it measures line {last}, and the file has {length}"))
}

/// The Python files of the tree, and the folders to which a path may be
/// relative.
struct Tree<'a> {
    workspace: &'a Workspace,
    root: Option<String>,
    folders: Vec<RelPath>,
    by_name: BTreeMap<&'a str, Vec<&'a RelPath>>,
}

impl<'a> Tree<'a> {
    fn new(workspace: &'a Workspace, report: &str, sources: &[String]) -> Self {
        let root = workspace.snapshot().root().and_then(Path::to_str).map(slashed);
        let mut by_name: BTreeMap<&str, Vec<&RelPath>> = BTreeMap::new();
        for (path, _) in workspace.snapshot().python_files() {
            by_name.entry(path.file_name()).or_default().push(path);
        }
        let beside = RelPath::new(report).ok().and_then(|report| report.parent());
        let mut tree = Self { workspace, root, folders: Vec::new(), by_name };
        let sources = sources.iter().filter_map(|source| tree.below_root(&slashed(source)));
        let folders: Vec<RelPath> = sources.chain(beside).chain([RelPath::root()]).collect();
        tree.folders = folders;
        tree
    }

    /// A path below the root: relative as it is, absolute without the root.
    fn below_root(&self, path: &str) -> Option<RelPath> {
        if !is_absolute(path) {
            return RelPath::new(path).ok();
        }
        let rest = path.strip_prefix(self.root.as_deref()?)?;
        RelPath::new(rest.strip_prefix('/').or_else(|| rest.is_empty().then_some(""))?).ok()
    }

    /// The file that a report calls `name`: in one of the folders, or the only
    /// one whose path ends like it.
    fn find(&self, name: &str) -> Option<RelPath> {
        let name = slashed(name);
        let is_there = |path: &RelPath| self.workspace.snapshot().get(path).is_some();
        let direct = match is_absolute(&name) {
            true => self.below_root(&name).filter(is_there),
            false => self.folders.iter().filter_map(|folder| folder.join(&name).ok()).find(is_there),
        };
        direct.or_else(|| self.alike(&name))
    }

    /// The one file whose path ends with `name`, or with which an absolute
    /// `name` ends, as in a checkout on another machine.
    fn alike(&self, name: &str) -> Option<RelPath> {
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let fits = |path: &&&RelPath| {
            let (own, pairs) = (path.components().count(), path.components().rev().zip(parts.iter().rev()));
            let common = pairs.take_while(|(a, b)| a == *b).count();
            // Two components at least, or every `setup.py` would be ours.
            common == parts.len() || (common == own && common > 1)
        };
        let mut found = self.by_name.get(parts.last()?)?.iter().filter(fits);
        let first = found.next()?;
        found.next().is_none().then(|| (*first).clone())
    }
}

fn slashed(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).trim_end_matches('/').to_owned()
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':')
}
