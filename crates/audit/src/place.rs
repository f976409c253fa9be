//! Where a finding stands: from byte offsets to lines and columns.

use repot_change::{RelPath, Span, position};

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
