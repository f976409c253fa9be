//! What another backend ships, in hatchling's words.
//!
//! Flit, PDM and uv say in tables of their own which files a wheel and a source
//! distribution hold. Each of their words is translated where hatchling has one
//! that means the same, and the table goes; where it has none, nothing is
//! translated and the reason names the word.

mod flit;
mod pattern;
mod pdm;
pub(super) mod poetry;
mod uv;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::pattern::Patterns;
use super::Subject;
use super::wheel::WHEEL;
use crate::{Change, Key, Shipped};

const SDIST: &str = "tool.hatch.build.targets.sdist";
const BUILD: &str = "tool.hatch.build";

/// The changes that let hatchling ship what `backend` ships; none where hatchling
/// is told already.
///
/// # Errors
///
/// Why it cannot be said.
pub(super) fn translated(subject: &Subject<'_>, backend: &str) -> Result<Vec<Change>, String> {
    let Some(translate) = translation(backend) else { return Ok(older(subject)) };
    let changes = translate(subject)?;
    let is_told = subject.document.get(BUILD).is_some();
    if is_told && !changes.is_empty() {
        return Err(format!("`{BUILD}` says as well what is shipped"));
    }
    Ok(changes)
}

/// Whether the tables of `backend` are read here.
pub(super) fn is_known(backend: &str) -> bool {
    translation(backend).is_some()
}

type Translation = fn(&Subject<'_>) -> Result<Vec<Change>, String>;

fn translation(backend: &str) -> Option<Translation> {
    match backend.split(['.', ':']).next()? {
        "flit_core" | "flit" => Some(flit::translated),
        "pdm" => Some(pdm::translated),
        "uv_build" => Some(uv::translated),
        _ => None,
    }
}

/// What is shipped now, where the build configuration says it.
pub(super) fn shipped(subject: &Subject<'_>) -> Vec<Change> {
    ship(&real(subject)).unwrap_or_default()
}

/// What setuptools and Poetry ship is known from their settings as a whole.
fn older(subject: &Subject<'_>) -> Vec<Change> {
    if subject.document.get(BUILD).is_some() {
        return Vec::new();
    }
    shipped(subject)
}

/// What the build configuration ships and what is there.
fn real(subject: &Subject<'_>) -> Vec<Shipped> {
    let is_real = |shipped: &&Shipped| {
        shipped.path != "src" && (shipped.path.ends_with(".py") || subject.facts.has_python(&shipped.path))
    };
    subject.facts.built.iter().filter(is_real).cloned().collect()
}

/// The changes by which a wheel ships `trees` under their names; `None` where one
/// of them is the package's own folder.
///
/// `packages` takes off everything above the last folder, which is wrong for a
/// portion of a namespace.
fn ship(trees: &[Shipped]) -> Option<Vec<Change>> {
    if trees.is_empty() || trees.iter().any(|tree| tree.path.is_empty()) {
        return None;
    }
    let wheel = Key::dotted(WHEEL);
    let paths: Vec<&str> = trees.iter().map(|tree| tree.path.as_str()).collect();
    let roots: Vec<Option<&str>> = trees.iter().map(root).collect();
    let is_plain = roots.iter().all(Option::is_some) && trees.iter().all(|tree| !tree.name.contains('.'));
    if is_plain {
        return Some(vec![Change::Set(wheel.child("packages"), json!(paths))]);
    }
    let mut changes = vec![Change::Set(wheel.child("only-include"), json!(paths))];
    let is_moved = roots.iter().any(Option::is_none);
    let above: BTreeSet<&str> = roots.iter().flatten().copied().filter(|root| !root.is_empty()).collect();
    if is_moved {
        let sources = wheel.child("sources");
        let moved = trees.iter().zip(&roots).filter(|(_, root)| root.is_none());
        let moved = moved.map(|(tree, _)| (tree.path.as_str(), tree.name.replace('.', "/")));
        let taken = above.into_iter().map(|root| (root, String::new()));
        changes.extend(taken.chain(moved).map(|(from, to)| Change::Set(sources.child(from), json!(to))));
    } else if !above.is_empty() {
        changes.push(Change::Set(wheel.child("sources"), json!(above)));
    }
    Some(changes)
}

/// The folder in which a tree stands under its name; empty for the package's own,
/// `None` where it is called otherwise.
fn root(tree: &Shipped) -> Option<&str> {
    let path = tree.path.strip_suffix(".py").unwrap_or(&tree.path);
    let above = path.strip_suffix(tree.name.replace('.', "/").as_str())?;
    above.is_empty().then_some("").or_else(|| above.strip_suffix('/'))
}

/// Where a pattern for `trees` begins at the root of the package.
fn anchored(trees: &[Shipped]) -> impl Iterator<Item = String> {
    trees.iter().map(|tree| format!("/{}", tree.path))
}

/// What a source distribution holds besides `trees`, where a list says so.
fn sdist(include: &Patterns, trees: &[Shipped]) -> Vec<Change> {
    let list = Key::dotted(SDIST).child("include");
    let mut changes = include.moved(&list);
    if !changes.is_empty() {
        changes.extend(anchored(trees).map(|path| Change::Push(list.clone(), path)));
    }
    changes
}

/// What is left out of both distributions, and of the wheel alone. Hatchling
/// asks the wheel's own list alone where there is one.
fn excluded(both: &Patterns, wheel: &Patterns) -> Vec<Change> {
    let own = Key::dotted(WHEEL).child("exclude");
    if wheel.is_empty() {
        return both.moved(&Key::dotted(BUILD).child("exclude"));
    }
    let mut changes = wheel.moved(&own);
    changes.extend(both.texts().map(|text| Change::Push(own.clone(), text.to_owned())));
    changes.extend(both.moved(&Key::dotted(SDIST).child("exclude")));
    changes
}

/// The files of a folder that are installed beside the modules: each of its
/// children by its own name, since hatchling has no word for the folder alone.
fn shared_data(subject: &Subject<'_>, folder: &str) -> Result<Vec<Change>, String> {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let below = subject.facts.files.iter().filter_map(|file| file.strip_prefix(folder)?.strip_prefix('/'));
    let children: BTreeSet<&str> = below.filter_map(|rest| rest.split('/').next()).collect();
    if folder.is_empty() || folder.starts_with("..") || children.is_empty() {
        return Err(format!("`{folder}`, which is installed beside the modules, holds no file"));
    }
    let data = Key::dotted(WHEEL).child("shared-data");
    let set = |child: &str| Change::Set(data.child(&format!("{folder}/{child}")), Value::from(child));
    Ok(children.into_iter().map(set).collect())
}

/// The first key of `table` that is not among `known`.
fn stranger(subject: &Subject<'_>, table: &str, known: &[&str]) -> Result<(), String> {
    let keys = subject.document.keys(table);
    match keys.into_iter().find(|key| !known.contains(key) && !key.to_lowercase().starts_with("x-")) {
        Some(key) => Err(format!("`{table}.{key}` has no counterpart in hatchling")),
        None => Ok(()),
    }
}

/// Takes away the tables of the old backend that are there.
fn retired(subject: &Subject<'_>, tables: &[&str]) -> Vec<Change> {
    let there = tables.iter().filter(|table| subject.document.get(table).is_some());
    there.map(|table| Change::Remove(Key::dotted(table))).collect()
}

/// The one thing that is computed and can be computed by hatchling as well: the
/// version. What else is, is named.
fn only_version(subject: &Subject<'_>, besides: &[&str]) -> Result<bool, String> {
    let dynamic = subject.document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    match dynamic.iter().find(|name| **name != "version" && !besides.contains(name)) {
        Some(name) => Err(format!("the old backend computes `{name}`")),
        None => Ok(dynamic.contains(&"version")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_ships_every_tree_under_its_name() {
        let shipped = |trees: &[(&str, &str)]| {
            let trees =
                trees.iter().map(|(name, path)| Shipped { name: (*name).into(), path: (*path).into() });
            let changes = ship(&trees.collect::<Vec<_>>())?;
            let mut values = json!({});
            changes.iter().for_each(|change| change.apply(&mut values));
            values.pointer("/tool/hatch/build/targets/wheel").cloned()
        };
        let cases = [
            (
                &[("shop", "src/shop"), ("till", "till.py")][..],
                json!({ "packages": ["src/shop", "till.py"] }),
            ),
            (&[("ns.shop", "src/ns/shop")], json!({ "only-include": ["src/ns/shop"], "sources": ["src"] })),
            (&[("ns.shop", "ns/shop.py")], json!({ "only-include": ["ns/shop.py"] })),
            (
                &[("shop", "lib"), ("till", "src/till")],
                json!({ "only-include": ["lib", "src/till"], "sources": { "lib": "shop", "src": "" } }),
            ),
        ];
        for (trees, expected) in cases {
            assert_eq!(shipped(trees), Some(expected));
        }
        assert_eq!(shipped(&[("shop", "")]), None);
        assert_eq!(shipped(&[]), None);
    }
}
