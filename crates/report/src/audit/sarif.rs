//! Findings as SARIF 2.1.0 (OASIS), for GitHub code scanning and editors.

use std::collections::BTreeMap;

use repot_audit::{Audit, Finding};
use repot_change::{ContentHash, RelPath};
use serde_json::{Map, Value, json};

use super::by_rule;

/// How many digits of a fingerprint are kept: 128 bits.
const FINGERPRINT: usize = 32;

/// The findings as one run. Columns count Unicode code points, paths are
/// relative to `%SRCROOT%`, and fingerprints hold no line number, so that a
/// finding stays the same when lines above it come or go.
#[must_use]
pub fn audit_sarif(audit: &Audit) -> Value {
    let rules: Vec<&str> = by_rule(audit).into_keys().collect();
    let mut seen = BTreeMap::new();
    let results: Vec<Value> =
        audit.findings.iter().map(|finding| result(finding, &rules, &mut seen)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "repot",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn descriptor(rule: &str) -> Value {
    json!({
        "id": rule,
        "shortDescription": { "text": rule.replace('-', " ") },
        "defaultConfiguration": { "level": "error" },
    })
}

/// How often each combination of rule, file and message was seen.
type Seen<'a> = BTreeMap<(&'a str, &'a RelPath, &'a str), usize>;

fn result<'a>(finding: &'a Finding, rules: &[&str], seen: &mut Seen<'a>) -> Value {
    let hint = finding.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rules.iter().position(|rule| *rule == finding.rule),
        "level": "error",
        "message": { "text": format!("{}{hint}", finding.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(finding.path.as_str()), "uriBaseId": "%SRCROOT%" },
            "region": region(finding),
        }}],
        "partialFingerprints": { "repot/v1": fingerprint(finding, seen) },
    })
}

fn region(finding: &Finding) -> Value {
    let mut region = Map::new();
    region.insert("startLine".to_owned(), json!(finding.line));
    region.insert("startColumn".to_owned(), json!(finding.column));
    if let Some((line, column)) = finding.end {
        region.insert("endLine".to_owned(), json!(line));
        region.insert("endColumn".to_owned(), json!(column));
    }
    Value::Object(region)
}

/// The same for the same violation: its rule, file and subject, and how many
/// like it stand above it in the file.
fn fingerprint<'a>(finding: &'a Finding, seen: &mut Seen<'a>) -> String {
    let times = seen.entry((finding.rule, &finding.path, &finding.subject)).or_default();
    *times += 1;
    let text = [finding.rule, finding.path.as_str(), &finding.subject, &times.to_string()].join("\0");
    let mut digits = ContentHash::of(text.as_bytes()).to_string();
    digits.truncate(FINGERPRINT);
    digits
}

/// A path as a relative URI (RFC 3986): every byte that is not unreserved or a
/// separator of folders is percent-encoded.
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
