//! What two versions of a file have in common besides their imports.

use std::collections::BTreeSet;

use crate::{FromImport, FromNames, ImportKind, ImportStmt};

/// Whether two versions of a file differ in nothing but what their import
/// statements import, and bind the same names by them in the same places.
///
/// Of such a pair neither version has a syntax error or an unbound name that
/// the other has not, so that none of them needs a tree. Statements that stand
/// side by side count as one, since one may have been split. An answer of false
/// says nothing.
#[must_use]
pub fn differ_in_imports_only(old: (&[u8], &[ImportStmt]), new: (&[u8], &[ImportStmt])) -> bool {
    old.0 == new.0 || parts(old).eq(parts(new))
}

/// A file as text that is no import, and what the imports behind it bind.
type Part<'file> = (&'file [u8], BTreeSet<&'file str>);

fn parts<'file>((bytes, imports): (&'file [u8], &'file [ImportStmt])) -> impl Iterator<Item = Part<'file>> {
    let mut parts: Vec<Part<'file>> = Vec::new();
    let mut copied = 0;
    for statement in imports {
        let between = bytes.get(copied..statement.span.start).unwrap_or_default();
        let is_beside = |byte: &u8| byte.is_ascii_whitespace() || *byte == b';';
        match parts.last_mut() {
            Some((_, bound)) if between.iter().all(is_beside) && same_block(between, bytes, statement) => {
                bound.extend(names(statement));
            }
            _ => parts.push((between, names(statement).collect())),
        }
        copied = statement.span.end;
    }
    parts.push((bytes.get(copied..).unwrap_or_default(), BTreeSet::new()));
    parts.into_iter()
}

/// Whether a statement stands in the block of the one before it, which `between`
/// separates from it: on the same line, or as far in as that one's line.
fn same_block(between: &[u8], bytes: &[u8], statement: &ImportStmt) -> bool {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let Some(last) = between.iter().rposition(is_end) else { return true };
    let before = &bytes[..statement.span.start - between.len()];
    let start = before.iter().rposition(is_end).map_or(0, |at| at + 1);
    let indent = before[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    between[last + 1..] == before[start..start + indent]
}

fn names(statement: &ImportStmt) -> impl Iterator<Item = &str> {
    let is_star = matches!(&statement.kind, ImportKind::From(FromImport { names: FromNames::Star(_), .. }));
    statement.items().iter().map(crate::ImportedName::bound).chain(is_star.then_some("*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan_imports;

    fn same(old: &str, new: &str) -> bool {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        differ_in_imports_only((old, &scan_imports(old)), (new, &scan_imports(new)))
    }

    #[test]
    fn what_is_imported_makes_no_difference() {
        for (old, new) in [
            ("from a import b\nb\n", "from c.d import b\nb\n"),
            ("from a import b, c # x\n", "from d import b\nfrom a import c # x\n"),
            ("if x:\n    import a.b\n", "if x:\n    import a\n    from q import c as a\n"),
            ("x = 1; from a import b\n", "x = 1; from c import d as b\n"),
            ("from a import *\n", "from b import *\n"),
        ] {
            assert!(same(old, new), "{old}{new}");
        }
    }

    #[test]
    fn what_is_bound_and_what_is_used_does() {
        for (old, new) in [
            ("from a import b\nb\n", "from a import c\nb\n"),
            ("import a.b\na.b\n", "import c.b\nc.b\n"),
            ("from a import b\nx\n", "from a import b\ny\n"),
            ("if x:\n  import a\nimport b\n", "if x:\n  import a\n  import b\n"),
            ("from a import *\n", "from a import b\n"),
            ("import a\n# c\nimport b\n", "import a\nimport b\n# c\n"),
        ] {
            assert!(!same(old, new), "{old}{new}");
        }
    }

    /// The law: where the answer is true, the trees agree on errors and on
    /// unbound names.
    #[test]
    fn trees_bear_it_out() {
        let heads = [
            "from a import b",
            "import b",
            "from .a import x as b",
            "import b.c",
            "from a import (\n    b,\n)",
        ];
        let bodies = ["b()\n", "def f():\n    return b, q\n", "x = = b\n", "class A(b): ...\n"];
        for (old, new) in heads.iter().flat_map(|old| heads.map(|new| (*old, new))) {
            for body in bodies {
                let (old, new) = (format!("{old}\n{body}"), format!("{new}\n{body}"));
                if same(&old, &new) {
                    let read = |text: &str| {
                        let file = crate::SourceFile::parse(text.as_bytes().into());
                        let unbound: Vec<String> =
                            file.scopes().unbound().into_iter().map(|name| name.text).collect();
                        (file.problems().len(), unbound)
                    };
                    assert_eq!(read(&old), read(&new), "{old}{new}");
                }
            }
        }
        assert!(same("from a import b\nb()\n", "import b.c\nb()\n"), "the law is not empty");
    }
}
