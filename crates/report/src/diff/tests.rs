//! The diff against the real git: what it prints, and that it applies.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::git::{delta, edited, git, git_diff, write};

fn all(deltas: &[FileDelta]) -> Vec<u8> {
    deltas.iter().flat_map(|delta| diff(delta, Style::PLAIN)).collect()
}

fn same_as_git(deltas: &[FileDelta]) {
    let (ours, theirs) = (all(deltas), git_diff(deltas, &[]));
    assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&theirs));
    assert_eq!(ours, theirs);
}

const MODULE: &str = "\
import os
from monorepo.cart import add


class Shop:
    def open(self):
        return add(1)

    def close(self):
        a = 1
        b = 2
        c = 3
        d = 4
        return add(2)


def last():
    return os
";

#[test]
fn prints_what_git_prints() {
    let edits = MODULE.replace("monorepo.cart", "shop.cart").replace("add(2)", "add(3)");
    same_as_git(&[edited("shop/a b.py", MODULE, &edits)]);
    same_as_git(&[edited("shop/é\"\\.py", MODULE, &edits)]);
    same_as_git(&[edited("crlf.py", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n")]);
    same_as_git(&[edited("end.py", "a\nb", "a\nb\n"), edited("end2.py", "a\nb\n", "a\nc")]);
    same_as_git(&[edited("emptied.py", "a\n", ""), edited("empty.py", "", "a\n")]);
    same_as_git(&[delta(Some(("latin.py", b"\xe9\n", false)), Some(("latin.py", b"\xe8\n", false)))]);
    same_as_git(&[delta(Some(("mode", b"#!\n", false)), Some(("mode", b"#!x\n", true)))]);
    same_as_git(&[delta(Some(("mode", b"#!\n", true)), Some(("mode", b"#!\n", false)))]);
    same_as_git(&[delta(Some(("bin", b"\0", false)), Some(("bin", b"\0\0", false)))]);
}

#[test]
fn prints_creations_deletions_and_renames_as_git() {
    let (text, edits) = (MODULE.as_bytes(), MODULE.replace("monorepo.cart", "shop.cart"));
    same_as_git(&[delta(None, Some(("a.py", text, true)))]);
    same_as_git(&[delta(None, Some(("__init__.py", b"", false)))]);
    same_as_git(&[delta(Some(("a.py", text, false)), None)]);
    same_as_git(&[delta(Some(("a.py", text, false)), Some(("b/c d.py", edits.as_bytes(), false)))]);
    same_as_git(&[delta(Some(("a.py", text, false)), Some(("b/é.py", text, true)))]);
    let wide = format!("{MODULE}x = '{}'\n", "ab".repeat(90));
    let wider = wide.replace("'ab", "'b");
    same_as_git(&[delta(Some(("a.py", wide.as_bytes(), false)), Some(("b.py", wider.as_bytes(), false)))]);
}

#[test]
fn shows_a_change_where_git_shows_it() {
    let method = |name: &str| format!("    def {name}(self):\n        go()\n        return 1\n\n");
    let class = |names: &[&str]| {
        format!("class A:\n{}x = 1\n", names.iter().map(|name| method(name)).collect::<String>())
    };
    same_as_git(&[edited("a.py", &class(&["a", "c"]), &class(&["a", "b", "c"]))]);
    same_as_git(&[edited("a.py", &class(&["a", "b", "c"]), &class(&["a", "c"]))]);
    same_as_git(&[edited("a.py", "a\n", "a\na\n"), edited("b.py", "a\n\nb\n", "a\n\n\n\nb\n")]);
    let tabs = "if a:\n\tb()\n\tc()\n\nif a:\n\tb()\n\tc()\n";
    same_as_git(&[edited("c.py", tabs, &tabs.repeat(2)), edited("d.py", &tabs.repeat(2), tabs)]);
    // Lines that could slide stay beside the change of the other side.
    same_as_git(&[edited("e.py", "x\nx\nold\ny\n", "x\nx\nx\nnew\ny\n")]);
    same_as_git(&[edited("f.py", "\n\nold\n\n\nz\n", "\n\n\nz\n")]);
    let blanks = format!("a\n{}a\n", "\n".repeat(30));
    same_as_git(&[edited("g.py", &blanks, &blanks.repeat(2))]);
    same_as_git(&[edited("h.py", &"x\n".repeat(300), &"x\n".repeat(450))]);
}

#[test]
fn names_the_definition_that_a_hunk_is_in() {
    let definition = format!("def f({}):\n", "é, ".repeat(40));
    let old = format!("{definition}    a\n    b\n    c\n    d\n    e\n    f\n");
    let printed = all(&[edited("a.py", &old, &old.replace("    f", "    g"))]);
    let header = String::from_utf8(printed).unwrap().lines().nth(3).unwrap().to_owned();
    assert!(header.starts_with("@@ -4,4 +4,4 @@ def f(é, é,"), "{header}");
    assert!(header.len() <= "@@ -4,4 +4,4 @@ ".len() + FUNCTION_BYTES, "{header}");
}

#[test]
fn colours_only_what_git_colours() {
    let printed = diff(&edited("a.py", "a\nb\n", "a\nc\n"), Style { color: true });
    let plain = all(&[edited("a.py", "a\nb\n", "a\nc\n")]);
    let printed = String::from_utf8(printed).unwrap();
    assert!(printed.contains("\u{1b}[31m-b\u{1b}[0m\n\u{1b}[32m+c\u{1b}[0m\n"), "{printed:?}");
    assert!(printed.contains("\n a\n"), "{printed:?}");
    let mut stripped = printed;
    for escape in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[36m"] {
        stripped = stripped.replace(escape, "");
    }
    assert_eq!(stripped.into_bytes(), plain);
}

#[test]
fn nothing_is_printed_of_nothing() {
    assert_eq!(all(&[edited("a.py", "x", "x"), FileDelta { old: None, new: None }]), b"");
}

/// What happens to one file of a random tree.
#[derive(Debug, Clone)]
enum Fate {
    Edited(Vec<Vec<u8>>),
    Created,
    Deleted,
    Moved(Vec<Vec<u8>>),
}

const NAMES: [&str; 8] =
    ["a.py", "b/c.py", "b/d e.py", "b/f\"g.py", "h/é.py", "h\\i.py", " j.py", "k/tab\there.py"];

fn text() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = prop_oneof![
        Just(b"import a\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"    x = 1\r\n".to_vec()),
        Just(b"# caf\xe9\n".to_vec()),
        Just("def é():\n".as_bytes().to_vec()),
        Just(b"-- a\t \n".to_vec()),
        Just(b"no end".to_vec()),
    ];
    proptest::collection::vec(line, 0..25)
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        text().prop_map(Fate::Edited),
        Just(Fate::Created),
        Just(Fate::Deleted),
        text().prop_map(Fate::Moved),
    ]
}

/// The deltas of a random tree; files that move change places in a circle.
fn deltas(tree: &[(Vec<Vec<u8>>, Fate)]) -> Vec<FileDelta> {
    let moved: Vec<&str> = NAMES
        .iter()
        .zip(tree)
        .filter(|(_, (_, fate))| matches!(fate, Fate::Moved(_)))
        .map(|(name, _)| *name)
        .collect();
    let mut next = moved.iter().cycle().skip(1);
    let mut all = Vec::new();
    for (name, (lines, fate)) in NAMES.iter().zip(tree) {
        let old = lines.concat();
        let old = Some((*name, old.as_slice(), false));
        // Half of the lines stay, so that there is context to apply to.
        let mix =
            |new: &[Vec<u8>]| [&lines[..lines.len() / 2], new, &lines[lines.len() / 2..]].concat().concat();
        all.push(match fate {
            Fate::Edited(new) => delta(old, Some((name, &mix(new), true))),
            Fate::Created => delta(None, old),
            Fate::Deleted => delta(old, None),
            Fate::Moved(new) => delta(
                old,
                next.next()
                    .map(|to| (*to, mix(new)))
                    .as_ref()
                    .map(|(to, text)| (*to, text.as_slice(), false)),
            ),
        });
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn git_apply_gives_exactly_the_new_bytes(tree in proptest::collection::vec((text(), fate()), NAMES.len())) {
        let deltas = deltas(&tree);
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("tree");
        std::fs::create_dir(&folder).unwrap();
        git(&folder, &["init", "-q"]);
        deltas.iter().filter_map(|delta| delta.old.as_ref()).for_each(|side| write(&folder, side));
        let patch = scratch.path().join("patch");
        std::fs::write(&patch, all(&deltas)).unwrap();
        let applied = git(&folder, &["apply", "--allow-empty", "--whitespace=nowarn", patch.to_str().unwrap()]);
        let complaint = String::from_utf8_lossy(&applied.stderr).into_owned();
        prop_assert!(applied.status.success(), "{}\n{}", complaint, String::from_utf8_lossy(&all(&deltas)));
        let wanted: BTreeMap<_, _> = deltas.iter().filter_map(|delta| delta.new.clone()).collect();
        for name in NAMES {
            let wanted = wanted.iter().find(|(path, _)| path.as_str() == name).map(|(_, content)| content.bytes.to_vec());
            prop_assert_eq!(std::fs::read(folder.join(name)).ok(), wanted, "{}", name);
        }
    }
}
