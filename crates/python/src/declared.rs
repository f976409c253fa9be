//! Every class and function of a file, at any depth: whether it is documented,
//! and whether anything stands in its body.
//!
//! What a body without code means (a protocol, an abstract method, something
//! that is still to be written) is not judged here.

use repot_change::Span;
use tree_sitter::Node;

use crate::shape::decorators;
use crate::strings::content;
use crate::tree::{children, dotted, text, undecorated};
use crate::{SourceFile, tree};

/// The classes and functions of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declarations {
    /// Whether the module itself has a docstring.
    pub has_docstring: bool,
    /// Each class and function, in the order of the file: an outer one stands
    /// before those in it.
    pub all: Vec<Declaration>,
}

/// One `class` or `def`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Whether it is a class.
    pub is_class: bool,
    /// The class or function that it stands in, as an index into all.
    pub parent: Option<usize>,
    /// Each decorator as written, without the `@`.
    pub decorators: Vec<String>,
    /// Each base of a class as written, subscripts left out.
    pub bases: Vec<String>,
    /// Whether its body opens with a docstring that says something.
    pub has_docstring: bool,
    /// What else the body holds.
    pub body: Body,
}

/// What a body holds beside its docstring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Body {
    /// Some statement.
    Code,
    /// Nothing but `pass`, `...`, or nothing at all.
    Empty,
    /// Nothing but `raise NotImplementedError`.
    NotImplemented,
}

/// Reads the declarations off the tree of `file`.
pub(crate) fn declarations(file: &SourceFile) -> Declarations {
    let bytes = file.bytes();
    let root = file.root();
    let has_docstring = docstring(root, bytes).is_some_and(|doc| says_something(doc, bytes));
    let mut found = Declarations { has_docstring, all: Vec::new() };
    let mut work: Vec<(Node<'_>, Option<usize>)> = vec![(root, None)];
    while let Some((node, parent)) = work.pop() {
        let definition = undecorated(node);
        let is_definition = matches!(definition.kind(), "class_definition" | "function_definition");
        let inner = match is_definition.then(|| declaration(node, parent, bytes)).flatten() {
            Some(declaration) => {
                found.all.push(declaration);
                Some(found.all.len() - 1)
            }
            None => parent,
        };
        let parts = children(definition);
        work.extend(parts.into_iter().rev().filter(may_hold_statements).map(|part| (part, inner)));
    }
    found
}

/// Expressions hold no statement, and most of a tree is made of them.
fn may_hold_statements(node: &Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_statement") && kind != "expression_statement"
        || kind.ends_with("_clause")
        || kind.ends_with("_definition")
        || matches!(kind, "block" | "module" | "ERROR")
}

fn declaration(node: Node<'_>, parent: Option<usize>, bytes: &[u8]) -> Option<Declaration> {
    let definition = undecorated(node);
    let name = definition.child_by_field_name("name")?;
    let body = definition.child_by_field_name("body")?;
    let arguments = definition.child_by_field_name("superclasses").map(children).unwrap_or_default();
    Some(Declaration {
        name: text(name, bytes),
        span: tree::span(name),
        is_class: definition.kind() == "class_definition",
        parent,
        decorators: decorators(node, bytes),
        bases: arguments.into_iter().filter_map(|base| dotted(unsubscripted(base), bytes)).collect(),
        has_docstring: docstring(body, bytes).is_some_and(|doc| says_something(doc, bytes)),
        body: body_of(body, bytes),
    })
}

/// `Protocol` of `Protocol[T]`.
fn unsubscripted(node: Node<'_>) -> Node<'_> {
    node.child_by_field_name("value").filter(|_| node.kind() == "subscript").unwrap_or(node)
}

fn body_of(body: Node<'_>, bytes: &[u8]) -> Body {
    let statements = children(body);
    let rest = match docstring(body, bytes) {
        Some(_) => statements.get(1..).unwrap_or_default(),
        None => &statements[..],
    };
    match rest {
        [only] if is_not_implemented(*only, bytes) => Body::NotImplemented,
        rest if rest.iter().all(|statement| is_nothing(*statement)) => Body::Empty,
        _ => Body::Code,
    }
}

fn is_nothing(statement: Node<'_>) -> bool {
    let only = children(statement);
    statement.kind() == "pass_statement"
        || statement.kind() == "expression_statement"
            && matches!(only[..], [node] if node.kind() == "ellipsis")
}

/// `raise NotImplementedError`, called or not.
fn is_not_implemented(statement: Node<'_>, bytes: &[u8]) -> bool {
    let raised = children(statement).into_iter().next().filter(|_| statement.kind() == "raise_statement");
    let raised = raised.map(|node| node.child_by_field_name("function").unwrap_or(node));
    raised.and_then(|node| dotted(node, bytes)).is_some_and(|name| name == "NotImplementedError")
}

/// The expression that is the docstring of `body`: a plain string, or several
/// side by side, as its first statement.
fn docstring<'file>(body: Node<'file>, bytes: &[u8]) -> Option<Node<'file>> {
    let first = children(body).into_iter().next().filter(|node| node.kind() == "expression_statement")?;
    let [mut node] = children(first)[..] else { return None };
    while node.kind() == "parenthesized_expression" {
        node = *children(node).first()?;
    }
    let is_text = strings_of(node).iter().all(|string| {
        let opening = string.child(0).and_then(|start| bytes.get(start.byte_range())).unwrap_or_default();
        content(*string, bytes).is_some() && !opening.iter().any(|byte| matches!(byte, b'b' | b'B'))
    });
    (is_text && matches!(node.kind(), "string" | "concatenated_string")).then_some(node)
}

fn strings_of(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == "concatenated_string" { children(node) } else { vec![node] }
}

/// Whether a docstring holds more than blanks, written or escaped.
fn says_something(docstring: Node<'_>, bytes: &[u8]) -> bool {
    strings_of(docstring).into_iter().filter_map(|string| content(string, bytes)).any(|span| {
        let text = String::from_utf8_lossy(&bytes[span.range()]).into_owned();
        let text =
            ["\\n", "\\t", "\\r", "\\\n", "\\\r\n"].iter().fold(text, |text, blank| text.replace(blank, " "));
        !text.trim().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each declaration as `outer.name`, with `doc` and its body.
    fn read(source: &str) -> Vec<String> {
        let declarations = SourceFile::parse(source.as_bytes().into()).declarations();
        let line = |one: &Declaration| {
            let outer = one.parent.map_or(String::new(), |index| declarations.all[index].name.clone() + ".");
            let doc = if one.has_docstring { " doc" } else { "" };
            format!("{outer}{}{doc} {:?}", one.name, one.body)
        };
        declarations.all.iter().map(line).collect()
    }

    #[test]
    fn every_depth_is_read() {
        let source = "class A:\n  'x'\n  def f(self):\n    class B: pass\n    async def g(): return 1\n\
                      if x:\n  try:\n    @d\n    def h(): ...\n  except E:\n    def i(): pass\n\
                      match x:\n  case 1:\n    def j(): raise NotImplementedError('x')\n";
        let expected =
            ["A doc Code", "A.f Code", "f.B Empty", "f.g Code", "h Empty", "i Empty", "j NotImplemented"];
        assert_eq!(read(source), expected);
    }

    #[test]
    fn a_docstring_is_text_that_says_something() {
        for (body, expected) in [
            ("'x'", "f doc Empty"),
            ("('x'\n   'y')", "f doc Empty"),
            ("r'''x'''; pass", "f doc Empty"),
            ("' '", "f Empty"),
            ("'\\n'", "f Empty"),
            ("f'x'", "f Code"),
            ("b'x'", "f Code"),
            ("'x' f'y'", "f Code"),
            ("'x'.strip()", "f Code"),
            ("# c\n  'x'\n  return 1", "f doc Code"),
            ("'x'\n  raise NotImplementedError", "f doc NotImplemented"),
            ("raise errors.NotImplementedError", "f Code"),
            ("x = 1\n  raise NotImplementedError", "f Code"),
        ] {
            assert_eq!(read(&format!("def f():\n  {body}\n")), [expected], "{body}");
        }
        assert!(SourceFile::parse(b"# c\n'''x'''\n"[..].into()).declarations().has_docstring);
        assert!(!SourceFile::parse(b"\n"[..].into()).declarations().has_docstring);
        assert!(!SourceFile::parse(b"import a\n'''x'''\n"[..].into()).declarations().has_docstring);
    }

    #[test]
    fn decorators_and_bases_are_as_written() {
        let source = "@a.b(c)\n@overload\ndef f(): ...\nclass A(t.Protocol[T], B, metaclass=M): ...\n";
        let found = SourceFile::parse(source.as_bytes().into()).declarations();
        assert_eq!(found.all[0].decorators, ["a.b(c)", "overload"]);
        assert_eq!(found.all[1].bases, ["t.Protocol", "B"]);
        assert_eq!(&source[found.all[1].span.range()], "A");
    }
}
