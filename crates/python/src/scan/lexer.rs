//! Jumps over what cannot hold a statement: strings, comments, brackets.
//!
//! This knows Python's lexical rules (reference, chapter 2) and no grammar.
//! Broken input is jumped over as far as the line that breaks.

use memchr::memchr2;

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
    /// How many bytes were read in vain, looking for the ends of f-strings.
    pub(super) wasted: usize,
    /// Whether a string was met that is not closed.
    pub(super) is_unclosed: bool,
}

impl<'source> Lexer<'source> {
    pub(super) fn new(source: &'source [u8]) -> Self {
        Self { source, wasted: 0, is_unclosed: false }
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
