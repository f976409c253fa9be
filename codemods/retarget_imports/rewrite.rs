//! Rewriting: granted rulings become edits of the statements.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Conflict, Edits, Span};
use repot_python::{ImportKind, ImportStmt};
use repot_refer::{Fate, Fates, is_alone, rewrite_statement};
use repot_workspace::Workspace;

use super::ruling::{FileRulings, Ruling};
use super::{merge, uses};

/// Imported names that go: by statement, the items.
pub type Pruned = BTreeMap<usize, BTreeSet<usize>>;

/// The edits that carry out the granted rulings of a file, and by which the
/// names `pruned` go.
///
/// # Errors
///
/// [`Conflict`] when two of them overlap, which would be a fault of this code.
pub fn rewrite(workspace: &Workspace, file: &FileRulings, pruned: &Pruned) -> Result<Edits, Conflict> {
    let entry = workspace.file(file.module);
    let (Some(source), imports) = (entry.bytes(), entry.imports()) else { return Ok(Edits::default()) };
    if pruned.is_empty() && file.rulings.iter().all(|ruling| ruling.new.is_none()) {
        return Ok(Edits::default());
    }
    let alone = |span: Span| is_alone(source, span);
    let repeated = match file.is_broken {
        true => vec![false; file.rulings.len()],
        false => merge::repeated(imports, &file.rulings, entry.definitions(), alone),
    };
    let mut fates = by_statement(&file.rulings, &repeated);
    for (statement, items) in pruned {
        let statement = fates.entry(*statement).or_default();
        for item in items {
            statement.entry(*item).or_insert(Fate::Repeated);
        }
    }
    let mut edits = Vec::new();
    for (index, fates) in fates {
        let Some(statement) = imports.get(index) else { continue };
        edits.extend(rewrite_statement(source, statement, &fates));
    }
    if needs_uses(imports, &file.rulings) {
        edits.extend(uses::follow(&entry.parse(), &file.rulings));
    }
    Edits::new(edits)
}

fn by_statement(rulings: &[Ruling], repeated: &[bool]) -> BTreeMap<usize, Fates> {
    let mut statements: BTreeMap<usize, Fates> = BTreeMap::new();
    for (ruling, is_repeated) in rulings.iter().zip(repeated) {
        let Some(new) = &ruling.new else { continue };
        let fate = match is_repeated {
            true => Fate::Repeated,
            false => Fate::Goes { new: new.clone(), alias: ruling.alias.clone() },
        };
        statements.entry(ruling.statement).or_default().insert(ruling.item, fate);
    }
    statements
}

fn needs_uses(imports: &[ImportStmt], rulings: &[Ruling]) -> bool {
    let is_plain = |ruling: &&Ruling| {
        matches!(imports.get(ruling.statement).map(|found| &found.kind), Some(ImportKind::Import(_)))
    };
    rulings.iter().filter(is_plain).any(|ruling| ruling.new.is_some())
}
