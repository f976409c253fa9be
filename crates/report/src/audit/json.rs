//! Findings, gates and figures as JSON. The schema is documented in
//! `docs/json.md`; a change of it that a reader could notice gets a new
//! `version`.

use repot_audit::{Audit, Figure, Finding, GateResult};
use serde_json::{Map, Value, json};

use super::by_rule;

/// The version of the schema.
const VERSION: u32 = 1;

/// All that one run of `check` found.
#[must_use]
pub fn audit_json(audit: &Audit) -> Value {
    json!({
        "version": VERSION,
        "kind": "check",
        "holds": audit.holds(),
        "counts": by_rule(audit),
        "accepted": audit.accepted,
        "findings": audit.findings.iter().map(finding).collect::<Vec<_>>(),
        "gates": audit.gates.iter().map(gate).collect::<Vec<_>>(),
        "criteria": audit.criteria,
        "figures": audit.figures.iter().map(figure).collect::<Vec<_>>(),
        "notes": audit.notes,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end.map(|(line, _)| line),
        "end_column": finding.end.map(|(_, column)| column),
        "message": finding.message,
        "subject": finding.subject,
        "hint": finding.hint,
    })
}

fn gate(gate: &GateResult) -> Value {
    json!({
        "phase": gate.phase,
        "metric": gate.metric,
        "scope": gate.scope,
        "target": gate.target,
        "figure": gate.figure.map(number),
        "verdict": gate.verdict.name(),
    })
}

fn figure(figure: &Figure) -> Value {
    let parts: Map<String, Value> =
        figure.parts.iter().map(|(unit, value)| (unit.clone(), number(*value))).collect();
    let rules: Map<String, Value> =
        figure.by_rule.iter().map(|(rule, value)| (rule.clone(), number(*value))).collect();
    let packages: Map<String, Value> =
        figure.by_package.iter().map(|(name, value)| (name.clone(), number(*value))).collect();
    let domains: Map<String, Value> =
        figure.by_domain.iter().map(|(name, value)| (name.clone(), number(*value))).collect();
    json!({
        "metric": figure.metric,
        "unit": figure.unit,
        "value": figure.value.map(number),
        "parts": parts,
        "by_rule": rules,
        "by_package": packages,
        "by_domain": domains,
    })
}

/// A number as people write it: `12`, not `12.0`; no number at all is `null`.
pub(crate) fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT { json!(value as i64) } else { json!(value) }
}
