//! `repot check`: findings and gates, for CI.

use repot_audit::Audit;

use crate::ExitStatus;
use crate::args::{self, Format};
use crate::baseline;
use crate::console::Console;
use crate::error::Failure;
use crate::measured::{self, Wanted};
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
    let phases = session.phases(args.phase.as_deref())?;
    let wanted = Wanted::new(&session, &args.metric, &phases, args.no_commands)?;
    let mut audit = measured::audit(&session, &phases, &wanted, console)?;
    if args.update_baseline {
        baseline::update(&audit, &session, console)?;
        return Ok(ExitStatus::Fine);
    }
    baseline::judge(&mut audit, &session, args.baseline_ref.as_deref())?;
    show(&audit, settings, console)?;
    Ok(if audit.holds() && audit.findings.is_empty() { ExitStatus::Fine } else { ExitStatus::Findings })
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
