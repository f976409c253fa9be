//! Small trees before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use repot_change::{ChangeSet, RelPath};
use repot_refer::{Fate, NewImport, rewrite_statement};
use repot_roadmap::{Roadmap, Vocabulary};
use repot_workspace::{Module as File, ModuleId, Origin, Shape, Snapshot, Target, Workspace};

use super::{Contract, Injected, Replaced, Root, Wanted, inject};
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
fn carried_out(workspace: &Workspace, has_root: bool) -> (Workspace, Vec<String>, Injected) {
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
    let root =
        Root { package, path: path("p/open/app/src/app/bootstrap.py"), module: "app.bootstrap".to_owned() };
    let roots: Vec<Root> = has_root.then_some(root).into_iter().collect();
    let injected = inject(&trees, &super::Callers::new(&trees), &roots, &wanted);

    let mut changes = ChangeSet::new();
    let generated = Module {
        name: "interfaces.store".to_owned(),
        about: "What is used of the store.".to_owned(),
        implementers: BTreeSet::new(),
        consumers: BTreeSet::new(),
        drafts: drafts.clone(),
        has_future: true,
    };
    changes.create(path("p/open/interfaces/src/interfaces/store.py"), content(&generated.text())).unwrap();
    for (root, text, _) in &injected.created {
        changes.create(root.path.clone(), content(text)).unwrap();
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
    let (after, refused, _) = carried_out(&workspace, true);
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
    let reason = "nothing in the workspace makes `Shop`, and there is no composition root that could";
    assert_eq!(carried_out(&silent, false).1, [reason; 2]);
    let main = "from shop.page import Shop\nfrom store.data import find_rate as rate\n\nprint(Shop(\"a\").rate(), rate(\"a\"))\n";
    let (after, refused, _) = carried_out(&workspace(&[(PAGE, &code), (MAIN, main)]), false);
    assert_eq!(refused, [""; 0]);
    let expected = "from shop.page import Shop\nfrom store.data import SqlStore\nfrom store.data import find_rate as rate\n\n\
                    print(Shop(\"a\", find_rate=rate, sql_store=SqlStore()).rate(), rate(\"a\"))\n";
    assert_eq!(text(&after, MAIN), expected);
}

#[test]
fn what_nobody_makes_the_composition_root_makes() {
    let code = format!("from store.data import SqlStore, find_rate\n\n{CLASS}");
    let (after, refused, _) = carried_out(&workspace(&[(PAGE, &code)]), true);
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
    let (after, refused, _) = carried_out(&workspace(&[(PAGE, &code), (MAIN, &main)]), true);
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
    let (after, refused, _) = carried_out(&workspace, true);
    assert_eq!(refused, [""; 0]);
    let expected = "from fastapi import Depends\nfrom app.web import app\nfrom app.bootstrap import root\n\n\n@app.get(\"/\")\ndef show(rate=Depends(root.find_rate)):\n    return root.sql_store_factory(), rate\n";
    assert_eq!(text(&after, here), expected);
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
    for (name, code, main, check) in PROGRAMS {
        let code = format!("from store.data import SqlStore, find_rate\n\n{code}");
        let before = workspace(&[(PAGE, &code), (MAIN, main)]);
        let (after, refused, _) = carried_out(&before, true);
        assert_eq!(refused, [""; 0], "{name}");
        write(name, "before", &before);
        write(name, "after", &after);
        std::fs::write(folder.join(name).join("after/p/open/app/src/app/check.py"), check).unwrap();
    }
}
