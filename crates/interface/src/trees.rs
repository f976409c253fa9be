//! Trees of the modules that definitions are taken from, and what definitions
//! are when all their bases are known.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use repot_python::{Kind, SourceFile, Surface};
use repot_workspace::{ModuleId, Origin, Place, Workspace};

use crate::Definition;

/// How far bases are followed before a class is taken for what its file says.
const MAX_BASES: usize = 16;

/// Parses on request, and remembers as long as it lives.
pub struct Trees<'w> {
    workspace: &'w Workspace,
    parsed: Mutex<HashMap<ModuleId, Arc<SourceFile>>>,
    surfaces: Mutex<HashMap<Definition, Option<Arc<Surface>>>>,
    kinds: Mutex<HashMap<Definition, Option<Kind>>>,
    legacy: HashMap<(ModuleId, usize), Definition>,
}

impl<'w> Trees<'w> {
    /// A fresh memory.
    #[must_use]
    pub fn new(workspace: &'w Workspace) -> Self {
        Self {
            workspace,
            parsed: Mutex::default(),
            surfaces: Mutex::default(),
            kinds: Mutex::default(),
            legacy: HashMap::new(),
        }
    }

    /// The same memory, which knows what legacy imports mean: by the module and
    /// the offset of the imported name.
    #[must_use]
    pub fn knowing(self, legacy: HashMap<(ModuleId, usize), Definition>) -> Self {
        Self { legacy, ..self }
    }

    /// What the legacy import whose name begins at `offset` of `module` means.
    #[must_use]
    pub fn legacy(&self, module: ModuleId, offset: usize) -> Option<&Definition> {
        self.legacy.get(&(module, offset))
    }

    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// The tree of a module.
    #[must_use]
    pub fn get(&self, module: ModuleId) -> Arc<SourceFile> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(parsed.entry(module).or_insert_with(|| self.workspace.syntax(module)))
    }

    /// What the class behind a definition offers; `None` where it is none.
    #[must_use]
    pub fn surface(&self, definition: &Definition) -> Option<Arc<Surface>> {
        let known = self.surfaces.lock().unwrap_or_else(PoisonError::into_inner).get(definition).cloned();
        known.unwrap_or_else(|| {
            let surface = self.get(definition.module).surface(&definition.name).map(Arc::new);
            let mut surfaces = self.surfaces.lock().unwrap_or_else(PoisonError::into_inner);
            surfaces.entry(definition.clone()).or_insert(surface).clone()
        })
    }

    /// What a definition is, with the bases that the workspace defines.
    #[must_use]
    pub fn kind(&self, definition: &Definition) -> Option<Kind> {
        let known = self.kinds.lock().unwrap_or_else(PoisonError::into_inner).get(definition).copied();
        known.unwrap_or_else(|| {
            let kind = self.kind_within(definition, 0);
            let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
            *kinds.entry(definition.clone()).or_insert(kind)
        })
    }

    fn kind_within(&self, definition: &Definition, depth: usize) -> Option<Kind> {
        let source = self.get(definition.module);
        let own = source.kind(&definition.name)?;
        let may_inherit = matches!(own, Kind::Class | Kind::Abstract | Kind::Dataclass);
        if !may_inherit || depth > MAX_BASES {
            return Some(own);
        }
        let bases = source.class(&definition.name).map(|class| class.bases).unwrap_or_default();
        let inherited = bases.iter().filter_map(|base| {
            let name = base.split('[').next().unwrap_or(base);
            let base = self.workspace.origin(&Place::Module(definition.module), name)?;
            let Origin::Definition { module, name } = base else { return None };
            // A class does not become a protocol or a dataclass by its base.
            self.kind_within(&Definition { module, name }, depth + 1)
                .filter(|kind| matches!(kind, Kind::Enum | Kind::Exception | Kind::TypedDict | Kind::Model))
        });
        Some(inherited.min().unwrap_or(own))
    }
}
