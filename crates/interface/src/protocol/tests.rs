//! Protocols of classes in a small workspace.

use std::sync::Arc;

use repot_change::RelPath;
use repot_python::SourceFile;
use repot_roadmap::Pattern;
use repot_workspace::{Shape, Snapshot, Workspace};

use super::*;

const MODEL: &str = "p/ai/src/ai/model.py";

/// The protocol of `name` for consumers that do `codes`, with what it asks for.
fn protocol(files: &[(&str, &str)], name: &str, codes: &[&str], known: &[&str]) -> (Draft, Vec<String>) {
    let base = [("p/ai/src/ai/__init__.py", ""), ("p/interfaces/src/interfaces/__init__.py", "")];
    let path = |path: &str| RelPath::new(path).unwrap();
    let files = base.iter().chain(files).map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    let shape = Shape { members: vec![Pattern::new("p/*").unwrap()], ..Shape::default() };
    let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
    let home = Home::find(&workspace, "interfaces", &[]).unwrap();
    let trees = Trees::new(&workspace);
    let module = workspace.modules().at(&path(MODEL)).unwrap();
    let usage = |code: &&str| {
        let source = format!("from ai.model import {name}\n{code}\n");
        let file = SourceFile::parse(source.into_bytes().into());
        let stmt = &file.imports()[0];
        file.scopes().usage(stmt, &stmt.items()[0])
    };
    let usages: Vec<Usage> = codes.iter().map(usage).collect();
    let usages: Vec<&Usage> = usages.iter().collect();
    let definition = Definition { module, name: name.to_owned() };
    let protocols = Protocols::new(&trees, &home);
    let asks = protocols.asks(&definition, &usages);
    let known: BTreeMap<Definition, Known> = asks
        .iter()
        .filter(|ask| known.iter().any(|known| known.trim_start_matches('=') == ask.definition.name))
        .map(|ask| {
            let is_same = known.iter().any(|known| known.strip_prefix('=') == Some(&ask.definition.name));
            (ask.definition.clone(), Known { module: "interfaces.ai".to_owned(), is_same })
        })
        .collect();
    let show = |ask: &Ask| format!("{}{}", ask.definition.name, if ask.is_exact { "!" } else { "" });
    (protocols.draft(&definition, &usages, &known).unwrap(), asks.iter().map(show).collect())
}

fn one(class: &str, code: &str, known: &[&str]) -> (Draft, Vec<String>) {
    protocol(&[(MODEL, class)], "Model", &[code], known)
}

#[test]
fn a_protocol_has_the_signatures_of_what_is_used() {
    let class = "import datetime\nfrom typing import Optional, AsyncIterator\n\nclass Model:\n    \"\"\"Predicts.\n\n    At length.\n    \"\"\"\n\n    \
                 size: int = 3\n    limit: int\n\n    def __init__(self, path: str):\n        self.path = path\n\n    \
                 async def fit(self, data: list[int], *, since: Optional[datetime.date] = None) -> bool:\n        \
                 \"\"\"Fits.\"\"\"\n\n    @property\n    def loss(self) -> float: ...\n\n    \
                 async def stream(self) -> AsyncIterator[int]:\n        yield 1\n\n    def unused(self): ...\n";
    let code = "async def f(m: Model):\n    await m.fit([1], since=None)\n    m.loss, m.size, m.path\n    \
                m.limit = 2\n    async for x in m.stream(): ...\n    isinstance(m, Model)";
    let (draft, asks) = one(class, code, &[]);
    assert_eq!(
        draft.text,
        "@runtime_checkable\nclass Model(Protocol):\n    \"\"\"Predicts.\"\"\"\n\n    limit: int\n\n    \
         async def fit(\n        self, data: list[int], /, *, since: datetime.date | None = ...\n    ) -> bool:\n        \
         \"\"\"Fits.\"\"\"\n        ...\n\n    @property\n    def loss(self) -> float: ...\n\n    \
         @property\n    def path(self) -> str: ...\n\n    @property\n    def size(self) -> int: ...\n\n    \
         def stream(self) -> AsyncIterator[int]: ..."
    );
    let imports: Vec<String> =
        draft.imports.iter().map(|one| format!("{}:{}", one.module, one.bound())).collect();
    assert_eq!(
        imports,
        ["collections.abc:AsyncIterator", "datetime:datetime", "typing:Protocol", "typing:runtime_checkable"]
    );
    assert_eq!((asks, draft.notes), (Vec::<String>::new(), Vec::<String>::new()));
}

#[test]
fn types_that_may_not_be_imported_are_asked_for() {
    let class = "class Data: ...\nclass Out: ...\nclass Model:\n    def run(self, data: Data) -> Out: ...\n    \
                 def all(self) -> list[Out]: ...\n    def copy(self) -> 'Model': ...\n    \
                 def merge(self, other: 'Model') -> None: ...\n";
    let code = "def f(m: Model):\n    m.run(1)\n    m.all()\n    m.copy()\n    m.merge(m)";
    let (draft, asks) = one(class, code, &[]);
    assert_eq!(asks, ["Data!", "Out", "Out!"]);
    assert!(draft.text.contains("def run(self, data: Any, /) -> Any: ..."), "{}", draft.text);
    assert!(draft.text.contains("def copy(self) -> Model: ..."), "{}", draft.text);
    assert!(draft.text.contains("def merge(self, other: Any, /) -> None: ..."), "{}", draft.text);
    let (draft, _) = one(class, code, &["Data", "Out"]);
    assert!(draft.text.contains("def run(self, data: Any, /) -> Out: ..."), "{}", draft.text);
    assert!(draft.text.contains("def all(self) -> Any: ..."), "{}", draft.text);
    assert!(
        draft.notes.contains(&"`run(data)` is `Any`, since only `Data` itself would do there".to_owned())
    );
    let (draft, _) = one(class, code, &["=Data", "=Out"]);
    assert!(draft.text.contains("def run(self, data: Data, /) -> Out: ..."), "{}", draft.text);
    assert!(draft.text.contains("def all(self) -> list[Out]: ..."), "{}", draft.text);
    assert!(draft.imports.iter().any(|one| one.module == "interfaces.ai" && one.type_checking));
}

#[test]
fn what_is_not_known_is_any_and_is_said() {
    let class = "import numpy as np\nfrom functools import wraps\nfrom contextlib import contextmanager\n\
                 from typing import Iterator, Deque\nclass Model:\n    def fit(self, data, n: np.ndarray) -> Deque[int]: ...\n    \
                 @contextmanager\n    def open(self) -> Iterator[int]:\n        yield 1\n    @retry\n    def go(self) -> int: ...\n";
    let code =
        "def f(m: Model):\n    m.fit(data=1, n=2)\n    m.lost(1)\n    m.go()\n    with m.open() as x: ...";
    let (draft, _) = one(class, code, &[]);
    assert!(draft.text.contains("def fit(self, data: Any, n: Any) -> deque[int]: ..."), "{}", draft.text);
    assert!(draft.text.contains("def open(self) -> AbstractContextManager[int]: ..."), "{}", draft.text);
    assert!(draft.text.contains("def lost(self, value: Any, /) -> Any: ..."), "{}", draft.text);
    assert_eq!(
        draft.notes,
        [
            "`fit(data)` has no annotation, and is `Any`",
            "`fit(n)` is `Any`, since it needs `numpy`, which `interfaces` does not",
            "`go` is decorated with `retry`, which may change how it is called",
            "`lost` is inferred from its use: `Model` does not have it",
        ]
    );
}

#[test]
fn members_come_from_bases_and_functions_are_callables() {
    let files = [
        (
            MODEL,
            "from ai.base import Base\nclass Model(Base): ...\n\ndef load_model(path: str, *, lazy=False) -> bool:\n    \"\"\"Loads.\"\"\"\n",
        ),
        (
            "p/ai/src/ai/base.py",
            "from decimal import Decimal\nclass Base:\n    def cost(self) -> Decimal: ...\n",
        ),
    ];
    let (draft, _) = protocol(&files, "Model", &["def f(m: Model): m.cost()"], &[]);
    assert!(draft.text.ends_with("    def cost(self) -> Decimal: ..."), "{}", draft.text);
    let (draft, _) = protocol(&files, "load_model", &["load_model('x')"], &[]);
    assert_eq!(
        draft.text,
        "class LoadModel(Protocol):\n    \"\"\"Loads.\"\"\"\n\n    \
         def __call__(self, path: str, *, lazy: Any = ...) -> bool: ..."
    );
}

#[test]
fn names_stay_where_any_keyword_is_taken() {
    let class = "class Model:\n    def send(self, to: str, **values: str) -> None: ...\n";
    let (draft, _) = one(class, "def f(m: Model): m.send('a', b='c')", &[]);
    assert!(
        draft.text.ends_with("    def send(self, to: str, **values: str) -> None: ..."),
        "{}",
        draft.text
    );
}

#[test]
fn a_check_names_both_sides() {
    let one = Conformance {
        module: "ai.model".to_owned(),
        name: "Model".to_owned(),
        protocol_module: "interfaces.ai".to_owned(),
        protocol: "Model".to_owned(),
        is_function: false,
    };
    let draft = one.check();
    let text = "def _model_conforms(actual: ActualModel) -> Model:\n    return actual";
    assert_eq!(draft.text, text);
    assert!(draft.imports.iter().all(|import| import.type_checking) && draft.imports.len() == 2);
    let called =
        Conformance { name: "load".to_owned(), protocol: "Load".to_owned(), is_function: true, ..one };
    assert_eq!(called.check().text, "def _load_conforms() -> Load:\n    return actual_load");
}
