//! Wrong input: one clear message with a hint, status 2, and a tree that is as
//! it was.

use repot_apply::Repository;
use repot_cli::ExitStatus;

use crate::environment::Tree;

const ROADMAP: &str = "[workspace]\nmembers = [\"packages/*\"]\nlegacy-roots = [\"monorepo\"]\n\n[[phase]]\nname = \"one\"\n\n[[phase.step]]\ncodemod = \"retarget-imports\"\n";

fn small(roadmap: &str) -> Tree {
    Tree::with(&[
        ("repot.toml", roadmap),
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/cart.py", "class Cart: ...\n"),
        ("packages/shop/src/shop/page.py", "from monorepo.cart import Cart\n"),
    ])
}

fn assert_refused(tree: &Tree, args: &[&str], words: &[&str]) {
    let before = tree.files();
    let outcome = tree.run(args);
    assert_eq!(outcome.status, ExitStatus::Refused, "{args:?}\n{}", outcome.transcript());
    for word in words {
        assert!(outcome.err.contains(word), "{args:?} should say {word:?}\n{}", outcome.err);
    }
    assert_eq!(tree.files(), before, "{args:?}");
}

#[test]
fn without_a_roadmap() {
    let tree = Tree::with(&[("a.py", "import os\n")]);
    for command in ["plan", "status", "check", "apply"] {
        assert_refused(&tree, &[command], &["there is no repot.toml", "repot init"]);
    }
}

#[test]
fn with_a_roadmap_that_is_wrong() {
    let wrong = |from: &str, to: &str, words: &[&str]| {
        assert_refused(&small(&ROADMAP.replace(from, to)), &["plan"], words);
    };
    wrong("members", "member", &["repot.toml:2", "members"]);
    wrong("packages/*", "package/*", &["repot.toml:2", "`package/*` matches nothing"]);
    wrong("retarget-imports", "retarget-import", &["repot.toml:9", "retarget-imports"]);
    wrong("[[phase]]", "[[phase]", &["repot.toml"]);
    wrong("name = \"one\"", "name = 1", &["repot.toml"]);
}

#[test]
fn with_a_setting_that_does_not_fit_the_tree() {
    let path = ["run", "scaffold-package", "--set", "name=shared", "--set", "path=libs/shared"];
    assert_refused(&small(ROADMAP), &path, &["setting `path`", "hint: add `\"libs/shared\"` to `members`"]);
}

#[test]
fn with_a_framework_that_does_not_exist() {
    for codemod in ["retarget-imports", "decouple-domains"] {
        for run in [&["run", codemod, "--set", "di=dishkaa"][..], &["run", codemod, "--di", "dishkaa"]] {
            assert_refused(
                &small(ROADMAP),
                run,
                &["nothing is called `dishkaa`; there are plain, dishka, svcs", "did you mean `dishka`?"],
            );
        }
    }
}

#[test]
fn with_words_that_do_not_exist() {
    let tree = small(ROADMAP);
    assert_refused(&tree, &["plan", "--phase", "on"], &["one"]);
    assert_refused(&tree, &["check", "--metric", "legacy-import"], &["legacy-imports"]);
    assert_refused(&tree, &["run", "retarget"], &["retarget-imports"]);
    assert_refused(&tree, &["run", "retarget-imports", "--set", "from=habit"], &["form"]);
    assert_refused(&tree, &["run", "retarget-imports", "--set", "form"], &["KEY=VALUE"]);
    assert_refused(&tree, &["explain", "gone.py:1"], &["gone.py"]);
    assert_refused(&tree, &["undo", "--yes"], &["undo"]);
    assert_refused(&tree, &["plan", "--output-format", "sarif"], &["format"]);
    assert_refused(&tree, &["fly"], &["fly"]);
    assert_refused(&tree, &["--root", "nowhere", "plan"], &["nowhere"]);
}

#[test]
fn without_consent() {
    let tree = small(ROADMAP);
    assert_refused(&tree, &["apply"], &["--yes"]);
    let before = tree.files();
    assert_eq!(tree.run_answering(&["apply"], Some("n\n")).status, ExitStatus::Fine);
    assert_eq!(tree.files(), before, "a no is a no");
    assert_eq!(tree.run_answering(&["apply"], Some("y\n")).status, ExitStatus::Fine);
    assert_ne!(tree.files(), before);
    assert_refused(&tree, &["undo"], &["--yes"]);
}

#[test]
fn while_somebody_else_is_at_work() {
    let tree = small(ROADMAP);
    let lock = Repository::open(tree.root()).unwrap().lock().unwrap();
    assert_refused(&tree, &["apply", "--yes"], &[]);
    drop(lock);
    assert_eq!(tree.run(&["apply", "--yes"]).status, ExitStatus::Fine);
}

#[test]
fn when_something_changed_since() {
    let tree = small(ROADMAP);
    assert_eq!(tree.run(&["apply", "--yes"]).status, ExitStatus::Fine);
    tree.write("packages/shop/src/shop/page.py", "# mine\n");
    assert_refused(&tree, &["undo", "--yes"], &["packages/shop/src/shop/page.py"]);
}

#[test]
fn a_file_that_does_not_parse_stops_nothing() {
    let tree = small(ROADMAP);
    tree.write("packages/shop/src/shop/broken.py", "from monorepo.cart import (\n");
    let outcome = tree.run(&["plan"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
    assert!(outcome.out.contains("broken.py"), "{}", outcome.out);
}

#[test]
fn with_a_tree_that_another_run_holds() {
    let tree = small(ROADMAP);
    let repository = Repository::open(tree.root()).unwrap().named("repot apply --phase one");
    let lock = repository.lock().unwrap();
    assert_refused(
        &tree,
        &["apply", "--yes"],
        &["another repot works on this tree", "`repot apply --phase one`"],
    );
    drop(lock);
    assert_eq!(tree.run(&["apply", "--yes"]).status, ExitStatus::Fine);
    let holder = std::fs::read_to_string(tree.root().join(".repot/lock")).unwrap();
    assert!(holder.contains("repot apply --yes"), "{holder}");
}
