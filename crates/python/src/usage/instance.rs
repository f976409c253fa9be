//! Instances: where the values of a class go within a file, and what is done
//! with them there.

use std::collections::HashSet;

use repot_change::Span;
use tree_sitter::Node;

use super::access::{access, is_field, is_target, member, unwrapped};
use super::annotation::{Held, annotated};
use super::name::node_at;
use super::{Access, MemberUse, Then, Verb};
use crate::SourceFile;
use crate::scope::{Reference, Role, Scopes};
use crate::tree::{span, text};

/// What is done with the members of the instances of what `references` name,
/// and with the instances themselves.
pub(super) fn follow(scopes: &Scopes<'_>, references: &[Reference]) -> (Vec<MemberUse>, Vec<Access>) {
    let mut trail = Trail {
        scopes,
        file: scopes.file(),
        seen: HashSet::new(),
        bound: HashSet::new(),
        members: Vec::new(),
        instances: Vec::new(),
    };
    for reference in references.iter().filter(|reference| reference.role == Role::Load) {
        trail.begin(reference);
    }
    trail.members.sort_by_key(|one| one.name.span);
    trail.instances.sort_by_key(|one| one.span);
    (trail.members, trail.instances)
}

/// The trail of the instances.
struct Trail<'t> {
    scopes: &'t Scopes<'t>,
    file: &'t SourceFile,
    /// The expressions that were looked at, by where they stand.
    seen: HashSet<(Span, Held)>,
    /// The names and attributes that were followed.
    bound: HashSet<(Span, Held)>,
    members: Vec<MemberUse>,
    instances: Vec<Access>,
}

impl<'t> Trail<'t> {
    fn bytes(&self) -> &'t [u8] {
        self.file.bytes()
    }

    /// Starts where a name makes an instance or says that something is one.
    fn begin(&mut self, reference: &Reference) {
        if reference.annotation || reference.quoted {
            if let Some((target, held)) = annotated(self.file, reference) {
                self.bind(target, held);
            }
            return;
        }
        let Some(node) = node_at(self.file, reference.span) else { return };
        let called = unwrapped(node).parent().filter(|parent| parent.kind() == "call");
        if let Some(call) = called.filter(|call| is_field(*call, "function", unwrapped(node))) {
            self.flow(call, Held::Itself);
        }
    }

    /// Follows the expression `node`, whose value is held so.
    fn flow(&mut self, node: Node<'t>, held: Held) {
        let node = unwrapped(node);
        if !self.seen.insert((span(node), held)) {
            return;
        }
        let Some(parent) = node.parent() else { return };
        if held == Held::Itself {
            self.record(node);
        } else {
            self.unpack(node, parent, held);
        }
        match parent.kind() {
            "assignment" | "named_expression" if is_value(parent, node) => {
                let target = parent.child_by_field_name("left").or(parent.child_by_field_name("name"));
                if let Some(target) = target {
                    self.bind(target, held);
                }
                self.flow(parent, held);
            }
            "default_parameter" | "typed_default_parameter" if is_field(parent, "value", node) => {
                if let Some(name) = parent.child_by_field_name("name") {
                    self.bind(name, held);
                }
            }
            "boolean_operator" => self.flow(parent, held),
            "conditional_expression" if parent.named_child(1) != Some(node) => self.flow(parent, held),
            "as_pattern" => {
                let alias = parent.child_by_field_name("alias").and_then(|alias| alias.named_child(0));
                if let Some(alias) = alias {
                    self.bind(alias, held);
                }
            }
            _ => {}
        }
    }

    fn record(&mut self, node: Node<'t>) {
        if let Some(member) = member(node, self.bytes()) {
            self.members.push(member);
            return;
        }
        let access = access(node, self.bytes());
        if matches!(access.verb, Verb::Called(_)) || access.then != Then::Kept {
            self.instances.push(access);
        }
    }

    /// Takes the instances out of what holds them.
    fn unpack(&mut self, node: Node<'t>, parent: Node<'t>, held: Held) {
        match parent.kind() {
            "for_statement" | "for_in_clause"
                if held == Held::Elements && is_field(parent, "right", node) =>
            {
                if let Some(target) = parent.child_by_field_name("left") {
                    self.bind(target, Held::Itself);
                }
            }
            "subscript" if parent.child_by_field_name("value") == Some(node) => {
                let is_slice =
                    parent.child_by_field_name("subscript").is_some_and(|one| one.kind() == "slice");
                self.flow(parent, if is_slice { held } else { Held::Itself });
            }
            "attribute" if held == Held::Values => {
                let called = parent.parent().filter(|call| call.kind() == "call");
                let method = parent.child_by_field_name("attribute").map(|name| text(name, self.bytes()));
                match (called, method.as_deref()) {
                    (Some(call), Some("values")) => self.flow(call, Held::Elements),
                    (Some(call), Some("get" | "pop" | "setdefault")) => self.flow(call, Held::Itself),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Follows what is bound at `target`.
    fn bind(&mut self, target: Node<'t>, held: Held) {
        if !self.bound.insert((span(target), held)) {
            return;
        }
        match target.kind() {
            "identifier" if function_called(target).is_some() => self.bind_function(target, held),
            "identifier" => {
                for place in self.scopes.reads_of(span(target)) {
                    if let Some(node) = node_at(self.file, place) {
                        self.flow(node, held);
                    }
                }
                if let Some(class) = class_around(target) {
                    self.follow_attribute(class, &text(target, self.bytes()), held);
                }
            }
            "attribute" => {
                let Some((class, name)) = self.own_attribute(target) else { return };
                self.follow_attribute(class, &name, held);
            }
            _ => {}
        }
    }

    /// Follows what the function called `name` gives, as far as the file calls it:
    /// by its name, or as a method of its own class.
    fn bind_function(&mut self, name: Node<'t>, held: Held) {
        let Some(function) = function_called(name) else { return };
        let is_async = function.child(0).is_some_and(|first| first.kind() == "async");
        let places = match class_around(function) {
            None => {
                let reads = self.scopes.reads_of(span(name)).into_iter();
                reads.filter_map(|place| node_at(self.file, place)).collect()
            }
            Some(class) => self.attributes(class, &text(name, self.bytes())),
        };
        for place in places {
            let place = unwrapped(place);
            let call = place.parent().filter(|one| one.kind() == "call" && is_field(*one, "function", place));
            let given = match (call, is_async) {
                (Some(call), true) => call.parent().filter(|parent| parent.kind() == "await"),
                (call, _) => call,
            };
            if let Some(given) = given {
                self.flow(given, held);
            }
        }
    }

    /// The class and the name of an attribute of the instance whose method it
    /// stands in.
    fn own_attribute(&self, attribute: Node<'t>) -> Option<(Node<'t>, String)> {
        let object = attribute.child_by_field_name("object").filter(|one| one.kind() == "identifier")?;
        let (class, this) = method_around(attribute, self.bytes())?;
        let name = attribute.child_by_field_name("attribute")?;
        (text(object, self.bytes()) == this).then(|| (class, text(name, self.bytes())))
    }

    /// Follows the attribute `name` of the instances of `class` within it.
    fn follow_attribute(&mut self, class: Node<'t>, name: &str, held: Held) {
        for node in self.attributes(class, name) {
            self.flow(node, held);
        }
    }

    /// Where `class` reads the attribute `name` of its instances.
    fn attributes(&self, class: Node<'t>, name: &str) -> Vec<Node<'t>> {
        let (mut found, mut work) = (Vec::new(), vec![class]);
        while let Some(node) = work.pop() {
            if node.kind() == "attribute"
                && !is_target(node)
                && self.own_attribute(node).is_some_and(|(owner, own)| owner == class && own == name)
            {
                found.push(node);
            }
            let mut cursor = node.walk();
            work.extend(node.named_children(&mut cursor));
        }
        found
    }
}

/// The function whose definition calls it `name`.
fn function_called(name: Node<'_>) -> Option<Node<'_>> {
    name.parent().filter(|one| one.kind() == "function_definition" && is_field(*one, "name", name))
}

fn is_value(assignment: Node<'_>, node: Node<'_>) -> bool {
    is_field(assignment, "right", node) || is_field(assignment, "value", node)
}

/// The class in whose body, outside of methods, `node` stands.
fn class_around(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    while let Some(parent) = at.parent() {
        match parent.kind() {
            "class_definition" => return Some(parent),
            "function_definition" | "lambda" | "module" => return None,
            _ => at = parent,
        }
    }
    None
}

/// The class of the method around `node`, and what the method calls its
/// instance; functions within the method may use it, too.
fn method_around<'t>(node: Node<'t>, bytes: &[u8]) -> Option<(Node<'t>, String)> {
    let (mut at, mut function) = (node, None);
    while let Some(parent) = at.parent() {
        match parent.kind() {
            "function_definition" => function = Some(parent),
            "class_definition" => {
                let parameters = function?.child_by_field_name("parameters")?;
                let first = parameters.named_child(0)?;
                let name = if first.kind() == "identifier" { first } else { first.named_child(0)? };
                return Some((parent, text(name, bytes)));
            }
            _ => {}
        }
        at = parent;
    }
    None
}
