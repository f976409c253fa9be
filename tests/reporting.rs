//! `repot report` over real history: what is measured, found and said.

use std::process::Command;

use repot_cli::ExitStatus;
use serde_json::Value;

use crate::environment::Tree;

const DAY: i64 = 86_400;
/// 2025-07-07, a Monday, at noon.
const MONDAY: i64 = 1_751_889_600;

const ROADMAP: &str = r#"
[workspace]
members = ["packages/*"]
legacy-roots = ["mono"]

[domains.sales]
members = ["packages/orders"]
may-import = []

[domains.store]
members = ["packages/stock"]
may-import = []

[[phase]]
name = "boundaries"
title = "Boundaries first"

[[phase.gate]]
metric = "legacy-imports"
at-most = 0
"#;

fn git(tree: &Tree, time: i64, arguments: &[&str]) -> String {
    let date = format!("@{time} +0000");
    let output = Command::new("git")
        .arg("-C")
        .arg(tree.root())
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Commits `legacy` legacy imports and `crossing` forbidden ones.
fn commit(tree: &Tree, day: i64, legacy: usize, crossing: usize, message: &str) {
    let text = |line: &str, count: usize| line.repeat(count);
    let code = text("from mono.stock import add\n", legacy) + &text("from stock import add\n", crossing);
    tree.write("packages/orders/orders/__init__.py", format!("import os\n{code}"));
    git(tree, 0, &["add", "-A"]);
    git(tree, MONDAY + day * DAY, &["commit", "--allow-empty", "-qm", message]);
}

/// Four weeks of a migration.
fn history() -> Tree {
    let tree = Tree::with(&[
        ("repot.toml", ROADMAP),
        (".gitignore", "coverage.json\n"),
        ("packages/orders/pyproject.toml", "[project]\nname = \"orders\"\n"),
        ("packages/stock/pyproject.toml", "[project]\nname = \"stock\"\n"),
        ("packages/stock/stock/__init__.py", "def add() -> None: ...\n"),
    ]);
    git(&tree, 0, &["init", "-q", "-b", "main"]);
    commit(&tree, 0, 9, 0, "first");
    commit(&tree, 7, 7, 0, "fewer");
    commit(&tree, 10, 7, 1, "a violation slips in");
    commit(&tree, 11, 6, 1, "fixed 3 mono imports");
    commit(&tree, 14, 6, 1, "nothing");
    commit(&tree, 16, 6, 1, "Complete elimination of mono imports");
    commit(&tree, 21, 4, 1, "mono imports: 6 → 4");
    tree
}

fn report(tree: &Tree, arguments: &[&str]) -> Value {
    let outcome = tree.run(&[&["report", "--output-format", "json"], arguments].concat());
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    serde_json::from_str(&outcome.out).unwrap()
}

fn figures(report: &Value, metric: &str) -> Vec<i64> {
    let points = report["points"].as_array().unwrap();
    points.iter().map(|point| point["figures"][metric].as_i64().unwrap()).collect()
}

fn texts<'a>(values: &'a Value, key: &str) -> Vec<&'a str> {
    values.as_array().unwrap().iter().map(|value| value[key].as_str().unwrap()).collect()
}

#[test]
fn past_commits_are_measured_as_if_they_were_checked_out() {
    let tree = history();
    let whole = report(&tree, &["--since", "2025-07-01", "--every", "commit"]);
    assert_eq!(figures(&whole, "legacy-imports"), [9, 7, 7, 6, 6, 6, 4]);
    assert_eq!(figures(&whole, "boundary-violations"), [0, 0, 1, 1, 1, 1, 1]);
    // What a checkout of one of them says.
    let copy = Tree::empty();
    git(&copy, 0, &["clone", "-q", tree.root().to_str().unwrap(), "."]);
    git(&copy, 0, &["checkout", "-q", "HEAD~3"]);
    let check: Value = serde_json::from_str(&copy.run(&["check", "--output-format", "json"]).out).unwrap();
    for figure in check["figures"].as_array().unwrap() {
        let metric = figure["metric"].as_str().unwrap();
        assert_eq!(whole["points"][3]["figures"][metric], figure["value"], "{metric}");
    }
    let weekly = report(&tree, &["--since", "2025-07-01", "--every", "week"]);
    assert_eq!(figures(&weekly, "legacy-imports"), [9, 6, 6, 4]);
}

#[test]
fn a_regression_is_traced_to_its_commit() {
    let tree = history();
    let found = report(&tree, &["--since", "2025-07-01", "--every", "month"]);
    let regressions = &found["regressions"];
    assert_eq!(texts(regressions, "metric"), ["boundary-violations"], "{regressions:#}");
    assert_eq!(regressions[0]["at"]["subject"], "a violation slips in");
    assert_eq!((regressions[0]["before"].as_i64(), regressions[0]["after"].as_i64()), (Some(0), Some(1)));
}

#[test]
fn what_was_said_stands_beside_what_was_measured() {
    let tree = history();
    let found = report(&tree, &["--since", "2025-07-01"]);
    let claims = &found["claims"];
    assert_eq!(
        texts(claims, "line"),
        ["fixed 3 mono imports", "Complete elimination of mono imports", "mono imports: 6 → 4"]
    );
    let measured = |at: usize| {
        let measured = &claims[at]["measured"];
        (measured["before"].as_i64().unwrap(), measured["after"].as_i64().unwrap())
    };
    assert_eq!([measured(0), measured(1), measured(2)], [(7, 6), (6, 6), (6, 4)]);
    let text = tree.run(&["report", "--since", "2025-07-01"]).out;
    assert!(text.contains("legacy-imports: stated none left; measured 6 before, 6 after"), "{text}");
}

#[test]
fn a_period_is_the_last_part_of_what_is_looked_at() {
    let tree = history();
    let week = report(&tree, &["--period", "week"]);
    assert_eq!((week["period"].as_str(), week["commits"].as_i64()), (Some("week"), Some(2)));
    assert_eq!(week["from"]["subject"], "nothing");
    // The four weeks, and where the last seven days begin.
    assert_eq!(week["points"].as_array().unwrap().len(), 5);
    assert_eq!(texts(&week["claims"], "line").len(), 2);
    let until = report(&tree, &["--since", "2025-07-01", "--until", "2025-07-17"]);
    assert_eq!(until["to"]["subject"], "a violation slips in");
    let named = report(&tree, &["--since", "HEAD~2", "--until", "HEAD~1"]);
    assert_eq!((named["commits"].as_i64(), figures(&named, "legacy-imports")), (Some(1), vec![6, 6]));
}

#[test]
fn the_tree_as_it_lies_is_now() {
    let tree = history();
    tree.write("packages/orders/orders/__init__.py", "import os\n");
    let found = report(&tree, &["--since", "2025-07-01"]);
    assert_eq!(figures(&found, "legacy-imports").last(), Some(&0));
    assert_eq!(found["to"]["commit"], Value::Null);
    assert_eq!(found["phases"][0]["held"], 1);
    assert!(found["notes"][0].as_str().unwrap().contains("the tree differs"), "{}", found["notes"]);
    let committed = report(&tree, &["--since", "2025-07-01", "--until", "HEAD"]);
    assert_eq!(figures(&committed, "legacy-imports").last(), Some(&4));
}

#[test]
fn what_was_measured_is_kept_for_the_same_roadmap_only() {
    let tree = history();
    let arguments = ["--since", "2025-07-01", "--every", "commit"];
    let fresh = report(&tree, &[&arguments[..], &["--no-cache"]].concat());
    let cache = tree.root().join(".repot/cache/history.json");
    assert!(!cache.exists());
    assert_eq!(report(&tree, &arguments), fresh);
    let kept = std::fs::read_to_string(&cache).unwrap();
    // What is kept is what is used: with another figure, another report.
    std::fs::write(&cache, kept.replace("9.0", "90.0")).unwrap();
    assert_eq!(figures(&report(&tree, &arguments), "legacy-imports")[0], 90);
    tree.write("repot.toml", ROADMAP.replace("at-most = 0", "at-most = 1"));
    assert_eq!(figures(&report(&tree, &arguments), "legacy-imports")[0], 9);
    for damaged in ["", "{}", "{\"key\":1}"] {
        tree.write(".repot/cache/history.json", damaged);
        assert_eq!(figures(&report(&tree, &arguments), "legacy-imports")[0], 9, "{damaged}");
    }
    assert_eq!(git(&tree, 0, &["status", "--porcelain"]), "M repot.toml");
}

#[test]
fn a_commit_may_be_judged_by_its_own_roadmap() {
    let tree = history();
    tree.write("repot.toml", ROADMAP.replace("[\"mono\"]", "[\"other\"]"));
    commit(&tree, 22, 4, 1, "another root");
    let today = report(&tree, &["--since", "2025-07-01", "--every", "commit"]);
    assert_eq!(figures(&today, "legacy-imports"), [0; 8]);
    let own = report(&tree, &["--since", "2025-07-01", "--every", "commit", "--own-roadmap"]);
    assert_eq!(figures(&own, "legacy-imports"), [9, 7, 7, 6, 6, 6, 4, 0]);
}

#[test]
fn a_shallow_clone_reports_what_it_has_and_says_what_it_lacks() {
    let tree = history();
    let clone = Tree::empty();
    let url = format!("file://{}", tree.root().display());
    git(&clone, 0, &["clone", "-q", "--depth", "3", &url, "."]);
    let found = report(&clone, &["--since", "2025-07-01", "--every", "commit"]);
    assert_eq!(figures(&found, "legacy-imports"), [6, 6, 4]);
    assert!(found["notes"][0].as_str().unwrap().contains("the clone is shallow"), "{}", found["notes"]);
}

#[test]
fn without_history_there_is_a_state() {
    let tree = history();
    let plain = Tree::empty();
    for (path, bytes) in tree.files().into_iter().filter(|(path, _)| !path.starts_with(".git/")) {
        plain.write(&path, bytes);
    }
    let found = report(&plain, &[]);
    assert_eq!((figures(&found, "legacy-imports"), found["from"].is_null()), (vec![4], true));
    for arguments in [["--since", "2025-07-01"], ["--until", "HEAD"]] {
        let outcome = plain.run(&[&["report"], &arguments[..]].concat());
        assert_eq!(outcome.status, ExitStatus::Refused);
        assert!(outcome.err.contains("has no history in git"), "{}", outcome.err);
    }
}

#[test]
fn a_wrong_name_is_refused_with_a_way_out() {
    let tree = history();
    for (arguments, message) in [
        (&["--since", "nowhere"][..], "`nowhere` is neither a commit nor a day"),
        (&["--until", "2025-13-01"], "`2025-13-01` is neither a commit nor a day"),
        (&["--until", "2020-01-01"], "there is no commit up to 2020-01-01"),
        (&["--output-format", "sarif"], "`report` has no such output format"),
    ] {
        let outcome = tree.run(&[&["report"], arguments].concat());
        assert_eq!(outcome.status, ExitStatus::Refused, "{arguments:?}");
        assert!(outcome.err.contains(message) && outcome.err.contains("hint"), "{}", outcome.err);
    }
}

#[test]
fn a_report_may_be_a_page_in_a_file() {
    let tree = history();
    let file = tree.root().join("report.html");
    let arguments = ["report", "--since", "2025-07-01", "--until", "HEAD", "--output-format", "html"];
    let outcome = tree.run(&[&arguments[..], &["-o", "report.html"]].concat());
    assert_eq!((outcome.status, outcome.out.as_str()), (ExitStatus::Fine, ""));
    assert!(outcome.err.contains("The report is in report.html."), "{}", outcome.err);
    let page = std::fs::read_to_string(file).unwrap();
    assert_eq!(tree.run(&arguments).out, page);
    assert!(page.contains("<h1>Progress</h1>") && page.contains("Complete elimination of mono imports"));
    let comment = tree.run(&["report", "--since", "2025-07-01", "--output-format", "markdown"]).out;
    assert!(
        comment.starts_with("## Progress\n") && comment.contains("| ✗ | boundaries | `legacy-imports` |")
    );
}

#[test]
fn the_graph_marks_what_the_rules_forbid() {
    let tree = history();
    let graph = |arguments: &[&str]| {
        let outcome = tree.run(&[&["graph"], arguments].concat());
        assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
        outcome.out
    };
    assert_eq!(graph(&[]), "sales  →  store  1 name  1 forbidden\n2 nodes, 1 edge, 1 forbidden name\n");
    let packages: Value =
        serde_json::from_str(&graph(&["--of", "packages", "--output-format", "json"])).unwrap();
    assert_eq!(texts(&packages["nodes"], "name"), ["orders", "stock"]);
    assert_eq!(
        packages["edges"][0],
        serde_json::json!({"from": "orders", "to": "stock", "names": 1, "forbidden": 1})
    );
    assert!(graph(&["--output-format", "dot"]).contains("\"sales\" -> \"store\" [label=\"1\", color=red"));
    assert!(graph(&["--output-format", "mermaid"]).contains("linkStyle 0 stroke:red"));
    assert!(graph(&["--output-format", "svg"]).contains("class=\"edge forbidden\""));
    assert_eq!(tree.run(&["graph", "--output-format", "sarif"]).status, ExitStatus::Refused);
}
