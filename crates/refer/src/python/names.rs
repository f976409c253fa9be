//! Names: how an importer spells a place after the moves.
//!
//! A relative import stays relative as long as both ends share a package, and
//! an absolute one stays absolute. Nothing is spelled anew that spells the same.

use repot_change::RelPath;
use repot_python::FromImport;
use repot_workspace::{Module, ModuleId, Origin, Place, Target};

use crate::Meeting;
use crate::relocation::{Relocation, Spot};

/// A file that may refer to what moves.
pub(crate) struct Importer<'a> {
    pub(crate) relocation: &'a Relocation<'a>,
    pub(crate) module: &'a Module,
    after: Spot,
    /// Whether its relative imports start from its own name.
    is_init: bool,
    moves: bool,
}

impl<'a> Importer<'a> {
    pub(crate) fn new(relocation: &'a Relocation<'a>, id: ModuleId) -> Self {
        let (module, place) = (relocation.workspace().modules().get(id), Place::Module(id));
        let moves = relocation.moved(&place).is_some();
        Self { relocation, module, after: relocation.after(&place), is_init: module.is_init, moves }
    }

    /// Code that is no module of the workspace, and stays where it is.
    pub(crate) fn loose(relocation: &'a Relocation<'a>, module: &'a Module) -> Self {
        let stem = module.path.clone();
        Self { relocation, module, after: Spot { name: None, stem }, is_init: false, moves: false }
    }

    /// The code of `id` as it stands in another module afterwards.
    pub(crate) fn transplanted(relocation: &'a Relocation<'a>, id: ModuleId, after: &Spot) -> Self {
        let module = relocation.workspace().modules().get(id);
        let is_init = relocation
            .workspace()
            .locate(&after.stem, &[])
            .is_some_and(|place| relocation.workspace().folder_of(&place).is_some());
        Self { relocation, module, after: after.clone(), is_init, moves: true }
    }

    /// Where the importer lies afterwards.
    pub(crate) fn spot(&self) -> &Spot {
        &self.after
    }

    /// What the module of an import denotes today.
    pub(crate) fn resolve(&self, level: usize, dotted: &str) -> Target {
        self.relocation.workspace().resolve(self.module, level, dotted)
    }

    /// Whether the importer's file holds the word `name`.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        let bytes = self.relocation.workspace().snapshot().content(&self.module.path);
        bytes.is_some_and(|content| repot_python::mentions(&content.bytes, name.as_bytes()))
    }

    /// How `from`'s module, which denotes `place`, is written afterwards.
    pub(crate) fn head(&self, from: &FromImport, place: &Place) -> Option<String> {
        let dotted = from.dotted();
        match from.level {
            0 => self.absolute(dotted, place),
            _ if self.stays(place) => Some(from.written()),
            _ => Some(self.respell(from, &self.relocation.after(place))),
        }
    }

    /// How a module at `target` is written in a statement that is relative or
    /// absolute as `from` is.
    pub(crate) fn respell(&self, from: &FromImport, target: &Spot) -> String {
        let relative = if from.level > 0 { self.relative(target) } else { None };
        relative.or_else(|| target.name.clone()).unwrap_or_else(|| from.written())
    }

    /// How the parent of `place` is written afterwards, where `from` imports
    /// `place` by its last component, and that component; no parent for a
    /// module at the top level.
    pub(crate) fn split(&self, from: &FromImport, name: &str, place: &Place) -> Option<(String, String)> {
        if self.stays(place) {
            return Some((from.written(), name.to_owned()));
        }
        let dotted = from.dotted();
        let absolute = match from.level {
            0 => self.absolute(&format!("{dotted}.{name}"), place)?,
            _ => self.relocation.after(place).name?,
        };
        let (parent, last) = absolute.rsplit_once('.').unwrap_or(("", &absolute));
        let stem = self.relocation.after(place).stem.parent()?;
        let above = Spot { name: Some(parent.to_owned()), stem };
        let written = if from.level > 0 && !parent.is_empty() { self.relative(&above) } else { None };
        Some((written.unwrap_or_else(|| parent.to_owned()), last.to_owned()))
    }

    /// What the importer binds afterwards where it binds `name` now, when it is
    /// united with a module that means something else by it.
    pub(crate) fn alias_of(&self, name: &str) -> Option<String> {
        let id = self.relocation.workspace().modules().at(&self.module.path)?;
        let alias = self.relocation.union().aliases.get(&(id, name.to_owned()))?;
        Some(alias.new.clone())
    }

    /// Where the definition lies afterwards that the package `place` re-exports
    /// as `name`, and its name there, when the package becomes one with the
    /// importer's own: that one's `__init__` may not have come so far when the
    /// importer is loaded.
    pub(crate) fn behind_init(&self, place: &Place, name: &str) -> Option<(Spot, String)> {
        let (relocation, workspace) = (self.relocation, self.relocation.workspace());
        let Place::Module(init) = place else { return None };
        let meeting = relocation.union().meetings.get(&workspace.modules().get(*init).path);
        let is_shared = self.after.stem.is_within(&relocation.after(place).stem);
        if self.moves || !is_shared || !matches!(meeting, Some(Meeting::Joined { .. })) {
            return None;
        }
        match workspace.origin(place, name)? {
            Origin::Definition { module, name } if module != *init => {
                let home = Place::Module(module);
                let name = relocation.moved_symbol(&home, &name).map_or(name, |one| one.new.clone());
                Some((relocation.after(&home), name))
            }
            _ => None,
        }
    }

    /// What the absolute name `dotted`, which denotes `place`, becomes.
    pub(crate) fn absolute(&self, dotted: &str, place: &Place) -> Option<String> {
        match self.relocation.moved(place) {
            None => Some(dotted.to_owned()),
            Some(_) => self.relocation.renamed(place, dotted),
        }
    }

    /// Whether neither the importer nor `place` moves.
    fn stays(&self, place: &Place) -> bool {
        !self.moves && self.relocation.moved(place).is_none()
    }

    /// The relative spelling of a package or module at `target`, when the
    /// importer lies in the same top-level package afterwards: by their names,
    /// or, where these begin at different folders, by paths below a package.
    fn relative(&self, target: &Spot) -> Option<String> {
        let named = self.after.name.as_deref().zip(target.name.as_deref());
        named.and_then(|(own, name)| self.between(own, name, '.', |_| true)).or_else(|| {
            let workspace = self.relocation.workspace();
            let is_package = |shared: &str| {
                RelPath::new(&format!("{shared}/__init__.py"))
                    .is_ok_and(|init| workspace.snapshot().get(&init).is_some())
            };
            self.between(self.after.stem.as_str(), target.stem.as_str(), '/', is_package)
        })
    }

    /// The way from the module `own` to `target` in dots, when what both share
    /// is not empty and `is_shared` accepts it.
    fn between(
        &self,
        own: &str,
        target: &str,
        separator: char,
        is_shared: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mut own: Vec<&str> = own.split(separator).collect();
        if !self.is_init {
            own.pop();
        }
        let parts: Vec<&str> = target.split(separator).collect();
        let shared = own.iter().zip(&parts).take_while(|(a, b)| a == b).count();
        let accepted = shared > 0 && is_shared(&parts[..shared].join("/"));
        accepted.then(|| ".".repeat(own.len() - shared + 1) + &parts[shared..].join("."))
    }
}
