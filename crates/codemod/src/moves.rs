//! Moves: where each file came from, over any number of steps.

use std::collections::BTreeMap;

use repot_change::{ChangeSet, FileChange, RelPath};

/// Where each moved file came from, over any number of steps.
#[derive(Debug, Clone, Default)]
pub struct Moves(BTreeMap<RelPath, RelPath>);

impl Moves {
    /// Adds the moves of one change set.
    pub fn follow(&mut self, changes: &ChangeSet) {
        let mut step: Vec<(RelPath, RelPath)> = Vec::new();
        for (path, change) in changes.iter() {
            match change {
                FileChange::Move { to, .. } => {
                    step.push((to.clone(), self.0.remove(path).unwrap_or_else(|| path.clone())));
                }
                // What stands here afterwards did not come from elsewhere.
                FileChange::Create(_) | FileChange::Delete => drop(self.0.remove(path)),
                FileChange::Edit(_) => {}
            }
        }
        self.0.extend(step);
        self.0.retain(|to, from| to != from);
    }

    /// Where the file that now stands at `path` came from, if it was moved.
    pub fn source(&self, path: &RelPath) -> Option<&RelPath> {
        self.0.get(path)
    }

    /// The moves: where each file is now, and where it came from.
    pub fn iter(&self) -> impl Iterator<Item = (&RelPath, &RelPath)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use repot_change::Content;

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
            moves.follow(&step);
        }
        assert_eq!(moves.0.into_iter().collect::<Vec<_>>(), [(path("c.py"), path("a.py"))]);
    }

    #[test]
    fn what_takes_the_place_of_a_moved_file_came_from_nowhere() {
        let mut moves = Moves::default();
        let mut step = ChangeSet::new();
        step.rename(path("a.py"), path("b.py")).unwrap();
        step.create(path("a.py"), Content::plain(*b"x")).unwrap();
        moves.follow(&step);
        assert_eq!((moves.source(&path("a.py")), moves.source(&path("b.py"))), (None, Some(&path("a.py"))));
        let mut step = ChangeSet::new();
        step.delete(path("b.py")).unwrap();
        moves.follow(&step);
        assert_eq!(moves.source(&path("b.py")), None);
        let mut step = ChangeSet::new();
        step.rename(path("c.py"), path("d.py")).unwrap();
        moves.follow(&step);
        let mut back = ChangeSet::new();
        back.rename(path("d.py"), path("c.py")).unwrap();
        moves.follow(&back);
        assert_eq!(moves.iter().count(), 0, "there and back is no move");
    }
}
