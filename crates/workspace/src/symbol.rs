//! Symbols: what a module binds, and where the name is really defined.
//!
//! Two questions that look alike. *Binds* asks whether `from m import x` finds
//! an `x`; *definition* follows re-exports to the class, function or variable
//! behind it, and finds nothing when the trail ends in an import that dangles.

use std::collections::HashSet;

use repot_change::RelPath;
use repot_python::{Definition, DefinitionKind};

use crate::Workspace;
use crate::module::ModuleId;
use crate::resolve::{Place, Target};

/// Where a name is really defined.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A class, function or variable of a module.
    Definition {
        /// The defining module.
        module: ModuleId,
        /// The name there.
        name: String,
    },
    /// A module or namespace folder.
    Module(Place),
    /// Something outside the workspace.
    External,
}

impl Workspace {
    /// Whether `from place import name` finds the name: the module binds it in
    /// any way, has it by a star, makes it up in a `__getattr__`, or it is a
    /// submodule.
    #[must_use]
    pub fn binds(&self, place: &Place, name: &str) -> bool {
        self.binds_within(place, name, &mut HashSet::new())
    }

    fn binds_within(&self, place: &Place, name: &str, seen: &mut HashSet<ModuleId>) -> bool {
        let Place::Module(id) = *place else { return self.submodule(place, name).is_some() };
        let definitions = self.file(id).definitions();
        if definitions.names.contains_key(name) || definitions.has_getattr || is_implicit(name) {
            return true;
        }
        if self.submodule(place, name).is_some() {
            return true;
        }
        if !seen.insert(id) {
            return false;
        }
        definitions.stars.iter().any(|star| match self.star_target(id, star) {
            Target::Found(place) => self.binds_within(&place, name, seen),
            Target::External | Target::Legacy | Target::Ambiguous(_) => true,
            Target::Missing => false,
        })
    }

    fn star_target(&self, importer: ModuleId, star: &repot_python::FromImport) -> Target {
        let dotted = star.dotted();
        self.resolve(self.modules().get(importer), star.level, dotted)
    }

    /// The submodule `name` of a package or namespace folder.
    #[must_use]
    pub fn submodule(&self, place: &Place, name: &str) -> Option<Place> {
        self.locate(&self.folder_of(place)?, &[name])
    }

    /// The folder that holds a place's submodules; `None` for a plain module.
    #[must_use]
    pub fn folder_of(&self, place: &Place) -> Option<RelPath> {
        match place {
            Place::Namespace(folder) => Some(folder.clone()),
            Place::Module(id) => {
                let module = self.modules().get(*id);
                module.is_init.then(|| module.folder())
            }
        }
    }

    /// The definition behind `place`'s name `name`, through any number of
    /// re-exports.
    #[must_use]
    pub fn origin(&self, place: &Place, name: &str) -> Option<Origin> {
        self.origin_within(place, name, &mut HashSet::new())
    }

    fn origin_within(
        &self,
        place: &Place,
        name: &str,
        seen: &mut HashSet<(ModuleId, String)>,
    ) -> Option<Origin> {
        if let Place::Module(id) = *place {
            if !seen.insert((id, name.to_owned())) {
                return None;
            }
            let definitions = self.file(id).definitions();
            let found = match definitions.names.get(name) {
                Some(bindings) => self.origin_of_binding(id, name, bindings, seen),
                None => definitions.stars.iter().find_map(|star| match self.star_target(id, star) {
                    Target::Found(place) => self.origin_within(&place, name, seen),
                    _ => None,
                }),
            };
            if found.is_some() {
                return found;
            }
        }
        self.submodule(place, name).map(Origin::Module)
    }

    /// A name that is imported somewhere in the module is what the import
    /// brings: the other bindings are fallbacks (`X = None` after a failed
    /// import), and a fallback is no definition.
    fn origin_of_binding(
        &self,
        module: ModuleId,
        name: &str,
        bindings: &[Definition],
        seen: &mut HashSet<(ModuleId, String)>,
    ) -> Option<Origin> {
        let mut imports = bindings.iter().filter_map(|binding| match &binding.kind {
            DefinitionKind::Import { module, level, name, module_bound } => {
                let root = module.split('.').next().unwrap_or_default();
                let bound = if name.is_some() || *module_bound { module.as_str() } else { root };
                Some((bound, *level, name))
            }
            _ => None,
        });
        let Some(first) = imports.next() else {
            return Some(Origin::Definition { module, name: name.to_owned() });
        };
        std::iter::once(first).chain(imports).find_map(|(dotted, level, imported)| {
            match (self.resolve(self.modules().get(module), level, dotted), imported) {
                (Target::Found(place), Some(imported)) => self.origin_within(&place, imported, seen),
                (Target::Found(place), None) => Some(Origin::Module(place)),
                (Target::External, _) => Some(Origin::External),
                _ => None,
            }
        })
    }
}

/// Names that every module has (the language reference, 3.2.11).
fn is_implicit(name: &str) -> bool {
    matches!(
        name,
        "__name__"
            | "__doc__"
            | "__file__"
            | "__path__"
            | "__spec__"
            | "__loader__"
            | "__package__"
            | "__dict__"
    )
}
