//! References: what names a module, package or symbol that moves, and the
//! edits by which every such place follows.
//!
//! A set of moves is asked for by name ([`Move`]), settled against a workspace,
//! and gives a change set in which each edit has a class: imports, strings,
//! configuration, documents, prose. Nothing here asks whether a move is wise,
//! reads a disk, or prints.

mod asked;
mod circle;
mod cython;
mod engine;
mod files;
mod follow;
mod following;
mod found;
mod hidden;
mod join;
mod layout;
mod mentions;
mod notebook;
mod opening;
mod python;
mod refused;
mod relocation;
mod renames;
mod shim;
mod statement;
mod stay;
mod symbol;
mod text;
mod union;

pub use asked::{Move, ParseMoveError, Subject};
pub use cython::look_at_cython;
pub use engine::{EngineError, Options};
pub use follow::{Follow, Unhandled};
pub use following::Following;
pub use hidden::{binds_same_root, free_name};
pub use layout::is_alone;
pub use notebook::{CellEditError, Cells, Notebook, NotebookError};
pub use refused::Refused;
pub use relocation::{MovedSymbol, Relocation, Spot};
pub use renames::{Known, Mention, Renames, Spelling};
pub use shim::{Departed, Shim, SymbolShim};
pub use statement::{Fate, Fates, NewImport, rewrite_statement};
pub use symbol::{definition, with_gap};
pub use union::{Meeting, Union};
