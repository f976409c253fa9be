//! `dependency-groups`: the groups that the template names, as extras or as
//! groups of PEP 735, and extras that refer to the package's own.

use serde_json::json;

use super::{Lack, Rule, Subject};
use crate::requirement::{normal, requirement};
use crate::{Change, Document, Key};

pub(super) const RULE: Rule = Rule {
    name: "dependency-groups",
    about: "there is an extra or a group for everything that the template names",
    of_hatchling: false,
    asked: |template| !template.groups.is_empty(),
    lacks,
};

const EXTRAS: &str = "project.optional-dependencies";
const GROUPS: &str = "dependency-groups";

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    let document = subject.document;
    if document.get("project").is_none() {
        return vec![Lack::left(RULE.name, EXTRAS, "there are no groups", "there is no `[project]`")];
    }
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    let has = |place: &str, group: &str| document.keys(place).iter().any(|key| normal(key) == normal(group));
    let missing = subject.template.groups.iter().filter(|group| !has(EXTRAS, group) && !has(GROUPS, group));
    let mut lacks = Vec::new();
    for group in missing {
        let words = format!("there is no group `{group}`");
        let place = if dynamic.contains(&"optional-dependencies") { GROUPS } else { place(subject) };
        let change = Change::Set(Key::dotted(place).child(group), json!(usual(group)));
        lacks.push(Lack { key: Key::dotted(place), ..Lack::mended(RULE.name, place, words, vec![change]) });
    }
    lacks.extend(references(document, &subject.template.groups));
    lacks
}

/// Where a missing group goes.
fn place(subject: &Subject<'_>) -> &'static str {
    match subject.template.groups_in.as_deref() {
        Some(GROUPS) => GROUPS,
        Some(_) => EXTRAS,
        // Nobody said so: where the package has its groups.
        None if subject.document.get(GROUPS).is_some() && subject.document.get(EXTRAS).is_none() => GROUPS,
        None => EXTRAS,
    }
}

/// What a group of this name usually holds.
fn usual(group: &str) -> &'static [&'static str] {
    match group {
        "dev" => &["mypy>=1.8", "ruff>=0.4"],
        "test" | "tests" => &["pytest>=8.0", "pytest-cov>=5.0"],
        "docs" | "doc" => &["mkdocs>=1.6"],
        "performance" => &["pytest-benchmark>=4.0"],
        "security" => &["bandit>=1.7", "pip-audit>=2.7"],
        "monitoring" => &["prometheus-client>=0.20"],
        _ => &[],
    }
}

/// Extras that name extras of the same package: these exist, and `all` names
/// every one that the template asks for.
fn references(document: &Document, wanted: &[String]) -> Vec<Lack> {
    let Some(own) = document.text("project.name").map(normal) else { return Vec::new() };
    let extras: Vec<String> = document.keys(EXTRAS).into_iter().map(normal).collect();
    let mut lacks = Vec::new();
    for extra in document.keys(EXTRAS) {
        let key = Key::dotted(EXTRAS).child(extra);
        for text in document.texts(&key).unwrap_or_default() {
            let Some(found) = requirement(text).filter(|found| normal(found.name.as_ref()) == own) else {
                continue;
            };
            let stated: Vec<&str> = found.extras.iter().map(AsRef::as_ref).collect();
            let mut named: Vec<String> = stated.iter().map(|name| (*name).to_owned()).collect();
            named.retain(|name| extras.contains(&normal(name)));
            if normal(extra) == "all" {
                let has =
                    |named: &[String], group: &String| named.iter().any(|name| normal(name) == normal(group));
                let missing = wanted.iter().filter(|group| extras.contains(&normal(group)));
                let missing: Vec<String> = missing.filter(|group| !has(&named, group)).cloned().collect();
                named.extend(missing);
            }
            if named.is_empty() || named == stated {
                continue;
            }
            let Some(to) = spelled(text, &named) else { continue };
            let words = format!("`{extra}` refers to `{text}`, which does not fit the extras that there are");
            let change = Change::Replace { list: key.clone(), from: text.to_owned(), to };
            lacks.push(Lack { key: key.clone(), ..Lack::mended(RULE.name, EXTRAS, words, vec![change]) });
        }
    }
    lacks
}

/// The requirement with other extras between its brackets.
fn spelled(text: &str, extras: &[String]) -> Option<String> {
    let (before, rest) = text.split_once('[')?;
    let (_, after) = rest.split_once(']')?;
    Some(format!("{before}[{}]{after}", extras.join(",")))
}
