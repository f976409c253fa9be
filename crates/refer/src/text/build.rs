//! Starlark and Meson: the strings of a build file, and its comments.

use repot_change::Span;

use super::region::{Meaning, Region};

/// The strings and comments of a build file.
///
/// Rules name files below the folder of the build file and labels below the
/// root, so that what a string means is seen from how it is written.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let (mut regions, mut at) = (Vec::new(), 0);
    while let Some(start) =
        text.get(at..).and_then(|rest| rest.find(['#', '"', '\''])).map(|found| at + found)
    {
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with('#') {
            let end = start + rest.find('\n').unwrap_or(rest.len());
            regions.push(Region::new(Span::new(start, end), Meaning::Prose, "a comment names it"));
            at = end;
            continue;
        }
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote));
        let quote = quote.unwrap_or("\"");
        let inside = start + quote.len();
        let end = inside + closing(text.get(inside..).unwrap_or_default(), quote);
        let span = Span::new(inside, end);
        regions.push(match is_sentence(text.get(span.range()).unwrap_or_default()) {
            true => Region::new(span, Meaning::Prose, "a sentence names it"),
            false => Region::new(span, Meaning::Labels, "a build rule names it"),
        });
        at = end + quote.len();
    }
    regions
}

fn is_sentence(text: &str) -> bool {
    text.trim().contains(char::is_whitespace)
}

/// How far the string whose inside `text` begins with goes.
fn closing(text: &str, quote: &str) -> usize {
    let mut is_escaped = false;
    let closes = |(at, c): (usize, char)| {
        let here = text.get(at..).unwrap_or_default();
        let is_end = here.starts_with(quote) || (c == '\n' && quote.len() == 1);
        let ends = is_end && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    };
    text.char_indices().find_map(closes).unwrap_or(text.len())
}
