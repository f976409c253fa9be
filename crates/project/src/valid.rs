//! Whether a `pyproject.toml` says what its specifications allow.
//!
//! The tables are those of PEP 517 and 518 (`[build-system]`), PEP 621 and 639
//! (`[project]`), and PEP 735 (`[dependency-groups]`); tables of tools are their
//! own. What a build needs beyond that, such as files that exist, is not asked
//! here.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use serde_json::{Map, Value};
use trove_classifiers::Classifier;

use crate::requirement::normal;
use crate::{Key, Stated};

/// What is wrong with a document, each with its key and a sentence without a
/// full stop.
#[must_use]
pub fn faults(document: &Value) -> Vec<(Key, String)> {
    let mut check = Check(Vec::new());
    if let Some(value) = document.get("build-system") {
        check.build_system(value);
    }
    if let Some(value) = document.get("project") {
        check.project(value);
    }
    if let Some(value) = document.get("dependency-groups") {
        check.groups(value);
    }
    check.0
}

/// The keys of `[project]` that a backend may compute.
const DYNAMIC: [&str; 16] = [
    "version",
    "description",
    "readme",
    "requires-python",
    "license",
    "license-files",
    "authors",
    "maintainers",
    "keywords",
    "classifiers",
    "urls",
    "scripts",
    "gui-scripts",
    "entry-points",
    "dependencies",
    "optional-dependencies",
];

struct Check(Vec<(Key, String)>);

impl Check {
    fn add(&mut self, key: &Key, words: impl Into<String>) {
        self.0.push((key.clone(), words.into()));
    }

    fn table<'v>(&mut self, key: &Key, value: &'v Value) -> Option<&'v Map<String, Value>> {
        if !value.is_object() {
            self.add(key, format!("`{key}` is no table"));
        }
        value.as_object()
    }

    /// The strings of a list that holds nothing else.
    fn texts<'v>(&mut self, key: &Key, value: &'v Value) -> Vec<&'v str> {
        let texts =
            value.as_array().and_then(|items| items.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        if texts.is_none() {
            self.add(key, format!("`{key}` is no list of strings"));
        }
        texts.unwrap_or_default()
    }

    /// A string of which `holds` is true.
    fn text(&mut self, key: &Key, value: &Value, what: &str, holds: impl Fn(&str) -> bool) {
        match value.as_str() {
            None => self.add(key, format!("`{key}` is no string")),
            Some(text) if !holds(text) => self.add(key, format!("`{text}` is no {what}")),
            Some(_) => {}
        }
    }

    fn known(&mut self, key: &Key, table: &Map<String, Value>, known: &[&str]) {
        for name in table.keys().filter(|name| !known.contains(&name.as_str())) {
            self.add(&key.child(name), format!("`{key}` has no key `{name}`"));
        }
    }

    fn requirements(&mut self, key: &Key, value: &Value) {
        for text in self.texts(key, value) {
            if Stated::read(text).is_none() {
                self.add(key, format!("`{text}` is no requirement"));
            }
        }
    }

    fn build_system(&mut self, value: &Value) {
        let key = Key::dotted("build-system");
        let Some(table) = self.table(&key, value) else { return };
        self.known(&key, table, &["requires", "build-backend", "backend-path"]);
        match table.get("requires") {
            Some(value) => self.requirements(&key.child("requires"), value),
            None => self.add(&key, "`build-system` has no `requires`"),
        }
        if let Some(value) = table.get("build-backend") {
            self.text(&key.child("build-backend"), value, "reference to a backend", is_reference);
        }
        if let Some(value) = table.get("backend-path") {
            self.texts(&key.child("backend-path"), value);
        }
    }

    fn project(&mut self, value: &Value) {
        let key = Key::dotted("project");
        let Some(table) = self.table(&key, value) else { return };
        let known: Vec<&str> = DYNAMIC.into_iter().chain(["name", "dynamic"]).collect();
        self.known(&key, table, &known);
        if !table.contains_key("name") {
            self.add(&key, "`project` has no `name`");
        }
        self.dynamic(&key, table);
        for (name, value) in table {
            self.field(&key.child(name), name, value);
        }
    }

    fn dynamic(&mut self, key: &Key, table: &Map<String, Value>) {
        let at = key.child("dynamic");
        let dynamic = table.get("dynamic").map(|value| self.texts(&at, value)).unwrap_or_default();
        for name in &dynamic {
            if !DYNAMIC.contains(name) {
                self.add(&at, format!("`{name}` cannot be dynamic"));
            } else if table.contains_key(*name) {
                self.add(&at, format!("`{name}` is said and dynamic as well"));
            }
        }
        if !table.contains_key("version") && !dynamic.contains(&"version") {
            self.add(key, "`project` has no `version`, and it is not dynamic");
        }
    }

    fn field(&mut self, key: &Key, name: &str, value: &Value) {
        match name {
            "name" => self.text(key, value, "name of a distribution", is_identifier),
            "version" => self.text(key, value, "version", |text| Version::from_str(text).is_ok()),
            "description" => self.text(key, value, "description", |_| true),
            "requires-python" => {
                self.text(key, value, "version specifier", |text| VersionSpecifiers::from_str(text).is_ok());
            }
            "readme" => self.file_or_text(key, value, true),
            "license" => self.file_or_text(key, value, false),
            "license-files" | "keywords" => drop(self.texts(key, value)),
            "authors" | "maintainers" => self.people(key, value),
            "classifiers" => self.classifiers(key, value),
            "dependencies" => self.requirements(key, value),
            "optional-dependencies" => {
                for (name, value) in self.table(key, value).into_iter().flatten() {
                    if !is_identifier(name) {
                        self.add(key, format!("`{name}` is no name of an extra"));
                    }
                    self.requirements(&key.child(name), value);
                }
            }
            "urls" => {
                for (name, value) in self.table(key, value).into_iter().flatten() {
                    self.text(&key.child(name), value, "address", |_| true);
                }
            }
            "scripts" | "gui-scripts" => self.points(key, value),
            "entry-points" => {
                for (group, value) in self.table(key, value).into_iter().flatten() {
                    let is_group = |text: &str| text.split('.').all(is_word);
                    if !is_group(group) {
                        self.add(key, format!("`{group}` is no group of entry points"));
                    }
                    self.points(&key.child(group), value);
                }
            }
            _ => {}
        }
    }

    fn points(&mut self, key: &Key, value: &Value) {
        for (name, value) in self.table(key, value).into_iter().flatten() {
            self.text(&key.child(name), value, "reference to an object", is_reference);
        }
    }

    /// A string, or a table with either a file or a text.
    fn file_or_text(&mut self, key: &Key, value: &Value, is_readme: bool) {
        let Some(table) = value.as_object() else { return self.text(key, value, "text", |_| true) };
        if table.contains_key("file") == table.contains_key("text") {
            self.add(key, format!("`{key}` says either `file` or `text`"));
        }
        if is_readme && !table.contains_key("content-type") {
            self.add(key, format!("`{key}` has no `content-type`"));
        }
        for (name, value) in table {
            self.text(&key.child(name), value, "text", |_| true);
        }
    }

    fn people(&mut self, key: &Key, value: &Value) {
        let people = value.as_array().map(Vec::as_slice);
        if people.is_none() {
            self.add(key, format!("`{key}` is no list of tables"));
        }
        for person in people.unwrap_or_default() {
            let Some(table) = self.table(key, person) else { continue };
            self.known(key, table, &["name", "email"]);
            for (name, value) in table {
                let is_right = |text: &str| name == "name" || is_email(text);
                self.text(key, value, "address of a person", is_right);
            }
        }
    }

    fn classifiers(&mut self, key: &Key, value: &Value) {
        for text in self.texts(key, value) {
            if !is_classifier(text) {
                self.add(key, format!("there is no classifier `{text}`"));
            }
        }
    }

    fn groups(&mut self, value: &Value) {
        let key = Key::dotted("dependency-groups");
        let Some(table) = self.table(&key, value) else { return };
        for (name, value) in table {
            let at = key.child(name);
            if !is_identifier(name) {
                self.add(&at, format!("`{name}` is no name of a group"));
            }
            if !value.is_array() {
                self.add(&at, format!("`{at}` is no list"));
            }
            for item in value.as_array().into_iter().flatten() {
                self.member(&at, item);
            }
        }
    }

    fn member(&mut self, key: &Key, item: &Value) {
        if let Some(text) = item.as_str() {
            if Stated::read(text).is_none() {
                self.add(key, format!("`{text}` is no requirement"));
            }
            return;
        }
        let included = item.as_object().filter(|table| table.len() == 1);
        if included.and_then(|table| table.get("include-group")?.as_str()).is_none() {
            self.add(key, format!("an item of `{key}` neither requires nor includes anything"));
        }
    }
}

/// A name as PEP 508 has it.
fn is_identifier(text: &str) -> bool {
    let is_plain = |char: char| char.is_ascii_alphanumeric();
    let is_known = text.chars().all(|char| is_plain(char) || matches!(char, '-' | '_' | '.'));
    is_known && text.starts_with(is_plain) && text.ends_with(is_plain) && !normal(text).is_empty()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char == '_' || char.is_alphanumeric())
}

/// `module.path:object.path`, with extras behind it or not.
fn is_reference(text: &str) -> bool {
    let bare = match text.split_once('[') {
        Some((bare, rest)) if rest.trim_end().ends_with(']') => bare,
        Some(_) => return false,
        None => text,
    };
    let (module, object) =
        bare.split_once(':').map_or((bare, None), |(module, object)| (module, Some(object)));
    let is_name = |part: &str| crate::facts::is_name(part.trim());
    module.split('.').all(is_name) && object.is_none_or(|object| object.split('.').all(is_name))
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

/// The list at hand may be older than a new version of Python or framework.
pub(crate) fn is_classifier(text: &str) -> bool {
    let new = ["Private ::", "Programming Language ::", "Framework ::"];
    new.iter().any(|prefix| text.to_lowercase().starts_with(&prefix.to_lowercase()))
        || Classifier::from_str(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    /// The examples that are valid, or those that are not, each with the sentence
    /// above it.
    fn examples(are_valid: bool) -> Vec<(&'static str, &'static str)> {
        let (valid, invalid) = include_str!("valid/examples.md").split_once("\n# Invalid\n").unwrap();
        let part = if are_valid { valid } else { invalid };
        let blocks = part.split("\n## ").skip(1);
        let block = |block: &'static str| {
            let (sentence, rest) = block.split_once('\n').unwrap();
            let (_, rest) = rest.split_once("```toml\n").unwrap();
            (sentence, rest.split_once("```").unwrap().0)
        };
        blocks.map(block).collect()
    }

    fn told(text: &str) -> Vec<(Key, String)> {
        faults(&Document::parse(text).unwrap().values())
    }

    #[test]
    fn what_is_valid_is_accepted() {
        let examples = examples(true);
        assert_eq!(examples.len(), 35);
        for (sentence, text) in examples {
            assert_eq!(told(text), [], "{sentence}\n{text}");
        }
    }

    #[test]
    fn what_is_invalid_is_refused() {
        let examples = examples(false);
        assert_eq!(examples.len(), 47);
        for (sentence, text) in examples {
            assert!(!told(text).is_empty(), "{sentence}\n{text}");
        }
    }
}
