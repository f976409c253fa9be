//! The rule `composition-root`: a program is put together in one place, which
//! may import every domain; no other package imports that place, since asking
//! it for a service would be importing all domains under another name.

use repot_change::RelPath;
use repot_roadmap::Boundaries;

use super::COMPOSITION_ROOT;
use super::imports::{Import, Imports};
use crate::Finding;

pub fn look(imports: &Imports<'_>, _: &Boundaries) -> Vec<Finding> {
    let workspace = imports.workspace;
    let is_root = |path: &RelPath| workspace.shape().is_composition_root(path);
    let finding = |(import, from, _): (&Import<'_>, _, _)| {
        let reached = &workspace.modules().get(import.reached_module()?).path;
        if !is_root(reached) || is_root(&import.module.path) {
            return None;
        }
        let importer = &workspace.package(from).name;
        let message =
            format!("`{}` is a composition root, which `{importer}` must not import", import.subject());
        let hint = "take what is needed as a parameter, and let the composition root pass it".to_owned();
        Some(import.finding(workspace, COMPOSITION_ROOT, message, Some(hint)))
    };
    imports.crossing().filter_map(finding).collect()
}
