//! The fast scan: the import statements and the definitions of a file, without
//! a tree.
//!
//! It reads logical lines from the front and jumps over what cannot hold a
//! statement. What it finds is what CPython's parser finds in a file without
//! syntax errors; in a broken file it finds what the breakage leaves.

#[cfg(test)]
mod agreement;
mod blocks;
mod bodies;
mod head;
mod hidden;
mod lexer;
mod listed;
mod literal;
mod module;
mod statement;
mod targets;
#[cfg(test)]
mod tests;
mod tokens;

use memchr::{memchr_iter, memmem};
use repot_change::Span;

use crate::encoding::{start, without_halves};
use crate::{ImportKind, ImportStmt};
use blocks::{Blocks, is_header};
use lexer::{End, Lexer};

pub(crate) use bodies::bodies;
pub(crate) use head::head_end;
pub(crate) use lexer::is_word;
pub use module::scan_definitions;
pub use tokens::Literal;
pub(crate) use tokens::{comments, literals};

/// Finds every import statement of `source`, in order.
///
/// Spans and lines are those of the bytes as given. Every line end counts:
/// `\n`, `\r\n` and `\r`.
#[must_use]
pub fn scan_imports(source: &[u8]) -> Vec<ImportStmt> {
    let text = without_halves(source);
    let Some(last) = last_candidate(&text) else {
        return Vec::new();
    };
    let mut scan = Scan::new(&text);
    scan.run(last);
    scan.finish()
}

/// Whether `word` stands in `source` with no identifier byte on either side.
///
/// Strings and comments count; a dotted `word` is compared as written. An
/// empty word stands nowhere.
#[must_use]
pub fn mentions(source: &[u8], word: &[u8]) -> bool {
    let is_bounded = |at: usize| {
        let before = at.checked_sub(1).map(|before| source[before]);
        let behind = source.get(at + word.len()).copied();
        !before.is_some_and(is_word) && !behind.is_some_and(is_word)
    };
    !word.is_empty() && memmem::find_iter(source, word).any(is_bounded)
}

/// The last `import` that may belong to a statement: behind it, nothing needs
/// to be read. Most files mention no import below their head.
fn last_candidate(source: &[u8]) -> Option<usize> {
    let keyword = b"import";
    memmem::rfind_iter(source, keyword).find(|&at| {
        let behind = source.get(at + keyword.len()).copied();
        if behind.is_some_and(is_word) {
            return false;
        }
        let line =
            source[..at].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
        let before = source[line..at].trim_ascii_start();
        let before = before.strip_prefix(crate::encoding::BOM).unwrap_or(before);
        let continues = || source[..line].trim_ascii_end().ends_with(b"\\");
        before.is_empty()
            || before.starts_with(b"from")
            || before.iter().any(|byte| matches!(byte, b':' | b';'))
            || continues()
    })
}

/// One pass over a file.
struct Scan<'source> {
    lexer: Lexer<'source>,
    blocks: Blocks,
    found: Vec<ImportStmt>,
    /// Statements by their index, and the `try`s that they stand in.
    pending: Vec<(usize, usize)>,
    /// How many lines end before the offset.
    counted: (usize, usize),
}

impl<'source> Scan<'source> {
    fn new(source: &'source [u8]) -> Self {
        Self {
            lexer: Lexer::new(source),
            blocks: Blocks::default(),
            found: Vec::new(),
            pending: Vec::new(),
            counted: (0, 0),
        }
    }

    /// Reads logical lines until nothing behind `last` can matter.
    fn run(&mut self, last: usize) {
        let mut at = start(self.lexer.source);
        while let Some((indent, first)) = self.lexer.line_head(at) {
            let before = self.blocks.dedent(indent);
            let word = self.header_word(first);
            if first > last && !self.blocks.awaits_handlers() && !(before.is_some() && word.is_some()) {
                return;
            }
            at = match word {
                Some(_) => self.header(first, indent, before),
                None => self.statements(first),
            };
        }
    }

    /// The keyword of the block header that seems to begin at `at`.
    fn header_word(&self, at: usize) -> Option<&'source [u8]> {
        let first = self.lexer.byte(at)?;
        if !matches!(first, b'a' | b'c' | b'd' | b'e' | b'f' | b'i' | b'm' | b't' | b'w') {
            return None;
        }
        Some(self.lexer.word(at)).filter(|word| is_header(word))
    }

    /// Reads the header at `at` and the statements behind its colon.
    fn header(&mut self, at: usize, indent: usize, before: Option<usize>) -> usize {
        match self.lexer.header_end(at) {
            End::Line(next) => next,
            End::Semicolon(next) => self.statements(next),
            End::Colon(next) => {
                self.blocks.push(indent, &self.lexer.source[at..next - 1], before);
                self.statements(next)
            }
        }
    }

    /// Reads the simple statements from `at` to the end of their line.
    fn statements(&mut self, mut at: usize) -> usize {
        loop {
            at = self.lexer.behind_blanks(at, false);
            if matches!(self.lexer.byte(at), Some(b'i' | b'f'))
                && let Some((kind, span)) = statement::read(&self.lexer, at)
            {
                at = span.end;
                self.record(kind, span);
            }
            match self.lexer.statement_end(at) {
                End::Semicolon(next) => at = next,
                End::Line(next) | End::Colon(next) => return next,
            }
        }
    }

    fn record(&mut self, kind: ImportKind, span: Span) {
        let line = self.line(span.start);
        let index = self.found.len();
        self.pending.extend(self.blocks.tries().map(|id| (index, id)));
        self.found.push(ImportStmt { span, line, kind, context: self.blocks.context() });
    }

    /// The line of `offset`, which lies behind all offsets asked for before.
    fn line(&mut self, offset: usize) -> usize {
        let (counted, mut lines) = self.counted;
        let passed = &self.lexer.source[counted..offset];
        lines += memchr_iter(b'\n', passed).count();
        lines += memchr_iter(b'\r', passed).filter(|&at| passed.get(at + 1) != Some(&b'\n')).count();
        self.counted = (offset, lines);
        lines + 1
    }

    fn finish(mut self) -> Vec<ImportStmt> {
        for (index, id) in self.pending {
            self.found[index].context.guarded |= self.blocks.is_guarded(id);
        }
        self.found
    }
}
