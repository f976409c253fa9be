//! Findings, gates and figures as a comment on a pull request.

use repot_audit::{Audit, CriterionResult, Figure, Finding, GateResult, Verdict};

use super::{by_rule, in_unit, packages, parts};
use crate::markdown::{FITS, HEADINGS, cell, code, fit, folded, prose};
use crate::place::note;
use crate::style::Style;
use crate::words::{count, figure};

/// What each list may take; together they leave room for the headings.
const GATES: usize = 8_000;
const FIGURES: usize = 10_000;
const FINDINGS: usize = 27_000;
const NOTES: usize = 4_000;
const CRITERIA: usize = 5_000;
const _: () = assert!(GATES + FIGURES + FINDINGS + NOTES + CRITERIA + HEADINGS <= FITS);

/// How many packages of a figure are named.
const PACKAGES: usize = 3;

/// The audit for a comment of fewer than 60,000 characters: gates, figures, and
/// the findings, folded.
#[must_use]
pub fn audit_markdown(audit: &Audit) -> String {
    let verdict = match (audit.holds(), audit.findings.len()) {
        (true, 0) => "No findings, and every gate holds.".to_owned(),
        (true, findings) => format!("{}; every gate holds.", count(findings, "finding")),
        (false, findings) => format!("**Not every gate holds**; {}.", count(findings, "finding")),
    };
    let notes: Vec<String> =
        audit.notes.iter().map(|it| format!("- {}\n", prose(&note(it, Style::PLAIN)))).collect();
    let notes = if notes.is_empty() {
        String::new()
    } else {
        folded(&count(notes.len(), "note"), &fit(&notes, NOTES, more))
    };
    let parts = [
        format!("## Repot check\n\n{verdict}\n"),
        table(
            "| | Phase | Metric | Figure | Target |\n| --- | --- | --- | ---: | --- |\n",
            &audit.gates,
            gate,
            GATES,
        ),
        table(
            "| Metric | Figure | Of these | Worst in |\n| --- | ---: | --- | --- |\n",
            &audit.figures,
            row,
            FIGURES,
        ),
        table(
            "| | Phase | Criterion | State |\n| --- | --- | --- | --- |\n",
            &audit.criteria,
            criterion,
            CRITERIA,
        ),
        findings(audit),
        notes,
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn more(rest: usize) -> String {
    format!("\n… and {rest} more\n")
}

fn table<T>(head: &str, items: &[T], row: impl Fn(&T) -> String, budget: usize) -> String {
    if items.is_empty() {
        return String::new();
    }
    head.to_owned() + &fit(&items.iter().map(row).collect::<Vec<_>>(), budget, more)
}

fn gate(gate: &GateResult) -> String {
    let sign = match gate.verdict {
        Verdict::Holds => "✓",
        Verdict::Fails => "✗",
        Verdict::Unknown => "?",
    };
    let (phase, metric) = (cell(&gate.phase), code(&gate.subject()));
    format!("| {sign} | {phase} | {metric} | {} | {} |\n", figure(gate.figure), cell(&gate.target))
}

fn criterion(it: &CriterionResult) -> String {
    let sign = if it.done.is_some() { "✓" } else { "✗" };
    format!("| {sign} | {} | {} | {} |\n", cell(&it.phase), cell(&it.text), cell(&it.state()))
}

fn row(of: &Figure) -> String {
    let worst = packages(of).into_iter().take(PACKAGES);
    let worst: Vec<String> =
        worst.map(|(name, value)| format!("{} {}", cell(name), in_unit(of, Some(value)))).collect();
    let value = in_unit(of, of.value);
    format!("| {} | {value} | {} | {} |\n", code(&of.metric), cell(&parts(of)), worst.join(", "))
}

fn findings(audit: &Audit) -> String {
    if audit.findings.is_empty() {
        return String::new();
    }
    let rules: Vec<String> =
        by_rule(audit).into_iter().map(|(rule, findings)| format!("{findings} {rule}")).collect();
    let line = |finding: &Finding| {
        let place = code(&format!("{}:{}", finding.path, finding.line));
        format!("- {place} {}: {}\n", finding.rule, prose(&finding.message))
    };
    let lines: Vec<String> = audit.findings.iter().map(line).collect();
    let title = format!("{}: {}", count(audit.findings.len(), "finding"), rules.join(", "));
    folded(&title, &fit(&lines, FINDINGS, more))
}
