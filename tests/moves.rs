//! `repot move`, as it is typed: in a tree without a roadmap.

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree};

const MOVE: [&str; 3] = ["move", "shop.cart", "store.cart"];

fn tree() -> Tree {
    Tree::with(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\n\n[project.scripts]\nadd = \"shop.cart:add\"\n"),
        ("README.md", "Call `shop.cart.add`.\n"),
        ("shop/__init__.py", "from .cart import add\n"),
        ("shop/cart.py", "from .prices import TAX\n\n\ndef add():\n    return TAX\n"),
        ("shop/prices.py", "TAX = 19  # for shop.cart\n"),
        (
            "tests/test_cart.py",
            "from unittest import mock\n\nimport shop.cart\n\nwith mock.patch(\"shop.cart.add\"):\n    shop.cart.add()\n",
        ),
    ])
}

fn assert_shows(name: &str, outcome: &Outcome) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, outcome.transcript());
    });
}

fn run(tree: &Tree, options: &[&str]) -> Outcome {
    tree.run(&[&MOVE, options].concat())
}

#[test]
fn a_move_is_shown_and_nothing_is_written() {
    let tree = tree();
    let before = tree.files();
    assert_shows("move", &run(&tree, &["--dry-run"]));
    assert_eq!(run(&tree, &["--check"]).status, ExitStatus::Findings);
    assert_eq!(run(&tree, &[]).status, ExitStatus::Refused, "nobody is there to be asked");
    assert_eq!(tree.files(), before);
}

#[test]
fn a_move_is_made_once_and_taken_back() {
    let tree = tree();
    let before = tree.files();
    assert_eq!(run(&tree, &["--yes"]).status, ExitStatus::Fine);
    let after = tree.files();
    assert!(after.contains_key("store/cart.py") && !after.contains_key("shop/cart.py"));
    assert_shows("move-again", &run(&tree, &["--yes"]));
    assert_eq!(tree.files(), after);
    assert_eq!(tree.run(&["undo", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.files(), before);
}

#[test]
fn a_class_may_be_left_out() {
    let tree = tree();
    run(&tree, &["--only", "imports,strings", "--yes"]);
    let files = tree.files();
    let holds = |path: &str, text: &str| String::from_utf8_lossy(&files[path]).contains(text);
    assert!(holds("pyproject.toml", "shop.cart:add") && holds("README.md", "shop.cart.add"));
    assert!(holds("tests/test_cart.py", "mock.patch(\"store.cart.add\")"));
}

#[test]
fn an_old_name_stays_importable_on_request() {
    let tree = tree();
    let outcome = run(&tree, &["--shim", "--shim-until", "2027-06-30", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    assert!(String::from_utf8_lossy(&tree.files()["shop/cart.py"]).contains("2027-06-30"));
    assert_eq!(run(&tree, &["--shim", "--check"]).status, ExitStatus::Fine, "a second run changes nothing");
}

#[test]
fn what_cannot_move_is_refused() {
    for (name, args) in [
        ("move-unknown", ["shop.crat", "store.cart"]),
        ("move-occupied", ["shop.cart", "shop.prices"]),
        ("move-below-a-module", ["shop.cart", "shop.prices.cart"]),
        ("move-no-name", ["shop/cart.py", "store.cart"]),
        ("move-unknown-symbol", ["shop.cart:addd", "store.cart"]),
    ] {
        let tree = tree();
        let before = tree.files();
        let outcome = tree.run(&["move", args[0], args[1], "--yes"]);
        assert_eq!(outcome.status, ExitStatus::Refused, "{name}");
        assert_shows(name, &outcome);
        assert_eq!(tree.files(), before);
    }
}
