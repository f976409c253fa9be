//! A git repository in the copy, for commands that ask git: `git ls-files`,
//! `pre-commit run --all-files`, `git diff --exit-code`, setuptools-scm.
//!
//! It holds one commit, of the copy as it is, and knows nothing of the user's
//! repository or settings; so nothing of theirs can change, and no filter or
//! hook of theirs is run.

use std::path::{Path, PathBuf};

use repot_change::RelPath;

use crate::Interrupt;
use crate::command::{self, Order};
use crate::output::Output;
use crate::reader::Reader;
use crate::steady::Spellings;

/// What makes the repository. Files that are ignored and tracked all the same
/// are added, as they are in the user's.
const SCRIPT: &str = "git init -q . && git add -A -f . && git commit -q --no-verify -m before";

/// Makes the repository in the copy below `root`. Without git, or where it will
/// not, there is none: a command that needs one fails on both sides alike.
pub(crate) fn make(root: &Path, interrupt: &Interrupt) {
    let settings: &[(&'static str, &str)] = &[
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_TEMPLATE_DIR", ""),
        ("GIT_CONFIG_COUNT", "4"),
        ("GIT_CONFIG_KEY_0", "core.fsync"),
        ("GIT_CONFIG_VALUE_0", "none"),
        ("GIT_CONFIG_KEY_1", "core.compression"),
        ("GIT_CONFIG_VALUE_1", "0"),
        ("GIT_CONFIG_KEY_2", "init.defaultBranch"),
        ("GIT_CONFIG_VALUE_2", "main"),
        ("GIT_CONFIG_KEY_3", "gc.auto"),
        ("GIT_CONFIG_VALUE_3", "0"),
        ("GIT_AUTHOR_NAME", "repot"),
        ("GIT_AUTHOR_EMAIL", "repot@localhost"),
        ("GIT_COMMITTER_NAME", "repot"),
        ("GIT_COMMITTER_EMAIL", "repot@localhost"),
        ("GIT_AUTHOR_DATE", "2000-01-01T00:00:00Z"),
        ("GIT_COMMITTER_DATE", "2000-01-01T00:00:00Z"),
    ];
    let variables = settings.iter().map(|(name, value)| (*name, PathBuf::from(value))).collect();
    let order =
        Order { line: SCRIPT, folder: root.to_owned(), variables, limit: None, with_complaints: true };
    let output = Output::new(Spellings::default(), Spellings::default(), Reader::new(RelPath::root()));
    drop(command::run(&order, output, interrupt, &mut |_, _| {}));
}
