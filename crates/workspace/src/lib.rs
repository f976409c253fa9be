//! The repository as values: its files, packages, modules, and how they import
//! each other.
//!
//! The only crate that reads the repository. It writes nothing, prints
//! nothing, and proposes no change.

#![allow(
    clippy::disallowed_methods,
    reason = "the only reader of the repository; its tests make trees to read"
)]

mod beside;
mod binders;
mod domain;
mod graph;
mod habit;
mod kept;
mod layers;
mod module;
mod name;
mod named;
mod package;
mod required;
mod resolve;
mod root;
mod search;
mod snapshot;
mod source;
mod spell;
mod symbol;
#[cfg(test)]
mod tests;
mod workspace;

pub use domain::{Domains, Reach};
pub use graph::{Crossing, PackageGraph, subject};
pub use layers::{Layer, LayerHome, Layering};
pub use module::{Module, ModuleId, Modules, PackageId, Role};
pub use name::{below, is_identifier, is_stdlib};
pub use named::{NamedFile, read_named};
pub use package::{Package, Tree, TreeOrigin, find_packages, unmatched_exclude, unmatched_members};
pub use required::{Agreement, Required};
pub use resolve::{Place, ResolvedName, Target};
pub use root::{find_root, is_in_git};
pub use search::{Found, How, IDENTICAL_COPIES, Verdict, Wanted, matched};
pub use snapshot::{File, Folder, ReadError, Snapshot, Structure};
pub use source::{SOURCES, SourceHabit, Unmeant, is_place};
pub use spell::{Form, Obstacle, Spelling};
pub use symbol::Origin;
pub use workspace::{Shape, Workspace};
