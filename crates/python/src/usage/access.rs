//! What the code around an expression does with it.

use tree_sitter::Node;

use super::{Access, MemberUse, Then, Verb};
use crate::Name;
use crate::scope::call_shape;
use crate::tree::{children, span, text};

/// What is done with the expression `node`.
pub(super) fn access(node: Node<'_>, bytes: &[u8]) -> Access {
    let (outer, verb) = verb(node, bytes);
    Access { span: span(node), verb, then: then(outer, bytes) }
}

/// What is done with a member of `node`, when one is named.
pub(super) fn member(node: Node<'_>, bytes: &[u8]) -> Option<MemberUse> {
    let attribute = unwrapped(node).parent().filter(|parent| is_object_of(unwrapped(node), *parent))?;
    let name = attribute.child_by_field_name("attribute")?;
    let name = Name { text: text(name, bytes), span: span(name) };
    Some(MemberUse { name, access: access(attribute, bytes) })
}

/// Whether `parent` is an attribute of `node`.
pub(super) fn is_object_of(node: Node<'_>, parent: Node<'_>) -> bool {
    parent.kind() == "attribute" && parent.child_by_field_name("object") == Some(node)
}

/// The outermost parentheses around `node`, or itself.
pub(super) fn unwrapped(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while let Some(parent) = node.parent().filter(|parent| parent.kind() == "parenthesized_expression") {
        node = parent;
    }
    node
}

/// Whether `node` stands in the field `field` of `parent`.
pub(super) fn is_field(parent: Node<'_>, field: &str, node: Node<'_>) -> bool {
    let mut cursor = parent.walk();
    parent.children_by_field_name(field, &mut cursor).any(|child| child == node)
}

/// What happens to `node`, and the expression whose value is then there.
fn verb<'t>(node: Node<'t>, bytes: &[u8]) -> (Node<'t>, Verb) {
    let node = unwrapped(node);
    let Some(parent) = node.parent() else { return (node, Verb::Read) };
    match parent.kind() {
        "call" if is_field(parent, "function", node) => {
            let shape = parent.child_by_field_name("arguments").map(|list| call_shape(list, bytes));
            (unwrapped(parent), Verb::Called(shape.unwrap_or_default()))
        }
        "delete_statement" => (node, Verb::Deleted),
        _ if is_target(node) => (node, Verb::Written),
        _ => (node, Verb::Read),
    }
}

/// Whether `node` is bound by the statement around it.
pub(super) fn is_target(node: Node<'_>) -> bool {
    let mut node = node;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "pattern_list" | "tuple_pattern" | "list_pattern" | "list_splat_pattern" => node = parent,
            "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => {
                return is_field(parent, "left", node);
            }
            "as_pattern_target" => return true,
            "delete_statement" => return true,
            _ => return false,
        }
    }
    false
}

/// What happens to the value of `node`.
fn then(node: Node<'_>, bytes: &[u8]) -> Then {
    let Some(parent) = node.parent() else { return Then::Kept };
    match parent.kind() {
        "await" => Then::Awaited,
        "with_item" => entered(parent),
        "as_pattern" if parent.parent().is_some_and(|item| item.kind() == "with_item") => {
            parent.parent().map_or(Then::Kept, entered)
        }
        "for_statement" | "for_in_clause" if is_field(parent, "right", node) => match is_async(parent) {
            true => Then::IteratedAsync,
            false => Then::Iterated,
        },
        "list_splat" => Then::Iterated,
        "subscript" if parent.child_by_field_name("value") == Some(node) => match is_target(parent) {
            true => Then::IndexedForWriting,
            false => Then::Indexed,
        },
        "argument_list" => measured(node, parent, bytes),
        "comparison_operator" => compared(node, parent),
        _ => Then::Kept,
    }
}

fn entered(item: Node<'_>) -> Then {
    let mut node = item;
    while let Some(parent) = node.parent() {
        if parent.kind() == "with_statement" {
            return if is_async(parent) { Then::EnteredAsync } else { Then::Entered };
        }
        node = parent;
    }
    Then::Entered
}

fn is_async(statement: Node<'_>) -> bool {
    statement.child(0).is_some_and(|first| first.kind() == "async")
}

/// `len(…)`, and what takes any iterable.
fn measured(node: Node<'_>, list: Node<'_>, bytes: &[u8]) -> Then {
    let function = list.parent().and_then(|call| call.child_by_field_name("function"));
    let is_first = children(list).first() == Some(&node);
    match function.filter(|_| is_first).map(|function| text(function, bytes)).as_deref() {
        Some("len") => Then::Measured,
        Some(
            "list" | "tuple" | "set" | "frozenset" | "iter" | "sum" | "any" | "all" | "enumerate" | "min"
            | "max",
        ) => Then::Iterated,
        Some("sorted") => Then::Iterated,
        _ => Then::Kept,
    }
}

/// `in` and the orderings.
fn compared(node: Node<'_>, comparison: Node<'_>) -> Then {
    let mut cursor = comparison.walk();
    let mut last = "";
    for part in comparison.children(&mut cursor) {
        if part == node && matches!(last, "in" | "not in") {
            return Then::Searched;
        }
        if !part.is_named() {
            last = part.kind();
        }
    }
    let mut cursor = comparison.walk();
    let is_order = |part: Node<'_>| matches!(part.kind(), "<" | "<=" | ">" | ">=");
    if comparison.children(&mut cursor).any(is_order) { Then::Ordered } else { Then::Kept }
}
