//! A plan as a comment on a pull request.

use repot_change::{CheckStatus, Decision, FileDelta, Plan, PlannedPhase, PlannedStep};

use super::classes::classes;
use super::tally::{Files, Tally};
use super::trials;
use crate::decisions::gather;
use crate::markdown::{FITS, HEADINGS, cell, code, fenced, fit, folded, prose};
use crate::place::note;
use crate::settlement::target;
use crate::stat::stat;
use crate::style::Style;
use crate::words::count;

/// What each list may take; together they leave room for the headings.
const PHASES: usize = 8_000;
const DECISIONS: usize = 16_000;
const FAILURES: usize = 8_000;
const NOTES: usize = 6_000;
const TRIALS: usize = 8_000;
const FILES: usize = 10_000;
const _: () = assert!(PHASES + DECISIONS + FAILURES + TRIALS + NOTES + FILES + HEADINGS <= FITS);

/// The columns of the folded list of files.
const WIDTH: usize = 100;

/// The plan for a comment of fewer than 60,000 characters: phases, decisions,
/// what was verified, and the files that change, folded.
#[must_use]
pub fn plan_markdown(plan: &Plan) -> String {
    let verdict = match (plan.is_verified(), plan.is_empty()) {
        (false, _) => "**The plan failed its verification and cannot be applied.**",
        (true, true) => "Nothing to change.",
        (true, false) => "Every check of the plan passed.",
    };
    let notes: Vec<String> = plan.notes.iter().map(|item| bullet(&note(item, Style::PLAIN))).collect();
    let parts = [
        format!("## Repot plan\n\n{verdict}\n"),
        phases(plan),
        failures(plan),
        trials::markdown(plan.phases.iter().flat_map(|phase| &phase.trials), TRIALS),
        decisions(&gather(plan)),
        if notes.is_empty() {
            String::new()
        } else {
            folded(&count(notes.len(), "note"), &fit(&notes, NOTES, more))
        },
        files(plan),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn more(rest: usize) -> String {
    format!("\n… and {rest} more\n")
}

fn bullet(text: &str) -> String {
    format!("- {}\n", prose(text))
}

fn phases(plan: &Plan) -> String {
    let head = "| Phase | Files | Names rewritten | To review | Await a decision | Skipped | Checks |\n\
                | --- | ---: | ---: | ---: | ---: | ---: | --- |\n";
    let rows: Vec<String> = plan.phases.iter().map(row).collect();
    if rows.is_empty() { String::new() } else { head.to_owned() + &fit(&rows, PHASES, more) }
}

fn row(phase: &PlannedPhase) -> String {
    let (tally, files) = (Tally::of(phase), Files::of(phase));
    let failed = phase.checks.iter().filter(|check| check.status != CheckStatus::Passed).count();
    let checks = match failed {
        0 => format!("✓ {} passed", phase.checks.len()),
        failed => format!("✗ {failed} of {} failed", phase.checks.len()),
    };
    let (total, rewritten, review) = (files.total(), tally.rewritten, tally.review);
    let (awaiting, skipped) = (tally.awaiting, tally.skipped);
    let name = cell(&phase.title);
    format!("| {name} | {total} | {rewritten} | {review} | {awaiting} | {skipped} | {checks} |\n")
}

fn failures(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for check in plan.phases.iter().flat_map(|phase| &phase.checks) {
        if let CheckStatus::Failed { failures } = &check.status {
            lines.push(format!("- ✗ **{}** ({})\n", cell(&check.law), cell(&check.scope)));
            lines
                .extend(failures.iter().map(|failure| format!("  {}", bullet(&note(failure, Style::PLAIN)))));
        }
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("### What failed\n\n{}", fit(&lines, FAILURES, more))
    }
}

fn decisions(all: &[Decision]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let head = "| What | Kind | Places | Candidates |\n| --- | --- | ---: | --- |\n";
    let rows: Vec<String> = all.iter().map(choice).collect();
    format!("### Awaiting a decision\n\n{head}{}", fit(&rows, DECISIONS, more))
}

fn choice(decision: &Decision) -> String {
    let mut candidates: Vec<String> =
        decision.candidates.iter().take(3).map(|it| code(target(it, &decision.candidates))).collect();
    if decision.candidates.len() > 3 {
        candidates.push(format!("and {} more", decision.candidates.len() - 3));
    }
    let (subject, kind, places) = (code(&decision.subject), decision.kind.name(), decision.sites.len());
    format!("| {subject} | {kind} | {places} | {} |\n", candidates.join(", "))
}

fn files(plan: &Plan) -> String {
    let steps = || plan.phases.iter().flat_map(|phase| &phase.steps);
    let changed: Vec<_> =
        classes(steps()).into_iter().filter(|(_, tally)| !tally.deltas.is_empty()).collect();
    if changed.is_empty() {
        return listed(steps().flat_map(PlannedStep::deltas), FILES);
    }
    let room = FILES / changed.len();
    let blocks = changed.iter().map(|(class, tally)| {
        let heading = tally.heading(*class, Style::PLAIN);
        format!("### {heading}\n\n{}", listed(tally.deltas.iter().copied(), room))
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// The statistics of `deltas`, folded under their totals.
fn listed<'a>(deltas: impl Iterator<Item = &'a FileDelta>, room: usize) -> String {
    let rows: Vec<String> =
        stat(deltas, Style::PLAIN, WIDTH).split_inclusive('\n').map(str::to_owned).collect();
    match rows.split_last() {
        None => String::new(),
        Some((totals, rows)) => {
            folded(totals.trim(), &fenced(&fit(rows, room, |rest| format!(" … and {rest} more\n"))))
        }
    }
}
