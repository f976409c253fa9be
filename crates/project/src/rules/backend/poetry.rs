//! The files that Poetry adds to its packages and leaves out of them:
//! <https://python-poetry.org/docs/pyproject/#exclude-and-include>.

use toml_edit::{Array, Item, Value};

use super::pattern::{Patterns, from_root, is_literal};
use super::{BUILD, Subject, real};
use crate::{Change, Key};

/// What is left out, for hatchling; what is added has to be shipped already.
///
/// # Errors
///
/// What hatchling would ship otherwise.
pub(in crate::rules) fn files(subject: &Subject<'_>) -> Result<Vec<Change>, String> {
    let added = subject.document.get("tool.poetry.include").and_then(Item::as_array);
    let excluded = Patterns::read(subject.document, "tool.poetry.exclude", from_root)?;
    if added.is_some_and(|added| !added.is_empty()) && !excluded.is_empty() {
        return Err("`tool.poetry.include` adds what `tool.poetry.exclude` may leave out".to_owned());
    }
    for value in added.into_iter().flat_map(Array::iter) {
        is_shipped(subject, value)?;
    }
    Ok(excluded.moved(&Key::dotted(BUILD).child("exclude")))
}

/// Whether hatchling ships what is added: a source distribution has every file
/// that git knows, a wheel those of its packages.
fn is_shipped(subject: &Subject<'_>, value: &Value) -> Result<(), String> {
    let table = value.as_inline_table();
    let path =
        table.map_or(Some(value), |table| table.get("path")).and_then(Value::as_str).unwrap_or_default();
    let format = table.and_then(|table| table.get("format")).and_then(Value::as_str);
    let path = path.trim_start_matches("./");
    let is_within = real(subject)
        .iter()
        .any(|tree| path.strip_prefix(tree.path.as_str()).is_some_and(|rest| rest.starts_with('/')));
    // A file that git does not know is one that hatchling passes over.
    let is_there = !is_literal(path) || subject.facts.has_file(path) || subject.facts.has_folder(path);
    match is_there && (is_within || format == Some("sdist")) {
        true => Ok(()),
        false => Err(format!("`tool.poetry.include` ships `{path}`, which is in no package")),
    }
}
