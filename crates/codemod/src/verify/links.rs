//! The law that no import is left behind: what resolved before the phase
//! resolves after it, in files that the phase does not touch as well.

use std::collections::BTreeMap;

use rayon::prelude::*;
use repot_change::{Check, Note, RelPath};
use repot_python::ImportStmt;
use repot_workspace::{File, Module, ResolvedName, Target, Workspace, subject};

use super::check;
use super::origins::{Origins, module_at};

/// Every first-party import of the tree that resolved before resolves now.
pub fn none_left_behind(origins: &Origins<'_>) -> Check {
    let modules: Vec<&Module> = origins.after.modules().iter().map(|(_, module)| module).collect();
    let failures: Vec<Note> = modules.par_iter().flat_map_iter(|module| stranded(origins, module)).collect();
    check("no import is left behind", format!("{} Python files", modules.len()), failures)
}

/// The imports of one file that have lost what they named.
fn stranded(origins: &Origins<'_>, module: &Module) -> Vec<Note> {
    let pair = || {
        let path = origins.of(&module.path)?;
        let old = module_at(origins.before, path)?;
        Some((origins.after.snapshot().get(&module.path)?, old, origins.before.snapshot().get(path)?))
    };
    let Some((file, old, old_file)) = pair() else { return Vec::new() };
    let mut known: Option<BTreeMap<String, (usize, ResolvedName)>> = None;
    let mut failures = Vec::new();
    for statement in file.imports() {
        for name in origins.after.resolve_statement(module, statement) {
            if !may_dangle(&name) {
                continue;
            }
            let known = known.get_or_insert_with(|| subjects(origins.before, old, old_file));
            let subject = subject(&name);
            if known.get(&subject).is_some_and(|(_, before)| resolves(before)) {
                failures.push(note(&module.path, statement, &subject));
            }
        }
    }
    failures
}

fn note(path: &RelPath, statement: &ImportStmt, subject: &str) -> Note {
    let message = format!("`{subject}` resolved before and does not any more");
    Note { path: Some(path.clone()), line: Some(statement.line), message }
}

/// Whether a name denotes something of the workspace.
pub fn resolves(name: &ResolvedName) -> bool {
    matches!(name.target, Target::Found(_)) && name.has_name
}

/// Whether a name may have lost what it denoted. What is the standard
/// library's by its first component never was the workspace's.
fn may_dangle(name: &ResolvedName) -> bool {
    let top = name.module.split('.').next().unwrap_or_default();
    match name.target {
        Target::Missing => true,
        Target::External => !repot_workspace::is_stdlib(top),
        Target::Found(_) | Target::Ambiguous(_) => !name.has_name,
        Target::Legacy => false,
    }
}

/// Every imported name of a file by what it imports, with its line.
pub fn subjects(
    workspace: &Workspace,
    module: &Module,
    file: &File,
) -> BTreeMap<String, (usize, ResolvedName)> {
    let resolve = |statement: &ImportStmt| {
        let line = statement.line;
        let names = workspace.resolve_statement(module, statement).into_iter();
        names.map(move |name| (subject(&name), (line, name)))
    };
    file.imports().iter().flat_map(resolve).collect()
}
