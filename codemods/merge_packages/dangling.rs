//! Imports of modules that neither package has: they name the merged one from
//! now on, and its module where one has what they import.
//!
//! What they import was not found before, so nothing can break; but it must not
//! go on naming a package that is gone.

use repot_change::{Class, Edit, Evidence, RelPath, Span, TreeError, line_at};
use repot_codemod::Proposal;
use repot_python::{FromNames, ImportKind};
use repot_workspace::{Module, ModuleId, Place, Target, Workspace, below};

use super::evidence::Account;
use super::side::Side;

/// Lets every dangling import of the source follow; `own` are the incoming
/// modules that keep a place of their own.
pub fn follow(
    workspace: &Workspace,
    (from, into): (&Side, &Side),
    is_own: impl Fn(&RelPath) -> bool,
    proposal: &mut Proposal,
) -> Result<(), TreeError> {
    let last = from.name.rsplit('.').next().unwrap_or(&from.name);
    let finder = memchr::memmem::Finder::new(last);
    for (id, module) in workspace.modules().iter().filter(|(id, _)| workspace.file(*id).mentions(&finder)) {
        let bytes = workspace.file(id).bytes().map_or(&[][..], |bytes| bytes);
        for (span, dotted, names) in dangling(workspace, (id, module), from) {
            if bytes.get(span.range()) != Some(dotted.as_bytes()) {
                continue;
            }
            let rest = below(&dotted, &from.name).unwrap_or_default();
            let plain = format!("{}.{rest}", into.name);
            let found = home(workspace, (from, into), (rest, &names), &is_own);
            let rule = match &found {
                Some(_) => "neither package has the module; the merged one defines what is imported",
                None => "neither package has the module, and nothing defines what is imported",
            };
            let new = found.unwrap_or(plain);
            let account = Account {
                line: line_at(bytes, span.start),
                package: workspace.package_name(module).map(str::to_owned),
                ..Account::of(Class::Imports, &module.path, dotted, rule.to_owned())
            };
            proposal.evidence.push(Evidence { span, ..account.review(new.clone()) });
            let edit = Edit::replace(span, new);
            proposal.changes_mut(Class::Imports).add_edits(&module.path, vec![edit])?;
        }
    }
    Ok(())
}

/// The dangling imports of the source in one file: the module's name, where it
/// stands, and the names that are imported from it.
fn dangling(
    workspace: &Workspace,
    (id, module): (ModuleId, &Module),
    from: &Side,
) -> Vec<(Span, String, Vec<String>)> {
    let mut found = Vec::new();
    for statement in workspace.file(id).imports() {
        match &statement.kind {
            ImportKind::From(one) if one.level == 0 => {
                let names = match &one.names {
                    FromNames::Names { names, .. } => {
                        names.iter().map(|name| name.name.text.clone()).collect()
                    }
                    FromNames::Star(_) => Vec::new(),
                };
                found.push((one.module_span, one.dotted().to_owned(), names));
            }
            ImportKind::From(_) => {}
            ImportKind::Import(items) => {
                let aliased = items.iter().filter(|item| item.alias.is_some());
                found.extend(aliased.map(|item| (item.name.span, item.name.text.clone(), Vec::new())));
            }
        }
    }
    let is_lost = |dotted: &str| {
        let target = workspace.resolve(module, 0, dotted);
        matches!(target, Target::Missing | Target::Legacy | Target::External)
    };
    found.retain(|(_, dotted, _)| {
        below(dotted, &from.name).is_some_and(|rest| !rest.is_empty()) && is_lost(dotted)
    });
    found
}

/// The module of the merged package that has all of `names`: the one of the same
/// path in the target, else the only one of the same last name.
fn home(
    workspace: &Workspace,
    (from, into): (&Side, &Side),
    (rest, names): (&str, &[String]),
    is_own: impl Fn(&RelPath) -> bool,
) -> Option<String> {
    let has_all = |place: &Place| names.iter().all(|name| workspace.binds(place, name));
    let parts: Vec<&str> = rest.split('.').collect();
    if workspace.locate(&into.folder, &parts).is_some_and(|place| has_all(&place)) {
        return Some(format!("{}.{rest}", into.name));
    }
    let last = parts.last()?;
    let alike = workspace.modules().ending_with(last).iter().copied().filter(|id| {
        let stem = workspace.modules().get(*id).stem();
        let is_near = stem.is_within(&from.folder) || stem.is_within(&into.folder);
        is_near && !names.is_empty() && has_all(&Place::Module(*id))
    });
    let found: Vec<ModuleId> = alike.collect();
    let [only] = found[..] else { return None };
    let stem = workspace.modules().get(only).stem();
    let name = workspace.modules().get(only).name.clone()?;
    match below(&name, &from.name) {
        Some(_) if stem.ancestors().any(|above| is_own(&above)) || is_own(&stem) => None,
        Some("") => Some(into.name.clone()),
        Some(rest) => Some(format!("{}.{rest}", into.name)),
        None => Some(name),
    }
}
