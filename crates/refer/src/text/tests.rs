//! Before and after, format by format, on one small workspace.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proptest::prelude::*;
use repot_change::{Applicability, Class, Edit, Edits, RelPath};
use repot_roadmap::Pattern;
use repot_workspace::{Shape, Snapshot, Workspace};

use super::follow;
use crate::python::Followed;
use crate::{Mention, Renames};

const FILES: &[(&str, &str)] = &[
    ("pyproject.toml", "[project]\nname = \"shop\"\n"),
    ("src/shop/__init__.py", "VERSION = 1\n"),
    ("src/shop/cart.py", "TOTAL = 1\ndef add(): ...\nclass Cart: ...\n"),
    ("src/shop/carton.py", ""),
    ("src/shop/front/__init__.py", "def main(): ...\n"),
    ("src/shop/front/views.py", "def index(): ...\n"),
    ("src/shop/front/page.html", ""),
    ("src/store/__init__.py", ""),
    ("src/mono/__init__.py", ""),
    ("src/mono/core.py", "x = 1\n"),
    ("tests/test_cart.py", ""),
];

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

/// The tree with the moved files where the `moves` of paths put them.
fn workspace(moves: &[(&str, &str)]) -> Workspace {
    let place = |name: &str| {
        let within = |(from, to): &(&str, &str)| Some(format!("{to}{}", name.strip_prefix(from)?));
        moves.iter().find_map(within).unwrap_or_else(|| name.to_owned())
    };
    let files = FILES.iter().map(|(name, text)| (path(&place(name)), text.as_bytes().to_vec()));
    let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

/// The renames of modules, symbols and paths; submodules are named one by one.
fn renames<'w>(workspace: &'w Workspace, modules: &[(&str, &str)], paths: &[(&str, &str)]) -> Renames<'w> {
    let place = |name: &str| {
        let parts: Vec<&str> = name.split('.').collect();
        workspace.locate(&path("src"), &parts).unwrap_or_else(|| panic!("no module {name}"))
    };
    let modules: HashMap<_, _> =
        modules.iter().map(|(old, new)| ((*old).to_owned(), ((*new).to_owned(), place(old)))).collect();
    let paths: BTreeMap<_, _> = paths.iter().map(|(old, new)| (path(old), path(new))).collect();
    let symbols = HashMap::from([("mono.core.x".to_owned(), "store.core.y".to_owned())]);
    Renames::new(workspace, modules, symbols, paths)
}

const MODULES: &[(&str, &str)] =
    &[("shop.cart", "store.cart"), ("shop.front", "store.front"), ("shop.front.views", "store.front.views")];
const PATHS: &[(&str, &str)] =
    &[("src/shop/cart.py", "src/store/cart.py"), ("src/shop/front", "src/store/front")];

/// `shop.cart` goes to `store.cart`, the package `shop.front` to `store.front`.
fn partly() -> (Workspace, Renames<'static>) {
    let workspace: &'static Workspace = Box::leak(Box::new(workspace(&[])));
    (workspace.clone(), renames(workspace, MODULES, PATHS))
}

/// The whole package `shop` goes to `store.inner`.
fn wholly() -> Renames<'static> {
    let workspace: &'static Workspace = Box::leak(Box::new(workspace(&[])));
    let names = ["shop", "shop.cart", "shop.carton", "shop.front", "shop.front.views"];
    let new: Vec<String> = names.iter().map(|name| name.replacen("shop", "store.inner", 1)).collect();
    let modules: Vec<(&str, &str)> = names.iter().copied().zip(new.iter().map(String::as_str)).collect();
    renames(workspace, &modules, &[("src/shop", "src/store/inner")])
}

fn applied(bytes: &[u8], followed: &Followed) -> Vec<u8> {
    let edits = followed.places.iter().map(|one| Edit::replace(one.span, one.new.clone()));
    Edits::new(edits.collect()).unwrap().apply(bytes).unwrap()
}

fn followed(renames: &Renames<'_>, file: &str, text: &[u8]) -> Followed {
    follow(&path(file), text, renames).unwrap_or_else(|| panic!("{file} has no format"))
}

/// Whether what the file says afterwards, followed backwards, is what it said.
#[track_caller]
fn returns(file: &str, before: &str, after: &str) {
    let moved: &[(&str, &str)] =
        &[("src/shop/cart.py", "src/store/cart.py"), ("src/shop/front", "src/store/front")];
    let workspace = workspace(moved);
    let swap = |pairs: &[(&'static str, &'static str)]| -> Vec<(&'static str, &'static str)> {
        pairs.iter().map(|(old, new)| (*new, *old)).collect()
    };
    let back = renames(&workspace, &swap(MODULES), &swap(PATHS));
    let there = applied(after.as_bytes(), &followed(&back, file, after.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&there), before, "{file}: there and back");
    let again = followed(&renames(&workspace, &[], PATHS), file, after.as_bytes());
    assert_eq!(again.places, [], "{file}: a second run");
}

/// `before` becomes `after` in `file`, byte for byte, also with CRLF and a BOM;
/// a second run finds nothing, and the way back leads back.
#[track_caller]
fn check(file: &str, before: &str, after: &str) {
    let (_, renames) = partly();
    let result = applied(before.as_bytes(), &followed(&renames, file, before.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&result), after, "{file}");
    returns(file, before, after);
    let other = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let text = other(before);
    let result = applied(text.as_bytes(), &followed(&renames, file, text.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&result), other(after), "{file}: CRLF and BOM");
}

/// Like [`check`] for the move of a whole package, whose name is one word.
#[track_caller]
fn check_whole(file: &str, before: &str, after: &str) {
    let result = applied(before.as_bytes(), &followed(&wholly(), file, before.as_bytes()));
    assert_eq!(String::from_utf8_lossy(&result), after, "{file}");
}

/// `text` stays as it is under both sets of moves.
#[track_caller]
fn stays(file: &str, text: &str) {
    check_whole(file, text, text);
    let (_, renames) = partly();
    let places = followed(&renames, file, text.as_bytes()).places;
    assert_eq!(places, [], "{file}");
}

/// How sure the only edit of `text` is, and its class.
#[track_caller]
fn sureness(file: &str, text: &str) -> (Applicability, Class) {
    let (_, renames) = partly();
    let places = followed(&renames, file, text.as_bytes()).places;
    assert_eq!(places.len(), 1, "{file}: {text}");
    (places[0].applicability, places[0].class)
}

fn mentions(base: &str, text: &str) -> Vec<(String, String)> {
    let (_, renames) = partly();
    let shown = |one: Mention| (text[one.span.range()].to_owned(), one.new);
    renames.mentions(&path(base), text.as_bytes()).into_iter().map(shown).collect()
}

#[test]
fn names_are_whole_at_both_ends() {
    for text in [
        "shop.carton",
        "myshop.cart",
        "x.shop.cart",
        "shop.cart_x",
        "my-shop.cart",
        "éshop.cart",
        "$shop.cart",
        "bob@shop.cart",
        "src/shop/carton.py",
        "src/shop/cart.pyc",
        "mysrc/shop/cart.py",
        "../src/shop/cart.py",
        "x/src/shop/cart.py",
        "src/shop/../shop/cart.py",
        "https://shop.cart/",
        "src/shop/cart_test.py",
        "shop.cart-service",
        "shop.cart{x}",
        "cart.py",
        "~/src/shop/cart.py",
        "shop.c",
        "src/shop/cart*",
    ] {
        assert_eq!(mentions("", text), [], "{text}");
    }
}

#[test]
fn names_are_found_among_punctuation() {
    for text in [
        "shop.cart",
        "(shop.cart)",
        "shop.cart.",
        "shop.cart:add",
        "shop.cart.add()",
        "~shop.cart.Cart",
        "@shop.cart.add",
        "'shop.cart'",
        "a=shop.cart",
        "**shop.cart**",
        "shop.cart?",
        "shop.cart::add",
        "é shop.cart é",
        "shop.cart.*",
        "error::shop.cart",
        "<b>shop.cart</b>",
        "x:shop.cart",
    ] {
        assert_eq!(mentions("", text), [("shop.cart".to_owned(), "store.cart".to_owned())], "{text}");
    }
}

#[test]
fn a_path_is_seen_from_where_it_stands() {
    for (base, text, old, new) in [
        ("", "src/shop/cart.py", "src/shop/cart.py", "src/store/cart.py"),
        ("", "./src/shop/cart", "src/shop/cart", "src/store/cart"),
        ("", "src/shop/front/", "src/shop/front", "src/store/front"),
        ("", "src/shop/front/views.py:12", "src/shop/front", "src/store/front"),
        ("", "src/shop/front/*.html", "src/shop/front", "src/store/front"),
        ("", "^src/shop/cart\\.py$", "src/shop/cart", "src/store/cart"),
        ("", "shop/cart.py", "shop/cart.py", "store/cart.py"),
        ("", "**/shop/cart.py", "shop/cart.py", "store/cart.py"),
        ("", "${ROOT}/src/shop/cart.py", "src/shop/cart.py", "src/store/cart.py"),
        ("", "$ROOT/src/shop/cart.py", "src/shop/cart.py", "src/store/cart.py"),
        ("docs", "../src/shop/cart.py", "src/shop/cart.py", "src/store/cart.py"),
        ("docs", "src/shop/cart.py.", "src/shop/cart.py", "src/store/cart.py"),
        ("src/shop", "cart.py", "cart.py", "../store/cart.py"),
        ("src/shop", "./front/x.html", "./front", "../store/front"),
        ("src/store", "../shop/cart.py", "../shop/cart.py", "cart.py"),
    ] {
        let found = mentions(base, text);
        assert_eq!(found, [(old.to_owned(), new.to_owned())], "{text} from {base:?}");
    }
}

#[test]
fn a_name_that_begins_with_the_old_one_is_not_doubled() {
    let workspace = workspace(&[]);
    let renames = renames(
        &workspace,
        &[("mono", "mono.shared"), ("mono.core", "mono.shared.core")],
        &[("src/mono", "src/mono/shared")],
    );
    let run = |text: &str| {
        let result = applied(text.as_bytes(), &followed(&renames, "run.sh", text.as_bytes()));
        String::from_utf8(result).unwrap()
    };
    assert_eq!(run("mono.core src/mono/core.py"), "mono.shared.core src/mono/shared/core.py");
    assert_eq!(run("mono.shared.core src/mono/shared/core.py"), "mono.shared.core src/mono/shared/core.py");
    assert_eq!(run("mono.core:x"), "store.core:y");
}

#[test]
fn toml_builds() {
    check(
        "pyproject.toml",
        r#"[project]
name = "shop.cart"  # the distribution, see shop.cart
dependencies = ["shop.cart>=1"]
[project.scripts]
add = "shop.cart:add"
[project.entry-points."shop.plugins"]
front = 'shop.front.views'
[tool.setuptools]
packages = ["shop", "shop.front", "shop.carton"]
[tool.setuptools.package-data]
"shop.front" = ["*.html"]
[tool.hatch.build.targets.wheel]
only-include = ["/src/shop/front"]
[tool.hatch.build.targets.wheel.force-include]
"src/shop/cart.py" = "shop/cart.py"
[tool.poetry]
packages = [{ include = "shop/front", from = "src" }]
[tool.uv.sources]
shop.path = "src/shop/front"
[[tool.mypy.overrides]]
module = ["shop.cart.*", "shop.front"]
"#,
        r#"[project]
name = "shop.cart"  # the distribution, see store.cart
dependencies = ["shop.cart>=1"]
[project.scripts]
add = "store.cart:add"
[project.entry-points."shop.plugins"]
front = 'store.front.views'
[tool.setuptools]
packages = ["shop", "store.front", "shop.carton"]
[tool.setuptools.package-data]
"store.front" = ["*.html"]
[tool.hatch.build.targets.wheel]
only-include = ["/src/store/front"]
[tool.hatch.build.targets.wheel.force-include]
"src/store/cart.py" = "store/cart.py"
[tool.poetry]
packages = [{ include = "store/front", from = "src" }]
[tool.uv.sources]
shop.path = "src/store/front"
[[tool.mypy.overrides]]
module = ["store.cart.*", "store.front"]
"#,
    );
}

#[test]
fn toml_tools() {
    check(
        "pyproject.toml",
        r#"[tool.coverage.run]
source = ["shop.cart", "src/shop/front"]
omit = ["*/shop/front/*", "src/shop/cart.py"]
[tool.isort]
known_first_party = "shop.cart,shop.front"
[tool.ruff.lint.per-file-ignores]
"src/shop/cart.py" = ["E501"]
"src/shop/front/**" = ["E501"]
[tool.mypy]
exclude = '^src/shop/cart\.py$|src/shop/front/.*'
files = ["src/shop/cart.py"]
[tool.pytest.ini_options]
addopts = "-p shop.front --cov=shop.cart --ignore src/shop/front"
filterwarnings = ["error::DeprecationWarning:shop.cart"]
[[tool.importlinter.contracts]]
name = "shop.cart is alone"
ignore_imports = ["shop.front.views -> shop.cart"]
layers = ["shop.front", "shop.cart | shop.carton"]
[tool.commitizen]
version_files = ["src/shop/cart.py:TOTAL"]
[tool.poe.tasks]
run = "python -m shop.cart --x"
call.script = "shop.cart:add(1)"
[tool.unknown]
key = "shop.cart"
[tool.towncrier]
directory = "src/shop/front/news"
"#,
        r#"[tool.coverage.run]
source = ["store.cart", "src/store/front"]
omit = ["*/store/front/*", "src/store/cart.py"]
[tool.isort]
known_first_party = "store.cart,store.front"
[tool.ruff.lint.per-file-ignores]
"src/store/cart.py" = ["E501"]
"src/store/front/**" = ["E501"]
[tool.mypy]
exclude = '^src/store/cart\.py$|src/store/front/.*'
files = ["src/store/cart.py"]
[tool.pytest.ini_options]
addopts = "-p store.front --cov=store.cart --ignore src/store/front"
filterwarnings = ["error::DeprecationWarning:store.cart"]
[[tool.importlinter.contracts]]
name = "store.cart is alone"
ignore_imports = ["store.front.views -> store.cart"]
layers = ["store.front", "store.cart | shop.carton"]
[tool.commitizen]
version_files = ["src/store/cart.py:TOTAL"]
[tool.poe.tasks]
run = "python -m store.cart --x"
call.script = "store.cart:add(1)"
[tool.unknown]
key = "store.cart"
[tool.towncrier]
directory = "src/store/front/news"
"#,
    );
}

#[test]
fn toml_of_a_whole_package() {
    check_whole(
        "pyproject.toml",
        r#"[project]
name = "shop"
description = "The shop"
dependencies = ["shop"]
keywords = ["shop"]
[project.scripts]
shop = "shop.cart:add"
[tool.setuptools]
package-dir = { shop = "src/shop" }
[tool.setuptools.packages.find]
include = ["shop*"]
[tool.setuptools.package-data]
shop = ["*.html"]
[tool.poetry]
packages = [{ include = "shop", from = "src" }]
[tool.coverage.run]
source_pkgs = ["shop"]
[tool.ruff.lint.isort]
known-first-party = ["shop"]
[tool.pytest.ini_options]
addopts = "--cov=shop --cov shop -n shop"
[tool.unknown]
name = "shop"
"#,
        r#"[project]
name = "shop"
description = "The shop"
dependencies = ["shop"]
keywords = ["shop"]
[project.scripts]
shop = "store.inner.cart:add"
[tool.setuptools]
package-dir = { "store.inner" = "src/store/inner" }
[tool.setuptools.packages.find]
include = ["store.inner*"]
[tool.setuptools.package-data]
"store.inner" = ["*.html"]
[tool.poetry]
packages = [{ include = "store/inner", from = "src" }]
[tool.coverage.run]
source_pkgs = ["store.inner"]
[tool.ruff.lint.isort]
known-first-party = ["store.inner"]
[tool.pytest.ini_options]
addopts = "--cov=store.inner --cov store.inner -n shop"
[tool.unknown]
name = "shop"
"#,
    );
}

#[test]
fn other_toml_files() {
    check(
        "ruff.toml",
        "[lint.per-file-ignores]\n\"src/shop/cart.py\" = []\n",
        "[lint.per-file-ignores]\n\"src/store/cart.py\" = []\n",
    );
    check(
        "tach.toml",
        "[[modules]]\npath = \"shop.cart\"\ndepends_on = [{ path = \"shop.front\" }]\n",
        "[[modules]]\npath = \"store.cart\"\ndepends_on = [{ path = \"store.front\" }]\n",
    );
    check_whole(
        "ruff.toml",
        "src = [\"src/shop\"]\n[lint.isort]\nknown-first-party = [\"shop\"]\n",
        "src = [\"src/store/inner\"]\n[lint.isort]\nknown-first-party = [\"store.inner\"]\n",
    );
}

#[test]
fn ini_files() {
    check(
        "setup.cfg",
        "[metadata]
name = shop.cart
version = attr: shop.cart.TOTAL
[options]
packages =
    shop
    shop.front
install_requires =
    shop.cart
[options.entry_points]
console_scripts =
    shop.cart = shop.cart:add
[options.package_data]
shop.front = *.html
[mypy-shop.cart.*]
ignore_errors = True
[tool:pytest]
addopts = --cov=shop.cart
    -p shop.front  # not shop.cart
testpaths = src/shop/front
[flake8]
per-file-ignores =
    src/shop/cart.py: E501
# shop.cart is fine
",
        "[metadata]
name = shop.cart
version = attr: store.cart.TOTAL
[options]
packages =
    shop
    store.front
install_requires =
    shop.cart
[options.entry_points]
console_scripts =
    shop.cart = store.cart:add
[options.package_data]
store.front = *.html
[mypy-store.cart.*]
ignore_errors = True
[tool:pytest]
addopts = --cov=store.cart
    -p store.front  # not store.cart
testpaths = src/store/front
[flake8]
per-file-ignores =
    src/store/cart.py: E501
# store.cart is fine
",
    );
}

#[test]
fn other_ini_files() {
    check_whole(
        "setup.cfg",
        "[options]\npackage_dir =\n    shop = src/shop\n[bumpversion:file:src/shop/cart.py]\n",
        "[options]\npackage_dir =\n    store.inner = src/store/inner\n[bumpversion:file:src/store/inner/cart.py]\n",
    );
    check(
        ".flake8",
        "[flake8:local-plugins]\nextension =\n    X = shop.cart:Cart\n",
        "[flake8:local-plugins]\nextension =\n    X = store.cart:Cart\n",
    );
    check(
        "tox.ini",
        "[testenv]\ncommands = pytest --cov=shop.cart {posargs} src/shop/front\n",
        "[testenv]\ncommands = pytest --cov=store.cart {posargs} src/store/front\n",
    );
    check(
        ".coveragerc",
        "[run]\nsource =\n    shop.cart\nomit = */shop/front/*\n",
        "[run]\nsource =\n    store.cart\nomit = */store/front/*\n",
    );
    check(
        ".importlinter",
        "[importlinter:contract:1]\nname = x\nmodules =\n  shop.cart\n",
        "[importlinter:contract:1]\nname = x\nmodules =\n  store.cart\n",
    );
    check_whole(".coveragerc", "[run]\nsource = shop\n", "[run]\nsource = store.inner\n");
    check_whole(
        "mypy.ini",
        "[mypy-shop.*]\nstrict = 1\n[mypy-shop]\n",
        "[mypy-store.inner.*]\nstrict = 1\n[mypy-store.inner]\n",
    );
    check_whole(
        "setup.cfg",
        "[metadata]\nname = shop\n[options.packages.find]\ninclude = shop*\n",
        "[metadata]\nname = shop\n[options.packages.find]\ninclude = store.inner*\n",
    );
}

#[test]
fn lists_of_paths() {
    check(
        "MANIFEST.in",
        "recursive-include src/shop/front *.html\nexclude src/shop/cart.py\n",
        "recursive-include src/store/front *.html\nexclude src/store/cart.py\n",
    );
    check(
        ".github/CODEOWNERS",
        "# carts\n/src/shop/front/ @shop/cart\nsrc/shop/cart.py @me\n",
        "# carts\n/src/store/front/ @shop/cart\nsrc/store/cart.py @me\n",
    );
    check(
        ".gitignore",
        "!/src/shop/front/*.html\n**/shop/front/build/\n",
        "!/src/store/front/*.html\n**/store/front/build/\n",
    );
    check(
        "requirements-dev.txt",
        "shop.cart==1\n-e ./src/shop/front\n",
        "shop.cart==1\n-e ./src/store/front\n",
    );
    check_whole(".dockerignore", "src/shop\n", "src/store/inner\n");
}

#[test]
fn yaml_files() {
    check(
        ".github/workflows/ci.yml",
        "# checks shop.cart
name: Test it
on:
  push:
    paths: ['src/shop/front/**', \"src/shop/cart.py\"]
env:
  SETTINGS: shop.front.views # é shop.cart
jobs:
  é:
    steps:
      - run: |
          python -m shop.cart
          pytest src/shop/front --cov=shop.cart
      - run: python -m shop.cart
      - {uses: shop/cart@v1, with: {file: src/shop/cart.py}}
",
        "# checks store.cart
name: Test it
on:
  push:
    paths: ['src/store/front/**', \"src/store/cart.py\"]
env:
  SETTINGS: store.front.views # é store.cart
jobs:
  é:
    steps:
      - run: |
          python -m store.cart
          pytest src/store/front --cov=store.cart
      - run: python -m store.cart
      - {uses: shop/cart@v1, with: {file: src/store/cart.py}}
",
    );
    check(
        ".pre-commit-config.yaml",
        "repos:\n- hooks:\n  - files: ^src/shop/front/\n    exclude: >-\n      (?x)^(\n        src/shop/cart\\.py|\n        docs/\n      )$\n",
        "repos:\n- hooks:\n  - files: ^src/store/front/\n    exclude: >-\n      (?x)^(\n        src/store/cart\\.py|\n        docs/\n      )$\n",
    );
    check(
        "mkdocs.yml",
        "nav:\n  - Cart: api/cart.md\nwatch: [src/shop/front]\nplugins:\n  - x:\n      shop.cart: 1\n",
        "nav:\n  - Cart: api/cart.md\nwatch: [src/store/front]\nplugins:\n  - x:\n      store.cart: 1\n",
    );
    check(
        "docker-compose.yml",
        "services:\n  web:\n    image: shop.cart\n    command: gunicorn shop.front:main\n    volumes:\n      - ./src/shop/front:/app/front\n",
        "services:\n  web:\n    image: shop.cart\n    command: gunicorn store.front:main\n    volumes:\n      - ./src/store/front:/app/front\n",
    );
    check_whole("ci.yml", "args: [--cov=shop, \"-x\", shop]\n", "args: [--cov=store.inner, \"-x\", shop]\n");
    stays("deploy.yaml", "image: shop:latest\nname: shop\nhost: shop.example.com\n");
    check_whole(
        "ci.yml",
        "run: |\n  cd src\n  pytest --cov=shop\n  pip install shop\n  mypy -p shop\n",
        "run: |\n  cd src\n  pytest --cov=store.inner\n  pip install shop\n  mypy -p store.inner\n",
    );
}

#[test]
fn commands() {
    check(
        "Dockerfile",
        "FROM x\nCOPY src/shop/front /app/front\nCMD [\"gunicorn\", \"shop.front:main\"]\n",
        "FROM x\nCOPY src/store/front /app/front\nCMD [\"gunicorn\", \"store.front:main\"]\n",
    );
    check(
        "Makefile",
        "test: src/shop/cart.py\n\tpython -m shop.cart $(X) $(ROOT)/src/shop/cart.py # shop.cart\n",
        "test: src/store/cart.py\n\tpython -m store.cart $(X) $(ROOT)/src/store/cart.py # store.cart\n",
    );
    check("Procfile", "web: uvicorn shop.front:main\n", "web: uvicorn store.front:main\n");
    check(
        "bin/run",
        "#!/usr/bin/env bash\npython -c 'import shop.cart'\n\"$HERE/src/shop/cart.py\"\n",
        "#!/usr/bin/env bash\npython -c 'import store.cart'\n\"$HERE/src/store/cart.py\"\n",
    );
    stays("run.sh", "docker build -t shop . && echo shop && pip install shop\n");
    check_whole(
        "run.sh",
        "python -m shop\nuvicorn shop.cart:add\n",
        "python -m store.inner\nuvicorn store.inner.cart:add\n",
    );
    check_whole("src/run.sh", "mypy shop tests; echo shop\n", "mypy store/inner tests; echo shop\n");
}

#[test]
fn build_files() {
    check(
        "src/BUILD.bazel",
        "py_library(
  name = \"cart\",  # shop.cart
  srcs = [\"shop/cart.py\"],
  deps = [\"//src/shop/front:lib\", \"//src/shop:cart\"],
  main = 'shop.cart',
)
",
        "py_library(
  name = \"cart\",  # store.cart
  srcs = [\"store/cart.py\"],
  deps = [\"//src/store/front:lib\", \"//src/shop:cart\"],
  main = 'store.cart',
)
",
    );
    let leaves = followed(&partly().1, "src/shop/BUILD", b"srcs = ['cart.py']\n");
    assert_eq!((leaves.places.len(), leaves.unhandled.len()), (0, 1));
}

#[test]
fn json_settings() {
    check(
        ".vscode/launch.json",
        "{ // runs shop.cart\n  \"module\": \"shop.cart\", \"args\": [\"src/shop/cart.py\"],\n  \"shop.cart\":1, }\n",
        "{ // runs store.cart\n  \"module\": \"store.cart\", \"args\": [\"src/store/cart.py\"],\n  \"store.cart\":1, }\n",
    );
    check(
        "package.json",
        "{\"name\": \"shop\", \"scripts\": {\"x\": \"python -m shop.cart\"}}",
        "{\"name\": \"shop\", \"scripts\": {\"x\": \"python -m store.cart\"}}",
    );
    assert!(follow(&path("src/shop/data/models.json"), b"shop.cart", &wholly()).is_none());
}

#[test]
fn documents() {
    check(
        "docs/index.md",
        "# Carts\nSee `shop.cart.add`, [code](../src/shop/cart.py) and shop.cart.\n\n::: shop.cart.Cart\n\n```python\nfrom shop.cart import add\nimport shop.cart\n>>> shop.cart.add()\n```\n```sh\npython -m shop.cart\n```\n",
        "# Carts\nSee `store.cart.add`, [code](../src/store/cart.py) and store.cart.\n\n::: store.cart.Cart\n\n```python\nfrom store.cart import add\nimport store.cart\n>>> store.cart.add()\n```\n```sh\npython -m store.cart\n```\n",
    );
    check(
        "docs/api.rst",
        "Carts\n=====\n.. automodule:: shop.cart\n   :members:\n\n:class:`~shop.cart.Cart` and :func:`add <shop.cart.add>`.\n\n.. literalinclude:: ../src/shop/cart.py\n",
        "Carts\n=====\n.. automodule:: store.cart\n   :members:\n\n:class:`~store.cart.Cart` and :func:`add <store.cart.add>`.\n\n.. literalinclude:: ../src/store/cart.py\n",
    );
    check(
        "README.md",
        "<https://github.com/acme/shop/blob/main/src/shop/cart.py#L1> <https://x.org/a/b/blob/1f/src/shop/cart.py>\n",
        "<https://github.com/acme/shop/blob/main/src/store/cart.py#L1> <https://x.org/a/b/blob/1f/src/shop/cart.py>\n",
    );
    check(
        "README.md",
        "{py:class}`shop.cart.Cart` in docs/shop.cart.md\n",
        "{py:class}`store.cart.Cart` in docs/shop.cart.md\n",
    );
    check_whole(
        "docs/x.md",
        "The shop is a `shop`.\n\n::: shop\n\n```python\nimport shop\nfrom shop import VERSION\nshop.VERSION\n```\n:mod:`shop` is the shop\n",
        "The shop is a `shop`.\n\n::: store.inner\n\n```python\nimport store.inner\nfrom store.inner import VERSION\nstore.inner.VERSION\n```\n:mod:`store.inner` is the shop\n",
    );
}

#[test]
fn examples_import_what_moves() {
    check(
        "docs/a.md",
        "```python
from shop import cart  # a
>>> from shop import front, cart as c
from shop import (
    cart,  # one
    front,
)
cart.add()
```
",
        "```python
from store import cart  # a
>>> from store import front, cart as c
from store import (
    cart,  # one
    front,
)
cart.add()
```
",
    );
    stays("docs/a.md", "```sh\ngit clone git@host:shop/shop.git\ncd shop\n```\nSee shop/shop or shop/.\n");
    stays("docs/a.md", "```js\nimport { x } from 'shop';\n```\n");
    let partly = followed(&partly().1, "a.md", b"from shop import cart, carton\n");
    assert_eq!((partly.places.len(), partly.unhandled.len()), (0, 1));
    let workspace = workspace(&[]);
    let renamed = renames(&workspace, &[("shop.cart", "store.basket")], &[]);
    let run = |text: &str| {
        let result = applied(text.as_bytes(), &followed(&renamed, "a.md", text.as_bytes()));
        String::from_utf8(result).unwrap()
    };
    assert_eq!(run("from shop import cart\n"), "from store import basket as cart\n");
    assert_eq!(run("from shop import cart as c\n"), "from store import basket as c\n");
    assert_eq!(run("from mono.core import x\n"), "from store.core import y as x\n");
}

#[test]
fn the_layout_of_restructured_text_is_kept() {
    check(
        "docs/a.rst",
        "=========\nshop.cart\n=========\n\nSee shop.front\n--------------\n\nIn shop.cart\n~~~~~~~~~~~~~~~~~~\n",
        "==========\nstore.cart\n==========\n\nSee store.front\n---------------\n\nIn store.cart\n~~~~~~~~~~~~~~~~~~\n",
    );
    let table = followed(&partly().1, "a.rst", b"+-----------+\n| shop.cart |\n+-----------+\n");
    assert_eq!((table.places.len(), table.unhandled.len()), (0, 1));
}

#[test]
fn what_is_surer_than_what() {
    use Applicability::{Certain, Offered, Review};
    for (file, text, expected) in [
        ("pyproject.toml", "[project.scripts]\na = 'shop.cart:add'\n", (Certain, Class::Config)),
        ("pyproject.toml", "a = 'shop.cart'\n", (Review, Class::Config)),
        ("pyproject.toml", "a = 'uses shop.cart'\n", (Offered, Class::Prose)),
        ("pyproject.toml", "# shop.cart\n", (Offered, Class::Prose)),
        ("x.sh", "python -m shop.cart\n", (Review, Class::Config)),
        ("README.md", "shop.cart\n", (Review, Class::Docs)),
        ("CHANGELOG.md", "shop.cart\n", (Offered, Class::Prose)),
        ("docs/releases/1.rst", "shop.cart\n", (Offered, Class::Prose)),
        (".gitignore", "src/shop/front/made\n", (Review, Class::Config)),
    ] {
        assert_eq!(sureness(file, text), expected, "{file}: {text}");
    }
}

#[test]
fn what_is_not_followed_is_said() {
    let reason = |file: &str, text: &[u8]| {
        let found = followed(&partly().1, file, text);
        assert_eq!(found.places, [], "{file}");
        found.unhandled.into_iter().map(|one| (one.subject, one.reason)).collect::<Vec<_>>()
    };
    let strange = reason("x.sh", b"python -m shop.cart.gone\n");
    assert_eq!(strange[0].0, "shop.cart.gone");
    assert_eq!(reason("x.md", b"shop.cart.gone\n"), []);
    assert!(reason("pyproject.toml", b"a = [\nb = 'shop.cart'\n")[0].1.contains("TOML"));
    assert!(reason("a.yml", b"a: [\nb: {{ shop.cart }}\n")[0].1.contains("YAML"));
}

#[test]
fn files_of_no_known_format_are_left_alone() {
    for file in [
        "uv.lock",
        "package-lock.json",
        "x.po",
        "x.png",
        "x.txt",
        "x.csv",
        "x",
        "tests/fixtures/a.yaml",
        "repot.toml",
    ] {
        assert!(follow(&path(file), b"shop.cart", &wholly()).is_none(), "{file}");
    }
    assert!(follow(&path("x.md"), b"\0shop.cart", &wholly()).is_none());
}

#[test]
fn bytes_that_are_no_text_stay() {
    let (_, renames) = partly();
    let text = b"# caf\xe9\nrun shop.cart \xff\n\xe9shop.cart\n";
    let result = applied(text, &followed(&renames, "x.sh", text));
    assert_eq!(result, b"# caf\xe9\nrun store.cart \xff\n\xe9shop.cart\n");
    assert_eq!(followed(&renames, "x.toml", b"a = 'shop.cart \xff'\n").places, []);
}

#[test]
fn what_is_deep_or_long_is_read_all_the_same() {
    let (_, renames) = partly();
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let text = format!("# shop.cart\n{}x{}\n", open.repeat(20_000), close.repeat(20_000));
        for file in ["x.yml", "x.toml", ".vscode/x.json"] {
            let found = followed(&renames, file, text.as_bytes());
            assert!(found.places.len() + found.unhandled.len() <= 1, "{file}");
        }
    }
    let long = format!("shop.cart {}", "shop.cart:".repeat(20_000));
    assert_eq!(followed(&renames, "x.sh", long.as_bytes()).places.len(), 1);
}

const NAMES: [&str; 12] = [
    "x.toml",
    "x.cfg",
    "x.yml",
    ".vscode/x.json",
    "x.sh",
    "BUILD",
    ".gitignore",
    "requirements.txt",
    "x.md",
    "x.rst",
    "Dockerfile",
    "CHANGES.md",
];

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), name in 0..NAMES.len()) {
        follow(&path(NAMES[name]), &bytes, &partly().1);
    }

    #[test]
    fn edits_are_disjoint_and_of_names_only(
        text in "([\"'#:=/ \n\r\t\\[\\]{}é`.*\\\\-]|shop|cart|front|shop\\.cart|src/shop/cart\\.py|x){0,40}",
        name in 0..NAMES.len(),
    ) {
        let (_, renames) = partly();
        let found = followed(&renames, NAMES[name], text.as_bytes());
        for one in &found.places {
            let old = &text[one.span.range()];
            prop_assert!(old.contains("cart") || old.contains("front"), "{old:?}");
        }
        applied(text.as_bytes(), &found);
    }

    #[test]
    fn without_a_needle_there_is_nothing(text in "[a-bd-z .:/\n\"'=#-]{0,80}", name in 0..NAMES.len()) {
        prop_assume!(!text.contains("front") && !text.contains("mono"));
        let found = followed(&partly().1, NAMES[name], text.as_bytes());
        prop_assert!(found.places.is_empty() && found.unhandled.is_empty());
    }
}
