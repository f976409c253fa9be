//! Where a name is called, and which definition would have to be given it.

use repot_change::Span;
use tree_sitter::Node;

use crate::SourceFile;
use crate::shape::decorators;
use crate::tree::{children, span, text};

/// What the name at some place is to the code around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// It is called.
    Call(Call),
    /// It stands in an annotation.
    Annotation,
    /// A framework is told to call it: `Depends(it)`, `Security(it)`.
    Dependency,
    /// It is anything else.
    Other,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// In what it stands.
    pub unit: Unit,
    /// All of it.
    pub span: Span,
    /// What is called, without the arguments.
    pub function: Span,
    /// Whether there are arguments.
    pub has_arguments: bool,
    /// Where one more keyword goes; `None` where the only argument is a bare
    /// generator.
    pub end: Option<usize>,
    /// Whether it is all that a statement directly in the body of a method
    /// assigns, so that it happens at most once in every call of that.
    pub is_whole: bool,
}

/// A definition that code stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// None: it runs when the module is imported.
    Module,
    /// A function of the module.
    Function(String),
    /// A method of a class of the module.
    Method {
        /// The class.
        class: String,
        /// The method.
        method: String,
        /// What the method calls its instance.
        receiver: String,
    },
    /// Something that nothing can be handed to; the text says what, as a phrase.
    Closed(&'static str),
}

/// What the name at `name` is to the code around it.
pub(crate) fn mention(file: &SourceFile, name: Span) -> Mention {
    let Some(node) = file.root().named_descendant_for_byte_range(name.start, name.end) else {
        return Mention::Other;
    };
    if let Some(call) = call(file, node) {
        return Mention::Call(call);
    }
    if is_dependency(file, node) {
        return Mention::Dependency;
    }
    let mut at = Some(node);
    while let Some(node) = at {
        match node.kind() {
            "type" => return Mention::Annotation,
            "block" | "module" | "argument_list" => return Mention::Other,
            _ => at = node.parent(),
        }
    }
    Mention::Other
}

/// Whether what stands at `span` lies in the body of a function.
pub(crate) fn is_deferred(file: &SourceFile, span: Span) -> bool {
    let mut at = file.root().named_descendant_for_byte_range(span.start, span.end);
    while let Some(node) = at {
        let parent = node.parent();
        let is_body = |around: &Node<'_>| {
            matches!(around.kind(), "function_definition" | "lambda")
                && around.child_by_field_name("body") == Some(node)
        };
        if parent.as_ref().is_some_and(is_body) {
            return true;
        }
        at = parent;
    }
    false
}

/// Whether `node` is the first argument of FastAPI's `Depends` or `Security`.
fn is_dependency(file: &SourceFile, node: Node<'_>) -> bool {
    let Some(list) = node.parent().filter(|list| list.kind() == "argument_list") else { return false };
    let function = list.parent().and_then(|call| call.child_by_field_name("function"));
    let name = function.map(|function| text(function, file.bytes())).unwrap_or_default();
    children(list).first() == Some(&node) && matches!(name.rsplit('.').next(), Some("Depends" | "Security"))
}

fn call(file: &SourceFile, function: Node<'_>) -> Option<Call> {
    let bytes = file.bytes();
    let call = function.parent().filter(|call| call.kind() == "call")?;
    if call.child_by_field_name("function") != Some(function) || function.kind() != "identifier" {
        return None;
    }
    let list = call.child_by_field_name("arguments")?;
    let arguments = children(list);
    let end = arguments.last().map_or_else(|| list.end_byte().saturating_sub(1), Node::end_byte);
    Some(Call {
        unit: unit(call, bytes),
        span: span(call),
        function: span(function),
        has_arguments: !arguments.is_empty(),
        end: (list.kind() == "argument_list").then_some(end),
        is_whole: is_whole(call),
    })
}

/// Whether `call` is the value of an assignment in the body of a method.
fn is_whole(call: Node<'_>) -> bool {
    let assignment = call.parent().filter(|parent| parent.kind() == "assignment");
    let statement =
        assignment.and_then(|node| node.parent()).filter(|one| one.kind() == "expression_statement");
    let body = statement.and_then(|node| node.parent()).filter(|body| body.kind() == "block");
    let method = body.and_then(|body| body.parent()).filter(|one| one.kind() == "function_definition");
    let class = method.and_then(|method| method.parent()).and_then(|body| body.parent());
    class.is_some_and(|class| class.kind() == "class_definition")
}

/// The definition around `node` that can be handed something: the outermost
/// function, since what stands within it sees its parameters.
fn unit(node: Node<'_>, bytes: &[u8]) -> Unit {
    let (mut at, mut outer) = (node, Vec::new());
    while let Some(parent) = at.parent() {
        match parent.kind() {
            "function_definition" if parent.child_by_field_name("body") == Some(at) => outer.push(parent),
            "function_definition" => return Unit::Closed("it is called in the head of a function"),
            "decorator" => return Unit::Closed("it is called in a decorator"),
            "class_definition" => outer.push(parent),
            _ => {}
        }
        at = parent;
    }
    let (Some(last), before) = (outer.pop(), outer.pop()) else { return Unit::Module };
    if outer.iter().chain(&before).any(|node| node.kind() == "class_definition") {
        return Unit::Closed("it is called in a class within another definition");
    }
    let named =
        |node: Node<'_>| node.child_by_field_name("name").map(|name| text(name, bytes)).unwrap_or_default();
    match (last.kind(), before) {
        ("function_definition", _) if is_top(last) => Unit::Function(named(last)),
        ("class_definition", None) => Unit::Closed("it is called in the body of a class"),
        ("class_definition", Some(method)) if is_top(last) => {
            let around = method.parent().filter(|around| around.kind() == "decorated_definition");
            let is_bound = around.is_none_or(|around| {
                let all = decorators(around, bytes);
                all.iter().all(|one| !matches!(one.as_str(), "staticmethod" | "classmethod"))
            });
            let parameters = method.child_by_field_name("parameters").map(children).unwrap_or_default();
            match parameters.first().filter(|first| first.kind() == "identifier" && is_bound) {
                Some(first) if !is_hidden(&outer, &text(*first, bytes), bytes) => {
                    Unit::Method { class: named(last), method: named(method), receiver: text(*first, bytes) }
                }
                _ => Unit::Closed("it is called in a method without an instance"),
            }
        }
        _ => Unit::Closed("it is called in a definition under a condition"),
    }
}

/// Whether a definition stands in the module itself.
fn is_top(definition: Node<'_>) -> bool {
    let parent = definition.parent();
    let parent = match parent.filter(|parent| parent.kind() == "decorated_definition") {
        Some(around) => around.parent(),
        None => parent,
    };
    parent.is_some_and(|parent| parent.kind() == "module")
}

/// Whether a function within a method calls something else by the name of the
/// instance.
fn is_hidden(inner: &[Node<'_>], receiver: &str, bytes: &[u8]) -> bool {
    let mut parameters = inner.iter().filter_map(|one| one.child_by_field_name("parameters"));
    parameters.any(|list| text(list, bytes).contains(receiver))
}

#[cfg(test)]
mod tests {
    use repot_change::Span;

    use super::*;

    /// What the first `X` of the code is.
    fn first(code: &str) -> Mention {
        let file = SourceFile::parse(code.as_bytes().into());
        let at = code.find('X').unwrap();
        file.mention(Span::new(at, at + 1))
    }

    fn unit(code: &str) -> Unit {
        match first(code) {
            Mention::Call(call) => call.unit,
            other => panic!("{code}: {other:?}"),
        }
    }

    #[test]
    fn a_call_stands_in_the_outermost_function() {
        assert_eq!(unit("X()"), Unit::Module);
        assert_eq!(unit("def f():\n    return lambda: [X() for a in b]\n"), Unit::Function("f".to_owned()));
        let method =
            Unit::Method { class: "A".to_owned(), method: "f".to_owned(), receiver: "me".to_owned() };
        assert_eq!(unit("class A:\n    def f(me):\n        def g(): X()\n"), method);
        for code in [
            "class A:\n    a = X()\n",
            "def f(a=X()): ...\n",
            "@X()\ndef f(): ...\n",
            "def f():\n    class A:\n        def g(self): X()\n",
            "class A:\n    @staticmethod\n    def f(): X()\n",
            "class A:\n    @classmethod\n    def f(cls): X()\n",
            "class A:\n    def f(self):\n        def g(self): X()\n",
            "if a:\n    def f(): X()\n",
        ] {
            assert!(matches!(unit(code), Unit::Closed(_)), "{code}");
        }
    }

    #[test]
    fn a_name_is_called_or_annotates_or_is_handed_to_a_framework() {
        assert_eq!(first("a: list[X] = 1\n"), Mention::Annotation);
        assert_eq!(first("def f(a: X): ...\n"), Mention::Annotation);
        assert_eq!(first("def f(a=Depends(X)): ...\n"), Mention::Dependency);
        assert_eq!(first("f(X)\n"), Mention::Other);
        assert_eq!(first("X.make()\n"), Mention::Other);
        let Mention::Call(call) = first("X(1, *a)\n") else { panic!("no call") };
        assert_eq!((call.end, call.has_arguments, call.is_whole), (Some(7), true, false));
        let Mention::Call(call) = first("X(a for a in b)\n") else { panic!("no call") };
        assert_eq!(call.end, None);
    }
}
