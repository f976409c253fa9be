//! The packages' own code: what the metrics about code look at.
//!
//! Tests, scripts and what is kept for the record are not; neither are stubs,
//! nor files that belong to no package.

use rayon::prelude::*;
use repot_workspace::{Module, ModuleId, Role, Workspace};

/// What `look` finds in each module of the packages' code, in order.
pub fn each_module<'a, T: Send>(
    workspace: &'a Workspace,
    look: impl Fn(ModuleId, &'a Module) -> T + Sync,
) -> Vec<(&'a Module, T)> {
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let own = modules.into_par_iter().filter(|(_, module)| {
        module.role == Role::Code && module.package.is_some() && module.path.extension() == Some("py")
    });
    own.map(|(id, module)| (module, look(id, module))).collect()
}
