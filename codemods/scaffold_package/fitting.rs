//! The new project file, brought to the roadmap's template at once: a step that
//! makes a package must not leave work for the step that fits packages.

use repot_change::{ChangeSet, Content, RelPath};
use repot_codemod::{CodemodError, Context};
use repot_project::{Document, fit, text};

use super::site::Site;

/// Fits the `pyproject.toml` among `files`, as it would stand in the tree with
/// all of them. One that is no TOML stays as it is; the plan's laws tell it.
pub(super) fn fit_project_file(
    context: &Context<'_>,
    site: &Site,
    files: &mut [(RelPath, Vec<u8>)],
) -> Result<(), CodemodError> {
    let Some(template) = context.template else { return Ok(()) };
    let Ok(path) = site.folder.join("pyproject.toml") else { return Ok(()) };
    let Some(at) = files.iter().position(|(file, _)| *file == path) else { return Ok(()) };
    let Some(document) = text(&files[at].1).and_then(|text| Document::parse(&text).ok()) else {
        return Ok(());
    };
    let mut changes = ChangeSet::default();
    for (path, bytes) in files.iter().filter(|(path, _)| context.workspace.snapshot().get(path).is_none()) {
        changes.create(path.clone(), Content::plain(bytes.clone()))?;
    }
    let tree = context.workspace.with(&changes)?;
    if let Some(package) = tree.packages().iter().find(|package| package.folder == site.folder) {
        files[at].1 = fit(&document, &tree.facts(package, template), template).document.render().into_bytes();
    }
    Ok(())
}
