//! A part of a plan: what is left out stays as it was, and the rest holds.

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree};

const ROADMAP: &str = "[workspace]\nmembers = [\"packages/*\"]\nlegacy-roots = [\"monorepo\"]\n\n[[phase]]\nname = \"one\"\n\n[[phase.step]]\ncodemod = \"retarget-imports\"\n\n[[phase.step]]\ncodemod = \"move-code\"\nmoves = [\"shop.cart -> shop.basket\"]\n";

fn tree() -> Tree {
    Tree::with(&[
        ("repot.toml", ROADMAP),
        ("packages/shop/pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\n"),
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/cart.py", "class Cart: ...\n"),
        ("packages/shop/src/shop/page.py", "from monorepo.cart import Cart\n"),
        (
            "packages/store/pyproject.toml",
            "[project]\nname = \"store\"\nversion = \"1\"\ndependencies = [\"shop\"]\n",
        ),
        ("packages/store/src/store/__init__.py", ""),
        ("packages/store/src/store/till.py", "from shop.cart import Cart\n\nNAME = \"shop.cart\"\n"),
        ("docs/cart.md", "See `shop.cart`.\n"),
    ])
}

fn text(tree: &Tree, path: &str) -> String {
    tree.files().get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

fn assert_fine(outcome: &Outcome) {
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
}

#[test]
fn one_step_is_planned_for_the_tree_that_is_there() {
    let whole = tree();
    assert_fine(&whole.run(&["apply", "--yes"]));
    assert_eq!(text(&whole, "packages/shop/src/shop/page.py"), "from shop.basket import Cart\n");
    for step in ["retarget-imports", "1"] {
        let tree = tree();
        assert_fine(&tree.run(&["apply", "--yes", "--step", step]));
        assert_eq!(text(&tree, "packages/shop/src/shop/page.py"), "from shop.cart import Cart\n");
        assert!(tree.files().contains_key("packages/shop/src/shop/cart.py"));
        assert_fine(&tree.run(&["apply", "--yes"]));
        assert_eq!(tree.files(), whole.files(), "the rest afterwards is the whole");
    }
}

#[test]
fn a_part_that_cannot_stand_alone_is_refused_by_name() {
    let tree = tree();
    let before = tree.files();
    let outcome = tree.run(&["apply", "--yes", "--package", "shop"]);
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
    assert!(outcome.out.contains("packages/store/src/store/till.py"), "{}", outcome.out);
    assert!(outcome.out.contains("left out by the selection"), "{}", outcome.out);
    assert_eq!(tree.files(), before);
}

#[test]
fn classes_paths_and_packages_limit_what_is_planned() {
    let changed = |args: &[&str]| {
        let (tree, before) = (tree(), tree().files());
        assert_fine(&tree.run(&[&["apply", "--yes"], args].concat()));
        let after = tree.files();
        let names: Vec<String> =
            after.keys().filter(|name| before.get(*name) != after.get(*name)).cloned().collect();
        names
    };
    assert_eq!(changed(&["--step", "1", "--package", "shop"]), ["packages/shop/src/shop/page.py"]);
    assert_eq!(changed(&["--step", "1", "--path", "packages/shop/"]), ["packages/shop/src/shop/page.py"]);
    assert_eq!(changed(&["--step", "1", "--path", "**/till.py"]), [""; 0]);
    assert_eq!(changed(&["--step", "1", "--only", "strings,docs"]), [""; 0]);
}

#[test]
fn words_that_name_nothing_are_refused() {
    for (args, words) in [
        (["--step", "retarget"], "`retarget-imports`"),
        (["--step", "3"], "no step `3`"),
        (["--package", "shops"], "`shop`"),
        (["--path", "packages/shp"], "matches nothing"),
        (["--only", "import"], "imports"),
    ] {
        let tree = tree();
        let outcome = tree.run(&[&["plan"][..], &args].concat());
        assert_eq!(outcome.status, ExitStatus::Refused, "{args:?}");
        assert!(outcome.err.contains(words), "{args:?}: {}", outcome.err);
    }
    let outcome = tree().run(&["plan", "--interactive"]);
    assert!(outcome.err.contains("no terminal"), "{}", outcome.err);
}

#[test]
fn hunk_by_hunk_the_later_steps_follow_the_answers() {
    let tree = tree();
    // The legacy import of `page` stays, so `move-code` does not see it; of the
    // move all is taken but the string.
    let answers = "e\n?\nn\na\na\nn\ny\ny\n";
    let outcome = tree.run_answering(&["apply", "--interactive"], Some(answers));
    assert_fine(&outcome);
    assert_eq!(
        text(&tree, "packages/shop/src/shop/page.py"),
        "from monorepo.cart import Cart\n",
        "{}",
        outcome.transcript()
    );
    assert_eq!(
        text(&tree, "packages/store/src/store/till.py"),
        "from shop.basket import Cart\n\nNAME = \"shop.cart\"\n"
    );
    assert_eq!(text(&tree, "docs/cart.md"), "See `shop.basket`.\n");
    assert!(outcome.out.contains("What to do"), "the evidence is explained\n{}", outcome.out);
    assert!(outcome.out.contains("leave this hunk out"), "the letters are explained\n{}", outcome.out);
    assert!(outcome.err.contains("(retarget-imports, imports 1 of 1)"), "{}", outcome.err);
}

#[test]
fn who_quits_or_goes_away_changes_nothing() {
    for answers in ["q\n", "y\n", ""] {
        let tree = tree();
        let before = tree.files();
        let outcome = tree.run_answering(&["apply", "--interactive"], Some(answers));
        let status = if answers == "q\n" { ExitStatus::Fine } else { ExitStatus::Refused };
        assert_eq!(outcome.status, status, "{answers:?}: {}", outcome.transcript());
        assert_eq!(tree.files(), before, "{answers:?}");
    }
}

#[test]
fn a_saved_plan_says_what_it_was_limited_to() {
    let tree = tree();
    assert_fine(&tree.run(&["plan", "-o", "p", "--step", "1", "--path", "packages/shop"]));
    let shown = tree.run(&["show", "p", "--stat"]);
    assert!(shown.err.contains("limited to --step 1 --path packages/shop"), "{}", shown.err);
    assert_eq!(tree.run(&["apply", "p", "--step", "1", "--yes"]).status, ExitStatus::Refused);
    assert_fine(&tree.run(&["apply", "p", "--yes"]));
}

#[test]
fn a_saved_plan_that_failed_is_never_applied() {
    let tree = tree();
    let before = tree.files();
    let outcome = tree.run(&["plan", "--package", "shop", "-o", "p"]);
    assert!(outcome.err.contains("cannot be applied"), "{}", outcome.err);
    let outcome = tree.run(&["apply", "p", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
    let mut after = tree.files();
    after.remove("p");
    assert_eq!(after, before);
    assert_fine(&tree.run(&["apply", "--yes"]));
    let outcome = tree.run(&["plan", "-o", "p"]);
    assert!(outcome.err.contains("It changes nothing."), "{}", outcome.err);
}
