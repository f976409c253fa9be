//! Star imports of a package whose names are called otherwise in the target: the
//! star brings the target's meaning, so the incoming one is imported behind it.

use std::collections::HashMap;

use repot_change::{Class, Edit, Evidence, RelPath};
use repot_python::{FromNames, ImportKind};
use repot_refer::MovedSymbol;
use repot_workspace::{Module, ModuleId, Place, Target, Workspace};

use super::evidence::Account;

/// The edits, file by file, and why.
pub fn follow(
    workspace: &Workspace,
    aliases: &HashMap<(ModuleId, String), MovedSymbol>,
) -> Vec<(RelPath, Edit, Evidence)> {
    let stars = workspace.modules().iter().filter(|(id, _)| workspace.file(*id).has_star_import());
    let modules = stars.filter(|_| !aliases.is_empty());
    modules.flat_map(|(id, module)| of_module(workspace, (id, module), aliases)).collect()
}

/// The edits of one file.
fn of_module(
    workspace: &Workspace,
    (id, module): (ModuleId, &Module),
    aliases: &HashMap<(ModuleId, String), MovedSymbol>,
) -> Vec<(RelPath, Edit, Evidence)> {
    let source = workspace.file(id).parse();
    let mut found = Vec::new();
    for statement in source.imports() {
        let ImportKind::From(from) = &statement.kind else { continue };
        let target = workspace.resolve(module, from.level, from.dotted());
        let (FromNames::Star(_), Target::Found(Place::Module(init))) = (&from.names, target) else {
            continue;
        };
        let is_used = |name: &str| module.is_init || repot_python::mentions(source.bytes(), name.as_bytes());
        let text = brought(aliases, init, source.line_ending(), is_used);
        if text.is_empty() {
            continue;
        }
        let rule = "the star brings what the target means by these names".to_owned();
        let account = Account {
            line: statement.line,
            package: workspace.package_name(module).map(str::to_owned),
            ..Account::of(Class::Imports, &module.path, format!("{}:*", from.written()), rule)
        };
        let evidence = Evidence { span: statement.span, ..account.review(text.trim().to_owned()) };
        found.push((module.path.clone(), Edit::insert(statement.span.end, text), evidence));
    }
    found
}

/// The imports of the names of `init` that are used and called otherwise, a line
/// each.
fn brought(
    aliases: &HashMap<(ModuleId, String), MovedSymbol>,
    init: ModuleId,
    ending: &str,
    is_used: impl Fn(&str) -> bool,
) -> String {
    let mut brought: Vec<&MovedSymbol> = aliases
        .iter()
        .filter(|((package, old), _)| *package == init && !old.starts_with('_') && is_used(old))
        .map(|(_, symbol)| symbol)
        .collect();
    brought.sort_by_key(|symbol| &symbol.old);
    let lines = brought.iter().filter_map(|symbol| {
        let package = symbol.to.name.as_deref()?;
        Some(format!("{ending}from {package} import {} as {}", symbol.new, symbol.old))
    });
    lines.collect()
}
