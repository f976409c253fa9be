//! What the walk over a tree collects: scopes, and the uses of names in them.

use std::collections::HashSet;

use repot_change::Span;
use tree_sitter::Node;

use super::BindingKind;

/// The number of a scope; 0 is the module.
pub(super) type ScopeId = usize;

/// What makes a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    /// A function or lambda.
    Function,
    Comprehension,
    /// The type parameters of a definition and what they reach (PEP 695).
    Types,
}

/// One scope: names are looked up in it, then in its parent.
#[derive(Debug)]
pub(super) struct Scope<'file> {
    pub(super) kind: ScopeKind,
    pub(super) parent: ScopeId,
    /// Where code stands in it.
    pub(super) region: Span,
    /// The part of the region that is evaluated outside: the first iterable of
    /// a comprehension.
    pub(super) hole: Option<Span>,
    pub(super) globals: HashSet<&'file [u8]>,
    pub(super) nonlocals: HashSet<&'file [u8]>,
}

/// What a use does with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Load,
    Bind(BindingKind),
    Delete,
    /// It stands in a `global` or `nonlocal` statement.
    Declare,
}

/// What the expression around a use is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Plain,
    Base,
    Decorator,
    Raise,
}

/// One identifier that means a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use<'file> {
    pub(super) name: &'file [u8],
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) mode: Mode,
    pub(super) place: Place,
    pub(super) annotation: bool,
    /// Whether a block that may not run, or runs often, stands around it.
    pub(super) conditional: bool,
    /// From where on a binding holds; only class bodies ask.
    pub(super) effective: usize,
    /// The attribute chain that begins with the use, or its call.
    pub(super) outer: Option<Node<'file>>,
    /// For a use inside of a string or comment: which of the quoted chains is
    /// its own.
    pub(super) quoted: Option<usize>,
}

/// A text inside of a string or comment that is read as a type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub(super) content: Span,
    pub(super) scope: ScopeId,
}

/// A node to visit, and what is known of it from above.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'file> {
    pub(super) node: Node<'file>,
    pub(super) scope: ScopeId,
    pub(super) mode: Mode,
    pub(super) place: Place,
    pub(super) annotation: bool,
    pub(super) conditional: bool,
    pub(super) effective: usize,
    pub(super) outer: Option<Node<'file>>,
    /// Whether a string in its place is read as a type.
    pub(super) is_type: bool,
}

impl<'file> Task<'file> {
    /// A node below this one that is read, for no particular purpose.
    pub(super) fn load(self, node: Node<'file>) -> Self {
        Self {
            node,
            mode: Mode::Load,
            place: Place::Plain,
            effective: 0,
            outer: None,
            is_type: false,
            ..self
        }
    }

    /// A node below this one that is bound, from `effective` on.
    pub(super) fn bind(self, node: Node<'file>, kind: BindingKind, effective: usize) -> Self {
        Self { mode: Mode::Bind(kind), effective, ..self.load(node) }
    }

    pub(super) fn place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    pub(super) fn scope(self, scope: ScopeId) -> Self {
        Self { scope, ..self }
    }

    pub(super) fn annotation(self) -> Self {
        Self { annotation: true, ..self }.types()
    }

    /// A string in this place is read as a type.
    pub(super) fn types(self) -> Self {
        Self { is_type: true, ..self }
    }

    pub(super) fn conditional(self) -> Self {
        Self { conditional: true, ..self }
    }
}
