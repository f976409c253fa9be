//! What is defined nowhere: a contract says what its consumers would have of it.
//!
//! It lies in the consumers' own package where only one uses it, and in the
//! interface package where several do.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_workspace::{PackageId, Reach, Role, Tree};

use super::publish::{PublicationKind, Publisher, Subject};
use super::{Answer, Settling, Verdict};
use crate::contract::contract;
use crate::inject::Place;
use crate::{Consumer, Foreign, Strategy};

/// Where a contract goes: the tree, and what stands before its name there.
type Site = ((String, RelPath), String);

impl Settling<'_> {
    /// Settles the symbols without a definition, by their imports.
    pub(super) fn owed(
        &self,
        foreign: &[Foreign],
        publisher: &mut Publisher<'_>,
    ) -> BTreeMap<Place, Verdict> {
        let mut places = BTreeMap::new();
        for one in foreign.iter().filter(|one| one.definition.is_none()) {
            let is_certain = |consumer: &&Consumer| self.is_certain(consumer);
            let (certain, probing): (Vec<_>, Vec<_>) = one.consumers.iter().partition(is_certain);
            let verdict = match self.promise(one, &certain, publisher) {
                Ok(verdict) => verdict,
                Err(reason) => open(format!("no contract can say what it would be: {reason}")),
            };
            places.extend(certain.into_iter().map(|one| (one.place(), verdict.clone())));
            let reason = "its import may fail here, and a contract would never let it";
            places.extend(probing.into_iter().map(|one| (one.place(), open(reason.to_owned()))));
        }
        places
    }

    /// Whether an import is no probe, which a contract would answer wrongly.
    fn is_certain(&self, consumer: &Consumer) -> bool {
        let source = self.trees.get(consumer.module);
        let statement = source.imports().get(consumer.statement);
        statement.is_some_and(|one| one.context.type_checking || !one.context.guarded)
    }

    fn promise(
        &self,
        one: &Foreign,
        consumers: &[&Consumer],
        publisher: &mut Publisher<'_>,
    ) -> Result<Verdict, String> {
        let workspace = self.trees.workspace();
        let is_code = |consumer: &&&Consumer| workspace.modules().get(consumer.module).role == Role::Code;
        if !consumers.iter().any(|consumer| is_code(&consumer)) {
            return Err("no code that is shipped imports it".to_owned());
        }
        let packages: BTreeSet<Option<PackageId>> = consumers.iter().map(|one| one.package).collect();
        let users = packages.iter().flatten().map(|id| workspace.package(*id).name.clone());
        let users: BTreeSet<String> = users.collect();
        let site = match packages.iter().collect::<Vec<_>>()[..] {
            [Some(only)] => self.own_site(*only, consumers),
            _ => None,
        };
        let site = match site {
            Some(site) => site,
            None => self.shared_site(&packages, one)?,
        };
        let handed = self.handed_on(consumers);
        let usages = consumers.iter().map(|one| &one.usage).chain(handed.iter().map(|(_, usage)| usage));
        let contract = contract(&one.module, &one.name, usages, &users).map_err(|why| why.to_string())?;
        let subject = Subject::owed(site.0, &site.1, &one.module);
        let module =
            publisher.seat(&subject, &contract.draft).ok_or("its name is taken where it would go")?;
        publisher.add(&module, PublicationKind::Contract, contract.draft, &users);
        let reason = format!("nobody defines it; {} in `{module}` says what is owed", contract.shape.name());
        let answer = Answer::Import { module, name: one.name.clone() };
        Ok(Verdict { strategy: Some(Strategy::Contract), answer, reason })
    }

    /// The domain layer of the package in which all `consumers` lie, or the
    /// package itself where it has none; `None` where no statement can name it.
    fn own_site(&self, package: PackageId, consumers: &[&Consumer]) -> Option<Site> {
        let workspace = self.trees.workspace();
        let is_below = |tree: &&Tree| {
            consumers.iter().any(|one| {
                let module = workspace.modules().get(one.module);
                module.role == Role::Code
                    && module
                        .path
                        .as_str()
                        .strip_prefix(tree.folder.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
                    && module.obstacle().is_none()
            })
        };
        let tree = workspace.package(package).trees.iter().find(is_below)?;
        let domain = tree.folder.join("domain").ok().filter(|folder| workspace.snapshot().is_folder(folder));
        let prefix = if domain.is_some() { "domain" } else { "" };
        let is_named = tree.name.split('.').all(repot_workspace::is_identifier);
        is_named.then(|| ((tree.name.clone(), tree.folder.clone()), prefix.to_owned()))
    }

    /// The interface package, where all may import it.
    fn shared_site(&self, packages: &BTreeSet<Option<PackageId>>, one: &Foreign) -> Result<Site, String> {
        let workspace = self.trees.workspace();
        let is_shut = |package: &&Option<PackageId>| {
            workspace.domains().reach(**package, Some(self.home.package)) == Reach::Forbidden
        };
        if packages.iter().any(|package| is_shut(&package)) {
            return Err("not all who use it may import the interface package".to_owned());
        }
        let domains: BTreeSet<Option<&str>> =
            packages.iter().map(|package| package.and_then(|id| workspace.domains().of(id))).collect();
        let prefix = match domains.into_iter().collect::<Vec<_>>()[..] {
            [Some(domain)] => super::publish::identifier(domain),
            _ => match one.module.split('.').next().unwrap_or_default() {
                "" => "legacy".to_owned(),
                first => super::publish::identifier(first),
            },
        };
        Ok(((self.home.name.clone(), self.home.folder.clone()), prefix))
    }
}

fn open(reason: String) -> Verdict {
    Verdict { strategy: None, answer: Answer::Open, reason }
}
