//! Poetry's metadata as those of `[project]` (PEP 621).
//!
//! All or nothing: where one key cannot be said otherwise exactly, nothing is
//! carried, and the reason names the key. What is said in the same words moves
//! with its quotes; a comment goes where what it stands beside goes.

mod constraint;

use serde_json::{Map, Value, json};

use super::identity::RULE;
use super::{About, Question, Subject};
use crate::requirement::normal;
use crate::{Change, Key, Place};

pub(crate) use constraint::{range, requirement};

const POETRY: &str = "tool.poetry";
/// Keys that say the same in `[project]` under the same name.
const SAME: [&str; 5] = ["name", "version", "description", "keywords", "classifiers"];
/// Keys with a meaning of their own, each carried below.
const CARRIED: [&str; 14] = [
    "authors",
    "maintainers",
    "readme",
    "license",
    "dependencies",
    "dev-dependencies",
    "group",
    "extras",
    "packages",
    "include",
    "exclude",
    "scripts",
    "plugins",
    "urls",
];
const LINKS: [(&str, &str); 3] =
    [("homepage", "Homepage"), ("repository", "Repository"), ("documentation", "Documentation")];
const SOURCES: &str = "tool.uv.sources";

type Table = Map<String, Value>;

impl From<String> for Question {
    fn from(reason: String) -> Self {
        Self::keeping(RULE.name, reason)
    }
}

impl From<&str> for Question {
    fn from(reason: &str) -> Self {
        Self::keeping(RULE.name, reason)
    }
}

/// The changes that carry everything over.
///
/// # Errors
///
/// Why it cannot be done.
pub(super) fn carried(subject: &Subject<'_>) -> Result<Vec<Change>, Question> {
    let values = subject.document.plain(&Key::dotted(POETRY)).ok_or("there is no Poetry")?;
    let table = values.as_object().ok_or("`[tool.poetry]` is no table")?;
    let is_known = |key: &str| {
        SAME.contains(&key) || CARRIED.contains(&key) || LINKS.iter().any(|(link, _)| *link == key)
    };
    if let Some(stranger) = table.keys().find(|key| !is_known(key)) {
        return Err(format!("`tool.poetry.{stranger}` has no counterpart in `[project]`").into());
    }
    if subject.document.get("tool.poetry-dynamic-versioning").is_some() {
        return Err("the version is computed by `poetry-dynamic-versioning`".into());
    }
    if subject.layout().is_empty() && subject.facts.built.is_empty() {
        return Err(subject.which_folder());
    }
    let mut carrier = Carrier { subject, poetry: Key::dotted(POETRY), changes: Vec::new() };
    carrier.all(table)?;
    Ok(carrier.changes)
}

/// Writes down what becomes of Poetry's keys, one after the other.
struct Carrier<'a> {
    subject: &'a Subject<'a>,
    poetry: Key,
    changes: Vec<Change>,
}

/// The name of an optional dependency, its requirements and its key.
type Optional = (String, Vec<String>, Key);

impl Carrier<'_> {
    fn all(&mut self, table: &Table) -> Result<(), Question> {
        let project = Key::dotted("project");
        for name in ["name", "version"] {
            table.get(name).and_then(Value::as_str).ok_or(format!("Poetry states no {name}"))?;
        }
        for name in SAME.into_iter().filter(|name| table.contains_key(*name)) {
            self.moves(&[name], &project.child(name));
        }
        if let Some(readme) = table.get("readme") {
            readme.as_str().ok_or("`tool.poetry.readme` names several files")?;
            self.moves(&["readme"], &project.child("readme"));
        }
        if let Some(licence) = table.get("license").and_then(Value::as_str) {
            self.set(&project.child("license"), json!({ "text": licence }), Some(&["license"]));
        }
        for name in ["authors", "maintainers"] {
            if let Some(people) = table.get(name).and_then(Value::as_array) {
                let people = people.iter().map(|it| person(it.as_str().unwrap_or_default())).collect();
                self.set(&project.child(name), people, Some(&[name]));
            }
        }
        self.dependencies(table)?;
        self.scripts(table)?;
        self.links(table);
        self.packages(table)?;
        self.changes.extend(super::backend::poetry::files(self.subject)?);
        self.groups(table)?;
        self.changes.push(Change::Remove(self.poetry.clone()));
        Ok(())
    }

    fn old(&self, names: &[&str]) -> Key {
        names.iter().fold(self.poetry.clone(), |key, name| key.child(name))
    }

    fn moves(&mut self, from: &[&str], to: &Key) {
        self.changes.push(Change::Move(self.old(from), to.clone()));
    }

    /// Says `value` at `key`; the comments beside `from` go along.
    fn set(&mut self, key: &Key, value: Value, from: Option<&[&str]>) {
        self.changes.push(Change::Set(key.clone(), value));
        self.changes.extend(from.map(|from| Change::Comment {
            from: self.old(from),
            to: key.clone(),
            item: None,
        }));
    }

    fn dependencies(&mut self, table: &Table) -> Result<(), Question> {
        let project = Key::dotted("project");
        let stated = table.get("dependencies").and_then(Value::as_object);
        let list = project.child("dependencies");
        let (mut needed, mut beside, mut optional) = (Vec::new(), Vec::new(), Vec::<Optional>::new());
        for (name, value) in stated.into_iter().flatten() {
            let from = self.old(&["dependencies", name]);
            if name == "python" {
                let range = range(value.as_str().ok_or("the requirement of Python is no string")?)?;
                if !range.is_empty() {
                    let key = project.child("requires-python");
                    self.set(&key, json!(range), Some(&["dependencies", "python"]));
                }
                continue;
            }
            let is_optional = parts(value).iter().any(|it| it.get("optional") == Some(&Value::Bool(true)));
            let texts = self.requirements(name, value, true)?;
            if is_optional {
                optional.push((name.clone(), texts, from));
            } else {
                beside.extend(texts.first().map(|text| comment(&from, &list, text)));
                needed.extend(texts);
            }
        }
        self.changes.push(Change::Set(list, json!(needed)));
        self.changes.extend(beside);
        self.extras(table, &optional)
    }

    fn extras(&mut self, table: &Table, optional: &[Optional]) -> Result<(), Question> {
        let mut missing: Vec<&Optional> = optional.iter().collect();
        for (extra, names) in table.get("extras").and_then(Value::as_object).into_iter().flatten() {
            let list = Key::dotted("project.optional-dependencies").child(extra);
            let (mut items, mut beside) = (Vec::new(), Vec::new());
            for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
                let found = optional.iter().find(|(optional, ..)| normal(optional) == normal(name));
                let (_, texts, from) =
                    found.ok_or(format!("the extra `{extra}` names `{name}`, which is not optional"))?;
                // Of several extras the first one has the comments.
                if missing.iter().any(|(other, ..)| normal(other) == normal(name)) {
                    beside.extend(texts.first().map(|text| comment(from, &list, text)));
                }
                missing.retain(|(other, ..)| normal(other) != normal(name));
                items.extend(texts.iter().cloned());
            }
            self.changes.push(Change::Set(list.clone(), json!(items)));
            self.changes.extend(beside);
            self.changes.push(Change::Comment { from: self.old(&["extras", extra]), to: list, item: None });
        }
        match missing.first() {
            Some((name, ..)) => Err(format!("`{name}` is optional and in no extra").into()),
            None => Ok(()),
        }
    }

    /// A dependency as requirements; in `[project]` one may name a folder.
    fn requirements(&mut self, name: &str, value: &Value, in_project: bool) -> Result<Vec<String>, Question> {
        let mut texts = Vec::new();
        for part in parts(value) {
            let Some(path) = part.get("path").and_then(Value::as_str) else {
                texts.push(requirement(name, part)?);
                continue;
            };
            let place = self.subject.facts.places.get(&(name.to_owned(), path.to_owned()));
            let source = Key::dotted(SOURCES).child(name);
            texts.push(match place {
                Some(Place::Source(said)) => {
                    self.changes.push(Change::Set(source, said.clone()));
                    constraint::placed(name, part, None)?
                }
                // Hatchling knows the folder of the project by this name.
                Some(Place::Way(way)) if in_project => {
                    constraint::placed(name, part, Some(&format!("{{root:uri}}/{way}")))?
                }
                Some(Place::Way(way)) => {
                    let is_editable = part.get("develop") == Some(&Value::Bool(true));
                    let said = if is_editable {
                        json!({ "path": way, "editable": true })
                    } else {
                        json!({ "path": way })
                    };
                    self.changes.push(Change::Set(source, said));
                    constraint::placed(name, part, None)?
                }
                Some(Place::Unclear { reason, folders }) => {
                    return Err(Question {
                        reason: format!("`{name}` is to be in `{path}`: {reason}"),
                        about: About::Requirement(normal(name)),
                        targets: folders.clone(),
                    });
                }
                None => return Err(format!("the dependency `{name}` names the folder `{path}`").into()),
            });
        }
        Ok(texts)
    }

    fn scripts(&mut self, table: &Table) -> Result<(), Question> {
        let scripts = table.get("scripts").and_then(Value::as_object);
        if scripts.is_some_and(|scripts| !scripts.values().all(Value::is_string)) {
            return Err("a script of `[tool.poetry.scripts]` is more than a function".into());
        }
        for name in scripts.into_iter().flat_map(Map::keys) {
            self.moves(&["scripts", name], &Key::dotted("project.scripts").child(name));
        }
        for (group, points) in table.get("plugins").and_then(Value::as_object).into_iter().flatten() {
            let group_key = Key::dotted("project.entry-points").child(group);
            for name in points.as_object().into_iter().flat_map(Map::keys) {
                self.moves(&["plugins", group, name], &group_key.child(name));
            }
        }
        Ok(())
    }

    fn links(&mut self, table: &Table) {
        let urls = Key::dotted("project.urls");
        for name in table.get("urls").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            self.moves(&["urls", name], &urls.child(name));
        }
        for (link, label) in LINKS.iter().filter(|(link, _)| table.contains_key(*link)) {
            self.moves(&[link], &urls.child(label));
        }
    }

    /// The packages that Poetry ships, for hatchling.
    fn packages(&mut self, table: &Table) -> Result<(), Question> {
        let stated = table.get("packages").and_then(Value::as_array);
        // What is left out would be taken for a choice of everything else.
        if stated.is_none() && !table.contains_key("exclude") {
            return Ok(());
        }
        let packages = stated.into_iter().flatten();
        let is_plain = |package: &Value| {
            let include = package.get("include").and_then(Value::as_str).unwrap_or_default();
            let keys = package.as_object().into_iter().flat_map(Map::keys);
            keys.into_iter().all(|key| key == "include" || key == "from")
                && !include.is_empty()
                && !include.contains(['*', '?', '['])
        };
        if !packages.into_iter().all(is_plain) {
            return Err("`tool.poetry.packages` chooses files, not folders".into());
        }
        // They are those that are shipped now, which the build says.
        self.changes.extend(super::backend::shipped(self.subject));
        Ok(())
    }

    /// Groups of Poetry's as groups of PEP 735.
    fn groups(&mut self, table: &Table) -> Result<(), Question> {
        if let Some(dependencies) = table.get("dev-dependencies").and_then(Value::as_object) {
            self.group("dev", dependencies, &["dev-dependencies"])?;
        }
        for (group, stated) in table.get("group").and_then(Value::as_object).into_iter().flatten() {
            let dependencies = stated.get("dependencies").and_then(Value::as_object);
            let is_plain = stated
                .as_object()
                .is_some_and(|stated| stated.keys().all(|key| key == "dependencies" || key == "optional"));
            let dependencies = dependencies
                .filter(|_| is_plain && !(group == "dev" && table.contains_key("dev-dependencies")))
                .ok_or(format!("the group `{group}` is more than a list"))?;
            self.group(group, dependencies, &["group", group, "dependencies"])?;
        }
        Ok(())
    }

    fn group(&mut self, group: &str, dependencies: &Table, from: &[&str]) -> Result<(), Question> {
        let list = Key::dotted("dependency-groups").child(group);
        let (mut items, mut beside) = (Vec::new(), Vec::new());
        for (name, value) in dependencies {
            let texts = self.requirements(name, value, false)?;
            beside.extend(texts.first().map(|text| comment(&self.old(from).child(name), &list, text)));
            items.extend(texts);
        }
        self.changes.push(Change::Set(list, json!(items)));
        self.changes.extend(beside);
        Ok(())
    }
}

fn comment(from: &Key, list: &Key, item: &str) -> Change {
    Change::Comment { from: from.clone(), to: list.clone(), item: Some(item.to_owned()) }
}

/// The constraints of a dependency: one, or several of which each has its own
/// circumstances.
fn parts(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |several| several.iter().collect())
}

/// `Name <address>` as PEP 621 says it.
fn person(text: &str) -> Value {
    match text.split_once('<') {
        Some((name, address)) => {
            json!({ "name": name.trim(), "email": address.trim_end_matches('>').trim() })
        }
        None => json!({ "name": text.trim() }),
    }
}
