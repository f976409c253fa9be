//! Relocations on small workspaces, and what must hold of every one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use repot_change::{ChangeSet, RelPath};
use repot_refer::{Fate, Fates, rewrite_statement};
use repot_roadmap::{Roadmap, Vocabulary};
use repot_workspace::{Origin, Place, Shape, Snapshot, Workspace};

use crate::{Definition, Home, Mover, NoHome, Relocated, Trees, Wanted, declare};

const ROADMAP: &str = "[workspace]\nmembers = [\"p/*/*\"]\n\
                       [domains.front]\nmembers = [\"p/front/*\"]\n[domains.back]\nmembers = [\"p/back/*\"]\n";

pub(crate) const STORE: &str = "p/back/store/src/store/data.py";

pub(crate) fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

pub(crate) fn workspace(files: &[(&str, &str)]) -> Workspace {
    let roadmap = Roadmap::parse("repot.toml", ROADMAP, &Vocabulary::default()).unwrap();
    let base = [
        ("p/open/interfaces/src/interfaces/__init__.py", ""),
        ("p/front/shop/src/shop/page.py", "from store.data import X\n"),
        ("p/back/store/src/store/__init__.py", ""),
        ("p/open/free/src/free/__init__.py", "FREE = 1\n"),
    ];
    let files = base.iter().chain(files).map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    let shape = Shape::new(&roadmap.workspace, &roadmap.domains);
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

pub(crate) fn home(workspace: &Workspace) -> Home {
    Home::find(workspace, "", &["pydantic".to_owned()]).unwrap()
}

fn relocate(workspace: &Workspace, names: &[String]) -> Relocated {
    let module = workspace.modules().at(&path(STORE)).unwrap();
    let wanted = names.iter().map(|name| (Definition { module, name: name.clone() }, BTreeSet::new()));
    let (trees, home) = (Trees::new(workspace), home(workspace));
    Mover::new(&trees, &home).relocate(&wanted.collect(), &BTreeSet::new()).unwrap()
}

/// The workspace after a relocation.
pub(crate) fn carried_out(workspace: &Workspace, relocated: Relocated) -> Workspace {
    let mut changes = ChangeSet::new();
    for (module, statements) in &relocated.pruned {
        let file = workspace.file(*module);
        for (index, items) in statements {
            let fates: Fates = items.iter().map(|item| (*item, Fate::Repeated)).collect();
            let edits = rewrite_statement(file.bytes().unwrap(), &file.imports()[*index], &fates);
            changes.add_edits(&workspace.modules().get(*module).path, edits).unwrap();
        }
    }
    for (path, edits) in relocated.edits {
        changes.add_edits(&path, edits).unwrap();
    }
    for (path, content) in relocated.created {
        changes.create(path, content).unwrap();
    }
    workspace.with(&changes).unwrap()
}

/// Why `X` of a module with this text cannot move.
fn blocked(text: &str) -> String {
    let workspace = workspace(&[(STORE, text), ("p/back/store/src/store/other.py", "class Work: ...\n")]);
    let relocated = relocate(&workspace, &["X".to_owned()]);
    assert!(relocated.moved.is_empty(), "{text}");
    relocated.blocked.values().map(ToString::to_string).collect()
}

#[test]
fn what_stands_in_the_way_is_said_with_the_way_to_it() {
    let enumeration = "from enum import Enum\nclass X(Enum):\n    A = 1\n";
    for (text, reason) in [
        ("class X:\n    def f(self): ...\n", "`X`: it is a class, not plain data"),
        ("X = make()\n", "`X`: it uses `make`, which its file does not bind"),
        ("X = [Y]\nY = Z = 1\nW = Y\n", "`X` → `Y`: it binds `Z` of its module, too"),
        ("import numpy\nX = [numpy.int8]\n", "`X`: it needs `numpy`, which `interfaces` does not"),
        ("from .other import Work\nX = [Work]\n", "`X` → `Work`: it is a class, not plain data"),
        ("from . import other\nX = [other]\n", "`X`: it needs the whole module `..other`"),
        ("from .gone import Y\nX = [Y]\n", "`X`: it needs `.gone`, which does not resolve"),
        ("X = 1\ndef f():\n    global X\n    X = 2\n", "`X`: line 3 of its file changes it"),
        (
            "from pathlib import Path\nX = Path(__file__)\n",
            "`X`: it uses `__file__`, which means its own module",
        ),
        ("X = 1\nX = 2\n", "`X`: it is bound in 2 places"),
        (
            "try:\n    from a import Y\nexcept ImportError:\n    Y = 1\nX = [Y]\n",
            "`X`: it uses `Y`, which its file binds in 2 ways",
        ),
        ("from a import *\nX = [Y]\n", "`X`: it uses `Y`, which its file does not bind"),
    ] {
        assert_eq!(blocked(text), reason, "{text}");
    }
    let workspace = workspace(&[(STORE, enumeration)]);
    assert_eq!(relocate(&workspace, &["X".to_owned()]).moved.len(), 1);
}

#[test]
fn the_interface_package_may_have_what_is_open_to_it() {
    let text =
        "from free import FREE\nfrom pydantic import BaseModel\nclass X(BaseModel):\n    a: int = FREE\n";
    let workspace = workspace(&[(STORE, text)]);
    let relocated = relocate(&workspace, &["X".to_owned()]);
    assert_eq!(relocated.needs, BTreeSet::from(["pydantic".to_owned()]));
    let free = workspace.package_at(&path("p/open/free/src/free/__init__.py")).unwrap();
    assert!(relocated.packages.contains(&free));
    let (_, content) = relocated.created.iter().find(|(path, _)| path.file_stem() == "data").unwrap();
    let text = String::from_utf8_lossy(&content.bytes).into_owned();
    assert!(text.contains("\nfrom free import FREE\nfrom pydantic import BaseModel\n"), "{text}");
}

#[test]
fn what_comes_later_joins_what_is_there() {
    let text = "import enum\n\nA = 1\n\n\nclass B(enum.Enum):\n    X = A\n";
    let first = workspace(&[(STORE, text)]);
    let second = carried_out(&first, relocate(&first, &["A".to_owned()]));
    let third = carried_out(&second, relocate(&second, &["B".to_owned()]));
    let read = |name: &str| {
        let file = third.snapshot().get(&path(name)).unwrap().bytes().unwrap().to_vec();
        String::from_utf8(file).unwrap()
    };
    let new = read("p/open/interfaces/src/interfaces/back/data.py");
    assert!(
        new.ends_with(
            "import enum\n\n__all__ = [\"A\", \"B\"]\n\nA = 1\n\n\nclass B(enum.Enum):\n    X = A\n"
        ),
        "{new}"
    );
    let old = "from interfaces.back.data import A as A\nfrom interfaces.back.data import B as B\n";
    assert_eq!(read(STORE).trim(), old.trim());
}

#[test]
fn an_interface_package_is_found_or_asked_for() {
    let one = workspace(&[]);
    assert_eq!(home(&one).name, "interfaces");
    assert_eq!(Home::find(&one, "gone", &[]).unwrap_err(), NoHome::Unknown("gone".to_owned()));
    let two = workspace(&[("p/open/second/src/our_interfaces/__init__.py", "")]);
    let none = Home::find(&two, "", &[]).unwrap_err();
    assert_eq!(none.message(), "`interfaces`, `our_interfaces` could all be the interface package");
    assert_eq!(Home::find(&two, "our_interfaces", &[]).unwrap().name, "our_interfaces");
    let closed = workspace(&[("p/back/second/src/our_interfaces/__init__.py", "")]);
    assert_eq!(home(&closed).name, "interfaces", "a package of a domain is not open to the other");
}

#[test]
fn a_project_file_says_it_once_and_in_its_habit() {
    let declared = |text: &str| {
        let interfaces = "[project]\nname = \"inter-faces\"\nversion = \"1\"\n";
        let root = "[tool.uv.workspace]\nmembers = [\"p/*/*\"]\n";
        let workspace = workspace(&[
            ("p/open/interfaces/pyproject.toml", interfaces),
            ("p/front/shop/pyproject.toml", text),
            ("pyproject.toml", root),
        ]);
        let package = |at: &str| workspace.package_at(&path(at)).unwrap();
        let shop = package("p/front/shop/pyproject.toml");
        let interfaces = home(&workspace).package;
        let own = Wanted { packages: BTreeSet::from([interfaces]), ..Wanted::default() };
        let declared = declare(&workspace, shop, &own);
        let pydantic = BTreeSet::from(["pydantic".to_owned()]);
        let needs = Wanted { outside: pydantic, like: Some(shop), ..Wanted::default() };
        let outside = declare(&workspace, interfaces, &needs).unwrap();
        let apply = |declared: crate::Declared| {
            let bytes = workspace.snapshot().get(&declared.path).unwrap().bytes().unwrap().to_vec();
            String::from_utf8(repot_change::edited(&declared.path, &bytes, declared.edits).unwrap()).unwrap()
        };
        let own = declared.map(|declared| declared.map(apply)).map_err(|undeclared| undeclared.reason);
        (own, outside.map(apply).unwrap_or_default())
    };
    let (own, outside) = declared("[project]\nname = \"shop\"\ndependencies = [\"pydantic>=2\"]\n");
    let own = own.unwrap().unwrap();
    assert!(own.contains("dependencies = [\"pydantic>=2\", \"inter-faces\"]"), "{own}");
    assert!(own.contains("[tool.uv.sources]\ninter-faces = { workspace = true }"), "{own}");
    assert!(outside.contains("dependencies = [\"pydantic>=2\"]"), "{outside}");
    let (own, _) = declared("[project]\nname = \"shop\"\ndependencies = [\"inter_faces\"]\n");
    assert_eq!(own, Ok(None));
    let (own, _) = declared("[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n");
    assert_eq!(own, Err("its dependencies are dynamic; it now needs `inter-faces`".to_owned()));
    let (own, _) = declared(
        "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\nx = { path = \"../x\", develop = false }\n",
    );
    assert!(
        own.unwrap()
            .unwrap()
            .ends_with("inter-faces = { path = \"../../open/interfaces\", develop = false }\n")
    );
}

/// A module of definitions, each of which needs some of those before it.
pub(crate) fn module() -> impl Strategy<Value = (String, usize)> {
    let one = (0usize..5, proptest::collection::vec(any::<proptest::sample::Index>(), 0..3));
    proptest::collection::vec(one, 1..8).prop_map(|definitions| {
        let mut text = "\"\"\"Data.\"\"\"\n\nimport enum\nfrom dataclasses import dataclass\n\n".to_owned();
        for (at, (kind, needs)) in definitions.iter().enumerate() {
            let needs: Vec<String> =
                needs.iter().filter(|_| at > 0).map(|need| format!("D{}", need.index(at))).collect();
            let needs = needs.join(", ");
            text += &match kind {
                0 => format!("D{at} = ({needs})\n"),
                1 => format!("# Comment.\nclass D{at}(enum.Enum):\n    A = ({needs})\n\n\n"),
                2 => format!("@dataclass\nclass D{at}:\n    a: object = ({needs})\n\n\n"),
                3 => format!("\ndef D{at}(a=({needs})):\n    return a\n\n\n"),
                _ => format!("class D{at}:\n    def f(self):\n        return ({needs})\n"),
            };
        }
        (text, definitions.len())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever moves, every name is still had from where it was, what was asked
    /// for and not refused is defined in the interface package, nothing is used
    /// without being bound, and nothing more moves the second time.
    #[test]
    fn names_stay_where_they_were_and_definitions_do_not((text, count) in module(), mask in any::<u8>()) {
        let names: Vec<String> =
            (0..count).filter(|at| mask & (1 << at) != 0).map(|at| format!("D{at}")).collect();
        let before = workspace(&[(STORE, &text)]);
        let relocated = relocate(&before, &names);
        let moved: BTreeMap<String, String> =
            relocated.moved.iter().map(|(one, module)| (one.name.clone(), module.clone())).collect();
        let refused: BTreeSet<String> = relocated.blocked.keys().map(|one| one.name.clone()).collect();
        prop_assert!(names.iter().all(|name| moved.contains_key(name) || refused.contains(name)));
        let after = carried_out(&before, relocated);
        let store = after.modules().at(&path(STORE)).unwrap();
        for name in (0..count).map(|at| format!("D{at}")) {
            let Some(Origin::Definition { module, .. }) = after.origin(&Place::Module(store), &name) else {
                return Err(TestCaseError::fail(format!("{name} is gone\n{text}")));
            };
            let own = after.modules().get(module).name.clone();
            prop_assert_eq!(own.as_deref(), Some(moved.get(&name).map_or("store.data", String::as_str)));
        }
        for (id, _) in after.modules().iter() {
            let source = after.file(id).parse();
            prop_assert_eq!(source.problems().len(), 0);
            prop_assert_eq!(source.scopes().unbound().len(), 0);
        }
        let again = relocate(&after, &names);
        prop_assert!(again.moved.is_empty());
    }
}
