//! What commands said of the tree before a phase and after it.

use repot_change::{Run, Trial};
use serde_json::{Value, json};

use crate::markdown::{code, fenced, fit, folded};
use crate::quote::one_line;
use crate::style::{Role, Style};
use crate::words::{count, shorten};

/// How many characters of a line are shown.
const LINE: usize = 200;

/// What came of `trial`, without the command.
fn verdict(trial: &Trial) -> String {
    match trial.broken.len() {
        0 => "breaks nothing anew".to_owned(),
        broken => format!("finds {} broken anew", count(broken, "thing")),
    }
}

/// How the command ended on both sides, and how long it took.
fn runs(trial: &Trial) -> String {
    format!("(before: {}; after: {})", ended(&trial.before), ended(&trial.after))
}

fn ended(run: &Run) -> String {
    let status = run.status.map_or_else(|| "stopped".to_owned(), |status| format!("exit status {status}"));
    let tenths = run.milliseconds / 100;
    format!("{status}, {}.{} s", tenths / 10, tenths % 10)
}

/// One line for each trial, and what it found, at most `shown` lines of it.
pub(super) fn trials(trials: &[Trial], shown: usize, style: Style) -> String {
    let line = |trial: &Trial| {
        let sign = if trial.passed() { (Role::Good, "✓") } else { (Role::Bad, "✗") };
        let (sign, runs) = (style.paint(sign.0, sign.1), style.paint(Role::Faint, runs(trial)));
        let command = shorten(&one_line(&trial.command), LINE);
        let broken = trial.broken.iter().take(shown);
        let broken: String =
            broken.map(|line| format!("        {}\n", shorten(&one_line(line), LINE))).collect();
        let rest = match trial.broken.len().saturating_sub(shown) {
            0 => String::new(),
            rest => format!("        {}\n", style.paint(Role::Faint, format!("… and {rest} more"))),
        };
        format!("    {sign} `{command}` {} {runs}\n{broken}{rest}", verdict(trial))
    };
    trials.iter().map(line).collect()
}

/// The trials as Markdown of about `room` characters: what is broken first,
/// then the end of the output, folded.
pub(super) fn markdown<'a>(trials: impl Iterator<Item = &'a Trial>, room: usize) -> String {
    let trials: Vec<&Trial> = trials.collect();
    if trials.is_empty() {
        return String::new();
    }
    let room = room / trials.len() / 2;
    let block = |trial: &&Trial| {
        let sign = if trial.passed() { "✓" } else { "✗" };
        let title = format!("- {sign} {} {} {}\n", code(&trial.command), verdict(trial), runs(trial));
        let broken: Vec<String> =
            trial.broken.iter().map(|line| format!("{}\n", shorten(&one_line(line), LINE))).collect();
        let more = |rest: usize| format!("… and {rest} more\n");
        let broken = if broken.is_empty() { String::new() } else { fenced(&fit(&broken, room, more)) };
        let output = match trial.passed() {
            true => String::new(),
            false => folded("The output after", &fenced(&end(&trial.after.output, room))),
        };
        [title, broken, output].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    };
    format!("### What commands said\n\n{}", trials.iter().map(block).collect::<Vec<_>>().join("\n"))
}

/// The last lines of `text`, of at most `room` characters.
fn end(text: &str, room: usize) -> String {
    let mut left = room;
    let fits = |line: &&str| {
        let size = line.chars().count() + 1;
        left = left.saturating_sub(size);
        left > 0
    };
    let lines: Vec<&str> = text.lines().rev().take_while(fits).collect();
    lines.into_iter().rev().map(|line| format!("{line}\n")).collect()
}

pub(super) fn json(trial: &Trial) -> Value {
    json!({
        "command": trial.command,
        "passed": trial.passed(),
        "broken": trial.broken,
        "before": run(&trial.before),
        "after": run(&trial.after),
    })
}

fn run(run: &Run) -> Value {
    json!({ "status": run.status, "milliseconds": run.milliseconds, "output": run.output })
}
