//! Twins on small workspaces: what becomes one, what stays apart and why, and
//! what must hold of both.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use repot_workspace::{Origin, Place, Workspace};

use super::Twins;
use crate::tests::{STORE, carried_out, home, module, path, workspace};
use crate::{Definition, Mover, Relocated, Trees};

const SHIP: &str = "p/front/ship/src/ship/data.py";
const ENUM: &str = "from enum import Enum\nclass X(Enum):\n    A = 1\n";

/// What becomes of these names of the store, where twins become one but for
/// those that are to stay `apart`.
fn relocate(workspace: &Workspace, names: &[String], apart: &[&str]) -> Relocated {
    let module = workspace.modules().at(&path(STORE)).unwrap();
    let wanted = names.iter().map(|name| (Definition { module, name: name.clone() }, BTreeSet::new()));
    let (trees, home, callers) = (Trees::new(workspace), home(workspace), OnceCell::new());
    let apart = apart.iter().map(|one| (*one).to_owned()).collect();
    let twins = Twins { trees: &trees, home: &home, callers: &callers, apart: &apart };
    Mover::new(&trees, &home).uniting(twins).relocate(&wanted.collect(), &BTreeSet::new()).unwrap()
}

/// Where `X` of the store goes, or why it stays apart from that of the ship.
fn settled(store: &str, ship: &str, more: &[(&str, &str)]) -> String {
    let base = [(STORE, store), (SHIP, ship), ("p/front/ship/src/ship/__init__.py", "")];
    let files: Vec<(&str, &str)> = base.into_iter().chain(more.iter().copied()).collect();
    let relocated = relocate(&workspace(&files), &["X".to_owned()], &[]);
    let is_x = |one: &&Definition| one.name == "X";
    let targets: BTreeSet<&str> =
        relocated.moved.iter().filter(|(one, _)| one.name == "X").map(|(_, to)| to.as_str()).collect();
    let count = relocated.moved.keys().filter(is_x).count();
    match relocated.apart.values().next() {
        Some(reason) => reason.clone(),
        None => format!("{count} to {}", targets.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[test]
fn what_says_the_same_becomes_one() {
    for (store, ship) in [
        (ENUM, ENUM),
        (ENUM, "from enum import Enum\n\n\n# Note.\nclass X( Enum ):\n    'Doc.'\n    A = 1  # one\n"),
        ("class X(KeyError): ...\n", "class X(KeyError):\n    pass\n"),
        (
            "from typing import TypedDict\nclass X(TypedDict, total=False):\n    a: int\n",
            "from typing import TypedDict\nclass X(TypedDict, total=False):\n    a: int\n",
        ),
        (
            "from pydantic import BaseModel\nclass X(BaseModel):\n    a: list[int] = []\n",
            "from pydantic import BaseModel\nclass X(BaseModel):\n    a: list[int] = []\n",
        ),
        (
            "from typing import NewType\nX = NewType('X', int)\n",
            "from typing import NewType\nX = NewType(\"X\", int)\n",
        ),
        (
            "L = 3\nfrom dataclasses import dataclass\n@dataclass\nclass X:\n    a: int = L\n",
            "from dataclasses import dataclass\nL = 3\n@dataclass\nclass X:\n    a: int = L\n",
        ),
        (
            "from free import FREE\nclass X(KeyError):\n    a = FREE\n",
            "from free import FREE\nclass X(KeyError):\n    a = FREE\n",
        ),
    ] {
        assert_eq!(settled(store, ship, &[]), "2 to interfaces.shared.data", "{store}{ship}");
    }
}

#[test]
fn what_says_something_else_does_not() {
    let typed = |value: &str| {
        format!("from dataclasses import dataclass\nL = {value}\n@dataclass\nclass X:\n    a: int = L\n")
    };
    for (store, ship) in [
        (ENUM.to_owned(), ENUM.replace("A = 1", "A = 2")),
        (ENUM.to_owned(), ENUM.replace("Enum", "IntEnum")),
        (ENUM.to_owned(), ENUM.replace("class X", "class Y")),
        (ENUM.to_owned(), format!("from __future__ import annotations\n{ENUM}")),
        (ENUM.to_owned(), format!("{ENUM}X = X\n")),
        (typed("3"), typed("4")),
        ("X = 3\n".to_owned(), "X = 3\n".to_owned()),
        ("X = dict[str, int]\n".to_owned(), "X = dict[str, int]\n".to_owned()),
        (
            "from typing import TypeVar\nX = TypeVar('X')\n".to_owned(),
            "from typing import TypeVar\nX = TypeVar('X')\n".to_owned(),
        ),
        (ENUM.to_owned(), String::new()),
    ] {
        assert_eq!(settled(&store, &ship, &[]), "1 to interfaces.back.data", "{store}{ship}");
    }
    let within = ("p/back/other/src/other/data.py", ENUM);
    assert_eq!(settled(ENUM, "", &[within]), "1 to interfaces.back.data");
    assert_eq!(settled(ENUM, ENUM, &[within]), "3 to interfaces.shared.data");
    for nobodys in
        ["p/front/ship/tests/data.py", "p/open/free/src/free/data.py", "p/front/ship/src/ship/x.pyi"]
    {
        assert_eq!(settled(ENUM, "", &[(nobodys, ENUM)]), "1 to interfaces.back.data", "{nobodys}");
    }
}

#[test]
fn what_somebody_tells_apart_stays_apart() {
    let same = |text: &str, more: &[(&str, &str)]| settled(text, text, more);
    let page = |text: &'static str| [("p/front/shop/src/shop/other.py", text)];
    let dataclass = "from dataclasses import dataclass\n";
    for (text, more, reason) in [
        (
            format!("from free import a\n{dataclass}@a\n@dataclass\nclass X:\n    a: int\n"),
            vec![],
            "`@a` may register `X`",
        ),
        (
            "from free import B\nclass X(B, KeyError): ...\n".to_owned(),
            vec![("p/open/free/src/free/__init__.py", "class B:\n    def __init_subclass__(cls): ...\n")],
            "`X` has `__init_subclass__`, and knows its subclasses",
        ),
        ("class X(KeyError):\n    seen = []\n".to_owned(), vec![], "`X` has a state: `seen = []`"),
        (
            format!("{dataclass}L = [1]\n@dataclass\nclass X:\n    a: object = (L,)\n"),
            vec![],
            "`L` can be changed in place",
        ),
        (
            format!("{ENUM}KNOWN = [X]\n"),
            vec![],
            "p/back/store/src/store/data.py:4 may register or change `X`",
        ),
        (
            format!("{ENUM}X.label = 'x'\n"),
            vec![],
            "p/back/store/src/store/data.py:4 may register or change `X`",
        ),
        (
            ENUM.to_owned(),
            page("from ship.data import X\nfrom store.data import X as Y\n").to_vec(),
            "p/front/shop/src/shop/other.py knows more than one `X`",
        ),
        (
            ENUM.to_owned(),
            page("import ship.data\nfrom store.data import X\ndef f(): return ship.data.X\n").to_vec(),
            "p/front/shop/src/shop/other.py knows more than one `X`",
        ),
        (
            ENUM.to_owned(),
            page("from ship.data import X\nfrom free import f\n@f.register\ndef g(x: X): ...\n").to_vec(),
            "p/front/shop/src/shop/other.py registers something and uses `X`",
        ),
        (
            ENUM.to_owned(),
            page("from ship.data import X\ndef f(x):\n    X.label = x\n").to_vec(),
            "p/front/shop/src/shop/other.py:3 may register or change `X`",
        ),
    ] {
        assert_eq!(same(&text, &more), reason, "{text}");
    }
    let reads = page(
        "from ship.data import X\nLABELS = {X.A: 'a'}\ndef f(x: X):\n    return isinstance(x, X) and [X]\n",
    );
    assert_eq!(same(ENUM, &reads), "2 to interfaces.shared.data");
}

#[test]
fn twins_are_no_reason_for_a_circle() {
    let head = "from typing import TypedDict\n";
    let store = format!(
        "{head}class K(TypedDict):\n    a: int\nclass X(TypedDict):\n    k: K\nclass D(TypedDict):\n    x: X\n"
    );
    let ship = format!("{head}from store.data import K\nclass X(TypedDict):\n    k: K\n");
    let workspace = workspace(&[(STORE, &store), (SHIP, &ship)]);
    let relocated = relocate(&workspace, &["D".to_owned()], &[]);
    assert!(relocated.moved.values().all(|target| target == "interfaces.back.data"), "{:?}", relocated.moved);
    assert_eq!((relocated.moved.len(), relocated.blocked.len()), (3, 0));
    let reason = "modules of the interface package would import each other";
    assert_eq!(relocated.apart.values().collect::<Vec<_>>(), [reason]);
    let alone = relocate(&workspace, &["X".to_owned()], &[]);
    let targets: BTreeSet<&str> = alone.moved.values().map(String::as_str).collect();
    assert_eq!(targets, BTreeSet::from(["interfaces.back.data", "interfaces.shared.data"]));
}

#[test]
fn what_a_person_decided_on_stays_as_it_is() {
    let files = [(STORE, ENUM), (SHIP, ENUM)];
    for apart in ["ship.data:X", "store.data:X"] {
        let relocated = relocate(&workspace(&files), &["X".to_owned()], &[apart]);
        assert!(relocated.twins.is_empty() && relocated.moved.len() == 1, "{apart}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever becomes one, both modules still have every name, from one place
    /// where it moved together, nothing is used without being bound, and nothing
    /// more moves the second time.
    #[test]
    fn both_modules_have_every_name((text, count) in module(), mask in any::<u8>()) {
        let names: Vec<String> =
            (0..count).filter(|at| mask & (1 << at) != 0).map(|at| format!("D{at}")).collect();
        let before = workspace(&[(STORE, &text), (SHIP, &text)]);
        let relocated = relocate(&before, &names, &[]);
        let united: BTreeSet<String> = relocated.twins.keys().map(|one| one.name.clone()).collect();
        let after = carried_out(&before, relocated);
        let origin = |file: &str, name: &str| {
            let module = after.modules().at(&path(file)).unwrap();
            match after.origin(&Place::Module(module), name) {
                Some(Origin::Definition { module, .. }) => after.modules().get(module).name.clone(),
                _ => None,
            }
        };
        for name in (0..count).map(|at| format!("D{at}")) {
            let (store, ship) = (origin(STORE, &name), origin(SHIP, &name));
            prop_assert!(store.is_some() && ship.is_some(), "{} is gone\n{}", name, text);
            prop_assert_eq!(store == ship, united.contains(&name));
            prop_assert_eq!(store.as_deref() == Some("interfaces.shared.data"), united.contains(&name));
        }
        for (id, _) in after.modules().iter() {
            let source = after.file(id).parse();
            prop_assert_eq!(source.problems().len(), 0);
            prop_assert_eq!(source.scopes().unbound().len(), 0);
        }
        prop_assert!(relocate(&after, &names, &[]).moved.is_empty());
    }
}
