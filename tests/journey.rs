//! The whole journey on the demo monorepo: survey, plan, apply, check, undo.

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree};

const INIT: [&str; 5] = ["init", "--legacy-root", "monorepo", "--legacy-root", "legacy_shop"];

/// Compares what a command shows with the snapshot `name`.
fn assert_shows(name: &str, outcome: &Outcome) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, outcome.transcript());
    });
}

fn surveyed() -> Tree {
    let tree = Tree::demo();
    let outcome = tree.run(&INIT);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    tree
}

#[test]
fn the_survey_writes_a_roadmap_that_plans() {
    let tree = Tree::demo();
    assert_shows("init", &tree.run(&INIT));
    assert_shows("init-again", &tree.run(&INIT));
    let roadmap = String::from_utf8(tree.files()["repot.toml"].clone()).unwrap();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("init-roadmap", roadmap);
    });
    assert_shows("status", &tree.run(&["status"]));
}

#[test]
fn the_plan_shows_everything_and_writes_nothing() {
    let tree = surveyed();
    let before = tree.files();
    let plan = tree.run(&["plan"]);
    assert_shows("plan", &plan);
    assert_shows("plan-stat", &tree.run(&["plan", "--stat"]));
    assert_shows("plan-decisions", &tree.run(&["plan", "--decisions"]));
    assert_shows("plan-concise", &tree.run(&["plan", "--output-format", "concise"]));
    assert_eq!(tree.run(&["plan"]).out, plan.out, "the same tree gives the same bytes");
    assert_eq!(tree.run(&["plan", "--check"]).status, ExitStatus::Findings);
    assert_eq!(tree.run(&["plan", "--detailed-exitcode"]).status.code(), 2);
    let json = tree.run(&["plan", "--output-format", "json"]).out;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    assert_eq!(tree.files(), before);
}

#[test]
fn applied_and_taken_back_nothing_is_left() {
    let tree = surveyed();
    let before = tree.files();
    assert_shows("apply", &tree.run(&["apply", "--yes"]));
    let after = tree.files();
    assert_ne!(after, before);
    let first = ["plan", "--check", "--phase", "legacy-imports"];
    assert_eq!(tree.run(&first).status, ExitStatus::Fine, "a second run changes nothing");
    let waits = tree.run(&["apply", "--yes"]);
    assert_eq!(waits.status, ExitStatus::Refused, "decisions still wait");
    assert_eq!(tree.files(), after);
    let packages = tree.run(&["apply", "--yes", "--force", "the decisions are others'"]);
    assert!(packages.err.contains("Applied phase `packages`: 5 files"), "{}", packages.err);
    assert_eq!(tree.run(&["plan", "--check"]).status, ExitStatus::Fine, "a second run changes nothing");
    assert_shows("apply-again", &tree.run(&["apply", "--yes"]));
    assert_eq!(tree.run(&["undo", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.files(), after, "each phase is taken back by itself");
    assert_shows("check", &tree.run(&["check", "--output-format", "concise"]));
    assert_shows("undo", &tree.run(&["undo", "--yes"]));
    assert_eq!(tree.files(), before);
    assert_eq!(tree.run(&["redo", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.files(), after);
}

#[test]
fn packages_are_brought_to_the_template() {
    let tree = surveyed();
    assert_shows("explain-package", &tree.run(&["explain", "harbour-orders"]));
    let check = ["check", "--metric", "template-compliance"];
    assert_eq!(tree.run(&check).status, ExitStatus::Findings);
    let before = tree.files();
    assert_eq!(tree.run(&["run", "fit-pyproject", "--yes"]).status, ExitStatus::Fine);
    let fitted = tree.run(&check);
    assert_eq!(fitted.status, ExitStatus::Fine, "{}", fitted.out);
    assert_eq!(tree.run(&["undo", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.files(), before);
}

#[test]
fn a_line_is_explained() {
    let tree = surveyed();
    let plan = tree.run(&["plan", "--output-format", "concise"]).out;
    let place = |word: &str| {
        let line =
            plan.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("no {word} in\n{plan}"));
        line.splitn(3, ':').take(2).collect::<Vec<_>>().join(":")
    };
    for (name, word) in [("rewritten", " -> "), ("ambiguous", "ambiguous"), ("undefined", "undefined")] {
        assert_shows(&format!("explain-{name}"), &tree.run(&["explain", &place(word)]));
    }
    assert_shows("explain-nothing", &tree.run(&["explain", "README.md:1"]));
}

#[test]
fn a_decision_in_the_roadmap_is_honoured() {
    let tree = surveyed();
    let decisions = tree.run(&["plan", "--decisions"]).out;
    let block = decisions.find("[[decide]]").map(|at| decisions[at..].lines().take(3)).expect("a decision");
    // The first candidate is chosen by taking its `#` away.
    let pin: String = block.map(|line| format!("{}\n", line.trim().trim_start_matches("# "))).collect();
    let mut roadmap = String::from_utf8(tree.files()["repot.toml"].clone()).unwrap();
    let waiting = |tree: &Tree| tree.run(&["plan", "--output-format", "concise"]).out;
    let before = waiting(&tree);
    roadmap.push_str(&format!("\n{pin}"));
    tree.write("repot.toml", roadmap);
    let outcome = tree.run(&["plan", "--output-format", "concise"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    assert_ne!(outcome.out, before, "{pin}");
}

/// Line ends are bytes like others: the same tree with CRLF gives the same
/// result with CRLF.
#[test]
fn line_ends_make_no_difference() {
    let to_lf = |bytes: Vec<u8>| String::from_utf8(bytes).map(|text| text.replace("\r\n", "\n").into_bytes());
    let lf = |path: &str, bytes: Vec<u8>| match path.ends_with(".py") {
        true => to_lf(bytes.clone()).unwrap_or(bytes),
        false => bytes,
    };
    let crlf = |path: &str, bytes: Vec<u8>| match (path.ends_with(".py"), to_lf(bytes.clone())) {
        (true, Ok(text)) => String::from_utf8(text).unwrap().replace('\n', "\r\n").into_bytes(),
        _ => bytes,
    };
    let (left, right) = (Tree::demo_with(lf), Tree::demo_with(crlf));
    for tree in [&left, &right] {
        tree.run(&INIT);
        assert_eq!(tree.run(&["apply", "--yes"]).status, ExitStatus::Fine);
    }
    let (left, right) = (left.files(), right.files());
    assert!(left.keys().eq(right.keys()));
    for (path, bytes) in left {
        assert_eq!(crlf(&path, bytes), crlf(&path, right[&path].clone()), "{path}");
        assert_eq!(crlf(&path, right[&path].clone()), right[&path], "{path} lost its line ends");
    }
}
