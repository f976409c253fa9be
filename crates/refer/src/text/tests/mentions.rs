//! Where a text spells old names.

use super::*;

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
