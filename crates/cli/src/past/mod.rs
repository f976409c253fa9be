//! Past commits, measured straight from git's objects.
//!
//! Nothing is checked out. A file that commits have in common is read and looked
//! at once; a tree that was measured before, in this run or in one before it, is
//! not measured again.

mod files;
mod kept;
mod story;
mod window;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use repot_git::{Commit, Git, GitError, Objects};
use repot_roadmap::Roadmap;
use repot_trend::Measured;
use repot_workspace::{Snapshot, Workspace};

use crate::error::Failure;
use crate::progress::Counted;
use crate::session::{self, Session};
use files::Files;
pub use kept::Kept;
pub use story::{Story, no_moment};
pub use window::Window;

/// How many commits are measured before files that none of them had are
/// forgotten.
const TOGETHER: usize = 24;

/// The commits of a repository, to be measured.
pub struct Past<'a> {
    session: &'a Session,
    objects: Arc<Objects>,
    files: Files,
    kept: Mutex<Kept>,
    /// Whether each commit is judged by the roadmap that it has itself.
    by_own_roadmap: bool,
}

/// What came of measuring one commit.
type Outcome = Result<Option<Arc<Measured>>, GitError>;

impl<'a> Past<'a> {
    /// The past of `session`'s tree; what was kept of earlier runs is used.
    ///
    /// # Errors
    ///
    /// [`Failure`] when git cannot be asked.
    pub fn new(session: &'a Session, git: &Git, kept: Kept, by_own_roadmap: bool) -> Result<Self, Failure> {
        let objects = Arc::new(git.objects()?);
        let files = Files::new(Arc::clone(&objects));
        Ok(Self { session, objects, files, kept: Mutex::new(kept), by_own_roadmap })
    }

    /// What is known of each of `commits`, on all cores; a commit whose objects
    /// are not all here, or which had no such folder, is left out.
    ///
    /// # Errors
    ///
    /// [`Failure`] when git stops answering.
    pub fn measure(
        &self,
        commits: &[&Commit],
        progress: &Counted,
    ) -> Result<HashMap<String, Arc<Measured>>, Failure> {
        progress.add(commits.len());
        let mut measured = HashMap::new();
        for together in commits.chunks(TOGETHER) {
            let one = |commit: &&Commit| {
                let outcome = self.one(&commit.id);
                progress.step();
                outcome.map(|measured| measured.map(|measured| (commit.id.clone(), measured)))
            };
            let found: Vec<_> = together.par_iter().map(one).collect::<Result<_, GitError>>()?;
            measured.extend(found.into_iter().flatten());
            self.files.forget_unused();
        }
        Ok(measured)
    }

    /// What is to be kept for the next run.
    pub fn into_kept(self) -> Kept {
        self.kept.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn one(&self, commit: &str) -> Outcome {
        let Some(tree) = self.objects.tree(commit)? else { return Ok(None) };
        if let Some(known) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&tree.id) {
            return Ok(Some(known));
        }
        let Some(snapshot) = self.files.snapshot(&tree)? else { return Ok(None) };
        let measured = Arc::new(self.judge(snapshot));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(&tree.id, Arc::clone(&measured));
        Ok(Some(measured))
    }

    fn judge(&self, snapshot: Snapshot) -> Measured {
        let own = if self.by_own_roadmap { session::read_roadmap(&snapshot).ok() } else { None };
        judge(own.as_ref().unwrap_or(&self.session.roadmap), snapshot)
    }
}

/// What `roadmap` says of the tree `snapshot`.
fn judge(roadmap: &Roadmap, snapshot: Snapshot) -> Measured {
    let workspace = Workspace::new(snapshot, Arc::new(session::shape(roadmap)));
    let metrics = session::metrics(roadmap);
    let audit = repot_audit::audit(&workspace, session::asked(roadmap), &roadmap.phases, &metrics);
    Measured::new(&workspace, &audit)
}
