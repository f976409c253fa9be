//! Which names of a file mean the same thing: Python's scope rules.
//!
//! The analysis follows the language reference, section 4.2 ("Naming and
//! binding"), PEP 572 and PEP 695. It is by scope, not by flow: a name that a
//! function binds anywhere is the function's everywhere in it. Only class
//! bodies, where a name not yet bound is looked up outside, look at the order.
//! Types in strings and in type comments (PEP 484) are read as code of the place
//! where they stand, but bind nothing and are never missed.

mod bind;
mod binding;
mod build;
pub(crate) mod builtins;
mod define;
mod lookup;
mod model;
mod module_names;
mod quoted;
mod reference;
mod resolve;
#[cfg(test)]
mod tests;
mod typing;

pub(crate) use binding::module_bindings;
pub use binding::{Binding, BindingKind};
pub use lookup::Scopes;
pub(crate) use reference::call_shape;
pub use reference::{CallShape, Reference, Role};
