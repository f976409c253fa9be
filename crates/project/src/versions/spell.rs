//! The text of one requirement of PEP 508, taken apart and put together.
//!
//! Only the versions change: the spelling of the name, the extras, the marker and
//! the blanks between them stay, and the new versions are spaced as the old were.

use std::ops::Range;

use crate::requirement::normal;

/// Where the parts of a requirement's text stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    /// The name.
    pub name: Range<usize>,
    /// The name and the extras.
    pub head: Range<usize>,
    /// What is asked for, with the blanks around it; a place begins with `@`.
    pub body: Range<usize>,
}

/// Takes a requirement apart that PEP 508 accepts.
pub(super) fn parts(text: &str) -> Option<Parts> {
    let start = text.find(|char: char| !char.is_whitespace())?;
    let length = text[start..].find(|char: char| !(char.is_ascii_alphanumeric() || "-_.".contains(char)));
    let name = start..length.map_or(text.len(), |length| start + length);
    let rest = &text[name.end..];
    let extras = match rest.trim_start().starts_with('[') {
        true => rest.find(']')? + 1,
        false => 0,
    };
    let head = start..name.end + extras;
    let rest = &text[head.end..];
    // A place may hold a semicolon; behind it stands a blank.
    let end = if rest.trim_start().starts_with('@') { rest.find(" ;") } else { rest.find(';') };
    let body = head.end..end.map_or(text.len(), |end| head.end + end);
    Some(Parts { name, head, body })
}

/// The requirement `text` with `versions` in place of its own.
pub(super) fn asking(text: &str, versions: &str) -> Option<String> {
    let Parts { body, .. } = parts(text)?;
    let old = &text[body.clone()];
    let bare = old.trim();
    let lead = &old[..old.len() - old.trim_start().len()];
    let trail = &old[old.trim_end().len()..];
    let inner = bare.strip_prefix('(').and_then(|bare| bare.strip_suffix(')'));
    let new = spaced(versions, inner.unwrap_or(bare));
    let new = match (inner, bare.is_empty()) {
        (Some(_), _) => format!("{lead}({new}){trail}"),
        (None, true) => format!("{new}{old}"),
        (None, false) => format!("{lead}{new}{trail}"),
    };
    Some(format!("{}{new}{}", &text[..body.start], &text[body.end..]))
}

/// The requirement `text` without the place that it names.
pub(super) fn plain(text: &str) -> Option<String> {
    let Parts { head, body, .. } = parts(text)?;
    let marker = text[body.end..].trim_start();
    Some(format!("{}{marker}", &text[..head.end]))
}

/// The requirement `text` with the extras of `other` as well.
pub(super) fn with_extras(text: &str, other: &str) -> Option<String> {
    let own = parts(text)?;
    let known = extras(text)?;
    let is_new = |extra: &&str| !known.iter().any(|own| normal(own) == normal(extra));
    let more: Vec<&str> = extras(other)?.into_iter().filter(is_new).collect();
    if more.is_empty() {
        return Some(text.to_owned());
    }
    let all = [known, more].concat().join(",");
    Some(format!("{}[{all}]{}", &text[own.name.start..own.name.end], &text[own.head.end..]))
}

/// The extras between the brackets.
fn extras(text: &str) -> Option<Vec<&str>> {
    let Parts { name, head, .. } = parts(text)?;
    let inner = text[name.end..head.end].trim().trim_start_matches('[').trim_end_matches(']');
    Some(inner.split(',').map(str::trim).filter(|extra| !extra.is_empty()).collect())
}

/// `versions` with its blanks where `like` has them.
fn spaced(versions: &str, like: &str) -> String {
    let gap = match like.find(|char: char| !"<>=!~".contains(char)) {
        Some(at) if like[at..].starts_with(' ') => " ",
        _ => "",
    };
    let comma = if like.contains(", ") || (!like.contains(',') && !gap.is_empty()) { ", " } else { "," };
    let clause = |clause: &str| {
        let clause = clause.trim();
        let split = clause.find(|char: char| !"<>=!~".contains(char)).unwrap_or(clause.len());
        format!("{}{gap}{}", &clause[..split], clause[split..].trim())
    };
    versions.split(',').map(clause).collect::<Vec<_>>().join(comma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_versions_change() {
        for (before, after) in [
            ("numpy", "numpy>=2,<3"),
            ("numpy>=1", "numpy>=2,<3"),
            ("NumPy >= 1", "NumPy >= 2, < 3"),
            ("numpy>=1, <2", "numpy>=2, <3"),
            ("numpy[a, b] ~=1.4", "numpy[a, b] >=2,<3"),
            ("numpy (>=1)", "numpy (>=2,<3)"),
            ("numpy>=1;python_version<'3.9'", "numpy>=2,<3;python_version<'3.9'"),
            ("numpy ; extra == 'x'", "numpy>=2,<3 ; extra == 'x'"),
            ("numpy>=1 ; extra == 'x'", "numpy>=2,<3 ; extra == 'x'"),
            (" numpy>=1 ", " numpy>=2,<3 "),
        ] {
            assert_eq!(asking(before, ">=2,<3").as_deref(), Some(after));
        }
        assert_eq!(asking("", ">=2"), None);
    }

    #[test]
    fn a_place_is_taken_away_with_its_sign() {
        for (before, after) in [
            ("kernel @ file:///x/kernel", "kernel"),
            ("kernel[a] @ file:../kernel ; os_name == 'nt'", "kernel[a]; os_name == 'nt'"),
            ("kernel@file:///x;y", "kernel"),
        ] {
            assert_eq!(plain(before).as_deref(), Some(after));
        }
    }
}
