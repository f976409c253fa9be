//! Progress against the roadmap: on a terminal, as a comment, for programs, and
//! as a page for a browser.

mod json;
mod markdown;
mod page;
mod text;

pub use json::progress_json;
pub use markdown::progress_markdown;
pub use page::progress_html;
pub use text::progress_text;

use repot_trend::{
    Better, CheckedClaim, Claimed, Forecast, GateState, Moment, Movement, Outlook, Progress, Regression,
    Scope,
};

use crate::quote::one_line;
use crate::words::{count, figure};

/// How many digits of a commit's name are shown.
const SHORT: usize = 8;

/// How many packages that came or went are named.
const NAMES: usize = 10;

/// A commit's name, shortened; `the tree` for the tree as it lies.
fn short(moment: &Moment) -> &str {
    moment.id.as_deref().map_or("the tree", |id| id.get(..SHORT).unwrap_or(id))
}

/// `a1b2c3d4 2025-07-01`.
fn place(moment: &Moment) -> String {
    match (moment.day(), &moment.id) {
        (Some(day), Some(_)) => format!("{} {day}", short(moment)),
        _ => short(moment).to_owned(),
    }
}

/// What the report is about, as a title.
fn title(progress: &Progress) -> String {
    match progress.stretch.name {
        Some(name) => format!("Progress of the last {name}"),
        None => "Progress".to_owned(),
    }
}

/// From when to when, as a sentence without a full stop.
fn span(progress: &Progress) -> String {
    let (Some(first), Some(last)) = (progress.first(), progress.last()) else { return String::new() };
    if !progress.has_past() {
        return format!("The state of {}", place(&last.moment));
    }
    let commits = count(progress.stretch.commits, "commit");
    format!("From {} to {}: {commits}", place(&first.moment), place(&last.moment))
}

/// A figure of a metric in its unit.
fn value(better: Better, value: Option<f64>) -> String {
    match (better, value) {
        (Better::Higher, Some(_)) => figure(value) + " %",
        _ => figure(value),
    }
}

/// `+12`, `−3`, and nothing where nothing moved or nobody can say.
fn change(movement: &Movement) -> String {
    let Some((before, now)) = movement.before.zip(movement.now) else { return String::new() };
    let change = now - before;
    let tenths = (change * 10.0).round() / 10.0;
    match change.total_cmp(&0.0) {
        std::cmp::Ordering::Greater => format!("+{tenths}"),
        std::cmp::Ordering::Less => format!("−{}", -tenths),
        std::cmp::Ordering::Equal => String::new(),
    }
}

/// When a target is met, in words; nothing where it is.
fn outlook(forecast: Option<&Forecast>) -> String {
    let Some(forecast) = forecast else { return String::new() };
    let date = |day: Option<_>| {
        day.map_or_else(|| "later than anybody can say".to_owned(), |day: jiff::civil::Date| day.to_string())
    };
    match forecast.outlook {
        Outlook::Met => String::new(),
        Outlook::TooFew => "too few points for a trend".to_owned(),
        Outlook::NoTrend => "no trend to be seen".to_owned(),
        Outlook::Away => "moves away from the target".to_owned(),
        Outlook::Towards { day: None, .. } => "at this pace in more than twenty years".to_owned(),
        Outlook::Towards { day, earliest, latest } => {
            format!("at this pace on {} ({} to {})", date(day), date(earliest), date(latest))
        }
    }
}

/// The sign of a gate.
fn sign(gate: &GateState) -> &'static str {
    match gate.holds {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    }
}

/// Where a metric got worse, as a sentence without a full stop.
fn regression(regression: &Regression) -> String {
    let figures = format!(
        "{} went from {} to {}",
        one_line(&regression.metric),
        value(regression.better, Some(regression.before)),
        value(regression.better, Some(regression.after))
    );
    match &regression.at {
        Some(moment) => format!("{figures} at {}: {}", place(moment), one_line(&moment.subject)),
        None => {
            format!("{figures} between {} and {}", place(&regression.between.0), place(&regression.between.1))
        }
    }
}

/// What a claim says, in figures.
fn stated(claim: &CheckedClaim) -> String {
    match claim.claim.claimed {
        Claimed::Change { before, after } => format!("{before} before, {after} after"),
        Claimed::Figure(figure) => figure.to_string(),
        Claimed::Removed(figure) => format!("{figure} fewer"),
        Claimed::Complete => "none left".to_owned(),
    }
}

/// What was measured of a claim, in figures.
fn measured(claim: &CheckedClaim) -> String {
    let figures = format!("{} before, {} after", figure(claim.before), figure(claim.after));
    match &claim.also {
        Some((metric, before, after)) => format!("{figures} ({metric}: {before} before, {after} after)"),
        None => figures,
    }
}

/// What a claim is about.
fn about(claim: &CheckedClaim) -> String {
    match &claim.claim.scope {
        Scope::Whole => claim.claim.metric.clone(),
        Scope::Package(name) => format!("{} of {}", claim.claim.metric, one_line(name)),
    }
}

/// The packages that came and went, as one line.
fn packages(progress: &Progress) -> String {
    let (come, gone) = progress.packages_changed();
    let list = |verb: &str, names: &[&str]| {
        let shown = names.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
        let more = match names.len().saturating_sub(NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let number = count(names.len(), "package");
        (!names.is_empty()).then(|| format!("{number} {verb}: {}{more}", one_line(&shown)))
    };
    [list("new", &come), list("gone", &gone)].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The packages of the report with what is off in them, those first in which
/// most findings are: the name, the domain, the findings before and now.
fn cards(progress: &Progress) -> Vec<(&str, Option<&str>, usize, usize)> {
    let findings = |point: Option<&repot_trend::Point>, name: &str| {
        point.and_then(|point| point.measured.findings.get(name)).map_or(0, |rules| rules.values().sum())
    };
    let last = progress.last();
    let packages = last.map(|point| &point.measured.packages);
    let mut cards: Vec<_> = packages
        .into_iter()
        .flatten()
        .map(|(name, line)| {
            let (before, now) = (findings(progress.first(), name), findings(last, name));
            (name.as_str(), line.domain.as_deref(), before, now)
        })
        .collect();
    cards.sort_by(|a, b| b.3.cmp(&a.3).then(a.0.cmp(b.0)));
    cards
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
