//! Saved plans: what was shown is what is applied, here or in another clone, or
//! nothing is.

use std::collections::BTreeMap;

use repot_cli::ExitStatus;

use crate::environment::{Tree, commit_all, git};

const INIT: [&str; 5] = ["init", "--legacy-root", "monorepo", "--legacy-root", "legacy_shop"];

/// A roadmap of two phases, the second of which moves what the first edits.
const TWO: &str = "\n[[phase]]\nname = \"second\"\ntitle = \"Carts move\"\n\n[[phase.step]]\ncodemod = \"move-code\"\nmoves = [\"shop.cart -> shop.basket\"]\n";

fn two_phases() -> Tree {
    let tree = Tree::with(&[
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/cart.py", "from monorepo.prices import Price\n\n\nclass Cart: ...\n"),
        ("packages/shop/src/shop/prices.py", "class Price: ...\n"),
        ("packages/shop/src/shop/page.py", "from monorepo.cart import Cart\n"),
        ("packages/shop/pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\n"),
    ]);
    let first = "[workspace]\nmembers = [\"packages/*\"]\nlegacy-roots = [\"monorepo\"]\n\n[[phase]]\nname = \"first\"\n\n[[phase.step]]\ncodemod = \"retarget-imports\"\n";
    tree.write("repot.toml", format!("{first}{TWO}"));
    tree
}

fn fine(tree: &Tree, args: &[&str]) -> String {
    let outcome = tree.run(args);
    assert_eq!(outcome.status, ExitStatus::Fine, "{args:?}\n{}", outcome.transcript());
    outcome.out + &outcome.err
}

fn refused(tree: &Tree, args: &[&str], words: &[&str]) {
    let before = tree.files();
    let outcome = tree.run(args);
    assert_eq!(outcome.status, ExitStatus::Refused, "{args:?}\n{}", outcome.transcript());
    for word in words {
        assert!(outcome.err.contains(word), "{args:?} should say {word:?}\n{}", outcome.err);
    }
    assert_eq!(tree.files(), before, "{args:?}");
}

fn without(mut files: BTreeMap<String, Vec<u8>>, name: &str) -> BTreeMap<String, Vec<u8>> {
    files.remove(name);
    files
}

#[test]
fn a_saved_plan_shows_what_the_plan_showed() {
    let tree = Tree::demo();
    fine(&tree, &INIT);
    let before = tree.files();
    let views: [&[&str]; 7] = [
        &[],
        &["--stat"],
        &["--decisions"],
        &["--patch"],
        &["--output-format", "json"],
        &["--output-format", "markdown"],
        &["--output-format", "concise"],
    ];
    fine(&tree, &["plan", "-o", "plan.repot"]);
    for view in views {
        let plan = tree.run(&[&["plan"], view].concat()).out;
        // The plan was made before the file was there; nothing else differs.
        assert_eq!(tree.run(&[&["show", "plan.repot"], view].concat()).out, plan, "{view:?}");
    }
    assert_eq!(without(tree.files(), "plan.repot"), before);
}

#[test]
fn a_saved_plan_is_applied_to_the_byte_and_once() {
    let (tree, twin) = (two_phases(), two_phases());
    fine(&tree, &["plan", "-o", "plan.repot"]);
    let shown = tree.run(&["show", "plan.repot", "--output-format", "json"]).out;
    assert!(shown.contains("\"second\""), "{shown}");
    refused(&tree, &["apply", "plan.repot", "--phase", "second", "--yes"], &["builds on phase `first`"]);
    fine(&tree, &["apply", "plan.repot", "--phase", "first", "--yes"]);
    fine(&tree, &["apply", "plan.repot", "--yes"]);
    assert!(fine(&tree, &["apply", "plan.repot", "--yes"]).contains("applied already"));
    for _ in 0..2 {
        fine(&twin, &["apply", "--yes"]);
    }
    assert_eq!(without(tree.files(), "plan.repot"), twin.files());
    assert!(tree.files().contains_key("packages/shop/src/shop/basket.py"));
    for _ in 0..2 {
        fine(&tree, &["undo", "--yes"]);
    }
    assert_eq!(without(tree.files(), "plan.repot"), two_phases().files());
    fine(&tree, &["apply", "plan.repot", "--yes"]);
    assert_eq!(without(tree.files(), "plan.repot"), twin.files());
}

#[test]
fn a_stale_plan_names_what_drifted_and_how() {
    let tree = two_phases();
    commit_all(&tree);
    fine(&tree, &["plan", "-o", "plan.repot"]);
    let apply = ["apply", "plan.repot", "--yes"];
    let cart = "packages/shop/src/shop/cart.py";
    let text = tree.files()[cart].clone();
    tree.write(cart, "changed");
    refused(&tree, &apply, &["cart.py: its bytes changed", "plan again"]);
    tree.write(cart, &text);
    // What the plan rests on without changing it.
    tree.write("packages/shop/src/shop/cart/__init__.py", "");
    refused(&tree, &apply, &["shop/cart/__init__.py: a file is there now"]);
    std::fs::remove_dir_all(tree.root().join("packages/shop/src/shop/cart")).unwrap();
    tree.write("packages/shop/pyproject.toml", "[project]\nname = \"shop\"\nversion = \"2\"\n");
    refused(&tree, &apply, &["pyproject.toml: its bytes changed"]);
    git(tree.root(), &["checkout", "-q", "packages/shop/pyproject.toml"]);
    tree.write("repot.toml", TWO);
    git(tree.root(), &["commit", "-qam", "second"]);
    refused(&tree, &apply, &["repot.toml: its bytes changed", "it was made at commit"]);
    git(tree.root(), &["reset", "-q", "--hard", "HEAD~1"]);
    fine(&tree, &apply);
}

#[test]
fn what_is_no_plan_is_refused_by_what_it_is() {
    let tree = two_phases();
    fine(&tree, &["plan", "-o", "plan.repot"]);
    let bytes = tree.files()["plan.repot"].clone();
    let with = |bytes: &[u8], words: &[&str]| {
        tree.write("bad.repot", bytes);
        refused(&tree, &["apply", "bad.repot", "--yes"], words);
        refused(&tree, &["show", "bad.repot"], words);
    };
    with(b"diff --git a/x b/x\n", &["bad.repot is no saved plan", "plan -o FILE"]);
    with(&bytes[..bytes.len() - 1], &["damaged or edited"]);
    with(b"{\"repot-plan\":2}\n", &["format 2", "newer"]);
    refused(&tree, &["apply", "none.repot", "--yes"], &["cannot read", "none.repot"]);
    refused(
        &tree,
        &["apply", "plan.repot", "--phase", "third", "--yes"],
        &["no phase `third`", "first, second"],
    );
}

#[test]
fn a_planted_link_leads_no_plan_out_of_the_tree() {
    let (tree, outside) = (two_phases(), Tree::with(&[("page.py", "from monorepo.cart import Cart\n")]));
    fine(&tree, &["plan", "-o", "plan.repot"]);
    let folder = tree.root().join("packages/shop/src/shop");
    let page = folder.join("page.py");
    std::fs::remove_file(&page).unwrap();
    std::os::unix::fs::symlink(outside.root().join("page.py"), &page).unwrap();
    refused(&tree, &["apply", "plan.repot", "--yes"], &["page.py"]);
    std::fs::remove_file(&page).unwrap();
    let aside = tree.root().join("aside");
    std::fs::rename(&folder, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &folder).unwrap();
    let outcome = tree.run(&["apply", "plan.repot", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
    assert_eq!(outside.files()["page.py"], b"from monorepo.cart import Cart\n");
}

#[test]
fn a_plan_gives_the_same_tree_in_another_clone_and_a_commit_for_each_step() {
    let tree = two_phases();
    commit_all(&tree);
    let plan = tempfile::tempdir().unwrap();
    let file = plan.path().join("plan.repot");
    let file = file.to_str().unwrap();
    fine(&tree, &["plan", "-o", file]);
    let clone = Tree::empty();
    git(clone.root(), &["clone", "-q", tree.root().to_str().unwrap(), "."]);
    git(clone.root(), &["config", "user.name", "U"]);
    git(clone.root(), &["config", "user.email", "u@example.org"]);
    for place in [&tree, &clone] {
        fine(place, &["apply", file, "--yes", "--commit", "--branch", "migrate/carts"]);
        assert_eq!(git(place.root(), &["status", "--porcelain"]), "");
        assert_eq!(git(place.root(), &["branch", "--show-current"]), "migrate/carts");
    }
    let trees = [&tree, &clone].map(|place| git(place.root(), &["log", "-3", "--format=%T"]));
    assert_eq!(trees[0], trees[1]);
    let subjects = git(tree.root(), &["log", "--format=%s"]);
    assert_eq!(subjects.lines().count(), 3, "{subjects}");
    let trailers = git(tree.root(), &["log", "-1", "--format=%(trailers:key=Repot-Step,valueonly)"]);
    assert_eq!(trailers, "1/1 move-code");
    assert!(
        git(tree.root(), &["log", "--follow", "--format=%s", "packages/shop/src/shop/basket.py"])
            .contains("first")
    );
    let patch = clone.run(&["show", file, "--patch"]).out;
    git(clone.root(), &["checkout", "-q", "main"]);
    std::fs::write(plan.path().join("patch"), patch).unwrap();
    git(clone.root(), &["apply", "--index", plan.path().join("patch").to_str().unwrap()]);
    assert_eq!(git(clone.root(), &["write-tree"]), trees[0].lines().next().unwrap());
}

#[test]
fn a_commit_is_refused_where_it_would_hold_more_than_the_step() {
    let tree = two_phases();
    refused(&tree, &["apply", "--yes", "--commit"], &["is in no git repository"]);
    refused(&tree, &["apply", "--yes", "--branch", "x"], &["--commit"]);
    commit_all(&tree);
    tree.write("notes.txt", "mine");
    git(tree.root(), &["add", "notes.txt"]);
    refused(&tree, &["apply", "--yes", "--commit"], &["notes.txt", "--allow-dirty"]);
    refused(&tree, &["apply", "--yes", "--commit", "--branch", "main"], &["notes.txt"]);
    fine(&tree, &["apply", "--yes", "--commit", "--allow-dirty"]);
    assert_eq!(git(tree.root(), &["status", "--porcelain"]), "A  notes.txt");
    refused(&tree, &["apply", "--yes", "--commit", "--allow-dirty", "--branch", "main"], &["exists already"]);
}

#[test]
fn a_move_is_saved_like_any_plan_and_needs_no_roadmap() {
    let tree = Tree::with(&[
        ("src/shop/__init__.py", ""),
        ("src/shop/cart.py", "class Cart: ...\n"),
        ("src/shop/page.py", "from shop.cart import Cart\n"),
    ]);
    let before = tree.files();
    let args = ["move", "shop.cart", "shop.basket"];
    refused(&tree, &[&args[..], &["-o", "p", "--yes"]].concat(), &["`--yes`"]);
    fine(&tree, &[&args[..], &["-o", "p"]].concat());
    assert_eq!(without(tree.files(), "p"), before, "saving is not applying");
    assert!(fine(&tree, &["show", "p", "--patch"]).contains("rename to src/shop/basket.py"));
    assert!(fine(&tree, &[&args[..], &["--html", "-"]].concat()).starts_with("<!doctype html>"));
    fine(&tree, &["apply", "p", "--yes"]);
    assert!(tree.files().contains_key("src/shop/basket.py"));
    fine(&tree, &["undo", "--yes"]);
    assert_eq!(without(tree.files(), "p"), before);
}
