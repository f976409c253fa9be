//! What a definition is: an enum, an exception, a constant, as far as its own
//! file says.
//!
//! A base is known by where the file imports it from. What a class has from
//! bases that the workspace defines itself is for those to ask who know other
//! files.

use tree_sitter::Node;

use crate::scope::builtins;
use crate::tree::{children, dotted, statements, text};
use crate::{ClassShape, DefinitionKind, ImportKind, SourceFile};

/// Stands for the file itself in front of what it defines.
const OWN: &str = "__main__";

/// What a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A class of `enum`, also one that is made by a call.
    Enum,
    /// A class whose instances can be raised.
    Exception,
    /// A class with the decorator `dataclass`.
    Dataclass,
    /// A class of named tuples, also one that is made by a call.
    NamedTuple,
    /// A `TypedDict`, also one that is made by a call.
    TypedDict,
    /// A pydantic model.
    Model,
    /// A `Protocol`.
    Protocol,
    /// An abstract class.
    Abstract,
    /// Any other class.
    Class,
    /// Another name for a type.
    Alias,
    /// A `NewType`.
    NewType,
    /// A `TypeVar`, `ParamSpec` or `TypeVarTuple`.
    TypeVariable,
    /// A value that is written out: literals, and what is made of them.
    Constant,
    /// A value that running code makes: a logger, an application.
    Variable,
    /// A function.
    Function,
}

impl Kind {
    /// The kind as it is printed, with its article.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enum => "an enum",
            Self::Exception => "an exception",
            Self::Dataclass => "a dataclass",
            Self::NamedTuple => "a named tuple",
            Self::TypedDict => "a typed dict",
            Self::Model => "a pydantic model",
            Self::Protocol => "a protocol",
            Self::Abstract => "an abstract class",
            Self::Class => "a class",
            Self::Alias => "a type alias",
            Self::NewType => "a new type",
            Self::TypeVariable => "a type variable",
            Self::Constant => "a constant",
            Self::Variable => "a value made at run time",
            Self::Function => "a function",
        }
    }

    /// Whether it is a class, of whatever kind.
    #[must_use]
    pub fn is_class(self) -> bool {
        self <= Self::Class
    }

    /// Whether it holds data, or says how data look, and does nothing else.
    #[must_use]
    pub fn is_plain(self) -> bool {
        !matches!(self, Self::Abstract | Self::Class | Self::Variable | Self::Function)
    }
}

/// What the top-level definition `name` of `file` is.
pub(crate) fn kind(file: &SourceFile, name: &str) -> Option<Kind> {
    let definitions = file.definitions();
    let own = definitions.names.get(name)?.iter().rfind(|definition| !definition.is_import())?;
    match own.kind {
        DefinitionKind::Class => file.class(name).map(|shape| of_class(file, &shape)),
        DefinitionKind::Function => Some(Kind::Function),
        DefinitionKind::TypeAlias => Some(Kind::Alias),
        DefinitionKind::Variable => Some(of_variable(file, name)),
        DefinitionKind::Import { .. } => None,
    }
}

fn of_class(file: &SourceFile, shape: &ClassShape) -> Kind {
    let bases: Vec<String> = shape.bases.iter().map(|base| meaning(file, base)).collect();
    let is_dataclass = |decorator: &String| {
        let name = decorator.split('(').next().unwrap_or_default();
        name.rsplit('.').next() == Some("dataclass")
    };
    let from_bases = bases.iter().filter_map(|base| of_base(base)).min();
    match from_bases {
        None | Some(Kind::Abstract | Kind::Class) if shape.decorators.iter().any(is_dataclass) => {
            Kind::Dataclass
        }
        Some(kind) => kind,
        None => Kind::Class,
    }
}

/// What a class is because of one base.
fn of_base(base: &str) -> Option<Kind> {
    let (module, name) = base.rsplit_once('.').unwrap_or(("", base));
    let top = module.split('.').next().unwrap_or_default();
    Some(match (top, name) {
        ("enum", "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag" | "ReprEnum") => Kind::Enum,
        ("typing" | "typing_extensions", "NamedTuple") => Kind::NamedTuple,
        ("typing" | "typing_extensions", "TypedDict") => Kind::TypedDict,
        ("typing" | "typing_extensions", "Protocol") => Kind::Protocol,
        ("pydantic" | "pydantic_settings", name) if name.ends_with("Model") || name == "BaseSettings" => {
            Kind::Model
        }
        ("abc", "ABC") => Kind::Abstract,
        ("", name) | ("builtins", name) if is_exception(name) => Kind::Exception,
        _ => return None,
    })
}

/// Whether `name` is an exception of Python's own.
fn is_exception(name: &str) -> bool {
    let odd = ["StopIteration", "StopAsyncIteration", "SystemExit", "KeyboardInterrupt", "GeneratorExit"];
    let endings = ["Error", "Exception", "Warning", "ExceptionGroup"];
    let is_named = odd.contains(&name) || endings.iter().any(|ending| name.ends_with(ending));
    is_named && builtins::holds(name.as_bytes())
}

/// What the expression `written` is called in full: `Enum` after `from enum
/// import Enum` is `enum.Enum`, and so is `e.Enum` after `import enum as e`.
/// What the file defines itself lies in [`OWN`].
pub(crate) fn meaning(file: &SourceFile, written: &str) -> String {
    let written = written.split(['[', '(']).next().unwrap_or_default().trim();
    let (first, rest) = written.split_once('.').map_or((written, None), |(first, rest)| (first, Some(rest)));
    for stmt in file.imports().iter().rev() {
        let Some(item) = stmt.items().iter().find(|item| item.bound() == first) else { continue };
        let full = match &stmt.kind {
            ImportKind::From(from) => format!("{}.{}", from.written(), item.name.text),
            ImportKind::Import(_) if item.alias.is_some() => item.name.text.clone(),
            ImportKind::Import(_) => first.to_owned(),
        };
        return rest.map_or_else(|| full.clone(), |rest| format!("{full}.{rest}"));
    }
    if file.definitions().names.contains_key(first) { format!("{OWN}.{written}") } else { written.to_owned() }
}

fn of_variable(file: &SourceFile, name: &str) -> Kind {
    let bytes = file.bytes();
    let assigns = |node: &Node<'_>| {
        let left = node.child_by_field_name("left").filter(|_| node.kind() == "assignment");
        left.is_some_and(|left| text(left, bytes) == name)
    };
    let parts = statements(file.root()).into_iter().rev().filter(|one| one.kind() == "expression_statement");
    let Some(assignment) = parts.flat_map(children).find(assigns) else { return Kind::Variable };
    let annotation = assignment.child_by_field_name("type").map(|node| meaning(file, &text(node, bytes)));
    if annotation.is_some_and(|annotation| annotation.ends_with("TypeAlias")) {
        return Kind::Alias;
    }
    let Some(value) = assignment.child_by_field_name("right") else { return Kind::Variable };
    match value.kind() {
        "call" => of_call(file, value),
        "subscript" | "binary_operator" | "identifier" | "attribute" if is_type(file, value) => Kind::Alias,
        _ if is_written_out(value, bytes) => Kind::Constant,
        _ => Kind::Variable,
    }
}

/// What a call makes.
fn of_call(file: &SourceFile, call: Node<'_>) -> Kind {
    let bytes = file.bytes();
    let function =
        call.child_by_field_name("function").and_then(|node| dotted(node, bytes)).unwrap_or_default();
    let full = meaning(file, &function);
    match full.rsplit('.').next().unwrap_or_default() {
        "NewType" => Kind::NewType,
        "TypeVar" | "ParamSpec" | "TypeVarTuple" => Kind::TypeVariable,
        "namedtuple" => Kind::NamedTuple,
        _ => match of_base(&full) {
            Some(kind @ (Kind::Enum | Kind::NamedTuple | Kind::TypedDict)) => kind,
            _ if is_written_out(call, bytes) => Kind::Constant,
            _ => Kind::Variable,
        },
    }
}

/// Whether an expression is a type: a generic one with its arguments, or a
/// union.
fn is_type(file: &SourceFile, value: Node<'_>) -> bool {
    let bytes = file.bytes();
    match value.kind() {
        "none" => true,
        "identifier" | "attribute" => {
            let full = meaning(file, &text(value, bytes));
            let name = full.rsplit('.').next().unwrap_or_default();
            name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
                || [
                    "int",
                    "str",
                    "float",
                    "bool",
                    "bytes",
                    "list",
                    "dict",
                    "tuple",
                    "set",
                    "object",
                    "complex",
                    "type",
                    "frozenset",
                ]
                .contains(&name)
        }
        "subscript" => value.child_by_field_name("value").is_some_and(|inner| is_type(file, inner)),
        "binary_operator" => {
            let operator = value.child_by_field_name("operator").map(|node| text(node, bytes));
            operator.as_deref() == Some("|") && children(value).into_iter().all(|part| is_type(file, part))
        }
        _ => false,
    }
}

/// Whether an expression is made of literals and names alone, or by calls that
/// do nothing but make a value.
fn is_written_out(value: Node<'_>, bytes: &[u8]) -> bool {
    const MAKERS: [&str; 16] = [
        "frozenset",
        "set",
        "dict",
        "list",
        "tuple",
        "Decimal",
        "Fraction",
        "timedelta",
        "Path",
        "PurePath",
        "MappingProxyType",
        "compile",
        "float",
        "int",
        "str",
        "range",
    ];
    let mut work = vec![value];
    while let Some(node) = work.pop() {
        match node.kind() {
            "call" => {
                let function = node.child_by_field_name("function").and_then(|one| dotted(one, bytes));
                let name = function.unwrap_or_default();
                if !MAKERS.contains(&name.rsplit('.').next().unwrap_or_default()) {
                    return false;
                }
                work.extend(node.child_by_field_name("arguments"));
            }
            "await" | "yield" | "lambda" | "named_expression" => return false,
            "interpolation" => return false,
            _ => work.extend(children(node)),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(source: &str) -> Option<Kind> {
        SourceFile::parse(source.as_bytes().into()).kind("X")
    }

    #[test]
    fn a_definition_is_what_its_file_says() {
        use Kind::*;
        for (source, expected) in [
            ("from enum import Enum\nclass X(str, Enum): A = 1\n", Enum),
            ("import enum as e\nclass X(e.IntFlag): A = 1\n", Enum),
            ("from enum import Enum\nX = Enum('X', 'A B')\n", Enum),
            ("class X(Exception): ...\n", Exception),
            ("class X(ValueError, KeyError): ...\n", Exception),
            ("class Exception: ...\nclass X(Exception): ...\n", Class),
            ("from dataclasses import dataclass\n@dataclass(frozen=True)\nclass X: a: int\n", Dataclass),
            (
                "import dataclasses\nfrom abc import ABC\n@dataclasses.dataclass\nclass X(ABC): a: int\n",
                Dataclass,
            ),
            ("from typing import NamedTuple\nclass X(NamedTuple): a: int\n", NamedTuple),
            ("from collections import namedtuple\nX = namedtuple('X', 'a b')\n", NamedTuple),
            ("from typing_extensions import TypedDict\nclass X(TypedDict, total=False): a: int\n", TypedDict),
            ("import typing\nclass X(typing.Protocol[T]): ...\n", Protocol),
            ("from pydantic import BaseModel as M\nclass X(M): a: int\n", Model),
            ("from abc import ABC\nclass X(ABC): ...\n", Abstract),
            ("class X(Y): ...\n", Class),
            ("from enum import Enum\nclass Y: ...\nclass X(Y.Enum): ...\n", Class),
            ("type X = int | None\n", Alias),
            ("X: TypeAlias = 'int'\n", Alias),
            ("X = dict[str, int]\n", Alias),
            ("from typing import Optional\nX = Optional[int]\n", Alias),
            ("X = int | None\n", Alias),
            ("X = Y\n", Constant),
            ("X = y.Other\n", Alias),
            ("X = Status.OPEN\n", Constant),
            ("from typing import NewType\nX = NewType('X', int)\n", NewType),
            ("import typing as t\nX = t.TypeVar('X', bound=int)\n", TypeVariable),
            ("X = 1\n", Constant),
            ("X: Final = {'a': (1, -2), 'b': [Y.z]}\n", Constant),
            ("X = frozenset({'a'}) | {1}\n", Constant),
            ("X = TABLE[1]\n", Constant),
            ("X = make()\n", Variable),
            ("X = logging.getLogger(__name__)\n", Variable),
            ("for X in y: ...\n", Variable),
            ("X: int\n", Variable),
            ("async def X(): ...\n", Function),
            ("X = 1\ndef X(): ...\n", Function),
            ("try:\n  from y import X\nexcept ImportError:\n  X = None\n", Constant),
        ] {
            assert_eq!(kind_of(source), Some(expected), "{source}");
        }
        assert_eq!(kind_of("from y import X\n"), None);
        assert_eq!(kind_of("class Y: ...\n"), None);
    }

    #[test]
    fn classes_come_before_what_is_none() {
        assert!(Kind::Enum.is_class() && Kind::Class.is_class() && !Kind::Alias.is_class());
        assert!(Kind::Protocol.is_plain() && Kind::Constant.is_plain());
        assert!(!Kind::Abstract.is_plain() && !Kind::Function.is_plain());
    }
}
