//! JSON strings: what they say, and which bytes say it.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

/// A piece of a JSON string: its bytes, and the text that they stand for.
///
/// Either the two are the same, or the bytes are one escape, which is longer
/// than the one character that it stands for.
pub(super) struct Decoded<'json> {
    pub(super) json: Range<usize>,
    pub(super) text: Cow<'json, str>,
}

/// The pieces of what stands between the quotes of a JSON string.
///
/// Half of a surrogate pair, which JSON may spell and text cannot hold, stands
/// for U+FFFD.
pub(super) fn decode(inside: &str) -> impl Iterator<Item = Decoded<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = inside.get(at..).filter(|rest| !rest.is_empty())?;
        let (len, text) = match rest.strip_prefix('\\') {
            None => {
                let len = rest.find('\\').unwrap_or(rest.len());
                (len, Cow::Borrowed(&rest[..len]))
            }
            Some(escape) => {
                let (len, char) = unescape(escape);
                (1 + len, Cow::Owned(char.to_string()))
            }
        };
        let start = at;
        at += len;
        Some(Decoded { json: start..at, text })
    })
}

/// The character that is spelled behind a backslash, and by how many bytes.
fn unescape(escape: &str) -> (usize, char) {
    let simple = |char| (1, char);
    match escape.chars().next() {
        Some('n') => simple('\n'),
        Some('t') => simple('\t'),
        Some('r') => simple('\r'),
        Some('b') => simple('\u{8}'),
        Some('f') => simple('\u{c}'),
        Some('u') => match (unit(escape, 1), unit(escape, 7).filter(|_| escape.get(5..7) == Some("\\u"))) {
            (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                (11, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            (code, _) => (5, code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)),
        },
        other => (other.map_or(0, char::len_utf8), other.unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

fn unit(escape: &str, at: usize) -> Option<u32> {
    u32::from_str_radix(escape.get(at..at + 4)?, 16).ok()
}

/// `text` as it stands between the quotes of a JSON string; with `ascii`,
/// without a byte that is not ASCII.
pub(super) fn encode(text: &str, ascii: bool) -> String {
    let quoted = Value::from(text).to_string();
    let inside = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    let mut encoded = String::with_capacity(inside.len());
    for char in inside.chars() {
        if ascii && !char.is_ascii() {
            encoded.extend(char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            encoded.push(char);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text in "\\PC{0,12}|[\\x00-\\x7f]{0,12}", ascii: bool) {
            let json = encode(&text, ascii);
            prop_assert!(!ascii || json.is_ascii());
            prop_assert_eq!(serde_json::from_str::<String>(&format!("\"{json}\"")).unwrap(), text.clone());
            prop_assert_eq!(decode(&json).map(|piece| piece.text).collect::<String>(), text);
        }

        #[test]
        fn every_byte_belongs_to_one_piece(inside in "([a-zé/]|\\\\[nt\"/\\\\]|\\\\ud83d|\\\\ude00|\\\\u0041){0,9}") {
            let mut end = 0;
            for piece in decode(&inside) {
                prop_assert_eq!(piece.json.start, end);
                prop_assert!(piece.json.len() > piece.text.len() || inside[piece.json.clone()] == *piece.text);
                end = piece.json.end;
            }
            prop_assert_eq!(end, inside.len());
        }
    }

    #[test]
    fn surrogates_are_read_in_pairs() {
        let read = |json: &str| decode(json).map(|piece| piece.text).collect::<String>();
        assert_eq!(read("\\u00e9\\ud83d\\ude00\\/"), "é😀/");
        assert_eq!(read("\\ud83dx\\ude00"), "\u{fffd}x\u{fffd}");
    }
}
