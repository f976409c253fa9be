//! A name that no package has: one that was merged before, or one that is
//! misspelt.

use std::collections::BTreeSet;

use repot_change::Note;
use repot_codemod::{CodemodError, Context, Proposal};
use repot_roadmap::nearest;
use repot_workspace::{Package, PackageId, Workspace};

use super::record::Record;
use super::side::Side;

/// How many names are worth a look.
const MOST: usize = 3;

/// The source is not there: a merge that was made is passed over, so that a phase
/// may be planned again.
///
/// # Errors
///
/// [`CodemodError`] where nothing says that it was.
pub fn gone(context: &Context<'_>, into: Option<&Side>) -> Result<Proposal, CodemodError> {
    let text = context.settings.get_str("from")?;
    let record = Record::of(context.workspace);
    if let Some((name, into)) = record.as_ref().and_then(|one| Some((one.name(), one.retired(text)?))) {
        let into = into.map(|into| format!(" into `{into}`")).unwrap_or_default();
        return Ok(passed_over(format!(
            "`{text}` was merged{into} before, as {name} says; nothing is left to merge"
        )));
    }
    if !context.is_first {
        return Ok(Proposal::default());
    }
    let near = near(context.workspace, text, into.and_then(|into| into.package));
    let is_told = context.settings.get_bool("retire")?;
    match into.filter(|_| !is_told && near.is_empty()) {
        Some(into) => Ok(passed_over(format!(
            "`{text}` is not there; as `retire` is off, nothing says whether it was merged into `{}`",
            into.name
        ))),
        None => Err(unknown(context, "from", &near)),
    }
}

/// There is no such package to merge into.
pub fn no_target(context: &Context<'_>) -> CodemodError {
    let text = context.settings.get_str("into").unwrap_or_default();
    let retired = Record::of(context.workspace).and_then(|record| record.retired(text).flatten());
    if let Some(into) = retired {
        let message = format!("`{text}` is retired");
        let hint = format!("it was merged into `{into}`; merge into that");
        return context.settings.error("into", message, Some(hint)).into();
    }
    unknown(context, "into", &near(context.workspace, text, None))
}

/// Nothing is to be done, for the reason `message`.
pub fn passed_over(message: String) -> Proposal {
    let mut proposal = Proposal::default();
    proposal.notes.push(Note { path: None, line: None, message });
    proposal
}

fn unknown(context: &Context<'_>, setting: &str, near: &[String]) -> CodemodError {
    let text = context.settings.get_str(setting).unwrap_or_default();
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    let hint = match near.split_last() {
        None => "a package goes by its import name, its folder, or its distribution's name; that one was merged before a `[[retired]]` entry says".to_owned(),
        Some((only, [])) => format!("did you mean {only}?"),
        Some((last, rest)) => format!("did you mean {} or {last}?", rest.join(", ")),
    };
    context.settings.error(setting, format!("there is no package `{text}`"), Some(hint)).into()
}

/// The names of packages that `text` was probably meant to be, the nearest
/// first: those that are spelled alike, else those of which it is a part, or
/// which are a part of it.
fn near(workspace: &Workspace, text: &str, but: Option<PackageId>) -> Vec<String> {
    let mut packages: Vec<&Package> = workspace.packages().iter().collect();
    packages.retain(|package| but.is_none_or(|but| *package != workspace.package(but)));
    let mut found = Vec::new();
    while let Some(name) = nearest(text, packages.iter().flat_map(|package| names(package))) {
        // What paths have in common says nothing.
        found.extend(nearest(last(text), [last(name)]).map(|_| name.to_owned()));
        packages.retain(|package| !names(package).any(|own| own == name));
    }
    if found.is_empty() {
        let wanted = words(text);
        let is_part = |name: &&str| {
            let own = words(name);
            !wanted.is_empty() && !own.is_empty() && (own.is_subset(&wanted) || wanted.is_subset(&own))
        };
        found.extend(packages.iter().filter_map(|package| names(package).find(is_part)).map(str::to_owned));
    }
    found.truncate(MOST);
    found
}

/// What a package goes by: its name, its folder, and what is imported from it.
fn names(package: &Package) -> impl Iterator<Item = &str> {
    let trees = package.trees.iter().map(|tree| tree.name.as_str());
    [package.name.as_str(), package.folder.as_str()].into_iter().chain(trees)
}

/// The last part of a path or dotted name.
fn last(name: &str) -> &str {
    name.trim_end_matches('/').rsplit(['/', '.']).next().unwrap_or_default()
}

/// The words of the last part of a name.
fn words(name: &str) -> BTreeSet<String> {
    last(name).split(['-', '_']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
