//! TOML: what builds, tests and checks the code.

use super::*;

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
