//! `repot plan`: the preview. Nothing is written but the files asked for.

use std::path::Path;

use repot_change::Plan;
use repot_report::Style;

use crate::ExitStatus;
use crate::args::{self, Format, Preview, View};
use crate::console::Console;
use crate::error::Failure;
use crate::saved::{Origin, save};
use crate::select;
use crate::session::Session;
use crate::settings::Settings;
use crate::trials::{self, Wanted};

/// Plans the phases that are asked for and shows what they would change.
pub fn run(args: &args::Plan, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    match make(args, settings, console) {
        Err(failure) if args.detailed_exitcode => {
            console.failure(&failure);
            Ok(ExitStatus::Detailed(1))
        }
        Ok(plan) if args.detailed_exitcode => Ok(detailed(&plan)),
        outcome => outcome.map(|plan| status(&plan, args.check)),
    }
}

/// Makes the plan and presents it.
fn make(args: &args::Plan, settings: &Settings, console: &mut Console<'_>) -> Result<Plan, Failure> {
    let session = Session::open(settings)?;
    let phases = session.phases(args.phase.as_deref())?;
    let mut plan = select::plan(&session, &phases, &args.selection, settings, console)?;
    if let Some(wanted) = Wanted::by(args, &phases)? {
        trials::add(&mut plan, &session, &wanted, settings, console)?;
    }
    let origin = Origin {
        workspace: &session.workspace,
        roadmap: Some(&session.roadmap.file.name),
        selection: select::describe(&args.selection),
    };
    present(&plan, &args.preview, &origin, settings, console)?;
    Ok(plan)
}

/// Saves and shows a plan as it is asked for.
///
/// # Errors
///
/// [`Failure`] when a file cannot be written, or a plan has no such format.
pub fn present(
    plan: &Plan,
    preview: &Preview,
    origin: &Origin<'_>,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if let Some(file) = &preview.output {
        save(plan, origin, file, settings)?;
    }
    show(plan, &preview.view, settings, console)?;
    if let Some(file) = &preview.output {
        console.message(saved_as(plan, file));
    }
    Ok(())
}

/// What can be done with the plan that was saved to `file`.
fn saved_as(plan: &Plan, file: &Path) -> String {
    let file = file.display();
    match (plan.is_verified(), plan.is_empty()) {
        (false, _) => format!("Saved the plan to {file}. It failed its verification and cannot be applied."),
        (true, true) => format!("Saved the plan to {file}. It changes nothing."),
        (true, false) => format!("Saved the plan to {file}. `repot apply {file}` carries it out."),
    }
}

/// Writes the review page to `file`. What the plan comes to is a message then,
/// so that the page itself may go where results go; a format for programs is
/// still a result.
fn page(plan: &Plan, file: &Path, settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    let page = repot_report::plan_html(plan);
    if file.as_os_str() == "-" {
        console.result(page);
        return Ok(());
    }
    repot_apply::write_output(&settings.current_dir.join(file), page.as_bytes())?;
    if settings.format == Format::Full {
        console.message(repot_report::plan_summary(plan, Style { color: settings.err_color }).trim_end());
    } else {
        preview(plan, settings, console)?;
    }
    console.message(format!("The review page is in {}; open it in a browser.", file.display()));
    Ok(())
}

/// Shows what `view` asks for of a plan.
///
/// # Errors
///
/// [`Failure`] when a plan has no such format, or its page cannot be written.
pub fn show(plan: &Plan, view: &View, settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    let style = settings.style();
    if let Some(file) = &view.html {
        return page(plan, file, settings, console);
    }
    match settings.format {
        _ if view.patch => console.result(repot_report::plan_patch(plan)),
        Format::Full if view.decisions => console.result(repot_report::decisions(plan, style, None)),
        Format::Full if view.stat => {
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
        _ => {
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

/// How a command ends that shows a plan; with `check`, changes are findings.
pub fn status(plan: &Plan, check: bool) -> ExitStatus {
    match (plan.is_verified(), plan.is_empty()) {
        (false, _) => ExitStatus::Refused,
        (true, false) if check => ExitStatus::Findings,
        (true, _) => ExitStatus::Fine,
    }
}

/// The exit status of Terraform.
fn detailed(plan: &Plan) -> ExitStatus {
    ExitStatus::Detailed(match (plan.is_verified(), plan.is_empty()) {
        (false, _) => 1,
        (true, false) => 2,
        (true, true) => 0,
    })
}
