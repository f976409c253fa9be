//! What is broken anew: what a command says after and did not say before.
//!
//! A command that succeeds has found nothing. One that fails on both sides must
//! fail for reasons that were known before, each of them as often as before at
//! most; what it fails for besides is the phase's doing.

use std::collections::{HashMap, HashSet};

use crate::command::{Ending, Ran};
use crate::output::Printed;
use crate::reader::{Key, MOST, Problem};
use crate::renames::Renames;
use crate::steady::steady;

/// How many lines stand for what is broken.
const SHOWN: usize = 1_000;

/// How many lines of an output stand for one in which no problem is recognised.
const UNEXPLAINED: usize = 20;

/// What is broken after and was not before, one line each.
pub(crate) fn broken(before: &Ran, after: &Ran, renames: &Renames) -> Vec<String> {
    if after.succeeded() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if let Ending::TimedOut(limit) = after.ending {
        lines.push(format!("it did not end within {limit:?}, and was stopped"));
    }
    let problems = new_problems(&before.printed.problems, &after.printed.problems, renames);
    lines.extend(problems.iter().map(|problem| problem.line.clone()));
    if lines.is_empty() {
        lines = unexplained(before, after);
    }
    if lines.len() > SHOWN {
        let rest = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("… and {rest} more"));
    }
    lines
}

/// The problems of `after` that have no equal in `before`.
fn new_problems<'a>(before: &[Problem], after: &'a [Problem], renames: &Renames) -> Vec<&'a Problem> {
    // A test is broken or it is not, however often it is told.
    let tests: HashSet<Key> = before
        .iter()
        .filter(|problem| problem.key.is_test)
        .flat_map(|problem| [problem.key.clone(), renames.after(&problem.key)])
        .collect();
    let others = || before.iter().filter(|problem| !problem.key.is_test);
    let is_known_test = |key: &Key| {
        // Where a file could not even be collected, its tests failed as well.
        let file = Key { text: String::new(), ..key.clone() };
        tests.contains(key) || (!key.file.is_empty() && tests.contains(&file))
    };
    let rest = after.iter().filter(|problem| !problem.key.is_test || !is_known_test(&problem.key));
    // Spelled alike first; then as the phase spells it.
    let rest = without(rest.collect(), others().map(|problem| problem.key.clone()));
    let gone = without(others().collect(), after.iter().map(|problem| problem.key.clone()));
    without(rest, gone.into_iter().map(|problem| renames.after(&problem.key)))
}

/// `problems` without one for each of `known`.
fn without(problems: Vec<&Problem>, known: impl Iterator<Item = Key>) -> Vec<&Problem> {
    let mut counts: HashMap<Key, usize> = HashMap::new();
    known.for_each(|key| *counts.entry(key).or_default() += 1);
    let is_new = |problem: &&Problem| match counts.get_mut(&problem.key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    problems.into_iter().filter(is_new).collect()
}

/// Why a command that names no new problem may have failed for a new reason.
fn unexplained(before: &Ran, after: &Ran) -> Vec<String> {
    let ended = ended(before, after);
    if before.succeeded() {
        return worth_showing(before, after).unwrap_or_else(|| vec![ended + ", and printed nothing"]);
    }
    if is_worse(before, after) {
        return std::iter::once(ended).chain(new_lines(&before.printed, &after.printed)).collect();
    }
    let named = after.printed.problems.len();
    if (1..MOST).contains(&named) || before.printed.sum == after.printed.sum {
        return Vec::new();
    }
    if named > 0 {
        return vec![format!(
            "it names more than {named} problems, and what of the rest is new cannot be told"
        )];
    }
    let mut lines = new_lines(&before.printed, &after.printed);
    if lines.is_empty() {
        lines.push(ended + ", and prints something else than before; what of it is new cannot be told");
    }
    lines
}

/// The lines that tell best why a command that succeeded fails: what it says
/// anew, else the problems that it put up with before, else its last words.
fn worth_showing(before: &Ran, after: &Ran) -> Option<Vec<String>> {
    let problems = || after.printed.problems.iter().map(|problem| problem.line.clone()).collect();
    let choices: [&dyn Fn() -> Vec<String>; 3] =
        [&|| new_lines(&before.printed, &after.printed), &problems, &|| last_lines(&after.printed)];
    choices.iter().map(|lines| lines()).find(|lines| !lines.is_empty())
}

/// Statuses grow with what is wrong: pytest ends with 1 where tests fail and
/// with 2 where none are run, mypy and ruff with 1 and 2 likewise.
fn is_worse(before: &Ran, after: &Ran) -> bool {
    match (before.run.status, after.run.status) {
        (Some(before), Some(after)) => after > before,
        (before, after) => before.is_some() && after.is_none(),
    }
}

fn ended(before: &Ran, after: &Ran) -> String {
    let told = |ran: &Ran| {
        ran.run.status.map_or_else(|| "a signal".to_owned(), |status| format!("exit status {status}"))
    };
    match (told(before), told(after)) {
        (before, after) if before == after => format!("it ended with {after}"),
        (before, after) => format!("it ended with {after}, before with {before}"),
    }
}

/// The lines of `after` that are not in `before`; the last of them.
fn new_lines(before: &Printed, after: &Printed) -> Vec<String> {
    let mut known: HashMap<String, usize> = HashMap::new();
    before.text.lines().for_each(|line| *known.entry(steady(line)).or_default() += 1);
    let is_new = |line: &&str| match known.get_mut(&steady(line)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => !line.trim().is_empty(),
    };
    let lines: Vec<&str> = after.text.lines().filter(is_new).collect();
    tail(&lines)
}

fn last_lines(printed: &Printed) -> Vec<String> {
    let lines: Vec<&str> = printed.text.lines().filter(|line| !line.trim().is_empty()).collect();
    tail(&lines)
}

fn tail(lines: &[&str]) -> Vec<String> {
    let shown = |line: &&str| crate::steady::shown(line).chars().take(UNEXPLAINED * 25).collect();
    lines.iter().skip(lines.len().saturating_sub(UNEXPLAINED)).map(shown).collect()
}
