//! Progress as a comment on a pull request.

use repot_trend::{CheckedClaim, Forecast, GateState, Movement, PhaseProgress, Progress};

use super::{
    about, cards, change, measured, outlook, packages, place, regression, sign, span, stated, title, value,
};
use crate::markdown::{FITS, HEADINGS, cell, code, fit, folded, prose};
use crate::words::{count, figure};

/// What each list may take; together they leave room for the headings.
const GATES: usize = 14_000;
const METRICS: usize = 6_000;
const REGRESSIONS: usize = 8_000;
const CLAIMS: usize = 12_000;
const BLOCKERS: usize = 4_000;
const CARDS: usize = 8_000;
const NOTES: usize = 4_000;
const _: () = assert!(GATES + METRICS + REGRESSIONS + CLAIMS + BLOCKERS + CARDS + NOTES + HEADINGS <= FITS);

/// The report for a comment of fewer than 60,000 characters.
#[must_use]
pub fn progress_markdown(progress: &Progress) -> String {
    let list = |lines: Vec<String>, budget: usize| fit(&lines, budget, more);
    let bullets =
        |lines: &mut dyn Iterator<Item = String>| lines.map(|line| format!("- {}\n", prose(&line))).collect();
    let moved = packages(progress);
    let moved = if moved.is_empty() { String::new() } else { format!("{}.\n", cell(&moved)) };
    let parts = [
        format!("## {}\n\n{}.\n", title(progress), cell(&span(progress))),
        gates(&progress.phases()),
        metrics(&progress.movements()),
        moved,
        section("Regressions", &list(bullets(&mut progress.regressions.iter().map(regression)), REGRESSIONS)),
        section(
            "In the way",
            &list(
                bullets(&mut progress.blockers.iter().map(|it| format!("{}: {}", it.phase, it.text))),
                BLOCKERS,
            ),
        ),
        claims(&progress.claims),
        packages_folded(progress),
        section("Notes", &list(bullets(&mut progress.notes.iter().cloned()), NOTES)),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn more(rest: usize) -> String {
    format!("\n… and {rest} more\n")
}

fn section(title: &str, body: &str) -> String {
    if body.is_empty() { String::new() } else { format!("### {title}\n\n{body}") }
}

fn gates(phases: &[PhaseProgress]) -> String {
    let row = |phase: &PhaseProgress,
               (before, now, forecast): &(Option<GateState>, GateState, Option<Forecast>)| {
        let before = before.as_ref().map_or_else(String::new, |gate| figure(gate.figure));
        format!(
            "| {} | {} | {} | {before} | {} | {} | {} |\n",
            sign(now),
            cell(&phase.name),
            code(&now.metric),
            figure(now.figure),
            cell(&now.target),
            cell(&outlook(forecast.as_ref()))
        )
    };
    let rows: Vec<String> =
        phases.iter().flat_map(|phase| phase.gates.iter().map(move |gate| row(phase, gate))).collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = "| | Phase | Metric | Before | Now | Target | Forecast |\n| --- | --- | --- | ---: | ---: | --- | --- |\n";
    head.to_owned() + &fit(&rows, GATES, more)
}

fn metrics(movements: &[Movement]) -> String {
    let row = |it: &Movement| {
        let sign = match it.is_better() {
            Some(true) => "better",
            Some(false) => "**worse**",
            None => "",
        };
        let before = it.before.map_or_else(String::new, |before| value(it.better, Some(before)));
        format!(
            "| {} | {before} | {} | {} | {sign} |\n",
            code(&it.metric),
            value(it.better, it.now),
            change(it)
        )
    };
    if movements.is_empty() {
        return String::new();
    }
    let head = "| Metric | Before | Now | Change | |\n| --- | ---: | ---: | ---: | --- |\n";
    head.to_owned() + &fit(&movements.iter().map(row).collect::<Vec<_>>(), METRICS, more)
}

fn claims(claims: &[CheckedClaim]) -> String {
    let row = |it: &CheckedClaim| {
        format!(
            "| {} | {} | {} | {} | {} |\n",
            cell(&place(&it.moment)),
            cell(&it.claim.line),
            cell(&about(it)),
            stated(it),
            measured(it)
        )
    };
    if claims.is_empty() {
        return String::new();
    }
    let head = "| Commit | Line | About | Stated | Measured |\n| --- | --- | --- | --- | --- |\n";
    let table = head.to_owned() + &fit(&claims.iter().map(row).collect::<Vec<_>>(), CLAIMS, more);
    folded(&format!("Stated and measured: {}", count(claims.len(), "claim")), &table)
}

fn packages_folded(progress: &Progress) -> String {
    let cards = cards(progress);
    let row = |(name, domain, before, now): &(&str, Option<&str>, usize, usize)| {
        let before = if progress.has_past() { before.to_string() } else { String::new() };
        format!("| {} | {} | {before} | {now} |\n", cell(name), cell(domain.unwrap_or("")))
    };
    let rows: Vec<String> = cards.iter().filter(|card| card.2 + card.3 > 0).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = "| Package | Domain | Before | Now |\n| --- | --- | ---: | ---: |\n";
    folded("Findings by package", &(head.to_owned() + &fit(&rows, CARDS, more)))
}
