//! `repot check`: findings and gates, for CI.

use repot_audit::Audit;
use repot_report::Style;

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

/// Writes the audit to every file that was asked for, and prints it.
fn show(audit: &Audit, settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    let printed = rendered(audit, settings.format, settings.style())?;
    for (format, file) in &settings.files {
        let text = rendered(audit, *format, Style::PLAIN)?;
        repot_apply::write_output(file, text.as_bytes())?;
    }
    console.result(printed);
    Ok(())
}

fn rendered(audit: &Audit, format: Format, style: Style) -> Result<String, Failure> {
    let json = |value: &serde_json::Value| format!("{value:#}\n");
    Ok(match format {
        Format::Full => repot_report::audit_full(audit, style),
        Format::Concise => repot_report::audit_concise(audit, style),
        Format::Json => json(&repot_report::audit_json(audit)),
        Format::Github => repot_report::audit_github(audit),
        Format::Gitlab => json(&repot_report::audit_gitlab(audit)),
        Format::Sarif => json(&repot_report::audit_sarif(audit)),
        Format::Junit => repot_report::audit_junit(audit),
        Format::Markdown => repot_report::audit_markdown(audit),
        Format::Html | Format::Dot | Format::Mermaid | Format::Svg => {
            let known = "full, concise, json, github, gitlab, sarif, junit or markdown";
            return Err(super::plan::wrong_format("check", known));
        }
    })
}
