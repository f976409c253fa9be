//! `build-system`: the backend of the template.
//!
//! A backend is changed only where the other one is sure to build the package:
//! the metadata stand in `[project]`, nothing is computed by the old backend,
//! and what is shipped is known.

use serde_json::json;

use super::{Lack, Question, Rule, Subject, backend};
use crate::requirement::normal;
use crate::{Change, Document, Key};

pub(super) const RULE: Rule = Rule {
    name: "build-system",
    about: "`[build-system]` names the template's backend",
    of_hatchling: false,
    asked: |template| template.build_backend.is_some(),
    lacks,
};

const KEY: &str = "build-system.build-backend";

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    let Some(wanted) = subject.template.build_backend.as_deref() else { return Vec::new() };
    let stated = subject.document.text(KEY);
    if let Some(stated) = stated.filter(|stated| is_backend(stated, wanted)) {
        return requires(subject, stated, wanted);
    }
    let words = match stated {
        Some(stated) => format!("the build backend is `{stated}`, not {wanted}"),
        None => "there is no build backend".to_owned(),
    };
    if wanted != "hatchling" {
        let reason =
            format!("only hatchling is written for packages that have another backend, not {wanted}");
        return vec![Lack::open(RULE.name, KEY, words, Question::keeping(RULE.name, reason))];
    }
    let translated = match obstacle(subject) {
        Some(question) => Err(question),
        None => backend::translated(subject, stated.unwrap_or_default())
            .map_err(|reason| Question::keeping(RULE.name, reason)),
    };
    let translated = match translated {
        Ok(changes) => changes,
        // Without metadata there is nothing to choose yet.
        Err(question) if subject.document.get("project").is_none() => {
            return vec![Lack::left(RULE.name, KEY, words, question.reason)];
        }
        Err(question) => return vec![Lack::open(RULE.name, KEY, words, question)],
    };
    let mut changes = vec![
        Change::Set(Key::dotted("build-system.requires"), json!(["hatchling"])),
        Change::Set(Key::dotted(KEY), "hatchling.build".into()),
    ];
    if subject.document.get("build-system.backend-path").is_some() {
        changes.push(Change::Remove(Key::dotted("build-system.backend-path")));
    }
    changes.extend(translated);
    changes.extend(retired(subject.document));
    vec![Lack::mended(RULE.name, KEY, words, changes)]
}

/// Whether the module `stated` is one of the distribution `wanted`.
fn is_backend(stated: &str, wanted: &str) -> bool {
    let module = match wanted {
        "poetry-core" => "poetry".to_owned(),
        "pdm-backend" => "pdm".to_owned(),
        _ => wanted.replace('-', "_"),
    };
    stated.split(['.', ':']).next() == Some(module.as_str())
}

/// A backend that `requires` does not name cannot be loaded.
fn requires(subject: &Subject<'_>, stated: &str, wanted: &str) -> Vec<Lack> {
    let key = Key::dotted("build-system.requires");
    let listed = subject.document.texts(&key).unwrap_or_default();
    let is_backend = |text: &&str| {
        crate::requirement::requirement(text)
            .is_some_and(|found| normal(found.name.as_ref()) == normal(wanted))
    };
    if listed.iter().any(is_backend) || subject.document.get("build-system.backend-path").is_some() {
        return Vec::new();
    }
    let words = format!("`build-system.requires` lacks {wanted}, which `{stated}` comes from");
    vec![Lack::mended(RULE.name, "build-system.requires", words, vec![Change::Push(key, wanted.to_owned())])]
}

/// Why the backend cannot be changed.
fn obstacle(subject: &Subject<'_>) -> Option<Question> {
    let document = subject.document;
    let is_clear = !subject.layout().is_empty() || !subject.facts.built.is_empty();
    match old_words(subject) {
        Some(reason) => Some(Question::keeping(RULE.name, reason)),
        None if document.get("project").is_some() && !is_clear && subject.facts.has_code() => {
            Some(subject.which_folder())
        }
        None => None,
    }
}

/// What the old backend does that the new one would not.
fn old_words(subject: &Subject<'_>) -> Option<String> {
    let document = subject.document;
    if document.get("project").is_none() {
        return Some("there is no `[project]` whose metadata it could build".to_owned());
    }
    if let Some(obstacle) = subject.facts.older.as_ref().and_then(|older| older.obstacle.clone()) {
        return Some(obstacle);
    }
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    // What these compute is looked at where their tables are.
    let is_looked_at = document.text(KEY).is_some_and(backend::is_known);
    let is_computed = |_: &&&str| !is_looked_at && document.get("tool.hatch").is_none();
    if let Some(first) = dynamic.iter().find(is_computed) {
        return Some(format!("the old backend computes `{first}`"));
    }
    for (key, what) in OWN {
        if document.get(key).is_some() {
            return Some(format!("`{key}` {what}"));
        }
    }
    None
}

/// What an old backend does that hatchling does otherwise or not at all.
const OWN: &[(&str, &str)] = &[
    ("tool.setuptools.ext-modules", "builds extension modules"),
    ("tool.setuptools.package-data", "chooses the files to ship"),
    ("tool.setuptools.exclude-package-data", "chooses the files to ship"),
    ("tool.setuptools.data-files", "ships files beside the package"),
    ("tool.setuptools.cmdclass", "changes the build"),
    ("tool.poetry.build", "runs a build script"),
    ("tool.poetry.exclude", "chooses the files to ship"),
];

/// Settings of setuptools that only said what the new backend is told already.
fn retired(document: &Document) -> Option<Change> {
    let known = ["packages", "package-dir", "py-modules", "include-package-data", "zip-safe"];
    let keys = document.keys("tool.setuptools");
    let has_comment = document.has_comment(&Key::dotted("tool.setuptools"));
    (!keys.is_empty() && !has_comment && keys.iter().all(|key| known.contains(key)))
        .then(|| Change::Remove(Key::dotted("tool.setuptools")))
}
