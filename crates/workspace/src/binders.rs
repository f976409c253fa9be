//! Who binds a name: the index behind the search.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use rayon::prelude::*;

use crate::Workspace;
use crate::module::ModuleId;

/// Modules by the names that they bind at module level.
///
/// Only hashes of the names are kept: who asks looks at the module anyhow, and
/// a collision costs one look.
#[derive(Debug, Default)]
pub(crate) struct Binders {
    by_name: HashMap<u64, Vec<ModuleId>>,
    /// Modules with a star import, which may bind anything.
    stars: Vec<ModuleId>,
}

impl Binders {
    /// Reads every module of `workspace`.
    pub(crate) fn new(workspace: &Workspace) -> Self {
        let ids: Vec<ModuleId> = workspace.modules().iter().map(|(id, _)| id).collect();
        ids.par_iter().for_each(|id| _ = workspace.file(*id).definitions());
        let mut binders = Self::default();
        for id in ids {
            let definitions = workspace.file(id).definitions();
            for name in definitions.names.keys() {
                binders.by_name.entry(hash(name)).or_default().push(id);
            }
            if !definitions.stars.is_empty() {
                binders.stars.push(id);
            }
        }
        binders
    }
}

impl Workspace {
    /// The modules that may bind `name`, sorted by path.
    #[must_use]
    pub fn binders_of(&self, name: &str) -> Vec<ModuleId> {
        let binders = self.binders();
        let mut ids = binders.by_name.get(&hash(name)).cloned().unwrap_or_default();
        ids.extend_from_slice(&binders.stars);
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
