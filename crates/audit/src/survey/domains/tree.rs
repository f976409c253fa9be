//! Domains from the folders: where packages lie in groups, each group is one.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_roadmap::Pattern;
use repot_workspace::Package;

use crate::survey::glob;
use crate::survey::{DomainOrigin, SurveyedDomain};

/// Groups that all others may import by default. Of two of them the later may
/// import the earlier, so that they do not go in circles.
const SHARED: [&str; 11] = [
    "shared",
    "common",
    "foundation",
    "kernel",
    "core",
    "contracts",
    "interfaces",
    "lib",
    "libs",
    "platform",
    "infrastructure",
];

/// The domains that member globs of the form `folder/*/*` show, by name.
pub(super) fn domains(members: &[String], packages: &[Package]) -> Vec<SurveyedDomain> {
    let mut found: Vec<SurveyedDomain> = Vec::new();
    for member in members {
        let Some(group) = member.strip_suffix("/*/*").filter(|group| !group.ends_with('*')) else { continue };
        let Ok(pattern) = Pattern::new(member) else { continue };
        let outer = packages.iter().filter(|package| pattern.matches(package.folder.as_str()));
        // A folder without any Python has nothing that a rule could be about.
        let living = outer.filter(|package| packages.iter().any(|inner| lives_in(inner, &package.folder)));
        let folders: BTreeSet<RelPath> = living.filter_map(|package| package.folder.parent()).collect();
        for folder in folders {
            if !found.iter().any(|domain| domain.name == folder.file_name()) {
                found.push(domain(&folder, group, members, packages));
            }
        }
    }
    if found.len() < 2 {
        return Vec::new();
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let names: Vec<String> = found.iter().map(|domain| domain.name.clone()).collect();
    found.iter_mut().for_each(|domain| domain.may_import = may_import(&domain.name, &names));
    found
}

fn lives_in(package: &Package, folder: &RelPath) -> bool {
    package.folder.is_within(folder) && !package.trees.is_empty()
}

/// The domain of `folder`, with the globs of packages that lie deeper in it.
fn domain(folder: &RelPath, group: &str, members: &[String], packages: &[Package]) -> SurveyedDomain {
    let own = glob::below(folder, "*");
    let start = format!("{group}/{}/", glob::escaped(folder.file_name()));
    let deeper = members.iter().filter(|member| {
        let pattern = Pattern::new(member).ok().filter(|_| member.starts_with(&start) && **member != own);
        pattern.is_some_and(|pattern| packages.iter().any(|package| pattern.matches(package.folder.as_str())))
    });
    SurveyedDomain {
        name: folder.file_name().to_owned(),
        members: std::iter::once(own.clone()).chain(deeper.cloned()).collect(),
        may_import: Vec::new(),
        imports_today: Vec::new(),
        origin: DomainOrigin::Tree,
    }
}

fn may_import(own: &str, names: &[String]) -> Vec<String> {
    let earlier = SHARED.iter().take_while(|shared| **shared != own);
    earlier
        .filter(|shared| names.iter().any(|name| name == *shared))
        .map(|shared| (*shared).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_domains_import_in_one_direction() {
        let names = ["ai", "infrastructure", "interfaces", "shared"].map(str::to_owned);
        assert_eq!(may_import("ai", &names), ["shared", "interfaces", "infrastructure"]);
        assert_eq!(may_import("infrastructure", &names), ["shared", "interfaces"]);
        assert!(may_import("shared", &names).is_empty());
    }
}
