//! Interfaces: how an import that crosses a forbidden border becomes the import
//! of something that both sides may know.
//!
//! A [`Foreign`] symbol is looked at over all its consumers at once, so that it
//! gets one strategy and one contract. Nothing here decides which imports are
//! wrong, writes a disk, or prints.

mod choose;
mod closure;
pub mod contract;
mod departure;
mod dependency;
mod foreign;
mod header;
mod home;
pub mod inject;
#[cfg(test)]
mod judged;
mod part;
pub mod protocol;
pub mod python;
mod relocate;
mod settle;
mod target;
#[cfg(test)]
mod tests;
mod trees;
mod twins;

pub use choose::{Choice, without_moving};
pub use closure::{Blocked, Closures, Parts};
pub use dependency::{Declared, Undeclared, Wanted, declare};
pub use foreign::{Consumer, Definition, Draft, Foreign, Strategy};
pub use header::{Import, exports, from, imports};
pub use home::{Home, NoHome};
pub use part::{Need, Part};
pub use relocate::{Mover, Relocated};
pub use settle::{Answer, Publication, PublicationKind, Published, Settled, Terms, Verdict, settle};
pub use trees::Trees;
