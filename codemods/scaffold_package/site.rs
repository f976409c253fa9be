//! Where the new package goes, and what it is called.

use repot_change::RelPath;
use repot_codemod::Context;
use repot_roadmap::SettingError;
use repot_workspace::{PackageId, TreeOrigin, is_identifier};

use super::neighbours::Neighbours;

/// The place of the package.
pub(super) struct Site {
    /// The distribution's name.
    pub(super) name: String,
    /// The dotted name that is imported.
    pub(super) import_name: String,
    /// The package's folder.
    pub(super) folder: RelPath,
    /// The folder of the import package.
    pub(super) package: RelPath,
    /// What stands on `sys.path`, below the package's folder; empty for that
    /// folder itself.
    pub(super) source: String,
    /// Whether the package is there already and ships the import name.
    pub(super) is_shipped: bool,
    /// Whether it has a `pyproject.toml`, `setup.cfg` or `setup.py`.
    pub(super) has_project_file: bool,
}

impl Site {
    /// The place that the settings name.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when they name none, or one that is no member.
    pub(super) fn new(context: &Context<'_>, neighbours: &Neighbours) -> Result<Self, SettingError> {
        let settings = context.settings;
        let name = settings.get_str("name")?.to_owned();
        if !is_distribution_name(&name) {
            let hint = "letters, digits and `-`, `_`, `.` between them, such as `acme-shared`".to_owned();
            let message = if name.is_empty() {
                "is missing".to_owned()
            } else {
                format!("`{name}` is no name of a distribution")
            };
            return Err(settings.error("name", message, Some(hint)));
        }
        let import_name = match settings.get_str("import-name")? {
            "" => name.replace('-', "_").to_lowercase(),
            stated => stated.to_owned(),
        };
        if !import_name.split('.').all(is_identifier) {
            let message = format!("`{import_name}` is no name that a statement can import");
            let hint = "set `import-name` to identifiers with dots between".to_owned();
            return Err(settings.error("import-name", message, Some(hint)));
        }
        let folder = member_folder(context)?;
        let here = package_in(context, &folder);
        let is_own =
            |tree: &&repot_workspace::Tree| tree.origin != TreeOrigin::Leftover && tree.name == import_name;
        let tree = here.and_then(|here| context.workspace.package(here).trees.iter().find(is_own));
        let path = import_name.replace('.', "/");
        let (package, source) = match tree {
            Some(tree) => {
                (tree.folder.clone(), tree.root.relative_to(&folder).unwrap_or_default().to_owned())
            }
            None => {
                let source = neighbours.source();
                let below = if source.is_empty() { path } else { format!("{source}/{path}") };
                (folder.join(&below).unwrap_or_else(|_| folder.clone()), source.to_owned())
            }
        };
        let has_project_file = here.is_some_and(|here| context.workspace.package(here).has_project_file);
        Ok(Self { name, import_name, folder, package, source, is_shipped: tree.is_some(), has_project_file })
    }

    /// `path` as the template's paths have it: relative to the folder.
    pub(super) fn package_below(&self) -> &str {
        self.package.relative_to(&self.folder).unwrap_or_default()
    }
}

/// The folder of the setting `path`, which must be that of a member.
fn member_folder(context: &Context<'_>) -> Result<RelPath, SettingError> {
    let text = context.settings.get_str("path")?;
    let error = |message: String, hint: String| context.settings.error("path", message, Some(hint));
    let trimmed = text.trim_end_matches('/').trim_start_matches("./");
    let folder = RelPath::new(trimmed).ok().filter(|folder| !folder.is_root()).ok_or_else(|| {
        let message = if text.is_empty() {
            "is missing".to_owned()
        } else {
            format!("`{text}` is no folder within the workspace")
        };
        error(message, "name the package's folder, such as `packages/shared`".to_owned())
    })?;
    let shape = context.workspace.shape();
    if !shape.members.iter().any(|glob| glob.matches(folder.as_str())) {
        let hint =
            format!("add `\"{folder}\"` to `members` in `[workspace]`, or choose a folder that they match");
        return Err(error(format!("`{folder}` is matched by none of the workspace's `members`"), hint));
    }
    if shape.excludes(&folder) || folder.components().any(|part| part.starts_with('.')) {
        let hint = "choose a folder that is part of the workspace".to_owned();
        return Err(error(format!("`{folder}` is excluded from the workspace"), hint));
    }
    Ok(folder)
}

/// The package whose folder is `folder`.
fn package_in(context: &Context<'_>, folder: &RelPath) -> Option<PackageId> {
    let inside = folder.join("pyproject.toml").ok()?;
    let id = context.workspace.package_at(&inside)?;
    (context.workspace.package(id).folder == *folder).then_some(id)
}

/// Whether `name` is one that the packaging specifications allow
/// (<https://packaging.python.org/en/latest/specifications/name-normalization/>).
fn is_distribution_name(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    name.starts_with(is_word)
        && name.ends_with(is_word)
        && name.chars().all(|c| is_word(c) || matches!(c, '-' | '_' | '.'))
}
