//! How a file uses one imported name, and what it does with its instances.
//!
//! The scope rules say which identifiers mean the name; what stands around each
//! of them says what it is there for. What a name stands for, a class or a
//! function, is not known here: a call is a call.
//!
//! Instances are followed within the file, without flow: what is annotated
//! with the name or assigned from its call is an instance wherever it is read,
//! and so is what such a variable is assigned to, `self.x` within its class, and
//! what comes out of a container that it was put into.

mod access;
mod annotation;
mod contain;
mod gift;
mod held;
mod instance;
mod name;
mod passed;
#[cfg(test)]
mod tests;

use repot_change::Span;

pub use gift::Gift;
pub use passed::Passed;

use instance::Trail;

use crate::{CallShape, ImportStmt, ImportedName, Name, Scopes, SourceFile};

/// How a file uses one name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Every use of the name itself, in the order of the file.
    pub uses: Vec<NameUse>,
    /// What is done with members of its instances, in the order of the file.
    pub members: Vec<MemberUse>,
    /// What is done with its instances themselves, in the order of the file;
    /// plain reads are left out.
    pub instances: Vec<Access>,
    /// How what the file defines hands out instances.
    pub gifts: Vec<Gift>,
    /// The generic bases to which its classes pass the name.
    pub passed: Vec<Passed>,
    /// Whether the file's `__all__` lists the name.
    pub is_listed: bool,
}

/// One use of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUse {
    /// The identifier.
    pub span: Span,
    /// What it is there for.
    pub kind: UseKind,
}

/// What a name is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UseKind {
    /// In an annotation, a type alias, or the arguments of a generic type;
    /// within a string where only what reads types looks it up.
    Annotation {
        /// Whether it stands in a string or a type comment.
        quoted: bool,
    },
    /// Called: a class is constructed, a function is called.
    Called(CallShape),
    /// A base of a class.
    Base,
    /// Raised, called or not.
    Raised(Option<CallShape>),
    /// Caught by an `except`.
    Caught,
    /// The second argument of `isinstance` or `issubclass`, or the class of a
    /// pattern of `match`.
    TypeTest,
    /// An attribute of the name itself is used: an enum's member, a constant, a
    /// class method.
    Attribute(MemberUse),
    /// A decorator, called or not.
    Decorator(Option<CallShape>),
    /// The default value of a parameter.
    Default,
    /// A value like any other; with what happens to it.
    Value(Then),
    /// Bound anew or deleted.
    Rebound,
}

/// What is done with one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberUse {
    /// The member.
    pub name: Name,
    /// What is done with it.
    pub access: Access,
}

/// What is done with one expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The expression.
    pub span: Span,
    /// What happens to it.
    pub verb: Verb,
    /// What happens to its value, or to the result of its call.
    pub then: Then,
}

/// What happens to an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// It is read.
    Read,
    /// It is assigned to, also by `+=` and as a loop's target.
    Written,
    /// It is deleted.
    Deleted,
    /// It is called.
    Called(CallShape),
}

/// What happens to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Then {
    /// Nothing that says what it is.
    Kept,
    /// `await`.
    Awaited,
    /// `with`.
    Entered,
    /// `async with`.
    EnteredAsync,
    /// `for`, or a star.
    Iterated,
    /// `async for`.
    IteratedAsync,
    /// `[…]`, read.
    Indexed,
    /// `[…]`, assigned to or deleted.
    IndexedForWriting,
    /// `len(…)`.
    Measured,
    /// The right side of `in`.
    Searched,
    /// `<`, `<=`, `>`, `>=`, or a sort key.
    Ordered,
}

impl Usage {
    /// Whether the file does nothing with the name.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        self.uses.is_empty() && !self.is_listed
    }

    /// Whether the name stands in annotations only.
    #[must_use]
    pub fn is_annotation_only(&self) -> bool {
        let is_annotation = |one: &NameUse| matches!(one.kind, UseKind::Annotation { .. });
        !self.uses.is_empty() && self.uses.iter().all(is_annotation)
    }
}

impl Scopes<'_> {
    /// Every use of the name that the file binds at `offset`, but for the binding
    /// itself.
    #[must_use]
    pub fn uses_of(&self, offset: usize) -> Vec<NameUse> {
        self.references_at(offset).iter().map(|one| name::name_use(self.file(), one)).collect()
    }

    /// How the file uses the name that `item` of `stmt` binds.
    ///
    /// For `import a.b` that is the name `a`; its attributes say what is used.
    #[must_use]
    pub fn usage(&self, stmt: &ImportStmt, item: &ImportedName) -> Usage {
        let file: &SourceFile = self.file();
        let references = self.references(stmt, item);
        let uses: Vec<NameUse> = references.iter().map(|one| name::name_use(file, one)).collect();
        let mut trail = Trail::new(self);
        trail.follow(&references);
        let exports = file.definitions().exports.as_ref();
        let is_listed = exports.is_some_and(|names| names.iter().any(|name| name == item.bound()));
        Usage { uses, is_listed, ..trail.end() }
    }
}
