//! The metric `dangling-imports`: first-party imports of what does not exist.
//!
//! Legacy imports are not counted here; they are a metric of their own.

use rayon::prelude::*;
use repot_workspace::{Module, ModuleId, ResolvedName, Target, Workspace};

use crate::{Figure, Finding, figure};

/// The name of the metric, and of the rule behind its findings.
pub const DANGLING_IMPORTS: &str = "dangling-imports";

/// The findings, one for each name, and the figure; its value counts names.
pub fn dangling_imports(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let found: Vec<(&Module, Vec<(Finding, bool)>)> =
        modules.into_par_iter().map(|(id, module)| (module, of_module(workspace, id))).collect();
    let all = || found.iter().flat_map(|(_, findings)| findings);
    let parts = [
        ("names", all().count()),
        ("missing modules", all().filter(|(_, is_module)| *is_module).count()),
        ("missing names", all().filter(|(_, is_module)| !is_module).count()),
        ("files", found.iter().filter(|(_, findings)| !findings.is_empty()).count()),
    ];
    let per_file = found.iter().map(|(module, findings)| (workspace.package_name(module), findings.len()));
    let figure = figure::counted(DANGLING_IMPORTS, &parts, per_file);
    (
        found
            .into_iter()
            .flat_map(|(_, findings)| findings.into_iter().map(|(finding, _)| finding))
            .collect(),
        figure,
    )
}

const NO_MODULE: &str = "name the module that has it now, or take the import away";
const NO_NAME: &str = "name what the module has, or define it there";

/// The findings of a module, each with whether the module is what is missing.
fn of_module(workspace: &Workspace, id: ModuleId) -> Vec<(Finding, bool)> {
    let module = workspace.modules().get(id);
    let file = workspace.file(id);
    let source = file.bytes().map_or(&[][..], |bytes| bytes);
    let mut findings = Vec::new();
    for statement in file.imports() {
        let resolved = workspace.resolve_statement(module, statement);
        for name in resolved.iter().filter(|name| name.is_dangling()) {
            let is_module = name.target == Target::Missing;
            let hint = if is_module { NO_MODULE } else { NO_NAME }.to_owned();
            let place = (&module.path, source, statement.span);
            let finding = Finding::at(DANGLING_IMPORTS, place, message(name), Some(hint));
            findings.push((finding.about(repot_workspace::subject(name)), is_module));
        }
    }
    findings
}

fn message(name: &ResolvedName) -> String {
    match (&name.target, &name.name) {
        (Target::Missing, Some(imported)) => {
            format!("`{imported}` is imported from `{}`, which does not exist", name.module)
        }
        (Target::Missing, None) => format!("`{}` does not exist", name.module),
        (_, imported) => format!("`{}` has no `{}`", name.module, imported.as_deref().unwrap_or("*")),
    }
}
