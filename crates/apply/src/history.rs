//! What was done, and taking it back: `log`, `undo`, `redo`.
//!
//! An undo is an operation like any other, carried out on the same road as a
//! plan and added to the journal; nothing is ever taken out of the history.

use std::collections::HashMap;

use repot_change::{FileDelta, RelPath};

use crate::delta::deltas;
use crate::inverse::Inverse;
use crate::record::Record;
use crate::{ApplyError, Lock, Operation, OperationId, OperationKind, Repository, State};

/// What an undo or a redo would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Every file before and after, sorted by the path after.
    pub deltas: Vec<FileDelta>,
    /// The files that do not become what they were, because they keep what later
    /// work did to other lines of them; sorted.
    pub merged: Vec<RelPath>,
}

impl Preview {
    fn of(inverse: Inverse) -> Self {
        Self { deltas: deltas(&inverse.prepared.changes), merged: inverse.merged }
    }
}

/// The journal, read as a history.
struct History {
    records: Vec<Record>,
    /// The plans in effect, in the order in which they came into effect: the
    /// operation that applied each first, and the one that did so last.
    in_effect: Vec<(OperationId, OperationId)>,
    /// What a redo brings back, the next one last: the operation that applied
    /// it first, and the one that undid it.
    undone: Vec<(OperationId, OperationId)>,
    /// By which operation one was undone.
    undone_by: HashMap<OperationId, OperationId>,
}

impl History {
    fn of(records: Vec<Record>) -> Self {
        let (in_effect, undone, undone_by) = (Vec::new(), Vec::new(), HashMap::new());
        let mut history = Self { records: Vec::new(), in_effect, undone, undone_by };
        for record in &records {
            history.replay(record.id, record.kind);
        }
        Self { records, ..history }
    }

    fn replay(&mut self, id: OperationId, kind: OperationKind) {
        match kind {
            OperationKind::Apply => {
                self.in_effect.push((id, id));
                // After new work there is nothing to go forward to.
                self.undone.clear();
            }
            OperationKind::Undo { of } => {
                for (_, last) in self.in_effect.extract_if(.., |(first, _)| *first == of) {
                    self.undone_by.insert(last, id);
                }
                self.undone_by.insert(of, id);
                self.undone.push((of, id));
            }
            OperationKind::Redo { of } => {
                self.undone.retain(|(first, _)| *first != of);
                self.undone_by.remove(&of);
                self.in_effect.push((of, id));
            }
        }
    }

    fn record(&self, id: OperationId) -> Result<&Record, ApplyError> {
        self.records.iter().find(|record| record.id == id).ok_or(ApplyError::NoOperation { id })
    }

    /// The plan to undo: who applied it first, and the record to invert.
    fn to_undo(&self, id: Option<OperationId>) -> Result<(OperationId, &Record), ApplyError> {
        let Some(id) = id else {
            let (first, last) = *self.in_effect.last().ok_or(ApplyError::NothingToUndo)?;
            return Ok((first, self.record(last)?));
        };
        let first = match self.record(id)?.kind {
            OperationKind::Apply => id,
            OperationKind::Redo { of } => of,
            OperationKind::Undo { .. } => return Err(ApplyError::IsUndo { id }),
        };
        if let Some(by) = self.undone_by.get(&first) {
            return Err(ApplyError::AlreadyUndone { id, by: *by });
        }
        let last = self.in_effect.iter().find(|(other, _)| *other == first).map_or(first, |(_, last)| *last);
        Ok((first, self.record(last)?))
    }

    fn to_redo(&self) -> Result<(OperationId, &Record), ApplyError> {
        let (first, undo) = *self.undone.last().ok_or(ApplyError::NothingToRedo)?;
        Ok((first, self.record(undo)?))
    }
}

impl Repository {
    /// Every operation of the journal, oldest first; an unfinished one last.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] when the journal cannot be read.
    pub fn log(&self) -> Result<Vec<Operation>, ApplyError> {
        let History { records, undone_by, .. } = self.history()?;
        let state = |id| undone_by.get(id).map_or(State::Applied, |by| State::Undone { by: *by });
        let mut log: Vec<_> = records.iter().map(|record| record.operation(state(&record.id))).collect();
        log.extend(self.unfinished()?);
        Ok(log)
    }

    /// Takes back the plan that operation `id` applied, by default the last one
    /// in effect: exact bytes, exact modes, folders too. Where later work changed
    /// other lines of a file, these stay as they are now.
    ///
    /// # Errors
    ///
    /// [`ApplyError::ChangedSince`] with every path that changed since and
    /// cannot be merged;
    /// [`ApplyError::NothingToUndo`], `NoOperation`, `AlreadyUndone`, `IsUndo`;
    /// otherwise as [`Repository::apply`].
    pub fn undo(&self, _lock: &Lock, id: Option<&OperationId>) -> Result<Operation, ApplyError> {
        self.begin_afresh()?;
        let history = self.history()?;
        let (of, record) = history.to_undo(id.copied())?;
        let Inverse { prepared, .. } = self.inverse(&history.records, record)?;
        self.carry_out(OperationKind::Undo { of }, (&record.title, None), prepared)
    }

    /// Carries out again what was undone last, if no plan was applied since.
    ///
    /// # Errors
    ///
    /// [`ApplyError::NothingToRedo`]; otherwise as [`Repository::undo`].
    pub fn redo(&self, _lock: &Lock) -> Result<Operation, ApplyError> {
        self.begin_afresh()?;
        let history = self.history()?;
        let (of, record) = history.to_redo()?;
        let Inverse { prepared, .. } = self.inverse(&history.records, record)?;
        self.carry_out(OperationKind::Redo { of }, (&record.title, None), prepared)
    }

    /// What [`Repository::undo`] would do. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Repository::undo`].
    pub fn preview_undo(&self, id: Option<&OperationId>) -> Result<Preview, ApplyError> {
        self.refuse_unfinished()?;
        let history = self.history()?;
        let (_, record) = history.to_undo(id.copied())?;
        self.inverse(&history.records, record).map(Preview::of)
    }

    /// What [`Repository::redo`] would do, as [`Repository::preview_undo`] says it.
    ///
    /// # Errors
    ///
    /// As [`Repository::redo`].
    pub fn preview_redo(&self) -> Result<Preview, ApplyError> {
        self.refuse_unfinished()?;
        let history = self.history()?;
        let (_, record) = history.to_redo()?;
        self.inverse(&history.records, record).map(Preview::of)
    }

    fn history(&self) -> Result<History, ApplyError> {
        self.journal().records().map(History::of)
    }
}
