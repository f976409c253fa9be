//! What a phase comes to, as a page has it: the counts of `plan_summary`.

use repot_change::{Check, CheckStatus, Class, PlannedPhase, PlannedStep, Run, Trial};
use serde_json::{Value, json};

use super::evidence::note;
use super::text::visible;
use crate::plan::classes::{ClassTally, every_class};
use crate::plan::tally::{Files, Said, Tally};

/// How many warnings and reasons are listed.
const MOST_SAID: usize = 50;

/// How many failures of one check are listed.
const MOST_FAILURES: usize = 500;

/// The phase without its files.
pub(crate) fn phase(phase: &PlannedPhase) -> Value {
    let (tally, files) = (Tally::of(phase), Files::of(phase));
    json!({
        "name": visible(&phase.name),
        "title": visible(&phase.title),
        "verified": phase.is_verified(),
        "files": {
            "total": files.total(),
            "edited": files.edited,
            "created": files.created,
            "deleted": files.deleted,
            "moved": files.moved,
        },
        "rewritten": tally.rewritten,
        "review": tally.review,
        "offered": tally.offered,
        "awaiting": tally.awaiting,
        "skipped": tally.skipped,
        "rules": tally.by_rule.iter().map(|(rule, names)| json!([visible(rule), names])).collect::<Vec<_>>(),
        "classes": every_class(&phase.steps).into_iter().map(class).collect::<Vec<_>>(),
        "packages": packages(&tally),
        "reasons": tally.reasons.iter().take(MOST_SAID).map(said).collect::<Vec<_>>(),
        "warnings": tally.warnings.iter().take(MOST_SAID).map(said).collect::<Vec<_>>(),
        "checks": phase.checks.iter().map(check).collect::<Vec<_>>(),
        "trials": phase.trials.iter().map(trial).collect::<Vec<_>>(),
        "steps": phase.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &PlannedStep) -> Value {
    json!({
        "codemod": visible(&step.codemod),
        "notes": step.notes.iter().map(note).collect::<Vec<_>>(),
    })
}

fn class((class, tally): (Class, ClassTally<'_>)) -> Value {
    json!([class.name(), tally.files(), tally.rewritten, tally.review, tally.offered])
}

fn packages(tally: &Tally<'_>) -> Vec<Value> {
    let row = |(name, package): &(&str, _)| {
        let package: &crate::plan::tally::PackageTally<'_> = package;
        json!([visible(name), package.files(), package.rewritten, package.awaiting])
    };
    tally.by_package.iter().map(row).collect()
}

fn said(said: &Said<'_>) -> Value {
    let (path, line) = said.first;
    json!([visible(said.text), said.times, visible(path.as_str()), line])
}

fn check(check: &Check) -> Value {
    let failures = match &check.status {
        CheckStatus::Passed => &[],
        CheckStatus::Failed { failures } => failures.as_slice(),
    };
    json!({
        "law": visible(&check.law),
        "scope": visible(&check.scope),
        "passed": check.status == CheckStatus::Passed,
        "failed": failures.len(),
        "failures": failures.iter().take(MOST_FAILURES).map(note).collect::<Vec<_>>(),
    })
}

fn trial(trial: &Trial) -> Value {
    json!({
        "command": visible(&trial.command),
        "passed": trial.passed(),
        "before": run(&trial.before),
        "after": run(&trial.after),
        "broken": trial.broken.iter().map(|line| visible(line)).collect::<Vec<_>>(),
    })
}

fn run(run: &Run) -> Value {
    let output: Vec<String> = run.output.lines().map(visible).collect();
    json!({ "status": run.status, "milliseconds": run.milliseconds, "output": output.join("\n") })
}
