//! Lines of a file, whatever ends them: `\n`, `\r\n` or `\r`.
//!
//! These are the lines that CPython counts, inside of strings, too.

use repot_change::Span;

/// Where the lines of one file begin and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lines {
    /// The first offset of each line; never empty, since 0 begins the first.
    starts: Vec<usize>,
    len: usize,
    ending: &'static str,
}

impl Lines {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut starts = vec![0];
        let mut counts = [("\n", 0_usize), ("\r\n", 0), ("\r", 0)];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let kind = match (bytes[at], bytes.get(at + 1)) {
                (b'\r', Some(b'\n')) => continue,
                (b'\r', _) => 2,
                _ => usize::from(at > 0 && bytes[at - 1] == b'\r'),
            };
            counts[kind].1 += 1;
            starts.push(at + 1);
        }
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let ending = counts.iter().find(|(_, count)| *count == most).map_or("\n", |(ending, _)| *ending);
        Self { starts, len: bytes.len(), ending }
    }

    /// The line of `offset`, counted from 1; the last line for what lies
    /// behind the file.
    pub(crate) fn number(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    /// The line that holds `offset`, with its line end.
    pub(crate) fn span(&self, offset: usize) -> Span {
        let number = self.number(offset);
        let end = self.starts.get(number).copied().unwrap_or(self.len);
        Span::new(self.starts[number - 1], end)
    }

    /// The line end that most lines have; of two, the more usual one.
    pub(crate) fn ending(&self) -> &'static str {
        self.ending
    }
}

/// The bytes of `line` that are its line end.
pub(crate) fn ending_len(line: &[u8]) -> usize {
    match line {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n' | b'\r'] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let lines = Lines::of(b"a\nb\r\nc\rd");
        let number = |offset| lines.number(offset);
        assert_eq!([0, 1, 2, 4, 5, 6, 7, 99].map(number), [1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(lines.span(3), Span::new(2, 5));
        assert_eq!(lines.span(7), Span::new(7, 8));
        assert_eq!(Lines::of(b"").span(0), Span::at(0));
    }

    #[test]
    fn the_majority_says_how_lines_end() {
        assert_eq!(Lines::of(b"a\r\nb\r\nc\n").ending(), "\r\n");
        assert_eq!(Lines::of(b"a\rb\r").ending(), "\r");
        assert_eq!(Lines::of(b"a\r\nb\n").ending(), "\n");
        assert_eq!(Lines::of(b"").ending(), "\n");
    }
}
