//! What later operations did to the files that an earlier one left.
//!
//! Only what the records say: whether anybody else worked on a file in between
//! shows in hashes that do not follow each other. Nothing is read.

use std::collections::HashMap;

use repot_change::{ContentHash, RelPath};

use crate::record::Record;
use crate::{FileState, JournalEntry, OperationId};

/// What an operation did at one path.
pub(crate) type Deed<'a> = (OperationId, &'a JournalEntry);

/// The operations after one, by the paths that they changed.
#[derive(Debug)]
pub(crate) struct Later<'a> {
    /// By path, in the order of time.
    deeds: HashMap<&'a RelPath, Vec<Deed<'a>>>,
    /// By the path that a file left, in the order of time.
    moves: HashMap<&'a RelPath, Vec<Deed<'a>>>,
}

impl<'a> Later<'a> {
    /// The operations of `records` after operation `id`.
    pub(crate) fn than(id: OperationId, records: &'a [Record]) -> Self {
        let (mut deeds, mut moves) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for record in records.iter().filter(|record| record.id > id) {
            for entry in &record.files {
                deeds.entry(&entry.path).or_default().push((record.id, entry));
                if let Some(source) = entry.moved_from.as_ref().filter(|_| entry.after.is_some()) {
                    moves.entry(source).or_default().push((record.id, entry));
                }
            }
        }
        Self { deeds, moves }
    }

    /// What was done at `path`, in the order of time.
    pub(crate) fn deeds(&self, path: &RelPath) -> &[Deed<'a>] {
        self.deeds.get(path).map_or(&[], Vec::as_slice)
    }

    /// Where the file that stood at `path` was moved in the end, and by which
    /// operation; `None` when it stayed or came back.
    pub(crate) fn moved_on(&self, path: &'a RelPath) -> Option<(&'a RelPath, OperationId)> {
        let mut place = path;
        let mut last = None;
        while let Some((id, entry)) = self.next_move(place, last) {
            (place, last) = (&entry.path, Some(id));
        }
        last.filter(|_| place != path).map(|id| (place, id))
    }

    fn next_move(&self, place: &RelPath, last: Option<OperationId>) -> Option<Deed<'a>> {
        let moves = self.moves.get(place)?;
        moves.iter().copied().find(|(id, _)| last.is_none_or(|last| *id > last))
    }

    /// The operation that changed what was left at `path`: the first after which
    /// it was never again as it was left. `None` where somebody else came first.
    pub(crate) fn changed_by(&self, path: &RelPath, left: Option<FileState>) -> Option<OperationId> {
        let (mut state, mut by) = (identity(left), None);
        for (id, entry) in self.deeds(path) {
            if identity(entry.before) != state {
                break;
            }
            state = identity(entry.after);
            by = if state == identity(left) { None } else { by.or(Some(*id)) };
        }
        by
    }
}

/// What of a file an undo looks at.
fn identity(state: Option<FileState>) -> Option<(ContentHash, bool)> {
    state.map(|state| (state.hash, state.executable()))
}
