//! Which texts a Python statement can name, and which names are Python's own.

use std::borrow::Cow;

/// Python's hard keywords (the language reference, 2.3.1).
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The public names of `sys.stdlib_module_names` in CPython 3.11 to 3.14, sorted.
const STDLIB: &str = include_str!("stdlib.txt");

/// Whether an `import` statement can spell `text` as one component of a name.
///
/// Identifiers are judged by Unicode's alphabetic and numeric classes, which is
/// a little wider than `XID_Start` and `XID_Continue`.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let starts_well = chars.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    starts_well && chars.all(|c| c == '_' || c.is_alphanumeric()) && !KEYWORDS.contains(&text)
}

/// Whether `top_level` is a module of Python's standard library.
#[must_use]
pub fn is_stdlib(top_level: &str) -> bool {
    use std::collections::HashSet;
    use std::sync::LazyLock;
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| STDLIB.split_whitespace().collect());
    NAMES.contains(top_level)
}

/// What is left of the dotted name `name` below `prefix`: empty when it is
/// `prefix` itself, `None` when it lies elsewhere.
#[must_use]
pub fn below<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = name.strip_prefix(prefix)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

/// What a path component is compared by. People append to a folder's name what
/// should become of it (`services - move these`) and write hyphens for
/// underscores; both still say which folder is meant.
#[must_use]
pub(crate) fn likeness(component: &str) -> Cow<'_, str> {
    let word = component.split_whitespace().next().unwrap_or(component);
    if word.contains('-') { Cow::Owned(word.replace('-', "_")) } else { Cow::Borrowed(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_can_name_identifiers_only() {
        for good in ["cart", "_x", "größe", "match", "type", "a1"] {
            assert!(is_identifier(good), "{good}");
        }
        for bad in ["", "1a", "a-b", "services - move these", "__init__.py", "class", "None"] {
            assert!(!is_identifier(bad), "{bad}");
        }
    }

    #[test]
    fn below_is_by_whole_components() {
        assert_eq!(below("shop.cart.add", "shop.cart"), Some("add"));
        assert_eq!((below("shop", "shop"), below("shops", "shop")), (Some(""), None));
    }

    #[test]
    fn a_folder_is_known_by_its_first_word() {
        assert_eq!(likeness("services - move these"), "services");
        assert_eq!(likeness("data-quality"), "data_quality");
        assert_eq!(likeness("cart"), "cart");
        assert_eq!(likeness(" "), " ");
    }

    #[test]
    fn knows_the_standard_library() {
        assert!(is_stdlib("email") && is_stdlib("__future__") && is_stdlib("tomllib"));
        assert!(!is_stdlib("numpy") && !is_stdlib(""));
    }
}
