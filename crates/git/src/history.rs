//! The commits behind a branch, as a person who follows it meets them: from
//! each to its first parent.

use repot_change::RelPath;

use crate::{Git, GitError};

/// In the spring of 1973, when numbers of seconds got their ninth digit.
const EARLIEST: i64 = 100_000_001;

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its name, in full.
    pub id: String,
    /// Its first parent; `None` for a first commit, and where a shallow clone
    /// ends.
    pub parent: Option<String>,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The whole message.
    pub message: String,
}

/// Where a history begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since<'a> {
    /// At this commit.
    Commit(&'a str),
    /// With the last commit before this second since 1970.
    Time(i64),
}

/// A stretch of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The commits, the oldest first.
    pub commits: Vec<Commit>,
    /// Whether it begins later than it was asked to, since the clone is shallow.
    pub is_cut: bool,
}

impl Git {
    /// The commit that `revision` names; `None` when it names none.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn commit(&self, revision: &str) -> Result<Option<String>, GitError> {
        let name = format!("{revision}^{{commit}}");
        self.find(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])
    }

    /// The last commit up to `until`, a commit, that was made before `time`, in
    /// seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn last_before(&self, until: &str, time: i64) -> Result<Option<String>, GitError> {
        // Git takes smaller numbers for something else, and is younger than that.
        if time < EARLIEST {
            return Ok(None);
        }
        let before = format!("--before={}", time - 1);
        let found = self.text(&["rev-list", "-1", "--first-parent", &before, until])?;
        Ok((!found.is_empty()).then_some(found))
    }

    /// The time of the last commit that touched what lies below `folder`, in
    /// seconds since 1970; `None` where none did.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run, or nothing is checked out.
    pub fn last_touched(&self, folder: &RelPath) -> Result<Option<i64>, GitError> {
        let path = if folder.is_root() { "." } else { folder.as_str() };
        let shape = ["--literal-pathspecs", "log", "-1", "--no-show-signature", "--format=%ct", "HEAD", "--"];
        Ok(self.text(&[&shape[..], &[path]].concat())?.parse().ok())
    }

    /// The commits from `since` to `until`, which is a commit.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn history(&self, since: Since<'_>, until: &str) -> Result<History, GitError> {
        let base = match since {
            Since::Commit(id) => Some(id.to_owned()),
            Since::Time(time) => self.last_before(until, time)?,
        };
        let mut commits = match &base {
            Some(base) => self.log(&[until, "--not", base])?,
            None => self.log(&[until])?,
        };
        if let Some(base) = &base {
            commits.extend(self.log(&["-1", base])?);
        }
        commits.reverse();
        // Time does not run backwards, whatever the clocks of people say.
        let mut latest = i64::MIN;
        for commit in &mut commits {
            latest = latest.max(commit.time);
            commit.time = latest;
        }
        let is_shallow = self.text(&["rev-parse", "--is-shallow-repository"])? == "true";
        let is_cut = base.is_none() && is_shallow;
        Ok(History { commits, is_cut })
    }

    /// The newest first.
    fn log(&self, which: &[&str]) -> Result<Vec<Commit>, GitError> {
        let shape = ["log", "-z", "--first-parent", "--no-show-signature", "--format=%H%n%P%n%ct%n%B"];
        let output = self.run(&[&shape, which].concat(), None, &[])?;
        let text = String::from_utf8_lossy(&output);
        Ok(text.split('\0').filter_map(commit).collect())
    }
}

fn commit(text: &str) -> Option<Commit> {
    let mut parts = text.splitn(4, '\n');
    let (id, parents, time) = (parts.next()?, parts.next()?, parts.next()?);
    let message = parts.next().unwrap_or_default().trim_end().to_owned();
    let parent = parents.split(' ').next().filter(|parent| !parent.is_empty()).map(str::to_owned);
    Some(Commit { id: id.to_owned(), parent, time: time.parse().ok()?, message })
}
