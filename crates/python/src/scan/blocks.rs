//! The block headers that stand around a line, told by their indentation.

use crate::ImportContext;
use crate::scan::lexer::is_word;

/// The exceptions that a failed import raises, and their bases.
const CAUGHT: [&[u8]; 4] = [b"ImportError", b"ModuleNotFoundError", b"Exception", b"BaseException"];

/// What a block header makes of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Class,
    TypeChecking,
    /// The body, a handler or the `else` of the `try` with this number.
    Try(usize),
    Conditional,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    indent: usize,
    kind: Kind,
}

/// The open blocks, outermost first; indentation grows strictly.
#[derive(Default)]
pub(super) struct Blocks {
    open: Vec<Block>,
    /// For each `try` so far, whether a handler takes a failed import.
    tries: Vec<bool>,
}

/// Whether `word` begins a block header; `async` only with a second word.
///
/// `match` and `case` are soft keywords: a line that begins with one of them
/// is a header only if it ends like one, and does no harm if it is none.
pub(super) fn is_header(word: &[u8]) -> bool {
    matches!(
        word,
        b"if"
            | b"elif"
            | b"else"
            | b"try"
            | b"except"
            | b"finally"
            | b"for"
            | b"while"
            | b"with"
            | b"def"
            | b"class"
            | b"async"
            | b"match"
            | b"case"
    )
}

impl Blocks {
    /// Closes the blocks that a line at `indent` no longer stands in.
    ///
    /// A header at the same indentation may go on with the block that it
    /// closes: the answer is that block's `try`, if it is one.
    pub(super) fn dedent(&mut self, indent: usize) -> Option<usize> {
        let mut last = None;
        while let Some(block) = self.open.last().filter(|block| block.indent >= indent) {
            last = match block.kind {
                Kind::Try(id) if block.indent == indent => Some(id),
                _ => None,
            };
            self.open.pop();
        }
        last
    }

    /// Opens the block of the header `text` without its colon; `before` is the
    /// `try` that [`Self::dedent`] gave for the header's line.
    pub(super) fn push(&mut self, indent: usize, text: &[u8], before: Option<usize>) {
        let len = text.iter().position(|&byte| !is_word(byte)).unwrap_or(text.len());
        let (word, rest) = text.split_at(len);
        let kind = match (word, before) {
            (b"def", _) => Kind::Function,
            (b"class", _) => Kind::Class,
            (b"async", _) if rest.trim_ascii_start().starts_with(b"def") => Kind::Function,
            (b"if" | b"elif", _) if is_type_checking(rest) => Kind::TypeChecking,
            (b"try", _) => {
                self.tries.push(false);
                Kind::Try(self.tries.len() - 1)
            }
            (b"except", Some(id)) => {
                self.tries[id] |= catches(rest);
                Kind::Try(id)
            }
            (b"else", Some(id)) => Kind::Try(id),
            _ => Kind::Conditional,
        };
        self.open.push(Block { indent, kind });
    }

    /// What is known of a statement that stands in the open blocks; whether it
    /// is guarded shows at the handlers, which come later.
    pub(super) fn context(&self) -> ImportContext {
        let mut context = ImportContext::default();
        for block in &self.open {
            match block.kind {
                Kind::Function => context.in_function = true,
                Kind::Class => context.in_class = true,
                Kind::TypeChecking => (context.type_checking, context.conditional) = (true, true),
                Kind::Try(_) | Kind::Conditional => context.conditional = true,
            }
        }
        context
    }

    /// The `try`s around a statement, as far out as its function.
    pub(super) fn tries(&self) -> impl Iterator<Item = usize> {
        self.open.iter().rev().take_while(|block| block.kind != Kind::Function).filter_map(
            |block| match block.kind {
                Kind::Try(id) => Some(id),
                _ => None,
            },
        )
    }

    /// Whether a handler of the `try` with number `id` takes a failed import.
    pub(super) fn is_guarded(&self, id: usize) -> bool {
        self.tries[id]
    }

    /// Whether a `try` is open, whose handlers may still tell something.
    pub(super) fn awaits_handlers(&self) -> bool {
        self.open.iter().any(|block| matches!(block.kind, Kind::Try(_)))
    }
}

/// Whether a condition holds for type checkers only: `TYPE_CHECKING`, behind
/// any module name, alone or as the first of several that must hold.
fn is_type_checking(condition: &[u8]) -> bool {
    let trimmed = condition.trim_ascii();
    let inner = trimmed.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")).unwrap_or(trimmed);
    let name = inner.trim_ascii();
    let len = name.iter().position(|&byte| !is_word(byte) && byte != b'.').unwrap_or(name.len());
    let (name, rest) = name.split_at(len);
    let is_constant = name == b"TYPE_CHECKING" || name.ends_with(b".TYPE_CHECKING");
    let rest = rest.trim_ascii_start();
    is_constant && (rest.is_empty() || rest.starts_with(b"and ") && !crate::mentions(rest, b"or"))
}

/// Whether `except` with this behind it takes a failed import.
fn catches(caught: &[u8]) -> bool {
    let types = caught.trim_ascii();
    let types = types.strip_prefix(b"*").unwrap_or(types);
    types.is_empty() || CAUGHT.iter().any(|name| crate::mentions(types, name))
}
