//! Where a finding stands: from byte offsets to lines and columns.

use repot_change::{RelPath, Span};

use crate::Finding;

impl Finding {
    /// A finding at the bytes `span` of the file `path` with the bytes `source`.
    pub(crate) fn at(
        rule: &'static str,
        (path, source, span): (&RelPath, &[u8], Span),
        message: String,
        hint: Option<String>,
    ) -> Self {
        let (line, column) = position(source, span.start);
        let end = Some(position(source, span.end));
        Self { rule, path: path.clone(), line, column, end, message, hint }
    }

    /// A finding about the whole of a line, counted from 1.
    pub(crate) fn on_line(
        rule: &'static str,
        path: &RelPath,
        line: usize,
        message: String,
        hint: Option<String>,
    ) -> Self {
        Self { rule, path: path.clone(), line, column: 1, end: None, message, hint }
    }
}

/// The line and the column of `offset`, in characters, both counted from 1.
/// Bytes that are no UTF-8 count one by one.
fn position(source: &[u8], offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let breaks =
        |at: &usize| before[*at] == b'\n' || (before[*at] == b'\r' && source.get(at + 1) != Some(&b'\n'));
    let ends: Vec<usize> = (0..before.len()).filter(breaks).collect();
    let start = ends.last().map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[start..]).trim_start_matches('\u{feff}').chars().count();
    (ends.len() + 1, column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_from_one() {
        assert_eq!(position(b"", 0), (1, 1));
        assert_eq!(position("a\r\nü = x".as_bytes(), 8), (2, 5));
        assert_eq!(position(b"a\rb\rc", 4), (3, 1));
        assert_eq!(position("\u{feff}import a".as_bytes(), 3), (1, 1));
        assert_eq!(position(b"ab", 99), (1, 3));
    }
}
