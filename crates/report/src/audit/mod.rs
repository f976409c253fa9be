//! Findings, gates and figures: for a terminal, for GitHub, for code scanning,
//! for programs.

mod github;
mod json;
mod markdown;
mod sarif;
mod text;

pub use github::audit_github;
pub use json::audit_json;
pub(crate) use json::number;
pub use markdown::audit_markdown;
pub use sarif::audit_sarif;
pub use text::{audit_concise, audit_full};

use std::collections::BTreeMap;

use repot_audit::{Audit, Figure, Finding, GateResult, Unit};

use crate::quote::one_line;
use crate::words::figure;

/// How many findings each rule has.
fn by_rule(audit: &Audit) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    audit.findings.iter().for_each(|finding: &Finding| *counts.entry(finding.rule).or_default() += 1);
    counts
}

/// `legacy-imports is 12, which is not at most 0`: a gate as a sentence.
fn sentence(gate: &GateResult) -> String {
    let subject = gate.subject();
    let (metric, target) = (one_line(&subject), one_line(&gate.target));
    match (gate.verdict, gate.figure) {
        (repot_audit::Verdict::Unknown, _) | (_, None) => {
            format!("{metric} is unknown and should be {target}")
        }
        (repot_audit::Verdict::Holds, value) => {
            format!("{metric} is {}, as it should: {target}", figure(value))
        }
        (repot_audit::Verdict::Fails, value) => {
            format!("{metric} is {} and should be {target}", figure(value))
        }
    }
}

/// `701 statements, 1051 names`: the parts of a figure in their order.
fn parts(of: &Figure) -> String {
    let part = |(name, value): &(String, f64)| format!("{} {}", figure(Some(*value)), one_line(name));
    of.parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// A number of a figure in its unit: `12`, `35.9 %`.
fn in_unit(of: &Figure, value: Option<f64>) -> String {
    match (of.unit, value) {
        (Unit::Percent, Some(_)) => figure(value) + " %",
        _ => figure(value),
    }
}

/// The packages of a figure that are not where they should be, the worst first.
fn packages(of: &Figure) -> Vec<(&str, f64)> {
    off(of, of.by_package.iter().map(|(name, value)| (name.as_str(), *value)))
}

/// The rules of a figure that do not hold everywhere, the worst first.
fn rules(of: &Figure) -> Vec<(&str, f64)> {
    off(of, of.by_rule.iter().map(|(name, value)| (name.as_str(), *value)))
}

fn off<'a>(of: &Figure, values: impl Iterator<Item = (&'a str, f64)>) -> Vec<(&'a str, f64)> {
    let distance = |value: f64| match of.unit {
        Unit::Count => value,
        Unit::Percent => 100.0 - value,
    };
    let mut off: Vec<_> = values.filter(|(_, value)| distance(*value) != 0.0).collect();
    off.sort_by(|(_, a), (_, b)| distance(*b).total_cmp(&distance(*a)));
    off
}

#[cfg(test)]
mod tests;
