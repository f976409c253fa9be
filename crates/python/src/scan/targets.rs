//! What a statement binds by assignment: its targets, and where they end.
//!
//! Only targets are read; values and annotations are jumped over. Nothing here
//! knows what a statement stands in.

use repot_change::Span;

use super::lexer::{Lexer, is_word};

/// How deep targets may be nested; nobody writes more, and a deeper nest is
/// left to the tree.
const DEEPEST: usize = 16;

/// What ends the targets of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `=` or an augmented form of it; the offset behind it.
    Assign(usize),
    /// `:` before an annotation; the offset behind it.
    Annotate(usize),
}

impl Lexer<'_> {
    /// Behind the bracket that closes the one at `at`; `None` when none does.
    pub(super) fn group_end(&mut self, mut at: usize) -> Option<usize> {
        let mut depth = 0_usize;
        loop {
            let rest = self.source.get(at..)?;
            at += rest.iter().position(|&byte| is_stop(byte))?;
            at = match self.source[at] {
                b'"' | b'\'' => self.string_end(at),
                b'#' => self.comment_end(at),
                b'\\' => self.behind_escape(at),
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    at + 1
                }
                _ => {
                    depth = depth.checked_sub(1)?;
                    at + 1
                }
            };
            if depth == 0 {
                return Some(at);
            }
        }
    }

    /// The first byte, at or behind `at`, that no list of targets holds, or
    /// the word `in`, and whether a comma stands before; `None` when a bracket
    /// is not closed.
    ///
    /// It is also `None` where a line ends behind a comma, a dot or an
    /// operator: the tree may go on with the next line, though Python does not.
    pub(super) fn targets_end(&mut self, mut at: usize) -> Option<(usize, bool)> {
        let (mut is_open, mut is_list) = (false, false);
        loop {
            at = self.behind_blanks(at, false);
            let mut opens = false;
            at = match self.byte(at) {
                Some(b'.') if self.source[at..].starts_with(b"...") => at + 3,
                Some(byte @ (b'.' | b',')) => {
                    opens = true;
                    is_list |= byte == b',';
                    at + 1
                }
                Some(b'*') if self.operator(at).is_none() => {
                    opens = true;
                    at + 1
                }
                Some(b'"' | b'\'') => self.string_end(at),
                Some(b'(' | b'[' | b'{') => self.group_end(at)?,
                Some(byte) if is_word(byte) => match self.word(at) {
                    b"in" => return Some((at, is_list)),
                    word => {
                        opens = is_operator(word);
                        at + word.len()
                    }
                },
                None | Some(b'\n' | b'\r' | b'#') if is_open => return None,
                _ => return Some((at, is_list)),
            };
            is_open = opens;
        }
    }

    /// The operator at `at` that makes targets of what stands before it.
    pub(super) fn operator(&self, at: usize) -> Option<Operator> {
        let is_equal = |behind: usize| self.byte(at + behind) == Some(b'=');
        match self.byte(at)? {
            b'=' if !is_equal(1) => Some(Operator::Assign(at + 1)),
            b':' if !is_equal(1) => Some(Operator::Annotate(at + 1)),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'@' if is_equal(1) => {
                Some(Operator::Assign(at + 2))
            }
            byte @ (b'*' | b'/' | b'<' | b'>') if self.byte(at + 1) == Some(byte) && is_equal(2) => {
                Some(Operator::Assign(at + 3))
            }
            _ => None,
        }
    }

    /// Behind the `=` that follows the annotation at `at`, or where the
    /// annotation ends, and which of the two; `None` where it is no plain one,
    /// or ends with an operator.
    pub(super) fn annotation_end(&mut self, mut at: usize) -> Option<(usize, bool)> {
        let mut is_open = true;
        loop {
            at = self.behind_blanks(at, false);
            let mut opens = false;
            at = match self.byte(at) {
                None | Some(b'\n' | b'\r' | b';' | b'#') => return (!is_open).then_some((at, false)),
                Some(b':') => return None,
                Some(b'=') if self.byte(at + 1) != Some(b'=') => {
                    return (!is_open).then_some((at + 1, true));
                }
                Some(b'"' | b'\'') => self.string_end(at),
                Some(b'(' | b'[' | b'{') => self.group_end(at)?,
                Some(byte) if is_word(byte) => match self.word(at) {
                    b"lambda" => return None,
                    word => {
                        opens = is_operator(word);
                        at + word.len()
                    }
                },
                Some(_) if self.source[at..].starts_with(b"...") => at + 3,
                Some(b'=' | b'!' | b'<' | b'>') if self.byte(at + 1) == Some(b'=') => {
                    opens = true;
                    at + 2
                }
                Some(_) => {
                    opens = true;
                    at + 1
                }
            };
            is_open = opens;
        }
    }
}

/// Whether an operand must follow `word`.
pub(super) fn is_operator(word: &[u8]) -> bool {
    matches!(word, b"and" | b"await" | b"else" | b"if" | b"in" | b"is" | b"lambda" | b"not" | b"or")
}

fn is_stop(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'#' | b'\\')
}

/// The names that the targets between `at` and `end` bind, in order; `None`
/// when something else stands there.
pub(super) fn targets(source: &[u8], at: usize, end: usize) -> Option<Vec<Span>> {
    let mut reader = Targets { lexer: Lexer::new(source.get(..end)?), names: Vec::new() };
    reader.list(at, end, 0)?;
    Some(reader.names)
}

/// The names behind each `as` between `at` and `end`, in order; `None` when
/// something else than a target stands there.
pub(super) fn aliases(source: &[u8], mut at: usize, end: usize) -> Option<Vec<Span>> {
    let mut reader = Targets { lexer: Lexer::new(source.get(..end)?), names: Vec::new() };
    loop {
        at = reader.lexer.behind_blanks(at, true);
        at = match reader.lexer.byte(at) {
            None => return Some(reader.names),
            Some(b'"' | b'\'') => reader.lexer.string_end(at),
            Some(byte) if is_word(byte) => match reader.lexer.word(at) {
                b"as" => {
                    let behind = reader.element(at + b"as".len(), 1)?;
                    let behind = reader.lexer.behind_blanks(behind, true);
                    let is_whole = matches!(reader.lexer.byte(behind), None | Some(b',' | b')'));
                    is_whole.then_some(behind)?
                }
                word => at + word.len(),
            },
            Some(_) => at + 1,
        }
    }
}

/// A reader of targets. Line ends and comments count as blanks everywhere: the
/// caller has made sure that none stands outside of brackets.
struct Targets<'source> {
    lexer: Lexer<'source>,
    names: Vec<Span>,
}

impl Targets<'_> {
    fn peek(&self, at: usize) -> (usize, Option<u8>) {
        let at = self.lexer.behind_blanks(at, true);
        (at, self.lexer.byte(at))
    }

    /// Reads the targets from `at` to `end` exactly.
    fn list(&mut self, mut at: usize, end: usize, level: usize) -> Option<()> {
        loop {
            (at, _) = self.peek(at);
            if at >= end {
                return Some(());
            }
            let behind = self.element(at, level)?;
            let (next, byte) = self.peek(behind);
            at = match byte {
                _ if next >= end => return Some(()),
                Some(b',') => next + 1,
                _ => return None,
            };
        }
    }

    /// Reads one target and answers the offset behind it. What an attribute, a
    /// subscript or a call stands behind is no target itself.
    fn element(&mut self, at: usize, level: usize) -> Option<usize> {
        let (mut at, mut first) = self.peek(at);
        while first == Some(b'*') {
            (at, first) = self.peek(at + 1);
        }
        let word = self.lexer.word(at);
        let behind = match first? {
            b'"' | b'\'' => self.lexer.string_end(at),
            b'(' | b'[' | b'{' => self.lexer.group_end(at)?,
            _ if word.is_empty() || word[0].is_ascii_digit() || word == b"lambda" => return None,
            _ => match self.lexer.byte(at + word.len()) {
                Some(b'"' | b'\'') => self.lexer.string_end(at + word.len()),
                _ => at + word.len(),
            },
        };
        let whole = self.trailers_end(behind)?;
        match first? {
            _ if whole > behind => {}
            b'(' | b'[' if level < DEEPEST => self.list(at + 1, behind - 1, level + 1)?,
            _ if behind == at + word.len() => self.names.push(Span::new(at, behind)),
            _ => return None,
        }
        Some(whole)
    }

    /// Behind the attributes, subscripts and calls that follow at `at`, or
    /// `at` where there are none.
    fn trailers_end(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = match self.peek(at) {
                (next, Some(b'(' | b'[')) => self.lexer.group_end(next)?,
                (next, Some(b'.')) => {
                    let (name, _) = self.peek(next + 1);
                    let word = self.lexer.word(name);
                    (!word.is_empty()).then_some(name + word.len())?
                }
                _ => return Some(at),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str, names: Option<Vec<Span>>) -> Option<String> {
        let names = names?.into_iter().map(|span| &source[span.range()]).collect::<Vec<_>>();
        Some(names.join(" "))
    }

    #[test]
    fn a_target_is_a_name_in_any_nest() {
        for (source, expected) in [
            ("a", Some("a")),
            ("a, (b, [c, *d]), *e,", Some("a b c d e")),
            ("(a)", Some("a")),
            ("( # c\n a,\n b)", Some("a b")),
            ("a.b, c[d], e(f).g, (h).i, [j][k], 'l'[m], r'n'.o, {p}[q], r", Some("r")),
            ("a \\\n , b", Some("a b")),
            ("()", Some("")),
            ("a b", None),
            ("lambda", None),
            ("lambda a, b", None),
            ("a + b", None),
            ("1", None),
            ("'a'", None),
            ("{a}", None),
            ("a.", None),
            ("a,,b", None),
            ("(a", None),
        ] {
            assert_eq!(
                read(source, targets(source.as_bytes(), 0, source.len())).as_deref(),
                expected,
                "{source}"
            );
        }
        let deep = "(".repeat(5000) + "a" + &")".repeat(5000);
        assert_eq!(targets(deep.as_bytes(), 0, deep.len()), None);
    }

    #[test]
    fn an_annotation_ends_with_its_line_or_its_value() {
        for (source, expected) in [
            (" int = 1", Some((6, true))),
            ("int", Some((3, false))),
            ("a | 'b' ; c", Some((8, false))),
            ("a[b, # c\n d] # e", Some((13, false))),
            ("a == b <= c = d", Some((13, true))),
            ("...", Some((3, false))),
            ("", None),
            ("a |\nb", None),
            ("a in\nb", None),
            ("lambda: a", None),
            ("a[b", None),
        ] {
            assert_eq!(Lexer::new(source.as_bytes()).annotation_end(0), expected, "{source}");
        }
    }

    #[test]
    fn an_alias_is_a_target_behind_as() {
        for (source, expected) in [
            ("a as b", Some("b")),
            ("(a as b, c(d) as (e, [f]),\n)", Some("b e f")),
            ("a(' as b'), c # as d", Some("")),
            ("a as b.c, d as e[f]", Some("")),
            ("a as b if c", None),
            ("a as 1", None),
        ] {
            assert_eq!(
                read(source, aliases(source.as_bytes(), 0, source.len())).as_deref(),
                expected,
                "{source}"
            );
        }
    }

    #[test]
    fn an_operator_makes_targets() {
        for operator in
            ["=", "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="]
        {
            let source = format!("{operator} 1");
            let expected = Some(Operator::Assign(operator.len()));
            assert_eq!(Lexer::new(source.as_bytes()).operator(0), expected, "{operator}");
        }
        assert_eq!(Lexer::new(b": int").operator(0), Some(Operator::Annotate(1)));
        for operator in ["==", "!=", "<=", ">=", "<", "+", "*", "**", ":=", "->", ""] {
            assert_eq!(Lexer::new(operator.as_bytes()).operator(0), None, "{operator}");
        }
    }
}
