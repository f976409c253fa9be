//! The methods and attributes that uses ask for.

use repot_python::{ParameterKind, Then};

use super::call::parameters;
use super::seen::{MemberSeen, Seen};
use super::special::special;
use crate::python::{Function, Item, Parameter};

/// What stands behind `def f() ->` for what happens to a value, and whether the
/// value is had by `await`. Uses that differ say nothing of the type.
pub(super) fn returned(results: &[Then]) -> (String, bool) {
    let is_async = !results.is_empty() && results.iter().all(|then| *then == Then::Awaited);
    let first = results.first().filter(|first| results.iter().all(|then| then == *first));
    let text = first.and_then(|then| held(*then)).unwrap_or("Any");
    (text.to_owned(), is_async)
}

/// The type of a value that is used so.
fn held(then: Then) -> Option<&'static str> {
    Some(match then {
        Then::Entered => "AbstractContextManager[Any]",
        Then::EnteredAsync => "AbstractAsyncContextManager[Any]",
        Then::Iterated => "Iterable[Any]",
        Then::IteratedAsync => "AsyncIterable[Any]",
        _ => return None,
    })
}

/// Whether the body of what runs raises, or only says how it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body<'a> {
    /// `...`, in a protocol.
    Stub,
    /// It raises, and names this.
    Owes(&'a str),
}

impl Body<'_> {
    /// The statements of a method called `name`, `indent` in.
    pub(super) fn statements(self, name: &str, indent: usize) -> Vec<String> {
        match self {
            Self::Stub => Vec::new(),
            Self::Owes(owner) if name.is_empty() => raises(owner, indent),
            Self::Owes(owner) => raises(&format!("{owner}.{name}"), indent),
        }
    }
}

/// The statement that says that `what` is owed, on one line, or broken as far
/// as it has to be.
fn raises(what: &str, indent: usize) -> Vec<String> {
    let fits = |more: usize, text: &str| indent + more + text.chars().count() <= 88;
    let message = format!("\"owed: {what}\"");
    let line = format!("raise NotImplementedError({message})");
    if fits(0, &line) {
        return vec![line];
    }
    let inner = match what.split_once('.') {
        Some((owner, name)) if !fits(4, &message) => {
            vec![format!("    \"owed: {owner}\""), format!("    \".{name}\"")]
        }
        _ => vec![format!("    {message}")],
    };
    let open = std::iter::once("raise NotImplementedError(".to_owned());
    open.chain(inner).chain([")".to_owned()]).collect()
}

pub(super) fn receiver() -> Parameter {
    Parameter::new("self", ParameterKind::Positional)
}

/// A method called `name` that takes the calls that were seen.
pub(super) fn method(name: &str, seen: &MemberSeen, body: Body<'_>, is_class: bool) -> Function {
    let (returns, is_async) = returned(&seen.results);
    let receiver = if is_class { Parameter::new("cls", ParameterKind::Positional) } else { receiver() };
    let rest = parameters(&seen.calls);
    // `self` stands before positional-only parameters, and is one of them then.
    let kind = match rest.first().map(|first| first.kind) {
        Some(ParameterKind::PositionalOnly) => ParameterKind::PositionalOnly,
        _ => ParameterKind::Positional,
    };
    Function {
        name: name.to_owned(),
        decorators: if is_class { vec!["classmethod".to_owned()] } else { Vec::new() },
        is_async,
        parameters: std::iter::once(Parameter { kind, ..receiver }).chain(rest).collect(),
        returns: Some(returns),
        body: body.statements(name, 8),
        ..Function::default()
    }
}

/// The members of the instances, as they are used.
pub(super) fn members(seen: &Seen, body: Body<'_>) -> Vec<Item> {
    let all = seen.members.iter().map(|(name, seen)| member(name, seen, body));
    let (attributes, methods): (Vec<Item>, Vec<Item>) =
        all.partition(|item| matches!(item, Item::Attribute { .. }));
    let is_new = |item: &Item| !seen.members.contains_key(item.name());
    let special = special(seen, body).into_iter().filter(is_new);
    attributes.into_iter().chain(methods).chain(special).collect()
}

/// A member as it is used; what is only read is a property in a protocol, so
/// that whatever can be read will do.
pub(super) fn member(name: &str, seen: &MemberSeen, body: Body<'_>) -> Item {
    if !seen.calls.is_empty() {
        Item::Function(method(name, seen, body, false))
    } else if seen.is_written || body != Body::Stub {
        attribute(name, read_type(seen))
    } else {
        Item::Function(property(name, read_type(seen)))
    }
}

fn read_type(member: &MemberSeen) -> String {
    match returned(&member.reads) {
        (_, true) => "Awaitable[Any]".to_owned(),
        (text, false) => text,
    }
}

pub(super) fn attribute(name: &str, annotation: String) -> Item {
    Item::Attribute { name: name.to_owned(), annotation: Some(annotation), value: None }
}

fn property(name: &str, annotation: String) -> Function {
    Function {
        name: name.to_owned(),
        decorators: vec!["property".to_owned()],
        parameters: vec![receiver()],
        returns: Some(annotation),
        ..Function::default()
    }
}
