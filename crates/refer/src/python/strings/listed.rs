//! Entries of `__all__`: a submodule or symbol that leaves leaves the list, too,
//! else a star import would not find it.

use std::sync::Arc;

use repot_change::{Applicability, Class, Edit, Edits, Span};
use repot_python::{SourceFile, StringLiteral};
use repot_workspace::{ModuleId, Place};

use crate::Follow;
use crate::relocation::Relocation;

/// What becomes of the `__all__` of the module `id`: one edit, since entries
/// share their commas. With a shim, what leaves is still given.
pub(in crate::python) fn listed(
    relocation: &Relocation<'_>,
    id: ModuleId,
    source: &SourceFile,
    has_shim: bool,
) -> Option<Follow> {
    let workspace = relocation.workspace();
    let package = Place::Module(id);
    let definitions = workspace.file(id).definitions();
    let own = relocation.after(&package).name;
    let mut bytes = Arc::clone(source.bytes());
    let mut gone = Vec::new();
    for name in definitions.exports.iter().flatten() {
        let file = || SourceFile::parse(Arc::clone(&bytes));
        let edit = match relocation.moved_symbol(&package, name) {
            Some(symbol) if symbol.to.stem == workspace.path_of(&package) => {
                renamed_entry(&file(), name, &symbol.new)
            }
            _ if has_shim => None,
            Some(_) => all_entry(&file(), name),
            None if definitions.names.contains_key(name) || definitions.has_getattr => None,
            None => {
                let place = workspace.submodule(&package, name);
                let spot = place.and_then(|place| relocation.moved(&place));
                let Some(new) = spot.and_then(|spot| spot.name.as_deref()) else { continue };
                match new.rsplit_once('.').filter(|(parent, _)| Some(*parent) == own.as_deref()) {
                    Some((_, last)) if last == name => None,
                    Some((_, last)) => renamed_entry(&file(), name, last),
                    None => all_entry(&file(), name),
                }
            }
        };
        let after = edit.and_then(|edit| Edits::new(vec![edit]).ok()?.apply(&bytes).ok());
        if let Some(after) = after {
            bytes = after.into();
            gone.push(name.as_str());
        }
    }
    let edit = difference(source.bytes(), &bytes)?;
    Some(Follow {
        span: edit.span,
        new: String::from_utf8(edit.new).ok()?,
        class: Class::Imports,
        applicability: Applicability::Certain,
        subject: format!("__all__: {}", gone.join(", ")),
        rule: "a star import would look for it".to_owned(),
    })
}

/// The one edit that makes `after` of `before`.
fn difference(before: &[u8], after: &[u8]) -> Option<Edit> {
    let same = |(one, other): &(&u8, &u8)| one == other;
    let start = before.iter().zip(after).take_while(same).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let edit = Edit::replace(Span::new(start, before.len() - end), &new[..new.len() - end]);
    (!edit.span.is_empty() || !edit.new.is_empty()).then_some(edit)
}

/// The edit by which the entry `name` is called `new`.
fn renamed_entry(source: &SourceFile, name: &str, new: &str) -> Option<Edit> {
    let strings = source.strings();
    let entry = strings.iter().find(|one| is_entry(source, one, name))?;
    Some(Edit::replace(entry.content, new))
}

/// Whether `one` lists `name` in `__all__`.
fn is_entry(source: &SourceFile, one: &StringLiteral<'_>, name: &str) -> bool {
    let is_given = one.call.is_none() && one.target.as_deref() == Some("__all__");
    !one.is_joined && one.bytes == name.as_bytes() && (is_given || is_extended(source, one))
}

/// The edit by which `name` goes from `__all__`, with its comma, and with its
/// line where it has one of its own; `None` when it is not listed, or cannot go
/// by itself.
///
/// A tuple keeps its comma, so that one entry does not become a string.
fn all_entry(source: &SourceFile, name: &str) -> Option<Edit> {
    let strings = source.strings();
    let entry = strings.iter().find(|one| is_entry(source, one, name))?;
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
