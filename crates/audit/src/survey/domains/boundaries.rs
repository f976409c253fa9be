//! `.domain-boundaries.yaml` and `.domain-rules.yaml`: home-made files that
//! many repositories have in one form or another.
//!
//! There is no specification. Domains with their packages and what they may
//! depend on are read, under the keys that such files use, and so are bare
//! lists of who may depend on whom; everything else is named as not carried.

use std::collections::BTreeSet;

use repot_workspace::Snapshot;
use saphyr::{LoadableYamlNode, Yaml};

use super::exempt::Exempt;
use super::{Allowed, Rule, Rules, text_of};

const FILES: [&str; 4] =
    [".domain-boundaries.yaml", ".domain-boundaries.yml", ".domain-rules.yaml", ".domain-rules.yml"];

/// Longer files are written by no hand.
const MAX_LEN: usize = 256 << 10;

/// Nor are files that are indented further. Every block of YAML begins further
/// to the right than the one around it, and the loader descends once for each;
/// of brackets it bounds the depth itself.
const MAX_INDENT: usize = 100;

const DOMAINS: &[&str] = &["domains", "modules", "contexts", "boundaries"];
const PLACES: &[&str] = &["packages", "members", "paths", "path", "modules", "folders", "include"];
const ALLOWED: &[&str] = &[
    "allowed_dependencies",
    "allowed_imports",
    "may_import",
    "may-import",
    "can_import",
    "can_depend_on",
    "depends_on",
    "dependencies",
    "allowed",
    "allow",
];
const LISTS: &[&str] = &["dependency_rules", "allowed_dependencies", "dependencies"];
const FOR_ALL: &[&str] = &["global_allowed", "always_allowed"];
const ISOLATED: &[&str] = &["isolated_packages", "isolated_domains", "isolated"];
const FROM: &[&str] = &["from", "from_package", "source", "importer"];
const TO: &[&str] = &["to", "to_package", "target", "imports"];
const OWNER: &[&str] = &["owner", "approved_by", "approver"];
const REASON: &[&str] = &["reason", "justification", "description"];
const EXPIRES: &[&str] = &["expires", "expires_at", "expiry", "until"];
const SILENT: &[&str] = &["version", "name", "description", "isolation_rules", "exceptions"];

/// What the first of the files says, when there is one and it is YAML.
pub(super) fn read(snapshot: &Snapshot) -> Option<Rules> {
    let (file, text) = text_of(snapshot, &FILES)?;
    let mut rules = Rules::of(file);
    let documents = Some(text).filter(|text| is_by_hand(text)).map(Yaml::load_from_str);
    match documents {
        Some(Ok(documents)) => documents.first().into_iter().for_each(|document| rules.add(document)),
        _ => rules.carried.push(format!("`{}` cannot be read as YAML", rules.file)),
    }
    Some(rules)
}

fn is_by_hand(text: &str) -> bool {
    let indent = |line: &str| line.find(|c| !matches!(c, ' ' | '\t' | '-' | '?')).unwrap_or(line.len());
    text.len() <= MAX_LEN && text.split(['\n', '\r']).all(|line| indent(line) <= MAX_INDENT)
}

impl Rules {
    fn add(&mut self, document: &Yaml<'_>) {
        for entry in first(document, DOMAINS).map(named).unwrap_or_default() {
            self.rules.push(rule(entry.0, entry.1));
        }
        for (name, allowed) in first(document, LISTS).map(listed).unwrap_or_default() {
            self.rules.push(Rule { name, places: Vec::new(), allowed: Allowed::Only(allowed) });
        }
        self.allow_for_all(
            &FOR_ALL.iter().flat_map(|key| texts(document.as_mapping_get(key))).collect::<Vec<_>>(),
        );
        let isolation = document.as_mapping_get("isolation_rules").unwrap_or(document);
        self.isolate(&ISOLATED.iter().flat_map(|key| texts(isolation.as_mapping_get(key))).collect());
        self.read_exceptions(document);
        self.name_the_rest(document);
    }

    fn allow_for_all(&mut self, names: &[String]) {
        for rule in &mut self.rules {
            if let Allowed::Only(allowed) = &mut rule.allowed {
                allowed.extend(names.iter().filter(|name| **name != rule.name).cloned());
            }
        }
    }

    /// Nobody may import an isolated domain, whatever else is said.
    fn isolate(&mut self, names: &BTreeSet<String>) {
        for rule in &mut self.rules {
            if let Allowed::Only(allowed) = &mut rule.allowed {
                allowed.retain(|name| !names.contains(name));
            }
        }
    }

    fn read_exceptions(&mut self, document: &Yaml<'_>) {
        let rules = document.as_mapping_get("rules").and_then(Yaml::as_vec).map_or(&[][..], Vec::as_slice);
        for holder in std::iter::once(document).chain(rules) {
            let exceptions = holder.as_mapping_get("exceptions").and_then(Yaml::as_vec);
            for exception in exceptions.map_or(&[][..], Vec::as_slice) {
                let text = |keys: &[&str]| first(exception, keys).and_then(Yaml::as_str).map(str::to_owned);
                let (Some(from), Some(to)) = (text(FROM), text(TO)) else {
                    self.carried
                        .push(format!("`{}`: an exception does not say who may import what", self.file));
                    continue;
                };
                let (owner, reason, expires) = (text(OWNER), text(REASON), text(EXPIRES));
                self.exempt.push(Exempt { from, to, owner, reason, expires });
            }
        }
    }

    fn name_the_rest(&mut self, document: &Yaml<'_>) {
        let known = [DOMAINS, LISTS, FOR_ALL, ISOLATED, SILENT].concat();
        let keys = document.as_mapping().into_iter().flatten().filter_map(|(key, _)| key.as_str());
        let rest: Vec<String> =
            keys.filter(|key| !known.contains(key)).map(|key| format!("`{key}`")).collect();
        if !rest.is_empty() {
            self.carried.push(format!("`{}`: a roadmap has no place for {}", self.file, rest.join(", ")));
        }
    }
}

/// The value of the first of `keys` that a mapping has.
fn first<'a, 'i>(node: &'a Yaml<'i>, keys: &[&str]) -> Option<&'a Yaml<'i>> {
    keys.iter().find_map(|key| node.as_mapping_get(key))
}

/// The entries of a mapping by key, or of a list of mappings by their `name`.
fn named<'a, 'i>(node: &'a Yaml<'i>) -> Vec<(&'a str, &'a Yaml<'i>)> {
    let by_key =
        node.as_mapping().into_iter().flatten().filter_map(|(key, value)| Some((key.as_str()?, value)));
    let by_name = node.as_vec().into_iter().flatten();
    by_key.chain(by_name.filter_map(|entry| Some((entry.as_mapping_get("name")?.as_str()?, entry)))).collect()
}

fn rule(name: &str, entry: &Yaml<'_>) -> Rule {
    let allowed = ALLOWED.iter().find_map(|key| entry.as_mapping_get(key));
    let places = PLACES.iter().flat_map(|key| texts(entry.as_mapping_get(key))).collect();
    Rule {
        name: name.to_owned(),
        places,
        allowed: allowed.map_or(Allowed::Any, |node| Allowed::Only(texts(Some(node)).into_iter().collect())),
    }
}

/// Who may depend on whom: lists by name, at any depth of grouping.
fn listed(node: &Yaml<'_>) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    let entries = node.as_mapping().into_iter().flatten();
    for (key, value) in entries {
        let Some(name) = key.as_str() else { continue };
        let groups: Vec<&Yaml<'_>> =
            value.as_vec().into_iter().flatten().filter(|item| item.is_mapping()).collect();
        match (value.is_mapping(), groups.is_empty()) {
            (true, _) => found.extend(listed(value)),
            (false, false) => groups.into_iter().for_each(|group| found.extend(listed(group))),
            (false, true) if value.is_sequence() => {
                found.push((name.to_owned(), texts(Some(value)).into_iter().collect()));
            }
            (false, true) => {}
        }
    }
    found
}

/// The texts of a list, or a single text.
fn texts(node: Option<&Yaml<'_>>) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    let items = node.as_vec().map_or(std::slice::from_ref(node), Vec::as_slice);
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
