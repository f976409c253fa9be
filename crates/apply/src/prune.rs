//! Forgetting the oldest operations, so that the journal does not grow for ever.
//!
//! A plan is forgotten as a whole or not at all: the operation that applied it,
//! and every undo and redo of it. So what is left can be undone and redone as
//! before: the old bytes that this takes lie in the last operation of each plan
//! and, where later work is merged, in operations after that one. The tree is
//! not touched.

use std::collections::HashSet;

use crate::{ApplyError, Lock, Operation, Repository};

impl Repository {
    /// What [`Repository::prune`] would forget. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Repository::prune`].
    pub fn preview_prune(&self, keep: usize) -> Result<Vec<Operation>, ApplyError> {
        self.refuse_unfinished()?;
        let mut log = self.log()?;
        let first = log.len().saturating_sub(keep);
        let plans: HashSet<_> = log[first..].iter().map(Operation::plan).collect();
        log.retain(|operation| !plans.contains(&operation.plan()));
        Ok(log)
    }

    /// Forgets every operation but the last `keep` and those that belong to the
    /// same plans, and returns what it forgot, oldest first. Their numbers are
    /// never used again. Stopped in the middle, it has forgotten the older ones
    /// of these.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Unfinished`] when an operation waits for
    /// [`Repository::recover`]; [`ApplyError`] when the journal cannot be read
    /// or written.
    pub fn prune(&self, _lock: &Lock, keep: usize) -> Result<Vec<Operation>, ApplyError> {
        self.begin_afresh()?;
        let forgotten = self.preview_prune(keep)?;
        let ids: Vec<_> = forgotten.iter().map(|operation| operation.id).collect();
        self.journal().forget(&ids)?;
        Ok(forgotten)
    }
}
