//! Changes of paths, seen as files before and after.
//!
//! The transaction thinks in paths, a person in files: a path that goes and one
//! that comes are one moved file. Nothing is read or written here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use repot_change::{Content, FileDelta, RelPath};

use crate::FileState;
use crate::verify::Change;

/// Every file of `changes` before and after, sorted by the path after.
pub(crate) fn deltas(changes: &[Change]) -> Vec<FileDelta> {
    let sources = sources(changes);
    let left: HashSet<_> = sources.values().map(|source| &source.entry.path).collect();
    let mut deltas = Vec::new();
    for change in changes {
        let source = sources.get(&change.entry.path).copied().or_else(|| {
            let stays = !left.contains(&change.entry.path);
            stays.then_some(change)
        });
        let delta = FileDelta { old: source.and_then(before), new: after(change) };
        if delta.path().is_some() {
            deltas.push(delta);
        }
    }
    deltas.sort_by(|a, b| a.path().cmp(&b.path()));
    deltas
}

/// For each path that a moved file comes to, the change of the path it leaves.
/// A file that is named as the source of several paths moves to the first.
fn sources(changes: &[Change]) -> HashMap<&RelPath, &Change> {
    let by_path: HashMap<_, _> = changes.iter().map(|change| (&change.entry.path, change)).collect();
    let mut taken = HashSet::new();
    let mut sources = HashMap::new();
    for change in changes.iter().filter(|change| change.new.is_some()) {
        let source = change.entry.moved_from.as_ref().and_then(|path| by_path.get(path));
        if let Some(source) = source.filter(|source| source.old.is_some() && taken.insert(&source.entry.path))
        {
            sources.insert(&change.entry.path, *source);
        }
    }
    sources
}

fn before(change: &Change) -> Option<(RelPath, Content)> {
    side(&change.entry.path, change.old.as_deref().map(Arc::from), change.entry.before)
}

fn after(change: &Change) -> Option<(RelPath, Content)> {
    side(&change.entry.path, change.new.clone(), change.entry.after)
}

fn side(path: &RelPath, bytes: Option<Arc<[u8]>>, state: Option<FileState>) -> Option<(RelPath, Content)> {
    Some((path.clone(), Content { bytes: bytes?, executable: state?.executable() }))
}
