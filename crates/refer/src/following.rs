//! The changes of a relocation, as they are gathered file by file.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{ChangeSet, Class, Content, Edit, Evidence, Note, RelPath, Span, TreeError, edited};

use crate::Meeting;
use crate::files::Files;
use crate::found::Found;
use crate::relocation::Relocation;
use crate::symbol::Planted;

/// The changes of a relocation.
#[derive(Debug, Default)]
pub struct Following {
    /// The changes of each class, all relative to the tree before.
    pub changes: BTreeMap<Class, ChangeSet>,
    /// Names that are taken away on purpose, by the file that binds them now.
    pub retired: BTreeSet<(RelPath, String)>,
    /// Why, place by place.
    pub evidence: Vec<Evidence>,
    /// What deserves a look before anything is done.
    pub notes: Vec<Note>,
    /// How many places were found of each class that was not asked for.
    left_out: BTreeMap<Class, usize>,
}

impl Following {
    /// The beginning, of which only warnings are known.
    pub(crate) fn warned(notes: Vec<Note>) -> Self {
        Self { notes, ..Self::default() }
    }

    /// Files go to their places.
    pub(crate) fn move_files(&mut self, files: &Files) -> Result<(), TreeError> {
        let changes = self.changes.entry(Class::Imports).or_default();
        for (from, to) in &files.moves {
            changes.rename(from.clone(), to.clone())?;
        }
        let joined = files.joins.keys().chain(&files.displaced);
        for gone in files.copies.iter().chain(joined).chain(&files.emptied) {
            changes.delete(gone.clone())?;
        }
        for init in &files.inits {
            changes.create(init.clone(), Content::plain([]))?;
        }
        Ok(())
    }

    /// Symbols get other names in their module.
    pub(crate) fn rename_in_place(&mut self, path: &RelPath, edits: Vec<Edit>) -> Result<(), TreeError> {
        self.changes.entry(Class::Imports).or_default().add_edits(path, edits)
    }

    /// Definitions leave one module and arrive in another.
    pub(crate) fn plant(&mut self, planted: Planted, old: &RelPath) -> Result<(), TreeError> {
        let changes = self.changes.entry(Class::Imports).or_default();
        changes.add_edits(old, planted.old)?;
        match planted.new {
            Ok(new) => changes.add_edits(&planted.target, new),
            Err(content) => changes.create(planted.target, content),
        }
    }

    /// Says what was left out because nobody asked for it.
    pub(crate) fn note_left_out(&mut self) {
        for (class, count) in std::mem::take(&mut self.left_out) {
            let places = if count == 1 { "1 place names" } else { &format!("{count} places name") };
            let message =
                format!("{places} what moves in {0}; `only` with `{0}` lets it follow", class.name());
            self.notes.push(Note { path: None, line: None, message });
        }
    }

    /// What was found in a file becomes edits and evidence.
    pub(crate) fn add(
        &mut self,
        relocation: &Relocation<'_>,
        files: &Files,
        found: &Found,
        classes: &BTreeSet<Class>,
    ) -> Result<(), TreeError> {
        if files.copies.contains(&found.path) {
            return Ok(());
        }
        let mut edits: BTreeMap<Class, Vec<Edit>> = BTreeMap::new();
        if classes.contains(&Class::Imports) {
            edits.entry(Class::Imports).or_default().extend(found.followed.statements.iter().cloned());
            self.evidence.extend(found.followed.imported.iter().map(|one| found.followed(one)));
        }
        for one in found.followed.places.iter().filter(|one| !classes.contains(&one.class)) {
            *self.left_out.entry(one.class).or_default() += 1;
        }
        for one in found.followed.places.iter().filter(|one| classes.contains(&one.class)) {
            edits.entry(one.class).or_default().push(Edit::replace(one.span, one.new.as_bytes()));
            self.evidence.push(found.followed(one));
        }
        let left = found.followed.unhandled.iter().filter(|one| classes.contains(&one.class));
        self.evidence.extend(left.map(|one| found.left(one)));
        if let Some(to) = files.joins.get(&found.path) {
            let edits = edits.into_values().flatten().collect();
            return self.join(relocation, &found.path, to, edits);
        }
        for (class, edits) in edits {
            self.changes.entry(class).or_default().add_edits(&found.path, edits)?;
        }
        Ok(())
    }

    /// What is left of a file that is joined to another stands behind it.
    fn join(
        &mut self,
        relocation: &Relocation<'_>,
        from: &RelPath,
        to: &RelPath,
        edits: Vec<Edit>,
    ) -> Result<(), TreeError> {
        let snapshot = relocation.workspace().snapshot();
        let (Some(incoming), Some(there)) = (snapshot.content(from), snapshot.content(to)) else {
            return Ok(());
        };
        let edits = match relocation.union().meetings.get(from) {
            Some(Meeting::Joined { without, exports, behind }) => {
                let mut edits = edits;
                edits.retain(|edit| !without.iter().any(|gone| gone.contains(edit.span)));
                edits.extend(without.iter().map(|gone| Edit::delete(*gone)));
                edits.extend(aliased(relocation, from, without));
                let mut text = edited(from, &incoming.bytes, edits)?;
                text.extend_from_slice(behind.as_bytes());
                crate::join::unite(&there.bytes, &text, exports)
            }
            _ => {
                let incoming = edited(from, &incoming.bytes, edits)?;
                crate::join::append(&there.bytes, &incoming).into_iter().collect()
            }
        };
        self.changes.entry(Class::Imports).or_default().add_edits(to, edits)
    }
}

/// The edits of the file `path`, outside of import statements and of what is left
/// out, by which names that are called otherwise where it goes are so.
fn aliased(relocation: &Relocation<'_>, path: &RelPath, without: &[Span]) -> Vec<Edit> {
    let workspace = relocation.workspace();
    let Some(id) = workspace.modules().at(path) else { return Vec::new() };
    let own = relocation.union().aliases.iter().filter(|((module, _), _)| *module == id);
    let own: Vec<_> = own.map(|((_, old), symbol)| (old, symbol)).collect();
    if own.is_empty() {
        return Vec::new();
    }
    let source = workspace.file(id).parse();
    let scopes = source.scopes();
    let is_apart = |span: &Span| {
        let mut imports = source.imports().iter().map(|statement| statement.span);
        !imports.any(|import| import.contains(*span)) && !without.iter().any(|gone| gone.contains(*span))
    };
    let uses = own.into_iter().flat_map(|(old, symbol)| {
        let spans = scopes.module_uses(old).into_iter().filter(&is_apart);
        spans.map(|span| Edit::replace(span, symbol.new.as_bytes())).collect::<Vec<_>>()
    });
    uses.collect()
}
