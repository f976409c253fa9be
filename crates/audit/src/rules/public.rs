//! The rule `public-interface`: of another package only what it exports is
//! imported.
//!
//! A package exports what its top `__init__.py` lists in `__all__`, or binds
//! without an underscore where there is no `__all__`; and the modules that the
//! roadmap names in `public`.

use repot_roadmap::Boundaries;
use repot_workspace::{Package, Target, Tree, TreeOrigin};

use super::PUBLIC_INTERFACE;
use super::imports::{Import, Imports};
use crate::Finding;

pub fn look(imports: &Imports<'_>, boundaries: &Boundaries) -> Vec<Finding> {
    let workspace = imports.workspace;
    let finding = |(import, _, to): (&Import<'_>, _, _)| {
        let subject = import.subject();
        let is_named = boundaries.public.iter().any(|pattern| pattern.value.matches_dotted(&subject));
        let package = workspace.package(to);
        if is_named || is_exported(imports, package, import) {
            return None;
        }
        let message = format!("`{subject}` is no part of what `{}` exports", package.name);
        let top = shipped(package).next().map_or("its top package", |tree| tree.name.as_str());
        let hint = format!(
            "import it from `{top}`, let `{top}` export it, or name the module in `public` of `[boundaries]`"
        );
        Some(import.finding(workspace, PUBLIC_INTERFACE, message, Some(hint)))
    };
    imports.crossing().filter_map(finding).collect()
}

fn shipped(package: &Package) -> impl Iterator<Item = &Tree> {
    package.trees.iter().filter(|tree| tree.origin != TreeOrigin::Leftover)
}

/// Whether the import names the top of the package, and something that it
/// exports.
fn is_exported(imports: &Imports<'_>, package: &Package, import: &Import<'_>) -> bool {
    let workspace = imports.workspace;
    if !shipped(package).any(|tree| tree.name == import.resolved.module) {
        return false;
    }
    let (Some(name), Target::Found(top)) = (import.resolved.name.as_deref(), &import.resolved.target) else {
        return true;
    };
    let repot_workspace::Place::Module(id) = top else { return false };
    let definitions = workspace.file(*id).definitions();
    match &definitions.exports {
        Some(exports) => exports.iter().any(|export| export == name),
        // A submodule is no export unless the package imports it.
        None => {
            let by_star =
                || workspace.submodule(top, name).is_none() && workspace.origin(top, name).is_some();
            definitions.has_getattr || definitions.names.contains_key(name) || by_star()
        }
    }
}
