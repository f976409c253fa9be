//! The essence of code: what is left of it when comments, docstrings, blanks
//! and the choice of quotes do not count.
//!
//! Two pieces of code with one essence are the same syntax tree. The reverse
//! does not hold: `1_000` is not `1000` here, nor `(a)` the same as `a`.

use repot_change::Span;
use tree_sitter::Node;

use crate::SourceFile;
use crate::tree::{children, span};

/// What is left to write: a node, or the end of one.
enum Task<'file> {
    Node(Node<'file>),
    End,
}

/// The essence of the statements of the module that lie within `part`; `None`
/// where there are none, or where one does not parse.
pub(crate) fn essence(file: &SourceFile, part: Span) -> Option<String> {
    let statements = children(file.root()).into_iter().filter(|node| part.contains(span(*node)));
    let mut work: Vec<Task<'_>> = statements.map(Task::Node).collect();
    if work.is_empty() {
        return None;
    }
    work.reverse();
    let mut text = String::new();
    while let Some(task) = work.pop() {
        let Task::Node(node) = task else {
            text.push(')');
            continue;
        };
        if node.is_error() || node.is_missing() {
            return None;
        }
        let parts = parts(node);
        if parts.is_empty() {
            write_leaf(node, file.bytes(), &mut text);
            continue;
        }
        text.push('(');
        text.push_str(node.kind());
        work.push(Task::End);
        work.extend(parts.into_iter().rev().map(Task::Node));
    }
    Some(text)
}

/// The children of a node that count. Those of a text are its escapes only.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == "string_content" {
        return Vec::new();
    }
    let mut cursor = node.walk();
    let all: Vec<Node<'_>> = node.children(&mut cursor).filter(|child| child.kind() != "comment").collect();
    let is_listed = matches!(
        node.kind(),
        "argument_list" | "parameters" | "list" | "set" | "dictionary" | "import_from_statement"
    );
    let is_body = node.kind() == "block";
    let last_but_one = all.len().checked_sub(2);
    let counts = |(at, child): &(usize, Node<'_>)| {
        let ends_list = is_listed && child.kind() == "," && Some(*at) == last_but_one;
        let is_filler = is_body && says_nothing(*child);
        !ends_list && !is_filler
    };
    all.iter().copied().enumerate().filter(counts).map(|(_, child)| child).collect()
}

/// Whether a statement of a body is there for people, or to fill it: a string,
/// `pass`, `...`.
fn says_nothing(statement: Node<'_>) -> bool {
    let value = children(statement);
    match statement.kind() {
        "pass_statement" => true,
        "expression_statement" => {
            matches!(value.as_slice(), [one] if matches!(one.kind(), "ellipsis" | "string" | "concatenated_string"))
        }
        _ => false,
    }
}

/// Writes a token, and how long it is, so that none can look like several.
fn write_leaf(node: Node<'_>, bytes: &[u8], text: &mut String) {
    let written = String::from_utf8_lossy(bytes.get(node.byte_range()).unwrap_or_default());
    let written = match node.kind() {
        "string_start" => written.trim_end_matches(['"', '\'']).to_lowercase(),
        "string_end" | "block" => String::new(),
        _ => written.replace("\r\n", "\n"),
    };
    text.push_str(&format!(" {}:{written}", written.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn essence_of(source: &str) -> Option<String> {
        let file = SourceFile::parse(source.as_bytes().into());
        essence(&file, Span::new(0, source.len()))
    }

    #[test]
    fn what_is_there_for_people_does_not_count() {
        let plain = "@dataclass(frozen=True)\nclass C(Base):\n    a: int = 1\n    b: str = 'x'\n";
        for same in [
            "# Comment.\n@dataclass(frozen=True)\nclass C(Base):\n    \"\"\"Doc.\"\"\"\n\n    a: int = 1  # one\n\n    b: str = \"x\"\n",
            "@dataclass(frozen = True,)\r\nclass C( Base ):\r\n  a:int=1\r\n  b:str='x'\r\n  ...\r\n",
            "@dataclass(\n    frozen=True,\n)\nclass C(Base):\n    pass\n    a: int = 1\n    'About a.'\n    b: str = '''x'''\n",
        ] {
            assert_eq!(essence_of(same), essence_of(plain), "{same}");
        }
        assert_eq!(essence_of("class C(E):\n    \"\"\"Doc.\"\"\"\n"), essence_of("class C(E): ...\n"));
    }

    #[test]
    fn everything_else_does() {
        let plain = essence_of(
            "@a\n@b\nclass C(Base):\n    x: int = 1\n    y = (x,)\n    def f(self):\n        if x:\n            return 1\n        return 2\n",
        );
        for other in [
            "@b\n@a\nclass C(Base):\n    x: int = 1\n    y = (x,)\n    def f(self):\n        if x:\n            return 1\n        return 2\n",
            "@a\n@b\nclass C(Base):\n    x: int = 2\n    y = (x,)\n    def f(self):\n        if x:\n            return 1\n        return 2\n",
            "@a\n@b\nclass C(Base):\n    x: int = 1\n    y = (x)\n    def f(self):\n        if x:\n            return 1\n        return 2\n",
            "@a\n@b\nclass C(Base):\n    x: int = 1\n    y = (x,)\n    def f(self):\n        if x:\n            return 1\n            return 2\n",
            "@a\n@b\nclass C(Other):\n    x: int = 1\n    y = (x,)\n    def f(self):\n        if x:\n            return 1\n        return 2\n",
        ] {
            assert_ne!(essence_of(other), plain, "{other}");
        }
        assert_ne!(essence_of("A = b'x'\n"), essence_of("A = 'x'\n"));
        assert_ne!(essence_of("A = 'x y'\n"), essence_of("A = 'xy'\n"));
        assert_ne!(essence_of("A = 'x\\ny'\n"), essence_of("A = 'z\\ny'\n"));
        assert_eq!(essence_of("class C(:\n"), None);
        assert_eq!(essence_of("# nothing\n"), None);
    }
}
