//! Instances: where the values of a class go within a file, and what is done
//! with them there.

use std::collections::HashSet;

use repot_change::Span;
use tree_sitter::Node;

use super::access::{access, is_field, is_target, member, unwrapped};
use super::annotation::annotated;
use super::gift::{Gift, Way};
use super::held::{Held, Layer};
use super::name::node_at;
use super::passed::Passed;
use super::{Access, MemberUse, Then, Usage, Verb};
use crate::SourceFile;
use crate::scope::{Reference, Role, Scopes};
use crate::tree::{children, span, text};

/// The trail of the instances.
pub(super) struct Trail<'t> {
    scopes: &'t Scopes<'t>,
    pub(super) file: &'t SourceFile,
    /// The expressions that were looked at, by where they stand.
    seen: HashSet<(Span, Held)>,
    /// The names and attributes that were followed.
    bound: HashSet<(Span, Held)>,
    members: Vec<MemberUse>,
    instances: Vec<Access>,
    gifts: Vec<Gift>,
    passed: Vec<Passed>,
}

impl<'t> Trail<'t> {
    pub(super) fn new(scopes: &'t Scopes<'t>) -> Self {
        let (seen, bound, members, instances) = Default::default();
        let (gifts, passed) = Default::default();
        Self { scopes, file: scopes.file(), seen, bound, members, instances, gifts, passed }
    }

    /// Follows the instances of what `references` name.
    pub(super) fn follow(&mut self, references: &[Reference]) {
        for reference in references.iter().filter(|reference| reference.role == Role::Load) {
            self.begin(reference);
        }
    }

    /// What was found on the way.
    pub(super) fn end(mut self) -> Usage {
        self.members.sort_by_key(|one| one.name.span);
        self.instances.sort_by_key(|one| one.span);
        self.gifts.sort();
        self.gifts.dedup();
        let (members, instances, gifts, passed) = (self.members, self.instances, self.gifts, self.passed);
        Usage { members, instances, gifts, passed, ..Usage::default() }
    }

    pub(super) fn bytes(&self) -> &'t [u8] {
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
        if let Some(passed) = Passed::of(node, self.bytes()) {
            self.passed.push(passed);
            return;
        }
        let called = unwrapped(node).parent().filter(|parent| parent.kind() == "call");
        if let Some(call) = called.filter(|call| is_field(*call, "function", unwrapped(node))) {
            self.flow(call, Held::ITSELF);
        }
    }

    /// Follows the expression `node`, whose value is held so.
    pub(super) fn flow(&mut self, node: Node<'t>, held: Held) {
        let node = unwrapped(node);
        if !self.seen.insert((span(node), held)) {
            return;
        }
        let Some(parent) = node.parent() else { return };
        match held.open() {
            None => self.record(node),
            Some((layer, inner)) => self.unpack(node, parent, (layer, inner, held)),
        }
        self.pack(node, parent, held);
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

    /// Follows what is bound at `target`.
    pub(super) fn bind(&mut self, target: Node<'t>, held: Held) {
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
                } else if is_of_module(target) {
                    self.give(None, text(target, self.bytes()), Way::Read, held);
                }
            }
            "attribute" => {
                let Some((class, name)) = self.own_attribute(target) else { return };
                self.follow_attribute(class, &name, held);
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" => self.bind_each(target, held),
            // What is put at a key is one of the values.
            "subscript" => {
                let into = target.child_by_field_name("value");
                if let Some((into, held)) = into.zip(held.within(Layer::Values)) {
                    self.bind(into, held);
                }
            }
            _ => {}
        }
    }

    /// Follows what is bound by unpacking.
    fn bind_each(&mut self, pattern: Node<'t>, held: Held) {
        let Some((layer, inner)) = held.open() else { return };
        for (at, part) in children(pattern).into_iter().enumerate() {
            match layer {
                Layer::Place(place) if place == at => self.bind(part, inner),
                Layer::Elements => self.bind(part, inner),
                Layer::Place(_) | Layer::Values => {}
            }
        }
    }

    /// Follows what the function called `name` gives, as far as the file calls it:
    /// by its name, or as a method of its own class.
    fn bind_function(&mut self, name: Node<'t>, held: Held) {
        let Some(function) = function_called(name) else { return };
        let class = class_around(function);
        let way = Way::of(function, self.bytes());
        let known = text(name, self.bytes());
        let places = match class {
            None => {
                let reads = self.scopes.reads_of(span(name)).into_iter();
                reads.filter_map(|place| node_at(self.file, place)).collect()
            }
            Some(class) => self.attributes(class, &known),
        };
        if class.is_some() || is_of_module(function) {
            self.give(class, known, way, held);
        }
        for place in places {
            if let Some(given) = way.taken(place) {
                self.flow(given, held);
            }
        }
    }

    /// Takes down what others may have from here.
    fn give(&mut self, class: Option<Node<'t>>, name: String, way: Way, held: Held) {
        let owner = class.and_then(|class| class.child_by_field_name("name"));
        let owner = owner.map(|name| text(name, self.bytes()));
        self.gifts.push(Gift { owner, name, way, held });
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
        self.give(Some(class), name.to_owned(), Way::Read, held);
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

/// Whether `node` stands in no class and in no function.
fn is_of_module(node: Node<'_>) -> bool {
    let is_around = |kind: &str| matches!(kind, "class_definition" | "function_definition" | "lambda");
    std::iter::successors(node.parent(), Node::parent).all(|parent| !is_around(parent.kind()))
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
