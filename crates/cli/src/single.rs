//! One step that a command asks for by itself, planned as a phase of its own:
//! with a roadmap or without, shown, asked about, and carried out.
//!
//! Which codemod it is and what its settings are, the command says.

use repot_change::Plan;
use repot_codemod::{Codemod, CodemodError, PlanError, Planner};
use repot_roadmap::{Phase, Settings as StepSettings, Spanned, Step, Verify};
use repot_workspace::Workspace;

use crate::ExitStatus;
use crate::args::{Consent, Landing, Preview};
use crate::commands::{apply, plan};
use crate::confirm::refuse_consent;
use crate::console::Console;
use crate::error::Failure;
use crate::saved::Origin;
use crate::session::{self, CODEMODS, any_workspace};
use crate::settings::Settings;

/// One step, and how far it is to go.
pub struct Single {
    /// The phase with the step.
    pub phase: Phase,
    /// Whether it is only shown.
    pub only_shows: bool,
    /// Whether it is only shown, and the exit status says whether there is
    /// anything.
    pub checks: bool,
    /// What is said when there is nothing to do.
    pub nothing: &'static str,
}

impl Single {
    /// Plans the step, shows it, asks, and carries it out.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it is refused, or cannot be carried out.
    pub fn run(
        &self,
        (preview, landing, consent): (&Preview, &Landing, Consent),
        settings: &Settings,
        console: &mut Console<'_>,
    ) -> Result<ExitStatus, Failure> {
        if self.only_shows || self.checks || preview.is_asked_for() {
            refuse_consent(consent)?;
            let (workspace, roadmap) = any_workspace(settings)?;
            let plan = self.make(&workspace)?;
            let origin =
                Origin { workspace: &workspace, roadmap: roadmap.as_deref(), selection: String::new() };
            plan::present(&plan, preview, &origin, settings, console)?;
            return Ok(plan::status(&plan, self.checks));
        }
        let (repository, lock) = session::open_to_write(settings)?;
        let plan = self.make(&any_workspace(settings)?.0)?;
        if plan.is_empty() && plan.is_verified() {
            let notes = plan.phases.iter().flat_map(|phase| &phase.steps).flat_map(|step| &step.notes);
            notes.for_each(|note| console.message(note.message.clone()));
            console.message(self.nothing);
            return Ok(ExitStatus::Fine);
        }
        if !consent.yes {
            plan::preview(&plan, settings, console)?;
        }
        // A step that belongs to no phase of the roadmap waits for none.
        let starts = &mut |_: &_, _: &mut Console<'_>| Ok(None);
        apply::carry_out(&plan, (&repository, &lock), (consent, landing), starts, settings, console)
    }

    fn make(&self, workspace: &Workspace) -> Result<Plan, Failure> {
        let decided = session::decided(workspace.snapshot())?;
        Planner::new(CODEMODS, &decided).plan(workspace, [&self.phase]).map_err(refusal)
    }
}

/// Why the step is refused, without the phase and the setting that only the
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

/// A phase whose one step is `codemod` with the settings `pairs`.
///
/// # Errors
///
/// [`Failure`] when a setting will not do.
pub fn phase(
    codemod: &dyn Codemod,
    name: &str,
    title: String,
    pairs: &[(&str, &str)],
) -> Result<Phase, Failure> {
    let schema = codemod.schema();
    let settings = StepSettings::from_pairs(&schema, pairs).map_err(Failure::settings)?;
    let step = Step { codemod: Spanned::unwritten(schema.name.to_owned()), settings };
    let name = Spanned::unwritten(name.to_owned());
    Ok(Phase {
        title,
        name,
        steps: vec![step],
        gates: Vec::new(),
        criteria: Vec::new(),
        verify: Verify::default(),
    })
}

/// The day on which a shim goes: the one that was named, or in half a year.
pub fn until(named: Option<jiff::civil::Date>) -> String {
    let half_a_year = || jiff::Zoned::now().date().saturating_add(jiff::Span::new().months(6));
    named.unwrap_or_else(half_a_year).to_string()
}
