//! The definitions of a module without a tree: one pass over its lines, in
//! which the bodies of functions and classes are jumped over.
//!
//! It answers what the tree answers, or does not answer at all: where a line
//! is rare (`match`, `:=`), reckons with `__all__` or seems broken, the whole
//! file is left to the tree.

use memchr::memmem::{FindIter, find_iter};
use repot_change::Span;

use super::lexer::{End, Lexer, is_word};
use super::listed::{self, Step};
use super::statement;
use super::targets::{Operator, aliases, targets};
use crate::definitions::{definitions, has_getattr, imported};
use crate::encoding::{decode, start, without_halves};
use crate::outline::Outline;
use crate::{Definition, DefinitionKind, Definitions, FromNames, ImportKind, ImportedName, scan_imports};

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
        walruses: find_iter(&text, b":="),
        walrus: Some(0),
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
    With,
    Except,
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
    walruses: FindIter<'source, 'static>,
    /// A `:=` that is not passed yet; it may lie before it is looked for.
    walrus: Option<usize>,
}

impl Pass<'_> {
    fn run(mut self) -> Option<Definitions> {
        let mut at = start(self.lexer.source);
        while let Some((indent, first)) = self.lexer.line_head(at) {
            self.enter(indent, first)?;
            at = self.line(indent, first)?;
        }
        self.found.has_getattr = has_getattr(&self.found.names);
        Some(self.found)
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

    /// Whether all readers of Python measure the indentation before `first`
    /// alike: not where tabs stand behind blanks, or a line is continued.
    fn is_plainly_indented(&self, first: usize) -> bool {
        let before = &self.lexer.source[..first];
        let line = before.iter().rposition(|&byte| !matches!(byte, b' ' | b'\t'));
        match line {
            Some(end) if !matches!(before[end], b'\n' | b'\r') => end + 1 == start(before),
            Some(end) => !before[..end].ends_with(b"\\") && !mixes_tabs(&before[end + 1..]),
            None => !mixes_tabs(before),
        }
    }

    /// Reads the logical line at `first` and the body that it heads, and
    /// answers where the next line to be read begins.
    fn line(&mut self, indent: usize, first: usize) -> Option<usize> {
        let conditional = self.indents.len() > 1;
        let (head, at) = self.head(first);
        let next = match head {
            Head::Definition(kind) => return self.definition(kind, indent, first, at),
            Head::Plain => self.statements(first, conditional)?,
            Head::Match if self.is_match(at) => return None,
            Head::Match => self.statements(first, conditional)?,
            Head::For => self.loop_head(at)?,
            Head::With => self.header_aliases(at, false)?,
            Head::Except => self.header_aliases(at, true)?,
            Head::Block => {
                let End::Colon(colon) = self.lexer.header_end(at) else { return None };
                self.suite(colon)?
            }
        };
        self.has_no_walrus(first, next).then_some(next)
    }

    /// What the line at `first` begins, and the offset behind its keywords.
    fn head(&self, first: usize) -> (Head, usize) {
        let Some(b'a' | b'c' | b'd' | b'e' | b'f' | b'i' | b'm' | b't' | b'w') = self.lexer.byte(first) else {
            return (Head::Plain, first);
        };
        let word = self.lexer.word(first);
        let behind = first + word.len();
        let head = match word {
            b"def" => Head::Definition(DefinitionKind::Function),
            b"class" => Head::Definition(DefinitionKind::Class),
            b"for" => Head::For,
            b"with" => Head::With,
            b"except" => Head::Except,
            b"if" | b"elif" | b"else" | b"try" | b"finally" | b"while" => Head::Block,
            b"match" => Head::Match,
            b"async" => {
                let second = self.lexer.behind_blanks(behind, false);
                return match self.head(second) {
                    (
                        head @ (Head::Definition(DefinitionKind::Function) | Head::For | Head::With),
                        behind,
                    ) => (head, behind),
                    _ => (Head::Plain, first),
                };
            }
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

    /// Whether no `:=` stands between `from` and `to`, which lies behind all
    /// offsets asked for before.
    fn has_no_walrus(&mut self, from: usize, to: usize) -> bool {
        while self.walrus.is_some_and(|at| at < from) {
            self.walrus = self.walruses.next();
        }
        self.walrus.is_none_or(|at| at >= to)
    }

    /// Reads a definition whose name stands at or behind `at`, and jumps over
    /// its body.
    fn definition(&mut self, kind: DefinitionKind, indent: usize, first: usize, at: usize) -> Option<usize> {
        let name = self.name(at)?;
        self.add(name, kind, self.indents.len() > 1);
        let End::Colon(colon) = self.lexer.header_end(name.end) else { return None };
        if !self.has_no_walrus(first, colon) {
            return None;
        }
        let mut next = self.lexer.next_line(colon);
        if !self.ends_line(colon) {
            return Some(next);
        }
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
        let end = self.lexer.targets_end(at)?;
        if !self.lexer.has_word(end, b"in") {
            return None;
        }
        let names = targets(self.lexer.source, at, end)?;
        self.add_variables(names, true);
        let End::Colon(colon) = self.lexer.header_end(end) else { return None };
        self.suite(colon)
    }

    /// Reads a header of `with` or `except` behind its keyword.
    ///
    /// Behind `except`, commas without parentheses are from Python 2 or very
    /// new.
    fn header_aliases(&mut self, at: usize, is_single: bool) -> Option<usize> {
        let End::Colon(colon) = self.lexer.header_end(at) else { return None };
        if is_single && self.lexer.source[at..colon].contains(&b',') && !self.is_one_group(at, colon) {
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
            at = self.statement(at, conditional)?;
            match self.lexer.statement_end(at) {
                End::Semicolon(next) => at = next,
                End::Line(next) | End::Colon(next) => return Some(next),
            }
        }
    }

    /// Reads what a simple statement binds, and answers an offset in it that
    /// lies in no string and no bracket.
    fn statement(&mut self, at: usize, conditional: bool) -> Option<usize> {
        match self.lexer.word(at) {
            b"import" | b"from" => self.import(at, conditional),
            b"type" => self.type_alias(at, conditional),
            b"__all__" => self.listing(at, conditional),
            _ => self.assignment(at, conditional),
        }
    }

    fn import(&mut self, at: usize, conditional: bool) -> Option<usize> {
        let (kind, span) = statement::read(&self.lexer, at)?;
        for item in items(&kind) {
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
            return self.assignment(at, conditional);
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
            let end = self.lexer.targets_end(at)?;
            let Some(operator) = self.lexer.operator(end) else {
                return Some(end);
            };
            let Some(names) = targets(self.lexer.source, at, end) else {
                // Parameters of a lambda seem to be targets, and are none.
                return crate::mentions(&self.lexer.source[at..end], b"lambda").then_some(end);
            };
            self.add_variables(names, conditional);
            at = match operator {
                Operator::Assign(value) => value,
                Operator::Annotate(annotation) => match self.lexer.annotation_end(annotation)? {
                    (value, true) => value,
                    (end, false) => return Some(end),
                },
            };
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
