//! Resolution, spelling and search on small workspaces.

use std::sync::Arc;

use proptest::prelude::*;
use repot_change::RelPath;
use repot_roadmap::Pattern;

use crate::{Form, Module, ModuleId, Place, Shape, Snapshot, Target, Verdict, Wanted, Workspace};

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let shape = Shape {
        members: vec![Pattern::new("packages/*").unwrap()],
        legacy_roots: vec!["monorepo".to_owned()],
        ..Shape::default()
    };
    let files = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

fn module<'a>(workspace: &'a Workspace, file: &str) -> &'a Module {
    workspace.modules().get(id(workspace, file))
}

fn id(workspace: &Workspace, file: &str) -> ModuleId {
    workspace.modules().at(&path(file)).unwrap_or_else(|| panic!("no module {file}"))
}

/// What a dotted name (with dots in front) denotes, as the path of its file or
/// folder, or as a word.
fn resolves(workspace: &Workspace, from: &str, written: &str) -> String {
    let dotted = written.trim_start_matches('.');
    match workspace.resolve(module(workspace, from), written.len() - dotted.len(), dotted) {
        Target::Found(Place::Module(id)) => workspace.modules().get(id).path.to_string(),
        Target::Found(Place::Namespace(folder)) => format!("{folder}/"),
        Target::Ambiguous(places) => format!("{} places", places.len()),
        Target::Legacy => "legacy".to_owned(),
        Target::Missing => "missing".to_owned(),
        Target::External => "external".to_owned(),
    }
}

#[test]
fn a_name_denotes_what_the_import_system_would_find() {
    let workspace = workspace(&[
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/cart.py", ""),
        ("packages/shop/src/shop/cart/__init__.py", ""),
        ("packages/shop/src/shop/bare/deep.py", ""),
        ("packages/shop/src/shop/stub.pyi", ""),
        ("packages/shop/src/shop/api/views.py", ""),
    ]);
    let from = "packages/shop/src/shop/api/views.py";
    for (written, expected) in [
        ("shop", "packages/shop/src/shop/__init__.py"),
        ("shop.cart", "packages/shop/src/shop/cart/__init__.py"),
        ("shop.bare", "packages/shop/src/shop/bare/"),
        ("..bare.deep", "packages/shop/src/shop/bare/deep.py"),
        ("...shop", "packages/shop/src/shop/__init__.py"),
        ("shop.stub", "packages/shop/src/shop/stub.pyi"),
        ("shop.gone", "missing"),
        ("..gone", "missing"),
        ("..............", "missing"),
        ("monorepo.cart", "legacy"),
        ("monorepo2.cart", "external"),
        ("os.path", "external"),
        ("numpy", "external"),
    ] {
        assert_eq!(resolves(&workspace, from, written), expected, "{written}");
    }
}

#[test]
fn a_contested_name_means_the_importers_own_first() {
    let workspace = workspace(&[
        ("packages/a/src/core/__init__.py", ""),
        ("packages/a/src/core/cart.py", ""),
        ("packages/b/src/core/__init__.py", ""),
        ("packages/b/src/core/cart.py", ""),
        ("packages/c/src/c/user.py", ""),
        ("packages/d/src/d/user.py", ""),
        ("packages/d/pyproject.toml", "[project]\nname = \"d\"\ndependencies = [\"b-dist>=1\"]\n"),
        ("packages/b/pyproject.toml", "[project]\nname = \"b_dist\"\n"),
    ]);
    assert_eq!(
        resolves(&workspace, "packages/a/src/core/cart.py", "core.cart"),
        "packages/a/src/core/cart.py"
    );
    assert_eq!(resolves(&workspace, "packages/c/src/c/user.py", "core.cart"), "2 places");
    assert_eq!(resolves(&workspace, "packages/d/src/d/user.py", "core.cart"), "packages/b/src/core/cart.py");
}

#[test]
fn names_are_bound_and_have_an_origin() {
    let workspace = workspace(&[
        ("packages/shop/src/shop/__init__.py", "from .cart import Cart as Basket\nfrom .item import *\n"),
        ("packages/shop/src/shop/cart.py", "class Cart: ...\nfrom monorepo.x import Legacy\n"),
        ("packages/shop/src/shop/item.py", "from .cart import *\nItem = 1\n"),
        ("packages/shop/src/shop/lazy.py", "def __getattr__(name): ...\n"),
    ]);
    let binds = |file: &str, name: &str| workspace.binds(&Place::Module(id(&workspace, file)), name);
    let init = "packages/shop/src/shop/__init__.py";
    assert!(binds(init, "Basket") && binds(init, "Item") && binds(init, "Cart") && binds(init, "cart"));
    assert!(binds(init, "__name__") && binds("packages/shop/src/shop/lazy.py", "whatever"));
    assert!(!binds(init, "Gone"));
    let origin = |name: &str| workspace.origin(&Place::Module(id(&workspace, init)), name);
    let defining = id(&workspace, "packages/shop/src/shop/cart.py");
    let definition = crate::Origin::Definition { module: defining, name: "Cart".to_owned() };
    assert_eq!(origin("Basket"), Some(definition.clone()));
    assert_eq!(origin("Cart"), Some(definition));
    assert_eq!(origin("Legacy"), None, "the trail ends in an import that dangles");
}

#[test]
fn a_star_that_turns_in_a_circle_ends() {
    let workspace = workspace(&[
        ("packages/shop/src/shop/a.py", "from .b import *\n"),
        ("packages/shop/src/shop/b.py", "from .a import *\n"),
    ]);
    let place = Place::Module(id(&workspace, "packages/shop/src/shop/a.py"));
    assert!(!workspace.binds(&place, "x"));
    assert_eq!(workspace.origin(&place, "x"), None);
}

#[test]
fn what_cannot_be_spelled_is_an_obstacle() {
    let workspace = workspace(&[
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/move these/cart.py", ""),
        ("packages/shop/src/shop/move these/item.py", ""),
        ("packages/shop/src/shop/class/cart.py", ""),
        ("packages/shop/src/email/cart.py", ""),
    ]);
    let spell = |from: &str, to: &str, form: Form| {
        workspace
            .spell(module(&workspace, from), &Place::Module(id(&workspace, to)), form)
            .map(|spelling| spelling.text)
    };
    let root = "packages/shop/src/shop/__init__.py";
    let blank = "packages/shop/src/shop/move these/cart.py";
    let sibling = "packages/shop/src/shop/move these/item.py";
    let reason = spell(root, blank, Form::Relative).unwrap_err().reason;
    assert!(reason.contains("`move these` is no identifier") && reason.contains("`move_these`"), "{reason}");
    assert!(spell(root, "packages/shop/src/shop/class/cart.py", Form::Absolute).is_err());
    assert!(
        spell(root, "packages/shop/src/email/cart.py", Form::Absolute).is_err(),
        "`email` is the standard library's"
    );
    assert_eq!(
        spell(sibling, blank, Form::Absolute).as_deref(),
        Ok(".cart"),
        "a sibling needs no folder's name"
    );
}

#[test]
fn the_search_says_which_rule_decided() {
    let workspace = workspace(&[
        ("packages/shop/src/shop/user.py", ""),
        ("packages/a/src/a/domain/cart.py", "class Cart: ...\n"),
        ("packages/b/src/b/cart.py", "class Cart: ...\nclass Copy: pass\n"),
        ("packages/c/src/c/cart.py", "class Cart: ...\nclass Copy: pass\n"),
    ]);
    let search = |module: &[&str], name: &str| {
        let importer = id(&workspace, "packages/shop/src/shop/user.py");
        workspace.search(&Wanted { importer, module, name: Some(name), form: Form::Absolute })
    };
    let (found, verdict) = search(&["domain", "cart"], "Cart");
    assert_eq!((found.len(), verdict), (3, Verdict::Winner(0, "longest matching suffix")));
    assert_eq!(search(&["cart"], "Copy").1, Verdict::Winner(0, "identical copies"));
    assert_eq!(search(&["cart"], "Gone").1, Verdict::Nobody);
    assert_eq!(search(&["cart"], "Cart").1, Verdict::Several(3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is spelled leads back to what was meant, from every module to every
    /// other, in trees with good and bad folder names.
    #[test]
    fn a_spelling_leads_back(
        names in proptest::collection::btree_set(
            "(a|b)/(src/)?(a|core|two words)/((x|core|class)/)?(__init__|x|y|core)\\.py", 1..9,
        ),
    ) {
        let files: Vec<(String, &str)> = names.iter().map(|name| (format!("packages/{name}"), "import os\n")).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let workspace = workspace(&files);
        for (_, from) in workspace.modules().iter() {
            for (to, _) in workspace.modules().iter() {
                for form in [Form::Absolute, Form::Relative] {
                    let Ok(spelling) = workspace.spell(from, &Place::Module(to), form) else { continue };
                    let dotted = spelling.text.trim_start_matches('.');
                    let level = spelling.text.len() - dotted.len();
                    prop_assert!(dotted.split('.').all(|part| part.is_empty() || crate::is_identifier(part)));
                    prop_assert_eq!(workspace.resolve(from, level, dotted), Target::Found(Place::Module(to)));
                }
            }
        }
    }
}
