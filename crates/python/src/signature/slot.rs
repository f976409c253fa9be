//! Where a definition takes one more keyword-only parameter.

use tree_sitter::Node;

use super::method::named;
use crate::SourceFile;
use crate::shape::decorators;
use crate::tree::{children, statements, text, undecorated};

/// A place for keyword-only parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Where they go.
    pub place: usize,
    /// What stands before them there.
    pub before: &'static str,
    /// What stands behind them there.
    pub after: &'static str,
    /// The names of the parameters that are there.
    pub parameters: Vec<String>,
    /// What a method calls its instance; empty for a function.
    pub receiver: String,
    /// Where the first statement behind a docstring begins, if there is one.
    pub body: Option<usize>,
    /// Each decorator as written, without the `@`.
    pub decorators: Vec<String>,
}

/// How a class is given something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receiving {
    /// By its own `__init__`.
    Init(Slot),
    /// As a field: it is a dataclass without an `__init__` of its own.
    Field {
        /// Where its first statement behind the docstring begins.
        body: usize,
    },
    /// By an `__init__` that it does not have yet and does not inherit.
    Fresh {
        /// Where its first method, or else its first statement, begins.
        body: usize,
    },
}

/// The place in the function `name` of the module.
pub(crate) fn function_slot(file: &SourceFile, name: &str) -> Option<Slot> {
    let bytes = file.bytes();
    let is_it = |node: &Node<'_>| named(undecorated(*node), "function_definition", name, bytes);
    let mut all = statements(file.root()).into_iter().filter(is_it);
    let node = all.next()?;
    if all.next().is_some() {
        return None;
    }
    slot(file, node)
}

/// How the class `name` of the module is given something, where that is plain.
pub(crate) fn receiving(file: &SourceFile, name: &str) -> Option<Receiving> {
    let bytes = file.bytes();
    let is_it = |node: &Node<'_>| named(undecorated(*node), "class_definition", name, bytes);
    let mut all = statements(file.root()).into_iter().filter(is_it);
    let node = all.next()?;
    if all.next().is_some() {
        return None;
    }
    let body = undecorated(node).child_by_field_name("body")?;
    let is_init = |node: &Node<'_>| named(undecorated(*node), "function_definition", "__init__", bytes);
    let found: Vec<Node<'_>> = statements(body).into_iter().filter(is_init).collect();
    match found.as_slice() {
        [one] if one.kind() == "function_definition" => {
            slot(file, *one).filter(|slot| !slot.receiver.is_empty()).map(Receiving::Init)
        }
        [] => without_init(node, body, bytes),
        _ => None,
    }
}

fn without_init(class: Node<'_>, body: Node<'_>, bytes: &[u8]) -> Option<Receiving> {
    let decorators =
        if class.kind() == "decorated_definition" { decorators(class, bytes) } else { Vec::new() };
    let first = first_statement(body)?;
    let is_dataclass = |one: &String| {
        let head = one.split('(').next().unwrap_or_default();
        matches!(head, "dataclass" | "dataclasses.dataclass")
            && !one.contains("init")
            && !one.contains("slots")
    };
    match decorators.as_slice() {
        [] => {
            let inner = children(body).into_iter();
            let method =
                inner.map(|one| (one, undecorated(one))).find(|(_, one)| one.kind() == "function_definition");
            Some(Receiving::Fresh { body: method.map_or(first, |(one, _)| one.start_byte()) })
        }
        [one] if is_dataclass(one) => Some(Receiving::Field { body: first }),
        _ => None,
    }
}

/// Where the first statement of a body begins, behind a docstring.
fn first_statement(body: Node<'_>) -> Option<usize> {
    let all = children(body);
    let is_docstring = |node: &&Node<'_>| {
        let string = node.named_child(0).filter(|_| node.kind() == "expression_statement");
        string.is_some_and(|string| string.kind() == "string")
    };
    let skipped = usize::from(all.first().as_ref().is_some_and(is_docstring));
    all.get(skipped).map(Node::start_byte)
}

fn slot(file: &SourceFile, definition: Node<'_>) -> Option<Slot> {
    let bytes = file.bytes();
    let node = undecorated(definition);
    let list = node.child_by_field_name("parameters")?;
    let parameters = children(list);
    let is_star = |node: &Node<'_>| {
        let inner = if node.kind() == "typed_parameter" { node.named_child(0) } else { Some(*node) };
        inner.is_some_and(|inner| matches!(inner.kind(), "keyword_separator" | "list_splat_pattern"))
    };
    let has_star = parameters.iter().any(is_star);
    let (place, before, after) = match parameters.last() {
        None => (list.end_byte().saturating_sub(1), "*, ", ""),
        Some(last) if text(*last, bytes).starts_with("**") => {
            (last.start_byte(), if has_star { "" } else { "*, " }, ", ")
        }
        Some(last) => (last.end_byte(), if has_star { ", " } else { ", *, " }, ""),
    };
    let in_class = definition.parent().and_then(|block| block.parent());
    let receiver = parameters.first().filter(|first| {
        first.kind() == "identifier" && in_class.is_some_and(|one| one.kind() == "class_definition")
    });
    let name = |parameter: &crate::Parameter| parameter.name.clone();
    Some(Slot {
        place,
        before,
        after,
        parameters: crate::shape::signature(node, bytes).parameters.iter().map(name).collect(),
        receiver: receiver.map(|one| text(*one, bytes)).unwrap_or_default(),
        body: node.child_by_field_name("body").and_then(first_statement),
        decorators: if definition.kind() == "decorated_definition" {
            decorators(definition, bytes)
        } else {
            Vec::new()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The function or `__init__` with one more parameter.
    fn with_one_more(head: &str) -> String {
        let code = format!("def f({head}): return 1\n");
        let file = SourceFile::parse(code.as_bytes().into());
        let slot = file.function_slot("f").unwrap();
        let (start, end) = code.split_at(slot.place);
        let whole = format!("{start}{}x{}{end}", slot.before, slot.after);
        assert_eq!(SourceFile::parse(whole.as_bytes().into()).problems(), [], "{whole}");
        whole.strip_prefix("def f(").and_then(|rest| rest.split_once("): ")).unwrap().0.to_owned()
    }

    #[test]
    fn a_keyword_only_parameter_finds_its_place() {
        for (before, after) in [
            ("", "*, x"),
            ("a", "a, *, x"),
            ("a, /", "a, /, *, x"),
            ("a, *, b=1", "a, *, b=1, x"),
            ("*a: int", "*a: int, x"),
            ("a, **k", "a, *, x, **k"),
            ("*a, **k", "*a, x, **k"),
            ("\n    a,\n", "\n    a, *, x,\n"),
        ] {
            assert_eq!(with_one_more(before), after);
        }
    }

    #[test]
    fn a_class_receives_by_its_init_or_as_a_field_or_by_a_new_one() {
        let receiving = |code: &str| SourceFile::parse(code.as_bytes().into()).receiving("A");
        assert!(matches!(
            receiving("class A:\n    def __init__(self): ...\n"),
            Some(Receiving::Init(slot)) if slot.receiver == "self"
        ));
        assert_eq!(
            receiving("class A:\n    \"\"\"A.\"\"\"\n    b = 1\n    @p\n    def f(self): ...\n"),
            Some(Receiving::Fresh { body: 36 })
        );
        assert_eq!(
            receiving("@dataclass(frozen=True)\nclass A:\n    a: int\n"),
            Some(Receiving::Field { body: 37 })
        );
        for code in [
            "@dataclass(slots=True)\nclass A:\n    a: int\n",
            "@other\nclass A:\n    a = 1\n",
            "class A:\n    @other\n    def __init__(self): ...\n",
            "class A: ...\nclass A: ...\n",
        ] {
            assert_eq!(receiving(code), None, "{code}");
        }
    }
}
