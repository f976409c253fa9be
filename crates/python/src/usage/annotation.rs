//! What an annotation says of the thing that it stands at.

use tree_sitter::Node;

use super::access::is_field;
use super::name::node_at;
use crate::SourceFile;
use crate::scope::Reference;
use crate::tree::{children, text};

/// How a thing holds instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Held {
    /// It is one, or none.
    Itself,
    /// It is a collection of them.
    Elements,
    /// It maps something to them.
    Values,
}

/// The name or attribute whose annotation holds `reference`, and what the
/// annotation says of it.
pub(super) fn annotated<'t>(file: &'t SourceFile, reference: &Reference) -> Option<(Node<'t>, Held)> {
    let (node, held) = match reference.quoted {
        false => (node_at(file, reference.span)?, Held::Itself),
        true => quoted(file, reference)?,
    };
    climb(node, held, file.bytes())
}

/// The string that holds a quoted reference, where it says no more than that
/// something is an instance.
fn quoted<'t>(file: &'t SourceFile, reference: &Reference) -> Option<(Node<'t>, Held)> {
    let span = reference.span;
    let mut node = file.root().named_descendant_for_byte_range(span.start, span.end)?;
    while node.kind() != "string" {
        node = node.parent()?;
    }
    let whole = text(node, file.bytes());
    let whole = whole.trim_matches(['"', '\'']).replace(' ', "");
    let name = String::from_utf8_lossy(&file.bytes()[span.range()]).into_owned();
    let bare = whole.strip_suffix("|None").or_else(|| whole.strip_prefix("None|")).unwrap_or(&whole);
    let bare = bare.strip_prefix("Optional[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(bare);
    if bare == name {
        return Some((node, Held::Itself));
    }
    let (outer, inner) = bare.strip_suffix(']')?.split_once('[')?;
    (inner == name).then_some((node, inside(outer, true)?))
}

/// What an argument of the generic type `outer` is to it; `None` when no
/// instance can be had from it.
fn inside(outer: &str, is_last: bool) -> Option<Held> {
    match outer.rsplit('.').next().unwrap_or(outer) {
        "Optional" | "Union" | "Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired" => {
            Some(Held::Itself)
        }
        "list" | "List" | "set" | "Set" | "frozenset" | "FrozenSet" | "tuple" | "Tuple" | "Sequence"
        | "MutableSequence" | "Iterable" | "Iterator" | "Collection" | "AbstractSet" | "deque" | "Deque" => {
            Some(Held::Elements)
        }
        "dict" | "Dict" | "Mapping" | "MutableMapping" | "defaultdict" | "DefaultDict" | "OrderedDict"
            if is_last =>
        {
            Some(Held::Values)
        }
        _ => None,
    }
}

fn climb<'t>(node: Node<'t>, held: Held, bytes: &[u8]) -> Option<(Node<'t>, Held)> {
    let (mut node, mut held) = (node, held);
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "type" | "union_type" | "generic_type" | "binary_operator" | "parenthesized_expression" => {}
            "type_parameter" => {
                let outer = parent.parent()?.named_child(0)?;
                held = held_in(held, outer, children(parent).last() == Some(&node), bytes)?;
            }
            "subscript" => {
                let outer = parent.child_by_field_name("value").filter(|value| *value != node)?;
                held = held_in(held, outer, children(parent).last() == Some(&node), bytes)?;
            }
            "typed_parameter" => {
                let name = *children(parent).first()?;
                return match name.kind() {
                    "list_splat_pattern" => Some((name.named_child(0)?, only(held, Held::Elements)?)),
                    "dictionary_splat_pattern" => Some((name.named_child(0)?, only(held, Held::Values)?)),
                    _ => Some((name, held)),
                };
            }
            "typed_default_parameter" => return Some((parent.child_by_field_name("name")?, held)),
            // What a function gives: its calls are followed by its name.
            "function_definition" if is_field(parent, "return_type", node) => {
                return Some((parent.child_by_field_name("name")?, held));
            }
            "assignment" if is_field(parent, "type", node) => {
                return Some((parent.child_by_field_name("left")?, held));
            }
            _ => return None,
        }
        node = parent;
    }
    None
}

fn held_in(held: Held, outer: Node<'_>, is_last: bool, bytes: &[u8]) -> Option<Held> {
    match (inside(&text(outer, bytes), is_last)?, held) {
        (Held::Itself, held) => Some(held),
        (outer, held) => only(held, outer),
    }
}

/// `outer`, when what it holds is nothing but an instance.
fn only(held: Held, outer: Held) -> Option<Held> {
    (held == Held::Itself).then_some(outer)
}
