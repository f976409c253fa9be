//! Measuring: what the roadmap has others say of the tree, read and run for the
//! metrics that are asked for.
//!
//! The only place that runs the commands of `[metrics]`.

use std::time::Duration;

use repot_audit::{Answer, Audit, CoverageAsked, METRICS, TEST_COVERAGE, is_on_request, metric_of, usual};
use repot_roadmap::{CommandMetric, Phase, Reading, nearest};
use repot_trial::{Interrupt, Question};
use repot_workspace::{NamedFile, read_named};
use serde_json::Value;

use crate::console::Console;
use crate::error::Failure;
use crate::session::Session;

/// How long a command may take that has no `timeout`.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is measured, and whether commands may run for it.
#[derive(Debug, Clone)]
pub struct Wanted {
    metrics: Vec<String>,
    /// Those that somebody named, whose findings are therefore wanted.
    named: Vec<String>,
    no_commands: bool,
}

impl Wanted {
    /// The metrics `named`; when there are none, all but those that are only
    /// measured on request, and of these the ones that the gates of `phases`
    /// compare.
    ///
    /// # Errors
    ///
    /// [`Failure`] when there is no such metric.
    pub fn new(
        session: &Session,
        named: &[String],
        phases: &[&Phase],
        no_commands: bool,
    ) -> Result<Self, Failure> {
        let own = session.roadmap.metrics.iter().map(|metric| metric.name.value.as_str());
        let known: Vec<&str> = METRICS.iter().copied().chain(own).collect();
        if let Some(unknown) = named.iter().find(|name| !known.contains(&name.as_str())) {
            let hint = nearest(unknown, known.iter().copied()).map_or_else(
                || format!("the metrics are {}", known.join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            return Err(Failure::hinted(format!("there is no metric `{unknown}`"), hint));
        }
        let compared = Self::compared(phases, no_commands).metrics;
        let usual = usual(&session.roadmap.boundaries, phases.iter().copied());
        let is_wanted = |name: &&str| match named {
            [] => usual.contains(name) || compared.iter().any(|gate| gate == name),
            named => named.iter().any(|wanted| wanted == name),
        };
        let metrics = known.into_iter().filter(is_wanted).map(str::to_owned).collect();
        Ok(Self { metrics, named: named.to_vec(), no_commands })
    }

    /// What the gates of `phases` compare, and nothing else.
    pub fn compared(phases: &[&Phase], no_commands: bool) -> Self {
        let gates = phases.iter().flat_map(|phase| &phase.gates);
        let mut metrics: Vec<String> = gates.map(|gate| gate.metric.value.clone()).collect();
        metrics.sort();
        metrics.dedup();
        Self { metrics, named: Vec::new(), no_commands }
    }
}

/// Measures what is wanted, and judges the gates of `phases`.
///
/// # Errors
///
/// [`Failure`] when signals cannot be taken while commands run.
pub fn audit(
    session: &Session,
    phases: &[&Phase],
    wanted: &Wanted,
    console: &mut Console<'_>,
) -> Result<Audit, Failure> {
    let is_wanted = |name: &str| wanted.metrics.iter().any(|metric| metric == name);
    let files = if is_wanted(TEST_COVERAGE) { reports(session) } else { Vec::new() };
    let coverage = session.roadmap.coverage.as_ref();
    let coverage = coverage.map(|settings| CoverageAsked { settings, files: &files });
    let commands: Vec<&CommandMetric> =
        session.roadmap.metrics.iter().filter(|metric| is_wanted(&metric.name.value)).collect();
    let answers = answers(session, &commands, wanted.no_commands, console)?;
    let asked = repot_audit::Asked { coverage, answers: &answers, ..session.asked() };
    let metrics: Vec<&str> = wanted.metrics.iter().map(String::as_str).collect();
    let mut audit = repot_audit::audit(&session.workspace, asked, phases.iter().copied(), &metrics);
    // What is measured for a gate alone is judged by the gate, not by each finding.
    let rules = session.roadmap.boundaries.rules.iter().map(|rule| &rule.value);
    let asked_for: Vec<&String> = rules.chain(&wanted.named).collect();
    let is_listed = |metric: &str| {
        !METRICS.contains(&metric) || !is_on_request(metric) || asked_for.iter().any(|name| *name == metric)
    };
    audit.findings.retain(|finding| is_listed(metric_of(finding.rule)));
    Ok(audit)
}

fn reports(session: &Session) -> Vec<NamedFile> {
    let patterns = session.roadmap.coverage.iter().flat_map(|coverage| &coverage.files);
    patterns.flat_map(|pattern| read_named(&session.root, &pattern.value)).collect()
}

fn answers(
    session: &Session,
    commands: &[&CommandMetric],
    no_commands: bool,
    console: &mut Console<'_>,
) -> Result<Vec<Answer>, Failure> {
    let answer = |metric: &CommandMetric, figure| Answer {
        name: metric.name.value.clone(),
        is_percent: metric.is_percent,
        figure,
    };
    if no_commands || commands.is_empty() {
        let reason = || Err("`--no-commands` runs none".to_owned());
        return Ok(commands.iter().map(|metric| answer(metric, reason())).collect());
    }
    let interrupt = Interrupt::of_process()
        .map_err(|error| Failure::new(format!("signals cannot be taken while commands run: {error}")))?;
    let mut answers = Vec::new();
    for metric in commands {
        console.message(format!("Running `{}` for `{}`.", metric.command.value, metric.name.value));
        let question = Question {
            command: &metric.command.value,
            limit: metric.timeout.unwrap_or(PATIENCE),
            with_complaints: matches!(metric.reading, Reading::Pattern(_)),
            statuses: &metric.statuses,
        };
        let printed = repot_trial::answer(&question, &session.root, &interrupt);
        answers.push(answer(metric, printed.and_then(|printed| figure(&printed, &metric.reading))));
    }
    Ok(answers)
}

/// The figure in what a command printed.
fn figure(printed: &str, reading: &Reading) -> Result<f64, String> {
    let number = match reading {
        Reading::Pointer(pointer) => {
            let value: Value =
                serde_json::from_str(printed).map_err(|error| format!("its output is no JSON: {error}"))?;
            let found =
                value.pointer(pointer).ok_or_else(|| format!("its output has nothing at `{pointer}`"))?;
            match found {
                Value::Number(number) => number.as_f64(),
                Value::String(text) => text.trim().trim_end_matches('%').parse().ok(),
                _ => None,
            }
            .ok_or_else(|| format!("`{pointer}` of its output is no number"))?
        }
        Reading::Pattern(pattern) => {
            let last = pattern.captures_iter(printed).last();
            let last = last.ok_or_else(|| format!("nothing in its output matches `{pattern}`"))?;
            let text = last.get(1).or_else(|| last.get(0)).map_or("", |found| found.as_str());
            text.replace(',', "")
                .trim()
                .parse()
                .map_err(|_| format!("`{text}` in its output is no number"))?
        }
    };
    if f64::is_finite(number) { Ok(number) } else { Err("its figure is no finite number".to_owned()) }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn a_figure_is_found_or_there_is_a_reason() {
        let pattern = |text: &str| Reading::Pattern(Regex::new(text).unwrap());
        let pointer = || Reading::Pointer("/totals/0".to_owned());
        assert_eq!(figure("a 1 errors\nFound 1,203 errors", &pattern(r"([\d,]+) errors")), Ok(1203.0));
        assert_eq!(figure("85.5%", &pattern(r"[\d.]+")), Ok(85.5));
        assert_eq!(figure("{\"totals\": [\"12.5 %\"]}", &pointer()).ok(), None);
        assert_eq!(figure("{\"totals\": [\"12.5%\"]}", &pointer()), Ok(12.5));
        assert_eq!(figure("{\"totals\": [7]}", &pointer()), Ok(7.0));
        for (printed, reading, reason) in [
            ("", pattern("x"), "nothing in its output matches `x`"),
            ("x", pattern("x"), "`x` in its output is no number"),
            ("x", pointer(), "its output is no JSON"),
            ("{}", pointer(), "its output has nothing at `/totals/0`"),
            ("{\"totals\": [[]]}", pointer(), "`/totals/0` of its output is no number"),
            ("inf", pattern("inf"), "its figure is no finite number"),
        ] {
            let told = figure(printed, &reading).unwrap_err();
            assert!(told.starts_with(reason), "{told}");
        }
    }
}
