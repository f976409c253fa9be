//! Markdown, reStructuredText and their examples.

use super::*;

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
