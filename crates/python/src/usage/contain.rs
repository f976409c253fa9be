//! Containers: how instances get into them, and out of them again.

use tree_sitter::Node;

use super::access::is_field;
use super::held::{Held, Layer};
use super::instance::Trail;
use crate::tree::{children, text};

impl<'t> Trail<'t> {
    /// Takes the instances out of `node`, whose outermost layer and what it holds
    /// are told with the whole.
    pub(super) fn unpack(
        &mut self,
        node: Node<'t>,
        parent: Node<'t>,
        (layer, inner, whole): (Layer, Held, Held),
    ) {
        match parent.kind() {
            "for_statement" | "for_in_clause"
                if layer == Layer::Elements && is_field(parent, "right", node) =>
            {
                if let Some(target) = parent.child_by_field_name("left") {
                    self.bind(target, inner);
                }
            }
            "subscript" if parent.child_by_field_name("value") == Some(node) => {
                let key = parent.child_by_field_name("subscript");
                match (layer, key.map(|key| (key.kind(), text(key, self.bytes())))) {
                    (Layer::Elements, Some(("slice", _))) => self.flow(parent, whole),
                    (Layer::Place(at), Some(("integer", key))) if key == at.to_string() => {
                        self.flow(parent, inner);
                    }
                    (Layer::Place(_), _) => {}
                    (Layer::Elements | Layer::Values, _) => self.flow(parent, inner),
                }
            }
            "attribute" => self.by_method(parent, (layer, inner, whole)),
            "argument_list" if layer == Layer::Elements => self.by_call(node, parent, (inner, whole)),
            _ => {}
        }
    }

    /// What methods of containers give: `values()`, `pop()`.
    fn by_method(&mut self, attribute: Node<'t>, (layer, inner, whole): (Layer, Held, Held)) {
        let Some(call) = attribute.parent().filter(|call| call.kind() == "call") else { return };
        let Some(name) = attribute.child_by_field_name("attribute") else { return };
        let given = match (layer, text(name, self.bytes()).as_str()) {
            (_, "copy") => Some(whole),
            (Layer::Elements, "pop" | "popleft") => Some(inner),
            (Layer::Elements, "sort") => {
                self.by_key(call, inner);
                None
            }
            (Layer::Values, "values") => inner.within(Layer::Elements),
            (Layer::Values, "items") => {
                inner.within(Layer::Place(1)).and_then(|held| held.within(Layer::Elements))
            }
            (Layer::Values, "get" | "pop" | "setdefault") => Some(inner),
            _ => None,
        };
        if let Some(given) = given {
            self.flow(call, given);
        }
    }

    /// What Python's own functions give of an iterable argument.
    fn by_call(&mut self, node: Node<'t>, list: Node<'t>, (inner, whole): (Held, Held)) {
        let Some(call) = list.parent().filter(|call| call.kind() == "call") else { return };
        let Some(function) = call.child_by_field_name("function") else { return };
        let Some(at) = children(list).iter().position(|one| *one == node) else { return };
        let elements = |held: Option<Held>| held.and_then(|held| held.within(Layer::Elements));
        let given = match (text(function, self.bytes()).as_str(), at) {
            ("list" | "tuple" | "set" | "frozenset" | "iter" | "reversed", 0) => Some(whole),
            ("sorted", 0) => {
                self.by_key(call, inner);
                Some(whole)
            }
            ("min" | "max", 0) => {
                self.by_key(call, inner);
                Some(inner)
            }
            ("next", 0) => Some(inner),
            ("enumerate", 0) => elements(inner.within(Layer::Place(1))),
            ("zip", at) => elements(inner.within(Layer::Place(at))),
            ("filter" | "map", 1) => {
                let first = children(list).first().copied();
                self.by_lambda(first, inner);
                let is_same = text(function, self.bytes()) == "filter";
                is_same.then_some(whole)
            }
            _ => None,
        };
        if let Some(given) = given {
            self.flow(call, given);
        }
    }

    /// What `key=lambda one: …` of a call is given.
    fn by_key(&mut self, call: Node<'t>, inner: Held) {
        let arguments = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let is_key = |one: &&Node<'t>| {
            let name = one.child_by_field_name("name").map(|name| text(name, self.bytes()));
            one.kind() == "keyword_argument" && name.as_deref() == Some("key")
        };
        let key = arguments.iter().find(is_key).and_then(|one| one.child_by_field_name("value"));
        self.by_lambda(key, inner);
    }

    fn by_lambda(&mut self, lambda: Option<Node<'t>>, inner: Held) {
        let lambda = lambda.filter(|one| one.kind() == "lambda");
        let parameters = lambda.and_then(|one| one.child_by_field_name("parameters"));
        let first = parameters.and_then(|list| list.named_child(0));
        if let Some(first) = first.filter(|one| one.kind() == "identifier") {
            self.bind(first, inner);
        }
    }

    /// Follows what `node` is put into.
    pub(super) fn pack(&mut self, node: Node<'t>, parent: Node<'t>, held: Held) {
        let elements = held.within(Layer::Elements);
        let (into, packed) = match parent.kind() {
            "list" | "set" => (Some(parent), elements),
            "list_comprehension" | "set_comprehension" | "generator_expression"
                if is_field(parent, "body", node) =>
            {
                (Some(parent), elements)
            }
            "pair" if is_field(parent, "value", node) => (parent.parent(), held.within(Layer::Values)),
            "tuple" | "expression_list" => {
                let at = children(parent).iter().position(|one| *one == node);
                (Some(parent), at.and_then(|at| held.within(Layer::Place(at))))
            }
            "argument_list" => return self.put(node, parent, elements),
            _ => return,
        };
        if let Some((into, packed)) = into.zip(packed) {
            self.flow(into, packed);
        }
    }

    /// `xs.append(node)`.
    fn put(&mut self, node: Node<'t>, list: Node<'t>, elements: Option<Held>) {
        let function = list.parent().and_then(|call| call.child_by_field_name("function"));
        let Some(method) = function.filter(|function| function.kind() == "attribute") else { return };
        let name = method.child_by_field_name("attribute").map(|name| text(name, self.bytes()));
        let is_put = match name.as_deref() {
            Some("append" | "add" | "appendleft") => children(list).len() == 1,
            Some("insert") => children(list).get(1) == Some(&node),
            _ => false,
        };
        let into = method.child_by_field_name("object").filter(|_| is_put);
        if let Some((into, held)) = into.zip(elements) {
            self.bind(into, held);
        }
    }
}
