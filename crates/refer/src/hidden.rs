//! Hidden names: a new root that means something else where it would stand gets
//! an alias instead.

use repot_change::Span;
use repot_python::{ImportKind, ImportStmt, Scopes, SourceFile};

/// A name after the module's that nothing in the file binds.
#[must_use]
pub fn free_name(scopes: &Scopes<'_>, module: &str) -> String {
    let mut name = format!("{}_module", module.replace('.', "_"));
    while scopes.binds_anywhere(&name) {
        name.push('_');
    }
    name
}

/// Whether the binding at `span` is a plain import of the same root, with which
/// the new import agrees.
#[must_use]
pub fn binds_same_root(source: &SourceFile, root: &str, span: Span) -> bool {
    let holds = |statement: &&ImportStmt| statement.span.contains(span);
    source.imports().iter().filter(holds).any(|statement| match &statement.kind {
        ImportKind::Import(items) => items.iter().any(|item| item.alias.is_none() && item.bound() == root),
        ImportKind::From(_) => false,
    })
}
