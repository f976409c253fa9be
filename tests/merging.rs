//! `repot merge`, as it is typed: in a tree without a roadmap, and with one.

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree};

const MERGE: [&str; 3] = ["merge", "old", "new"];

const FILES: &[(&str, &str)] = &[
    (
        "packages/old/pyproject.toml",
        "[project]\nname = \"acme-old\"\nversion = \"1\"\nlicense = \"MIT\"\ndependencies = [\"click>=9\"]\n",
    ),
    ("packages/old/README.md", "# Old\n"),
    ("packages/old/src/old/__init__.py", "from .rules import Rule\n"),
    ("packages/old/src/old/rules.py", "class Rule:\n    kind = 1\n"),
    ("packages/old/src/old/cart.py", "def total():\n    return 1\n"),
    (
        "packages/old/tests/test_cart.py",
        "from old.cart import total\n\n\ndef test_total():\n    assert total()\n",
    ),
    (
        "packages/new/pyproject.toml",
        "[project]\nname = \"acme-new\"\nversion = \"2\"\nlicense = \"BSD-3-Clause\"\ndependencies = [\"click>=8\"]\n",
    ),
    ("packages/new/README.md", "# New\n"),
    ("packages/new/src/new/__init__.py", "from .rules import Rule\n"),
    ("packages/new/src/new/rules.py", "class Rule:\n    kind = 2\n"),
    ("packages/new/tests/test_rules.py", "import new\n\n\ndef test_new():\n    assert new\n"),
    (
        "packages/till/pyproject.toml",
        "[project]\nname = \"till\"\nversion = \"1\"\ndependencies = [\"acme-old\"]\n",
    ),
    ("packages/till/src/till/__init__.py", "from old import Rule\nfrom old.cart import total\n"),
];

fn tree() -> Tree {
    Tree::with(FILES)
}

fn assert_shows(name: &str, outcome: &Outcome) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, outcome.transcript());
    });
}

fn run(tree: &Tree, options: &[&str]) -> Outcome {
    tree.run(&[&MERGE, options].concat())
}

#[test]
fn a_merge_is_shown_and_nothing_is_written() {
    let tree = tree();
    let before = tree.files();
    assert_shows("merge", &run(&tree, &["--dry-run"]));
    assert_shows("merge-decisions", &run(&tree, &["--decisions"]));
    assert_eq!(run(&tree, &["--check"]).status, ExitStatus::Findings);
    assert_eq!(run(&tree, &[]).status, ExitStatus::Refused, "nobody is there to be asked");
    assert_eq!(tree.files(), before);
}

#[test]
fn a_merge_is_made_once_and_taken_back() {
    let tree = tree();
    let before = tree.files();
    assert_eq!(run(&tree, &["--yes"]).status, ExitStatus::Fine);
    let after = tree.files();
    assert!(!after.keys().any(|path| path.starts_with("packages/old/")), "{after:?}");
    assert!(after.contains_key("packages/new/src/new/rules_old.py"));
    assert_shows("merge-again", &run(&tree, &["--yes"]));
    assert_eq!(tree.files(), after);
    assert_eq!(tree.run(&["undo", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.files(), before);
}

#[test]
fn a_retired_package_that_is_back_is_found() {
    let tree = tree();
    tree.write("repot.toml", "[workspace]\nmembers = [\"packages/*\"]\n");
    assert_eq!(run(&tree, &["--yes"]).status, ExitStatus::Fine);
    let checked = tree.run(&["check", "--metric", "retired-packages"]);
    assert_eq!(checked.status, ExitStatus::Fine, "{}", checked.transcript());
    tree.write("packages/till/src/till/late.py", "import old.cart\n");
    tree.write("packages/old/src/old/__init__.py", "");
    assert_shows("merge-retired", &tree.run(&["check", "--metric", "retired-packages"]));
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let tree = tree();
    let before = tree.files();
    for (args, reason) in [
        (["merge", "old", "gnu"], "there is no package `gnu`"),
        (["merge", "new", "new"], "would be merged into itself"),
    ] {
        let outcome = tree.run(&args);
        assert_eq!(outcome.status, ExitStatus::Refused);
        assert!(outcome.transcript().contains(reason), "{}", outcome.transcript());
    }
    let outcome = run(&tree, &["--old", "shim", "--yes"]);
    assert!(outcome.transcript().contains("called otherwise"), "{}", outcome.transcript());
    assert_eq!(tree.files(), before);
}

#[test]
fn what_the_roadmap_decides_is_not_asked() {
    let tree = tree();
    tree.write(
        "repot.toml",
        "[workspace]\nmembers = [\"packages/*\"]\n\n[[decide]]\nsymbol = \"new.rules\"\ntarget = \"old.rules\"\n",
    );
    let outcome = run(&tree, &["--decisions"]).transcript();
    assert!(!outcome.contains("symbol = \"new.rules\""), "{outcome}");
    assert_eq!(run(&tree, &["--yes"]).status, ExitStatus::Fine);
    let files = tree.files();
    assert_eq!(files["packages/new/src/new/rules.py"], b"class Rule:\n    kind = 1\n");
}
