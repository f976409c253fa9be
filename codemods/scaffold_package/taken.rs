//! Whether a name is taken: by other packages, by Python, or by imports that
//! would come to mean the new package.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use repot_change::{RelPath, line_at};
use repot_codemod::Context;
use repot_python::{FromNames, ImportKind, ImportStmt};
use repot_roadmap::SettingError;
use repot_workspace::{Module, ModuleId, Package, Target, TreeOrigin, Workspace, below, is_stdlib};

use super::site::Site;

/// How many files with uses are listed by name.
const LISTED: usize = 40;

/// Refuses names that are taken.
///
/// # Errors
///
/// [`SettingError`] that lists who has the name and who uses it.
pub(super) fn refuse(context: &Context<'_>, site: &Site) -> Result<(), SettingError> {
    let workspace = context.workspace;
    let error = |setting: &str, message: String, hint: &str| {
        context.settings.error(setting, message, Some(hint.to_owned()))
    };
    let others = || workspace.packages().iter().filter(|package| package.folder != site.folder);
    let same = |package: &&Package| {
        package.distribution.as_deref().is_some_and(|name| normal(name) == normal(&site.name))
    };
    if let Some(other) = others().find(same) {
        let message = format!("`{}` is the distribution in `{}`", site.name, other.folder);
        return Err(error("name", message, "choose another name"));
    }
    let top = site.import_name.split('.').next().unwrap_or_default();
    if is_stdlib(top) {
        let message = format!("`{top}` is a module of Python's standard library");
        return Err(error("import-name", message, "choose another import name"));
    }
    if site.is_shipped || context.settings.get_bool("adopt")? {
        return Ok(());
    }
    let claims: Vec<&Package> = others().filter(|package| ships(package, &site.import_name)).collect();
    let uses = uses(workspace, &site.import_name);
    if claims.is_empty() && uses.is_empty() {
        return Ok(());
    }
    let hint = "choose another `import-name`, migrate these imports in an earlier step, or set `adopt = true` \
                where they mean the new package";
    Err(error("import-name", message(&site.import_name, &claims, &uses), hint))
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

fn ships(package: &Package, name: &str) -> bool {
    package.trees.iter().any(|tree| tree.origin != TreeOrigin::Leftover && tree.name == name)
}

/// Every line that imports `name` or what lies below it, by file, unless it
/// means something in the importer's own package, which comes first anyway.
fn uses(workspace: &Workspace, name: &str) -> BTreeMap<RelPath, Vec<usize>> {
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let lines = |(id, module): (ModuleId, &Module)| {
        let file = workspace.file(id);
        let source = file.bytes().map_or(&[][..], |bytes| bytes);
        let mut lines = Vec::new();
        for statement in file.imports() {
            if imported(statement, name).iter().any(|dotted| !is_own(workspace, module, dotted)) {
                lines.push(line_at(source, statement.span.start));
            }
        }
        (!lines.is_empty()).then(|| (module.path.clone(), lines))
    };
    modules.into_par_iter().filter_map(lines).collect()
}

/// The dotted names of the statement that lie in `name`.
fn imported(statement: &ImportStmt, name: &str) -> Vec<String> {
    let dotted: Vec<String> = match &statement.kind {
        ImportKind::Import(items) => items.iter().map(|item| item.name.text.clone()).collect(),
        ImportKind::From(from) if from.level > 0 => Vec::new(),
        ImportKind::From(from) => match &from.names {
            // `from acme import shared` names `acme.shared`.
            FromNames::Names { names, .. } if below(from.dotted(), name).is_none() => {
                names.iter().map(|item| format!("{}.{}", from.dotted(), item.name.text)).collect()
            }
            _ => vec![from.dotted().to_owned()],
        },
    };
    dotted.into_iter().filter(|dotted| below(dotted, name).is_some()).collect()
}

fn is_own(workspace: &Workspace, module: &Module, dotted: &str) -> bool {
    match workspace.resolve(module, 0, dotted) {
        Target::Found(place) => module.package.is_some() && workspace.package_of(&place) == module.package,
        _ => false,
    }
}

fn message(name: &str, claims: &[&Package], uses: &BTreeMap<RelPath, Vec<usize>>) -> String {
    let mut text = format!("`{name}` is taken");
    for package in claims {
        let _ = write!(text, "\n  shipped by `{}`, in `{}`", package.name, package.folder);
    }
    let count: usize = uses.values().map(Vec::len).sum();
    if count > 0 {
        let (imports, files) = (plural(count, "import"), plural(uses.len(), "file"));
        let _ = write!(text, "\n  named by {imports} in {files}:");
    }
    for (path, lines) in uses.iter().take(LISTED) {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let _ = write!(text, "\n    {path}:{}", lines.join(", "));
    }
    if uses.len() > LISTED {
        let _ = write!(text, "\n    and {} more", plural(uses.len() - LISTED, "file"));
    }
    text
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
