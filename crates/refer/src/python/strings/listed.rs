//! Entries of `__all__`, and how one goes.

use repot_change::{Edit, Span};
use repot_python::{SourceFile, StringLiteral};

/// The edit by which `name` goes from `__all__`, with its comma, and with its
/// line where it has one of its own; `None` when it is not listed, or cannot go
/// by itself.
///
/// A tuple keeps its comma, so that one entry does not become a string.
pub(in crate::python) fn all_entry(source: &SourceFile, name: &str) -> Option<Edit> {
    let strings = source.strings();
    let is_listed = |one: &&StringLiteral<'_>| {
        let is_added = one.call.is_none() && one.target.as_deref() == Some("__all__");
        !one.is_joined && one.bytes == name.as_bytes() && (is_added || is_extended(source, one))
    };
    let entry = strings.iter().find(is_listed)?;
    let list = entry.container?;
    let others: Vec<Span> = strings
        .iter()
        .filter(|one| one.container == Some(list) && *one != entry)
        .map(|one| one.span)
        .collect();
    let bytes = source.bytes();
    let is_tuple = !matches!(bytes[list.start], b'[' | b'{');
    if is_tuple && bytes[list.start] != b'(' && others.is_empty() {
        return None;
    }
    let comma = comma_behind(bytes, entry.span.end, list.end);
    if let (true, [other]) = (is_tuple, &others[..])
        && comma_behind(bytes, entry.span.end.max(other.end), list.end).is_none()
    {
        return lonely(bytes, entry.span, *other);
    }
    Some(Edit::delete(whole_line(source, entry.span, comma).unwrap_or_else(|| match comma {
        Some(comma) => with_blanks(bytes, entry.span, comma + 1),
        None => Span::new(behind_comma_before(bytes, entry.span.start, list.start), entry.span.end),
    })))
}

/// Whether `one` stands in the list of `__all__.extend([…])`.
fn is_extended(source: &SourceFile, one: &StringLiteral<'_>) -> bool {
    let Some(list) = one.container else { return false };
    source.bytes()[..list.start].trim_ascii_end().ends_with(b"__all__.extend(")
}

/// Of two entries of a tuple without a comma at its end, the other one stays.
fn lonely(bytes: &[u8], entry: Span, other: Span) -> Option<Edit> {
    if other.start > entry.end {
        let new = [&bytes[other.range()], b","].concat();
        return Some(Edit::replace(Span::new(entry.start, other.end), new));
    }
    let comma = other.end + bytes[other.end..entry.start].iter().position(|byte| *byte == b',')?;
    Some(Edit::delete(Span::new(comma + 1, entry.end)))
}

/// The first comma behind `at`, with nothing but blanks and comments before it.
fn comma_behind(bytes: &[u8], mut at: usize, end: usize) -> Option<usize> {
    while at < end {
        match bytes[at] {
            b',' => return Some(at),
            b'#' => at += memchr::memchr2(b'\n', b'\r', &bytes[at..end])?,
            byte if byte.is_ascii_whitespace() || byte == b'\\' => at += 1,
            _ => return None,
        }
    }
    None
}

/// The whole lines of an entry that shares them with nothing but its comma and
/// its comment.
fn whole_line(source: &SourceFile, entry: Span, comma: Option<usize>) -> Option<Span> {
    let bytes = source.bytes();
    let line = source.line_span(entry.start);
    let end = comma.map_or(entry.end, |comma| comma + 1);
    let is_blank = |text: &[u8]| text.iter().all(u8::is_ascii_whitespace);
    let rest = bytes.get(end..line.end)?;
    let is_alone = is_blank(&bytes[line.start..entry.start])
        && (is_blank(rest) || rest.trim_ascii_start().starts_with(b"#"))
        && source.line_end(entry.start) < line.end;
    is_alone.then_some(line)
}

/// `entry` up to `end` with the blanks that separate it from what follows, or,
/// at the end of a line, from what stands before it.
fn with_blanks(bytes: &[u8], entry: Span, end: usize) -> Span {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let behind = bytes[end..].iter().take_while(is_blank).count();
    match bytes.get(end + behind) {
        Some(b'\n' | b'\r' | b'#') => {
            let before = bytes[..entry.start].iter().rev().take_while(is_blank).count();
            Span::new(entry.start - before, end)
        }
        _ => Span::new(entry.start, end + behind),
    }
}

/// The comma before `start` with which the last entry goes; `start` itself when
/// there is none, or a comment stands in between.
fn behind_comma_before(bytes: &[u8], start: usize, list: usize) -> usize {
    let before = bytes[list..start].trim_ascii_end();
    if before.ends_with(b",") { list + before.len() - 1 } else { start }
}

#[cfg(test)]
mod tests {
    use repot_change::Edits;

    use super::*;

    #[test]
    fn an_entry_goes_and_the_layout_stays() {
        for (source, expected) in [
            ("__all__ = ['cart', 'b']\n", "__all__ = ['b']\n"),
            ("__all__ = ['a', 'cart']\n", "__all__ = ['a']\n"),
            ("__all__ = ['a', 'cart', 'b']\n", "__all__ = ['a', 'b']\n"),
            ("__all__ = ['a', 'cart',]\n", "__all__ = ['a', ]\n"),
            ("__all__ = ['cart']\n", "__all__ = []\n"),
            (
                "__all__ = [\n    'a',\n    'cart',  # c\n    'b',  # b\n]\n",
                "__all__ = [\n    'a',\n    'b',  # b\n]\n",
            ),
            ("__all__ = [\r\n  'a',\r\n  'cart'\r\n]\r\n", "__all__ = [\r\n  'a',\r\n]\r\n"),
            ("__all__ = [\n  'a', 'cart',\n  'b',\n]\n", "__all__ = [\n  'a',\n  'b',\n]\n"),
            ("__all__ = ('cart', 'b')\n", "__all__ = ('b',)\n"),
            ("__all__ = ('a', 'cart')\n", "__all__ = ('a',)\n"),
            ("__all__ = ('a', 'cart',)\n", "__all__ = ('a', )\n"),
            ("__all__ = ('cart', 'a', 'b')\n", "__all__ = ('a', 'b')\n"),
            ("__all__ = ('cart',)\n", "__all__ = ()\n"),
            ("__all__ = (\n  'a',\n  'cart'\n)\n", "__all__ = (\n  'a',\n)\n"),
            ("__all__ = 'cart', 'a'\n", "__all__ = 'a',\n"),
            ("__all__ = ['a'] + ['cart']\n", "__all__ = ['a'] + []\n"),
            ("__all__ += ['cart', x]\n", "__all__ += [x]\n"),
            ("__all__: list[str] = [\"cart\", x]\n", "__all__: list[str] = [x]\n"),
            ("__all__.extend(['a', 'cart'])\n", "__all__.extend(['a'])\n"),
        ] {
            let file = SourceFile::parse(source.as_bytes().into());
            let edit = all_entry(&file, "cart").unwrap_or_else(|| panic!("{source}"));
            let after = Edits::new(vec![edit]).unwrap().apply(source.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(after.clone()).unwrap(), expected, "{source}");
            assert_eq!(all_entry(&SourceFile::parse(after.into()), "cart"), None, "{source}");
        }
    }

    #[test]
    fn what_cannot_go_by_itself_stays() {
        for source in [
            "__all__ = ['a']\n",
            "x = ['cart']\n",
            "__all__ = 'cart',\n",
            "__all__ = ['ca' 'rt']\n",
            "__all__.append('cart')\n",
            "__all__ = [f('cart')]\n",
        ] {
            assert_eq!(all_entry(&SourceFile::parse(source.as_bytes().into()), "cart"), None, "{source}");
        }
    }
}
