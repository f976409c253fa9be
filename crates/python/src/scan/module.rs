//! The definitions of a module without a tree: one pass over its lines, in
//! which the bodies of functions and classes are jumped over.
//!
//! It answers what the tree answers, or does not answer at all: where a line
//! is rare (`match`, `:=`), reckons with `__all__` or seems broken, the whole
//! file is left to the tree.

use repot_change::Span;

use super::hidden::Hidden;
use super::lexer::{End, Lexer, is_word};
use super::listed::{self, Step};
use super::statement;
use super::targets::{Operator, aliases, is_operator, targets};
use crate::definitions::{definitions, has_getattr, imported};
use crate::encoding::{decode, start, without_halves};
use crate::outline::Outline;
use crate::{Definition, DefinitionKind, Definitions, FromNames, ImportKind, mentions, scan_imports};

/// Finds the names that the module `source` binds at its top level.
///
/// In a file without syntax errors, this is what
/// [`SourceFile::definitions`](crate::SourceFile::definitions) finds, at a
/// small part of its cost.
#[must_use]
pub fn scan_definitions(source: &[u8]) -> Definitions {
    scanned(source).unwrap_or_else(|| definitions(&Outline::of(source), &scan_imports(source)))
}

/// The definitions, unless the file needs a tree.
pub(super) fn scanned(source: &[u8]) -> Option<Definitions> {
    let text = without_halves(source);
    Pass {
        source,
        lexer: Lexer::new(&text),
        found: Definitions::default(),
        indents: vec![0],
        awaits_block: false,
        ends_with_list: false,
        hidden: Hidden::new(&text),
    }
    .run()
}

/// What a logical line begins.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Head {
    /// Simple statements, or a decorator.
    Plain,
    Definition(DefinitionKind),
    For,
    /// `with` or `except`.
    Aliases,
    /// A block that binds nothing in its header.
    Block,
    Match,
}

/// One pass over a file. Its functions answer `None` where the tree is needed.
struct Pass<'source> {
    /// The file; `lexer` has the same without half characters.
    source: &'source [u8],
    lexer: Lexer<'source>,
    found: Definitions,
    /// The indentations of the open blocks, outermost first; they grow.
    indents: Vec<usize>,
    /// Whether a header has just ended whose block must follow.
    awaits_block: bool,
    /// Whether the line before may have ended with expressions between commas.
    ends_with_list: bool,
    hidden: Hidden<'source>,
}

impl Pass<'_> {
    fn run(mut self) -> Option<Definitions> {
        let mut at = start(self.lexer.source);
        while let Some((indent, first)) = self.lexer.line_head(at) {
            self.enter(indent, first)?;
            at = self.line(indent, first)?;
        }
        self.found.has_getattr = has_getattr(&self.found.names);
        // Where a broken string ends is a guess, and the tree has another one.
        let has_broken_string = self.lexer.is_unclosed || self.lexer.wasted > 0;
        (!has_broken_string).then_some(self.found)
    }

    /// Opens and closes blocks as the line at `first` demands.
    fn enter(&mut self, indent: usize, first: usize) -> Option<()> {
        if std::mem::take(&mut self.awaits_block) {
            (self.indents.last() < Some(&indent)).then(|| self.indents.push(indent))?;
        }
        while self.indents.last() > Some(&indent) {
            self.indents.pop();
        }
        (self.indents.last() == Some(&indent) && self.is_plainly_indented(first)).then_some(())
    }

    /// Whether every reader of Python measures the indentation before `first`
    /// alike: not where a tab stands behind a blank, or a line is continued.
    fn is_plainly_indented(&self, first: usize) -> bool {
        let (lines, indentation) = blanks_behind(&self.lexer.source[..first]);
        let lines = lines.strip_suffix(b"\n").unwrap_or(lines);
        let lines = lines.strip_suffix(b"\r").unwrap_or(lines);
        let is_continued = lines.strip_suffix(b"\\").is_some_and(|line| {
            let (before, _) = blanks_behind(line);
            before.last().is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
        });
        !is_continued && !indentation.windows(2).any(|pair| pair == b" \t")
    }

    /// Reads the logical line at `first` and the body that it heads, and
    /// answers where the next line to be read begins.
    fn line(&mut self, indent: usize, first: usize) -> Option<usize> {
        let conditional = self.indents.len() > 1;
        let (head, at) = self.head(first);
        match head {
            _ if !self.begins_anew(first) => None,
            Head::Definition(kind) => self.definition(kind, indent, at),
            Head::Match if self.is_match(at) => None,
            Head::Plain | Head::Match => self.statements(first, conditional),
            Head::For => self.loop_head(at),
            Head::Aliases => self.aliases(at),
            Head::Block => {
                let colon = self.header(at, at)?;
                self.suite(colon)
            }
        }
    }

    /// Whether the tree, too, begins a statement at `first`. It takes a line
    /// for a part of the line before where it sees sense in that.
    fn begins_anew(&mut self, first: usize) -> bool {
        let is_behind_list = std::mem::take(&mut self.ends_with_list);
        match self.lexer.byte(first) {
            Some(b'(' | b'[') => !is_behind_list,
            Some(b'@' | b'*' | b'+' | b'-') => self.lexer.operator(first).is_none(),
            Some(b'"' | b'\'' | b'{' | b'~') => true,
            Some(b'.') => self.lexer.source[first..].starts_with(b"..."),
            byte => byte.is_some_and(is_word),
        }
    }

    /// What the line at `first` begins, and the offset behind its keywords.
    fn head(&self, first: usize) -> (Head, usize) {
        let Some(b'a' | b'c' | b'd' | b'e' | b'f' | b'i' | b'm' | b't' | b'w') = self.lexer.byte(first)
        else {
            return (Head::Plain, first);
        };
        let mut word = self.lexer.word(first);
        let mut behind = first + word.len();
        let is_async = word == b"async";
        if is_async {
            let second = self.lexer.behind_blanks(behind, false);
            word = self.lexer.word(second);
            behind = second + word.len();
        }
        let head = match word {
            b"def" => Head::Definition(DefinitionKind::Function),
            b"for" => Head::For,
            b"with" => Head::Aliases,
            _ if is_async => Head::Plain,
            b"class" => Head::Definition(DefinitionKind::Class),
            b"except" => Head::Aliases,
            b"if" | b"elif" | b"else" | b"try" | b"finally" | b"while" => Head::Block,
            b"match" => Head::Match,
            _ => Head::Plain,
        };
        (head, behind)
    }

    /// Whether `match` is a keyword before `at`: then its line ends with a
    /// colon.
    fn is_match(&mut self, at: usize) -> bool {
        match self.lexer.header_end(at) {
            End::Colon(colon) => self.ends_line(colon),
            End::Line(_) | End::Semicolon(_) => false,
        }
    }

    /// Whether nothing but a comment follows at `at`.
    fn ends_line(&self, at: usize) -> bool {
        let behind = self.lexer.behind_blanks(at, false);
        matches!(self.lexer.byte(behind), None | Some(b'\n' | b'\r' | b'#'))
    }

    /// Behind the colon of the header in which `at` stands; what it holds from
    /// `from` on binds nothing.
    fn header(&mut self, from: usize, at: usize) -> Option<usize> {
        let End::Colon(colon) = self.lexer.header_end(at) else { return None };
        (!self.hidden.is_within(from, colon)).then_some(colon)
    }

    /// Reads a definition whose name stands at or behind `at`, and jumps over
    /// its body. A body on the same line is read, and what it binds forgotten.
    fn definition(&mut self, kind: DefinitionKind, indent: usize, at: usize) -> Option<usize> {
        let name = self.name(at)?;
        self.add(name, kind, self.indents.len() > 1);
        let colon = self.header(name.end, name.end)?;
        if !self.ends_line(colon) {
            let found = std::mem::take(&mut self.found);
            let next = self.statements(colon, false)?;
            self.found = found;
            return Some(next);
        }
        let mut next = self.lexer.next_line(colon);
        while let Some((_, first)) = self.lexer.line_head(next).filter(|(deeper, _)| *deeper > indent) {
            next = self.lexer.next_line(first);
        }
        Some(next)
    }

    /// The identifier at or behind `at`.
    fn name(&self, at: usize) -> Option<Span> {
        let at = self.lexer.behind_blanks(at, false);
        let word = self.lexer.word(at);
        word.first().is_some_and(|byte| !byte.is_ascii_digit()).then(|| Span::new(at, at + word.len()))
    }

    /// Reads a loop from the first byte of its targets.
    fn loop_head(&mut self, at: usize) -> Option<usize> {
        let (end, _) = self.lexer.targets_end(at)?;
        if !self.lexer.has_word(end, b"in") {
            return None;
        }
        let names = targets(self.lexer.source, at, end)?;
        self.add_variables(names, true);
        let colon = self.header(at, end)?;
        self.suite(colon)
    }

    /// Reads the rest of a header whose names stand behind `as`.
    fn aliases(&mut self, at: usize) -> Option<usize> {
        let End::Colon(colon) = self.lexer.header_end(at) else { return None };
        if self.hidden.is_walrus_within(at, colon) {
            return None;
        }
        let names = aliases(self.lexer.source, at, colon - 1)?;
        self.add_variables(names, true);
        self.suite(colon)
    }

    /// Reads what follows the colon of a header: statements on its line, or a
    /// block below.
    fn suite(&mut self, colon: usize) -> Option<usize> {
        self.awaits_block = self.ends_line(colon);
        if self.awaits_block { Some(self.lexer.next_line(colon)) } else { self.statements(colon, true) }
    }

    /// Reads the simple statements from `at` to the end of their line.
    fn statements(&mut self, mut at: usize, conditional: bool) -> Option<usize> {
        loop {
            at = self.lexer.behind_blanks(at, false);
            let behind = match self.lexer.word(at) {
                b"import" | b"from" => {
                    at = self.import(at, conditional)?;
                    at
                }
                b"type" => self.type_alias(at, conditional)?,
                b"__all__" => self.listing(at, conditional)?,
                _ => self.assignment(at, conditional)?,
            };
            let end = self.lexer.statement_end(behind);
            let (End::Line(next) | End::Semicolon(next) | End::Colon(next)) = end;
            if self.hidden.is_within(at, next) {
                return None;
            }
            match end {
                End::Semicolon(_) => at = next,
                End::Line(_) | End::Colon(_) => return Some(next),
            }
        }
    }

    fn import(&mut self, at: usize, conditional: bool) -> Option<usize> {
        let (kind, span) = statement::read(&self.lexer, at)?;
        for item in kind.items() {
            let word = self.lexer.word(item.bound_start());
            if word == b"__all__" && (item.alias.is_some() || item.name.text == "__all__") {
                return None;
            }
            let name = Span::new(item.bound_start(), item.bound_start() + word.len());
            self.add(name, imported(&kind, item), conditional);
        }
        if let ImportKind::From(from) = kind
            && matches!(from.names, FromNames::Star(_))
        {
            self.found.stars.push(from);
        }
        Some(span.end)
    }

    /// Reads `type X = …`; without a name behind it, `type` is a name itself.
    fn type_alias(&mut self, at: usize, conditional: bool) -> Option<usize> {
        let Some(name) = self.name(at + b"type".len()) else {
            return self.assignment(at, conditional);
        };
        let mut end = self.lexer.behind_blanks(name.end, false);
        if self.lexer.byte(end) == Some(b'[') {
            end = self.lexer.group_end(end)?;
            end = self.lexer.behind_blanks(end, false);
        }
        if !matches!(self.lexer.operator(end), Some(Operator::Assign(_))) {
            let is_operand = is_operator(&self.lexer.source[name.range()]);
            return if is_operand { self.assignment(at, conditional) } else { None };
        }
        self.add(name, DefinitionKind::TypeAlias, conditional);
        Some(end)
    }

    fn listing(&mut self, at: usize, conditional: bool) -> Option<usize> {
        let listing = listed::read(self.source, &mut self.lexer, at)?;
        match (listing.step, &mut self.found.exports) {
            (Step::Assign, exports) => *exports = Some(listing.names),
            (Step::Augment | Step::Add, Some(names)) => names.extend(listing.names),
            (Step::Remove, Some(names)) => names.retain(|name| !listing.names.contains(name)),
            (Step::Augment | Step::Add | Step::Remove, None) => return None,
        }
        if matches!(listing.step, Step::Assign | Step::Augment) {
            self.add_variables(vec![Span::new(at, at + b"__all__".len())], conditional);
        }
        Some(listing.end)
    }

    /// Reads the targets of an assignment, as often as `=` follows; without
    /// one, there are none.
    fn assignment(&mut self, mut at: usize, conditional: bool) -> Option<usize> {
        loop {
            let (end, is_list) = self.lexer.targets_end(at)?;
            let Some(operator) = self.lexer.operator(end) else {
                self.ends_with_list = is_list;
                return Some(end);
            };
            let Some(names) = targets(self.lexer.source, at, end) else {
                // The parameters of a lambda come before a `=` or `:`, too.
                return mentions(&self.lexer.source[at..end], b"lambda").then_some(end);
            };
            self.add_variables(names, conditional);
            at = match operator {
                Operator::Assign(value) => value,
                Operator::Annotate(annotation) => match self.lexer.annotation_end(annotation)? {
                    (value, true) => value,
                    (end, false) => return Some(end),
                },
            };
            if self.ends_line(at) {
                return None;
            }
        }
    }

    fn add_variables(&mut self, names: Vec<Span>, conditional: bool) {
        for name in names {
            self.add(name, DefinitionKind::Variable, conditional);
        }
    }

    fn add(&mut self, span: Span, kind: DefinitionKind, conditional: bool) {
        let name = decode(&self.source[span.range()]).into_owned();
        self.found.names.entry(name).or_default().push(Definition { kind, span, conditional });
    }
}

/// `before`, parted from the blanks that it ends with.
fn blanks_behind(before: &[u8]) -> (&[u8], &[u8]) {
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
    before.split_at(before.len() - blanks)
}
