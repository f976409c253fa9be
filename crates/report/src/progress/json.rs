//! Progress as JSON. The schema is documented in `docs/json.md`; a change of it
//! that a reader could notice gets a new `version`.

use repot_trend::{
    Better, CheckedClaim, Claimed, Forecast, GateState, Graph, Moment, Movement, Outlook, PhaseProgress,
    Point, Progress, Regression, Scope,
};
use serde_json::{Map, Value, json};

use crate::audit::number;

/// The version of the schema.
const VERSION: u32 = 1;

/// The whole report.
#[must_use]
pub fn progress_json(progress: &Progress) -> Value {
    let (come, gone) = progress.packages_changed();
    let before = progress.first().filter(|_| progress.has_past());
    let graph = |point: Option<&Point>| point.map(|point| graph(&point.measured.domains));
    let card = |(name, domain, movements): (&str, Option<&str>, Vec<Movement>)| {
        let figures: Vec<Value> = movements.iter().map(movement).collect();
        let findings = progress.last().and_then(|point| point.measured.findings.get(name));
        json!({ "name": name, "domain": domain, "figures": figures, "findings": findings.cloned().unwrap_or_default() })
    };
    json!({
        "version": VERSION,
        "kind": "report",
        "period": progress.stretch.name,
        "from": before.map(|point| moment(&point.moment)),
        "to": progress.last().map(|point| moment(&point.moment)),
        "commits": progress.stretch.commits,
        "phases": progress.phases().iter().map(phase).collect::<Vec<_>>(),
        "metrics": progress.movements().iter().map(movement).collect::<Vec<_>>(),
        "points": progress.points.iter().map(point).collect::<Vec<_>>(),
        "packages_added": come,
        "packages_removed": gone,
        "regressions": progress.regressions.iter().map(regression).collect::<Vec<_>>(),
        "claims": progress.claims.iter().map(claim).collect::<Vec<_>>(),
        "blockers": progress.blockers.iter().map(|it| json!({ "kind": it.kind, "phase": it.phase, "text": it.text })).collect::<Vec<_>>(),
        "packages": progress.scorecards().into_iter().map(card).collect::<Vec<_>>(),
        "domains": { "before": graph(before), "now": graph(progress.last()) },
        "notes": progress.notes,
    })
}

fn moment(moment: &Moment) -> Value {
    json!({ "commit": moment.id, "day": moment.day(), "time": moment.time, "subject": moment.subject })
}

fn better(better: Better) -> &'static str {
    match better {
        Better::Lower => "lower",
        Better::Higher => "higher",
    }
}

fn movement(of: &Movement) -> Value {
    json!({
        "metric": of.metric,
        "better": better(of.better),
        "before": of.before.map(number),
        "now": of.now.map(number),
    })
}

fn point(point: &Point) -> Value {
    let figure = |measure: &repot_trend::Measure| (measure.metric.clone(), json!(measure.value.map(number)));
    let figures: Map<String, Value> = point.measured.measures.iter().map(figure).collect();
    let mut value = moment(&point.moment);
    value["figures"] = Value::Object(figures);
    value
}

fn phase(phase: &PhaseProgress) -> Value {
    let gate = |(before, now, forecast): &(Option<GateState>, GateState, Option<Forecast>)| {
        json!({
            "metric": now.metric,
            "target": now.target,
            "before": before.as_ref().and_then(|gate| gate.figure).map(number),
            "now": now.figure.map(number),
            "verdict": verdict(now),
            "forecast": forecast.as_ref().map(self::forecast),
        })
    };
    json!({
        "name": phase.name,
        "title": phase.title,
        "held": phase.held(),
        "gates": phase.gates.iter().map(gate).collect::<Vec<_>>(),
    })
}

fn verdict(gate: &GateState) -> &'static str {
    match gate.holds {
        Some(true) => "holds",
        Some(false) => "fails",
        None => "unknown",
    }
}

fn forecast(forecast: &Forecast) -> Value {
    let (outlook, days) = match forecast.outlook {
        Outlook::Met => ("met", None),
        Outlook::TooFew => ("too-few-points", None),
        Outlook::NoTrend => ("no-trend", None),
        Outlook::Away => ("away", None),
        Outlook::Towards { day, earliest, latest } => ("towards", Some([day, earliest, latest])),
    };
    let day = |at: usize| days.and_then(|days| days[at]).map(|day| day.to_string());
    json!({
        "outlook": outlook,
        "per_day": forecast.per_day.map(|slope| json!({
            "slope": slope.slope, "low": slope.low, "high": slope.high, "points": slope.points,
        })),
        "day": day(0),
        "earliest": day(1),
        "latest": day(2),
    })
}

fn regression(of: &Regression) -> Value {
    json!({
        "metric": of.metric,
        "better": better(of.better),
        "before": number(of.before),
        "after": number(of.after),
        "at": of.at.as_ref().map(moment),
        "after_commit": moment(&of.between.0),
        "until_commit": moment(&of.between.1),
    })
}

fn claim(of: &CheckedClaim) -> Value {
    let (kind, before, after) = match of.claim.claimed {
        Claimed::Change { before, after } => ("change", Some(before), Some(after)),
        Claimed::Figure(figure) => ("figure", None, Some(figure)),
        Claimed::Removed(figure) => ("removed", None, Some(figure)),
        Claimed::Complete => ("complete", None, Some(0.0)),
    };
    json!({
        "commit": moment(&of.moment),
        "metric": of.claim.metric,
        "package": match &of.claim.scope { Scope::Whole => None, Scope::Package(name) => Some(name) },
        "line": of.claim.line,
        "stated": { "kind": kind, "before": before.map(number), "figure": after.map(number) },
        "measured": { "before": of.before.map(number), "after": of.after.map(number) },
        "also": of.also.as_ref().map(|(metric, before, after)| {
            json!({ "metric": metric, "before": number(*before), "after": number(*after) })
        }),
    })
}

/// Domains or packages, and who imports whom.
pub(crate) fn graph(graph: &Graph) -> Value {
    json!({ "nodes": graph.nodes, "edges": graph.edges })
}
