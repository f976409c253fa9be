//! `repot plan`: the preview. Nothing is written.

use repot_change::Plan;

use crate::ExitStatus;
use crate::args::{self, Format};
use crate::console::Console;
use crate::error::Failure;
use crate::session::Session;
use crate::settings::Settings;

/// Plans the phases that are asked for and shows what they would change.
pub fn run(args: &args::Plan, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let outcome = Session::open(settings).and_then(|session| {
        let phases = session.phases(args.phase.as_deref())?;
        session.plan(&phases)
    });
    let plan = match outcome {
        Err(failure) if args.detailed_exitcode => {
            console.failure(&failure);
            return Ok(ExitStatus::Detailed(1));
        }
        outcome => outcome?,
    };
    show(&plan, args, settings, console)?;
    Ok(status(&plan, args))
}

fn show(
    plan: &Plan,
    args: &args::Plan,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let style = settings.style();
    match settings.format {
        Format::Full if args.decisions => console.result(repot_report::decisions(plan, style, None)),
        Format::Full if args.stat => {
            console.result(stat(plan, settings));
            console.result(repot_report::plan_summary(plan, style));
        }
        _ => preview(plan, settings, console)?,
    }
    Ok(())
}

/// Shows all of a plan, in the format that is asked for.
///
/// # Errors
///
/// [`Failure`] when a plan has no such format.
pub fn preview(plan: &Plan, settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    match settings.format {
        Format::Json => console.json(&repot_report::plan_json(plan)),
        Format::Markdown => console.result(repot_report::plan_markdown(plan)),
        Format::Concise => console.result(repot_report::plan_concise(plan, settings.style())),
        Format::Full => console.result(repot_report::plan_full(plan, settings.style())),
        Format::Github | Format::Sarif => {
            return Err(wrong_format("plan", "full, concise, json or markdown"));
        }
    }
    Ok(())
}

/// A failure that names the formats that a command has.
pub fn wrong_format(command: &str, formats: &str) -> Failure {
    Failure::hinted(format!("`{command}` has no such output format"), format!("it has {formats}"))
}

/// The diffstat of every phase.
pub fn stat(plan: &Plan, settings: &Settings) -> String {
    repot_report::plan_stat(plan, settings.style(), 80)
}

fn status(plan: &Plan, args: &args::Plan) -> ExitStatus {
    let changes = !plan.is_empty();
    match (args.detailed_exitcode, plan.is_verified()) {
        (true, false) => ExitStatus::Detailed(1),
        (true, true) => ExitStatus::Detailed(if changes { 2 } else { 0 }),
        (false, false) => ExitStatus::Refused,
        (false, true) if args.check && changes => ExitStatus::Findings,
        (false, true) => ExitStatus::Fine,
    }
}
