//! How alike two files are, from the same bytes to nothing in common.
//!
//! Two files are compared as they will stand side by side: an import of the one
//! package counts as one of the other.

use std::collections::HashMap;
use std::sync::Arc;

use repot_change::{Edit, Edits, Span};
use repot_python::{ImportKind, SourceFile};
use repot_workspace::below;

/// How alike two files are, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same bytes.
    Identical,
    /// The same code once the package has its new name.
    Renamed,
    /// The same code but for comments, docstrings and blank lines.
    Worded,
    /// So many percent in common, as git counts it.
    Similar(u8),
    /// Less in common than git would call a rename.
    Unlike,
}

/// What git takes for the same file under another name.
const ALIKE: u8 = 50;

impl Likeness {
    /// How alike `incoming`, which leaves the package `names.0` for the package
    /// `names.1`, is to `there`.
    pub fn of(incoming: &[u8], there: &[u8], is_python: bool, names: (&str, &str)) -> Self {
        if incoming == there {
            return Self::Identical;
        }
        if is_python {
            let [one, other] = [incoming, there].map(|bytes| renamed(bytes, names));
            if one == other {
                return Self::Renamed;
            }
            if bare(&one) == bare(&other) {
                return Self::Worded;
            }
        }
        match percent(incoming, there) {
            alike @ ALIKE.. => Self::Similar(alike),
            _ => Self::Unlike,
        }
    }

    /// Whether the two mean the same to Python.
    pub fn is_same(self) -> bool {
        self <= Self::Worded
    }

    /// The likeness in a few words.
    pub fn words(self) -> String {
        match self {
            Self::Identical => "identical".to_owned(),
            Self::Renamed => "the same but for the package's name".to_owned(),
            Self::Worded => "the same but for comments and docstrings".to_owned(),
            Self::Similar(percent) => format!("{percent}% alike"),
            Self::Unlike => "not alike".to_owned(),
        }
    }
}

/// The code with the imports of the package `names.0` as imports of `names.1`.
pub fn renamed(bytes: &[u8], names: (&str, &str)) -> Vec<u8> {
    let source = SourceFile::parse(Arc::from(bytes));
    let mut edits = Vec::new();
    for statement in source.imports() {
        let modules: Vec<(Span, &str)> = match &statement.kind {
            ImportKind::Import(items) => {
                items.iter().map(|item| (item.name.span, item.name.text.as_str())).collect()
            }
            ImportKind::From(from) if from.level == 0 => vec![(from.module_span, from.dotted())],
            ImportKind::From(_) => Vec::new(),
        };
        for (span, dotted) in modules {
            let root = Span::new(span.start, span.start + names.0.len());
            let names_it = below(dotted, names.0).is_some()
                && source.bytes().get(root.range()) == Some(names.0.as_bytes());
            edits.extend(names_it.then(|| Edit::replace(root, names.1)));
        }
    }
    Edits::new(edits).ok().and_then(|edits| edits.apply(bytes).ok()).unwrap_or_else(|| bytes.to_vec())
}

/// The code without comments, docstrings, blank lines and blanks at line ends.
pub fn bare(bytes: &[u8]) -> Vec<Vec<u8>> {
    let source = SourceFile::parse(Arc::from(bytes));
    let docstrings = source.strings().into_iter().filter(|one| one.is_docstring).map(|one| one.span);
    let gone: Vec<Edit> = source.comments().into_iter().chain(docstrings).map(Edit::delete).collect();
    let text = Edits::new(gone).ok().and_then(|edits| edits.apply(bytes).ok());
    let text = text.unwrap_or_else(|| bytes.to_vec());
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii_end);
    lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// Whether a module only says what could be there: every function is empty, and
/// nothing else is done.
pub fn is_stub(bytes: &[u8]) -> bool {
    const HEADS: [&[u8]; 7] = [b"import ", b"from ", b"class ", b"def ", b"async def ", b"@", b")"];
    const EMPTY: [&[u8]; 5] = [b"pass", b"...", b"return", b"return None", b"__all__ = []"];
    let is_empty = |line: &Vec<u8>| {
        let line = line.trim_ascii();
        let is_head = HEADS.iter().any(|word| line.starts_with(word));
        is_head || EMPTY.contains(&line) || line.starts_with(b"raise NotImplementedError")
    };
    bare(bytes).iter().all(is_empty)
}

/// How much of the larger of two files is made of lines of the smaller one.
fn percent(one: &[u8], other: &[u8]) -> u8 {
    let mut lines: HashMap<&[u8], usize> = HashMap::new();
    for line in one.split_inclusive(|byte| *byte == b'\n') {
        *lines.entry(line).or_default() += 1;
    }
    let mut common = 0;
    for line in other.split_inclusive(|byte| *byte == b'\n') {
        if let Some(left) = lines.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            common += line.len();
        }
    }
    let all = one.len().max(other.len()).max(1);
    u8::try_from(common * 100 / all).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn likeness(one: &str, other: &str) -> Likeness {
        Likeness::of(one.as_bytes(), other.as_bytes(), true, ("old.x", "new"))
    }

    #[test]
    fn the_closest_likeness_counts() {
        let code = "from old.x import a\n\n\ndef f():\n    return a\n";
        let other = "from new import a\n\n\ndef f():\n    return a\n";
        let worded =
            "\"\"\"New.\"\"\"\nfrom new import a\n\ndef f():  # f\n    \"\"\"Doc.\"\"\"\n    return a\n";
        assert_eq!(likeness(code, code), Likeness::Identical);
        assert_eq!(likeness(code, other), Likeness::Renamed);
        assert_eq!(likeness(code, worded), Likeness::Worded);
        assert_eq!(likeness(other, &code.replace("return a", "return 1")), Likeness::Unlike);
        assert_eq!(likeness("a = 1\nb = 2\nc = 3\n", "a = 1\nb = 2\nc = 4\n"), Likeness::Similar(66));
    }

    /// The everyday word is no import of the package.
    #[test]
    fn only_imports_are_called_otherwise() {
        let text = "import old.x.y, old.xy\nold.x = 'old.x'\nfrom .old.x import z\n";
        let after = "import new.y, old.xy\nold.x = 'old.x'\nfrom .old.x import z\n";
        assert_eq!(String::from_utf8(renamed(text.as_bytes(), ("old.x", "new"))).unwrap(), after);
    }

    #[test]
    fn a_stub_does_nothing() {
        for stub in ["", "\"\"\"Doc.\"\"\"\n", "import a\n\ndef main():\n    \"\"\"Run.\"\"\"\n    pass\n"] {
            assert!(is_stub(stub.as_bytes()), "{stub}");
        }
        for real in ["X = 1\n", "def main():\n    run()\n", "class A:\n    x = 1\n"] {
            assert!(!is_stub(real.as_bytes()), "{real}");
        }
    }

    proptest! {
        #[test]
        fn likeness_does_not_depend_on_the_order(one in "([ab] = 1\n){0,5}", other in "([ab] = [12]\n){0,5}") {
            prop_assert_eq!(likeness(&one, &other), likeness(&other, &one));
            prop_assert_eq!(likeness(&one, &one), Likeness::Identical);
        }
    }
}
