//! Trials of small trees, and the words of real tools.

// Tests set up trees and look at what became of them.
#![allow(clippy::disallowed_methods, reason = "tests stand outside the seams")]

mod laws;
mod samples;
mod scene;
mod signals;
mod verdicts;
