//! Two signatures of one function: what was generated anew, with what the old
//! one says more precisely.

use repot_python::{Annotation, MemberKind, Method, MethodBinding, ParameterKind, SourceFile};

use super::value::{Function, Parameter};

/// A function of a file, or a method of the class that is named.
type Place<'a> = (&'a SourceFile, Option<&'a str>);

/// The head that the function `name` should have, as text from its decorators
/// to the colon; `None` when it has it.
pub(super) fn reconciled(old: Place<'_>, new: Place<'_>, name: &str) -> Option<String> {
    let (known, was_property) = read(old, name)?;
    let (wanted, is_property) = read(new, name)?;
    let merged = united(&known, wanted);
    let same = |method: &Method| Method { summary: None, is_generator: false, ..method.clone() };
    if same(&merged) == same(&known) && was_property == is_property {
        return None;
    }
    let indent = if old.1.is_some() { 4 } else { 0 };
    let function = function(name, &merged, old.1.is_some(), is_property);
    let mut lines: Vec<String> =
        function.decorators.iter().map(|one| format!("{}@{one}", " ".repeat(indent))).collect();
    lines.extend(function.header(indent, ":"));
    Some(lines.join("\n").trim_start().to_owned())
}

/// The only signature of a function, and whether it is a property's.
fn read((file, class): Place<'_>, name: &str) -> Option<(Method, bool)> {
    let only = |mut methods: Vec<Method>| methods.pop().filter(|_| methods.is_empty());
    match class {
        None => Some((only(file.callables(name))?, false)),
        Some(class) => match file.surface(class)?.member(name)?.kind.clone() {
            MemberKind::Method(methods) => Some((only(methods)?, false)),
            MemberKind::Property { getter, has_setter: false } => Some((getter, true)),
            _ => None,
        },
    }
}

/// `wanted`, with the annotations of `known` where it says no more than `Any`.
fn united(known: &Method, mut wanted: Method) -> Method {
    for argument in &mut wanted.arguments {
        let old = known.arguments.iter().find(|one| one.name == argument.name);
        if let Some(old) = old.filter(|_| says_nothing(argument.annotation.as_ref())) {
            argument.annotation.clone_from(&old.annotation);
            argument.is_none = old.is_none;
        }
    }
    if says_nothing(wanted.returns.as_ref()) {
        wanted.returns.clone_from(&known.returns);
    }
    wanted.decorators.clone_from(&known.decorators);
    wanted
}

fn says_nothing(annotation: Option<&Annotation>) -> bool {
    annotation.is_none_or(|one| one.text == "Any")
}

fn function(name: &str, method: &Method, is_method: bool, is_property: bool) -> Function {
    let own = match method.binding {
        MethodBinding::Class => "cls",
        _ => "self",
    };
    let has_own = is_method && method.binding != MethodBinding::Static;
    let is_placed = method.arguments.iter().any(|one| one.kind == ParameterKind::PositionalOnly);
    let kind = if is_placed { ParameterKind::PositionalOnly } else { ParameterKind::Positional };
    let receiver = has_own.then(|| Parameter::new(own, kind));
    let rest = method.arguments.iter().map(|one| Parameter {
        name: one.name.clone(),
        kind: one.kind,
        annotation: one.annotation.as_ref().map(|one| one.text.clone()),
        default: one.has_default.then(|| if one.is_none { "None" } else { "..." }.to_owned()),
    });
    let mut decorators = method.decorators.clone();
    decorators.extend(match (method.binding, is_property) {
        (_, true) => Some("property".to_owned()),
        (MethodBinding::Class, _) => Some("classmethod".to_owned()),
        (MethodBinding::Static, _) => Some("staticmethod".to_owned()),
        _ => None,
    });
    Function {
        name: name.to_owned(),
        decorators,
        is_async: method.is_async_def,
        type_parameters: method.type_parameters.clone(),
        parameters: receiver.into_iter().chain(rest).collect(),
        returns: method.returns.as_ref().map(|one| one.text.clone()),
        ..Function::default()
    }
}
