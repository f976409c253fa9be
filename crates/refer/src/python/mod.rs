//! References in Python source.

mod imports;
mod names;
mod prose;
mod strings;
mod uses;

use repot_change::{Applicability, Class, Edit, Span};
use repot_python::{ImportStmt, ImportedName, SourceFile};
use repot_workspace::{Module, ModuleId};

use crate::relocation::{Relocation, Spot};
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
    renames: &Renames<'_>,
    id: ModuleId,
    source: &SourceFile,
    has_shim: bool,
) -> Followed {
    let module = relocation.workspace().modules().get(id);
    let mut followed = follow_from(&Importer::new(relocation, id), source);
    followed.add_text(relocation, renames, module, source);
    followed.places.extend(strings::listed(relocation, id, source, has_shim));
    followed
}

/// Follows the references of code that is no module, such as a notebook's.
pub(crate) fn follow_loose(
    relocation: &Relocation<'_>,
    renames: &Renames<'_>,
    module: &Module,
    source: &SourceFile,
) -> Followed {
    let mut followed = follow_from(&Importer::loose(relocation, module), source);
    followed.add_text(relocation, renames, module, source);
    followed
}

impl Followed {
    /// Adds what follows among the strings and in prose; where a string is also a use of an
    /// import, the use says what becomes of it.
    fn add_text(
        &mut self,
        relocation: &Relocation<'_>,
        renames: &Renames<'_>,
        importer: &Module,
        source: &SourceFile,
    ) {
        let (strings, left) = strings::follow(relocation.workspace(), renames, importer, source);
        let is_use = |one: &Follow| self.places.iter().any(|place| place.span.overlaps(one.span));
        let fresh: Vec<Follow> = strings.into_iter().filter(|one| !is_use(one)).collect();
        self.places.extend(fresh);
        self.unhandled.extend(left);
        let (prose, left) = prose::follow(renames, &importer.folder(), source);
        self.places.extend(prose);
        self.unhandled.extend(left);
    }
}

/// The edits of a module's code when it stands in the module at `to`.
pub(crate) fn transplanted_edits(
    relocation: &Relocation<'_>,
    renames: &Renames<'_>,
    id: ModuleId,
    to: &Spot,
    source: &SourceFile,
) -> Vec<Edit> {
    let mut followed = follow_from(&Importer::transplanted(relocation, id, to), source);
    followed.add_text(relocation, renames, relocation.workspace().modules().get(id), source);
    let places = followed.places.into_iter().map(|one| Edit::replace(one.span, one.new));
    followed.statements.into_iter().chain(places).collect()
}

/// The import of one name of a statement of `id`, as the module at `to` writes
/// it.
pub(crate) fn transplanted_import(
    relocation: &Relocation<'_>,
    id: ModuleId,
    to: &Spot,
    statement: &ImportStmt,
    item: &ImportedName,
) -> Option<String> {
    let importer = Importer::transplanted(relocation, id, to);
    let all = std::slice::from_ref(statement);
    let imports = Imports::of(&importer, all);
    let place = statement.items().iter().position(|other| other == item)?;
    let fate = imports.fates.get(&0).and_then(|fates| fates.get(&place));
    let alias = item.alias.as_ref().map(|alias| alias.text.as_str());
    let (text, name) = match (fate, &statement.kind) {
        (Some(Fate::Goes { new: NewImport::From { module, name }, .. }), _) => {
            (format!("from {module} import {name}"), name.clone())
        }
        (Some(Fate::Goes { new: NewImport::Import { module }, .. }), _) => {
            (format!("import {module}"), module.clone())
        }
        (_, repot_python::ImportKind::From(from)) => {
            (format!("from {} import {}", from.written(), item.name.text), item.name.text.clone())
        }
        (_, repot_python::ImportKind::Import(_)) => {
            (format!("import {}", item.name.text), item.name.text.clone())
        }
    };
    let is_from = matches!(statement.kind, repot_python::ImportKind::From(_));
    let bound = alias.or_else(|| (is_from && name != item.bound()).then_some(item.bound()));
    Some(bound.map_or_else(|| text.clone(), |bound| format!("{text} as {bound}")))
}

fn follow_from(importer: &Importer<'_>, source: &SourceFile) -> Followed {
    let mut imports = Imports::of(importer, source.imports());
    let uses = Uses::follow(importer, source, &mut imports);
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
    for (index, added) in imports.before.iter().chain(&uses.before) {
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
