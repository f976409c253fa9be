//! Parameters that take every call that was seen.

use repot_python::{CallShape, ParameterKind};

use crate::python::Parameter;

/// What positional parameters are called, whose names nobody says.
const PLACES: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// The parameters that take each of `calls`. What is given by position has no
/// name that callers could rely on (PEP 570); what some calls leave out has a
/// default.
pub(super) fn parameters(calls: &[CallShape]) -> Vec<Parameter> {
    let most = calls.iter().map(|call| call.positional).max().unwrap_or(0);
    let least = calls.iter().filter(|call| !call.is_open).map(|call| call.positional).min().unwrap_or(0);
    let mut found = Vec::new();
    let mut keywords: Vec<&str> = Vec::new();
    for keyword in calls.iter().flat_map(|call| &call.keywords) {
        if !keywords.contains(&keyword.text.as_str()) {
            keywords.push(&keyword.text);
        }
    }
    for at in 0..most {
        let name = place(at, most, &keywords);
        found.push(taken(&name, ParameterKind::PositionalOnly, at >= least));
    }
    let is_open = calls.iter().any(|call| call.is_open);
    if is_open {
        found.push(Parameter::new("args", ParameterKind::Args).of("Any"));
    }
    for keyword in keywords.iter().filter(|keyword| !is_open || !matches!(**keyword, "args" | "kwargs")) {
        let gives = |call: &CallShape| call.is_open || call.keywords.iter().any(|one| one.text == **keyword);
        let is_always = calls.iter().all(gives) && !is_open;
        found.push(taken(keyword, ParameterKind::KeywordOnly, !is_always));
    }
    if is_open {
        found.push(Parameter::new("kwargs", ParameterKind::Kwargs).of("Any"));
    }
    found
}

fn taken(name: &str, kind: ParameterKind, is_optional: bool) -> Parameter {
    let default = is_optional.then(|| "...".to_owned());
    Parameter { default, ..Parameter::new(name, kind).of("Any") }
}

/// A name for the positional parameter at `at` that no keyword has.
fn place(at: usize, most: usize, keywords: &[&str]) -> String {
    let name = match (most, PLACES.get(at)) {
        (1, _) => "value".to_owned(),
        (_, Some(name)) => (*name).to_owned(),
        (_, None) => format!("value_{}", at + 1),
    };
    if keywords.contains(&name.as_str()) { format!("{name}_") } else { name }
}
