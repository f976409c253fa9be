//! The scan against CPython's parser, against the tree, and on broken input.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::corpus::{PATHS, blocks, python};
use crate::lines::Lines;
use crate::tree::{children, span};
use crate::{FromImport, FromNames, ImportedName, SourceFile};

/// Prints every import statement of every third file, if CPython can parse it.
const ORACLE: &str = r#"
import ast
CAUGHT = {'ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException'}
BLOCKS = (ast.If, ast.Try, getattr(ast, 'TryStar', ast.Try), ast.Match, ast.For, ast.AsyncFor, ast.While,
    ast.With, ast.AsyncWith)
def names(aliases):
    return ','.join(a.name + (f'={a.asname}' if a.asname else '') for a in aliases)
def caught(handler):
    return handler.type is None or any(getattr(n, 'id', getattr(n, 'attr', '')) in CAUGHT
        for n in ast.walk(handler.type))
def walk(node, flags):
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        what = f'{node.level}:{node.module or ""}' if isinstance(node, ast.ImportFrom) else '-'
        print(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, what, names(node.names),
            ''.join(sorted(flags)))
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)): flags = flags - {'G'} | {'f'}
    if isinstance(node, ast.ClassDef): flags = flags | {'c'}
    if isinstance(node, BLOCKS): flags = flags | {'b'}
    for field, value in ast.iter_fields(node):
        inner = flags
        if isinstance(node, ast.If) and field == 'body':
            if ast.unparse(node.test).split('.')[-1] == 'TYPE_CHECKING': inner = flags | {'t'}
        if isinstance(node, BLOCKS[1:3]) and field != 'finalbody':
            if any(caught(h) for h in node.handlers): inner = flags | {'G'}
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)): walk(child, inner)
for path in files[::3]:
    with open(path, 'rb') as file: source = file.read()
    try: tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError): continue
    print('#', path)
    for node in tree.body: walk(node, frozenset())
"#;

fn aliases(items: &[ImportedName]) -> String {
    let one = |item: &ImportedName| {
        let alias = item.alias.as_ref().map(|alias| format!("={}", alias.text));
        item.name.text.clone() + &alias.unwrap_or_default()
    };
    items.iter().map(one).collect::<Vec<_>>().join(",")
}

/// One statement as the oracle prints it.
fn printed(source: &[u8], lines: &Lines, stmt: &ImportStmt) -> String {
    let place = |offset: usize| {
        let start = lines.span(offset).start;
        let bom = if start == 0 { crate::encoding::start(source) } else { 0 };
        // CPython counts the columns of the file as UTF-8.
        let column = crate::encoding::decode(&source[start..offset]).len() - bom;
        format!("{} {column}", lines.number(offset))
    };
    let what = stmt.as_from().map_or("-".to_owned(), |from| {
        format!("{}:{}", from.level, from.module.as_ref().map_or("", |module| &module.text))
    });
    let is_star = stmt.as_from().is_some_and(|from| matches!(from.names, FromNames::Star(_)));
    let names = if is_star { "*".to_owned() } else { aliases(stmt.items()) };
    let context = stmt.context;
    let flags = [
        (context.guarded, 'G'),
        (context.conditional, 'b'),
        (context.in_class, 'c'),
        (context.in_function, 'f'),
        (context.type_checking, 't'),
    ];
    let flags: String = flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag).collect();
    assert_eq!(place(stmt.span.start).split(' ').next(), Some(stmt.line.to_string().as_str()));
    format!("{} {} {what} {names} {flags}", place(stmt.span.start), place(stmt.span.end))
}

#[test]
fn the_scan_finds_what_cpython_parses() {
    let Some(output) = python(ORACLE) else { return };
    let (mut files, mut statements, mut report) = (0, 0, String::new());
    for (path, bytes, expected) in blocks(&output) {
        let lines = Lines::of(&bytes);
        let found: Vec<_> = scan_imports(&bytes).iter().map(|stmt| printed(&bytes, &lines, stmt)).collect();
        (files, statements) = (files + 1, statements + found.len());
        if found != expected {
            let missed = expected.iter().find(|line| !found.iter().any(|one| one == *line));
            let invented = found.iter().find(|line| !expected.contains(&line.as_str()));
            writeln!(report, "{path}: missed {missed:?}, invented {invented:?}").unwrap();
        }
    }
    assert!(files > 100 && statements > 1000, "only {files} files with {statements} imports");
    assert!(report.is_empty(), "{report}");
}

/// The import nodes of a tree, in order.
fn nodes(file: &SourceFile) -> Vec<Span> {
    let mut found = Vec::new();
    let mut work = vec![file.root()];
    while let Some(node) = work.pop() {
        match node.kind() {
            "import_statement" | "import_from_statement" | "future_import_statement" => {
                found.push(span(node));
            }
            _ => work.extend(children(node)),
        }
    }
    found.sort();
    found
}

/// Holds every span within a statement against what stands there.
fn check_spans(source: &[u8], stmt: &ImportStmt) {
    if std::str::from_utf8(&source[stmt.span.range()]).is_err() {
        return;
    }
    let slice = |span: Span| String::from_utf8_lossy(&source[span.range()]).into_owned();
    let squeezed = |span: Span| slice(span).replace([' ', '\t', '\x0c', '\\', '\n', '\r'], "");
    let written = slice(stmt.span);
    let keyword = if stmt.as_from().is_some() { "from" } else { "import" };
    assert!(written.starts_with(keyword) && written.trim_end() == written, "{written}");
    for item in stmt.items() {
        assert_eq!(squeezed(item.name.span), item.name.text);
        let end = item.alias.as_ref().map_or(item.name.span.end, |alias| alias.span.end);
        assert_eq!(item.span, Span::new(item.name.span.start, end));
        assert!(item.alias.as_ref().is_none_or(|alias| slice(alias.span) == alias.text), "{written}");
        assert!(stmt.span.contains(item.span), "{written}");
    }
    let Some(from) = stmt.as_from() else { return };
    assert_eq!(squeezed(from.module_span), from.written());
    match &from.names {
        FromNames::Star(star) => assert_eq!(slice(*star), "*"),
        FromNames::Names { parentheses: None, names } => {
            assert_eq!(names.last().map(|last| last.span.end), Some(stmt.span.end), "{written}");
        }
        FromNames::Names { parentheses: Some(both), .. } => {
            assert!(slice(*both).starts_with('(') && slice(*both).ends_with(')'), "{written}");
            assert_eq!(both.end, stmt.span.end, "{written}");
        }
    }
}

#[test]
fn the_scan_finds_what_the_tree_holds() {
    let Some(output) = python(PATHS) else { return };
    let (mut clean, mut report) = (0, String::new());
    for (path, bytes, _) in blocks(&output) {
        let file = SourceFile::parse(bytes.into());
        if !file.problems().is_empty() {
            continue;
        }
        clean += 1;
        file.imports().iter().for_each(|stmt| check_spans(file.bytes(), stmt));
        let scanned: Vec<_> = file.imports().iter().map(|stmt| stmt.span).collect();
        if scanned != nodes(&file) {
            writeln!(report, "{path}").unwrap();
        }
    }
    assert!(clean > 100, "only {clean} files");
    assert!(report.is_empty(), "{report}");
}

/// Each statement as `LINE NAMES FLAGS`, free of offsets.
fn short(source: &str) -> Vec<String> {
    let one = |stmt: &ImportStmt| {
        check_spans(source.as_bytes(), stmt);
        let module = stmt.as_from().map(FromImport::written).unwrap_or_default();
        format!("{} {module}:{} {:?}", stmt.line, aliases(stmt.items()), stmt.context)
    };
    scan_imports(source.as_bytes()).iter().map(one).collect()
}

fn names(source: &str) -> String {
    let found = scan_imports(source.as_bytes());
    let all = found.iter().flat_map(ImportStmt::items).map(ImportedName::bound);
    all.collect::<Vec<_>>().join(" ")
}

#[test]
fn statements_are_found_wherever_python_allows_them() {
    for (source, expected) in [
        ("import a; import b ;x; from c import d\n", "a b d"),
        ("if x: import a\nelse: import b; import c", "a b c"),
        ("class A: from a import b as c\n", "c"),
        ("from a \\\n  import \\\r\n  b\n", "b"),
        ("from . . a import(b,#c\n\n d as e,\n)#f\n", "b e"),
        ("from.import a\nfrom...a import b\nfrom .. import(c)\n", "a b c"),
        ("\u{FEFF}import a\n\x0cimport b\n \x0cimport c\n", "a b c"),
        ("import shop . cart as c , d\n", "c d"),
        ("import ünïcode\n", "ünïcode"),
        ("x = '''\nimport a\n'''; import b\n", "b"),
        ("x = (\n'import a', '''\nimport b'''\n)\nimport c\n", "c"),
        ("f'''{\nx\n}\nimport a\n'''\nimport b", "b"),
        ("# import a\nimport b # import c\n", "b"),
        ("x = 1 \\\n; import a\n", "a"),
        ("import_a\nfrom_b = 1\nimporta\nfrom = import\n", ""),
        ("import a b\nimport\nfrom a import\nfrom a import (b\n", ""),
        ("from import a\nimport if\nfrom a import b,\nimport a.\n", ""),
        ("import a", "a"),
        ("x = (1,\nimport a\n", "a"),
        ("def f(x, y:\n  import a\n", "a"),
        ("print 'x'\nimport a\n", "a"),
    ] {
        assert_eq!(names(source), expected, "{source:?}");
    }
}

#[test]
fn a_word_is_mentioned_only_as_a_whole() {
    for (source, expected) in [
        ("shop.cart", true),
        ("(shop.cart)", true),
        ("shop.carts shop.cart", true),
        ("bishop.cart", false),
        ("shop.cart_", false),
        ("shop.carté", false),
        ("shop-cart", false),
    ] {
        assert_eq!(mentions(source.as_bytes(), b"shop.cart"), expected, "{source}");
    }
    assert!(!mentions(b"", b"") && !mentions(b"a", b""));
}

/// Pieces that Python files are made of, whole and broken.
const PIECES: [&str; 56] = [
    "import a",
    "import a.b as c, d",
    "from .a import b",
    "from a import (\n  b,\n  c as d # e\n)",
    "from a import *",
    "\n",
    "\n",
    "\n",
    "\n    ",
    "\n        ",
    "\n\t",
    "; ",
    " \\\n",
    "if x:",
    "else:",
    "try:",
    "except ImportError:",
    "except:",
    "finally:",
    "if TYPE_CHECKING:",
    "def f(a, b=1):",
    "class A(B):",
    "with x as y:",
    "x = 1",
    "'''",
    "\"",
    "'",
    "f'{x}'",
    "f\"\"\"{",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    "# c",
    "lambda x: 1",
    "\\",
    "\x0c",
    "é",
    "match x:",
    "case y:",
    "async ",
    "@d",
    "x: int = 2",
    "return",
    "del x",
    "global g",
    "[i for i in j]",
    "print 'x'",
    "type X[T] = a",
    "(y := 1)",
    "a.b.c(d=1)",
    "__all__ = ['a']",
    "self.x = 1",
    "nonlocal g",
];

fn program() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..30).prop_map(|pieces| pieces.concat())
}

/// Asks a file everything that can be asked.
fn ask_everything(file: &SourceFile) {
    let len = file.bytes().len();
    let scopes = file.scopes();
    for stmt in file.imports() {
        check_spans(file.bytes(), stmt);
        for item in stmt.items() {
            assert!(scopes.references(stmt, item).iter().all(|one| one.span.end <= len));
        }
    }
    for problem in file.problems() {
        assert!(problem.span.end <= len && file.is_broken(problem.span));
    }
    for offset in 0..=len {
        let line = file.line_span(offset);
        assert!(line.start <= offset && offset <= line.end && file.line_end(offset) <= line.end);
        assert!(scopes.lookup("x", offset).is_none() || scopes.binds_anywhere("x"));
    }
    assert!(file.docstring_or_future_end() <= len);
    assert!(scopes.unbound().iter().all(|name| name.span.end <= len));
    assert!(file.strings().iter().all(|literal| literal.span.contains(literal.content)));
    let definitions = &file.definitions().names;
    assert!(definitions.values().flatten().all(|definition| definition.span.end <= len));
    assert!(file.class("A").is_none_or(|class| class.span.end <= len));
    assert!(file.function("f").is_none_or(|function| function.parameters.len() <= len));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn line_ends_make_no_difference(program in program()) {
        let expected = short(&program);
        prop_assert_eq!(&short(&program.replace('\n', "\r\n")), &expected);
        prop_assert_eq!(&short(&program.replace('\n', "\r")), &expected);
    }

    #[test]
    fn a_broken_program_never_panics(
        program in program(),
        noise in prop::collection::vec(any::<u8>(), 0..20),
        at in 0_usize..200,
    ) {
        let at = at.min(program.len());
        let bytes = [&program.as_bytes()[..at], &noise, &program.as_bytes()[at..]].concat();
        ask_everything(&SourceFile::parse(bytes.into()));
    }

    #[test]
    fn noise_never_panics(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        ask_everything(&SourceFile::parse(noise.into()));
    }
}
