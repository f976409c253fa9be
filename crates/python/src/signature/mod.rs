//! What a class or function says to those who use it: members with their full
//! signatures, as written in one file.
//!
//! Inherited members are not followed, and nothing is inferred but the types of
//! literals.

mod annotation;
mod attributes;
mod blocks;
mod call;
mod method;
mod slot;
mod surface;

pub use annotation::Annotation;
pub use blocks::{Block, BlockKind};
pub use call::{Call, Mention, Unit};
pub use method::{Argument, Binding as MethodBinding, Method};
pub use slot::{Receiving, Slot};
pub use surface::{Member, MemberKind, Surface};

pub(crate) use blocks::blocks;
pub(crate) use call::{is_deferred, mention};
pub(crate) use method::functions;
pub(crate) use slot::{function_slot, receiving};
pub(crate) use surface::surface;

#[cfg(test)]
mod tests;
