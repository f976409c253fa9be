//! `repot move`: one move of a module, package or symbol, with every reference.

use repot_change::Plan;
use repot_codemod::{Codemod, CodemodError, PlanError, Planner};
use repot_codemods::move_code::MoveCode;
use repot_roadmap::{Phase, Settings as StepSettings, Spanned, Step, Verify};
use repot_workspace::Workspace;

use super::{apply, plan};
use crate::ExitStatus;
use crate::args;
use crate::confirm::refuse_consent;
use crate::console::Console;
use crate::error::Failure;
use crate::saved::Origin;
use crate::session::{self, CODEMODS, any_workspace};
use crate::settings::Settings;

/// Plans the move as a phase of its own, shows it, asks, and carries it out.
pub fn run(args: &args::Move, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let phase = phase(args)?;
    if args.dry_run || args.check || args.preview.is_asked_for() {
        refuse_consent(args.consent)?;
        let (workspace, roadmap) = any_workspace(settings)?;
        let plan = make(&workspace, &phase)?;
        let origin = Origin { workspace: &workspace, roadmap: roadmap.as_deref(), selection: String::new() };
        plan::present(&plan, &args.preview, &origin, settings, console)?;
        return Ok(plan::status(&plan, args.check));
    }
    let (repository, lock) = session::open_to_write(settings)?;
    let plan = make(&any_workspace(settings)?.0, &phase)?;
    if plan.is_empty() && plan.is_verified() {
        let notes = plan.phases.iter().flat_map(|phase| &phase.steps).flat_map(|step| &step.notes);
        notes.for_each(|note| console.message(note.message.clone()));
        console.message("Nothing to move.");
        return Ok(ExitStatus::Fine);
    }
    if !args.consent.yes {
        plan::preview(&plan, settings, console)?;
    }
    let go = &mut |_: &_, _: &mut Console<'_>| Ok(None);
    apply::carry_out(&plan, (&repository, &lock), (args.consent, &args.landing), go, settings, console)
}

fn make(workspace: &Workspace, phase: &Phase) -> Result<Plan, Failure> {
    Planner::new(CODEMODS, &[]).plan(workspace, [phase]).map_err(refusal)
}

/// Why the move is refused, without the phase and the setting that only this
/// command made of it.
fn refusal(error: PlanError) -> Failure {
    match error {
        PlanError::Codemod { source, .. } => match *source {
            CodemodError::Setting(error) => Failure::Message { text: error.message, hint: error.hint },
            CodemodError::Tree(error) => Failure::new(error.to_string()),
        },
        error => error.into(),
    }
}

/// The move as a phase with one step.
fn phase(args: &args::Move) -> Result<Phase, Failure> {
    let (old, new) = match args.symbol {
        true => (symbol(&args.old), symbol(&args.new)),
        false => (args.old.clone(), args.new.clone()),
    };
    let (title, only, until) = (format!("{old} -> {new}"), args.only.join(","), until(args));
    let mut pairs = vec![("moves", title.as_str())];
    pairs.extend((!only.is_empty()).then_some(("only", only.as_str())));
    pairs.extend(args.shim.then_some(("shim", "true")));
    pairs.extend(args.shim.then_some(("shim-until", until.as_str())));
    let settings = StepSettings::from_pairs(&MoveCode.schema(), &pairs).map_err(Failure::settings)?;
    let step = Step { codemod: Spanned::unwritten(MoveCode.schema().name.to_owned()), settings };
    let name = Spanned::unwritten("move".to_owned());
    Ok(Phase {
        title: format!("Move {title}"),
        name,
        steps: vec![step],
        gates: Vec::new(),
        criteria: Vec::new(),
        verify: Verify::default(),
    })
}

/// `a.b.Name` as the symbol `a.b:Name`.
fn symbol(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((module, symbol)) if !name.contains(':') => format!("{module}:{symbol}"),
        _ => name.to_owned(),
    }
}

/// The day on which a shim goes: the one that was named, or in half a year.
fn until(args: &args::Move) -> String {
    let half_a_year = || jiff::Zoned::now().date().saturating_add(jiff::Span::new().months(6));
    args.shim_until.unwrap_or_else(half_a_year).to_string()
}
