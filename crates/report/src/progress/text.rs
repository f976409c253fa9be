//! Progress on a terminal.

use repot_trend::{CheckedClaim, Movement, PhaseProgress, Progress};

use super::{
    about, cards, change, measured, outlook, packages, place, regression, sign, span, stated, title, value,
};
use crate::quote::one_line;
use crate::style::{Role, Style};
use crate::words::{columns, figure, shorten};

/// How many packages are shown.
const PACKAGES: usize = 15;

/// How long a line of a message is that is quoted.
const QUOTE: usize = 96;

/// The whole report.
#[must_use]
pub fn progress_text(progress: &Progress, style: Style) -> String {
    let head = format!("{}\n{}.\n", style.paint(Role::Strong, title(progress)), span(progress));
    let phases: String = progress.phases().iter().map(|it| phase(it, style)).collect();
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| format!("  {line}\n")).collect::<String>();
    let blockers =
        progress.blockers.iter().map(|it| format!("{}: {}", one_line(&it.phase), one_line(&it.text)));
    let moved = [packages(progress)].into_iter().filter(|line| !line.is_empty()).collect();
    let parts = [
        ("Phases", phases),
        ("Metrics", metrics(&progress.movements(), style)),
        ("Packages that came and went", lines(moved)),
        ("Regressions", lines(progress.regressions.iter().map(regression).collect())),
        ("Stated and measured", progress.claims.iter().map(|it| claim(it, style)).collect()),
        ("In the way", lines(blockers.collect())),
        ("Findings by package", scorecards(progress, style)),
        ("Notes", lines(progress.notes.iter().map(|note| one_line(note).into_owned()).collect())),
    ];
    let part = |(title, body): (&str, String)| match body.is_empty() {
        true => String::new(),
        false => format!("\n{}\n{body}", style.paint(Role::Strong, title)),
    };
    head + &parts.into_iter().map(part).collect::<String>()
}

fn phase(phase: &PhaseProgress, style: Style) -> String {
    let all = phase.gates.len();
    let (title, name) = (one_line(&phase.title), one_line(&phase.name));
    let mut text = format!("  {title} ({name}): {} of {all} gates hold\n", phase.held());
    let row = |(before, now, forecast): &(Option<_>, repot_trend::GateState, Option<_>)| {
        let before = before.as_ref().and_then(|gate: &repot_trend::GateState| gate.figure);
        let was = if before.is_some() { format!("was {}", figure(before)) } else { String::new() };
        let cells =
            [one_line(&now.metric).into_owned(), figure(now.figure), was, one_line(&now.target).into_owned()];
        cells.into_iter().chain([outlook(forecast.as_ref())]).collect::<Vec<_>>()
    };
    let table = columns("", &phase.gates.iter().map(row).collect::<Vec<_>>());
    for ((_, gate, _), line) in phase.gates.iter().zip(table.lines()) {
        let role = match gate.holds {
            Some(true) => Role::Good,
            Some(false) => Role::Bad,
            None => Role::Caution,
        };
        text += &format!("    {} {line}\n", style.paint(role, sign(gate)));
    }
    text
}

fn metrics(movements: &[Movement], style: Style) -> String {
    let row = |it: &Movement| {
        let before = it.before.map_or_else(String::new, |before| value(it.better, Some(before)));
        vec![it.metric.clone(), before, value(it.better, it.now), change(it)]
    };
    let mut rows = vec![["metric", "before", "now", "change"].map(str::to_owned).to_vec()];
    rows.extend(movements.iter().map(row));
    let table = columns("  ", &rows);
    let roles = std::iter::once(Role::Faint).chain(movements.iter().map(|it| match it.is_better() {
        Some(true) => Role::Good,
        Some(false) => Role::Bad,
        None => Role::Faint,
    }));
    let is_colored = |role: Role| role != Role::Faint || !movements.is_empty();
    let line = |(line, role): (&str, Role)| match role {
        Role::Good | Role::Bad if is_colored(role) => style.paint(role, line) + "\n",
        _ => format!("{line}\n"),
    };
    if movements.is_empty() { String::new() } else { table.lines().zip(roles).map(line).collect() }
}

/// A comparison of two lines.
fn claim(claim: &CheckedClaim, style: Style) -> String {
    let line = shorten(&one_line(&claim.claim.line), QUOTE);
    format!(
        "  {}  {}: stated {}; measured {}\n      {}\n",
        place(&claim.moment),
        about(claim),
        stated(claim),
        measured(claim),
        style.paint(Role::Faint, format!("“{line}”"))
    )
}

fn scorecards(progress: &Progress, style: Style) -> String {
    let cards = cards(progress);
    let off: Vec<_> = cards.iter().filter(|(_, _, before, now)| before + now > 0).collect();
    let row = |(name, domain, before, now): &&(&str, Option<&str>, usize, usize)| {
        let was = if progress.has_past() && before != now { format!("was {before}") } else { String::new() };
        vec![one_line(name).into_owned(), one_line(domain.unwrap_or("")).into_owned(), now.to_string(), was]
    };
    let rows: Vec<_> = off.iter().take(PACKAGES).copied().map(|card| row(&card)).collect();
    let left = off.len().saturating_sub(PACKAGES);
    let more = if left == 0 {
        String::new()
    } else {
        style.paint(Role::Faint, format!("  … and {left} more")) + "\n"
    };
    columns("  ", &rows) + &more
}
