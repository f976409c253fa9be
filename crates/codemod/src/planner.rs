//! The planner: runs the steps of phases, one on what the other left.

use std::collections::BTreeSet;

use repot_change::{Plan, PlannedPhase, PlannedStep, RelPath, TreeError};
use repot_roadmap::{Decide, Phase, Step, Template, Versions};
use repot_workspace::Workspace;
use thiserror::Error;

use crate::layers::Layers;
use crate::moves::Moves;
use crate::reliance::reliances;
use crate::review::{Review, review};
use crate::selection::Selection;
use crate::verify::verify;
use crate::{CodemodError, Context, Past, Registry, rounds};

/// Why no plan could be made.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The roadmap names a codemod that does not exist.
    #[error("phase `{phase}` names the codemod `{codemod}`, which does not exist")]
    UnknownCodemod {
        /// The phase.
        phase: String,
        /// The codemod.
        codemod: String,
    },
    /// A codemod could not say what it would change.
    #[error("phase `{phase}`, codemod `{codemod}`: {source}")]
    Codemod {
        /// The phase.
        phase: String,
        /// The codemod.
        codemod: String,
        /// Why.
        source: Box<CodemodError>,
    },
    /// The changes of a codemod do not fit the tree they were made for.
    #[error("phase `{phase}`: {source}")]
    Tree {
        /// The phase.
        phase: String,
        /// Why.
        source: TreeError,
    },
}

/// How often a step is run before it is taken as one that never ends; the law
/// that a second run changes nothing then fails.
const MAX_ROUNDS: usize = 8;

/// Makes plans with the codemods of a registry and the decisions of a roadmap.
pub struct Planner<'a> {
    registry: Registry,
    decided: &'a [Decide],
    template: Option<&'a Template>,
    versions: Option<&'a Versions>,
    past: Option<&'a dyn Past>,
    selection: Selection,
}

/// A phase under way.
struct Progress {
    current: Workspace,
    /// The paths that steps have changed so far.
    touched: BTreeSet<RelPath>,
    moves: Moves,
    retired: BTreeSet<(RelPath, String)>,
    /// The files in which a person left something out.
    left_out: BTreeSet<RelPath>,
    /// Whether the last step came to an end.
    is_settled: bool,
}

impl<'a> Planner<'a> {
    /// A planner.
    #[must_use]
    pub fn new(registry: Registry, decided: &'a [Decide]) -> Self {
        Self {
            registry,
            decided,
            template: None,
            versions: None,
            past: None,
            selection: Selection::default(),
        }
    }

    /// The same planner, for packages that must fit `template`.
    #[must_use]
    pub fn fitting(self, template: Option<&'a Template>) -> Self {
        Self { template, ..self }
    }

    /// The same planner, for packages that must agree on `versions`.
    #[must_use]
    pub fn aligning(self, versions: &'a Versions) -> Self {
        Self { versions: Some(versions), ..self }
    }

    /// The same planner, for codemods that may ask `past`.
    #[must_use]
    pub fn remembering(self, past: &'a dyn Past) -> Self {
        Self { past: Some(past), ..self }
    }

    /// The same planner, for a part of the plan.
    #[must_use]
    pub fn selecting(self, selection: Selection) -> Self {
        Self { selection, ..self }
    }

    /// The plan of `phases`, in order, for the tree of `workspace`.
    ///
    /// # Errors
    ///
    /// [`PlanError`]; a check that fails is no error but part of the plan.
    pub fn plan<'p>(
        &self,
        workspace: &Workspace,
        phases: impl IntoIterator<Item = &'p Phase>,
    ) -> Result<Plan, PlanError> {
        self.plan_phases(workspace, phases, None)
    }

    /// The plan of what `reviewer` takes of `phases`; each step is planned for
    /// what was taken of those before it.
    ///
    /// # Errors
    ///
    /// As [`Self::plan`].
    pub fn plan_reviewed<'p>(
        &self,
        workspace: &Workspace,
        phases: impl IntoIterator<Item = &'p Phase>,
        reviewer: &mut dyn Review,
    ) -> Result<Plan, PlanError> {
        self.plan_phases(workspace, phases, Some(reviewer))
    }

    fn plan_phases<'p>(
        &self,
        workspace: &Workspace,
        phases: impl IntoIterator<Item = &'p Phase>,
        mut reviewer: Option<&mut dyn Review>,
    ) -> Result<Plan, PlanError> {
        let mut plan = Plan { notes: workspace.notes().to_vec(), ..Plan::default() };
        let mut current = workspace.clone();
        for phase in phases {
            let (planned, after) = self.plan_phase(&current, phase, &mut reviewer)?;
            plan.phases.push(planned);
            current = after;
        }
        plan.relies_on = reliances(workspace, &current, &plan.phases);
        Ok(plan)
    }

    fn plan_phase(
        &self,
        before: &Workspace,
        phase: &Phase,
        reviewer: &mut Option<&mut dyn Review>,
    ) -> Result<(PlannedPhase, Workspace), PlanError> {
        let mut progress = Progress::of(before);
        let mut steps = Vec::new();
        for step in self.wanted(phase) {
            let planned = self.plan_step(&mut progress, phase, step, reviewer)?;
            progress.touched.extend(planned.deltas().flat_map(paths).cloned());
            steps.push(planned);
        }
        let Progress { current, touched, moves, retired, .. } = &progress;
        let mut checks = verify(before, current, touched, moves, retired);
        checks.push(self.second_run(&progress, phase)?);
        let (name, title) = (phase.name.value.clone(), phase.title.clone());
        Ok((PlannedPhase { name, title, steps, checks, trials: Vec::new() }, progress.current))
    }

    /// The steps of `phase` that are wanted.
    fn wanted<'p>(&self, phase: &'p Phase) -> Vec<&'p Step> {
        let steps = (1..).zip(&phase.steps);
        steps
            .filter(|(number, step)| self.selection.takes_step(*number, step))
            .map(|(_, step)| step)
            .collect()
    }

    /// Runs a step until it has nothing more to change: what one round resolves
    /// may be what another name was waiting for.
    fn plan_step(
        &self,
        progress: &mut Progress,
        phase: &Phase,
        step: &Step,
        reviewer: &mut Option<&mut dyn Review>,
    ) -> Result<PlannedStep, PlanError> {
        let in_phase = |source| PlanError::Tree { phase: phase.name.value.clone(), source };
        let (before, moves_before) = (progress.current.clone(), progress.moves.clone());
        let (mut layers, mut own_moves) = (Layers::default(), Moves::default());
        let codemod = step.codemod.value.clone();
        let mut planned = PlannedStep { codemod, parts: Vec::new(), evidence: Vec::new(), notes: Vec::new() };
        progress.is_settled = false;
        for round in 0..MAX_ROUNDS {
            let current = &progress.current;
            let proposal = self.propose(current, phase, step, round == 0)?;
            let changes = proposal.changes().map_err(in_phase)?;
            progress.retired.extend(proposal.retired.iter().cloned());
            let after =
                if changes.is_empty() { None } else { Some(current.with(&changes).map_err(in_phase)?) };
            layers.add(current.snapshot(), proposal.parts());
            match round {
                0 => rounds::first(&mut planned, proposal.evidence, proposal.notes),
                _ => rounds::later(&mut planned, proposal.evidence, &own_moves),
            }
            let Some(after) = after else {
                progress.is_settled = true;
                break;
            };
            progress.current = after;
            progress.moves.follow(&changes);
            own_moves.follow(&changes);
        }
        let reviewer = reviewer.as_mut();
        let left_out =
            reviewer.map(|reviewer| review(&mut layers, &mut planned, *reviewer)).unwrap_or_default();
        if !left_out.is_empty() {
            let changes = layers.changes().map_err(in_phase)?;
            progress.current = before.with(&changes).map_err(in_phase)?;
            progress.moves = moves_before;
            progress.moves.follow(&changes);
            progress.left_out.extend(left_out);
        }
        planned.parts = layers.parts();
        if let Some(codemod) = self.registry.get(&planned.codemod).filter(|_| !planned.parts.is_empty()) {
            // What holds of the whole step is said before what holds of a file.
            let concluded = codemod.conclude(&before, &progress.current, &planned);
            planned.notes.splice(0..0, concluded.notes);
            planned.evidence.extend(concluded.evidence);
        }
        Ok(planned)
    }

    fn propose(
        &self,
        workspace: &Workspace,
        phase: &Phase,
        step: &Step,
        is_first: bool,
    ) -> Result<crate::Proposal, PlanError> {
        let (phase, codemod) = (phase.name.value.clone(), step.codemod.value.clone());
        let Some(found) = self.registry.get(&codemod) else {
            return Err(PlanError::UnknownCodemod { phase, codemod });
        };
        let Self { decided, template, versions, past, .. } = *self;
        let settings = &step.settings;
        let context = Context { workspace, settings, decided, template, versions, past, is_first };
        let proposal = found.propose(&context);
        let mut proposal = proposal.map_err(|source| {
            let source = Box::new(source);
            PlanError::Codemod { phase, codemod, source }
        })?;
        self.selection.cut(workspace, &mut proposal);
        Ok(proposal)
    }

    /// The law that a second run changes nothing, but where a person left
    /// something out. A last step that settled has shown it already, on this
    /// very workspace.
    fn second_run(&self, progress: &Progress, phase: &Phase) -> Result<repot_change::Check, PlanError> {
        let mut failures = Vec::new();
        let steps = self.wanted(phase);
        let open = steps.len().saturating_sub(usize::from(progress.is_settled));
        for step in &steps[..open] {
            let again = self.propose(&progress.current, phase, step, false)?;
            let message = format!("`{}` would change it again", step.codemod.value);
            let paths = again.parts().flat_map(|(_, changes)| changes.iter());
            let changed: BTreeSet<&RelPath> = paths.map(|(path, _)| path).collect();
            let changed = changed.into_iter().filter(|path| !progress.left_out.contains(*path));
            failures.extend(changed.map(|path| repot_change::Note::about(path, message.clone())));
        }
        let count = steps.len();
        let scope = format!("{count} {}", if count == 1 { "step" } else { "steps" });
        Ok(crate::verify::check("a second run changes nothing", scope, failures))
    }
}

impl Progress {
    fn of(before: &Workspace) -> Self {
        Self {
            current: before.clone(),
            touched: BTreeSet::new(),
            moves: Moves::default(),
            retired: BTreeSet::new(),
            left_out: BTreeSet::new(),
            is_settled: true,
        }
    }
}

fn paths(delta: &repot_change::FileDelta) -> impl Iterator<Item = &RelPath> {
    delta.old.iter().chain(&delta.new).map(|(path, _)| path)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_change::{CheckStatus, Class, Edit, Edits};
    use repot_roadmap::{CodemodSchema, Roadmap, Vocabulary};
    use repot_workspace::{Shape, Snapshot};

    use super::*;
    use crate::{Codemod, Proposal};

    /// Adds a line to every file, each time it is asked, while it is shorter
    /// than so many bytes.
    struct Grow(&'static str, usize);

    impl Codemod for Grow {
        fn schema(&self) -> CodemodSchema<'static> {
            CodemodSchema { name: self.0, settings: &[] }
        }

        fn about(&self) -> &'static str {
            "Grows."
        }

        fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
            let mut proposal = Proposal::default();
            for (path, file) in
                context.workspace.snapshot().python_files().filter(|(_, file)| file.size() < self.1)
            {
                let edit = Edit::insert(file.size(), "# more\n");
                proposal.changes_mut(Class::Imports).edit(path.clone(), Edits::new(vec![edit]).unwrap())?;
            }
            Ok(proposal)
        }
    }

    const REGISTRY: Registry = Registry::new(&[&Grow("grow", 20), &Grow("grow-for-ever", usize::MAX)]);

    fn plan(codemod: &str) -> Plan {
        let schemas = REGISTRY.schemas();
        let vocabulary = Vocabulary { codemods: &schemas, metrics: &[], rules: &[] };
        let text = format!(
            "[workspace]\nmembers = [\"p\"]\n[[phase]]\nname = \"one\"\n[[phase.step]]\ncodemod = \"{codemod}\"\n"
        );
        let roadmap = Roadmap::parse("repot.toml", &text, &vocabulary).unwrap();
        let snapshot = Snapshot::from_files([(RelPath::new("p/a.py").unwrap(), b"x = 1\n".to_vec())]);
        let shape = Shape::new(&roadmap.workspace, &roadmap.domains);
        let workspace = Workspace::new(snapshot, Arc::new(shape));
        Planner::new(REGISTRY, &[]).plan(&workspace, &roadmap.phases).unwrap()
    }

    #[test]
    fn a_step_runs_until_nothing_is_left() {
        let plan = plan("grow");
        assert!(plan.is_verified());
        let content = plan.phases[0].writes()[0].content.clone().unwrap();
        assert_eq!(&content.bytes[..], b"x = 1\n# more\n# more\n");
    }

    #[test]
    fn a_step_that_never_ends_fails_its_verification() {
        let plan = plan("grow-for-ever");
        assert!(!plan.is_verified());
        let failed: Vec<&str> = plan.phases[0]
            .checks
            .iter()
            .filter(|check| check.status != CheckStatus::Passed)
            .map(|check| check.law.as_str())
            .collect();
        assert_eq!(failed, ["a second run changes nothing"]);
    }
}
