//! Reads one import statement from the bytes at its keyword.
//!
//! The grammar is that of the reference, section 7.11. A statement that does
//! not follow it is no statement.

use repot_change::Span;

use super::lexer::{Lexer, is_word};
use crate::encoding::decode;
use crate::{DottedName, FromImport, FromNames, ImportKind, ImportedName, Name};

/// The words that can name nothing (reference, section 2.3.1).
const KEYWORDS: [&[u8]; 35] = [
    b"False",
    b"None",
    b"True",
    b"and",
    b"as",
    b"assert",
    b"async",
    b"await",
    b"break",
    b"class",
    b"continue",
    b"def",
    b"del",
    b"elif",
    b"else",
    b"except",
    b"finally",
    b"for",
    b"from",
    b"global",
    b"if",
    b"import",
    b"in",
    b"is",
    b"lambda",
    b"nonlocal",
    b"not",
    b"or",
    b"pass",
    b"raise",
    b"return",
    b"try",
    b"while",
    b"with",
    b"yield",
];

/// Reads the statement whose keyword, `import` or `from`, stands at `at`; the
/// span runs from the keyword to the last byte of the statement.
pub(super) fn read(lexer: &Lexer<'_>, at: usize) -> Option<(ImportKind, Span)> {
    let mut reader = Reader { lexer, at, end: at, nested: false };
    let kind = if reader.take_word(b"import") {
        ImportKind::Import(reader.items(Reader::dotted)?)
    } else if reader.take_word(b"from") {
        ImportKind::From(reader.source()?)
    } else {
        return None;
    };
    let rest = lexer.byte(lexer.behind_blanks(reader.end, false));
    let is_whole = matches!(rest, None | Some(b'\n' | b'\r' | b'#' | b';'));
    is_whole.then(|| (kind, Span::new(at, reader.end)))
}

/// The bytes from `at` on; `end` is the end of the token read last.
struct Reader<'lexer, 'source> {
    lexer: &'lexer Lexer<'source>,
    at: usize,
    end: usize,
    nested: bool,
}

impl Reader<'_, '_> {
    fn peek(&mut self) -> Option<u8> {
        self.at = self.lexer.behind_blanks(self.at, self.nested);
        self.lexer.byte(self.at)
    }

    fn advance(&mut self, len: usize) -> Span {
        let span = Span::new(self.at, self.at + len);
        (self.at, self.end) = (span.end, span.end);
        span
    }

    fn take(&mut self, byte: u8) -> Option<Span> {
        (self.peek() == Some(byte)).then(|| self.advance(1))
    }

    fn take_word(&mut self, word: &[u8]) -> bool {
        self.peek();
        let found = self.lexer.has_word(self.at, word);
        if found {
            self.advance(word.len());
        }
        found
    }

    fn name(&mut self) -> Option<Name> {
        let first = self.peek()?;
        let word = self.lexer.word(self.at);
        if !is_word(first) || first.is_ascii_digit() || KEYWORDS.contains(&word) {
            return None;
        }
        Some(Name { text: decode(word).into_owned(), span: self.advance(word.len()) })
    }

    fn single(&mut self) -> Option<DottedName> {
        self.name().map(|Name { text, span }| DottedName { text, span })
    }

    fn dotted(&mut self) -> Option<DottedName> {
        let mut whole = self.single()?;
        while self.take(b'.').is_some() {
            let name = self.name()?;
            whole.text.push('.');
            whole.text.push_str(&name.text);
            whole.span.end = name.span.end;
        }
        Some(whole)
    }

    /// Items with commas between them; between parentheses also behind them.
    fn items(&mut self, read: fn(&mut Self) -> Option<DottedName>) -> Option<Vec<ImportedName>> {
        let mut items = Vec::new();
        loop {
            let name = read(self)?;
            let alias = if self.take_word(b"as") { Some(self.name()?) } else { None };
            let span = Span::new(name.span.start, self.end);
            items.push(ImportedName { name, alias, span });
            if self.take(b',').is_none() || (self.nested && self.peek() == Some(b')')) {
                return Some(items);
            }
        }
    }

    fn source(&mut self) -> Option<FromImport> {
        self.peek();
        let start = self.at;
        let mut level = 0;
        while self.take(b'.').is_some() {
            level += 1;
        }
        let module = self.dotted();
        if level == 0 && module.is_none() {
            return None;
        }
        let module_span = Span::new(start, self.end);
        if !self.take_word(b"import") {
            return None;
        }
        Some(FromImport { level, module, module_span, names: self.source_names()? })
    }

    fn source_names(&mut self) -> Option<FromNames> {
        if let Some(star) = self.take(b'*') {
            return Some(FromNames::Star(star));
        }
        let Some(open) = self.take(b'(') else {
            return Some(FromNames::Names { names: self.items(Self::single)?, parentheses: None });
        };
        self.nested = true;
        let names = self.items(Self::single)?;
        let close = self.take(b')')?;
        Some(FromNames::Names { names, parentheses: Some(Span::new(open.start, close.end)) })
    }
}
