//! `dependency-groups`: the groups that the template names, as extras or as
//! groups of PEP 735, and extras that refer to the package's own.

use repot_roadmap::Template;
use serde_json::json;

use super::{Cure, Lack, Question, Rule, Subject};
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
/// The extras as `dynamic` and a roadmap name them.
const EXTRAS_KEY: &str = "optional-dependencies";

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
        let place = if dynamic.contains(&EXTRAS_KEY) { GROUPS } else { place(subject) };
        let change = Change::Set(Key::dotted(place).child(group), contents(subject.template, group));
        lacks.push(Lack { key: Key::dotted(place), ..Lack::mended(RULE.name, place, words, vec![change]) });
    }
    lacks.extend(misplaced(subject));
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

/// Groups that the template wants in the other place.
fn misplaced(subject: &Subject<'_>) -> Vec<Lack> {
    let document = subject.document;
    let to = match subject.template.groups_in.as_deref() {
        Some(GROUPS) => GROUPS,
        Some(EXTRAS_KEY) => EXTRAS,
        _ => return Vec::new(),
    };
    let from = if to == GROUPS { EXTRAS } else { GROUPS };
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    if dynamic.contains(&EXTRAS_KEY) {
        return Vec::new();
    }
    let is_wanted = |name: &&str| subject.template.groups.iter().any(|group| normal(group) == normal(name));
    let stated = document.keys(from);
    let (wanted, others): (Vec<&str>, Vec<&str>) = stated.iter().partition(|name| is_wanted(name));
    let mut lacks = Vec::new();
    let mut stay = others.len();
    for name in wanted {
        let (key, goal) = (Key::dotted(from).child(name), Key::dotted(to).child(name));
        let words = format!("`{name}` stands in `{from}`, not in `{to}`");
        let cure = match immovable(document, from, to, name) {
            Some(reason) => {
                stay += 1;
                Cure::Open(Question::keeping(RULE.name, reason))
            }
            None => Cure::Changes(vec![Change::Move(key.clone(), goal)]),
        };
        lacks.push(Lack { rule: RULE.name, words, key, cure });
    }
    // A table that nothing is left in goes with its last group.
    if let Some(Lack { cure: Cure::Changes(changes), .. }) = lacks.last_mut()
        && stay == 0
        && document.get(from).is_some_and(toml_edit::Item::is_table)
    {
        changes.push(Change::Remove(Key::dotted(from)));
    }
    lacks
}

/// Why a group cannot be moved.
fn immovable(document: &Document, from: &str, to: &str, name: &str) -> Option<String> {
    let key = Key::dotted(from).child(name);
    let items = document.at(&key).and_then(|item| item.as_array());
    let Some(items) = items else { return Some("it is no list".to_owned()) };
    if document.keys(to).iter().any(|other| normal(other) == normal(name)) {
        return Some(format!("`{to}` has one of that name as well"));
    }
    if items.iter().any(|item| !item.is_str()) {
        return Some("it includes another group".to_owned());
    }
    let own = document.text("project.name").map(normal);
    let is_own = |text: &str| requirement(text).is_some_and(|found| Some(normal(found.name.as_ref())) == own);
    if items.iter().filter_map(toml_edit::Value::as_str).any(is_own) {
        return Some("it refers to the package's own extras".to_owned());
    }
    let includes = |text: &str| {
        document.keys(GROUPS).into_iter().any(|group| {
            let list = document.at(&Key::dotted(GROUPS).child(group)).and_then(|item| item.as_array());
            let tables = list.into_iter().flatten().filter_map(toml_edit::Value::as_inline_table);
            tables
                .filter_map(|table| table.get("include-group")?.as_str())
                .any(|other| normal(other) == normal(text))
        })
    };
    if from == GROUPS && includes(name) {
        return Some("another group includes it".to_owned());
    }
    let is_plain = |place: &str| {
        document.get(place).is_none_or(|item| item.as_table().is_some_and(|table| !table.is_dotted()))
    };
    let loses = document.has_comment(&Key::dotted(from)) && !(is_plain(from) && is_plain(to));
    loses.then(|| "its comments have no place in the other table".to_owned())
}

/// What a missing group is to hold.
fn contents(template: &Template, group: &str) -> serde_json::Value {
    template.requirements.get(group).map_or_else(|| json!(usual(group)), |stated| json!(stated))
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
            if named == stated {
                continue;
            }
            let words = format!("`{extra}` refers to `{text}`, which does not fit the extras that there are");
            let list = key.clone();
            let change = match spelled(text, &named) {
                _ if named.is_empty() => Change::Drop(list, text.to_owned()),
                Some(to) => Change::Replace { list, from: text.to_owned(), to },
                None => continue,
            };
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
