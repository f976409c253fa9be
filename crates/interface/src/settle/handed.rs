//! Instances that consumers have without naming their class: what their methods,
//! attributes and functions hand on to others, in the whole workspace.

use std::collections::{BTreeMap, BTreeSet};

use repot_python::{Gift, ImportStmt, Passed, Usage};
use repot_workspace::{ModuleId, Origin, Place};

use super::Settling;
use crate::inject::Callers;
use crate::trees::Trees;
use crate::{Consumer, Definition};

/// How often what is handed on may be handed on again.
const MAX_HANDS: usize = 4;

impl Settling<'_> {
    /// What is done with instances of a symbol where it is not imported, but had
    /// from what its `consumers` define; with the modules that do it.
    pub(super) fn handed_on(&self, consumers: &[&Consumer]) -> Vec<(ModuleId, Usage)> {
        let of_consumer = |one: &&Consumer| had_from(self.trees, one.module, &one.usage);
        let mut fresh: BTreeSet<(ModuleId, Gift)> = consumers.iter().flat_map(of_consumer).collect();
        let (mut known, mut usages) = (BTreeSet::new(), Vec::new());
        for _ in 0..MAX_HANDS {
            if fresh.is_empty() {
                break;
            }
            let mut next = BTreeSet::new();
            for (definition, gifts) in by_owner(fresh) {
                for (module, offset) in places(self.trees, self.callers(), &definition) {
                    let usage = self.trees.get(module).scopes().given(offset, &gifts);
                    next.extend(had_from(self.trees, module, &usage));
                    usages.push((module, usage));
                }
                known.extend(gifts.into_iter().map(|gift| (definition.module, gift)));
            }
            fresh = next.difference(&known).cloned().collect();
        }
        usages
    }
}

/// What a module hands out, also by the generic bases of its classes.
fn had_from(trees: &Trees<'_>, module: ModuleId, usage: &Usage) -> Vec<(ModuleId, Gift)> {
    let mut all = usage.gifts.clone();
    let mut work: Vec<(ModuleId, String, Passed)> =
        usage.passed.iter().map(|one| (module, one.class.clone(), one.clone())).collect();
    let mut seen = BTreeSet::new();
    while let Some((place, class, passed)) = work.pop() {
        let Some(base) = meaning(trees, place, &passed.base) else { continue };
        if !seen.insert((class.clone(), base.clone(), passed.at)) {
            continue;
        }
        let inherited = trees.get(base.module).scopes().parameter_of(&base.name, passed.at);
        all.extend(inherited.gifts.into_iter().map(|gift| gift.inherited_by(&class)));
        work.extend(inherited.passed.into_iter().map(|one| (base.module, class.clone(), one)));
    }
    all.into_iter().map(|gift| (module, gift)).collect()
}

/// The definition that `module` calls `name`, also by a legacy import.
fn meaning(trees: &Trees<'_>, module: ModuleId, name: &str) -> Option<Definition> {
    if let Some(Origin::Definition { module, name }) = trees.workspace().origin(&Place::Module(module), name)
    {
        return Some(Definition { module, name });
    }
    let source = trees.get(module);
    let mut items = source.imports().iter().flat_map(ImportStmt::items);
    let item = items.find(|item| item.bound() == name)?;
    trees.legacy(module, item.span.start).cloned()
}

/// The gifts of each definition: of a class, or of a name of its module.
fn by_owner(gifts: BTreeSet<(ModuleId, Gift)>) -> BTreeMap<Definition, Vec<Gift>> {
    let mut found: BTreeMap<Definition, Vec<Gift>> = BTreeMap::new();
    for (module, gift) in gifts {
        let name = gift.owner.clone().unwrap_or_else(|| gift.name.clone());
        found.entry(Definition { module, name }).or_default().push(gift);
    }
    found
}

/// Where files bind `definition`: its own, and those that import it.
fn places(trees: &Trees<'_>, callers: &Callers<'_>, definition: &Definition) -> Vec<(ModuleId, usize)> {
    let source = trees.get(definition.module);
    let own = &source.definitions().names;
    let own = own.get(&definition.name).into_iter().flatten().filter(|one| !one.is_import());
    let own = own.map(|binding| (definition.module, binding.span.start));
    let imported = callers.imports_of(definition).filter_map(|(module, statement, item)| {
        let source = trees.get(module);
        let start = source.imports().get(statement)?.items().get(item)?.bound_start();
        Some((module, start))
    });
    own.chain(imported).collect()
}
