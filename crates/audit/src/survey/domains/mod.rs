//! Domains: from the boundary file of the repository, else from its folders.
//!
//! Each format has a reader of its own that tells, in one set of words, what
//! the file rules. Which packages it means, and whether it can be used at all,
//! is found out here.

mod boundaries;
mod exempt;
mod importlinter;
mod place;
mod tach;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_workspace::{Package, Reach, Snapshot, Workspace};

use super::imports::counted;
use super::{DomainOrigin, SurveyedDomain, SurveyedException, glob};
use exempt::Exempt;
use place::Places;

/// What one boundary file rules, in its own words.
#[derive(Debug)]
struct Rules {
    file: RelPath,
    rules: Vec<Rule>,
    /// What it lets pass all the same.
    exempt: Vec<Exempt>,
    /// What has no place in a roadmap, a sentence each.
    carried: Vec<String>,
}

/// What a boundary file says about one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    name: String,
    /// Globs, paths, ends of paths or dotted modules; none when the name says
    /// it all.
    places: Vec<String>,
    allowed: Allowed,
}

/// Whom a domain may import.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Allowed {
    Any,
    Only(BTreeSet<String>),
}

/// Who may import whom, as far as the tree shows it.
#[derive(Debug, Default)]
pub(super) struct Borders {
    /// The domains by name.
    pub domains: Vec<SurveyedDomain>,
    /// What is let pass.
    pub exceptions: Vec<SurveyedException>,
    /// What could not be carried over from files.
    pub carried: Vec<String>,
}

/// The borders as a boundary file draws them, else as the folders do.
pub(super) fn domains(snapshot: &Snapshot, members: &[String], packages: &[Package]) -> Borders {
    let places = Places::new(snapshot, packages);
    let mut files =
        [boundaries::read(snapshot), tach::read(snapshot), importlinter::read(snapshot, packages)]
            .into_iter()
            .flatten();
    let (mut found, mut unused) = (Borders::default(), None);
    for rules in files.by_ref() {
        let (domains, sentences) = settled(&rules, &places);
        if is_usable(&rules, &domains, packages) {
            let (exceptions, not_carried) = exempt::carried(&rules, &places, packages);
            found.carried = [rules.carried, sentences, not_carried].concat();
            (found.domains, found.exceptions) = (domains, exceptions);
            break;
        }
        found.carried.push(not_used(&rules, &domains));
        unused = unused.or(Some(rules));
    }
    found.carried.extend(
        files.map(|rules| format!("`{}` is not looked at: the domains are known already", rules.file)),
    );
    if found.domains.is_empty() {
        found.domains = tree::domains(members, packages);
        unused.iter().for_each(|rules| overlay(&mut found.domains, rules));
    }
    found
}

/// Adds to each domain what it imports today and may not, the most frequent
/// first.
pub(super) fn with_imports_of_today(
    domains: Vec<SurveyedDomain>,
    workspace: &Workspace,
) -> Vec<SurveyedDomain> {
    let mut forbidden: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for crossing in workspace.crossings().iter().filter(|crossing| crossing.reach == Reach::Forbidden) {
        let domain = |package| workspace.domains().of(package);
        if let (Some(from), Some(to)) = (domain(crossing.from), domain(crossing.to)) {
            forbidden.entry(from).or_default().push(to.to_owned());
        }
    }
    let add = |mut domain: SurveyedDomain| {
        let targets = counted(forbidden.remove(domain.name.as_str()).unwrap_or_default());
        domain.imports_today = targets.into_iter().map(|count| (count.name, count.statements)).collect();
        domain
    };
    domains.into_iter().map(add).collect()
}

/// The domains of a file as far as they have packages here, and what has been
/// lost on the way.
fn settled(rules: &Rules, places: &Places<'_>) -> (Vec<SurveyedDomain>, Vec<String>) {
    let mut carried = Vec::new();
    let mut found: BTreeMap<&str, (Vec<String>, Allowed)> = BTreeMap::new();
    for rule in &rules.rules {
        let own_name = [rule.name.clone()];
        let wanted = if rule.places.is_empty() { &own_name[..] } else { &rule.places };
        let (known, unknown): (Vec<_>, Vec<_>) =
            wanted.iter().map(|place| (place, places.globs(place))).partition(|(_, globs)| !globs.is_empty());
        let lost: Vec<&str> = unknown.iter().map(|(place, _)| place.as_str()).collect();
        carried.extend(sentence_about(rules, &rule.name, &lost, known.is_empty()));
        if known.is_empty() {
            continue;
        }
        let (members, allowed) =
            found.entry(&rule.name).or_insert_with(|| (Vec::new(), Allowed::Only(BTreeSet::new())));
        members.extend(known.into_iter().flat_map(|(_, globs)| globs));
        *allowed = allowed.union(&rule.allowed);
    }
    let names: BTreeSet<String> = found.keys().map(|name| (*name).to_owned()).collect();
    let domain = |(name, (mut members, allowed)): (&str, (Vec<String>, Allowed))| {
        let mut seen = BTreeSet::new();
        members.retain(|glob| seen.insert(glob.clone()));
        SurveyedDomain {
            name: name.to_owned(),
            members,
            may_import: allowed.among(&names, name),
            imports_today: Vec::new(),
            origin: DomainOrigin::File(rules.file.clone()),
        }
    };
    (found.into_iter().map(domain).collect(), carried)
}

fn sentence_about(rules: &Rules, domain: &str, lost: &[&str], is_all: bool) -> Option<String> {
    match (lost, is_all) {
        ([], _) => None,
        (_, true) => Some(format!(
            "`{}`: nothing here is one place for domain `{domain}`, which is left out",
            rules.file
        )),
        ([only], false) => {
            Some(format!("`{}`: `{only}` of domain `{domain}` is no package here", rules.file))
        }
        (many, false) => {
            let names = many.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Some(format!("`{}`: of domain `{domain}`, {names} are no packages here", rules.file))
        }
    }
}

/// A file that says where its domains lie is used when two of them are here;
/// one that only names them, when the names cover most of the packages.
fn is_usable(rules: &Rules, domains: &[SurveyedDomain], packages: &[Package]) -> bool {
    if domains.len() < 2 {
        return false;
    }
    if rules.rules.iter().any(|rule| !rule.places.is_empty()) {
        return true;
    }
    let patterns = glob::patterns(domains.iter().flat_map(|domain| &domain.members));
    let living: Vec<&Package> = packages.iter().filter(|package| !package.trees.is_empty()).collect();
    let is_covered =
        |package: &&&Package| patterns.iter().any(|pattern| pattern.matches(package.folder.as_str()));
    living.iter().filter(is_covered).count() * 3 >= living.len() * 2
}

fn not_used(rules: &Rules, domains: &[SurveyedDomain]) -> String {
    let all: BTreeSet<&str> = rules.rules.iter().map(|rule| rule.name.as_str()).collect();
    let here = if domains.is_empty() { "none".to_owned() } else { format!("only {}", domains.len()) };
    let names = if all.len() == 1 { "name" } else { "names" };
    let (file, all) = (&rules.file, all.len());
    format!(
        "`{file}` rules {all} {names}; {here} can be told to be one place, so the domains follow the folders"
    )
}

/// Lets a file that could not be used speak where it names a domain.
fn overlay(domains: &mut [SurveyedDomain], rules: &Rules) {
    let names: BTreeSet<String> = domains.iter().map(|domain| domain.name.clone()).collect();
    for domain in domains {
        if let Some(rule) = rules.rules.iter().find(|rule| rule.name == domain.name) {
            domain.may_import = rule.allowed.among(&names, &domain.name);
        }
    }
}

impl Rules {
    fn of(file: RelPath) -> Self {
        Self { file, rules: Vec::new(), exempt: Vec::new(), carried: Vec::new() }
    }
}

impl Allowed {
    /// Those of `names` that `own` may import, as a roadmap lists them.
    fn among(&self, names: &BTreeSet<String>, own: &str) -> Vec<String> {
        match self {
            Self::Any => vec!["*".to_owned()],
            Self::Only(allowed) => allowed.intersection(names).filter(|name| *name != own).cloned().collect(),
        }
    }

    fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::Only(a.union(b).cloned().collect()),
            _ => Self::Any,
        }
    }
}

/// The text of the first of `names` that lies in the root.
fn text_of<'a>(snapshot: &'a Snapshot, names: &[&str]) -> Option<(RelPath, &'a str)> {
    names.iter().find_map(|name| {
        let path = RelPath::new(name).ok()?;
        let bytes = snapshot.get(&path)?.bytes()?;
        Some((path, std::str::from_utf8(bytes).ok()?))
    })
}

#[cfg(test)]
mod tests;
