//! `tach.toml`: modules, layers and what may depend on what.
//!
//! A roadmap knows domains of whole packages; a module that is a part of a
//! package, an interface or a visibility cannot be said in it.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_workspace::Snapshot;
use toml_edit::{Item, TableLike, Value};

use super::{Allowed, Rule, Rules};
use crate::survey::pyproject::{Toml, texts_of};

/// A module as the file describes it.
struct Module<'a> {
    path: String,
    table: &'a dyn TableLike,
}

/// What the file says, when there is one and it is TOML.
pub(super) fn read(snapshot: &Snapshot) -> Option<Rules> {
    let file = RelPath::new("tach.toml").ok()?;
    let toml = Toml::read(snapshot, &file)?;
    let tables = toml.tables("modules");
    let paths = |table: &dyn TableLike| {
        ["path", "paths"].iter().filter_map(|key| table.get(key)).flat_map(texts_of).collect::<Vec<_>>()
    };
    let modules: Vec<Module<'_>> = tables
        .iter()
        .flat_map(|table| paths(*table).into_iter().map(|path| Module { path, table: *table }))
        .filter(|module| module.path != "<root>")
        .collect();
    let layers = toml.texts("layers");
    let mut roots = toml.texts("source_roots");
    roots.push(".".to_owned());
    let rules = modules.iter().map(|module| rule(module, &modules, &layers, (snapshot, &roots))).collect();
    let carried = not_carried(&toml, &modules, &file);
    Some(Rules { rules, carried, ..Rules::of(file) })
}

fn rule(module: &Module<'_>, all: &[Module<'_>], layers: &[String], roots: (&Snapshot, &[String])) -> Rule {
    let own = listed(module.table, "depends_on");
    let layer = layer_of(module, layers);
    // Without `depends_on` a module may depend on anything.
    let allowed = own.map_or(Allowed::Any, |own| {
        let is_utility =
            |other: &&Module<'_>| other.table.get("utility").and_then(Item::as_bool) == Some(true);
        let is_lower =
            |other: &&Module<'_>| layer.zip(layer_of(other, layers)).is_some_and(|(own, other)| other > own);
        let others =
            all.iter().filter(|other| is_utility(other) || is_lower(other)).map(|other| name_of(&other.path));
        Allowed::Only(own.iter().map(|path| name_of(path)).chain(others).collect())
    });
    Rule { name: name_of(&module.path), places: vec![place(&module.path, roots)], allowed }
}

/// The position of a module's layer, the highest first.
fn layer_of(module: &Module<'_>, layers: &[String]) -> Option<usize> {
    let name = module.table.get("layer")?.as_str()?;
    layers.iter().position(|layer| layer == name)
}

/// The paths of a list, whose items may be tables with a `path`.
fn listed(table: &dyn TableLike, key: &str) -> Option<BTreeSet<String>> {
    let array = table.get(key)?.as_array()?;
    let path = |value: &Value| {
        let in_table = value.as_inline_table().and_then(|table| table.get("path")?.as_str());
        value.as_str().or(in_table).map(str::to_owned)
    };
    Some(array.iter().filter_map(path).collect())
}

/// A domain is called like its module, which may have dots.
fn name_of(path: &str) -> String {
    path.replace('.', "-")
}

/// The folder of the module in the first source root that has it, else the
/// module itself.
fn place(path: &str, (snapshot, roots): (&Snapshot, &[String])) -> String {
    let tail = path.replace('.', "/");
    let folders = roots.iter().map(|root| {
        let root = root.trim_start_matches("./").trim_end_matches('/');
        if root.is_empty() || root == "." { tail.clone() } else { format!("{root}/{tail}") }
    });
    let exists = |folder: &String| RelPath::new(folder).is_ok_and(|folder| snapshot.is_folder(&folder));
    folders.into_iter().find(exists).unwrap_or_else(|| path.to_owned())
}

fn not_carried(toml: &Toml, modules: &[Module<'_>], file: &RelPath) -> Vec<String> {
    let mut carried = Vec::new();
    if toml.has("interfaces") {
        carried.push(format!("`{file}`: a roadmap has no place for `interfaces`"));
    }
    for key in ["visibility", "cannot_depend_on"] {
        let having: Vec<String> = modules
            .iter()
            .filter(|module| module.table.contains_key(key))
            .map(|module| format!("`{}`", module.path))
            .collect();
        if !having.is_empty() {
            carried.push(format!("`{file}`: a roadmap has no place for `{key}` of {}", having.join(", ")));
        }
    }
    carried
}
