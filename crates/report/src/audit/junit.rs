//! An audit as JUnit XML, which every CI server shows as tests.
//!
//! Findings, gates and criteria are suites. A metric without a finding is a test
//! that passes, and one that nobody could measure is skipped.

use std::collections::BTreeSet;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use repot_audit::{Audit, Verdict, metric_of};

use super::{on_line, sentence};

/// The audit as one report.
#[must_use]
pub fn audit_junit(audit: &Audit) -> String {
    let mut report = Report::new("repot");
    let suites = [("findings", findings(audit)), ("gates", gates(audit)), ("criteria", criteria(audit))];
    for (name, cases) in suites {
        let mut suite = TestSuite::new(name);
        suite.add_test_cases(cases);
        report.add_test_suite(suite);
    }
    // Only what is no XML at all is refused, and the library leaves that out.
    report.to_string().unwrap_or_default()
}

fn findings(audit: &Audit) -> Vec<TestCase> {
    let found: BTreeSet<&str> = audit.findings.iter().map(|finding| metric_of(finding.rule)).collect();
    let clean = audit.figures.iter().filter(|figure| !found.contains(figure.metric.as_ref()));
    let clean = clean.map(|figure| {
        let status = match figure.value {
            Some(_) => TestCaseStatus::success(),
            None => TestCaseStatus::skipped(),
        };
        case(&figure.metric, &figure.metric, status)
    });
    let failed = audit.findings.iter().map(|finding| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(finding.rule).set_message(finding.message.clone()).set_description(on_line(finding));
        case(finding.rule, &format!("{}:{}", finding.path, finding.line), status)
    });
    clean.chain(failed).collect()
}

fn gates(audit: &Audit) -> Vec<TestCase> {
    let gate = |gate: &repot_audit::GateResult| {
        let mut status = match gate.verdict {
            Verdict::Holds => TestCaseStatus::success(),
            Verdict::Fails => TestCaseStatus::non_success(NonSuccessKind::Failure),
            Verdict::Unknown => TestCaseStatus::non_success(NonSuccessKind::Error),
        };
        status.set_message(sentence(gate));
        case(&gate.phase, &gate.subject(), status)
    };
    audit.gates.iter().map(gate).collect()
}

fn criteria(audit: &Audit) -> Vec<TestCase> {
    let criterion = |it: &repot_audit::CriterionResult| {
        let mut status = match it.done {
            Some(_) => TestCaseStatus::success(),
            None => TestCaseStatus::non_success(NonSuccessKind::Failure),
        };
        status.set_message(it.state());
        case(&it.phase, &it.text, status)
    };
    audit.criteria.iter().map(criterion).collect()
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name.to_owned(), status);
    case.set_classname(class.to_owned());
    case
}
