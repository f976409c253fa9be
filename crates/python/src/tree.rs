//! The tree-sitter tree of a file: how it is made, and how its nodes are read.
//!
//! Every walk in this crate keeps its own stack, since a tree can be as deep as
//! its file is long.

use std::cell::RefCell;

use repot_change::Span;
use tree_sitter::{Node, Parser, Tree};

use crate::encoding;

thread_local! {
    /// A parser keeps its buffers, so that the next file finds them warm.
    static PARSER: RefCell<Parser> = RefCell::new(new_parser());
}

fn new_parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_python::LANGUAGE.into())
        .expect("the grammar is built for this version of tree-sitter");
    parser
}

/// Parses a file that [`encoding::readable`] has made readable; offsets in the
/// tree are offsets of the file.
pub(crate) fn parse(text: &[u8]) -> Tree {
    PARSER
        .with_borrow_mut(|parser| parser.parse(text, None))
        .expect("a parser with a language and without a time limit always makes a tree")
}

/// The bytes that `node` covers.
pub(crate) fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The named children of `node` but comments, in order.
pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra() || child.is_error()).collect()
}

/// What `node` says, as text.
pub(crate) fn text(node: Node<'_>, bytes: &[u8]) -> String {
    encoding::decode(bytes.get(node.byte_range()).unwrap_or_default()).into_owned()
}

/// The identifiers joined by dots that `node` is made of, without blanks;
/// `None` when it is made of anything else.
pub(crate) fn dotted(node: Node<'_>, bytes: &[u8]) -> Option<String> {
    let mut parts = Vec::new();
    let mut node = node;
    while node.kind() == "attribute" {
        parts.push(text(node.child_by_field_name("attribute")?, bytes));
        node = node.child_by_field_name("object")?;
    }
    if node.kind() != "identifier" {
        return None;
    }
    parts.push(text(node, bytes));
    parts.reverse();
    Some(parts.join("."))
}

/// The statements directly in `body` and, below its `if`s, `try`s, loops,
/// `with`s and `match`es, in order. A decorated definition counts as the
/// `decorated_definition` that it is.
pub(crate) fn statements(body: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut work = vec![body];
    while let Some(node) = work.pop() {
        let is_around = matches!(
            node.kind(),
            "if_statement"
                | "elif_clause"
                | "else_clause"
                | "for_statement"
                | "while_statement"
                | "try_statement"
                | "except_clause"
                | "finally_clause"
                | "with_statement"
                | "match_statement"
                | "case_clause"
                | "block"
                | "module"
                | "ERROR"
        );
        if is_around || node == body {
            let parts = children(node);
            work.extend(parts.into_iter().rev());
        } else if node.kind().ends_with("_statement") || node.kind().ends_with("_definition") {
            found.push(node);
        }
    }
    found
}

/// The definition below its decorators, if there are any.
pub(crate) fn undecorated(node: Node<'_>) -> Node<'_> {
    match node.kind() {
        "decorated_definition" => node.child_by_field_name("definition").unwrap_or(node),
        _ => node,
    }
}
