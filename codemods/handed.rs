//! Injections: what project files have to say for what is handed in, and why
//! definitions take more than before. This is no codemod.

use std::collections::BTreeMap;

use repot_change::{Applicability, Candidate, Class, Evidence, Outcome, RelPath, Span};
use repot_codemod::Proposal;
use repot_interface::inject::{Injected, Replaced};
use repot_interface::{Home, Wanted};
use repot_python::ImportStmt;
use repot_workspace::{PackageId, Workspace};

/// What project files have to speak for.
pub fn packages(workspace: &Workspace, home: &Home, injected: &Injected) -> BTreeMap<PackageId, Wanted> {
    let mut wanted: BTreeMap<PackageId, Wanted> = BTreeMap::new();
    let package = |module| workspace.modules().get(module).package;
    for module in injected.edits.keys().chain(injected.imports.keys().map(|place| &place.0)) {
        let head = format!("{}.", home.name);
        let names_home = injected
            .needs
            .get(module)
            .is_some_and(|imports| imports.iter().any(|import| import.module.starts_with(&head)));
        let mut places = injected.imports.iter();
        let keeps = places.any(|(place, one)| place.0 == *module && *one == Replaced::Protocol);
        let own = package(*module).filter(|own| *own != home.package && (names_home || keeps));
        if let Some(own) = own {
            wanted.entry(own).or_default().packages.insert(home.package);
        }
    }
    for (root, known, di) in &injected.assembled {
        let own = wanted.entry(*root).or_default();
        own.packages.insert(home.package);
        own.packages.extend(known.iter().filter_map(|module| package(*module)));
        own.packages.remove(root);
        own.outside.extend(di.distribution().map(str::to_owned));
    }
    wanted
}

/// Says who takes what from now on, and which names go.
pub fn explain(workspace: &Workspace, injected: &Injected, proposal: &mut Proposal) {
    let all = injected.taken.iter();
    proposal.evidence.extend(all.map(|(path, line, owner, name)| taken(workspace, path, *line, owner, name)));
    // Nobody has these from there: that was asked before they were injected.
    let gone = injected.imports.iter().filter(|(_, replaced)| **replaced == Replaced::Gone);
    for ((module, statement, item), _) in gone {
        let items = workspace.file(*module).imports().get(*statement).map(ImportStmt::items);
        if let Some(item) = items.and_then(|items| items.get(*item)) {
            let path = workspace.modules().get(*module).path.clone();
            proposal.retired.insert((path, item.bound().to_owned()));
        }
    }
}

/// Why a definition takes one more parameter.
fn taken(workspace: &Workspace, path: &RelPath, line: usize, owner: &str, parameter: &str) -> Evidence {
    let package = workspace.package_at(path).map(|id| workspace.package(id).name.clone());
    Evidence {
        class: Class::Imports,
        path: path.clone(),
        line,
        span: Span::at(0),
        package,
        subject: owner.to_owned(),
        rule: format!("whoever uses it hands in `{parameter}` from now on"),
        candidates: Vec::<Candidate>::new(),
        winner: None,
        outcome: Outcome::Rewritten { to: owner.to_owned(), applicability: Applicability::Certain },
        warnings: Vec::new(),
    }
}
