//! What a plan comes to, on one screen.
//!
//! Every list is cut to its first entries and says how many more there are;
//! the whole is in `plan_concise`, `decisions` and `plan_json`.

use repot_change::{Check, CheckStatus, Decision, DecisionKind, Note, Plan, PlannedPhase};

use super::classes::classes;
use super::tally::{Files, Said, Tally};
use super::text::heading;
use super::trials::trials;
use crate::decisions::about;
use crate::place::{note, place};
use crate::quote::one_line;
use crate::settlement::target;
use crate::style::{Role, Style};
use crate::words::{columns, count, count_with, shorten, shorten_front};

/// How many entries of a list are shown.
const SHOWN: usize = 3;

/// How many things that a command finds broken are shown.
const BROKEN: usize = 10;

/// How many packages are shown.
const PACKAGES: usize = 5;

/// How many choices of one kind are shown.
const CHOICES: usize = 2;

/// How many characters of a cell are shown.
const CELL: usize = 60;

/// What the plan changes, what was verified, and what awaits a person.
#[must_use]
pub fn plan_summary(plan: &Plan, style: Style) -> String {
    let mut text: String = plan.phases.iter().map(|phase| summarise(phase, style)).collect();
    text += &notes("About the tree", &plan.notes, style);
    if !plan.is_verified() {
        let failed = "The plan failed its verification and cannot be applied.";
        text += &format!("{}\n", style.paint(Role::Bad, failed));
    } else if plan.is_empty() {
        text += "Nothing to change.\n";
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

fn summarise(phase: &PlannedPhase, style: Style) -> String {
    let tally = Tally::of(phase);
    let step_notes: Vec<Note> = phase.steps.iter().flat_map(|step| step.notes.iter().cloned()).collect();
    [
        heading(phase, style).trim_end().to_owned() + "\n",
        totals(&Files::of(phase), &tally) + &by_rule(&tally) + "\n",
        section("By class", &by_class(phase), style),
        section("By package", &by_package(&tally, style), style),
        section("Verified", &(checks(&phase.checks, style) + &trials(&phase.trials, BROKEN, style)), style),
        decisions(&tally, style),
        section("Skipped", &said(&tally.reasons, style), style),
        section("Warnings", &said(&tally.warnings, style), style),
        notes("Notes", &step_notes, style),
    ]
    .concat()
}

fn totals(files: &Files, tally: &Tally<'_>) -> String {
    let review = if tally.review > 0 { format!(" ({} to review)", tally.review) } else { String::new() };
    let awaiting = if tally.awaiting == 1 { "awaits a decision" } else { "await a decision" };
    let names = [
        (tally.rewritten, format!("{} rewritten{review}", count(tally.rewritten, "name"))),
        (tally.offered, format!("{} offered", tally.offered)),
        (tally.awaiting, format!("{} {awaiting}", tally.awaiting)),
        (tally.skipped, format!("{} skipped", tally.skipped)),
    ];
    let names = names.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| text);
    let parts: Vec<String> = std::iter::once(files.describe()).chain(names).collect();
    format!("  {}\n", parts.join(", "))
}

/// A titled block and a blank line; nothing when the block is empty.
fn section(title: &str, body: &str, style: Style) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("  {}\n{body}\n", style.paint(Role::Strong, title))
}

/// What is left of a list of `all` entries of which `shown` are shown.
fn more(all: usize, shown: usize, indent: &str, style: Style) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        left => format!("{indent}{}\n", style.paint(Role::Faint, format!("… and {left} more"))),
    }
}

fn by_rule(tally: &Tally<'_>) -> String {
    let rule = |(rule, names): &(&str, usize)| format!("{names} by “{}”", shorten(&one_line(rule), CELL));
    let mut rules: Vec<String> = tally.by_rule.iter().take(SHOWN).map(rule).collect();
    let rest: usize = tally.by_rule.iter().skip(SHOWN).map(|(_, names)| names).sum();
    if rest > 0 {
        rules.push(format!("{rest} by others"));
    }
    if rules.is_empty() { String::new() } else { format!("  Rewritten: {}\n", rules.join(", ")) }
}

fn by_class(phase: &PlannedPhase) -> String {
    let classes = classes(&phase.steps);
    if classes.is_empty() {
        return String::new();
    }
    let mut rows = vec![["", "files", "rewritten", "to review", "offered"].map(str::to_owned).to_vec()];
    rows.extend(classes.iter().map(|(class, tally)| {
        let numbers = [tally.files(), tally.rewritten, tally.review, tally.offered];
        [vec![class.name().to_owned()], numbers.map(|number| number.to_string()).to_vec()].concat()
    }));
    columns("    ", &rows)
}

fn by_package(tally: &Tally<'_>, style: Style) -> String {
    if tally.by_package.is_empty() {
        return String::new();
    }
    let mut rows = vec![["", "files", "rewritten", "awaiting"].map(str::to_owned).to_vec()];
    rows.extend(tally.by_package.iter().take(PACKAGES).map(|(name, package)| {
        let numbers = [package.files(), package.rewritten, package.awaiting];
        let numbers = numbers.map(|number| number.to_string());
        [vec![shorten(&one_line(name), CELL)], numbers.to_vec()].concat()
    }));
    columns("    ", &rows) + &more(tally.by_package.len(), PACKAGES, "    ", style)
}

fn checks(checks: &[Check], style: Style) -> String {
    checks.iter().map(|check| one_check(check, style)).collect()
}

fn one_check(check: &Check, style: Style) -> String {
    let (law, scope) =
        (one_line(&check.law), style.paint(Role::Faint, format!("({})", one_line(&check.scope))));
    match &check.status {
        CheckStatus::Passed => format!("    {} {law} {scope}\n", style.paint(Role::Good, "✓")),
        CheckStatus::Failed { failures } => {
            let places =
                failures.iter().take(SHOWN).map(|failure| format!("        {}\n", note(failure, style)));
            let sign = style.paint(Role::Bad, "✗");
            let failed = count(failures.len(), "failure");
            format!("    {sign} {law} {scope}: {failed}\n{}", places.collect::<String>())
                + &more(failures.len(), SHOWN, "        ", style)
        }
    }
}

fn decisions(tally: &Tally<'_>, style: Style) -> String {
    if tally.decisions.is_empty() {
        return String::new();
    }
    let names = count_with(tally.awaiting, "name", "awaits", "await");
    let title = format!("{names} a decision ({})", count(tally.decisions.len(), "choice"));
    let kinds: String =
        DecisionKind::ALL.iter().map(|kind| one_kind(*kind, &tally.decisions, style)).collect();
    let hint = "    `repot plan --decisions` lists them all, with the lines that settle them\n";
    section(&title, &(kinds + hint), style)
}

fn one_kind(kind: DecisionKind, all: &[Decision], style: Style) -> String {
    let choices: Vec<&Decision> = all.iter().filter(|decision| decision.kind == kind).collect();
    if choices.is_empty() {
        return String::new();
    }
    let names: usize = choices.iter().map(|choice| choice.sites.len()).sum();
    let name = style.paint(Role::Caution, kind.name());
    let rows: Vec<_> = choices.iter().take(CHOICES).map(|choice| choice_row(choice)).collect();
    let most = if choices.len() > CHOICES { "; most awaited:" } else { "" };
    let size = format!("{}, {}{most}", count(names, "name"), count(choices.len(), "choice"));
    format!("    {name}: {} ({size})\n{}", about(kind), columns("      ", &rows))
}

fn choice_row(choice: &Decision) -> Vec<String> {
    let first = choice.candidates.first().map(|candidate| one_line(target(candidate, &choice.candidates)));
    let others = match choice.candidates.len() {
        0 | 1 => String::new(),
        many => format!(" or {} more", many - 1),
    };
    let subject = shorten_front(&one_line(&choice.subject), CELL);
    let target = first.map_or_else(String::new, |first| format!("→ {}{others}", shorten_front(&first, CELL)));
    vec![subject, count(choice.sites.len(), "place"), target]
}

fn said(all: &[Said<'_>], style: Style) -> String {
    let line = |said: &Said<'_>| {
        let (path, line) = said.first;
        let first = style.paint(Role::Faint, format!("(first: {})", place(path, Some(line), Style::PLAIN)));
        format!("    {} × {} {first}\n", said.times, one_line(said.text))
    };
    all.iter().take(SHOWN).map(line).collect::<String>() + &more(all.len(), SHOWN, "    ", style)
}

fn notes(title: &str, all: &[Note], style: Style) -> String {
    let lines: String = all.iter().take(SHOWN).map(|item| format!("    {}\n", note(item, style))).collect();
    let title = if all.len() > SHOWN { format!("{title} ({})", all.len()) } else { title.to_owned() };
    section(&title, &(lines + &more(all.len(), SHOWN, "    ", style)), style)
}
