//! Types in strings and in type comments: each is parsed by itself, and its
//! names are filed under the scope of the place where it stands.
//!
//! What is no type is not complained of: it just has no names.

use std::collections::HashSet;
use std::rc::Rc;

use repot_change::Span;
use tree_sitter::{Node, Tree};

use super::build::{Builder, Walked};
use super::model::{Mode, Quote, ScopeId, Use};
use super::reference::surroundings;
use super::typing::Typing;
use crate::encoding::readable;
use crate::scan::is_word;
use crate::{ImportStmt, Name, SourceFile, tree};

/// What stands before a quoted text when it is parsed; brackets, since it may
/// have several lines.
const OPEN: &[u8] = b"(";

/// What stands behind it; a comment may be the last thing in it.
const CLOSE: &[u8] = b"\n)";

/// The uses of imported names in `quotes`, each with the chain that follows it.
pub(super) fn uses<'file>(
    file: &'file SourceFile,
    quotes: Vec<Quote>,
    typing: &Rc<Typing>,
) -> Vec<(Use<'file>, Vec<Name>)> {
    let (mut found, mut work) = (Vec::new(), quotes);
    if work.is_empty() {
        return found;
    }
    let items = file.imports().iter().flat_map(ImportStmt::items);
    let imported: HashSet<&[u8]> = items.map(|item| item.bound().as_bytes()).collect();
    while let Some(quote) = work.pop() {
        let words = file.bytes()[quote.content.range()].split(|&byte| !is_word(byte));
        if words.into_iter().any(|word| imported.contains(word)) {
            read(file, quote, typing, &mut found, &mut work);
        }
    }
    found
}

/// Reads one quoted text.
fn read<'file>(
    file: &'file SourceFile,
    quote: Quote,
    typing: &Rc<Typing>,
    found: &mut Vec<(Use<'file>, Vec<Name>)>,
    work: &mut Vec<Quote>,
) {
    let text = parsable(&file.bytes()[quote.content.range()]);
    let parsed = tree::parse(&text);
    let Some(node) = expression(&parsed, text.len()) else { return };
    let moved = |span: Span| {
        let shift = |offset: usize| (offset + quote.content.start).saturating_sub(OPEN.len());
        Span::new(shift(span.start), shift(span.end))
    };
    let Walked { uses, quotes, .. } = Builder::of_type(node, &text, Rc::clone(typing)).run();
    for one in uses.into_iter().filter(|one| one.mode == Mode::Load && one.scope == 0) {
        let (mut chain, _) = one.outer.map_or((Vec::new(), None), |outer| surroundings(outer, &text));
        chain.iter_mut().for_each(|name| name.span = moved(name.span));
        let span = moved(one.span);
        let name = &file.bytes()[span.range()];
        let effective = span.end;
        found.push((Use { name, span, scope: quote.scope, effective, outer: None, ..one }, chain));
    }
    work.extend(quotes.into_iter().map(|inner| Quote { content: moved(inner.content), ..quote }));
}

/// `content` as an expression in brackets, byte for byte; the stars of an
/// unpacked type, which brackets cannot hold, are blanks.
fn parsable(content: &[u8]) -> Vec<u8> {
    let mut text = [OPEN, &readable(content), CLOSE].concat();
    text.iter_mut().filter(|byte| **byte == b'*').for_each(|byte| *byte = b' ');
    text
}

/// The expression that is all there is in a text of `len` bytes.
fn expression(parsed: &Tree, len: usize) -> Option<Node<'_>> {
    let root = parsed.root_node();
    let statement = root.named_child(0).filter(|_| !root.has_error() && root.named_child_count() == 1)?;
    let node = statement.named_child(0).filter(|node| node.byte_range() == (0..len))?;
    matches!(node.kind(), "parenthesized_expression" | "tuple").then_some(node)
}

/// The types in the `# type:` comments of `file`; `scope_at` says in which
/// scope code at an offset stands.
pub(super) fn type_comments(file: &SourceFile, scope_at: impl Fn(usize) -> ScopeId) -> Vec<Quote> {
    if memchr::memmem::find(file.bytes(), b"type:").is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for comment in file.comments() {
        let Some(content) = type_comment(file.bytes(), comment) else { continue };
        // A comment may stand behind the last token of its block.
        let line = &file.bytes()[file.line_start(comment.start)..comment.start];
        let blanks = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let scope = scope_at(comment.start - line.len() + blanks);
        let parts = signature(file.bytes(), content);
        found.extend(parts.into_iter().map(|content| Quote { content, scope }));
    }
    found
}

/// The type in the comment at `comment`, if it is one for types (PEP 484).
fn type_comment(bytes: &[u8], comment: Span) -> Option<Span> {
    let text = bytes[comment.range()].strip_prefix(b"#")?.trim_ascii_start().strip_prefix(b"type:")?;
    let text = text.trim_ascii_start();
    let ignores = text.strip_prefix(b"ignore").is_some_and(|rest| !rest.first().is_some_and(|&b| is_word(b)));
    (!ignores).then(|| Span::new(comment.end - text.len(), comment.end))
}

/// The parts of `(A, B) -> C`; any other type is one part.
fn signature(bytes: &[u8], content: Span) -> Vec<Span> {
    let text = &bytes[content.range()];
    match memchr::memmem::find(text, b"->") {
        Some(at) if text.first() == Some(&b'(') => vec![
            Span::new(content.start, content.start + at),
            Span::new(content.start + at + b"->".len(), content.end),
        ],
        _ => vec![content],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{file, references, unmark};
    use crate::corpus::python;
    use crate::{Reference, Role, SourceFile};

    #[test]
    fn types_in_strings_and_comments_are_uses() {
        for marked in [
            // Annotations, whole and nested.
            "import a\nx: '‹a›.B' = 'a.B'\ny: \"list[‹a›.B] | None\"\nz: list['‹a›.B', c] | '‹a›'\n",
            "import a\ndef f(x: '‹a›.B' = 'a', *y: r'‹a›', z: u\"‹a›\" = 1, **k: d['‹a›']) -> '‹a›': 'a'\n",
            "import a\nx: c.d['‹a›']\ny: (c['‹a›'])\nz: Callable[['‹a›', b], '‹a›']\n",
            "import a\nx: '''\n  ‹a› . B[  # a\n    ‹a›]\n'''\ny: ' ‹a›'\nz: '*‹a›'\n",
            "import a\nx: \"list['‹a›.B']\"\ny: \"Literal['a']\"\n",
            "import a\ntype X = '‹a›'\ndef f[T: '‹a›'](x: T): pass\ntype Y[T: ('‹a›', b)] = T\n",
            // No type, or none that can be edited.
            "import a\nx: b'a'\ny: 'a' 'b'\nz: '\\x61.a'\nw: f(‹a›, 'a')\nv: 'a b'\nu: 'a('\n",
            "import a\nx: f'{‹a›}'\ny: 'x.a'\nz: 'f(a=1)'\nw: 'lambda a: a'\nv: 'a) + (a'\nu: ''\n",
            "import a\nx: Literal['a', ‹a›.B]\ny: t.Literal['a']\nz: Annotated['‹a›', 'a', f('a')]\n",
            "import a\nx: Optional[Literal['a']]\ny: c[Annotated['‹a›', 'a']]\n",
            "import a\nfrom typing import Literal as L, Annotated as A\nx: L['a']\ny: A['‹a›', 'a']\n",
            "import a\n'a'\nx = 'a'\nf('a')\nx['a']\nx = {'a': 'a'}\n",
            // What typing makes of its arguments.
            "import a\nfrom typing import cast\ncast('‹a›.B', 'a')\ncast(typ='‹a›', val='a')\ncast(c['‹a›'], 'a')\n",
            "import a\nimport typing, typing as t\nt.cast('‹a›', x)\ntyping.cast('‹a›', x)\nb.cast('a', x)\n",
            "import a\nfrom sqlalchemy import cast\ncast('a', x)\n",
            "import a\nfrom typing import TypeVar as V\nV('a', '‹a›', '‹a›', bound='‹a›', name='a')\n",
            "import a\nfrom typing_extensions import NewType\nNewType('a', '‹a›')\n",
            "import a\nX: TypeAlias = '‹a›.B'\nY: t.TypeAlias = '‹a›'\nZ: C = 'a'\n",
            "import a\nimport typing\nX = typing.Optional['‹a›']\nY = c['a']\n",
            // Bases.
            "import a\nclass C(D['‹a›.B'], e['‹a›'](x['a']), k='a'): pass\nclass F(‹a›['‹a›']): pass\n",
            // Type comments.
            "import a\nx = []  # type: list[‹a›.B]\ny = x  # a\nz = x  #type:‹a›  # a\nw = '# type: a'\n",
            "import a\ndef f(x, *y):\n  # type: (‹a›.B, *‹a›) -> ‹a›.C\n  pass\n",
            "import a\ndef f(x,  # type: ‹a›.B\n      y):\n  # type: (...) -> '‹a›'\n  pass\n",
            "import a\nx = y  # type: ignore[a]\nx = y  # type: ignore  # a\nx = y  # type: a b\n",
            "import a\nx = y  # type: ignored[‹a›]\n",
            // Scopes.
            "import a\ndef f(a: '‹a›') -> '‹a›':\n  x: 'a'\n  y = 1  # type: a\n",
            "import a\ndef f():\n  a = 1\n  y = a  # type: a\nz = 1  # type: ‹a›\n",
            "def f():\n  import a\n  x: '‹a›'\n  def g(y):\n    # type: (‹a›) -> b\n    z: '‹a›'\nx: 'a'\n",
            "import a\nclass C:\n  x: '‹a›'\n  a: '‹a›' = 1\n  y: 'a'\n  def f(self, x: 'a'): y: '‹a›'\n",
            "import a\ndef f[a](x: 'a') -> 'a': pass\n",
            "from b import c as a\nif x:\n  y: '‹a›.B'\n",
        ] {
            let (source, expected) = unmark(marked);
            let found = references(&source);
            assert_eq!(found.iter().map(|one| one.span).collect::<Vec<_>>(), expected, "{marked}");
            let mut quoted = found.iter().filter(|one| one.quoted);
            assert!(quoted.all(|one| one.annotation && one.role == Role::Load), "{marked}");
        }
    }

    #[test]
    fn a_type_in_a_string_has_its_chain() {
        for (source, chain) in [
            ("x: 'a.b.c'", "b.c"),
            ("x: 'list[a . b]'", "b"),
            ("x: '''\r\n a.b.c'''", "b.c"),
            ("x = y  # type: d[a.b]", "b"),
            ("x: 'a.b()'", "b"),
            ("x: \"c['a.b']\"", "b"),
        ] {
            let source = format!("# é\r\nimport a.b\r\n{source}\r\n");
            let found = references(&source);
            assert_eq!(found.len(), 1, "{source}");
            assert!(found[0].quoted && found[0].call.is_none());
            let said: Vec<_> = found[0].chain.iter().map(|name| &source[name.span.range()]).collect();
            assert_eq!(said.join("."), chain, "{source}");
            assert!(found[0].chain.iter().map(|name| name.text.as_str()).eq(said));
        }
    }

    #[test]
    fn a_type_in_a_string_binds_nothing_and_is_never_missed() {
        let file = file("from a import b\nx: 'missing'\ny = 1  # type: gone\nb: '(c := b.d)'\n");
        let scopes = file.scopes();
        assert_eq!(scopes.unbound(), []);
        assert!(!scopes.binds_anywhere("missing") && !scopes.binds_anywhere("c"));
        assert_eq!(file.definitions().names.len(), 3);
    }

    fn types() -> impl Strategy<Value = String> {
        let leaf =
            prop_oneof![Just("a"), Just("a.B"), Just("a . b.C"), Just("int"), Just("x.a"), Just("...")];
        leaf.prop_map(str::to_owned).prop_recursive(4, 12, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{one} | {two}")),
                (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("dict[{one},{two}]")),
                (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("t.C[[{one}], {two}]")),
                inner.prop_map(|one| format!("({one})")),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_quoted_type_reads_as_the_type_itself(text in types()) {
            let bare = references(&format!("import a\nx: ({text})\n"));
            let string = references(&format!("import a\nx: '{text}'\n"));
            let comment = references(&format!("import a\nx=0 #type: {text}\n"));
            let places = |found: &[Reference], start: usize| -> Vec<_> {
                let chain = |one: &Reference| one.chain.iter().map(|name| name.span.start - start).collect();
                found.iter().map(|one| (one.span.start - start, chain(one))).collect::<Vec<(_, Vec<_>)>>()
            };
            prop_assert_eq!(places(&bare, 13), places(&string, 13));
            prop_assert_eq!(places(&bare, 13), places(&comment, 20));
        }

        #[test]
        fn any_text_may_stand_in_a_type(text in "[a.'\\[\\](){}*#\\n\\\\ :=,é-]{0,12}") {
            for source in [format!("import a\nx: \"{text}\"\n"), format!("import a\nx = 1  # type: {text}\n")] {
                let file = SourceFile::parse(source.as_bytes().into());
                let stmt = &file.imports()[0];
                let found = file.scopes().references(stmt, &stmt.items()[0]);
                prop_assert!(found.iter().all(|one| &source[one.span.range()] == "a"));
            }
        }
    }

    /// `LINE CHAIN` for every dotted name in the quoted annotations of a file,
    /// outside of `Literal` and the later arguments of `Annotated`.
    const QUOTED: &str = r#"
import ast
def chain(node):
    names = []
    while isinstance(node, ast.Attribute): names.append(node.attr); node = node.value
    return '.'.join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else None
def last(node): return getattr(node, 'id', getattr(node, 'attr', None))
def names(node):
    if chain(node): yield node.lineno, chain(node)
    else:
        for child in ast.iter_child_nodes(node): yield from names(child)
def quoted(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try: inner = ast.parse(f'({node.value}\n)', mode='eval').body
        except SyntaxError: return
        for line, name in names(inner): print(node.lineno + line - 1, name)
    elif isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = last(node.value)
        for part in [] if name == 'Literal' else parts[:1] if name == 'Annotated' else parts: quoted(part)
    elif isinstance(node, ast.BinOp): quoted(node.left); quoted(node.right)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for part in node.elts: quoted(part)
parsed = ast.parse(source)
for node in ast.walk(parsed):
    for field in ('annotation', 'returns'):
        if getattr(node, field, None): quoted(getattr(node, field))
"#;

    /// Annotations of many shapes, whose names are all imported.
    const PROGRAM: &str = r#"
import a, b, a.c as c
from a import d, e as f
x: "a.T"
y: "a.T | b.U[c.V, d]" = 1
z: a.T["b.U", "d | f"] | "c"
v: a.Callable[["a.T", b.U, "c"], "d.e.f"]
w: Literal["a", "b.c"]
u: a.Annotated["b.T", "c", d("f")]
t: "Annotated"
s: a.Optional[Literal["a"]]
r: (
    "a.B"  # about
)
q: """
  a . b [
    c . d,  # about
    Callable[[a], [b]]
  ]
"""
p: " a"
o: "a b"
n: ""
m: "a["
l: "a(b.c, d=f)"
k: b"a"
j: ["a", ("b", "c.d")]
i: {"a": "b"}
async def g(a1: "a", /, b1: r"b.x" = "c", *c1: "c", d1: 'd[f]' = a, **e1: "f") -> "a.b.c": "d"
class C:
    x: "a.T"
    def m(self, x: "list[C, a.B]") -> "C": y: "b"
"#;

    #[test]
    fn quoted_annotations_are_those_that_ast_reads() {
        let Some(output) = python(&format!("source = {PROGRAM:?}\n{QUOTED}")) else { return };
        let file = file(PROGRAM);
        let scopes = file.scopes();
        let items = file.imports().iter().flat_map(|stmt| stmt.items().iter().map(move |item| (stmt, item)));
        let mut found = Vec::new();
        for (stmt, item) in items.clone() {
            let uses = scopes.references(stmt, item).into_iter().filter(|one| one.quoted);
            found.extend(uses.map(|one| {
                let chain = one.chain.iter().map(|name| name.text.as_str());
                let names: Vec<_> = std::iter::once(item.bound()).chain(chain).collect();
                format!("{} {}", file.line(one.span.start), names.join("."))
            }));
        }
        let is_imported = |line: &&str| {
            let root = line.split([' ', '.']).nth(1);
            items.clone().any(|(_, item)| Some(item.bound()) == root)
        };
        let mut expected: Vec<_> = output.lines().filter(is_imported).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}
