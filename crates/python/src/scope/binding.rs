//! A binding: what makes a name mean something in a scope.

use std::rc::Rc;

use repot_change::Span;
use tree_sitter::Node;

use super::build::{Builder, Extent};
use super::model::{Mode, Use};
use crate::encoding::decode;

/// What a name is bound to in the scope where a lookup finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// What the first binding of the scope is.
    pub kind: BindingKind,
    /// The identifier of the first binding.
    pub span: Span,
    /// Whether the scope is the module.
    pub is_module: bool,
}

/// What binds a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingKind {
    /// An import.
    Import,
    /// A parameter of a function or lambda.
    Parameter,
    /// An assignment, annotation, loop target, `with … as`, `except … as`,
    /// `:=`, `del` or a capture of a match pattern.
    Assignment,
    /// `def`.
    Function,
    /// `class`.
    Class,
    /// `type X = …`.
    TypeAlias,
    /// A type parameter (PEP 695).
    TypeParameter,
}

/// One place where code of the module itself binds a name.
pub(crate) struct ModuleBinding {
    pub(crate) name: String,
    pub(crate) kind: BindingKind,
    /// The identifier.
    pub(crate) span: Span,
    /// Whether it stands under an `if`, `try`, `match`, `with` or loop.
    pub(crate) conditional: bool,
}

/// What the module's own code binds, in the order of the file; the bodies of
/// its functions and classes are not read.
pub(crate) fn module_bindings(root: Node<'_>, bytes: &[u8]) -> Vec<ModuleBinding> {
    let uses = Builder::new(root, bytes, Extent::Module, Rc::default()).run().uses;
    let binding = |one: &Use<'_>| match one.mode {
        Mode::Bind(kind) if one.scope == 0 => Some(ModuleBinding {
            name: decode(one.name).into_owned(),
            kind,
            span: one.span,
            conditional: one.conditional,
        }),
        _ => None,
    };
    uses.iter().filter_map(binding).collect()
}
