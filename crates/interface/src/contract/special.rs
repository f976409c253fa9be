//! The methods behind syntax: `with`, `for`, `[…]`, `len`, `in`, `<`, a call.

use repot_python::{ParameterKind, Then, Verb};

use super::members::{Body, method, receiver};
use super::seen::{MemberSeen, Seen};
use crate::python::{Function, Item, Parameter};

/// A method that a way of using an instance asks for.
struct Special {
    then: Then,
    name: &'static str,
    /// What it takes: by position, or as `*args` where it begins with a star.
    takes: &'static [&'static str],
    returns: &'static str,
    is_async: bool,
}

const fn special_of(
    then: Then,
    name: &'static str,
    takes: &'static [&'static str],
    returns: &'static str,
) -> Special {
    Special { then, name, takes, returns, is_async: false }
}

const SPECIAL: [Special; 12] = [
    special_of(Then::Entered, "__enter__", &[], "Any"),
    special_of(Then::Entered, "__exit__", &["*exc_info"], "bool | None"),
    Special { then: Then::EnteredAsync, name: "__aenter__", takes: &[], returns: "Any", is_async: true },
    Special {
        then: Then::EnteredAsync,
        name: "__aexit__",
        takes: &["*exc_info"],
        returns: "bool | None",
        is_async: true,
    },
    special_of(Then::Awaited, "__await__", &[], "Generator[Any, Any, Any]"),
    special_of(Then::Iterated, "__iter__", &[], "Iterator[Any]"),
    special_of(Then::IteratedAsync, "__aiter__", &[], "AsyncIterator[Any]"),
    special_of(Then::Indexed, "__getitem__", &["key"], "Any"),
    special_of(Then::IndexedForWriting, "__setitem__", &["key", "value"], "None"),
    special_of(Then::Measured, "__len__", &[], "int"),
    special_of(Then::Searched, "__contains__", &["item"], "bool"),
    special_of(Then::Ordered, "__lt__", &["other"], "bool"),
];

/// The methods that the use of the instances asks for.
pub(super) fn special(seen: &Seen, body: Body<'_>) -> Vec<Item> {
    let has =
        |then: Then| seen.instances.iter().any(|access| access.then == then && access.verb == Verb::Read);
    let asked = SPECIAL.iter().filter(|one| has(one.then));
    let call = call(seen).map(|seen| method("__call__", &seen, body, false));
    call.into_iter().chain(asked.map(|one| one.function(body))).map(Item::Function).collect()
}

/// How instances are called.
fn call(seen: &Seen) -> Option<MemberSeen> {
    let called = seen.instances.iter().filter_map(|access| match &access.verb {
        Verb::Called(shape) => Some((shape.clone(), access.then)),
        _ => None,
    });
    let (calls, results): (Vec<_>, Vec<_>) = called.unzip();
    (!calls.is_empty()).then(|| MemberSeen { calls, results, ..MemberSeen::default() })
}

impl Special {
    fn function(&self, body: Body<'_>) -> Function {
        let taken = |name: &&str| match name.strip_prefix('*') {
            Some(name) => Parameter::new(name, ParameterKind::Args).of("Any"),
            None => Parameter::new(name, ParameterKind::PositionalOnly).of("Any"),
        };
        let rest: Vec<Parameter> = self.takes.iter().map(taken).collect();
        let is_placed = rest.first().is_some_and(|one| one.kind == ParameterKind::PositionalOnly);
        let kind = if is_placed { ParameterKind::PositionalOnly } else { ParameterKind::Positional };
        Function {
            name: self.name.to_owned(),
            is_async: self.is_async,
            parameters: std::iter::once(Parameter { kind, ..receiver() }).chain(rest).collect(),
            returns: Some(self.returns.to_owned()),
            body: body.statements(self.name, 8),
            ..Function::default()
        }
    }
}
