//! JSON configuration: its strings, in a layout that stays as it is.

use repot_change::{Applicability, Span};

use super::region::{Meaning, Region};

/// The strings and comments of a JSON file. Comments and trailing commas, which
/// many tools allow, are no reason not to read it.
pub(super) fn regions(text: &str) -> Result<Vec<Region>, String> {
    let (mut regions, mut at, mut key) = (Vec::new(), 0, "");
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(['"', '/'])).map(|found| at + found) {
        let rest = text.get(start..).unwrap_or_default();
        let comment = if rest.starts_with("//") {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            Some(rest.find("*/").map_or(rest.len(), |len| len + 2))
        } else {
            None
        };
        if let Some(len) = comment {
            let span = Span::new(start, start + len);
            regions.push(Region::new(span, Meaning::Prose, "a comment names it"));
            at = span.end;
        } else if rest.starts_with('"') {
            let len = closing(rest).ok_or("is not valid JSON: a string has no end")?;
            let span = Span::new(start + 1, start + len);
            let inside = text.get(span.range()).unwrap_or_default();
            let is_key = rest.get(len + 1..).unwrap_or_default().trim_start().starts_with(':');
            if is_key {
                key = inside;
            }
            regions.push(value(span, inside, key));
            at = span.end + 1;
        } else {
            at = start + 1;
        }
    }
    Ok(regions)
}

/// Where the string that `text` begins with has its closing quote.
fn closing(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        closes.then_some(at)
    })
}

fn value(span: Span, inside: &str, key: &str) -> Region {
    let review = |meaning, rule| Region::new(span, meaning, rule).at_most(Applicability::Review);
    let is_word = !inside.trim().contains(char::is_whitespace);
    match key {
        "module" => review(Meaning::Names, "a setting names a module"),
        "description" | "title" | "detail" => review(Meaning::Prose, "a sentence names it"),
        "include" | "exclude" | "ignore" | "strict" | "extraPaths" | "root" | "program" | "cwd" => {
            review(Meaning::Paths, "a setting names a path")
        }
        _ if is_word && !inside.starts_with('-') => review(Meaning::Text, "a setting names it"),
        _ => review(Meaning::Command, "a command names it"),
    }
}
