//! Every import of the workspace, resolved once: what the rules over imports
//! look at.

use rayon::prelude::*;
use repot_python::ImportStmt;
use repot_roadmap::Boundaries;
use repot_workspace::{Module, ModuleId, PackageId, Place, ResolvedName, Role, Workspace, subject};

use crate::Finding;

/// One imported name of a file.
pub struct Import<'w> {
    /// The importing file.
    pub importer: ModuleId,
    /// The same as a module.
    pub module: &'w Module,
    /// The statement.
    pub statement: &'w ImportStmt,
    /// What it names.
    pub resolved: ResolvedName,
    /// What is reached in the workspace: the submodule where the name is one.
    pub reached: Option<Place>,
    /// The package of what is reached.
    pub package: Option<PackageId>,
}

/// The imports that count, in the order of the files.
pub struct Imports<'w> {
    /// The workspace.
    pub workspace: &'w Workspace,
    /// The imports.
    pub all: Vec<Import<'w>>,
}

impl<'w> Imports<'w> {
    /// Resolves every import of `workspace` that `boundaries` lets count.
    pub fn of(workspace: &'w Workspace, boundaries: &Boundaries) -> Self {
        let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
        let of_module = |(id, module): (ModuleId, &'w Module)| of_module(workspace, boundaries, id, module);
        Self { workspace, all: modules.into_par_iter().flat_map_iter(of_module).collect() }
    }

    /// The imports of code that is shipped.
    pub fn of_code(&self) -> impl Iterator<Item = &Import<'w>> {
        self.all.iter().filter(|import| import.module.role == Role::Code)
    }

    /// The imports that reach another package of the workspace: the importing
    /// package, and the one that is reached.
    pub fn crossing(&self) -> impl Iterator<Item = (&Import<'w>, PackageId, PackageId)> {
        self.all.iter().filter_map(|import| {
            let (from, to) = (import.module.package?, import.package?);
            (from != to).then_some((import, from, to))
        })
    }
}

impl Import<'_> {
    /// What is imported, as the statement names it: `a.b:Name`, or `a.b`.
    pub fn subject(&self) -> String {
        subject(&self.resolved)
    }

    /// The module that is reached.
    pub fn reached_module(&self) -> Option<ModuleId> {
        match self.reached {
            Some(Place::Module(id)) => Some(id),
            _ => None,
        }
    }

    /// A finding of `rule` at the statement.
    pub fn finding(
        &self,
        workspace: &Workspace,
        rule: &'static str,
        message: String,
        hint: Option<String>,
    ) -> Finding {
        let source = workspace.file(self.importer).bytes().map_or(&[][..], |bytes| bytes);
        let place = (&self.module.path, source, self.statement.span);
        Finding::at(rule, place, message, hint).about(self.subject())
    }
}

fn of_module<'w>(
    workspace: &'w Workspace,
    boundaries: &Boundaries,
    importer: ModuleId,
    module: &'w Module,
) -> Vec<Import<'w>> {
    let is_kept = match module.role {
        Role::Code => true,
        Role::Test | Role::Script => boundaries.test_imports,
        Role::Shelved => false,
    };
    if !is_kept {
        return Vec::new();
    }
    let counts = |statement: &&ImportStmt| {
        (boundaries.type_checking_imports || !statement.context.type_checking)
            && (boundaries.local_imports || !statement.context.in_function)
    };
    let mut imports = Vec::new();
    for statement in workspace.file(importer).imports().iter().filter(counts) {
        for resolved in workspace.resolve_statement(module, statement) {
            let reached = workspace.place_reached(&resolved);
            let package = reached.as_ref().and_then(|place| workspace.package_of(place));
            imports.push(Import { importer, module, statement, resolved, reached, package });
        }
    }
    imports
}
