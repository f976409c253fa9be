//! `repot merge`, as it is typed: in a tree without a roadmap, and with one.

use std::path::Path;
use std::process::Command;

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree, commit_all, git};

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

fn commit_at(root: &Path, seconds: u32) {
    let made = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["commit", "-qm", "later"])
        .env("GIT_COMMITTER_DATE", format!("@{seconds} +0000"))
        .status();
    assert!(made.unwrap().success());
}

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
        (["merge", "old", "gnu"], "there is no package `gnu`\n hint: a package goes by"),
        (["merge", "odl", "new"], "there is no package `odl`\n hint: did you mean `old`?"),
        (["merge", "old", "packages/nwe"], "hint: did you mean `packages/new`?"),
        (["merge", "acme_odl", "new"], "hint: did you mean `acme-old`?"),
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

/// A step that names what is not there must not pass for one that was done.
#[test]
fn a_misspelt_step_is_refused_at_its_line() {
    let step = |from: &str, into: &str| {
        format!(
            "[workspace]\nmembers = [\"packages/*\"]\n\n[[phase]]\nname = \"one\"\n\n[[phase.step]]\ncodemod = \"merge-packages\"\nfrom = \"{from}\"\ninto = \"{into}\"\n"
        )
    };
    for (from, into, place, hint) in [
        ("odl", "new", "repot.toml:9:8", "did you mean `old`?"),
        ("old", "nwe", "repot.toml:10:8", "did you mean `new`?"),
        ("gnu", "new", "repot.toml:9:8", "a `[[retired]]` entry says"),
    ] {
        let tree = tree();
        tree.write("repot.toml", step(from, into));
        for command in [&["plan"][..], &["status"], &["apply", "--phase", "one", "--yes"]] {
            let outcome = tree.run(command);
            let said = outcome.transcript();
            assert_eq!(outcome.status, ExitStatus::Refused, "{said}");
            assert!(said.contains(place) && said.contains(hint), "{said}");
        }
    }
    let tree = tree();
    tree.write("repot.toml", step("old", "new"));
    assert_eq!(tree.run(&["apply", "--phase", "one", "--yes"]).status, ExitStatus::Fine);
    assert_shows("merge-step-again", &tree.run(&["plan"]));
}

/// The roadmap may be a table of the project file.
#[test]
fn the_project_file_says_what_is_retired() {
    const ROADMAP: &str = "# All.\n[project]\nname = \"all\"\n\n[tool.repot.workspace]\nmembers = [\n    # Old.\n    \"packages/old\",\n    \"packages/new\",\n    \"packages/till\",\n]\n\n# Style.\n[tool.ruff]\nline-length = 99\n";
    for ending in ["\n", "\r\n"] {
        let tree = tree();
        tree.write("pyproject.toml", ROADMAP.replace('\n', ending));
        let before = tree.files();
        assert_eq!(run(&tree, &["--yes"]).status, ExitStatus::Fine);
        let after = String::from_utf8(tree.files()["pyproject.toml"].clone()).unwrap();
        let entry = "\n[[tool.repot.retired]]\npackage = \"old\"\ninto = \"new\"\nfolder = \"packages/old\"\ndistribution = \"acme-old\"\n";
        let expected = ROADMAP.replace("    \"packages/old\",\n", "");
        let expected =
            expected.replace("]\n\n# Style", &format!("]\n{entry}\n# Style")).replace('\n', ending);
        assert_eq!(after, expected);
        let checked = tree.run(&["check", "--metric", "retired-packages"]);
        assert_eq!(checked.status, ExitStatus::Fine, "{}", checked.transcript());
        assert!(run(&tree, &["--yes"]).transcript().contains("Nothing to merge."));
        assert_eq!(tree.run(&["undo", "--yes"]).status, ExitStatus::Fine);
        assert_eq!(tree.files(), before);
    }
}

/// Which of two has the newer history only git knows.
#[test]
fn a_duplicate_is_proposed_with_what_git_knows() {
    const PROJECT: &str = "[project]\nname = \"x\"\nversion = \"1\"\n";
    let tree = Tree::with(&[
        ("packages/rule/pyproject.toml", PROJECT),
        ("packages/rules/pyproject.toml", PROJECT),
        ("packages/till/pyproject.toml", PROJECT),
        ("packages/rule/src/rule/a.py", "def one(): ...\n"),
        ("packages/rules/src/rules/a.py", "def one(): ...\n"),
        ("packages/till/src/till/a.py", "import os\n"),
    ]);
    let proposed = || {
        let text = tree.run(&["init", "--stdout"]).out;
        text.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>().join(" ")
    };
    let unknown = proposed();
    assert!(unknown.contains("`packages/rule` into `packages/rules`") && !unknown.contains(", changed"));
    commit_all(&tree);
    tree.write("packages/rule/README.md", "# Rule\n");
    git(tree.root(), &["add", "-A"]);
    commit_at(tree.root(), 4_000_000_000);
    let known = proposed();
    assert!(known.contains("`packages/rules` into `packages/rule`"), "{known}");
    assert!(known.contains(" and 2096-10-02"), "{known}");
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
