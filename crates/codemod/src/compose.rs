//! Composition: the steps of a phase as one write of the tree.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Content, ContentHash, FileChange, FileDelta, RelPath, Write};
use repot_workspace::Snapshot;

/// Where each moved file came from, over any number of steps.
#[derive(Debug, Default)]
pub struct Moves(BTreeMap<RelPath, RelPath>);

impl Moves {
    /// Adds the moves of one step.
    pub fn follow<'a>(&mut self, changes: impl Iterator<Item = (&'a RelPath, &'a FileChange)>) {
        let step: Vec<(RelPath, RelPath)> = changes
            .filter_map(|(from, change)| match change {
                FileChange::Move { to, .. } => Some((from.clone(), to.clone())),
                _ => None,
            })
            .collect();
        let origins: Vec<RelPath> =
            step.iter().map(|(from, _)| self.0.remove(from).unwrap_or_else(|| from.clone())).collect();
        self.0.extend(step.into_iter().map(|(_, to)| to).zip(origins));
    }
}

/// The files `touched`, before and after, sorted by the path after; a moved file
/// is one delta, and files that come out as they went in are left out.
pub fn deltas<'a>(
    before: &Snapshot,
    after: &Snapshot,
    touched: impl Iterator<Item = &'a RelPath>,
    moves: &Moves,
) -> Vec<FileDelta> {
    let touched: BTreeSet<&RelPath> = touched.collect();
    let moved = moves.0.iter().filter(|(to, _)| after.get(to).is_some());
    let left: BTreeSet<&RelPath> = moved.map(|(_, from)| from).collect();
    let mut deltas = Vec::new();
    for path in touched {
        let new = after.content(path);
        let origin = if new.is_some() { moves.0.get(path) } else { None };
        let from = origin.or_else(|| (!left.contains(path)).then_some(path));
        let old = from.and_then(|from| Some((from.clone(), before.content(from)?)));
        let delta = FileDelta { old, new: new.map(|new| (path.clone(), new)) };
        if delta.old != delta.new {
            deltas.push(delta);
        }
    }
    deltas
}

/// What turns the files `touched` of `before` into those of `after`, sorted by
/// path; files that come out as they went in are left out.
pub fn writes<'a>(
    before: &Snapshot,
    after: &Snapshot,
    touched: impl Iterator<Item = &'a RelPath>,
    moves: &Moves,
) -> Vec<Write> {
    let mut writes = BTreeMap::new();
    for path in touched {
        let (old, new) = (before.content(path), after.content(path));
        if old != new {
            writes.insert(path.clone(), write(path, old.as_ref(), new, moves));
        }
    }
    writes.into_values().collect()
}

fn write(path: &RelPath, old: Option<&Content>, new: Option<Content>, moves: &Moves) -> Write {
    let expect = old.map(|content| ContentHash::of(&content.bytes));
    let moved_from = new.as_ref().and_then(|_| moves.0.get(path)).cloned();
    Write { path: path.clone(), expect, content: new, moved_from }
}

#[cfg(test)]
mod tests {
    use repot_change::{ChangeSet, Edit, Edits};

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn a_file_moved_twice_came_from_the_first_place() {
        let mut moves = Moves::default();
        for (from, to) in [("a.py", "b.py"), ("b.py", "c.py")] {
            let mut step = ChangeSet::new();
            step.rename(path(from), path(to)).unwrap();
            moves.follow(step.iter());
        }
        assert_eq!(moves.0.into_iter().collect::<Vec<_>>(), [(path("c.py"), path("a.py"))]);
    }

    #[test]
    fn a_moved_file_is_one_delta() {
        let before = Snapshot::from_files([(path("a.py"), b"x".to_vec()), (path("b.py"), b"y".to_vec())]);
        let mut step = ChangeSet::new();
        step.rename(path("a.py"), path("c.py")).unwrap();
        step.rename(path("b.py"), path("a.py")).unwrap();
        let mut moves = Moves::default();
        moves.follow(step.iter());
        let after = before.with(&step).unwrap();
        let touched = [path("a.py"), path("b.py"), path("c.py")];
        let names = |delta: &FileDelta| {
            let name = |side: &Option<(RelPath, Content)>| side.as_ref().map(|(path, _)| path.to_string());
            (name(&delta.old), name(&delta.new))
        };
        let some = |text: &str| Some(text.to_owned());
        let found: Vec<_> = deltas(&before, &after, touched.iter(), &moves).iter().map(names).collect();
        assert_eq!(found, [(some("b.py"), some("a.py")), (some("a.py"), some("c.py"))]);
    }

    #[test]
    fn what_is_undone_within_a_phase_is_not_written() {
        let before = Snapshot::from_files([(path("a.py"), b"x".to_vec()), (path("b.py"), b"y".to_vec())]);
        let mut step = ChangeSet::new();
        step.edit(path("b.py"), Edits::new(vec![Edit::insert(0, "#")]).unwrap()).unwrap();
        let after = before.with(&step).unwrap();
        let touched = [path("a.py"), path("b.py")];
        let writes = writes(&before, &after, touched.iter(), &Moves::default());
        assert_eq!(writes.len(), 1);
        assert_eq!(writes[0].expect, Some(ContentHash::of(b"y")));
    }
}
