//! The statistics against the real git, and its rule for renames.

use super::*;
use crate::git::{delta, edited, git_diff};

fn same_as_git(deltas: &[FileDelta], width: usize) {
    let ours = stat(deltas, Style::PLAIN, width);
    let theirs = git_diff(deltas, &[&format!("--stat={width}")]);
    assert_eq!(ours, String::from_utf8(theirs).unwrap(), "width {width}");
}

#[test]
fn looks_as_in_git_at_any_width() {
    let long = "x\n".repeat(300);
    let deltas = [
        delta(None, Some(("a/deep/folder/that/goes/on/and/on/new.py", long.as_bytes(), false))),
        edited("b.py", "a\nb\nc\n", "a\nB\nc\n"),
        delta(Some(("bin.dat", b"\0\x01", false)), Some(("bin.dat", b"\0\x01\x02", false))),
        edited("café.py", "1\n2\n3\n", "1\n"),
        delta(Some(("e/gone.py", b"x\ny\n", false)), None),
        delta(Some(("f/old/x.py", b"1\n2\n3\n", false)), Some(("f/new/x.py", b"1\n2\n3\n", false))),
    ];
    for width in [1, 20, 30, 40, 55, 80, 120, 1000] {
        same_as_git(&deltas, width);
        same_as_git(&deltas[1..2], width);
        same_as_git(&deltas[3..], width);
    }
    same_as_git(&deltas[5..], 80);
}

#[test]
fn a_rename_names_what_is_shared_once() {
    for (from, to, shown) in [
        ("a.py", "b.py", "a.py => b.py"),
        ("p/a.py", "p/b.py", "p/{a.py => b.py}"),
        ("p/q/a.py", "p/r/a.py", "p/{q => r}/a.py"),
        ("p/a.py", "p/q/a.py", "p/{ => q}/a.py"),
        ("p/q/a.py", "p/a.py", "p/{q => }/a.py"),
        ("a.py", "q/a.py", "a.py => q/a.py"),
        ("p/a/a/x.py", "p/a/x.py", "p/a/{a => }/x.py"),
        ("p/é.py", "p/e.py", r#""p/\303\251.py" => p/e.py"#),
    ] {
        assert_eq!(renamed(from, to), shown);
        let body: &[u8] = b"1\n2\n3\n";
        let deltas = [delta(Some((from, body, false)), Some((to, body, false)))];
        same_as_git(&deltas, 120);
    }
}

#[test]
fn nothing_is_said_of_nothing() {
    assert_eq!(stat(&[], Style::PLAIN, 80), "");
    assert_eq!(stat(&[edited("a.py", "x", "x")], Style::PLAIN, 80), "");
}
