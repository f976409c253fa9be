//! Results in several forms at once, printed and written to files.

use repot_cli::ExitStatus;
use serde_json::Value;

use crate::environment::Tree;

const ROADMAP: &str = r#"
[workspace]
members = ["p/*"]
legacy-roots = ["mono"]

[[phase]]
name = "one"

[[phase.gate]]
metric = "legacy-imports"
at-most = 1
"#;

fn tree() -> Tree {
    Tree::with(&[
        ("repot.toml", ROADMAP),
        ("p/shop/shop/__init__.py", "from mono.shop import a\nfrom mono.shop import b\n"),
        ("p/shop/shop/über <1>&.py", "import mono.desk\n"),
    ])
}

fn written(tree: &Tree, formats: &[&str]) -> String {
    let options = formats.iter().flat_map(|format| ["--output-format", format]);
    let args: Vec<&str> = ["check"].into_iter().chain(options).collect();
    let outcome = tree.run(&args);
    assert_eq!(outcome.status, ExitStatus::Findings, "{}", outcome.err);
    outcome.out
}

#[test]
fn one_run_writes_what_a_run_for_each_would_print() {
    let tree = tree();
    for format in ["full", "concise", "json", "github", "gitlab", "sarif", "junit", "markdown"] {
        let file = format!("{format}:build/out of {format}");
        let printed = written(&tree, &["concise", &file]);
        assert_eq!(printed, written(&tree, &["concise"]));
        assert_eq!(tree.read(&format!("build/out of {format}")), written(&tree, &[format]), "{format}");
    }
    let all = written(&tree, &["sarif:a/sarif", "junit:a/junit", "github"]);
    assert_eq!(all, written(&tree, &["github"]), "what has no file is printed");
    assert_eq!(tree.read("a/junit"), written(&tree, &["junit"]));
}

#[test]
fn every_form_tells_of_every_finding() {
    let tree = tree();
    let json = |format| serde_json::from_str::<Value>(&written(&tree, &[format])).unwrap();
    let findings = json("json")["findings"].as_array().unwrap().len();
    assert_eq!(findings, 3);
    assert_eq!(json("sarif")["runs"][0]["results"].as_array().unwrap().len(), findings);
    assert_eq!(json("gitlab").as_array().unwrap().len(), findings);
    let junit = written(&tree, &["junit"]);
    let xml = roxmltree::Document::parse(&junit).unwrap();
    let failed = xml.descendants().filter(|node| node.has_tag_name("failure")).count();
    assert_eq!(failed, findings + 1, "the gate fails as well: {junit}");
    assert!(junit.contains("über &lt;1&gt;&amp;.py:1"), "{junit}");
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let tree = tree();
    let fingerprints = |format, key: &str| -> Vec<String> {
        let value = serde_json::from_str::<Value>(&written(&tree, &[format])).unwrap();
        let entries = if format == "sarif" { &value["runs"][0]["results"] } else { &value };
        entries.as_array().unwrap().iter().map(|entry| entry.pointer(key).unwrap().to_string()).collect()
    };
    let both = || {
        (
            fingerprints("sarif", "/partialFingerprints/primaryLocationLineHash"),
            fingerprints("gitlab", "/fingerprint"),
        )
    };
    let before = both();
    assert_eq!(before.0, before.1);
    let text = tree.read("p/shop/shop/__init__.py");
    tree.write("p/shop/shop/__init__.py", format!("\"\"\"Shop.\"\"\"\n\n\n{text}"));
    assert_eq!(both(), before);
    tree.write("p/shop/shop/__init__.py", text.replace("mono.shop import b", "mono.desk import b"));
    assert_ne!(both(), before);
}

#[test]
fn what_cannot_be_written_is_refused() {
    let tree = tree();
    let refused = |args: &[&str], needle: &str| {
        let outcome = tree.run(args);
        assert_eq!(outcome.status, ExitStatus::Refused, "{args:?}");
        assert!(outcome.err.contains(needle), "{}", outcome.err);
    };
    refused(&["plan", "--output-format", "json:plan.json"], "only `check` writes its results to files");
    refused(&["check", "--output-format", "sarif:"], "a file is to stand behind the colon");
    refused(&["check", "--output-format", "concis:a"], "a similar value exists: 'concise'");
    refused(&["check", "--output-format", "svg:a"], "`check` has no such output format");
    refused(&["check", "--output-format", "sarif:p/shop"], "cannot write");
    assert!(!tree.files().contains_key("plan.json"));
}
