//! Poetry's metadata as those of `[project]` (PEP 621).
//!
//! All or nothing: where one key cannot be said otherwise exactly, nothing is
//! carried, and the reason names the key. `^` and `~` become the ranges that
//! Poetry's documentation gives for them.

use serde_json::{Value, json};

use super::Subject;
use crate::{Change, Key};

const POETRY: &str = "tool.poetry";

/// Keys that say how the same is said in `[project]` under the same name.
const SAME: [&str; 3] = ["description", "keywords", "classifiers"];
/// Keys with a meaning of their own, each carried below.
const CARRIED: [&str; 12] = [
    "name",
    "version",
    "authors",
    "maintainers",
    "readme",
    "license",
    "dependencies",
    "group",
    "extras",
    "packages",
    "scripts",
    "urls",
];
const LINKS: [&str; 3] = ["homepage", "repository", "documentation"];

/// The changes that carry everything over.
///
/// # Errors
///
/// Why it cannot be done.
pub(super) fn carried(subject: &Subject<'_>) -> Result<Vec<Change>, String> {
    let poetry = subject.document.get(POETRY).map(|_| subject.document.values());
    let poetry =
        poetry.as_ref().and_then(|values| values.pointer("/tool/poetry")).ok_or("there is no Poetry")?;
    let table = poetry.as_object().ok_or("`[tool.poetry]` is no table")?;
    let is_known = |key: &&String| {
        SAME.contains(&key.as_str()) || CARRIED.contains(&key.as_str()) || LINKS.contains(&key.as_str())
    };
    if let Some(stranger) = table.keys().find(|key| !is_known(key)) {
        return Err(format!("`tool.poetry.{stranger}` has no counterpart in `[project]`"));
    }
    if subject.document.get("tool.poetry-dynamic-versioning").is_some() {
        return Err("the version is computed by `poetry-dynamic-versioning`".to_owned());
    }
    if subject.layout().is_empty() && subject.facts.built.is_empty() {
        return Err("it is not clear which folder is to be shipped".to_owned());
    }
    let project = Key::dotted("project");
    let mut changes = Vec::new();
    let mut set = |name: &str, value: Value| match value {
        // A table of its own, key by key.
        Value::Object(table) if name != "license" => {
            let key = project.child(name);
            changes.extend(table.into_iter().map(|(name, value)| Change::Set(key.child(&name), value)));
        }
        value => changes.push(Change::Set(project.child(name), value)),
    };
    for name in ["name", "version"] {
        let stated = table.get(name).and_then(Value::as_str).ok_or(format!("Poetry states no {name}"))?;
        set(name, json!(stated));
    }
    for (name, value) in SAME.iter().filter_map(|name| Some((*name, table.get(*name)?))) {
        set(name, value.clone());
    }
    if let Some(readme) = table.get("readme") {
        set("readme", json!(readme.as_str().ok_or("`tool.poetry.readme` names several files")?));
    }
    if let Some(licence) = table.get("license").and_then(Value::as_str) {
        set("license", json!({ "text": licence }));
    }
    for name in ["authors", "maintainers"] {
        if let Some(people) = table.get(name).and_then(Value::as_array) {
            set(
                name,
                people.iter().map(|person| self::person(person.as_str().unwrap_or_default())).collect(),
            );
        }
    }
    dependencies(table, &mut set)?;
    scripts(table, &mut set)?;
    links(table, &mut set);
    packages(table, &mut changes)?;
    groups(table, &mut changes)?;
    changes.push(Change::Remove(Key::dotted(POETRY)));
    Ok(changes)
}

type Table = serde_json::Map<String, Value>;

/// `Name <address>` as PEP 621 says it.
fn person(text: &str) -> Value {
    match text.split_once('<') {
        Some((name, address)) => {
            json!({ "name": name.trim(), "email": address.trim_end_matches('>').trim() })
        }
        None => json!({ "name": text.trim() }),
    }
}

fn dependencies(table: &Table, set: &mut impl FnMut(&str, Value)) -> Result<(), String> {
    let stated = table.get("dependencies").and_then(Value::as_object);
    let (mut needed, mut optional) = (Vec::new(), Vec::new());
    for (name, value) in stated.into_iter().flatten() {
        if name == "python" {
            let text = value.as_str().ok_or("the requirement of Python is no string")?;
            let range = range(text)?;
            if !range.is_empty() {
                set("requires-python", json!(range));
            }
            continue;
        }
        let is_optional = value.get("optional").and_then(Value::as_bool) == Some(true);
        let text = requirement(name, value)?;
        if is_optional { optional.push((name.clone(), text)) } else { needed.push(text) }
    }
    set("dependencies", json!(needed));
    let mut extras = Table::new();
    for (extra, names) in table.get("extras").and_then(Value::as_object).into_iter().flatten() {
        let mut items = Vec::new();
        for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let found = optional.iter().find(|(optional, _)| optional == name);
            items.push(
                found
                    .map(|(_, text)| text.clone())
                    .ok_or(format!("the extra `{extra}` names `{name}`, which is not optional"))?,
            );
        }
        extras.insert(extra.clone(), json!(items));
    }
    let is_named = |text: &String| {
        extras.values().any(|items| items.as_array().is_some_and(|items| items.contains(&json!(text))))
    };
    if let Some((name, _)) = optional.iter().find(|(_, text)| !is_named(text)) {
        return Err(format!("`{name}` is optional and in no extra"));
    }
    if !extras.is_empty() {
        set("optional-dependencies", Value::Object(extras));
    }
    Ok(())
}

/// A dependency of Poetry's as PEP 508 says it.
pub(crate) fn requirement(name: &str, value: &Value) -> Result<String, String> {
    let unclear = |what: &str| format!("the dependency `{name}` {what}");
    let Some(table) = value.as_object() else {
        let text = value.as_str().ok_or_else(|| unclear("is a list of constraints"))?;
        return Ok(format!("{name}{}", range(text)?));
    };
    let known = [
        "version",
        "extras",
        "markers",
        "optional",
        "git",
        "rev",
        "tag",
        "branch",
        "subdirectory",
        "python",
        "url",
    ];
    if let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(unclear(&format!("has the key `{key}`, which no requirement can say")));
    }
    let text = |key: &str| table.get(key).and_then(Value::as_str);
    let extras: Vec<&str> = table
        .get("extras")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
    let place = match (text("git"), text("url")) {
        (Some(git), _) => {
            let git = git
                .strip_prefix("git@")
                .map_or(git.to_owned(), |rest| format!("ssh://git@{}", rest.replacen(':', "/", 1)));
            let rev = text("rev")
                .or(text("tag"))
                .or(text("branch"))
                .map(|rev| format!("@{rev}"))
                .unwrap_or_default();
            let folder = text("subdirectory").map(|folder| format!("#subdirectory={folder}"));
            format!(" @ git+{git}{rev}{}", folder.unwrap_or_default())
        }
        (None, Some(url)) => format!(" @ {url}"),
        (None, None) => range(text("version").unwrap_or("*"))?,
    };
    let python = text("python").map(python_marker).transpose()?.filter(|marker| !marker.is_empty());
    let mut markers: Vec<String> = text("markers").map(str::to_owned).into_iter().chain(python).collect();
    if markers.len() > 1 {
        markers.iter_mut().for_each(|marker| *marker = format!("({marker})"));
    }
    let blank = if place.contains('@') { " " } else { "" };
    let markers =
        if markers.is_empty() { String::new() } else { format!("{blank}; {}", markers.join(" and ")) };
    Ok(format!("{name}{extras}{place}{markers}"))
}

/// A constraint on Python as a marker.
fn python_marker(text: &str) -> Result<String, String> {
    let range = range(text)?;
    let clause = |clause: &str| {
        let split = clause.find(|char: char| char.is_ascii_digit()).unwrap_or(clause.len());
        let (sign, version) = clause.split_at(split);
        let parts = version.split('.').count();
        let name = if parts > 2 { "python_full_version" } else { "python_version" };
        format!("{name} {sign} '{version}'")
    };
    Ok(range.split_terminator(',').map(clause).collect::<Vec<_>>().join(" and "))
}

/// A constraint of Poetry's as PEP 440 says it; empty for any version.
pub(crate) fn range(text: &str) -> Result<String, String> {
    if text.contains("||") || text.contains('|') {
        return Err(format!("`{text}` is one range or another, which a requirement cannot say"));
    }
    let spaced = text.replace(',', " ");
    let mut clauses: Vec<String> = Vec::new();
    let mut words = spaced.split_whitespace();
    while let Some(word) = words.next() {
        // A sign may stand apart from its version.
        let word = if word.chars().all(|char| "<>=!~^".contains(char)) {
            format!("{word}{}", words.next().unwrap_or_default())
        } else {
            word.to_owned()
        };
        clauses.extend(clause(&word)?);
    }
    Ok(clauses.join(","))
}

fn clause(word: &str) -> Result<Vec<String>, String> {
    let unclear = || format!("`{word}` is no constraint that is known here");
    let numbers = |version: &str| {
        let parts: Result<Vec<u64>, _> = version.split('.').map(str::parse).collect();
        parts.map_err(|_| unclear())
    };
    let between = |version: &str, at: usize| -> Result<Vec<String>, String> {
        let mut upper = numbers(version)?;
        upper.truncate(at + 1);
        upper[at] += 1;
        let upper: Vec<String> = upper.iter().map(u64::to_string).collect();
        Ok(vec![format!(">={version}"), format!("<{}", upper.join("."))])
    };
    if word == "*" {
        return Ok(Vec::new());
    }
    if let Some(version) = word.strip_prefix('^') {
        // The leftmost part that is not zero may not change.
        let parts = numbers(version)?;
        let at = parts.iter().position(|part| *part != 0).unwrap_or(parts.len() - 1);
        return between(version, at);
    }
    if let Some(version) = word.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        return between(version, usize::from(numbers(version)?.len() > 1));
    }
    if word.starts_with(|char: char| char.is_ascii_digit()) {
        return Ok(vec![format!("=={word}")]);
    }
    let is_whole = word.trim_start_matches(['<', '>', '=', '!', '~']);
    if is_whole.starts_with(|char: char| char.is_ascii_digit()) {
        Ok(vec![word.to_owned()])
    } else {
        Err(unclear())
    }
}

fn scripts(table: &Table, set: &mut impl FnMut(&str, Value)) -> Result<(), String> {
    let Some(scripts) = table.get("scripts") else { return Ok(()) };
    let is_plain = scripts.as_object().is_some_and(|scripts| scripts.values().all(Value::is_string));
    if !is_plain {
        return Err("a script of `[tool.poetry.scripts]` is more than a function".to_owned());
    }
    set("scripts", scripts.clone());
    Ok(())
}

fn links(table: &Table, set: &mut impl FnMut(&str, Value)) {
    let mut urls = table.get("urls").and_then(Value::as_object).cloned().unwrap_or_default();
    for (link, label) in LINKS.iter().zip(["Homepage", "Repository", "Documentation"]) {
        if let Some(url) = table.get(*link) {
            urls.insert(label.to_owned(), url.clone());
        }
    }
    if !urls.is_empty() {
        set("urls", Value::Object(urls));
    }
}

/// The packages that Poetry ships, for hatchling.
fn packages(table: &Table, changes: &mut Vec<Change>) -> Result<(), String> {
    let Some(packages) = table.get("packages").and_then(Value::as_array) else { return Ok(()) };
    let mut paths = Vec::new();
    for package in packages {
        let include = package.get("include").and_then(Value::as_str).unwrap_or_default();
        let is_plain = package
            .as_object()
            .is_some_and(|package| package.keys().all(|key| key == "include" || key == "from"));
        if !is_plain || include.is_empty() || include.contains(['*', '/']) {
            return Err("`tool.poetry.packages` chooses files, not folders".to_owned());
        }
        let from = package
            .get("from")
            .and_then(Value::as_str)
            .map(|from| format!("{}/", from.trim_end_matches('/')));
        paths.push(format!("{}{include}", from.unwrap_or_default()));
    }
    changes.push(Change::Set(Key::dotted("tool.hatch.build.targets.wheel.packages"), json!(paths)));
    Ok(())
}

/// Groups of Poetry's as groups of PEP 735.
fn groups(table: &Table, changes: &mut Vec<Change>) -> Result<(), String> {
    for (group, stated) in table.get("group").and_then(Value::as_object).into_iter().flatten() {
        let dependencies = stated.get("dependencies").and_then(Value::as_object);
        let is_plain = stated
            .as_object()
            .is_some_and(|stated| stated.keys().all(|key| key == "dependencies" || key == "optional"));
        let dependencies =
            dependencies.filter(|_| is_plain).ok_or(format!("the group `{group}` is more than a list"))?;
        let items: Result<Vec<String>, String> =
            dependencies.iter().map(|(name, value)| requirement(name, value)).collect();
        changes.push(Change::Set(Key::dotted("dependency-groups").child(group), json!(items?)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_become_the_ranges_that_poetry_documents() {
        let cases = [
            ("^1.2.3", ">=1.2.3,<2"),
            ("^1.2", ">=1.2,<2"),
            ("^1", ">=1,<2"),
            ("^0.2.3", ">=0.2.3,<0.3"),
            ("^0.0.3", ">=0.0.3,<0.0.4"),
            ("^0.0", ">=0.0,<0.1"),
            ("^0", ">=0,<1"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1.2", ">=1.2,<1.3"),
            ("~1", ">=1,<2"),
            ("*", ""),
            ("1.2.*", "==1.2.*"),
            ("1.2", "==1.2"),
            (">=1.2,<1.5", ">=1.2,<1.5"),
            (">= 1.2 < 1.5", ">=1.2,<1.5"),
            ("~=1.4", "~=1.4"),
            ("!=1.5", "!=1.5"),
        ];
        for (stated, expected) in cases {
            assert_eq!(range(stated).as_deref(), Ok(expected), "{stated}");
        }
        for unclear in ["^1 || ^2", "^1.0rc1", "latest"] {
            assert!(range(unclear).is_err(), "{unclear}");
        }
    }

    #[test]
    fn requirements_are_those_of_pep_508() {
        let said = |value: Value| requirement("a", &value);
        assert_eq!(said(json!("^1.0")).as_deref(), Ok("a>=1.0,<2"));
        assert_eq!(said(json!({ "version": "*", "extras": ["x", "y"] })).as_deref(), Ok("a[x,y]"));
        let marked = json!({ "version": ">=1", "markers": "sys_platform == 'win32'", "python": "<3.9" });
        assert_eq!(
            said(marked).as_deref(),
            Ok("a>=1; (sys_platform == 'win32') and (python_version < '3.9')")
        );
        let git = json!({ "git": "git@example.org:b/a.git", "tag": "v1" });
        assert_eq!(said(git).as_deref(), Ok("a @ git+ssh://git@example.org/b/a.git@v1"));
        assert!(said(json!({ "path": "../a", "develop": true })).is_err());
        assert!(said(json!([{ "version": "1" }])).is_err());
        for value in
            [json!("^1.0"), json!({ "git": "https://example.org/a.git", "rev": "abc", "python": "^3.9" })]
        {
            let text = said(value).unwrap();
            assert!(crate::requirement::requirement(&text).is_some(), "{text}");
        }
    }
}
