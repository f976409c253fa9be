//! A plan as one patch.

use rayon::prelude::*;
use repot_change::{FileDelta, Plan, compose};

use crate::binary::binary_patch;
use crate::diff::{bytes, diff, header, is_binary};
use crate::style::Style;

/// All phases as one patch that `git apply` takes: each file once, binary files
/// included, nothing but diffs.
#[must_use]
pub fn plan_patch(plan: &Plan) -> Vec<u8> {
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps);
    let parts = steps.flat_map(|step| &step.parts).map(|part| part.deltas.as_slice());
    let mut deltas = compose(parts);
    // What a file leaves behind under its old name comes after it has left.
    deltas.sort_by_key(|delta| delta.old.is_none());
    let patches: Vec<Vec<u8>> = deltas.par_iter().map(patch).collect();
    patches.concat()
}

fn patch(delta: &FileDelta) -> Vec<u8> {
    let (old, new) = (delta.old.as_ref(), delta.new.as_ref());
    if !is_binary(delta) || bytes(old) == bytes(new) {
        return diff(delta, Style::PLAIN);
    }
    let mut out: Vec<u8> = header(delta).into_iter().flat_map(|line| (line + "\n").into_bytes()).collect();
    out.extend(binary_patch(old.map(|_| bytes(old)), new.map(|_| bytes(new))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::{delta, edited, git, write};
    use crate::sample;

    /// Whether `git apply` makes the tree after of the tree before, and the
    /// other way round with `-R`.
    fn assert_applies(deltas: &[FileDelta]) {
        let mut plan = sample::plan();
        plan.phases[0].steps[0].parts = vec![sample::imports(deltas.to_vec())];
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        assert!(git(folder, &["init", "-q"]).status.success());
        deltas.iter().filter_map(|delta| delta.old.as_ref()).for_each(|side| write(folder, side));
        assert!(git(folder, &["add", "-A"]).status.success());
        let before = git(folder, &["write-tree"]).stdout;
        std::fs::write(folder.join(".git/patch"), plan_patch(&plan)).unwrap();
        for arguments in [&["apply", "--index"][..], &["apply", "--index", "-R"]] {
            let all = [arguments, &[".git/patch"]].concat();
            let output = git(folder, &all);
            let patch = String::from_utf8_lossy(&plan_patch(&plan)).into_owned();
            assert!(output.status.success(), "{}\n{patch}", String::from_utf8_lossy(&output.stderr));
            if arguments.len() == 2 {
                for (path, content) in deltas.iter().filter_map(|delta| delta.new.as_ref()) {
                    assert_eq!(std::fs::read(folder.join(path.as_str())).unwrap(), &content.bytes[..]);
                }
            }
        }
        assert_eq!(git(folder, &["write-tree"]).stdout, before);
    }

    #[test]
    fn git_applies_it_and_takes_it_back() {
        let all: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let other: Vec<u8> = all.iter().rev().copied().collect();
        assert_applies(&[
            edited("a b.py", "one\n", "two"),
            delta(Some(("gone.bin", &all, false)), None),
            delta(None, Some(("new.bin", &all, true))),
            delta(Some(("changed.bin", &all, false)), Some(("changed.bin", &other, true))),
            delta(Some(("moved.bin", &other, false)), Some(("there/moved.bin", &other, false))),
            delta(Some(("empty.bin", b"\0", false)), Some(("empty.bin", b"", false))),
        ]);
    }

    #[test]
    fn a_name_that_is_left_and_taken_again_comes_in_an_order_that_git_takes() {
        assert_applies(&[
            delta(None, Some(("old.py", b"from new import *\n", false))),
            delta(Some(("old.py", b"1\n2\n3\n4\n", false)), Some(("new.py", b"1\n2\n3\n5\n", false))),
        ]);
    }
}
