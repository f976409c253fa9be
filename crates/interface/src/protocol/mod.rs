//! Protocols: what consumers in fact use of a class that they may not import,
//! with the signatures of its definition (PEP 544).
//!
//! An annotation may name other types that may not be imported either. Which
//! they are is said first ([`Protocols::asks`]), and where they can be had from
//! is told when the text is written ([`Protocols::draft`]); what nobody tells
//! becomes `Any`, with a note.
//!
//! A type that is replaced by another protocol stands only where the class still
//! conforms: in what comes back. What a method takes has to be the very same
//! type, or `Any`.
//!
//! ```text
//! found     a member, in the class or the bases that the workspace defines
//! annotate  annotations in the words of the interface package
//! words     the words of an annotation
//! write     the text
//! conform   the check that a class still is what its protocol says
//! ```

mod annotate;
mod conform;
mod found;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use repot_python::Usage;

use crate::part::Anatomy;
use crate::{Definition, Draft, Home, Trees};

pub use conform::Conformance;

/// Whether a class, or a base of it that the workspace defines, has a member
/// called `name`.
pub(crate) fn member_of(trees: &Trees<'_>, definition: &Definition, name: &str) -> bool {
    found::Line::of(trees, definition).is_some_and(|line| line.member(name).is_some())
}

/// A type that an annotation needs and that cannot be imported as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// The type.
    pub definition: Definition,
    /// Whether only the type itself will do: a method takes it, or something
    /// holds it that can be written to.
    pub is_exact: bool,
}

/// Where a type can be had from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The dotted module.
    pub module: String,
    /// Whether it is the type itself there, and not a protocol of it.
    pub is_same: bool,
}

/// Writes protocols for the interface package.
pub struct Protocols<'a> {
    anatomy: Anatomy<'a>,
}

impl<'a> Protocols<'a> {
    /// Protocols that go to `home`.
    #[must_use]
    pub fn new(trees: &'a Trees<'a>, home: &'a Home) -> Self {
        Self { anatomy: Anatomy { trees, home } }
    }

    /// The types that the protocol of `definition` needs, for what `usages` do
    /// with it.
    #[must_use]
    pub fn asks(&self, definition: &Definition, usages: &[&Usage]) -> BTreeSet<Ask> {
        self.written(definition, usages, &BTreeMap::new()).1
    }

    /// The protocol of `definition`, for what `usages` do with it: of a class its
    /// members, of a function its call. `None` where there is no such definition.
    #[must_use]
    pub fn draft(
        &self,
        definition: &Definition,
        usages: &[&Usage],
        known: &BTreeMap<Definition, Known>,
    ) -> Option<Draft> {
        self.written(definition, usages, known).0
    }

    fn written(
        &self,
        definition: &Definition,
        usages: &[&Usage],
        known: &BTreeMap<Definition, Known>,
    ) -> (Option<Draft>, BTreeSet<Ask>) {
        let mut writer = write::Writer::new(&self.anatomy, definition, known);
        let draft = writer.draft(usages);
        (draft, writer.annotations.asks)
    }
}
