//! import-linter: contracts in `.importlinter`, `setup.cfg` or
//! `pyproject.toml`.
//!
//! A contract forbids, a domain allows: every package that a contract names
//! becomes a domain that may import all others but those which some contract
//! keeps from it. Contracts about the parts of one package cannot be said.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_workspace::{Package, Snapshot};

use super::{Allowed, Rule, Rules, text_of};
use crate::survey::pyproject::{Toml, texts_of};

/// A contract by its keys; lists are split already.
struct Contract {
    name: String,
    kind: String,
    keys: BTreeMap<String, Vec<String>>,
}

/// Pairs of packages, the first of which may not import the second.
type Forbidden = BTreeSet<(String, String)>;

/// What the contracts say, when there are some.
pub(super) fn read(snapshot: &Snapshot, packages: &[Package]) -> Option<Rules> {
    let (file, contracts) = in_ini(snapshot).or_else(|| in_pyproject(snapshot))?;
    let shipped: BTreeSet<&str> =
        packages.iter().flat_map(|package| &package.trees).map(|tree| tree.name.as_str()).collect();
    let mut rules = Rules::of(file);
    let (mut names, mut forbidden) = (BTreeSet::new(), Forbidden::new());
    for contract in &contracts {
        let (modules, pairs) = contract.meaning();
        if modules.is_empty() || !modules.iter().all(|module| shipped.contains(module.as_str())) {
            let reason =
                if modules.is_empty() { "is of a kind that" } else { "is about parts of packages, which" };
            rules.carried.push(format!(
                "`{}`: the contract `{}` {reason} a roadmap cannot say",
                rules.file, contract.name
            ));
            continue;
        }
        if let Some(ignored) = contract.keys.get("ignore_imports").filter(|ignored| !ignored.is_empty()) {
            rules.carried.push(format!(
                "`{}`: the contract `{}` ignores {}, which count as violations here: nobody is named who answers for them",
                rules.file,
                contract.name,
                ignored.iter().map(|import| format!("`{}`", import.trim())).collect::<Vec<_>>().join(", "),
            ));
        }
        names.extend(modules);
        forbidden.extend(pairs);
    }
    let allowed = |name: &String| {
        let others = names.iter().filter(|other| *other != name);
        let may = others.filter(|other| !forbidden.contains(&(name.clone(), (*other).clone())));
        Allowed::Only(may.map(|other| domain_name(other)).collect())
    };
    rules.rules = names
        .iter()
        .map(|name| Rule { name: domain_name(name), places: vec![name.clone()], allowed: allowed(name) })
        .collect();
    Some(rules)
}

/// A domain is called like its package, which may have dots.
fn domain_name(module: &str) -> String {
    module.replace('.', "-")
}

impl Contract {
    /// The modules that the contract is about and what it forbids; nothing for
    /// a kind that is not known.
    fn meaning(&self) -> (BTreeSet<String>, Forbidden) {
        let list = |key: &str| self.keys.get(key).cloned().unwrap_or_default();
        match self.kind.as_str() {
            "independence" => {
                let modules = list("modules");
                (modules.iter().cloned().collect(), crossed(&modules, &modules))
            }
            "forbidden" => {
                let (from, to) = (list("source_modules"), list("forbidden_modules"));
                (from.iter().chain(&to).cloned().collect(), crossed(&from, &to))
            }
            "layers" => layers(&list("layers"), &list("containers")),
            _ => (BTreeSet::new(), Forbidden::new()),
        }
    }
}

fn crossed(from: &[String], to: &[String]) -> Forbidden {
    let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (a.clone(), b.clone())));
    pairs.filter(|(a, b)| a != b).collect()
}

/// A layer may import those below it. `a | b` stand beside each other and are
/// independent, `a : b` are not; `(a)` may be missing.
fn layers(lines: &[String], containers: &[String]) -> (BTreeSet<String>, Forbidden) {
    let full = |name: &str| -> Vec<String> {
        let name = name.trim().trim_start_matches('(').trim_end_matches(')').trim().to_owned();
        match containers {
            [] => vec![name],
            _ => containers.iter().map(|container| format!("{container}.{name}")).collect(),
        }
    };
    let layers: Vec<(Vec<String>, bool)> = lines
        .iter()
        .map(|line| (line.split(['|', ':']).flat_map(full).collect(), line.contains('|')))
        .collect();
    let mut forbidden = Forbidden::new();
    for (position, (lower, are_independent)) in layers.iter().enumerate() {
        for (upper, _) in layers.iter().take(position) {
            forbidden.extend(crossed(lower, upper));
        }
        if *are_independent {
            forbidden.extend(crossed(lower, lower));
        }
    }
    (layers.into_iter().flat_map(|(names, _)| names).filter(|name| !name.is_empty()).collect(), forbidden)
}

fn in_pyproject(snapshot: &Snapshot) -> Option<(RelPath, Vec<Contract>)> {
    let file = RelPath::new("pyproject.toml").ok()?;
    let toml = Toml::read(snapshot, &file)?;
    let contracts: Vec<Contract> = toml
        .tables("tool.importlinter.contracts")
        .into_iter()
        .map(|table| {
            let text = |key| table.get(key).and_then(|item| item.as_str()).unwrap_or_default().to_owned();
            let keys = table.iter().map(|(key, item)| (key.to_owned(), texts_of(item))).collect();
            Contract { name: text("name"), kind: text("type"), keys }
        })
        .collect();
    (!contracts.is_empty()).then_some((file, contracts))
}

/// The sections `importlinter:contract:…` of an INI file.
fn in_ini(snapshot: &Snapshot) -> Option<(RelPath, Vec<Contract>)> {
    [".importlinter", "setup.cfg"].iter().find_map(|name| {
        let (file, text) = text_of(snapshot, &[name])?;
        let contracts = contracts_of(text);
        (!contracts.is_empty()).then_some((file, contracts))
    })
}

fn contracts_of(text: &str) -> Vec<Contract> {
    let mut sections: Vec<(String, BTreeMap<String, Vec<String>>)> = Vec::new();
    let mut key = String::new();
    for raw in text.lines() {
        let line = raw.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let is_continued = raw.starts_with([' ', '\t']) && !key.is_empty();
        if let Some(name) =
            line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|_| !is_continued)
        {
            sections.push((name.trim().to_owned(), BTreeMap::new()));
            key.clear();
            continue;
        }
        let Some((_, keys)) = sections.last_mut() else { continue };
        let mut value = line;
        if let Some((name, rest)) = line.split_once('=').filter(|_| !is_continued) {
            name.trim().clone_into(&mut key);
            value = rest.trim();
        }
        let values = keys.entry(key.clone()).or_default();
        values.extend(Some(value).filter(|value| !value.is_empty()).map(str::to_owned));
    }
    let is_contract = |(name, _): &(String, BTreeMap<_, _>)| name.starts_with("importlinter:contract:");
    let contract = |(_, keys): (String, BTreeMap<String, Vec<String>>)| {
        let text = |key: &str| keys.get(key).and_then(|values| values.first()).cloned().unwrap_or_default();
        Contract { name: text("name"), kind: text("type"), keys: keys.clone() }
    };
    sections.into_iter().filter(is_contract).map(contract).collect()
}
