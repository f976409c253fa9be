//! The message of the commit that holds one step of a plan.

use std::collections::BTreeMap;

use repot_change::{Applicability, CheckStatus, Outcome, PlannedPhase, PlannedStep, Trial, compose};

use crate::quote::one_line;
use crate::words::count;

/// How many characters git's own tools show of a subject.
const SUBJECT: usize = 72;

/// What step `index` of `phase` does, how much, by which rule, and how that was
/// verified; with trailers for programs, as `git interpret-trailers` reads them.
/// Empty for a step that does not exist.
#[must_use]
pub fn commit_message(phase: &PlannedPhase, index: usize, made_by: &str) -> String {
    let Some(step) = phase.steps.get(index) else { return String::new() };
    let (number, steps) = (index + 1, phase.steps.len());
    let title = one_line(if phase.title.is_empty() { &phase.name } else { &phase.title });
    let mut text = format!("{}\n\n{title}, step {number} of {steps}.\n", subject(step));
    text += &by_rule(step);
    text += &verified(phase);
    let (name, codemod) = (one_line(&phase.name), one_line(&step.codemod));
    text + &format!(
        "\nRepot-Phase: {name}\nRepot-Step: {number}/{steps} {codemod}\nRepot-Version: {made_by}\n"
    )
}

/// `retarget-imports: 309 names in 142 files`
fn subject(step: &PlannedStep) -> String {
    let files = compose(step.parts.iter().map(|part| part.deltas.as_slice())).len();
    let files = count(files, "file");
    let names = rules(step).values().sum::<usize>();
    let what = if names == 0 { files } else { format!("{} in {files}", count(names, "name")) };
    crate::words::shorten(&format!("{}: {what}", one_line(&step.codemod)), SUBJECT)
}

/// How many names were rewritten by each rule.
fn rules(step: &PlannedStep) -> BTreeMap<&str, usize> {
    let mut rules = BTreeMap::new();
    for item in &step.evidence {
        if let Outcome::Rewritten { applicability: Applicability::Review | Applicability::Certain, .. } =
            item.outcome
        {
            *rules.entry(item.rule.as_str()).or_default() += 1;
        }
    }
    rules
}

fn by_rule(step: &PlannedStep) -> String {
    let mut rules: Vec<(&str, usize)> = rules(step).into_iter().collect();
    rules.sort_by_key(|(_, names)| std::cmp::Reverse(*names));
    list("By rule", rules.into_iter().map(|(rule, names)| format!("{names} × {}", one_line(rule))))
}

fn verified(phase: &PlannedPhase) -> String {
    let passed = phase.checks.iter().filter(|check| check.status == CheckStatus::Passed);
    let laws = passed.map(|check| format!("{} ({})", one_line(&check.law), one_line(&check.scope)));
    let trials = phase.trials.iter().filter(|trial| trial.passed());
    let trials = trials.map(|Trial { command, .. }| format!("`{}` breaks nothing anew", one_line(command)));
    list("Verified, for the phase as a whole", laws.chain(trials))
}

fn list(title: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.map(|line| format!("- {line}\n")).collect();
    if lines.is_empty() { lines } else { format!("\n{title}:\n{lines}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_message_says_what_how_many_by_which_rule_and_how_verified() {
        insta::assert_snapshot!(commit_message(&sample::plan().phases[0], 0, "0.1.0"), @r"
        retarget-imports: 2 names in 3 files

        Emergency fixes: domain boundaries, step 1 of 1.

        By rule:
        - 2 × longest matching suffix

        Verified, for the phase as a whole:
        - no new syntax error (2 Python files)
        - a second run changes nothing (1 steps)

        Repot-Phase: boundaries
        Repot-Step: 1/1 retarget-imports
        Repot-Version: 0.1.0
        ");
        assert_eq!(commit_message(&sample::plan().phases[0], 1, ""), "");
    }
}
