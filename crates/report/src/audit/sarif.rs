//! Findings as SARIF 2.1.0 (OASIS), for GitHub code scanning and editors.

use repot_audit::{Audit, Finding};
use serde_json::{Map, Value, json};

use super::by_rule;
use super::fingerprint::Fingerprints;

/// So many results of one run GitHub takes; it refuses a file with more ("SARIF
/// results exceed one or more limits").
const MOST: usize = 25_000;

/// The findings as one run. Columns count Unicode code points, paths are
/// relative to `%SRCROOT%`. What the baseline accepts is not in it.
#[must_use]
pub fn audit_sarif(audit: &Audit) -> Value {
    let rules: Vec<&str> = by_rule(audit).into_keys().collect();
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> =
        audit.findings.iter().take(MOST).map(|finding| result(finding, &rules, &mut fingerprints)).collect();
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
            "invocations": [invocation(audit)],
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

/// What the run says beside its results: what is left out.
fn invocation(audit: &Audit) -> Value {
    let left = audit.findings.len().saturating_sub(MOST);
    let told = (left > 0).then(|| {
        let text = format!("{left} of the findings are left out, since GitHub takes {MOST} of one run");
        json!({ "level": "warning", "message": { "text": text } })
    });
    json!({
        "executionSuccessful": true,
        "toolExecutionNotifications": told.into_iter().collect::<Vec<_>>(),
    })
}

fn result<'a>(finding: &'a Finding, rules: &[&str], fingerprints: &mut Fingerprints<'a>) -> Value {
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
        // By this name GitHub tells from one upload to the next that it is the same.
        "partialFingerprints": { "primaryLocationLineHash": fingerprints.next(finding) },
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

/// A path as a relative URI (RFC 3986): every byte that is not unreserved or a
/// separator of folders is percent-encoded.
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
