//! What holds for every format: how sure an edit is, and what no input breaks.

use super::*;

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
