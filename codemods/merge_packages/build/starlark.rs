//! A build file in Starlark, as far as uniting two needs it: its statements, and
//! the arguments of those that are calls.
//!
//! What is not understood is a statement like any other. Nothing is evaluated.

use std::ops::Range;
use std::sync::Arc;

use repot_change::Span;
use repot_python::SourceFile;

/// One statement of a build file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'t> {
    /// Where it stands, without what is before it.
    pub span: Range<usize>,
    /// The comments that stand before it.
    pub lead: &'t str,
    /// Its text.
    pub text: &'t str,
    /// The call that it is, if it is one.
    pub call: Option<Call<'t>>,
}

/// The call of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<'t> {
    /// What is called.
    pub function: &'t str,
    /// The arguments, in their order.
    pub arguments: Vec<Argument<'t>>,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument<'t> {
    /// Its name; empty for one that is told by its place.
    pub key: &'t str,
    /// Its value.
    pub value: &'t str,
    /// Where the value stands in the file.
    pub span: Range<usize>,
}

impl Call<'_> {
    /// The name of the target that a rule makes.
    pub fn name(&self) -> Option<&str> {
        let keys = ["name", "package_name"];
        let named = keys.iter().find_map(|key| self.arguments.iter().find(|one| one.key == *key))?;
        string(named.value)
    }
}

/// The statements of `text`; `None` where it does not parse.
pub fn statements(text: &str) -> Option<Vec<Statement<'_>>> {
    let source = SourceFile::parse(Arc::from(text.as_bytes()));
    if !source.problems().is_empty() {
        return None;
    }
    let mut end = 0;
    let comments = source.comments();
    let statement = |span: Span| {
        let (inner, before) = (text.get(span.range())?, text.get(end..span.start)?);
        // A comment on the line on which a statement ends belongs to that one.
        let line =
            text.get(span.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| span.end + at);
        let is_behind = |comment: &&Span| comment.start >= span.end && comment.start < line;
        end = comments.iter().find(is_behind).map_or(span.end, |comment| comment.end);
        let call = call(inner, span.start);
        Some(Statement { span: span.start..span.end, lead: before.trim(), text: inner, call })
    };
    source.statements().into_iter().map(statement).collect()
}

/// The call that `text`, which stands at `at` in its file, is.
pub fn call(text: &str, at: usize) -> Option<Call<'_>> {
    let open = text.find('(')?;
    let function = text.get(..open)?.trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    if function.is_empty() || !function.chars().all(is_name) {
        return None;
    }
    let inside = inside(text.get(open..)?, '(', ')')?;
    let start = open + 1;
    let argument = |part: Range<usize>| {
        let whole = inside.get(part.clone())?;
        let (key, from) = keyword(whole).unwrap_or(("", 0));
        let bare = trimmed(whole.get(from..)?);
        let begin = at + start + part.start + from;
        let span = begin + bare.start..begin + bare.end;
        Some(Argument { key, value: whole.get(from..)?.get(bare)?, span })
    };
    let arguments = parts(inside).into_iter().filter_map(argument).collect();
    Some(Call { function, arguments })
}

/// The name of a keyword argument, and where its value begins.
fn keyword(text: &str) -> Option<(&str, usize)> {
    let start = trimmed(text).start;
    let rest = text.get(start..)?;
    let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|length| *length > 0)?;
    let behind = rest.get(length..)?;
    let equals = behind.find('=')?;
    let is_plain = behind.get(..equals)?.trim().is_empty() && !behind.get(equals + 1..)?.starts_with('=');
    is_plain.then(|| (&rest[..length], start + length + equals + 1))
}

/// What stands between the brackets that `text` begins and ends with.
pub fn inside(text: &str, open: char, close: char) -> Option<&str> {
    let inner = text.strip_prefix(open)?;
    let mut ends = tokens(inner).filter(|(_, depth)| *depth < 0).map(|(at, _)| at);
    let end = ends.next()?;
    let behind = inner.get(end..)?.strip_prefix(close)?;
    behind.trim().is_empty().then(|| inner.get(..end))?
}

/// The parts of `text` between its commas, brackets left whole; an empty last one
/// is none.
pub fn parts(text: &str) -> Vec<Range<usize>> {
    let commas = tokens(text).filter(|(at, depth)| *depth == 0 && text[*at..].starts_with(','));
    let mut start = 0;
    let mut found: Vec<Range<usize>> = commas
        .map(|(at, _)| {
            let part = start..at;
            start = at + 1;
            part
        })
        .collect();
    found.push(start..text.len());
    found.retain(|part| !trimmed(&text[part.clone()]).is_empty());
    found
}

/// Where the first thing in `text` begins that is neither blank nor comment, and
/// where the last such thing ends.
pub fn trimmed(text: &str) -> Range<usize> {
    let mut solid = tokens(text).filter(|(at, _)| !text[*at..].starts_with(char::is_whitespace));
    let Some((first, _)) = solid.next() else { return 0..0 };
    let last = solid.last().map_or(first, |(at, _)| at);
    // A string is one token, which begins at its quote.
    let end =
        string_end(&text[last..]).unwrap_or_else(|| text[last..].chars().next().map_or(0, char::len_utf8));
    first..last + end
}

/// The text of a plain string.
fn string(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then_some(inner)
}

/// The characters of `text` outside of strings and comments, each with the depth
/// of brackets behind an opening and before a closing one; a string counts as its
/// first quote. The depth is negative where `text` closes what it did not open.
fn tokens(text: &str) -> impl Iterator<Item = (usize, isize)> + '_ {
    let (mut at, mut depth) = (0, 0_isize);
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let start = at;
            let char = rest.chars().next()?;
            if char == '#' {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            at += string_end(rest).unwrap_or(char.len_utf8());
            match char {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            let is_open = matches!(char, '(' | '[' | '{');
            return Some((start, if is_open { depth - 1 } else { depth }));
        }
    })
}

/// How long the string is that `text` begins with.
fn string_end(text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
    let mut is_escaped = false;
    let closes = |(at, c): (usize, char)| {
        let ends = !is_escaped && text.get(quote.len() + at..).is_some_and(|rest| rest.starts_with(quote));
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    };
    let inner = text.get(quote.len()..)?;
    let end = inner.char_indices().find_map(closes);
    Some(end.map_or(text.len(), |end| end + 2 * quote.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_call_is_known_by_its_arguments() {
        let text = "# Head.\n\nload(\":a.bzl\", \"b\") # load\n\n# Rule.\npython_library(\n    name = \"x\", # name\n    srcs = glob([\"a,b/*.py\"], exclude = ['#)']),\n    # Needs.\n    deps = [\n        \":y\", # why\n    ],\n)\nX = [1]\n";
        let all = statements(text).unwrap();
        let leads: Vec<&str> = all.iter().map(|one| one.lead).collect();
        assert_eq!(leads, ["# Head.", "# Rule.", ""]);
        let rule = all[1].call.as_ref().unwrap();
        assert_eq!((rule.function, rule.name()), ("python_library", Some("x")));
        let found: Vec<(&str, &str)> = rule.arguments.iter().map(|one| (one.key, one.value)).collect();
        let deps = "[\n        \":y\", # why\n    ]";
        let srcs = "glob([\"a,b/*.py\"], exclude = ['#)'])";
        assert_eq!(found, [("name", "\"x\""), ("srcs", srcs), ("deps", deps)]);
        assert!(rule.arguments.iter().all(|one| &text[one.span.clone()] == one.value));
        let inner = inside(deps, '[', ']').unwrap();
        let items: Vec<&str> =
            parts(inner).into_iter().map(|part| &inner[part]).map(|part| &part[trimmed(part)]).collect();
        assert_eq!(items, ["\":y\""]);
        assert!(all[2].call.is_none());
        assert_eq!(statements("f(\n"), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in "[a-z=,#\"'\\\\()\\[\\] \nü]{0,40}") {
            for part in parts(&text) {
                let own = &text[part];
                prop_assert!(trimmed(own).end <= own.len());
            }
            let _ = inside(&text, '[', ']');
            for one in statements(&text).into_iter().flatten() {
                prop_assert_eq!(&text[one.span.clone()], one.text);
                let arguments = one.call.into_iter().flat_map(|call| call.arguments);
                prop_assert!(arguments.into_iter().all(|one| text[one.span.clone()] == *one.value));
            }
        }
    }
}
