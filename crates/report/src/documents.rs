//! For tests: what `docs/json.md` shows is what is printed.

use serde_json::Value;

use crate::{audit_json, graph_json, plan_json, progress, progress_json, sample};

const PAGE: &str = include_str!("../../../docs/json.md");

/// The blocks of JSON on the page, in their order.
fn examples() -> Vec<Value> {
    let blocks = PAGE.split("```json\n").skip(1);
    blocks.map(|block| serde_json::from_str(block.split("```").next().unwrap()).unwrap()).collect()
}

/// Keys of maps whose keys are names themselves: of packages, metrics and rules.
const NAMES: [&str; 8] =
    ["parts", "by_rule", "by_domain", "by_package", "counts", "awaiting", "findings", "figures"];

/// The names of all keys in `value`, at any depth, but not those of a map whose
/// keys are names themselves.
fn keys(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                all.push(key.clone());
                let is_map = value.is_object() && NAMES.contains(&key.as_str());
                if !is_map {
                    keys(value, all);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, all)),
        _ => {}
    }
}

#[test]
fn the_examples_are_what_is_printed() {
    let shown = examples();
    // The log is the command line's, and its example is compared there.
    let report = progress::sample::documented();
    let graph = graph_json(&report.points[1].measured.domains);
    let printed =
        [plan_json(&sample::documented()), audit_json(&sample::audit()), progress_json(&report), graph];
    for printed in printed {
        let same_kind: Vec<_> = shown.iter().filter(|shown| shown["kind"] == printed["kind"]).collect();
        assert_eq!(same_kind, [&printed], "{printed:#}");
    }
}

#[test]
fn every_key_is_explained() {
    let mut all = Vec::new();
    let failing = sample::plan_of(Vec::new(), vec![sample::failed()]);
    let report = progress_json(&progress::sample::progress());
    for value in [plan_json(&sample::plan()), plan_json(&failing), audit_json(&sample::audit()), report] {
        keys(&value, &mut all);
    }
    let missing: Vec<&String> = all.iter().filter(|key| !PAGE.contains(&format!("| `{key}` |"))).collect();
    assert!(missing.is_empty(), "docs/json.md does not explain {missing:?}");
}
