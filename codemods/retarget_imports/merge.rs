//! Duplicates: a rewritten import that says what another one says already.

use repot_change::Span;
use repot_python::{Definition, Definitions, FromNames, ImportKind, ImportStmt};
use repot_refer::NewImport;

use super::ruling::Ruling;

/// A name that a statement at module level binds without condition.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    module: String,
    name: String,
    alias: String,
    at: usize,
}

/// For each ruling, whether the name it brings is there already: bound to the
/// same import by a statement further up, and bound by nothing but imports in
/// the whole module. Both stand at module level without condition, and the
/// statement has its lines for itself, so that it can go without a trace.
pub fn repeated(
    imports: &[ImportStmt],
    rulings: &[Ruling],
    definitions: &Definitions,
    alone: impl Fn(Span) -> bool,
) -> Vec<bool> {
    let mut bound: Vec<Bound> =
        imports.iter().enumerate().flat_map(|(at, statement)| untouched(at, statement, rulings)).collect();
    let mut repeated = Vec::with_capacity(rulings.len());
    for ruling in rulings {
        let is_repeated = match (imports.get(ruling.statement), brought(imports, ruling)) {
            (Some(statement), Some(brought)) if statement.is_unconditional() => {
                let same = |other: &Bound| other.at < brought.at && other.alias == brought.alias;
                let latest = bound.iter().filter(|other| same(other)).max_by_key(|other| other.at);
                let is_same =
                    latest.is_some_and(|other| other.module == brought.module && other.name == brought.name);
                let is_stable = is_only_imported(definitions, &brought.alias);
                bound.push(brought);
                is_same && is_stable && alone(statement.span)
            }
            _ => false,
        };
        repeated.push(is_repeated);
    }
    repeated
}

fn is_only_imported(definitions: &Definitions, name: &str) -> bool {
    definitions.names.get(name).is_some_and(|bindings| bindings.iter().all(Definition::is_import))
}

/// What the ruling's statement binds once it is rewritten.
fn brought(imports: &[ImportStmt], ruling: &Ruling) -> Option<Bound> {
    let ImportKind::From(from) = &imports.get(ruling.statement)?.kind else { return None };
    let FromNames::Names { names, .. } = &from.names else { return None };
    let Some(NewImport::From { module, name }) = &ruling.new else { return None };
    let alias = names.get(ruling.item)?.bound().to_owned();
    Some(Bound { module: module.clone(), name: name.clone(), alias, at: ruling.statement })
}

/// What a statement binds that no ruling touches.
fn untouched(at: usize, statement: &ImportStmt, rulings: &[Ruling]) -> Vec<Bound> {
    let ImportKind::From(from) = &statement.kind else { return Vec::new() };
    let FromNames::Names { names, .. } = &from.names else { return Vec::new() };
    let touched = rulings.iter().any(|ruling| ruling.statement == at);
    if touched || !statement.is_unconditional() {
        return Vec::new();
    }
    let dotted = from.dotted();
    let module = format!("{}{dotted}", ".".repeat(from.level));
    let bind = |name: &repot_python::ImportedName| Bound {
        module: module.clone(),
        name: name.name.text.clone(),
        alias: name.bound().to_owned(),
        at,
    };
    names.iter().map(bind).collect()
}
