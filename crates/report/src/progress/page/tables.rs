//! The tables of the page.

use repot_trend::{CheckedClaim, Forecast, GateState, Movement, PhaseProgress, Progress};

use crate::page::text::in_html;
use crate::progress::{about, measured, outlook, place, sign, stated, value};
use crate::words::figure;

/// A table with a head; a cell of the head that begins with `#` is one of
/// numbers.
fn table(class: &str, head: &[&str], rows: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let cell = |title: &&str| match title.strip_prefix('#') {
        Some(title) => format!("<th scope=\"col\" class=\"figure\">{}</th>", in_html(title)),
        None => format!("<th scope=\"col\">{}</th>", in_html(title)),
    };
    let head: String = head.iter().map(cell).collect();
    format!(
        "<div class=\"wide\"><table class=\"{class}\">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// Every phase with its gates.
pub(super) fn phases(phases: &[PhaseProgress]) -> String {
    phases.iter().map(phase).collect()
}

fn phase(phase: &PhaseProgress) -> String {
    let row = |(before, now, forecast): &(Option<GateState>, GateState, Option<Forecast>)| {
        let before = before.as_ref().map_or_else(String::new, |gate| figure(gate.figure));
        let class = match now.holds {
            Some(true) => "good",
            Some(false) => "bad",
            None => "caution",
        };
        format!(
            "<tr><td class=\"sign {class}\">{}</td><th scope=\"row\">{}</th><td class=\"figure\">{before}</td><td class=\"figure\">{}</td><td>{}</td><td>{}</td></tr>\n",
            sign(now),
            in_html(&now.metric),
            figure(now.figure),
            in_html(&now.target),
            in_html(&outlook(forecast.as_ref()))
        )
    };
    let rows: String = phase.gates.iter().map(row).collect();
    let all = phase.gates.len();
    format!(
        "<h3>{} <code>{}</code> <span class=\"tag\">{} of {all} gates hold</span></h3>\n{}",
        in_html(&phase.title),
        in_html(&phase.name),
        phase.held(),
        table("gates", &["", "Metric", "#Before", "#Now", "Wanted", "Forecast"], &rows)
    )
}

/// What was said beside what was measured.
pub(super) fn claims(claims: &[CheckedClaim]) -> String {
    let row = |claim: &CheckedClaim| {
        format!(
            "<tr><td class=\"commit\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            in_html(&place(&claim.moment)),
            in_html(&claim.claim.line),
            in_html(&about(claim)),
            in_html(&stated(claim)),
            in_html(&measured(claim))
        )
    };
    table(
        "claims",
        &["Commit", "Line of the message", "About", "Stated", "Measured"],
        &claims.iter().map(row).collect::<String>(),
    )
}

/// The card of every package: each metric that says something of it.
pub(super) fn cards(progress: &Progress) -> String {
    let cards = progress.scorecards();
    let is_told = |metric: &str| {
        cards.iter().any(|(_, _, movements)| movements.iter().any(|it| it.metric == metric && is_off(it)))
    };
    let metrics: Vec<String> =
        progress.movements().into_iter().map(|it| it.metric).filter(|metric| is_told(metric)).collect();
    if metrics.is_empty() {
        return String::new();
    }
    let row = |(name, domain, movements): &(&str, Option<&str>, Vec<Movement>)| {
        let cell = |metric: &String| {
            let movement = movements.iter().find(|it| it.metric == *metric);
            movement.map_or_else(|| "<td></td>".to_owned(), figures)
        };
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td>{}</tr>\n",
            in_html(name),
            in_html(domain.unwrap_or("")),
            metrics.iter().map(cell).collect::<String>()
        )
    };
    let rows: String = cards.iter().map(row).collect();
    let numeric: Vec<String> = metrics.iter().map(|metric| format!("#{metric}")).collect();
    let head: Vec<&str> =
        ["Package", "Domain"].into_iter().chain(numeric.iter().map(String::as_str)).collect();
    table("cards", &head, &rows)
}

fn is_off(movement: &Movement) -> bool {
    let best = if movement.better == repot_trend::Better::Higher { 100.0 } else { 0.0 };
    movement.now != Some(best) || movement.before.is_some_and(|before| before != best)
}

fn figures(movement: &Movement) -> String {
    let class = match movement.is_better() {
        Some(true) => " good",
        Some(false) => " bad",
        None if !is_off(movement) => " faint",
        None => "",
    };
    let was = match movement.is_better() {
        Some(_) => format!(" title=\"was {}\"", in_html(&value(movement.better, movement.before))),
        None => String::new(),
    };
    format!("<td class=\"figure{class}\"{was}>{}</td>", value(movement.better, movement.now))
}
