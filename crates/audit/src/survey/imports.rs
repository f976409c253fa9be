//! Which top-level names the tree imports, and how often.
//!
//! Absolute imports only; archived code and templates are not asked.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use repot_python::{ImportKind, ImportStmt};
use repot_workspace::{Module, ModuleId, Role, Target, Workspace};

use super::NameCount;

/// What is imported from below one top-level name.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) statements: usize,
    pub(super) files: usize,
    /// The dotted names behind the top-level one, each with how many statements
    /// name it and with the names that are imported from it.
    pub(super) chains: BTreeMap<String, (usize, BTreeSet<String>)>,
}

/// The dotted modules that a statement names absolutely, each with the names
/// that are imported from it.
pub(super) fn absolute(statement: &ImportStmt) -> Vec<(&str, Vec<&str>)> {
    match &statement.kind {
        ImportKind::Import(items) => items.iter().map(|item| (item.name.text.as_str(), Vec::new())).collect(),
        ImportKind::From(from) => {
            let module = from.module.as_ref().filter(|_| from.level == 0);
            let names = || statement.items().iter().map(|item| item.name.text.as_str()).collect();
            module.map(|module| (module.text.as_str(), names())).into_iter().collect()
        }
    }
}

/// The modules whose imports count.
pub(super) fn living(workspace: &Workspace) -> Vec<(ModuleId, &Module)> {
    workspace.modules().iter().filter(|(_, module)| module.role != Role::Shelved).collect()
}

/// The tallies of the top-level names that `is_wanted`.
pub(super) fn tallies(
    workspace: &Workspace,
    is_wanted: impl Fn(&str) -> bool + Sync,
) -> BTreeMap<String, Tally> {
    let of_file = |(id, _): &(ModuleId, &Module)| {
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        for statement in workspace.file(*id).imports() {
            let mut seen = BTreeSet::new();
            for (dotted, names) in absolute(statement) {
                let (top, chain) = dotted.split_once('.').unwrap_or((dotted, ""));
                if !is_wanted(top) {
                    continue;
                }
                let tally = tallies.entry(top.to_owned()).or_default();
                tally.files = 1;
                tally.statements += usize::from(seen.insert(top));
                let (count, imported) = tally.chains.entry(chain.to_owned()).or_default();
                *count += 1;
                imported.extend(names.into_iter().map(str::to_owned));
            }
        }
        tallies
    };
    living(workspace).par_iter().map(of_file).reduce(BTreeMap::new, merged)
}

fn merged(mut into: BTreeMap<String, Tally>, from: BTreeMap<String, Tally>) -> BTreeMap<String, Tally> {
    for (name, tally) in from {
        let known = into.entry(name).or_default();
        known.statements += tally.statements;
        known.files += tally.files;
        for (chain, (count, names)) in tally.chains {
            let (known, imported) = known.chains.entry(chain).or_default();
            *known += count;
            imported.extend(names);
        }
    }
    into
}

/// Fewer imports that lead nowhere are a slip and say nothing about a name.
const FEWEST_DANGLING: usize = 3;

/// The workspace's own top-level names of which several absolute imports lead
/// nowhere, the most frequent first.
pub(super) fn dangling_roots(workspace: &Workspace) -> Vec<NameCount> {
    let of_module = |(id, module): &(ModuleId, &Module)| -> Vec<String> {
        let statements = workspace.file(*id).imports().iter();
        let modules = statements.flat_map(absolute).map(|(dotted, _)| dotted);
        let top = |dotted: &str| dotted.split('.').next().unwrap_or_default().to_owned();
        modules.filter(|dotted| workspace.resolve(module, 0, dotted) == Target::Missing).map(top).collect()
    };
    let tops: Vec<String> = living(workspace).par_iter().flat_map_iter(of_module).collect();
    let mut roots = counted(tops);
    roots.retain(|root| root.statements >= FEWEST_DANGLING);
    roots
}

/// How often each name occurs, the most frequent first.
pub(super) fn counted(names: impl IntoIterator<Item = String>) -> Vec<NameCount> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
    let mut counts: Vec<NameCount> =
        counts.into_iter().map(|(name, statements)| NameCount { name, statements }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.statements));
    counts
}
