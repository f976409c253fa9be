//! The rule `private-access`: a name that begins with an underscore belongs to
//! its package (PEP 8), and others do not import it.

use repot_roadmap::Boundaries;

use super::PRIVATE_ACCESS;
use super::imports::Imports;
use crate::Finding;

pub fn look(imports: &Imports<'_>, _: &Boundaries) -> Vec<Finding> {
    let workspace = imports.workspace;
    let finding = |(import, _, to): (&super::imports::Import<'_>, _, _)| {
        let module = import.resolved.module.split('.');
        let private = module.chain(import.resolved.name.as_deref()).find(|part| is_private(part))?;
        let owner = &workspace.package(to).name;
        let message = format!("`{}`: `{private}` is private to `{owner}`", import.subject());
        let hint = format!("import what `{owner}` offers, or let it offer this under a name without `_`");
        Some(import.finding(workspace, PRIVATE_ACCESS, message, Some(hint)))
    };
    imports.crossing().filter_map(finding).collect()
}

/// `_x` and `__x`, but not `__x__`.
fn is_private(name: &str) -> bool {
    name.starts_with('_') && !(name.len() > 4 && name.starts_with("__") && name.ends_with("__"))
}
