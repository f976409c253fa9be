//! Domains: who may import whom.

use std::collections::BTreeMap;

use crate::{Package, PackageId};

/// How near a target lies to its importer, the nearest first.
///
/// The order is that of the ranking: same package, same domain, may be
/// imported, any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Both lie in one package.
    SamePackage,
    /// Both packages lie in one domain.
    SameDomain,
    /// The importer's domain may import the target's, or has no rule.
    MayImport,
    /// The importer's domain may not import the target's.
    Forbidden,
}

impl Reach {
    /// The reach as it is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SamePackage => "same package",
            Self::SameDomain => "same domain",
            Self::MayImport => "may be imported",
            Self::Forbidden => "forbidden domain",
        }
    }
}

/// The domains of a workspace: which package lies in which, and their rules.
#[derive(Debug, Clone, Default)]
pub struct Domains {
    rules: BTreeMap<String, Vec<String>>,
    of_package: Vec<Option<String>>,
}

impl Domains {
    /// Sorts `packages` into the domains of the roadmap; the first domain whose
    /// patterns match a package's folder has it.
    #[must_use]
    pub fn new(domains: &BTreeMap<String, repot_roadmap::Domain>, packages: &[Package]) -> Self {
        let of_package = packages
            .iter()
            .map(|package| {
                let folder = package.folder.as_str();
                let has = |domain: &repot_roadmap::Domain| {
                    domain.members.iter().any(|glob| glob.value.matches(folder))
                };
                domains.iter().find(|(_, domain)| has(domain)).map(|(name, _)| name.clone())
            })
            .collect();
        let names = |domain: &repot_roadmap::Domain| {
            domain.may_import.iter().map(|name| name.value.clone()).collect()
        };
        Self {
            rules: domains.iter().map(|(name, domain)| (name.clone(), names(domain))).collect(),
            of_package,
        }
    }

    /// The domain of a package.
    #[must_use]
    pub fn of(&self, package: PackageId) -> Option<&str> {
        self.of_package.get(package.index())?.as_deref()
    }

    /// How near `target` lies to `importer`, packages seen as `None` when a
    /// file belongs to no package. A package without a domain may import
    /// whatever it likes, and nobody is forbidden to import one.
    #[must_use]
    pub fn reach(&self, importer: Option<PackageId>, target: Option<PackageId>) -> Reach {
        let (Some(importer), Some(target)) = (importer, target) else { return Reach::MayImport };
        if importer == target {
            return Reach::SamePackage;
        }
        match (self.of(importer), self.of(target)) {
            (Some(from), Some(to)) if from == to => Reach::SameDomain,
            (Some(from), Some(to)) if !self.may_import(from, to) => Reach::Forbidden,
            _ => Reach::MayImport,
        }
    }

    fn may_import(&self, from: &str, to: &str) -> bool {
        self.rules.get(from).is_some_and(|allowed| allowed.iter().any(|name| name == to || name == "*"))
    }
}
