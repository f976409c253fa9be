//! Annotations in the words of the interface package.

use std::collections::{BTreeMap, BTreeSet};

use repot_python::{Annotation, Kind, SourceFile};
use repot_workspace::{ModuleId, is_stdlib};

use super::words::{filled, is_covariant, mentions, renamed};
use super::{Ask, Known};
use crate::part::{Anatomy, Need};
use crate::{Definition, Import};

/// Names that `typing` hands on and that stand elsewhere (PEP 585).
const MOVED: [(&str, &str, &str); 26] = [
    ("AbstractSet", "collections.abc", "Set"),
    ("AsyncContextManager", "contextlib", "AbstractAsyncContextManager"),
    ("AsyncGenerator", "collections.abc", "AsyncGenerator"),
    ("AsyncIterable", "collections.abc", "AsyncIterable"),
    ("AsyncIterator", "collections.abc", "AsyncIterator"),
    ("Awaitable", "collections.abc", "Awaitable"),
    ("ByteString", "collections.abc", "ByteString"),
    ("Callable", "collections.abc", "Callable"),
    ("ChainMap", "collections", "ChainMap"),
    ("Collection", "collections.abc", "Collection"),
    ("Container", "collections.abc", "Container"),
    ("ContextManager", "contextlib", "AbstractContextManager"),
    ("Coroutine", "collections.abc", "Coroutine"),
    ("Counter", "collections", "Counter"),
    ("DefaultDict", "collections", "defaultdict"),
    ("Deque", "collections", "deque"),
    ("Generator", "collections.abc", "Generator"),
    ("Hashable", "collections.abc", "Hashable"),
    ("Iterable", "collections.abc", "Iterable"),
    ("Iterator", "collections.abc", "Iterator"),
    ("Mapping", "collections.abc", "Mapping"),
    ("MutableMapping", "collections.abc", "MutableMapping"),
    ("MutableSequence", "collections.abc", "MutableSequence"),
    ("OrderedDict", "collections", "OrderedDict"),
    ("Pattern", "re", "Pattern"),
    ("Sequence", "collections.abc", "Sequence"),
];

/// Where an annotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Something takes it, or can be written to.
    In,
    /// It comes back.
    Out,
}

/// Writes annotations, and remembers what they need.
pub(super) struct Annotations<'a> {
    anatomy: &'a Anatomy<'a>,
    own: &'a Definition,
    known: &'a BTreeMap<Definition, Known>,
    pub(super) imports: BTreeSet<Import>,
    pub(super) asks: BTreeSet<Ask>,
    pub(super) notes: BTreeSet<String>,
}

impl<'a> Annotations<'a> {
    pub(super) fn new(
        anatomy: &'a Anatomy<'a>,
        own: &'a Definition,
        known: &'a BTreeMap<Definition, Known>,
    ) -> Self {
        let (imports, asks, notes) = Default::default();
        Self { anatomy, own, known, imports, asks, notes }
    }

    /// `annotation` of something called `what`, as it is said in `module`;
    /// `free` are the type parameters around it.
    pub(super) fn write(
        &mut self,
        module: ModuleId,
        annotation: Option<&Annotation>,
        what: &str,
        position: Position,
        free: &str,
    ) -> String {
        let Some(annotation) = annotation else {
            self.notes.insert(format!("`{what}` has no annotation, and is `Any`"));
            return "Any".to_owned();
        };
        let source = self.anatomy.trees.get(module);
        let mut text = annotation.text.clone();
        for name in annotation.names.iter().filter(|name| !mentions(free, name)) {
            match self.name(module, &source, name, (position, &annotation.text)) {
                Ok(None) => text = of_builtin(&text, name),
                Ok(Some(import)) => {
                    let today = import.name.clone().unwrap_or_default();
                    if is_moved(name, &today) {
                        // A name that has moved is called as it is called there.
                        text = renamed(&text, name, &today);
                        self.imports.insert(Import { alias: None, ..import });
                        text = filled(&text, &today);
                    } else {
                        let is_own = is_stdlib(import.module.split('.').next().unwrap_or_default());
                        text = if is_own { filled(&text, name) } else { text };
                        self.imports.insert(import);
                    }
                }
                Err(reason) => {
                    self.notes.insert(format!("`{what}` is `Any`, since {reason}"));
                    return "Any".to_owned();
                }
            }
        }
        ["dict", "list", "set", "tuple", "frozenset", "type"]
            .iter()
            .fold(text, |text, name| filled(&text, name))
    }

    /// The import that a name needs; none for Python's own and for the class
    /// itself.
    fn name(
        &mut self,
        module: ModuleId,
        source: &SourceFile,
        name: &str,
        place: (Position, &str),
    ) -> Result<Option<Import>, String> {
        let definitions = self.anatomy.workspace().file(module).definitions();
        if !definitions.names.contains_key(name) {
            let is_builtin = SourceFile::parse(name.as_bytes().into()).scopes().unbound().is_empty();
            return if is_builtin { Ok(None) } else { Err(format!("`{name}` is bound nowhere")) };
        }
        match self.anatomy.need(module, source, name)? {
            None => Err(format!("`{name}` is bound in an unusual way")),
            Some(Need::Import(import)) => Ok(Some(modern(import))),
            Some(Need::Definition { bound, definition, .. }) => self.definition(&bound, &definition, place),
        }
    }

    fn definition(
        &mut self,
        bound: &str,
        definition: &Definition,
        (position, text): (Position, &str),
    ) -> Result<Option<Import>, String> {
        if self.anatomy.trees.kind(definition) == Some(Kind::TypeVariable) {
            return Err(format!("`{bound}` is a type variable"));
        }
        let is_exact = position == Position::In || !is_covariant(text, bound);
        let is_own = definition == self.own;
        if is_own && !is_exact {
            return Ok(None);
        }
        let known = self.known.get(definition).filter(|_| !is_own);
        if !is_own {
            self.asks.insert(Ask { definition: definition.clone(), is_exact });
        }
        match known {
            Some(known) if known.is_same || !is_exact => {
                let import = Import::from(&known.module, &definition.name, bound);
                Ok(Some(Import { type_checking: true, ..import }))
            }
            None if !is_own => Err(format!("`{bound}` may not be imported")),
            _ => Err(format!("only `{bound}` itself would do there")),
        }
    }
}

/// An import as it is written today, and where it is only needed for types.
fn modern(import: Import) -> Import {
    let is_typing = matches!(import.module.as_str(), "typing" | "typing_extensions");
    let moved = MOVED.iter().find(|(old, _, _)| is_typing && import.name.as_deref() == Some(*old));
    if let Some((old, module, new)) = moved {
        let bound = import.alias.as_deref().unwrap_or(old);
        return Import::from(module, new, bound);
    }
    let top = import.module.split('.').next().unwrap_or_default();
    let type_checking = !is_stdlib(top);
    Import { type_checking, ..import }
}

/// Whether `typing` calls by the name `old` what is called `new` elsewhere.
fn is_moved(old: &str, new: &str) -> bool {
    old != new && MOVED.iter().any(|(one, _, other)| *one == old && *other == new)
}

/// `text` with functions that people take for types replaced by these.
fn of_builtin(text: &str, name: &str) -> String {
    match name {
        "callable" => renamed(text, name, "Callable[..., Any]"),
        "any" => renamed(text, name, "Any"),
        _ => text.to_owned(),
    }
}
