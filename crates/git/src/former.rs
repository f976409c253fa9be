//! Former versions: files as they were until a commit changed them or took them
//! away.

use std::sync::Arc;

use repot_change::RelPath;

use crate::{Git, GitError, ObjectId};

/// How many commits are looked at, the newest first.
const COMMITS: usize = 20_000;

/// A file as it was until a commit changed it or took it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The name of the commit.
    pub commit: Arc<str>,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// Where the file lay, from the root that git was opened at.
    pub path: RelPath,
    /// Its bytes before the commit.
    pub before: ObjectId,
    /// Its bytes after it; `None` where the commit took it away.
    pub after: Option<ObjectId>,
}

impl Git {
    /// The former versions of the files that `pattern` matches, in the history of
    /// the commit `until`, the newest first; and whether history goes on behind
    /// them, since the clone is shallow or there is too much of it.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn formers(&self, until: &str, pattern: &str) -> Result<(Vec<Former>, bool), GitError> {
        let most = format!("--max-count={COMMITS}");
        let shape = ["log", "-z", &most, "--format=%H %ct", "--no-merges", "--no-show-signature"];
        let changes = ["--raw", "--no-abbrev", "--no-renames", "--diff-filter=MD", "--relative"];
        let output = self.run(&[&shape[..], &changes, &[until, "--", pattern]].concat(), None, &[])?;
        let (formers, commits) = formers(&String::from_utf8_lossy(&output));
        let is_shallow = self.text(&["rev-parse", "--is-shallow-repository"])? == "true";
        Ok((formers, is_shallow || commits == COMMITS))
    }

    /// How git names the file `path` in `revision`.
    #[must_use]
    pub fn name_of(&self, revision: &str, path: &RelPath) -> String {
        format!("{revision}:{}{path}", self.prefix)
    }
}

/// The versions that `output` lists, and of how many commits.
fn formers(output: &str) -> (Vec<Former>, usize) {
    let (mut all, mut commits, mut commit) = (Vec::new(), 0, None);
    let mut words = output.split('\0');
    while let Some(word) = words.next() {
        let word = word.trim_start_matches('\n');
        if let Some(change) = word.strip_prefix(':') {
            let Some(path) = words.next() else { break };
            all.extend(commit.as_ref().and_then(|commit| former(commit, change, path)));
        } else if let Some((id, time)) = word.split_once(' ') {
            commits += 1;
            commit = time.parse().ok().map(|time| (Arc::from(id), time));
        }
    }
    (all, commits)
}

/// Reads `100644 100644 BEFORE AFTER M`; links and submodules are no files.
fn former((commit, time): &(Arc<str>, i64), change: &str, path: &str) -> Option<Former> {
    let mut fields = change.split(' ');
    let (mode, new_mode) = (fields.next()?, fields.next()?);
    let (before, after) = (fields.next()?, fields.next()?);
    let is_file = mode.starts_with("100");
    is_file.then_some(())?;
    Some(Former {
        commit: Arc::clone(commit),
        time: *time,
        path: RelPath::new(path).ok()?,
        before: before.into(),
        after: new_mode.starts_with("100").then(|| after.into()),
    })
}
