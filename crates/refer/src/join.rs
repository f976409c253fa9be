//! Joining: one `__init__.py` behind another.

use repot_change::{Edit, RelPath};
use repot_python::{ImportKind, SourceFile};
use repot_workspace::{ModuleId, Place, Target};

use crate::layout::Seat;
use crate::relocation::Relocation;

/// The edits that take out what `id`'s file imports from the file `there`,
/// which it is joined to: the names are its own then.
pub(crate) fn self_imports(
    relocation: &Relocation<'_>,
    id: ModuleId,
    there: &RelPath,
    source: &SourceFile,
) -> Vec<Edit> {
    let workspace = relocation.workspace();
    let module = workspace.modules().get(id);
    let own = workspace.modules().at(there).map(Place::Module);
    let names_own = |kind: &ImportKind| {
        let ImportKind::From(from) = kind else { return false };
        let dotted = from.dotted();
        let Target::Found(place) = workspace.resolve(module, from.level, dotted) else { return false };
        let is_own = |item: &repot_python::ImportedName| {
            item.alias.is_none() && workspace.submodule(&place, &item.name.text).is_none()
        };
        Some(&place) == own.as_ref() && kind.items().iter().all(is_own)
    };
    let gone = source.imports().iter().filter(|statement| names_own(&statement.kind));
    gone.map(|statement| {
        let seat = Seat::of(source.bytes(), statement.span);
        Edit::delete(seat.lines.unwrap_or(statement.span))
    })
    .collect()
}

/// The edit that puts `incoming` behind `there`; none when it holds nothing.
pub(crate) fn append(there: &[u8], incoming: &[u8]) -> Option<Edit> {
    let body = incoming.strip_prefix(b"\xef\xbb\xbf").unwrap_or(incoming).trim_ascii();
    if body.is_empty() {
        return None;
    }
    let newline: &[u8] = if memchr::memmem::find(there, b"\r\n").is_some() { b"\r\n" } else { b"\n" };
    let mut text = Vec::new();
    if !there.trim_ascii().is_empty() {
        if !there.ends_with(b"\n") {
            text.extend_from_slice(newline);
        }
        text.extend_from_slice(newline);
    }
    text.extend_from_slice(body);
    text.extend_from_slice(newline);
    Some(Edit::insert(there.len(), text))
}
