//! Two texts compared line by line.
//!
//! Lines are bytes with their line feed; nothing is decoded, so that a line
//! differs exactly when a byte of it does.

use std::ops::Range;

use memchr::memchr_iter;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::slide::{Side, settle};

/// One stretch that changed: lines of the old text that became lines of the
/// new. Half-open ranges of line indices, at most one of them empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The lines before.
    pub old: Range<usize>,
    /// The lines after.
    pub new: Range<usize>,
}

/// Two texts as lines, and what changed between them.
#[derive(Debug)]
pub(crate) struct Comparison<'a> {
    /// The lines before, each with its line feed.
    pub old: Vec<&'a [u8]>,
    /// The lines after, each with its line feed.
    pub new: Vec<&'a [u8]>,
    /// What changed, from the front to the end; there is at least one unchanged
    /// line between two changes.
    pub changes: Vec<Change>,
}

impl<'a> Comparison<'a> {
    /// Compares `old` with `new`.
    pub(crate) fn of(old: &'a [u8], new: &'a [u8]) -> Self {
        let (old, new) = (lines(old), lines(new));
        let same = |(a, b): &(&&[u8], &&[u8])| a == b;
        let head = old.iter().zip(&new).take_while(same).count();
        let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
        let middle =
            capture_diff_slices(Algorithm::Myers, &old[head..old.len() - tail], &new[head..new.len() - tail]);
        let changes: Vec<Change> = middle.iter().filter_map(|op| change(op, head)).collect();
        let changes = settled(&old, &new, &changes);
        Self { old, new, changes }
    }

    /// How many lines are added.
    pub(crate) fn added(&self) -> usize {
        self.changes.iter().map(|change| change.new.len()).sum()
    }

    /// How many lines are removed.
    pub(crate) fn removed(&self) -> usize {
        self.changes.iter().map(|change| change.old.len()).sum()
    }

    /// The changes in groups that share their context: between two groups lie
    /// more than `2 * context` unchanged lines.
    pub(crate) fn hunks(&self, context: usize) -> impl Iterator<Item = &[Change]> {
        self.changes.chunk_by(move |a, b| b.old.start - a.old.end <= 2 * context)
    }
}

fn change(op: &DiffOp, head: usize) -> Option<Change> {
    let shift = |range: Range<usize>| range.start + head..range.end + head;
    match op {
        DiffOp::Equal { .. } => None,
        _ => Some(Change { old: shift(op.old_range()), new: shift(op.new_range()) }),
    }
}

/// The same changes, each where it looks best.
fn settled(old: &[&[u8]], new: &[&[u8]], changes: &[Change]) -> Vec<Change> {
    let mut before = Side::new(old, changes.iter().map(|change| change.old.clone()));
    let mut after = Side::new(new, changes.iter().map(|change| change.new.clone()));
    settle(&mut before, &after);
    settle(&mut after, &before);
    let mut settled = Vec::with_capacity(changes.len());
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let change = Change { old: a..a + before.run(a), new: b..b + after.run(b) };
        // What follows a change is one line that both sides have.
        (a, b) = (change.old.end + 1, change.new.end + 1);
        if !(change.old.is_empty() && change.new.is_empty()) {
            settled.push(change);
        }
    }
    settled
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut start = 0;
    let ends = memchr_iter(b'\n', text).map(|feed| feed + 1).chain([text.len()]);
    let line = |end| &text[std::mem::replace(&mut start, end)..end];
    ends.map(line).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_no_change_is_equal(
            old in proptest::collection::vec("[abc]\n|\n", 0..30),
            new in proptest::collection::vec("[abc]\n|\n", 0..30),
        ) {
            let (old, new) = (old.concat(), new.concat());
            let compared = Comparison::of(old.as_bytes(), new.as_bytes());
            let (mut a, mut b) = (0, 0);
            for change in &compared.changes {
                prop_assert_eq!(&compared.old[a..change.old.start], &compared.new[b..change.new.start]);
                prop_assert!(a == 0 || change.old.start > a);
                prop_assert!(!(change.old.is_empty() && change.new.is_empty()));
                (a, b) = (change.old.end, change.new.end);
            }
            prop_assert_eq!(&compared.old[a..], &compared.new[b..]);
        }
    }
}
