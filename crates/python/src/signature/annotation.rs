//! Annotations as text: on one line, unquoted, and in the words of Python 3.11.
//!
//! `Optional["X"]` is `X | None` and `List[int]` is `list[int]` (PEP 585, PEP
//! 604), so that the same type reads the same wherever it was written. What the
//! names in it stand for is not known here.

use tree_sitter::Node;

use crate::encoding::decode;
use crate::kind::meaning;
use crate::strings::content;
use crate::tree::{children, dotted, text};
use crate::{SourceFile, tree};

/// How deep an annotation may be nested before it is taken for unreadable.
const MAX_DEPTH: usize = 40;

/// A type as an annotation says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Annotation {
    /// The expression on one line, without quotes around types.
    pub text: String,
    /// The names that it needs, each once, in the order in which they stand; of
    /// a dotted name the first.
    pub names: Vec<String>,
}

impl Annotation {
    /// The annotation that `node` is; `None` when it is nothing that says a type.
    pub(crate) fn of(file: &SourceFile, node: Node<'_>) -> Option<Self> {
        let mut reader = Reader { file, bytes: file.bytes(), names: Vec::new() };
        let text = reader.read(node, 0)?;
        Some(Self { text, names: reader.names })
    }

    /// An annotation of Python's own that needs no import.
    #[must_use]
    pub fn builtin(text: &str) -> Self {
        Self { text: text.to_owned(), names: Vec::new() }
    }

    /// This or `None`.
    #[must_use]
    pub fn or_none(mut self) -> Self {
        if !self.text.split(" | ").any(|part| part == "None") {
            self.text.push_str(" | None");
        }
        self
    }
}

/// Reads one annotation.
struct Reader<'f> {
    file: &'f SourceFile,
    /// The bytes that the nodes count: the file's, or those of a string in it.
    bytes: &'f [u8],
    names: Vec<String>,
}

impl Reader<'_> {
    /// What stands where a type stands.
    fn read(&mut self, node: Node<'_>, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH || node.is_error() {
            return None;
        }
        let parts = children(node);
        let inner = |at: usize| parts.get(at).copied();
        match node.kind() {
            "type" | "parenthesized_expression" | "expression_statement" | "module" if parts.len() == 1 => {
                self.read(inner(0)?, depth + 1)
            }
            "identifier" => Some(self.name(text(node, self.bytes))),
            "attribute" | "member_type" => {
                let dotted = dotted(node, self.bytes).or_else(|| plain_dotted(node, self.bytes))?;
                Some(self.name(dotted))
            }
            "generic_type" => {
                let arguments = inner(1).map(children).unwrap_or_default();
                self.generic(inner(0)?, &arguments, depth)
            }
            "subscript" => {
                let head = node.child_by_field_name("value")?;
                let arguments: Vec<Node<'_>> = parts.iter().skip(1).copied().collect();
                self.generic(head, &arguments, depth)
            }
            "union_type" => self.union(&parts, depth),
            "binary_operator" if node.child_by_field_name("operator")?.kind() == "|" => {
                self.union(&parts, depth)
            }
            "string" => self.quoted(node, depth),
            "none" | "ellipsis" => Some(text(node, self.bytes)),
            "list" => Some(format!("[{}]", self.list(&parts, depth)?)),
            "tuple" if parts.is_empty() => Some("()".to_owned()),
            "tuple" => self.list(&parts, depth),
            "list_splat" | "splat_type" => Some(format!("*{}", self.read(inner(0)?, depth + 1)?)),
            _ => None,
        }
    }

    fn list(&mut self, parts: &[Node<'_>], depth: usize) -> Option<String> {
        let texts: Option<Vec<String>> = parts.iter().map(|part| self.read(*part, depth + 1)).collect();
        texts.map(|texts| texts.join(", "))
    }

    fn union(&mut self, parts: &[Node<'_>], depth: usize) -> Option<String> {
        let texts: Option<Vec<String>> = parts.iter().map(|part| self.read(*part, depth + 1)).collect();
        texts.map(joined)
    }

    /// `head[arguments]`.
    fn generic(&mut self, head: Node<'_>, arguments: &[Node<'_>], depth: usize) -> Option<String> {
        let written = dotted(head, self.bytes)?;
        let mut flat = Vec::new();
        for argument in arguments {
            let inner = if argument.kind() == "type" { children(*argument) } else { Vec::new() };
            match inner.first().or(Some(argument)).filter(|one| one.kind() == "tuple") {
                Some(tuple) if text(*tuple, self.bytes) != "()" => flat.extend(children(*tuple)),
                _ => flat.push(*argument),
            }
        }
        match typing_name(&meaning(self.file, &written)) {
            Some("Optional") => {
                let inner = self.read(*flat.first()?, depth + 1)?;
                Some(Annotation { text: inner, names: Vec::new() }.or_none().text)
            }
            Some("Union") => self.union(&flat, depth),
            Some("Literal") => {
                let head = self.name(written);
                let texts: Vec<String> = flat.iter().map(|one| raw(*one, self.bytes)).collect();
                Some(format!("{head}[{}]", texts.join(", ")))
            }
            // What is noted beside the type is for those who run the code.
            Some("Annotated") => self.read(*flat.first()?, depth + 1),
            _ => {
                let head = self.name(written);
                Some(format!("{head}[{}]", self.list(&flat, depth)?))
            }
        }
    }

    /// A type in quotes.
    fn quoted(&mut self, string: Node<'_>, depth: usize) -> Option<String> {
        let span = content(string, self.bytes)?;
        let inner = self.bytes.get(span.range()).filter(|inner| !inner.contains(&b'\\'))?;
        let tree = tree::parse(inner);
        if tree.root_node().has_error() {
            return None;
        }
        let mut reader = Reader { file: self.file, bytes: inner, names: Vec::new() };
        let read = reader.read(tree.root_node(), depth + 1)?;
        reader.names.into_iter().for_each(|name| self.need(name));
        Some(read)
    }

    /// A name, in the words of today.
    fn name(&mut self, written: String) -> String {
        let full = meaning(self.file, &written);
        if let Some(today) = typing_name(&full).and_then(builtin) {
            return today.to_owned();
        }
        self.need(written.split('.').next().unwrap_or(&written).to_owned());
        written
    }

    fn need(&mut self, name: String) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }
}

/// `typing.X` is `X`.
fn typing_name(full: &str) -> Option<&str> {
    full.strip_prefix("typing.").or_else(|| full.strip_prefix("typing_extensions."))
}

/// The class of Python's own that replaces one of `typing` (PEP 585).
fn builtin(name: &str) -> Option<&'static str> {
    Some(match name {
        "List" => "list",
        "Dict" => "dict",
        "Tuple" => "tuple",
        "Set" => "set",
        "FrozenSet" => "frozenset",
        "Type" => "type",
        "Text" => "str",
        _ => return None,
    })
}

/// The parts of a union, each once; `None` last.
fn joined(texts: Vec<String>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in texts {
        let known = |one: &String| *one == part;
        if !parts.iter().any(known) {
            parts.push(part);
        }
    }
    parts.join(" | ")
}

/// The parts of a `member_type`.
fn plain_dotted(node: Node<'_>, bytes: &[u8]) -> Option<String> {
    let text: String = text(node, bytes).split_whitespace().collect();
    text.chars().all(|char| char.is_alphanumeric() || matches!(char, '.' | '_')).then_some(text)
}

/// A literal as it is written, on one line and in double quotes where these
/// need no escape.
fn raw(node: Node<'_>, bytes: &[u8]) -> String {
    let node = match children(node).as_slice() {
        [inner] if node.kind() == "type" => *inner,
        _ => node,
    };
    let written = text(node, bytes);
    let inner = content(node, bytes).filter(|_| node.kind() == "string").map(|span| &bytes[span.range()]);
    match inner.map(decode) {
        Some(inner) if written.starts_with('\'') && !inner.contains(['"', '\\', '\n']) => {
            format!("\"{inner}\"")
        }
        _ => written.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use crate::SourceFile;

    fn read(annotation: &str) -> (String, String) {
        let head = "import typing as t\nfrom typing import *\nfrom typing import Optional, Union, List, Dict, \
                    Literal, Annotated, Callable, Tuple\n";
        let source = format!("{head}class C:\n    x: {annotation}\n");
        let file = SourceFile::parse(source.into_bytes().into());
        let surface = file.surface("C").unwrap();
        match &surface.members.first().map(|member| &member.kind) {
            Some(crate::MemberKind::Attribute { annotation: Some(read), .. }) => {
                (read.text.clone(), read.names.join(" "))
            }
            _ => (String::new(), String::new()),
        }
    }

    #[test]
    fn an_annotation_is_one_line_in_the_words_of_today() {
        for (written, text, names) in [
            ("int", "int", "int"),
            ("'X'", "X", "X"),
            ("Optional['a.X']", "a.X | None", "a"),
            ("Optional[Union[A, None]]", "A | None", "A"),
            ("Union[A, 'B', A]", "A | B", "A B"),
            ("t.List[A]", "list[A]", "A"),
            ("List", "list", ""),
            ("Dict[str,\n      List[Tuple[int, ...]]]", "dict[str, list[tuple[int, ...]]]", "str int"),
            ("Callable[[int, 'A'], None]", "Callable[[int, A], None]", "Callable int A"),
            ("Callable[..., A]", "Callable[..., A]", "Callable A"),
            ("Literal['a', \"b\", 1]", "Literal[\"a\", \"b\", 1]", "Literal"),
            ("Annotated[int, Field(gt=1)]", "int", "int"),
            ("A|None", "A | None", "A"),
            ("(A | B)", "A | B", "A B"),
            ("'A | None'", "A | None", "A"),
            ("np.ndarray[Any, 'np.dtype']", "np.ndarray[Any, np.dtype]", "np Any"),
            ("tuple[()]", "tuple[()]", "tuple"),
            ("f(x)", "", ""),
            ("1 + 2", "", ""),
            ("'not a type'", "", ""),
            ("lambda: x", "", ""),
        ] {
            assert_eq!(read(written), (text.to_owned(), names.to_owned()), "{written}");
        }
    }
}
