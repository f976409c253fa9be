//! How a file's bytes are handed to readers that expect UTF-8 and `\n`.
//!
//! Nothing is decoded: a reader gets bytes of the same length, in which what it
//! cannot read is masked, so that every offset stays true. Which encoding a
//! file has is said by PEP 263.

use std::borrow::Cow;

use repot_change::Span;

/// The UTF-8 byte order mark.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What stands for a byte that is not ASCII: a letter, since it may be part of
/// an identifier.
const MASK: u8 = b'_';

/// The encodings in which a byte below 0x80 may be half a character.
const DOUBLE_BYTE: [&str; 13] = [
    "shift-jis",
    "shiftjis",
    "sjis",
    "s-jis",
    "cp932",
    "ms932",
    "gbk",
    "cp936",
    "gb18030",
    "big5",
    "cp950",
    "cp949",
    "johab",
];

/// `bytes` as text: as UTF-8, or, where it is none, as Latin-1.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// Where the first line behind a BOM begins.
pub(crate) fn start(bytes: &[u8]) -> usize {
    if bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

/// `bytes` with the second halves of double-byte characters masked, so that
/// none is taken for a quote, bracket or backslash.
pub(crate) fn without_halves(bytes: &[u8]) -> Cow<'_, [u8]> {
    let declared = declared(bytes).map(|(name, _)| name);
    match declared {
        Some(name) if DOUBLE_BYTE.contains(&name.as_str()) => Cow::Owned(mask_halves(bytes, &name)),
        _ => Cow::Borrowed(bytes),
    }
}

fn mask_halves(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let is_japanese = encoding.contains("jis") || encoding.ends_with("932");
    let is_lead = |byte: u8| match byte {
        0xA0..=0xDF => !is_japanese,
        _ => (0x81..=0xFE).contains(&byte),
    };
    let mut masked = bytes.to_vec();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let half = masked.get_mut(at).filter(|half| matches!(half, 0x40..=0x7E | 0x80..));
        if let Some(half) = half.filter(|_| is_lead(byte)) {
            *half = MASK;
            at += 1;
        }
    }
    masked
}

/// `bytes` as tree-sitter reads them: UTF-8, and every line end with a `\n`.
pub(crate) fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut text = without_halves(bytes);
    if std::str::from_utf8(&text).is_err() {
        let start = start(bytes);
        for byte in text.to_mut()[start..].iter_mut().filter(|byte| !byte.is_ascii()) {
            *byte = MASK;
        }
    }
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'\r', &text[from..]) {
        from += found + 1;
        if text.get(from) != Some(&b'\n') {
            text.to_mut()[from - 1] = b'\n';
        }
    }
    text
}

/// The encoding that the first two lines declare, in lower case with hyphens,
/// and where its name stands.
pub(crate) fn declared(bytes: &[u8]) -> Option<(String, Span)> {
    let mut at = start(bytes);
    for _ in 0..2 {
        let rest = bytes.get(at..)?;
        let len = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = &rest[..len];
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        match line.get(blanks) {
            Some(b'#') => {
                if let Some(span) = coding(line) {
                    let name = decode(&line[span.range()]).to_ascii_lowercase().replace('_', "-");
                    return Some((name, Span::new(at + span.start, at + span.end)));
                }
            }
            Some(_) => return None,
            None => {}
        }
        let pair = rest.get(len..).is_some_and(|end| end.starts_with(b"\r\n"));
        at += len + 1 + usize::from(pair);
    }
    None
}

/// The name in `coding: NAME` or `coding=NAME`, anywhere in a comment.
fn coding(line: &[u8]) -> Option<Span> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    memchr::memmem::find_iter(line, b"coding").find_map(|found| {
        let at = found + b"coding".len();
        if !matches!(line.get(at), Some(b':' | b'=')) {
            return None;
        }
        let blanks = line[at + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let start = at + 1 + blanks;
        let len = line[start..].iter().take_while(|byte| is_name(byte)).count();
        (len > 0).then(|| Span::new(start, start + len))
    })
}

/// Why CPython could not decode `bytes`, and where.
pub(crate) fn problem(bytes: &[u8]) -> Option<(Span, String)> {
    let declared = declared(bytes);
    let is_utf8 = declared.as_ref().is_none_or(|(name, _)| name == "utf8" || name.starts_with("utf-8"));
    match declared {
        Some((name, span)) if !is_utf8 && bytes.starts_with(BOM) => {
            Some((span, format!("declared as {name}, but begins with a UTF-8 byte order mark")))
        }
        Some((name, span)) if ["utf-7", "utf-16", "utf-32"].iter().any(|wide| name.starts_with(wide)) => {
            Some((span, format!("declared as {name}, which Python does not read")))
        }
        _ if is_utf8 => {
            let at = std::str::from_utf8(bytes).err()?.valid_up_to();
            Some((Span::new(at, at + 1), "not UTF-8, and no other encoding is declared".to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(source: &str) -> Option<String> {
        declared(source.as_bytes()).map(|(name, _)| name)
    }

    #[test]
    fn the_coding_line_is_one_of_the_first_two() {
        assert_eq!(name("# -*- coding: Latin_1 -*-\n").as_deref(), Some("latin-1"));
        assert_eq!(name("#!/usr/bin/python\r# vim: set fileencoding=cp1252 :\r").as_deref(), Some("cp1252"));
        assert_eq!(name("\r\n# coding: gbk").as_deref(), Some("gbk"));
        assert_eq!(name("\n\n# coding: gbk"), None);
        assert_eq!(name("x = 1\n# coding: gbk"), None);
        assert_eq!(name("coding = 1\n"), None);
    }

    #[test]
    fn half_a_character_is_no_backslash() {
        let source = b"# coding: shift_jis\nx = '\x95\x5c'\nimport a\n";
        assert!(!readable(source).contains(&b'\\'));
        let kana = b"# coding: shift_jis\nx = '\xb1'\n";
        assert!(readable(kana).ends_with(b"'_'\n"));
    }

    #[test]
    fn what_cannot_be_decoded_is_a_problem() {
        assert_eq!(
            problem(b"x = '\xe9'"),
            Some((Span::new(5, 6), "not UTF-8, and no other encoding is declared".into()))
        );
        assert_eq!(problem("x = 'é'".as_bytes()), None);
        assert_eq!(problem(b"# coding: latin-1\nx = '\xe9'"), None);
        assert!(problem(b"\xEF\xBB\xBF# coding: latin-1\n").is_some());
    }

    proptest! {
        #[test]
        fn what_is_readable_is_as_long_and_utf8(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            for head in [&b""[..], b"# coding: shift_jis\n", b"# coding: big5\r", b"# coding: latin-1\n"] {
                let source = [head, &bytes].concat();
                let text = readable(&source);
                prop_assert_eq!(text.len(), source.len());
                prop_assert!(std::str::from_utf8(&text).is_ok());
                prop_assert!(!text.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n'));
            }
        }
    }
}
