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
//! ```

mod docstring;
mod known;
mod layout;
mod module;
mod value;

pub use docstring::docstring;
pub use known::known_imports;
pub use module::Module;
pub use value::{Class, Function, Item, Parameter};
