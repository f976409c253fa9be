//! `repot apply`: carries out one phase, all of it or nothing.

use repot_apply::{Lock, Repository};
use repot_change::{Plan, PlannedPhase};

use crate::ExitStatus;
use crate::args::{self, Consent};
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::session::{self, Session};
use crate::settings::Settings;

/// Applies the phase that is asked for, or the first that has anything to do.
pub fn run(
    args: &args::Apply,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let (repository, lock) = open(settings)?;
    let session = Session::open(settings)?;
    let Some(plan) = next(&session, args.phase.as_deref())? else {
        console.message("Nothing to change.");
        return Ok(ExitStatus::Fine);
    };
    carry_out(&plan, (&repository, &lock), args.consent, settings, console)
}

/// Opens the place that is written, and keeps every other run out of it.
///
/// # Errors
///
/// [`Failure`] when somebody else is at work, or a run was cut off here.
pub fn open(settings: &Settings) -> Result<(Repository, Lock), Failure> {
    let repository = Repository::open(&session::root(settings))?;
    let lock = repository.lock()?;
    if let Some(operation) = repository.unfinished()? {
        let text = format!(
            "operation {} ({}) was cut off and left the tree unfinished",
            operation.id, operation.title
        );
        return Err(Failure::hinted(text, "`repot recover` brings the tree back"));
    }
    Ok((repository, lock))
}

/// The plan of the named phase, or of the first that changes anything; `None`
/// when nothing changes.
fn next(session: &Session, name: Option<&str>) -> Result<Option<Plan>, Failure> {
    for phase in session.phases(name)? {
        let plan = session.plan(&[phase])?;
        if !plan.is_empty() || !plan.is_verified() {
            return Ok(Some(plan));
        }
    }
    Ok(None)
}

/// Shows the plan of one phase, asks, and applies it.
///
/// # Errors
///
/// [`Failure`] when the plan failed its verification, nobody agrees, or the
/// tree has changed since.
pub fn carry_out(
    plan: &Plan,
    (repository, lock): (&Repository, &Lock),
    consent: Consent,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    console.result(super::plan::stat(plan, settings));
    console.result(repot_report::plan_summary(plan, settings.style()));
    let Some(phase) = plan.phases.first() else { return Ok(ExitStatus::Fine) };
    if !plan.is_verified() {
        return Err(Failure::hinted(
            format!("phase `{}` failed its verification and is not applied", phase.name),
            "`repot explain FILE:LINE` shows the evidence behind a line",
        ));
    }
    let count = phase.deltas().len();
    if !agree(console, consent, &format!("Apply phase `{}` to {count} files?", phase.name))? {
        console.message("Nothing was changed.");
        return Ok(ExitStatus::Fine);
    }
    apply(phase, (repository, lock), console)
}

fn apply(
    phase: &PlannedPhase,
    (repository, lock): (&Repository, &Lock),
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let operation = repository.apply(lock, &phase.title, &phase.writes())?;
    console.message(format!(
        "Applied phase `{}`: {} files, as operation {}. `repot undo` takes it back.",
        phase.name,
        phase.deltas().len(),
        operation.id
    ));
    Ok(ExitStatus::Fine)
}
