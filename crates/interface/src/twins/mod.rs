//! Twins: definitions of several domains that have one name and say the same,
//! with all that they need. Where one of them moves, they may become one.

mod safety;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use repot_python::{ImportStmt, Kind};
use repot_workspace::{ModuleId, Reach, Role};

use crate::Definition;
use crate::closure::{Closures, Parts};
use crate::home::Home;
use crate::inject::Callers;
use crate::part::{Need, Part};
use crate::trees::Trees;

/// The folder of the interface package that twins go to.
pub(crate) const SHARED: &str = "shared";

/// Finds twins.
#[derive(Clone, Copy)]
pub(crate) struct Twins<'a> {
    pub(crate) trees: &'a Trees<'a>,
    pub(crate) home: &'a Home,
    /// Who imports what, looked up when the first twins are found.
    pub(crate) callers: &'a OnceCell<Callers<'a>>,
    /// What people want as it is, each as `module:name`.
    pub(crate) apart: &'a BTreeSet<String>,
}

/// Definitions that become one.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// The one that stands for each of them, itself among them.
    pub(crate) first: BTreeMap<Definition, Definition>,
    /// All of them, and what they need.
    pub(crate) parts: Parts,
    /// Why definitions that look the same stay apart, by the one that moves.
    pub(crate) apart: BTreeMap<Definition, String>,
}

/// Pairs of definitions that say the same.
type Pairs = BTreeSet<(Definition, Definition)>;

impl Groups {
    /// The definition that is written where `definition` moves to.
    pub(crate) fn first_of<'d>(&'d self, definition: &'d Definition) -> &'d Definition {
        self.first.get(definition).unwrap_or(definition)
    }

    /// The others that become one with `definition`.
    pub(crate) fn others_of(&self, definition: &Definition) -> BTreeSet<Definition> {
        let Some(first) = self.first.get(definition) else { return BTreeSet::new() };
        let group = self.first.iter().filter(|(one, other)| *other == first && *one != definition);
        group.map(|(one, _)| one.clone()).collect()
    }

    /// No groups, and `reason` why those of these `parts` are none.
    pub(crate) fn dissolved(mut self, reason: &str, parts: &Parts) -> Self {
        let united = self.first.into_keys().filter(|one| parts.contains_key(one));
        self.apart.extend(united.map(|one| (one, reason.to_owned())));
        Self { apart: self.apart, ..Self::default() }
    }

    /// Takes in a group: whatever is known of one of them holds of all. What is
    /// `there` already stands for the others.
    fn unite(&mut self, group: &BTreeSet<Definition>, there: impl Fn(&Definition) -> bool) {
        let known = group.iter().filter_map(|one| self.first.get(one)).cloned().collect::<BTreeSet<_>>();
        let all = || known.iter().chain(group);
        let Some(first) = all().filter(|one| there(one)).min().or_else(|| all().min()).cloned() else {
            return;
        };
        for other in self.first.values_mut().filter(|other| known.contains(other)) {
            other.clone_from(&first);
        }
        self.first.extend(group.iter().map(|one| (one.clone(), first.clone())));
    }
}

impl<'a> Twins<'a> {
    /// The twins of what moves with these `parts`; those `forced` have none.
    pub(crate) fn find(
        &self,
        closures: &mut Closures<'a>,
        parts: &Parts,
        forced: &BTreeSet<Definition>,
    ) -> Groups {
        let mut groups = Groups::default();
        for (one, part) in parts {
            if !is_subject(part.kind) || forced.contains(one) || !self.is_open(one) {
                continue;
            }
            let alike = self.alike_to(closures, one);
            let Some(classes) = self.across_domains(one, &alike) else { continue };
            match self.check(closures, &classes) {
                Err(reason) => drop(groups.apart.insert(one.clone(), reason)),
                Ok(()) => {
                    classes.values().for_each(|class| groups.unite(class, |one| self.is_there(one)));
                    for other in classes.values().flatten().filter(|other| !self.is_there(other)) {
                        groups.parts.extend(closures.of(other, false).unwrap_or_default());
                    }
                }
            }
        }
        groups
    }

    /// The pairs by which others are like `one`: each other with what it needs.
    fn alike_to(&self, closures: &mut Closures<'a>, one: &Definition) -> Pairs {
        let mut alike = Pairs::new();
        for module in self.trees.workspace().binders_of(&one.name) {
            let other = Definition { module, name: one.name.clone() };
            let is_known = self.is_open(&other) || self.is_there(&other);
            if other == *one || !is_known || closures.of(&other, false).is_err() {
                continue;
            }
            let mut pairs = Pairs::new();
            if self.is_like(closures, (one, &other), &mut pairs) {
                alike.extend(pairs);
            }
        }
        alike
    }

    /// What becomes one with what, by the definitions that `one` needs, itself
    /// among them; `None` where all of them lie in one domain.
    fn across_domains(
        &self,
        one: &Definition,
        alike: &Pairs,
    ) -> Option<BTreeMap<Definition, BTreeSet<Definition>>> {
        let mut classes: BTreeMap<Definition, BTreeSet<Definition>> = BTreeMap::new();
        for (own, other) in alike {
            classes.entry(own.clone()).or_default().extend([own.clone(), other.clone()]);
        }
        let domains: BTreeSet<Option<&str>> =
            classes.get(one)?.iter().map(|member| self.domain_of(member.module)).collect();
        (domains.len() > 1).then_some(classes)
    }

    /// Whether two definitions, and what they need, say the same; `pairs` gets
    /// those that do.
    fn is_like(
        &self,
        closures: &mut Closures<'a>,
        (one, other): (&Definition, &Definition),
        pairs: &mut Pairs,
    ) -> bool {
        if one == other || !pairs.insert((one.clone(), other.clone())) {
            return true;
        }
        let (Ok(mine), Ok(theirs)) = (closures.part(one), closures.part(other)) else { return false };
        one.name == other.name
            && mine.kind == theirs.kind
            && self.says_the_same((one.module, &mine), (other.module, &theirs))
            && self.needs_the_same(closures, &mine, &theirs, pairs)
    }

    fn says_the_same(&self, (one, mine): (ModuleId, &Part), (other, theirs): (ModuleId, &Part)) -> bool {
        let (one, other) = (self.trees.get(one), self.trees.get(other));
        let futures = |imports: &[ImportStmt]| -> BTreeSet<String> {
            let future = imports.iter().filter(|statement| statement.is_future());
            future.flat_map(|one| one.items().iter().map(|item| item.name.text.clone())).collect()
        };
        let essence = one.essence(mine.span);
        essence.is_some()
            && essence == other.essence(theirs.span)
            && futures(one.imports()) == futures(other.imports())
    }

    /// Whether every name means the same on both sides.
    fn needs_the_same(
        &self,
        closures: &mut Closures<'a>,
        mine: &Part,
        theirs: &Part,
        pairs: &mut Pairs,
    ) -> bool {
        fn by_name(part: &Part) -> Vec<&Need> {
            let mut needs: Vec<&Need> = part.needs.iter().collect();
            needs.sort_by_key(|need| need.bound());
            needs
        }
        let (mine, theirs) = (by_name(mine), by_name(theirs));
        mine.len() == theirs.len()
            && mine.iter().zip(theirs).all(|(own, other)| match (own, other) {
                (Need::Import(own), Need::Import(other)) => own == other,
                (
                    Need::Definition { bound, definition, type_checking },
                    Need::Definition { bound: name, definition: other, type_checking: theirs },
                ) => {
                    bound == name
                        && type_checking == theirs
                        && self.is_like(closures, (definition, other), pairs)
                }
                _ => false,
            })
    }

    /// Whether a definition may become one with another: it is bound once, in
    /// code of a domain that may import the interface package, and is not imported
    /// by that; and nobody wants it as it is.
    fn is_open(&self, definition: &Definition) -> bool {
        let workspace = self.trees.workspace();
        let module = workspace.modules().get(definition.module);
        let bindings = workspace.file(definition.module).definitions().names.get(&definition.name);
        let is_bound_once = bindings.is_some_and(|all| matches!(all.as_slice(), [one] if !one.is_import()));
        let name = module.name.as_deref().filter(|_| module.obstacle().is_none()).unwrap_or_default();
        is_bound_once
            && module.role == Role::Code
            && module.path.extension() == Some("py")
            && !self.home.may_import(module.package)
            && self.domain_of(definition.module).is_some()
            && workspace.domains().reach(module.package, Some(self.home.package)) != Reach::Forbidden
            && !name.is_empty()
            && !self.apart.contains(&format!("{name}:{}", definition.name))
    }

    /// Whether a definition lies where twins go, since it became one with others
    /// before.
    fn is_there(&self, definition: &Definition) -> bool {
        let name = self.trees.workspace().modules().get(definition.module).name.as_deref();
        let folder = format!("{}.{SHARED}", self.home.name);
        let bindings = self.trees.workspace().file(definition.module).definitions();
        name.is_some_and(|name| repot_workspace::below(name, &folder).is_some_and(|rest| !rest.is_empty()))
            && bindings.names.get(&definition.name).is_some_and(|all| all.len() == 1)
    }

    fn domain_of(&self, module: ModuleId) -> Option<&'a str> {
        let workspace = self.trees.workspace();
        workspace.domains().of(workspace.modules().get(module).package?)
    }
}

/// Whether twins of this kind are worth becoming one for their own sake: classes
/// and new types. Equal values may mean different things, and nothing tells equal
/// aliases apart.
fn is_subject(kind: Kind) -> bool {
    kind.is_plain() && (kind.is_class() || kind == Kind::NewType)
}
