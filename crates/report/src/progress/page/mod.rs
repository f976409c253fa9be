//! Progress as one HTML file that needs nothing else.
//!
//! All of it is text and drawings that are there before any script runs; the
//! script only turns the theme. As on the review page, nothing of others is
//! ever HTML, and nothing can reach a network.

mod chart;
mod heat;
mod tables;

use repot_trend::{GateState, Movement, Progress};

use self::chart::Chart;
use super::{change, outlook, packages, regression, span, title, value};
use crate::graph::circle;
use crate::page::text::in_html;
use crate::page::{filled, policy};
use crate::words::count;

const TEMPLATE: &str = include_str!("assets/report.html");

/// How it looks.
const STYLE: &str = concat!(include_str!("../../page/assets/theme.css"), include_str!("assets/report.css"));

/// What it does: it turns the theme.
const SCRIPT: &str = include_str!("assets/report.js");

/// The report as a page for a browser.
#[must_use]
pub fn progress_html(progress: &Progress) -> String {
    filled(TEMPLATE, |name| match name {
        "title" => in_html(&title(progress)),
        "span" => in_html(&span(progress)),
        "policy" => policy(SCRIPT, STYLE),
        "style" => STYLE.to_owned(),
        "script" => SCRIPT.to_owned(),
        _ => content(progress),
    })
}

/// The sections that have anything to say.
fn content(progress: &Progress) -> String {
    let bullets = |lines: &mut dyn Iterator<Item = String>| {
        let items: String = lines.map(|line| format!("<li>{}</li>\n", in_html(&line))).collect();
        if items.is_empty() { items } else { format!("<ul class=\"lines\">\n{items}</ul>\n") }
    };
    let moved = packages(progress);
    let sections = [
        ("phases", "Phases", tables::phases(&progress.phases())),
        (
            "way",
            "In the way",
            bullets(&mut progress.blockers.iter().map(|it| format!("{}: {}", it.phase, it.text))),
        ),
        ("metrics", "Metrics", charts(progress)),
        ("regressions", "Regressions", bullets(&mut progress.regressions.iter().map(regression))),
        ("claims", "Stated and measured", tables::claims(&progress.claims)),
        (
            "packages",
            "Packages that came and went",
            bullets(&mut [moved].into_iter().filter(|line| !line.is_empty())),
        ),
        ("domains", "Domains and who imports whom", domains(progress)),
        ("heat", "Findings by package and rule", heat::map(progress)),
        ("cards", "Packages", tables::cards(progress)),
        ("notes", "Notes", bullets(&mut progress.notes.iter().cloned())),
    ];
    let section = |(id, title, body): (&str, &str, String)| match body.is_empty() {
        true => String::new(),
        false => format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{body}</section>\n"
        ),
    };
    sections.into_iter().map(section).collect()
}

/// A card for each metric: its figure, and its chart where there is a history.
fn charts(progress: &Progress) -> String {
    let phases = progress.phases();
    let card = |movement: &Movement| {
        let mut gates = phases.iter().flat_map(|phase| &phase.gates);
        // The target of the last phase is where all of them lead.
        let gate = gates.rfind(|(_, gate, _)| gate.metric == movement.metric);
        let points = points(progress, movement);
        let target = gate.and_then(|(_, gate, _)| gate.number());
        let forecast = gate.and_then(|(_, _, forecast)| forecast.as_ref());
        let label = format!(
            "{} over time, from {} to {}",
            movement.metric,
            first(&points),
            value(movement.better, movement.now)
        );
        let chart = Chart { label: &label, better: movement.better, points: &points, target, forecast };
        let class = match movement.is_better() {
            Some(true) => " good",
            Some(false) => " bad",
            None => "",
        };
        let gate = gate.map_or_else(String::new, |(_, gate, _)| goal(gate, &outlook(forecast)));
        format!(
            "<figure class=\"box\">\n<figcaption><h3>{}</h3><b>{}</b> <span class=\"change{class}\">{}</span>{gate}</figcaption>\n{}</figure>\n",
            in_html(&movement.metric),
            value(movement.better, movement.now),
            change(movement),
            chart.svg()
        )
    };
    let cards: String = progress.movements().iter().map(card).collect();
    if cards.is_empty() { cards } else { format!("<div class=\"charts\">\n{cards}</div>\n") }
}

fn goal(gate: &GateState, outlook: &str) -> String {
    let outlook = if outlook.is_empty() { String::new() } else { format!("; {outlook}") };
    format!("<p class=\"faint\">wanted: {}{}</p>", in_html(&gate.target), in_html(&outlook))
}

fn first(points: &[(i64, f64, String)]) -> String {
    points.first().map_or_else(|| "unknown".to_owned(), |(_, value, _)| value.to_string())
}

fn points(progress: &Progress, movement: &Movement) -> Vec<(i64, f64, String)> {
    let points = progress.points.iter().filter_map(|point| {
        let figure = point.measured.value(&movement.metric)?;
        let text = format!(
            "{}: {}\n{}",
            super::place(&point.moment),
            value(movement.better, Some(figure)),
            point.moment.subject
        );
        Some((point.moment.time?, figure, text))
    });
    points.collect()
}

/// The graph of the domains before and now, everything at the same place.
fn domains(progress: &Progress) -> String {
    let Some(last) = progress.last().filter(|last| last.measured.domains.nodes.len() > 1) else {
        return String::new();
    };
    let first = progress.first().filter(|_| progress.has_past());
    let nodes = first.unwrap_or(last).measured.domains.nodes_with(&last.measured.domains);
    let drawn = |what: &str, point: &repot_trend::Point| {
        let graph = &point.measured.domains;
        let forbidden = count(graph.forbidden(), "forbidden name");
        let label = format!("Domains {what}: {forbidden}");
        format!(
            "<figure class=\"box\">\n<figcaption><h3>{what}: {}</h3><b>{forbidden}</b></figcaption>\n{}</figure>\n",
            in_html(&super::place(&point.moment)),
            circle(graph, &nodes, &label)
        )
    };
    let before = first.map_or_else(String::new, |point| drawn("Before", point));
    format!(
        "<div class=\"graphs\">\n{before}{}</div>\n<p class=\"faint\">An arrow points to what is imported and is as wide as it has names; red are those that the rules forbid.</p>\n",
        drawn("Now", last)
    )
}
