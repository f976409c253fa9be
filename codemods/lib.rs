//! The built-in codemods. Each has a folder: its code and its cases.

use repot_codemod::Registry;

pub mod align_versions;
mod border;
#[cfg(test)]
mod cases;
pub mod complete_layers;
pub mod decouple_domains;
pub mod fit_pyproject;
mod handed;
mod idle;
pub mod merge_packages;
pub mod move_code;
pub mod retarget_imports;
pub mod scaffold_package;

/// Every built-in codemod, in the order in which they are documented.
pub const REGISTRY: Registry = Registry::new(&[
    &retarget_imports::RetargetImports,
    &decouple_domains::DecoupleDomains,
    &move_code::MoveCode,
    &merge_packages::MergePackages,
    &fit_pyproject::FitPyproject,
    &align_versions::AlignVersions,
    &complete_layers::CompleteLayers,
    &scaffold_package::ScaffoldPackage,
]);
