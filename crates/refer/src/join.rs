//! Joining: one module behind another, with their imports at one place.

use std::sync::Arc;

use repot_change::{Edit, RelPath, Span};
use repot_python::{ImportKind, ImportStmt, ImportedName, SourceFile};
use repot_workspace::{ModuleId, Place, Target};

use crate::layout::Seat;
use crate::relocation::Relocation;
use crate::symbol::{added_imports, with_line_ends};

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
        let is_own = |item: &ImportedName| {
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

/// The edits of the file `there` by which it gets what `incoming` holds: its
/// imports behind those that are there, as long as nothing runs in between, and
/// everything else at the end; `names` are those that it exports.
pub(crate) fn unite(there: &[u8], incoming: &[u8], names: &[String]) -> Vec<Edit> {
    let target = SourceFile::parse(Arc::from(there));
    let incoming = incoming.strip_prefix(b"\xef\xbb\xbf").unwrap_or(incoming);
    let source = SourceFile::parse(Arc::from(incoming));
    let is_fresh = there.trim_ascii().is_empty();
    let hoists = !is_fresh && runs_nothing(&target);
    let (lines, taken) = if hoists { head(&target, &source) } else { Default::default() };
    let mut body = Vec::new();
    let mut from = 0;
    for span in taken {
        body.extend_from_slice(&incoming[from..span.start]);
        from = span.end;
    }
    body.extend_from_slice(&incoming[from..]);
    let mut edits = added_imports(&target, &lines);
    let last = append(there, &body).map(|edit| apart(edit, &target));
    for edit in last.into_iter().chain(exported(&target, names)) {
        match edits.iter_mut().find(|other| other.span.is_empty() && other.span == edit.span) {
            Some(other) => other.new.extend(edit.new),
            None => edits.push(edit),
        }
    }
    edits
}

/// The import lines at the head of `source` that `target` does not have yet, and
/// the whole lines of all of them.
fn head(target: &SourceFile, source: &SourceFile) -> (Vec<String>, Vec<Span>) {
    let known = &target.definitions().names;
    let end = first_code(source);
    let (mut lines, mut taken) = (Vec::new(), Vec::new());
    for statement in source.imports() {
        let is_head = statement.span.end <= end && statement.is_unconditional();
        if !is_head || !is_alone(source, statement) {
            continue;
        }
        let line =
            Span::new(source.line_span(statement.span.start).start, source.line_span(statement.span.end).end);
        let written = || String::from_utf8_lossy(&source.bytes()[line.range()]).trim_end().to_owned();
        let missing: Vec<String> = statement
            .items()
            .iter()
            .filter(|item| !known.contains_key(item.bound()))
            .map(|item| String::from_utf8_lossy(&source.bytes()[item.span.range()]).into_owned())
            .collect();
        taken.push(line);
        match &statement.kind {
            ImportKind::From(from) if missing.len() < statement.items().len() => {
                let names = missing.join(", ");
                lines
                    .extend((!missing.is_empty()).then(|| format!("from {} import {names}", from.written())));
            }
            ImportKind::Import(items) if items.iter().all(|item| has_plain(target, item)) => {}
            _ => lines.push(written()),
        }
    }
    (lines, taken)
}

/// The addition with one blank line more where the module ends in a definition.
fn apart(edit: Edit, target: &SourceFile) -> Edit {
    let newline = target.line_ending().as_bytes();
    let bytes = target.bytes();
    let ends = target.statements().last().is_some_and(|last| defines(&bytes[last.range()]));
    let two = newline.repeat(2);
    if !ends || edit.new.starts_with(&two) || !bytes.ends_with(b"\n") {
        return edit;
    }
    Edit { new: [newline, &edit.new].concat(), ..edit }
}

/// Whether the module says `import` of the same module, under the same name.
fn has_plain(target: &SourceFile, item: &ImportedName) -> bool {
    let is_plain = |one: &&ImportStmt| matches!(one.kind, ImportKind::Import(_)) && one.is_unconditional();
    let plain = target.imports().iter().filter(is_plain).flat_map(ImportStmt::items);
    let is_same = |own: &ImportedName| own.name.text == item.name.text && own.bound() == item.bound();
    plain.into_iter().any(is_same)
}

/// Whether nothing but a comment stands on the lines of a statement beside it.
fn is_alone(source: &SourceFile, statement: &ImportStmt) -> bool {
    let (start, end) = (source.line_start(statement.span.start), source.line_end(statement.span.end));
    let before = source.bytes()[start..statement.span.start].trim_ascii();
    let behind = source.bytes()[statement.span.end..end].trim_ascii_start();
    before.is_empty() && (behind.is_empty() || behind.starts_with(b"#"))
}

/// Where the first statement stands that is neither docstring nor import.
fn first_code(source: &SourceFile) -> usize {
    let is_import = |span: Span| source.imports().iter().any(|one| span.contains(one.span));
    source
        .statements()
        .into_iter()
        .find(|span| !is_import(*span) && !is_text(&source.bytes()[span.range()]))
        .map_or(source.bytes().len(), |span| span.start)
}

/// Whether loading a module runs nothing behind its first import that others
/// could notice: definitions and plain values only.
fn runs_nothing(source: &SourceFile) -> bool {
    let is_import = |span: Span| source.imports().iter().any(|one| span.contains(one.span));
    let is_quiet = |text: &[u8]| defines(text) || is_text(text) || !text.contains(&b'(');
    source.statements().into_iter().all(|span| is_import(span) || is_quiet(&source.bytes()[span.range()]))
}

fn defines(statement: &[u8]) -> bool {
    [&b"def "[..], b"class ", b"@", b"async "].iter().any(|word| statement.starts_with(word))
}

fn is_text(statement: &[u8]) -> bool {
    matches!(statement.first(), Some(b'"' | b'\''))
}

/// The edit by which a module's `__all__` lists `names` as well, sorted; none
/// where it has no such list, or lists them all.
fn exported(target: &SourceFile, names: &[String]) -> Option<Edit> {
    let definitions = target.definitions();
    let [binding] = &definitions.names.get("__all__")?[..] else { return None };
    let known = definitions.exports.as_deref();
    let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
    all.retain(|name| !known.is_some_and(|known| known.iter().any(|one| one == name)));
    if all.is_empty() {
        return None;
    }
    let quoted = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
    let statement = target.top_statement(binding.span.start)?;
    let text = String::from_utf8_lossy(&target.bytes()[statement.range()]).into_owned();
    let newline = target.line_ending();
    let (open, close) = (text.find(['[', '(']), text.rfind([']', ')']));
    let list = open.zip(close).filter(|_| known.is_some() && !text.contains('#') && !text.contains('+'));
    let Some((open, close)) = list else {
        let text = format!("{newline}__all__ += [{}]{newline}", quoted(&all).join(", "));
        return Some(Edit::insert(target.bytes().len(), text));
    };
    all.extend(known.unwrap_or_default().iter().map(String::as_str));
    all.sort_unstable();
    all.dedup();
    let inner = if text.contains('\n') {
        let lines: String = quoted(&all).iter().map(|name| format!("    {name},{newline}")).collect();
        format!("{newline}{lines}")
    } else {
        quoted(&all).join(", ")
    };
    Some(Edit::replace(Span::new(statement.start + open + 1, statement.start + close), inner))
}

/// The edit that puts `incoming` behind `there`; none when it holds nothing.
pub(crate) fn append(there: &[u8], incoming: &[u8]) -> Option<Edit> {
    let body = incoming.trim_ascii();
    if body.is_empty() {
        return None;
    }
    let is_fresh = there.trim_ascii().is_empty();
    let shows = if is_fresh { incoming } else { there };
    let newline: &[u8] = if memchr::memmem::find(shows, b"\r\n").is_some() { b"\r\n" } else { b"\n" };
    let mut text = Vec::new();
    if !is_fresh {
        let is_open = !there.ends_with(b"\n");
        let blank = if defines(body) { 2 } else { 1 };
        text.extend(newline.repeat(blank + usize::from(is_open)));
    }
    text.extend(with_line_ends(body, newline));
    text.extend_from_slice(newline);
    Some(Edit::insert(there.len(), text))
}
