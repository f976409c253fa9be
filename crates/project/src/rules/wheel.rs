//! `wheel-packages`: the wheel ships the package and nothing else.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Lack, Rule, Subject, wants_hatchling};
use crate::{Change, Key, Shipped};

pub(super) const RULE: Rule = Rule {
    name: "wheel-packages",
    about: "the wheel ships what the layout holds",
    of_hatchling: true,
    asked: wants_hatchling,
    lacks,
};

pub(super) const WHEEL: &str = "tool.hatch.build.targets.wheel";

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    if !subject.is_hatchling() {
        return Vec::new();
    }
    let key = Key::dotted(WHEEL).child("packages");
    let layout = subject.layout();
    let stated = subject.document.texts(&key);
    if layout.is_empty() && !subject.facts.has_code() {
        return without_code(subject, stated.as_deref());
    }
    let words = match stated {
        // Other selections are a person's own.
        None if OTHERS.iter().any(|name| has(subject, name)) => return Vec::new(),
        None if is_found_by_name(subject, &layout) => return Vec::new(),
        None => "the wheel does not say what it ships".to_owned(),
        Some(stated) => match stated.iter().find(|path| !is_shippable(subject, path)) {
            Some(path) => format!("`packages` names `{path}`, which is no importable folder"),
            None if stated.is_empty() => "`packages` is empty".to_owned(),
            None => return Vec::new(),
        },
    };
    if layout.is_empty() {
        return vec![Lack::open(RULE.name, WHEEL, words, subject.which_folder())];
    }
    vec![Lack::mended(RULE.name, WHEEL, words, ship(subject, &layout))]
}

/// A package without code says where its code will be, or that it has none:
/// hatchling refuses to build an empty wheel otherwise.
fn without_code(subject: &Subject<'_>, stated: Option<&[&str]>) -> Vec<Lack> {
    match stated {
        Some(paths) if paths.iter().any(|path| path.trim_matches(['.', '/']) == "src") => {
            let words = "`packages` names `src`, which is no package";
            vec![Lack::left(RULE.name, WHEEL, words, "there is no code that could be shipped")]
        }
        Some(_) => Vec::new(),
        None if OTHERS.iter().any(|name| has(subject, name)) => Vec::new(),
        None => {
            let change = Change::Set(Key::dotted(WHEEL).child("bypass-selection"), json!(true));
            vec![Lack::mended(
                RULE.name,
                WHEEL,
                "the package has no code, and the wheel does not say so",
                vec![change],
            )]
        }
    }
}

const OTHERS: [&str; 6] =
    ["only-include", "include", "force-include", "sources", "exclude", "bypass-selection"];

fn has(subject: &Subject<'_>, name: &str) -> bool {
    [WHEEL, "tool.hatch.build"]
        .iter()
        .any(|table| subject.document.at(&Key::dotted(table).child(name)).is_some())
}

/// Whether hatchling finds all of the layout by the project's name.
fn is_found_by_name(subject: &Subject<'_>, layout: &[Shipped]) -> bool {
    let Some(name) = subject.document.text("project.name") else { return false };
    let name = name.replace(['-', '.'], "_");
    let [only] = layout else { return false };
    let is_regular = subject.facts.files.contains(&format!("{}/__init__.py", only.path));
    let places = [name.clone(), format!("src/{name}"), format!("{name}.py")];
    places.contains(&only.path) && (is_regular || only.path.ends_with(".py"))
}

fn is_shippable(subject: &Subject<'_>, stated: &str) -> bool {
    let path = stated.trim_start_matches("./").trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_real = subject.facts.files.contains(path) || subject.facts.has_python(path);
    let is_src = last == "src" && !subject.facts.files.contains(&format!("{path}/__init__.py"));
    is_real && !is_src && !path.is_empty() && path != "."
}

fn ship(subject: &Subject<'_>, layout: &[Shipped]) -> Vec<Change> {
    let wheel = Key::dotted(WHEEL);
    let itself = layout.iter().find(|shipped| shipped.path.is_empty());
    let Some(itself) = itself else {
        let paths: Vec<&str> = layout.iter().map(|shipped| shipped.path.as_str()).collect();
        return vec![Change::Set(wheel.child("packages"), json!(paths))];
    };
    // The folder of the project file is the package: its files go below its name.
    let mut changes = Vec::new();
    if subject.document.at(&wheel.child("packages")).is_some() {
        changes.push(Change::Remove(wheel.child("packages")));
    }
    let beside = beside(subject);
    // A project inside has a wheel of its own; where nothing else is there, its
    // files are what the package has.
    let top = |inner: &str| inner.split('/').next().is_some_and(|top| beside.contains(&top));
    let inner = subject.facts.inner.iter().map(String::as_str).filter(|inner| !top(inner));
    let inner = inner.filter(|_| has_own_code(subject, &beside));
    let excluded: Vec<String> = beside.iter().copied().chain(inner).map(|name| format!("/{name}")).collect();
    // `only-include = ["."]` would put a `./` into the wheel's own names.
    changes.push(Change::Set(wheel.child("include"), json!(["*"])));
    changes.push(Change::Set(wheel.child("exclude"), json!(excluded)));
    changes.push(Change::Set(wheel.child("sources").child(""), json!(itself.name)));
    changes
}

/// Whether Python lies in the folder of the package and in no project inside it.
fn has_own_code(subject: &Subject<'_>, beside: &[&str]) -> bool {
    let is_inner = |file: &str| {
        subject
            .facts
            .inner
            .iter()
            .any(|inner| file.strip_prefix(inner.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    let is_beside = |file: &str| file.split('/').next().is_some_and(|top| beside.contains(&top));
    let files = subject.facts.files.iter().map(String::as_str);
    files.filter(|file| file.ends_with(".py")).any(|file| !is_inner(file) && !is_beside(file))
}

/// What lies in the folder of the package and is no part of it.
fn beside<'s>(subject: &Subject<'s>) -> Vec<&'s str> {
    let folders = ["tests", "test", "docs", "examples", "scripts"];
    let about = [
        "readme",
        "changelog",
        "license",
        "licence",
        "notice",
        "contributing",
        "security",
        "buck",
        "build",
        "makefile",
        "dockerfile",
        "setup",
        "tox",
        "pyproject",
        "conftest",
        "noxfile",
    ];
    let is_about = |file: &&str| {
        let stem = file.split('.').next().unwrap_or_default().to_lowercase();
        about.contains(&stem.as_str())
    };
    let files = subject.facts.files.iter().map(String::as_str);
    let tops: BTreeSet<&str> =
        files.clone().filter_map(|file| file.split_once('/')).map(|(top, _)| top).collect();
    let named = files.filter(|file| !file.contains('/')).filter(is_about);
    // A project file that is only now written is there as well.
    let mut beside: Vec<&str> = named.chain(["pyproject.toml"]).collect();
    beside.sort_unstable();
    beside.dedup();
    beside.extend(tops.into_iter().filter(|top| folders.contains(top)));
    beside
}
