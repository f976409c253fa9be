//! `__all__` without a tree, where it is spelled in the plainest ways: lists
//! and tuples of strings, sums of these, and what `+=` and the methods of a
//! list do with them.
//!
//! Every other spelling is left to the tree.

use super::lexer::Lexer;
use crate::encoding::decode;

/// What a statement that begins with `__all__` does.
pub(super) struct Listing {
    pub(super) step: Step,
    /// The names that the statement holds, in order.
    pub(super) names: Vec<String>,
    /// Where the statement ends.
    pub(super) end: usize,
}

/// What happens to `__all__`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It lists these names from here on.
    Assign,
    /// `+=`: it lists these names, too, and is bound anew.
    Augment,
    /// A method adds the names.
    Add,
    /// A method takes the names away.
    Remove,
}

/// Reads the statement whose first word, `__all__`, stands at `at`; `None`
/// where it is spelled in another way. `source` are the bytes of the file, and
/// `lexer` has the same without half characters.
pub(super) fn read<'source>(source: &'source [u8], lexer: &mut Lexer<'source>, at: usize) -> Option<Listing> {
    let mut reader = Reader { source, lexer, names: Vec::new() };
    let (step, end) = reader.statement(at + b"__all__".len())?;
    let names = reader.names;
    let behind = lexer.behind_blanks(end, false);
    let is_whole = matches!(lexer.byte(behind), None | Some(b'\n' | b'\r' | b'#' | b';'));
    is_whole.then_some(Listing { step, names, end })
}

struct Reader<'lexer, 'source> {
    source: &'source [u8],
    lexer: &'lexer mut Lexer<'source>,
    names: Vec<String>,
}

impl Reader<'_, '_> {
    fn statement(&mut self, at: usize) -> Option<(Step, usize)> {
        let at = self.lexer.behind_blanks(at, false);
        match (self.lexer.byte(at)?, self.lexer.byte(at + 1)) {
            (b'=', _) => Some((Step::Assign, self.value(at + 1)?)),
            (b'+', Some(b'=')) => Some((Step::Augment, self.value(at + 2)?)),
            (b':', _) => {
                let (value, has_value) = self.lexer.annotation_end(at + 1)?;
                has_value.then_some((Step::Assign, self.value(value)?))
            }
            (b'.', _) => self.call(at + 1),
            _ => None,
        }
    }

    /// Reads a method's name and its one argument.
    fn call(&mut self, at: usize) -> Option<(Step, usize)> {
        let method = self.lexer.word(at);
        let step = match method {
            b"append" | b"extend" => Step::Add,
            b"remove" => Step::Remove,
            _ => return None,
        };
        let open = at + method.len();
        if self.lexer.byte(open) != Some(b'(') {
            return None;
        }
        let argument = self.lexer.behind_blanks(open + 1, true);
        let end = match self.lexer.byte(argument)? {
            b'(' | b'[' => self.list(argument)?,
            _ => self.string(argument, true)?,
        };
        let close = self.lexer.behind_blanks(end, true);
        (self.lexer.byte(close) == Some(b')')).then_some((step, close + 1))
    }

    /// Reads strings with commas between them, or lists with `+` between them,
    /// and answers where they end.
    fn value(&mut self, at: usize) -> Option<usize> {
        let mut at = self.lexer.behind_blanks(at, false);
        if !matches!(self.lexer.byte(at)?, b'(' | b'[') {
            return self.strings(at, None);
        }
        loop {
            let end = self.list(at)?;
            at = self.lexer.behind_blanks(end, false);
            if self.lexer.byte(at) != Some(b'+') {
                return Some(end);
            }
            at = self.lexer.behind_blanks(at + 1, false);
        }
    }

    /// Reads a list or tuple of strings.
    fn list(&mut self, open: usize) -> Option<usize> {
        let close = match self.lexer.byte(open)? {
            b'(' => b')',
            b'[' => b']',
            _ => return None,
        };
        let at = self.lexer.behind_blanks(open + 1, true);
        if self.lexer.byte(at)? == close {
            return Some(at + 1);
        }
        let end = self.strings(at, Some(close))?;
        let at = self.lexer.behind_blanks(end, true);
        (self.lexer.byte(at)? == close).then_some(at + 1)
    }

    /// Reads strings with commas between them and perhaps behind them, before
    /// the bracket `close` or before the end of the line.
    fn strings(&mut self, mut at: usize, close: Option<u8>) -> Option<usize> {
        let nested = close.is_some();
        loop {
            let end = self.string(at, nested)?;
            let comma = self.lexer.behind_blanks(end, nested);
            if self.lexer.byte(comma) != Some(b',') {
                return Some(end);
            }
            at = self.lexer.behind_blanks(comma + 1, nested);
            let byte = self.lexer.byte(at);
            if byte == close || !nested && matches!(byte, Some(b'\n' | b'\r' | b'#' | b';')) {
                return Some(comma + 1);
            }
        }
    }

    /// Reads a string, or several that are one since they stand side by side.
    fn string(&mut self, mut at: usize, nested: bool) -> Option<usize> {
        let (mut text, mut end) = (String::new(), None);
        loop {
            let open = at + self.lexer.word(at).len();
            if !matches!(self.lexer.byte(open), Some(b'"' | b'\'')) {
                break;
            }
            let behind = self.lexer.string_end(open);
            text.push_str(&self.content(at, open, behind)?);
            end = Some(behind);
            at = self.lexer.behind_blanks(behind, nested);
        }
        self.names.push(text);
        end
    }

    /// What stands between the quotes of a string whose prefix begins at `at`;
    /// `None` when it has replacement fields or is not closed.
    fn content(&self, at: usize, open: usize, behind: usize) -> Option<String> {
        let quotes = [*self.source.get(open)?; 3];
        let whole = self.source.get(open..behind)?;
        let marks = if whole.starts_with(&quotes) { &quotes[..] } else { &quotes[..1] };
        let content = whole.strip_prefix(marks)?.strip_suffix(marks)?;
        let prefix = self.source.get(at..open)?;
        let is_plain = prefix.iter().all(|byte| matches!(byte, b'r' | b'R' | b'u' | b'U' | b'b' | b'B'));
        is_plain.then(|| decode(content).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a statement does, and the names in it.
    fn listing(source: &str) -> Option<String> {
        let found = read(source.as_bytes(), &mut Lexer::new(source.as_bytes()), 0)?;
        let rest = &source[found.end..];
        Some(format!("{:?} {}|{rest}", found.step, found.names.join(" ")))
    }

    #[test]
    fn plain_spellings_are_read_and_others_are_left() {
        for (source, expected) in [
            ("__all__ = ['a', \"b\"]", Some("Assign a b|")),
            ("__all__=(\n  'a', # one\n  r'b' '''c''',\n) ; x", Some("Assign a bc| ; x")),
            ("__all__ = () # none", Some("Assign | # none")),
            ("__all__: list['x'] = ['a']", Some("Assign a|")),
            ("__all__ = ['a'] + \\\n ('b',)\n", Some("Assign a b|\n")),
            ("__all__ += ['a']", Some("Augment a|")),
            ("__all__.extend(['a', 'b'])", Some("Add a b|")),
            ("__all__.append( 'a' )", Some("Add a|")),
            ("__all__.remove('a')", Some("Remove a|")),
            ("__all__ = 'a', 'b' 'c'\n'd'", Some("Assign a bc|\n'd'")),
            ("__all__ = 'a', # b", Some("Assign a| # b")),
            ("__all__ += 'a',", Some("Augment a|")),
            ("__all__ = 'a'", Some("Assign a|")),
            ("__all__ = 'a' + 'b'", None),
            ("__all__ = ['a',,]", None),
            ("__all__ = [,]", None),
            ("__all__ = 'a', b", None),
            ("__all__ = ['a'] + b", None),
            ("__all__ = x = ['a']", None),
            ("__all__ = [f'a']", None),
            ("__all__ = ['a'.b]", None),
            ("__all__ = ['a'][0]", None),
            ("__all__ = ['a)", None),
            ("__all__ == ['a']", None),
            ("__all__.extend(['a']) + b", None),
            ("__all__.sort()", None),
            ("__all__: list", None),
        ] {
            assert_eq!(listing(source).as_deref(), expected, "{source}");
        }
    }
}
