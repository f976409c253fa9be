//! Before and after, format by format, on one small workspace.

mod documents;
mod laws;
mod mentions;
mod settings;
mod toml;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proptest::prelude::*;
use repot_change::{Applicability, Class, Edit, Edits, RelPath};
use repot_roadmap::Pattern;
use repot_workspace::{Shape, Snapshot, Workspace};

use super::follow;
use crate::python::Followed;
use crate::{Mention, Renames};

const FILES: &[(&str, &str)] = &[
    ("pyproject.toml", "[project]\nname = \"shop\"\n"),
    ("src/shop/__init__.py", "VERSION = 1\n"),
    ("src/shop/cart.py", "TOTAL = 1\ndef add(): ...\nclass Cart: ...\n"),
    ("src/shop/carton.py", ""),
    ("src/shop/front/__init__.py", "def main(): ...\n"),
    ("src/shop/front/views.py", "def index(): ...\n"),
    ("src/shop/front/page.html", ""),
    ("src/store/__init__.py", ""),
    ("src/mono/__init__.py", ""),
    ("src/mono/core.py", "x = 1\n"),
    ("tests/test_cart.py", ""),
];

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

/// The tree with the moved files where the `moves` of paths put them.
fn workspace(moves: &[(&str, &str)]) -> Workspace {
    let place = |name: &str| {
        let within = |(from, to): &(&str, &str)| Some(format!("{to}{}", name.strip_prefix(from)?));
        moves.iter().find_map(within).unwrap_or_else(|| name.to_owned())
    };
    let files = FILES.iter().map(|(name, text)| (path(&place(name)), text.as_bytes().to_vec()));
    let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

/// The renames of modules, symbols and paths; submodules are named one by one.
fn renames<'w>(workspace: &'w Workspace, modules: &[(&str, &str)], paths: &[(&str, &str)]) -> Renames<'w> {
    let place = |name: &str| {
        let parts: Vec<&str> = name.split('.').collect();
        workspace.locate(&path("src"), &parts).unwrap_or_else(|| panic!("no module {name}"))
    };
    let modules: HashMap<_, _> =
        modules.iter().map(|(old, new)| ((*old).to_owned(), ((*new).to_owned(), place(old)))).collect();
    let paths: BTreeMap<_, _> = paths.iter().map(|(old, new)| (path(old), path(new))).collect();
    let symbols = HashMap::from([("mono.core.x".to_owned(), "store.core.y".to_owned())]);
    Renames::new(workspace, modules, symbols, paths)
}

const MODULES: &[(&str, &str)] =
    &[("shop.cart", "store.cart"), ("shop.front", "store.front"), ("shop.front.views", "store.front.views")];
const PATHS: &[(&str, &str)] =
    &[("src/shop/cart.py", "src/store/cart.py"), ("src/shop/front", "src/store/front")];

/// `shop.cart` goes to `store.cart`, the package `shop.front` to `store.front`.
fn partly() -> (Workspace, Renames<'static>) {
    let workspace: &'static Workspace = Box::leak(Box::new(workspace(&[])));
    (workspace.clone(), renames(workspace, MODULES, PATHS))
}

/// The whole package `shop` goes to `store.inner`.
fn wholly() -> Renames<'static> {
    let workspace: &'static Workspace = Box::leak(Box::new(workspace(&[])));
    let names = ["shop", "shop.cart", "shop.carton", "shop.front", "shop.front.views"];
    let new: Vec<String> = names.iter().map(|name| name.replacen("shop", "store.inner", 1)).collect();
    let modules: Vec<(&str, &str)> = names.iter().copied().zip(new.iter().map(String::as_str)).collect();
    renames(workspace, &modules, &[("src/shop", "src/store/inner")])
}

fn applied(bytes: &[u8], followed: &Followed) -> Vec<u8> {
    let edits = followed.places.iter().map(|one| Edit::replace(one.span, one.new.clone()));
    Edits::new(edits.collect()).unwrap().apply(bytes).unwrap()
}

fn followed(renames: &Renames<'_>, file: &str, text: &[u8]) -> Followed {
    follow(&path(file), text, renames).unwrap_or_else(|| panic!("{file} has no format"))
}

/// Whether what the file says afterwards, followed backwards, is what it said.
#[track_caller]
fn returns(file: &str, before: &str, after: &str) {
    let moved: &[(&str, &str)] =
        &[("src/shop/cart.py", "src/store/cart.py"), ("src/shop/front", "src/store/front")];
    let workspace = workspace(moved);
    let swap = |pairs: &[(&'static str, &'static str)]| -> Vec<(&'static str, &'static str)> {
        pairs.iter().map(|(old, new)| (*new, *old)).collect()
    };
    let back = renames(&workspace, &swap(MODULES), &swap(PATHS));
    let there = applied(after.as_bytes(), &followed(&back, file, after.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&there), before, "{file}: there and back");
    let again = followed(&renames(&workspace, &[], PATHS), file, after.as_bytes());
    assert_eq!(again.places, [], "{file}: a second run");
}

/// `before` becomes `after` in `file`, byte for byte, also with CRLF and a BOM;
/// a second run finds nothing, and the way back leads back.
#[track_caller]
fn check(file: &str, before: &str, after: &str) {
    let (_, renames) = partly();
    let result = applied(before.as_bytes(), &followed(&renames, file, before.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&result), after, "{file}");
    returns(file, before, after);
    let other = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let text = other(before);
    let result = applied(text.as_bytes(), &followed(&renames, file, text.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&result), other(after), "{file}: CRLF and BOM");
}

/// Like [`check`] for the move of a whole package, whose name is one word.
#[track_caller]
fn check_whole(file: &str, before: &str, after: &str) {
    let result = applied(before.as_bytes(), &followed(&wholly(), file, before.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&result), after, "{file}");
}

/// `text` stays as it is under both sets of moves.
#[track_caller]
fn stays(file: &str, text: &str) {
    check_whole(file, text, text);
    let (_, renames) = partly();
    let places = followed(&renames, file, text.as_bytes()).places;
    assert_eq!(places, [], "{file}");
}

/// How sure the only edit of `text` is, and its class.
#[track_caller]
fn sureness(file: &str, text: &str) -> (Applicability, Class) {
    let (_, renames) = partly();
    let places = followed(&renames, file, text.as_bytes()).places;
    assert_eq!(places.len(), 1, "{file}: {text}");
    (places[0].applicability, places[0].class)
}

fn mentions(base: &str, text: &str) -> Vec<(String, String)> {
    let (_, renames) = partly();
    let shown = |one: Mention| (text[one.span.range()].to_owned(), one.new);
    renames.mentions(&path(base), text.as_bytes()).into_iter().map(shown).collect()
}
