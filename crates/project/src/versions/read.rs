//! The requirements of a project file.
//!
//! Those of `[project]`, of its extras, of dependency groups, and of the tables
//! of uv, PDM, Hatch and Poetry that say the same. What builds the package is not
//! among them: it is nobody else's business.

use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use serde_json::Value;

use super::{Asks, Stated};
use crate::requirement::normal;
use crate::rules::poetry;
use crate::{Document, Key};

/// Lists of requirements.
const LISTS: [&str; 2] = ["project.dependencies", "tool.uv.dev-dependencies"];
/// Tables of such lists.
const TABLES: [&str; 3] = ["project.optional-dependencies", "dependency-groups", "tool.pdm.dev-dependencies"];

/// What a project file requires.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requirements {
    /// What could be read, in the order of the places above.
    pub stated: Vec<Stated>,
    /// What is no requirement: its line, counted from 1, and its text.
    pub unread: Vec<(usize, String)>,
}

/// The requirements of `document`, with the lines that they had when it was
/// read.
#[must_use]
pub fn requirements(document: &Document) -> Requirements {
    let mut found = Requirements::default();
    let mut lists: Vec<Key> = LISTS.iter().map(|key| Key::dotted(key)).collect();
    for table in TABLES {
        lists.extend(document.keys(table).into_iter().map(|name| Key::dotted(table).child(name)));
    }
    for environment in document.keys("tool.hatch.envs") {
        let table = Key::dotted("tool.hatch.envs").child(environment);
        lists.extend(["dependencies", "extra-dependencies"].map(|name| table.child(name)));
    }
    for list in lists {
        for (line, text) in document.items(&list) {
            match Stated::item(&text, list.clone(), line) {
                Some(stated) => found.stated.push(stated),
                None => found.unread.push((line, text)),
            }
        }
    }
    poetry_tables(document, &mut found);
    found
}

fn poetry_tables(document: &Document, found: &mut Requirements) {
    let mut tables =
        vec![Key::dotted("tool.poetry.dependencies"), Key::dotted("tool.poetry.dev-dependencies")];
    let groups = Key::dotted("tool.poetry.group");
    let names = document.keys("tool.poetry.group").into_iter();
    tables.extend(names.map(|name| groups.child(name).child("dependencies")));
    for table in tables {
        let Some(values) = document.plain(&table) else { continue };
        for (name, value) in values.as_object().into_iter().flatten().filter(|(name, _)| *name != "python") {
            let key = table.child(name);
            let line = document.line(&key);
            match constraint(name, value, &key, line) {
                Some(stated) => found.stated.extend(stated),
                None => found.unread.push((line, format!("{name} = {value}"))),
            }
        }
    }
}

/// One dependency of Poetry's; none where it comes from elsewhere, `None` where
/// it is not known what it means.
fn constraint(name: &str, value: &Value, key: &Key, line: usize) -> Option<Option<Stated>> {
    let text = |part: &str| value.get(part).and_then(Value::as_str);
    let stated = |key: Key, text: &str, asks: Asks| Stated {
        key,
        line,
        text: text.to_owned(),
        name: normal(name),
        spelled: name.to_owned(),
        marker: pep508_rs::MarkerTree::default(),
        asks,
        is_poetry: true,
    };
    if let Some(path) = text("path") {
        return Some(Some(stated(key.clone(), path, Asks::Place(path.to_owned()))));
    }
    if ["git", "url"].iter().any(|part| text(part).is_some()) {
        return Some(None);
    }
    let (key, constraint) = match value {
        Value::String(text) => (key.clone(), text.as_str()),
        _ => (key.child("version"), text("version")?),
    };
    let versions = VersionSpecifiers::from_str(&poetry::range(constraint).ok()?).ok()?;
    // What else the table says, the translation to PEP 508 knows.
    let said = Stated::item(&poetry::requirement(name, value).ok()?, key.clone(), line)?;
    Some(Some(Stated { marker: said.marker, ..stated(key, constraint, Asks::Versions(versions)) }))
}
