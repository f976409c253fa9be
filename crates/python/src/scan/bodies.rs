//! Where the bodies of a file's functions and classes stand, without a tree.

use repot_change::Span;

use super::lexer::{End, Lexer};
use crate::encoding;

/// The bodies of the outermost definitions, from the first byte of their first
/// statement to the last line end, which is left out.
///
/// A body on the line of its header is left as it is.
pub(crate) fn bodies(text: &[u8]) -> Vec<Span> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    let mut at = encoding::start(text);
    while let Some((indent, first)) = lexer.line_head(at) {
        at = lexer.next_line(first);
        if !is_definition(&lexer, first) || !ends_with_header(&mut lexer, first, at) {
            continue;
        }
        let mut start = None;
        while let Some((_, first)) = lexer.line_head(at).filter(|(deeper, _)| *deeper > indent) {
            start = start.or(Some(first));
            at = lexer.next_line(first);
        }
        found.extend(start.map(|start| Span::new(start, last_line_end(text, at))));
    }
    found
}

fn is_definition(lexer: &Lexer<'_>, at: usize) -> bool {
    let is_async = lexer.has_word(at, b"async");
    let at = if is_async { lexer.behind_blanks(at + b"async".len(), false) } else { at };
    lexer.has_word(at, b"def") || lexer.has_word(at, b"class")
}

/// Whether nothing but a comment stands between the colon of the header at
/// `at` and the line `next`.
fn ends_with_header(lexer: &mut Lexer<'_>, at: usize, next: usize) -> bool {
    let End::Colon(end) = lexer.header_end(at) else {
        return false;
    };
    let end = lexer.behind_blanks(end, false);
    end <= next && matches!(lexer.byte(end), Some(b'\n' | b'\r' | b'#'))
}

/// Where the line end before `next` begins; `next` at the end of a file whose
/// last line has none.
fn last_line_end(text: &[u8], next: usize) -> usize {
    match &text[..next] {
        [.., b'\r', b'\n'] => next - 2,
        [.., b'\n' | b'\r'] => next - 1,
        _ => next,
    }
}
