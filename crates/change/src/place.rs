//! Places: from byte offsets to lines and columns.

/// The line that holds the byte at `offset`, counted from 1. `\n`, `\r\n` and
/// `\r` end a line; an offset past the end counts as the end.
#[must_use]
pub fn line_at(source: &[u8], offset: usize) -> usize {
    line_ends(source, offset).count() + 1
}

/// The line and the column of `offset`, in characters, both counted from 1.
/// Bytes that are no UTF-8 count one by one, a BOM does not count.
#[must_use]
pub fn position(source: &[u8], offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let start = line_ends(source, offset).last().map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[start..]).trim_start_matches('\u{feff}').chars().count();
    (line_at(source, offset), column + 1)
}

/// The offsets of the last bytes of the lines that end before `offset`.
fn line_ends(source: &[u8], offset: usize) -> impl Iterator<Item = usize> {
    let before = source.get(..offset).unwrap_or(source);
    memchr::memchr2_iter(b'\n', b'\r', before)
        .filter(move |at| before[*at] == b'\n' || source.get(at + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        assert_eq!(position(b"", 0), (1, 1));
        assert_eq!(position("a\r\nü = x".as_bytes(), 8), (2, 5));
        assert_eq!(position(b"a\rb\rc", 4), (3, 1));
        assert_eq!(position("\u{feff}import a".as_bytes(), 3), (1, 1));
        assert_eq!(position(b"ab", 99), (1, 3));
        assert_eq!((line_at(b"a\r\nb\n", 2), line_at(b"a\r\nb\n", 3), line_at(b"", 7)), (1, 2, 1));
    }
}
