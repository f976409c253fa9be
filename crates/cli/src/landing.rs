//! Landing: the phases of a plan written to the tree, and to git where asked.

use repot_apply::{Lock, Repository};
use repot_change::{PlannedPhase, compose};
use repot_git::{Commits, Git, Step};

use crate::args::Landing;
use crate::console::Console;
use crate::error::Failure;
use crate::saved::{VERSION, short};

/// Says whether a phase may start: the reason for which it is forced to, nothing
/// where nothing is in its way, or a failure.
pub type Starts<'s> = dyn FnMut(&PlannedPhase, &mut Console<'_>) -> Result<Option<String>, Failure> + 's;

/// Writes `phases`, one after the other, each all or not at all.
///
/// # Errors
///
/// [`Failure`]; the phases before the one that failed are in the tree, as the
/// messages before it say.
pub fn land(
    phases: &[PlannedPhase],
    (repository, lock): (&Repository, &Lock),
    landing: &Landing,
    starts: &mut Starts<'_>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let git = if landing.commit { Some(open(repository)?) } else { None };
    let mut branch = landing.branch.as_deref();
    for phase in phases.iter().filter(|phase| !phase.is_empty()) {
        let forced = starts(phase, console)?;
        let commits = match &git {
            Some(git) => Some(git.prepare(&steps(phase), branch.take(), landing.allow_dirty)?),
            None => None,
        };
        let operation = repository.apply_forced(lock, &phase.title, forced.as_deref(), &phase.writes())?;
        console.message(format!(
            "Applied phase `{}`: {} files, as operation {}. `repot undo` takes it back.",
            phase.name,
            phase.deltas().len(),
            operation.id
        ));
        commits.map(|commits| publish(commits, console)).transpose()?;
    }
    Ok(())
}

fn open(repository: &Repository) -> Result<Git, Failure> {
    Git::open(repository.root())?.ok_or_else(|| {
        let text = format!("{} is in no git repository", repository.root().display());
        Failure::hinted(text, "leave `--commit` out, or `git init` and make a first commit")
    })
}

fn publish(commits: Commits<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let ids = commits.publish().map_err(|error| {
        let hint = "the tree is written; commit it yourself, or `repot undo` takes it back";
        Failure::hinted(error.to_string(), hint)
    })?;
    let shown: Vec<&str> = ids.iter().map(|id| short(id)).collect();
    console.message(format!("Committed as {}.", shown.join(", ")));
    Ok(())
}

fn steps(phase: &PlannedPhase) -> Vec<Step> {
    let step = |(index, step): (usize, &repot_change::PlannedStep)| Step {
        message: repot_report::commit_message(phase, index, VERSION),
        deltas: compose(step.parts.iter().map(|part| part.deltas.as_slice())),
    };
    phase.steps.iter().enumerate().map(step).collect()
}
