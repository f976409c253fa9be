//! The comments and the string literals of a file, without a tree.

use memchr::memchr3;
use repot_change::Span;

use super::lexer::{Lexer, is_word};
use crate::encoding::without_halves;

/// One plain string or bytes literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal {
    /// The whole literal, prefix and quotes included.
    pub span: Span,
    /// What stands between the quotes.
    pub content: Span,
}

/// The comments of `source`, in order, each without its line end.
pub(crate) fn comments(source: &[u8]) -> Vec<Span> {
    let mut found = Vec::new();
    if memchr::memchr(b'#', source).is_some() {
        walk(source, |token| found.extend(token.comment()));
    }
    found
}

/// The plain literals of `source`, in order; those that are not closed, and
/// those in the interpolations of f-strings, are left out.
pub(crate) fn literals(source: &[u8]) -> Vec<Literal> {
    let mut found = Vec::new();
    walk(source, |token| found.extend(token.literal()));
    found
}

/// What [`walk`] stops at.
enum Token<'source> {
    Comment(Span),
    /// A string that is closed: its prefix, and where it and its quotes stand.
    String {
        prefix: &'source [u8],
        quote: u8,
        source: &'source [u8],
        span: Span,
    },
}

impl Token<'_> {
    fn comment(&self) -> Option<Span> {
        match self {
            Self::Comment(span) => Some(*span),
            Self::String { .. } => None,
        }
    }

    fn literal(&self) -> Option<Literal> {
        let Self::String { prefix, quote, source, span } = self else { return None };
        if prefix.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T')) {
            return None;
        }
        let open = span.start + prefix.len();
        let is_triple = span.end - open >= 6 && source[open..].starts_with(&[*quote; 3]);
        let quotes = if is_triple { 3 } else { 1 };
        Some(Literal { span: *span, content: Span::new(open + quotes, span.end - quotes) })
    }
}

/// Calls `found` with every comment and every closed string, in order.
fn walk(source: &[u8], mut found: impl FnMut(Token<'_>)) {
    let text = without_halves(source);
    let source: &[u8] = &text;
    let mut lexer = Lexer::new(source);
    let mut at = 0;
    while let Some(next) = memchr3(b'#', b'"', b'\'', source.get(at..).unwrap_or_default()) {
        let start = at + next;
        if source[start] == b'#' {
            at = lexer.comment_end(start);
            found(Token::Comment(Span::new(start, at)));
            continue;
        }
        let behind = at;
        lexer.is_unclosed = false;
        at = lexer.string_end(start);
        if !lexer.is_unclosed {
            let prefix = prefix(&source[behind..start]);
            let span = Span::new(start - prefix.len(), at);
            found(Token::String { prefix, quote: source[start], source, span });
        }
    }
}

/// The prefix of a string behind `before`.
fn prefix(before: &[u8]) -> &[u8] {
    let len = before.iter().rev().take_while(|&&byte| is_word(byte)).count();
    let word = &before[before.len() - len..];
    let is_prefix = len <= 2 && word.iter().all(|byte| b"rRbBuUfFtT".contains(byte));
    if is_prefix { word } else { &[] }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::SourceFile;
    use crate::corpus::{PATHS, blocks, python};

    fn file(source: &str) -> SourceFile {
        SourceFile::parse(source.as_bytes().into())
    }

    #[test]
    fn comments_are_found_outside_of_strings() {
        let source =
            "# one\r\nx = '# no'  # two\ny = '''\n# no\n'''\n\"\"\"#\"\"\"#three\nf'{x!r:#>3}' # four\n'\n#";
        let file = file(source);
        let found: Vec<_> = file.comments().into_iter().map(|span| &source[span.range()]).collect();
        assert_eq!(found, ["# one", "# two", "#three", "# four", "#"]);
    }

    #[test]
    fn literals_are_those_without_interpolations() {
        let source =
            "x = 'a' rb\"b\"f'{'no'}' '''c'd''' # 'no'\n'' \"\"\"\"\"\" if'e' else'f' '\\'' t't' 'open\n";
        let found: Vec<_> = file(source)
            .literals()
            .into_iter()
            .map(|one| (&source[one.span.range()], &source[one.content.range()]))
            .collect();
        let expected = [
            ("'a'", "a"),
            ("rb\"b\"", "b"),
            ("'''c'd'''", "c'd"),
            ("''", ""),
            ("\"\"\"\"\"\"", ""),
            ("'e'", "e"),
            ("'f'", "f"),
            ("'\\''", "\\'"),
        ];
        assert_eq!(found, expected);
    }

    /// The comments of the tree.
    fn tree_comments(file: &SourceFile) -> Vec<Span> {
        let (mut found, mut work) = (Vec::new(), vec![file.root()]);
        while let Some(node) = work.pop() {
            if node.kind() == "comment" {
                let text = &file.bytes()[node.byte_range()];
                found.push(Span::new(node.start_byte(), node.start_byte() + text.trim_ascii_end().len()));
            }
            let mut cursor = node.walk();
            work.extend(node.children(&mut cursor));
        }
        found.sort();
        found
    }

    #[test]
    fn the_scan_sees_the_tokens_of_the_tree() {
        let Some(output) = python(PATHS) else { return };
        let (mut clean, mut report) = (0, String::new());
        for (path, bytes, _) in blocks(&output) {
            let file = SourceFile::parse(bytes.into());
            if !file.problems().is_empty() {
                continue;
            }
            clean += 1;
            let trimmed = |span: Span| {
                let text = &file.bytes()[span.range()];
                Span::new(span.start, span.start + text.trim_ascii_end().len())
            };
            if !file.comments().into_iter().map(trimmed).eq(tree_comments(&file)) {
                writeln!(report, "{path}: comments").unwrap();
            }
            let is_plain = !file.bytes().windows(2).any(|pair| matches!(pair, [b'f' | b'F', b'\'' | b'"']));
            let strings = file.strings();
            let literals = file.literals();
            let same = strings.iter().map(|one| (one.span, one.content));
            if is_plain && !same.eq(literals.iter().map(|one| (one.span, one.content))) {
                writeln!(report, "{path}: literals").unwrap();
            }
        }
        assert!(clean > 100, "only {clean} files");
        assert!(report.is_empty(), "{report}");
    }
}
