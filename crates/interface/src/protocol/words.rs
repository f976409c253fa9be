//! Words of an annotation that is text on one line.

/// Containers whose elements cannot be replaced through them, so that a
/// container of a class is one of its protocol, too.
const COVARIANT: [&str; 20] = [
    "tuple",
    "type",
    "frozenset",
    "Sequence",
    "Iterable",
    "Iterator",
    "Collection",
    "Mapping",
    "AsyncIterable",
    "AsyncIterator",
    "Awaitable",
    "Coroutine",
    "Generator",
    "AsyncGenerator",
    "AbstractContextManager",
    "AbstractAsyncContextManager",
    "ContextManager",
    "AsyncContextManager",
    "Reversible",
    "ValuesView",
];

/// Generic classes and what stands for their parameters where nothing is said.
const UNFILLED: [(&str, &str); 22] = [
    ("dict", "Any, Any"),
    ("list", "Any"),
    ("set", "Any"),
    ("frozenset", "Any"),
    ("tuple", "Any, ..."),
    ("type", "Any"),
    ("defaultdict", "Any, Any"),
    ("deque", "Any"),
    ("Counter", "Any"),
    ("OrderedDict", "Any, Any"),
    ("AsyncGenerator", "Any, Any"),
    ("AsyncIterable", "Any"),
    ("AsyncIterator", "Any"),
    ("Awaitable", "Any"),
    ("Callable", "..., Any"),
    ("Collection", "Any"),
    ("Coroutine", "Any, Any, Any"),
    ("Generator", "Any, Any, Any"),
    ("Iterable", "Any"),
    ("Iterator", "Any"),
    ("Mapping", "Any, Any"),
    ("Sequence", "Any"),
];

/// Whether `free`, type parameters in brackets, holds `name`.
pub(super) fn mentions(free: &str, name: &str) -> bool {
    free.split(|char: char| !(char.is_alphanumeric() || char == '_')).any(|part| part == name)
}

/// Whether every bracket around the name `bound` in `text` belongs to something
/// that only gives out what it holds.
pub(super) fn is_covariant(text: &str, bound: &str) -> bool {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '.');
    let (mut heads, mut word): (Vec<String>, String) = (Vec::new(), String::new());
    let mut is_safe = true;
    for char in text.chars().chain([' ']) {
        if is_name(char) {
            word.push(char);
            continue;
        }
        if word.split('.').next() == Some(bound) {
            let safe = |head: &String| {
                head.is_empty() || COVARIANT.contains(&head.rsplit('.').next().unwrap_or(head))
            };
            is_safe &= heads.iter().all(safe) && char != '[';
        }
        match char {
            '[' => heads.push(if word.is_empty() { "list".to_owned() } else { word.clone() }),
            ']' => {
                heads.pop();
            }
            _ => {}
        }
        word.clear();
    }
    is_safe
}

/// `text` with the name `old` written `new`.
pub(super) fn renamed(text: &str, old: &str, new: &str) -> String {
    replaced(text, |word, _| (word == old).then(|| new.to_owned()))
}

/// `text` with the arguments of the generic class `name`, where it stands
/// without any.
pub(super) fn filled(text: &str, name: &str) -> String {
    let Some((_, arguments)) = UNFILLED.iter().find(|(one, _)| *one == name) else {
        return text.to_owned();
    };
    replaced(text, |word, next| (word == name && next != '[').then(|| format!("{name}[{arguments}]")))
}

/// `text` with each word replaced, of which something else is told by the word
/// and the character behind it; what stands in strings is let alone.
fn replaced(text: &str, new: impl Fn(&str, char) -> Option<String>) -> String {
    let (mut result, mut word, mut is_string) = (String::new(), String::new(), false);
    for char in text.chars().chain(['\0']) {
        if !is_string && (char.is_alphanumeric() || matches!(char, '_' | '.')) {
            word.push(char);
            continue;
        }
        result.push_str(&new(&word, char).unwrap_or_else(|| std::mem::take(&mut word)));
        word.clear();
        is_string ^= char == '"';
        if char != '\0' {
            result.push(char);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_type_says_whether_another_will_do() {
        for (text, expected) in [
            ("X", true),
            ("X | None", true),
            ("tuple[X, ...]", true),
            ("collections.abc.Iterator[X | None]", true),
            ("list[X]", false),
            ("tuple[list[X], int]", false),
            ("dict[str, X]", false),
            ("Callable[[X], None]", false),
            ("X[int]", false),
            ("list[int] | X", true),
        ] {
            assert_eq!(is_covariant(text, "X"), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_renamed_where_it_stands_alone() {
        assert_eq!(renamed("Deque[Deque2, a.Deque]", "Deque", "deque"), "deque[Deque2, a.Deque]");
        assert_eq!(renamed("Literal[\"a\"] | a", "a", "b"), "Literal[\"a\"] | b");
    }

    #[test]
    fn a_bare_generic_class_gets_its_arguments() {
        assert_eq!(
            filled("dict | list[dict] | dict[str, int]", "dict"),
            "dict[Any, Any] | list[dict[Any, Any]] | dict[str, int]"
        );
        assert_eq!(filled("Callable", "Callable"), "Callable[..., Any]");
        assert_eq!(filled("int", "int"), "int");
    }
}
