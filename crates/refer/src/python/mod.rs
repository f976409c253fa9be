//! References in Python source.

mod imports;
mod names;
mod uses;

use repot_change::{Applicability, Class, Edit, Span};
use repot_python::{ImportStmt, SourceFile};
use repot_workspace::ModuleId;

use crate::relocation::Relocation;
use crate::statement::rewrite_statement;
use crate::{Fate, Follow, NewImport, Renames, Unhandled};

use imports::Imports;
use names::Importer;
use uses::Uses;

/// What follows in one Python file.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    /// Edits of import statements, whose bytes may be more than a name.
    pub(crate) statements: Vec<Edit>,
    /// What the statements import afterwards, name by name.
    pub(crate) imported: Vec<Follow>,
    /// Everything else that follows.
    pub(crate) places: Vec<Follow>,
    /// What does not.
    pub(crate) unhandled: Vec<Unhandled>,
}

/// Follows the references of one module.
pub(crate) fn follow(
    relocation: &Relocation<'_>,
    _renames: &Renames<'_>,
    id: ModuleId,
    source: &SourceFile,
) -> Followed {
    let importer = Importer::new(relocation, id);
    let mut imports = Imports::of(&importer, source.imports());
    let uses = Uses::follow(&importer, source, &mut imports);
    let mut followed = Followed { unhandled: imports.unhandled, ..Followed::default() };
    followed.unhandled.extend(uses.unhandled);
    for (index, fates) in &imports.fates {
        let Some(statement) = source.imports().get(*index) else { continue };
        if !fates.is_empty() && is_in_conflict(source, statement) {
            followed.unhandled.push(broken(statement));
            continue;
        }
        followed.statements.extend(rewrite_statement(source.bytes(), statement, fates));
        followed.imported.extend(fates.iter().filter_map(|(item, fate)| imported(statement, *item, fate)));
    }
    for (index, added) in &uses.before {
        let Some(statement) = source.imports().get(*index) else { continue };
        followed.statements.push(uses::put_before(source.bytes(), statement.span, added));
    }
    let used = |(span, old, new): (Span, String, String)| Follow {
        span,
        new,
        class: Class::Imports,
        applicability: Applicability::Certain,
        subject: old,
        rule: "a use of the import".to_owned(),
    };
    followed.places.extend(uses.edits.into_iter().map(used));
    followed
}

/// Whether a statement stands between the markers of an unresolved merge, where
/// neither side is known to be meant. Elsewhere a statement that reads as one
/// may be edited even in a file that does not parse.
fn is_in_conflict(source: &SourceFile, statement: &ImportStmt) -> bool {
    memchr::memmem::find(source.bytes(), b"<<<<<<< ").is_some() && source.is_broken(statement.span)
}

fn broken(statement: &ImportStmt) -> Unhandled {
    Unhandled {
        span: statement.span,
        class: Class::Imports,
        subject: "an import".to_owned(),
        reason: "it stands in an unresolved merge conflict".to_owned(),
    }
}

/// What one name of a statement becomes, for people.
fn imported(statement: &ImportStmt, item: usize, fate: &Fate) -> Option<Follow> {
    let Fate::Goes { new, .. } = fate else { return None };
    let name = statement.items().get(item);
    let module = match &statement.kind {
        repot_python::ImportKind::From(from) => Some(from.written()),
        repot_python::ImportKind::Import(_) => None,
    };
    let name_text = name.map_or("*", |name| name.name.text.as_str());
    let subject = module.map_or_else(|| name_text.to_owned(), |module| format!("{module}:{name_text}"));
    let new = match new {
        NewImport::From { module, name } => format!("{module}:{name}"),
        NewImport::Import { module } => module.clone(),
    };
    Some(Follow {
        span: name.map_or(statement.span, |name| name.name.span),
        new,
        class: Class::Imports,
        applicability: Applicability::Certain,
        subject,
        rule: "the import resolves to what moves".to_owned(),
    })
}
