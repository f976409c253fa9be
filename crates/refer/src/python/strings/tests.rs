//! Strings as small programs: what is marked follows a move, and nothing else.

use std::sync::Arc;

use proptest::prelude::*;
use repot_change::{Applicability, RelPath};
use repot_python::SourceFile;
use repot_roadmap::Pattern;
use repot_workspace::{Shape, Snapshot, Workspace};

use crate::relocation::Relocation;
use crate::{Follow, Move, Unhandled};

/// The workspace that the programs live in: a package `shop`, a top-level
/// module `till`, and one file at `path`.
pub(in crate::python) fn workspace(path: &str, source: &[u8]) -> Workspace {
    let mut files = vec![
        ("pyproject.toml", &b"[project]\nname = 'shop'\n[tool.setuptools]\npackages = ['shop', 'shop.sub']\npy-modules = ['till']\n"[..]),
        ("shop/__init__.py", b""),
        ("shop/cart.py", b"TAX = 1\ndef add(): pass\nclass Cart:\n    def total(self): pass\n"),
        ("shop/checkout.py", b"from shop.cart import add\n"),
        ("shop/sub/__init__.py", b""),
        ("shop/sub/deep.py", b"x = 1\n"),
        ("till.py", b"app = 1\n"),
    ];
    files.push((path, source));
    let files = files.into_iter().map(|(path, bytes)| (RelPath::new(path).unwrap(), bytes.to_vec()));
    let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

/// What follows in the file at `path` that holds `source`, and what is left.
fn followed(moves: &[(&str, &str)], path: &str, source: &[u8]) -> (Vec<Follow>, Vec<Unhandled>) {
    let workspace = workspace(path, source);
    let moves: Vec<Move> = moves.iter().map(|(from, to)| Move::parse(from, to).unwrap()).collect();
    let relocation = Relocation::new(&workspace, &moves).unwrap();
    let id = workspace.modules().at(&RelPath::new(path).unwrap()).unwrap();
    let source = SourceFile::parse(source.into());
    super::follow(&workspace, &relocation.renames(), workspace.modules().get(id), &source)
}

/// `source` after what follows, with `?` before what is only for review and
/// what is left between `«»`.
fn after(moves: &[(&str, &str)], path: &str, source: &str) -> String {
    let (follows, unhandled) = followed(moves, path, source.as_bytes());
    let mut edits: Vec<_> = follows
        .into_iter()
        .map(|one| {
            let mark = if one.applicability == Applicability::Certain { "" } else { "?" };
            (one.span, format!("{mark}{}", one.new))
        })
        .collect();
    edits.extend(unhandled.into_iter().map(|one| (one.span, format!("«{}»", &source[one.span.range()]))));
    edits.sort();
    let mut text = source.to_owned();
    for (span, new) in edits.into_iter().rev() {
        text.replace_range(span.range(), &new);
    }
    text
}

const CART: &[(&str, &str)] = &[("shop.cart", "store.basket")];

#[test]
fn what_stands_around_a_string_says_how_sure_it_is() {
    for (source, expected) in [
        // It is imported.
        ("importlib.import_module('shop.cart')", "importlib.import_module('store.basket')"),
        ("importlib.import_module(name='shop.cart')", "importlib.import_module(name='store.basket')"),
        (
            "from importlib import import_module as im\nim('shop.cart')",
            "from importlib import import_module as im\nim('store.basket')",
        ),
        ("__import__('shop.cart')", "__import__('?store.basket')"),
        ("__import__('shop.cart', fromlist=['add'])", "__import__('store.basket', fromlist=['add'])"),
        ("pytest.importorskip('shop.cart')", "pytest.importorskip('store.basket')"),
        ("importlib.util.find_spec('shop.cart')", "importlib.util.find_spec('store.basket')"),
        ("runpy.run_module('shop.cart')", "runpy.run_module('store.basket')"),
        ("import_string('shop.cart.Cart')", "import_string('store.basket.Cart')"),
        ("pkgutil.resolve_name('shop.cart:Cart.total')", "pkgutil.resolve_name('store.basket:Cart.total')"),
        ("sys.modules['shop.cart'] = x", "sys.modules['store.basket'] = x"),
        ("sys.modules.pop('shop.cart', None)", "sys.modules.pop('store.basket', None)"),
        (
            "monkeypatch.setitem(sys.modules, 'shop.cart', x)",
            "monkeypatch.setitem(sys.modules, 'store.basket', x)",
        ),
        ("pkgutil.get_data('shop.cart', 'x')", "pkgutil.get_data('store.basket', 'x')"),
        ("importlib.resources.files('shop.cart')", "importlib.resources.files('store.basket')"),
        ("__module__ = 'shop.cart'", "__module__ = 'store.basket'"),
        ("C.__module__ = 'shop.cart'", "C.__module__ = 'store.basket'"),
        ("pytest_plugins = ['a', 'shop.cart']", "pytest_plugins = ['a', 'store.basket']"),
        // It is patched.
        ("mock.patch('shop.cart.add')", "mock.patch('store.basket.add')"),
        (
            "from unittest.mock import patch\n@patch('shop.cart.add', x)\ndef f(): pass",
            "from unittest.mock import patch\n@patch('store.basket.add', x)\ndef f(): pass",
        ),
        ("mocker.patch('shop.cart.Cart.total')", "mocker.patch('store.basket.Cart.total')"),
        ("patch.dict('shop.cart.TAX', x)", "patch.dict('store.basket.TAX', x)"),
        ("patch.multiple('shop.cart', x=1)", "patch.multiple('store.basket', x=1)"),
        ("monkeypatch.setattr('shop.cart.add', x)", "monkeypatch.setattr('store.basket.add', x)"),
        ("mock.patch('shop.checkout.add')", "mock.patch('shop.checkout.add')"),
        ("mock.patch('shop.cart.gone', create=True)", "mock.patch('?store.basket.gone', create=True)"),
        ("import_string('shop.cart.gone')", "import_string('«shop.cart.gone»')"),
        // It deserves a look.
        ("logging.getLogger('shop.cart')", "logging.getLogger('?store.basket')"),
        ("uvicorn.run('shop.cart:app')", "uvicorn.run('shop.cart:app')"),
        ("uvicorn.run('shop.cart:Cart')", "uvicorn.run('?store.basket:Cart')"),
        ("INSTALLED_APPS = ['shop.cart']", "INSTALLED_APPS = ['?store.basket']"),
        ("AUTH_USER_MODEL = 'shop.cart'", "AUTH_USER_MODEL = 'shop.cart'"),
        ("run(['-m', 'shop.cart'])", "run(['-m', '?store.basket'])"),
        (
            "x = {'shop.cart': r'shop.cart.Cart', 'y': b'shop.cart'}",
            "x = {'?store.basket': r'?store.basket.Cart', 'y': b'shop.cart'}",
        ),
        ("x = 'shop.cart.gone'", "x = 'shop.cart.gone'"),
        ("x: 'shop.cart.Cart'", "x: '?store.basket.Cart'"),
        // It is not wholly a name, or another one.
        (
            "x = 'the shop.cart module', 'shop.cart.', 'shop.carts', 'my.shop.cart', 'shop.cart '",
            "x = 'the shop.cart module', '?store.basket.', 'shop.carts', 'my.shop.cart', 'shop.cart '",
        ),
        ("'shop.cart'", "'shop.cart'"),
        ("__all__ = ['cart', 'shop.cart']", "__all__ = ['cart', 'shop.cart']"),
        ("x = 'cart', 'shop', 'shop:latest'", "x = 'cart', 'shop', 'shop:latest'"),
    ] {
        assert_eq!(after(CART, "shop/user.py", source), expected, "{source}");
    }
}

#[test]
fn a_name_of_one_component_refers_only_where_nothing_else_can_stand() {
    for (source, expected) in [
        ("import_module('till')", "import_module('bank')"),
        ("sys.modules['till']", "sys.modules['bank']"),
        ("pytest_plugins = 'till'", "pytest_plugins = 'bank'"),
        ("run(['-m', 'till'])", "run(['-m', '?bank'])"),
        ("mock.patch('till.app')", "mock.patch('bank.app')"),
        ("INSTALLED_APPS = ['till']", "INSTALLED_APPS = ['?bank']"),
        (
            "x = 'till', 'till:app', 'till.app', 'till.py', 'till:latest'",
            "x = 'till', '?bank:app', '?bank.app', 'till.py', 'till:latest'",
        ),
        ("getLogger('till')", "getLogger('till')"),
        ("f('till')", "f('till')"),
    ] {
        assert_eq!(after(&[("till", "bank")], "shop/user.py", source), expected, "{source}");
    }
}

#[test]
fn a_symbol_follows_by_its_own_name() {
    let moves = [("shop.cart:add", "shop.sub.deep:plus")];
    for (source, expected) in [
        ("import_string('shop.cart.add')", "import_string('shop.sub.deep.plus')"),
        ("x = 'shop.cart:add'", "x = '?shop.sub.deep:plus'"),
        ("x = 'shop.cart.add.x'", "x = '?shop.sub.deep.plus.x'"),
        ("x = 'shop.cart.added', 'shop.cart'", "x = 'shop.cart.added', 'shop.cart'"),
        // Where it is looked up is not where it is defined.
        ("mock.patch('shop.cart.add')", "mock.patch('?shop.sub.deep.plus')"),
        ("mock.patch('shop.checkout.add')", "mock.patch('shop.checkout.add')"),
    ] {
        assert_eq!(after(&moves, "shop/user.py", source), expected, "{source}");
    }
    let moves = [("shop.checkout", "shop.till")];
    assert_eq!(after(&moves, "t.py", "mock.patch('shop.checkout.add')"), "mock.patch('shop.till.add')");
}

#[test]
fn a_relative_name_is_relative_to_what_its_call_says() {
    let within = [("shop.cart", "shop.sub.basket")];
    let all = [("shop", "store")];
    for (moves, path, source, expected) in [
        (CART, "t.py", "import_module('.cart', 'shop')", "import_module('store.basket', 'shop')"),
        (
            &within,
            "t.py",
            "import_module('.cart', package='shop')",
            "import_module('.sub.basket', package='shop')",
        ),
        (&all, "t.py", "import_module('.cart', 'shop')", "import_module('.cart', 'store')"),
        (&within, "t.py", "import_module('..cart', 'shop.sub')", "import_module('..sub.basket', 'shop.sub')"),
        (
            &within,
            "shop/user.py",
            "import_module('.cart', __package__)",
            "import_module('.sub.basket', __package__)",
        ),
        (
            CART,
            "shop/user.py",
            "import_module('.cart', package=__package__)",
            "import_module('store.basket', package=__package__)",
        ),
        (&all, "shop/user.py", "import_module('.cart', __package__)", "import_module('.cart', __package__)"),
        (
            &[("shop.user", "user")],
            "shop/user.py",
            "import_module('.cart', __package__)",
            "import_module('shop.cart', __package__)",
        ),
        (
            &within,
            "shop/sub/more.py",
            "import_module('..cart', __package__)",
            "import_module('..sub.basket', __package__)",
        ),
        (&within, "shop/user.py", "import_module('.cart', p)", "import_module(«'.cart'», p)"),
        (&within, "shop/user.py", "f('.cart', 'shop')", "f('.cart', 'shop')"),
        (&within, "shop/user.py", "import_module('.other', 'shop')", "import_module('.other', 'shop')"),
        (
            &within,
            "shop/lazy/__init__.py",
            "names = {'x': '..cart'}\ndef __getattr__(name): return import_module(names[name], __name__)",
            "names = {'x': '..?sub.basket'}\ndef __getattr__(name): return import_module(names[name], __name__)",
        ),
    ] {
        assert_eq!(after(moves, path, source), expected, "{moves:?} {source}");
    }
}

#[test]
fn a_submodule_that_leaves_is_listed_no_more() {
    let all = "__all__ = ['add', 'cart', 'checkout']\n";
    let away = [("shop.cart", "store.cart")];
    for (moves, head, expected) in [
        (&away[..], "", "__all__ = ['add', 'checkout']\n"),
        (&[("shop.cart", "store.cart"), ("shop.checkout", "store.checkout")], "", "__all__ = ['add']\n"),
        (&[("shop.cart", "shop.basket")], "", "__all__ = ['add', 'basket', 'checkout']\n"),
        (&[("shop.cart", "shop.basket"), ("shop.checkout", "till")], "", "__all__ = ['add', 'basket']\n"),
        (&away, "from .cart import add\n", "__all__ = ['add', 'checkout']\n"),
        (&away, "from . import cart\n", all),
        (&away, "def __getattr__(name): pass\n", all),
        (&[("shop", "store")], "", all),
    ] {
        let source = format!("{head}{all}");
        let workspace = workspace("shop/__init__.py", source.as_bytes());
        let moves: Vec<Move> = moves.iter().map(|(from, to)| Move::parse(from, to).unwrap()).collect();
        let relocation = Relocation::new(&workspace, &moves).unwrap();
        let id = workspace.modules().at(&RelPath::new("shop/__init__.py").unwrap()).unwrap();
        let mut after = source.clone();
        if let Some(one) = super::listed(&relocation, id, &SourceFile::parse(source.as_bytes().into()), false)
        {
            after.replace_range(one.span.range(), &one.new);
        }
        assert_eq!(after, format!("{head}{expected}"), "{moves:?}");
    }
}

#[test]
fn what_is_put_together_is_reported() {
    for (source, expected) in [
        ("x = 'shop.' 'cart'", "x = «'shop.' 'cart'»"),
        ("x = ('shop.'  # c\n  'cart')", "x = («'shop.'  # c\n  'cart'»)"),
        ("x = 'shop\\x2ecart'", "x = «'shop\\x2ecart'»"),
        ("x = 'import shop.cart; y'", "x = 'import «shop.cart»; y'"),
        ("x = \"__import__('shop.cart')\"", "x = \"__import__('«shop.cart»')\""),
        ("x = 'the import of shop.cart'", "x = 'the import of shop.cart'"),
        ("x = 'shop.' 'cart is gone'", "x = 'shop.' 'cart is gone'"),
        ("import_module(f'shop.{x}')", "import_module(f'«shop.{x}»')"),
        ("import_module('shop.%s' % x)", "import_module('shop.%s' % x)"),
        ("import_module('shop.cart.' + x)", "import_module('?store.basket.' + x)"),
        ("x = f'shop.cart.{x}', f'shop.cart.gone.{x}'", "x = f'?store.basket.{x}', f'shop.cart.gone.{x}'"),
        ("x = f'shop.{x}', f'{x}.cart', f'shop.cart {x}'", "x = f'shop.{x}', f'{x}.cart', f'shop.cart {x}'"),
        ("import_module(f'.{x}', __name__)", "import_module(f'«.{x}»', __name__)"),
        ("import_module(f'..{x}', __name__)", "import_module(f'..{x}', __name__)"),
    ] {
        assert_eq!(after(CART, "shop/__init__.py", source), expected, "{source}");
    }
}

#[test]
fn paths_and_entry_points_follow() {
    for (path, source, expected) in [
        (
            "setup.py",
            "setup(entry_points={'console_scripts': ['add = shop.cart:add', 'x=my.shop.cart:y']})",
            "setup(entry_points={'console_scripts': ['add = ?store.basket:add', 'x=my.shop.cart:y']})",
        ),
        (
            "setup.py",
            "setup(entry_points='''\n[console_scripts]\nadd=shop.cart:add [x]\n''')",
            "setup(entry_points='''\n[console_scripts]\nadd=?store.basket:add [x]\n''')",
        ),
        ("setup.py", "setup(py_modules=['shop.cart'])", "setup(py_modules=['?store.basket'])"),
        ("t.py", "x = 'add = shop.cart:add'", "x = 'add = shop.cart:add'"),
        (
            "t.py",
            "x = 'shop/cart.py', './shop/cart', '/shop/cart.py'",
            "x = '?store/basket.py', './?store/basket', '/shop/cart.py'",
        ),
        (
            "shop/user.py",
            "x = 'sub/deep', 'cart/', './cart', 'cart.py'",
            "x = 'sub/deep', 'cart/', '?../store/basket', 'cart.py'",
        ),
        (
            "t.py",
            "re_path('shop/cart', f); f('shop/cart'); f('shop/cart/')",
            "re_path('shop/cart', f); f('?store/basket'); f('shop/cart/')",
        ),
        ("t.py", "x = 'see shop/cart.py', 'shop/carts.py'", "x = 'see shop/cart.py', 'shop/carts.py'"),
    ] {
        assert_eq!(after(CART, path, source), expected, "{source}");
    }
}

#[test]
fn only_the_bytes_of_the_name_change() {
    for source in [
        &b"\xEF\xBB\xBF# coding: utf-8\r\nx = import_module('shop.cart')\r\n"[..],
        b"# coding: latin-1\n# \xe9\nx = import_module('shop.cart'), '\xe9'\n",
        b"x = import_module(\x0c\t'shop.cart' )",
    ] {
        let (follows, unhandled) = followed(CART, "t.py", source);
        assert_eq!(unhandled, []);
        let [one] = &follows[..] else { panic!("{follows:?}") };
        assert_eq!(&source[one.span.range()], b"shop.cart");
        assert_eq!((one.new.as_str(), one.subject.as_str()), ("store.basket", "shop.cart"));
    }
}

proptest! {
    #[test]
    fn any_source_is_read(text in "([a-z.:=+%#,\\[\\]{}() \\\\'\"\n]|shop\\.cart|import_module\\(|'shop\\.'|f'|é){0,24}") {
        let (follows, unhandled) = followed(CART, "shop/user.py", text.as_bytes());
        let all = follows.iter().map(|one| one.span).chain(unhandled.iter().map(|one| one.span));
        prop_assert!(all.into_iter().all(|span| text.get(span.range()).is_some()));
    }
}
