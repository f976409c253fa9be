//! `repot apply`: carries out a phase or a saved plan, each phase all or nothing.

use std::ops::Range;
use std::path::Path;

use repot_apply::{Lock, Repository};
use repot_change::{Plan, PlannedPhase};
use repot_workspace::Snapshot;

use crate::ExitStatus;
use crate::args::{self, Consent, Landing};
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::gates::Gates;
use crate::landing::{Starts, land};
use crate::saved::{applied, load};
use crate::select;
use crate::session::{self, Session};
use crate::settings::Settings;
use crate::trials::{self, Wanted};

/// Applies the saved plan or the phase that is asked for, or the first phase
/// that has anything to do.
pub fn run(
    args: &args::Apply,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let (repository, lock) = session::open_to_write(settings)?;
    let place = (&repository, &lock);
    if let Some(file) = &args.file {
        return apply_saved(file, args, place, settings, console);
    }
    let session = Session::open(settings)?;
    let Some(mut plan) = next(&session, args, settings, console)? else {
        console.message("Nothing to change.");
        return Ok(ExitStatus::Fine);
    };
    if !args.no_verify {
        trials::add(&mut plan, &session, &Wanted::default(), settings, console)?;
    }
    let mut starts = Gates::new(settings, args);
    starts.check_first(&plan, console)?;
    carry_out(
        &plan,
        place,
        (args.consent, &args.landing),
        &mut |phase, console| starts.check(phase, console),
        settings,
        console,
    )
}

/// Carries out what is left of a saved plan: exactly its bytes, in a tree that
/// is exactly the one that it was made for.
fn apply_saved(
    file: &Path,
    args: &args::Apply,
    place: (&Repository, &Lock),
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let saved = load(file, settings)?;
    let done = applied(&saved, &Snapshot::read(place.0.root())?)?;
    let is_of_roadmap = saved.basis.roadmap.is_some();
    let mut plan = saved.plan;
    let wanted = match &args.phase {
        None => done..plan.phases.len(),
        Some(name) => one_phase(&plan, name, done)?,
    };
    plan.phases = plan.phases.drain(wanted).collect();
    if plan.is_empty() && plan.is_verified() {
        let done = if done > 0 { "This plan is applied already." } else { "Nothing to change." };
        console.message(done);
        return Ok(ExitStatus::Fine);
    }
    let mut starts = Gates::new(settings, args);
    if is_of_roadmap {
        starts.check_first(&plan, console)?;
    }
    carry_out(
        &plan,
        place,
        (args.consent, &args.landing),
        &mut |phase, console| if is_of_roadmap { starts.check(phase, console) } else { Ok(None) },
        settings,
        console,
    )
}

/// The phase `name` of a plan of which `done` phases are applied.
fn one_phase(plan: &Plan, name: &str, done: usize) -> Result<Range<usize>, Failure> {
    let names: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    let Some(index) = names.iter().position(|known| *known == name) else {
        let text = format!("the plan has no phase `{name}`");
        return Err(Failure::hinted(text, format!("its phases are {}", names.join(", "))));
    };
    match plan.phases.get(done).filter(|_| done < index) {
        Some(first) => Err(Failure::hinted(
            format!("phase `{name}` builds on phase `{}`, which is not applied yet", first.name),
            "apply the phases in the order of the plan",
        )),
        None => Ok(index.max(done)..(index + 1).max(done)),
    }
}

/// The plan of the named phase, or of the first that changes anything; `None`
/// when nothing changes.
fn next(
    session: &Session,
    args: &args::Apply,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<Option<Plan>, Failure> {
    // A person is asked once it is known which phase it is.
    let silent = args::Selection { interactive: false, ..args.selection.clone() };
    for phase in session.phases(args.phase.as_deref())? {
        let mut plan = select::plan(session, &[phase], &silent, settings, console)?;
        if plan.is_empty() && plan.is_verified() {
            continue;
        }
        if args.selection.interactive {
            plan = select::plan(session, &[phase], &args.selection, settings, console)?;
        }
        let is_left = !plan.is_empty() || !plan.is_verified();
        return Ok(is_left.then_some(plan));
    }
    Ok(None)
}

/// Shows what the phases of a plan come to, asks, and applies them.
///
/// # Errors
///
/// [`Failure`] when the plan failed its verification, nobody agrees, or the
/// tree has changed since.
pub fn carry_out(
    plan: &Plan,
    place: (&Repository, &Lock),
    (consent, landing): (Consent, &Landing),
    starts: &mut Starts<'_>,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    console.result(super::plan::stat(plan, settings));
    console.result(repot_report::plan_summary(plan, settings.style()));
    if let Some(phase) = plan.phases.iter().find(|phase| !phase.is_verified()) {
        return Err(Failure::hinted(
            format!("phase `{}` failed its verification and is not applied", phase.name),
            "`repot explain FILE:LINE` shows the evidence behind a line",
        ));
    }
    if !agree(console, consent, &question(plan))? {
        console.message("Nothing was changed.");
        return Ok(ExitStatus::Fine);
    }
    land(&plan.phases, place, landing, starts, console)?;
    Ok(ExitStatus::Fine)
}

fn question(plan: &Plan) -> String {
    let phases: Vec<&PlannedPhase> = plan.phases.iter().filter(|phase| !phase.is_empty()).collect();
    let files: usize = phases.iter().map(|phase| phase.deltas().len()).sum();
    match phases[..] {
        [phase] => format!("Apply phase `{}` to {files} files?", phase.name),
        _ => format!("Apply {} phases to {files} files?", phases.len()),
    }
}
