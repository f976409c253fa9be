//! The engine: a relocation becomes changes, class by class, with the evidence
//! of each.
//!
//! Bytes come first: a file in which no moved name occurs is not looked at any
//! closer. Statements come second, trees only where a name has to be followed
//! through a scope or stands in a string.

use std::collections::{BTreeSet, HashMap};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use repot_change::{Class, Note, RelPath, TreeError};
use repot_workspace::ModuleId;
use thiserror::Error;

use crate::circle;
use crate::files::Files;
use crate::found::Found;
use crate::refused::Refused;
use crate::relocation::Relocation;
use crate::stay::shim_path;
use crate::symbol::{renamed_in_place, transplants};
use crate::{Following, Renames};

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

/// What is wanted of a relocation.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The classes of references that follow. Files always move, and what
    /// imports them has to follow; so imports may be left out only of a look.
    pub classes: BTreeSet<Class>,
    /// Whether old names stay importable.
    pub shim: bool,
    /// The day on which the old names go, as an ISO date.
    pub until: Option<String>,
}

impl Relocation<'_> {
    /// The changes by which every file goes to its place and every reference
    /// follows.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a file stands in another's way.
    pub fn follow(&self, options: &Options) -> Result<Following, EngineError> {
        if self.is_empty() {
            let made = self.made().iter().map(|one| Note {
                path: None,
                line: None,
                message: format!("`{}` is there, and `{}` is not left to move", one.to, one.from),
            });
            return Ok(Following::warned(made.collect()));
        }
        let mut files = Files::new(self)?;
        if options.shim {
            files.make_room(self.roots().iter().filter_map(|root| shim_path(self, root)));
        }
        let renames = self.renames();
        let mut sources: Vec<Found> = self
            .importers()
            .into_par_iter()
            .map(|id| Found::in_module(self, (&files, &renames), id, options.shim))
            .collect();
        let imported = |module: &str| sources.iter().any(|found| found.imports(module));
        files.keep(self, imported);
        let warnings = [files.warnings(self), circle::warnings(self)].concat();
        let mut following = Following::warned(warnings);
        following.move_files(&files)?;
        for transplant in &transplants(self)? {
            let left = sources.iter_mut().filter(|found| found.path == *transplant.path());
            left.for_each(|found| found.without(|span| transplant.takes(span)));
            following.plant(transplant.plant(&renames)?, transplant.path())?;
        }
        for (path, edits) in renamed_in_place(self)? {
            following.rename_in_place(&path, edits)?;
        }
        let others = self.others().into_par_iter().filter_map(|path| Found::in_other(self, &renames, path));
        let others: Vec<Found> = others.collect();
        for found in sources.iter().chain(&others) {
            following.add(self, &files, found, &options.classes)?;
        }
        if options.shim {
            following.leave_shims(self, &files, options.until.as_deref())?;
        } else {
            following.retire(self);
        }
        following.note_left_out();
        following.evidence.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        Ok(following)
    }

    /// The old names and what they are called now, for text.
    pub(crate) fn renames(&self) -> Renames<'_> {
        let mut modules = HashMap::new();
        for (place, spellings) in self.spellings() {
            modules.extend(spellings.into_iter().map(|(old, new)| (old, (new, place.clone()))));
        }
        let symbols = self.symbols().into_iter().chain(self.union().aliases.values()).filter_map(|symbol| {
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
    fn others(&self) -> Vec<&RelPath> {
        let workspace = self.workspace();
        let files = workspace
            .snapshot()
            .files()
            .filter(|(path, file)| !file.is_python() && !workspace.shape().excludes(path));
        files.map(|(path, _)| path).collect()
    }
}
