//! The engine: a relocation becomes changes, class by class, with the evidence
//! of each.
//!
//! Bytes come first: a file in which no moved name occurs is not looked at any
//! closer. Statements come second, trees only where a name has to be followed
//! through a scope or stands in a string.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use repot_change::{
    ChangeSet, Class, Content, Edit, Edits, Evidence, Note, Outcome, RelPath, Span, TreeError, line_at,
};
use repot_workspace::ModuleId;
use thiserror::Error;

use crate::files::Files;
use crate::python::{self, Followed};
use crate::refused::Refused;
use crate::relocation::Relocation;
use crate::symbol::{Planted, transplants};
use crate::{Follow, Renames, Unhandled};

/// Why a relocation has no changes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EngineError {
    /// A move cannot be made.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The changes do not go together.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The changes of a relocation.
#[derive(Debug, Default)]
pub struct Following {
    /// The changes of each class, all relative to the tree before.
    pub changes: BTreeMap<Class, ChangeSet>,
    /// Why, place by place.
    pub evidence: Vec<Evidence>,
    /// What deserves a look before anything is done.
    pub notes: Vec<Note>,
}

impl Relocation<'_> {
    /// The changes by which every file goes to its place and every reference
    /// of the given `classes` follows. Files always move with the imports.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a file stands in another's way.
    pub fn follow(&self, classes: &BTreeSet<Class>) -> Result<Following, EngineError> {
        if self.is_empty() {
            return Ok(Following::default());
        }
        let files = Files::new(self)?;
        let mut following = Following { notes: files.warnings(self), ..Following::default() };
        following.move_files(&files)?;
        let renames = self.renames();
        let transplants = transplants(self)?;
        let modules = self.importers();
        let mut sources: Vec<Found> =
            modules.into_par_iter().map(|id| Found::in_module(self, &files, &renames, id)).collect();
        for transplant in &transplants {
            let left = sources.iter_mut().filter(|found| found.path == *transplant.path());
            left.for_each(|found| found.without(|span| transplant.takes(span)));
            following.plant(transplant.plant(&renames)?, transplant.path())?;
        }
        let texts: Vec<Found> = match classes.iter().any(|class| *class > Class::Strings) {
            true => {
                self.texts().into_par_iter().filter_map(|path| Found::in_text(self, &renames, path)).collect()
            }
            false => Vec::new(),
        };
        for found in sources.into_iter().chain(texts) {
            following.add(self, &files, &found, classes)?;
        }
        following.evidence.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        Ok(following)
    }

    /// The old names and what they are called now, for text.
    pub(crate) fn renames(&self) -> Renames<'_> {
        let mut modules = HashMap::new();
        for (place, spellings) in self.spellings() {
            modules.extend(spellings.into_iter().map(|(old, new)| (old, (new, place.clone()))));
        }
        let symbols = self.symbols().into_iter().filter_map(|symbol| {
            let module = self.workspace().modules().get(symbol.from).name.as_deref()?;
            let new = symbol.to.name.as_deref()?;
            Some((format!("{module}.{}", symbol.old), format!("{new}.{}", symbol.new)))
        });
        Renames::new(self.workspace(), modules, symbols.collect(), self.paths())
    }

    /// The modules that move, and those that mention the last component of a
    /// moved name.
    fn importers(&self) -> Vec<ModuleId> {
        let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        let mut needles: BTreeSet<String> = self.roots().iter().map(|root| last(&root.old)).collect();
        needles.extend(
            self.roots().iter().map(|root| self.workspace().path_of(&root.place).file_name().to_owned()),
        );
        needles.extend(self.symbols().iter().map(|symbol| symbol.old.clone()));
        let Ok(finder) = AhoCorasick::new(&needles) else { return Vec::new() };
        let workspace = self.workspace();
        let all: Vec<ModuleId> = workspace.modules().iter().map(|(id, _)| id).collect();
        let concerns = |id: &ModuleId| {
            let mentions = || workspace.file(*id).bytes().is_some_and(|bytes| finder.is_match(&bytes[..]));
            self.moves_along(*id) || mentions()
        };
        all.into_par_iter().filter(concerns).collect()
    }

    /// The files that are no modules.
    fn texts(&self) -> Vec<&RelPath> {
        let workspace = self.workspace();
        let files = workspace
            .snapshot()
            .files()
            .filter(|(path, file)| !file.is_python() && !workspace.shape().excludes(path));
        files.map(|(path, _)| path).collect()
    }
}

/// What was found in one file.
struct Found {
    path: RelPath,
    package: Option<String>,
    lines: Vec<(usize, usize)>,
    followed: Followed,
}

impl Found {
    fn in_module(relocation: &Relocation<'_>, files: &Files, renames: &Renames<'_>, id: ModuleId) -> Self {
        let workspace = relocation.workspace();
        let module = workspace.modules().get(id);
        let source = workspace.file(id).parse();
        let mut followed = python::follow(relocation, renames, id, &source);
        if let Some(there) = files.joins.get(&module.path) {
            followed.statements.extend(crate::join::self_imports(relocation, id, there, &source));
        }
        let package = workspace.package_name(module).map(str::to_owned);
        Self::new(module.path.clone(), package, source.bytes(), followed)
    }

    fn in_text(relocation: &Relocation<'_>, renames: &Renames<'_>, path: &RelPath) -> Option<Self> {
        let content = relocation.workspace().snapshot().content(path)?;
        let followed = crate::text::follow(path, &content.bytes, renames)?;
        Some(Self::new(path.clone(), None, &content.bytes, followed))
    }

    fn new(path: RelPath, package: Option<String>, bytes: &[u8], followed: Followed) -> Self {
        let spans = followed.imported.iter().chain(&followed.places).map(|one| one.span);
        let spans = spans.chain(followed.unhandled.iter().map(|one| one.span));
        let lines = spans.map(|span| (span.start, line_at(bytes, span.start))).collect();
        Self { path, package, lines, followed }
    }

    /// Takes out what is found where `is_gone` says.
    fn without(&mut self, is_gone: impl Fn(Span) -> bool) {
        let followed = &mut self.followed;
        followed.statements.retain(|edit| !is_gone(edit.span));
        followed.imported.retain(|one| !is_gone(one.span));
        followed.places.retain(|one| !is_gone(one.span));
        followed.unhandled.retain(|one| !is_gone(one.span));
    }

    fn evidence(&self, class: Class, subject: &str, rule: &str, span: Span, outcome: Outcome) -> Evidence {
        let line = self.lines.iter().find(|(start, _)| *start == span.start).map_or(1, |(_, line)| *line);
        Evidence {
            class,
            path: self.path.clone(),
            line,
            span,
            package: self.package.clone(),
            subject: subject.to_owned(),
            rule: rule.to_owned(),
            candidates: Vec::new(),
            winner: None,
            outcome,
            warnings: Vec::new(),
        }
    }

    fn followed(&self, one: &Follow) -> Evidence {
        let outcome = Outcome::Rewritten { to: one.new.clone(), applicability: one.applicability };
        self.evidence(one.class, &one.subject, &one.rule, one.span, outcome)
    }

    fn left(&self, one: &Unhandled) -> Evidence {
        self.evidence(
            one.class,
            &one.subject,
            &one.reason,
            one.span,
            Outcome::Skipped { reason: one.reason.clone() },
        )
    }
}

impl Following {
    fn move_files(&mut self, files: &Files) -> Result<(), TreeError> {
        let changes = self.changes.entry(Class::Imports).or_default();
        for (from, to) in &files.moves {
            changes.rename(from.clone(), to.clone())?;
        }
        for gone in files.copies.iter().chain(files.joins.keys()) {
            changes.delete(gone.clone())?;
        }
        for init in &files.inits {
            changes.create(init.clone(), Content::plain([]))?;
        }
        Ok(())
    }

    /// Definitions leave one module and arrive in another.
    fn plant(&mut self, planted: Planted, old: &RelPath) -> Result<(), TreeError> {
        let changes = self.changes.entry(Class::Imports).or_default();
        let edits = |path: &RelPath, edits: Vec<Edit>| {
            Edits::new(edits).map_err(|source| TreeError::Conflict { path: path.clone(), source })
        };
        changes.edit(old.clone(), edits(old, planted.old)?)?;
        match planted.new {
            Ok(new) => changes.edit(planted.target.clone(), edits(&planted.target, new)?),
            Err(content) => changes.create(planted.target, content),
        }
    }

    fn add(
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
            let edits = Edits::new(edits)
                .map_err(|source| TreeError::Conflict { path: found.path.clone(), source })?;
            self.changes.entry(class).or_default().edit(found.path.clone(), edits)?;
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
        let conflict = |source| TreeError::Conflict { path: from.clone(), source };
        let out_of_bounds = |source| TreeError::OutOfBounds { path: from.clone(), source };
        let incoming = Edits::new(edits).map_err(conflict)?.apply(&incoming.bytes).map_err(out_of_bounds)?;
        let edit = crate::join::append(&there.bytes, &incoming);
        let edits = Edits::new(edit.into_iter().collect())
            .map_err(|source| TreeError::Conflict { path: to.clone(), source })?;
        self.changes.entry(Class::Imports).or_default().edit(to.clone(), edits)
    }
}
