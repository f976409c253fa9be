//! Findings, gates and figures on a terminal.

use repot_audit::{Audit, CriterionResult, Figure, Finding, GateResult, Verdict};

use super::{by_rule, in_unit, packages, parts, rules, sentence};
use crate::place::{note, place};
use crate::quote::one_line;
use crate::style::{Role, Style};
use crate::words::{columns, count, figure};

/// How many packages of a figure, and how many notes, are shown.
const SHOWN: usize = 5;

/// Every finding with what to do, then the gates, the figures and the notes.
#[must_use]
pub fn audit_full(audit: &Audit, style: Style) -> String {
    let mut text = String::new();
    for (at, finding) in audit.findings.iter().enumerate() {
        text += &line(finding, style);
        // The same advice for several findings in a row is given once, below.
        if audit.findings.get(at + 1).is_none_or(|next| next.hint != finding.hint) {
            text += &hint(finding, style);
        }
    }
    text += &total(audit);
    text += &section("Gates", &gates(&audit.gates, style), style);
    text += &section("Criteria", &criteria(&audit.criteria, style), style);
    text += &section("Figures", &figures(&audit.figures, style), style);
    let notes: String = audit.notes.iter().take(SHOWN).map(|it| format!("  {}\n", note(it, style))).collect();
    text + &section("Notes", &(notes + &more(audit.notes.len(), style)), style)
}

/// One line for each finding, and one for each gate that is not known to hold.
#[must_use]
pub fn audit_concise(audit: &Audit, style: Style) -> String {
    let findings: String = audit.findings.iter().map(|finding| line(finding, style)).collect();
    let open = audit.gates.iter().filter(|gate| gate.verdict != Verdict::Holds);
    let gates = open.map(|gate| {
        let rule = style.paint(Role::Bad, "gate");
        format!("{rule} {}: {}\n", one_line(&gate.phase), sentence(gate))
    });
    let open = audit.criteria.iter().filter(|criterion| criterion.done.is_none());
    let criteria = open.map(|it| {
        let rule = style.paint(Role::Bad, "criterion");
        format!("{rule} {}: {}: {}\n", one_line(&it.phase), one_line(&it.text), one_line(&it.state()))
    });
    findings + &gates.collect::<String>() + &criteria.collect::<String>()
}

/// `path:line:column: rule message`
fn line(finding: &Finding, style: Style) -> String {
    let place = place(&finding.path, Some(finding.line), style);
    let colon = style.paint(Role::Range, ":");
    let rule = style.paint(Role::Bad, finding.rule);
    format!("{place}{colon}{}{colon} {rule} {}\n", finding.column, one_line(&finding.message))
}

fn hint(finding: &Finding, style: Style) -> String {
    let Some(hint) = &finding.hint else { return String::new() };
    format!("  {} {}\n", style.paint(Role::Range, "help:"), one_line(hint))
}

fn total(audit: &Audit) -> String {
    let accepted = match audit.accepted {
        0 => String::new(),
        accepted => format!("The baseline accepts {}.\n", count(accepted, "more finding")),
    };
    if audit.findings.is_empty() {
        let none = if accepted.is_empty() { "No findings.\n" } else { "No new findings. " };
        return none.to_owned() + &accepted.replace("more ", "");
    }
    let rules: Vec<String> =
        by_rule(audit).into_iter().map(|(rule, findings)| format!("{findings} {rule}")).collect();
    format!("\n{}: {}\n{accepted}", count(audit.findings.len(), "finding"), rules.join(", "))
}

fn section(title: &str, body: &str, style: Style) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("\n{}\n{body}", style.paint(Role::Strong, title))
}

fn gates(gates: &[GateResult], style: Style) -> String {
    let row = |gate: &GateResult| {
        let cells = [&*gate.phase, &*gate.subject()].map(|text| one_line(text).into_owned());
        let rest = [figure(gate.figure), one_line(&gate.target).into_owned()];
        [cells, rest].concat()
    };
    let table = columns("", &gates.iter().map(row).collect::<Vec<_>>());
    let sign = |gate: &GateResult| match gate.verdict {
        Verdict::Holds => style.paint(Role::Good, "✓"),
        Verdict::Fails => style.paint(Role::Bad, "✗"),
        Verdict::Unknown => style.paint(Role::Caution, "?"),
    };
    // The signs are set before the lines, since colours have no width.
    gates.iter().zip(table.lines()).map(|(gate, line)| format!("  {} {line}\n", sign(gate))).collect()
}

fn criteria(criteria: &[CriterionResult], style: Style) -> String {
    let row =
        |it: &CriterionResult| [&it.phase, &it.text, &it.state()].map(|text| one_line(text).into_owned());
    let table = columns("", &criteria.iter().map(|it| row(it).to_vec()).collect::<Vec<_>>());
    let sign = |it: &CriterionResult| match it.done {
        Some(_) => style.paint(Role::Good, "✓"),
        None => style.paint(Role::Bad, "✗"),
    };
    criteria.iter().zip(table.lines()).map(|(it, line)| format!("  {} {line}\n", sign(it))).collect()
}

fn figures(figures: &[Figure], style: Style) -> String {
    let row = |of: &Figure| vec![of.metric.to_string(), in_unit(of, of.value), parts(of)];
    let table = columns("  ", &figures.iter().map(row).collect::<Vec<_>>());
    let below = |of: &Figure| {
        breakdown(of, &rules(of), "rule", style) + &breakdown(of, &packages(of), "package", style)
    };
    figures.iter().zip(table.lines()).map(|(of, line)| format!("{line}\n{}", below(of))).collect()
}

/// The worst of the packages or rules of a figure.
fn breakdown(of: &Figure, values: &[(&str, f64)], noun: &str, style: Style) -> String {
    let row = |(name, value): &(&str, f64)| vec![one_line(name).into_owned(), in_unit(of, Some(*value))];
    let rows: Vec<_> = values.iter().take(SHOWN).map(row).collect();
    columns("    ", &rows) + &more_of(values.len(), noun, style)
}

fn more_of(all: usize, noun: &str, style: Style) -> String {
    let left = all.saturating_sub(SHOWN);
    let text = || format!("    … and {left} more {noun}{}", if left == 1 { "" } else { "s" });
    if left == 0 { String::new() } else { style.paint(Role::Faint, text()) + "\n" }
}

fn more(all: usize, style: Style) -> String {
    match all.saturating_sub(SHOWN) {
        0 => String::new(),
        left => style.paint(Role::Faint, format!("  … and {left} more")) + "\n",
    }
}
