//! Small trees before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use repot_change::{ChangeSet, RelPath};
use repot_refer::{Fate, NewImport, rewrite_statement};
use repot_roadmap::{Roadmap, Vocabulary};
use repot_workspace::{Module as File, ModuleId, Origin, Shape, Snapshot, Target, Workspace};

use super::{Contract, Di, Injected, Replaced, Root, Wanted, inject};
use crate::protocol::Protocols;
use crate::python::Module;
use crate::{Consumer, Definition, Draft, Home, Trees};

const ROADMAP: &str = "[workspace]\nmembers = [\"p/*/*\"]\n\
                       [domains.front]\nmembers = [\"p/front/*\"]\n[domains.back]\nmembers = [\"p/back/*\"]\n";

const STORE: &str = "class SqlStore:\n    def __init__(self, size: int = 1) -> None:\n        self.size = size\n\n    \
                     def load(self) -> int:\n        return self.size * 10\n\n    def close(self) -> None:\n        \
                     print(\"closed\")\n\n\ndef find_rate(name: str) -> int:\n    return len(name)\n";

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let roadmap = Roadmap::parse("repot.toml", ROADMAP, &Vocabulary::default()).unwrap();
    let base = [
        ("p/open/interfaces/src/interfaces/__init__.py", ""),
        ("p/front/shop/src/shop/__init__.py", ""),
        ("p/back/store/src/store/__init__.py", ""),
        ("p/back/store/src/store/data.py", STORE),
        ("p/open/app/src/app/__init__.py", ""),
    ];
    let files = base.iter().chain(files).map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    let shape = Shape::new(&roadmap.workspace, &roadmap.domains);
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

/// Who in `shop` imports the name from `store.data`.
fn consumers(workspace: &Workspace, definition: &Definition) -> Vec<Consumer> {
    let in_shop = |(id, module): (ModuleId, &File)| {
        (module.path.as_str().starts_with("p/front") || module.path.as_str().ends_with("routes.py"))
            .then_some((id, module.clone()))
    };
    let mut found = Vec::new();
    for (id, module) in workspace.modules().iter().filter_map(in_shop) {
        let source = workspace.file(id).parse();
        for (at, statement) in source.imports().iter().enumerate() {
            for name in workspace.resolve_statement(&module, statement) {
                let Target::Found(place) = &name.target else { continue };
                let origin = name.name.as_deref().and_then(|name| workspace.origin(place, name));
                let wanted = Origin::Definition { module: definition.module, name: definition.name.clone() };
                if origin == Some(wanted) {
                    found.push(Consumer {
                        module: id,
                        path: module.path.clone(),
                        package: module.package,
                        line: statement.line,
                        statement: at,
                        item: name.item,
                        type_checking: statement.context.type_checking,
                        usage: source.scopes().usage(statement, &statement.items()[name.item]),
                    });
                }
            }
        }
    }
    found
}

/// What becomes of a tree, the protocols included; `None` for what is there
/// no longer forbidden.
fn carried_out(workspace: &Workspace, has_root: bool, di: Di) -> (Workspace, Vec<String>, Injected) {
    let module = workspace.modules().at(&path("p/back/store/src/store/data.py")).unwrap();
    let names = ["SqlStore", "find_rate"];
    let definitions = names.map(|name| Definition { module, name: name.to_owned() });
    let all = definitions.clone().map(|one| consumers(workspace, &one));
    let (trees, home) = (Trees::new(workspace), Home::find(workspace, "", &[]).unwrap());
    let usages = |at: usize| all[at].iter().map(|one| &one.usage).collect::<Vec<_>>();
    let draft =
        |at: usize| Protocols::new(&trees, &home).draft(&definitions[at], &usages(at), &BTreeMap::new());
    let drafts: Vec<Draft> = (0..2).map(|at| draft(at).unwrap()).collect();
    let contract =
        |at: usize| Contract { module: "interfaces.store".to_owned(), name: drafts[at].name.clone() };
    let contracts = [contract(0), contract(1)];
    let wanted: Vec<Wanted<'_>> = (0..2)
        .map(|at| Wanted { definition: &definitions[at], contract: &contracts[at], consumers: &all[at] })
        .collect();
    let package = workspace.package_at(&path("p/open/app/src/app/__init__.py")).unwrap();
    let file = path("p/open/app/src/app/bootstrap.py");
    let standing = workspace.modules().at(&file);
    let root = Root { package, path: file, module: "app.bootstrap".to_owned(), standing };
    let roots: Vec<Root> = has_root.then_some(root).into_iter().collect();
    let injected = inject(&trees, &super::Callers::new(&trees), &roots, di, &wanted);

    let generated = Module {
        name: "interfaces.store".to_owned(),
        about: "What is used of the store.".to_owned(),
        implementers: BTreeSet::new(),
        consumers: BTreeSet::new(),
        drafts: drafts.clone(),
        has_future: true,
    };
    let changes = changes(workspace, &generated, &injected);
    let after = workspace.with(&changes).unwrap();
    for (name, file) in after.snapshot().python_files() {
        let source = file.parse();
        assert_eq!(source.problems(), [], "{name}");
        let unbound: Vec<String> = source.scopes().unbound().into_iter().map(|one| one.text).collect();
        assert_eq!(unbound, [""; 0], "{name}");
    }
    let refused = injected.refused.values().cloned().collect();
    (after, refused, injected)
}

/// What is changed in a tree, the module of the protocols included.
fn changes(workspace: &Workspace, generated: &Module, injected: &Injected) -> ChangeSet {
    let mut changes = ChangeSet::new();
    let protocols = path("p/open/interfaces/src/interfaces/store.py");
    if workspace.snapshot().get(&protocols).is_none() {
        changes.create(protocols, content(&generated.text())).unwrap();
    }
    for (path, text) in &injected.created {
        changes.create(path.clone(), content(text)).unwrap();
    }
    for (module, edits) in &injected.edits {
        changes.add_edits(&workspace.modules().get(*module).path, edits.clone()).unwrap();
    }
    let mut fates: BTreeMap<(ModuleId, usize), BTreeMap<usize, Fate>> = BTreeMap::new();
    for ((module, statement, item), replaced) in &injected.imports {
        let new = NewImport::From { module: "interfaces.store".to_owned(), name: "SqlStore".to_owned() };
        let fate = match replaced {
            Replaced::Protocol => Fate::Goes { new, alias: None },
            Replaced::Gone => Fate::Repeated,
        };
        fates.entry((*module, *statement)).or_default().insert(*item, fate);
    }
    for ((module, statement), fates) in fates {
        let file = workspace.file(module);
        let edits = rewrite_statement(file.bytes().unwrap(), &file.imports()[statement], &fates);
        changes.add_edits(&workspace.modules().get(module).path, edits).unwrap();
    }
    changes
}

fn content(text: &str) -> repot_change::Content {
    repot_change::Content::plain(text.as_bytes().to_vec())
}

fn text(workspace: &Workspace, name: &str) -> String {
    let file = workspace.snapshot().get(&path(name)).unwrap();
    String::from_utf8(file.bytes().unwrap().to_vec()).unwrap()
}

const PAGE: &str = "p/front/shop/src/shop/page.py";
const MAIN: &str = "p/open/app/src/app/main.py";

/// The page after an injection, or why there is none; main makes it.
fn page(code: &str, main: &str) -> Result<(String, String), Vec<String>> {
    let code = format!("from store.data import SqlStore, find_rate\n\n{code}");
    let workspace = workspace(&[(PAGE, &code), (MAIN, main)]);
    let (after, refused, _) = carried_out(&workspace, true, Di::Plain);
    if refused.is_empty() { Ok((text(&after, PAGE), text(&after, MAIN))) } else { Err(refused) }
}

const CLASS: &str = "class Shop:\n    def __init__(self, name: str) -> None:\n        self.name = name\n        self.store = SqlStore()\n\n    def rate(self) -> int:\n        return find_rate(self.name)\n";

/// A main that makes a shop.
const MAKES: &str = "from shop.page import Shop\n\nprint(Shop(\"a\").rate())\n";

#[test]
fn a_class_is_handed_what_it_makes_and_calls() {
    let (page, main) = page(CLASS, MAKES).unwrap();
    let expected = "from interfaces.store import FindRate\nfrom interfaces.store import SqlStore\n\nclass Shop:\n    \
                    def __init__(self, name: str, *, sql_store: SqlStore, find_rate: FindRate) -> None:\n        \
                    self._find_rate = find_rate\n        self.name = name\n        self.store = sql_store\n\n    \
                    def rate(self) -> int:\n        return self._find_rate(self.name)\n";
    assert_eq!(page, expected);
    let expected = "from app.bootstrap import root\nfrom shop.page import Shop\n\n\
                    print(Shop(\"a\", find_rate=root.find_rate, sql_store=root.sql_store()).rate())\n";
    assert_eq!(main, expected);
}

#[test]
fn what_is_made_later_or_with_arguments_comes_from_a_factory() {
    let code = "class Shop:\n    \"\"\"Sells.\"\"\"\n\n    def rate(self):\n        return [SqlStore(one).load() for one in range(2)], find_rate\n";
    assert_eq!(page(code, MAKES).unwrap_err(), ["line 7 hands it on as a value"]);
    let code = code.replace("find_rate\n", "find_rate(\"\")\n");
    let (page, main) = page(&code, MAKES).unwrap();
    assert!(page.contains("    def __init__(self, *, sql_store_factory: Callable[..., SqlStore], find_rate: FindRate) -> None:\n        self._sql_store_factory = sql_store_factory\n        self._find_rate = find_rate\n\n    def rate(self):\n        return [self._sql_store_factory(one).load()"), "{page}");
    assert!(
        main.contains("Shop(\"a\", find_rate=root.find_rate, sql_store_factory=root.sql_store_factory)"),
        "{main}"
    );
}

#[test]
fn functions_and_their_callers_take_it_up_to_who_may_have_it() {
    let code = "def rate(name: str) -> int:\n    return find_rate(name) + SqlStore().load()\n\n\nclass Shop:\n    def __init__(self, name, **rest):\n        self.name = name\n\n    def rate(self) -> int:\n        return rate(self.name)\n";
    let (page, main) = page(code, MAKES).unwrap();
    for part in [
        "def rate(name: str, *, sql_store_factory: Callable[..., SqlStore], find_rate: FindRate) -> int:\n    return find_rate(name) + sql_store_factory().load()\n",
        "def __init__(self, name, *, sql_store_factory: Callable[..., SqlStore], find_rate: FindRate, **rest):\n",
        "return rate(self.name, find_rate=self._find_rate, sql_store_factory=self._sql_store_factory)\n",
    ] {
        assert!(page.contains(part), "{page}");
    }
    assert!(
        main.contains("Shop(\"a\", find_rate=root.find_rate, sql_store_factory=root.sql_store_factory)"),
        "{main}"
    );
}

#[test]
fn a_dataclass_takes_it_as_a_field() {
    let code = "from dataclasses import dataclass\n\n\n@dataclass\nclass Shop:\n    name: str = \"\"\n\n    def rate(self):\n        return find_rate(self.name), SqlStore(1)\n";
    let (page, _) = page(code, MAKES).unwrap();
    for part in [
        "    find_rate: FindRate = field(kw_only=True, repr=False, compare=False)\n    name: str",
        "from dataclasses import field\n",
        "return self.find_rate(self.name), self.sql_store_factory(1)\n",
    ] {
        assert!(page.contains(part), "{page}");
    }
}

#[test]
fn what_is_not_certain_is_refused() {
    let init =
        "class Shop:\n    def __init__(self):\n        self.store = SqlStore()\n        find_rate(\"\")\n";
    let mains = [
        (
            "from shop.page import Shop\n\nclass Big(Shop): ...\n",
            "p/open/app/src/app/main.py:3 uses `Shop` for more than to call it",
        ),
        (
            "from shop.page import Shop\n\nmake = Shop\n",
            "p/open/app/src/app/main.py:3 uses `Shop` for more than to call it",
        ),
        (
            "import shop.page\n\nshop.page.Shop()\n",
            "p/open/app/src/app/main.py:3 may have `Shop` by its module",
        ),
        ("NAME = \"shop.page.Shop\"\n", "p/open/app/src/app/main.py:1 names `page.Shop` in a string"),
        ("NAME = \"shop.page.SqlStore\"\n", "p/open/app/src/app/main.py:1 names `page.SqlStore` in a string"),
    ];
    for (main, reason) in mains {
        assert!(page(init, main).unwrap_err().contains(&reason.to_owned()), "{main}");
    }
    for (code, reason) in [
        ("class A(SqlStore): ...\n", "line 3 derives a class from it"),
        ("SqlStore.make()\n", "line 3 uses an attribute of it"),
        ("STORE = SqlStore()\n", "it is called while the module is imported or run"),
        ("class A:\n    store = SqlStore()\n", "it is called in the body of a class"),
        ("def f(a=SqlStore()): ...\n", "it is called in the head of a function"),
        (
            "from x import app\n@app.get(\"/\")\ndef f():\n    SqlStore()\n",
            "line 6: a framework calls what calls it",
        ),
        ("from functools import cache\n@cache\ndef f():\n    SqlStore()\n", "`f` is called by `@cache`"),
        (
            "class A:\n    def f(self):\n        SqlStore()\n\n    @classmethod\n    def g(cls):\n        return cls()\n",
            "`A` makes others of its kind by `cls(…)`",
        ),
        (
            "def f():\n    sql_store_factory = 1\n    SqlStore()\n",
            "p/front/shop/src/shop/page.py:4 uses the name `sql_store_factory` already",
        ),
        (
            "def f():\n    SqlStore()\n\n\ndef g(all=[f()]): ...\n",
            "p/front/shop/src/shop/page.py:7: it is called in the head of a function (`f`)",
        ),
        (
            "def f():\n    SqlStore()\n\n\nf()\n",
            "p/front/shop/src/shop/page.py:7: it is called while the module is imported or run (`f`)",
        ),
    ] {
        let refused = page(code, "").unwrap_err();
        let is_it = |one: &String| one.trim_end_matches(" (`f`)") == reason.trim_end_matches(" (`f`)");
        assert!(refused.iter().any(is_it), "{code}: {refused:?}");
    }
}

#[test]
fn without_a_composition_root_only_who_may_import_it_hands_it_in() {
    let code = format!("from store.data import SqlStore, find_rate\n\n{CLASS}");
    let silent = workspace(&[(PAGE, &code)]);
    let reason = "nothing in the workspace makes `Shop`, and `composition-roots` in `[boundaries]` names no `bootstrap.py` that could";
    assert_eq!(carried_out(&silent, false, Di::Plain).1, [reason; 2]);
    let main = "from shop.page import Shop\nfrom store.data import find_rate as rate\n\nprint(Shop(\"a\").rate(), rate(\"a\"))\n";
    let (after, refused, _) = carried_out(&workspace(&[(PAGE, &code), (MAIN, main)]), false, Di::Plain);
    assert_eq!(refused, [""; 0]);
    let expected = "from shop.page import Shop\nfrom store.data import SqlStore\nfrom store.data import find_rate as rate\n\n\
                    print(Shop(\"a\", find_rate=rate, sql_store=SqlStore()).rate(), rate(\"a\"))\n";
    assert_eq!(text(&after, MAIN), expected);
}

#[test]
fn what_nobody_makes_the_composition_root_makes() {
    let code = format!("from store.data import SqlStore, find_rate\n\n{CLASS}");
    let (after, refused, _) = carried_out(&workspace(&[(PAGE, &code)]), true, Di::Plain);
    assert_eq!(refused, [""; 0]);
    let root = text(&after, "p/open/app/src/app/bootstrap.py");
    let make = "    def shop(self, *args: Any, **kwargs: Any) -> Shop:\n        from shop.page import Shop\n\n        \
                return Shop(\n            *args, find_rate=self.find_rate, sql_store=self.sql_store(), **kwargs\n        )\n";
    assert!(root.contains(make), "{root}");
}

#[test]
fn line_ends_stay_what_they_are() {
    let code = format!("from store.data import SqlStore, find_rate\n\n{CLASS}").replace('\n', "\r\n");
    let main = MAKES.replace('\n', "\r\n");
    let (after, refused, _) = carried_out(&workspace(&[(PAGE, &code), (MAIN, &main)]), true, Di::Plain);
    assert_eq!(refused, [""; 0]);
    for name in [PAGE, MAIN] {
        let text = text(&after, name);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
    }
}

#[test]
fn an_entry_of_a_framework_has_it_from_the_composition_root() {
    let code = "from store.data import SqlStore, find_rate\n\n\n@app.get(\"/\")\ndef show(rate=Depends(find_rate)):\n    return SqlStore(), rate\n";
    let here = "p/open/app/src/app/routes.py";
    let workspace = workspace(&[
        (here, &format!("from fastapi import Depends\nfrom app.web import app\n{code}")),
        ("p/open/app/src/app/web.py", "app = 1\n"),
    ]);
    let (after, refused, _) = carried_out(&workspace, true, Di::Plain);
    assert_eq!(refused, [""; 0]);
    let expected = "from fastapi import Depends\nfrom app.web import app\nfrom app.bootstrap import root\n\n\n@app.get(\"/\")\ndef show(rate=Depends(root.find_rate)):\n    return root.sql_store_factory(), rate\n";
    assert_eq!(text(&after, here), expected);
}

const ROOT: &str = "p/open/app/src/app/bootstrap.py";

/// A page of the shop, in which a class is made that `code` writes.
fn one_page(import: &str, class: &str, code: &str) -> String {
    format!(
        "from store.data import {import}\n\n\nclass {class}:\n    def __init__(self) -> None:\n        {code}\n"
    )
}

/// A workspace after `Shop` has been handed a store, and where `Till` wants a rate.
fn half_way(di: Di) -> (Workspace, Workspace) {
    let shop = (PAGE, one_page("SqlStore", "Shop", "self.store = SqlStore()"));
    let till =
        ("p/front/shop/src/shop/till.py", one_page("find_rate", "Till", "self.rate = find_rate(\"a\")"));
    let main = (
        MAIN,
        "from shop.page import Shop\nfrom shop.till import Till\n\nprint(Shop().store.load(), Till().rate)\n"
            .to_owned(),
    );
    let whole = workspace(&[(shop.0, &shop.1), (till.0, &till.1), (main.0, &main.1)]);
    let less = workspace(&[(shop.0, &shop.1), (till.0, "class Till: ...\n"), (main.0, &main.1)]);
    let (less, refused, _) = carried_out(&less, true, di);
    assert_eq!(refused, [""; 0]);
    let texts: Vec<(RelPath, String)> = less
        .snapshot()
        .files()
        .map(|(name, _)| {
            (name.clone(), if name.as_str() == till.0 { till.1.clone() } else { text(&less, name.as_str()) })
        })
        .collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    (workspace(&files), whole)
}

#[test]
fn a_root_that_stands_becomes_what_it_would_be_if_it_were_written_at_once() {
    for di in Di::ALL {
        let (half, whole) = half_way(di);
        let (later, refused, _) = carried_out(&half, true, di);
        assert_eq!(refused, [""; 0], "{}", di.name());
        let (at_once, ..) = carried_out(&whole, true, di);
        for name in [ROOT, MAIN, PAGE] {
            assert_eq!(text(&later, name), text(&at_once, name), "{}", di.name());
        }
        assert!(text(&half, ROOT).len() < text(&later, ROOT).len());
        // A step that says nothing goes by what the file says.
        let (silent, refused, _) = carried_out(&half, true, Di::Plain);
        assert_eq!((text(&silent, ROOT), refused), (text(&later, ROOT), Vec::new()), "{}", di.name());
    }
}

#[test]
fn line_ends_of_a_root_stay_what_they_are() {
    let (half, _) = half_way(Di::Plain);
    let crlf: Vec<(String, String)> = half
        .snapshot()
        .files()
        .map(|(name, _)| (name.to_string(), text(&half, name.as_str()).replace('\n', "\r\n")))
        .collect();
    let crlf: Vec<(&str, &str)> = crlf.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (windows, refused, _) = carried_out(&workspace(&crlf), true, Di::Plain);
    assert_eq!(refused, [""; 0]);
    let (unix, ..) = carried_out(&half, true, Di::Plain);
    assert_eq!(text(&windows, ROOT), text(&unix, ROOT).replace('\n', "\r\n"));
}

/// What becomes of a root that people wrote, or why it stays.
fn standing(root: &str, main: &str) -> Result<String, Vec<String>> {
    let code = format!("from store.data import SqlStore, find_rate\n\n{CLASS}");
    let before = workspace(&[(PAGE, &code), (MAIN, main), (ROOT, root)]);
    let (after, refused, _) = carried_out(&before, true, Di::Plain);
    if refused.is_empty() { Ok(text(&after, ROOT)) } else { Err(refused) }
}

const FUTURE: &str = "\"\"\"Ours.\"\"\"\n\nfrom __future__ import annotations\n\nimport os\n";

#[test]
fn what_people_wrote_in_a_root_stays() {
    let own = format!("{FUTURE}\nPLACE = os.environ.get(\"PLACE\")\n");
    let text = standing(&own, MAKES).unwrap();
    assert!(
        text.starts_with("\"\"\"Ours.\"\"\"\n\nfrom __future__ import annotations\n\nimport os\n"),
        "{text}"
    );
    assert!(text.contains("\nPLACE = os.environ.get(\"PLACE\")\n\n\nclass Root:\n"), "{text}");
    let root = "\n\nclass Root:\n    \"\"\"Ours.\"\"\"\n\n    def __init__(self, place=\"\"):\n        self.place = place\n\n\nroot = Root(\"a\")\n";
    let text = standing(&format!("{FUTURE}{root}"), MAKES).unwrap();
    assert!(text.contains("def __init__(self, place=\"\", *, sql_store_factory: Callable[..., SqlStore] = _SqlStore, find_rate: FindRate = _find_rate):\n        self.place = place\n        self.sql_store_factory = sql_store_factory\n        self.find_rate = find_rate\n\n    def sql_store(self) -> SqlStore:\n        made = self.sql_store_factory()\n        return made\n\n\nroot = Root(\"a\")\n"), "{text}");
}

#[test]
fn a_root_that_means_something_else_stays() {
    for (root, reason) in [
        ("import os\n", "lacks `from __future__ import annotations`"),
        ("from __future__ import annotations\n\nroot = 1\n", "has a `root` that is something else"),
        ("from __future__ import annotations\n\n\nclass Root: ...\n", "is not written as such roots are"),
        (
            "from __future__ import annotations\n\n\nclass Root:\n    def __init__(self):\n        pass\n\n    def find_rate(self): ...\n\n\nroot = Root()\n",
            "has a `find_rate` that is something else",
        ),
        (
            "from __future__ import annotations\n\n\nclass Root:\n    def __init__(self): ...\n\n\nroot = Root()\n",
            "is not written as such roots are",
        ),
        ("from __future__ import annotations\n\nFindRate = 1\n", "uses the name `FindRate` already"),
    ] {
        let refused = standing(root, MAKES).unwrap_err();
        assert!(refused.iter().any(|one| one.contains(reason)), "{root}: {refused:?}");
    }
}

#[test]
fn a_root_that_does_not_parse_stays() {
    let tree = workspace(&[(ROOT, "from __future__ import annotations\ndef f(:\n")]);
    let module = tree.modules().at(&path(ROOT)).unwrap();
    let refused = super::standing::Standing::open(&Trees::new(&tree), module, Di::Plain).err();
    assert_eq!(refused.unwrap(), format!("`{ROOT}` does not parse"));
}

#[test]
fn code_in_the_file_of_a_root_says_what_it_has() {
    let own = format!(
        "{FUTURE}from shop.page import Shop\n\n\ndef main() -> int:\n    return Shop(\"a\").rate()\n"
    );
    let early = format!("{own}\n\nmain()\nShop(\"c\")\n");
    let refused = standing(&early, "").unwrap_err();
    assert!(refused[0].contains("bootstrap.py:14 has no `root` of `app.bootstrap` yet"), "{refused:?}");
    assert!(standing(&own, "").unwrap().contains("find_rate=root.find_rate"));
    let root = "\n\nclass Root:\n    def __init__(self) -> None:\n        pass\n\n    def shop(self) -> Shop:\n        return Shop(\"b\")\n\n\nroot = Root()\n";
    let text = standing(&format!("{own}{root}"), "").unwrap();
    for part in [
        "return Shop(\"a\", find_rate=root.find_rate, sql_store=root.sql_store()).rate()\n",
        "return Shop(\"b\", find_rate=self.find_rate, sql_store=self.sql_store())\n",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("from app.bootstrap"), "{text}");
}

#[test]
fn what_a_function_imports_itself_is_handed_in_as_well() {
    let code = "class Shop:\n    def __init__(self, name: str) -> None:\n        self.name = name\n\n    def rate(self) -> int:\n        from store.data import SqlStore, find_rate\n\n        return find_rate(self.name) + SqlStore().load()\n\n    def other(self) -> int:\n        from store.data import SqlStore\n\n        return SqlStore(2).load()\n";
    let before = workspace(&[(PAGE, code), (MAIN, MAKES)]);
    let (after, refused, _) = carried_out(&before, true, Di::Plain);
    assert_eq!(refused, [""; 0]);
    let text = text(&after, PAGE);
    for part in [
        "from interfaces.store import FindRate, SqlStore\n",
        "    def rate(self) -> int:\n        return self._find_rate(self.name) + self._sql_store_factory().load()\n",
        "    def other(self) -> int:\n        return self._sql_store_factory(2).load()\n",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

/// Programs that run alike before and after; the second part of each is what a
/// test of the new tree does.
const PROGRAMS: [(&str, &str, &str, &str); 4] = [
    (
        "class",
        CLASS,
        MAKES,
        "from app.bootstrap import Root\n\nassert Root(find_rate=lambda name: 99).find_rate(\"a\") == 99\n",
    ),
    (
        "factory",
        "class Shop:\n    def __init__(self, name):\n        self.name = name\n\n    def rate(self):\n        return [SqlStore(one).load() for one in range(3)], find_rate(self.name)\n",
        MAKES,
        "from app.bootstrap import root\n\nassert root.sql_store_factory(2).load() == 20\n",
    ),
    (
        "chain",
        "from dataclasses import dataclass\n\n\ndef rate(name):\n    return find_rate(name) + SqlStore().load()\n\n\n@dataclass\nclass Shop:\n    name: str\n\n    def rate(self):\n        return rate(self.name), [rate(one) for one in self.name]\n",
        MAKES,
        "from shop.page import rate\n\n\nclass Fake:\n    def load(self):\n        return 1\n\n\nassert rate(\"ab\", find_rate=len, sql_store_factory=Fake) == 3\n",
    ),
    (
        "top",
        CLASS,
        "from store.data import find_rate\n\nprint(find_rate(\"abc\"))\n",
        "from app.bootstrap import Root\n\nwith Root(find_rate=lambda name: 7) as root:\n    assert root.shop(\"a\").rate() == 7\n",
    ),
];

/// What tests override, in plain Python and in each framework.
const PLAIN: &str =
    "from app.bootstrap import Root\n\nassert Root(find_rate=lambda name: 7).find_rate(\"a\") == 7\n";
const DISHKA: &str = "from app.bootstrap import Parts, Root\nfrom dishka import Provider, Scope, make_container, provide\nfrom interfaces.store import FindRate\n\n\nclass Fakes(Provider):\n    scope = Scope.APP\n\n    @provide\n    def find_rate(self) -> FindRate:\n        return lambda name: 7\n\n\nassert Root(make_container(Parts(), Fakes())).find_rate(\"a\") == 7\nwith Root() as root:\n    assert root.sql_store_factory(2).load() == 20\n";
const SVCS: &str = "from app.bootstrap import Root, parts\nfrom interfaces.store import FindRate\n\nregistry = parts()\nregistry.register_value(FindRate, lambda name: 7)\nassert Root(registry).find_rate(\"a\") == 7\nwith Root() as root:\n    assert root.sql_store_factory(2).load() == 20\n";

/// The programs for Python itself: `tests/prove-injected` runs them.
#[test]
#[ignore = "writes for judges"]
#[allow(clippy::disallowed_methods, reason = "a proof writes for judges")]
fn programs_for_judges() {
    let folder = std::path::PathBuf::from(std::env::var_os("REPOT_GENERATED").unwrap());
    let write = |name: &str, when: &str, workspace: &Workspace| {
        for (path, file) in workspace.snapshot().files() {
            let to = folder.join(name).join(when).join(path.as_str());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, &file.bytes().unwrap()[..]).unwrap();
        }
    };
    let judged = |name: &str, before: &Workspace, di: Di, check: &str| {
        let (after, refused, _) = carried_out(before, true, di);
        assert_eq!(refused, [""; 0], "{name}");
        write(name, "before", before);
        write(name, "after", &after);
        std::fs::write(folder.join(name).join("after/p/open/app/src/app/check.py"), check).unwrap();
    };
    for (name, code, main, check) in PROGRAMS {
        let code = format!("from store.data import SqlStore, find_rate\n\n{code}");
        judged(name, &workspace(&[(PAGE, &code), (MAIN, main)]), Di::Plain, check);
    }
    for (di, check) in [(Di::Plain, PLAIN), (Di::Dishka, DISHKA), (Di::Svcs, SVCS)] {
        let code = format!("from store.data import SqlStore, find_rate\n\n{CLASS}");
        judged(&format!("{}-root", di.name()), &workspace(&[(PAGE, &code), (MAIN, MAKES)]), di, check);
        let (half, _) = half_way(di);
        judged(&format!("{}-root-later", di.name()), &half, di, check);
    }
}
