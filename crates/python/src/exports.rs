//! `__all__` in its usual spellings: a list or tuple, sums of these, `+=`,
//! `extend`, `append` and `remove`.
//!
//! What is computed in another way, or taken from another module, cannot be
//! read off the file, and then nothing is claimed.

use tree_sitter::Node;

use crate::strings::content;
use crate::tree::{children, statements, text};

/// What is known of `__all__` at some line.
enum Exports {
    None,
    Known(Vec<String>),
    Unreadable,
}

/// What `__all__` lists in the end; `None` when there is none, or when it is
/// unreadable.
pub(crate) fn exports(root: Node<'_>, bytes: &[u8]) -> Option<Vec<String>> {
    if !crate::mentions(bytes, b"__all__") {
        return None;
    }
    let mut exports = Exports::None;
    for statement in statements(root) {
        exports = match statement.kind() {
            "expression_statement" => after(bytes, statement, exports),
            "import_statement" | "import_from_statement" if imports_all(bytes, statement) => {
                Exports::Unreadable
            }
            _ => exports,
        };
    }
    match exports {
        Exports::Known(names) => Some(names),
        Exports::None | Exports::Unreadable => None,
    }
}

fn imports_all(bytes: &[u8], statement: Node<'_>) -> bool {
    let mut cursor = statement.walk();
    statement.children_by_field_name("name", &mut cursor).any(|name| {
        let bound = name.child_by_field_name("alias").unwrap_or(name);
        text(bound, bytes) == "__all__"
    })
}

/// `exports` after one statement.
fn after(bytes: &[u8], statement: Node<'_>, exports: Exports) -> Exports {
    let Some(&expression) = children(statement).first() else {
        return exports;
    };
    match expression.kind() {
        "assignment" | "augmented_assignment" => assigned(bytes, expression, exports),
        "call" => called(bytes, expression, exports),
        _ => exports,
    }
}

fn assigned(bytes: &[u8], assignment: Node<'_>, exports: Exports) -> Exports {
    let target = assignment.child_by_field_name("left");
    if target.is_none_or(|target| text(target, bytes) != "__all__") {
        return exports;
    }
    let Some(value) = assignment.child_by_field_name("right") else {
        return exports;
    };
    match (assignment.kind(), names(bytes, value), exports) {
        ("assignment", Some(names), _) => Exports::Known(names),
        ("augmented_assignment", Some(more), Exports::Known(mut names)) => {
            names.extend(more);
            Exports::Known(names)
        }
        _ => Exports::Unreadable,
    }
}

/// `__all__.extend(…)` and its like.
fn called(bytes: &[u8], call: Node<'_>, exports: Exports) -> Exports {
    let method = call.child_by_field_name("function").filter(|function| function.kind() == "attribute");
    let object = method.and_then(|method| method.child_by_field_name("object"));
    if object.is_none_or(|object| text(object, bytes) != "__all__") {
        return exports;
    }
    let method = method.and_then(|method| method.child_by_field_name("attribute"));
    let method = method.map(|method| text(method, bytes)).unwrap_or_default();
    let argument =
        call.child_by_field_name("arguments").and_then(|arguments| children(arguments).first().copied());
    match (method.as_str(), argument.and_then(|argument| names(bytes, argument)), exports) {
        ("append" | "extend", Some(more), Exports::Known(mut names)) => {
            names.extend(more);
            Exports::Known(names)
        }
        ("remove", Some(less), Exports::Known(mut names)) => {
            names.retain(|name| !less.contains(name));
            Exports::Known(names)
        }
        _ => Exports::Unreadable,
    }
}

/// The strings that an expression lists, if it is a literal.
fn names(bytes: &[u8], expression: Node<'_>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut work = vec![expression];
    while let Some(node) = work.pop() {
        match node.kind() {
            "list" | "tuple" | "set" | "parenthesized_expression" | "expression_list" => {
                work.extend(children(node).into_iter().rev());
            }
            "binary_operator" if operator(node) == Some("+") => work.extend(children(node).into_iter().rev()),
            "string" => found.push(text_of(bytes, node)?),
            "concatenated_string" => {
                let parts = children(node).into_iter().map(|part| text_of(bytes, part));
                found.push(parts.collect::<Option<String>>()?);
            }
            _ => return None,
        }
    }
    Some(found)
}

fn operator(node: Node<'_>) -> Option<&str> {
    node.child_by_field_name("operator").map(|operator| operator.kind())
}

fn text_of(bytes: &[u8], string: Node<'_>) -> Option<String> {
    let span = content(string, bytes)?;
    Some(crate::encoding::decode(&bytes[span.range()]).into_owned())
}

#[cfg(test)]
mod tests {
    use crate::SourceFile;

    #[test]
    fn usual_spellings_are_read_and_others_are_not_guessed() {
        for (source, expected) in [
            ("__all__ = ['a', \"b\"]", Some("a b")),
            ("__all__ = ('a',)", Some("a")),
            ("__all__ = 'a', 'b'", Some("a b")),
            ("__all__: list[str] = [\n  'a',  # one\n  'b' 'c',\n]", Some("a bc")),
            ("__all__ = ['a'] + ['b'] + (['c'])", Some("a b c")),
            (
                "__all__ = ['a']\n__all__ += ('b',)\n__all__.extend(['c'])\n__all__.append('d')",
                Some("a b c d"),
            ),
            ("__all__ = ['a', 'b']\n__all__.remove('a')", Some("b")),
            ("__all__ = ['a']\nif x:\n  __all__ += ['b']", Some("a b")),
            ("__all__ = []", Some("")),
            ("x = ['a']", None),
            ("__all__ = [a]", None),
            ("__all__ = [f'{a}']", None),
            ("__all__ = ['a'] + b.__all__", None),
            ("__all__ = ['a']\n__all__ += b.__all__", None),
            ("__all__ += ['a']", None),
            ("__all__ = [n for n in dir()]", None),
            ("from a import __all__", None),
            ("def f():\n  __all__ = ['a']", None),
        ] {
            let found = SourceFile::parse(source.as_bytes().into()).definitions().exports.clone();
            assert_eq!(found.map(|names| names.join(" ")).as_deref(), expected, "{source}");
        }
    }
}
