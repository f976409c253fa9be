//! One place that refers to what moves: what becomes of it, and how sure that is.

use repot_change::{Applicability, Class, Span};

/// A place that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// The bytes that are replaced: no more than the name itself.
    pub span: Span,
    /// What stands there afterwards.
    pub new: String,
    /// The class under which the edit is shown and may be dropped.
    pub class: Class,
    /// How sure it is.
    pub applicability: Applicability,
    /// What was named: the dotted name, or the path as it was written.
    pub subject: String,
    /// The rule that decided, in a few words.
    pub rule: String,
}

/// A place that refers to what moves and stays as it is, for a person to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unhandled {
    /// The bytes that refer.
    pub span: Span,
    /// The class of the reference.
    pub class: Class,
    /// What is named.
    pub subject: String,
    /// Why it is not followed.
    pub reason: String,
}
