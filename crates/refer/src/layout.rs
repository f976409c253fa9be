//! Layout: how a statement sits in its line, and which comments go with which
//! of its names.

use repot_change::Span;
use repot_python::ImportedName;

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// What separates two statements at this place: a line end with the
    /// indentation, or `; ` where the statement does not begin its line.
    pub separator: Vec<u8>,
    /// The indentation of the line.
    pub indent: Vec<u8>,
    /// The file's line end at this place.
    pub newline: Vec<u8>,
    /// The whole lines of the statement with their line end, when nothing else
    /// stands on them.
    pub lines: Option<Span>,
    /// A directive that follows on the line (`# noqa`), with the blanks before it.
    pub directive: Vec<u8>,
}

impl Seat {
    /// The seat of the statement at `span`.
    pub fn of(source: &[u8], span: Span) -> Self {
        let start = line_start(source, span.start);
        let end = line_end(source, span.end);
        let newline = newline_at(source, end);
        let before = &source[start..span.start];
        let after = &source[span.end..end];
        let begins = before.iter().all(u8::is_ascii_whitespace);
        let indent = if begins { before.to_vec() } else { Vec::new() };
        let separator = if begins { [&newline[..], before].concat() } else { b"; ".to_vec() };
        let alone = begins && after.iter().all(u8::is_ascii_whitespace);
        let whole = Span::new(start, (end + newline_len(source, end)).min(source.len()));
        let directive = if is_directive(after) { after.to_vec() } else { Vec::new() };
        Self { separator, indent, newline, lines: alone.then_some(whole), directive }
    }

    /// What goes with the statement when it is removed: its lines, and the blank
    /// ones below where a body would begin with them.
    pub fn gap(&self, source: &[u8]) -> Option<Span> {
        let lines = self.lines?;
        let above = source[..lines.start].trim_ascii_end();
        let above = source[line_start(source, above.len())..above.len()].trim_ascii_start();
        let opens = above.ends_with(b":") && !above.starts_with(b"#");
        let mut end = lines.end;
        while opens && end < source.len() {
            let line = line_end(source, end);
            if !source[end..line].trim_ascii().is_empty() {
                break;
            }
            end = line + newline_len(source, line);
        }
        Some(Span::new(lines.start, end))
    }
}

/// Whether the statement at `span` has its lines for itself.
#[must_use]
pub fn is_alone(source: &[u8], span: Span) -> bool {
    Seat::of(source, span).lines.is_some()
}

/// One name of a statement with its comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The name's position in the statement.
    pub item: usize,
    /// `name` or `name as alias`, as written.
    pub text: &'a [u8],
    /// Comments on lines of their own above it.
    pub above: Vec<&'a [u8]>,
    /// The comment behind it on its line.
    pub behind: Option<&'a [u8]>,
    /// The line that the name stands on, counted from the statement's first.
    pub row: usize,
}

/// The names of a parenthesised list with their comments, and the comment
/// behind the opening parenthesis.
pub fn pieces<'a>(
    source: &'a [u8],
    names: &[ImportedName],
    parentheses: Option<Span>,
) -> (Vec<Piece<'a>>, Option<&'a [u8]>) {
    let Some(list) = parentheses.filter(|list| !names.is_empty() && list.len() >= 2) else {
        return (names.iter().enumerate().map(|(item, name)| plain(source, item, name, 0)).collect(), None);
    };
    let row_of = |offset: usize| count_lines(&source[list.start..offset]);
    let mut pieces: Vec<Piece<'a>> = names
        .iter()
        .enumerate()
        .map(|(item, name)| plain(source, item, name, row_of(name.span.start)))
        .collect();
    let mut header = None;
    for comment in comments(source, list, names) {
        let row = row_of(comment.start);
        let text = trim(&source[comment.range()]);
        let last_before = names.iter().rposition(|name| name.span.end <= comment.start);
        match last_before {
            Some(last) if row_of(names[last].span.end) == row => pieces[last].behind = Some(text),
            None if row == 0 => header = Some(text),
            _ => {
                let next = last_before.map_or(0, |last| last + 1).min(pieces.len() - 1);
                pieces[next].above.push(text);
            }
        }
    }
    (pieces, header)
}

fn plain<'a>(source: &'a [u8], item: usize, name: &ImportedName, row: usize) -> Piece<'a> {
    Piece { item, text: &source[name.span.range()], above: Vec::new(), behind: None, row }
}

/// The comments within a list. Between names stand only commas, blanks and
/// comments, so a `#` that is in no name begins one.
fn comments(source: &[u8], list: Span, names: &[ImportedName]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = list.start;
    while at < list.end {
        if let Some(name) = names.iter().find(|name| name.span.start == at) {
            at = name.span.end.max(at + 1);
        } else if source[at] == b'#' {
            let end = line_end(source, at).min(list.end);
            found.push(Span::new(at, end));
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

/// Whether what follows a statement is a comment that tools read.
pub fn is_directive(after: &[u8]) -> bool {
    let Some(comment) = trim(after).strip_prefix(b"#") else { return false };
    let words =
        ["noqa", "type:", "pylint:", "isort:", "pragma:", "nosec", "ruff:", "pyright:", "mypy:", "fmt:"];
    let text = trim(comment).to_ascii_lowercase();
    words.iter().any(|word| text.starts_with(word.as_bytes()))
}

fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

fn count_lines(text: &[u8]) -> usize {
    let breaks = |pair: &[u8]| pair[0] == b'\n' || (pair[0] == b'\r' && pair[1] != b'\n');
    text.windows(2).filter(|pair| breaks(pair)).count()
        + usize::from(matches!(text.last(), Some(b'\n' | b'\r')))
}

fn line_start(source: &[u8], offset: usize) -> usize {
    source[..offset]
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(bom_len(source), |at| at + 1)
}

fn bom_len(source: &[u8]) -> usize {
    if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

fn line_end(source: &[u8], offset: usize) -> usize {
    source[offset..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(source.len(), |at| offset + at)
}

fn newline_len(source: &[u8], end: usize) -> usize {
    match &source[end..] {
        [b'\r', b'\n', ..] => 2,
        [_, ..] => 1,
        [] => 0,
    }
}

/// The line end at `end`, or, on a last line without one, the file's first.
fn newline_at(source: &[u8], end: usize) -> Vec<u8> {
    let len = newline_len(source, end);
    if len > 0 {
        return source[end..end + len].to_vec();
    }
    let first = line_end(source, 0);
    match newline_len(source, first) {
        0 => b"\n".to_vec(),
        len => source[first..first + len].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(source: &str, statement: &str) -> Seat {
        let start = source.find(statement).unwrap();
        Seat::of(source.as_bytes(), Span::new(start, start + statement.len()))
    }

    #[test]
    fn a_statement_of_its_own_line_is_separated_by_lines() {
        let seat = seat("if x:\r\n    from a import b\r\n", "from a import b");
        assert_eq!(seat.separator, b"\r\n    ");
        assert_eq!(seat.lines, Some(Span::new(7, 28)));
    }

    #[test]
    fn a_statement_within_a_line_is_separated_by_semicolons() {
        for source in ["x = 1; from a import b\n", "try: from a import b\nexcept E: pass\n"] {
            let seat = seat(source, "from a import b");
            assert_eq!((seat.separator.as_slice(), seat.lines), (&b"; "[..], None));
        }
    }

    #[test]
    fn a_body_does_not_begin_with_the_blank_lines_of_what_goes() {
        let rest = |source: &str| {
            let gap = seat(source, "import b").gap(source.as_bytes()).unwrap();
            [&source[..gap.start], &source[gap.end..]].concat()
        };
        assert_eq!(rest("def f():\r\n    import b\r\n\r\n  \r\n    g()\r\n"), "def f():\r\n    g()\r\n");
        assert_eq!(rest("def f():\n    import b\n\n"), "def f():\n");
        for (before, after) in [("import a\n", "\nx = 1\n"), ("# These:\n", "\nx = 1\n"), ("", "\n")] {
            assert_eq!(rest(&format!("{before}import b\n{after}")), format!("{before}{after}"));
        }
    }

    #[test]
    fn directives_are_told_from_prose() {
        assert_eq!(seat("from a import b  # noqa: F401\n", "from a import b").directive, b"  # noqa: F401");
        assert!(seat("from a import b  # the cart\n", "from a import b").directive.is_empty());
    }

    #[test]
    fn comments_belong_to_names() {
        let source = b"from a import (  # all\n    # first\n    x,  # one\n    y, z,\n    # end\n)\n";
        let statements = repot_python::scan_imports(source);
        let repot_python::ImportKind::From(from) = &statements[0].kind else { unreachable!() };
        let repot_python::FromNames::Names { names, parentheses } = &from.names else { unreachable!() };
        let (pieces, header) = pieces(source, names, *parentheses);
        assert_eq!(header, Some(&b"# all"[..]));
        assert_eq!(pieces[0].above, [b"# first"]);
        assert_eq!(pieces[0].behind, Some(&b"# one"[..]));
        assert_eq!((pieces[1].row, pieces[2].row), (3, 3));
        assert_eq!(pieces[2].above, [b"# end"]);
    }
}
