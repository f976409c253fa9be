//! Edits of one file's bytes, and how they are applied.
//!
//! Bytes, not characters: a file is edited in whatever encoding it is, and what
//! lies outside every edit is copied as it stands.

use thiserror::Error;

/// A half-open range of byte offsets, `start <= end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an `end` before `start` is taken as `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty range at `offset`: the place of an insertion.
    #[must_use]
    pub fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// How many bytes the range holds.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly within this range.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two ranges share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The range as an index of a slice.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// One replacement: the bytes of `span` become `new`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in offsets of the file before any edit.
    pub span: Span,
    /// What stands there afterwards.
    pub new: Vec<u8>,
}

impl Edit {
    /// Replaces `span` by `new`.
    pub fn replace(span: Span, new: impl Into<Vec<u8>>) -> Self {
        Self { span, new: new.into() }
    }

    /// Inserts `new` before the byte at `offset`.
    pub fn insert(offset: usize, new: impl Into<Vec<u8>>) -> Self {
        Self::replace(Span::at(offset), new)
    }

    /// Removes the bytes of `span`.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self::replace(span, Vec::new())
    }
}

/// Two edits that cannot both be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("two edits overlap: bytes {}..{} and bytes {}..{}", .first.span.start, .first.span.end, .second.span.start, .second.span.end)]
pub struct Conflict {
    /// The edit that begins first.
    pub first: Edit,
    /// The edit that runs into it.
    pub second: Edit,
}

/// An edit that names bytes which the file does not have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an edit of bytes {}..{} reaches past the end of a file of {len} bytes", .span.start, .span.end)]
pub struct OutOfBounds {
    /// The offending range.
    pub span: Span,
    /// The file's length in bytes.
    pub len: usize,
}

/// The edits of one file.
///
/// Invariant: sorted by offset and disjoint. Two insertions at one offset are a
/// [`Conflict`], since their order would be a guess.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Sorts `edits`, drops exact repetitions and those that change nothing by
    /// their own shape (an empty insertion), and checks that they are disjoint.
    ///
    /// # Errors
    ///
    /// The first two edits that overlap.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, Conflict> {
        edits.retain(|edit| !(edit.span.is_empty() && edit.new.is_empty()));
        edits.sort_by(|a, b| a.span.cmp(&b.span).then_with(|| a.new.cmp(&b.new)));
        edits.dedup();
        for pair in edits.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            let same_place = first.span.is_empty() && first.span == second.span;
            if second.span.start < first.span.end || same_place {
                return Err(Conflict { first: first.clone(), second: second.clone() });
            }
        }
        Ok(Self(edits))
    }

    /// Whether there is no edit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many edits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The edits, from the front of the file to its end.
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter()
    }

    /// Both collections as one.
    ///
    /// # Errors
    ///
    /// The first two edits that overlap.
    pub fn merge(self, other: Self) -> Result<Self, Conflict> {
        let mut edits = self.0;
        edits.extend(other.0);
        Self::new(edits)
    }

    /// The file after the edits.
    ///
    /// # Errors
    ///
    /// [`OutOfBounds`] when an edit names bytes that `source` does not have.
    pub fn apply(&self, source: &[u8]) -> Result<Vec<u8>, OutOfBounds> {
        let grown: usize = self.0.iter().map(|edit| edit.new.len()).sum();
        let mut result = Vec::with_capacity(source.len() + grown);
        let mut copied = 0;
        for Edit { span, new } in &self.0 {
            let kept = source
                .get(copied..span.start)
                .filter(|_| span.end <= source.len())
                .ok_or(OutOfBounds { span: *span, len: source.len() })?;
            result.extend_from_slice(kept);
            result.extend_from_slice(new);
            copied = span.end;
        }
        result.extend_from_slice(&source[copied..]);
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(start: usize, end: usize, new: &str) -> Edit {
        Edit::replace(Span::new(start, end), new)
    }

    #[test]
    fn neighbours_are_no_conflict() {
        let edits = Edits::new(vec![edit(2, 4, "X"), edit(0, 2, "")]).unwrap();
        assert_eq!(edits.apply(b"abcdef").unwrap(), b"Xef");
    }

    #[test]
    fn an_overlap_is_an_error_that_names_both() {
        let conflict = Edits::new(vec![edit(1, 4, "x"), edit(3, 5, "y")]).unwrap_err();
        assert_eq!(conflict.to_string(), "two edits overlap: bytes 1..4 and bytes 3..5");
        assert!(Edits::new(vec![edit(1, 1, "x"), edit(1, 1, "y")]).is_err());
        assert_eq!(Edits::new(vec![edit(1, 2, "x"), edit(1, 2, "x")]).unwrap().len(), 1);
    }

    #[test]
    fn reaching_past_the_end_is_an_error() {
        let edits = Edits::new(vec![edit(0, 9, "x")]).unwrap();
        assert_eq!(edits.apply(b"abc"), Err(OutOfBounds { span: Span::new(0, 9), len: 3 }));
    }

    proptest! {
        #[test]
        fn bytes_outside_every_edit_stay(
            source in proptest::collection::vec(any::<u8>(), 0..60),
            cuts in proptest::collection::vec((0usize..60, 0usize..8, ".{0,5}"), 0..6),
        ) {
            let edits: Vec<Edit> = cuts
                .into_iter()
                .map(|(start, len, new)| edit(start, start + len, &new))
                .collect();
            let Ok(edits) = Edits::new(edits) else { return Ok(()) };
            match edits.apply(&source) {
                Err(error) => prop_assert!(error.span.end > source.len()),
                Ok(result) => {
                    let (mut old, mut new) = (0, 0);
                    for Edit { span, new: text } in edits.iter() {
                        let kept = span.start - old;
                        prop_assert_eq!(&source[old..span.start], &result[new..new + kept]);
                        prop_assert_eq!(&result[new + kept..new + kept + text.len()], &text[..]);
                        old = span.end;
                        new += kept + text.len();
                    }
                    prop_assert_eq!(&source[old..], &result[new..]);
                }
            }
        }
    }
}
