//! The requirements of project files, and the versions that they agree on.
//!
//! A requirement is read with its place, and can be made to ask for other
//! versions without a change of anything else in it. What all of them should ask
//! for is found by sets of versions; the files come in as values.

mod agree;
mod join;
mod read;
mod reference;
mod settle;
mod spell;
mod stated;
#[cfg(test)]
mod tests;

pub use agree::{Ask, Choice, Conflict, Verdict, Why, agree};
pub use join::Joined;
pub use read::{Requirements, requirements};
pub use reference::Reference;
pub use stated::{Asks, Stated};
