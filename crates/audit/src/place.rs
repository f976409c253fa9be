//! Where a finding stands: from byte offsets to lines and columns.

use std::ops::Range;

use repot_change::{RelPath, Span, line_at, position};
use repot_workspace::Workspace;

use crate::Finding;

/// Where a roadmap may stand.
const ROADMAPS: [&str; 2] = ["repot.toml", "pyproject.toml"];

/// The roadmap of the tree, and the line of `span` in it; `None` where the
/// snapshot has none.
pub(crate) fn in_roadmap(workspace: &Workspace, span: Option<&Range<usize>>) -> Option<(RelPath, usize)> {
    let present = |name: &&str| {
        let path = RelPath::new(name).ok()?;
        let bytes = workspace.snapshot().get(&path)?.bytes()?.clone();
        Some((path, bytes))
    };
    let (path, bytes) = ROADMAPS.iter().find_map(present)?;
    let line = span.map_or(1, |span| line_at(&bytes, span.start));
    Some((path, line))
}

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
        Self { rule, path: path.clone(), line, column, end, subject: message.clone(), message, hint }
    }

    /// A finding about the whole of a line, counted from 1.
    pub(crate) fn on_line(
        rule: &'static str,
        path: &RelPath,
        line: usize,
        message: String,
        hint: Option<String>,
    ) -> Self {
        Self { rule, path: path.clone(), line, column: 1, end: None, subject: message.clone(), message, hint }
    }
}
