//! INI, lists of paths, YAML, commands, build files and JSON.

use super::*;

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

/// A roadmap says what is to move; what it says stays true.
#[test]
fn the_roadmap_of_a_project_file_stays() {
    let text = "[tool.repot.workspace]\nmembers = [\"src/shop/cart.py\"]\n[[tool.repot.phase.step]]\nfrom = \"shop.cart\"\n";
    check("pyproject.toml", text, text);
}
