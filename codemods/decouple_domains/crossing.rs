//! Crossings: the imported names that cross a forbidden border, and what is
//! behind each.

use rayon::prelude::*;
use repot_change::{Candidate, Class, DecisionKind, Evidence, Outcome, Span};
use repot_interface::{Consumer, Definition};
use repot_python::{FromNames, ImportKind, ImportStmt, Usage};
use repot_refer::{Fate, NewImport};
use repot_workspace::{Module, ModuleId, Origin, Place, Reach, ResolvedName, Role, Target, Workspace};

/// One imported name that crosses a forbidden border.
#[derive(Debug, Clone)]
pub struct Crossing {
    /// Who imports it, and how it is used there.
    pub consumer: Consumer,
    /// What is wanted.
    pub want: Want,
    /// Why what becomes of it does.
    pub evidence: Evidence,
    /// What becomes of it, once that is granted.
    pub fate: Option<Fate>,
}

/// What is behind an imported name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// A definition that lies where it may not be imported from.
    Definition(Definition),
    /// Something that may be imported from elsewhere, in this way.
    Direct(NewImport),
    /// Something that no strategy knows; the text says what.
    Other(String),
}

/// Every imported name that crosses a forbidden border, sorted by file and
/// place.
pub fn find(workspace: &Workspace) -> Vec<Crossing> {
    let modules: Vec<(ModuleId, &Module)> =
        workspace.modules().iter().filter(|(_, module)| module.role != Role::Shelved).collect();
    modules.into_par_iter().flat_map_iter(|(id, module)| crossings_of(workspace, id, module)).collect()
}

fn crossings_of(workspace: &Workspace, id: ModuleId, module: &Module) -> Vec<Crossing> {
    let is_forbidden = |crossing: &repot_workspace::Crossing| crossing.reach == Reach::Forbidden;
    if !workspace.crossings_of(module).iter().any(is_forbidden) {
        return Vec::new();
    }
    let tree = workspace.syntax(id);
    let scopes = tree.scopes();
    let mut found = Vec::new();
    for (index, statement) in tree.imports().iter().enumerate() {
        for name in workspace.resolve_statement(module, statement) {
            let Some(place) = forbidden_place(workspace, module, &name) else { continue };
            let item = statement.items().get(name.item);
            let span = item.map_or(statement.span, |item| item.span);
            let usage = item.map_or_else(Usage::default, |item| scopes.usage(statement, item));
            let want = match tree.is_broken(statement.span) {
                true => Want::Other("the statement lies in a region that does not parse".to_owned()),
                false => want(workspace, module, statement, &name, &place),
            };
            let line = tree.line(span.start);
            let consumer = Consumer {
                module: id,
                path: module.path.clone(),
                package: module.package,
                line,
                statement: index,
                item: name.item,
                type_checking: statement.context.type_checking,
                usage,
            };
            let evidence = evidence(workspace, module, &name, &place, (line, span));
            found.push(Crossing { consumer, want, evidence, fate: None });
        }
    }
    found
}

/// The place that a name leads to, when it may not be imported.
fn forbidden_place(workspace: &Workspace, module: &Module, name: &ResolvedName) -> Option<Place> {
    let Target::Found(place) = &name.target else { return None };
    let inner = name.name.as_deref().and_then(|name| workspace.submodule(place, name));
    let reached = inner.as_ref().unwrap_or(place);
    let reach = workspace.domains().reach(module.package, workspace.package_of(reached));
    (reach == Reach::Forbidden).then(|| place.clone())
}

fn want(
    workspace: &Workspace,
    module: &Module,
    statement: &ImportStmt,
    name: &ResolvedName,
    place: &Place,
) -> Want {
    let wanted = match (&statement.kind, &name.name) {
        (ImportKind::From(from), None) if matches!(from.names, FromNames::Star(_)) => {
            return Want::Other("a star brings whatever the module has".to_owned());
        }
        (_, None) => return Want::Other("the whole module is imported".to_owned()),
        (_, Some(wanted)) => wanted,
    };
    match workspace.origin(place, wanted) {
        Some(Origin::Definition { module: home, name }) => {
            let owner = workspace.modules().get(home);
            let is_open = workspace.domains().reach(module.package, owner.package) != Reach::Forbidden;
            match owner.name.clone().filter(|_| is_open) {
                Some(own) => Want::Direct(NewImport::From { module: own, name }),
                None => Want::Definition(Definition { module: home, name }),
            }
        }
        Some(Origin::Module(_)) => Want::Other("the whole module is imported".to_owned()),
        Some(Origin::External) => Want::Other("the name comes from outside the workspace".to_owned()),
        None => Want::Other("the module does not have the name".to_owned()),
    }
}

fn evidence(
    workspace: &Workspace,
    module: &Module,
    name: &ResolvedName,
    place: &Place,
    (line, span): (usize, Span),
) -> Evidence {
    let package = workspace.package_of(place).map(|id| workspace.package(id).name.clone());
    let path = match place {
        Place::Module(id) => workspace.modules().get(*id).path.clone(),
        Place::Namespace(folder) => folder.clone(),
    };
    let candidate = Candidate {
        module: workspace.name_of(place).unwrap_or_else(|| name.module.clone()),
        path,
        package,
        how: "is imported".to_owned(),
        suffix: 0,
        reach: Reach::Forbidden.name().to_owned(),
        obstacle: None,
    };
    Evidence {
        class: Class::Imports,
        path: module.path.clone(),
        line,
        span,
        package: workspace.package_name(module).map(str::to_owned),
        subject: repot_workspace::subject(name),
        rule: String::new(),
        candidates: vec![candidate],
        winner: Some(0),
        outcome: Outcome::Decision { decision: DecisionKind::Forbidden },
        warnings: Vec::new(),
    }
}
