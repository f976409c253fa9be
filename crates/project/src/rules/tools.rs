//! `tool-tables`: a table, or a file of its own, for each tool of the template.

use repot_roadmap::TomlValue;
use serde_json::{Value, json};

use super::{Lack, Rule, Subject};
use crate::requirement::minors;
use crate::{Change, Key};

pub(super) const RULE: Rule = Rule {
    name: "tool-tables",
    about: "each tool that the template names is set up",
    of_hatchling: false,
    asked: |template| !template.tools.is_empty(),
    lacks,
};

/// A tool: its table, and the files that can stand for it.
const TOOLS: &[(&str, &str, &[&str])] = &[
    ("ruff", "tool.ruff", &["ruff.toml", ".ruff.toml"]),
    ("mypy", "tool.mypy", &["mypy.ini", ".mypy.ini"]),
    ("pytest", "tool.pytest", &["pytest.ini", ".pytest.ini", "pytest.toml"]),
    ("coverage", "tool.coverage", &[".coveragerc"]),
];

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    let wanted = TOOLS.iter().filter(|(tool, ..)| subject.template.tools.iter().any(|name| name == tool));
    let missing = wanted.filter(|(_, table, files)| {
        subject.document.get(table).is_none() && !files.iter().any(|file| subject.facts.has_file(file))
    });
    let lack = |(tool, table, _): &(&'static str, &'static str, _)| {
        let changes = match subject.template.settings.get(*tool) {
            Some(stated) => asked_for(table, stated),
            None => defaults(subject, tool)
                .into_iter()
                .map(|(key, value)| Change::Set(Key::dotted(key), value))
                .collect(),
        };
        Lack::mended(RULE.name, table, format!("{tool} is not set up"), changes)
    };
    missing.map(lack).collect()
}

/// What the roadmap tells a tool; an empty table is a table as well.
fn asked_for(table: &str, stated: &[(String, TomlValue)]) -> Vec<Change> {
    if stated.is_empty() {
        return vec![Change::Set(Key::dotted(table), json!({}))];
    }
    let key = |path: &str| Key::new(table.split('.').chain(path.split('.')));
    stated.iter().map(|(path, value)| Change::Set(key(path), plain(value))).collect()
}

fn plain(value: &TomlValue) -> Value {
    match value {
        TomlValue::Bool(flag) => json!(flag),
        TomlValue::Integer(number) => json!(number),
        TomlValue::Text(text) => json!(text),
        TomlValue::List(items) => items.iter().map(plain).collect(),
    }
}

/// What a tool is told where nobody said anything.
fn defaults(subject: &Subject<'_>, tool: &str) -> Vec<(&'static str, Value)> {
    let above = subject.facts.above.get(tool);
    let oldest = subject.document.text("project.requires-python").and_then(minors);
    let oldest = oldest.and_then(|minors| minors.first().copied());
    match (tool, above) {
        // The nearest table is the only one that ruff reads.
        ("ruff", Some(path)) => vec![("tool.ruff.extend", json!(path))],
        ("ruff", None) => vec![
            ("tool.ruff.line-length", json!(100)),
            ("tool.ruff.lint.select", json!(["B", "E", "F", "I", "UP"])),
        ],
        ("mypy", _) => {
            let python = oldest.map(|minor| ("tool.mypy.python_version", json!(format!("3.{minor}"))));
            python.into_iter().chain([("tool.mypy.warn_unused_configs", json!(true))]).collect()
        }
        ("pytest", _) => {
            let tests = subject.facts.files.iter().any(|file| file.starts_with("tests/"));
            let tests = tests.then(|| ("tool.pytest.ini_options.testpaths", json!(["tests"])));
            tests.into_iter().chain([("tool.pytest.ini_options.addopts", json!("-ra"))]).collect()
        }
        _ => {
            let names: Vec<String> = subject.layout().into_iter().map(|shipped| shipped.name).collect();
            let source = (!names.is_empty()).then(|| ("tool.coverage.run.source", json!(names)));
            std::iter::once(("tool.coverage.run.branch", json!(true))).chain(source).collect()
        }
    }
}
