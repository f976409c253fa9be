//! Files that a plan makes where git passes them over: whoever commits the rest
//! leaves them out, and the next look at the tree does not see them.

use repot_change::{Note, Plan, PlannedStep, RelPath};
use repot_git::Git;

use crate::error::Failure;
use crate::session::Session;

/// Says so of every step, before all else that there is to know.
///
/// # Errors
///
/// [`Failure`] when git cannot be asked.
pub fn note(plan: &mut Plan, session: &Session) -> Result<(), Failure> {
    let Some(git) = Git::open(&session.root)? else { return Ok(()) };
    for step in plan.phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let made = made(step);
        let ignored = git.ignored(&made.iter().collect::<Vec<_>>())?;
        let Some(first) = ignored.first() else { continue };
        let others = match ignored.len() {
            1 => String::new(),
            many => format!(", and so are {} others", many - 1),
        };
        let message = format!(
            "is made, and an ignore pattern of git names it{others}: take it into the commit by `git add --force`"
        );
        step.notes.insert(0, Note::about(first, message));
    }
    Ok(())
}

/// The files that a step makes, or moves to where they are.
fn made(step: &PlannedStep) -> Vec<RelPath> {
    let path = |side: &Option<(RelPath, _)>| side.as_ref().map(|(path, _)| path.clone());
    let made = step.deltas().filter(|delta| path(&delta.old) != path(&delta.new));
    made.filter_map(|delta| path(&delta.new)).collect()
}
