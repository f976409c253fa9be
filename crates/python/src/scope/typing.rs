//! Where strings are types: what the names of `typing` make of their arguments
//! and subscripts (PEP 484, PEP 586, PEP 593).
//!
//! Whether a name is one of `typing` is read off the imports of the file.

use tree_sitter::Node;

use super::build::Builder;
use super::model::{Place, Quote, Task};
use crate::strings::content;
use crate::tree::children;
use crate::{FromNames, ImportKind, ImportStmt};

/// The names by which a file calls the modules of typing and what they hold.
#[derive(Debug, Default)]
pub(super) struct Typing {
    /// Names of the modules, as code spells them.
    modules: Vec<Vec<u8>>,
    /// Bound names, and what they are called in `typing`.
    names: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Which strings of a subscript are types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    All,
    First,
    None,
}

/// Which strings among the arguments of a call are types.
struct Form {
    /// The first positional one, and the first that is none any more.
    positional: (usize, usize),
    keywords: &'static [&'static str],
}

impl Typing {
    /// What `imports` bring from `typing` and its like.
    pub(super) fn of(imports: &[ImportStmt]) -> Self {
        let mut typing = Self::default();
        for stmt in imports {
            match &stmt.kind {
                ImportKind::Import(items) => {
                    let modules = items.iter().filter(|item| is_typing(&item.name.text));
                    typing.modules.extend(modules.map(|item| match &item.alias {
                        Some(alias) => alias.text.clone().into_bytes(),
                        None => item.name.text.clone().into_bytes(),
                    }));
                }
                ImportKind::From(from) => {
                    let module = from.dotted();
                    if let FromNames::Names { names, .. } = &from.names
                        && is_typing(module)
                    {
                        let pair = |bound: &str, name: &str| (bound.into(), name.into());
                        typing.names.extend(names.iter().map(|name| pair(name.bound(), &name.name.text)));
                    }
                }
            }
        }
        typing
    }

    /// What the expression `node` is called in `typing`, if it is from there.
    fn meaning<'a>(&'a self, node: Node<'_>, bytes: &'a [u8]) -> Option<&'a [u8]> {
        if node.kind() == "identifier" {
            let name = bytes.get(node.byte_range())?;
            return self.names.iter().find(|(bound, _)| bound == name).map(|(_, name)| name.as_slice());
        }
        let object = node.child_by_field_name("object").filter(|_| node.kind() == "attribute")?;
        let module = bytes.get(object.byte_range())?;
        self.modules.iter().find(|own| *own == module)?;
        last_name(node, bytes)
    }
}

/// Whether `module` has the names of `typing`: itself, its extensions, or a
/// module for older versions of Python that hands them on.
fn is_typing(module: &str) -> bool {
    let last = module.rsplit('.').next().unwrap_or_default();
    matches!(last, "typing" | "typing_extensions" | "_typing" | "compat" | "_compat")
}

/// The last identifier of a dotted name.
fn last_name<'a>(node: Node<'_>, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let last = match node.kind() {
        "identifier" => node,
        "attribute" => node.child_by_field_name("attribute")?,
        "member_type" => children(node).pop()?,
        _ => return None,
    };
    bytes.get(last.byte_range())
}

/// Which arguments of the function that `typing` calls `name` are types.
fn form(name: &[u8]) -> Option<Form> {
    let form = |positional, keywords| Some(Form { positional, keywords });
    match name {
        b"cast" => form((0, 1), &["typ"]),
        b"ForwardRef" => form((0, 1), &["arg"]),
        b"TypeVar" => form((1, usize::MAX), &["bound", "default"]),
        b"ParamSpec" | b"TypeVarTuple" => form((0, 0), &["bound", "default"]),
        b"NewType" => form((1, 2), &["tp"]),
        b"assert_type" => form((1, 2), &["typ"]),
        b"TypeAliasType" => form((1, 2), &["value"]),
        _ => None,
    }
}

impl<'file> Builder<'file> {
    /// A string in the place of a type.
    ///
    /// What holds an escape is left alone, since its text is not its bytes.
    pub(super) fn quote(&mut self, task: Task<'file>) {
        let Some(content) = content(task.node, self.bytes) else {
            return self.each(task, Task::load);
        };
        let prefix = &self.bytes[task.node.start_byte()..content.start];
        let is_text = !prefix.iter().any(|byte| matches!(byte, b'b' | b'B'));
        if is_text && !self.bytes[content.range()].contains(&b'\\') {
            self.quotes.push(Quote { content, scope: task.scope });
        }
    }

    /// Which strings of a subscript of `value` are types.
    fn reach(&self, task: Task<'file>, value: Node<'file>) -> Reach {
        let meaning = self.typing.meaning(value, self.bytes);
        let is_type = task.is_type || task.place == Place::Base || meaning.is_some();
        match meaning.or_else(|| last_name(value, self.bytes)) {
            Some(b"Literal") => Reach::None,
            Some(b"Annotated") if is_type => Reach::First,
            _ if is_type => Reach::All,
            _ => Reach::None,
        }
    }

    /// `list[T]` where the grammar knows it for a type.
    pub(super) fn generic(&mut self, task: Task<'file>) {
        let parts = children(task.node);
        let Some((&value, rest)) = parts.split_first() else { return };
        let reach = self.reach(task.types(), value);
        let arguments = rest.iter().flat_map(|&list| children(list));
        for (index, argument) in arguments.enumerate() {
            let is_type = reach == Reach::All || (reach == Reach::First && index == 0);
            let inner = if argument.kind() == "type" { children(argument) } else { vec![argument] };
            self.work.extend(inner.into_iter().map(|node| Task { is_type, ..task.load(node) }));
        }
        self.work.push(task.load(value));
    }

    /// `value[…]` where it is an expression like any other.
    pub(super) fn subscript(&mut self, task: Task<'file>) {
        let value = task.node.child_by_field_name("value");
        let first = task.node.child_by_field_name("subscript");
        let reach = value.map_or(Reach::None, |value| self.reach(task, value));
        self.each(task, |task, child| {
            if Some(child) == value {
                return task.load(child).place(task.place);
            }
            let is_type = reach == Reach::All || (reach == Reach::First && Some(child) == first);
            Task { is_type, ..task.load(child) }
        });
    }

    /// The arguments of a call.
    pub(super) fn arguments(&mut self, task: Task<'file>) {
        let Some(list) = task.node.child_by_field_name("arguments") else { return };
        let function = task.node.child_by_field_name("function");
        let meaning = function.and_then(|function| self.typing.meaning(function, self.bytes));
        let Some(form) = meaning.and_then(form) else {
            self.work.push(task.load(list));
            return;
        };
        let (first, end) = form.positional;
        let mut index = 0;
        for argument in children(list) {
            if argument.kind() == "keyword_argument" {
                let name = argument.child_by_field_name("name").map(|name| self.name(name));
                let is_type = form.keywords.iter().any(|keyword| Some(keyword.as_bytes()) == name);
                let value = argument.child_by_field_name("value");
                self.work.extend(value.map(|value| Task { is_type, ..task.load(value) }));
            } else {
                let is_type = (first..end).contains(&index);
                self.work.push(Task { is_type, ..task.load(argument) });
                index += 1;
            }
        }
    }

    /// Whether `annotation` is `TypeAlias` (PEP 613).
    pub(super) fn is_type_alias(&self, annotation: Node<'file>) -> bool {
        let named = children(annotation).first().copied();
        named.and_then(|named| last_name(named, self.bytes)) == Some(b"TypeAlias")
    }
}
