//! `identity`: a `[project]` table with a name and a version.

use std::str::FromStr;

use pep440_rs::Version;
use serde_json::{Map, Value};

use super::{Lack, Question, Rule, Subject, poetry, wants_hatchling};
use crate::requirement::normal;
use crate::{Change, Key, Older};

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
            Err(question) => Lack::open(RULE.name, "tool.poetry", words, question),
        }];
    }
    if !has_project && document.get("tool.flit.metadata").is_some() {
        let words = "the metadata stand in `[tool.flit.metadata]`, not in `[project]`";
        let reason = "an old Flit knows what they mean; a new one reads `[project]` alone";
        let question = Question::keeping(RULE.name, reason);
        return vec![Lack::open(RULE.name, "tool.flit.metadata", words, question)];
    }
    if !has_project && let Some(older) = &subject.facts.older {
        match &older.metadata {
            Ok(metadata) if metadata.is_empty() && older.obstacle.is_none() => {}
            Ok(metadata) if older.obstacle.is_none() => return vec![carried(older, metadata)],
            told => {
                // Half of what a build says is not taken away from it.
                let reason = told.clone().err().or(older.obstacle.clone()).unwrap_or_default();
                let question = Question::keeping(RULE.name, reason);
                return vec![Lack::open(RULE.name, "project", "there is no `[project]`", question)];
            }
        }
    }
    let mut lacks = Vec::new();
    let told = subject.target(RULE.name);
    if document.get("project.name").is_none() {
        let told = told.filter(|told| is_distribution(&normal(told)) && !is_version(told));
        let name = told.map_or_else(|| normal(&subject.facts.folder), str::to_owned);
        lacks.push(if is_distribution(&normal(&name)) {
            let change = Change::Set(Key::dotted("project.name"), name.as_str().into());
            Lack::mended(RULE.name, "project.name", "there is no `project.name`", vec![change])
        } else {
            let reason = format!("the folder `{}` makes no name; a target is one", subject.facts.folder);
            let question = Question::keeping(RULE.name, reason);
            Lack::open(RULE.name, "project.name", "there is no `project.name`", question)
        });
    }
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    if document.get("project.version").is_none() && !dynamic.contains(&"version") {
        lacks.push(version(subject, has_project));
    }
    lacks
}

/// The order in which people read a `[project]`.
const ORDER: [&str; 14] = [
    "name",
    "version",
    "description",
    "readme",
    "requires-python",
    "license",
    "authors",
    "maintainers",
    "keywords",
    "classifiers",
    "dependencies",
    "optional-dependencies",
    "scripts",
    "urls",
];

/// The metadata of an older build, key by key.
fn carried(older: &Older, metadata: &Map<String, Value>) -> Lack {
    let project = Key::dotted("project");
    let mut changes = Vec::new();
    let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    let mut metadata: Vec<(&String, &Value)> = metadata.iter().collect();
    metadata.sort_by_key(|(name, _)| place(name));
    for (name, value) in metadata {
        match value {
            // A table of its own, key by key.
            Value::Object(table) if name != "license" => {
                let key = project.child(name);
                changes.extend(table.iter().map(|(name, value)| Change::Set(key.child(name), value.clone())));
            }
            value => changes.push(Change::Set(project.child(name), value.clone())),
        }
    }
    let words = format!("the metadata stand in `{}`, not in `[project]`", older.file);
    Lack::mended(RULE.name, "project", words, changes)
}

/// The version that a module states, else the first one of a package that never
/// had any.
fn version(subject: &Subject<'_>, has_project: bool) -> Lack {
    let (key, words) = ("project.version", "there is no `project.version`");
    let told = subject.target(RULE.name).filter(|told| is_version(told));
    if let Some(told) = told {
        return Lack::mended(RULE.name, key, words, vec![Change::Set(Key::dotted(key), told.into())]);
    }
    let told = subject.target(RULE.name).map(str::to_owned).filter(|told| subject.facts.has_file(told));
    let versions = told.map_or_else(|| subject.facts.versions.clone(), |told| vec![told]);
    let [path] = versions.as_slice() else {
        if has_project || !subject.facts.versions.is_empty() {
            return Lack::open(RULE.name, "project", words, which_version(subject, RULE.name));
        }
        return Lack::mended(RULE.name, key, words, vec![Change::Set(Key::dotted(key), "0.1.0".into())]);
    };
    let changes = vec![
        Change::Set(Key::dotted("tool.hatch.version.path"), Value::from(path.as_str())),
        Change::Push(Key::dotted("project.dynamic"), "version".to_owned()),
    ];
    Lack::mended(RULE.name, key, words, changes)
}

/// The question which file states the version; a target may be a version too.
pub(super) fn which_version(subject: &Subject<'_>, rule: &'static str) -> Question {
    let several = subject.facts.versions.iter().map(|path| (path.clone(), "states a version".to_owned()));
    let reason = "no one file of the package states its version; a target is such a file, or a version";
    Question { targets: several.collect(), ..Question::keeping(rule, reason) }
}

pub(super) fn is_version(text: &str) -> bool {
    Version::from_str(text).is_ok()
}

/// PEP 508's form of a name.
fn is_distribution(name: &str) -> bool {
    let is_end = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    is_end(name.chars().next())
        && is_end(name.chars().last())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
}
