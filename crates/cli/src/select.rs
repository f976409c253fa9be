//! Selection: what part of a plan is asked for, and a plan of just that.

use repot_change::{Class, Plan};
use repot_codemod::Selection;
use repot_roadmap::{Pattern, Phase, nearest};

use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::ignored;
use crate::interactive::Interactive;
use crate::session::Session;
use crate::settings::Settings;

/// The plan of what `selection` takes of `phases`; hunk by hunk where it is
/// asked for.
///
/// # Errors
///
/// [`Failure`] when the selection names what does not exist, nobody can be
/// asked, or a codemod cannot say what it would change.
pub fn plan(
    session: &Session,
    phases: &[&Phase],
    selection: &args::Selection,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<Plan, Failure> {
    let planner = session.planner().selecting(resolve(selection, session, phases)?);
    let phases = phases.iter().copied();
    let mut plan = if selection.interactive {
        let mut interactive = Interactive::new(settings, console)?;
        let plan = planner.plan_reviewed(&session.workspace, phases, &mut interactive);
        let plan = plan.map_err(|error| session.refusal(error))?;
        interactive.finish()?;
        plan
    } else {
        planner.plan(&session.workspace, phases).map_err(|error| session.refusal(error))?
    };
    ignored::note(&mut plan, session)?;
    Ok(plan)
}

/// What was asked for, as it was typed; empty where nothing is left out.
pub fn describe(selection: &args::Selection) -> String {
    let list = |flag: &str, values: &[String]| {
        let values = values.iter().map(|value| format!("--{flag} {value}"));
        values.collect::<Vec<_>>()
    };
    let mut words = [
        list("step", &selection.step),
        list("package", &selection.package),
        list("path", &selection.path),
        list("only", &selection.only),
    ]
    .concat();
    words.extend(selection.interactive.then(|| "--interactive".to_owned()));
    words.join(" ")
}

/// What the words of `selection` mean in the workspace.
fn resolve(selection: &args::Selection, session: &Session, phases: &[&Phase]) -> Result<Selection, Failure> {
    let steps = phases.iter().flat_map(|phase| &phase.steps).map(|step| step.codemod.value.as_str());
    let longest = phases.iter().map(|phase| phase.steps.len()).max().unwrap_or_default();
    let numbers: Vec<String> = (1..=longest).map(|number| number.to_string()).collect();
    let steps: Vec<&str> = steps.chain(numbers.iter().map(String::as_str)).collect();
    known("step", &selection.step, &steps)?;
    let packages: Vec<&str> =
        session.workspace.packages().iter().map(|package| package.name.as_str()).collect();
    known("package", &selection.package, &packages)?;
    let paths = selection.path.iter().map(|glob| pattern(glob, session)).collect::<Result<_, _>>()?;
    let is_asked_for = |class: &Class| selection.only.iter().any(|name| name == class.name());
    Ok(Selection {
        steps: selection.step.clone(),
        packages: selection.package.clone(),
        paths,
        classes: Class::ALL.into_iter().filter(is_asked_for).collect(),
    })
}

/// Checks that each of `wanted` is one of `valid`.
fn known(what: &str, wanted: &[String], valid: &[&str]) -> Result<(), Failure> {
    let Some(unknown) = wanted.iter().find(|name| !valid.contains(&name.as_str())) else { return Ok(()) };
    let hint = nearest(unknown, valid.iter().copied()).map_or_else(
        || format!("there are {}", valid.join(", ")),
        |nearest| format!("did you mean `{nearest}`?"),
    );
    Err(Failure::hinted(format!("there is no {what} `{unknown}`"), hint))
}

/// A glob that a person typed, which must match something.
fn pattern(text: &str, session: &Session) -> Result<Pattern, Failure> {
    let hint = "globs are relative to the workspace root; a folder stands for all that is below it";
    let pattern = Pattern::new(text.trim_end_matches('/'))
        .map_err(|error| Failure::hinted(format!("`--path {text}`: {error}"), hint))?;
    let snapshot = session.workspace.snapshot();
    let files = snapshot.files().map(|(path, _)| path);
    let folders = snapshot.folders().map(|(path, _)| path);
    if files.chain(folders).any(|path| pattern.matches(path.as_str())) {
        return Ok(pattern);
    }
    Err(Failure::hinted(format!("`--path {text}` matches nothing in the workspace"), hint))
}
