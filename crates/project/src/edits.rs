//! From a text before and a text after to the least edits of the file's bytes.
//!
//! Lines that are equal but for their ends stay byte for byte, so that a byte
//! order mark, `\r\n` and a missing final newline survive.

use repot_change::{Edit, Span};
use similar::{Algorithm, DiffTag, capture_diff_slices};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file with `\n` line ends and without a byte order mark; `None`
/// when it is no UTF-8.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    Some(std::str::from_utf8(bytes).ok()?.replace("\r\n", "\n"))
}

/// The edits that turn the file `before` into the text `after`, which has `\n`
/// line ends.
#[must_use]
pub fn edits(before: &[u8], after: &str) -> Vec<Edit> {
    let mark = if before.starts_with(MARK) { MARK.len() } else { 0 };
    let old = lines(before, mark);
    let bare: Vec<&[u8]> = old.iter().map(|span| content(&before[span.range()])).collect();
    let new: Vec<&[u8]> = after.split_terminator('\n').map(str::as_bytes).collect();
    let end: &[u8] = if before.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
    let has_final = before.len() == mark || before.ends_with(b"\n");
    let mut edits = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &bare, &new) {
        let (tag, from, to) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            continue;
        }
        let is_last = from.end == old.len();
        let start = old.get(from.start).map_or(before.len(), |span| span.start);
        let stop = if is_last { before.len() } else { old[from.end].start };
        let mut bytes: Vec<u8> = new[to].iter().flat_map(|line| [*line, end]).flatten().copied().collect();
        if is_last && !has_final {
            bytes.truncate(bytes.len() - if bytes.is_empty() { 0 } else { end.len() });
            if start == before.len() && !bytes.is_empty() {
                bytes.splice(0..0, end.iter().copied());
            }
        }
        edits.push(Edit::replace(Span::new(start, stop), bytes));
    }
    edits
}

/// Every line with its end.
fn lines(bytes: &[u8], from: usize) -> Vec<Span> {
    let mut at = from;
    let lines = bytes[from..].split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| {
            let span = Span::new(at, at + line.len());
            at = span.end;
            span
        })
        .collect()
}

fn content(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use repot_change::Edits;

    use super::*;

    fn applied(before: &[u8], after: &str) -> String {
        let bytes = Edits::new(edits(before, after)).unwrap().apply(before).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_missing_final_newline_and_the_mark_survive() {
        assert_eq!(applied(b"\xef\xbb\xbfa\r\nb", "a\nb\nc\n"), "\u{feff}a\r\nb\r\nc");
        assert_eq!(applied(b"a\nb", "b\n"), "b");
        assert_eq!(applied(b"", "a\n"), "a\n");
    }

    proptest! {
        #[test]
        fn the_edits_lead_to_the_text(
            before in "([abc]{0,2}\n){0,6}",
            after in "([abc]{0,2}\n){0,6}",
        ) {
            prop_assert_eq!(applied(before.as_bytes(), &after), after.clone());
            let crlf = before.replace('\n', "\r\n");
            let ends = if before.is_empty() { after } else { after.replace('\n', "\r\n") };
            prop_assert_eq!(applied(crlf.as_bytes(), &ends.replace("\r\n", "\n")), ends);
        }
    }
}
