//! What uses of a name are found, on the smallest code.

use proptest::prelude::*;

use super::*;

fn usage(source: &str) -> Usage {
    let file = SourceFile::parse(source.as_bytes().into());
    let stmt = &file.imports()[0];
    file.scopes().usage(stmt, &stmt.items()[0])
}

fn call(shape: &CallShape) -> String {
    let keywords = shape.keywords.iter().map(|name| format!(" {}=", name.text));
    let open = if shape.is_open { "*" } else { "" };
    format!("({}{}{open})", shape.positional, keywords.collect::<String>())
}

fn done(access: &Access) -> String {
    let verb = match &access.verb {
        Verb::Read => String::new(),
        Verb::Written => "=".to_owned(),
        Verb::Deleted => "del".to_owned(),
        Verb::Called(shape) => call(shape),
    };
    if access.then == Then::Kept { verb } else { format!("{verb} {:?}", access.then) }
}

fn kind(kind: &UseKind) -> String {
    match kind {
        UseKind::Annotation { quoted: false } => "annotation".to_owned(),
        UseKind::Annotation { quoted: true } => "quoted".to_owned(),
        UseKind::Called(shape) => format!("called{}", call(shape)),
        UseKind::Base => "base".to_owned(),
        UseKind::Raised(shape) => format!("raised{}", shape.as_ref().map(call).unwrap_or_default()),
        UseKind::Caught => "caught".to_owned(),
        UseKind::TypeTest => "test".to_owned(),
        UseKind::Attribute(one) => format!(".{}{}", one.name.text, done(&one.access)),
        UseKind::Decorator(shape) => format!("@{}", shape.as_ref().map(call).unwrap_or_default()),
        UseKind::Default => "default".to_owned(),
        UseKind::Value(Then::Kept) => "value".to_owned(),
        UseKind::Value(then) => format!("value {then:?}"),
        UseKind::Rebound => "rebound".to_owned(),
    }
}

fn uses(code: &str) -> String {
    let usage = usage(&format!("from m import X\n{code}\n"));
    usage.uses.iter().map(|one| kind(&one.kind)).collect::<Vec<_>>().join(", ")
}

/// What is done with instances of `X`, in the order of the file.
fn instances(code: &str) -> String {
    let usage = usage(&format!("from m import X\n{code}\n"));
    let members =
        usage.members.iter().map(|one| (one.name.span, format!(".{}{}", one.name.text, done(&one.access))));
    let whole = usage.instances.iter().map(|one| (one.span, done(one).trim().to_owned()));
    let mut all: Vec<_> = members.chain(whole).collect();
    all.sort();
    all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_name_is_used_for_what_stands_around_it() {
    for (code, expected) in [
        ("x: X = None", "annotation"),
        (
            "def f(a: X, *b: X, c: X = 1, **d: X) -> X: ...",
            "annotation, annotation, annotation, annotation, annotation",
        ),
        (
            "a: 'X'\nb: Optional[X]\nc: 'list[X] | None'\nd = 1  # type: X",
            "quoted, annotation, quoted, quoted",
        ),
        (
            "type A = list[X]\nB = list[X]\nC = Dict[str, X]\nD = TABLE[X]",
            "annotation, annotation, annotation, value",
        ),
        ("x = X()\ny = X(1, a=2)\nz = X(*a, **b)", "called(0), called(1 a=), called(0*)"),
        ("x = (X)(1)\ny = X[int](2)\nz = X(1)[0]", "called(1), called(1), called(1)"),
        ("class A(X): ...\nclass B(X[int], C): ...\nclass D(C[X]): ...", "base, base, annotation"),
        ("class A(metaclass=X): ...\nclass B(X()): ...", "value, called(0)"),
        ("raise X\nraise X('a') from b\nraise m.Y(X)", "raised, raised(1), value"),
        ("try: ...\nexcept X: ...\nexcept (Y, X) as e: ...", "caught, caught"),
        ("try: ...\nexcept* X: ...", "caught"),
        (
            "isinstance(a, X)\nissubclass(a, (X, Y))\nisinstance(a, X | Y)\nisinstance(X, a)",
            "test, test, test, value",
        ),
        ("match a:\n  case X(): ...\n  case X.A: ...\n  case {'a': X(b=1)}: ...", "test, .A, test"),
        ("X.A\nX.B.value\nX.make(1)\nX.c = 1\nawait X.d()", ".A, .B, .make(1), .c=, .d(0) Awaited"),
        ("@X\ndef f(): ...\n@X(1)\ndef g(): ...\n@X.a(1)\ndef h(): ...", "@, @(1), .a(1)"),
        ("def f(a=X, b: int = X, c=X()): ...\nlambda a=X: a", "default, default, called(0), default"),
        ("f(X)\nf(a=X)\n[X]\nreturn_ = X\n{X: 1}", "value, value, value, value, value"),
        (
            "for x in X: ...\nlist(X)\nX['a']\nlen(X)\na in X",
            "value Iterated, value Iterated, value Indexed, value Measured, value Searched",
        ),
        ("X = 1\ndel X", "rebound, rebound"),
        ("", ""),
    ] {
        assert_eq!(uses(code), expected, "{code}");
    }
}

#[test]
fn an_exported_name_is_listed() {
    assert!(usage("from m import X\n__all__ = ['X']\n").is_listed);
    assert!(!usage("from m import X as Y\n__all__ = ['X']\n").is_listed);
    assert!(usage("from m import X\n").is_unused());
    assert!(usage("from m import X\nx: X\ny: 'X'\n").is_annotation_only());
    assert!(!usage("from m import X\nx: X = X()\n").is_annotation_only());
}

#[test]
fn instances_are_followed_to_their_members() {
    for (code, expected) in [
        ("def f(x: X): x.a; x.b(1, c=2); x.d = 1; del x.e", ".a, .b(1 c=), .d=, .edel"),
        ("def f(x: 'X', y: Optional[X], z: X | None, w: 'X | None'): x.a; y.b; z.c; w.d", ".a, .b, .c, .d"),
        ("x = X()\nx.a()\nX().b()\n(y := X()).c\ny.d", ".a(0), .b(0), .c, .d"),
        (
            "async def f(x: X):\n  await x.a()\n  async with x.b(): ...\n  async for i in x.c(): ...",
            ".a(0) Awaited, .b(0) EnteredAsync, .c(0) IteratedAsync",
        ),
        ("with X() as x: x.a\nasync def f():\n  async with X() as y: y.b", "Entered, .a, EnteredAsync, .b"),
        (
            "def f(x: X):\n  for i in x: ...\n  x[0]\n  x[1] = 2\n  x(1)\n  len(x)\n  1 in x\n  x < x",
            "Iterated, Indexed, IndexedForWriting, (1), Measured, Searched, Ordered, Ordered",
        ),
        ("x = y = X()\nz = x\nx.a; y.b; z.c", ".a, .b, .c"),
        ("x = a or X()\ny = X() if a else None\nx.a; y.b", ".a, .b"),
        ("def f(x: X):\n  x.a.b = 1\n  def g(): x.c\n  def h(x): x.d", ".a, .c"),
        (
            "class A:\n  def __init__(self, x: X): self.x = x\n  def f(self): self.x.a()\n  def g(me): me.x.b",
            ".a(0), .b",
        ),
        ("class A:\n  x: X\n  def f(self): self.x.a\nclass B:\n  def f(self): self.x.b", ".a"),
        (
            "class A:\n  def __init__(self, x: X | None = None): self._x = x or X()\n  def f(self): self._x.a",
            ".a",
        ),
        ("class A:\n  def f(self): self.x: X = make(); self.x.a", ".a"),
        (
            "def f(xs: list[X], m: dict[str, X]):\n  for x in xs: x.a\n  xs[0].b\n  [x.c for x in xs[1:]]\n  m[1].d\n  for v in m.values(): v.e\n  xs.f",
            ".a, .b, .c, .d, .e",
        ),
        ("def f(*xs: X, **m: X):\n  for x in xs: x.a\n  m['k'].b", ".a, .b"),
        ("def f(t: type[X], c: Callable[[X], int]): t.a; c.b", ""),
        ("def f() -> X: ...\nf().a\nx = f()\nx.b\nf.c", ".a, .b"),
        (
            "class A:\n  async def f(self) -> list[X]: ...\n  async def g(self):\n    for x in await self.f(): x.a\n    self.f().b\nclass B:\n  async def h(self): (await self.f())[0].c",
            ".a",
        ),
        ("X.a", ""),
    ] {
        assert_eq!(instances(code), expected, "{code}");
    }
}

#[test]
fn instances_come_out_of_what_they_were_put_into() {
    for (code, expected) in [
        (
            "def f(m: dict[str, list[X]]):\n  for k, v in m.items():\n    for x in v: x.a\n  m['k'][0].b\n  m.get('k')",
            ".a, .b",
        ),
        (
            "def f(t: tuple[int, X], u: tuple[X, ...]):\n  n, x = t\n  x.a\n  n.b\n  t[1].c\n  t[0].d\n  u[7].e",
            ".a, .c, .e",
        ),
        ("def f() -> list[tuple[X, list[X]]]: ...\nfor x, xs in f():\n  x.a\n  xs[0].b\n  xs.c", ".a, .b"),
        (
            "def f(xs: list[X]):\n  xs.sort(key=lambda x: x.a)\n  y = max(xs, key=lambda x: x.b)\n  y.c\n  for z in sorted(xs, key=lambda x: x.d): z.e",
            ".a, .b, .c, .d, .e",
        ),
        (
            "def f(xs: list[X]):\n  for i, x in enumerate(xs): x.a; i.b\n  for n, y in zip([], xs): y.c\n  list(filter(lambda x: x.d, reversed(xs)))[0].e",
            ".a, .c, .d, .e",
        ),
        ("xs = []\nxs.append(X())\nfor x in xs: x.a\nm = {}\nm['k'] = X()\nm['k'].b", ".a, .b"),
        (
            "m = defaultdict(list)\nm['k'].append(X())\nfor k, xs in m.items():\n  max(xs, key=lambda x: x.a).b",
            ".a, .b",
        ),
        (
            "xs = [X() for i in y]\nxs.pop().a\nm = {'k': X()}\nfor v in m.values(): v.b\nt = (1, X())\nt[1].c",
            ".a, .b, .c",
        ),
        (
            "class A:\n  def __init__(self): self.xs = {}\n  def f(self, x: X): self.xs[1] = x\n  def g(self): self.xs[1].a",
            ".a",
        ),
        (
            "def f():\n  for a in y:\n    try:\n      x = X(a)\n      x.fit(a)\n    except E: continue\n  z = X(2)\n  z.score(a)",
            ".fit(1), .score(1)",
        ),
    ] {
        assert_eq!(instances(code), expected, "{code}");
    }
}

/// What is done with instances of `X` that `other` has by what `file` hands out.
fn given(file: &str, other: &str) -> String {
    let gifts = usage(&format!("from m import X\n{file}\n")).gifts;
    let mut found = Vec::new();
    let owner = |gift: &Gift| gift.owner.clone().unwrap_or_else(|| gift.name.clone());
    for name in gifts.iter().map(owner).collect::<std::collections::BTreeSet<_>>() {
        let user = SourceFile::parse(format!("from file import {name}\n{other}\n").into_bytes().into());
        let offset = user.imports()[0].items()[0].bound_start();
        let own: Vec<Gift> = gifts.iter().filter(|gift| owner(gift) == name).cloned().collect();
        let usage = user.scopes().given(offset, &own);
        found.extend(usage.members.iter().map(|one| format!(".{}{}", one.name.text, done(&one.access))));
        found.extend(
            usage
                .gifts
                .iter()
                .map(|gift| format!("{}!{}", gift.owner.clone().unwrap_or_default(), gift.name)),
        );
    }
    found.join(", ")
}

#[test]
fn a_generic_base_hands_out_what_is_passed_to_it() {
    let passed =
        usage("from m import X\nclass A(B, R[int, X], Protocol): ...\nclass C(R[list[X]]): ...").passed;
    assert_eq!(passed, [Passed { class: "A".to_owned(), base: "R".to_owned(), at: 1 }]);
    for (code, at, expected) in [
        (
            "K = T\nT = TypeVar('T')\nclass R(Generic[K, T]):\n  def get(self) -> T | None: ...\n  def key(self) -> K: ...\nclass S(Generic[T]):\n  def one(self) -> T: ...",
            1,
            "get",
        ),
        (
            "from m import T\nclass R(Base[T], Protocol[T]):\n  async def all(self) -> list[T]: ...",
            0,
            "all, Base 0",
        ),
        ("class R[K, T: int](Base[K]):\n  last: T\n  def all(self) -> list[T]: ...", 1, "all, last"),
        ("class R[K, T](Base[int, T]):\n  def all(self) -> K: ...", 1, "Base 1"),
        ("class R: ...", 0, ""),
        ("R = 1", 0, ""),
    ] {
        let file = SourceFile::parse(code.as_bytes().into());
        let usage = file.scopes().parameter_of("R", at);
        let gifts = usage.gifts.iter().map(|gift| gift.name.clone());
        let passed = usage.passed.iter().map(|one| format!("{} {}", one.base, one.at));
        assert_eq!(gifts.chain(passed).collect::<Vec<_>>().join(", "), expected, "{code}");
    }
}

#[test]
fn instances_are_followed_into_files_that_do_not_name_their_class() {
    for (file, other, expected) in [
        (
            "class R(Protocol):\n  async def find(self) -> X | None: ...",
            "class S:\n  def __init__(self, r: R): self.r = r\n  async def f(self):\n    x = await self.r.find()\n    x.a(1)\n    self.r.find().b\n    self.r.seek().c",
            ".a(1)",
        ),
        (
            "class R:\n  def all(self) -> list[X]: ...\n  @property\n  def first(self) -> X: ...\n  last: X",
            "def f(r: 'R'):\n  for x in r.all(): x.a\n  r.first.b\n  r.last.c\n  r.first().d",
            ".a, .b, .c",
        ),
        ("def make() -> X: ...\nONE: X = make()", "make().a\nx = make()\nx.b\nONE.c", ".c, .a, .b, !x"),
        ("ONE = X()", "ONE.c\ndef f(): ONE.d()", ".c, .d(0)"),
        (
            "class R:\n  def __init__(self): self.x = X()",
            "class S:\n  def __init__(self): self.x = R().x",
            "S!x",
        ),
        ("def f():\n  def g() -> X: ...\n  y = X()", "", ""),
    ] {
        assert_eq!(given(file, other), expected, "{file}\n{other}");
    }
}

proptest! {
    /// A name is used as often as the scope rules tie an identifier to it, and
    /// each use stands at the name.
    #[test]
    fn every_reference_is_one_use(code in "([X.=:()\\[\\], \n'|@]|X|Y|def f|class C|raise|except|for|in|self){0,24}") {
        let source = format!("from m import X\n{code}\n");
        let file = SourceFile::parse(source.as_bytes().into());
        let stmt = &file.imports()[0];
        let scopes = file.scopes();
        let spans: Vec<Span> = scopes.references(stmt, &stmt.items()[0]).iter().map(|one| one.span).collect();
        let usage = scopes.usage(stmt, &stmt.items()[0]);
        prop_assert_eq!(usage.uses.iter().map(|one| one.span).collect::<Vec<_>>(), spans);
        prop_assert!(usage.members.windows(2).all(|pair| pair[0].name.span < pair[1].name.span));
    }

    /// What an instance is called changes nothing.
    #[test]
    fn a_variable_may_have_any_name(name in "[a-z]{1,6}_") {
        let plain = "def f(x: X):\n  x.a\n  y = x\n  y.b(1)\n  await x\n";
        let other = plain.replace("x:", &format!("{name}:")).replace("x.", &format!("{name}.")).replace("= x", &format!("= {name}")).replace("t x", &format!("t {name}"));
        prop_assert_eq!(instances(plain), instances(&other));
    }
}
