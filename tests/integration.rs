//! The one integration binary: the house rules, and the command line as a user
//! meets it.

// Tests set up trees and look at what became of them.
#![allow(clippy::disallowed_methods, reason = "tests stand outside the seams")]

mod house;
