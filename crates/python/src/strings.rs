//! The plain string literals of a file, and what each stands in.
//!
//! What a string refers to is not known here. An f-string or t-string is no
//! literal; those are listed by themselves, and the literals in their
//! interpolations are literals like others.

use repot_change::Span;
use tree_sitter::Node;

use crate::SourceFile;
use crate::tree::{children, dotted, span};

/// One string or bytes literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringLiteral<'file> {
    /// The whole literal, prefix and quotes included.
    pub span: Span,
    /// What stands between the quotes.
    pub content: Span,
    /// The bytes of `content` as written: escapes are not undone.
    pub bytes: &'file [u8],
    /// The dotted name of the call whose argument the literal is, such as
    /// `mock.patch`; positional or keyword, but not nested deeper.
    pub call: Option<String>,
    /// The arguments of that call, brackets included.
    pub arguments: Option<Span>,
    /// Its place among the positional arguments of that call, from 0; `None`
    /// for a keyword argument.
    pub position: Option<usize>,
    /// The dotted name of what is subscribed with the literal.
    pub subscribed: Option<String>,
    /// The name, or the keyword, to which the literal is given, alone or within
    /// lists, tuples, sets, dictionaries and sums of these.
    pub target: Option<String>,
    /// The list, tuple or set that the literal stands directly in.
    pub container: Option<Span>,
    /// Whether it is the docstring of a module, class or function.
    pub is_docstring: bool,
    /// Whether it is one part of several that stand side by side.
    pub is_joined: bool,
}

/// A node to visit, and what a literal in its place would be.
#[derive(Clone, Copy)]
struct Task<'file> {
    node: Node<'file>,
    call: Option<Node<'file>>,
    position: Option<usize>,
    subscribed: Option<Node<'file>>,
    target: Option<Node<'file>>,
    container: Option<Node<'file>>,
    is_docstring: bool,
    is_joined: bool,
}

/// The literals of `file` in order.
pub(crate) fn strings(file: &SourceFile) -> Vec<StringLiteral<'_>> {
    let mut found = Vec::new();
    walk(file, |task| {
        found.extend(content(task.node, file.bytes()).map(|content| literal(file, task, content)));
    });
    found
}

/// The f-strings and t-strings of `file` that hold interpolations, in order.
pub(crate) fn templates(file: &SourceFile) -> Vec<StringLiteral<'_>> {
    let mut found = Vec::new();
    walk(file, |task| {
        let is_open = children(task.node).iter().any(|part| part.kind() == "interpolation");
        let between = between_quotes(task.node).filter(|_| is_open);
        found.extend(between.map(|content| literal(file, task, content)));
    });
    found
}

/// Shows every string of `file` to `look`, in order.
fn walk<'file>(file: &'file SourceFile, mut look: impl FnMut(Task<'file>)) {
    let mut work = vec![plain(file.root())];
    while let Some(task) = work.pop() {
        if task.node.kind() == "string" {
            look(task);
        }
        let first = work.len();
        inner(task, &mut work);
        work[first..].reverse();
    }
}

fn plain(node: Node<'_>) -> Task<'_> {
    Task {
        node,
        call: None,
        position: None,
        subscribed: None,
        target: None,
        container: None,
        is_docstring: false,
        is_joined: false,
    }
}

/// Adds what is to be visited below `task`.
fn inner<'file>(task: Task<'file>, work: &mut Vec<Task<'file>>) {
    let parts = children(task.node);
    match task.node.kind() {
        "concatenated_string" => {
            work.extend(parts.into_iter().map(|node| Task { node, is_joined: true, ..task }));
        }
        "parenthesized_expression" => work.extend(parts.into_iter().map(|node| Task { node, ..task })),
        "keyword_argument" => {
            let target = task.node.child_by_field_name("name");
            work.extend(parts.into_iter().map(|node| Task { node, target, ..task }));
        }
        "assignment" | "augmented_assignment" => work.extend(parts.into_iter().map(|node| {
            let target = task.node.child_by_field_name("left").filter(|target| *target != node);
            Task { target, ..plain(node) }
        })),
        "list" | "tuple" | "set" | "expression_list" => work.extend(parts.into_iter().map(|node| {
            let container = Some(task.node);
            Task { target: task.target, container, ..plain(node) }
        })),
        "dictionary" | "pair" | "binary_operator" => {
            work.extend(parts.into_iter().map(|node| Task { target: task.target, ..plain(node) }));
        }
        "subscript" => work.extend(parts.into_iter().map(|node| {
            let subscribed = task.node.child_by_field_name("value").filter(|value| *value != node);
            Task { subscribed, ..plain(node) }
        })),
        "argument_list" if task.call.is_some() => work.extend(arguments(task, parts)),
        "call" => work.extend(parts.into_iter().map(|node| {
            let call = (node.kind() == "argument_list").then_some(task.node);
            Task { call, ..plain(node) }
        })),
        "module" | "block" => work.extend(parts.into_iter().enumerate().map(|(index, node)| {
            let owns = index == 0 && node.kind() == "expression_statement" && has_docstring(task.node);
            Task { is_docstring: owns, ..plain(node) }
        })),
        "expression_statement" => {
            let is_docstring = task.is_docstring && parts.len() == 1;
            work.extend(parts.into_iter().map(|node| Task { is_docstring, ..plain(node) }));
        }
        _ => work.extend(parts.into_iter().map(plain)),
    }
}

/// The arguments of a call, with their places.
fn arguments<'file>(task: Task<'file>, parts: Vec<Node<'file>>) -> impl Iterator<Item = Task<'file>> {
    let mut passed = 0;
    parts.into_iter().map(move |node| {
        let position = (node.kind() != "keyword_argument").then_some(passed);
        passed += usize::from(position.is_some());
        Task { call: task.call, position, ..plain(node) }
    })
}

/// Whether a string that opens `body` is a docstring.
fn has_docstring(body: Node<'_>) -> bool {
    let owner = body.parent().map(|parent| parent.kind());
    body.kind() == "module" || matches!(owner, Some("function_definition" | "class_definition"))
}

fn literal<'file>(file: &'file SourceFile, task: Task<'file>, content: Span) -> StringLiteral<'file> {
    let named = |node: Option<Node<'_>>| node.and_then(|node| dotted(node, file.bytes()));
    let call = named(task.call.and_then(|call| call.child_by_field_name("function")));
    let arguments = task.call.and_then(|call| call.child_by_field_name("arguments"));
    let span = span(task.node);
    let is_bytes = file.bytes()[span.start..content.start].iter().any(|byte| matches!(byte, b'b' | b'B'));
    StringLiteral {
        span,
        content,
        bytes: &file.bytes()[content.range()],
        position: task.position.filter(|_| call.is_some()),
        call,
        arguments: arguments.map(crate::tree::span),
        subscribed: named(task.subscribed),
        target: named(task.target),
        container: task.container.map(crate::tree::span),
        is_docstring: task.is_docstring && !is_bytes,
        is_joined: task.is_joined,
    }
}

/// What stands between the quotes of a `string` node; `None` when it is an
/// f-string or t-string, or not closed.
pub(crate) fn content(string: Node<'_>, bytes: &[u8]) -> Option<Span> {
    let between = between_quotes(string)?;
    let prefix = bytes.get(string.start_byte()..between.start)?;
    (!prefix.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))).then_some(between)
}

/// What stands between the quotes of a `string` node of any kind; `None` when
/// it is not closed.
fn between_quotes(string: Node<'_>) -> Option<Span> {
    let last = string.child_count().checked_sub(1)?;
    let (open, close) = (string.child(0)?, string.child(last)?);
    let is_whole = open.kind() == "string_start" && close.kind() == "string_end" && !close.is_missing();
    is_whole.then(|| Span::new(open.end_byte(), close.start_byte()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each literal as `CONTENT`, and what it stands in.
    fn read(source: &str) -> Vec<String> {
        let file = SourceFile::parse(source.as_bytes().into());
        let one = |literal: &StringLiteral<'_>| {
            assert!(literal.span.contains(literal.content));
            assert_eq!(&source.as_bytes()[literal.content.range()], literal.bytes);
            let mut text = String::from_utf8_lossy(literal.bytes).into_owned();
            if let Some(call) = &literal.call {
                let place = literal.position.map_or("=".to_owned(), |place| place.to_string());
                text += &format!(" {call}[{place}]");
            }
            text + if literal.is_docstring { " doc" } else { "" } + if literal.is_joined { " +" } else { "" }
        };
        file.strings().iter().map(one).collect()
    }

    #[test]
    fn a_literal_knows_what_it_stands_in() {
        for (source, expected) in [
            ("mock.patch('a.b')", vec!["a.b mock.patch[0]"]),
            ("@patch(x, 'a', new=r\"b\")\ndef f(): pass", vec!["a patch[1]", "b patch[=]"]),
            ("f(('a'), ['b'], 'c' 'd')", vec!["a f[0]", "b", "c f[2] +", "d f[2] +"]),
            ("f(g('a'))(\n'b')", vec!["a g[0]", "b"]),
            ("x['a'] = b'''b\n'''", vec!["a", "b\n"]),
            ("'a'.join('b')", vec!["a", "b"]),
            ("f'{x[\"a\"]} b'", vec!["a"]),
            ("''", vec![" doc"]),
        ] {
            assert_eq!(read(source), expected, "{source}");
        }
    }

    #[test]
    fn a_literal_knows_what_it_is_given_to() {
        for (source, target, subscribed, container) in [
            ("a.b = ['x', c]", "a.b", "", "['x', c]"),
            ("a: T = {'k': ('x',)}", "a", "", "('x',)"),
            ("a += b + ['x']", "a", "", "['x']"),
            ("a = 'x', 'y'", "a", "", "'x', 'y'"),
            ("f(k=['x'])", "k", "", "['x']"),
            ("f(k='x')", "k", "", ""),
            ("f(['x'])", "", "", "['x']"),
            ("sys.modules['x'] = 'y'", "", "sys.modules", ""),
            ("a = b['x']", "", "b", ""),
            ("a = b('x')", "", "", ""),
        ] {
            let file = SourceFile::parse(source.as_bytes().into());
            let strings = file.strings();
            let one = strings.iter().find(|one| one.bytes == b"x").unwrap();
            let said = [one.target.as_deref(), one.subscribed.as_deref()].map(Option::unwrap_or_default);
            let within = one.container.map_or("", |span| &source[span.range()]);
            assert_eq!((said, within), ([target, subscribed], container), "{source}");
        }
        let source = "f(x, 'y', k='z')";
        let file = SourceFile::parse(source.as_bytes().into());
        assert!(
            file.strings().iter().all(|one| &source[one.arguments.unwrap().range()] == "(x, 'y', k='z')")
        );
    }

    #[test]
    fn templates_are_the_strings_with_interpolations() {
        let source = "f(f'a.{b}', t\"{c}\", f'{d!r:{e}}' 'x', f'none', 'plain', rf'{f'{g}'}')";
        let file = SourceFile::parse(source.as_bytes().into());
        let found: Vec<_> = file.templates().iter().map(|one| &source[one.content.range()]).collect();
        assert_eq!(found, ["a.{b}", "{c}", "{d!r:{e}}", "{f'{g}'}", "{g}"]);
        assert!(file.templates()[..3].iter().all(|one| one.call.as_deref() == Some("f")));
    }

    #[test]
    fn a_docstring_is_the_first_thing_of_its_body() {
        let source = "# c\n'm'\n'no'\nclass A:\n  'c'\n  x = 'no'\n  def f(self):\n    # c\n    '''f'''\n\
                      if x:\n  'no'\ndef g(): 'g'\ndef h():\n  'no', 1\ndef i():\n  b'no'\ndef j():\n  'j' 'k'\n";
        let docs: Vec<_> = read(source).into_iter().filter(|literal| literal.contains(" doc")).collect();
        assert_eq!(docs, ["m doc", "c doc", "f doc", "g doc", "j doc +", "k doc +"]);
    }
}
