//! Trials: a command is run in a scratch copy of the tree before a phase and
//! in one after it, and what only the second run complains of is what the phase
//! breaks.
//!
//! The only runner of other people's commands. It knows plans and the scratch
//! copies of `apply`, and nothing of Python, roadmaps or terminals: which
//! commands are run is decided elsewhere, and so is who is told of it.
//!
//! ```text
//! prove      phases and their commands, run where something is still unknown
//! answer     what a command prints about the tree itself
//! command    one command: its processes, its time, its end
//! interrupt  signals that end a trial
//! baseline   a git repository in the copy, for commands that ask git
//! output     what a command prints: its end kept, all of it read
//! reader     the problems that lines name
//! steady     what differs from run to run, taken out of a line
//! renames    what a phase calls otherwise, so that it is known again
//! verdict    what is broken anew
//! ```

mod answer;
mod baseline;
mod command;
mod error;
mod interrupt;
mod output;
mod prove;
mod reader;
mod renames;
mod steady;
#[cfg(test)]
mod tests;
mod verdict;

pub use answer::{Question, answer};
pub use error::TrialError;
pub use interrupt::Interrupt;
pub use prove::{Proof, Side, Tree, Trying, Watch, prove};
