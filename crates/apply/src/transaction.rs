//! All writes of a phase, or none.
//!
//! Verify everything; store the old bytes and the intent; change the tree; set
//! the commit mark. A failure before the intent touches nothing but the
//! journal; one after it is taken back from the journal at once, and where the
//! process ends instead, recovery does the same later. Of a file that is
//! written again, the bytes are replaced and the mode bits kept; its owner,
//! hard links and extended attributes are not, as with `git checkout`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use repot_change::{RelPath, Write};

use crate::record::{Draft, Record};
use crate::recover::put_back;
use crate::steps::{Step, Steps};
use crate::tree::Tree;
use crate::verify::{Change, FolderRules, Prepared, Wish, prepare};
use crate::{ApplyError, Lock, Operation, OperationId, OperationKind, Repository, State};

impl Repository {
    /// Checks that every path of `writes` is as the plan expects it, and that
    /// what the plan makes of it can be done. Nothing is written.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Stale`] with every path that differs, [`ApplyError::ReadOnly`]
    /// with every file and folder that somebody protected; `OffLimits`, `Twice`
    /// and `BelowFile` for a plan that could never be carried out;
    /// [`ApplyError::Io`].
    pub fn verify(&self, writes: &[Write]) -> Result<(), ApplyError> {
        self.prepare_writes(writes).map(drop)
    }

    /// Carries out all of `writes`, or nothing. A write that leaves its path as
    /// it is does nothing more than to be verified.
    ///
    /// # Errors
    ///
    /// As [`Repository::verify`]; [`ApplyError::NothingToWrite`];
    /// [`ApplyError::Unfinished`] when an earlier operation waits for
    /// [`Repository::recover`]; [`ApplyError::TakenBack`] when it failed in the
    /// middle; [`ApplyError::Stuck`] when, moreover, it could not be taken back.
    pub fn apply(&self, lock: &Lock, title: &str, writes: &[Write]) -> Result<Operation, ApplyError> {
        self.apply_forced(lock, title, None, writes)
    }

    /// As [`Repository::apply`]; the journal keeps `forced`, the reason for which
    /// it is done although something should have been done before.
    ///
    /// # Errors
    ///
    /// As [`Repository::apply`].
    pub fn apply_forced(
        &self,
        _lock: &Lock,
        title: &str,
        forced: Option<&str>,
        writes: &[Write],
    ) -> Result<Operation, ApplyError> {
        self.begin_afresh()?;
        let prepared = self.prepare_writes(writes)?;
        self.carry_out(OperationKind::Apply, (title, forced), prepared)
    }

    fn prepare_writes(&self, writes: &[Write]) -> Result<Prepared, ApplyError> {
        let wishes: Vec<_> = writes.iter().map(Wish::of).collect();
        prepare(&self.root, &wishes, &FolderRules::default())
    }

    /// Refuses to work on top of an operation that was stopped in the middle,
    /// and sweeps what is left of those that were stopped before they began.
    pub(crate) fn begin_afresh(&self) -> Result<(), ApplyError> {
        self.refuse_unfinished()?;
        self.journal().sweep()
    }

    /// Refuses a tree that is in the middle of an operation, for those that do
    /// not hold the lock: what was stopped is told from what is under way.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Unfinished`]; [`ApplyError::Locked`] when another process
    /// carries it out right now; [`ApplyError`] when the journal cannot be read.
    pub fn check_finished(&self) -> Result<(), ApplyError> {
        let Err(error) = self.refuse_unfinished() else { return Ok(()) };
        match self.lock() {
            // It may have been finished in the meantime.
            Ok(_lock) => self.refuse_unfinished(),
            Err(locked @ ApplyError::Locked { .. }) => Err(locked),
            Err(_) => Err(error),
        }
    }

    /// Refuses a tree that is in the middle of an operation, for those that hold
    /// the lock or do not care who does.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Unfinished`]; [`ApplyError`] when the journal cannot be read.
    pub fn refuse_unfinished(&self) -> Result<(), ApplyError> {
        match self.journal().intent()? {
            None => Ok(()),
            Some(Record { id, title, .. }) => Err(ApplyError::Unfinished { id, title }),
        }
    }

    /// Does what was prepared, as a new operation.
    pub(crate) fn carry_out(
        &self,
        kind: OperationKind,
        title: (&str, Option<&str>),
        mut prepared: Prepared,
    ) -> Result<Operation, ApplyError> {
        if prepared.changes.is_empty() {
            return Err(ApplyError::NothingToWrite);
        }
        let (id, umasked) = self.journal().reserve()?;
        prepared.cut_modes(umasked);
        let record = self.journal().begin(id, draft(kind, title, &prepared)).map_err(|cause| {
            // The intent may be there although its sync failed; nothing was
            // touched yet, so forgetting it is right either way.
            match self.journal().discard(id) {
                Ok(()) => cause,
                Err(then) => stuck(id, cause, then),
            }
        })?;
        let tree = Tree::new(&self.root, record.paths());
        let mut touched = BTreeSet::new();
        let done = steps(id, &prepared)
            .run(self.disk(), &tree, &mut touched)
            .and_then(|()| self.journal().commit(id));
        match done {
            Ok(()) => Ok(record.operation(State::Applied)),
            Err(cause) => Err(self.take_back(&record, &tree, &touched, cause)),
        }
    }

    /// Puts back what a failed operation touched, and says why it failed.
    fn take_back(
        &self,
        record: &Record,
        tree: &Tree<'_>,
        touched: &BTreeSet<RelPath>,
        cause: ApplyError,
    ) -> ApplyError {
        let back =
            put_back(self, record, tree, Some(touched)).and_then(|()| self.journal().discard(record.id));
        match back {
            Ok(()) => ApplyError::TakenBack { cause: Box::new(cause) },
            Err(then) => stuck(record.id, cause, then),
        }
    }
}

fn stuck(id: OperationId, cause: ApplyError, then: ApplyError) -> ApplyError {
    ApplyError::Stuck { id, cause: Box::new(cause), then: Box::new(then) }
}

pub(crate) fn draft<'a>(
    kind: OperationKind,
    (title, forced): (&'a str, Option<&'a str>),
    prepared: &'a Prepared,
) -> Draft<'a> {
    let files = prepared.changes.iter().map(|change| change.entry.clone()).collect();
    let content = |change: &'a Change| Some((change.entry.before?.hash, change.old.as_deref()?));
    let contents = prepared.changes.iter().filter_map(content).collect();
    let (created, removed) = (prepared.created.clone(), prepared.removed.clone());
    Draft { kind, title, forced, files, created, removed, contents }
}

/// The steps that `prepared` takes, as operation `id`.
pub(crate) fn steps<'a>(id: OperationId, prepared: &'a Prepared) -> Steps<'a> {
    let step = |change: &'a Change| Step {
        path: &change.entry.path,
        from: change.entry.before.map(|state| state.hash),
        to: change
            .new
            .as_deref()
            .zip(change.entry.after)
            .map(|(new, after)| (Cow::Borrowed(new), after.mode)),
    };
    let files = prepared.changes.iter().map(step).collect();
    Steps { id, files, removed: &prepared.removed, created: &prepared.created }
}
