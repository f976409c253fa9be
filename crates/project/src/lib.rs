//! One `pyproject.toml`: a lossless document, what its metadata mean, and the
//! rules that a template sets for it.
//!
//! The crate knows no other file: what lies beside the document comes in as
//! [`Facts`]. What a rule misses is a value, [`Lack`], and so is what would mend
//! it, a list of [`Change`]s; a metric, a codemod and a card for people all rest
//! on the same values and cannot disagree.

mod change;
mod document;
mod edits;
mod facts;
mod fit;
mod older;
mod repair;
mod requirement;
mod rules;
mod union;
mod valid;
mod versions;

pub use change::{Change, Key};
pub use document::{Broken, Document};
pub use edits::{edits, text};
pub use facts::{Facts, Place, Shipped};
pub use fit::{Fitted, Settled, fit};
pub use older::{Older, Said};
pub use repair::{Repair, repair};
pub use requirement::normal;
pub use rules::{About, Cure, Lack, Question, RULES, Rule, Subject, asked, lacks};
pub use union::{Asked, United, distribution, requirement_lists, requirement_tables, unite};
pub use valid::faults;
pub use versions::{
    Ask, Asks, Choice, Conflict, Joined, Reference, Requirements, Stated, Verdict, Why, agree, requirements,
};
