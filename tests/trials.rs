//! Commands that say whether a phase breaks anything, as a user meets them.

use repot_cli::ExitStatus;

use crate::environment::Tree;

const ROADMAP: &str = "[workspace]\nmembers = [\"packages/*\"]\nlegacy-roots = [\"monorepo\"]\n\n[[phase]]\nname = \"one\"\n\n[[phase.step]]\ncodemod = \"retarget-imports\"\n";

/// A command that fails once the import is rewritten.
const BREAKS: &str =
    "grep -l monorepo packages/shop/src/shop/page.py || (echo 'FAILED t.py::test_page - why'; exit 1)";

fn small(verify: &str) -> Tree {
    Tree::with(&[
        ("repot.toml", &format!("{ROADMAP}{verify}")),
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/cart.py", "class Cart: ...\n"),
        ("packages/shop/src/shop/page.py", "from monorepo.cart import Cart\n"),
    ])
}

fn verify(command: &str) -> String {
    format!("\n[phase.verify]\ncommand = \"{command}\"\n")
}

#[test]
fn a_plan_is_tried_when_it_is_asked_for() {
    let tree = small("");
    let before = tree.files();
    let outcome = tree.run(&["plan", "--verify", "cat packages/shop/src/shop/page.py", "--verify", "true"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
    assert!(
        outcome.out.contains("✓ `cat packages/shop/src/shop/page.py` breaks nothing anew"),
        "{}",
        outcome.out
    );
    assert!(outcome.out.contains("✓ `true` breaks nothing anew"), "{}", outcome.out);
    assert_eq!(
        outcome.err.lines().next(),
        Some("Running `cat packages/shop/src/shop/page.py` in a copy of the tree before phase `one`")
    );
    assert_eq!(outcome.err.lines().count(), 4, "one line for each run");
    assert_eq!(tree.files(), before);
}

#[test]
fn what_a_phase_breaks_is_told_and_the_plan_refused() {
    let tree = small("");
    let outcome = tree.run(&["plan", "--verify", BREAKS]);
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
    assert!(outcome.out.contains("finds 1 thing broken anew (before: exit status 0, "), "{}", outcome.out);
    assert!(outcome.out.contains("\n        FAILED t.py::test_page - why\n"), "{}", outcome.out);
    let json = tree.run(&["plan", "--output-format", "json", "--verify", BREAKS]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let trial = &json["phases"][0]["trials"][0];
    assert_eq!((&json["verified"], &trial["passed"]), (&false.into(), &false.into()));
    assert_eq!(trial["after"]["output"], "FAILED t.py::test_page - why\n");
    assert_eq!(trial["before"]["output"], "packages/shop/src/shop/page.py\n");
}

#[test]
fn apply_runs_what_the_roadmap_says_and_a_preview_does_not() {
    let tree = small(&verify(BREAKS));
    let before = tree.files();
    let preview = tree.run(&["plan"]);
    assert_eq!((preview.status, preview.err.as_str()), (ExitStatus::Fine, ""));
    assert_eq!(tree.run(&["plan", "--verify"]).status, ExitStatus::Refused);
    let outcome = tree.run(&["apply", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
    assert!(outcome.out.contains("FAILED t.py::test_page"), "{}", outcome.out);
    assert_eq!(tree.files(), before);
    let outcome = tree.run(&["apply", "--yes", "--no-verify"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
    assert!(!outcome.err.contains("Running"), "{}", outcome.err);
    assert_ne!(tree.files(), before);
    assert_eq!(tree.run(&["undo", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.files(), before);
}

#[test]
fn apply_goes_on_where_nothing_breaks() {
    let tree = small(&verify("test -e packages/shop/src/shop/page.py"));
    let outcome = tree.run(&["apply", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
    assert!(outcome.out.contains("breaks nothing anew"), "{}", outcome.out);
    // There is nothing left to try.
    let outcome = tree.run(&["plan", "--verify"]);
    assert!(!outcome.err.contains("Running"), "{}", outcome.err);
}

#[test]
fn what_says_nothing_of_the_plan_is_refused() {
    let refused = |tree: &Tree, args: &[&str], words: &[&str]| {
        let before = tree.files();
        let outcome = tree.run(args);
        assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
        words.iter().for_each(|word| assert!(outcome.err.contains(word), "{word:?}\n{}", outcome.err));
        assert_eq!(tree.files(), before);
    };
    let tree = small("");
    refused(&tree, &["plan", "--verify"], &["names no command to verify by", "[phase.verify]"]);
    refused(
        &tree,
        &["plan", "--verify", "no-such-command"],
        &["`no-such-command` cannot be run", "not found"],
    );
    refused(&tree, &["plan", "--verify-timeout", "10s"], &["--verify"]);
    refused(&tree, &["plan", "--verify", "true", "--verify-timeout=-1s"], &["no time"]);
    refused(
        &tree,
        &["plan", "--verify", "sleep 1000", "--verify-timeout", "50ms"],
        &["did not end within 50ms", "longer timeout"],
    );
}

#[test]
fn a_command_that_hangs_after_the_phase_is_stopped_and_breaks_it() {
    let hangs = "grep -q monorepo packages/shop/src/shop/page.py || sleep 1000";
    let tree = small(&format!("{}timeout = \"300ms\"\n", verify(hangs)));
    let outcome = tree.run(&["apply", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.transcript());
    assert!(outcome.out.contains("it did not end within 300ms, and was stopped"), "{}", outcome.out);
}

#[test]
fn a_saved_plan_holds_what_was_verified_of_it() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let command = format!("echo $REPOT_SIDE >> '{}'", log.path().display());
    let runs = || std::fs::read_to_string(log.path()).unwrap();
    let tree = small(&verify(&command));
    let saved = tree.run(&["plan", "-o", "saved.plan"]);
    assert_eq!(saved.status, ExitStatus::Fine, "{}", saved.transcript());
    assert_eq!(runs(), "before\nafter\n");
    let shown = tree.run(&["show", "saved.plan"]);
    assert!(shown.out.contains("breaks nothing anew"), "{}", shown.out);
    let applied = tree.run(&["apply", "saved.plan", "--yes"]);
    assert_eq!(applied.status, ExitStatus::Fine, "{}", applied.transcript());
    assert_eq!(runs(), "before\nafter\n", "what is proven is not proven again");
    let again = small(&verify(&command));
    assert_eq!(again.run(&["plan", "-o", "saved.plan", "--no-verify"]).status, ExitStatus::Fine);
    assert_eq!(runs(), "before\nafter\n");
}

#[test]
fn a_saved_plan_that_breaks_something_is_not_applied() {
    let tree = small(&verify(BREAKS));
    assert_eq!(tree.run(&["plan", "-o", "saved.plan"]).status, ExitStatus::Refused);
    let before = tree.files();
    let applied = tree.run(&["apply", "saved.plan", "--yes"]);
    assert_eq!(applied.status, ExitStatus::Refused, "{}", applied.transcript());
    assert_eq!(tree.files(), before);
}
