//! What one use of a name is there for.

use repot_change::Span;
use tree_sitter::Node;

use super::access::{access, is_field, member, unwrapped};
use super::{Access, MemberUse, NameUse, Then, UseKind, Verb};
use crate::SourceFile;
use crate::scope::{Reference, Role, call_shape};
use crate::tree::{children, text};

/// What `reference` is there for.
pub(super) fn name_use(file: &SourceFile, reference: &Reference) -> NameUse {
    NameUse { span: reference.span, kind: kind(file, reference) }
}

fn kind(file: &SourceFile, reference: &Reference) -> UseKind {
    if reference.role != Role::Load {
        return UseKind::Rebound;
    }
    if reference.quoted {
        return UseKind::Annotation { quoted: true };
    }
    let Some(node) = node_at(file, reference.span) else { return UseKind::Value(Then::Kept) };
    let bytes = file.bytes();
    if let Some(member) = member(node, bytes).or_else(|| pattern_member(node, reference)) {
        return UseKind::Attribute(member);
    }
    if reference.annotation {
        return UseKind::Annotation { quoted: false };
    }
    climb(node, bytes)
}

/// The identifier at `span`, when it stands in code.
pub(super) fn node_at(file: &SourceFile, span: Span) -> Option<Node<'_>> {
    let found = file.root().named_descendant_for_byte_range(span.start, span.end)?;
    (found.kind() == "identifier").then_some(found)
}

/// The member of `case A.B:`, where a dotted name is no attribute.
fn pattern_member(node: Node<'_>, reference: &Reference) -> Option<MemberUse> {
    node.parent().filter(|parent| parent.kind() == "dotted_name")?;
    let name = reference.chain.first()?.clone();
    let access = Access { span: name.span, verb: Verb::Read, then: Then::Kept };
    Some(MemberUse { name, access })
}

/// Climbs from a name to what says what it is there for.
fn climb(node: Node<'_>, bytes: &[u8]) -> UseKind {
    let value = || UseKind::Value(access(node, bytes).then);
    let (mut node, mut call) = (unwrapped(node), None);
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "call" if is_field(parent, "function", node) => {
                let list = parent.child_by_field_name("arguments");
                call = Some(list.map(|list| call_shape(list, bytes)).unwrap_or_default());
            }
            "raise_statement" => return UseKind::Raised(call),
            "decorator" => return UseKind::Decorator(call),
            "except_clause" => return UseKind::Caught,
            "dotted_name" => return UseKind::TypeTest,
            "argument_list" => {
                let kind = argument(node, parent, call.is_some(), bytes);
                return kind.unwrap_or_else(|| call.map_or_else(value, UseKind::Called));
            }
            "default_parameter" | "typed_default_parameter" if call.is_none() => return UseKind::Default,
            "subscript" if !is_field(parent, "value", node) && is_generic(parent, bytes) => {
                return UseKind::Annotation { quoted: false };
            }
            "tuple" | "parenthesized_expression" | "as_pattern" | "keyword_argument" => {}
            "binary_operator" | "subscript" if call.is_none() => {}
            _ => break,
        }
        node = parent;
    }
    call.map_or_else(value, UseKind::Called)
}

/// What an argument is there for, where the call or class says it.
fn argument(node: Node<'_>, list: Node<'_>, is_called: bool, bytes: &[u8]) -> Option<UseKind> {
    let owner = list.parent()?;
    if is_called || node.kind() == "keyword_argument" {
        return None;
    }
    if owner.kind() == "class_definition" {
        return Some(UseKind::Base);
    }
    let function = text(owner.child_by_field_name("function")?, bytes);
    let is_test = matches!(function.as_str(), "isinstance" | "issubclass");
    (is_test && children(list).get(1) == Some(&node)).then_some(UseKind::TypeTest)
}

/// Whether the arguments of a subscript are types: what is subscribed is
/// called like a class, or is a generic class of Python's own.
fn is_generic(subscript: Node<'_>, bytes: &[u8]) -> bool {
    let value = subscript.child_by_field_name("value").map(|value| text(value, bytes)).unwrap_or_default();
    let name = value.rsplit('.').next().unwrap_or_default();
    let is_class =
        name.starts_with(char::is_uppercase) && (name.len() == 1 || name.contains(char::is_lowercase));
    is_class || matches!(name, "list" | "dict" | "tuple" | "set" | "frozenset" | "type")
}
