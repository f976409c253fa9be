//! What a class offers and what a function takes, as written in one file.
//!
//! Inherited members are not followed; the bases are given as text.

use std::collections::BTreeSet;

use repot_change::Span;
use tree_sitter::Node;

use crate::SourceFile;
use crate::members::Members;
use crate::tree::{children, dotted, span, statements, text, undecorated};

/// What a class statement says of its instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassShape {
    /// The whole statement, without its decorators.
    pub span: Span,
    /// Each base as written; keywords are left out.
    pub bases: Vec<String>,
    /// Each keyword beside the bases as written: `total=False`.
    pub keywords: Vec<String>,
    /// Each decorator as written, without the `@`.
    pub decorators: Vec<String>,
    /// Methods, class attributes, annotated fields, nested classes, entries of
    /// `__slots__`, and what methods assign to `self.…`.
    pub members: BTreeSet<String>,
    /// The annotated class-level names in order, without `ClassVar`s: what the
    /// constructor of a dataclass, pydantic model or `NamedTuple` takes.
    pub fields: Vec<String>,
    /// The class's own `__init__`, `self` included.
    pub init: Option<Signature>,
    /// Whether instances may have members that no line of the class names:
    /// `__getattr__`, `setattr`, a metaclass other than `ABCMeta`, …
    pub is_open: bool,
}

/// What a function takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
    /// Whether it is an `async def`.
    pub is_async: bool,
}

/// One parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, without stars.
    pub name: String,
    /// How arguments reach it.
    pub kind: ParameterKind,
    /// Whether it has a default.
    pub has_default: bool,
}

/// How arguments reach a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position or by keyword.
    Positional,
    /// By position only: it stands before `/`.
    PositionalOnly,
    /// By keyword only: it stands after `*`.
    KeywordOnly,
    /// The rest of the positions: `*args`.
    Args,
    /// The rest of the keywords: `**kwargs`.
    Kwargs,
}

/// The last class that `file` calls `name`; dots lead into classes.
pub(crate) fn class(file: &SourceFile, name: &str) -> Option<ClassShape> {
    let mut body = file.root();
    let mut found = None;
    for part in name.split('.') {
        let node = last(file, body, "class_definition", part)?;
        body = undecorated(node).child_by_field_name("body")?;
        found = Some(node);
    }
    found.map(|node| class_shape(file, node))
}

/// The last function that `file` calls `name`.
pub(crate) fn function(file: &SourceFile, name: &str) -> Option<Signature> {
    let node = last(file, file.root(), "function_definition", name)?;
    Some(signature(undecorated(node), file.bytes()))
}

/// The last definition of `name` in `body`, with its decorators.
fn last<'file>(file: &SourceFile, body: Node<'file>, kind: &str, name: &str) -> Option<Node<'file>> {
    let is_it = |node: &Node<'file>| {
        let definition = undecorated(*node);
        let defined = definition.child_by_field_name("name").filter(|_| definition.kind() == kind);
        defined.is_some_and(|defined| text(defined, file.bytes()) == name)
    };
    statements(body).into_iter().rfind(is_it)
}

fn class_shape(file: &SourceFile, node: Node<'_>) -> ClassShape {
    let bytes = file.bytes();
    let class = undecorated(node);
    let arguments = class.child_by_field_name("superclasses").map(children).unwrap_or_default();
    let (keywords, bases): (Vec<_>, Vec<_>) =
        arguments.into_iter().partition(|argument| argument.kind() == "keyword_argument");
    let members = class.child_by_field_name("body").map(|body| Members::of(body, bytes)).unwrap_or_default();
    let is_splat = |base: &Node<'_>| matches!(base.kind(), "list_splat" | "dictionary_splat");
    let is_open = members.is_open
        || bases.iter().any(is_splat)
        || keywords.iter().any(|&keyword| is_open_keyword(keyword, bytes));
    ClassShape {
        span: span(class),
        bases: bases.into_iter().map(|base| text(base, bytes)).collect(),
        keywords: keywords.into_iter().map(|keyword| text(keyword, bytes)).collect(),
        decorators: decorators(node, bytes),
        members: members.names,
        fields: members.fields,
        init: members.init,
        is_open,
    }
}

/// Whether a keyword of a class is a metaclass that may add members.
fn is_open_keyword(keyword: Node<'_>, bytes: &[u8]) -> bool {
    let part = |field: &str| keyword.child_by_field_name(field);
    let is_metaclass = part("name").is_some_and(|name| text(name, bytes) == "metaclass");
    let metaclass = part("value").and_then(|value| dotted(value, bytes)).unwrap_or_default();
    is_metaclass && !matches!(metaclass.as_str(), "ABCMeta" | "abc.ABCMeta")
}

/// The decorators of a definition as written, without their `@`.
pub(crate) fn decorators(node: Node<'_>, bytes: &[u8]) -> Vec<String> {
    let parts = children(node).into_iter().filter(|part| part.kind() == "decorator");
    parts.filter_map(|decorator| children(decorator).first().map(|name| text(*name, bytes))).collect()
}

/// What a `function_definition` takes.
pub(crate) fn signature(function: Node<'_>, bytes: &[u8]) -> Signature {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut kind = ParameterKind::Positional;
    for node in function.child_by_field_name("parameters").map(children).unwrap_or_default() {
        match node.kind() {
            "keyword_separator" => kind = ParameterKind::KeywordOnly,
            "positional_separator" => {
                for parameter in &mut parameters {
                    parameter.kind = ParameterKind::PositionalOnly;
                }
            }
            _ => parameters.extend(parameter(node, kind, bytes)),
        }
        if parameters.last().is_some_and(|last| last.kind == ParameterKind::Args) {
            kind = ParameterKind::KeywordOnly;
        }
    }
    Signature { parameters, is_async: function.child(0).is_some_and(|first| first.kind() == "async") }
}

/// One parameter that would be of `kind` if no star stood before it.
fn parameter(node: Node<'_>, kind: ParameterKind, bytes: &[u8]) -> Option<Parameter> {
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
    (name.kind() == "identifier").then(|| Parameter { name: text(name, bytes), kind, has_default })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(source: &str) -> ClassShape {
        SourceFile::parse(source.as_bytes().into()).class("C").unwrap()
    }

    fn joined<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
        names.into_iter().cloned().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_signature_names_its_parameters_in_order() {
        for (parameters, expected) in [
            ("", ""),
            ("a, b=1", "a b="),
            ("a: int, b: int = 1", "a b="),
            ("a, /, b, *, c, d=1", "/a b -c -d="),
            ("a, *b, c, **d", "a *b -c **d"),
            ("*a: int, **b: str", "*a **b"),
            ("a, # one\n  b,", "a b"),
        ] {
            let file = SourceFile::parse(format!("async def f({parameters}): pass").into_bytes().into());
            let signature = file.function("f").unwrap();
            assert!(signature.is_async);
            let one = |parameter: &Parameter| {
                let mark = match parameter.kind {
                    ParameterKind::Positional => "",
                    ParameterKind::PositionalOnly => "/",
                    ParameterKind::KeywordOnly => "-",
                    ParameterKind::Args => "*",
                    ParameterKind::Kwargs => "**",
                };
                format!("{mark}{}{}", parameter.name, if parameter.has_default { "=" } else { "" })
            };
            let found: Vec<_> = signature.parameters.iter().map(one).collect();
            assert_eq!(found.join(" "), expected, "{parameters}");
        }
    }

    #[test]
    fn a_class_offers_what_its_lines_name() {
        for (body, members, fields) in [
            ("a = b = 1\n  c, d = 2\n  e: int\n  f: int = 1", "a b c d e f", "e f"),
            ("a: ClassVar[int] = 1\n  b: typing.ClassVar\n  c: 'int'", "a b c", "c"),
            ("def a(self): pass\n  @property\n  def b(self): pass\n  async def c(self): pass", "a b c", ""),
            ("class A: x = 1\n  if y:\n    b = 1\n  else:\n    def c(self): pass", "A b c", ""),
            (
                "def f(this):\n    this.a = self.no = 1\n    this.b: int = 1\n    this.c += this.no",
                "a b c f",
                "",
            ),
            ("def f(self):\n    x, (self.a, *self.b) = y\n    with z as self.c: pass", "a b c f", ""),
            ("def f(self):\n    for self.a in x:\n      if y: self.b = 1", "a b f", ""),
            ("def f(self):\n    self.a.no = 1\n    self.no()\n    self[0] = 1", "f", ""),
            (
                "@staticmethod\n  def f(self): self.no = 1\n  @classmethod\n  def g(cls): cls.a = 1",
                "a f g",
                "",
            ),
            ("__slots__ = ('a', 'b')", "__slots__ a b", ""),
            ("def f(self): setattr(self, 'a', 1)", "a f", ""),
            ("def f(self): object.__setattr__(self, 'a', 1)", "a f", ""),
        ] {
            let shape = shape(&format!("class C:\n  {body}\n"));
            assert_eq!(
                (joined(&shape.members), joined(&shape.fields)),
                (members.into(), fields.into()),
                "{body}"
            );
            assert!(!shape.is_open, "{body}");
        }
    }

    #[test]
    fn what_may_have_any_member_is_open() {
        for source in [
            "class C:\n  def __getattr__(self, name): pass\n",
            "class C(metaclass=M): pass\n",
            "class C(*bases): pass\n",
            "class C:\n  def f(self, name): setattr(self, name, 1)\n",
            "class C:\n  def f(self): self.__dict__.update(x)\n",
        ] {
            assert!(shape(source).is_open, "{source}");
        }
        assert!(!shape("class C(A, metaclass=abc.ABCMeta): pass\n").is_open);
    }

    #[test]
    fn a_class_says_what_stands_around_it() {
        let source = "class C: pass\n@d\n@e.f(1)\nclass C(A, b.B[int], total=False):\n  def __init__(self, x=1): pass\n  class D(E): y: int\n";
        let file = SourceFile::parse(source.as_bytes().into());
        let shape = file.class("C").unwrap();
        assert_eq!(shape.bases, ["A", "b.B[int]"]);
        assert_eq!(shape.decorators, ["d", "e.f(1)"]);
        assert_eq!(shape.init.map(|init| init.parameters.len()), Some(2));
        assert!(source[shape.span.range()].starts_with("class C(A"));
        assert_eq!(file.class("C.D").unwrap().fields, ["y"]);
        assert_eq!(file.class("D"), None);
        assert_eq!(file.function("C"), None);
    }
}
