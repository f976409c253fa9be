//! Generated Python: modules as values, and their text as `ruff format` leaves
//! it.
//!
//! What stands in a module is decided elsewhere; here it is only written. The
//! same values always make the same text.
//!
//! ```text
//! value    definitions: classes, functions, attributes
//! layout   lines: what is broken, and where
//! module   a whole file: docstring, imports, exports, definitions
//! merge    a module and what stands in its file already
//! ```

mod docstring;
mod graft;
mod known;
mod layout;
mod merge;
mod module;
mod reconcile;
#[cfg(test)]
mod tests;
mod value;

pub use docstring::docstring;
pub(crate) use graft::imports_edit;
pub use known::known_imports;
pub use layout::call;
pub use merge::{Contradiction, Merged, merge};
pub use module::Module;
pub use value::{Class, Function, Item, Parameter};
