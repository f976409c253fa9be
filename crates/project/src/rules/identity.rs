//! `identity`: a `[project]` table with a name and a version.

use serde_json::Value;

use super::{Lack, Rule, Subject, poetry, wants_hatchling};
use crate::requirement::normal;
use crate::{Change, Key, Legacy};

pub(super) const RULE: Rule = Rule {
    name: "identity",
    about: "`[project]` has a name and a version",
    of_hatchling: false,
    asked: wants_hatchling,
    lacks,
};

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    let document = subject.document;
    let has_project = document.get("project").is_some();
    if !has_project && document.get("tool.poetry").is_some() {
        let words = "the metadata stand in `[tool.poetry]`, not in `[project]`";
        return vec![match poetry::carried(subject) {
            Ok(changes) => Lack::mended(RULE.name, "tool.poetry", words, changes),
            Err(reason) => Lack::left(RULE.name, "tool.poetry", words, reason),
        }];
    }
    if !has_project && let Some(reason) = elsewhere(subject) {
        return vec![Lack::left(RULE.name, "project", "there is no `[project]`", reason)];
    }
    let mut lacks = Vec::new();
    if document.get("project.name").is_none() {
        let name = normal(&subject.facts.folder);
        lacks.push(if is_distribution(&name) {
            let change = Change::Set(Key::dotted("project.name"), name.as_str().into());
            Lack::mended(RULE.name, "project.name", "there is no `project.name`", vec![change])
        } else {
            let reason = format!("the folder `{}` makes no name", subject.facts.folder);
            Lack::left(RULE.name, "project.name", "there is no `project.name`", reason)
        });
    }
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    if document.get("project.version").is_none() && !dynamic.contains(&"version") {
        lacks.push(version(subject, has_project));
    }
    lacks
}

/// Why the metadata are not to be written anew: something else has them.
fn elsewhere(subject: &Subject<'_>) -> Option<String> {
    (subject.facts.legacy == Legacy::Telling)
        .then(|| "the metadata stand in `setup.py` or `setup.cfg`".to_owned())
}

/// The version that a module states, else the first one of a package that never
/// had any.
fn version(subject: &Subject<'_>, has_project: bool) -> Lack {
    let (key, words) = ("project.version", "there is no `project.version`");
    let [path] = subject.facts.versions.as_slice() else {
        if has_project || !subject.facts.versions.is_empty() {
            return Lack::left(RULE.name, "project", words, "no file of the package states its version");
        }
        return Lack::mended(RULE.name, key, words, vec![Change::Set(Key::dotted(key), "0.1.0".into())]);
    };
    let changes = vec![
        Change::Set(Key::dotted("tool.hatch.version.path"), Value::from(path.as_str())),
        Change::Push(Key::dotted("project.dynamic"), "version".to_owned()),
    ];
    Lack::mended(RULE.name, key, words, changes)
}

/// PEP 508's form of a name.
fn is_distribution(name: &str) -> bool {
    let is_end = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    is_end(name.chars().next())
        && is_end(name.chars().last())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
}
