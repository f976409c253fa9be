//! The text of a protocol.

use std::collections::{BTreeMap, BTreeSet};

use repot_python::{
    Annotation, Argument, CallShape, Kind, Member, MemberKind, Method, MethodBinding, ParameterKind, Usage,
};
use repot_workspace::ModuleId;

use super::Known;
use super::annotate::{Annotations, Position};
use super::found::Line;
use crate::contract::{inferred, is_common, special_names};
use crate::part::Anatomy;
use crate::python::{Class, Function, Item, Parameter, known_imports};
use crate::{Definition, Draft};

/// Writes the protocol of one definition.
pub(super) struct Writer<'a> {
    anatomy: &'a Anatomy<'a>,
    definition: &'a Definition,
    pub(super) annotations: Annotations<'a>,
}

/// What consumers do with one member.
#[derive(Default)]
struct Use {
    calls: Vec<CallShape>,
    is_written: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        anatomy: &'a Anatomy<'a>,
        definition: &'a Definition,
        known: &'a BTreeMap<Definition, Known>,
    ) -> Self {
        Self { anatomy, definition, annotations: Annotations::new(anatomy, definition, known) }
    }

    pub(super) fn draft(&mut self, usages: &[&Usage]) -> Option<Draft> {
        let class = match self.anatomy.trees.kind(self.definition)? {
            Kind::Function => self.call()?,
            kind if kind.is_class() => self.class(usages)?,
            _ => return None,
        };
        let text = class.text();
        let mut imports = std::mem::take(&mut self.annotations.imports);
        let file = repot_python::SourceFile::parse(text.clone().into_bytes().into());
        let unbound: BTreeSet<String> = file.scopes().unbound().into_iter().map(|name| name.text).collect();
        imports.retain(|import| unbound.contains(import.bound()));
        let bound: BTreeSet<String> = imports.iter().map(|import| import.bound().to_owned()).collect();
        let fresh = known_imports(&text).into_iter();
        imports.extend(fresh.filter(|import| !bound.contains(import.bound())));
        let notes = std::mem::take(&mut self.annotations.notes).into_iter().collect();
        Some(Draft { name: class.name, imports, text, notes, is_owed: false })
    }

    /// The protocol of a function: what can be called like it.
    fn call(&mut self) -> Option<Class> {
        let source = self.anatomy.trees.get(self.definition.module);
        let methods = source.callables(&self.definition.name);
        let summary = methods.first()?.summary.clone();
        let items = methods.iter().map(|method| {
            let call = Method { summary: None, ..method.clone() };
            Item::Function(self.function("__call__", self.definition.module, &call, &[], methods.len() > 1))
        });
        let items: Vec<Item> = items.collect();
        let about = summary.unwrap_or_else(|| format!("What can be called like `{}`.", self.definition.name));
        Some(Class {
            name: class_name(&self.definition.name),
            bases: vec!["Protocol".to_owned()],
            docstring: vec![about],
            items,
            ..Class::default()
        })
    }

    fn class(&mut self, usages: &[&Usage]) -> Option<Class> {
        let line = Line::of(self.anatomy.trees, self.definition)?;
        let own = line.own()?;
        let (mut attributes, mut methods) = (Vec::new(), Vec::new());
        for (name, used) in uses(usages) {
            let items = match line.member(&name) {
                Some((module, member)) => self.member(module, member, &used, &own.type_parameters),
                None => self.missing(&name, usages, line.is_open),
            };
            for item in items {
                match item {
                    Item::Attribute { .. } => attributes.push(item),
                    Item::Function(_) => methods.push(item),
                }
            }
        }
        if own.bases.iter().any(|base| base.starts_with("Generic[") || base.starts_with("typing.Generic[")) {
            let note = format!("`{}` is generic, and its protocol is not", self.definition.name);
            self.annotations.notes.insert(note);
        }
        let is_tested = usages
            .iter()
            .flat_map(|usage| &usage.uses)
            .any(|one| one.kind == repot_python::UseKind::TypeTest);
        let about = own.summary.clone();
        Some(Class {
            name: self.definition.name.clone(),
            decorators: if is_tested { vec!["runtime_checkable".to_owned()] } else { Vec::new() },
            type_parameters: own.type_parameters.clone(),
            bases: vec!["Protocol".to_owned()],
            docstring: vec![about.unwrap_or_else(|| format!("What is used of `{}`.", self.definition.name))],
            items: attributes.into_iter().chain(methods).collect(),
        })
    }

    /// A member that the class does not have, as it is used.
    fn missing(&mut self, name: &str, usages: &[&Usage], is_open: bool) -> Vec<Item> {
        let why = if is_open { "is not in what the workspace defines of it" } else { "does not have it" };
        let note = format!("`{name}` is inferred from its use: `{}` {why}", self.definition.name);
        self.annotations.notes.insert(note);
        inferred(name, usages).into_iter().collect()
    }

    fn member(&mut self, module: ModuleId, member: &Member, used: &Use, free: &str) -> Vec<Item> {
        let name = &member.name;
        match &member.kind {
            MemberKind::Method(methods) => {
                let is_overloaded = methods.len() > 1;
                let write = |method: &Method| {
                    Item::Function(self.method(name, module, method, &used.calls, is_overloaded, free))
                };
                methods.iter().map(write).collect()
            }
            MemberKind::Property { getter, has_setter } => {
                let annotation = getter.returns.as_ref();
                vec![self.value(name, module, annotation, *has_setter && used.is_written, free)]
            }
            MemberKind::Attribute { annotation, .. } => {
                vec![self.value(name, module, annotation.as_ref(), used.is_written, free)]
            }
            MemberKind::Class => {
                let any = Annotation::builtin("type[Any]");
                vec![self.value(name, module, Some(&any), false, free)]
            }
        }
    }

    /// An attribute; a property where nobody assigns to it, so that whatever
    /// can be read is enough.
    fn value(
        &mut self,
        name: &str,
        module: ModuleId,
        annotation: Option<&Annotation>,
        is_written: bool,
        free: &str,
    ) -> Item {
        let position = if is_written { Position::In } else { Position::Out };
        let text = self.annotations.write(module, annotation, name, position, free);
        if is_written {
            return Item::Attribute { name: name.to_owned(), annotation: Some(text), value: None };
        }
        Item::Function(Function {
            name: name.to_owned(),
            decorators: vec!["property".to_owned()],
            parameters: vec![Parameter::new("self", ParameterKind::Positional)],
            returns: Some(text),
            ..Function::default()
        })
    }

    fn method(
        &mut self,
        name: &str,
        module: ModuleId,
        method: &Method,
        calls: &[CallShape],
        is_overloaded: bool,
        free: &str,
    ) -> Function {
        let mut known = method.clone();
        known.type_parameters.push_str(free);
        let mut function = self.function(name, module, &known, calls, is_overloaded);
        function.type_parameters.clone_from(&method.type_parameters);
        function
    }

    fn function(
        &mut self,
        name: &str,
        module: ModuleId,
        method: &Method,
        calls: &[CallShape],
        is_overloaded: bool,
    ) -> Function {
        let free = &method.type_parameters;
        let placed = placed(&method.arguments, calls);
        let mut parameters: Vec<Parameter> = receiver(method, name).into_iter().collect();
        for (at, argument) in method.arguments.iter().enumerate() {
            let what = format!("{name}({})", argument.name);
            let text =
                self.annotations.write(module, argument.annotation.as_ref(), &what, Position::In, free);
            let kind = if at < placed { ParameterKind::PositionalOnly } else { argument.kind };
            let default = argument.has_default.then(|| "...".to_owned());
            parameters.push(Parameter { default, ..Parameter::new(&argument.name, kind).of(&text) });
        }
        let is_placed = parameters.iter().any(|one| one.kind == ParameterKind::PositionalOnly);
        if let Some(first) =
            parameters.first_mut().filter(|_| is_placed && method.binding != MethodBinding::Static)
        {
            first.kind = ParameterKind::PositionalOnly;
        }
        let mut decorators = Vec::new();
        match method.binding {
            MethodBinding::Class => decorators.push("classmethod".to_owned()),
            MethodBinding::Static => decorators.push("staticmethod".to_owned()),
            MethodBinding::Instance => {}
        }
        if is_overloaded {
            decorators.insert(0, "overload".to_owned());
        }
        Function {
            name: name.to_owned(),
            decorators,
            is_async: method.is_async,
            type_parameters: method.type_parameters.clone(),
            parameters,
            returns: Some(self.returns(name, module, method)),
            docstring: method.summary.clone().into_iter().collect(),
            body: Vec::new(),
        }
    }

    /// What calling a method gives, where decorators and `yield` change it.
    fn returns(&mut self, name: &str, module: ModuleId, method: &Method) -> String {
        let free = &method.type_parameters;
        let last = |one: &String| {
            let head = one.split('(').next().unwrap_or_default();
            head.rsplit('.').next().unwrap_or(head).to_owned()
        };
        let decorators: Vec<String> = method.decorators.iter().map(last).collect();
        let manager = decorators.iter().find_map(|one| match one.as_str() {
            "contextmanager" => Some("AbstractContextManager"),
            "asynccontextmanager" => Some("AbstractAsyncContextManager"),
            _ => None,
        });
        let is_other = |one: &&String| !matches!(one.as_str(), "contextmanager" | "asynccontextmanager");
        for decorator in decorators.iter().filter(is_other) {
            let note = format!("`{name}` is decorated with `{decorator}`, which may change how it is called");
            self.annotations.notes.insert(note);
        }
        if name == "__init__" {
            return "None".to_owned();
        }
        if method.returns.is_none() && method.is_generator && manager.is_none() {
            self.annotations.notes.insert(format!("`{name}` does not say what it yields"));
            return if method.is_async_def { "AsyncIterator[Any]" } else { "Iterator[Any]" }.to_owned();
        }
        let text = self.annotations.write(module, method.returns.as_ref(), name, Position::Out, free);
        match manager {
            None => text,
            Some(manager) => format!("{manager}[{}]", yielded(&text)),
        }
    }
}

/// What an iterator of that type yields.
fn yielded(text: &str) -> String {
    let inner = text.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    let mut depth = 0;
    let end = inner.and_then(|inner| {
        inner.find(|char: char| {
            depth += i32::from(char == '[') - i32::from(char == ']');
            depth == 0 && char == ','
        })
    });
    match (inner, end) {
        (Some(inner), Some(end)) => inner[..end].to_owned(),
        (Some(inner), None) => inner.to_owned(),
        (None, _) => "Any".to_owned(),
    }
}

/// The instance or class of a method.
fn receiver(method: &Method, name: &str) -> Option<Parameter> {
    let own = match method.binding {
        MethodBinding::Static if name != "__call__" => return None,
        MethodBinding::Class => "cls",
        _ => "self",
    };
    let is_taken = method.arguments.iter().any(|one| one.name == own);
    Some(Parameter::new(if is_taken { "this" } else { own }, ParameterKind::Positional))
}

/// How many of the first parameters every consumer gives by position, so that
/// who implements them may call them as they like.
fn placed(arguments: &[Argument], calls: &[CallShape]) -> usize {
    let plain = arguments
        .iter()
        .take_while(|one| matches!(one.kind, ParameterKind::Positional | ParameterKind::PositionalOnly));
    let least = calls.iter().map(|call| if call.is_open { 0 } else { call.positional }).min().unwrap_or(0);
    let is_named = |one: &&Argument| {
        calls.iter().flat_map(|call| &call.keywords).any(|keyword| keyword.text == one.name)
    };
    // `**` of a protocol would take the name that who implements it has for one.
    let is_open = arguments.iter().any(|one| one.kind == ParameterKind::Kwargs);
    let least = if is_open { 0 } else { least };
    let given = plain.clone().take(least).take_while(|one| !is_named(one)).count();
    let own = plain.filter(|one| one.kind == ParameterKind::PositionalOnly).count();
    given.max(own)
}

/// `load_model` is `LoadModel`.
pub(super) fn class_name(function: &str) -> String {
    let parts = function.split('_').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(char::to_uppercase);
            first.into_iter().flatten().chain(chars).collect::<String>()
        })
        .collect()
}

/// The members that are used, by name, with the methods behind syntax.
fn uses(usages: &[&Usage]) -> BTreeMap<String, Use> {
    let mut found: BTreeMap<String, Use> = BTreeMap::new();
    for usage in usages {
        for member in usage.members.iter().filter(|member| !is_common(&member.name.text)) {
            let one = found.entry(member.name.text.clone()).or_default();
            match &member.access.verb {
                repot_python::Verb::Called(shape) => one.calls.push(shape.clone()),
                repot_python::Verb::Read => {}
                repot_python::Verb::Written | repot_python::Verb::Deleted => one.is_written = true,
            }
        }
    }
    for name in special_names(usages) {
        found.entry(name).or_default();
    }
    found
}
