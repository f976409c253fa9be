//! `repot check`: findings and gates, for CI.

use repot_audit::{Audit, Verdict};
use repot_roadmap::nearest;

use crate::ExitStatus;
use crate::args::{self, Format};
use crate::baseline;
use crate::console::Console;
use crate::error::Failure;
use crate::session::Session;
use crate::settings::Settings;

/// Measures, shows, and ends with 1 when there is a finding or a gate that
/// does not hold.
pub fn run(
    args: &args::Check,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let session = Session::open(settings)?;
    let metrics = metrics(args, &session)?;
    let phases = session.phases(args.phase.as_deref())?;
    let mut audit = repot_audit::audit(&session.workspace, session.asked(), phases, &metrics);
    if args.update_baseline {
        baseline::update(&audit, &session, console)?;
        return Ok(ExitStatus::Fine);
    }
    baseline::judge(&mut audit, &session, args.baseline_ref.as_deref())?;
    show(&audit, settings, console)?;
    let holds = audit.gates.iter().all(|gate| gate.verdict == Verdict::Holds);
    Ok(if holds && audit.findings.is_empty() { ExitStatus::Fine } else { ExitStatus::Findings })
}

/// The metrics that were named, or those of the roadmap.
fn metrics(args: &args::Check, session: &Session) -> Result<Vec<&'static str>, Failure> {
    let known = repot_audit::METRICS;
    if args.metric.is_empty() {
        return Ok(session.metrics());
    }
    let find = |name: &String| {
        known.iter().copied().find(|metric| metric == name).ok_or_else(|| {
            let hint = nearest(name, known.iter().copied()).map_or_else(
                || format!("the metrics are {}", known.join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            Failure::hinted(format!("there is no metric `{name}`"), hint)
        })
    };
    args.metric.iter().map(find).collect()
}

fn show(audit: &Audit, settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    let style = settings.style();
    match settings.format {
        Format::Full => console.result(repot_report::audit_full(audit, style)),
        Format::Concise => console.result(repot_report::audit_concise(audit, style)),
        Format::Json => console.json(&repot_report::audit_json(audit)),
        Format::Github => console.result(repot_report::audit_github(audit)),
        Format::Sarif => console.json(&repot_report::audit_sarif(audit)),
        Format::Markdown => console.result(repot_report::audit_markdown(audit)),
        Format::Html | Format::Dot | Format::Mermaid | Format::Svg => {
            return Err(super::plan::wrong_format("check", "full, concise, json, github, sarif or markdown"));
        }
    }
    Ok(())
}
