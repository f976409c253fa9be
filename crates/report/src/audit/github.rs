//! Findings as workflow commands, which GitHub shows beside the line.
//!
//! See GitHub's "Workflow commands for GitHub Actions"; the escapes are those
//! of its toolkit.

use std::fmt::Write;

use repot_audit::{Audit, CriterionResult, Finding, GateResult, Verdict};
use repot_change::Note;

use super::sentence;

/// One `::error` for each finding and for each gate that fails, one
/// `::warning` for each gate that nobody can judge, one `::notice` for each
/// note.
#[must_use]
pub fn audit_github(audit: &Audit) -> String {
    let findings = audit.findings.iter().map(annotation);
    let gates = audit.gates.iter().filter_map(gate);
    let criteria = audit.criteria.iter().filter(|it| it.done.is_none()).map(criterion);
    findings.chain(gates).chain(criteria).chain(audit.notes.iter().map(notice)).collect()
}

fn annotation(finding: &Finding) -> String {
    let mut place = format!("file={},line={}", property(finding.path.as_str()), finding.line);
    // GitHub drops the columns of a range over several lines, with a complaint.
    match finding.end {
        Some((line, _)) if line != finding.line => write!(place, ",endLine={line}"),
        Some((line, column)) => write!(place, ",col={},endLine={line},endColumn={column}", finding.column),
        None => write!(place, ",col={}", finding.column),
    }
    .expect("a string takes any text");
    let hint = finding.hint.as_ref().map_or_else(String::new, |hint| format!("\nhelp: {hint}"));
    command("error", &place, &format!("repot {}", finding.rule), &(finding.message.clone() + &hint))
}

fn gate(gate: &GateResult) -> Option<String> {
    let level = match gate.verdict {
        Verdict::Holds => return None,
        Verdict::Fails => "error",
        Verdict::Unknown => "warning",
    };
    Some(command(level, "", &format!("repot gate of {}", gate.phase), &sentence(gate)))
}

fn criterion(it: &CriterionResult) -> String {
    command("error", "", &format!("repot criterion of {}", it.phase), &format!("{}: {}", it.text, it.state()))
}

fn notice(note: &Note) -> String {
    let path = note.path.as_ref().map(|path| format!("file={}", property(path.as_str())));
    let line = note.line.filter(|_| path.is_some()).map(|line| format!(",line={line}"));
    command("notice", &(path.unwrap_or_default() + &line.unwrap_or_default()), "repot", &note.message)
}

fn command(level: &str, place: &str, title: &str, message: &str) -> String {
    let comma = if place.is_empty() { "" } else { "," };
    format!("::{level} {place}{comma}title={}::{}\n", property(title), data(message))
}

fn data(text: &str) -> String {
    // Line ends have an escape; other control characters would speak to whatever
    // terminal the log is read on.
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\r' | '\n')).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
