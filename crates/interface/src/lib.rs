//! Interfaces: how an import that crosses a forbidden border becomes the import
//! of something that both sides may know.
//!
//! A [`Foreign`] symbol is looked at over all its consumers at once, so that it
//! gets one strategy and one contract. Nothing here decides which imports are
//! wrong, writes a disk, or prints.

mod foreign;

pub use foreign::{Consumer, Definition, Draft, Foreign, Strategy};
