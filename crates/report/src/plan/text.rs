//! A plan as text: the whole diff, or one line per name.

use std::collections::BTreeSet;

use rayon::prelude::*;
use repot_change::{Class, Evidence, FileDelta, Outcome, Plan, PlannedPhase, PlannedStep, RelPath};

use super::classes::classes;
use super::plan_summary;
use crate::diff::diff;
use crate::place::place;
use crate::quote::one_line;
use crate::style::{Role, Style};
use crate::words::count;

/// The plan for reading: each phase, each step and its diff, then the summary.
///
/// Bytes, since a diff keeps those of the files. Without colours `git apply`
/// takes it as it is: what is no diff stands between diffs, where git skips it.
#[must_use]
pub fn plan_full(plan: &Plan, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    for phase in plan.phases.iter().filter(|phase| phase.steps.iter().any(|step| !step.parts.is_empty())) {
        out.extend(heading(phase, style).into_bytes());
        for (at, step) in phase.steps.iter().enumerate() {
            out.extend(step_heading(at, phase.steps.len(), step, style).into_bytes());
            parts(&mut out, step, style);
        }
    }
    out.extend(plan_summary(plan, style).into_bytes());
    out
}

/// The diffs of a step, those of each class under its heading; a step of
/// imports alone needs none.
fn parts(out: &mut Vec<u8>, step: &PlannedStep, style: Style) {
    let classes = classes([step]);
    for part in &step.parts {
        if let Some(tally) = classes.get(&part.class) {
            out.extend(format!("{}\n\n", tally.heading(part.class, style)).into_bytes());
        }
        let diffs: Vec<Vec<u8>> = part.deltas.par_iter().map(|delta| diff(delta, style)).collect();
        diffs.into_iter().for_each(|diff| out.extend(diff));
        out.push(b'\n');
    }
    if step.parts.is_empty() {
        out.push(b'\n');
    }
}

/// `Phase name: title`, the title left out where it says no more.
pub(crate) fn heading(phase: &PlannedPhase, style: Style) -> String {
    let (name, title) = (one_line(&phase.name), one_line(&phase.title));
    let title = if title.is_empty() || title == name { String::new() } else { format!(": {title}") };
    style.paint(Role::Strong, format!("Phase {name}{title}")) + "\n\n"
}

fn step_heading(at: usize, steps: usize, step: &PlannedStep, style: Style) -> String {
    let place = if steps > 1 { format!("Step {} of {steps}", at + 1) } else { "Step".to_owned() };
    let changed: BTreeSet<&RelPath> = step.deltas().filter_map(FileDelta::path).collect();
    let files = match changed.len() {
        0 => "nothing to change".to_owned(),
        files => count(files, "file"),
    };
    format!("{place}: {} ({files})\n\n", style.paint(Role::Strong, one_line(&step.codemod)))
}

/// One line for each name: `path:line: subject -> target [rule]`, or why the
/// name stays; sorted by place within each phase. The class stands before the
/// rule where it is not that of imports.
#[must_use]
pub fn plan_concise(plan: &Plan, style: Style) -> String {
    let mut text = String::new();
    for phase in &plan.phases {
        let mut evidence: Vec<&Evidence> = phase.evidence().collect();
        evidence.sort_by_key(|item| (&item.path, item.line, item.span));
        evidence.into_iter().for_each(|item| text += &concise(item, style));
    }
    text
}

fn concise(item: &Evidence, style: Style) -> String {
    let place = place(&item.path, Some(item.line), style);
    let subject = one_line(&item.subject);
    let class = match item.class {
        Class::Imports => String::new(),
        other => format!("{}: ", other.name()),
    };
    let rule = style.paint(Role::Faint, format!("[{class}{}]", one_line(&item.rule)));
    match &item.outcome {
        Outcome::Rewritten { to, .. } => {
            format!("{place}: {subject} -> {} {rule}\n", style.paint(Role::Added, one_line(to)))
        }
        Outcome::Decision { decision } => {
            let kind = style.paint(Role::Caution, decision.name());
            format!("{place}: {subject} awaits a decision: {kind} ({})\n", candidates(item.candidates.len()))
        }
        Outcome::Skipped { reason } => format!("{place}: {subject} stays: {}\n", one_line(reason)),
    }
}

fn candidates(number: usize) -> String {
    if number == 0 { "no candidate".to_owned() } else { count(number, "candidate") }
}
