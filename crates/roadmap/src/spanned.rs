//! A value and the place in the file where it stands.

use std::ops::Range;

/// A value with its range in the roadmap file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its byte range in the file, half-open; of a string, the quotes
    /// included. `None` when no file says it: a default, or `--set`.
    pub span: Option<Range<usize>>,
}

impl<T> Spanned<T> {
    /// A value that stands at `span`.
    pub fn new(value: T, span: Option<Range<usize>>) -> Self {
        Self { value, span }
    }

    /// A value that no file says.
    pub fn unwritten(value: T) -> Self {
        Self { value, span: None }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}
