//! The text of a contract.

use std::collections::BTreeSet;

use repot_python::{CallShape, ParameterKind};

use super::OWED;
use super::call::parameters;
use super::members::{Body, attribute, members, method, returned};
use super::seen::Seen;
use super::shape::{Shape, is_constant_name};
use crate::Draft;
use crate::python::{Class, Function, Item, Parameter, known_imports};

/// Members that every enum has.
const OF_ENUMS: [&str; 2] = ["name", "value"];
/// Members that every exception has.
const OF_EXCEPTIONS: [&str; 4] = ["args", "add_note", "with_traceback", "__traceback__"];

/// Writes the contract of one symbol.
pub(super) struct Writer<'a> {
    pub(super) module: &'a str,
    pub(super) name: &'a str,
    pub(super) seen: &'a Seen,
    pub(super) consumers: &'a BTreeSet<String>,
}

impl Writer<'_> {
    pub(super) fn draft(&self, shape: Shape) -> Draft {
        let mut notes = Vec::new();
        let text = match shape {
            Shape::Protocol => self.protocol(),
            Shape::Class => self.class().text(),
            Shape::Exception => self.exception(&mut notes),
            Shape::Enum => {
                notes.push("the values of its members are made up, since no use says them".to_owned());
                self.enumeration()
            }
            Shape::Function => self.function(),
            Shape::Decorator => {
                notes.push("what it decorates is not changed: whatever it would add is missing".to_owned());
                self.decorator()
            }
        };
        Draft { name: self.name.to_owned(), imports: known_imports(&text), text, notes, is_owed: true }
    }

    /// The paragraphs of the docstring; the second says what happens.
    fn docstring(&self, what_happens: &str) -> Vec<String> {
        let consumers: Vec<String> = self.consumers.iter().map(|one| format!("`{one}`")).collect();
        let mut paragraphs = vec![format!("{OWED}`{}.{}` is defined nowhere.", self.module, self.name)];
        if !consumers.is_empty() {
            paragraphs.push(format!("Inferred from its use in {}. {what_happens}", consumers.join(", ")));
        } else if !what_happens.is_empty() {
            paragraphs.push(what_happens.to_owned());
        }
        paragraphs
    }

    fn protocol(&self) -> String {
        let decorators = if self.seen.is_tested { vec!["runtime_checkable".to_owned()] } else { Vec::new() };
        Class {
            name: self.name.to_owned(),
            decorators,
            bases: vec!["Protocol".to_owned()],
            docstring: self.docstring(""),
            items: members(self.seen, Body::Stub),
            ..Class::default()
        }
        .text()
    }

    /// A class whose construction and methods raise.
    fn class(&self) -> Class {
        let body = Body::Owes(self.name);
        let mut items = self.of_the_class(body);
        if !self.seen.calls.is_empty() {
            let calls = self.seen.calls.clone();
            let made = super::seen::MemberSeen { calls, ..super::seen::MemberSeen::default() };
            let init =
                Function { returns: Some("None".to_owned()), ..method("__init__", &made, body, false) };
            items.push(Item::Function(Function { body: body.statements("", 8), ..init }));
        }
        let known: BTreeSet<String> = items.iter().map(|item| item.name().to_owned()).collect();
        items.extend(members(self.seen, body).into_iter().filter(|item| !known.contains(item.name())));
        items.sort_by_key(|item| matches!(item, Item::Function(_)));
        Class {
            name: self.name.to_owned(),
            docstring: self.docstring("Its use raises `NotImplementedError`."),
            items,
            ..Class::default()
        }
    }

    /// What is used of the class itself: constants and class methods.
    fn of_the_class(&self, body: Body<'_>) -> Vec<Item> {
        let own = self.seen.own.iter();
        own.map(|(name, member)| match member.calls.is_empty() {
            false => Item::Function(method(name, member, body, true)),
            true => attribute(name, "ClassVar[Any]".to_owned()),
        })
        .collect()
    }

    fn exception(&self, notes: &mut Vec<String>) -> String {
        let base = fitting_base(self.name);
        if base != "Exception" {
            notes.push(format!("its base `{base}` is read off its name"));
        }
        let calls: Vec<CallShape> = self.seen.raises.iter().chain(&self.seen.calls).cloned().collect();
        let taken: Vec<Parameter> = parameters(&calls)
            .into_iter()
            .filter(|one| one.kind == ParameterKind::KeywordOnly)
            .map(|one| Parameter { default: one.default.map(|_| "None".to_owned()), ..one })
            .collect();
        let names: BTreeSet<&str> = taken.iter().map(|one| one.name.as_str()).collect();
        let mut items: Vec<Item> = members(self.seen, Body::Owes(self.name));
        items.retain(|item| !names.contains(item.name()) && !OF_EXCEPTIONS.contains(&item.name()));
        if !taken.is_empty() {
            items.push(Item::Function(exception_init(taken)));
        }
        items.sort_by_key(|item| match item {
            Item::Attribute { .. } => 0,
            Item::Function(function) => 1 + usize::from(function.name != "__init__"),
        });
        Class {
            name: self.name.to_owned(),
            bases: vec![base.to_owned()],
            docstring: self.docstring(""),
            items,
            ..Class::default()
        }
        .text()
    }

    fn enumeration(&self) -> String {
        let body = Body::Owes(self.name);
        let is_member = |name: &str| is_constant_name(name);
        let own = self.seen.own.iter();
        let mut items: Vec<Item> = own
            .map(|(name, member)| match member.calls.is_empty() && is_member(name) {
                true => Item::Attribute {
                    name: name.clone(),
                    annotation: None,
                    value: Some(format!("\"{}\"", name.to_lowercase())),
                },
                false => Item::Function(method(name, member, body, true)),
            })
            .collect();
        let is_new = |item: &Item| matches!(item, Item::Function(_)) && !OF_ENUMS.contains(&item.name());
        items.extend(members(self.seen, body).into_iter().filter(is_new));
        items.sort_by_key(|item| matches!(item, Item::Function(_)));
        Class {
            name: self.name.to_owned(),
            bases: vec!["Enum".to_owned()],
            docstring: self.docstring("The values are made up."),
            items,
            ..Class::default()
        }
        .text()
    }

    fn function(&self) -> String {
        let (returns, is_async) = returned(&self.seen.results());
        Function {
            name: self.name.to_owned(),
            is_async,
            parameters: parameters(&self.seen.calls),
            returns: Some(returns),
            docstring: self.docstring("Calling it raises `NotImplementedError`."),
            body: Body::Owes(self.name).statements("", 4),
            ..Function::default()
        }
        .lines(0)
        .join("\n")
    }

    /// A decorator that hands on what it decorates, with or without a call.
    fn decorator(&self) -> String {
        let warning = format!("\"owed: {}\"", self.name);
        let warn = format!("warnings.warn({warning}, RuntimeWarning, stacklevel=2)");
        let calls = &self.seen.decorating;
        let mut body = vec![warn];
        let (mut taken, returns) = match (calls.is_empty(), self.seen.decorates_bare) {
            (true, _) => {
                body.push("return value".to_owned());
                (vec![Parameter::new("value", ParameterKind::PositionalOnly).of("Any")], "Any")
            }
            (false, false) => {
                body.push("return lambda decorated: decorated".to_owned());
                (parameters(calls), "Callable[[Any], Any]")
            }
            (false, true) => {
                body.push("return value if callable(value) else lambda decorated: decorated".to_owned());
                (both(calls), "Any")
            }
        };
        taken.iter_mut().filter(|one| one.default.is_some()).for_each(|one| {
            one.default = Some("None".to_owned());
        });
        Function {
            name: self.name.to_owned(),
            parameters: taken,
            returns: Some(returns.to_owned()),
            docstring: self.docstring("It warns, and hands on what it decorates."),
            body,
            ..Function::default()
        }
        .lines(0)
        .join("\n")
    }
}

/// Parameters for a decorator that is used with and without a call.
fn both(calls: &[CallShape]) -> Vec<Parameter> {
    let bare = CallShape { positional: 1, ..CallShape::default() };
    let mut calls = calls.to_vec();
    calls.push(bare);
    calls.push(CallShape::default());
    let mut taken = parameters(&calls);
    if let Some(first) = taken.first_mut() {
        first.name = "value".to_owned();
    }
    taken
}

/// `__init__` of an exception that is raised with keywords.
fn exception_init(taken: Vec<Parameter>) -> Function {
    let keeps = taken.iter().map(|one| format!("self.{0} = {0}", one.name));
    let body = std::iter::once("super().__init__(*args)".to_owned()).chain(keeps).collect();
    let head = [
        Parameter::new("self", ParameterKind::Positional),
        Parameter::new("args", ParameterKind::Args).of("object"),
    ];
    Function {
        name: "__init__".to_owned(),
        parameters: head.into_iter().chain(taken).collect(),
        returns: Some("None".to_owned()),
        body,
        ..Function::default()
    }
}

/// The exception of Python's own that a name asks for.
fn fitting_base(name: &str) -> &'static str {
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    match () {
        () if name.ends_with("Warning") => "UserWarning",
        () if has(&["NotFound"]) => "LookupError",
        () if has(&["Validation", "Invalid"]) => "ValueError",
        () => "Exception",
    }
}
