//! Attributes: what a class body annotates or assigns, and what methods assign
//! to their instance.

use tree_sitter::Node;

use super::annotation::Annotation;
use super::method::{Binding, Method, method};
use super::surface::MemberKind;
use crate::SourceFile;
use crate::tree::{children, dotted, statements, text, undecorated};

/// The attributes that one statement of a class body makes.
pub(super) fn attribute(file: &SourceFile, statement: Node<'_>) -> Vec<(String, MemberKind)> {
    let bytes = file.bytes();
    let mut found = Vec::new();
    for part in children(statement).into_iter().filter(|part| part.kind() == "assignment") {
        let Some(left) = part.child_by_field_name("left").filter(|left| left.kind() == "identifier") else {
            continue;
        };
        let kind = match part.child_by_field_name("type") {
            Some(written) => annotated(file, written),
            None => MemberKind::Attribute {
                annotation: part.child_by_field_name("right").and_then(literal),
                is_class_var: false,
                is_final: false,
            },
        };
        found.push((text(left, bytes), kind));
    }
    found
}

/// An attribute with an annotation; `ClassVar[…]` and `Final[…]` are taken off.
fn annotated(file: &SourceFile, written: Node<'_>) -> MemberKind {
    let read = Annotation::of(file, written);
    let whole = read.as_ref().map(|one| one.text.clone()).unwrap_or_default();
    let head = whole.split('[').next().unwrap_or_default();
    let wrapper = head.rsplit('.').next().unwrap_or_default();
    let is_wrapped = matches!(wrapper, "ClassVar" | "Final");
    let annotation = match whole.strip_prefix(head).and_then(|rest| rest.strip_prefix('[')) {
        Some(rest) if is_wrapped => rest.strip_suffix(']').map(|inner| {
            let first = head.split('.').next().unwrap_or_default();
            let names = read.map(|one| one.names).unwrap_or_default();
            let names = names.into_iter().filter(|name| name != first).collect();
            Annotation { text: inner.to_owned(), names }
        }),
        None if is_wrapped => None,
        _ => read,
    };
    MemberKind::Attribute { annotation, is_class_var: wrapper == "ClassVar", is_final: wrapper == "Final" }
}

/// What the methods of a class assign to their instance, in the order of the
/// file, each once.
pub(super) fn assigned(file: &SourceFile, body: Node<'_>) -> Vec<(String, MemberKind)> {
    let mut found: Vec<(String, MemberKind)> = Vec::new();
    for statement in statements(body) {
        let function = undecorated(statement);
        let read = method(file, statement, true);
        if function.kind() != "function_definition" || read.binding != Binding::Instance {
            continue;
        }
        for (name, kind) in assigned_in(file, function, &read) {
            let is_typed =
                |kind: &MemberKind| matches!(kind, MemberKind::Attribute { annotation: Some(_), .. });
            match found.iter_mut().find(|(known, _)| *known == name) {
                None => found.push((name, kind)),
                Some((_, known)) if !is_typed(known) => *known = kind,
                Some(_) => {}
            }
        }
    }
    found
}

fn assigned_in(file: &SourceFile, function: Node<'_>, read: &Method) -> Vec<(String, MemberKind)> {
    let bytes = file.bytes();
    let parameters = function.child_by_field_name("parameters").map(children).unwrap_or_default();
    let Some(this) = parameters.first().map(|first| text(*first, bytes)) else { return Vec::new() };
    let mut found = Vec::new();
    let mut work: Vec<Node<'_>> = function.child_by_field_name("body").into_iter().collect();
    while let Some(node) = work.pop() {
        if node.kind() == "assignment" {
            let left = node.child_by_field_name("left").and_then(|left| dotted(left, bytes));
            let name = left.as_deref().and_then(|left| left.strip_prefix(&this)?.strip_prefix('.'));
            if let Some(name) = name.filter(|name| !name.contains('.')) {
                found.push((name.to_owned(), assigned_kind(file, node, read)));
            }
        }
        let parts = children(node).into_iter().rev();
        work.extend(parts.filter(|part| !matches!(part.kind(), "class_definition" | "function_definition")));
    }
    found
}

/// An attribute that an assignment makes: with its annotation, that of the
/// parameter which is assigned, or the type of a literal.
fn assigned_kind(file: &SourceFile, assignment: Node<'_>, read: &Method) -> MemberKind {
    if let Some(written) = assignment.child_by_field_name("type") {
        return annotated(file, written);
    }
    let value = assignment.child_by_field_name("right");
    let name = value.filter(|value| value.kind() == "identifier").map(|value| text(value, file.bytes()));
    let parameter = read.arguments.iter().find(|one| Some(&one.name) == name.as_ref());
    let is_plain = |kind| !matches!(kind, crate::ParameterKind::Args | crate::ParameterKind::Kwargs);
    let annotation = match parameter {
        Some(parameter) if is_plain(parameter.kind) => parameter.annotation.clone(),
        Some(_) => None,
        None => value.and_then(literal),
    };
    MemberKind::Attribute { annotation, is_class_var: false, is_final: false }
}

/// The type of a literal, as those who check types infer it.
fn literal(value: Node<'_>) -> Option<Annotation> {
    Some(Annotation::builtin(match value.kind() {
        "integer" => "int",
        "float" => "float",
        "true" | "false" => "bool",
        "string" | "concatenated_string" => "str",
        _ => return None,
    }))
}
