//! What is read off classes and functions, on the smallest code.

use proptest::prelude::*;

use super::*;
use crate::{ParameterKind, SourceFile};

fn written(method: &Method) -> String {
    let one = |argument: &Argument| {
        let mark = match argument.kind {
            ParameterKind::Positional => "",
            ParameterKind::PositionalOnly => "/",
            ParameterKind::KeywordOnly => "-",
            ParameterKind::Args => "*",
            ParameterKind::Kwargs => "**",
        };
        let typed = argument.annotation.as_ref().map(|one| format!(": {}", one.text)).unwrap_or_default();
        let default = if argument.has_default { " =" } else { "" };
        format!("{mark}{}{typed}{default}", argument.name)
    };
    let head = match method.binding {
        MethodBinding::Instance => "",
        MethodBinding::Class => "class ",
        MethodBinding::Static => "static ",
    };
    let arguments: Vec<String> = method.arguments.iter().map(one).collect();
    let returns = method.returns.as_ref().map(|one| format!(" -> {}", one.text)).unwrap_or_default();
    let is_async = if method.is_async { "async " } else { "" };
    let yields = if method.is_generator { " yields" } else { "" };
    let other = method.decorators.iter().map(|one| format!(" @{one}")).collect::<String>();
    let parameters = &method.type_parameters;
    format!("{head}{is_async}{parameters}({}){returns}{yields}{other}", arguments.join(", "))
}

fn members(body: &str) -> Vec<String> {
    let source = format!("from typing import ClassVar, Final, Optional\nclass C:\n{body}\n");
    let surface = SourceFile::parse(source.into_bytes().into()).surface("C").unwrap();
    let typed =
        |one: &Option<Annotation>| one.as_ref().map(|one| format!(": {}", one.text)).unwrap_or_default();
    let one = |member: &Member| {
        let kind = match &member.kind {
            MemberKind::Method(methods) => methods.iter().map(written).collect::<Vec<_>>().join(" & "),
            MemberKind::Property { getter, has_setter } => {
                format!(" property{}{}", if *has_setter { "=" } else { "" }, typed(&getter.returns))
            }
            MemberKind::Attribute { annotation, is_class_var, is_final } => {
                let class = if *is_class_var { " class" } else { "" };
                format!("{}{class}{}", typed(annotation), if *is_final { " final" } else { "" })
            }
            MemberKind::Class => " class".to_owned(),
        };
        format!("{}{kind}", member.name)
    };
    surface.members.iter().map(one).collect()
}

#[test]
fn methods_say_how_they_are_called() {
    for (body, expected) in [
        ("    def f(self): ...", "f()"),
        (
            "    def f(self, a: int, b=1, *, c: 'X' = None) -> str: ...",
            "f(a: int, b =, -c: X | None =) -> str",
        ),
        ("    def f(self, a, /, *args: int, b, **kw: str): ...", "f(/a, *args: int, -b, **kw: str)"),
        ("    async def f(self) -> int: ...", "fasync () -> int"),
        ("    async def f(self):\n        yield 1", "f() yields"),
        ("    def f(self):\n        def g(): yield 1", "f()"),
        ("    @classmethod\n    def f(cls, a): ...", "fclass (a)"),
        ("    @staticmethod\n    def f(a, b): ...", "fstatic (a, b)"),
        ("    @retry(3)\n    @abc.abstractmethod\n    def f(self): ...", "f() @retry(3)"),
        ("    def f[T: int](self, a: T) -> T: ...", "f[T: int](a: T) -> T"),
        (
            "    @overload\n    def f(self, a: int) -> int: ...\n    @t.overload\n    def f(self, a: str) -> str: ...\n    def f(self, a): ...",
            "f(a: int) -> int & (a: str) -> str",
        ),
        ("    def f(self): ...\n    def f(self, a): ...", "f(a)"),
    ] {
        assert_eq!(members(body), [expected], "{body}");
    }
}

#[test]
fn attributes_have_the_types_that_are_known() {
    for (body, expected) in [
        ("    a: int\n    b: ClassVar[str] = ''\n    c: Final = 1", "a: int, b: str class, c final"),
        ("    a = 1\n    b = 'x'\n    c = f()", "a: int, b: str, c"),
        ("    @property\n    def a(self) -> int: ...", "a property: int"),
        (
            "    @property\n    def a(self) -> int: ...\n    @a.setter\n    def a(self, value): ...",
            "a property=: int",
        ),
        ("    @cached_property\n    def a(self) -> 'X': ...", "a property: X"),
        (
            "    def __init__(self, a: int, b, *c: int):\n        self.a, self.x = a\n        self.a = a\n        self.b = b\n        self.c = c\n        self.d: Optional[X] = None\n        self.e = True\n        self.f.g = 1",
            "__init__(a: int, b, *c: int), a: int, b, c, d: X | None, e: bool",
        ),
        ("    a: int\n    def f(self):\n        self.a = 'x'\n        self.b = 1", "a: int, f(), b: int"),
        ("    class D: ...", "D class"),
    ] {
        assert_eq!(members(body).join(", "), expected, "{body}");
    }
}

#[test]
fn a_class_and_a_function_say_what_they_are_for() {
    let source = "class C[T](A, b.B[T], total=False):\n    \"\"\"Does\n    it. At\n    length.\n\n    More.\n    \"\"\"\n\ndef f[T](a: T, b=None) -> T:\n    'Is it.'\n";
    let file = SourceFile::parse(source.as_bytes().into());
    let surface = file.surface("C").unwrap();
    assert_eq!((surface.type_parameters.as_str(), surface.summary.as_deref()), ("[T]", Some("Does it.")));
    assert_eq!(surface.bases, ["A", "b.B[T]"]);
    let function = file.callables("f");
    assert_eq!(function.iter().map(written).collect::<Vec<_>>(), ["[T](a: T, b =) -> T"]);
    assert_eq!(function[0].summary.as_deref(), Some("Is it."));
    assert!(file.surface("f").is_none() && file.callables("C").is_empty());
}

#[test]
fn blocks_say_where_they_stand_and_whether_they_do_anything() {
    let source = "import a\nX: int = 1\n@d\nclass C(B):\n    y: int\n    @property\n    def f(self) -> int:\n        'Doc.'\n        ...\n\n    def g(self): return 1\n\ndef h(): raise NotImplementedError('x')\nif x:\n    z = 1\n";
    let file = SourceFile::parse(source.as_bytes().into());
    let show = |block: &Block| format!("{} {:?} {:?}", block.name, block.kind, &source[block.head.range()]);
    let blocks = file.blocks();
    let all: Vec<String> = blocks.iter().map(show).collect();
    assert_eq!(all, [r#"X Value "X: int = 1""#, r#"C Class "@d\nclass C(B):""#, r#"h Stub "def h():""#]);
    let inner: Vec<String> = blocks[1].members.iter().map(show).collect();
    let expected = [
        r#"y Declaration "y: int""#,
        r#"f Stub "@property\n    def f(self) -> int:""#,
        r#"g Function "def g(self):""#,
    ];
    assert_eq!(inner, expected);
    assert!(source[..blocks[1].end].ends_with("return 1"));
}

proptest! {
    /// Whatever stands there, reading it comes to an end.
    #[test]
    fn nothing_makes_reading_fail(body in "[\\[\\]():,.'\"=|* a-c\\n]{0,80}") {
        let source = format!("class C:\n    x: {body}\n    def f(self, a: {body}) -> {body}: yield\n");
        let file = SourceFile::parse(source.into_bytes().into());
        if let Some(surface) = file.surface("C") {
            for member in surface.members {
                if let MemberKind::Attribute { annotation: Some(annotation), .. } = member.kind {
                    prop_assert!(!annotation.text.contains('\n'));
                }
            }
        }
    }
}

#[test]
fn bodies_of_functions_wait_until_they_are_called() {
    let source =
        "@A\ndef f(a: B = C):\n    D\nclass K(E):\n    F\n    def g(self): return G\nH = lambda: I\n";
    let file = SourceFile::parse(source.as_bytes().into());
    let at = |name: &str| repot_change::Span::new(source.find(name).unwrap(), source.find(name).unwrap() + 1);
    let deferred: Vec<&str> = ["A", "B", "C", "D", "E", "F", "G", "H", "I"]
        .into_iter()
        .filter(|name| file.is_deferred(at(name)))
        .collect();
    assert_eq!(deferred, ["D", "G", "I"]);
}
