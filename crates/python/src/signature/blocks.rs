//! The definitions of a file as blocks: where each stands, and whether it does
//! anything.

use repot_change::Span;
use tree_sitter::Node;

use crate::SourceFile;
use crate::tree::{children, span, text, undecorated};

/// A class, a function, or the assignment of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it defines.
    pub name: String,
    /// What it is.
    pub kind: BlockKind,
    /// The whole statement, decorators included.
    pub span: Span,
    /// From the first decorator to the colon before the body; of an assignment
    /// all of it.
    pub head: Span,
    /// The blocks in a class, in order.
    pub members: Vec<Block>,
    /// Where the body of a class ends.
    pub end: usize,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// A class.
    Class,
    /// A function that does nothing: `...`, `pass`, a docstring, or
    /// `raise NotImplementedError`.
    Stub,
    /// A function that does something.
    Function,
    /// A name with a value.
    Value,
    /// A name with an annotation alone.
    Declaration,
}

/// The blocks of the module itself, in order.
pub(crate) fn blocks(file: &SourceFile) -> Vec<Block> {
    children(file.root()).into_iter().filter_map(|node| block(node, file.bytes(), true)).collect()
}

fn block(node: Node<'_>, bytes: &[u8], is_outer: bool) -> Option<Block> {
    let definition = undecorated(node);
    let body = definition.child_by_field_name("body");
    let (name, kind) = match definition.kind() {
        "class_definition" => (definition.child_by_field_name("name")?, BlockKind::Class),
        "function_definition" => {
            let kind = if is_stub(body?, bytes) { BlockKind::Stub } else { BlockKind::Function };
            (definition.child_by_field_name("name")?, kind)
        }
        "expression_statement" => {
            let assignment = *children(definition).first().filter(|one| one.kind() == "assignment")?;
            let has_value = assignment.child_by_field_name("right").is_some();
            let kind = if has_value { BlockKind::Value } else { BlockKind::Declaration };
            (assignment.child_by_field_name("left").filter(|left| left.kind() == "identifier")?, kind)
        }
        _ => return None,
    };
    let whole = span(node);
    let mut cursor = definition.walk();
    let colon = definition.children(&mut cursor).filter(|part| part.kind() == ":").last();
    let members = body.filter(|_| kind == BlockKind::Class && is_outer).map(children).unwrap_or_default();
    Some(Block {
        name: text(name, bytes),
        kind,
        span: whole,
        head: Span::new(whole.start, colon.map_or(whole.end, |colon| colon.end_byte())),
        members: members.into_iter().filter_map(|member| block(member, bytes, false)).collect(),
        end: body.map_or(whole.end, |body| body.end_byte()),
    })
}

/// Whether a body does nothing.
fn is_stub(body: Node<'_>, bytes: &[u8]) -> bool {
    children(body).into_iter().all(|statement| match statement.kind() {
        "pass_statement" => true,
        "expression_statement" => children(statement)
            .first()
            .is_some_and(|one| matches!(one.kind(), "ellipsis" | "string" | "concatenated_string")),
        "raise_statement" => text(statement, bytes).starts_with("raise NotImplementedError"),
        _ => false,
    })
}
