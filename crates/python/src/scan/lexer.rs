//! Jumps over what cannot hold a statement: strings, comments, brackets.
//!
//! This knows Python's lexical rules (reference, chapter 2; PEP 701 for
//! f-strings, PEP 750 for t-strings) and no grammar. Broken input is jumped
//! over as far as the line that breaks.

use memchr::{memchr2, memchr3};

/// How deep f-strings may stand in each other; CPython stops at 150.
const DEEPEST: u32 = 100;

/// How many bytes may be read in vain, looking for the ends of f-strings.
const PATIENCE: usize = 1 << 20;

/// The byte classes that [`Lexer::statement_end`] and its kin stop at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Newline,
    Quote,
    Open,
    Close,
    Comment,
    Backslash,
    Semicolon,
    Colon,
}

const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Plain; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = match byte as u8 {
            b'\n' | b'\r' => Class::Newline,
            b'"' | b'\'' => Class::Quote,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b'#' => Class::Comment,
            b'\\' => Class::Backslash,
            b';' => Class::Semicolon,
            b':' => Class::Colon,
            _ => Class::Plain,
        };
        byte += 1;
    }
    table
}

/// Whether `byte` can be part of an identifier; every byte of a character
/// outside ASCII can.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Where a statement ends, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Behind the line end, or at the end of the file.
    Line(usize),
    /// Behind a `;`.
    Semicolon(usize),
    /// Behind the `:` of a block header.
    Colon(usize),
}

/// The bytes of a file, and whether its f-strings can be trusted.
pub(super) struct Lexer<'source> {
    pub(super) source: &'source [u8],
    wasted: usize,
}

impl<'source> Lexer<'source> {
    pub(super) fn new(source: &'source [u8]) -> Self {
        Self { source, wasted: 0 }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.source.get(at).copied()
    }

    /// Whether `word` stands at `at` and ends there.
    pub(super) fn has_word(&self, at: usize, word: &[u8]) -> bool {
        self.source.get(at..).is_some_and(|rest| rest.starts_with(word))
            && !self.byte(at + word.len()).is_some_and(is_word)
    }

    /// The identifier at `at`; empty when there is none.
    pub(super) fn word(&self, at: usize) -> &'source [u8] {
        let rest = self.source.get(at..).unwrap_or_default();
        let len = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
        &rest[..len]
    }

    /// The line end or the end of the file, at or behind `at`.
    pub(super) fn comment_end(&self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        memchr2(b'\n', b'\r', rest).map_or(self.source.len(), |found| at + found)
    }

    /// Behind the line end at `at`, which may be two bytes.
    pub(super) fn behind_newline(&self, at: usize) -> usize {
        let pair = self.byte(at) == Some(b'\r') && self.byte(at + 1) == Some(b'\n');
        at + 1 + usize::from(pair)
    }

    /// Behind the backslash at `at` and what it escapes.
    pub(super) fn behind_escape(&self, at: usize) -> usize {
        match self.byte(at + 1) {
            None => at + 1,
            Some(b'\r') => self.behind_newline(at + 1),
            Some(_) => at + 2,
        }
    }

    /// Blanks that separate tokens, from `at` on; with `nested`, as between
    /// brackets, line ends and comments are blanks, too.
    pub(super) fn behind_blanks(&self, mut at: usize, nested: bool) -> usize {
        loop {
            at = match self.byte(at) {
                Some(b' ' | b'\t' | b'\x0c') => at + 1,
                Some(b'\\') if matches!(self.byte(at + 1), Some(b'\n' | b'\r')) => self.behind_escape(at),
                Some(b'\n' | b'\r') if nested => at + 1,
                Some(b'#') if nested => self.comment_end(at),
                _ => return at,
            };
        }
    }

    /// The indentation and the first byte of the logical line at or behind
    /// `at`; lines that are blank or hold only a comment have none.
    ///
    /// A tab goes on to the next multiple of 8, a form feed begins anew, and a
    /// line continued within its indentation counts by its first part, as
    /// CPython's tokenizer does it.
    pub(super) fn line_head(&self, mut at: usize) -> Option<(usize, usize)> {
        let (mut indent, mut continued) = (0, None);
        loop {
            match self.byte(at)? {
                b' ' => indent += 1,
                b'\t' => indent = (indent / 8 + 1) * 8,
                b'\x0c' => indent = 0,
                b'\n' | b'\r' => (indent, continued) = (0, None),
                b'#' => {
                    at = self.comment_end(at);
                    continue;
                }
                b'\\' if matches!(self.byte(at + 1), Some(b'\n' | b'\r')) => {
                    continued = continued.or((indent > 0).then_some(indent));
                    at = self.behind_escape(at);
                    continue;
                }
                _ => return Some((continued.unwrap_or(indent), at)),
            }
            at += 1;
        }
    }

    /// The end of the simple statement that runs at `at`.
    pub(super) fn statement_end(&mut self, at: usize) -> End {
        self.end_of(at, false)
    }

    /// Where the line behind the logical line begins that runs at `at`.
    pub(super) fn next_line(&mut self, mut at: usize) -> usize {
        loop {
            match self.statement_end(at) {
                End::Semicolon(next) => at = next,
                End::Line(next) | End::Colon(next) => return next,
            }
        }
    }

    /// The end of the block header that runs at `at`: its colon, or the end of
    /// the statement when it turns out to be no header.
    pub(super) fn header_end(&mut self, at: usize) -> End {
        self.end_of(at, true)
    }

    fn end_of(&mut self, mut at: usize, header: bool) -> End {
        let (mut depth, mut lambdas) = (0_usize, 0_usize);
        loop {
            let rest = self.source.get(at..).unwrap_or_default();
            let Some(found) = rest.iter().position(|&byte| CLASSES[usize::from(byte)] != Class::Plain) else {
                return End::Line(self.source.len());
            };
            lambdas += usize::from(header && depth == 0 && holds_lambda(&rest[..found]));
            at += found;
            match CLASSES[usize::from(self.source[at])] {
                Class::Newline => {
                    let next = self.behind_newline(at);
                    if depth == 0 || self.cannot_be_nested(next) {
                        return End::Line(next);
                    }
                    at = next;
                }
                Class::Quote => at = self.string_end(at),
                Class::Comment => at = self.comment_end(at),
                Class::Backslash => at = self.behind_escape(at),
                Class::Open => (depth, at) = (depth + 1, at + 1),
                Class::Close => (depth, at) = (depth.saturating_sub(1), at + 1),
                Class::Semicolon if depth == 0 => return End::Semicolon(at + 1),
                Class::Colon if lambdas > 0 && depth == 0 => (lambdas, at) = (lambdas - 1, at + 1),
                Class::Colon if header && depth == 0 && self.byte(at + 1) != Some(b'=') => {
                    return End::Colon(at + 1);
                }
                Class::Semicolon | Class::Colon | Class::Plain => at += 1,
            }
        }
    }

    /// Whether the line at `at` begins with a keyword that no expression holds,
    /// so that a bracket which still seems open was never closed.
    fn cannot_be_nested(&self, at: usize) -> bool {
        let at = self.behind_blanks(at, false);
        match self.byte(at) {
            Some(b'i') => self.has_word(at, b"import"),
            Some(b'd') => self.has_word(at, b"def"),
            Some(b'c') => self.has_word(at, b"class"),
            Some(b'f') if self.has_word(at, b"from") => {
                let end = self.comment_end(at);
                memchr::memmem::find_iter(&self.source[at..end], b"import")
                    .any(|found| self.has_word(at + found, b"import"))
            }
            _ => false,
        }
    }

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
        self.plain_end(at).unwrap_or_else(|stop| stop)
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

/// Whether a piece of code ends with the parameters of a `lambda`, whose colon
/// is not that of a header.
fn holds_lambda(code: &[u8]) -> bool {
    memchr::memmem::find(code, b"lambda").is_some_and(|at| {
        let before = at.checked_sub(1).map(|before| code[before]);
        let behind = code.get(at + b"lambda".len()).copied();
        !before.is_some_and(is_word) && !behind.is_some_and(is_word)
    })
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

    #[test]
    fn a_header_ends_at_its_own_colon() {
        for header in
            ["if x[1:2]:", "if (y := 1):", "while y := f():", "if lambda: x:", "def f(a: int) -> {1: 2}:"]
        {
            let source = format!("{header} import a");
            assert_eq!(Lexer::new(source.as_bytes()).header_end(0), End::Colon(header.len()), "{header}");
        }
    }

    #[test]
    fn an_open_bracket_does_not_swallow_the_file() {
        let source = b"x = f(\n  a,\nimport b\n";
        assert_eq!(Lexer::new(source).statement_end(0), End::Line(12));
        let source = b"x = (yield\nfrom b)\ny";
        assert_eq!(Lexer::new(source).statement_end(0), End::Line(19));
    }
}
