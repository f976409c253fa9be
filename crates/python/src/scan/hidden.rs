//! Bindings in the middle of expressions: `:=`, and `as` where only the tree
//! takes it for one.
//!
//! They are rare, and this only tells whether there are any: which scope they
//! bind in is the tree's to say.

use memchr::memmem::{FindIter, find, find_iter};

use super::lexer::Lexer;
use crate::mentions;

/// A search for hidden bindings that goes through a file from its front.
pub(super) struct Hidden<'source> {
    source: &'source [u8],
    /// The first `:=` that is not passed yet.
    walrus: Option<usize>,
    /// The others behind it, in strings and comments as well.
    walruses: FindIter<'source, 'static>,
}

impl<'source> Hidden<'source> {
    pub(super) fn new(source: &'source [u8]) -> Self {
        let mut walruses = find_iter(source, b":=");
        Self { source, walrus: walruses.next(), walruses }
    }

    /// Whether `:=` stands between `from` and `to`, anywhere; `from` lies
    /// behind all offsets asked for before.
    pub(super) fn is_walrus_within(&mut self, from: usize, to: usize) -> bool {
        while self.walrus.is_some_and(|at| at < from) {
            self.walrus = self.walruses.next();
        }
        self.walrus.is_some_and(|at| at < to)
    }

    /// Whether code between `from` and `to` hides a binding; `from` lies
    /// behind all offsets asked for before, and in no string.
    pub(super) fn is_within(&mut self, from: usize, to: usize) -> bool {
        let may_be = self.is_walrus_within(from, to) || mentions(&self.source[from..to], b"as");
        may_be && hides_binding(&self.source[..to], from)
    }
}

/// Whether `source` hides a binding from `at` on, not in a comment and not in
/// a string without replacement fields.
fn hides_binding(source: &[u8], mut at: usize) -> bool {
    let mut lexer = Lexer::new(source);
    loop {
        let word = lexer.word(at);
        let is_plain = !word.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'));
        at += word.len();
        at = match lexer.byte(at) {
            Some(b'"' | b'\'') => {
                let end = lexer.string_end(at);
                if !is_plain && find(&source[at..end], b":=").is_some() {
                    return true;
                }
                end
            }
            Some(b':') if lexer.byte(at + 1) == Some(b'=') => return true,
            _ if word == b"as" => return true,
            Some(b'#') => lexer.comment_end(at),
            Some(_) => at + 1,
            None => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_hides_a_binding() {
        for (source, expected) in [
            ("(a := 1)", true),
            ("f'{(a := 1)}'", true),
            ("rF'{(a := 1)}'", true),
            ("[a\n:=\n1]", true),
            ("(a as b)", true),
            ("a as", true),
            ("':=' r'as' # := as", false),
            ("'''\na as b\n'''", false),
            ("f'a as b'", false),
            ("a: int = b[c:d] == e", false),
            ("assert has_as", false),
        ] {
            assert_eq!(Hidden::new(source.as_bytes()).is_within(0, source.len()), expected, "{source}");
        }
    }

    #[test]
    fn a_search_goes_on_where_it_stood() {
        let source = b"a := 1\nb = 2\nc := 3\n";
        let mut hidden = Hidden::new(source);
        assert!(hidden.is_within(0, 7) && !hidden.is_within(7, 13) && hidden.is_within(13, 20));
        assert!(!hidden.is_walrus_within(17, 20));
    }
}
