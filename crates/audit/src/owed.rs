//! The metric `owed-contracts`: contracts that stand for what nobody has
//! written yet.
//!
//! A contract says so itself, in its docstring; who implements it takes that
//! line away.

use memchr::memmem;
use rayon::prelude::*;
use repot_interface::contract::{OWED, owed};
use repot_workspace::{Module, ModuleId, Workspace};

use crate::{Figure, Finding, figure};

/// The name of the metric, and of the rule behind its findings.
pub const OWED_CONTRACTS: &str = "owed-contracts";

/// The findings, one for each contract, and the figure; its value counts
/// contracts.
pub fn owed_contracts(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let found: Vec<(&Module, Vec<Finding>)> =
        modules.into_par_iter().map(|(id, module)| (module, of_module(workspace, id))).collect();
    let files = found.iter().filter(|(_, findings)| !findings.is_empty()).count();
    let all = found.iter().map(|(_, findings)| findings.len()).sum();
    let per_file = found.iter().map(|(module, findings)| (workspace.package_name(module), findings.len()));
    let figure = figure::counted(OWED_CONTRACTS, &[("contracts", all), ("files", files)], per_file);
    (found.into_iter().flat_map(|(_, findings)| findings).collect(), figure)
}

fn of_module(workspace: &Workspace, id: ModuleId) -> Vec<Finding> {
    let path = &workspace.modules().get(id).path;
    let bytes = workspace.file(id).bytes().map_or(&[][..], |bytes| bytes);
    if memmem::find(bytes, OWED.as_bytes()).is_none() {
        return Vec::new();
    }
    let finding = |one: repot_interface::contract::Owed| {
        let message = format!("`{}` is owed: {}", one.name, one.about.trim_end_matches('.'));
        let hint = format!("implement it, and take `{}` out of its docstring", OWED.trim_end());
        Finding::at(OWED_CONTRACTS, (path, bytes, one.span), message, Some(hint))
    };
    owed(bytes).into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_change::RelPath;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    #[test]
    fn what_is_owed_is_found_until_somebody_writes_it() {
        let owes = "class Model:\n    \"\"\"Owed: `old.Model` is defined nowhere.\"\"\"\n";
        let files = [
            ("a.py", owes.to_owned()),
            ("b.py", owes.replace("Owed: ", "")),
            ("c.py", "\"\"\"Owed: by nobody.\"\"\"\nx = 1\n".to_owned()),
        ];
        let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.into_bytes()));
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(Shape::default()));
        let (findings, figure) = owed_contracts(&workspace);
        assert_eq!(figure.value, Some(1.0));
        let found: Vec<_> = findings.iter().map(|it| (it.path.as_str(), it.line, &*it.message)).collect();
        assert_eq!(found, [("a.py", 1, "`Model` is owed: `old.Model` is defined nowhere")]);
    }
}
