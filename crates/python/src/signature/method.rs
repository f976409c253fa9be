//! One function or method: how it is called, and what comes back.

use tree_sitter::Node;

use super::annotation::Annotation;
use crate::shape::decorators;
use crate::strings::content;
use crate::tree::{children, statements, text, undecorated};
use crate::{ParameterKind, SourceFile};

/// What a method is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// An instance, or nothing where it is a function.
    Instance,
    /// The class: it is a `classmethod`.
    Class,
    /// Neither: it is a `staticmethod`.
    Static,
}

/// How a function is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// What it is called on.
    pub binding: Binding,
    /// Whether calling it makes something to await: an `async def` that does not
    /// yield.
    pub is_async: bool,
    /// Whether it yields, so that calling it makes a generator.
    pub is_generator: bool,
    /// Whether it is an `async def`, whether it yields or not.
    pub is_async_def: bool,
    /// Its own type parameters, brackets included; empty without them (PEP 695).
    pub type_parameters: String,
    /// The parameters in order, without the instance or class of a method.
    pub arguments: Vec<Argument>,
    /// What it returns, where it says so.
    pub returns: Option<Annotation>,
    /// The decorators that may change how it is called, as written.
    pub decorators: Vec<String>,
    /// Whether it is one of several that `overload` marks.
    pub is_overload: bool,
    /// The first sentence of its docstring.
    pub summary: Option<String>,
}

/// One parameter with its annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name, without stars.
    pub name: String,
    /// How arguments reach it.
    pub kind: ParameterKind,
    /// Its type, where it says so.
    pub annotation: Option<Annotation>,
    /// Whether it has a default.
    pub has_default: bool,
    /// Whether its default is `None`.
    pub is_none: bool,
}

/// Decorators that leave the way of calling as it is written.
const TRANSPARENT: [&str; 12] = [
    "staticmethod",
    "classmethod",
    "property",
    "cached_property",
    "abstractmethod",
    "abstractproperty",
    "overload",
    "final",
    "override",
    "lru_cache",
    "cache",
    "wraps",
];

/// The top-level function that `file` calls `name`, with its overloads before
/// it.
pub(crate) fn functions(file: &SourceFile, name: &str) -> Vec<Method> {
    let all = statements(file.root()).into_iter();
    let own = all.filter(|node| named(undecorated(*node), "function_definition", name, file.bytes()));
    settled(own.map(|node| method(file, node, false)).collect())
}

/// Overloads where there are any, else the last of the definitions.
pub(super) fn settled(mut methods: Vec<Method>) -> Vec<Method> {
    if methods.iter().any(|one| one.is_overload) {
        methods.retain(|one| one.is_overload);
        return methods;
    }
    methods.pop().into_iter().collect()
}

/// Whether `node` is a definition of that kind and name.
pub(super) fn named(node: Node<'_>, kind: &str, name: &str, bytes: &[u8]) -> bool {
    let own = node.child_by_field_name("name").filter(|_| node.kind() == kind);
    own.is_some_and(|own| text(own, bytes) == name)
}

/// Reads a function; of a method the instance or class is left out.
pub(crate) fn method(file: &SourceFile, node: Node<'_>, is_method: bool) -> Method {
    let bytes = file.bytes();
    let function = undecorated(node);
    let written = decorators(node, bytes);
    let has = |name: &str| written.iter().any(|one| last_part(one) == name);
    let binding = match (has("classmethod"), has("staticmethod")) {
        (true, _) => Binding::Class,
        (_, true) => Binding::Static,
        _ => Binding::Instance,
    };
    let mut arguments = arguments(file, function);
    if is_method && binding != Binding::Static && arguments.first().is_some_and(is_bound) {
        arguments.remove(0);
    }
    let is_async_def = function.child(0).is_some_and(|first| first.kind() == "async");
    let is_generator = function.child_by_field_name("body").is_some_and(yields);
    let is_overload = has("overload");
    Method {
        binding,
        is_async: is_async_def && !is_generator,
        is_generator,
        is_async_def,
        type_parameters: type_parameters(function, bytes),
        arguments,
        returns: function.child_by_field_name("return_type").and_then(|node| Annotation::of(file, node)),
        is_overload,
        summary: summary(function, bytes),
        decorators: written.into_iter().filter(|one| !TRANSPARENT.contains(&last_part(one))).collect(),
    }
}

/// The name of a decorator: `a.b(…)` is `b`.
pub(super) fn last_part(decorator: &str) -> &str {
    let name = decorator.split('(').next().unwrap_or_default().trim();
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether a parameter may be the instance or class of a method.
fn is_bound(argument: &Argument) -> bool {
    matches!(argument.kind, ParameterKind::Positional | ParameterKind::PositionalOnly)
}

/// The type parameters of a class or function as written, on one line.
pub(super) fn type_parameters(definition: Node<'_>, bytes: &[u8]) -> String {
    let written = definition.child_by_field_name("type_parameters").map(|node| text(node, bytes));
    written.map(|written| written.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

fn arguments(file: &SourceFile, function: Node<'_>) -> Vec<Argument> {
    let mut found: Vec<Argument> = Vec::new();
    let mut kind = ParameterKind::Positional;
    for node in function.child_by_field_name("parameters").map(children).unwrap_or_default() {
        match node.kind() {
            "keyword_separator" => kind = ParameterKind::KeywordOnly,
            "positional_separator" => {
                found.iter_mut().for_each(|one| one.kind = ParameterKind::PositionalOnly);
            }
            _ => found.extend(argument(file, node, kind)),
        }
        if found.last().is_some_and(|last| last.kind == ParameterKind::Args) {
            kind = ParameterKind::KeywordOnly;
        }
    }
    found
}

fn argument(file: &SourceFile, node: Node<'_>, kind: ParameterKind) -> Option<Argument> {
    let bytes = file.bytes();
    let has_default = matches!(node.kind(), "default_parameter" | "typed_default_parameter");
    let mut name = match node.kind() {
        "typed_parameter" => *children(node).first()?,
        _ if has_default => node.child_by_field_name("name")?,
        _ => node,
    };
    let kind = match name.kind() {
        "list_splat_pattern" => ParameterKind::Args,
        "dictionary_splat_pattern" => ParameterKind::Kwargs,
        _ => kind,
    };
    if matches!(kind, ParameterKind::Args | ParameterKind::Kwargs) {
        name = *children(name).first()?;
    }
    let is_none = node.child_by_field_name("value").is_some_and(|value| value.kind() == "none");
    let annotation = node.child_by_field_name("type").and_then(|node| Annotation::of(file, node));
    // A default of `None` says more than an annotation that forgets it.
    let annotation = annotation.map(|one| if is_none && one.text != "Any" { one.or_none() } else { one });
    (name.kind() == "identifier").then(|| Argument {
        name: text(name, bytes),
        kind,
        annotation,
        has_default,
        is_none,
    })
}

/// Whether a body yields, outside of the functions and classes in it.
fn yields(body: Node<'_>) -> bool {
    let mut work = vec![body];
    while let Some(node) = work.pop() {
        match node.kind() {
            "yield" => return true,
            "function_definition" | "class_definition" | "lambda" => {}
            _ => work.extend(children(node)),
        }
    }
    false
}

/// The first sentence of the docstring of a class or function, on one line,
/// where it is plain.
pub(super) fn summary(definition: Node<'_>, bytes: &[u8]) -> Option<String> {
    let first = *children(definition.child_by_field_name("body")?).first()?;
    let string = *children(first).first().filter(|_| first.kind() == "expression_statement")?;
    let span = content(string, bytes).filter(|_| string.kind() == "string")?;
    let whole = String::from_utf8_lossy(bytes.get(span.range())?).into_owned();
    let paragraph: Vec<&str> =
        whole.trim().lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let sentence = paragraph.find(". ").map_or(paragraph.as_str(), |end| &paragraph[..=end]);
    (!sentence.is_empty() && !sentence.contains('\\')).then(|| sentence.to_owned())
}
