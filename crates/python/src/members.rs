//! The members that the body of one class names.

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::encoding::decode;
use crate::shape::{decorators, signature};
use crate::strings::content;
use crate::tree::{children, dotted, statements, text, undecorated};
use crate::{Signature, mentions};

/// The methods that answer for names which nothing else names.
const OPENERS: [&str; 2] = ["__getattr__", "__getattribute__"];

/// What the body of one class names.
#[derive(Default)]
pub(crate) struct Members {
    pub(crate) names: BTreeSet<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) init: Option<Signature>,
    pub(crate) is_open: bool,
}

impl Members {
    pub(crate) fn of(body: Node<'_>, bytes: &[u8]) -> Self {
        let mut members = Self::default();
        for statement in statements(body) {
            let definition = undecorated(statement);
            match definition.kind() {
                "class_definition" => members.add_name(definition, bytes),
                "function_definition" => {
                    members.add_name(definition, bytes);
                    members.add_method(statement, definition, bytes);
                }
                "expression_statement" => {
                    let assignments = children(definition).into_iter();
                    let assignments = assignments.filter(|part| part.kind() == "assignment");
                    assignments.for_each(|assignment| members.add_assignment(assignment, bytes));
                }
                _ => {}
            }
        }
        members
    }

    fn add_name(&mut self, definition: Node<'_>, bytes: &[u8]) {
        self.names.extend(definition.child_by_field_name("name").map(|name| text(name, bytes)));
    }

    /// `a = b = …`, `a: T`, `a: T = …`, `__slots__ = …`.
    fn add_assignment(&mut self, assignment: Node<'_>, bytes: &[u8]) {
        let mut next = Some(assignment);
        while let Some(assignment) = next.filter(|node| node.kind() == "assignment") {
            next = assignment.child_by_field_name("right");
            let Some(left) = assignment.child_by_field_name("left") else { continue };
            let names: Vec<_> =
                targets(left).into_iter().filter(|node| node.kind() == "identifier").collect();
            self.names.extend(names.iter().map(|&name| text(name, bytes)));
            let annotation = assignment.child_by_field_name("type").map(|node| text(node, bytes));
            if annotation.is_some_and(|annotation| !mentions(annotation.as_bytes(), b"ClassVar")) {
                self.fields.extend(names.first().map(|&name| text(name, bytes)));
            }
            if text(left, bytes) == "__slots__" {
                self.names.extend(next.map(|value| slots(value, bytes)).unwrap_or_default());
            }
        }
    }

    /// What a method's name and body say of its instance.
    fn add_method(&mut self, statement: Node<'_>, function: Node<'_>, bytes: &[u8]) {
        let name = function.child_by_field_name("name").map(|name| text(name, bytes)).unwrap_or_default();
        let signature = signature(function, bytes);
        let this = signature.parameters.first().map(|first| first.name.clone());
        self.is_open |= OPENERS.contains(&name.as_str());
        if name == "__init__" {
            self.init = Some(signature);
        }
        let is_static = decorators(statement, bytes).iter().any(|decorator| decorator == "staticmethod");
        if let (Some(this), Some(body), false) = (this, function.child_by_field_name("body"), is_static) {
            self.add_body(body, &this, bytes);
        }
    }

    /// What is assigned to attributes of `this`, at any depth but in classes.
    fn add_body(&mut self, body: Node<'_>, this: &str, bytes: &[u8]) {
        let is_this = |node: Option<Node<'_>>| node.is_some_and(|node| text(node, bytes) == this);
        let mut work = vec![body];
        while let Some(node) = work.pop() {
            match node.kind() {
                "class_definition" => continue,
                "call" => self.add_setattr(node, is_this, bytes),
                "attribute" if is_this(node.child_by_field_name("object")) => {
                    let name = node.child_by_field_name("attribute");
                    self.is_open |= name.is_some_and(|name| text(name, bytes) == "__dict__");
                }
                _ => {}
            }
            let target = match node.kind() {
                "assignment" | "augmented_assignment" | "for_statement" => node.child_by_field_name("left"),
                "as_pattern_target" => node.named_child(0),
                _ => None,
            };
            for attribute in target.map(targets).unwrap_or_default() {
                if attribute.kind() == "attribute" && is_this(attribute.child_by_field_name("object")) {
                    self.names
                        .extend(attribute.child_by_field_name("attribute").map(|name| text(name, bytes)));
                }
            }
            work.extend(children(node));
        }
    }

    /// `setattr(this, 'name', …)` names a member; any other name may be meant
    /// when it is computed.
    fn add_setattr(&mut self, call: Node<'_>, is_this: impl Fn(Option<Node<'_>>) -> bool, bytes: &[u8]) {
        let function = call.child_by_field_name("function").and_then(|node| dotted(node, bytes));
        let is_setter = function.is_some_and(|name| name == "setattr" || name.ends_with(".__setattr__"));
        let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        if !is_setter || !is_this(arguments.first().copied()) {
            return;
        }
        let name = arguments.get(1).filter(|name| name.kind() == "string");
        match name.and_then(|name| content(*name, bytes)) {
            Some(span) => self.names.extend([decode(&bytes[span.range()]).into_owned()]),
            None => self.is_open = true,
        }
    }
}

/// The single targets that an assignment's left side is made of.
fn targets(left: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut work = vec![left];
    while let Some(node) = work.pop() {
        match node.kind() {
            "pattern_list"
            | "tuple_pattern"
            | "list_pattern"
            | "list_splat_pattern"
            | "tuple"
            | "list"
            | "parenthesized_expression"
            | "list_splat"
            | "expression_list" => work.extend(children(node)),
            _ => found.push(node),
        }
    }
    found
}

/// The strings that a value of `__slots__` lists.
fn slots(value: Node<'_>, bytes: &[u8]) -> Vec<String> {
    let parts = if value.kind() == "string" { vec![value] } else { children(value) };
    let strings = parts.into_iter().filter(|part| part.kind() == "string");
    strings
        .filter_map(|string| content(string, bytes))
        .map(|span| decode(&bytes[span.range()]).into_owned())
        .collect()
}
