//! Findings as a GitLab code quality report, which merge requests show beside
//! the line.
//!
//! See GitLab's "Code Quality report format". It knows places in files alone:
//! gates and criteria are in the JUnit report and in the exit status.

use repot_audit::{Audit, Finding};
use serde_json::{Value, json};

use super::fingerprint::Fingerprints;

/// One entry for each finding, in the findings' order.
#[must_use]
pub fn audit_gitlab(audit: &Audit) -> Value {
    let mut fingerprints = Fingerprints::default();
    audit.findings.iter().map(|finding| entry(finding, &fingerprints.next(finding))).collect()
}

fn entry(finding: &Finding, fingerprint: &str) -> Value {
    let hint = finding.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
    json!({
        "check_name": finding.rule,
        "description": format!("{}{hint}", finding.message),
        "fingerprint": fingerprint,
        "severity": "major",
        "location": { "path": finding.path, "lines": { "begin": finding.line } },
    })
}
