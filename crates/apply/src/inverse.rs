//! What takes an operation back, also where later work changed its files.
//!
//! A file that is as the operation left it gets its old bytes. One that changed
//! since is merged: the base is what the operation left, which is known when a
//! later operation stored it. Whatever cannot be merged is left to be refused,
//! with what is known of it. Reading only.

use std::collections::HashMap;

use repot_change::{ContentHash, RelPath};

use crate::error::{Drift, DriftKind};
use crate::later::Later;
use crate::merge::merge;
use crate::record::Record;
use crate::tree::Tree;
use crate::verify::{Expected, FolderRules, Mode, Prepared, Target, Wish, prepare};
use crate::{ApplyError, FileState, JournalEntry, OperationId, Repository};

/// What would take an operation back, checked against the tree.
#[derive(Debug)]
pub(crate) struct Inverse {
    pub(crate) prepared: Prepared,
    /// The files that keep what later work did to them, sorted by the path that
    /// they return to.
    pub(crate) merged: Vec<RelPath>,
}

/// An operation that is to be taken back, and what came after it.
struct Subject<'a> {
    repository: &'a Repository,
    record: &'a Record,
    later: Later<'a>,
    entries: HashMap<&'a RelPath, &'a JournalEntry>,
    /// For each path that a file left, the path that it went to.
    moved_to: HashMap<&'a RelPath, &'a RelPath>,
    /// For each hash, a record that stores the bytes.
    stored: HashMap<ContentHash, &'a Record>,
}

/// What becomes of a file that is not as the operation left it.
enum Merge {
    /// It cannot be merged, or need not be.
    None,
    /// It becomes `bytes`; the bytes now have the hash `now`.
    Merged { now: ContentHash, bytes: Vec<u8> },
    /// Later work changed the lines that the undo has to change.
    Refused(DriftKind),
}

impl Repository {
    /// What would take `record` back; `records` is the whole journal.
    pub(crate) fn inverse(&self, records: &[Record], record: &Record) -> Result<Inverse, ApplyError> {
        let subject = Subject::new(self, records, record);
        let mut wishes = subject.wishes()?;
        let (merged, mut refused) = subject.merge(&mut wishes)?;
        let rules = FolderRules {
            removable: Some(record.created.iter().map(|folder| folder.path.clone()).collect()),
            modes: record.removed.iter().filter_map(|f| Some((f.path.clone(), f.mode?))).collect(),
        };
        let prepared = prepare(&self.root, &wishes, &rules).map_err(|error| match error {
            ApplyError::Stale { mut files } => {
                for drift in &mut files {
                    drift.kind = refused.remove(&drift.path).unwrap_or_else(|| subject.explain(drift));
                }
                ApplyError::ChangedSince { id: record.id, files }
            }
            other => other,
        })?;
        Ok(Inverse { prepared, merged })
    }
}

impl<'a> Subject<'a> {
    fn new(repository: &'a Repository, records: &'a [Record], record: &'a Record) -> Self {
        let moves = record.files.iter().filter_map(|entry| Some((entry.moved_from.as_ref()?, &entry.path)));
        let stored = records.iter().flat_map(|record| record.objects.iter().map(move |o| (o.hash(), record)));
        Self {
            repository,
            record,
            later: Later::than(record.id, records),
            entries: record.files.iter().map(|entry| (&entry.path, entry)).collect(),
            moved_to: moves.collect(),
            stored: stored.collect(),
        }
    }

    /// What gives every path its old file, if it is as the operation left it.
    fn wishes(&self) -> Result<Vec<Wish>, ApplyError> {
        let store = self.repository.journal().store(self.record)?;
        let wish = |entry: &JournalEntry| {
            let target = entry.before.map(|before| {
                let bytes = store.get(before.hash)?.into();
                // Where the operation left the mode alone, the undo does too: it
                // may have changed since, by a checkout under another umask.
                let mode = match entry.after {
                    Some(after) if after.mode == before.mode => {
                        Mode::Kept { executable: before.executable() }
                    }
                    _ => Mode::Exact(before.mode),
                };
                Ok::<_, ApplyError>(Target { bytes, mode })
            });
            Ok(Wish {
                path: entry.path.clone(),
                expect: entry.after.map(|s| Expected { hash: s.hash, executable: Some(s.executable()) }),
                target: target.transpose()?,
                moved_from: self.moved_to.get(&entry.path).map(|path| (*path).clone()),
            })
        };
        self.record.files.iter().map(wish).collect()
    }

    /// Merges into `wishes`, which stand in the order of the record, what later
    /// work did to its files: the files that were merged, and by path what those
    /// are refused with that cannot be.
    fn merge(
        &self,
        wishes: &mut [Wish],
    ) -> Result<(Vec<RelPath>, HashMap<&'a RelPath, DriftKind>), ApplyError> {
        let tree = Tree::new(&self.repository.root, self.record.paths());
        let places: HashMap<_, _> = self.record.paths().zip(0..).collect();
        let (mut merged, mut refused) = (Vec::new(), HashMap::new());
        for (at, entry) in self.record.files.iter().enumerate() {
            let Some((path, left)) = self.left(entry) else { continue };
            let Some(target) = &mut wishes[at].target else { continue };
            match self.merge_one(&tree, (path, left), &target.bytes)? {
                Merge::None => {}
                Merge::Refused(kind) => drop(refused.insert(path, kind)),
                Merge::Merged { now, bytes } => {
                    target.bytes = bytes.into();
                    if let Some(expected) = &mut wishes[places[path]].expect {
                        expected.hash = now;
                    }
                    merged.push(entry.path.clone());
                }
            }
        }
        Ok((merged, refused))
    }

    /// Where and how the operation left the file that stood at `entry`.
    fn left(&self, entry: &'a JournalEntry) -> Option<(&'a RelPath, FileState)> {
        entry.before?;
        let stayed = entry.moved_from.is_none().then_some(&entry.path);
        let path = self.moved_to.get(&entry.path).copied().or(stayed)?;
        Some((path, self.entries.get(path)?.after?))
    }

    fn merge_one(
        &self,
        tree: &Tree<'_>,
        (path, left): (&'a RelPath, FileState),
        target: &[u8],
    ) -> Result<Merge, ApplyError> {
        // What nobody stored cannot be the base of a merge.
        if !self.stored.contains_key(&left.hash) || self.later.moved_on(path).is_some() {
            return Ok(Merge::None);
        }
        let Ok(found) = tree.read(path)? else { return Ok(Merge::None) };
        let now = found.state.hash;
        if now == left.hash {
            return Ok(Merge::None);
        }
        let Some(base) = self.bytes(left.hash)? else { return Ok(Merge::None) };
        Ok(match merge(&base, &found.bytes, target) {
            Ok(bytes) => Merge::Merged { now, bytes },
            Err(lines) if lines.is_empty() => Merge::None,
            Err(lines) => {
                let collides = |bytes: &[u8]| merge(&base, bytes, target).is_err();
                Merge::Refused(by(DriftKind::Lines(lines), self.culprit(path, now, collides)?))
            }
        })
    }

    /// The operation that made the bytes at `path` collide, which are `now`:
    /// they do so after it and did not before it. `None` when it is nobody's
    /// that can be told.
    fn culprit(
        &self,
        path: &RelPath,
        now: ContentHash,
        collides: impl Fn(&[u8]) -> bool,
    ) -> Result<Option<OperationId>, ApplyError> {
        let does = |state: Option<FileState>| match state {
            Some(state) if state.hash == now => Ok::<_, ApplyError>(Some(true)),
            Some(state) => Ok(self.bytes(state.hash)?.map(|bytes| collides(&bytes))),
            None => Ok(None),
        };
        for (id, entry) in self.later.deeds(path).iter().rev() {
            match (does(entry.before)?, does(entry.after)?) {
                (Some(false), Some(true)) => return Ok(Some(*id)),
                (Some(true), _) => {}
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The bytes with the hash `hash`, if the journal has them.
    fn bytes(&self, hash: ContentHash) -> Result<Option<Vec<u8>>, ApplyError> {
        let Some(record) = self.stored.get(&hash) else { return Ok(None) };
        self.repository.journal().store(record)?.get(hash).map(Some)
    }

    /// The kind of `drift`, with the later operation that it comes from.
    fn explain(&self, drift: &Drift) -> DriftKind {
        let kind = drift.kind.clone();
        let Some((path, entry)) = self.entries.get_key_value(&drift.path) else { return kind };
        match self.later.moved_on(path) {
            Some((to, id)) if entry.after.is_some() => by(DriftKind::MovedOn(to.clone()), Some(id)),
            _ => by(kind, self.later.changed_by(path, entry.after)),
        }
    }
}

fn by(kind: DriftKind, operation: Option<OperationId>) -> DriftKind {
    match operation {
        Some(by) => DriftKind::Later { kind: Box::new(kind), by },
        None => kind,
    }
}
