//! What is checked before anything is written: that a commit of a step can be
//! made, and that it holds what the step does and no more.

use std::collections::BTreeSet;

use repot_change::RelPath;

use crate::{Git, GitError};

impl Git {
    /// Checks that commits which change `paths` can be made here.
    pub(crate) fn check(&self, paths: &BTreeSet<RelPath>, allow_dirty: bool) -> Result<String, GitError> {
        let head = self.head()?.ok_or(GitError::Unborn)?;
        if self.find(&["rev-parse", "--verify", "--quiet", "MERGE_HEAD"])?.is_some() {
            return Err(GitError::Merging);
        }
        self.text(&["var", "GIT_COMMITTER_IDENT"]).map_err(|_| GitError::Nobody)?;
        self.check_submodules(paths)?;
        let (tracked, untracked) = self.differing()?;
        let mixed: Vec<_> = tracked.union(&untracked).filter(|path| paths.contains(path)).cloned().collect();
        if !mixed.is_empty() {
            return Err(GitError::Mixed { paths: mixed });
        }
        if !tracked.is_empty() && !allow_dirty {
            return Err(GitError::Dirty { paths: tracked.into_iter().collect() });
        }
        Ok(head)
    }

    /// Checks that a new branch can be called `name`.
    pub(crate) fn check_branch(&self, name: &str) -> Result<(), GitError> {
        let bad = || GitError::BadBranch { name: name.to_owned() };
        self.text(&["check-ref-format", "--branch", name]).map_err(|_| bad())?;
        // A shorthand such as `@{-1}` is understood above and no name.
        self.text(&["check-ref-format", &reference(name)]).map_err(|_| bad())?;
        match self.find(&["rev-parse", "--verify", "--quiet", &reference(name)])? {
            None => Ok(()),
            Some(_) => Err(GitError::BranchExists { name: name.to_owned() }),
        }
    }

    /// The files below the root that differ from the last commit: those that git
    /// tracks, and those that it does not and does not ignore.
    fn differing(&self) -> Result<(BTreeSet<RelPath>, BTreeSet<RelPath>), GitError> {
        let arguments = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"];
        let output = self.run(&arguments, None, &[])?;
        let (mut tracked, mut untracked) = (BTreeSet::new(), BTreeSet::new());
        for entry in output.split(|byte| *byte == 0) {
            // Two letters and a blank, then the path from the top.
            let Some((letters, path)) = entry.split_at_checked(3) else { continue };
            let Some(path) = self.own(path) else { continue };
            if letters.starts_with(b"??") {
                untracked.insert(path)
            } else {
                tracked.insert(path)
            };
        }
        Ok((tracked, untracked))
    }

    fn check_submodules(&self, paths: &BTreeSet<RelPath>) -> Result<(), GitError> {
        let listed = self.run(&["ls-files", "--stage", "-z", "--full-name"], None, &[])?;
        let links = listed.split(|byte| *byte == 0).filter_map(|entry| entry.strip_prefix(b"160000 "));
        for link in links {
            let Some(tab) = link.iter().position(|byte| *byte == b'\t') else { continue };
            let Some(folder) = self.own(&link[tab + 1..]) else { continue };
            if let Some(path) = paths.iter().find(|path| path.is_within(&folder)) {
                return Err(GitError::Submodule { path: path.clone(), submodule: folder.to_string() });
            }
        }
        Ok(())
    }

    /// The path below the root that git names from the top; `None` for one that
    /// lies elsewhere.
    fn own(&self, path: &[u8]) -> Option<RelPath> {
        RelPath::new(std::str::from_utf8(path).ok()?.strip_prefix(&self.prefix)?).ok()
    }
}

/// The full name of the branch `name`.
pub fn reference(name: &str) -> String {
    format!("refs/heads/{name}")
}
