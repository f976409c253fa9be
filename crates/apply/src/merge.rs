//! Two changes of one text as one: a three-way merge by lines.
//!
//! Lines are bytes with their line feed, so that line ends and a missing last
//! one are kept as they are. Changes of different lines go together, also of
//! neighbours; whatever would need a guess is refused. Nothing is read here.

use std::ops::{Range, RangeInclusive};

use repot_change::{Edit, Edits, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A stretch of lines that changed: of the base, and of the side it became.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    base: Range<usize>,
    side: Range<usize>,
    /// The lines of the base among which it may stand: where lines that came or
    /// went are like their neighbours, nobody knows which of them they were.
    reach: Range<usize>,
}

/// One of the two texts that the base became.
struct Side<'a> {
    lines: Vec<&'a [u8]>,
    stretches: Vec<Stretch>,
}

/// `base` with what changed on the way to `ours` and to `theirs`.
///
/// # Errors
///
/// The lines of `ours`, counted from 1, that changed and that `theirs` changes
/// as well; none where the texts have no lines to speak of.
pub(crate) fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, Vec<RangeInclusive<usize>>> {
    if [base, ours, theirs].iter().any(|bytes| bytes.contains(&0)) {
        return Err(Vec::new());
    }
    let lines = lines(base);
    let (ours, theirs) = (Side::of(&lines, ours), Side::of(&lines, theirs));
    let collides =
        |stretch: &&Stretch| theirs.stretches.iter().any(|other| collide((&ours, stretch), (&theirs, other)));
    let mut collisions: Vec<_> =
        ours.stretches.iter().filter(collides).map(|stretch| ours.numbers(stretch)).collect();
    collisions.dedup();
    if !collisions.is_empty() {
        return Err(collisions);
    }
    let edits = Edits::new([ours.edits(&lines), theirs.edits(&lines)].concat());
    edits.ok().and_then(|edits| edits.apply(base).ok()).ok_or_else(Vec::new)
}

impl<'a> Side<'a> {
    fn of(base: &[&[u8]], text: &'a [u8]) -> Self {
        let lines = lines(text);
        let mut stretches: Vec<Stretch> = Vec::new();
        for op in capture_diff_slices(Algorithm::Myers, base, &lines) {
            if let DiffOp::Equal { .. } = op {
                continue;
            }
            let (base, side) = (op.old_range(), op.new_range());
            match stretches.last_mut() {
                Some(last) if last.base.end == base.start && last.side.end == side.start => {
                    (last.base.end, last.side.end) = (base.end, side.end);
                }
                _ => stretches.push(Stretch { base, side, reach: 0..0 }),
            }
        }
        for stretch in &mut stretches {
            let (up, down) = match (stretch.base.is_empty(), stretch.side.is_empty()) {
                (true, _) => slides(&lines, &stretch.side),
                (_, true) => slides(base, &stretch.base),
                _ => (0, 0),
            };
            stretch.reach = stretch.base.start.saturating_sub(up)..(stretch.base.end + down).min(base.len());
        }
        Self { lines, stretches }
    }

    fn text(&self, stretch: &Stretch) -> &[&'a [u8]] {
        &self.lines[stretch.side.clone()]
    }

    /// The lines of `stretch`, counted from 1; of lines that are gone, the one
    /// that stands there now.
    fn numbers(&self, stretch: &Stretch) -> RangeInclusive<usize> {
        let first = stretch.side.start.min(self.lines.len().saturating_sub(1)) + 1;
        first..=stretch.side.end.max(first)
    }

    fn edits(&self, base: &[&[u8]]) -> Vec<Edit> {
        let mut offsets = vec![0];
        offsets.extend(base.iter().scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        }));
        let edit = |stretch: &Stretch| {
            let span = Span::new(offsets[stretch.base.start], offsets[stretch.base.end]);
            Edit::replace(span, self.text(stretch).concat())
        };
        self.stretches.iter().map(edit).collect()
    }
}

/// Whether two changes do not go together. The same lines in place of the same
/// others are one change; lines that both sides add, or remove, may be two.
fn collide((ours, a): (&Side<'_>, &Stretch), (theirs, b): (&Side<'_>, &Stretch)) -> bool {
    if a.base == b.base && ours.text(a) == theirs.text(b) && !a.base.is_empty() && !a.side.is_empty() {
        return false;
    }
    let overlap = a.reach.start < b.reach.end && b.reach.start < a.reach.end;
    let touch = a.reach.end == b.reach.start || b.reach.end == a.reach.start;
    overlap || touch && (is_unclear(a, b) || is_unclear(b, a))
}

/// Whether the place of the new lines `insertion` among those of its neighbour
/// `other` would be a guess; where lines only go there is but one place.
fn is_unclear(insertion: &Stretch, other: &Stretch) -> bool {
    insertion.base.is_empty() && !other.side.is_empty()
}

/// By how many lines `stretch` could stand further up and further down in
/// `lines` without a difference.
fn slides(lines: &[&[u8]], stretch: &Range<usize>) -> (usize, usize) {
    let same = |(a, b): &(&&[u8], &&[u8])| a == b;
    let up = lines[..stretch.start].iter().rev().zip(lines[..stretch.end].iter().rev());
    let down = lines[stretch.end..].iter().zip(&lines[stretch.start..]);
    (up.take_while(same).count(), down.take_while(same).count())
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, ours: &str, theirs: &str) -> Result<String, Vec<RangeInclusive<usize>>> {
        let both = merge(base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        let other = merge(base.as_bytes(), theirs.as_bytes(), ours.as_bytes());
        assert_eq!(both.as_ref().ok(), other.as_ref().ok(), "the sides are equal");
        both.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn changes_of_different_lines_go_together_with_their_line_ends() {
        let ok = |base, ours, theirs, both: &str| {
            assert_eq!(merged(base, ours, theirs).as_deref(), Ok(both), "{base:?}");
        };
        ok("a\r\nb\nc", "a\r\nb\nC", "A\nb\nc", "A\nb\nC");
        ok("a\nb\n", "a\nB\n", "A\nb\n", "A\nB\n");
        ok("a\nb\n", "a\nx\nb\n", "b\n", "x\nb\n");
        ok("a\nb\nc\n", "a\nb\nc\nz", "A\nb\nc\n", "A\nb\nc\nz");
        ok("a\n", "a\n", "", "");
        ok("a\n", "a\nb", "", "b");
        ok("", "a", "", "a");
        ok("a\nb\nc\n", "A\nb\nc\n", "A\nb\nC\n", "A\nb\nC\n");
    }

    #[test]
    fn what_would_be_a_guess_is_refused_with_the_lines() {
        let refused = |base, ours, theirs, lines: &[RangeInclusive<usize>]| {
            assert_eq!(merged(base, ours, theirs), Err(lines.to_vec()), "{base:?}");
        };
        refused("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", &[2..=2]);
        refused("a\nb\nc\nd\n", "x\ny\nb\nc\n", "A\nb\nc\nD\n", &[1..=2, 4..=4]);
        refused("a\nb\n", "a\n1\nb\n", "a\n2\nb\n", &[2..=2]);
        refused("a\nb\n", "a\nx\nb\n", "A\nb\n", &[2..=2]);
        refused("a\n", "a\nz", "a", &[2..=2]);
        refused("a\nb\n", "a\nB", "a\n", &[2..=2]);
        refused("a\nb\n", "", "A\nb\n", &[1..=1]);
        refused("a\nb\n", "a\nx\nb\n", "a\nb\nc\nb\n", &[2..=2]);
        refused("a\nb", "a\nb\nc", "a\nB", &[2..=3]);
        refused("a\na\n", "a\nA\n", "a\n", &[2..=2]);
        refused("a\0", "a\0\nb", "a\0", &[]);
    }
}
