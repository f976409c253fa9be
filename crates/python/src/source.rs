//! One Python file: its bytes, and what is read off them on demand.
//!
//! Nothing here fails: a file that does not parse has [`Problem`]s and yields
//! what can be read.

use std::sync::{Arc, OnceLock};

use repot_change::Span;
use tree_sitter::{Node, Tree};

use crate::lines::{Lines, ending_len};
use crate::outline::Outline;
use crate::{
    Block, ClassShape, Declarations, Definitions, ImportStmt, Kind, Literal, Mention, Method, Problem,
    Receiving, Scopes, Signature, Slot, StringLiteral, Surface, declared, definitions, encoding, essence,
    kind, problem, scan, shape, signature, strings, tree,
};

/// One Python file.
///
/// Only the bytes are there from the start; the imports, the definitions, the
/// lines, the tree and its problems are made on the first question that needs them.
pub struct SourceFile {
    bytes: Arc<[u8]>,
    imports: OnceLock<Vec<ImportStmt>>,
    definitions: OnceLock<Definitions>,
    lines: OnceLock<Lines>,
    tree: OnceLock<Tree>,
    problems: OnceLock<Vec<Problem>>,
}

impl SourceFile {
    /// Takes the bytes of a file, in whatever encoding they are.
    #[must_use]
    pub fn parse(bytes: Arc<[u8]>) -> Self {
        Self {
            bytes,
            imports: OnceLock::new(),
            definitions: OnceLock::new(),
            lines: OnceLock::new(),
            tree: OnceLock::new(),
            problems: OnceLock::new(),
        }
    }

    /// The bytes as they were handed in.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Every import statement, in order; found without the tree.
    #[must_use]
    pub fn imports(&self) -> &[ImportStmt] {
        self.imports.get_or_init(|| scan::scan_imports(&self.bytes))
    }

    /// What cannot be read as Python, in order; empty for a file without
    /// syntax errors.
    ///
    /// What the grammar accepts may still not compile: a `return` outside of a
    /// function is no problem here.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        self.problems.get_or_init(|| problem::problems(&self.bytes, self.root(), self.lines()))
    }

    /// Whether `span` touches a place that cannot be read as Python.
    #[must_use]
    pub fn is_broken(&self, span: Span) -> bool {
        self.problems().iter().any(|problem| problem.span.start <= span.end && span.start <= problem.span.end)
    }

    /// The line that holds the byte at `offset`, counted from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.lines().number(offset)
    }

    /// Where the line that holds `offset` begins.
    #[must_use]
    pub fn line_start(&self, offset: usize) -> usize {
        self.line_span(offset).start
    }

    /// Where the line that holds `offset` ends, before its line end.
    #[must_use]
    pub fn line_end(&self, offset: usize) -> usize {
        let span = self.line_span(offset);
        span.end - ending_len(&self.bytes[span.range()])
    }

    /// The whole line that holds `offset`, with its line end.
    #[must_use]
    pub fn line_span(&self, offset: usize) -> Span {
        self.lines().span(offset)
    }

    /// The line end that most lines have; `\n` when there is none.
    #[must_use]
    pub fn line_ending(&self) -> &'static str {
        self.lines().ending()
    }

    /// The names that the module binds at its top level.
    ///
    /// This needs no tree of the whole file: what functions and classes hold
    /// is passed over.
    #[must_use]
    pub fn definitions(&self) -> &Definitions {
        let find = || definitions::definitions(&Outline::of(&self.bytes), self.imports());
        self.definitions.get_or_init(find)
    }

    /// The shape of the top-level class `name`; the last one where it is
    /// defined twice. `A.B` is the class `B` inside of `A`.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<ClassShape> {
        shape::class(self, name)
    }

    /// What the top-level function `name` takes; the last one where it is
    /// defined twice.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<Signature> {
        shape::function(self, name)
    }

    /// What the name that stands at `name` is to the code around it.
    #[must_use]
    pub fn mention(&self, name: Span) -> Mention {
        signature::mention(self, name)
    }

    /// Where the function `name` of the module takes keyword-only parameters;
    /// `None` where it is not defined exactly once.
    #[must_use]
    pub fn function_slot(&self, name: &str) -> Option<Slot> {
        signature::function_slot(self, name)
    }

    /// How the class `name` of the module is given something; `None` where it
    /// is not defined exactly once, or not plainly.
    #[must_use]
    pub fn receiving(&self, name: &str) -> Option<Receiving> {
        signature::receiving(self, name)
    }

    /// The classes, functions and assignments of the module itself, and those
    /// directly in its classes; what stands under a condition is left out.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        signature::blocks(self)
    }

    /// What the top-level class `name` offers, member by member; the last one
    /// where it is defined twice.
    #[must_use]
    pub fn surface(&self, name: &str) -> Option<Surface> {
        signature::surface(self, name)
    }

    /// How the top-level function `name` is called: several ways where it is
    /// overloaded, none where there is no such function.
    #[must_use]
    pub fn callables(&self, name: &str) -> Vec<Method> {
        signature::functions(self, name)
    }

    /// What the top-level definition `name` is; the last one where there are
    /// several, and `None` where it is only imported.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<Kind> {
        kind::kind(self, name)
    }

    /// Analyses the scopes. Each call walks the whole tree: keep the result.
    #[must_use]
    pub fn scopes(&self) -> Scopes<'_> {
        Scopes::new(self)
    }

    /// What the statements of the module within `part` say, whatever their
    /// comments, docstrings, blanks and quotes: two that say the same are equal.
    /// `None` where there are none, or where one does not parse.
    #[must_use]
    pub fn essence(&self, part: Span) -> Option<String> {
        essence::essence(self, part)
    }

    /// Whether the code at `span` runs when a function is called, and not
    /// already when the module is imported.
    #[must_use]
    pub fn is_deferred(&self, span: Span) -> bool {
        signature::is_deferred(self, span)
    }

    /// Every class and function, at any depth. Each call walks the tree.
    #[must_use]
    pub fn declarations(&self) -> Declarations {
        declared::declarations(self)
    }

    /// The statement of the module itself that holds the byte at `offset`:
    /// decorators included, comments and blank lines around it not.
    #[must_use]
    pub fn top_statement(&self, offset: usize) -> Option<Span> {
        let root = self.root();
        let mut cursor = root.walk();
        let found = root.named_children(&mut cursor).filter(|node| !node.is_extra());
        found.map(tree::span).find(|span| span.start <= offset && offset < span.end)
    }

    /// The statements of the module itself, in order, each as
    /// [`Self::top_statement`] gives it.
    #[must_use]
    pub fn statements(&self) -> Vec<Span> {
        let root = self.root();
        let mut cursor = root.walk();
        root.named_children(&mut cursor).filter(|node| !node.is_extra()).map(tree::span).collect()
    }

    /// The first offset at which a new import may be inserted as a line of its
    /// own: the start of the line behind the module's docstring and its
    /// `__future__` imports, or, without these, behind the BOM, the `#!` line
    /// and the coding line.
    ///
    /// At the end of a file whose last line has no line end, this is the
    /// file's length, and the caller adds the line end.
    #[must_use]
    pub fn docstring_or_future_end(&self) -> usize {
        scan::head_end(&self.bytes, self.imports())
    }

    /// The plain string literals, in order; f-strings are left out.
    #[must_use]
    pub fn strings(&self) -> Vec<StringLiteral<'_>> {
        strings::strings(self)
    }

    /// The comments, in order, from the `#` to before the line end; found
    /// without the tree.
    #[must_use]
    pub fn comments(&self) -> Vec<Span> {
        scan::comments(&self.bytes)
    }

    /// The plain string literals, in order, found without the tree: where they
    /// stand and what they hold, but not what they stand in.
    ///
    /// f-strings are left out, and so is what stands in their interpolations.
    #[must_use]
    pub fn literals(&self) -> Vec<Literal> {
        scan::literals(&self.bytes)
    }

    /// The f-strings and t-strings that hold interpolations, in order.
    #[must_use]
    pub fn templates(&self) -> Vec<StringLiteral<'_>> {
        strings::templates(self)
    }

    pub(crate) fn root(&self) -> Node<'_> {
        self.tree.get_or_init(|| tree::parse(&encoding::readable(&self.bytes))).root_node()
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.bytes))
    }
}

impl std::fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceFile").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(source: &[u8]) -> SourceFile {
        SourceFile::parse(source.into())
    }

    fn problems(source: &[u8]) -> Vec<(usize, String)> {
        file(source).problems().iter().map(|problem| (problem.line, problem.message.clone())).collect()
    }

    #[test]
    fn a_merge_conflict_is_broken_as_a_whole() {
        let conflict = b"x = 1\n<<<<<<< HEAD\nimport a\n=======\nimport b\n>>>>>>> main\nimport c\n";
        assert_eq!(problems(conflict), [(2, "an unresolved merge conflict".to_owned())]);
        let text = b"x = '''\n<<<<<<< HEAD\n=======\n>>>>>>> main\n'''\n";
        assert_eq!(problems(text), []);
    }

    #[test]
    fn offsets_are_those_of_the_bytes_in_any_encoding() {
        for head in [
            &b"# coding: latin-1\n'\xe9\xe8'\n"[..],
            b"# coding: shift_jis\r'\x95\\'\r",
            b"\xEF\xBB\xBF# about\n'\xc3\xa9'\r\n",
        ] {
            let source = [head, b"import a.b\r\na.c = 1\r"].concat();
            let file = file(&source);
            assert_eq!(file.problems(), []);
            let stmt = &file.imports()[0];
            assert_eq!(&source[stmt.span.range()], b"import a.b");
            let uses = file.scopes().references(stmt, &stmt.items()[0]);
            let spans: Vec<_> = uses.iter().map(|one| one.span).collect();
            assert_eq!(spans, [Span::new(head.len() + 12, head.len() + 13)]);
            assert_eq!((stmt.line, file.line(spans[0].start)), (3, 4));
        }
    }

    #[test]
    fn a_file_of_old_line_ends_has_lines() {
        let source = b"def f():\r  # about\r  import a\r  return a\rx = 1";
        let file = file(source);
        assert_eq!(file.problems(), []);
        assert_eq!(file.definitions().names.len(), 2);
        assert_eq!((file.line_start(24), file.line_end(24), file.line_ending()), (19, 29, "\r"));
        let stmt = &file.imports()[0];
        assert_eq!(file.scopes().references(stmt, &stmt.items()[0]).len(), 1);
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_not() {
        let source = b"import a\nx = = 1\nimport b\n";
        let file = file(source);
        assert_eq!(file.problems().iter().map(|problem| problem.line).collect::<Vec<_>>(), [2]);
        let broken = |needle: &[u8]| {
            let at = memchr::memmem::find(source, needle).unwrap();
            file.is_broken(Span::new(at, at + needle.len()))
        };
        assert!(broken(b"x = = 1") && !broken(b"import a") && !broken(b"import b"));
        assert_eq!(file.imports().len(), 2);
    }

    #[test]
    fn problems_name_what_python_would_not_read() {
        assert_eq!(problems(b"x = 1\n"), []);
        assert_eq!(problems(b"\nprint 'x'\n"), [(2, "a `print` statement of Python 2".to_owned())]);
        assert_eq!(problems(b"print('x')\nexec(x)\nprint = 1\nprint >>f, x\n"), []);
        assert!(problems(b"x = 1\n\0").contains(&(2, "a NUL byte".to_owned())));
        assert_eq!(problems(b"# \xff\n").len(), 1);
        assert_eq!(problems(b"def f(:\n  pass\n").len(), 1);
        let unended = "a line end is missing".to_owned();
        assert_eq!(problems(b"x = 1\na in b c = 1\n"), [(2, unended.clone())]);
        assert_eq!(problems(b"def f(): ...def g(): ...\n"), [(1, unended)]);
    }
}
