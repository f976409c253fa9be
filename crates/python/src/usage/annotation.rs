//! What an annotation says of the thing that it stands at.

use tree_sitter::Node;

use super::access::is_field;
use super::held::{Held, Layer};
use super::name::node_at;
use crate::SourceFile;
use crate::scope::Reference;
use crate::tree::{children, text};

/// The name or attribute whose annotation holds `reference`, and what the
/// annotation says of it.
pub(super) fn annotated<'t>(file: &'t SourceFile, reference: &Reference) -> Option<(Node<'t>, Held)> {
    let (node, held) = match reference.quoted {
        false => (node_at(file, reference.span)?, Held::ITSELF),
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
        return Some((node, Held::ITSELF));
    }
    let (outer, inner) = bare.strip_suffix(']')?.split_once('[')?;
    (inner == name).then_some((
        node,
        Argument { outer: outer.to_owned(), at: 0, count: 1, is_open: false }.around(Held::ITSELF)?,
    ))
}

/// An argument of a generic type.
struct Argument {
    outer: String,
    at: usize,
    count: usize,
    /// Whether the last argument is `...`.
    is_open: bool,
}

impl Argument {
    /// How the generic type holds what its argument holds so; `None` when no
    /// instance can be had from it.
    fn around(&self, held: Held) -> Option<Held> {
        let is_last = self.at + 1 == self.count;
        match self.outer.rsplit('.').next().unwrap_or(&self.outer) {
            "Optional" | "Union" | "Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired" => {
                Some(held)
            }
            "tuple" | "Tuple" if !self.is_open && self.count > 1 => held.within(Layer::Place(self.at)),
            "list" | "List" | "set" | "Set" | "frozenset" | "FrozenSet" | "tuple" | "Tuple" | "Sequence"
            | "MutableSequence" | "Iterable" | "Iterator" | "Collection" | "AbstractSet" | "deque"
            | "Deque" => held.within(Layer::Elements),
            "dict" | "Dict" | "Mapping" | "MutableMapping" | "defaultdict" | "DefaultDict"
            | "OrderedDict"
                if is_last =>
            {
                held.within(Layer::Values)
            }
            _ => None,
        }
    }
}

fn climb<'t>(node: Node<'t>, held: Held, bytes: &[u8]) -> Option<(Node<'t>, Held)> {
    let (mut node, mut held) = (node, held);
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "type" | "union_type" | "generic_type" | "binary_operator" | "parenthesized_expression" => {}
            "type_parameter" => {
                let outer = parent.parent()?.named_child(0)?;
                held = argument(outer, &children(parent), node, bytes)?.around(held)?;
            }
            "subscript" => {
                let outer = parent.child_by_field_name("value").filter(|value| *value != node)?;
                let all = children(parent);
                held = argument(outer, all.get(1..)?, node, bytes)?.around(held)?;
            }
            "typed_parameter" => {
                let name = *children(parent).first()?;
                return match name.kind() {
                    "list_splat_pattern" => Some((name.named_child(0)?, held.within(Layer::Elements)?)),
                    "dictionary_splat_pattern" => Some((name.named_child(0)?, held.within(Layer::Values)?)),
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

/// The argument `node` of the generic type `outer`, which has `all` of them.
fn argument<'t>(outer: Node<'t>, all: &[Node<'t>], node: Node<'t>, bytes: &[u8]) -> Option<Argument> {
    let at = all.iter().position(|one| *one == node)?;
    let is_open = all.last().is_some_and(|last| text(*last, bytes) == "...");
    Some(Argument { outer: text(outer, bytes), at, count: all.len(), is_open })
}
