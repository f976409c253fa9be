//! The head of a file that is there: imports, `__all__`, and the paragraphs of
//! its docstring that list packages.

use std::collections::BTreeSet;

use repot_change::{Edit, Span};
use repot_python::{ImportKind, ImportStmt, SourceFile};

use super::docstring::paragraph_lines;
use super::module::Module;
use crate::header::{Import, exports, imports};

/// The edit that brings the imports of `file` up to date, which reads as
/// `after` without it and is called `own`: what is new is added, what nobody uses any longer goes.
/// The block is written anew where it holds nothing but imports; else what is
/// new is added behind it.
pub(crate) fn imports_edit(
    file: &SourceFile,
    after: &SourceFile,
    wanted: BTreeSet<Import>,
    own: &str,
) -> Option<Edit> {
    let newline = file.line_ending();
    let unbound: BTreeSet<String> = after.scopes().unbound().into_iter().map(|name| name.text).collect();
    let fresh: BTreeSet<Import> = wanted.into_iter().filter(|one| unbound.contains(one.bound())).collect();
    let gone = unused(file, after);
    if fresh.is_empty() && gone.is_empty() {
        return None;
    }
    let known: Vec<&ImportStmt> = file.imports().iter().filter(|one| one.is_module_level()).collect();
    let Some((first, last)) = known.first().zip(known.last()) else {
        let at = file.docstring_or_future_end();
        let before = if at == 0 { "" } else { "\n" };
        let text = format!("{before}{}\n{}", imports(&fresh, own), gap(&file.bytes()[at..]));
        return Some(Edit::insert(at, text.replace('\n', newline)));
    };
    if let Some(block) = pure(file, &known) {
        let known = known.iter().flat_map(|statement| written(statement));
        let kept = known.filter(|one| !gone.contains(one.bound()) && !is_switch(one));
        let all: BTreeSet<Import> = kept.chain(fresh).collect();
        let text = imports(&all, own).replace('\n', newline);
        return (file.bytes()[block.range()] != *text.as_bytes()).then(|| Edit::replace(block, text));
    }
    let plain = known.iter().rfind(|one| one.is_unconditional());
    let at = file.line_span(plain.map_or(last.span.end.max(first.span.end), |one| one.span.end)).end;
    let text = format!("{}\n", imports(&fresh, own)).replace('\n', newline);
    (!fresh.is_empty()).then(|| Edit::insert(at, text))
}

/// The blank lines that an import block needs before `rest`.
fn gap(rest: &[u8]) -> &'static str {
    let starts = |head: &[u8]| rest.starts_with(head);
    if rest.is_empty() || starts(b"\n") || starts(b"\r") {
        return "";
    }
    let is_tall = [&b"class "[..], b"def ", b"async ", b"@"].iter().any(|head| starts(head));
    if is_tall { "\n\n" } else { "\n" }
}

fn is_switch(import: &Import) -> bool {
    import.module == "typing" && import.bound() == "TYPE_CHECKING"
}

/// The names that `file` imports and uses, and that `after` imports without a
/// use.
fn unused(file: &SourceFile, after: &SourceFile) -> BTreeSet<String> {
    let idle = |file: &SourceFile| -> BTreeSet<String> {
        let scopes = file.scopes();
        let listed = file.definitions().exports.as_deref().unwrap_or_default();
        let all = file.imports().iter().flat_map(|one| one.items().iter().map(move |item| (one, item)));
        let used = |(one, item): &(&ImportStmt, &repot_python::ImportedName)| {
            one.is_future()
                || listed.iter().any(|name| name == item.bound())
                || !scopes.references(one, item).is_empty()
        };
        all.filter(|pair| !used(pair)).map(|(_, item)| item.bound().to_owned()).collect()
    };
    &idle(after) - &idle(file)
}

/// From the first import to the last, where nothing but imports stands between
/// them, and nothing but imports under `TYPE_CHECKING`.
fn pure(file: &SourceFile, own: &[&ImportStmt]) -> Option<Span> {
    let (first, last) = (own.first()?, own.last()?);
    let block = Span::new(first.span.start, last.span.end);
    // A comment behind the last import would come to stand behind another.
    let mut rest = file.bytes().get(block.end..file.line_end(block.end))?.to_vec();
    let mut at = block.start;
    for statement in own {
        rest.extend_from_slice(file.bytes().get(at..statement.span.start)?);
        at = statement.span.end;
        if statement.context.conditional && !statement.context.type_checking {
            return None;
        }
        if statement.items().is_empty() {
            return None;
        }
    }
    let rest: String = String::from_utf8(rest).ok()?.split_whitespace().collect();
    let has_typed = own.iter().any(|one| one.context.type_checking);
    (rest.is_empty() || (has_typed && rest == "ifTYPE_CHECKING:")).then_some(block)
}

/// What a statement imports.
fn written(statement: &ImportStmt) -> Vec<Import> {
    let type_checking = statement.context.type_checking;
    let import = |item: &repot_python::ImportedName| {
        let alias = item.alias.as_ref().map(|alias| alias.text.clone());
        let (module, name) = match &statement.kind {
            ImportKind::Import(_) => (item.name.text.clone(), None),
            ImportKind::From(from) => (from.written(), Some(item.name.text.clone())),
        };
        Import { module, name, alias, type_checking }
    };
    statement.items().iter().map(import).collect()
}

/// The edit that adds to `__all__` what the module exports.
pub(super) fn exports_edit(file: &SourceFile, after: &SourceFile, module: &Module) -> Option<Edit> {
    let definitions = file.definitions();
    let listed = definitions.exports.as_ref()?;
    let binding = definitions.names.get("__all__")?.first()?;
    let span = file.top_statement(binding.span.start)?;
    let there = &after.definitions().names;
    let names = module.drafts.iter().map(|draft| draft.name.as_str());
    let fresh: Vec<&str> = names
        .filter(|name| !name.starts_with('_') && there.contains_key(*name))
        .filter(|name| !listed.iter().any(|one| one == name))
        .collect();
    let text = exports(listed.iter().map(String::as_str).chain(fresh.iter().copied()));
    (!fresh.is_empty()).then(|| Edit::replace(span, text.replace('\n', file.line_ending())))
}

/// The edits that bring the lists of packages in the docstring up to date.
pub(super) fn listed_edits(file: &SourceFile, module: &Module) -> Vec<Edit> {
    let strings = file.strings();
    let Some(docstring) = strings.first().filter(|one| one.is_docstring) else { return Vec::new() };
    let Ok(text) = std::str::from_utf8(docstring.bytes) else { return Vec::new() };
    let mut edits = Vec::new();
    for wanted in module.paragraphs().iter().skip(1) {
        let head: String = wanted.split(' ').take(2).collect::<Vec<_>>().join(" ") + " ";
        let Some(start) = text.find(&format!("\n{head}")).map(|at| at + 1) else { continue };
        let ends = ["\n\n", "\r\n\r\n"].iter().filter_map(|gap| text[start..].find(gap));
        let end = ends.min().map_or(text.trim_end().len(), |at| start + at);
        let known = text.get(start..end.max(start)).unwrap_or_default();
        let lines = paragraph_lines(wanted).join(file.line_ending());
        if known.trim_end() != lines {
            let from = docstring.content.start;
            edits.push(Edit::replace(Span::new(from + start, from + start + known.trim_end().len()), lines));
        }
    }
    edits
}
