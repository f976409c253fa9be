//! The one integration binary: the house rules, and the command line as a user
//! meets it.

// Tests set up trees and look at what became of them.
#![allow(clippy::disallowed_methods, reason = "tests stand outside the seams")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod boundaries;
mod environment;
mod gates;
mod history;
mod house;
mod ignored;
mod journey;
mod merging;
mod moves;
mod outputs;
mod refusals;
mod reporting;
mod resurrecting;
mod reviewing;
mod running;
mod saved;
mod selecting;
mod shims;
mod trials;
