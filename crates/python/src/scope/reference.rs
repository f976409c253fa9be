//! A use of a name, and what its surroundings do with it.

use repot_change::Span;
use tree_sitter::Node;

use super::model::{Mode, Place, Use};
use crate::{Name, tree};

/// One use of a binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The identifier.
    pub span: Span,
    /// The attributes that follow: `[b, c]` for the `a` of `a.b.c()`.
    pub chain: Vec<Name>,
    /// The arguments, when the whole chain is called.
    pub call: Option<CallShape>,
    /// Whether the name is read, bound again or deleted.
    pub role: Role,
    /// Whether it stands in an annotation or a type alias, quoted or not.
    pub annotation: bool,
    /// Whether it stands inside of a string or a type comment, where only what
    /// reads types looks it up.
    pub quoted: bool,
    /// Whether the chain is a base of a class, called or subscribed or not.
    pub is_base: bool,
    /// Whether the chain is raised, or caught by an `except`.
    pub in_raise_or_except: bool,
    /// Whether the chain is a decorator, called or not.
    pub is_decorator: bool,
}

/// What a use does with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The name is read.
    Load,
    /// The name is bound again, or declared `global` or `nonlocal`.
    Store,
    /// The name is deleted.
    Delete,
}

/// The arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallShape {
    /// How many positional arguments there are, starred ones not counted.
    pub positional: usize,
    /// The keywords, in order.
    pub keywords: Vec<Name>,
    /// Whether `*args` or `**kwargs` are given.
    pub is_open: bool,
}

/// What `one`'s surroundings do with it.
///
/// `chains` are those of the quoted uses.
pub(super) fn reference(one: &Use<'_>, bytes: &[u8], chains: &[Vec<Name>]) -> Reference {
    let (mut chain, call) = one.outer.map_or((Vec::new(), None), |outer| surroundings(outer, bytes));
    if let Some(quoted) = one.quoted.and_then(|index| chains.get(index)) {
        chain.clone_from(quoted);
    }
    Reference {
        span: one.span,
        chain,
        call,
        role: match one.mode {
            Mode::Load => Role::Load,
            Mode::Bind(_) | Mode::Declare => Role::Store,
            Mode::Delete => Role::Delete,
        },
        annotation: one.annotation,
        quoted: one.quoted.is_some(),
        is_base: one.place == Place::Base,
        in_raise_or_except: one.place == Place::Raise,
        is_decorator: one.place == Place::Decorator,
    }
}

/// The attributes and the call of the chain that `outer` is.
pub(super) fn surroundings(outer: Node<'_>, bytes: &[u8]) -> (Vec<Name>, Option<CallShape>) {
    let name = |node: Node<'_>| Name { text: tree::text(node, bytes), span: tree::span(node) };
    if outer.kind() == "dotted_name" {
        return (tree::children(outer).into_iter().skip(1).map(name).collect(), None);
    }
    let is_call = outer.kind() == "call";
    let call = outer.child_by_field_name("arguments").filter(|_| is_call).map(|list| call_shape(list, bytes));
    let mut node = if is_call { outer.child_by_field_name("function") } else { Some(outer) };
    let mut chain = Vec::new();
    while let Some(attribute) = node.filter(|node| node.kind() == "attribute") {
        chain.extend(attribute.child_by_field_name("attribute").map(name));
        node = attribute.child_by_field_name("object");
    }
    chain.reverse();
    (chain, call)
}

/// The arguments that the list `arguments` holds.
pub(crate) fn call_shape(arguments: Node<'_>, bytes: &[u8]) -> CallShape {
    let mut shape = CallShape::default();
    if arguments.kind() == "generator_expression" {
        return CallShape { positional: 1, ..shape };
    }
    for argument in tree::children(arguments) {
        match argument.kind() {
            "list_splat" | "dictionary_splat" => shape.is_open = true,
            "keyword_argument" => {
                let name = argument.child_by_field_name("name");
                let name = name.map(|name| Name { text: tree::text(name, bytes), span: tree::span(name) });
                shape.keywords.extend(name);
            }
            _ => shape.positional += 1,
        }
    }
    shape
}
