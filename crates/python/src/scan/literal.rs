//! String literals: where they end.
//!
//! An f-string (PEP 701) or t-string (PEP 750) holds code that may hold
//! strings, with the same quotes. A file of an older Python never does, so that
//! the new rules fit it, too.

use memchr::{memchr2, memchr3};

use super::lexer::{Lexer, is_word};

/// How deep f-strings may stand in each other; CPython stops at 150.
const DEEPEST: u32 = 100;

/// How many bytes may be read in vain, looking for the ends of f-strings.
const PATIENCE: usize = 1 << 20;

impl Lexer<'_> {
    /// Behind the string whose opening quote stands at `at`.
    ///
    /// A string that is not closed ends with its line, or, between triple
    /// quotes, with the file.
    pub(super) fn string_end(&mut self, at: usize) -> usize {
        if self.wasted < PATIENCE && self.is_format(at) {
            match self.format_end(at, 0) {
                Ok(end) => return end,
                Err(stop) => self.wasted += stop.saturating_sub(at),
            }
        }
        self.plain_end(at).unwrap_or_else(|stop| {
            self.is_unclosed = true;
            stop
        })
    }

    /// Like [`Self::string_end`], and behind the blanks that follow.
    pub(super) fn behind_string(&mut self, at: usize) -> usize {
        let end = self.string_end(at);
        self.behind_blanks(end, false)
    }

    /// Whether the quote at `at` has the prefix of an f-string or t-string.
    fn is_format(&self, at: usize) -> bool {
        let before = &self.source[at.saturating_sub(3)..at];
        let word = before.iter().rposition(|&byte| !is_word(byte)).map_or(before, |gap| &before[gap + 1..]);
        let marks = |set: &[u8]| word.iter().filter(|byte| set.contains(byte)).count();
        word.len() <= 2 && marks(b"fFtT") == 1 && marks(b"fFtTrR") == word.len()
    }

    fn is_triple(&self, at: usize) -> bool {
        let quote = self.byte(at);
        self.byte(at + 1) == quote && self.byte(at + 2) == quote
    }

    /// Behind the string without replacement fields that opens at `at`, or
    /// where it breaks off.
    fn plain_end(&self, at: usize) -> Result<usize, usize> {
        let quote = self.source[at];
        let triple = self.is_triple(at);
        let mut at = if triple { at + 3 } else { at + 1 };
        loop {
            let rest = self.source.get(at..).unwrap_or_default();
            let found = if triple {
                memchr2(quote, b'\\', rest)
            } else {
                rest.iter().position(|&byte| byte == quote || matches!(byte, b'\\' | b'\n' | b'\r'))
            };
            at += found.ok_or(self.source.len())?;
            match self.source[at] {
                b'\\' => at = self.behind_escape(at),
                b'\n' | b'\r' => return Err(at),
                _ if !triple => return Ok(at + 1),
                _ if self.is_triple(at) => return Ok(at + 3),
                _ => at += 1,
            }
        }
    }

    /// Behind the f-string that opens at `at`, or where it breaks off.
    fn format_end(&self, at: usize, level: u32) -> Result<usize, usize> {
        let quote = self.source[at];
        let triple = self.is_triple(at);
        let mut at = if triple { at + 3 } else { at + 1 };
        loop {
            match self.byte(at).ok_or(at)? {
                b'\\' if matches!(self.byte(at + 1), Some(b'{' | b'}')) => at += 1,
                b'\\' => at = self.behind_escape(at),
                b'\n' | b'\r' if !triple => return Err(at),
                b'{' if self.byte(at + 1) == Some(b'{') => at += 2,
                b'{' => at = self.field_end(at + 1, triple, level)?,
                byte if byte == quote && !triple => return Ok(at + 1),
                byte if byte == quote && self.is_triple(at) => return Ok(at + 3),
                _ if triple => at += self.next_of_format(at, quote),
                _ => at += 1,
            }
        }
    }

    /// How far the next byte that means something in a triple-quoted f-string
    /// is away from `at`; at least 1.
    fn next_of_format(&self, at: usize, quote: u8) -> usize {
        let rest = self.source.get(at + 1..).unwrap_or_default();
        1 + memchr3(quote, b'\\', b'{', rest).unwrap_or(rest.len())
    }

    /// Behind the `}` of the replacement field whose expression runs at `at`.
    fn field_end(&self, mut at: usize, triple: bool, level: u32) -> Result<usize, usize> {
        if level >= DEEPEST {
            return Err(at);
        }
        let mut depth = 0_usize;
        loop {
            at = match self.byte(at).ok_or(at)? {
                b'"' | b'\'' if self.is_format(at) => self.format_end(at, level + 1)?,
                b'"' | b'\'' => self.plain_end(at)?,
                b'#' => self.comment_end(at),
                b'}' if depth == 0 => return Ok(at + 1),
                b':' if depth == 0 => return self.spec_end(at + 1, triple, level),
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    at + 1
                }
                b')' | b']' | b'}' => {
                    depth = depth.checked_sub(1).ok_or(at)?;
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Behind the `}` of the replacement field whose format runs at `at`.
    fn spec_end(&self, mut at: usize, triple: bool, level: u32) -> Result<usize, usize> {
        loop {
            at = match self.byte(at).ok_or(at)? {
                b'}' => return Ok(at + 1),
                b'{' => self.field_end(at + 1, triple, level + 1)?,
                b'\n' | b'\r' if !triple => return Err(at),
                _ => at + 1,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(source: &str) -> usize {
        let quote = source.find(['"', '\'']).unwrap();
        Lexer::new(source.as_bytes()).string_end(quote)
    }

    #[test]
    fn strings_end_where_python_ends_them() {
        for source in [
            r#""a""#,
            r#"r"\"""#,
            r#"'a\'b'"#,
            "'a\\\nb'",
            "'a\\\r\nb'",
            r#""""a"b""c\"""d""""#,
            r#"f"{x["a"]}""#,
            r#"f"{f"{f'{1}'}"}""#,
            r#"f"{x:"}""#,
            r#"f'{x:^{width}}'"#,
            r#"f"{{'}}""#,
            r#"rf"\{x['"']}""#,
            r#"f"\{x}""#,
            "f\"{x # it's }\n}\"",
            r#"f"{x!r:'^9}""#,
            r#"t"{name}""#,
            r#"f"""{x:"}"} " """"#,
            r#"f"\N{DIGIT ONE}""#,
            "f'{\nx\n}'",
        ] {
            let tail = format!("{source} tail 'and' more");
            assert_eq!(string(&tail), source.len(), "{source}");
        }
    }

    #[test]
    fn a_string_that_is_not_closed_ends_with_its_line() {
        for source in ["'abc\n", "f'{x\n", "f'{\"\n", "\"f'\n"] {
            assert_eq!(string(&format!("{source}import a\n")), source.len() - 1, "{source:?}");
        }
        assert_eq!(string("'''abc\n"), 7);
    }

    #[test]
    fn a_word_before_a_quote_is_a_prefix_only_as_a_whole() {
        assert_eq!(string("if'{' in x"), 5);
        assert_eq!(string("bf'{' in x"), 5);
    }
}
