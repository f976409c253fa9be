//! The types that protocols name, and those that these name in turn: plain data
//! moves, a class becomes a protocol of what could be used of it, and what is
//! left is `Any`.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::Span;
use repot_python::{Access, Kind, MemberUse, Name, Then, Usage, Verb};
use repot_workspace::{ModuleId, Reach, Role};

use super::Settling;
use super::publish::{PublicationKind, Published, Publisher, Subject};
use super::stuck::{Wants, is_unfit};
use crate::closure::Closures;
use crate::inject::Contract;
use crate::protocol::{Conformance, Known, Protocols, member_of};
use crate::relocate::Relocated;
use crate::{Consumer, Definition, Strategy};

/// One protocol that is to be written.
struct Wanted {
    /// Where it goes; none for one that only other protocols name.
    contract: Option<Contract>,
    usages: Vec<Usage>,
    /// The files in which its members may be used.
    files: BTreeSet<ModuleId>,
    users: BTreeSet<String>,
}

/// All protocols that are to be written, and what moves for them.
pub(super) struct Typed {
    wanted: BTreeMap<Definition, Wanted>,
    pub(super) moving: BTreeMap<Definition, BTreeSet<String>>,
}

/// Finds what `start` needs.
pub(super) fn close(settling: &Settling<'_>, start: Wants<'_>, closures: &mut Closures<'_>) -> Typed {
    let protocols = Protocols::new(settling.trees, settling.home);
    let mut work: Vec<Definition> = start.keys().cloned().collect();
    let wanted = start.into_iter().map(|(definition, (contract, consumers))| {
        let mut one = Wanted::of(settling, contract, &consumers);
        for (module, usage) in settling.handed_on(&consumers) {
            one.files.insert(module);
            one.usages.push(usage);
        }
        // Not every way that an instance takes can be followed.
        one.usages.push(members_said(settling, &definition, &one.files));
        (definition, one)
    });
    let mut typed = Typed { wanted: wanted.collect(), moving: BTreeMap::new() };
    while let Some(next) = work.pop() {
        let Some(one) = typed.wanted.get(&next) else { continue };
        let usages: Vec<&Usage> = one.usages.iter().collect();
        let (asks, files, users) = (protocols.asks(&next, &usages), one.files.clone(), one.users.clone());
        for ask in asks {
            let definition = ask.definition;
            let may_move = settling.terms.allows(&definition, Strategy::Relocate);
            let is_plain = settling.trees.kind(&definition).is_some_and(Kind::is_plain);
            if is_plain && may_move && closures.of(&definition, false).is_ok() {
                typed.moving.entry(definition).or_default().extend(users.iter().cloned());
            } else if !ask.is_exact && typed.nest(settling, &definition, &files) {
                work.push(definition);
            }
        }
    }
    typed
}

impl Wanted {
    fn of(settling: &Settling<'_>, contract: Contract, consumers: &[&Consumer]) -> Self {
        let workspace = settling.trees.workspace();
        let package = |one: &&Consumer| Some(workspace.package(one.package?).name.clone());
        Self {
            contract: Some(contract),
            usages: consumers.iter().map(|one| one.usage.clone()).collect(),
            files: consumers.iter().map(|one| one.module).collect(),
            users: consumers.iter().filter_map(package).collect(),
        }
    }
}

impl Typed {
    /// Whether a type becomes a protocol for what `files` may do with it, or one
    /// that says more than before.
    fn nest(&mut self, settling: &Settling<'_>, definition: &Definition, files: &BTreeSet<ModuleId>) -> bool {
        let is_class = matches!(
            settling.trees.kind(definition),
            Some(Kind::Class | Kind::Abstract | Kind::Dataclass | Kind::Model)
        );
        if !is_class
            || is_unfit(settling, definition).is_some()
            || !settling.terms.allows(definition, Strategy::Protocol)
        {
            return false;
        }
        let known = self.wanted.get(definition);
        let mut all = files.clone();
        all.extend(known.into_iter().flat_map(|one| one.files.iter().copied()));
        if known.is_some_and(|one| one.files == all) {
            return false;
        }
        let usage = members_said(settling, definition, &all);
        if usage.members.is_empty() && known.is_none() {
            return false;
        }
        let one = self.wanted.entry(definition.clone()).or_insert_with(|| Wanted {
            contract: None,
            usages: Vec::new(),
            files: BTreeSet::new(),
            users: BTreeSet::new(),
        });
        one.files = all;
        one.usages.push(usage);
        true
    }

    /// Writes all of them.
    pub(super) fn publish(
        mut self,
        settling: &Settling<'_>,
        mut publisher: Publisher<'_>,
        relocated: &Relocated,
    ) -> Published {
        let protocols = Protocols::new(settling.trees, settling.home);
        for (definition, one) in &mut self.wanted {
            if one.contract.is_none() {
                let subject = Subject::of(settling.trees, settling.home, definition);
                let usages: Vec<&Usage> = one.usages.iter().collect();
                let draft = protocols.draft(definition, &usages, &BTreeMap::new());
                let module = draft.and_then(|draft| publisher.seat(&subject, &draft));
                one.contract = module.map(|module| Contract { module, name: definition.name.clone() });
            }
        }
        let moved = relocated
            .moved
            .iter()
            .map(|(one, module)| (one.clone(), Known { module: module.clone(), is_same: true }));
        let written = self.wanted.iter().filter_map(|(definition, one)| {
            let module = one.contract.as_ref()?.module.clone();
            let is_class = settling.trees.kind(definition).is_some_and(Kind::is_class);
            is_class.then(|| (definition.clone(), Known { module, is_same: false }))
        });
        let known: BTreeMap<Definition, Known> = written.chain(moved).collect();
        for (definition, one) in self.wanted {
            let usages: Vec<&Usage> = one.usages.iter().collect();
            let draft = protocols.draft(&definition, &usages, &known);
            if let Some((contract, draft)) = one.contract.zip(draft) {
                publisher.add(&contract.module, PublicationKind::Protocol, draft, &one.users);
                check(settling, &definition, contract, &mut publisher);
            }
        }
        publisher.publish()
    }
}

/// Has type checkers fail when `definition` is no longer what its protocol says,
/// where both may be seen: among the tests of its package.
fn check(
    settling: &Settling<'_>,
    definition: &Definition,
    contract: Contract,
    publisher: &mut Publisher<'_>,
) {
    let workspace = settling.trees.workspace();
    let module = workspace.modules().get(definition.module);
    let is_named = module.obstacle().is_none() && module.role == Role::Code;
    let named = module.name.clone().filter(|_| is_named).zip(module.package);
    let Some((name, package)) = named.filter(|(_, package)| {
        workspace.domains().reach(Some(*package), Some(settling.home.package)) != Reach::Forbidden
    }) else {
        return;
    };
    let conformance = Conformance {
        module: name,
        name: definition.name.clone(),
        protocol_module: contract.module,
        protocol: contract.name,
        is_function: settling.trees.kind(definition) == Some(Kind::Function),
    };
    let draft = conformance.check();
    let subject = Subject::checks(settling.trees, package);
    if let Some(seat) = subject.and_then(|subject| publisher.seat(&subject, &draft)) {
        publisher.add(&seat, PublicationKind::Check, draft, &BTreeSet::new());
    }
}

/// The members of a class whose names `files` say behind a dot.
pub(super) fn members_said(
    settling: &Settling<'_>,
    definition: &Definition,
    files: &BTreeSet<ModuleId>,
) -> Usage {
    let said: BTreeSet<String> =
        files.iter().flat_map(|file| attributes(settling.trees.get(*file).bytes())).collect();
    let members = said.into_iter().filter(|name| member_of(settling.trees, definition, name));
    let used = |text: String| MemberUse {
        name: Name { text, span: Span::at(0) },
        access: Access { span: Span::at(0), verb: Verb::Read, then: Then::Kept },
    };
    Usage { members: members.map(used).collect(), ..Usage::default() }
}

/// The names that stand behind a dot, but for the special ones.
fn attributes(bytes: &[u8]) -> BTreeSet<String> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let found = memchr::memchr_iter(b'.', bytes).filter_map(|at| {
        let rest = bytes.get(at + 1..)?;
        let end = rest.iter().position(|byte| !is_word(byte)).unwrap_or(rest.len());
        let starts = !rest.starts_with(b"__") && !rest.first().is_some_and(u8::is_ascii_digit);
        (starts && end > 0).then(|| String::from_utf8_lossy(&rest[..end]).into_owned())
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_dot_is_an_attribute() {
        let found = attributes(b"a.b.c(1.5)[0].d_e\n._x . y 2.e5 \"x.\"");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["_x", "b", "c", "d_e", "e5"]);
    }
}
