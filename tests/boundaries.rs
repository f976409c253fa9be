//! Rules over imports, what is let pass, and the baseline, as a user meets them.

use repot_cli::ExitStatus;

use crate::environment::{Tree, commit_all};

const ROADMAP: &str = "[workspace]\nmembers = [\"packages/*\"]\n\n[domains.shop]\nmembers = [\"packages/shop\"]\n\n[domains.ai]\nmembers = [\"packages/ai\"]\n";

fn small(page: &str) -> Tree {
    Tree::with(&[
        ("repot.toml", ROADMAP),
        ("packages/shop/src/shop/__init__.py", ""),
        ("packages/shop/src/shop/page.py", page),
        ("packages/shop/src/shop/old.py", "from ai.model import Model\n"),
        ("packages/ai/src/ai/__init__.py", ""),
        ("packages/ai/src/ai/model.py", "class Model: ...\nclass Other: ...\n"),
    ])
}

#[test]
fn a_metric_is_asked_for_by_the_name_of_its_rule_as_well() {
    let tree = Tree::demo();
    assert_eq!(tree.run(&["init", "--legacy-root", "monorepo"]).status, ExitStatus::Fine);
    let by = |metric| tree.run(&["check", "--metric", metric]);
    let (rule, metric) = (by("domain-imports"), by("boundary-violations"));
    assert_eq!(rule.status, ExitStatus::Findings);
    assert_eq!(rule.transcript(), metric.transcript());
}

#[test]
fn a_baseline_accepts_what_is_there_and_nothing_new() {
    let tree = small("");
    assert_eq!(tree.run(&["check"]).status, ExitStatus::Findings);
    let outcome = tree.run(&["check", "--update-baseline"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
    let baseline = tree.read("repot-baseline.txt");
    assert!(
        baseline.ends_with("\ndomain-imports packages/shop/src/shop/old.py ai.model:Model 1\n"),
        "{baseline}"
    );
    let outcome = tree.run(&["check"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.transcript());
    assert!(outcome.out.contains("No new findings. The baseline accepts 1 finding."), "{}", outcome.out);
    // Lines may move, and findings may not become more.
    tree.write("packages/shop/src/shop/old.py", "\n\nfrom ai.model import Model\n");
    assert_eq!(tree.run(&["check"]).status, ExitStatus::Fine);
    tree.write("packages/shop/src/shop/page.py", "from ai.model import Other\n");
    let outcome = tree.run(&["check", "--output-format", "concise"]);
    assert_eq!(outcome.status, ExitStatus::Findings);
    assert_eq!(outcome.out.lines().count(), 1, "{}", outcome.out);
    // Updating takes nothing in.
    tree.run(&["check", "--update-baseline"]);
    assert_eq!(tree.read("repot-baseline.txt"), baseline);
}

#[test]
fn what_is_mended_leaves_the_baseline() {
    let tree = small("");
    tree.run(&["check", "--update-baseline"]);
    tree.write("packages/shop/src/shop/old.py", "import os\n");
    let outcome = tree.run(&["check"]);
    assert_eq!(outcome.status, ExitStatus::Findings, "{}", outcome.transcript());
    assert!(outcome.out.contains("repot-baseline.txt:2:1: stale-baseline"), "{}", outcome.out);
    let partial = tree.run(&["check", "--metric", "legacy-imports"]);
    assert_eq!(partial.status, ExitStatus::Fine, "{}", partial.transcript());
    tree.run(&["check", "--update-baseline"]);
    assert_eq!(tree.run(&["check"]).status, ExitStatus::Fine);
}

#[test]
fn nobody_accepts_their_own_violations() {
    let tree = small("");
    tree.run(&["check", "--update-baseline"]);
    commit_all(&tree);
    tree.write("packages/shop/src/shop/page.py", "from ai.model import Other\n");
    let own =
        tree.read("repot-baseline.txt") + "domain-imports packages/shop/src/shop/page.py ai.model:Other 1\n";
    tree.write("repot-baseline.txt", &own);
    assert_eq!(tree.run(&["check"]).status, ExitStatus::Fine);
    let outcome = tree.run(&["check", "--baseline-ref", "main"]);
    assert_eq!(outcome.status, ExitStatus::Findings, "{}", outcome.transcript());
    assert!(outcome.out.contains("page.py:1:1: domain-imports"), "{}", outcome.out);
    let outcome = tree.run(&["check", "--baseline-ref", "origin/main"]);
    assert_eq!(outcome.status, ExitStatus::Refused);
    assert!(outcome.err.contains("there is no commit `origin/main` here"), "{}", outcome.err);
}

#[test]
fn a_wrong_baseline_is_told_by_its_line() {
    let tree = small("");
    tree.write("repot-baseline.txt", "<<<<<<< HEAD\n");
    let outcome = tree.run(&["check"]);
    assert_eq!(outcome.status, ExitStatus::Refused);
    assert!(
        outcome.err.contains("repot-baseline.txt: line 1: `<<<<<<< HEAD` is no entry"),
        "{}",
        outcome.err
    );
}

#[test]
fn a_rule_is_asked_by_the_roadmap_or_by_name() {
    let tree = small("import numpy\n");
    tree.write("packages/shop/pyproject.toml", "[project]\nname = \"shop\"\n");
    let rules = |outcome: &str| outcome.lines().filter(|line| line.contains("undeclared-dependency")).count();
    assert_eq!(rules(&tree.run(&["check", "--output-format", "concise"]).out), 0);
    let named = tree.run(&["check", "--output-format", "concise", "--metric", "undeclared-dependency"]);
    assert_eq!(rules(&named.out), 2, "{}", named.out);
    tree.write("repot.toml", format!("{ROADMAP}\n[boundaries]\nrules = [\"undeclared-dependency\"]\n"));
    assert_eq!(rules(&tree.run(&["check", "--output-format", "concise"]).out), 2);
}
