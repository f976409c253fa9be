//! What the uses of a symbol make of it.

use std::fmt;

use repot_python::Then;

use super::seen::Seen;

/// What a contract is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// A `Protocol`: only its type is wanted.
    Protocol,
    /// A class whose use raises.
    Class,
    /// An exception.
    Exception,
    /// An enum with the members that were seen.
    Enum,
    /// A function that raises.
    Function,
    /// A decorator that hands on what it decorates.
    Decorator,
}

impl Shape {
    /// The shape as it is printed, with its article.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Protocol => "a protocol",
            Self::Class => "a class",
            Self::Exception => "an exception",
            Self::Enum => "an enum",
            Self::Function => "a function",
            Self::Decorator => "a decorator",
        }
    }
}

/// Why the uses of a symbol do not say what it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unclear {
    /// It is bound anew.
    Rebound,
    /// It is a value that somebody has to know.
    Value,
    /// No use says anything.
    Unused,
}

impl fmt::Display for Unclear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rebound => "a consumer binds it anew",
            Self::Value => "it is a value, and only its author knows which",
            Self::Unused => "no use says what it would be",
        })
    }
}

/// What `name` is, by its uses and, where they leave it open, by how it is
/// written (PEP 8).
pub(super) fn shape(name: &str, seen: &Seen) -> Result<Shape, Unclear> {
    if seen.is_rebound {
        return Err(Unclear::Rebound);
    }
    let is_class = is_class_name(name);
    if seen.is_exception || (is_class && is_exception_name(name) && !seen.decorates()) {
        return Ok(Shape::Exception);
    }
    if seen.decorates() && !is_class {
        return if seen.own.is_empty() { Ok(Shape::Decorator) } else { Err(Unclear::Value) };
    }
    if is_class {
        return Ok(of_class(seen));
    }
    let is_type = seen.is_annotation || seen.is_tested || seen.is_base;
    if !seen.own.is_empty() || is_constant_name(name) {
        return Err(Unclear::Value);
    }
    match (seen.calls.is_empty(), is_type, seen.is_value) {
        (false, false, _) => Ok(Shape::Function),
        (_, true, _) => Ok(of_class(seen)),
        (true, false, true) => Err(Unclear::Value),
        (true, false, false) => Err(Unclear::Unused),
    }
}

fn of_class(seen: &Seen) -> Shape {
    let is_made_by_value = |shape: &repot_python::CallShape| {
        shape.positional == 1 && shape.keywords.is_empty() && !shape.is_open
    };
    let has_members = seen
        .own
        .iter()
        .any(|(name, member)| is_constant_name(name) && member.calls.is_empty() && !member.is_written);
    let is_iterated = seen.values.iter().any(|then| matches!(then, Then::Iterated | Then::Searched));
    if has_members && !seen.is_base && !seen.decorates() && seen.calls.iter().all(is_made_by_value) {
        return Shape::Enum;
    }
    let runs = !seen.calls.is_empty() || !seen.own.is_empty() || seen.is_base || seen.decorates();
    // Whatever there is would have all of no members.
    let lets_all_pass = seen.is_tested && seen.members.is_empty();
    if runs || is_iterated || lets_all_pass { Shape::Class } else { Shape::Protocol }
}

/// Whether a name is written as classes are: `LikeThis`.
fn is_class_name(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// Whether a name is written as constants are: `LIKE_THIS`.
pub(super) fn is_constant_name(name: &str) -> bool {
    name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)
}

fn is_exception_name(name: &str) -> bool {
    ["Error", "Exception", "Warning"].iter().any(|ending| name.ends_with(ending))
}
