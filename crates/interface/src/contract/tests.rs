//! What uses make of a symbol, on the smallest code.

use proptest::prelude::*;
use repot_python::SourceFile;

use super::*;
use crate::python::Module;

fn usage(name: &str, code: &str) -> Usage {
    let file = SourceFile::parse(format!("from m import {name}\n{code}\n").into_bytes().into());
    let stmt = &file.imports()[0];
    file.scopes().usage(stmt, &stmt.items()[0])
}

fn of(name: &str, codes: &[&str]) -> Result<Contract, Unclear> {
    let usages: Vec<Usage> = codes.iter().map(|code| usage(name, code)).collect();
    contract("old.m", name, &usages, &BTreeSet::from(["shop".to_owned()]))
}

fn text(name: &str, codes: &[&str]) -> String {
    of(name, codes).unwrap().draft.text
}

/// The text without its docstring.
fn bare(name: &str, codes: &[&str]) -> String {
    let text = text(name, codes);
    let (head, rest) = text.split_once("    \"\"\"").unwrap();
    let tail = rest.split_once("\"\"\"").unwrap().1;
    format!("{head}{}", tail.trim_start_matches('\n'))
}

#[test]
fn the_uses_say_what_a_symbol_is() {
    use Shape::{Class, Decorator, Enum, Exception, Function, Protocol};
    for (name, codes, expected) in [
        ("Model", &["def f(x: Model): ..."][..], Ok(Protocol)),
        ("Model", &["isinstance(x, Model)"], Ok(Class)),
        ("Model", &["def f(x: Model):\n    x.run()\n    isinstance(x, Model)"], Ok(Protocol)),
        ("Model", &[""], Ok(Protocol)),
        ("Model", &["def f(x: Model): ...", "Model(1)"], Ok(Class)),
        ("Model", &["class A(Model): ..."], Ok(Class)),
        ("Model", &["Model.make()"], Ok(Class)),
        ("Color", &["Color.RED"], Ok(Enum)),
        ("Color", &["Color.RED\nColor('red')\nlist(Color)"], Ok(Enum)),
        ("Color", &["Color.RED\nColor(a=1)"], Ok(Class)),
        ("Broken", &["raise Broken"], Ok(Exception)),
        ("Broken", &["try: ...\nexcept Broken: ..."], Ok(Exception)),
        ("BrokenError", &["class A(BrokenError): ..."], Ok(Exception)),
        ("run", &["run(1)"], Ok(Function)),
        ("run", &["@run\ndef f(): ..."], Ok(Decorator)),
        ("run", &["@run.task\ndef f(): ..."], Err(Unclear::Value)),
        ("run", &["f(run)"], Err(Unclear::Value)),
        ("run", &[""], Err(Unclear::Unused)),
        ("LIMIT", &["f(LIMIT)"], Err(Unclear::Value)),
        ("Model", &["Model = None"], Err(Unclear::Rebound)),
    ] {
        assert_eq!(of(name, codes).map(|one| one.shape), expected, "{name}: {codes:?}");
    }
}

#[test]
fn a_protocol_has_what_all_consumers_use_together() {
    let expected = "@runtime_checkable\nclass Model(Protocol):\n    written: Any\n\n    \
                    async def fit(self, value: Any, /, *, depth: Any = ...) -> Any: ...\n\n    \
                    @property\n    def size(self) -> Any: ...\n\n    \
                    def __len__(self) -> int: ...";
    let codes = [
        "async def f(x: Model):\n    await x.fit(1)\n    x.size\n    x.written = 1",
        "async def g(x: Model):\n    await x.fit(1, depth=2)\n    len(x)\n    isinstance(x, Model)",
    ];
    assert_eq!(bare("Model", &codes), expected);
}

#[test]
fn what_runs_raises_and_says_what_is_owed() {
    assert_eq!(
        bare("Model", &["m = Model(1, a=2)\nm.fit()\nModel.load('x')"]),
        "class Model:\n    @classmethod\n    def load(cls, value: Any, /) -> Any:\n        \
         raise NotImplementedError(\"owed: Model.load\")\n\n    \
         def __init__(self, value: Any, /, *, a: Any) -> None:\n        \
         raise NotImplementedError(\"owed: Model\")\n\n    \
         def fit(self) -> Any:\n        raise NotImplementedError(\"owed: Model.fit\")"
    );
    assert_eq!(
        bare("run", &["async def f():\n    await run(1, 2)\n    await run(1, 2, 3, *x)"]),
        "async def run(\n    first: Any, second: Any, third: Any = ..., /, *args: Any, **kwargs: Any\n) -> Any:\n    \
         raise NotImplementedError(\"owed: run\")"
    );
    assert!(bare("run", &["with run() as x: ..."]).contains("-> AbstractContextManager[Any]:"));
}

#[test]
fn exceptions_and_enums_are_what_they_are() {
    assert_eq!(
        bare("NotFoundError", &["raise NotFoundError('x', code=1)", "raise NotFoundError"]),
        "class NotFoundError(LookupError):\n    def __init__(self, *args: object, code: Any) -> None:\n        \
         super().__init__(*args)\n        self.code = code"
    );
    assert_eq!(bare("Broken", &["raise Broken()"]), "class Broken(Exception):\n");
    assert_eq!(
        bare("Color", &["Color.RED\nColor.GREEN.value", "x: Color = Color.RED\nx < y\nx.mix()"]),
        "class Color(Enum):\n    GREEN = \"green\"\n    RED = \"red\"\n\n    def mix(self) -> Any:\n        \
         raise NotImplementedError(\"owed: Color.mix\")\n\n    def __lt__(self, other: Any, /) -> bool:\n        \
         raise NotImplementedError(\"owed: Color.__lt__\")"
    );
}

#[test]
fn a_decorator_hands_on_what_it_decorates() {
    assert!(bare("traced", &["@traced\ndef f(): ..."]).ends_with("    return value"));
    assert!(bare("traced", &["@traced(a=1)\ndef f(): ..."]).starts_with("def traced(*, a: Any) -> Callable"));
    let both = bare("traced", &["@traced(a=1)\ndef f(): ...\n@traced\ndef g(): ..."]);
    assert!(both.starts_with("def traced(value: Any = None, /, *, a: Any = None) -> Any:"), "{both}");
}

#[test]
fn a_contract_is_found_by_its_docstring() {
    let mut text = text("Model", &["Model()"]);
    text.push_str("\n\n\ndef other():\n    \"\"\"Not \"Owed: \" by anybody.\"\"\"\n");
    let found = owed(text.as_bytes());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "Model");
    assert_eq!(found[0].about, "`old.m.Model` is defined nowhere.");
    assert_eq!(&text[found[0].span.range()], "Model");
}

/// Uses to draw from.
const CODES: [&str; 14] = [
    "def f(x: Model): x.a; x.b(1, c=2); x.d = 1",
    "async def f(x: Model):\n    await x.b()\n    async with x.e() as y: ...",
    "def f(x: 'Model | None'):\n    for y in x: ...\n    x[1] = 2\n    x(1, *y)",
    "isinstance(x, Model)",
    "Model(1)",
    "Model(a=1, value=2, **x)",
    "Model.RED",
    "Model.make(1, 2, 3, 4, 5, 6, 7, 8)",
    "raise Model('x', code=1)",
    "try: ...\nexcept Model as e: e.code",
    "class A(Model): ...",
    "@Model\ndef f(): ...",
    "@Model(1, a=2)\ndef f(): ...",
    "f(Model)",
];

proptest! {
    /// Whatever the uses are, the module is Python without an unbound name, and
    /// the order of the consumers makes no difference to what it defines.
    #[test]
    fn a_contract_is_a_module(picked in proptest::sample::subsequence(CODES.to_vec(), 1..6)) {
        for name in ["Model", "model"] {
            let renamed: Vec<String> = picked.iter().map(|code| code.replace("Model", name)).collect();
            let codes: Vec<&str> = renamed.iter().map(String::as_str).collect();
            let Ok(found) = of(name, &codes) else { continue };
            let module = Module {
                name: "interfaces.m".to_owned(),
                about: "Contracts.".to_owned(),
                implementers: BTreeSet::new(),
                consumers: BTreeSet::from(["shop".to_owned()]),
                drafts: vec![found.draft.clone()],
                has_future: false,
            };
            let text = module.text();
            let file = SourceFile::parse(text.clone().into_bytes().into());
            prop_assert!(file.problems().is_empty(), "{}", text);
            prop_assert!(file.scopes().unbound().is_empty(), "{:?}\n{}", file.scopes().unbound(), text);
            prop_assert!(text.lines().all(|line| line.chars().count() <= 88), "{}", text);
            prop_assert_eq!(owed(text.as_bytes()).len(), 1);
            let mut backwards = codes.clone();
            backwards.reverse();
            prop_assert_eq!(of(name, &backwards).unwrap().shape, found.shape);
        }
    }
}
