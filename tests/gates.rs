//! Gates on the command line: what is measured for them, and what they stop.

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree};

const ROADMAP: &str = r#"
[workspace]
members = ["p/*"]
legacy-roots = ["mono"]

[coverage]
files = ["build/lcov.info"]
at-least = { shop = 80 }

[metrics.size]
command = "cat size.json"
pointer = "/total/lines"

[[phase]]
name = "one"

[[phase.gate]]
metric = "size"
at-most = 10

[[phase.criterion]]
text = "The team agrees"
owner = "ada"
done = "2026-01-31"

[[phase]]
name = "two"

[[phase.step]]
codemod = "retarget-imports"

[[phase.gate]]
metric = "test-coverage"
at-least = 80
package = "shop"

[[phase]]
name = "three"

[[phase.step]]
codemod = "fit-pyproject"
"#;

fn tree(size: &str) -> Tree {
    Tree::with(&[
        ("repot.toml", ROADMAP),
        (".gitignore", "build/\n"),
        ("size.json", size),
        ("build/lcov.info", "SF:p/shop/src/shop/cart.py\nDA:1,1\nDA:2,0\nend_of_record\n"),
        ("p/shop/src/shop/__init__.py", ""),
        ("p/shop/src/shop/cart.py", "def add():\n    return 1\n"),
        ("p/desk/src/desk/__init__.py", "from mono.shop.cart import add\n\nadd()\n"),
    ])
}

fn said(outcome: &Outcome, status: ExitStatus) -> String {
    assert_eq!(outcome.status, status, "{}{}", outcome.out, outcome.err);
    format!("{}{}", outcome.out, outcome.err)
}

#[test]
fn a_phase_starts_when_the_one_before_is_done() {
    let waiting = tree("{\"total\": {\"lines\": 11}}");
    let before = waiting.files();
    let refused = said(&waiting.run(&["apply", "--yes"]), ExitStatus::Refused);
    assert!(refused.contains("phase `two` does not start, because phase `one` is not done"), "{refused}");
    assert!(refused.contains("one: size is 11, wanted at most 10"), "{refused}");
    assert_eq!(waiting.files(), before);
    waiting.write("size.json", "{\"total\": {\"lines\": 10}}");
    said(&waiting.run(&["apply", "--yes"]), ExitStatus::Fine);
    assert_ne!(waiting.files(), before);
    let log = said(&waiting.run(&["log"]), ExitStatus::Fine);
    assert!(!log.contains("forced"), "{log}");
}

#[test]
fn a_reason_starts_it_all_the_same_and_the_journal_keeps_it() {
    let tree = tree("{}");
    let status = said(&tree.run(&["status"]), ExitStatus::Fine);
    assert!(status.contains("unknown size: unknown, wanted at most 10"), "{status}");
    assert!(status.contains("The team agrees: done on 2026-01-31, says ada"), "{status}");
    assert!(status.contains("waits until phase `one` is done"), "{status}");
    said(&tree.run(&["apply", "--yes", "--force", ""]), ExitStatus::Refused);
    said(&tree.run(&["apply", "--yes", "--force", "the tool is gone"]), ExitStatus::Fine);
    let log = said(&tree.run(&["log"]), ExitStatus::Fine);
    assert!(log.contains("(forced: the tool is gone)"), "{log}");
    let json = said(&tree.run(&["log", "--output-format", "json"]), ExitStatus::Fine);
    assert!(json.contains("\"forced\": \"the tool is gone\""), "{json}");
}

#[test]
fn a_saved_plan_waits_as_well() {
    let tree = tree("{\"total\": {\"lines\": 11}}");
    said(&tree.run(&["plan", "--phase", "two", "-o", "build/plan"]), ExitStatus::Fine);
    let refused = said(&tree.run(&["apply", "build/plan", "--yes"]), ExitStatus::Refused);
    assert!(refused.contains("size is 11"), "{refused}");
    said(&tree.run(&["apply", "build/plan", "--yes", "--force", "x"]), ExitStatus::Fine);
}

#[test]
fn what_is_measured_by_others_is_unknown_where_they_do_not_say() {
    let tree = tree("no JSON");
    let check = |args: &[&str]| said(&tree.run(&[&["check"], args].concat()), ExitStatus::Findings);
    let all = check(&[]);
    assert!(all.contains("? one  size "), "{all}");
    assert!(all.contains("`size` is unknown: its output is no JSON"), "{all}");
    assert!(all.contains("test-coverage of package shop       50"), "the rest is still measured: {all}");
    assert!(all.contains("repot.toml:8:1: test-coverage `shop` is covered 50 % and should be at least 80 %"));
    let none = check(&["--no-commands"]);
    assert!(none.contains("`size` is unknown: `--no-commands` runs none"), "{none}");
    tree.write("build/lcov.info", "SF:elsewhere.py\nDA:1,1\nend_of_record\n");
    let lost = check(&["--metric", "test-coverage"]);
    assert!(lost.contains("build/lcov.info: is about another tree"), "{lost}");
    assert!(lost.contains("the coverage of `shop` is unknown"), "{lost}");
    assert!(!lost.contains("size"), "nobody asked for it: {lost}");
    let wrong = tree.run(&["check", "--metric", "sizes"]);
    assert!(said(&wrong, ExitStatus::Refused).contains("did you mean `size`?"));
}

#[test]
fn findings_of_what_is_measured_on_request_are_listed_for_whoever_asks() {
    let tree = tree("{}");
    let listed = said(&tree.run(&["check", "--metric", "docstring-coverage"]), ExitStatus::Findings);
    assert!(listed.contains("the function `add` has no docstring"), "{listed}");
    let all = said(&tree.run(&["check"]), ExitStatus::Findings);
    assert!(!all.contains("docstring"), "{all}");
}

#[test]
fn a_gate_about_nobody_is_told_with_its_line() {
    let tree = tree("{}");
    tree.write("repot.toml", ROADMAP.replace("package = \"shop\"", "package = \"shopp\""));
    let told = said(&tree.run(&["check"]), ExitStatus::Refused);
    assert!(told.contains("there is no package `shopp`") && told.contains("did you mean `shop`?"), "{told}");
}

#[test]
fn the_four_phases_are_measured_and_planned_at_once() {
    let tree = Tree::demo();
    said(&tree.run(&["init", "--roadmap", "four-phases", "--legacy-root", "monorepo"]), ExitStatus::Fine);
    let roadmap = String::from_utf8(tree.files()["repot.toml"].clone()).unwrap();
    let plan = tree.run(&["plan", "--phase", "boundaries", "--check"]);
    said(&plan, ExitStatus::Findings);
    let check = tree.run(&["check", "--output-format", "json"]);
    let audit: serde_json::Value = serde_json::from_str(&check.out).unwrap();
    let of = |key: &str| audit[key].as_array().unwrap().clone();
    assert_eq!(of("gates").len(), roadmap.matches("[[phase.gate]]").count(), "no gate is dropped");
    assert_eq!(of("criteria").len(), roadmap.matches("[[phase.criterion]]").count());
    assert!(of("criteria").iter().all(|it| !it["owner"].is_null() && !it["due"].is_null()));
    let unknown: Vec<String> = of("gates")
        .iter()
        .filter(|gate| gate["verdict"] == "unknown")
        .map(|gate| gate["metric"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(unknown, ["failing-builds", "type-errors", "test-coverage", "failing-tests"]);
    let notes = audit["notes"].to_string();
    assert!(notes.contains("Fill in: build every package") && notes.contains("coverage.xml"), "{notes}");
}

#[test]
fn the_packages_that_four_phases_lack_are_made_once_their_comment_marks_are_gone() {
    let tree = Tree::demo();
    said(&tree.run(&["init", "--roadmap", "four-phases", "--legacy-root", "monorepo"]), ExitStatus::Fine);
    let roadmap = tree.read("repot.toml");
    let is_of_a_step = |line: &str| {
        ["[[phase.step]]", "codemod =", "name =", "path =", "template ="]
            .iter()
            .any(|it| line.starts_with(it))
    };
    let uncommented: Vec<&str> = roadmap
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|it| is_of_a_step(it)).unwrap_or(line))
        .collect();
    assert_ne!(uncommented.join("\n"), roadmap.trim_end());
    let text = uncommented.join("\n");
    tree.write("repot.toml", &text);
    let taken = said(&tree.run(&["plan", "--phase", "boundaries"]), ExitStatus::Refused);
    assert!(taken.contains("`interfaces` is taken") && taken.contains("dispatch.py"), "{taken}");
    tree.write(
        "repot.toml",
        text.replace("template = \"interfaces\"", "template = \"interfaces\"\nadopt = true"),
    );
    let plan = said(&tree.run(&["plan", "--phase", "boundaries", "--stat"]), ExitStatus::Fine);
    for package in ["shared", "interfaces", "infrastructure"] {
        assert!(plan.contains(&format!("src/packages/shared/{package}/pyproject.toml")), "{plan}");
    }
}

#[test]
fn every_finding_says_what_to_do() {
    let tree = Tree::demo();
    said(&tree.run(&["init", "--roadmap", "four-phases", "--legacy-root", "monorepo"]), ExitStatus::Fine);
    tree.write(
        "src/packages/shared/kernel/src/kernel/domain/rules.py",
        "from kernel.application import run\n",
    );
    tree.write(
        "src/packages/shared/kernel/src/kernel/application/__init__.py",
        "def run():\n    pass  # TODO\n",
    );
    let metrics: Vec<&str> = repot_audit::METRICS.iter().flat_map(|metric| ["--metric", metric]).collect();
    let check = tree.run(&[&["check", "--output-format", "json"][..], &metrics].concat());
    let audit: serde_json::Value = serde_json::from_str(&check.out).unwrap();
    let findings = audit["findings"].as_array().unwrap();
    let rules: std::collections::BTreeSet<&str> =
        findings.iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert!(rules.len() > 10, "{rules:?}");
    let without: Vec<String> =
        findings.iter().filter(|it| it["hint"].is_null()).map(ToString::to_string).collect();
    assert!(without.is_empty(), "{}", without.join("\n"));
}
