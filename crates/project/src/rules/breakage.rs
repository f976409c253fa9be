//! `builds`: nothing in the metadata stops hatchling.
//!
//! Each of these is an error of hatchling's, by its own words; a table that
//! names hatchling is worth nothing while one of them stands.

use serde_json::json;
use toml_edit::Item;

use super::identity::{is_version, which_version};
use super::{Lack, Rule, Subject, wants_hatchling};
use crate::requirement::{is_direct, requirement};
use crate::valid::{faults, is_classifier};
use crate::{Change, Key};

pub(super) const RULE: Rule = Rule {
    name: "builds",
    about: "nothing in the metadata stops the build",
    of_hatchling: true,
    asked: wants_hatchling,
    lacks,
};

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    if !subject.is_hatchling() {
        return Vec::new();
    }
    let parts = [readme, licence, version, direct, unknown_classifiers, doubled];
    let lacks: Vec<Lack> = parts.into_iter().flat_map(|part| part(subject)).collect();
    // What can be mended may be at fault as well.
    if lacks.is_empty() { wrong(subject) } else { lacks }
}

/// What the specifications do not allow.
fn wrong(subject: &Subject<'_>) -> Vec<Lack> {
    let lack = |(key, words): (Key, String)| Lack {
        key,
        ..Lack::left(RULE.name, "project", words, "what it means is unclear")
    };
    faults(&subject.document.values()).into_iter().map(lack).collect()
}

/// The file that `key` or its `file` names.
fn named_file<'s>(subject: &Subject<'s>, key: &str) -> Option<&'s str> {
    let item = subject.document.get(key)?;
    item.as_str().or_else(|| item.get("file").and_then(Item::as_str))
}

fn readme(subject: &Subject<'_>) -> Vec<Lack> {
    let key = "project.readme";
    let Some(named) = named_file(subject, key).filter(|named| !subject.facts.has_file(named)) else {
        return Vec::new();
    };
    let is_readme = |file: &&String| {
        !file.contains('/')
            && file.to_lowercase().starts_with("readme.")
            && (file.ends_with(".md") || file.ends_with(".rst"))
    };
    let change = match subject.facts.files.iter().find(is_readme) {
        Some(real) => Change::Set(Key::dotted(key), json!(real)),
        None => Change::Remove(Key::dotted(key)),
    };
    vec![Lack::mended(RULE.name, key, format!("the readme `{named}` does not exist"), vec![change])]
}

fn licence(subject: &Subject<'_>) -> Vec<Lack> {
    let key = "project.license";
    let file = subject.document.get("project.license.file").and_then(Item::as_str);
    let Some(named) = file.filter(|named| !subject.facts.has_file(named)) else { return Vec::new() };
    let is_licence = |file: &&String| {
        let lower = file.to_lowercase();
        !file.contains('/') && (lower.starts_with("license") || lower.starts_with("licence"))
    };
    let change = match subject.facts.files.iter().find(is_licence) {
        Some(real) => Change::Set(Key::dotted("project.license.file"), json!(real)),
        None => Change::Remove(Key::dotted(key)),
    };
    vec![Lack::mended(RULE.name, key, format!("the licence file `{named}` does not exist"), vec![change])]
}

/// A version that a plugin or a file gives.
fn version(subject: &Subject<'_>) -> Vec<Lack> {
    let document = subject.document;
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    if !dynamic.contains(&"version") || document.get("project.version").is_some() {
        return Vec::new();
    }
    if document.text("tool.hatch.version.source") == Some("vcs") {
        let key = Key::dotted("build-system.requires");
        let listed = document.texts(&key).unwrap_or_default();
        let is_vcs = |text: &&str| requirement(text).is_some_and(|found| found.name.as_ref() == "hatch-vcs");
        if listed.iter().any(is_vcs) {
            return Vec::new();
        }
        let words = "the version comes from git, and hatch-vcs is not required";
        let change = Change::Push(key, "hatch-vcs".to_owned());
        return vec![Lack::mended(RULE.name, "tool.hatch.version", words, vec![change])];
    }
    let path = Key::dotted("tool.hatch.version.path");
    let stated = document.at(&path).and_then(Item::as_str);
    if stated.is_some_and(|stated| subject.facts.has_file(stated)) {
        return Vec::new();
    }
    if stated.is_none() && document.get("tool.hatch.version").is_some() {
        return Vec::new();
    }
    let words = match stated {
        Some(stated) => format!("the version is read from `{stated}`, which does not exist"),
        None => "the version is dynamic, and nothing says where it comes from".to_owned(),
    };
    let told = subject.target(RULE.name);
    let changes = match (subject.facts.versions.as_slice(), told) {
        (_, Some(told)) if is_version(told) => vec![
            Change::Set(Key::dotted("project.version"), json!(told)),
            Change::Drop(Key::dotted("project.dynamic"), "version".to_owned()),
        ],
        (_, Some(told)) if subject.facts.has_file(told) => vec![Change::Set(path, json!(told))],
        ([real], _) => vec![Change::Set(path, json!(real))],
        _ => {
            let question = which_version(subject, RULE.name);
            return vec![Lack::open(RULE.name, "tool.hatch.version", words, question)];
        }
    };
    vec![Lack::mended(RULE.name, "tool.hatch.version", words, changes)]
}

/// Every list of requirements: its key and its items.
fn listed<'s>(subject: &Subject<'s>) -> Vec<(Key, Vec<&'s str>)> {
    let extras = Key::dotted("project.optional-dependencies");
    let names = subject.document.keys("project.optional-dependencies");
    let keys = std::iter::once(Key::dotted("project.dependencies"))
        .chain(names.iter().map(|name| extras.child(name)));
    keys.filter_map(|key| subject.document.texts(&key).map(|texts| (key, texts))).collect()
}

fn direct(subject: &Subject<'_>) -> Vec<Lack> {
    let allowed = "tool.hatch.metadata.allow-direct-references";
    let is_allowed = subject.document.get(allowed).and_then(Item::as_bool) == Some(true);
    let lists = listed(subject);
    let found = lists.iter().find_map(|(key, texts)| Some((key, texts.iter().find(|text| is_direct(text))?)));
    match found.filter(|_| !is_allowed) {
        Some((key, text)) => {
            let change = Change::Set(Key::dotted(allowed), json!(true));
            let words = format!("`{text}` is a direct reference, and these are not allowed");
            vec![Lack { key: key.clone(), ..Lack::mended(RULE.name, allowed, words, vec![change]) }]
        }
        None => Vec::new(),
    }
}

fn unknown_classifiers(subject: &Subject<'_>) -> Vec<Lack> {
    let key = Key::dotted("project.classifiers");
    let stated = subject.document.texts(&key).unwrap_or_default();
    let unknown = stated.iter().filter(|text| !is_classifier(text));
    let lack = |text: &&str| {
        let change = Change::Drop(key.clone(), (*text).to_owned());
        Lack::mended(
            RULE.name,
            "project.classifiers",
            format!("there is no classifier `{text}`"),
            vec![change],
        )
    };
    unknown.map(lack).collect()
}

/// What is said and computed as well.
fn doubled(subject: &Subject<'_>) -> Vec<Lack> {
    let key = Key::dotted("project.dynamic");
    let dynamic = subject.document.texts(&key).unwrap_or_default();
    let twice =
        dynamic.iter().filter(|name| subject.document.at(&Key::dotted("project").child(name)).is_some());
    let lack = |name: &&str| {
        let change = Change::Drop(key.clone(), (*name).to_owned());
        Lack::mended(
            RULE.name,
            "project.dynamic",
            format!("`{name}` is said and dynamic as well"),
            vec![change],
        )
    };
    twice.map(lack).collect()
}
