//! Contracts: what code that is used and defined nowhere would have to be, read
//! off the uses of all its consumers together.
//!
//! A contract is never an implementation. Where only a type is wanted it is a
//! `Protocol`; what runs raises `NotImplementedError` and says what is owed;
//! exceptions and enums alone are what they are. Its docstring begins with
//! [`OWED`], so that people and `repot check` tell it from what somebody wrote.
//!
//! ```text
//! seen     the uses of all consumers, gathered
//! shape    what they make of the symbol: a class, an enum, an exception, …
//! call     parameters that take every call that was seen
//! members  methods and attributes
//! special  the methods behind syntax
//! write    the text
//! ```

mod call;
mod members;
mod owed;
mod seen;
mod shape;
mod special;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeSet;

use repot_python::Usage;

pub use owed::{Owed, owed};
pub(crate) use seen::is_common;
pub use shape::{Shape, Unclear};

use crate::Draft;
use crate::python::Item;
use members::Body;
use seen::Seen;

/// How the docstring of a contract begins that nothing implements.
pub const OWED: &str = "Owed: ";

/// A contract for a symbol that is defined nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// What the uses make of it.
    pub shape: Shape,
    /// Its text.
    pub draft: Draft,
}

/// The contract of `name`, which consumers import from the dotted `module`.
///
/// # Errors
///
/// [`Unclear`] when the uses do not say what it would be: a value that nobody
/// knows, or a name that is bound anew.
pub fn contract<'a>(
    module: &str,
    name: &str,
    usages: impl IntoIterator<Item = &'a Usage>,
    consumers: &BTreeSet<String>,
) -> Result<Contract, Unclear> {
    let seen = Seen::gather(usages);
    let shape = shape::shape(name, &seen)?;
    let draft = write::Writer { module, name, seen: &seen, consumers }.draft(shape);
    Ok(Contract { shape, draft })
}

/// The methods behind syntax that `usages` ask of instances.
pub(crate) fn special_names(usages: &[&Usage]) -> Vec<String> {
    let seen = Seen::gather(usages.iter().copied());
    special::special(&seen, Body::Stub).iter().map(|item| item.name().to_owned()).collect()
}

/// The member `name` of instances, as `usages` use it.
pub(crate) fn inferred(name: &str, usages: &[&Usage]) -> Option<Item> {
    let seen = Seen::gather(usages.iter().copied());
    let special = special::special(&seen, Body::Stub).into_iter().find(|item| item.name() == name);
    special.or_else(|| seen.members.get(name).map(|member| members::member(name, member, Body::Stub)))
}
