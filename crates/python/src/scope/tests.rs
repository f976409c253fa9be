//! Scope rules as small programs, and against CPython's `symtable`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use repot_change::Span;

use crate::corpus::{blocks, python};
use crate::{BindingKind, Reference, Role, SourceFile};

/// Takes the marks out of `marked` and says where what they held stands.
pub(super) fn unmark(marked: &str) -> (String, Vec<Span>) {
    let (mut source, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for letter in marked.chars() {
        match letter {
            '‹' => start = source.len(),
            '›' => spans.push(Span::new(start, source.len())),
            _ => source.push(letter),
        }
    }
    (source, spans)
}

pub(super) fn file(source: &str) -> SourceFile {
    let file = SourceFile::parse(source.as_bytes().into());
    assert!(file.problems().is_empty(), "{source}: {:?}", file.problems());
    file
}

/// The uses of the first name that the first import binds.
pub(super) fn references(source: &str) -> Vec<Reference> {
    let file = file(source);
    let stmt = &file.imports()[0];
    file.scopes().references(stmt, &stmt.items()[0])
}

#[test]
fn uses_are_those_that_python_binds_to_the_import() {
    // What the first import binds is used where the marks are, and nowhere else.
    for marked in [
        // Functions see the module; parameters and locals hide it.
        "import a\ndef f(): return ‹a›.b\ndef g(a): return a.b\ndef h():\n  a = 1\n  return a\n",
        "import a\ndef f(b=‹a›, *c: ‹a›.T, d: ‹a› = ‹a›) -> ‹a›: return b\n",
        "import a\ndef f(*a): a\ndef g(**a): a\ndef h(x, /, *, a=‹a›): a\n",
        "import a\nx = lambda a, b=‹a›: a.b\ny = lambda: ‹a›\nz = lambda *a: a\n",
        "import a\ndef f():\n  def g(): return a\n  a = 1\n",
        "import a\ndef f():\n  global a\n  return ‹a›\n".replace("global a", "global ‹a›").as_str(),
        "import a\ndef f():\n  global ‹a›\n  ‹a› = 1\n",
        "def f():\n  import a\n  def g():\n    nonlocal ‹a›\n    ‹a› = ‹a›.b\n  return ‹a›\na\n",
        "def f():\n  import a\n  ‹a›\ndef g(): a\n",
        // A class body hides the name from itself only, and only once bound.
        "import a\nclass C:\n  a = 1\n  x = a\n  def f(self): return ‹a›.b\n",
        "import a\nclass C:\n  a = ‹a›.b\n  x = a\n",
        "import a\nclass C:\n  a: ‹a› = None\n  b: a\n",
        "import a\nclass C(‹a›.B, metaclass=‹a›.M): pass\n",
        "class C:\n  import a\n  x = ‹a›\n  y = [a for _ in ‹a›]\n  def f(self): a\n",
        "import a\nclass C:\n  def a(self): ‹a›\n  @a.setter\n  def b(self): pass\n",
        // Comprehensions are scopes, but for their first iterable.
        "import a\n[a for a in ‹a›]\n[x for x in y for a in a]\n{‹a›: x for x in ‹a›}\n",
        "import a\n(a for a in b if a)\n{‹a› for b in c}\n",
        "import a\n[(‹a› := x) for x in y]\n",
        "import a\ndef f(): return [(a := x) for x in a]\n",
        "import a\nf(x for x in ‹a›)\nf(a for a in x)\n",
        // Everything that binds, binds.
        "import a\nfor ‹a› in ‹a›: pass\n",
        "def f(b):\n  for a in b: a\nimport a\n‹a›\n",
        "import a\ndef f():\n  with x as a: a\ndef g():\n  with x as (b, a): a\n",
        "import a\ndef f():\n  try: pass\n  except x as a: a\n",
        "import a\ndef f():\n  del a\n  a\ndel ‹a›\ndel ‹a›.b, ‹a›[0]\n",
        "import a\ndef f():\n  a += 1\n‹a› += 1\n‹a›.b += ‹a›\n",
        "import a\ndef f():\n  a: int\n  a\n",
        "import a\ndef f():\n  if (a := 1): a\n",
        "import a\ndef f():\n  b, (a, *c) = x\n  a\n",
        "import a\ndef f():\n  for b, *a in x: a\n",
        "import a\ndef f():\n  def a(): pass\n  a\n",
        "import a\ndef f():\n  class a: pass\n  a\n",
        "import a\ndef f():\n  from b import c as a\n  a\n",
        // Patterns capture single names and read dotted ones.
        "import a\nmatch x:\n  case ‹a›.B: pass\n  case ‹a›.C(a=1, b=‹a›.D): pass\n  case {‹a›.K: v}: pass\n",
        "import a\ndef f(x):\n  match x:\n    case [1, a]: a\n",
        "import a\ndef f(x):\n  match x:\n    case {'k': 1, **a}: a\n",
        "import a\ndef f(x):\n  match x:\n    case C(y=a) | [*a]: a\n",
        "import a\ndef f(x):\n  match ‹a›:\n    case C() as b if ‹a›: pass\n",
        "import a\ndef f(x):\n  match a:\n    case C() as a: a\n",
        // Keywords and attributes are no names.
        "import a\nf(a=1, b=‹a›)\nx.a\nx.a.b = ‹a›.a\nx.a()\n",
        // Type parameters are a scope around their definition (PEP 695).
        "import a\ndef f[a](x: a) -> a: return a\ndef g[T: ‹a›.B](x: T): ‹a›\n",
        "import a\nclass C[a](B[a]): x: a\nclass D[*a]: x: a\nclass E[T](‹a›): x: T\n",
        "import a\ntype X = list[‹a›]\ntype Y[a] = list[a]\ntype Z[T: ‹a›] = ‹a›.b[T]\n",
        // Statements of every kind read.
        "import a\n@‹a›.b(‹a›)\n@‹a›\nclass C: pass\nassert ‹a›, ‹a›\nraise ‹a›.E from ‹a›\n",
        "import a\nwith ‹a›.b() as c, ‹a›: pass\nwhile ‹a›: pass\nx = yield_ if ‹a› else ‹a›\nx[‹a›:‹a›] = not ‹a›\n",
        "import a\nasync def f():\n  async with ‹a› as b: await ‹a›\n  async for c in ‹a›: yield ‹a›\n",
        "import a\ntry: pass\nexcept ‹a›.E: pass\nexcept (x, ‹a›.F) as e: pass\n",
        // An alias is the name; `import a.b` binds `a`, and so do its like.
        "import b as a, c\nc\nb\n‹a›\n",
        "from b import c as a\n‹a›\nb.c\n",
        "from b import (\n  a,  # a\n)\n‹a›\n",
        "import a.b\nimport a.c\n‹a›.b\n‹a›.c\n",
        "import a\nif x:\n  import b as a\nelse:\n  ‹a› = None\n‹a›\n",
    ] {
        let (source, expected) = unmark(marked);
        let found: Vec<_> = references(&source).iter().map(|one| one.span).collect();
        assert_eq!(found, expected, "{marked}");
    }
}

#[test]
fn interpolations_are_code_and_other_strings_are_not() {
    for marked in [
        "import a\nf'{‹a›.b:{‹a›}} a {x!r}'\n'a'\nf'{f\"{‹a›}\"}'\n",
        "import a\nt'{‹a›.b:{‹a›}} a {x!r}'\nf'{‹a›.b=} {{a}}'\nf'{x[\"a\"]}'\nrf'{(‹a›).b}'\n",
        "import a\nf\"\"\"{\n  ‹a›.b\n} a\"\"\"\nf'{[a for a in ‹a›]} {(lambda a: a)(‹a›)}'\n",
    ] {
        let (source, expected) = unmark(marked);
        let found: Vec<_> = references(&source).iter().map(|one| one.span).collect();
        assert_eq!(found, expected, "{marked}");
    }
}

#[test]
fn a_use_knows_its_chain_and_its_call() {
    for (use_, chain, call) in [
        ("a", "", None),
        ("a.b.c", "b.c", None),
        ("a . b()", "b", Some((0, "", false))),
        ("a.b(1, x, k=2, l=3).c(4)", "b", Some((2, "k,l", false))),
        ("a(*x)", "", Some((0, "", true))),
        ("a(1, **x)", "", Some((1, "", true))),
        ("a.b(x for x in y)", "b", Some((1, "", false))),
        ("a[0].b", "", None),
        ("(a).b", "", None),
        ("f(a.b)", "b", None),
        ("x = a.b[1].c(2)", "b", None),
        ("f'{a.b.c!r:>{x}}'", "b.c", None),
        ("f'{x:{a.b}}'", "b", None),
        ("f'{f\"{a.b(1)}\"}'", "b", Some((1, "", false))),
        ("t'{a.b}'", "b", None),
    ] {
        let found = references(&format!("import a.b\n{use_}\n"));
        assert_eq!(found.len(), 1, "{use_}");
        let names = |names: &[crate::Name], by| {
            names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(by)
        };
        assert_eq!(names(&found[0].chain, "."), chain, "{use_}");
        let source = format!("import a.b\n{use_}\n");
        assert!(found[0].chain.iter().all(|name| source[name.span.range()] == *name.text), "{use_}");
        let shape = found[0].call.as_ref();
        let shape = shape.map(|call| (call.positional, names(&call.keywords, ","), call.is_open));
        let expected =
            call.map(|(positional, keywords, open): (_, &str, _)| (positional, keywords.to_owned(), open));
        assert_eq!(shape, expected, "{use_}");
    }
}

#[test]
fn a_use_knows_what_it_is_there_for() {
    for (source, expected) in [
        ("class C(a.B, m=x): pass", "base"),
        ("class C(a[x]): pass", "base"),
        ("class C(x[a]): pass", ""),
        ("class C(metaclass=a): pass", ""),
        ("@a.b\ndef f(): pass", "decorator"),
        ("@a.b(x)\nclass C: pass", "decorator"),
        ("@x(a)\nclass C: pass", ""),
        ("raise a.E('x')", "raise"),
        ("raise E(a)", ""),
        ("try: pass\nexcept a.E: pass", "raise"),
        ("try: pass\nexcept (x, a.E) as e: pass", "raise"),
        ("try: pass\nexcept* a: pass", "raise"),
        ("x: a.T = 1", "annotation"),
        ("def f(x: list[a]): pass", "annotation"),
        ("def f(x: 'b' | a): pass", "annotation"),
        ("def f() -> a.b: pass", "annotation"),
        ("type X = a", "annotation"),
        ("x: T = a", ""),
        ("a = 1", "store"),
        ("del a", "delete"),
    ] {
        let found = references(&format!("import a\n{source}\n"));
        assert_eq!(found.len(), 1, "{source}");
        let one = &found[0];
        let said = [
            (one.is_base, "base"),
            (one.is_decorator, "decorator"),
            (one.in_raise_or_except, "raise"),
            (one.annotation, "annotation"),
            (one.role == Role::Store, "store"),
            (one.role == Role::Delete, "delete"),
        ];
        let said: Vec<_> = said.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        assert_eq!(said.join(" "), expected, "{source}");
    }
}

#[test]
fn a_lookup_sees_what_code_at_the_place_would_see() {
    // The name is looked up where the mark stands.
    for (marked, expected) in [
        ("‹›x\nstore = 1\n", Some((BindingKind::Assignment, true))),
        ("def f(store): return ‹›x\n", Some((BindingKind::Parameter, false))),
        ("def f(store): return 1\n‹›x\n", None),
        ("def f(store=‹›x): return 1\n", None),
        ("class C:\n  store = 1\n  ‹›x\n", Some((BindingKind::Assignment, false))),
        ("class C:\n  ‹›x\n  store = 1\n", None),
        ("class C:\n  store = 1\n  def f(self): ‹›x\n", None),
        ("import store.b\nclass C:\n  store = 1\n  def f(self): ‹›x\n", Some((BindingKind::Import, true))),
        ("[‹›x for store in y]\n", Some((BindingKind::Assignment, false))),
        ("[x for store in ‹›y]\n", None),
        ("def f[store](): ‹›x\n", Some((BindingKind::TypeParameter, false))),
        ("def f():\n  def store(): pass\n  ‹›x\n", Some((BindingKind::Function, false))),
        ("class store: pass\nlambda: ‹›x\n", Some((BindingKind::Class, true))),
        ("def f():\n  global store\n  ‹›x\nstore = 1\n", Some((BindingKind::Assignment, true))),
    ] {
        let (source, place) = unmark(marked);
        let found = file(&source).scopes().lookup("store", place[0].start);
        assert_eq!(found.map(|binding| (binding.kind, binding.is_module)), expected, "{marked}");
    }
}

#[test]
fn what_is_bound_nowhere_is_unbound() {
    for marked in [
        "print(‹x›)\n",
        "def f(): return y\ny = 1\n",
        "class C:\n  y = 1\n  def f(self): return ‹y›\n",
        "[y for y in ‹y›]\n",
        "def f():\n  y = 1\n‹y›\n",
        "‹y›.z(k=‹w›)\n",
        "def f():\n  global y\n  y = 1\ny\n",
        "x: ‹T› = __file__\n",
        "@‹d›\ndef f(a: ‹T›) -> ‹U›: super().f(__class__)\n",
        "from m import *\n‹y›\n",
        "import a.b\na\n‹b›\n",
    ] {
        let (source, expected) = unmark(marked);
        let found: Vec<_> = file(&source).scopes().unbound().iter().map(|name| name.span).collect();
        assert_eq!(found, expected, "{marked}");
    }
}

#[test]
fn a_name_may_be_bound_anywhere() {
    let source = file("def f(a, *b):\n  import c.d as e\n  [g for g in h]\n  i.j = 1\n");
    let scopes = source.scopes();
    let bound = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].into_iter();
    let bound: BTreeSet<_> = bound.filter(|name| scopes.binds_anywhere(name)).collect();
    assert_eq!(bound, BTreeSet::from(["a", "b", "e", "f", "g"]));
}

/// For a part of the files: `NAME LINES` for every name that is imported at
/// module level, and `? LINES` for lines that the symbol table leaves open.
const ORACLE: &str = r#"
import ast, symtable, tokenize
KINDS = {ast.Lambda: 'lambda', ast.GeneratorExp: 'genexpr', ast.ListComp: 'listcomp', ast.SetComp: 'setcomp',
    ast.DictComp: 'dictcomp'}
def enter(table, node):
    name = getattr(node, 'name', None) or KINDS[type(node)]
    left = rest.setdefault(id(table), list(table.get_children()))
    for child in left:
        if child.get_name() == name and child.get_lineno() == node.lineno:
            left.remove(child); keep.append(child)
            return child
    raise LookupError(name)
def use(table, name, line, reads):
    if name.startswith('__') and not name.endswith('__'): return
    try: symbol = table.lookup(name)
    except KeyError: open_lines.add(line); return
    if table.get_type() == 'module' or symbol.is_global(): lines.setdefault(name, set()).add(line)
    elif table.get_type() == 'class' and reads: open_lines.add(line)
def walk(node, table):
    inner, outside = table, []
    if isinstance(node, ast.Name): use(table, node.id, node.lineno, isinstance(node.ctx, ast.Load))
    if isinstance(node, ast.Global):
        for name in node.names: use(table, name, node.lineno, False)
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        use(table, node.name, node.lineno, False)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        if getattr(node, 'type_params', None): raise LookupError(node.name)
        use(table, node.name, node.lineno, False)
        outside += node.decorator_list
    if isinstance(node, ast.ClassDef): outside += node.bases + node.keywords
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        args = node.args
        outside += args.defaults + [d for d in args.kw_defaults if d] + [getattr(node, 'returns', None)]
        outside += [a.annotation for a in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg] if a]
    if isinstance(node, tuple(KINDS)[1:]): outside.append(node.generators[0].iter)
    outside = [n for n in outside if n is not None]
    for child in outside: walk(child, table)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, *KINDS)): inner = enter(table, node)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            for part in ast.iter_child_nodes(child):
                if part not in outside: walk(part, inner)
        elif child not in outside and not isinstance(child, (ast.arguments, ast.alias)): walk(child, inner)
for path in files[::10]:
    rest, keep, lines, open_lines = {}, [], {}, set()
    try:
        with tokenize.open(path) as file: source = file.read()
        table = symtable.symtable(source, path, 'exec')
        walk(ast.parse(source), table)
    except (SyntaxError, ValueError, LookupError, RecursionError): continue
    print('#', path)
    print('?', *sorted(open_lines))
    for symbol in table.get_symbols():
        if symbol.is_imported(): print(symbol.get_name(), *sorted(lines.get(symbol.get_name(), ())))
"#;

/// The lines on which each name is used that the module itself imports.
fn used_lines(file: &SourceFile) -> BTreeMap<String, BTreeSet<usize>> {
    let scopes = file.scopes();
    let mut found = BTreeMap::<String, BTreeSet<usize>>::new();
    for stmt in file.imports().iter().filter(|stmt| stmt.is_module_level()) {
        for item in stmt.items() {
            let uses = scopes.references(stmt, item).into_iter().filter(|one| !one.quoted);
            let lines = uses.map(|one| file.line(one.span.start));
            found.entry(item.bound().to_owned()).or_default().extend(lines);
        }
    }
    found
}

#[test]
fn uses_are_those_of_the_symbol_table() {
    let Some(output) = python(ORACLE) else { return };
    let (mut names, mut report) = (0, String::new());
    for (path, bytes, lines) in blocks(&output) {
        let file = SourceFile::parse(bytes.into());
        if !file.problems().is_empty() {
            continue;
        }
        let mut found = used_lines(&file);
        let number = |text: &str| text.parse::<usize>().unwrap();
        let parsed = lines.iter().map(|line| line.split_once(' ').unwrap_or((line, "")));
        let mut parsed = parsed.map(|(name, lines)| (name, lines.split_whitespace().map(number).collect()));
        let open: BTreeSet<usize> = parsed.next().unwrap().1;
        for (name, expected) in parsed {
            names += 1;
            let found = found.remove(name).unwrap_or_default();
            if !found.symmetric_difference(&expected).all(|line| open.contains(line)) {
                writeln!(report, "{path}: {name}: found {found:?}, expected {expected:?}").unwrap();
            }
        }
    }
    assert!(names > 200, "only {names} names");
    assert!(report.is_empty(), "{report}");
}
