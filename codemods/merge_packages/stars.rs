//! Star imports of a package whose names are called otherwise in the target: the
//! star brings the target's meaning, so the incoming one is imported behind it.

use std::collections::HashMap;

use repot_change::{Class, Edit, Evidence, RelPath};
use repot_python::{FromNames, ImportKind};
use repot_refer::MovedSymbol;
use repot_workspace::{ModuleId, Place, Target, Workspace};

use super::evidence::Account;

/// The edits, file by file, and why.
pub fn follow(
    workspace: &Workspace,
    aliases: &HashMap<(ModuleId, String), MovedSymbol>,
) -> Vec<(RelPath, Edit, Evidence)> {
    let mut found = Vec::new();
    let stars = workspace.modules().iter().filter(|(id, _)| workspace.file(*id).has_star_import());
    for (id, module) in stars.filter(|_| !aliases.is_empty()) {
        let source = workspace.file(id).parse();
        for statement in source.imports() {
            let ImportKind::From(from) = &statement.kind else { continue };
            let target = workspace.resolve(module, from.level, from.dotted());
            let (FromNames::Star(_), Target::Found(Place::Module(init))) = (&from.names, target) else {
                continue;
            };
            let is_used =
                |name: &str| module.is_init || repot_python::mentions(source.bytes(), name.as_bytes());
            let mut brought: Vec<&MovedSymbol> = aliases
                .iter()
                .filter(|((package, old), _)| *package == init && !old.starts_with('_') && is_used(old))
                .map(|(_, symbol)| symbol)
                .collect();
            brought.sort_by_key(|symbol| &symbol.old);
            let lines = brought.iter().filter_map(|symbol| {
                let package = symbol.to.name.as_deref()?;
                Some(format!(
                    "{}from {package} import {} as {}",
                    source.line_ending(),
                    symbol.new,
                    symbol.old
                ))
            });
            let text: String = lines.collect();
            if text.is_empty() {
                continue;
            }
            let account = Account {
                line: statement.line,
                package: workspace.package_name(module).map(str::to_owned),
                ..Account::of(
                    Class::Imports,
                    &module.path,
                    format!("{}:*", from.written()),
                    "the star brings what the target means by these names".to_owned(),
                )
            };
            let evidence = Evidence { span: statement.span, ..account.review(text.trim().to_owned()) };
            found.push((module.path.clone(), Edit::insert(statement.span.end, text), evidence));
        }
    }
    found
}
