//! What a shim promises, kept before a real interpreter.
//!
//! Each test writes a small tree with its shims and runs one program in it, in
//! which every `assert` is a promise. Where there is no `python3` on `PATH`,
//! nothing is tested, and a word on stderr says so.

use std::process::Command;

use repot_refer::{Departed, Shim, SymbolShim};

use crate::environment::Tree;

const UNTIL: Option<&str> = Some("2027-05-22");

/// What a program says on stdout and on stderr, run with `arguments` in `tree`;
/// `None` where there is no Python.
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn python(tree: &Tree, arguments: &[&str]) -> Option<(String, String)> {
    let mut command = Command::new("python3");
    command.args(["-B", "-W", "default"]).args(arguments).current_dir(tree.root());
    let Ok(output) = command.env("PYTHONPATH", tree.root()).env("PYTHONHASHSEED", "0").output() else {
        eprintln!("skipped: there is no python3 on PATH");
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?}\n{out}{err}");
    Some((out, err))
}

/// Runs `program` in a file of its own, so that warnings have a line to name,
/// and gives the deprecation warnings: `use.py:1` for the first line.
fn warnings_of(tree: &Tree, program: &str) -> Option<Vec<String>> {
    tree.write("use.py", program);
    let (_, err) = python(tree, &["use.py"])?;
    let place = |line: &str| {
        let (place, _) = line.split_once(": DeprecationWarning: ")?;
        Some(place.rsplit('/').next().unwrap_or(place).to_owned())
    };
    Some(err.lines().filter_map(place).collect())
}

fn assert_warns(tree: &Tree, program: &str, places: &[&str]) {
    if let Some(found) = warnings_of(tree, program) {
        assert_eq!(found, places, "{program}");
    }
}

/// A module moved from `shop.cart` to `store.cart`.
fn module() -> Tree {
    let shim = Shim { old: "shop.cart", new: "store.cart", is_package: false, until: UNTIL };
    Tree::with(&[
        ("shop/__init__.py", ""),
        ("shop/cart.py", &shim.text()),
        ("store/__init__.py", ""),
        (
            "store/cart.py",
            "import sys\nclass Error(Exception): pass\nclass Item: pass\n_secret = 1\n\
             def f(): return 1\ndef g(): return f()\n\
             if __name__ == '__main__': print('ran', __name__, sys.argv[1:])\n",
        ),
    ])
}

/// A package moved from `shop.front` to `store.front`.
fn package() -> Tree {
    let shim = Shim { old: "shop.front", new: "store.front", is_package: true, until: UNTIL };
    Tree::with(&[
        ("shop/__init__.py", ""),
        ("shop/front/__init__.py", &shim.text()),
        ("store/__init__.py", ""),
        ("store/front/__init__.py", "from .title import title\nVERSION = 1\n"),
        ("store/front/__main__.py", "from .pages import index\nprint('main of', __package__, index.NAME)\n"),
        ("store/front/title.py", "def title(): return 'x'\n"),
        ("store/front/pages/__init__.py", ""),
        (
            "store/front/pages/index.py",
            "from . import other\nNAME = __name__\nclass Error(Exception): pass\n",
        ),
        ("store/front/pages/other.py", "if __name__ == '__main__': print('ran other')\n"),
        ("store/front/pages/text.txt", "hello"),
    ])
}

#[test]
fn the_old_name_is_the_new_module() {
    let programs = [
        "import shop.cart as a\nimport store.cart as b\nassert a is b\n",
        "import store.cart as b\nimport shop.cart as a\nassert a is b\n",
        "from shop import cart\nimport store.cart\nassert cart is store.cart\n",
        "import shop.cart\nassert shop.cart.f() == 1 and shop.cart._secret == 1\n",
        "from shop.cart import Item as A\nfrom store.cart import Item as B\nassert A is B\n",
        "from shop.cart import _secret\n",
        "from shop.cart import *\nassert f() == 1\n",
        "import shop.cart, store.cart\ntry: raise store.cart.Error\nexcept shop.cart.Error: pass\n",
        "import shop.cart, sys\nassert sys.modules['shop.cart'] is sys.modules['store.cart']\n",
        "import shop.cart\nassert shop.cart.__name__ == shop.cart.__spec__.name == 'store.cart'\n",
    ];
    let tree = module();
    for program in programs {
        let line = 1 + program.lines().position(|line| line.contains("shop")).unwrap();
        assert_warns(&tree, program, &[format!("use.py:{line}").as_str()]);
    }
}

#[test]
fn what_is_set_by_the_old_name_is_seen_by_the_new() {
    let tree = module();
    assert_warns(
        &tree,
        "from unittest import mock\nimport shop.cart\nimport store.cart\n\
         with mock.patch('shop.cart.f', lambda: 2): assert store.cart.g() == 2\n\
         shop.cart.f = lambda: 3\nassert store.cart.g() == 3\n",
        &["use.py:2"],
    );
}

#[test]
fn what_was_pickled_by_the_old_name_loads() {
    let tree = module();
    let program = "import pickle\nitem = pickle.loads(b'cshop.cart\\nItem\\n)R.')\n\
                   import store.cart\nassert type(item) is store.cart.Item\n";
    assert_warns(&tree, program, &["use.py:2"]);
}

#[test]
fn a_module_can_be_loaded_again_under_either_name() {
    let tree = module();
    let program = "import importlib, sys, shop.cart\nimport store.cart\n\
                   assert importlib.reload(shop.cart) is store.cart is sys.modules['shop.cart']\n\
                   del sys.modules['shop.cart']\n\
                   import shop.cart\n\
                   assert shop.cart is store.cart\n";
    assert_warns(&tree, program, &["use.py:1", "use.py:5"]);
}

#[test]
fn the_warning_names_the_new_place_and_the_day() {
    let tree = module();
    tree.write("use.py", "import shop.cart\n");
    let Some((_, err)) = python(&tree, &["use.py"]) else { return };
    let message = "use.py:1: DeprecationWarning: `shop.cart` has moved to `store.cart`; the old name goes on \
                   2027-05-22\n";
    assert!(err.contains(message), "{err}");
}

#[test]
fn a_circle_through_the_old_name_meets_the_new_module() {
    let tree = module();
    tree.write("store/cart.py", "X = 1\nimport user\nY = 2\n");
    tree.write("user.py", "from shop.cart import X\nfrom shop import cart\ndef y(): return cart.Y\n");
    for first in ["shop.cart", "store.cart", "user"] {
        let program =
            format!("import {first}, user, store.cart\nassert user.y() == 2 and user.cart is store.cart\n");
        warnings_of(&tree, &program);
    }
    let tree = package();
    tree.write("store/front/pages/index.py", "X = 1\nimport user\nY = 2\n");
    tree.write(
        "user.py",
        "from shop.front.pages.index import X\nfrom shop.front.pages import index\ndef y(): return index.Y\n",
    );
    for first in ["shop.front.pages.index", "store.front.pages.index", "user"] {
        let program = format!(
            "import {first}, user, store.front.pages.index as new\nassert user.y() == 2 and user.index is new\n"
        );
        warnings_of(&tree, &program);
    }
}

#[test]
fn threads_that_ask_at_once_get_the_same_module() {
    let tree = package();
    tree.write("shop/cart.py", module().files()["shop/cart.py"].as_slice());
    tree.write("store/cart.py", "import time\ntime.sleep(0.05)\nX = object()\n");
    tree.write("store/front/__init__.py", "import time\ntime.sleep(0.05)\nX = object()\n");
    tree.write("store/front/slow.py", "import time\ntime.sleep(0.05)\nX = object()\n");
    let program = "import threading\n\
        def race(*modules):\n    \
            found, ready = [], threading.Barrier(3 * len(modules))\n    \
            def run(module):\n        \
                names = {}\n        ready.wait()\n        \
                exec(f'from {module} import X', names)\n        found.append(names['X'])\n    \
            threads = [threading.Thread(target=run, args=[one]) for one in modules * 3]\n    \
            for thread in threads: thread.start()\n    \
            for thread in threads: thread.join()\n    \
            assert len(found) == len(threads) and len(set(map(id, found))) == 1, (modules, found)\n\
        race('shop.cart', 'store.cart')\n\
        race('shop.front', 'store.front')\n\
        race('shop.front.slow', 'store.front.slow')\n";
    warnings_of(&tree, program);
}

#[test]
fn every_module_below_a_package_is_the_new_one() {
    let tree = package();
    let same = "import sys, store.front.pages.index, shop.front.pages.index as old\n\
                assert shop.front.pages.index is old is store.front.pages.index\n\
                assert shop.front.pages is store.front.pages and shop.front is store.front\n\
                assert old.__name__ == old.__spec__.name == 'store.front.pages.index'\n\
                assert sys.modules['shop.front.pages.index'] is old\n\
                names = [name for name in sys.modules if name.startswith('shop.front')]\n\
                assert all(sys.modules[name].__name__.startswith('store.front') for name in names), names\n";
    let same = same.replace("as old\n", "as old, shop.front\n");
    for (first, places) in [
        ("", &["use.py:2"][..]),
        ("import shop.front.pages.index", &["use.py:1"]),
        ("import store.front.pages.index", &["use.py:2"]),
        // The submodule of a new package is found by its new name.
        ("from shop.front.pages import index", &["use.py:1", "use.py:2"]),
        ("from shop.front.pages.index import Error", &["use.py:1"]),
        ("from shop.front import pages, VERSION", &["use.py:1", "use.py:2"]),
    ] {
        assert_warns(&tree, &format!("{first}\n{same}"), places);
    }
}

#[test]
fn what_is_not_below_a_package_is_not_found() {
    let tree = package();
    let program = "from importlib import resources\nfrom importlib.util import find_spec\n\
                   assert find_spec('shop.front.gone') is None\n\
                   assert find_spec('shop.front.pages').submodule_search_locations is not None\n\
                   try: import shop.front.gone\n\
                   except ModuleNotFoundError as error: assert error.name == 'shop.front.gone'\n\
                   else: raise AssertionError\n\
                   assert resources.files('shop.front.pages').joinpath('text.txt').read_text() == 'hello'\n\
                   import pkgutil, shop.front\n\
                   found = [one.name for one in pkgutil.walk_packages(shop.front.__path__, 'shop.front.')]\n\
                   assert 'shop.front.pages.index' in found\n";
    warnings_of(&tree, program);
}

#[test]
fn a_name_that_hides_a_module_goes_on_hiding_it() {
    let tree = package();
    let program = "import shop.front.title\nimport store.front\nassert store.front.title() == 'x'\n";
    assert_warns(&tree, program, &["use.py:1"]);
}

#[test]
fn a_package_shim_that_runs_twice_stands_in_line_once() {
    let tree = package();
    let program = "import sys, shop.front\nbefore = len(sys.meta_path)\n\
                   del sys.modules['shop.front']\n\
                   import shop.front.pages\nimport store.front.pages\n\
                   assert len(sys.meta_path) == before and shop.front.pages is store.front.pages\n";
    assert_warns(&tree, program, &["use.py:1", "use.py:4"]);
}

#[test]
fn old_names_can_be_run_as_programs() {
    let (module, package) = (module(), package());
    let runs = |tree: &Tree, arguments: &[&str], expected: &str| {
        if let Some((out, err)) = python(tree, arguments) {
            assert_eq!(out.trim(), expected, "{arguments:?}");
            assert!(err.contains("DeprecationWarning"), "{arguments:?} {err}");
        }
    };
    runs(&module, &["-m", "shop.cart", "a"], "ran __main__ ['a']");
    runs(&module, &["shop/cart.py", "a"], "ran __main__ ['a']");
    runs(&package, &["-m", "shop.front"], "main of shop.front store.front.pages.index");
    runs(&package, &["-m", "shop.front.pages.other"], "ran other");
}

#[test]
fn a_package_that_moves_into_itself_stays_a_package() {
    let shim = Shim { old: "mono", new: "mono.shared", is_package: true, until: UNTIL };
    let tree = Tree::with(&[
        ("mono/__init__.py", shim.text().as_str()),
        ("mono/shared/__init__.py", "VERSION = 1\n"),
        ("mono/shared/cart.py", "class Error(Exception): pass\n"),
        ("mono/shared/deep/x.py", ""),
        ("mono/other.py", "STAYED = 1\n"),
    ]);
    assert_warns(&tree, "import mono.shared.cart\nimport mono.other\nassert mono.other.STAYED\n", &[]);
    for program in [
        "import mono.cart as old\nimport mono.shared.cart as new\nassert old is new\n",
        "from mono import cart\nimport mono.shared.cart as new\nassert cart is new\n",
        "import mono.deep.x\nimport mono.shared.deep.x\nassert mono.deep.x is mono.shared.deep.x\n",
        "from mono import VERSION\nassert VERSION == 1\n",
        "import mono; assert mono.VERSION == 1\n",
    ] {
        assert_warns(&tree, program, &["use.py:1"]);
    }
}

#[test]
fn a_module_that_moves_within_its_parents() {
    let shim = |old, new| Shim { old, new, is_package: false, until: UNTIL }.text();
    let tree = Tree::with(&[
        ("mono/__init__.py", ""),
        ("mono/x.py", &shim("mono.x", "mono.shared.x")),
        ("mono/shared/__init__.py", ""),
        ("mono/shared/x.py", "X = 1\n"),
        ("mono/y/__init__.py", &shim("mono.y", "mono.y.core")),
        ("mono/y/core.py", "Y = 1\n"),
    ]);
    let program =
        "import mono.x as a\nimport mono.shared.x as b\nimport mono\nassert a is b and mono.x is b\n";
    assert_warns(&tree, program, &["use.py:1"]);
    assert_warns(&tree, "import mono.y.core\nfrom mono.y import Y\n", &["use.py:2"]);
    let upwards = Shim { old: "mono.core", new: "mono", is_package: true, until: UNTIL }.text();
    tree.write("mono/core/__init__.py", upwards);
    tree.write("mono/blocks/__init__.py", "");
    tree.write("mono/blocks/one.py", "");
    let program = "import mono.core.blocks.one as a\nimport mono.blocks.one as b\nimport mono\nassert a is b and mono.core is mono\n";
    assert_warns(&tree, program, &["use.py:1"]);
}

#[test]
fn a_symbol_that_left_is_still_found() {
    let departed = [
        Departed { old: "Price", module: "store.money", new: "Money" },
        Departed { old: "add", module: "store.cart", new: "add" },
    ];
    let shim = SymbolShim { symbols: &departed, until: UNTIL };
    let (module, name) = SymbolShim::NEEDS;
    let head = format!("from {module} import {name}\n\n__all__ = ['Price', 'stays']\nstays = 1\n");
    let tree = Tree::with(&[
        ("shop/__init__.py", ""),
        ("shop/cart.py", &format!("{head}{}", shim.text())),
        ("shop/plain.py", &format!("stays = 1\n{}", shim.reexports())),
        ("store/__init__.py", ""),
        ("store/money.py", "class Money: pass\n"),
        ("store/cart.py", "def add(): pass\n"),
    ]);
    for program in [
        "from shop.cart import Price\nfrom store.money import Money\nassert Price is Money\n",
        "import shop.cart; shop.cart.add\nimport store.cart\nassert shop.cart.stays == 1\n",
        "from shop.cart import *\nfrom store.money import Money\nassert Price is Money\n",
        "import pickle; price = pickle.loads(b'cshop.cart\\nPrice\\n)R.')\n",
    ] {
        assert_warns(&tree, program, &["use.py:1"]);
    }
    let unknown = "import shop.cart\ntry: shop.cart.nope\n\
                   except AttributeError as error: assert str(error) == \"module 'shop.cart' has no attribute 'nope'\"\n\
                   else: raise AssertionError\n";
    assert_warns(&tree, unknown, &[]);
    assert_warns(&tree, "from shop.plain import Price, add, stays\n", &[]);
}
