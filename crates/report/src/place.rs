//! `path:line`, in the form that editors and terminals turn into a link.

use repot_change::{Note, RelPath};

use crate::quote::one_line;
use crate::style::{Role, Style};

/// `path:line`; the workspace root is `.`.
pub(crate) fn place(path: &RelPath, line: Option<usize>, style: Style) -> String {
    let path = if path.is_root() { ".".into() } else { one_line(path.as_str()) };
    let path = style.paint(Role::Strong, path);
    match line {
        None => path,
        Some(line) => format!("{path}{}{line}", style.paint(Role::Range, ":")),
    }
}

/// A note as `path:line: message`, without what it does not have.
pub(crate) fn note(note: &Note, style: Style) -> String {
    let message = one_line(&note.message);
    match &note.path {
        None => message.into_owned(),
        Some(path) => format!("{}: {message}", place(path, note.line, style)),
    }
}
